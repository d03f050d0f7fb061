use super::mock::*;
use crate::{Event, FlowsOf, LiabilityOf, LifetimeValueOf, Programs, SweepQueue, Terms};
use frame_support::{assert_noop, assert_ok, traits::fungibles::Inspect, weights::WeightMeter};
use hanse_primitives::{Balance, Holdings, PointsLedger as _, Venue};
use sp_runtime::{DispatchError, DispatchResult};

fn burn(from: u64, program: u16) -> DispatchResult {
	Points::burn(&from, program, 1, u128::MAX, Venue::Merchant(ISSUER), 0).map(drop)
}

fn donate(from: u64, to: u64) -> DispatchResult {
	Points::donate(RuntimeOrigin::signed(from), 1, to, 1).map(drop).map_err(|failed| failed.error)
}

fn holds(who: u64, sequence: u16) -> Balance {
	Assets::balance(vintage(1, sequence), who)
}

/// What the institution owes, ever made, and what lapsed of it.
fn books() -> (Balance, Balance, Balance) {
	let made = LifetimeValueOf::<Test>::get(ISSUER);
	(LiabilityOf::<Test>::get(ISSUER).outstanding, made.created, made.lapsed)
}

#[test]
fn points_of_a_halted_program_stay_where_they_are_and_none_are_made() {
	run(|| {
		program(ISSUER, TERMS);
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		assert_ok!(issue(ISSUER, 2, ANN, 30));
		HaltedPrograms::set([1].into());
		assert_noop!(burn(ANN, 1), DispatchError::Other("PointsHalted"));
		assert_noop!(donate(ANN, BEN), DispatchError::Other("PointsHalted"));
		assert_noop!(issue(ISSUER, 1, ANN, 1), DispatchError::Other("ProgramHalted"));
		let batch = vec![award(ANN, 1, 7)].try_into().unwrap();
		assert_noop!(
			Points::issue_batch(RuntimeOrigin::signed(1), 1, order(7).era, batch),
			DispatchError::Other("ProgramHalted")
		);
		assert_noop!(Points::exchange_in(&ANN, 1, 100), DispatchError::Other("ProgramHalted"));
		// What was spent comes back all the same, and the other program goes on.
		assert_ok!(burn(ANN, 2));
		assert_ok!(Points::reinstate(&ANN, vintage(2, 0), 1, FUNDED));
		assert_ok!(issue(ISSUER, 2, ANN, 1));
		HaltedPrograms::set([].into());
		assert_ok!(burn(ANN, 1));
		assert_ok!(Points::exchange_in(&ANN, 1, 100));
	});
}

#[test]
fn a_halted_holder_receives_and_gives_nothing_away() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		HaltedCustomers::set([ANN].into());
		assert_noop!(burn(ANN, 1), DispatchError::Other("PointsHalted"));
		assert_noop!(donate(ANN, BEN), DispatchError::Other("PointsHalted"));
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		assert_ok!(issue(ISSUER, 1, BEN, 1));
		assert_ok!(donate(BEN, ANN));
		assert_eq!((holds(ANN, 0), holds(BEN, 0)), (32, 0));
	});
}

#[test]
fn an_institution_under_a_sanction_makes_no_points() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		Sanctioned::set([ISSUER].into());
		assert_noop!(issue(ISSUER, 1, ANN, 1), DispatchError::Other("IssuingHalted"));
		assert_noop!(Points::exchange_in(&ANN, 1, 100), DispatchError::Other("IssuingHalted"));
		assert_ok!(burn(ANN, 1));
		assert_ok!(Points::reinstate(&ANN, vintage(1, 0), 1, FUNDED));
	});
}

