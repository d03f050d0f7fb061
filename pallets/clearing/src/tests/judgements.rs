use super::mock::*;
use crate::{Arrears, Error, Judgements};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Balance, Clearing as _, JudgementDebts, Members as _};

const ANN: u64 = 77;

fn has() -> Balance {
	Balances::free_balance(ANN)
}

fn found(debtor: u32, value: Balance) {
	assert_ok!(Clearing::owe_judgement(debtor, &ANN, value));
}

#[test]
fn a_verdict_is_paid_from_the_reserve_then_the_bond_and_what_is_left_makes_overdue() {
	run(|| {
		found(1, 60);
		assert_eq!((has(), reserve(1), Alliance::bond(1)), (60, 40, BOND));
		found(1, 60);
		assert_eq!((has(), reserve(1), Alliance::bond(1)), (120, 0, BOND - 20));
		assert_ok!(Clearing::ensure_not_overdue(1));
		found(1, 60);
		assert_eq!((has(), Alliance::bond(1), Arrears::<Test>::get(1).sum), (150, 0, 30));
		assert_noop!(Clearing::ensure_not_overdue(1), Error::<Test>::Overdue);
		assert_eq!(Paused::get(), [1].into());
	});
}

#[test]
fn later_money_pays_what_was_found_first_and_ends_being_overdue_with_the_cycle() {
	run(|| {
		found(1, 180);
		assert_ok!(Clearing::top_up(by(1), 10));
		assert_noop!(Clearing::draw_down(by(1), 1), Error::<Test>::ReserveTooSmall);
		poll();
		assert_eq!((has(), Arrears::<Test>::get(1).sum), (160, 20));
		assert_ok!(Clearing::top_up(by(1), 50));
		poll();
		assert_eq!((has(), reserve(1), Judgements::<Test>::iter().count()), (180, 30, 0));
		turn();
		assert_ok!(Clearing::ensure_not_overdue(1));
		assert!(Paused::get().is_empty());
	});
}

#[test]
fn what_comes_back_to_a_creditor_is_paid_by_the_bond_too_or_not_at_all() {
	run(|| {
		let back = |value| <Clearing as JudgementDebts<u64>>::owe_refund_by_judgement(2, 1, value);
		assert_ok!(Clearing::owe(1, 2, 60));
		assert_ok!(Clearing::draw_down(by(2), 150));
		assert_ok!(back(30));
		assert_eq!((reserve(2), Alliance::bond(2)), (0, BOND - 20));
		assert_noop!(back(BOND), Error::<Test>::ReserveTooSmall);
	});
}
