use super::mock::*;
use crate::{ComplaintOutcome, ComplaintState, Error, Event, Fine, FineId};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Members as _, OffenceKind, PendingClaims};
use sp_runtime::DispatchError;
use std::collections::BTreeMap;

/// Ann complained about 500 at the shop, which answered.
fn answered() {
	complaint_about(SHOP, ANN, 1, 500);
	assert_ok!(answer(SHOP, 1));
}

#[test]
fn a_member_brings_an_answered_complaint_to_a_vote() {
	run(|| {
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		let ends = now() + CASE;
		last_event(Event::CaseOpened { merchant: SHOP, number: 1, by: CAFE, deposit: DEPOSIT, ends });
		assert_eq!((deposit_of(CAFE), free(CAFE.into())), (DEPOSIT, FREE - DEPOSIT));
	});
}

#[test]
fn bringing_fails_by_name() {
	run(|| {
		assert_noop!(bring(CAFE, SHOP, 1), Error::<Test>::NotFound);
		complaint_about(SHOP, ANN, 1, 500);
		assert_noop!(bring(CAFE, SHOP, 1), Error::<Test>::NotAnswered);
		assert_ok!(answer(SHOP, 1));
		assert_noop!(bring(SHOP, SHOP, 1), Error::<Test>::OwnComplaint);
		assert_noop!(Conduct::open_case(RuntimeOrigin::signed(ANN), SHOP, 1), DispatchError::BadOrigin);
		assert_ok!(Institutions::leave(by(HOTEL)));
		assert_noop!(bring(HOTEL, SHOP, 1), pallet_institutions::Error::<Test>::NotActive);
		assert_ok!(Institutions::top_up_bond(by(BANK), FREE - ED));
		assert_noop!(bring(BANK, SHOP, 1), Error::<Test>::FundsTooSmall);
		assert_ok!(bring(CAFE, SHOP, 1));
		complaint_about(SHOP, ANN, 2, 500);
		assert_ok!(answer(SHOP, 2));
		assert_noop!(bring(CAFE, SHOP, 2), Error::<Test>::CaseOpen);
		assert_noop!(bring(BANK, SHOP, 1), Error::<Test>::AlreadyInCase);
	});
}

#[test]
fn a_complaint_is_not_brought_once_its_time_is_over() {
	run(|| {
		answered();
		Timestamp::set_timestamp(now() + ANSWER + CASE);
		assert_noop!(bring(CAFE, SHOP, 1), Error::<Test>::ComplaintOver);
		poll();
		poll();
		assert_noop!(bring(CAFE, SHOP, 1), Error::<Test>::ComplaintOver);
	});
}

#[test]
fn a_complaint_that_is_upheld_is_paid_back_and_fined_for_the_customer() {
	run(|| {
		// Three per cent of the bond: 300 of at most 500.
		price(OffenceKind::UpheldComplaint, fine_of(30_000));
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		assert_ok!(uphold(SHOP, 1));
		has_event(Event::ChargedBack { merchant: SHOP, number: 1, value: 500 });
		has_event(Event::CaseEnded { merchant: SHOP, number: 1, upheld: true, deposit: DEPOSIT, to: CAFE });
		assert_eq!(complaint(SHOP, 1).unwrap().state, ComplaintState::Closed(ComplaintOutcome::Upheld));
		assert_eq!(receipt(SHOP, ANN, 1), (0, true, false));
		assert_eq!((deposit_of(CAFE), free(CAFE.into())), (0, FREE + COST));
		assert_eq!((escrow(SHOP), free(ANN)), (300, ED + 1));
		pass(APPEAL);
		assert_eq!((escrow(SHOP), free(ANN), pot()), (0, ED + 301, 0));
		has_event(Event::FinePaid { fine: FineId { member: SHOP, number: 1 }, to: ANN, amount: 300 });
		assert_eq!(crate::PotTotals::<Test>::get().paid_in, 0);
	});
}

#[test]
fn the_fine_for_a_customer_is_at_most_the_price() {
	run(|| {
		price(OffenceKind::UpheldComplaint, fine_of(900_000));
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		assert_ok!(uphold(SHOP, 1));
		assert_eq!((escrow(SHOP), bond(SHOP)), (500, BOND - 500));
	});
}

