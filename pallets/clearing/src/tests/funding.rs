use super::mock::*;
use crate::{DepositRole, Error, Event, HoldReason, Issuance, IssuanceTotals, Payouts, RoleHolders};
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
	assert_ok!(Clearing::report_deposit(agent(), 1, amount, reference(n)));
	assert_ok!(Clearing::confirm_deposit(auditor(), reference(n)));
}

/// Both confirm what there is.
fn attest() {
	let total = pallet_balances::TotalIssuance::<Test>::get();
	assert_ok!(Clearing::attest_deposits(agent(), total));
	assert_ok!(Clearing::attest_deposits(auditor(), total));
}

/// The notice of what was announced passes.
fn take_effect() {
	use sp_runtime::traits::Dispatchable;
	for call in Announced::take().into_iter().map(RuntimeCall::from) {
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
		assert_ok!(Clearing::report_deposit(agent(), 1, 300, reference(1)));
		assert_eq!(Balances::free_balance(1), FREE);
		assert_ok!(Clearing::confirm_deposit(auditor(), reference(1)));
		assert_eq!((Balances::free_balance(1), IssuanceTotals::<Test>::get().minted), (FREE + 300, 300));
		System::assert_last_event(
			Event::DepositConfirmed { institution: 1, amount: 300, reference: reference(1) }.into(),
		);
	});
}

#[test]
fn funding_fails_by_name() {
	run(|| {
		assert_noop!(Clearing::report_deposit(auditor(), 1, 1, reference(1)), Error::<Test>::NotAppointed);
		assert_noop!(Clearing::report_deposit(agent(), 1, 0, reference(1)), Error::<Test>::ZeroAmount);
		assert_noop!(Clearing::report_deposit(agent(), 9, 1, reference(1)), DispatchError::Other("NotFound"));
		assert_noop!(Clearing::confirm_deposit(auditor(), reference(1)), Error::<Test>::NotFound);
		assert_ok!(Clearing::report_deposit(agent(), 1, 1, reference(1)));
		assert_noop!(Clearing::confirm_deposit(agent(), reference(1)), Error::<Test>::NotAppointed);
	});
}

#[test]
fn a_reference_is_accepted_once_for_ever() {
	run(|| {
		assert_ok!(Clearing::report_deposit(agent(), 1, 10, reference(1)));
		assert_noop!(Clearing::report_deposit(agent(), 2, 10, reference(1)), Error::<Test>::ReferenceUsed);
		assert_ok!(Clearing::confirm_deposit(auditor(), reference(1)));
		assert_noop!(Clearing::confirm_deposit(auditor(), reference(1)), Error::<Test>::ReferenceUsed);
		assert_noop!(Clearing::report_deposit(agent(), 1, 10, reference(1)), Error::<Test>::ReferenceUsed);
	});
}

#[test]
fn a_cycle_mints_at_most_what_the_rule_allows() {
	run(|| {
		fund(1, CAP - 1);
		assert_ok!(Clearing::report_deposit(agent(), 2, 2, reference(2)));
		assert_noop!(Clearing::confirm_deposit(auditor(), reference(2)), Error::<Test>::OverDepositCap);
		attest();
		turn();
		assert_ok!(Clearing::confirm_deposit(auditor(), reference(2)));
	});
}

#[test]
fn funding_stops_when_a_cycle_passes_in_which_one_of_both_did_not_confirm_the_deposits() {
	run(|| {
		fund(1, 10);
		assert_ok!(Clearing::attest_deposits(agent(), pallet_balances::TotalIssuance::<Test>::get()));
		assert_ok!(Clearing::report_deposit(agent(), 1, 10, reference(2)));
		turn();
		assert_noop!(Clearing::report_deposit(agent(), 1, 10, reference(3)), Error::<Test>::NotAttested);
		assert_noop!(Clearing::confirm_deposit(auditor(), reference(2)), Error::<Test>::NotAttested);
		attest();
		assert_ok!(Clearing::confirm_deposit(auditor(), reference(2)));
	});
}

#[test]
fn deposits_are_confirmed_to_the_unit() {
	run(|| {
		fund(1, 10);
		let total = pallet_balances::TotalIssuance::<Test>::get();
		assert_eq!(total, IssuanceTotals::<Test>::get().genesis + 10);
		assert_noop!(Clearing::attest_deposits(agent(), total - 1), Error::<Test>::DepositsDiffer);
		assert_noop!(Clearing::attest_deposits(auditor(), total + 1), Error::<Test>::DepositsDiffer);
		assert_noop!(Clearing::attest_deposits(by(1), total), Error::<Test>::NotAppointed);
		attest();
		let role = DepositRole::Auditor;
		System::assert_last_event(Event::DepositsAttested { role, cycle: 1, total }.into());
	});
}