#[test]
fn a_recovery_moves_what_is_halted_and_moves_no_halt() {
	run(|| {
		program(ISSUER, TERMS);
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		assert_ok!(issue(ISSUER, 2, ANN, 5));
		HaltedCustomers::set([ANN].into());
		HaltedPrograms::set([2].into());
		assert_eq!(Points::move_all(&ANN, &BEN, vintage(1, 0)), Ok(300));
		assert_eq!(Points::move_all(&ANN, &BEN, vintage(2, 0)), Ok(50));
		assert_eq!((holds(ANN, 0), holds(BEN, 0)), (0, 30));
		assert_noop!(burn(ANN, 1), DispatchError::Other("PointsHalted"));
		assert_eq!((HaltedCustomers::get(), HaltedPrograms::get()), ([ANN].into(), [2].into()));
	});
}

#[test]
fn what_a_halted_customer_holds_of_an_expired_vintage_is_carried_into_the_last_one() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 31));
		assert_ok!(issue(ISSUER, 1, BEN, 20));
		// The next vintage has the same terms, the last one a face value of 12.
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(ISSUER, 1, BEN, 1));
		let terms = Terms { face_value: 12, ..TERMS };
		assert_ok!(Points::revise_terms(RuntimeOrigin::signed(1), 1, terms));
		Timestamp::set_timestamp(START + 2 * PERIOD);
		assert_ok!(issue(ISSUER, 1, BEN, 1));
		HaltedCustomers::set([ANN, 13].into());
		assert_eq!(books(), (310 + 200 + 10 + 12, 532, 0));

		block_at(START + 3 * PERIOD, false);
		Points::do_try_state().unwrap();
		// 310 micro-units are 25 points of 12; 10 stay the issuer's.
		assert_eq!((holds(ANN, 1), holds(ANN, 2), holds(BEN, 2), holds(13, 2)), (0, 25, 1, 0));
		assert_eq!(books(), (10 + 12 + 300, 532 + 300, 510));
		let flows = FlowsOf::<Test>::get(1);
		assert_eq!((flows.expired, flows.reinstated), (51, 25));
		let event = Event::PointsReinstated { program: 1, asset: vintage(1, 2), to: ANN, amount: 25 };
		System::assert_has_event(event.into());

		// The old vintage is swept, what it held of hers too.
		block_at(START + 3 * PERIOD, true);
		assert!(!Assets::asset_exists(vintage(1, 0)));
		assert_eq!(SweepQueue::<Test>::iter().count(), 0);

		// Once she is free, it is hers to spend.
		HaltedCustomers::set([].into());
		assert_ok!(donate(ANN, BEN));
	});
}

#[test]
fn where_no_vintage_is_left_a_halted_customers_points_lapse_as_everybodys() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		HaltedCustomers::set([ANN].into());
		block_at(START + 3 * PERIOD, true);
		assert_eq!(books(), (0, 300, 300));
		assert!(Programs::<Test>::get(1).unwrap().vintages.is_empty());
		assert!(!Assets::asset_exists(vintage(1, 0)));
	});
}

#[test]
fn a_block_that_cannot_carry_leaves_the_vintage_to_the_next() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		HaltedCustomers::set([ANN, BEN].into());
		Timestamp::set_timestamp(START + 3 * PERIOD);
		// One unit for the vintage, one for each halted customer.
		for (weight, expired) in [(2, 0), (3, 30)] {
			Points::book_expiries(&mut WeightMeter::with_limit((weight, 0).into()));
			assert_eq!(FlowsOf::<Test>::get(1).expired, expired);
		}
	});
}

#[test]
fn what_is_due_as_well_takes_nothing_in() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(ISSUER, 1, ANN, 4));
		HaltedCustomers::set([ANN].into());
		// The chain slept: both are due, the second takes nothing of the first.
		block_at(START + 5 * PERIOD, false);
		assert_eq!(FlowsOf::<Test>::get(1).reinstated, 0);
		assert_eq!(books(), (0, 340, 340));
	});
}

#[test]
fn carried_points_are_the_successors_if_the_account_was_recovered() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(ISSUER, 1, ANN, 4));
		HaltedCustomers::set([ANN].into());
		Successors::set([(ANN, BEN)].into());
		block_at(START + 3 * PERIOD, false);
		assert_eq!((holds(ANN, 1), holds(BEN, 1)), (4, 30));
	});
}
