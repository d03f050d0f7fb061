//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{Agenda, FlowsOf, Outstanding, ProgramsOf};
use frame_support::{assert_ok, traits::fungibles::Mutate};

/// Breaks the storage of an alliance with points in circulation and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		assert_ok!(Points::do_try_state());
		corrupt();
		assert_eq!(Points::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_one_point_that_nobody_issued() {
	breaks("the flows of a program are not its supply", || {
		assert_ok!(Assets::mint_into(vintage(1, 0), &ANN, 1));
	});
}

#[test]
fn invariant_1_notices_a_flow_that_never_was() {
	breaks("the flows of a program are not its supply", || {
		FlowsOf::<Test>::mutate(1, |flows| flows.expired += 1)
	});
}

#[test]
fn invariant_2_notices_a_liability_that_is_one_unit_off() {
	breaks("an outstanding value is not that of the open vintages", || {
		Outstanding::<Test>::mutate(ISSUER, |value| *value -= 1)
	});
}

#[test]
fn invariant_2_notices_a_liability_that_is_not_recorded() {
	breaks("an outstanding value is not recorded", || Outstanding::<Test>::remove(ISSUER));
}

#[test]
fn invariant_3_notices_a_vintage_that_would_never_expire() {
	breaks("the agenda is not the open vintages in the order of expiry", || {
		let _ = Agenda::<Test>::clear(u32::MAX, None);
	});
}

#[test]
fn invariant_4_notices_a_program_under_the_wrong_institution() {
	breaks("a program is listed under another institution", || {
		ProgramsOf::<Test>::insert(RIVAL, ProgramsOf::<Test>::take(ISSUER));
	});
}

#[test]
fn invariant_4_notices_a_program_that_nobody_lists() {
	breaks("a program is listed under no institution", || {
		ProgramsOf::<Test>::remove(ISSUER);
	});
}
