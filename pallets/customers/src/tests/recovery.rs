//! Completing a recovery, and what comes after.

use super::mock::*;
use crate::{AccountOf, Error, Event, Registration};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{
	Customers as _, MemberStatus, PendingClaims, Quotas, SuspensionCause, MAX_SUCCESSIONS,
};
use pallet_institutions::Status;
use sp_keyring::Sr25519Keyring;

/// Ann holds 10 of each of 20 vintages and loses her key; the recovery to Ben's account is due.
fn lose_much() {
	assert_ok!(register(BANK, ANN, tag(1)));
	for vintage in 1..=20 {
		hold(ANN, vintage, 10);
	}
	assert_ok!(recover(BANK, ANN, BEN, 1..=16));
	assert_ok!(recover(BANK, ANN, BEN, 17..=20));
	pass(DELAY);
}

#[test]
fn anybody_completes_a_recovery_after_the_delay() {
	run(|| {
		lose_key();
		assert_ok!(spend(ANN, 100));
		let person_before = person(1, BANK);
		let before = registration(ANN).unwrap();
		pass(DELAY - 1);
		assert_noop!(complete(ANN), Error::<Test>::TooEarly);
		pass(1);
		assert_ok!(complete(ANN));
		assert_eq!(Followed::get(), [(id(ANN), id(BEN))]);
		let moved = Event::HoldingsMoved { old: id(ANN), new: id(BEN), vintages: 2, value: 500 };
		System::assert_has_event(moved.into());
		last_event(Event::Recovered { old: id(ANN), new: id(BEN), worth: 500 });
		assert_eq!((held(ANN), held(BEN)), (vec![], vec![(1, 300), (2, 200)]));

		// The registration moved, less the consent to recover; nothing changed for the person.
		let after = Registration { may_recover: false, ..before };
		assert_eq!((registration(ANN), registration(BEN)), (None, Some(after)));
		assert_eq!(AccountOf::<Test>::get(tag(1), BANK), Some(id(BEN)));
		assert_eq!(person(1, BANK), person_before);
		assert_eq!(successor(ANN), Some(id(BEN)));
		assert_noop!(spend(ANN, 1), Error::<Test>::NotRegistered);
		assert_noop!(spend(BEN, LIMIT - 99), Error::<Test>::OverLimit);
		assert_ok!(spend(BEN, LIMIT - 100));
	});
}

#[test]
fn nothing_is_completed_that_was_not_begun() {
	run(|| {
		assert_noop!(complete(ANN), Error::<Test>::NoRecovery);
	});
}

#[test]
fn what_moved_counts_for_one_more_delay() {
	run(|| {
		lose_key();
		pass(DELAY + 5);
		assert_ok!(complete(ANN));
		pass(DELAY - 1);
		assert_noop!(complete(ANN), Error::<Test>::TooEarly);
		assert_eq!(at_stake(BANK), (1, 500));
		pass(1);
		assert_ok!(complete(ANN));
		last_event(Event::RecoveryEnded { old: id(ANN), institution: BANK });
		assert_eq!((recovery(ANN), at_stake(BANK), successor(ANN)), (None, (0, 0), Some(id(BEN))));
	});
}

#[test]
fn vintages_move_in_pieces_of_sixteen() {
	run(|| {
		lose_much();
		assert_ok!(complete(ANN));
		last_event(Event::HoldingsMoved { old: id(ANN), new: id(BEN), vintages: 16, value: 160 });
		assert_eq!((held(ANN).len(), held(BEN).len(), at_stake(BANK)), (4, 16, (1, 200)));
		pass(1);
		assert_ok!(complete(ANN));
		last_event(Event::Recovered { old: id(ANN), new: id(BEN), worth: 200 });
		assert_eq!((held(ANN).len(), held(BEN).len()), (0, 20));
		assert_eq!(recovery(ANN).unwrap().ends, START + DELAY + 1 + DELAY);
		assert_noop!(complete(ANN), Error::<Test>::TooEarly);
	});
}

