//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{
	ActCountsOf, ActLog, ActiveHalts, DisclosureRequests, HaltRecords, OpenRequests, RequestDeadlines,
	Supervisors,
};
use frame_support::assert_ok;

/// Breaks the storage of an alliance in which a program is halted and the shop was asked, and expects the
/// check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		assert_ok!(halt(program(1), 10));
		assert_ok!(request(EVE, SHOP));
		assert_ok!(Supervision::do_try_state());
		corrupt();
		assert_eq!(Supervision::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_a_halt_that_stops_nothing() {
	breaks("a halt does not run that is not over", ActiveHalts::<Test>::kill);
}

#[test]
fn invariant_1_notices_a_halt_that_nobody_recorded() {
	breaks("a halt runs that is not recorded so", || HaltRecords::<Test>::remove(program(1)));
	breaks("a halt runs that is not recorded so", || {
		ActiveHalts::<Test>::mutate(|running| running[0].until += 1)
	});
}

#[test]
fn invariant_1_notices_a_halt_that_runs_twice() {
	breaks("a halt runs twice", || {
		ActiveHalts::<Test>::mutate(|running| {
			let again = running[0];
			running.try_push(again).unwrap();
		})
	});
}

#[test]
fn invariant_1_notices_a_halt_that_could_be_renewed_while_it_runs() {
	breaks("a halt may be repeated that is not over", || {
		HaltRecords::<Test>::mutate(program(1), |record| record.as_mut().unwrap().may_repeat = true)
	});
}

#[test]
fn invariant_2_notices_a_request_that_would_never_be_missed() {
	breaks("the agenda is not the deadlines of the open requests", || {
		let _ = RequestDeadlines::<Test>::clear(1, None);
	});
}

#[test]
fn invariant_2_notices_a_number_that_was_not_given() {
	breaks("a request has a number that was not given", || crate::LastRequestId::<Test>::put(0));
}

#[test]
fn invariant_3_notices_a_request_that_nobody_counted() {
	breaks("what is open of a supervisor is not its requests", || OpenRequests::<Test>::remove(EVE));
}

#[test]
fn invariant_3_notices_a_supervisor_that_asks_too_much() {
	breaks("a supervisor asks too much", || {
		let asked = DisclosureRequests::<Test>::get(1).unwrap();
		for id in 2..=17 {
			DisclosureRequests::<Test>::insert(id, asked);
			RequestDeadlines::<Test>::insert(asked.deadline.to_be_bytes(), id, ());
		}
		crate::LastRequestId::<Test>::put(17);
		OpenRequests::<Test>::insert(EVE, 17);
	});
}

#[test]
fn invariant_4_notices_a_supervisor_with_two_appointments() {
	breaks("a supervisor is appointed twice", || {
		Supervisors::<Test>::mutate(|supervisors| {
			let again = supervisors[0];
			supervisors.try_push(again).unwrap();
		})
	});
}

#[test]
fn invariant_5_notices_a_use_that_was_not_logged_or_not_counted() {
	breaks("the log is not the last uses", || {
		ActLog::<Test>::mutate(|log| log.pop());
	});
	breaks("the log is not the last uses", || ActCountsOf::<Test>::mutate(EVE, |uses| uses.halts -= 1));
}
