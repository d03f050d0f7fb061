use super::mock::*;
use crate::{BondDebts, CreditLines, CycleDebt, Error, Event, Position, Positions, MAX_CREDIT_LINES};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Clearing as _, Members as _, Reserves};
use sp_runtime::DispatchError;

#[test]
fn what_fits_on_the_line_is_owed_and_the_rest_is_paid() {
	run(|| {
		grant(2, 1, 40);
		System::assert_has_event(Event::CreditLineGranted { creditor: 2, debtor: 1, old: 0, new: 40 }.into());
		assert_ok!(Clearing::owe(1, 2, 60));
		assert_eq!((owes(1, 2), BondDebts::<Test>::get(1)), (40, 40));
		assert_eq!(reserves(), [80, 120, 100, 0]);
		System::assert_last_event(
			Event::ObligationSettled { debtor: 1, creditor: 2, value: 60, set_off: 0, line: 40 }.into(),
		);
	});
}

#[test]
fn an_obligation_is_set_off_before_anything_else() {
	run(|| {
		grant(2, 1, 40);
		grant(1, 2, 10);
		assert_ok!(Clearing::owe(1, 2, 40));
		assert_ok!(Clearing::owe(2, 1, 25));
		assert_eq!((owes(1, 2), owes(2, 1)), (15, 0));
		// 15 set off, 10 on the line the other way, 5 in money.
		assert_ok!(Clearing::owe(2, 1, 30));
		assert_eq!((owes(1, 2), owes(2, 1)), (0, 10));
		assert_eq!(reserves(), [105, 95, 100, 0]);
		assert_eq!((<Clearing as Reserves>::net_paid(1), <Clearing as Reserves>::net_paid(2)), (40, 55));
	});
}

#[test]
fn set_off_takes_the_oldest_cycle_first() {
	run(|| {
		// The reserve keeps what is owed from settling.
		assert_ok!(Clearing::draw_down(by(1), 100));
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 10));
		turn();
		assert_ok!(Clearing::owe(1, 2, 20));
		assert_ok!(Clearing::owe(2, 1, 15));
		let position = Positions::<Test>::get((1, 2)).unwrap();
		assert_eq!(position.debts.into_inner(), [CycleDebt { cycle: 2, value: 15 }]);
	});
}

#[test]
fn debts_over_all_lines_never_exceed_the_bond() {
	run(|| {
		for creditor in [2, 3, 4] {
			grant(creditor, 1, 30);
		}
		assert_ok!(Clearing::owe(1, 2, 30));
		assert_ok!(Clearing::owe(1, 3, 30));
		assert_ok!(Clearing::owe(1, 4, 30));
		assert_eq!((owes(1, 2), owes(1, 3), owes(1, 4)), (30, 20, 0));
		assert_eq!(reserves(), [60, 100, 110, 30]);
	});
}

#[test]
fn owing_beyond_the_line_fails_by_name_before_anything_moves() {
	run(|| {
		grant(2, 4, 40);
		assert_noop!(Clearing::owe(4, 2, 41), Error::<Test>::ReserveTooSmall);
		assert_ok!(Clearing::owe(4, 2, 40));
	});
}

