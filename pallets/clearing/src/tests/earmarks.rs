use super::mock::*;
use crate::{BondDebts, CreditLines, Encumbrances, Error, Event};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Clearing as _, Encumbrance, Members as _, Reserves};

#[test]
fn an_earmark_takes_the_line_first_and_then_the_free_reserve() {
	run(|| {
		grant(2, 1, 40);
		assert_eq!(Clearing::earmark(1, 2, 60), Ok(earmark(40, 20)));
		assert_eq!((Encumbrances::<Test>::get(1).on_lines, free_reserve(1)), (40, 80));
		// Nothing else uses it.
		assert_ok!(Clearing::owe(1, 2, 5));
		assert_eq!((owes(1, 2), reserve(1)), (0, 95));
		assert_noop!(Clearing::owe(1, 3, 76), Error::<Test>::ReserveTooSmall);
		assert_ok!(Clearing::owe(1, 3, 75));
		assert_ok!(Clearing::release_earmark(1, 2, earmark(40, 20)));
		assert_ok!(Clearing::owe(1, 2, 60));
		assert_eq!((owes(1, 2), reserves()), (40, vec![0, 125, 175, 0]));
		assert_eq!(Encumbrances::<Test>::iter().count(), 0);
	});
}

#[test]
fn an_earmark_fails_by_name_one_unit_beyond_line_and_free_reserve() {
	run(|| {
		grant(2, 1, 40);
		assert_noop!(Clearing::earmark(1, 2, 141), Error::<Test>::ReserveTooSmall);
		assert_eq!(Clearing::earmark(1, 2, 140), Ok(earmark(40, 100)));
		assert_noop!(Clearing::draw_down(by(1), 1), Error::<Test>::ReserveTooSmall);
		assert_eq!(Clearing::earmark(1, 1, 9), Ok(earmark(0, 0)));
	});
}

#[test]
fn a_line_cannot_fall_below_what_is_earmarked_on_it() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 10));
		assert_ok!(Clearing::earmark(1, 2, 20));
		assert_noop!(Clearing::grant_credit_line(by(2), 1, 29), Error::<Test>::CreditLineEarmarked);
		grant(2, 1, 30);
		assert_ok!(Clearing::release_earmark(1, 2, earmark(20, 0)));
		grant(2, 1, 0);
		turn();
		assert!(!CreditLines::<Test>::contains_key(2, 1));
	});
}

#[test]
fn accrued_interchange_stays_until_it_is_collected_or_released() {
	run(|| {
		assert_ok!(Clearing::accrue(1, 30));
		assert_eq!((reserve(1), free_reserve(1)), (100, 70));
		assert_noop!(Clearing::accrue(1, 71), Error::<Test>::ReserveTooSmall);
		assert_noop!(Clearing::collect(1, 31), Error::<Test>::AccruedTooSmall);
		assert_ok!(Clearing::collect(1, 20));
		System::assert_last_event(Event::InterchangeCollected { issuer: 1, value: 20 }.into());
		assert_eq!((reserve(1), Balances::free_balance(POT)), (80, 21));
		assert_eq!(Encumbrances::<Test>::get(1), Encumbrance { accrued: 10, ..Default::default() });
		assert_ok!(Clearing::release_accrued(1, 10));
		assert!(!Encumbrances::<Test>::contains_key(1));
		assert_ok!(Clearing::collect(1, 0));
		assert_eq!(<Clearing as Reserves>::net_paid(1), 0);
	});
}

#[test]
fn what_is_owed_accrued_or_earmarked_is_not_drawn_down() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 10));
		assert_ok!(Clearing::accrue(1, 20));
		assert_ok!(Clearing::earmark(1, 3, 15));
		assert_noop!(Clearing::draw_down(by(1), 56), Error::<Test>::ReserveTooSmall);
		// Debts on lines take away from the bond behind the points; what is accrued or kept backs nothing.
		LeastBacking::set(BOND - 10 + 11);
		assert_noop!(Clearing::draw_down(by(1), 55), sp_runtime::DispatchError::Other("OverLiabilityCap"));
		assert_ok!(Clearing::draw_down(by(1), 54));
	});
}

#[test]
fn what_is_accrued_or_earmarked_does_not_settle_debts() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe(1, 2, 40));
		assert_ok!(Clearing::accrue(1, 60));
		assert_ok!(Clearing::earmark(1, 3, 10));
		turn();
		assert_eq!((owes(1, 2), free_reserve(1)), (10, 0));
	});
}

#[test]
fn when_books_close_what_was_kept_on_lines_is_kept_of_the_reserve_and_paid_by_the_bond() {
	run(|| {
		grant(2, 1, 20);
		grant(3, 1, 20);
		assert_ok!(Clearing::owe(1, 3, 5));
		assert_eq!(Clearing::earmark(1, 2, 30), Ok(earmark(20, 10)));
		assert_eq!(Clearing::earmark(1, 3, 15), Ok(earmark(15, 0)));
		let before = (Balances::free_balance(1), free_reserve(1));
		InRunOff::set([1].into());
		assert_ok!(<Clearing as Reserves>::close_books(1));
		assert_eq!((Alliance::bond(1), reserve(1)), (BOND - 35, 135));
		assert_eq!((Balances::free_balance(1), free_reserve(1)), before);
		let encumbrance = Encumbrance { earmarked: 10, from_lines: 35, ..Default::default() };
		assert_eq!((Encumbrances::<Test>::get(1), BondDebts::<Test>::get(1)), (encumbrance, 5));
		assert_ok!(Clearing::do_try_state());
		// What was kept is neither more nor less than before, for its own obligation and nothing else.
		Outstanding::set([(1, 90)].into());
		assert_ok!(Clearing::release_earmark(1, 2, earmark(20, 10)));
		assert_ok!(Clearing::owe(1, 2, 30));
		assert_ok!(Clearing::release_earmark(1, 3, earmark(15, 0)));
		assert_ok!(Clearing::owe(1, 3, 15));
		assert_eq!((free_reserve(1), Encumbrances::<Test>::get(1)), (90, Encumbrance::default()));
		assert_eq!(reserves(), [90, 130, 115, 0]);
		assert_ok!(<Clearing as Reserves>::close_books(1));
		assert_eq!(Alliance::bond(1), BOND - 35);
	});
}

#[test]
fn what_fines_left_of_a_bond_serves_debts_before_what_is_kept_on_lines() {
	run(|| {
		grant(2, 1, 20);
		assert_ok!(Clearing::owe(1, 2, 5));
		assert_ok!(Clearing::earmark(1, 2, 15));
		assert_ok!(Alliance::draw_bond(1, &POT, BOND - 12));
		InRunOff::set([1].into());
		assert_ok!(<Clearing as Reserves>::close_books(1));
		// Seven of fifteen; the rest stays what the creditor granted.
		assert_eq!((Alliance::bond(1), Encumbrances::<Test>::get(1).from_lines), (5, 7));
		assert_eq!(<Clearing as Reserves>::bond_debt(1), 5 + 8);
		assert_ok!(Clearing::do_try_state());
		assert_ok!(Clearing::release_earmark(1, 2, earmark(15, 0)));
		assert_eq!((<Clearing as Reserves>::bond_debt(1), Encumbrances::<Test>::iter().count()), (5, 0));
	});
}
