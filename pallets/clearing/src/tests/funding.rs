use super::mock::*;
use crate::{Appointed, Defunds, Error, Event, HoldReason, Issued, Witness};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use hanse_primitives::{Balance, Clearing as _};
use sp_core::H256;
use sp_runtime::DispatchError;

fn agent() -> RuntimeOrigin {
	RuntimeOrigin::signed(AGENT)
}

fn auditor() -> RuntimeOrigin {
	RuntimeOrigin::signed(AUDITOR)
}

fn reference(n: u8) -> H256 {
	H256::repeat_byte(n)
}

fn fund(n: u8, amount: Balance) {
	assert_ok!(Clearing::fund(agent(), 1, amount, reference(n)));
	assert_ok!(Clearing::confirm(auditor(), reference(n)));
}

fn attest(total: Balance) {
	assert_ok!(Clearing::attest_deposits(agent(), total));
	assert_ok!(Clearing::attest_deposits(auditor(), total));
}

/// The notice of what was announced passes.
fn take_effect() {
	use sp_runtime::traits::Dispatchable;
	for call in Announced::take() {
		let _ = frame_support::storage::with_storage_layer(|| call.dispatch(RuntimeOrigin::root()));
	}
}

fn run(test: impl FnOnce()) {
	genesis().execute_with(|| {
		test();
		Clearing::do_try_state().unwrap();
	});
}

#[test]
fn a_deposit_that_both_confirm_becomes_settlement_units() {
	run(|| {
		assert_ok!(Clearing::fund(agent(), 1, 300, reference(1)));
		assert_eq!(Balances::free_balance(1), FREE);
		assert_ok!(Clearing::confirm(auditor(), reference(1)));
		assert_eq!((Balances::free_balance(1), Issued::<Test>::get().minted), (FREE + 300, 300));
		System::assert_last_event(
			Event::Funded { institution: 1, amount: 300, reference: reference(1) }.into(),
		);
	});
}

#[test]
fn funding_fails_by_name() {
	run(|| {
		assert_noop!(Clearing::fund(auditor(), 1, 1, reference(1)), Error::<Test>::NotAppointed);
		assert_noop!(Clearing::fund(agent(), 1, 0, reference(1)), Error::<Test>::ZeroAmount);
		assert_noop!(Clearing::fund(agent(), 9, 1, reference(1)), DispatchError::Other("NotFound"));
		assert_noop!(Clearing::confirm(auditor(), reference(1)), Error::<Test>::NotFound);
		assert_ok!(Clearing::fund(agent(), 1, 1, reference(1)));
		assert_noop!(Clearing::confirm(agent(), reference(1)), Error::<Test>::NotAppointed);
	});
}

#[test]
fn a_reference_is_accepted_once_for_ever() {
	run(|| {
		assert_ok!(Clearing::fund(agent(), 1, 10, reference(1)));
		assert_noop!(Clearing::fund(agent(), 2, 10, reference(1)), Error::<Test>::ReferenceUsed);
		assert_ok!(Clearing::confirm(auditor(), reference(1)));
		assert_noop!(Clearing::confirm(auditor(), reference(1)), Error::<Test>::ReferenceUsed);
		assert_noop!(Clearing::fund(agent(), 1, 10, reference(1)), Error::<Test>::ReferenceUsed);
	});
}

#[test]
fn a_cycle_mints_at_most_what_the_rule_allows() {
	run(|| {
		fund(1, CAP - 1);
		assert_ok!(Clearing::fund(agent(), 2, 2, reference(2)));
		assert_noop!(Clearing::confirm(auditor(), reference(2)), Error::<Test>::OverFundingCap);
		attest(CAP - 1);
		turn();
		assert_ok!(Clearing::confirm(auditor(), reference(2)));
	});
}

#[test]
fn funding_stops_when_a_cycle_passes_in_which_one_of_both_did_not_confirm_the_deposits() {
	run(|| {
		fund(1, 10);
		assert_ok!(Clearing::attest_deposits(agent(), 10));
		assert_ok!(Clearing::fund(agent(), 1, 10, reference(2)));
		turn();
		assert_noop!(Clearing::fund(agent(), 1, 10, reference(3)), Error::<Test>::NotAttested);
		assert_noop!(Clearing::confirm(auditor(), reference(2)), Error::<Test>::NotAttested);
		attest(10);
		assert_ok!(Clearing::confirm(auditor(), reference(2)));
	});
}

#[test]
fn deposits_are_confirmed_to_the_unit() {
	run(|| {
		fund(1, 10);
		assert_noop!(Clearing::attest_deposits(agent(), 9), Error::<Test>::DepositsDiffer);
		assert_noop!(Clearing::attest_deposits(auditor(), 11), Error::<Test>::DepositsDiffer);
		assert_noop!(Clearing::attest_deposits(by(1), 10), Error::<Test>::NotAppointed);
		attest(10);
		let witness = Witness::Auditor;
		System::assert_last_event(Event::DepositsAttested { witness, cycle: 1, total: 10 }.into());
	});
}