#[test]
fn a_line_lowered_below_the_position_binds_new_debt_only() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 30));
		grant(2, 1, 10);
		assert_eq!(owes(1, 2), 30);
		assert_ok!(Clearing::owe(1, 2, 5));
		assert_eq!((owes(1, 2), reserve(1)), (30, 95));
		// It is there until nothing is owed on it, so that positions are never more than lines.
		grant(2, 1, 0);
		assert!(CreditLines::<Test>::contains_key(2, 1));
		turn();
		assert!(!CreditLines::<Test>::contains_key(2, 1));
		assert_eq!(BondDebts::<Test>::iter().count() + Positions::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_member_grants_sixteen_lines() {
	genesis_of(20, |_| 10, BOND).execute_with(|| {
		(2..2 + MAX_CREDIT_LINES).for_each(|debtor| grant(1, debtor, 5));
		assert_noop!(Clearing::grant_credit_line(by(1), 19, 5), Error::<Test>::MaxCreditLinesExceeded);
		grant(1, 19, 0);
		grant(1, 2, 0);
		grant(1, 19, 5);
		Clearing::do_try_state().unwrap();
	});
}

#[test]
fn granting_fails_by_name() {
	run(|| {
		assert_noop!(Clearing::grant_credit_line(by(1), 1, 5), Error::<Test>::OwnCreditLine);
		assert_noop!(Clearing::grant_credit_line(by(1), 9, 5), DispatchError::Other("NotFound"));
		assert_noop!(Clearing::grant_credit_line(by(9), 1, 5), DispatchError::BadOrigin);
	});
}

#[test]
fn only_an_active_member_risks_more_and_any_risks_less() {
	run(|| {
		grant(1, 2, 10);
		Suspended::set([1].into());
		assert_noop!(Clearing::grant_credit_line(by(1), 2, 11), DispatchError::Other("NotActive"));
		grant(1, 2, 5);
	});
}

#[test]
fn an_institution_that_is_gone_gets_its_reserve_only_without_positions() {
	run(|| {
		grant(2, 1, 40);
		grant(2, 3, 40);
		assert_ok!(Clearing::owe(1, 2, 30));
		assert_noop!(<Clearing as Reserves>::release_reserve(1), Error::<Test>::PositionOpen);
		assert_noop!(<Clearing as Reserves>::release_reserve(2), Error::<Test>::PositionOpen);
		turn();
		assert_ok!(<Clearing as Reserves>::release_reserve(1));
		assert_ok!(<Clearing as Reserves>::release_reserve(2));
		assert_eq!(reserves(), [0, 0, 100, 0]);
		assert_eq!(CreditLines::<Test>::iter().count(), 0);
	});
}

#[test]
fn of_more_cycles_than_are_kept_apart_the_oldest_become_one() {
	let mut position = Position::default();
	for cycle in 1..=10 {
		position.add(true, cycle, 1).unwrap();
		position.add(true, cycle, 1).unwrap();
	}
	assert_eq!((position.debts.len(), position.owed_by(true), position.owed_by(false)), (8, 20, 0));
	assert_eq!(position.debts[0], CycleDebt { cycle: 1, value: 6 });
	assert_eq!(position.take(7), Some(()));
	assert_eq!(position.debts[0], CycleDebt { cycle: 4, value: 1 });
	// Less is owed, or the other one owes it, or the sum would overflow: nothing changes.
	let before = position.clone();
	assert_eq!(position.take(14), None);
	assert_eq!(position.add(false, 10, 1), None);
	assert_eq!(position.add(true, 10, u128::MAX), None);
	assert_eq!(position, before);
	assert_eq!(position.take(13), Some(()));
	assert_eq!(position.add(false, 10, 1), Some(()));
	assert_eq!((position.owed_by(false), position.parties((3, 7))), (1, (7, 3)));
}

#[test]
fn positions_show_what_is_owed_both_ways() {
	run(|| {
		grant(2, 1, 40);
		grant(1, 3, 20);
		assert_ok!(Clearing::owe(1, 2, 30));
		assert_ok!(Clearing::owe(3, 1, 8));
		assert_ok!(Clearing::accrue(1, 7));
		let account = Clearing::positions(1).unwrap();
		assert_eq!((account.reserve, account.free_reserve, account.accrued, account.owed), (100, 93, 7, 30));
		let rows: Vec<_> =
			account.positions.iter().map(|p| (p.with, p.owes, p.is_owed, p.line, p.granted)).collect();
		assert_eq!(rows, [(2, 30, 0, 40, 0), (3, 0, 8, 0, 20)]);
		assert_eq!(account.positions[0].debts, [CycleDebt { cycle: 1, value: 30 }]);
		assert_eq!((account.overdue, Clearing::positions(9)), (None, None));
	});
}

#[test]
fn a_line_is_used_as_far_as_its_debtor_accepted_it() {
	run(|| {
		assert_noop!(Clearing::accept_credit_line(by(1), 2, 5), Error::<Test>::NotFound);
		assert_ok!(Clearing::grant_credit_line(by(2), 1, 40));
		assert_ok!(Clearing::owe(1, 2, 10));
		assert_eq!((owes(1, 2), reserve(1)), (0, 90));
		assert_ok!(Clearing::accept_credit_line(by(1), 2, 15));
		System::assert_last_event(
			Event::CreditLineAccepted { creditor: 2, debtor: 1, old: 0, new: 15 }.into(),
		);
		assert_ok!(Clearing::owe(1, 2, 20));
		assert_eq!((owes(1, 2), reserve(1)), (15, 85));
		// Raised within what was accepted, it needs nothing; beyond that it needs the debtor again.
		assert_ok!(Clearing::accept_credit_line(by(1), 2, 50));
		assert_ok!(Clearing::grant_credit_line(by(2), 1, 45));
		assert_ok!(Clearing::owe(1, 2, 30));
		assert_eq!((owes(1, 2), reserve(1)), (45, 85));
		assert_ok!(Clearing::grant_credit_line(by(2), 1, 60));
		assert_ok!(Clearing::owe(1, 2, 10));
		assert_eq!((owes(1, 2), reserve(1)), (50, 80));
	});
}

#[test]
fn a_debtor_that_takes_its_acceptance_back_owes_nothing_new_and_what_it_owes_stays() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 10));
		assert_ok!(Clearing::accept_credit_line(by(1), 2, 0));
		assert_ok!(Clearing::owe(1, 2, 10));
		assert_eq!((owes(1, 2), reserve(1)), (10, 90));
		// Whoever is on its way out accepts nothing more, and may still accept less.
		grant(2, 1, 40);
		InRunOff::set([1].into());
		assert_noop!(Clearing::accept_credit_line(by(1), 2, 41), DispatchError::Other("NotActive"));
		assert_ok!(Clearing::accept_credit_line(by(1), 2, 1));
	});
}

