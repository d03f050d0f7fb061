//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{Budgets, VouchedSpending};
use frame_support::assert_ok;
use hanse_primitives::Balance;

/// Breaks the storage of a chain on which one stranger was sponsored and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		offer(AIR, BEN, 1, MIN_VALUE);
		assert_eq!(charge(BEN, 10), Ok(Ok(())));
		assert_ok!(Sponsorship::do_try_state());
		corrupt();
		assert_eq!(Sponsorship::do_try_state(), Err(reason.into()));
	});
}

/// Books so many units each for customers of Books with Air.
fn put(fees: &[Balance]) {
	let vouched: Vec<_> = fees.iter().map(|fees| VouchedSpending { by: BOOKS, fees: *fees }).collect();
	Budgets::<Test>::mutate(AIR, |spent| spent.vouched = vouched.try_into().unwrap());
}

#[test]
fn invariant_1_notices_one_unit_more_for_strangers_than_for_all() {
	breaks("a part of a budget is more than all", || {
		Budgets::<Test>::mutate(AIR, |spent| spent.strangers += 1)
	});
	breaks("a part of a budget is more than all", || put(&[1]));
}

#[test]
fn invariant_1_notices_a_voucher_that_is_there_twice() {
	breaks("a voucher is there twice", || put(&[0, 0]));
}

#[test]
fn invariant_2_notices_a_day_of_the_future() {
	breaks("spent on a day that has not come", || Budgets::<Test>::mutate(AIR, |spent| spent.day += 1));
}
