//! Accounts that are recovered while they are halted, or after it.

use super::mock::*;
use crate::{Error, Event, HaltRecords, MAX_HALTS};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::Halts as _;

fn is_halted(who: u64) -> bool {
	Supervision::ensure_may_leave(&who, 1).is_err()
}

#[test]
fn the_new_account_is_halted_for_as_long_and_the_old_one_stays_so() {
	run(|| {
		assert_ok!(halt(customer(ANN), 10));
		Now::set(START + 5);
		Supervision::copy_halt(&ANN, &BEN);
		last_event(Event::HaltCopied { from: ANN, to: BEN, until: START + 10 });
		assert!(is_halted(ANN) && is_halted(BEN));
		let events = System::events().len();
		// Every piece of a recovery says it again.
		Supervision::copy_halt(&ANN, &BEN);
		assert_eq!((System::events().len(), Supervision::halts().len()), (events, 2));
		assert_eq!(Supervision::halted_at(START + 5), vec![ANN, BEN]);
		Now::set(START + 10);
		assert!(!is_halted(ANN) && !is_halted(BEN));
		block_at(START + 10);
		// Neither is halted again without a vote.
		for who in [ANN, BEN] {
			assert_noop!(halt(customer(who), 10), Error::<Test>::RatificationNeeded);
		}
	});
}

#[test]
fn the_mark_of_a_past_halt_follows_too() {
	run(|| {
		assert_ok!(halt(customer(ANN), 10));
		block_at(START + 10);
		Supervision::copy_halt(&ANN, &BEN);
		assert!(!is_halted(BEN));
		assert_noop!(halt(customer(BEN), 10), Error::<Test>::RatificationNeeded);
		assert_ok!(ratify(customer(BEN)));
		assert_ok!(halt(customer(BEN), 10));
		// A mark of its own is not replaced by an older one.
		Supervision::copy_halt(&ANN, &BEN);
		assert!(is_halted(BEN));
	});
}

#[test]
fn an_account_that_was_never_halted_has_no_halt_to_copy() {
	run(|| {
		Supervision::copy_halt(&ANN, &BEN);
		assert_eq!(HaltRecords::<Test>::iter().count(), 0);
		assert_ok!(halt(customer(BEN), 10));
	});
}

#[test]
fn the_longer_of_two_halts_counts() {
	for (of_ann, of_ben) in [(10, 20), (20, 10)] {
		run(|| {
			assert_ok!(halt(customer(ANN), of_ann));
			assert_ok!(halt(customer(BEN), of_ben));
			Supervision::copy_halt(&ANN, &BEN);
			Now::set(START + 19);
			assert!(is_halted(BEN));
			Now::set(START + 20);
			assert!(!is_halted(BEN));
		});
	}
}

#[test]
fn a_halt_that_is_over_and_not_yet_looked_at_gives_way() {
	run(|| {
		assert_ok!(halt(customer(BEN), 5));
		assert_ok!(halt(customer(ANN), 20));
		Now::set(START + 10);
		Supervision::copy_halt(&ANN, &BEN);
		check();
		assert!(is_halted(BEN));
		block_at(START + 20);
		assert!(!is_halted(BEN));
	});
}

#[test]
fn where_there_is_no_room_for_both_the_new_account_is_halted() {
	run(|| {
		assert_ok!(halt(customer(ANN), 20));
		for who in 1..u64::from(MAX_HALTS) {
			assert_ok!(halt(customer(1_000 + who), 10));
		}
		Now::set(START + 5);
		Supervision::copy_halt(&ANN, &BEN);
		assert!(is_halted(BEN) && !is_halted(ANN));
		assert_eq!(Supervision::halts().len() as u32, MAX_HALTS);
		check();
	});
}
