//! Pure arithmetic of points. Nothing here rounds in a liability: a value is an exact product.

use hanse_primitives::Balance;
use sp_core::U256;

/// The value in micro-units of `points` smallest units; exact, or `None` beyond what a balance holds.
pub fn value_of(points: Balance, face_value: u32) -> Option<Balance> {
	points.checked_mul(face_value.into())
}

/// The fewest smallest units that are worth at least `value`. Rounded up: who pays gives up to one
/// smallest unit too much, and the issuer's liability falls by all of it.
pub fn points_to_cover(value: Balance, face_value: u32) -> Balance {
	value.div_ceil(Balance::from(face_value.max(1)))
}

/// The most smallest units that `value` pays for. Rounded down: the target's issuer keeps the rest.
pub fn points_for(value: Balance, face_value: u32) -> Balance {
	value / Balance::from(face_value.max(1))
}

/// The highest outstanding value on `backing` micro-units at `ratio` per cent, rounded down.
pub fn liability_cap(backing: Balance, ratio: u32) -> Balance {
	let cap = U256::from(backing) * U256::from(ratio) / U256::from(100);
	cap.try_into().unwrap_or(Balance::MAX)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	proptest! {
		#[test]
		fn points_to_cover_are_enough_and_one_less_is_not(value in 1..u128::MAX / 20_000, face in 1u32..=10_000) {
			let points = points_to_cover(value, face);
			prop_assert!(value_of(points, face).unwrap() >= value);
			prop_assert!(value_of(points - 1, face).unwrap() < value);
		}

		#[test]
		fn points_for_a_value_are_never_worth_more(value in 0..u128::MAX, face in 1u32..=10_000) {
			let points = points_for(value, face);
			prop_assert!(value_of(points, face).unwrap() <= value);
			prop_assert!(value - value_of(points, face).unwrap() < face.into());
		}
	}

	#[test]
	fn a_value_that_no_balance_holds_is_none_and_a_cap_saturates() {
		assert_eq!(value_of(u128::MAX, 1), Some(u128::MAX));
		assert_eq!(value_of(u128::MAX, 2), None);
		assert_eq!(liability_cap(1_000, 250), 2_500);
		assert_eq!(liability_cap(u128::MAX, 400), u128::MAX);
		assert_eq!(liability_cap(1, 99), 0);
	}
}
