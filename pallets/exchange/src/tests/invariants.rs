//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::Receipts;
use frame_support::assert_ok;

/// Breaks the storage of an alliance with one receipt and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
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

#[test]
fn invariant_6_notices_a_receipt_of_the_future() {
	breaks("a receipt of an era that has not begun", || {
		let (mut key, receipt) = Receipts::<Test>::iter().next().unwrap();
		key.0 = 51u32.to_be_bytes();
		Receipts::<Test>::insert(key, receipt);
	});
}
