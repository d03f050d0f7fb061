use super::mock::*;
use crate::{Error, Event, FlowsOf, LiabilityOf, LifetimeValueOf};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use hanse_primitives::{Funding, MemberStatus as _, PointsLedger as _, Venue};

/// Ten points of ten micro-units for Ann, of which four were spent at a partner.
fn spent() {
	Voters::set(vec![1, 2]);
	program(ISSUER, TERMS);
	assert_ok!(issue(ISSUER, 1, ANN, 10));
	Points::burn(&ANN, 1, 4, u128::MAX, Venue::Merchant(RIVAL), 0).unwrap();
}

#[test]
fn what_was_spent_comes_back_into_its_vintage() {
	run(|| {
		spent();
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 3, FUNDED));
		assert_eq!(
			(Assets::balance(vintage(1, 0), ANN), LiabilityOf::<Test>::get(ISSUER).outstanding),
			(9, 90)
		);
		assert_eq!(
			(FlowsOf::<Test>::get(1).reinstated, LifetimeValueOf::<Test>::get(ISSUER).created),
			(3, 130)
		);
		let asset = vintage(1, 0);
		System::assert_last_event(Event::PointsReinstated { program: 1, asset, to: ANN, amount: 3 }.into());
	});
}

#[test]
fn nothing_comes_back_of_nothing() {
	run(|| {
		spent();
		assert_ok!(Points::reinstate(&BEN, vintage(1, 0), 0, FUNDED));
		assert_eq!(Points::reinstate_value(&BEN, vintage(1, 0), 9, FUNDED), Ok(0));
		assert_eq!(Assets::balance(vintage(1, 0), BEN), 0);
	});
}

#[test]
fn neither_cap_nor_minimum_reserve_stops_what_comes_back_with_what_it_is_worth() {
	run(|| {
		spent();
		Reserves::set([(ISSUER, 0)].into());
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 4, FUNDED));
		Reserves::set(Default::default());
		assert_ok!(issue(ISSUER, 1, BEN, CAP / 10 - 10));
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 1, FUNDED));
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, CAP + 10);
	});
}

#[test]
fn what_an_issuer_gives_back_itself_keeps_cap_and_minimum_reserve() {
	run(|| {
		spent();
		let again = || with_storage_layer(|| Points::reinstate(&ANN, vintage(1, 0), 1, Funding::Unfunded));
		Reserves::set([(ISSUER, 6)].into());
		assert_noop!(again(), Error::<Test>::BelowMinimumReserve);
		assert_noop!(
			with_storage_layer(|| Points::reinstate_value(&ANN, vintage(1, 0), 19, Funding::Unfunded)),
			Error::<Test>::BelowMinimumReserve
		);
		Reserves::set(Default::default());
		assert_ok!(again());
		assert_ok!(issue(ISSUER, 1, BEN, CAP / 10 - 7));
		assert_noop!(again(), Error::<Test>::OverLiabilityCap);
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, CAP);
	});
}

#[test]
fn what_comes_back_follows_a_recovered_account() {
	run(|| {
		spent();
		Successors::set([(ANN, BEN), (BEN, 13)].into());
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 4, FUNDED));
		assert_eq!(Assets::balance(vintage(1, 0), 13), 4);
	});
}

#[test]
fn nothing_is_minted_into_a_vintage_that_is_not_open() {
	run(|| {
		spent();
		assert_noop!(Points::reinstate(&ANN, vintage(1, 1), 1, FUNDED), Error::<Test>::NotOpen);
		assert_noop!(Points::reinstate(&ANN, vintage(9, 0), 1, FUNDED), Error::<Test>::NotFound);
		Timestamp::set_timestamp(START + 3 * PERIOD);
		assert_noop!(Points::reinstate(&ANN, vintage(1, 0), 1, FUNDED), Error::<Test>::NotOpen);
		assert_noop!(Points::reinstate_value(&ANN, vintage(1, 0), 10, FUNDED), Error::<Test>::NotOpen);
	});
}

#[test]
fn an_expired_vintage_returns_to_the_one_that_expires_first() {
	run(|| {
		spent();
		assert_eq!(Points::refund_vintage(vintage(1, 0)), Some(vintage(1, 0)));
		for period in [1, 2] {
			block_at(START + period * PERIOD, true);
			assert_ok!(issue(ISSUER, 1, BEN, 1));
		}
		assert_eq!(Points::refund_vintage(vintage(1, 0)), Some(vintage(1, 0)));
		block_at(START + 3 * PERIOD, true);
		assert_eq!(Points::refund_vintage(vintage(1, 0)), Some(vintage(1, 1)));
		// 49 micro-units are four points of ten.
		assert_eq!(Points::reinstate_value(&ANN, vintage(1, 1), 49, FUNDED), Ok(4));
		block_at(START + 9 * PERIOD, true);
		assert_eq!(
			(Points::refund_vintage(vintage(1, 0)), Points::refund_vintage(vintage(9, 0))),
			(None, None)
		);
	});
}

#[test]
fn nothing_returns_to_an_issuer_in_run_off() {
	run(|| {
		spent();
		assert_ok!(Institutions::start_run_off(ISSUER));
		assert_eq!(Points::refund_vintage(vintage(1, 0)), None);
	});
}

#[test]
fn a_merchants_own_vintage_is_open_or_opened() {
	run(|| {
		assert_eq!(Points::vintage_of(RIVAL), Ok(None));
		program(RIVAL, TERMS);
		program(RIVAL, TERMS);
		assert_ok!(issue(RIVAL, 2, ANN, 1));
		assert_eq!(Points::vintage_of(RIVAL), Ok(Some(vintage(2, 0))));
		block_at(START + 9 * PERIOD, true);
		assert_eq!(Points::vintage_of(RIVAL), Ok(Some(vintage(1, 0))));
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 1, FUNDED));
	});
}

#[test]
fn nothing_is_burned_that_would_expire_too_soon() {
	run(|| {
		spent();
		block_at(START + PERIOD, true);
		assert_ok!(issue(ISSUER, 1, ANN, 5));
		let burn = |lasting| Points::burn(&ANN, 1, 1, u128::MAX, Venue::Exchange, lasting).unwrap().burns;
		assert_eq!(burn(2 * PERIOD - 1)[0].asset, vintage(1, 0));
		assert_eq!(burn(2 * PERIOD)[0].asset, vintage(1, 1));
		assert_eq!(burn(3 * PERIOD), []);
	});
}
