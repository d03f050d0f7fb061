//! What unregistered accounts share.

use super::mock::*;
use frame_support::assert_ok;
use hanse_primitives::DAY;

const TENTH: u64 = (DAILY / 10) as u64;

#[test]
fn strangers_share_a_tenth_of_the_budget() {
	run(|| {
		for who in 100..102 {
			offer(AIR, who, 1, MIN_VALUE);
			assert_eq!(charge(who, TENTH / 2), Ok(Ok(())));
		}
		assert_eq!(spent(AIR), (DAILY / 10, DAILY / 10));
		offer(AIR, BEN, 1, MIN_VALUE);
		assert!(validate(BEN, 1).is_err() && charge(BEN, 1).is_err());
		// The rest is for registered persons.
		offer(AIR, ANN, 1, MIN_VALUE);
		assert_eq!(charge(ANN, 9 * TENTH), Ok(Ok(())));
		assert_eq!(spent(AIR), (DAILY, DAILY / 10));
	});
}

#[test]
fn a_strangers_call_moves_a_least_value() {
	run(|| {
		offer(AIR, BEN, 1, MIN_VALUE - 1);
		assert!(validate(BEN, 10).is_err() && charge(BEN, 10).is_err());
		offer(AIR, BEN, 1, MIN_VALUE);
		assert_ok!(validate(BEN, 10));
		// A registered person's need not.
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(ANN, 10), Ok(Ok(())));
	});
}

#[test]
fn strangers_get_no_more_than_what_is_left_of_the_whole_budget() {
	run(|| {
		spend(AIR, DAILY - 10, 0);
		offer(AIR, BEN, 1, MIN_VALUE);
		assert!(validate(BEN, 11).is_err());
		assert_eq!(charge(BEN, 10), Ok(Ok(())));
		assert_eq!(spent(AIR), (DAILY, 10));
	});
}

#[test]
fn what_a_stranger_declared_too_much_is_strangers_again() {
	run(|| {
		offer(AIR, BEN, 1, MIN_VALUE);
		assert_eq!(charge(BEN, Fee { declared: TENTH, actual: 1, tip: 0 }), Ok(Ok(())));
		assert_eq!(spent(AIR), (1, 1));
		assert!(validate(BEN, TENTH).is_err());
		assert_eq!(charge(BEN, TENTH - 1), Ok(Ok(())));
		assert_eq!(spent(AIR), (DAILY / 10, DAILY / 10));
	});
}

#[test]
fn the_strangers_tenth_starts_anew_on_the_next_day() {
	run(|| {
		offer(AIR, BEN, 1, MIN_VALUE);
		assert_eq!(charge(BEN, TENTH), Ok(Ok(())));
		Now::set(Now::get() + DAY);
		assert_eq!(charge(BEN, TENTH), Ok(Ok(())));
		assert_eq!(spent(AIR), (DAILY / 10, DAILY / 10));
	});
}

#[test]
fn the_tenth_is_rounded_down() {
	run(|| {
		Budget::set(19);
		offer(AIR, BEN, 1, MIN_VALUE);
		assert!(validate(BEN, 2).is_err());
		assert_ok!(validate(BEN, 1));
	});
}
