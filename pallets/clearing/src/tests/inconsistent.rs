//! Books that contradict each other, which cannot be: that is noticed, and nothing moves.

use super::mock::*;
use crate::{
	Arrears, ArrearsOfDebtor, BondDebts, CurrentCycle, Cycle, Encumbrances, Error, Event, Inconsistency,
	Judgement, Judgements, Overdue, OverdueUpdate, OverdueUpdates, Position, Positions, Posting, PostingPage,
	Postings, SettlementStage,
};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Clearing as _, Members as _, Reserves as _};

/// Institution 1 owes 20 to 2 on a line, and something is kept of its reserve and on the line.
fn corrupted(corrupt: impl FnOnce(), test: impl FnOnce()) {
	genesis().execute_with(|| {
		grant(2, 1, 30);
		assert_ok!(Clearing::owe(1, 2, 20));
		assert_eq!(Clearing::earmark(1, 2, 15), Ok(earmark(10, 5)));
		assert_ok!(Clearing::accrue(1, 7));
		assert_ok!(Clearing::do_try_state());
		corrupt();
		test();
	});
}

fn noticed(what: Inconsistency) {
	System::assert_has_event(Event::Inconsistent { what }.into());
}

#[test]
fn nothing_is_released_that_was_not_kept() {
	corrupted(
		|| {},
		|| {
			assert_noop!(Clearing::release_earmark(1, 2, earmark(0, 6)), Error::<Test>::Inconsistent);
			assert_noop!(Clearing::release_earmark(3, 2, earmark(0, 1)), Error::<Test>::Inconsistent);
			assert_noop!(Clearing::release_credit(1, 2, 11), Error::<Test>::Inconsistent);
			assert_noop!(Clearing::release_credit(1, 3, 1), Error::<Test>::Inconsistent);
			assert_noop!(Clearing::release_accrued(1, 8), Error::<Test>::Inconsistent);
			assert_ok!(Clearing::release_earmark(1, 2, earmark(10, 5)));
			assert_ok!(Clearing::release_accrued(1, 7));
		},
	);
}

#[test]
fn nothing_is_released_on_a_line_that_is_not_held_back_for_it() {
	corrupted(
		|| Encumbrances::<Test>::mutate(1, |all| all.on_lines = 9),
		|| {
			let release = || Clearing::release_earmark(1, 2, earmark(10, 5));
			assert_noop!(frame_support::storage::with_storage_layer(release), Error::<Test>::Inconsistent);
		},
	);
}

#[test]
fn nothing_is_set_off_against_a_debt_that_is_not_counted() {
	corrupted(
		|| BondDebts::<Test>::insert(1, 4),
		|| {
			let owe = || Clearing::owe(2, 1, 50);
			assert_noop!(frame_support::storage::with_storage_layer(owe), Error::<Test>::Inconsistent);
			assert_ok!(Clearing::owe(2, 1, 4));
		},
	);
}

#[test]
fn nothing_is_taken_off_a_position_that_is_not_there_or_too_small() {
	corrupted(
		|| {},
		|| {
			assert_noop!(Clearing::reduce_debt(1, 3, 1), Error::<Test>::Inconsistent);
			assert_noop!(Clearing::reduce_debt(2, 1, 1), Error::<Test>::Inconsistent);
			assert_noop!(Clearing::reduce_debt(1, 2, 21), Error::<Test>::Inconsistent);
			assert_noop!(Clearing::increase_debt(2, 1, 1), Error::<Test>::Inconsistent);
			assert_ok!(Clearing::reduce_debt(1, 2, 20));
		},
	);
}