#[test]
fn what_an_institution_wants_paid_out_is_locked_and_burned() {
	run(|| {
		fund(1, 10);
		assert_ok!(Clearing::defund(by(1), 60));
		assert_eq!(reserve(1), 40);
		assert_eq!(Balances::balance_on_hold(&HoldReason::Defund.into(), &1), 60);
		assert_noop!(Clearing::defund(by(1), 1), Error::<Test>::DefundPending);
		assert_noop!(Clearing::settle_defund(auditor(), 1), Error::<Test>::NotAppointed);
		// The agent can burn nothing else.
		assert_noop!(Clearing::settle_defund(agent(), 2), Error::<Test>::NotFound);
		assert_ok!(Clearing::settle_defund(agent(), 1));
		assert_eq!(Issued::<Test>::get().burned, 60);
		assert_noop!(Clearing::settle_defund(agent(), 1), Error::<Test>::NotFound);
	});
}

#[test]
fn what_is_not_paid_out_in_time_is_unlocked_by_anybody() {
	run(|| {
		assert_ok!(Clearing::defund(by(1), 60));
		Now::set(Now::get() + TIMEOUT - 1);
		assert_noop!(Clearing::unlock_defund(by(9), 1), Error::<Test>::TooEarly);
		Now::set(Now::get() + 1);
		assert_noop!(Clearing::unlock_defund(RuntimeOrigin::root(), 1), DispatchError::BadOrigin);
		assert_ok!(Clearing::unlock_defund(by(9), 1));
		assert_eq!((Balances::free_balance(1), Defunds::<Test>::iter().count()), (FREE + 60, 0));
		assert_noop!(Clearing::unlock_defund(by(9), 1), Error::<Test>::NotFound);
	});
}

#[test]
fn defunding_leaves_what_drawing_down_leaves() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 40));
		assert_noop!(Clearing::defund(by(1), 61), Error::<Test>::ReserveTooSmall);
		assert_noop!(Clearing::defund(by(1), 0), Error::<Test>::ZeroAmount);
		Inactive::set(Some(1));
		assert_noop!(Clearing::defund(by(1), 1), DispatchError::Other("NotActive"));
	});
}

#[test]
fn the_members_appoint_who_looks_after_the_deposits() {
	run(|| {
		let vote = |witness, account| Clearing::appoint(RuntimeOrigin::signed(Vote::get()), witness, account);
		assert_noop!(Clearing::appoint(by(1), Witness::Agent, 7), DispatchError::BadOrigin);
		// Neither a member nor the other of the two.
		assert_noop!(vote(Witness::Agent, 1), Error::<Test>::NotIndependent);
		assert_noop!(vote(Witness::Agent, AUDITOR), Error::<Test>::NotIndependent);

		assert_ok!(vote(Witness::Agent, 77));
		let (witness, account) = (Witness::Agent, 77);
		System::assert_last_event(Event::AppointmentAnnounced { witness, account }.into());
		// Until the notice has passed, it is still the old one.
		assert_noop!(
			Clearing::fund(RuntimeOrigin::signed(77), 1, 1, reference(1)),
			Error::<Test>::NotAppointed
		);
		assert_ok!(Clearing::fund(agent(), 1, 1, reference(9)));
		take_effect();
		System::assert_last_event(Event::Appointed { witness, account }.into());
		assert_noop!(Clearing::fund(agent(), 1, 1, reference(1)), Error::<Test>::NotAppointed);
		assert_ok!(Clearing::fund(RuntimeOrigin::signed(77), 1, 1, reference(1)));
		assert_noop!(Clearing::attest_deposits(agent(), 0), Error::<Test>::NotAppointed);
	});
}

#[test]
fn who_is_appointed_to_both_offices_during_the_notice_gets_the_first_one_only() {
	run(|| {
		for witness in [Witness::Agent, Witness::Auditor] {
			assert_ok!(Clearing::appoint(RuntimeOrigin::signed(Vote::get()), witness, 77));
		}
		take_effect();
		assert_eq!(Appointed::<Test>::get(Witness::Agent), Some(77));
		assert_eq!(Appointed::<Test>::get(Witness::Auditor), Some(AUDITOR));
	});
}

#[test]
fn who_became_an_institution_looks_after_nothing_any_more() {
	genesis().execute_with(|| {
		Appointed::<Test>::insert(Witness::Agent, 1);
		assert_noop!(Clearing::fund(by(1), 2, 1, reference(1)), Error::<Test>::NotIndependent);
	});
}
