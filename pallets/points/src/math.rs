//! Pure arithmetic of points. Nothing here rounds in a liability: a value is an exact product.

use hanse_primitives::{
	math::{excess, mul_div, Rounding},
	Duration, Money, Points, DAY,
};
use sp_runtime::{
	traits::{EnsureAdd, EnsureMul},
	ArithmeticError, PerThing, Percent, Perquintill,
};

/// The value in micro-units of `points` smallest units: exact.
pub fn value_of(points: Points, face_value: u32) -> Result<Money, ArithmeticError> {
	points.ensure_mul(face_value.into())
}

/// What `points` smallest units pay at `rate` of their face value. Rounded down: what is lost stays in the
/// reserve, for other holders.
pub fn pays(points: Points, face_value: u32, rate: Perquintill) -> Result<Money, ArithmeticError> {
	value_of(points, face_value).map(|value| rate.mul_floor(value))
}

/// The fewest smallest units that pay at least `value` at `rate`; `None` if no number of them does. Rounded up: who
/// pays gives up to one smallest unit too much, and the issuer's liability falls by all of it.
pub fn points_to_cover(value: Money, face_value: u32, rate: Perquintill) -> Option<Points> {
	let whole = Perquintill::one().deconstruct();
	let each = Money::from(face_value).checked_mul(rate.deconstruct().into())?;
	mul_div(value, whole.into(), each, Rounding::Up).ok()
}

/// The part of `outstanding` that `reserve` covers, rounded down; one if it covers all.
pub fn rate_of(reserve: Money, outstanding: Money) -> Perquintill {
	let rate = Perquintill::from_rational_with_rounding(reserve, outstanding, Rounding::Down);
	// There is no such rate where the reserve is more, or nothing is outstanding.
	rate.unwrap_or(Perquintill::one())
}

/// The most smallest units that `value` pays for. Rounded down: the target's issuer keeps the rest.
pub fn points_for(value: Money, face_value: u32) -> Points {
	value / Money::from(face_value.max(1))
}

/// The highest outstanding value on `backing` micro-units at `ratio` per cent, rounded down. The ratio is no
/// `Percent`, since it may be more than all.
pub fn liability_cap(backing: Money, ratio: u32) -> Result<Money, ArithmeticError> {
	mul_div(backing, ratio.into(), 100, Rounding::Down)
}

/// The least backing on which `outstanding` is within the cap at `ratio` per cent, rounded up. All that there can be
/// if that would be too little, so that nothing backs it.
pub fn required_backing(outstanding: Money, ratio: u32) -> Money {
	mul_div(outstanding, 100, ratio.into(), Rounding::Up).unwrap_or(Money::MAX)
}

/// What may be issued in a day: `floor`, and `share` of what is outstanding beyond what was `issued` in this day
/// already. Rounded down.
pub fn daily(
	outstanding: Money,
	issued: Money,
	share: Percent,
	floor: Money,
) -> Result<Money, ArithmeticError> {
	floor.ensure_add(share.mul_floor(excess(outstanding, issued)))
}