#[test]
fn a_settlement_of_positions_beyond_all_money_moves_nothing_and_the_next_cycle_begins() {
	corrupted(
		|| {
			let mut position = Position::default();
			position.add(false, 1, u128::MAX).unwrap();
			Positions::<Test>::insert((1, 3), position);
		},
		|| {
			let before = (reserves(), Positions::<Test>::get((1, 2)));
			turn();
			noticed(Inconsistency::Settlement { cycle: 1 });
			assert_eq!((reserves(), Positions::<Test>::get((1, 2))), before);
			assert_eq!(CurrentCycle::<Test>::get().index, 2);
			assert_eq!(CurrentCycle::<Test>::get().stage, SettlementStage::Idle);
		},
	);
}

/// The rest of a settlement in which this is posted and this follows.
fn go_on(postings: &[Posting], updates: &[OverdueUpdate]) {
	let stage = SettlementStage::Posting(0);
	CurrentCycle::<Test>::put(Cycle { index: 2, began: Now::get(), stage });
	Postings::<Test>::insert(0, PostingPage::try_from(postings.to_vec()).unwrap());
	OverdueUpdates::<Test>::put(frame_support::BoundedVec::try_from(updates.to_vec()).unwrap());
	poll();
	assert_eq!(CurrentCycle::<Test>::get().stage, SettlementStage::Idle);
}

#[test]
fn a_posting_that_is_not_owed_changes_nothing_and_the_others_are_posted() {
	corrupted(
		|| {},
		|| {
			let posting = |debtor, creditor, settled, drawn| Posting { debtor, creditor, settled, drawn };
			let bond = Alliance::bond(1);
			go_on(&[posting(1, 2, 21, 0), posting(1, 3, 0, 5), posting(1, 2, 6, 4)], &[]);
			noticed(Inconsistency::Posting { debtor: 1, creditor: 2 });
			// The bond does not pay what is not owed.
			noticed(Inconsistency::BondDraw { debtor: 1, creditor: 3 });
			assert_eq!((owes(1, 2), Alliance::bond(1)), (10, bond - 4));
		},
	);
}

#[test]
fn arrears_that_are_not_the_sum_of_what_was_found_pay_nothing() {
	corrupted(
		|| {
			Judgements::<Test>::insert(1, 1u32.to_be_bytes(), Judgement { to: 77, value: 9 });
			Arrears::<Test>::insert(1, ArrearsOfDebtor { last: 1, sum: 8 });
			Arrears::<Test>::insert(2, ArrearsOfDebtor { last: 1, sum: 8 });
		},
		|| {
			let before = (reserves(), Arrears::<Test>::get(1), Judgements::<Test>::iter().count());
			poll();
			noticed(Inconsistency::Arrears { debtor: 1 });
			noticed(Inconsistency::Arrears { debtor: 2 });
			assert_eq!((reserves(), Arrears::<Test>::get(1), Judgements::<Test>::iter().count()), before);
		},
	);
}

#[test]
fn a_debtor_that_cannot_be_paused_stays_as_it_was_and_the_next_one_is_escalated() {
	corrupted(
		|| Unpausable::set(Some(1)),
		|| {
			BondDebts::<Test>::insert(1, 1_000);
			BondDebts::<Test>::insert(3, 1_000);
			let late = |debtor| OverdueUpdate { debtor, late: true };
			go_on(&[], &[late(1), late(3)]);
			noticed(Inconsistency::Escalation { debtor: 1 });
			assert_eq!((Overdue::<Test>::get(1), Overdue::<Test>::contains_key(3)), (None, true));
			assert_eq!(Paused::get(), [3].into());
		},
	);
}

#[test]
fn of_a_reserve_of_which_more_is_held_back_than_is_held_nothing_is_free() {
	corrupted(
		|| Encumbrances::<Test>::mutate(1, |all| all.accrued = u128::MAX),
		|| {
			assert_eq!(Clearing::free_reserve(1), 0);
			assert_noop!(Clearing::owe(1, 3, 1), Error::<Test>::ReserveTooSmall);
			assert_noop!(Clearing::draw_down(by(1), 1), Error::<Test>::ReserveTooSmall);
		},
	);
}
