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
fn a_judgement_debt_is_paid_from_the_reserve_then_the_bond_and_what_is_left_makes_overdue() {
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
fn a_member_on_its_way_out_is_overdue_no_more_whatever_was_found_against_it() {
	run(|| {
		found(1, 200);
		assert_eq!((Paused::get(), Arrears::<Test>::get(1).sum), ([1].into(), 50));
		// The members expel it: the holders of its points are served from now on, and wait no longer.
		InRunOff::set([1].into());
		turn();
		assert_ok!(Clearing::ensure_not_overdue(1));
		assert_eq!((Paused::get().len(), SeenOffences::get().len()), (0, 0));
		// What was found is still owed.
		assert_eq!(Arrears::<Test>::get(1).sum, 50);
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

#[test]
fn what_is_found_leaves_what_a_draw_down_would_and_of_the_bond_what_would_be_paid_from_it() {
	run(|| {
		Outstanding::set([(1, 400)].into());
		LeastBacking::set(100);
		LeastReserve::set(40);
		found(1, 80);
		assert_eq!((has(), reserve(1), Alliance::bond(1), Arrears::<Test>::get(1).sum), (50, 50, BOND, 30));
		// What comes in later goes the same way.
		assert_ok!(Clearing::top_up(by(1), 10));
		poll();
		assert_eq!((has(), reserve(1), Arrears::<Test>::get(1).sum), (60, 50, 20));
	});
	run(|| {
		// They would get all of the bond.
		Outstanding::set([(1, 120)].into());
		LeastReserve::set(12);
		found(1, 200);
		assert_eq!((has(), reserve(1), Alliance::bond(1), Arrears::<Test>::get(1).sum), (88, 12, BOND, 112));
	});
	run(|| {
		// They would get 18 of it.
		Outstanding::set([(1, 20)].into());
		LeastReserve::set(2);
		found(1, 200);
		assert_eq!((has(), reserve(1), Alliance::bond(1)), (130, 2, 18));
	});
}

#[test]
fn a_judgement_debt_leaves_debts_on_lines_only_where_holders_count_on_the_rest() {
	let owing = |outstanding| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 40));
		Outstanding::set([(1, outstanding)].into());
		found(1, 200);
		(reserve(1), Alliance::bond(1))
	};
	run(|| assert_eq!(owing(0), (0, 40)));
	run(|| assert_eq!(owing(400), (40, BOND)));
}

#[test]
fn what_comes_back_by_a_judgement_is_never_owed_on_a_line() {
	run(|| {
		assert_ok!(Clearing::owe(1, 2, 60));
		grant(1, 2, 40);
		assert_ok!(Clearing::draw_down(by(2), 160));
		assert_ok!(<Clearing as JudgementDebts<u64>>::owe_refund_by_judgement(2, 1, 30));
		assert_eq!((owes(2, 1), reserve(2), Alliance::bond(2)), (0, 0, BOND - 30));
	});
}
