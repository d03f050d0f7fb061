//! A requirement that became stricter is enforced an era later.

use super::mock::*;
use crate::{GracePeriods, Rule, Rules};
use frame_support::assert_ok;

/// Quick votes, so that a rule can be amended again while its easing runs.
fn quick() -> Rules {
	Rules { notice: HOUR, ..Rules::default() }
}

#[test]
fn a_raised_bond_is_enforced_an_era_after_it_was_enacted() {
	run(|| {
		amend_now(Rule::AdmissionBond, 12_000 * UNIT);
		let enacted = START + NOTICE;
		assert_eq!(Rulebook::rules().admission_bond, 12_000 * UNIT);
		assert_eq!(Rulebook::enforced(Rule::AdmissionBond), 10_000 * UNIT);
		block_at(enacted + DAY - 1);
		assert_eq!(Rulebook::enforced(Rule::AdmissionBond), 10_000 * UNIT);
		block_at(enacted + DAY);
		assert_eq!(Rulebook::enforced(Rule::AdmissionBond), 12_000 * UNIT);
	});
}

#[test]
fn a_lowered_liability_ratio_is_enforced_an_era_after_it_was_enacted() {
	run(|| {
		amend_now(Rule::LiabilityRatio, 300);
		assert_eq!(Rulebook::enforced(Rule::LiabilityRatio), 400);
		block_at(now() + DAY);
		assert_eq!(Rulebook::enforced(Rule::LiabilityRatio), 300);
	});
}

#[test]
fn a_requirement_that_became_easier_is_enforced_at_once() {
	run(|| {
		amend_now(Rule::AdmissionBond, 8_000 * UNIT);
		assert_eq!(Rulebook::enforced(Rule::AdmissionBond), 8_000 * UNIT);
		amend_now(Rule::LiabilityRatio, 500);
		assert_eq!(Rulebook::enforced(Rule::LiabilityRatio), 500);
		assert_eq!(GracePeriods::<Test>::iter().count(), 0);
	});
}

#[test]
fn what_is_no_requirement_is_enforced_at_once() {
	run(|| {
		amend_now(Rule::Interchange, 6_000);
		assert_eq!(Rulebook::enforced(Rule::Interchange), 6_000);
		assert_eq!(GracePeriods::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_requirement_raised_twice_leaves_the_easiest_value_for_an_era() {
	run_with(quick(), || {
		block_at(101 * DAY - 2 * HOUR);
		amend_now(Rule::ReserveRatio, 11);
		block_at(101 * DAY);
		amend_now(Rule::ReserveRatio, 12);
		assert_eq!(Rulebook::enforced(Rule::ReserveRatio), 10);
		block_at(now() + DAY);
		assert_eq!(Rulebook::enforced(Rule::ReserveRatio), 12);
		// That easing has lapsed, so the next one starts from what was enforced.
		amend_now(Rule::ReserveRatio, 13);
		assert_eq!(Rulebook::enforced(Rule::ReserveRatio), 12);
	});
}

#[test]
fn an_easing_ends_when_the_requirement_becomes_as_easy() {
	run_with(quick(), || {
		block_at(101 * DAY - 2 * HOUR);
		amend_now(Rule::ReserveRatio, 12);
		block_at(101 * DAY);
		amend_now(Rule::ReserveRatio, 11);
		// Still stricter than what is enforced.
		assert_eq!(Rulebook::enforced(Rule::ReserveRatio), 10);
		assert_eq!(GracePeriods::<Test>::iter().count(), 1);
	});
	run_with(quick(), || {
		block_at(101 * DAY - 2 * HOUR);
		amend_now(Rule::ReserveRatio, 12);
		block_at(101 * DAY);
		amend_now(Rule::ReserveRatio, 9);
		assert_eq!(Rulebook::enforced(Rule::ReserveRatio), 9);
		assert_eq!(GracePeriods::<Test>::iter().count(), 0);
	});
}

#[test]
fn members_are_never_held_to_more_than_the_rule() {
	run_with(quick(), || {
		for value in [12, 14, 11, 9, 11, 13, 10, 8] {
			assert_ok!(amend(Rule::ReserveRatio, value));
			Timestamp::set_timestamp(now() + HOUR);
			let before = Rulebook::enforced(Rule::ReserveRatio);
			block_at(now());
			assert_eq!(Rulebook::rules().reserve_ratio, value as u32);
			// An amendment never makes a requirement stricter in its own block.
			assert!(Rulebook::enforced(Rule::ReserveRatio) <= before);
			assert!(Rulebook::enforced(Rule::ReserveRatio) <= value);
			Rulebook::do_try_state().unwrap();
			block_at(now() + DAY - 30 * MINUTE);
		}
	});
}
