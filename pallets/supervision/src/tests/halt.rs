use super::mock::*;
use crate::{ActiveHalts, Error, Event, Halt, Level, Scope, MAX_HALTS};
use frame_support::{assert_noop, assert_ok, weights::WeightMeter};
use hanse_primitives::{Halts as _, Sanctions as _};

#[test]
fn a_halted_program_makes_no_points_and_its_points_leave_nobody() {
	run(|| {
		assert_ok!(halt(program(1), 10));
		last_event(Event::Halted { target: program(1), by: EVE, until: START + 10, reason: hash(3) });
		for who in [ANN, BEN] {
			assert_noop!(Supervision::ensure_may_leave(&who, 1), Error::<Test>::PointsHalted);
		}
		assert_noop!(Supervision::ensure_may_make(1), Error::<Test>::ProgramHalted);
		assert_ok!(Supervision::ensure_may_leave(&ANN, 2));
		assert_ok!(Supervision::ensure_may_make(2));
		assert_ok!(Supervision::ensure_may_issue(SHOP));
		assert_eq!(stops(1), (1, 0));
	});
}

#[test]
fn a_halted_institution_issues_nothing_and_its_points_are_used() {
	run(|| {
		assert_ok!(halt(institution(SHOP), 10));
		assert_noop!(Supervision::ensure_may_issue(SHOP), Error::<Test>::IssuingHalted);
		assert_ok!(Supervision::ensure_may_issue(BANK));
		assert_ok!(Supervision::ensure_may_leave(&ANN, 1));
		assert_eq!(stops(1), (0, 0));
	});
}

#[test]
fn points_of_all_programs_stay_with_a_halted_customer() {
	run(|| {
		assert_ok!(halt(customer(ANN), 10));
		for id in 1..=3 {
			assert_noop!(Supervision::ensure_may_leave(&ANN, id), Error::<Test>::PointsHalted);
			assert_ok!(Supervision::ensure_may_leave(&BEN, id));
			assert_ok!(Supervision::ensure_may_make(id));
		}
		assert_eq!(Supervision::halted_at(START), vec![ANN]);
	});
}

#[test]
fn a_halt_lasts_some_time_and_not_longer_than_the_rule_of_its_day() {
	run(|| {
		assert_noop!(halt(program(1), 0), Error::<Test>::ZeroLength);
		assert_noop!(halt(program(1), LONG + 1), Error::<Test>::HaltTooLong);
		assert_ok!(halt(program(1), LONG));
		MaxHalt::set(10);
		assert_noop!(halt(program(2), 11), Error::<Test>::HaltTooLong);
		// The first goes on as it began.
		Now::set(START + LONG - 1);
		assert_noop!(Supervision::ensure_may_make(1), Error::<Test>::ProgramHalted);
	});
}