#[test]
fn the_fine_goes_to_whoever_recovered_the_customers_account() {
	run(|| {
		price(OffenceKind::UpheldComplaint, fine_of(30_000));
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		assert_ok!(uphold(SHOP, 1));
		Successors::set(BTreeMap::from([(ANN, BEN)]));
		pass(APPEAL);
		assert_eq!((free(ANN), free(BEN)), (ED + 1, ED + 301));
	});
}

#[test]
fn a_fine_that_the_customer_cannot_get_returns_to_the_merchant_and_not_to_the_voters() {
	run(|| {
		// Less than an account must have, for a customer that has no account.
		price(OffenceKind::UpheldComplaint, fine_of(500));
		complaint_about(SHOP, POOR, 1, 500);
		assert_ok!(answer(SHOP, 1));
		assert_ok!(bring(CAFE, SHOP, 1));
		assert_ok!(uphold(SHOP, 1));
		assert_eq!(escrow(SHOP), 5);
		pass(APPEAL);
		assert_eq!((escrow(SHOP), free(POOR), pot(), free(SHOP.into())), (0, 0, 0, FREE - COST + 5));
		has_event(Event::FineReturned { fine: FineId { member: SHOP, number: 1 }, amount: 5 });
	});
}

#[test]
fn a_fine_that_is_reversed_goes_back_to_the_merchant() {
	run(|| {
		price(OffenceKind::UpheldComplaint, fine_of(30_000));
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		assert_ok!(uphold(SHOP, 1));
		assert_ok!(reverse(SHOP, 1));
		pass(APPEAL);
		assert_eq!((free(ANN), free(SHOP.into())), (ED + 1, FREE - COST + 300));
	});
}

#[test]
fn upholding_fails_by_name_and_changes_nothing() {
	run(|| {
		assert_noop!(uphold(SHOP, 1), Error::<Test>::NotFound);
		answered();
		assert_noop!(uphold(SHOP, 1), Error::<Test>::NoCase);
		assert_ok!(bring(CAFE, SHOP, 1));
		assert_noop!(Conduct::uphold_complaint(by(CAFE), SHOP, 1), DispatchError::BadOrigin);
		Timestamp::set_timestamp(now() + CASE);
		assert_noop!(uphold(SHOP, 1), Error::<Test>::NoCase);
	});
}

#[test]
fn a_member_that_brought_an_upheld_case_is_whole_again_and_the_merchant_owes_what_it_cost() {
	run(|| {
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		assert_eq!(free(CAFE.into()), FREE - DEPOSIT);
		assert_ok!(uphold(SHOP, 1));
		assert_eq!((free(CAFE.into()), free(SHOP.into())), (FREE + COST, FREE - COST));
		assert_eq!(Unpaid::get(SHOP), 0);
	});
}

#[test]
fn a_judgement_does_not_depend_on_what_the_merchant_has() {
	run(|| {
		price(OffenceKind::UpheldComplaint, fine_of(30_000));
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		// All but 100 of its bond is gone, and it has nothing else.
		Institutions::draw_bond(SHOP, &u64::from(HOTEL), BOND - 100).unwrap();
		Short::set(vec![SHOP]);
		assert_ok!(uphold(SHOP, 1));
		assert_eq!((free(CAFE.into()), Unpaid::get(SHOP)), (FREE, COST));
		// Of the fine the bond has 100; the rest is owed when the appeal window has closed.
		let Fine { amount, owed, .. } = fine(SHOP, 1).unwrap();
		assert_eq!((amount, owed, escrow(SHOP)), (100, 200, 100));
		assert_eq!(Conduct::standing(SHOP).unwrap().fines[0].2, 300);
		pass(APPEAL);
		assert_eq!((free(ANN), Unpaid::get(SHOP)), (ED + 1 + 100, COST + 200));
	});
}

#[test]
fn a_fine_that_is_reversed_leaves_no_judgement_debt() {
	run(|| {
		price(OffenceKind::UpheldComplaint, fine_of(30_000));
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		Institutions::draw_bond(SHOP, &u64::from(HOTEL), BOND - 100).unwrap();
		assert_ok!(uphold(SHOP, 1));
		assert_ok!(reverse(SHOP, 1));
		pass(APPEAL);
		assert_eq!((free(ANN), Unpaid::get(SHOP), free(SHOP.into())), (ED + 1, 0, FREE - COST + 100));
	});
}

