//! Pure arithmetic of payments. Interchange is the rule's part of a value, rounded up ([`Permill::mul_ceil`](sp_runtime::Permill::mul_ceil)).

use hanse_primitives::{
	math::{mul_div, Rounding},
	Balance,
};

/// `total` × `part` ÷ `whole`, rounded down: of a refund in parts the customer gets the last smallest unit
/// with the last part. All of `total` where `part` is `whole`.
pub fn share(total: Balance, part: Balance, whole: Balance) -> Balance {
	share_rounded(total, part, whole, Rounding::Down)
}

/// `points` × `part` ÷ `whole`, rounded up: who pays a part gives less than one smallest unit too much.
pub fn share_up(points: Balance, part: Balance, whole: Balance) -> Balance {
	share_rounded(points, part, whole, Rounding::Up)
}

/// Total, since a share is at most the whole.
fn share_rounded(total: Balance, part: Balance, whole: Balance, rounding: Rounding) -> Balance {
	if part >= whole {
		return total;
	}
	mul_div(total, part, whole, rounding).unwrap_or(total)
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use sp_runtime::Permill;

	proptest! {
		#[test]
		fn interchange_is_never_more_than_the_value_and_what_is_left_never_falls(
			value in 0..u128::MAX, rate in 0..=1_000_000u32,
		) {
			let rate = Permill::from_parts(rate);
			let taken = rate.mul_ceil(value);
			prop_assert!(taken <= value);
			prop_assert!(value + 1 - rate.mul_ceil(value + 1) >= value - taken);
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
		let interchange = |value: u128| Permill::from_parts(5_000).mul_ceil(value);
		assert_eq!((interchange(200), interchange(201), interchange(0)), (1, 2, 0));
		assert_eq!(Permill::one().mul_ceil(u128::MAX), u128::MAX);
		assert_eq!((share(10, 1, 3), share_up(10, 1, 3), share(10, 0, 0)), (3, 4, 10));
	}
}
