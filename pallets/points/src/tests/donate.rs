use super::mock::*;
use crate::{Error, Event, LiabilityOf};
use frame_support::{assert_noop, assert_ok};

fn donate(program: u16, to: u64, amount: u128) -> sp_runtime::DispatchResult {
	Points::donate(RuntimeOrigin::signed(ANN), program, to, amount).map(drop).map_err(|failed| failed.error)
}

/// Ann holds 5 points that expire first and 7 that expire later.
fn two_vintages() {
	program(ISSUER, TERMS);
	assert_ok!(issue(ISSUER, 1, ANN, 5));
	Timestamp::set_timestamp(START + PERIOD);
	assert_ok!(issue(ISSUER, 1, ANN, 7));
}

#[test]
fn what_expires_first_is_given_first_and_nothing_is_owed_anew() {
	run(|| {
		two_vintages();
		assert_ok!(donate(1, BEN, 6));
		assert_eq!((Assets::balance(vintage(1, 0), BEN), Assets::balance(vintage(1, 1), BEN)), (5, 1));
		assert_eq!((Assets::balance(vintage(1, 0), ANN), Assets::balance(vintage(1, 1), ANN)), (0, 6));
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 120);
		System::assert_last_event(Event::PointsDonated { program: 1, from: ANN, to: BEN, amount: 6 }.into());
	});
}

#[test]
fn more_than_the_holder_has_is_refused_and_nothing_moves() {
	run(|| {
		two_vintages();
		assert_noop!(donate(1, BEN, 13), Error::<Test>::PointsTooFew);
		assert_noop!(donate(1, BEN, 0), Error::<Test>::ZeroAmount);
		assert_noop!(donate(9, BEN, 1), Error::<Test>::NotFound);
		// What is expired is not given, even before it is booked.
		Timestamp::set_timestamp(START + 3 * PERIOD);
		assert_noop!(donate(1, BEN, 8), Error::<Test>::PointsTooFew);
		assert_ok!(donate(1, BEN, 7));
	});
}

#[test]
fn giving_to_oneself_changes_nothing() {
	run(|| {
		two_vintages();
		assert_ok!(donate(1, ANN, 12));
		assert_eq!((Assets::balance(vintage(1, 0), ANN), Assets::balance(vintage(1, 1), ANN)), (5, 7));
	});
}
