use super::mock::*;
use crate::{PreviousBlock, LONGEST_GAP};
use frame_support::traits::Hooks;
use hanse_primitives::{DeadlineClock, Moment};
use proptest::prelude::*;

/// What the clock of deadlines shows.
fn shown() -> Moment {
	<Rulebook as DeadlineClock>::now()
}

#[test]
fn the_clock_runs_while_blocks_are_made() {
	run(|| {
		block_at(START + 1);
		block_at(START + 1 + LONGEST_GAP);
		assert_eq!((shown(), Rulebook::stopped_for()), (now(), 0));
	});
}

#[test]
fn a_gap_of_more_than_a_minute_counts_whole() {
	run(|| {
		block_at(START + 1);
		let before = shown();
		block_at(START + 16 * DAY);
		assert_eq!(shown(), before);
		assert_eq!(<Rulebook as DeadlineClock>::wall_time(shown()), now());
		block_at(now() + 1_000);
		assert_eq!(shown(), before + 1_000);
	});
}

#[test]
fn the_clock_stands_while_spending_is_stopped() {
	run(|| {
		block_at(START + 1_000);
		SpendingStopped::set(true);
		let before = shown();
		for _ in 0..5 {
			block_at(now() + 6_000);
			assert_eq!(shown(), before);
		}
		// The brake went in this block; it stood until here.
		SpendingStopped::set(false);
		block_at(now() + 6_000);
		assert_eq!(shown(), before + 6_000);
		assert_eq!(Rulebook::stopped_for(), 30_000);
	});
}

#[test]
fn until_the_time_of_a_block_is_set_the_clock_shows_what_it_showed() {
	run(|| {
		block_at(START + 1_000);
		let before = shown();
		Rulebook::on_initialize(System::block_number() + 1);
		assert_eq!(shown(), before);
		Timestamp::set_timestamp(now() + DAY);
		assert_eq!(shown(), before);
		assert!(!PreviousBlock::<Test>::exists());
	});
}

proptest! {
	#[test]
	fn whatever_happens_the_clock_shows_the_time_in_which_somebody_could_act(
		steps in prop::collection::vec((1_000u64..3 * LONGEST_GAP, any::<bool>()), 1..60),
	) {
		run(|| {
			let (start, mut usable, mut stopped) = (shown(), 0, false);
			for (gap, brake) in steps {
				SpendingStopped::set(stopped);
				let before = shown();
				block_at(now() + gap);
				usable += if stopped || gap > LONGEST_GAP { 0 } else { gap };
				assert!(shown() >= before);
				assert_eq!(shown(), start + usable);
				assert_eq!(<Rulebook as DeadlineClock>::wall_time(shown()), now());
				stopped = brake;
			}
			SpendingStopped::set(false);
		});
	}
}