#[test]
fn after_the_first_piece_the_old_key_cancels_nothing_any_more() {
	run(|| {
		lose_much();
		assert_ok!(complete(ANN));
		signs(ANN);
		assert_noop!(Customers::object_to_recovery(signed(ANN)), Error::<Test>::NoRecovery);
		assert_noop!(Customers::withdraw_recovery(by(BANK), id(ANN)), Error::<Test>::NoRecovery);
		assert_noop!(unregister(ANN), Error::<Test>::NotRegistered);
		// It can only be faster: what it takes away itself is not there to move.
		Held::remove(id(ANN), 20);
		assert_ok!(complete(ANN));
		last_event(Event::Recovered { old: id(ANN), new: id(BEN), worth: 190 });
		assert_eq!((held(ANN).len(), held(BEN).len(), at_stake(BANK)), (0, 19, (1, 190)));
	});
}

#[test]
fn the_old_account_may_be_gone_after_the_first_piece() {
	run(|| {
		lose_much();
		assert_ok!(complete(ANN));
		frame_system::Account::<Test>::remove(id(ANN));
		assert_ok!(complete(ANN));
		assert_eq!(held(BEN).len(), 20);
	});
}

#[test]
fn nothing_is_added_after_the_first_piece() {
	run(|| {
		lose_much();
		assert_ok!(complete(ANN));
		assert_noop!(recover(BANK, ANN, BEN, [21]), Error::<Test>::NotRegistered);
	});
}

#[test]
fn a_value_that_grew_meanwhile_must_still_fit_under_the_bond() {
	run(|| {
		lose_key();
		assert_ok!(register(BANK, CAT, tag(2)));
		hold(CAT, 1, BOND - 500);
		assert_ok!(recover(BANK, CAT, DAN, [1]));
		hold(ANN, 1, 301);
		pass(DELAY);
		assert_noop!(complete(ANN), Error::<Test>::OverBond);
		assert_ok!(Institutions::top_up_bond(by(BANK), 1));
		assert_ok!(complete(ANN));
		assert_eq!(at_stake(BANK), (2, BOND + 1));
		assert_ok!(complete(CAT));
	});
}

#[test]
fn a_value_that_shrank_makes_room() {
	run(|| {
		lose_key();
		hold(ANN, 1, 100);
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_eq!((claims(ANN), at_stake(BANK)), (vec![(1, 100), (2, 200)], (1, 300)));
	});
}

#[test]
fn a_vintage_that_cannot_move_fails_the_piece_and_nothing_else_is_lost() {
	run(|| {
		lose_key();
		hold(ANN, HALTED, 7);
		assert_ok!(recover(BANK, ANN, BEN, [HALTED]));
		pass(DELAY);
		assert_noop!(complete(ANN), sp_runtime::DispatchError::Other("Halted"));
		// One that is empty or expired meanwhile does not hold up the rest.
		hold(ANN, HALTED, 0);
		assert_ok!(complete(ANN));
		assert_eq!(held(BEN), [(1, 300), (2, 200)]);
	});
}

#[test]
fn a_recovery_that_stops_half_way_is_over_in_the_end() {
	run(|| {
		lose_much();
		assert_ok!(complete(ANN));
		hold(ANN, 20, BOND);
		assert_noop!(complete(ANN), Error::<Test>::OverBond);
		pass(DELAY);
		assert_ok!(complete(ANN));
		last_event(Event::RecoveryEnded { old: id(ANN), institution: BANK });
		assert_eq!((held(ANN).len(), at_stake(BANK)), (4, (0, 0)));
	});
}

#[test]
fn a_registration_without_points_is_recovered_too() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(recover(BANK, ANN, BEN, []));
		pass(DELAY);
		assert_ok!(complete(ANN));
		last_event(Event::Recovered { old: id(ANN), new: id(BEN), worth: 0 });
		assert!(registration(BEN).is_some());
		assert_eq!(at_stake(BANK), (1, 0));
	});
}

#[test]
fn the_new_account_has_not_agreed_to_be_recovered() {
	run(|| {
		lose_key();
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_noop!(recover(BANK, BEN, CAT, [1]), Error::<Test>::NoConsent);
		assert_ok!(Customers::unregister(by(BANK), id(BEN)));
		assert_ok!(register(BANK, BEN, tag(1)));
		assert_ok!(recover(BANK, BEN, CAT, [1]));
	});
}

#[test]
fn each_account_names_the_next_one_after_it() {
	run(|| {
		lose_key();
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_ok!(dismiss(BANK, BEN));
		assert_ok!(register(BANK, BEN, tag(1)));
		assert_ok!(recover(BANK, BEN, CAT, [1, 2]));
		assert_noop!(recover(BANK, BEN, ANN, [1]), Error::<Test>::Recovered);
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_ok!(complete(BEN));
		assert_eq!((successor(ANN), successor(BEN), successor(CAT)), (Some(id(BEN)), Some(id(CAT)), None));
		assert_eq!((held(CAT), at_stake(BANK)), (vec![(1, 300), (2, 200)], (1, 500)));
	});
}

