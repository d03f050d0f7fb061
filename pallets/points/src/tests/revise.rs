use super::mock::*;
use crate::{Error, Event, Period, Programs, Terms};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{PointsLedger as _, Venue};

/// Half the value, and a shorter life.
const WORSE: Terms =
	Terms { face_value: 5, validity: PERIOD / 2, period: Period::Milliseconds(PERIOD / 2), ..TERMS };

fn revise(who: u64, program: u16, terms: Terms) -> sp_runtime::DispatchResult {
	Points::revise_terms(RuntimeOrigin::signed(who), program, terms)
}

fn vintages() -> Vec<(u32, u64)> {
	Programs::<Test>::get(1).unwrap().vintages.iter().map(|v| (v.face_value, v.expires - START)).collect()
}

#[test]
fn new_terms_begin_with_the_next_period_and_a_vintage_of_their_own() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert_ok!(revise(1, 1, WORSE));
		let event = Event::TermsRevised { program: 1, old: TERMS, new: WORSE, from: START + PERIOD };
		System::assert_last_event(event.into());
		// In this period nothing changes.
		Timestamp::set_timestamp(START + PERIOD - 1);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert_eq!(vintages(), vec![(10, 3 * PERIOD)]);
		// The next one ends after half the time, and its points expire before those that are older.
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert_eq!(vintages(), vec![(5, 2 * PERIOD), (10, 3 * PERIOD)]);
		assert_eq!(Programs::<Test>::get(1).unwrap().next_terms(Timestamp::get()), None);
	});
}

#[test]
fn points_earned_before_keep_value_and_expiry_to_the_unit_in_one_payment_with_new_ones() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert_ok!(issue(ISSUER, 1, BEN, 10));
		assert_ok!(revise(1, 1, Terms { face_value: 3, ..TERMS }));
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		let burned = Points::burn(&ANN, 1, u128::MAX, 112, Venue::Merchant(RIVAL), 0).unwrap();
		let burns: Vec<_> = burned.burns.iter().map(|burn| (burn.points, burn.value)).collect();
		// Ten old points of 10, four new ones of 3.
		assert_eq!(burns, vec![(10, 100), (4, 12)]);
		// They would have expired when it was promised, and not a moment before.
		Timestamp::set_timestamp(START + 3 * PERIOD - 1);
		let burned = Points::burn(&BEN, 1, 1, u128::MAX, Venue::Merchant(RIVAL), 0).unwrap();
		assert_eq!(burned.burns[0].value, 10);
		Timestamp::set_timestamp(START + 3 * PERIOD);
		assert!(Points::burn(&BEN, 1, 1, u128::MAX, Venue::Merchant(RIVAL), 0).unwrap().burns.is_empty());
	});
}

#[test]
fn the_last_revision_of_a_period_counts() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(revise(1, 1, WORSE));
		assert_ok!(revise(1, 1, Terms { face_value: 7, ..TERMS }));
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(ISSUER, 1, ANN, 10));
		assert_eq!(vintages(), vec![(7, 4 * PERIOD)]);
		// One that is in force already is the old one of the next.
		assert_ok!(revise(1, 1, WORSE));
		assert_eq!(Programs::<Test>::get(1).unwrap().revision.unwrap().from, START + 2 * PERIOD);
	});
}

#[test]
fn what_comes_in_by_exchange_is_of_the_new_terms_too() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(revise(1, 1, Terms { face_value: 3, ..TERMS }));
		Timestamp::set_timestamp(START + PERIOD);
		assert_eq!(Points::exchange_in(&ANN, 1, 30), Ok(10));
	});
}

#[test]
fn bad_terms_and_other_peoples_programs_are_refused() {
	run(|| {
		program(ISSUER, TERMS);
		assert_noop!(revise(2, 1, WORSE), Error::<Test>::NotIssuer);
		assert_noop!(revise(1, 9, WORSE), Error::<Test>::NotFound);
		assert_noop!(revise(ANN, 1, WORSE), sp_runtime::DispatchError::BadOrigin);
		assert_noop!(revise(1, 1, Terms { decimals: 3, ..TERMS }), Error::<Test>::InvalidDecimals);
		assert_noop!(revise(1, 1, Terms { face_value: 0, ..TERMS }), Error::<Test>::InvalidFaceValue);
		assert_noop!(revise(1, 1, Terms { pending: 101, ..TERMS }), Error::<Test>::InvalidPending);
	});
}
