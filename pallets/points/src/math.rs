//! Pure arithmetic of points. Nothing here rounds in a liability: a value is an exact product.

use hanse_primitives::{Balance, Moment, DAY};
use sp_core::U256;
use sp_runtime::Perquintill;

/// The value in micro-units of `points` smallest units; exact, or `None` beyond what a balance holds.
pub fn value_of(points: Balance, face_value: u32) -> Option<Balance> {
	points.checked_mul(face_value.into())
}

/// What `points` smallest units pay at `rate` of their face value. Rounded down: what is lost stays in the
/// reserve, for other holders.
pub fn pays(points: Balance, face_value: u32, rate: Perquintill) -> Option<Balance> {
	value_of(points, face_value).map(|value| rate.mul_floor(value))
}

/// The fewest smallest units that pay at least `value` at `rate`. Rounded up: who pays gives up to one
/// smallest unit too much, and the issuer's liability falls by all of it. Saturates where none would do.
pub fn points_to_cover(value: Balance, face_value: u32, rate: Perquintill) -> Balance {
	let one = U256::from(Perquintill::one().deconstruct());
	let each = U256::from(face_value) * U256::from(rate.deconstruct());
	if each.is_zero() {
		return Balance::MAX;
	}
	let points = (U256::from(value) * one + each - U256::from(1)) / each;
	points.try_into().unwrap_or(Balance::MAX)
}

/// The part of `outstanding` that `reserve` covers, rounded down; one if it covers all.
pub fn rate_of(reserve: Balance, outstanding: Balance) -> Perquintill {
	if reserve >= outstanding {
		return Perquintill::one();
	}
	let one = U256::from(Perquintill::one().deconstruct());
	let parts = U256::from(reserve) * one / U256::from(outstanding);
	Perquintill::from_parts(parts.low_u64())
}

/// What a reserve must hold to pay all of `outstanding` at `rate`, rounded up.
pub fn covers(outstanding: Balance, rate: Perquintill) -> Balance {
	rate.mul_ceil(outstanding)
}

/// The most smallest units that `value` pays for. Rounded down: the target's issuer keeps the rest.
pub fn points_for(value: Balance, face_value: u32) -> Balance {
	value / Balance::from(face_value.max(1))
}

/// The lowest reserve for `outstanding` micro-units at `ratio` per cent, rounded up.
pub fn minimum_reserve(outstanding: Balance, ratio: u32) -> Balance {
	let least = (U256::from(outstanding) * U256::from(ratio) + U256::from(99)) / U256::from(100);
	least.try_into().unwrap_or(Balance::MAX)
}

/// The highest outstanding value on `backing` micro-units at `ratio` per cent, rounded down.
pub fn liability_cap(backing: Balance, ratio: u32) -> Balance {
	let cap = U256::from(backing) * U256::from(ratio) / U256::from(100);
	cap.try_into().unwrap_or(Balance::MAX)
}

/// The least backing on which `outstanding` is within the cap at `ratio` per cent, rounded up.
pub fn least_backing(outstanding: Balance, ratio: u32) -> Balance {
	let ratio = U256::from(ratio.max(1));
	let least = (U256::from(outstanding) * U256::from(100) + ratio - U256::from(1)) / ratio;
	least.try_into().unwrap_or(Balance::MAX)
}

/// What may be issued in a day: `floor`, and `share` per cent of what is outstanding beyond what was `issued` in
/// this day already. Rounded down.
pub fn daily(outstanding: Balance, issued: Balance, share: u32, floor: Balance) -> Balance {
	let part = U256::from(outstanding.saturating_sub(issued)) * U256::from(share) / U256::from(100);
	floor.saturating_add(part.try_into().unwrap_or(Balance::MAX))
}

/// What is left of `issued` after `elapsed` milliseconds, if it wears off by `daily` in a day. Rounded up.
pub fn worn_off(issued: Balance, daily: Balance, elapsed: Moment) -> Balance {
	let worn = U256::from(daily) * U256::from(elapsed) / U256::from(DAY);
	issued.saturating_sub(worn.try_into().unwrap_or(Balance::MAX))
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
				if let Some(enough) = pays(points, face, rate) {
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
			let least = least_backing(outstanding, ratio);
			prop_assert!(liability_cap(least, ratio) >= outstanding);
			prop_assert!(liability_cap(least - 1, ratio) < outstanding);
		}

		#[test]
		fn however_a_day_is_cut_no_more_is_issued_in_it_than_twice_a_days_worth(
			outstanding in 0..1_000_000_000u128,
			pauses in proptest::collection::vec(0..DAY / 10, 1..20),
			share in 0..50u32,
			floor in 0..1_000_000u128,
		) {
			// What is issued is spent at once, so that what is outstanding stays.
			let most = daily(outstanding, 0, share, floor);
			let (mut issued, mut elapsed, mut all) = (0, 0, 0);
			for pause in pauses {
				issued = worn_off(issued, daily(outstanding, issued, share, floor), pause);
				elapsed += pause;
				if elapsed > DAY {
					break;
				}
				let room = daily(outstanding, issued, share, floor).saturating_sub(issued);
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
	fn a_value_that_no_balance_holds_is_none_and_a_cap_saturates() {
		assert_eq!(value_of(u128::MAX, 1), Some(u128::MAX));
		assert_eq!(value_of(u128::MAX, 2), None);
		assert_eq!(liability_cap(1_000, 250), 2_500);
		assert_eq!(liability_cap(u128::MAX, 400), u128::MAX);
		assert_eq!(liability_cap(1, 99), 0);
		assert_eq!((minimum_reserve(101, 10), minimum_reserve(100, 10), minimum_reserve(0, 10)), (11, 10, 0));
		assert_eq!(minimum_reserve(u128::MAX, 100), u128::MAX);
	}

	#[test]
	fn a_rate_of_nothing_pays_nothing_and_no_points_cover_a_value() {
		assert_eq!(rate_of(0, 10), Perquintill::zero());
		assert_eq!(rate_of(0, 0), Perquintill::one());
		assert_eq!(pays(1_000, 10, Perquintill::zero()), Some(0));
		assert_eq!(points_to_cover(1, 10, Perquintill::zero()), u128::MAX);
	}
}
