//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{
	AmendedInEra, CurrentEraClock, CurrentRules, Decision, DecisionQueue, DecisionSubject, DefeatedMotions,
	FiledMotions, GracePeriod, GracePeriods, LastDecision, LatestVersion, PendingDecisions, PreviousBlock,
	Rule, Rules, StoppedFor, Versions,
};
use frame_support::assert_ok;

/// Breaks the storage of a chain on which two rules were amended and two decisions wait, and expects
/// the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis(Rules::default()).execute_with(|| {
		amend_now(Rule::AdmissionBond, 12_000 * UNIT);
		amend_now(Rule::Interchange, 6_000);
		assert_ok!(amend(Rule::ReserveRatio, 11));
		assert_ok!(enact(remark(1)));
		assert_ok!(Rulebook::do_try_state());
		corrupt();
		assert_eq!(Rulebook::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_rules_that_nobody_decided() {
	breaks("the rules in force are not the latest version", || {
		CurrentRules::<Test>::mutate(|rules| rules.interchange += 1)
	});
}

#[test]
fn invariant_1_notices_a_version_that_is_missing() {
	breaks("a version of the rules is missing", || Versions::<Test>::remove(1));
}

#[test]
fn invariant_1_notices_a_version_from_the_future() {
	breaks("a version is newer than the latest", || LatestVersion::<Test>::put(1));
}

#[test]
fn invariant_1_notices_a_version_that_was_rewritten() {
	breaks("a version changed another count of numbers than one", || {
		Versions::<Test>::mutate(1, |version| version.as_mut().unwrap().rules.refund_window += 1)
	});
}

#[test]
fn invariant_1_notices_an_amendment_that_is_not_recorded() {
	breaks("the rules that were amended are not those that changed", || {
		AmendedInEra::<Test>::remove(Rule::Interchange)
	});
}

#[test]
fn invariant_1_notices_a_record_of_an_amendment_that_never_was() {
	breaks("the rules that were amended are not those that changed", || {
		AmendedInEra::<Test>::insert(Rule::Era, 0)
	});
}

#[test]
fn invariant_2_notices_a_decision_that_would_never_be_enacted() {
	breaks("the agenda is not what is pending, in order", || {
		DecisionQueue::<Test>::mutate(|agenda| agenda.pop());
	});
}

#[test]
fn invariant_2_notices_decisions_in_the_wrong_order() {
	breaks("the agenda is not what is pending, in order", || {
		DecisionQueue::<Test>::mutate(|agenda| agenda.as_mut().reverse());
	});
}

#[test]
fn invariant_2_notices_a_decision_that_would_come_a_moment_early() {
	breaks("the agenda is not what is pending, in order", || {
		DecisionQueue::<Test>::mutate(|agenda| agenda[0].0 -= 1);
	});
}

#[test]
fn invariant_2_notices_an_id_that_would_be_used_again() {
	breaks("an id would be used again", || LastDecision::<Test>::put(3));
}

#[test]
fn invariant_3_notices_two_amendments_of_one_rule() {
	breaks("two amendments of one rule wait", || {
		let due = now() + 10 * DAY;
		let what = DecisionSubject::Amendment { rule: Rule::ReserveRatio, value: 9, charter: text() };
		PendingDecisions::<Test>::insert(5, Decision { what, due });
		DecisionQueue::<Test>::mutate(|agenda| agenda.try_push((due, 5))).unwrap();
		LastDecision::<Test>::put(5);
	});
}

#[test]
fn invariant_4_notices_an_easing_of_what_is_no_requirement() {
	breaks("what is no requirement is eased", || {
		GracePeriods::<Test>::insert(Rule::Interchange, GracePeriod { until: 0, value: 5_000 })
	});
}

#[test]
fn invariant_4_notices_an_easing_that_is_no_easier_than_the_rule() {
	breaks("an easing is no easier than the rule", || {
		GracePeriods::<Test>::insert(Rule::AdmissionBond, GracePeriod { until: 0, value: 12_000 * UNIT })
	});
}

#[test]
fn invariant_5_notices_rules_that_do_not_work_together() {
	breaks("an era is shorter than a session", || {
		let broken = |rules: &mut Rules| rules.session = 2 * DAY;
		CurrentRules::<Test>::mutate(broken);
		for version in 0..=2 {
			Versions::<Test>::mutate(version, |version| broken(&mut version.as_mut().unwrap().rules));
		}
	});
}

#[test]
fn invariant_5_notices_a_clock_that_runs_at_another_pace() {
	breaks("the clock's eras are not as long as the rules say", || {
		CurrentEraClock::<Test>::mutate(|clock| clock.length += 1)
	});
}

#[test]
fn invariant_6_notices_a_clock_that_stood_for_longer_than_time_has_run() {
	breaks("the clock stood for longer than time has run", || StoppedFor::<Test>::put(now() + 1));
}

#[test]
fn invariant_6_notices_what_outlives_its_block() {
	breaks("what is of one block outlived it", || PreviousBlock::<Test>::put((now(), false)));
}

#[test]
fn invariant_7_notices_an_open_motion_of_nobody_or_of_somebody_with_too_many() {
	breaks("an open motion is not filed once", || Open::set(vec![text()]));
	breaks("somebody has more than two motions", || {
		for motion in 1..=3 {
			assert_ok!(file(motion, motion as u8, 9));
		}
		FiledMotions::<Test>::mutate(|docket| docket.iter_mut().for_each(|filed| filed.by = 1));
	});
}

#[test]
fn invariant_7_notices_an_open_motion_that_was_defeated() {
	breaks("an open motion is defeated", || {
		assert_ok!(file(1, 7, 9));
		DefeatedMotions::<Test>::insert(text(), 1);
	});
}
