//! Opening a recovery, and what gives it up.

use super::mock::*;
use crate::{Cancellation, Error, Event, MAX_PIECE, MAX_VINTAGES};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Balance, Customers as _, MemberStatus, SuspensionCause};
use sp_runtime::{DispatchError, MultiSignature};

fn cancelled(cause: Cancellation) -> crate::Event<Test> {
	Event::RecoveryCancelled { old: id(ANN), institution: BANK, cause }
}

#[test]
fn the_registrar_opens_a_recovery() {
	run(|| {
		lose_key();
		let opened = recovery(ANN).unwrap();
		assert_eq!((opened.institution, &opened.new, opened.moved), (BANK, &id(BEN), None));
		assert_eq!((opened.due, opened.ends), (START + DELAY, START + 2 * DELAY));
		assert_eq!(claims(ANN), [(1, 300), (2, 200)]);
		assert_eq!((opened.worth(), at_stake(BANK)), (Ok(500), (1, 500)));
		let due = START + DELAY;
		last_event(Event::RecoveryOpened { old: id(ANN), new: id(BEN), institution: BANK, due, worth: 500 });
	});
}

#[test]
fn vintages_are_added_to_an_open_recovery() {
	run(|| {
		lose_key();
		hold(ANN, 3, 40);
		pass(1);
		assert_ok!(recover(BANK, ANN, BEN, [3, 4]));
		last_event(Event::RecoveryExtended { old: id(ANN), vintages: 2, worth: 540 });
		assert_eq!(claims(ANN), [(1, 300), (2, 200), (3, 40), (4, 0)]);
		assert_eq!((recovery(ANN).unwrap().due, at_stake(BANK)), (START + DELAY, (1, 540)));
	});
}

#[test]
fn no_vintage_is_named_twice() {
	run(|| {
		lose_key();
		assert_noop!(recover(BANK, ANN, BEN, [2]), Error::<Test>::DuplicateVintage);
		assert_noop!(recover(BANK, ANN, BEN, [3, 3]), Error::<Test>::DuplicateVintage);
	});
}

#[test]
fn a_recovery_names_128_vintages_at_most() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		for first in (0..MAX_VINTAGES).step_by(MAX_PIECE as usize) {
			assert_ok!(recover(BANK, ANN, BEN, first..first + MAX_PIECE));
		}
		assert_noop!(recover(BANK, ANN, BEN, [MAX_VINTAGES]), Error::<Test>::MaxVintagesExceeded);
	});
}

#[test]
fn only_the_active_registrar_with_consent_recovers() {
	run(|| {
		assert_noop!(recover(BANK, ANN, BEN, [1]), Error::<Test>::NotRegistered);
		assert_ok!(register_with(BANK, ANN, tag(1), false));
		assert_noop!(recover(BANK, ANN, BEN, [1]), Error::<Test>::NoConsent);
		assert_ok!(register(BANK, CAT, tag(2)));
		assert_noop!(recover(SHOP, CAT, BEN, [1]), Error::<Test>::NotRegistrar);
		let nothing = MultiSignature::Sr25519([0; 64].into());
		let stranger =
			Customers::open_recovery(signed(BEN), id(CAT), id(BEN), Default::default(), now() + 1, nothing);
		assert_noop!(stranger, DispatchError::BadOrigin);
		assert_ok!(Institutions::suspend(BANK, SuspensionCause::Conduct));
		assert_noop!(recover(BANK, CAT, BEN, [1]), pallet_institutions::Error::<Test>::NotActive);
	});
}

#[test]
fn the_new_account_is_another_one_and_nobodys() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(register(SHOP, BEN, tag(1)));
		for taken in [ANN, BEN] {
			assert_noop!(recover(BANK, ANN, taken, [1]), Error::<Test>::AlreadyRegistered);
		}
		assert_ok!(register(BANK, CAT, tag(2)));
		assert_ok!(recover(BANK, CAT, DAN, []));
		pass(DELAY);
		assert_ok!(complete(CAT));
		assert_noop!(recover(BANK, ANN, CAT, [1]), Error::<Test>::Recovered);
	});
}

