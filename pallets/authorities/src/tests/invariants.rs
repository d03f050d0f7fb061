//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{Attendance, Attendances, NextQueuePosition, Operators, PlannedSet, Roster, SessionsCounted};
use frame_support::assert_ok;

/// Breaks the storage of a chain of four authorities, after its first session, and expects the check to say
/// `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis(4).execute_with(|| {
		turn(&[]);
		assert_ok!(Authorities::do_try_state());
		corrupt();
		assert_eq!(Authorities::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_an_authority_that_is_planned_twice() {
	breaks("a set names an authority twice", || {
		PlannedSet::<Test>::mutate(|set| set.try_push(4).unwrap());
	});
	breaks("a set names an authority twice", || {
		Roster::<Test>::mutate(|set| set.try_push((1, 9)).unwrap());
	});
}

#[test]
fn invariant_2_notices_a_ticket_that_was_given_out_twice_or_never() {
	breaks("a queue_position was given out twice or never", || Operators::<Test>::insert(9, 0));
	breaks("a queue_position was given out twice or never", || NextQueuePosition::<Test>::put(3));
}

#[test]
fn invariant_3_notices_one_session_too_many() {
	let reason = "somebody is counted in a session too many";
	breaks(reason, || SessionsCounted::<Test>::put(0));
	breaks(reason, || Attendances::<Test>::mutate(1, |attendance| attendance.wanted += 1));
	breaks(reason, || Attendances::<Test>::mutate(1, |attendance| attendance.served += 1));
}

#[test]
fn invariant_3_notices_a_count_of_somebody_who_had_nothing_to_do_with_it() {
	breaks("somebody is counted who neither wanted to serve nor served", || {
		Attendances::<Test>::insert(9, Attendance::default())
	});
}

#[test]
fn invariant_3_notices_that_somebody_was_offline_without_serving() {
	breaks("somebody was offline who did not serve", || {
		Attendances::<Test>::insert(9, Attendance { wanted: 1, served: 0, offline: true })
	});
}
