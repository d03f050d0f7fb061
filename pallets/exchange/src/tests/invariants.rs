//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{
	Authorisation, AuthorisationDeadlines, Authorisations, Closings, KeptReceipts, Receipt, ReceiptClosings,
	ReceiptKey, Receipts,
};
use frame_support::assert_ok;
use pallet_clearing::Encumbrances;
use pallet_points::LiabilityOf;

/// Breaks the storage of an alliance with one receipt, partly refunded, and one authorisation, partly captured, and
/// expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		assert_ok!(issue(1, ANN, 100));
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		assert_ok!(refund(2, ANN, 1, 25));
		assert_ok!(authorize(ANN, BOOKS, 2, 50, &[(1, 100)]));
		assert_ok!(capture_part(2, ANN, 2, 20));
		assert_ok!(Exchange::do_try_state());
		corrupt();
		assert_eq!(Exchange::do_try_state(), Err(reason.into()));
	});
}

fn corrupt_receipt(corrupt: impl FnOnce(&mut Receipt)) {
	Receipts::<Test>::mutate(ReceiptKey::of(BOOKS, ANN, order(1)), |receipt| {
		corrupt(receipt.as_mut().unwrap())
	});
}

fn corrupt_authorisation(corrupt: impl FnOnce(&mut Authorisation)) {
	Authorisations::<Test>::mutate(ReceiptKey::of(BOOKS, ANN, order(2)), |it| corrupt(it.as_mut().unwrap()));
}

#[test]
fn invariant_1_notices_a_price_that_is_one_unit_off() {
	breaks("what a receipt's points paid is not its price", || corrupt_receipt(|receipt| receipt.price += 1));
}

#[test]
fn invariant_1_notices_a_receipt_of_nothing() {
	breaks("a receipt of nothing", || {
		corrupt_receipt(|receipt| (receipt.price, receipt.parts) = (0, Default::default()))
	});
}

#[test]
fn invariant_2_notices_one_unit_that_was_refunded_beyond_the_price() {
	breaks("more than its price was refunded of a receipt", || {
		corrupt_receipt(|receipt| receipt.refunded = 51)
	});
}

#[test]
fn invariant_2_notices_one_point_that_did_not_come_back() {
	let reason = "what came back is not its share of what was refunded";
	breaks(reason, || corrupt_receipt(|receipt| receipt.parts[0].returned -= 1));
}

#[test]
fn invariant_2_notices_interchange_that_was_never_taken() {
	breaks("more interchange was released than taken", || {
		corrupt_receipt(|receipt| receipt.parts[0].released = 2)
	});
}

#[test]
fn invariant_2_notices_a_smallest_unit_that_is_carried() {
	breaks("what is carried is worth a smallest unit", || {
		corrupt_receipt(|receipt| receipt.parts[0].carried = 10_000)
	});
}

#[test]
fn invariant_3_notices_one_unit_of_interchange_too_much() {
	let reason = "accrued interchange is not that of open payments";
	breaks(reason, || Encumbrances::<Test>::mutate(AIR, |claim| claim.accrued += 1));
	breaks(reason, || Encumbrances::<Test>::mutate(HOTEL, |claim| claim.accrued += 1));
	breaks(reason, || corrupt_receipt(|receipt| receipt.parts[0].interchange += 1));
	breaks(reason, || corrupt_authorisation(|authorisation| authorisation.earmarks[0].interchange += 1));
}

#[test]
fn invariant_3_notices_interchange_at_home() {
	breaks("interchange of a payment at home", || {
		let mut key = ReceiptKey::of(BOOKS, ANN, order(1));
		let receipt = Receipts::<Test>::take(key).unwrap();
		key.merchant = AIR;
		Receipts::<Test>::insert(key, receipt);
	});
}

#[test]
fn invariant_4_notices_one_unit_that_is_earmarked_for_nobody() {
	let reason = "earmarks are not those of authorisations";
	breaks(reason, || Encumbrances::<Test>::mutate(AIR, |claim| claim.earmarked += 1));
	breaks(reason, || Encumbrances::<Test>::mutate(HOTEL, |claim| claim.earmarked += 1));
}

#[test]
fn invariant_5_notices_an_authorisation_that_would_never_end() {
	breaks("the deadlines are not those of the authorisations", || {
		let _ = AuthorisationDeadlines::<Test>::clear(1, None);
	});
}

#[test]
fn invariant_5_notices_a_receipt_that_says_more_than_was_captured() {
	let reason = "a receipt is not what was captured";
	breaks(reason, || corrupt_receipt(|receipt| receipt.authorised = true));
	breaks(reason, || corrupt_authorisation(|authorisation| authorisation.captured -= 1));
}

#[test]
fn invariant_5_notices_an_order_that_is_authorised_and_paid() {
	breaks("an authorisation has no receipt", || {
		let key = ReceiptKey::of(BOOKS, ANN, order(2));
		Receipts::<Test>::mutate(key, |receipt| receipt.as_mut().unwrap().authorised = false);
	});
}

#[test]
fn invariant_6_notices_points_that_nobody_authorised() {
	let reason = "what is authorised is not that of authorisations";
	breaks(reason, || LiabilityOf::<Test>::mutate(AIR, |liability| liability.authorised += 1));
	breaks(reason, || LiabilityOf::<Test>::mutate(HOTEL, |liability| liability.authorised = 1));
	breaks(reason, || LiabilityOf::<Test>::mutate(AIR, |liability| liability.authorised = 0));
	breaks(reason, || corrupt_authorisation(|authorisation| authorisation.burns[0].face_value += 10));
}

#[test]
fn invariant_7_notices_a_receipt_that_would_stay_for_ever() {
	breaks("a receipt would stay for ever", || {
		let _ = ReceiptClosings::<Test>::clear(1, None);
	});
}

#[test]
fn invariant_7_notices_a_receipt_that_is_listed_wrongly_or_gone() {
	let list = |number, closes| Exchange::list_closing(closes, &ReceiptKey::of(BOOKS, ANN, order(number)));
	let closes = |number| Receipts::<Test>::get(ReceiptKey::of(BOOKS, ANN, order(number))).unwrap().closes;
	let reason = "a receipt is listed that does not close then";
	breaks(reason, || list(1, closes(1) + 1));
	breaks(reason, || list(2, closes(2)));
	breaks("a receipt is gone before its time", || list(3, START));
	breaks("a receipt is listed twice", || list(1, closes(1)));
	breaks("a page of the list is empty", || {
		ReceiptClosings::<Test>::insert([0; 8], [0; 8], Closings::default());
	});
}

#[test]
fn invariant_7_notices_a_receipt_of_the_future() {
	breaks("a receipt of an era that has not begun", || corrupt_receipt(|receipt| receipt.paid = 51));
}

#[test]
fn invariant_7_notices_a_kept_receipt_that_is_none() {
	let keep = |number| KeptReceipts::<Test>::insert(ReceiptKey::of(BOOKS, ANN, order(number)), ());
	breaks("a kept receipt is gone", || keep(3));
	breaks("a receipt has left the list that is not kept", || keep(1));
	breaks("a kept receipt is listed", || {
		corrupt_receipt(|receipt| receipt.disputed = true);
		keep(1);
	});
}
