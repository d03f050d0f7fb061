use super::mock::*;
use crate::{ComplaintOutcome, ComplaintState, Error, Event};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{InstitutionId, OffenceKind, PendingClaims};
use std::collections::BTreeMap;

fn outcome(merchant: InstitutionId, number: u64) -> Option<ComplaintOutcome> {
	match complaint(merchant, number)?.state {
		ComplaintState::Closed(outcome) => Some(outcome),
		_ => None,
	}
}

#[test]
fn a_customer_complains_without_deposit() {
	run(|| {
		pays(SHOP, ANN, 1, 500);
		assert_ok!(complain(SHOP, ANN, 1));
		last_event(Event::ComplaintFiled {
			merchant: SHOP,
			number: 1,
			payer: ANN,
			order: order(1),
			evidence: hash(1),
			price: 500,
			deadline: now() + ANSWER,
		});
		assert_eq!(free(ANN), ED + 1);
		assert_eq!(receipt(SHOP, ANN, 1), (500, true, true));
		assert_eq!(Conduct::standing(SHOP).unwrap().complaints.open, 1);
	});
}

#[test]
fn a_complaint_fails_by_name() {
	run(|| {
		assert_noop!(complain(SHOP, ANN, 1), Error::<Test>::NotRefundable);
		pays(SHOP, ANN, 1, 500);
		let by_ben = RuntimeOrigin::signed(BEN);
		assert_noop!(Conduct::file_complaint(by_ben, SHOP, ANN, order(1), hash(1)), Error::<Test>::NotPayer);
		assert_ok!(complain(SHOP, ANN, 1));
		assert_noop!(complain(SHOP, ANN, 1), Error::<Test>::AlreadyComplained);
		pays(SHOP, ANN, 2, 0);
		assert_noop!(complain(SHOP, ANN, 2), Error::<Test>::NotRefundable);
		pays(SHOP, ANN, 3, 500);
		close_window(SHOP, ANN, 3);
		assert_noop!(complain(SHOP, ANN, 3), Error::<Test>::NotRefundable);
	});
}

#[test]
fn the_successor_of_an_account_complains_and_the_lost_key_does_not() {
	run(|| {
		pays(SHOP, ANN, 1, 500);
		Successors::set(BTreeMap::from([(ANN, BEN), (BEN, CAT)]));
		for lost in [ANN, BEN] {
			let origin = RuntimeOrigin::signed(lost);
			assert_noop!(
				Conduct::file_complaint(origin, SHOP, ANN, order(1), hash(1)),
				Error::<Test>::NotPayer
			);
		}
		assert_ok!(Conduct::file_complaint(RuntimeOrigin::signed(CAT), SHOP, ANN, order(1), hash(1)));
	});
}

#[test]
fn complaints_are_numbered_by_merchant() {
	run(|| {
		complaint_about(SHOP, ANN, 1, 500);
		complaint_about(CAFE, ANN, 2, 500);
		complaint_about(SHOP, BEN, 3, 500);
		assert_eq!(complaint(SHOP, 2).unwrap().payer, BEN);
		assert_eq!(complaint(CAFE, 1).unwrap().order, order(2));
	});
}

#[test]
fn an_unanswered_complaint_is_paid_back_by_the_chain() {
	run(|| {
		price(OffenceKind::UnansweredComplaint, fine_of(10_000));
		complaint_about(SHOP, ANN, 1, 500);
		pass(ANSWER - 1);
		assert_eq!(receipt(SHOP, ANN, 1).0, 500);
		pass(1);
		assert_eq!(receipt(SHOP, ANN, 1), (0, true, false));
		has_event(Event::ChargedBack { merchant: SHOP, number: 1, value: 500 });
		assert_eq!((escrow(SHOP), outcome(SHOP, 1)), (100, Some(ComplaintOutcome::ChargedBack)));
		assert_ok!(Conduct::ensure_none(CAFE));
	});
}

