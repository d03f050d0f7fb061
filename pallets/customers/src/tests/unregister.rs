use super::mock::*;
use crate::{AccountOf, Cancellation, Error, Event, Person};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{MemberStatus, Quotas, SuspensionCause};

#[test]
fn the_account_itself_and_its_registrar_unregister_it() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(unregister(ANN));
		assert_eq!((registration(ANN), Customers::quota(&id(ANN))), (None, None));
		assert_eq!(AccountOf::<Test>::get(tag(1), BANK), None);
		last_event(Event::CustomerUnregistered { account: id(ANN), institution: BANK });

		pass(1);
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(Institutions::suspend(BANK, SuspensionCause::Conduct));
		assert_ok!(Customers::unregister(by(BANK), id(ANN)));
		assert_eq!(registration(ANN), None);
	});
}

#[test]
fn nobody_else_unregisters_an_account() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		for other in [member(SHOP), BEN] {
			let result = Customers::unregister(signed(other), id(ANN));
			assert_noop!(result, Error::<Test>::NotRegistrar);
		}
		assert_noop!(unregister(BEN), Error::<Test>::NotRegistered);
	});
}

#[test]
fn what_counts_for_a_person_survives_unregistering() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		pass(10);
		assert_ok!(spend(ANN, 100));
		Customers::use_quota(&id(ANN), 2);
		let before = person(1, BANK).unwrap();
		assert_ok!(unregister(ANN));
		assert_eq!(person(1, BANK), Some(Person { accounts: 0, former: 1, ..before }));

		// By whatever account it comes back.
		pass(10);
		assert_ok!(register(BANK, BEN, tag(1)));
		assert_eq!(person(1, BANK), Some(Person { former: 1, ..before }));
		assert_noop!(spend(BEN, LIMIT - 99), Error::<Test>::OverLimit);
		assert_ok!(dismiss(BANK, BEN));
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_eq!(person(1, BANK), Some(Person { former: 1, ..before }));
		assert_ok!(spend(ANN, LIMIT - 100));
	});
}

#[test]
fn unregistering_by_the_account_cancels_its_recovery() {
	run(|| {
		lose_key();
		assert_ok!(unregister(ANN));
		assert_eq!((recovery(ANN), at_stake(BANK)), (None, (0, 0)));
		let cause = Cancellation::Unregistered;
		let event = Event::RecoveryCancelled { old: id(ANN), institution: BANK, cause };
		System::assert_has_event(event.into());
	});
}

#[test]
fn the_registrar_cannot_unregister_while_it_recovers() {
	run(|| {
		lose_key();
		let by_registrar = || Customers::unregister(by(BANK), id(ANN));
		assert_noop!(by_registrar(), Error::<Test>::RecoveryOpen);
		// The old key has cancelled it.
		signs(ANN);
		assert_ok!(by_registrar());
		assert_eq!((recovery(ANN), at_stake(BANK)), (None, (0, 0)));
	});
}
