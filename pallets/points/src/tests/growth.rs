//! How fast an issuer's outstanding value grows.

use super::mock::*;
use crate::{Error, LiabilityOf, RecentIssuanceOf};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use hanse_primitives::{Backing, Funding, Liabilities, PointsLedger as _, Venue, DAY};

/// Ten per cent of what is outstanding in a day, and 100.
fn limited(test: impl FnOnce()) {
	run(|| {
		program(
			ISSUER,
			crate::Terms { period: crate::Period::Milliseconds(100 * DAY), validity: 500, ..TERMS },
		);
		RecentIssuance::set(sp_runtime::Percent::from_percent(10));
		GrowthFloor::set(100);
		test()
	});
}

#[test]
fn a_newcomer_issues_the_floor_in_a_day_and_the_room_comes_back_evenly() {
	limited(|| {
		assert_noop!(issue(ISSUER, 1, ANN, 11), Error::<Test>::OverDailyGrowth);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert_noop!(issue(ISSUER, 1, ANN, 1), Error::<Test>::OverDailyGrowth);
		Timestamp::set_timestamp(START + DAY / 2);
		assert_noop!(issue(ISSUER, 1, ANN, 6), Error::<Test>::OverDailyGrowth);
		assert_ok!(issue(ISSUER, 1, ANN, 5));
		// A day later what was outstanding before counts with a tenth.
		Timestamp::set_timestamp(START + 2 * DAY);
		assert_noop!(issue(ISSUER, 1, ANN, 12), Error::<Test>::OverDailyGrowth);
		assert_ok!(issue(ISSUER, 1, ANN, 11));
	});
}

#[test]
fn what_is_spent_makes_no_room_to_issue_more_that_day() {
	limited(|| {
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert!(Points::burn(&ANN, 1, 10, u128::MAX, Venue::Merchant(ISSUER), 0).is_ok());
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 0);
		assert_noop!(issue(ISSUER, 1, ANN, 1), Error::<Test>::OverDailyGrowth);
		// What a partner refunds comes with what it is worth.
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 10, FUNDED));
		assert_eq!(RecentIssuanceOf::<Test>::get(ISSUER).issued, 100);
	});
}

#[test]
fn what_an_issuer_refunds_at_its_own_till_counts_as_issued() {
	limited(|| {
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert!(Points::burn(&ANN, 1, 10, u128::MAX, Venue::Merchant(ISSUER), 0).is_ok());
		let again =
			|points| with_storage_layer(|| Points::reinstate(&ANN, vintage(1, 0), points, Funding::Unfunded));
		assert_noop!(again(1), Error::<Test>::OverDailyGrowth);
		assert_ok!(again(0));
		Timestamp::set_timestamp(START + DAY);
		assert_ok!(again(10));
		assert_noop!(again(1), Error::<Test>::OverDailyGrowth);
		assert_noop!(issue(ISSUER, 1, ANN, 1), Error::<Test>::OverDailyGrowth);
	});
}

#[test]
fn behind_points_that_came_with_money_all_of_it_is_left_until_as_much_could_have_been_issued() {
	limited(|| {
		let left = || <Points as Liabilities>::least_left(ISSUER);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		let (by_issuing, more) =
			(left(), |by: Backing, more| Backing { all: by.all + more, reserve: by.reserve + more });
		assert_ok!(Points::exchange_in(&ANN, 1, 300));
		assert_eq!(left(), more(by_issuing, 300));
		assert_noop!(
			Points::ensure_backed(ISSUER, BOND, left().reserve - 1),
			Error::<Test>::BelowMinimumReserve
		);
		assert_ok!(Points::ensure_backed(ISSUER, BOND, left().reserve));
		// What is spent pays for itself.
		assert!(Points::burn(&ANN, 1, 20, u128::MAX, Venue::Merchant(RIVAL), 0).is_ok());
		assert_eq!(left(), more(by_issuing, 100));
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 20, FUNDED));
		assert_eq!(left(), more(by_issuing, 300));
		// In a day 110 of it become as others are.
		Timestamp::set_timestamp(START + DAY - 1);
		assert_eq!(left(), more(by_issuing, 300));
		Timestamp::set_timestamp(START + DAY);
		assert_eq!(left().reserve, 190 + 21);
		Timestamp::set_timestamp(START + 9 * DAY);
		assert_eq!(left(), <Points as Liabilities>::required_backing(ISSUER));
	});
}

#[test]
fn what_others_exchange_in_uses_up_nothing() {
	limited(|| {
		assert_ok!(Points::exchange_in(&ANN, 1, 1_000));
		assert_ok!(issue(ISSUER, 1, ANN, 20));
		assert_noop!(issue(ISSUER, 1, ANN, 1), Error::<Test>::OverDailyGrowth);
	});
}

#[test]
fn it_is_each_issuers_own() {
	limited(|| {
		program(RIVAL, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert_ok!(issue(RIVAL, 2, ANN, 10));
	});
}
