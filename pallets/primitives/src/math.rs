//! The one product with a quotient that amounts are computed by.
//!
//! Every share, rate and ratio of the pallets is `a` × `b` ÷ `c` with a named rounding. Rounding is against whoever
//! gains by the call: what somebody gets is rounded [`Rounding::Down`], what somebody pays is rounded
//! [`Rounding::Up`].

use crate::Balance;
pub use sp_runtime::Rounding;
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, ArithmeticError};

/// `a` × `b` ÷ `c`, computed in 256 bits and rounded once. Fails if `c` is zero, or if a balance cannot hold the
/// result.
pub const fn mul_div(
	a: Balance,
	b: Balance,
	c: Balance,
	rounding: Rounding,
) -> Result<Balance, ArithmeticError> {
	if c == 0 {
		return Err(ArithmeticError::DivisionByZero);
	}
	match multiply_by_rational_with_rounding(a, b, c, rounding) {
		Some(result) => Ok(result),
		None => Err(ArithmeticError::Overflow),
	}
}

/// What `amount` is beyond `limit`: nothing if it is not more.
pub const fn excess(amount: Balance, limit: Balance) -> Balance {
	amount.saturating_sub(limit)
}

#[cfg(test)]
mod tests {
	use super::{excess, mul_div, ArithmeticError, Balance, Rounding};
	use proptest::prelude::*;
	use sp_core::U256;

	fn down(a: Balance, b: Balance, c: Balance) -> Result<Balance, ArithmeticError> {
		mul_div(a, b, c, Rounding::Down)
	}

	fn up(a: Balance, b: Balance, c: Balance) -> Result<Balance, ArithmeticError> {
		mul_div(a, b, c, Rounding::Up)
	}

	/// Numbers of every magnitude, with those next to the limits.
	fn amount() -> impl Strategy<Value = Balance> {
		let any = (any::<Balance>(), 0..128u32).prop_map(|(bits, shift)| bits >> shift);
		prop_oneof![8 => any, 1 => 0..4 as Balance, 1 => (Balance::MAX - 4)..=Balance::MAX]
	}

	/// A part and the whole that it is of.
	fn part_of_whole() -> impl Strategy<Value = (Balance, Balance)> {
		(amount(), amount()).prop_map(|(a, b)| (a.min(b), a.max(b).max(1)))
	}

	proptest! {
		#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

		#[test]
		fn the_result_is_the_exact_quotient_rounded_once(a in amount(), b in amount(), c in amount()) {
			let (product, divisor) = (U256::from(a) * U256::from(b), U256::from(c));
			for (rounding, added) in [(Rounding::Down, U256::zero()), (Rounding::Up, divisor.saturating_sub(1.into()))] {
				let expected = match c {
					0 => Err(ArithmeticError::DivisionByZero),
					// No product of two balances is so large that less than a balance more overflows.
					_ => ((product + added) / divisor).try_into().map_err(|_| ArithmeticError::Overflow),
				};
				prop_assert_eq!(mul_div(a, b, c, rounding), expected);
			}
		}

		#[test]
		fn rounded_up_and_down_differ_by_one_at_most(total in amount(), (part, whole) in part_of_whole()) {
			let (down, up) = (down(total, part, whole).unwrap(), up(total, part, whole).unwrap());
			prop_assert!(down <= up && up - down <= 1 && up <= total);
		}

		#[test]
		fn a_larger_part_is_never_a_smaller_share(total in amount(), (part, whole) in part_of_whole()) {
			prop_assume!(part < whole);
			prop_assert!(down(total, part, whole).unwrap() <= down(total, part + 1, whole).unwrap());
			prop_assert_eq!(down(total, whole, whole), Ok(total));
		}

		#[test]
		fn shares_rounded_down_never_add_up_to_more_than_the_total(
			total in amount(),
			weights in proptest::collection::vec(0..Balance::MAX / 32, 1..32),
		) {
			let whole: Balance = weights.iter().sum();
			prop_assume!(whole > 0);
			let sum = weights.iter().try_fold(0, |sum: Balance, part| sum.checked_add(down(total, *part, whole).unwrap()));
			prop_assert!(sum.is_some_and(|sum| sum <= total));
			prop_assert!(total - sum.unwrap() < weights.len() as Balance);
		}

		#[test]
		fn the_least_that_reaches_a_value_is_the_inverse_rounded_up(value in 1..=Balance::MAX, (part, whole) in part_of_whole()) {
			prop_assume!(part > 0);
			if let Ok(least) = up(value, whole, part) {
				prop_assert!(down(least, part, whole).unwrap() >= value);
				prop_assert!(down(least - 1, part, whole).unwrap() < value);
			}
		}
	}

	#[test]
	fn an_excess_is_nothing_up_to_the_limit() {
		assert_eq!((excess(7, 5), excess(5, 5), excess(3, 5), excess(3, Balance::MAX)), (2, 0, 0, 0));
	}

	#[test]
	fn nothing_is_divided_by_zero_and_nothing_wraps() {
		assert_eq!(down(1, 1, 0), Err(ArithmeticError::DivisionByZero));
		assert_eq!(down(0, 0, 0), Err(ArithmeticError::DivisionByZero));
		assert_eq!(down(Balance::MAX, 2, 1), Err(ArithmeticError::Overflow));
		assert_eq!(down(Balance::MAX, Balance::MAX, Balance::MAX), Ok(Balance::MAX));
		// Rounded down it would still fit.
		assert_eq!(down(Balance::MAX, 3, 2).is_err(), up(Balance::MAX, 3, 2).is_err());
		assert_eq!((down(7, 1, 2), up(7, 1, 2), up(8, 1, 2)), (Ok(3), Ok(4), Ok(4)));
	}
}
