use super::mock::*;
use crate::{Error, Event, Turnover};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::Clearing as _;

#[test]
fn an_obligation_moves_reserve_to_reserve_at_once() {
	run(|| {
		assert_ok!(Clearing::owe(1, 2, 60));
		assert_eq!((reserve(1), reserve(2)), (40, 160));
		assert_eq!(Turnover::<Test>::get(1, 2), 60);
		System::assert_last_event(
			Event::ObligationSettled { debtor: 1, creditor: 2, value: 60, set_off: 0, line: 0 }.into(),
		);
	});
}

#[test]
fn a_creditor_without_reserve_is_paid_like_everybody() {
	run(|| {
		assert_ok!(Clearing::owe(1, 4, 100));
		assert_eq!((reserve(1), reserve(4)), (0, 100));
	});
}

#[test]
fn obligations_in_both_directions_are_counted_gross() {
	run(|| {
		assert_ok!(Clearing::owe(1, 2, 60));
		assert_ok!(Clearing::owe(2, 1, 25));
		assert_eq!((reserve(1), reserve(2)), (65, 135));
		assert_eq!((Turnover::<Test>::get(1, 2), Turnover::<Test>::get(2, 1)), (60, 25));
	});
}

#[test]
fn owing_fails_by_name_when_the_reserve_is_one_unit_short() {
	run(|| {
		assert_noop!(Clearing::owe(1, 2, 101), Error::<Test>::ReserveTooSmall);
		assert_noop!(Clearing::owe(4, 2, 1), Error::<Test>::ReserveTooSmall);
		assert_noop!(Clearing::owe(1, 2, u128::MAX), Error::<Test>::ReserveTooSmall);
		assert_ok!(Clearing::owe(1, 2, 100));
	});
}

#[test]
fn nobody_owes_itself_and_nothing_is_nothing() {
	run(|| {
		assert_ok!(Clearing::owe(1, 1, u128::MAX));
		assert_ok!(Clearing::owe(1, 2, 0));
		assert_eq!(reserve(1), 100);
		assert_eq!(Turnover::<Test>::iter().count(), 0);
	});
}

#[test]
fn strangers_neither_owe_nor_are_owed() {
	run(|| {
		assert_noop!(Clearing::owe(1, 9, 1), sp_runtime::DispatchError::Other("NotFound"));
		assert_noop!(Clearing::owe(9, 1, 1), sp_runtime::DispatchError::Other("NotFound"));
		assert_eq!(reserve(9), 0);
	});
}
