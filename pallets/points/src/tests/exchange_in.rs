use super::mock::*;
use crate::{Error, FlowsOf, LiabilityOf};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::PointsLedger as _;

#[test]
fn a_value_buys_whole_points_and_the_rest_is_the_issuers() {
	run(|| {
		program(ISSUER, TERMS);
		assert_eq!(Points::exchange_in(&ANN, 1, 39), Ok(3));
		assert_eq!(Assets::balance(vintage(1, 0), ANN), 3);
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 30);
		assert_eq!(FlowsOf::<Test>::get(1).exchanged_in, 3);
		assert_eq!(FlowsOf::<Test>::get(1).issued, 0);
	});
}

#[test]
fn a_value_below_one_smallest_unit_is_refused() {
	run(|| {
		program(ISSUER, TERMS);
		assert_noop!(Points::exchange_in(&ANN, 1, 9), Error::<Test>::ZeroAmount);
		assert_noop!(Points::exchange_in(&ANN, 9, 9), Error::<Test>::NotFound);
	});
}

#[test]
fn points_that_come_in_count_against_the_liability_cap() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, BEN, CAP / 10 - 1));
		assert!(Points::exchange_in(&ANN, 1, 20) == Err(Error::<Test>::OverLiabilityCap.into()));
	});
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, BEN, CAP / 10 - 1));
		assert_eq!(Points::exchange_in(&ANN, 1, 10), Ok(1));
	});
}