/// What is left of `issued` after `elapsed` milliseconds, if it wears off by `daily` in a day. Rounded up.
pub fn worn_off(issued: Money, daily: Money, elapsed: Duration) -> Money {
	let worn = mul_div(daily, elapsed.into(), DAY.into(), Rounding::Down);
	// What is more than a balance holds is more than what was issued.
	worn.map_or(0, |worn| excess(issued, worn))
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	proptest! {
		#[test]
		fn points_to_cover_are_enough_and_one_less_is_not(
			value in 1..u128::MAX / 20_000,
			face in 1u32..=10_000,
			parts in 1..=1_000_000_000_000_000_000u64,
		) {
			for rate in [Perquintill::one(), Perquintill::from_parts(parts)] {
				let points = points_to_cover(value, face, rate);
				let Some(points) = points else { continue };
				if let Ok(enough) = pays(points, face, rate) {
					prop_assert!(enough >= value);
					prop_assert!(pays(points - 1, face, rate).unwrap() < value);
				}
			}
		}

		#[test]
		fn all_holders_together_get_at_most_the_reserve(
			reserve in 0..u128::MAX / 2,
			held in proptest::collection::vec((0u64..u64::MAX, 1u32..=10_000), 1..20),
		) {
			let outstanding: u128 = held.iter().map(|(points, face)| value_of((*points).into(), *face).unwrap()).sum();
			let rate = rate_of(reserve, outstanding);
			let paid: u128 = held.iter().map(|(points, face)| pays((*points).into(), *face, rate).unwrap()).sum();
			prop_assert!(paid <= reserve || outstanding <= reserve);
			prop_assert!(paid <= outstanding);
		}

		#[test]
		fn the_least_backing_is_enough_and_one_less_is_not(outstanding in 1..u128::MAX / 200, ratio in 1u32..=1_000) {
			let least = required_backing(outstanding, ratio);
			prop_assert!(liability_cap(least, ratio).unwrap() >= outstanding);
			prop_assert!(liability_cap(least - 1, ratio).unwrap() < outstanding);
		}

		#[test]
		fn however_a_day_is_cut_no_more_is_issued_in_it_than_twice_a_days_worth(
			outstanding in 0..1_000_000_000u128,
			pauses in proptest::collection::vec(0..DAY / 10, 1..20),
			share in 0..50u8,
			floor in 0..1_000_000u128,
		) {
			// What is issued is spent at once, so that what is outstanding stays.
			let share = Percent::from_percent(share);
			let daily = |issued| daily(outstanding, issued, share, floor).unwrap();
			let most = daily(0);
			let (mut issued, mut elapsed, mut all) = (0, 0, 0);
			for pause in pauses {
				issued = worn_off(issued, daily(issued), pause);
				elapsed += pause;
				if elapsed > DAY {
					break;
				}
				let room = daily(issued).saturating_sub(issued);
				prop_assert!(issued + room <= most);
				issued += room;
				all += room;
			}
			prop_assert!(all <= 2 * most);
		}

		#[test]
		fn points_for_a_value_are_never_worth_more(value in 0..u128::MAX, face in 1u32..=10_000) {
			let points = points_for(value, face);
			prop_assert!(value_of(points, face).unwrap() <= value);
			prop_assert!(value - value_of(points, face).unwrap() < face.into());
		}
	}

	#[test]
	fn what_no_balance_holds_is_an_error() {
		assert_eq!(value_of(u128::MAX, 1), Ok(u128::MAX));
		assert_eq!(value_of(u128::MAX, 2), Err(ArithmeticError::Overflow));
		assert_eq!((liability_cap(1_000, 250), liability_cap(1, 99)), (Ok(2_500), Ok(0)));
		assert_eq!(liability_cap(u128::MAX, 400), Err(ArithmeticError::Overflow));
		assert_eq!(daily(u128::MAX, 0, Percent::one(), 1), Err(ArithmeticError::Overflow));
		// Nothing backs what needs more than there can be.
		assert_eq!((required_backing(u128::MAX, 50), required_backing(1, 0)), (u128::MAX, u128::MAX));
		assert_eq!((worn_off(7, u128::MAX, DAY * 2), worn_off(7, 7, DAY / 2)), (0, 4));
	}

	#[test]
	fn a_rate_of_nothing_pays_nothing_and_no_points_cover_a_value() {
		assert_eq!(rate_of(0, 10), Perquintill::zero());
		assert_eq!((rate_of(0, 0), rate_of(11, 10)), (Perquintill::one(), Perquintill::one()));
		assert_eq!(pays(1_000, 10, Perquintill::zero()), Ok(0));
		assert_eq!(points_to_cover(1, 10, Perquintill::zero()), None);
		assert_eq!(points_to_cover(u128::MAX, 1, Perquintill::from_parts(1)), None);
	}
}
