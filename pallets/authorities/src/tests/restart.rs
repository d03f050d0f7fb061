use super::mock::*;
use crate::{Error, Event, Operators, PendingRestart};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

fn restart(best_finalised: u64, set_id: u64) -> DispatchResult {
	Authorities::restart_finality(RuntimeOrigin::root(), best_finalised, set_id)
}

#[test]
fn the_survivors_go_on_whatever_the_limit_and_finality_starts_anew_with_their_session() {
	run(5, || {
		turn(&[2, 4]);
		assert_ok!(restart(77, 3));
		assert_eq!(turn(&[2, 4]), Some(vec![1, 3, 5]));
		// Planned, not yet in force: the old set is still in its session.
		assert_eq!((current(), Restarts::get()), (vec![1, 2, 3, 4, 5], vec![]));
		turn(&[2, 4]);
		assert_eq!((current(), Restarts::get()), (vec![1, 3, 5], vec![(77, 3)]));
		System::assert_has_event(Event::FinalityRestarted { session: 3 }.into());
		assert!(PendingRestart::<Test>::get().is_none());
		turn(&[]);
		assert_eq!(Restarts::get().len(), 1);
	});
}

#[test]
fn an_authority_that_was_left_out_comes_back_only_when_it_says_so() {
	run(5, || {
		turn(&[2, 4]);
		assert_ok!(restart(77, 3));
		(0..6).for_each(|_| drop(turn(&[2, 4])));
		assert_eq!(planned(), [1, 3, 5]);
		assert!(!Operators::<Test>::contains_key(2));
		operate_all([2]);
		turn(&[]);
		assert_eq!(planned(), [1, 3, 5, 2]);
	});
}

#[test]
fn without_any_survivor_the_set_stays_as_it_is() {
	run(4, || {
		turn(&[1, 2, 3, 4]);
		assert_ok!(restart(77, 3));
		turn(&[1, 2, 3, 4]);
		assert_eq!(planned(), [1, 2, 3, 4]);
	});
}

#[test]
fn a_second_vote_replaces_what_the_first_one_said_until_it_takes_place() {
	run(5, || {
		turn(&[2, 4]);
		assert_ok!(restart(70, 2));
		turn(&[2, 4]);
		assert_ok!(restart(77, 3));
		turn(&[2, 4]);
		assert_eq!(Restarts::get(), [(77, 3)]);
	});
}

#[test]
fn a_restart_names_a_block_and_a_set_that_there_were() {
	run(4, || {
		turn(&[1, 2]);
		assert_noop!(restart(System::block_number(), 1), Error::<Test>::BlockUnknown);
		assert_noop!(restart(1, SET_ID + 1), Error::<Test>::SetUnknown);
		assert_ok!(restart(System::block_number() - 1, SET_ID));
	});
}

#[test]
fn only_a_vote_restarts_finality() {
	run(4, || {
		let by_one = Authorities::restart_finality(RuntimeOrigin::signed(1), 1, 1);
		assert_eq!(by_one, Err(sp_runtime::DispatchError::BadOrigin));
	});
}

#[test]
fn a_restart_is_refused_unless_a_third_of_the_authorities_made_no_block_in_the_last_session() {
	for (authorities, silent, taken) in [
		(3, 0, false),
		(3, 1, true),
		(4, 1, false),
		(4, 2, true),
		(6, 1, false),
		(6, 2, true),
		(7, 2, false),
		(7, 3, true),
	] {
		run(authorities, || {
			// None has ended yet.
			assert_noop!(restart(1, 1), Error::<Test>::TooFewSilent);
			turn(&(1..=silent).collect::<Vec<_>>());
			if taken {
				assert_ok!(restart(1, 1));
			} else {
				assert_noop!(restart(1, 1), Error::<Test>::TooFewSilent);
			}
		});
	}
}

#[test]
fn a_restart_is_forgotten_when_the_silent_came_back_before_the_set_is_planned() {
	run(5, || {
		turn(&[2, 4]);
		assert_ok!(restart(77, 3));
		assert_eq!(turn(&[4]), None);
		System::assert_has_event(Event::RestartDropped.into());
		assert!(PendingRestart::<Test>::get().is_none());
		turn(&[]);
		assert_eq!((planned(), Restarts::get()), (vec![1, 2, 3, 4, 5], vec![]));
	});
}

#[test]
fn blocks_made_are_a_sign_of_the_institution_at_the_end_of_their_session() {
	run(4, || {
		Heard::set(Default::default());
		turn(&[2, 4]);
		assert_eq!(Heard::get().into_iter().collect::<Vec<_>>(), [1, 3]);
	});
}
