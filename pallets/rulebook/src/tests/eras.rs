use super::mock::*;
use crate::{CurrentEraClock, EraClock, Rule, Rules};
use frame_support::storage::with_storage_layer;
use hanse_primitives::{EndedEras, Eras, Moment};
use proptest::{prelude::*, test_runner::TestRunner};
use std::cell::Cell;

#[test]
fn eras_are_counted_from_the_unix_epoch_while_their_length_stands() {
	run(|| {
		assert_eq!(era(), (START / DAY) as u32);
		block_at(101 * DAY - 1);
		assert_eq!(era(), 100);
		block_at(101 * DAY);
		assert_eq!(era(), 101);
	});
}

#[test]
fn orders_are_taken_in_their_era_and_for_as_many_as_the_rule_says() {
	run(|| {
		assert_eq!(Rulebook::rules().order_eras, 7);
		assert!((93..=100).all(Rulebook::takes_orders));
		assert!([0, 92, 101, u32::MAX].into_iter().all(|era| !Rulebook::takes_orders(era)));
	});
}

#[test]
fn an_order_that_was_refused_for_its_age_stays_refused_when_the_rule_becomes_longer() {
	run(|| {
		amend_now(Rule::OrderEras, 8);
		// It was era 96 at the least that was taken when the rule was amended in era 103.
		assert_eq!((era(), CurrentEraClock::<Test>::get().orders_from), (103, 96));
		assert!(Rulebook::takes_orders(96) && !Rulebook::takes_orders(95));
		block_at(104 * DAY);
		assert!(Rulebook::takes_orders(96) && !Rulebook::takes_orders(95));
		block_at(105 * DAY);
		assert!(Rulebook::takes_orders(97) && !Rulebook::takes_orders(96));
		// A shorter one closes at once.
		amend_now(Rule::OrderEras, 7);
		assert!(Rulebook::takes_orders(era() - 7) && !Rulebook::takes_orders(era() - 8));
	});
}

#[test]
fn a_shorter_era_begins_with_the_next_one() {
	run(|| {
		// Enacted an hour into era 103, which still lasts its day.
		amend_now(Rule::Era, (18 * HOUR).into());
		for (moment, era_then) in [
			(103 * DAY + HOUR, 103),
			(104 * DAY - 1, 103),
			(104 * DAY, 104),
			(104 * DAY + 18 * HOUR - 1, 104),
			(104 * DAY + 18 * HOUR, 105),
			(107 * DAY, 108),
		] {
			block_at(moment);
			assert_eq!(era(), era_then);
		}
	});
}

#[test]
fn a_longer_era_begins_with_the_next_one() {
	run(|| {
		amend_now(Rule::Era, (30 * HOUR).into());
		for (moment, era_then) in
			[(104 * DAY - 1, 103), (104 * DAY, 104), (105 * DAY, 104), (105 * DAY + 6 * HOUR, 105)]
		{
			block_at(moment);
			assert_eq!(era(), era_then);
		}
	});
}

#[test]
fn the_grace_of_a_requirement_is_an_era_of_the_length_in_force() {
	run(|| {
		amend_now(Rule::Era, (18 * HOUR).into());
		amend_now(Rule::ReserveRatio, 12);
		block_at(now() + 18 * HOUR - 1);
		assert_eq!(Rulebook::enforced(Rule::ReserveRatio), 10);
		block_at(now() + 1);
		assert_eq!(Rulebook::enforced(Rule::ReserveRatio), 12);
	});
}

#[test]
fn a_length_that_changes_again_before_its_first_era_keeps_the_end_of_the_present_one() {
	let clock = EraClock::from_epoch(100).with_length(250, 40).with_length(260, 7);
	assert_eq!(clock, EraClock { index: 3, started: 300, length: 7, orders_from: 0 });
	assert_eq!([299, 300, 306, 307].map(|now| clock.era_at(now)), [2, 3, 3, 4]);
}