#[test]
fn recoveries_are_together_never_worth_more_than_the_bond() {
	run(|| {
		lose_key();
		assert_ok!(register(BANK, CAT, tag(2)));
		hold(CAT, 1, BOND - 499);
		assert_noop!(recover(BANK, CAT, DAN, [1]), Error::<Test>::OverBond);
		hold(CAT, 1, BOND - 500);
		assert_ok!(recover(BANK, CAT, DAN, [1]));
		assert_eq!(at_stake(BANK), (2, BOND));
		hold(CAT, 2, 1);
		assert_noop!(recover(BANK, CAT, DAN, [2]), Error::<Test>::OverBond);
		hold(CAT, 3, Balance::MAX);
		assert_noop!(recover(BANK, CAT, DAN, [3]), sp_runtime::ArithmeticError::Overflow);

		// A larger bond covers more, and each institution has its own.
		assert_ok!(Institutions::top_up_bond(by(BANK), 1));
		assert_ok!(recover(BANK, CAT, DAN, [2]));
		assert_ok!(register(SHOP, EVA, tag(3)));
		hold(EVA, 1, BOND);
		assert_ok!(recover(SHOP, EVA, DAN, [1]));
		// What is given up counts no more.
		assert_ok!(Customers::object_to_recovery(signed(ANN)));
		assert_eq!((at_stake(BANK), at_stake(SHOP)), ((1, BOND - 499), (1, BOND)));
	});
}

#[test]
fn an_open_recovery_to_another_account_must_be_withdrawn_first() {
	run(|| {
		lose_key();
		assert_noop!(recover(BANK, ANN, CAT, [1]), Error::<Test>::RecoveryOpen);
		assert_noop!(Customers::withdraw_recovery(by(SHOP), id(ANN)), Error::<Test>::NotRegistrar);
		assert_noop!(Customers::withdraw_recovery(signed(CAT), id(ANN)), DispatchError::BadOrigin);
		assert_ok!(Institutions::suspend(BANK, SuspensionCause::Conduct));
		assert_ok!(Customers::withdraw_recovery(by(BANK), id(ANN)));
		last_event(cancelled(Cancellation::WithdrawnConsents));
		assert_eq!((recovery(ANN), at_stake(BANK)), (None, (0, 0)));
		assert_noop!(Customers::withdraw_recovery(by(BANK), id(ANN)), Error::<Test>::NoRecovery);
		assert_ok!(Institutions::reinstate(BANK, SuspensionCause::Conduct));
		assert_ok!(recover(BANK, ANN, CAT, [1]));
	});
}

#[test]
fn a_recovery_that_the_old_key_cancelled_gives_way_and_waits_anew() {
	run(|| {
		lose_key();
		pass(DELAY);
		signs(ANN);
		assert_ok!(recover(BANK, ANN, CAT, [2]));
		System::assert_has_event(cancelled(Cancellation::Signed).into());
		let fresh = recovery(ANN).unwrap();
		assert_eq!((fresh.new, fresh.due, fresh.nonce), (id(CAT), START + 2 * DELAY, 1));
		assert_eq!((claims(ANN), at_stake(BANK)), (vec![(2, 200)], (1, 200)));
		assert_noop!(complete(ANN), Error::<Test>::TooEarly);
	});
}

#[test]
fn the_old_key_cancels_by_signing_anything() {
	run(|| {
		lose_key();
		pass(DELAY - 1);
		signs(ANN);
		assert_noop!(complete(ANN), Error::<Test>::TooEarly);
		pass(1);
		assert_ok!(complete(ANN));
		last_event(cancelled(Cancellation::Signed));
		assert_eq!((recovery(ANN), at_stake(BANK), successor(ANN)), (None, (0, 0), None));
		assert_eq!((held(ANN), held(BEN)), (vec![(1, 300), (2, 200)], vec![]));
		assert!(registration(ANN).is_some() && registration(BEN).is_none());
		assert_noop!(complete(ANN), Error::<Test>::NoRecovery);
	});
}

#[test]
fn the_old_account_objects() {
	run(|| {
		assert_noop!(Customers::object_to_recovery(signed(ANN)), Error::<Test>::NoRecovery);
		lose_key();
		assert_noop!(Customers::object_to_recovery(signed(BEN)), Error::<Test>::NoRecovery);
		pass(DELAY);
		// As it is on a chain: the objection's own signature changes the nonce.
		signs(ANN);
		assert_ok!(Customers::object_to_recovery(signed(ANN)));
		last_event(cancelled(Cancellation::Objected));
		assert_eq!((recovery(ANN), at_stake(BANK)), (None, (0, 0)));
		assert_noop!(complete(ANN), Error::<Test>::NoRecovery);
	});
}