#[test]
fn what_there_was_at_genesis_can_be_paid_out_and_the_rest_be_confirmed() {
	run(|| {
		assert_ok!(Clearing::request_payout(by(1), 60));
		assert_ok!(Clearing::complete_payout(agent(), 1));
		let Issuance { genesis, minted, burned } = IssuanceTotals::<Test>::get();
		assert!(burned > minted);
		assert_noop!(Clearing::attest_deposits(agent(), genesis), Error::<Test>::DepositsDiffer);
		attest();
		turn();
		turn();
		assert_noop!(Clearing::report_deposit(agent(), 1, 10, reference(1)), Error::<Test>::NotAttested);
		attest();
		fund(1, 10);
		assert_eq!(pallet_balances::TotalIssuance::<Test>::get(), genesis - 60 + 10);
	});
}

#[test]
fn what_an_institution_wants_paid_out_is_locked_and_burned() {
	run(|| {
		fund(1, 10);
		assert_ok!(Clearing::request_payout(by(1), 60));
		assert_eq!(reserve(1), 40);
		assert_eq!(Balances::balance_on_hold(&HoldReason::Payout.into(), &1), 60);
		assert_noop!(Clearing::request_payout(by(1), 1), Error::<Test>::PayoutPending);
		assert_noop!(Clearing::complete_payout(auditor(), 1), Error::<Test>::NotAppointed);
		// The agent can burn nothing else.
		assert_noop!(Clearing::complete_payout(agent(), 2), Error::<Test>::NotFound);
		assert_ok!(Clearing::complete_payout(agent(), 1));
		assert_eq!(IssuanceTotals::<Test>::get().burned, 60);
		assert_noop!(Clearing::complete_payout(agent(), 1), Error::<Test>::NotFound);
	});
}

#[test]
fn what_is_not_paid_out_in_time_is_unlocked_by_anybody() {
	run(|| {
		assert_ok!(Clearing::request_payout(by(1), 60));
		Now::set(Now::get() + TIMEOUT - 1);
		assert_noop!(Clearing::cancel_payout(by(9), 1), Error::<Test>::TooEarly);
		Now::set(Now::get() + 1);
		assert_noop!(Clearing::cancel_payout(RuntimeOrigin::root(), 1), DispatchError::BadOrigin);
		assert_ok!(Clearing::cancel_payout(by(9), 1));
		assert_eq!((Balances::free_balance(1), Payouts::<Test>::iter().count()), (FREE + 60, 0));
		assert_noop!(Clearing::cancel_payout(by(9), 1), Error::<Test>::NotFound);
	});
}

#[test]
fn a_payout_leaves_what_a_draw_down_leaves() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 40));
		assert_noop!(Clearing::request_payout(by(1), 61), Error::<Test>::ReserveTooSmall);
		assert_noop!(Clearing::request_payout(by(1), 0), Error::<Test>::ZeroAmount);
		Suspended::set([1].into());
		assert_noop!(Clearing::request_payout(by(1), 1), DispatchError::Other("NotActive"));
	});
}

#[test]
fn the_members_appoint_who_looks_after_the_deposits() {
	run(|| {
		let vote =
			|role, account| Clearing::appoint_deposit_role(RuntimeOrigin::signed(Vote::get()), role, account);
		assert_noop!(Clearing::appoint_deposit_role(by(1), DepositRole::Agent, 7), DispatchError::BadOrigin);
		// Neither a member nor the other of the two.
		assert_noop!(vote(DepositRole::Agent, 1), Error::<Test>::NotIndependent);
		assert_noop!(vote(DepositRole::Agent, AUDITOR), Error::<Test>::NotIndependent);

		assert_ok!(vote(DepositRole::Agent, 77));
		let (role, account) = (DepositRole::Agent, 77);
		System::assert_last_event(Event::AppointmentAnnounced { role, account }.into());
		// Until the notice has passed, it is still the old one.
		assert_noop!(
			Clearing::report_deposit(RuntimeOrigin::signed(77), 1, 1, reference(1)),
			Error::<Test>::NotAppointed
		);
		assert_ok!(Clearing::report_deposit(agent(), 1, 1, reference(9)));
		take_effect();
		System::assert_last_event(Event::Appointed { role, account }.into());
		assert_noop!(Clearing::report_deposit(agent(), 1, 1, reference(1)), Error::<Test>::NotAppointed);
		assert_ok!(Clearing::report_deposit(RuntimeOrigin::signed(77), 1, 1, reference(1)));
		assert_noop!(Clearing::attest_deposits(agent(), 0), Error::<Test>::NotAppointed);
	});
}

#[test]
fn an_account_that_is_appointed_to_both_roles_during_the_notice_gets_the_first_one_only() {
	run(|| {
		for role in [DepositRole::Agent, DepositRole::Auditor] {
			assert_ok!(Clearing::appoint_deposit_role(RuntimeOrigin::signed(Vote::get()), role, 77));
		}
		take_effect();
		assert_eq!(RoleHolders::<Test>::get(DepositRole::Agent), Some(77));
		assert_eq!(RoleHolders::<Test>::get(DepositRole::Auditor), Some(AUDITOR));
	});
}

#[test]
fn an_account_that_became_an_institution_has_no_deposit_role_any_more() {
	genesis().execute_with(|| {
		RoleHolders::<Test>::insert(DepositRole::Agent, 1);
		assert_noop!(Clearing::report_deposit(by(1), 2, 1, reference(1)), Error::<Test>::NotIndependent);
	});
}