#[test]
fn the_clock_is_total() {
	let broken = EraClock { index: u32::MAX, started: u64::MAX, length: 0, orders_from: 0 };
	assert_eq!(broken.era_at(0), u32::MAX - 1);
	assert_eq!(broken.era_at(u64::MAX), u32::MAX);
	assert_eq!(EraClock::from_epoch(1).era_at(u64::MAX), u32::MAX);
	assert_eq!(broken.with_length(u64::MAX, 1).era_at(u64::MAX), u32::MAX);
}

/// Waits, and lengths that begin with the next era.
fn changes() -> impl Strategy<Value = Vec<(Moment, Option<Moment>)>> {
	prop::collection::vec((0..500u64, prop::option::of(1..300u64)), 1..60)
}

proptest! {
	#[test]
	fn whatever_lengths_follow_each_other_every_era_comes_once_and_lasts_one_of_them(steps in changes()) {
		let mut clock = EraClock::from_epoch(100);
		let (mut now, mut begun, mut lengths) = (0, 0, vec![100]);
		for (wait, length) in steps {
			// Moment by moment, so that no era could be left out unseen.
			for moment in now..now + wait {
				let (before, after) = (clock.era_at(moment), clock.era_at(moment + 1));
				prop_assert!(after == before || after == before + 1);
				if after > before {
					prop_assert!(lengths.contains(&(moment + 1 - begun)));
					begun = moment + 1;
				}
			}
			now += wait;
			if let Some(length) = length {
				let changed = clock.with_length(now, length);
				prop_assert_eq!(changed.era_at(now), clock.era_at(now));
				clock = changed;
				lengths.push(length);
			}
		}
	}

}

#[test]
fn whatever_is_voted_and_when_the_era_never_falls_and_no_amendment_moves_it() {
	let votes = prop::collection::vec((0..3 * DAY, -25..=25i128), 1..40);
	let (decided, enacted) = (Cell::new(0), Cell::new(0));
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
	TestRunner::new(config)
		.run(&votes, |votes| {
			run_with(Rules { notice: HOUR, ..Rules::default() }, || {
				for (wait, per_cent) in votes {
					let before = era();
					let old = Rulebook::rules().era;
					let new = (i128::from(old) + i128::from(old) * per_cent / 100) as u128;
					let is_decided = with_storage_layer(|| amend(Rule::Era, new)).is_ok();
					Timestamp::set_timestamp(now() + wait);
					let unchanged = era();
					assert!(unchanged >= before, "the era fell");
					block_at(now());
					assert_eq!(era(), unchanged, "an amendment moved the era");
					assert_eq!(CurrentEraClock::<Test>::get().length, Rulebook::rules().era);
					decided.set(decided.get() + u32::from(is_decided));
					enacted.set(enacted.get() + u32::from(Rulebook::rules().era != old));
				}
			});
			Ok(())
		})
		.unwrap();
	// Votes of which nothing comes prove nothing.
	let often = (decided.get(), enacted.get());
	assert!(often.0 >= 2_000 && often.1 >= 2_000, "{often:?}");
}

#[test]
fn the_end_of_an_era_is_processed_once_over_as_many_blocks_as_it_takes() {
	run(|| {
		let ended = |first, next| EndedEras { first, next };
		EndTakes::set(3);
		// The first block begins an era and ends none.
		assert_eq!((Rulebook::first_open(), Ended::get()), (100, vec![]));
		block_at(101 * DAY - 1);
		assert!(Ended::get().is_empty());
		for blocks in 1..=3 {
			block_at(101 * DAY + blocks);
			assert_eq!((Rulebook::first_open(), Ended::get().len()), (101, usize::from(blocks == 3)));
		}
		block_at(101 * DAY + 4);
		assert_eq!(Ended::get(), [ended(100, 101)]);
		// Eras in which no block was made end together.
		EndTakes::set(1);
		block_at(104 * DAY);
		assert_eq!(Ended::get(), [ended(100, 101), ended(101, 104)]);
	});
}
