//! Having everything deleted, and what goes by itself.

use super::mock::*;
use crate::{
	Error, Event, FormerAccounts, Predecessors, WithdrawnConsents, CONSENT_LIFETIME, SUCCESSION_KEPT,
};
use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};
use hanse_primitives::{Customers as _, Quotas, DAY};
use sp_core::Pair;

#[test]
fn a_customer_has_everything_deleted_by_its_own_will() {
	run(|| {
		assert_noop!(forget(ANN), Error::<Test>::NotRegistered);
		assert_ok!(register(BANK, ANN, tag(1)));
		pass(AGE);
		assert!(Customers::may_forget(&id(ANN)));
		assert_ok!(forget(ANN));
		assert_eq!((registration(ANN), person(1, BANK)), (None, None));
		last_event(Event::CustomerForgotten { account: id(ANN) });
		assert!(!Customers::may_forget(&id(ANN)));
		assert_noop!(forget(ANN), Error::<Test>::NotRegistered);

		// So it begins anew.
		pass(1);
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_eq!(person(1, BANK).unwrap().since, now());
	});
}

#[test]
fn forgetting_is_no_way_around_the_limit() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(spend(ANN, 1));
		pass(WINDOW - 1);
		assert_noop!(forget(ANN), Error::<Test>::WindowOpen);
		assert_ok!(dismiss(BANK, ANN));
		assert_noop!(forget(ANN), Error::<Test>::WindowOpen);
		pass(1);
		assert_ok!(forget(ANN));
	});
}

#[test]
fn a_customer_is_forgotten_once_everything_has_come_back() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let window = spend(ANN, 300).unwrap();
		give_back(ANN, 299, window);
		assert_noop!(forget(ANN), Error::<Test>::WindowOpen);
		give_back(ANN, 1, window);
		assert_ok!(forget(ANN));
		assert_eq!(person(1, BANK), None);
	});
}

#[test]
fn a_customer_that_its_registrar_unregistered_is_forgotten_too() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let window = spend(ANN, 300).unwrap();
		assert_ok!(dismiss(BANK, ANN));
		assert!(!Customers::may_forget(&id(ANN)));
		assert_noop!(forget(ANN), Error::<Test>::WindowOpen);
		give_back(ANN, 300, window);
		assert!(Customers::may_forget(&id(ANN)));
		assert_ok!(forget(ANN));
		// But that it has left.
		assert_eq!(kept(), 2);
		pass_idly(2 * DAY);
		assert_eq!(kept(), 0);
	});
}

#[test]
fn a_customer_with_nothing_else_keeps_its_account_until_it_is_forgotten() {
	run(|| {
		let nobody = sp_runtime::AccountId32::from(sp_core::ed25519::Pair::from_seed(&[5; 32]).public());
		let pair = sp_core::ed25519::Pair::from_seed(&[5; 32]);
		let until = now() + 1_000;
		let consent = Customers::consent(BANK, nobody.clone(), commitment(), tag(1), false, until);
		let signature = pair.sign(&consent).into();
		let registered =
			Customers::register(by(BANK), nobody.clone(), commitment(), tag(1), false, until, signature);
		assert_ok!(registered);
		assert_ok!(Customers::unregister(by(BANK), nobody.clone()));
		assert!(System::account_exists(&nobody));
		assert_ok!(Customers::forget(RuntimeOrigin::signed(nobody.clone())));
		assert!(!System::account_exists(&nobody));
	});
}

#[test]
fn a_puppet_under_the_tag_keeps_nobody_from_being_forgotten() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		// At another institution.
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_ok!(spend(BEN, LIMIT));
		// In its own place, once it was sent away.
		assert_ok!(dismiss(BANK, ANN));
		assert_ok!(register(BANK, CAT, tag(1)));
		assert_ok!(spend(CAT, LIMIT));
		assert_ok!(forget(ANN));
		assert_eq!((registration(ANN), FormerAccounts::<Test>::iter_prefix(id(ANN)).count()), (None, 0));
		// The puppet is still over its limit.
		assert_noop!(spend(CAT, 1), Error::<Test>::OverLimit);
	});
}

