//! The table of statuses, legal and not.

use super::mock::*;
use crate::{Error, Status, Transition};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{MemberStatus, SuspensionCause};
use sp_runtime::DispatchResult;

const UNTIL: u32 = 10 + WINDOW;
const ALL: [Status; 6] = [
	Status::Applied,
	Status::Active,
	Status::Suspended,
	Status::Leaving { until: UNTIL },
	Status::RunOff { until: UNTIL },
	Status::Left,
];
const STEPS: [Transition; 6] = [
	Transition::Admit,
	Transition::Suspend,
	Transition::Reinstate,
	Transition::Leave,
	Transition::RunOff,
	Transition::Close,
];

/// Rows are [`ALL`], columns [`STEPS`].
#[rustfmt::skip]
const TABLE: [[Option<Status>; 6]; 6] = {
	use Status::*;
	const LEAVING: Option<Status> = Some(Leaving { until: UNTIL });
	const RUN_OFF: Option<Status> = Some(RunOff { until: UNTIL });
	[
		// admit       suspend          reinstate     leave    run off  close
		[Some(Active), None,            None,         None,    None,    None      ], // Applied
		[None,         Some(Suspended), None,         LEAVING, RUN_OFF, None      ], // Active
		[None,         None,            Some(Active), None,    RUN_OFF, None      ], // Suspended
		[None,         None,            None,         None,    None,    Some(Left)], // Leaving
		[None,         None,            None,         None,    None,    Some(Left)], // RunOff
		[None,         None,            None,         None,    None,    None      ], // Left
	]
};

/// Brings institution 5 to `status` by calls.
fn reach(status: Status) {
	assert_ok!(apply(5, "Elbe Bank"));
	if status == Status::Applied {
		return;
	}
	assert_ok!(Institutions::admit(RuntimeOrigin::root(), 5));
	match status {
		Status::Suspended => {
			assert_ok!(Institutions::suspend(5, SuspensionCause::Conduct));
		},
		Status::Leaving { .. } => {
			assert_ok!(Institutions::leave(RuntimeOrigin::signed(5)));
		},
		Status::RunOff { .. } => {
			assert_ok!(Institutions::start_run_off(5));
		},
		Status::Left => {
			// With an estate, so that its account is still an institution's.
			assert_ok!(Institutions::leave(RuntimeOrigin::signed(5)));
			Outstanding::set([(5, 1)].into());
			Reserves::set([(5, 1)].into());
			turn(WINDOW + 1);
			assert_ok!(Institutions::close(RuntimeOrigin::signed(5), 5));
			Era::set(10);
		},
		Status::Applied | Status::Active => {},
	}
	assert_eq!(super::mock::status(5), status);
}

/// One step by its call or trait.
fn take(step: Transition) -> DispatchResult {
	match step {
		Transition::Admit => Institutions::admit(RuntimeOrigin::root(), 5),
		Transition::Suspend => Institutions::suspend(5, SuspensionCause::Conduct),
		Transition::Reinstate => Institutions::reinstate(5, SuspensionCause::Conduct),
		Transition::Leave => Institutions::leave(RuntimeOrigin::signed(5)),
		Transition::RunOff => Institutions::expel(RuntimeOrigin::root(), 5),
		Transition::Close => Institutions::close(RuntimeOrigin::signed(5), 5),
	}
}

/// What a step that leads nowhere says.
fn refusal(from: Status, step: Transition) -> Error<Test> {
	match (from, step) {
		(_, Transition::Admit) => Error::NotApplicant,
		(Status::Left, Transition::Close) => Error::PointsOutstanding,
		_ => Error::WrongStatus,
	}
}

#[test]
fn every_step_from_every_status_leads_where_the_table_says_or_is_refused() {
	for (from, row) in ALL.into_iter().zip(TABLE) {
		for (step, to) in STEPS.into_iter().zip(row) {
			assert_eq!(from.after(step, UNTIL), to, "{step:?} from {from:?}");
			run(|| {
				reach(from);
				if step == Transition::Close && to.is_some() {
					Era::set(UNTIL + 1);
				}
				match to {
					Some(to) => {
						assert_ok!(take(step));
						assert_eq!(status(5), to, "{step:?} from {from:?}");
					},
					None => {
						assert_noop!(take(step), refusal(from, step));
					},
				}
				let votes = electorate().contains(&5);
				assert_eq!(votes, status(5).votes(), "{step:?} from {from:?}");
			});
		}
	}
}

#[test]
fn a_member_is_suspended_for_as_long_as_there_is_a_cause() {
	run(|| {
		reach(Status::Suspended);
		assert_noop!(Institutions::suspend(5, SuspensionCause::Conduct), Error::<Test>::WrongStatus);
		assert_noop!(Institutions::reinstate(5, SuspensionCause::Overdue), Error::<Test>::WrongStatus);
		assert_ok!(Institutions::suspend(5, SuspensionCause::Overdue));
		assert_ok!(Institutions::reinstate(5, SuspensionCause::Conduct));
		assert_eq!(status(5), Status::Suspended);
		assert_ok!(Institutions::reinstate(5, SuspensionCause::Overdue));
		assert_eq!(status(5), Status::Active);
	});
}
