//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{
	BondDebts, CreditLine, CreditLines, DepositReports, Encumbrances, IssuanceTotals, Payout, Payouts,
	Position, Positions, Posting, PostingPage, Postings, RefundTurnover, ReserveFlowsOf, Turnover,
};
use frame_support::{assert_ok, traits::fungible::Mutate};
use hanse_primitives::{Clearing as _, Encumbrance, Members as _};
use sp_core::H256;

/// Breaks the storage of a chain with one obligation, partly paid and partly on a line, and expects the check
/// to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		grant(2, 1, 20);
		assert_ok!(Clearing::owe(1, 2, 60));
		assert_ok!(Clearing::accrue(1, 10));
		assert_ok!(Clearing::do_try_state());
		corrupt();
		assert_eq!(Clearing::do_try_state(), Err(reason.into()));
	});
}

fn change(of: impl FnOnce(&mut Position)) {
	Positions::<Test>::mutate((1, 2), |slot| of(slot.as_mut().unwrap()));
}

#[test]
fn invariant_1_notices_a_deposit_of_one_unit_that_was_never_made() {
	breaks("a reserve is not the sum of its flows", || {
		ReserveFlowsOf::<Test>::mutate(3, |d| d.topped_up += 1)
	});
}

#[test]
fn invariant_1_notices_a_unit_that_was_collected_and_not_moved() {
	breaks("a reserve is not the sum of its flows", || {
		ReserveFlowsOf::<Test>::mutate(1, |d| d.interchange += 1)
	});
}

#[test]
fn invariant_1_notices_money_that_nobody_paid() {
	breaks("a reserve is not the sum of its flows", || Turnover::<Test>::mutate(2, 3, |owed| *owed += 1));
}

#[test]
fn invariant_1_notices_a_debt_that_the_bond_did_not_pay() {
	breaks("a reserve is not the sum of its flows", || {
		ReserveFlowsOf::<Test>::mutate(1, |d| d.bond_paid += 1)
	});
}

#[test]
fn invariant_1_notices_a_refund_that_did_not_come_back() {
	breaks("a reserve is not the sum of its flows", || RefundTurnover::<Test>::insert(1, 2, 1));
}

#[test]
fn invariant_2_notices_a_member_that_owes_itself() {
	breaks("a member owes itself", || Turnover::<Test>::insert(1, 1, 1));
}

#[test]
fn invariant_2_notices_an_obligation_of_a_stranger() {
	breaks("an obligation of somebody who is no member", || Turnover::<Test>::insert(8, 9, 0));
}

#[test]
fn invariant_2_notices_a_pair_that_is_stored_twice() {
	breaks("a pair is stored the wrong way round", || {
		let position = Positions::<Test>::get((1, 2)).unwrap();
		Positions::<Test>::insert((2, 1), position);
	});
}

#[test]
fn invariant_2_notices_positions_and_units_of_zero() {
	breaks("a position is zero", || change(|position| position.debts.clear()));
	breaks("a unit is zero", || change(|position| position.debts[0].value = 0));
}

#[test]
fn invariant_2_notices_units_that_are_not_in_order() {
	breaks("debts are not in order", || {
		change(|position| {
			let unit = position.debts[0];
			position.debts.try_push(unit).unwrap();
		})
	});
}

#[test]
fn invariant_3_notices_a_debt_of_one_unit_too_much() {
	let reason = "a debt is not the sum of its positions";
	breaks(reason, || BondDebts::<Test>::mutate(1, |debt| *debt += 1));
	breaks(reason, || change(|position| position.debts[0].value += 1));
	breaks(reason, || {
		change(|position| position.low_owes = false);
		CreditLines::<Test>::insert(1, 2, CreditLine { limit: 20, accepted: 20, earmarked: 0 });
	});
}

#[test]
fn invariant_3_notices_what_is_kept_on_a_line_and_not_held_back() {
	let reason = "what is kept on lines is not held back";
	breaks(reason, || {
		CreditLines::<Test>::insert(2, 1, CreditLine { limit: 20, accepted: 20, earmarked: 1 })
	});
	breaks(reason, || Encumbrances::<Test>::mutate(1, |all| all.on_lines = 1));
	breaks(reason, || Encumbrances::<Test>::mutate(1, |all| all.from_lines = 1));
}

#[test]
fn invariant_3_notices_a_position_without_a_line() {
	breaks("a position is on no line", || CreditLines::<Test>::remove(2, 1));
}

#[test]
fn invariant_3_notices_a_seventeenth_line() {
	breaks("a member granted too many lines", || {
		(10..27).for_each(|debtor| {
			CreditLines::<Test>::insert(3, debtor, CreditLine { limit: 1, ..Default::default() })
		})
	});
}

#[test]
fn a_bond_that_falls_later_breaks_no_invariant_and_leaves_no_room_for_more() {
	genesis().execute_with(|| {
		grant(2, 1, 60);
		assert_ok!(Clearing::owe(1, 2, BOND - 10));
		assert_ok!(Alliance::draw_bond(1, &POT, 20));
		assert_ok!(Clearing::do_try_state());
		assert_ok!(Clearing::owe(1, 2, 5));
		assert_eq!((owes(1, 2), reserve(1)), (BOND - 10, 95));
	});
}

#[test]
fn invariant_4_notices_a_unit_that_was_minted_for_nothing() {
	breaks("issuance is not minted less burned", || {
		assert_ok!(Balances::mint_into(&3, 1));
	});
	breaks("issuance is not minted less burned", || {
		IssuanceTotals::<Test>::mutate(|issued| issued.burned += 1)
	});
	breaks("something was minted for no deposit", || {
		assert_ok!(Balances::mint_into(&3, 1));
		IssuanceTotals::<Test>::mutate(|issued| issued.minted += 1);
	});
}

#[test]
fn invariant_4_notices_a_confirmation_without_money() {
	breaks("something was minted for no deposit", || {
		let funding = crate::DepositReport { institution: 1, amount: 1, confirmed: true };
		DepositReports::<Test>::insert(H256::zero(), funding);
	});
}

#[test]
fn invariant_4_notices_what_is_to_be_paid_out_and_is_not_locked() {
	breaks("what is to be paid out is not held", || {
		Payouts::<Test>::insert(3, Payout { amount: 1, until: 0 })
	});
}

#[test]
fn invariant_5_notices_a_claim_beyond_the_reserve() {
	breaks("more of a reserve is held back than is held", || {
		Encumbrances::<Test>::mutate(1, |encumbrance| encumbrance.earmarked = 51)
	});
	breaks("an encumbrance is zero", || Encumbrances::<Test>::insert(3, Encumbrance::default()));
}

#[test]
fn invariant_6_notices_a_posting_that_was_left_over() {
	breaks("a settlement is left over", || {
		let posting = Posting { debtor: 1, creditor: 2, settled: 1, drawn: 0 };
		Postings::<Test>::insert(0, PostingPage::truncate_from(vec![posting]));
	});
}

#[test]
fn invariant_7_notices_arrears_that_are_not_what_was_found() {
	breaks("arrears are not the sum of what was found", || {
		crate::Arrears::<Test>::insert(1, crate::ArrearsOfDebtor { last: 1, sum: 5 })
	});
	breaks("a finding has a number that was not given", || {
		let judgement = crate::Judgement { to: 77, value: 5 };
		crate::Judgements::<Test>::insert(1, 1u32.to_be_bytes(), judgement)
	});
}