#[test]
fn two_institutions_that_send_a_customer_away_in_turns_keep_nothing_from_it() {
	run(|| {
		let mut windows = Vec::new();
		for (institution, n) in [(BANK, 1), (SHOP, 1), (BANK, 1), (SHOP, 1), (CAFE, 2)] {
			assert_ok!(register(institution, ANN, tag(n)));
			windows.push(spend(ANN, 100).unwrap());
			assert_ok!(dismiss(institution, ANN));
			pass(1);
		}
		let spent = |n, voucher| person(n, voucher).unwrap().spent;
		assert_eq!((spent(1, BANK), spent(1, SHOP), spent(2, CAFE)), (200, 200, 100));
		assert_noop!(forget(ANN), Error::<Test>::WindowOpen);
		windows.into_iter().for_each(|window| give_back(ANN, 100, window));
		assert_ok!(forget(ANN));
		// But that it has left.
		assert_eq!(kept(), 2);
		pass_idly(2 * DAY);
		assert_eq!(kept(), 0);
	});
}

#[test]
fn leaving_and_coming_back_is_no_way_to_a_second_limit_at_an_institution() {
	run(|| {
		let (mut key, mut spent) = (ANN, 0);
		assert_ok!(register(BANK, key, tag(1)));
		for next in [BEN, CAT, ANN] {
			while spend(key, 60).is_ok() {
				spent += 60;
			}
			assert_ok!(unregister(key));
			pass(1);
			assert_ok!(register(BANK, next, tag(1)));
			key = next;
		}
		assert_eq!(spent, LIMIT - LIMIT % 60);
	});
}

#[test]
fn what_others_of_the_person_need_stays_with_them() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_ok!(join(BEN, ANN));
		assert_ok!(spend(ANN, 100));
		// Of its own account, before it joined, it can have deleted what is remembered.
		assert_ok!(forget(ANN));
		assert_eq!(left(BEN), (LIMIT - 100, 1));
		assert_noop!(forget(BEN), Error::<Test>::WindowOpen);
		pass(WINDOW);
		assert_ok!(forget(BEN));
		assert_eq!((person(1, BANK), person(1, SHOP)), (None, None));
	});
}

#[test]
fn what_a_customer_signed_before_it_left_is_void() {
	run(|| {
		let (until, opted_out) = (now() + CONSENT_LIFETIME, now() + 10);
		let old = |institution| {
			let signature = sign(ANN, institution, tag(1), true, until);
			Customers::register(by(institution), id(ANN), commitment(), tag(1), true, until, signature)
		};
		assert_ok!(old(BANK));
		pass(10);
		assert_ok!(forget(ANN));
		for _ in 0..2 {
			for institution in [BANK, SHOP] {
				assert_noop!(old(institution), Error::<Test>::ConsentWithdrawn);
			}
			pass(CONSENT_LIFETIME - 11);
		}
		// A new one, good for a full hour, is another thing.
		Timestamp::set_timestamp(opted_out + 1);
		assert_ok!(register(BANK, ANN, tag(1)));
		// The registrar's own mistake is no withdrawal.
		assert_ok!(dismiss(BANK, ANN));
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(unregister(ANN));
		assert_noop!(register(BANK, ANN, tag(1)), Error::<Test>::ConsentWithdrawn);
	});
}

#[test]
fn a_withdrawal_outlives_every_consent_before_it() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(unregister(ANN));
		assert_eq!(WithdrawnConsents::<Test>::get(id(ANN)), Some(START + CONSENT_LIFETIME));
		pass_idly(CONSENT_LIFETIME);
		// It may be there for some hours more, when it changes nothing.
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(dismiss(BANK, ANN));
		pass_idly(DAY);
		assert_eq!(WithdrawnConsents::<Test>::get(id(ANN)), None);
	});
}

