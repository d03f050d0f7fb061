//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{Deadlines, Log, OpenRequests, Records, Requests, Running, Supervisors, UsesOf};
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
	breaks("a halt does not run that is not over", Running::<Test>::kill);
}

#[test]
fn invariant_1_notices_a_halt_that_nobody_recorded() {
	breaks("a halt runs that is not recorded so", || Records::<Test>::remove(program(1)));
	breaks("a halt runs that is not recorded so", || {
		Running::<Test>::mutate(|running| running[0].until += 1)
	});
}

#[test]
fn invariant_1_notices_a_halt_that_runs_twice() {
	breaks("a halt runs twice", || {
		Running::<Test>::mutate(|running| {
			let again = running[0];
			running.try_push(again).unwrap();
		})
	});
}

#[test]
fn invariant_1_notices_a_halt_that_could_be_renewed_while_it_runs() {
	breaks("a halt may be repeated that is not over", || {
		Records::<Test>::mutate(program(1), |record| record.as_mut().unwrap().may_repeat = true)
	});
}

#[test]
fn invariant_2_notices_a_request_that_would_never_be_missed() {
	breaks("the agenda is not the deadlines of the open requests", || {
		let _ = Deadlines::<Test>::clear(1, None);
	});
}

#[test]
fn invariant_2_notices_a_number_that_was_not_given() {
	breaks("a request has a number that was not given", || crate::LastRequest::<Test>::put(0));
}

#[test]
fn invariant_3_notices_a_request_that_nobody_counted() {
	breaks("what is open of a supervisor is not its requests", || OpenRequests::<Test>::remove(EVE));
}

#[test]
fn invariant_3_notices_a_supervisor_that_asks_too_much() {
	breaks("a supervisor asks too much", || {
		let asked = Requests::<Test>::get(1).unwrap();
		for id in 2..=17 {
			Requests::<Test>::insert(id, asked);
			Deadlines::<Test>::insert(asked.deadline.to_be_bytes(), id, ());
		}
		crate::LastRequest::<Test>::put(17);
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
		Log::<Test>::mutate(|log| log.pop());
	});
	breaks("the log is not the last uses", || UsesOf::<Test>::mutate(EVE, |uses| uses.halts -= 1));
}
