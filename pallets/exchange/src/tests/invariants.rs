//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{Authorisations, Deadlines, KeptReceipts, Receipt, Receipts};
use frame_support::assert_ok;
use pallet_clearing::Claims;

/// Breaks the storage of an alliance with one receipt, partly refunded, and one authorisation, and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		assert_ok!(issue(1, ANN, 100));
		Interchange::set(10_000);
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		assert_ok!(refund(2, ANN, 1, 25));
		assert_ok!(authorize(ANN, BOOKS, 2, 50, &[(1, 100)]));
		assert_ok!(Exchange::do_try_state());
		corrupt();
		assert_eq!(Exchange::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_a_price_that_is_one_unit_off() {
	breaks("what a receipt's points paid is not its price", || {
		let key = Receipts::<Test>::iter_keys().next().unwrap();
		Receipts::<Test>::mutate(key, |receipt| receipt.as_mut().unwrap().price += 1);
	});
}

fn corrupt_receipt(corrupt: impl FnOnce(&mut Receipt)) {
	let key = Receipts::<Test>::iter_keys().next().unwrap();
	Receipts::<Test>::mutate(key, |receipt| corrupt(receipt.as_mut().unwrap()));
}

#[test]
fn invariant_2_notices_one_unit_that_was_refunded_beyond_the_price() {
	breaks("more than its price was refunded of a receipt", || {
		corrupt_receipt(|receipt| receipt.refunded = 51)
	});
}

#[test]
fn invariant_2_notices_one_point_that_did_not_come_back() {
	breaks("what came back is not its share of what was refunded", || {
		corrupt_receipt(|receipt| receipt.parts[0].returned -= 1)
	});
}

#[test]
fn invariant_2_notices_interchange_that_was_never_taken() {
	breaks("more interchange was released than taken", || {
		corrupt_receipt(|receipt| receipt.parts[0].released = 2)
	});
}

#[test]
fn invariant_3_notices_one_unit_of_interchange_too_much() {
	let reason = "accrued interchange is not that of open payments";
	breaks(reason, || Claims::<Test>::mutate(AIR, |claim| claim.accrued += 1));
	breaks(reason, || Claims::<Test>::mutate(HOTEL, |claim| claim.accrued += 1));
	breaks(reason, || corrupt_receipt(|receipt| receipt.parts[0].interchange += 1));
}

#[test]
fn invariant_3_notices_interchange_at_home() {
	breaks("interchange of a payment at home", || {
		let (mut key, receipt) = Receipts::<Test>::iter().next().unwrap();
		Receipts::<Test>::remove(key);
		key.1 = AIR;
		Receipts::<Test>::insert(key, receipt);
	});
}

#[test]
fn invariant_4_notices_one_unit_that_is_earmarked_for_nobody() {
	let reason = "earmarks are not those of authorisations";
	breaks(reason, || Claims::<Test>::mutate(AIR, |claim| claim.earmarked += 1));
	breaks(reason, || Claims::<Test>::mutate(HOTEL, |claim| claim.earmarked += 1));
}

#[test]
fn invariant_5_notices_an_authorisation_that_would_never_end() {
	breaks("the deadlines are not those of the authorisations", || {
		let _ = Deadlines::<Test>::clear(1, None);
	});
}

#[test]
fn invariant_5_notices_an_order_that_is_authorised_and_paid() {
	breaks("an order is authorised and paid", || {
		let receipt = Receipts::<Test>::iter_values().next().unwrap();
		let parts = Default::default();
		let key = Authorisations::<Test>::iter_keys().next().unwrap();
		Receipts::<Test>::insert(key, Receipt { price: 0, refunded: 0, parts, ..receipt });
	});
}

#[test]
fn invariant_6_notices_a_receipt_of_the_future() {
	breaks("a receipt of an era that has not begun", || {
		let (mut key, receipt) = Receipts::<Test>::iter().next().unwrap();
		Receipts::<Test>::remove(key);
		key.0 = 51u32.to_be_bytes();
		Receipts::<Test>::insert(key, receipt);
	});
}

/// Sets the receipt aside, changed.
fn set_aside(change: impl FnOnce(&mut Receipt)) {
	let (key, mut receipt) = Receipts::<Test>::iter().next().unwrap();
	Receipts::<Test>::remove(key);
	(receipt.kept, receipt.closes) = (true, 49);
	change(&mut receipt);
	KeptReceipts::<Test>::insert(key, receipt);
}

#[test]
fn the_invariants_hold_and_are_noticed_of_receipts_that_are_set_aside_too() {
	genesis().execute_with(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		set_aside(|_| {});
		assert_ok!(Exchange::do_try_state());
	});
	breaks("what a receipt's points paid is not its price", || set_aside(|receipt| receipt.price += 1));
	breaks("more than its price was refunded of a receipt", || set_aside(|receipt| receipt.refunded = 51));
	breaks("accrued interchange is not that of open payments", || {
		set_aside(|receipt| receipt.parts[0].interchange += 1)
	});
	breaks("a receipt of an era that has not begun", || {
		set_aside(|_| {});
		let (mut key, receipt) = KeptReceipts::<Test>::iter().next().unwrap();
		KeptReceipts::<Test>::remove(key);
		key.0 = 51u32.to_be_bytes();
		KeptReceipts::<Test>::insert(key, receipt);
	});
	breaks("an order is authorised and paid", || {
		let key = Authorisations::<Test>::iter_keys().next().unwrap();
		let parts = Default::default();
		KeptReceipts::<Test>::insert(key, Receipt { price: 0, refunded: 0, closes: 49, kept: true, parts });
	});
}

#[test]
fn invariant_7_notices_a_receipt_that_nobody_keeps() {
	breaks("a receipt is set aside that is not kept", || set_aside(|receipt| receipt.kept = false));
}

#[test]
fn invariant_7_notices_a_receipt_whose_order_could_be_paid_again() {
	breaks("a receipt is set aside before its window closed", || set_aside(|receipt| receipt.closes = 50));
}

#[test]
fn invariant_7_notices_a_receipt_in_two_places() {
	breaks("a receipt is in two places", || {
		let key = Receipts::<Test>::iter_keys().next().unwrap();
		let parts = Default::default();
		KeptReceipts::<Test>::insert(key, Receipt { price: 0, refunded: 0, closes: 49, kept: true, parts });
	});
}