#[test]
fn a_receipt_whose_window_closed_is_paid_back_all_the_same() {
	run(|| {
		complaint_about(SHOP, ANN, 1, 500);
		close_window(SHOP, ANN, 1);
		pass(ANSWER);
		assert_eq!(receipt(SHOP, ANN, 1), (0, false, false));
	});
}

#[test]
fn an_answer_keeps_the_chain_from_paying_back() {
	run(|| {
		price(OffenceKind::UnansweredComplaint, fine_of(10_000));
		complaint_about(SHOP, ANN, 1, 500);
		assert_ok!(answer(SHOP, 1));
		last_event(Event::ComplaintsAnswered { merchant: SHOP, up_to: 1, document: hash(1) });
		pass(ANSWER);
		assert_eq!((receipt(SHOP, ANN, 1).0, escrow(SHOP), outcome(SHOP, 1)), (500, 0, None));
		// Nobody brings it to a vote, so it is over, and the receipt is released.
		pass(CASE - 1);
		assert_eq!(outcome(SHOP, 1), None);
		pass(1);
		assert_eq!(outcome(SHOP, 1), Some(ComplaintOutcome::Answered));
		assert_eq!(receipt(SHOP, ANN, 1), (500, true, false));
		assert_ok!(Conduct::ensure_none(SHOP));
	});
}

#[test]
fn an_answer_fails_by_name() {
	run(|| {
		assert_noop!(answer(SHOP, 1), Error::<Test>::NotFound);
		complaint_about(SHOP, ANN, 1, 500);
		assert_noop!(answer(SHOP, 2), Error::<Test>::NotFound);
		assert_noop!(answer(SHOP, 0), Error::<Test>::AlreadyAnswered);
		assert_ok!(answer(SHOP, 1));
		assert_noop!(answer(SHOP, 1), Error::<Test>::AlreadyAnswered);
	});
}

#[test]
fn an_answer_does_not_reach_what_is_filed_later() {
	run(|| {
		complaint_about(SHOP, ANN, 1, 500);
		assert_ok!(answer(SHOP, 1));
		complaint_about(SHOP, ANN, 2, 500);
		pass(ANSWER);
		assert_eq!((receipt(SHOP, ANN, 1).0, receipt(SHOP, ANN, 2).0), (500, 0));
	});
}

#[test]
fn one_answer_deals_with_a_thousand_complaints() {
	run(|| {
		price(OffenceKind::UnansweredComplaint, fine_of(10_000));
		for n in 1..=1_000 {
			complaint_about(SHOP, ANN, n, 1);
		}
		assert_ok!(answer(SHOP, 1_000));
		// Sixty-four steps in a block.
		for _ in 0..16 {
			pass(ANSWER / 16 + 1);
		}
		for _ in 0..16 {
			poll();
		}
		assert_eq!((escrow(SHOP), bond(SHOP)), (0, BOND));
		assert_eq!(crate::OpenCases::<Test>::iter().count(), 0);
		assert!((1..=1_000).all(|n| receipt(SHOP, ANN, n).0 == 1));
		pass(CASE);
		for _ in 0..16 {
			poll();
		}
		assert_eq!(Conduct::standing(SHOP).unwrap().complaints.open, 0);
	});
}

#[test]
fn a_thousand_unanswered_complaints_are_one_offence() {
	run(|| {
		price(OffenceKind::UnansweredComplaint, fine_of(10_000));
		for n in 1..=1_000 {
			complaint_about(SHOP, ANN, n, 1);
		}
		pass(ANSWER);
		let paid = || (1..=1_000).filter(|n| receipt(SHOP, ANN, *n).0 == 0).count();
		// A block takes up to 64 items, as far as its share allows, those first that came first.
		for block in 1..=16 {
			let done = 1_000.min(64 * block);
			assert_eq!(paid(), done);
			assert_eq!(receipt(SHOP, ANN, done as u64).0, 0);
			poll();
		}
		assert_eq!(escrow(SHOP), 100);
		assert_eq!(Conduct::standing(SHOP).unwrap().offences[0].times, 1_000);
	});
}