#[test]
fn registrations_leave_nothing_behind_for_ever() {
	run(|| {
		for (n, key) in (1..).zip(PEOPLE) {
			assert_ok!(register(BANK, key, tag(n)));
			assert_ok!(spend(key, LIMIT));
		}
		for key in [ANN, CAT, DAN] {
			assert_ok!(dismiss(BANK, key));
		}
		for key in [BEN, EVA] {
			assert_ok!(unregister(key));
		}
		assert_eq!(kept(), 5 * 3 + 2 * 2);
		pass_idly(2 * DAY);
		assert_eq!(kept(), 0);
	});
}

#[test]
fn an_account_that_came_back_is_not_swept_with_what_it_left() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(dismiss(BANK, ANN));
		pass(1);
		assert_ok!(register(BANK, ANN, tag(1)));
		pass_idly(2 * DAY);
		assert_eq!((left(ANN), person(1, BANK).unwrap().since), ((LIMIT, 1), START));
		assert_eq!(crate::RetentionQueue::<Test>::iter_keys().count(), 0);
		// Who left later is remembered for longer.
		assert_ok!(dismiss(BANK, ANN));
		pass(DAY - now() % DAY - WINDOW - 1);
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(dismiss(BANK, ANN));
		pass_idly(WINDOW);
		assert!(person(1, BANK).is_some());
		pass_idly(1);
		assert_eq!(kept(), 0);
	});
}

#[test]
fn a_memory_waits_for_the_window_that_another_account_of_the_person_began() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(dismiss(BANK, ANN));
		pass(DAY - now() % DAY - 10);
		assert_ok!(register(BANK, BEN, tag(1)));
		assert_ok!(spend(BEN, LIMIT));
		assert_ok!(forget(BEN));
		// Of Ann something is remembered as long as the puppet's window runs, and not longer.
		pass_idly(WINDOW - 1);
		assert_ok!(register(BANK, CAT, tag(1)));
		assert_noop!(spend(CAT, 1), Error::<Test>::OverLimit);
		assert_ok!(dismiss(BANK, CAT));
		pass_idly(2 * DAY);
		assert_eq!(kept(), 0);
	});
}

#[test]
fn what_is_over_goes_in_bounded_pieces() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		for n in 2..80 {
			crate::FormerAccounts::<Test>::insert(
				id(ANN),
				crate::PersonId { tag: tag(n), voucher: BANK },
				now(),
			);
			let id = crate::PersonId { tag: tag(n), voucher: BANK };
			crate::Persons::<Test>::insert(id, crate::Person { former: 1, ..crate::Person::new(now()) });
			let leftover = crate::RetainedItem::FormerAccounts(super::mock::id(ANN), id);
			crate::RetentionQueue::<Test>::insert(Customers::day_after(now()), leftover, ());
			System::inc_sufficients(&super::mock::id(ANN));
		}
		pass(DAY);
		let left = || FormerAccounts::<Test>::iter_prefix(id(ANN)).count();
		Customers::on_idle(1, Weight::zero());
		assert_eq!(left(), 78);
		Customers::on_idle(1, Weight::MAX);
		assert_eq!(left(), 78 - 32);
		pass_idly(0);
		assert_eq!(left(), 0);
	});
}

#[test]
fn the_way_from_a_lost_account_is_kept_until_nothing_can_arrive_and_the_successor_ends_it() {
	run(|| {
		lose_key();
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_ok!(dismiss(BANK, BEN));
		pass_idly(2 * DAY);
		assert_noop!(forget(BEN), Error::<Test>::NotRegistered);
		pass(SUCCESSION_KEPT - 2 * DAY - 1);
		assert_ok!(complete(ANN));
		assert_noop!(forget(BEN), Error::<Test>::NotRegistered);
		pass(1);
		assert_eq!(Customers::current_account(&id(ANN)), id(BEN));
		// The lost key ends nothing.
		assert_noop!(forget(ANN), Error::<Test>::NotRegistered);
		assert_ok!(forget(BEN));
		assert_eq!((successor(ANN), Predecessors::<Test>::get(id(BEN))), (None, None));
		pass_idly(2 * DAY);
		assert_eq!(kept(), 0);
	});
}