#[test]
fn an_acceptance_goes_with_the_line() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::grant_credit_line(by(2), 1, 0));
		assert!(!CreditLines::<Test>::contains_key(2, 1));
		assert_ok!(Clearing::grant_credit_line(by(2), 1, 40));
		assert_ok!(Clearing::owe(1, 2, 10));
		assert_eq!(owes(1, 2), 0);
	});
}

#[test]
fn a_debt_on_a_line_leaves_what_must_stand_behind_points_and_the_rest_is_money() {
	run(|| {
		grant(2, 1, 40);
		// Of a bond of 50 and a reserve of 100, 130 must stay.
		LeastBacking::set(BOND + 100 - 20);
		assert_ok!(Clearing::owe(1, 2, 25));
		assert_eq!((owes(1, 2), reserve(1)), (20, 95));
		// Nor is it kept for what may come.
		assert_eq!(Clearing::earmark(1, 2, 5), Ok(earmark(0, 5)));
		LeastBacking::set(0);
		LeastReserve::set(91);
		assert_ok!(Clearing::owe(1, 2, 5));
		assert_eq!((owes(1, 2), reserve(1)), (20, 90));
		LeastReserve::set(85);
		assert_ok!(Clearing::owe(1, 2, 5));
		assert_eq!((owes(1, 2), reserve(1), free_reserve(1)), (25, 90, 85));
	});
}

#[test]
fn a_member_on_its_way_out_is_paid_in_money_and_pays_only_what_its_holders_do_not_need() {
	run(|| {
		grant(2, 1, 40);
		grant(1, 2, 40);
		assert_ok!(Clearing::owe(1, 2, 30));
		InRunOff::set([1].into());
		Outstanding::set([(1, 60)].into());
		// Neither set off nor on a line.
		assert_ok!(Clearing::owe_refund(2, 1, 10));
		assert_eq!((owes(1, 2), owes(2, 1), reserves()), (30, 0, vec![110, 90, 100, 0]));
		assert_noop!(Clearing::owe_refund(1, 3, 51), Error::<Test>::ReserveTooSmall);
		assert_ok!(Clearing::owe_refund(1, 3, 50));
		assert_ok!(<Clearing as Reserves>::ensure_serves_holders(1));
		Outstanding::set([(1, 61)].into());
		assert_noop!(<Clearing as Reserves>::ensure_serves_holders(1), Error::<Test>::ReserveTooSmall);
		InRunOff::set([].into());
		assert_ok!(<Clearing as Reserves>::ensure_serves_holders(1));
	});
}

#[test]
fn of_an_institution_that_only_put_in_and_took_out_nothing_is_left() {
	run(|| {
		assert_ok!(Clearing::top_up(by(4), 70));
		assert_ok!(<Clearing as Reserves>::release_reserve(4));
		assert_eq!((reserve(4), Balances::free_balance(4)), (0, FREE));
		assert!(!crate::ReserveFlowsOf::<Test>::contains_key(4));
	});
}

#[test]
fn what_a_bond_pays_to_a_member_on_its_way_out_is_for_its_holders() {
	run(|| {
		grant(2, 4, 40);
		assert_ok!(Clearing::owe(4, 2, 30));
		InRunOff::set([2, 4].into());
		let before = (reserve(2), Balances::free_balance(2));
		turn();
		assert_eq!((reserve(2), Balances::free_balance(2)), (before.0 + 30, before.1));
		assert_eq!((owes(4, 2), Alliance::bond(4)), (0, BOND - 30));
	});
}
