use super::mock::*;
use crate::{LastSeen, NextActivityScan};
use frame_support::{assert_ok, weights::WeightMeter};
use hanse_primitives::{Activity, MemberStatus, SuspensionCause};

/// Everybody but 4 signs, and so much time passes.
fn pass_without_4(milliseconds: u64) {
	(1..=3).for_each(signs);
	pass(milliseconds);
}

/// Everybody but 4 signs once a look, until 4 has been silent for so long.
fn sleep_of_4(milliseconds: u64) {
	(0..milliseconds / LOOK).for_each(|_| pass_without_4(LOOK));
}

#[test]
fn a_member_that_gives_no_sign_for_the_rules_time_is_not_awake_and_keeps_its_vote() {
	run(|| {
		sleep_of_4(AWAKE - LOOK);
		assert_eq!(awake(), [1, 2, 3, 4]);
		pass_without_4(LOOK - 1);
		assert_eq!(awake(), [1, 2, 3, 4]);
		pass_without_4(1);
		assert_eq!(awake(), [1, 2, 3]);
		assert_eq!(electorate(), [1, 2, 3, 4]);
	});
}

#[test]
fn any_sign_wakes_at_once_and_lasts_for_the_rules_time_and_a_look_at_most() {
	let signs_of_life: [fn(); 2] = [
		|| signs(4),
		// A delegate signed for it, or its authority made blocks.
		|| Institutions::note_activity(&4),
	];
	for sign in signs_of_life {
		run(|| {
			sleep_of_4(2 * AWAKE);
			assert_eq!(awake(), [1, 2, 3]);
			sign();
			assert_eq!(awake(), [1, 2, 3, 4]);
			sleep_of_4(AWAKE);
			assert_eq!(awake(), [1, 2, 3, 4]);
			pass_without_4(LOOK);
			assert_eq!(awake(), [1, 2, 3]);
		});
	}
}

#[test]
fn a_vote_by_proxy_is_a_sign_when_it_is_cast_and_not_for_as_long_as_it_stands() {
	run(|| {
		sleep_of_4(2 * AWAKE);
		Voted::set(vec![(4, 7), (1, 8)]);
		pass_without_4(LOOK);
		assert_eq!(awake(), [1, 2, 3, 4]);
		sleep_of_4(AWAKE);
		assert_eq!(awake(), [1, 2, 3]);
		// Another motion, another sign.
		Voted::set(vec![(4, 7), (4, 9)]);
		pass_without_4(LOOK);
		assert_eq!(awake(), [1, 2, 3, 4]);
	});
}

#[test]
fn suspension_and_reinstatement_are_no_signs() {
	run(|| {
		sleep_of_4(2 * AWAKE);
		assert_ok!(Institutions::suspend(4, SuspensionCause::Conduct));
		assert_ok!(Institutions::reinstate(4, SuspensionCause::Conduct));
		assert_eq!((awake(), electorate()), (vec![1, 2, 3], vec![1, 2, 3, 4]));
	});
}

#[test]
fn a_newcomer_is_awake() {
	run(|| {
		sleep_of_4(2 * AWAKE);
		assert_eq!(join(5, "Elbe Bank"), 5);
		assert_eq!((awake(), electorate()), (vec![1, 2, 3, 5], vec![1, 2, 3, 4, 5]));
	});
}

#[test]
fn signs_of_accounts_outside_the_electorate_are_not_stored() {
	run(|| {
		assert_ok!(apply(5, "Elbe Bank"));
		assert_ok!(Institutions::start_run_off(4));
		for account in [4, 5, 20] {
			Institutions::note_activity(&account);
			assert!(!LastSeen::<Test>::contains_key(account));
		}
	});
}

#[test]
fn signs_are_written_down_once_a_scan() {
	run(|| {
		pass(LOOK);
		let before = LastSeen::<Test>::get(4);
		signs(4);
		pass(LOOK / 2);
		assert_eq!(LastSeen::<Test>::get(4), before);
		Institutions::note_activity(&4);
		let after = LastSeen::<Test>::get(4);
		assert_ne!(after, before);
		Institutions::note_activity(&4);
		assert_eq!(LastSeen::<Test>::get(4), after);
	});
}

#[test]
fn a_look_that_finds_no_room_waits_for_the_next_block() {
	run(|| {
		let due = NextActivityScan::<Test>::get();
		Timestamp::set_timestamp(due);
		Institutions::scan_activity(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(NextActivityScan::<Test>::get(), due);
		poll();
		assert_eq!(NextActivityScan::<Test>::get(), due + LOOK);
	});
}