#[test]
fn a_new_account_that_got_registered_gives_the_recovery_up() {
	run(|| {
		lose_key();
		assert_ok!(register(SHOP, BEN, tag(1)));
		pass(DELAY);
		assert_ok!(complete(ANN));
		last_event(cancelled(Cancellation::NewRegistered));
		assert_eq!((recovery(ANN), at_stake(BANK), held(ANN).len()), (None, (0, 0), 2));
	});
}

#[test]
fn a_recovery_that_nobody_completes_lapses_one_delay_after_it_was_due() {
	run(|| {
		lose_key();
		pass(2 * DELAY);
		assert_ok!(complete(ANN));
		last_event(cancelled(Cancellation::Lapsed));
		assert_eq!((recovery(ANN), at_stake(BANK), held(ANN).len()), (None, (0, 0), 2));

		assert_ok!(recover(BANK, ANN, BEN, [1]));
		pass(2 * DELAY);
		assert_ok!(recover(BANK, ANN, CAT, [1]));
		System::assert_has_event(cancelled(Cancellation::Lapsed).into());
		assert_eq!(recovery(ANN).unwrap().due, now() + DELAY);
	});
}

#[test]
fn nobody_gets_what_a_lost_account_had_without_accepting_it() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let until = now() + 1_000;
		let recover_by = |signature: MultiSignature| {
			Customers::open_recovery(by(BANK), id(ANN), id(BEN), Default::default(), until, signature)
		};
		let acceptance =
			|institution, old, new, until| Customers::acceptance(institution, id(old), id(new), until);
		for (signer, wrong) in [
			(ANN, acceptance(BANK, ANN, BEN, until)),
			(member(BANK), acceptance(BANK, ANN, BEN, until)),
			(BEN, acceptance(SHOP, ANN, BEN, until)),
			(BEN, acceptance(BANK, CAT, BEN, until)),
			(BEN, acceptance(BANK, ANN, CAT, until)),
			(BEN, acceptance(BANK, ANN, BEN, until + 1)),
			(BEN, Customers::consent(BANK, id(BEN), commitment(), tag(1), true, until)),
		] {
			assert_noop!(recover_by(signer.sign(&wrong).into()), Error::<Test>::BadSignature);
		}
		let signature = || BEN.sign(&acceptance(BANK, ANN, BEN, until)).into();
		pass(1_000);
		assert_noop!(recover_by(signature()), Error::<Test>::ConsentExpired);
		Timestamp::set_timestamp(START);
		assert_ok!(recover_by(signature()));
	});
}

#[test]
fn whatever_else_the_old_key_signed_cancels_too() {
	run(|| {
		assert!(!Customers::note_signature(&id(ANN)));
		lose_key();
		assert!(!Customers::note_signature(&id(BEN)));
		assert!(recovery(ANN).is_some());
		assert!(Customers::note_signature(&id(ANN)));
		last_event(cancelled(Cancellation::Signed));
		assert_eq!((recovery(ANN), at_stake(BANK)), (None, (0, 0)));

		// Once it has moved, nothing does.
		assert_ok!(recover(BANK, ANN, BEN, [1]));
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert!(!Customers::note_signature(&id(ANN)));
		assert_eq!((successor(ANN), at_stake(BANK).0), (Some(id(BEN)), 1));
	});
}

#[test]
fn a_chain_that_stands_still_takes_nobodys_time_to_object() {
	run(|| {
		lose_key();
		pass(DELAY - 1);
		// Nobody can object for longer than a recovery could be open.
		pass(3 * DELAY);
		Stood::set(3 * DELAY);
		assert_noop!(complete(ANN), Error::<Test>::TooEarly);
		assert_ok!(Customers::object_to_recovery(signed(ANN)));
		// What is opened later says when it is due.
		assert_ok!(recover(BANK, ANN, BEN, [1, 2]));
		let due = now() + DELAY;
		last_event(Event::RecoveryOpened { old: id(ANN), new: id(BEN), institution: BANK, due, worth: 500 });
		pass(DELAY);
		assert_ok!(complete(ANN));
		assert_eq!(held(BEN), [(1, 300), (2, 200)]);
	});
}
