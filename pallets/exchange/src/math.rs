//! Pure arithmetic of payments.

use hanse_primitives::Balance;
use sp_core::U256;

/// A whole, in parts per million.
pub const MILLION: u32 = 1_000_000;

/// The interchange of `value` at `rate` parts per million. Rounded up: the pot gains less than one
/// micro-unit, and whoever is paid `value` less interchange loses it. Never more than `value`.
pub fn interchange(value: Balance, rate: u32) -> Balance {
	let million = U256::from(MILLION);
	let parts = U256::from(value) * U256::from(rate.min(MILLION));
	((parts + million - 1) / million).try_into().unwrap_or(value)
}

/// `total` × `part` ÷ `whole`, rounded down: of a refund in parts the customer gets the last smallest unit
/// with the last part. All of `total` where `part` is `whole`.
pub fn share(total: Balance, part: Balance, whole: Balance) -> Balance {
	if part >= whole {
		return total;
	}
	(U256::from(total) * U256::from(part) / U256::from(whole)).try_into().unwrap_or(total)
}

/// `points` × `part` ÷ `whole`, rounded up: who pays a part gives less than one smallest unit too much.
pub fn share_up(points: Balance, part: Balance, whole: Balance) -> Balance {
	if part >= whole {
		return points;
	}
	let whole = U256::from(whole);
	((U256::from(points) * U256::from(part) + whole - 1) / whole).try_into().unwrap_or(points)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	proptest! {
		#[test]
		fn interchange_is_never_more_than_the_value_and_what_is_left_never_falls(
			value in 0..u128::MAX, rate in 0..=MILLION,
		) {
			let taken = interchange(value, rate);
			prop_assert!(taken <= value);
			prop_assert!(value + 1 - interchange(value + 1, rate) >= value - taken);
		}

		#[test]
		fn shares_up_and_down_differ_by_one_at_most(total in 0..u128::MAX, a in 0..u128::MAX, b in 0..u128::MAX) {
			let (part, whole) = (a.min(b), a.max(b));
			let (down, up) = (share(total, part, whole), share_up(total, part, whole));
			prop_assert!(down <= up && up - down <= 1 && up <= total);
		}
	}

	#[test]
	fn a_fraction_of_a_micro_unit_is_a_whole_one_of_interchange() {
		assert_eq!((interchange(200, 5_000), interchange(201, 5_000), interchange(0, 5_000)), (1, 2, 0));
		assert_eq!(
			(interchange(u128::MAX, MILLION), interchange(u128::MAX, u32::MAX)),
			(u128::MAX, u128::MAX)
		);
		assert_eq!((share(10, 1, 3), share_up(10, 1, 3), share(10, 0, 0)), (3, 4, 10));
	}
}