#[test]
fn a_friend_that_brings_a_case_shields_nobody() {
	run(|| {
		answered();
		// Its case is the one that there can be, and is everybody's to vote on.
		assert_ok!(bring(HOTEL, SHOP, 1));
		assert_noop!(bring(CAFE, SHOP, 1), Error::<Test>::AlreadyInCase);
		assert_ok!(uphold(SHOP, 1));
		assert_eq!(complaint(SHOP, 1).unwrap().state, ComplaintState::Closed(ComplaintOutcome::Upheld));
	});
}

#[test]
fn a_case_that_is_not_upheld_in_time_loses_its_deposit_to_the_merchant() {
	run(|| {
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		pass(CASE - 1);
		assert_eq!(deposit_of(CAFE), DEPOSIT);
		pass(1);
		assert_eq!(
			(deposit_of(CAFE), free(CAFE.into()), free(SHOP.into())),
			(0, FREE - DEPOSIT, FREE + DEPOSIT)
		);
		has_event(Event::CaseEnded { merchant: SHOP, number: 1, upheld: false, deposit: DEPOSIT, to: SHOP });
		assert_eq!(receipt(SHOP, ANN, 1).0, 500);
	});
}

#[test]
fn a_friend_that_brings_a_case_and_lets_it_lapse_does_not_shield_the_merchant() {
	run(|| {
		complaint_about(SHOP, ANN, 1, 500);
		AnswerTime::set(ANSWER);
		assert_ok!(answer(SHOP, 1));
		assert_ok!(bring(CAFE, SHOP, 1));
		// While it is open, the members can find for the customer; when it is over, another can bring it.
		pass(CASE);
		assert_ok!(bring(BANK, SHOP, 1));
		assert_ok!(uphold(SHOP, 1));
		assert_eq!(receipt(SHOP, ANN, 1).0, 0);
	});
}

#[test]
fn a_case_that_is_open_when_the_complaint_would_be_over_keeps_it() {
	run(|| {
		answered();
		pass(ANSWER);
		pass(CASE - 1);
		assert_ok!(bring(CAFE, SHOP, 1));
		pass(1);
		assert!(receipt(SHOP, ANN, 1).2);
		pass(CASE - 2);
		assert_ok!(uphold(SHOP, 1));
		assert_eq!(receipt(SHOP, ANN, 1), (0, true, false));
	});
}

#[test]
fn a_complaint_ends_after_its_case() {
	run(|| {
		answered();
		pass(ANSWER);
		pass(CASE - 1);
		assert_ok!(bring(CAFE, SHOP, 1));
		pass(CASE);
		pass(1);
		assert_eq!(complaint(SHOP, 1).unwrap().state, ComplaintState::Closed(ComplaintOutcome::Answered));
	});
}

#[test]
fn leaving_is_no_way_out_of_a_case() {
	run(|| {
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		assert_noop!(Conduct::ensure_none(SHOP), Error::<Test>::ComplaintOpen);
		assert_noop!(Conduct::ensure_none(CAFE), Error::<Test>::CaseOpen);
		assert_ok!(Conduct::ensure_none(BANK));
		pass(CASE);
		assert_ok!(Conduct::ensure_none(CAFE));
	});
}

#[test]
fn a_deposit_returns_if_the_merchant_cannot_get_it() {
	run(|| {
		answered();
		assert_ok!(bring(CAFE, SHOP, 1));
		// As if it were gone, which its open complaint prevents.
		let shop = pallet_institutions::Institutions::<Test>::take(SHOP).unwrap();
		let case = crate::OpenCases::<Test>::get(SHOP, 1).unwrap();
		Conduct::end_case_in_time(SHOP, 1, case).unwrap();
		assert_eq!((deposit_of(CAFE), free(CAFE.into())), (0, FREE));
		pallet_institutions::Institutions::<Test>::insert(SHOP, shop);
		crate::DueItems::<Test>::iter()
			.filter(|(.., item)| matches!(item.item, crate::DueItem::Case(..)))
			.for_each(|(due, due_index, _)| crate::DueItems::<Test>::remove(due, due_index));
	});
}
