use super::mock::*;
use crate::{Error, Event, Overdue, OverdueState};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Clearing as _, Members as _, OffenceKind};

/// Institution 1 owes 30 to 2 and 15 to 3, has nothing left, and a cycle is over.
fn fall_overdue() {
	assert_ok!(Clearing::draw_down(by(1), 100));
	grant(2, 1, 30);
	grant(3, 1, 15);
	assert_ok!(Clearing::owe(1, 2, 30));
	assert_ok!(Clearing::owe(1, 3, 15));
	turn();
}

#[test]
fn a_debtor_that_does_not_pay_has_its_points_paused() {
	run(|| {
		assert_ok!(Clearing::ensure_not_overdue(1));
		fall_overdue();
		System::assert_last_event(Event::Overdue { institution: 1, age: 1 }.into());
		assert_noop!(Clearing::ensure_not_overdue(1), Error::<Test>::Overdue);
		assert_eq!(Overdue::<Test>::get(1), Some(OverdueState { since: 1, age: 1, suspended: false }));
		assert_eq!((Paused::get(), SeenOffences::get()), ([1].into(), vec![(1, OffenceKind::OverdueFirst)]));
		assert_eq!((owes(1, 2), Alliance::bond(1)), (30, BOND));
	});
}

#[test]
fn a_debtor_that_pays_at_the_next_settlement_is_overdue_no_more() {
	run(|| {
		fall_overdue();
		assert_ok!(Clearing::top_up(by(1), 45));
		// Money that could be taken away again changes nothing before.
		assert_noop!(Clearing::ensure_not_overdue(1), Error::<Test>::Overdue);
		turn();
		assert_ok!(Clearing::ensure_not_overdue(1));
		System::assert_last_event(Event::OverdueEnded { institution: 1 }.into());
		assert_eq!((Paused::get().len(), owes(1, 2), owes(1, 3), Alliance::bond(1)), (0, 0, 0, BOND));
	});
}

#[test]
fn the_bond_pays_creditors_at_the_second_settlement() {
	run(|| {
		fall_overdue();
		turn();
		assert_eq!((Alliance::bond(1), owes(1, 2), owes(1, 3)), (BOND - 45, 0, 0));
		assert_eq!((Balances::free_balance(2), Balances::free_balance(3)), (FREE + 30, FREE + 15));
		assert_eq!(SeenOffences::get(), [(1, OffenceKind::OverdueFirst), (1, OffenceKind::OverdueSecond)]);
		assert_ok!(Clearing::ensure_not_overdue(1));
	});
}

/// Takes away bond that stands behind debts, as a fine could.
fn lose_bond(left: u128) {
	let lost = Alliance::bond(1) - left;
	assert_ok!(Alliance::draw_bond(1, &POT, lost));
}

#[test]
fn a_bond_that_is_too_small_pays_pro_rata_and_the_debtor_is_suspended_and_then_in_run_off() {
	run(|| {
		fall_overdue();
		lose_bond(31);
		turn();
		// 20 and 10 of 31; one cannot be divided.
		assert_eq!((Alliance::bond(1), owes(1, 2), owes(1, 3)), (1, 10, 5));
		assert!(Suspended::get().is_empty());
		turn();
		assert_eq!((Suspended::get(), Overdue::<Test>::get(1).unwrap().suspended), ([1].into(), true));
		assert_eq!(SeenOffences::get().last(), Some(&(1, OffenceKind::OverdueThird)));
		turn();
		assert_eq!((InRunOff::get(), Suspended::get().len()), ([1].into(), 0));
		// Its holders are served now.
		assert_ok!(Clearing::ensure_not_overdue(1));
		assert_eq!((Paused::get().len(), SeenOffences::get().len()), (0, 3));
	});
}

#[test]
fn a_debtor_that_was_suspended_for_it_is_reinstated_when_it_has_paid() {
	run(|| {
		fall_overdue();
		lose_bond(0);
		turn();
		turn();
		assert_eq!(Suspended::get(), [1].into());
		assert_ok!(Clearing::top_up(by(1), 45));
		turn();
		assert_eq!((Suspended::get().len(), owes(1, 2)), (0, 0));
	});
}

#[test]
fn a_debtor_that_was_suspended_for_something_else_stays_so() {
	run(|| {
		fall_overdue();
		lose_bond(0);
		Suspended::set([1].into());
		turn();
		turn();
		assert!(!Overdue::<Test>::get(1).unwrap().suspended);
		assert_ok!(Clearing::top_up(by(1), 45));
		turn();
		assert_eq!((Suspended::get(), Overdue::<Test>::get(1)), ([1].into(), None));
	});
}

#[test]
fn in_a_run_off_the_reserve_serves_holders_first_and_the_bond_creditors() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 40));
		InRunOff::set([1].into());
		Outstanding::set([(1, 95)].into());
		turn();
		// 5 of the reserve are not needed; the bond pays the rest at once, and nobody is judged.
		assert_eq!((reserve(1), Alliance::bond(1), owes(1, 2)), (95, BOND - 35, 0));
		assert_eq!((SeenOffences::get().len(), Overdue::<Test>::get(1)), (0, None));
	});
}