#[test]
fn what_was_begun_is_completed_while_the_institution_is_suspended() {
	run(|| {
		lose_key();
		assert_ok!(Institutions::suspend(BANK, SuspensionCause::Conduct));
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert!(registration(BEN).is_some());
	});
}

#[test]
fn a_bond_is_not_released_while_a_recovery_is_open_or_recent() {
	run(|| {
		let close = || Institutions::close(by(CAFE), BANK);
		lose_key();
		assert_ok!(Institutions::leave(by(BANK)));
		pass(DELAY);
		assert_noop!(close(), Error::<Test>::RecoveryOpen);
		assert_ok!(complete(ANN));
		pass(DELAY);
		assert_noop!(close(), Error::<Test>::RecoveryOpen);
		assert_ok!(Customers::ensure_none(SHOP));
		assert_ok!(complete(ANN));
		assert_ok!(close());
		let bank = pallet_institutions::Institutions::<Test>::get(BANK).unwrap();
		assert_eq!(bank.status, Status::Left);
		// Its customers stay what they are until they unregister.
		assert_ok!(spend(BEN, LIMIT));
		assert_ok!(unregister(BEN));
	});
}

#[test]
fn a_recovery_that_can_never_move_keeps_no_member() {
	run(|| {
		lose_key();
		assert_ok!(Institutions::expel(RuntimeOrigin::root(), BANK));
		hold(ANN, 1, 10 * BOND);
		pass(DELAY);
		assert_noop!(complete(ANN), Error::<Test>::OverBond);
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_ok!(Institutions::close(by(CAFE), BANK));
	});
}

#[test]
fn what_the_lost_account_spent_comes_back_to_its_successor() {
	run(|| {
		lose_key();
		let window = spend(ANN, 400).unwrap();
		Customers::use_quota(&id(ANN), 2);
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_eq!((left(BEN), Customers::has_quota(&id(BEN), QUOTA - 1)), ((LIMIT - 400, 1), Some(false)));
		give_back(ANN, 300, window);
		assert_eq!(left(BEN), (LIMIT - 100, 1));
		give_back(BEN, 100, window);
		assert_eq!(left(BEN), (LIMIT, 1));
	});
}

#[test]
fn a_former_customer_under_the_tag_can_be_the_successor() {
	run(|| {
		assert_ok!(register(BANK, BEN, tag(1)));
		assert_ok!(spend(BEN, 100));
		assert_ok!(dismiss(BANK, BEN));
		lose_key();
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_eq!(left(BEN), (LIMIT - 100, 1));
		assert_ok!(dismiss(BANK, BEN));
		assert_eq!(person(1, BANK).map(|person| (person.accounts, person.former)), Some((0, 1)));
	});
}

#[test]
fn an_account_takes_the_place_of_one_other() {
	run(|| {
		lose_key();
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_ok!(dismiss(BANK, BEN));
		assert_ok!(register(SHOP, CAT, tag(2)));
		assert_noop!(recover(SHOP, CAT, BEN, []), Error::<Test>::AlreadySuccessor);
	});
}

#[test]
fn a_line_of_lost_accounts_is_never_too_long_to_be_followed() {
	run(|| {
		// Any keys; what counts is how many.
		let keys: Vec<_> = Sr25519Keyring::iter().skip(3).take(2 + MAX_SUCCESSIONS as usize).collect();
		assert_ok!(register(BANK, keys[0], tag(1)));
		for pair in keys.windows(2).take(MAX_SUCCESSIONS as usize) {
			assert_ok!(recover(BANK, pair[0], pair[1], []));
			pass(DELAY);
			assert_ok!(complete(pair[0]));
			assert_ok!(dismiss(BANK, pair[1]));
			assert_ok!(register(BANK, pair[1], tag(1)));
			assert_eq!(Customers::current_account(&id(keys[0])), id(pair[1]));
		}
		let [.., last, other] = keys[..] else { unreachable!() };
		assert_noop!(recover(BANK, last, other, []), Error::<Test>::MaxSuccessionsExceeded);
	});
}