#[test]
fn junk_against_oneself_shields_nobody() {
	run(|| {
		for n in 1..=300 {
			complaint_about(SHOP, SHOP.into(), n, 1);
		}
		// The 301st still has a place and a deadline of its own.
		complaint_about(SHOP, ANN, 301, 500);
		pass(ANSWER);
		for _ in 0..75 {
			poll();
		}
		assert_eq!(receipt(SHOP, ANN, 301).0, 0);
	});
}

#[test]
fn a_merchant_that_refunded_everything_needs_no_answer() {
	run(|| {
		price(OffenceKind::UnansweredComplaint, fine_of(10_000));
		complaint_about(SHOP, ANN, 1, 500);
		Bills::insert((SHOP, ANN, order(1)), (0, true, true));
		pass(ANSWER);
		assert_eq!((escrow(SHOP), outcome(SHOP, 1)), (0, Some(ComplaintOutcome::Settled)));
	});
}

#[test]
fn a_merchant_without_money_is_found_against_as_any_other() {
	run(|| {
		price(OffenceKind::UnansweredComplaint, fine_of(10_000));
		complaint_about(SHOP, ANN, 1, 500);
		Short::set(vec![SHOP]);
		Fee::set(7);
		pass(ANSWER);
		assert_eq!((receipt(SHOP, ANN, 1).0, outcome(SHOP, 1)), (0, Some(ComplaintOutcome::ChargedBack)));
		assert_eq!((escrow(SHOP), Unpaid::get(SHOP)), (100, 7));
	});
}

#[test]
fn a_merchant_that_does_not_answer_pays_for_the_chains_work_and_one_that_refunded_does_not() {
	run(|| {
		Fee::set(7);
		complaint_about(SHOP, ANN, 1, 500);
		complaint_about(CAFE, ANN, 2, 500);
		Bills::insert((CAFE, ANN, order(2)), (0, true, true));
		complaint_about(BANK, ANN, 3, 500);
		assert_ok!(answer(BANK, 1));
		pass(ANSWER);
		let paid = [SHOP, CAFE, BANK].map(|member| FREE - free(member.into()));
		assert_eq!((paid, pot()), ([7, 0, 0], 7));
	});
}

#[test]
fn nobody_complains_about_a_merchant_that_is_gone() {
	run(|| {
		pays(SHOP, ANN, 1, 500);
		pallet_institutions::InstitutionOf::<Test>::remove(u64::from(SHOP));
		assert_noop!(complain(SHOP, ANN, 1), Error::<Test>::NotRefundable);
		pallet_institutions::InstitutionOf::<Test>::insert(u64::from(SHOP), SHOP);
	});
}

#[test]
fn a_receipt_is_complained_about_once_until_its_window_has_closed() {
	run(|| {
		complaint_about(SHOP, ANN, 1, 500);
		assert_ok!(answer(SHOP, 1));
		pass(ANSWER);
		pass(CASE);
		assert_eq!(outcome(SHOP, 1), Some(ComplaintOutcome::Answered));
		pass(CASE);
		pass(CASE);
		assert_noop!(complain(SHOP, ANN, 1), Error::<Test>::AlreadyComplained);
		// Then nobody can complain about it anyway, and nothing needs to be remembered.
		close_window(SHOP, ANN, 1);
		pass(CASE);
		assert_eq!(complaint(SHOP, 1), None);
		assert_noop!(complain(SHOP, ANN, 1), Error::<Test>::NotRefundable);
		assert_eq!(crate::DueItems::<Test>::iter().count(), 0);
	});
}

#[test]
fn leaving_is_no_way_out_of_a_complaint() {
	run(|| {
		complaint_about(SHOP, ANN, 1, 500);
		assert_ok!(Institutions::leave(by(SHOP)));
		assert_noop!(Conduct::ensure_none(SHOP), Error::<Test>::ComplaintOpen);
		assert_ok!(answer(SHOP, 1));
		pass(ANSWER);
		assert_noop!(Conduct::ensure_none(SHOP), Error::<Test>::ComplaintOpen);
		pass(CASE);
		assert_ok!(Conduct::ensure_none(SHOP));
	});
}