#[test]
fn a_halt_ends_at_its_time_without_anybody() {
	run(|| {
		for target in [program(1), institution(SHOP), customer(ANN)] {
			assert_ok!(halt(target, 10));
		}
		let is_halted = || {
			let all = [
				Supervision::ensure_may_make(1).is_err(),
				Supervision::ensure_may_leave(&BEN, 1).is_err(),
				Supervision::ensure_may_leave(&ANN, 3).is_err(),
				Supervision::ensure_may_issue(SHOP).is_err(),
			];
			assert!(all.iter().all(|halted| *halted == all[0]));
			all[0]
		};
		block_at(START + 9);
		assert!(is_halted());
		assert_eq!((Supervision::halts().len(), stops(1)), (3, (1, 0)));
		// By the clock alone.
		Now::set(START + 10);
		assert!(!is_halted());
		assert_eq!((Supervision::halts().len(), stops(1)), (0, (1, 0)));
		Supervision::end_past_halts(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(ActiveHalts::<Test>::get().len(), 3);
		// The next block tidies up and lets the clock run.
		block_at(START + 10);
		assert_eq!(stops(1), (1, 1));
		assert!(!ActiveHalts::<Test>::exists());
		for target in [program(1), institution(SHOP), customer(ANN)] {
			System::assert_has_event(Event::HaltLapsed { target }.into());
		}
		block_at(START + 11);
		assert_eq!(stops(1), (1, 1));
	});
}

#[test]
fn nobody_halts_a_target_again_without_a_vote() {
	run(|| {
		assert_ok!(appoint(FAY, Level::Halt, Scope::All));
		assert_ok!(halt(program(1), 10));
		let again = |by| Supervision::halt(signed(by), program(1), 10, hash(4));
		for by in [EVE, FAY] {
			assert_noop!(again(by), Error::<Test>::RatificationNeeded);
		}
		for later in [10, 100, 100_000] {
			block_at(START + later);
			assert_noop!(again(FAY), Error::<Test>::RatificationNeeded);
		}
		// Another target of the same institution is another target.
		assert_ok!(halt(program(2), 10));
		assert_ok!(ratify(program(1)));
		last_event(Event::HaltAllowed { target: program(1) });
		assert_noop!(ratify(program(1)), Error::<Test>::AlreadyRatified);
		assert_ok!(again(FAY));
		assert_noop!(again(EVE), Error::<Test>::RatificationNeeded);
		assert_eq!(stops(1), (2, 1));
		block_at(START + 200_000);
		assert_eq!(stops(1), (2, 2));
		assert_noop!(again(EVE), Error::<Test>::RatificationNeeded);
	});
}

#[test]
fn each_vote_prolongs_a_running_halt_once_more_by_its_length() {
	run(|| {
		assert_noop!(ratify(program(1)), Error::<Test>::NotHalted);
		assert_ok!(halt(program(1), 10));
		Now::set(START + 9);
		assert_ok!(ratify(program(1)));
		last_event(Event::HaltProlonged { target: program(1), old: START + 10, new: START + 20 });
		assert_ok!(ratify(program(1)));
		block_at(START + 29);
		assert_noop!(Supervision::ensure_may_make(1), Error::<Test>::ProgramHalted);
		block_at(START + 30);
		assert_ok!(Supervision::ensure_may_make(1));
		// However long, the clock stood once.
		assert_eq!(stops(1), (1, 1));
	});
}

#[test]
fn a_vote_lifts_a_halt_at_once() {
	run(|| {
		assert_noop!(lift(program(1)), Error::<Test>::NotHalted);
		for target in [program(1), institution(SHOP), customer(ANN)] {
			assert_ok!(halt(target, 10));
			Now::set(Now::get() + 1);
			assert_ok!(lift(target));
			last_event(Event::HaltLifted { target });
			assert_noop!(lift(target), Error::<Test>::NotHalted);
			assert_noop!(halt(target, 10), Error::<Test>::RatificationNeeded);
		}
		assert_ok!(Supervision::ensure_may_leave(&ANN, 1));
		assert_ok!(Supervision::ensure_may_issue(SHOP));
		assert_eq!((stops(1), Supervision::halts()), ((1, 1), vec![]));
		block_at(START + 50);
		assert_eq!(stops(1), (1, 1));
		// What was lifted may begin anew by a vote, also in the same block.
		assert_ok!(ratify(program(1)));
		assert_ok!(halt(program(1), 10));
		assert_ok!(lift(program(1)));
		assert_eq!(stops(1), (2, 2));
	});
}

#[test]
fn what_is_over_by_the_clock_is_not_lifted_and_begins_anew_before_a_block_has_looked() {
	run(|| {
		assert_ok!(halt(program(1), 10));
		Now::set(START + 10);
		assert_noop!(lift(program(1)), Error::<Test>::NotHalted);
		assert_ok!(ratify(program(1)));
		assert_ok!(halt(program(1), 20));
		assert_eq!((stops(1), ActiveHalts::<Test>::get().len()), ((2, 1), 1));
		block_at(START + 30);
		assert_eq!(stops(1), (2, 2));
	});
}

#[test]
fn so_many_halts_run_at_the_same_time() {
	run(|| {
		for who in 0..u64::from(MAX_HALTS) {
			assert_ok!(halt(customer(1_000 + who), 10));
		}
		assert_noop!(halt(program(1), 10), Error::<Test>::MaxHaltsExceeded);
		assert_eq!(stops(1), (0, 0));
		assert_eq!(Supervision::halted_at(START).len() as u32, MAX_HALTS);
		block_at(START + 10);
		assert!(!ActiveHalts::<Test>::exists());
		assert_ok!(halt(program(1), 10));
	});
}

#[test]
fn a_block_that_is_full_ends_halts_as_far_as_it_can() {
	run(|| {
		for id in 1..=3 {
			assert_ok!(halt(program(id), 10));
		}
		Now::set(START + 10);
		// The test runtime's reads cost nothing, and one end is one unit.
		Supervision::end_past_halts(&mut WeightMeter::with_limit((2, 0).into()));
		assert_eq!((stops(1), stops(2), stops(3)), ((1, 1), (1, 1), (1, 0)));
		check();
		block_at(START + 11);
		assert_eq!((stops(1), stops(2), stops(3)), ((1, 1), (1, 1), (1, 1)));
	});
}

#[test]
fn halts_that_run_are_listed_with_who_since_until_and_why() {
	run(|| {
		assert_ok!(halt(program(1), 10));
		Now::set(START + 5);
		assert_ok!(halt(customer(ANN), 10));
		assert_ok!(ratify(program(1)));
		let first = Halt { target: program(1), by: EVE, since: START, until: START + 20, reason: hash(3) };
		let (since, until) = (START + 5, START + 15);
		let second = Halt { target: customer(ANN), since, until, ..first };
		assert_eq!(Supervision::halts(), vec![first, second]);
		Now::set(START + 15);
		assert_eq!(Supervision::halts(), vec![first]);
	});
}

#[test]
fn who_was_halted_at_a_moment_is_known_until_the_next_block() {
	run(|| {
		Now::set(START + 5);
		assert_ok!(halt(customer(ANN), 10));
		assert_ok!(halt(customer(BEN), 20));
		assert_ok!(halt(program(1), 20));
		for (at, halted) in
			[(4, vec![]), (5, vec![ANN, BEN]), (14, vec![ANN, BEN]), (15, vec![BEN]), (25, vec![])]
		{
			assert_eq!(Supervision::halted_at(START + at), halted);
		}
		// A chain that slept still knows who was halted meanwhile.
		Now::set(START + 100);
		assert_eq!(Supervision::halted_at(START + 14), vec![ANN, BEN]);
		block_at(START + 100);
		assert!(Supervision::halted_at(START + 14).is_empty());
	});
}
