use super::mock::*;
use crate::{Event, LastRoster, Roster, HISTORY};
use frame_support::assert_ok;
use pallet_session::ShouldEndSession;

fn should_end() -> bool {
	<Authorities as ShouldEndSession<u64>>::should_end_session(System::block_number())
}

#[test]
fn a_set_that_does_not_change_is_not_announced_anew() {
	run(4, || {
		assert_eq!(turn(&[]), None);
		KeysChanged::set(true);
		assert_eq!(turn(&[]), Some(vec![1, 2, 3, 4]));
	});
}

#[test]
fn a_new_operator_is_planned_at_the_next_turn_and_makes_blocks_after_the_one_after() {
	run(4, || {
		operate_all([5]);
		assert_eq!(turn(&[]), Some(vec![1, 2, 3, 4, 5]));
		assert_eq!(current(), [1, 2, 3, 4]);
		System::assert_last_event(Event::SetPlanned { session: 2, joining: vec![5], leaving: vec![] }.into());
		assert_eq!(turn(&[]), None);
		assert_eq!(current(), [1, 2, 3, 4, 5]);
	});
}

#[test]
fn one_that_has_not_made_a_block_yet_counts_as_silent_and_the_next_waits_for_it() {
	run(4, || {
		operate_all([5, 6]);
		turn(&[]);
		assert_eq!(planned(), [1, 2, 3, 4, 5]);
		// 5 is planned and has not begun.
		turn(&[]);
		assert_eq!(planned(), [1, 2, 3, 4, 5]);
		// 5 has made a block.
		turn(&[]);
		assert_eq!(planned(), [1, 2, 3, 4, 5, 6]);
	});
}

#[test]
fn nobody_joins_while_as_many_are_silent_as_finality_bears() {
	run(4, || {
		operate_all([5]);
		for _ in 0..3 {
			turn(&[2]);
			assert_eq!(planned(), [1, 2, 3, 4]);
		}
		turn(&[]);
		assert_eq!(planned(), [1, 2, 3, 4, 5]);
	});
}

#[test]
fn a_member_that_may_not_or_does_not_want_to_serve_leaves_and_the_limit_holds() {
	run(8, || {
		assert_ok!(operate(8, false));
		Suspended::set([2, 3].into());
		// Two of eight at a time.
		turn(&[]);
		assert_eq!(planned(), [1, 4, 5, 6, 7, 8]);
		turn(&[]);
		assert_eq!(planned(), [1, 4, 5, 6, 7]);
	});
}

#[test]
fn one_that_was_suspended_for_a_while_waits_behind_those_who_waited() {
	run(7, || {
		Suspended::set([1].into());
		turn(&[]);
		operate_all([8]);
		assert_eq!(planned(), [2, 3, 4, 5, 6, 7]);
		Suspended::set([].into());
		turn(&[]);
		// Out since the turn before 8 came.
		assert_eq!(planned(), [2, 3, 4, 5, 6, 7, 1]);
		turn(&[]);
		turn(&[]);
		assert_eq!(planned(), [2, 3, 4, 5, 6, 7, 1, 8]);
	});
}

#[test]
fn the_roster_counts_blocks_of_its_session() {
	run(4, || {
		turn(&[3]);
		assert_eq!(LastRoster::<Test>::get().into_inner(), [(1, 1), (2, 1), (3, 0), (4, 1)]);
		assert!(Roster::<Test>::get().iter().all(|(_, blocks)| *blocks == 0));
	});
}

#[test]
fn a_session_ends_by_time_and_not_before_everybody_had_two_slots() {
	run(4, || {
		let start = SlotStart::get();
		for (slots, ends) in [(1, false), (9, false), (10, true), (500, true)] {
			SlotStart::set(start + slots * SLOT);
			assert_eq!(should_end(), ends, "after {slots} slots");
		}
		SessionLength::set(3 * SLOT);
		for (slots, ends) in [(3, false), (7, false), (8, true)] {
			SlotStart::set(start + slots * SLOT);
			assert_eq!(should_end(), ends, "after {slots} slots");
		}
	});
}

#[test]
fn a_session_waits_for_a_change_of_authorities_to_come_into_force() {
	run(4, || {
		SlotStart::mutate(|start| *start += 20 * SLOT);
		Changing::set(true);
		assert!(!should_end());
		Changing::set(false);
		assert!(should_end());
	});
}

#[test]
fn what_is_older_than_the_history_is_forgotten() {
	run(4, || {
		crate::Equivocations::<Test>::insert(1, 3, ());
		(0..HISTORY).for_each(|_| drop(turn(&[])));
		assert!(crate::Equivocations::<Test>::contains_key(1, 3));
		turn(&[]);
		assert!(!crate::Equivocations::<Test>::contains_key(1, 3));
		assert_eq!(Forgotten::get(), 1);
	});
}
