use super::mock::*;
use crate::{Error, FlowsOf, LiabilityOf, Terms};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Burn, PointsLedger as _, Venue};

const AT_HOME: Venue = Venue::Merchant(ISSUER);
const AT_PARTNERS: Venue = Venue::Merchant(RIVAL);

/// Ann holds 5 points that expire first and 7 that expire later, each worth 10 micro-units.
fn two_vintages() {
	program(ISSUER, TERMS);
	assert_ok!(issue(ISSUER, 1, ANN, 5));
	Timestamp::set_timestamp(START + PERIOD);
	assert_ok!(issue(ISSUER, 1, ANN, 7));
}

fn burn(max_points: u128, max_value: u128, venue: Venue) -> Vec<Burn> {
	Points::burn(&ANN, 1, max_points, max_value, venue, 0).unwrap().burns
}

fn burned(n: u16, points: u128) -> Burn {
	Burn { asset: vintage(1, n), points, value: points * 10 }
}

#[test]
fn what_expires_first_is_spent_first() {
	run(|| {
		two_vintages();
		assert_eq!(burn(6, u128::MAX, AT_HOME), vec![burned(0, 5), burned(1, 1)]);
		assert_eq!((Assets::balance(vintage(1, 0), ANN), Assets::balance(vintage(1, 1), ANN)), (0, 6));
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 60);
	});
}

#[test]
fn no_more_is_burned_than_the_value_needs() {
	run(|| {
		two_vintages();
		// 31 micro-units need 4 points of 10: rounded up, against the holder.
		assert_eq!(burn(u128::MAX, 31, AT_HOME), vec![burned(0, 4)]);
		assert_eq!(burn(u128::MAX, 10, AT_HOME), vec![burned(0, 1)]);
		assert_eq!(burn(u128::MAX, 0, AT_HOME), vec![]);
	});
}

#[test]
fn no_more_is_burned_than_the_holder_has() {
	run(|| {
		two_vintages();
		assert_eq!(burn(u128::MAX, u128::MAX, AT_HOME), vec![burned(0, 5), burned(1, 7)]);
		assert_eq!(burn(u128::MAX, u128::MAX, AT_HOME), vec![]);
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 0);
	});
}

#[test]
fn an_expired_vintage_is_not_spent_even_before_it_is_booked() {
	run(|| {
		two_vintages();
		Timestamp::set_timestamp(START + 3 * PERIOD - 1);
		assert_eq!(burn(1, u128::MAX, AT_HOME), vec![burned(0, 1)]);
		Timestamp::set_timestamp(START + 3 * PERIOD);
		assert_eq!(burn(u128::MAX, u128::MAX, AT_HOME), vec![burned(1, 7)]);
		assert_eq!(Assets::balance(vintage(1, 0), ANN), 4);
	});
}

#[test]
fn each_venue_has_its_flow_counter() {
	run(|| {
		two_vintages();
		burn(1, u128::MAX, AT_HOME);
		burn(2, u128::MAX, AT_PARTNERS);
		burn(3, u128::MAX, Venue::Exchange);
		let flows = FlowsOf::<Test>::get(1);
		assert_eq!((flows.redeemed_at_home, flows.redeemed_at_partners, flows.exchanged_out), (1, 2, 3));
		assert_eq!(flows.in_circulation(), Ok(6));
	});
}

#[test]
fn vintages_keep_the_face_value_under_which_they_were_issued() {
	run(|| {
		two_vintages();
		crate::Programs::<Test>::mutate(1, |program| {
			let program = program.as_mut().unwrap();
			program.terms = Terms { face_value: 1, ..TERMS };
		});
		Timestamp::set_timestamp(START + 2 * PERIOD);
		assert_ok!(issue(ISSUER, 1, ANN, 5));
		let values: Vec<_> = burn(u128::MAX, 125, AT_HOME).iter().map(|burn| burn.value).collect();
		assert_eq!(values, vec![50, 70, 5]);
	});
}

#[test]
fn an_unknown_program_is_not_found() {
	run(|| {
		assert!(Points::burn(&ANN, 9, 1, 1, AT_HOME, 0).is_err());
		assert_noop!(Points::issuer(9), Error::<Test>::NotFound);
	});
}

#[test]
fn what_is_authorised_stays_outstanding_until_it_is_taken_or_back() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 12));
		let held =
			|| (LiabilityOf::<Test>::get(ISSUER).outstanding, LiabilityOf::<Test>::get(ISSUER).authorised);
		assert_eq!(burn(7, u128::MAX, AT_PARTNERS), vec![burned(0, 7)]);
		assert_eq!(held(), (50, 0));
		assert_eq!(Points::authorise(vintage(1, 0), 7), Ok(70));
		assert_eq!(held(), (120, 70));
		// Three are taken, four come back.
		assert_ok!(Points::unauthorise(ISSUER, 30));
		assert_eq!(held(), (90, 40));
		assert_ok!(Points::unauthorise(ISSUER, 40));
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 4, FUNDED));
		assert_eq!((held(), Points::authorised().len()), ((90, 0), 0));
		assert_noop!(Points::unauthorise(ISSUER, 1), sp_runtime::ArithmeticError::Underflow);
		assert_noop!(Points::authorise(vintage(1, 1), 1), Error::<Test>::NotOpen);
	});
}
