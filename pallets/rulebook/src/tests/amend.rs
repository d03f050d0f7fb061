use super::mock::*;
use crate::{
	DecisionQueue, DecisionSubject, Error, Event, LastDecision, Measure, PendingDecisions, Rule, Rules,
};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::OffenceKind;
use sp_runtime::DispatchError;

#[test]
fn an_amendment_waits_for_its_notice_and_is_then_enacted_by_itself() {
	run(|| {
		assert_ok!(amend(Rule::Interchange, 6_000));
		let scheduled = Event::AmendmentScheduled {
			decision: 1,
			rule: Rule::Interchange,
			old: 5_000,
			new: 6_000,
			due: START + NOTICE,
		};
		System::assert_last_event(scheduled.into());
		let waiting = DecisionSubject::Amendment { rule: Rule::Interchange, value: 6_000, charter: text() };
		assert_eq!(PendingDecisions::<Test>::get(1).map(|decision| decision.what), Some(waiting));

		block_at(START + NOTICE - 1);
		assert_eq!(Rulebook::rules().interchange, 5_000);
		block_at(START + NOTICE);
		assert_eq!(Rulebook::rules().interchange, 6_000);
		let amended = Event::RuleAmended { version: 1, rule: Rule::Interchange, old: 5_000, new: 6_000 };
		System::assert_last_event(amended.into());
		assert_eq!(PendingDecisions::<Test>::iter().count(), 0);
	});
}

#[test]
fn only_a_vote_amends() {
	run(|| {
		for origin in [RuntimeOrigin::signed(75), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Rulebook::amend(origin, Rule::Interchange, 6_000, text()), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn a_value_outside_the_hard_bounds_is_refused() {
	let edges = Rules { interchange: 45_000, refund_window: 2, notice: HOUR, ..Rules::default() };
	run_with(edges, || {
		assert_noop!(amend(Rule::Interchange, 50_001), Error::<Test>::OutOfBounds);
		assert_noop!(amend(Rule::RefundWindow, 0), Error::<Test>::OutOfBounds);
		assert_noop!(amend(Rule::Notice, (HOUR - 1).into()), Error::<Test>::OutOfBounds);
		assert_noop!(amend(Rule::AdmissionBond, u128::MAX), Error::<Test>::OutOfBounds);
		assert_ok!(amend(Rule::Interchange, 50_000));
		assert_ok!(amend(Rule::RefundWindow, 1));
	});
}

#[test]
fn a_number_moves_by_a_quarter_at_most_in_both_directions() {
	run(|| {
		assert_noop!(amend(Rule::AdmissionBond, 12_500 * UNIT + 1), Error::<Test>::StepTooLarge);
		assert_noop!(amend(Rule::AdmissionBond, 7_500 * UNIT - 1), Error::<Test>::StepTooLarge);
		assert_ok!(amend(Rule::AdmissionBond, 12_500 * UNIT));
		assert_noop!(amend(Rule::LiabilityRatio, 501), Error::<Test>::StepTooLarge);
		assert_noop!(amend(Rule::LiabilityRatio, 299), Error::<Test>::StepTooLarge);
		assert_ok!(amend(Rule::LiabilityRatio, 300));
	});
}

#[test]
fn a_small_number_moves_by_one_at_least() {
	let small = Rules { reserve_ratio: 0, refund_window: 3, sponsor_quota: 7, ..Rules::default() };
	run_with(small, || {
		let suspension = Rule::PenaltyRule(OffenceKind::Offline, Measure::Suspension);
		for (rule, value) in [(Rule::ReserveRatio, 0), (Rule::RefundWindow, 3), (suspension, 0)] {
			assert_noop!(amend(rule, value + 2), Error::<Test>::StepTooLarge);
			assert_ok!(amend(rule, value + 1));
		}
		assert_noop!(amend(Rule::SponsorQuota, 5), Error::<Test>::StepTooLarge);
		assert_ok!(amend(Rule::SponsorQuota, 6));
	});
}

#[test]
fn every_rule_can_be_amended() {
	run(|| {
		for rule in Rule::all() {
			let old = Rulebook::rules().get(rule);
			let new = if rule.bounds().contains(&(old + 1)) { old + 1 } else { old - 1 };
			amend_now(rule, new);
		}
		assert_eq!(Rulebook::rules().within_bounds(), Ok(()));
	});
}

#[test]
fn a_switch_goes_off_and_on_again_and_is_never_anything_else() {
	run(|| {
		assert_noop!(amend(Rule::PaymentsInSafeMode, 2), Error::<Test>::OutOfBounds);
		amend_now(Rule::PaymentsInSafeMode, 0);
		assert_noop!(amend(Rule::PaymentsInSafeMode, 2), Error::<Test>::OutOfBounds);
		block_at(now() + DAY);
		amend_now(Rule::PaymentsInSafeMode, 1);
	});
}

#[test]
fn a_value_that_holds_already_is_refused() {
	run(|| {
		assert_noop!(amend(Rule::Interchange, 5_000), Error::<Test>::Unchanged);
	});
}

#[test]
fn the_same_number_is_amended_once_an_era() {
	run_with(Rules { notice: HOUR, ..Rules::default() }, || {
		amend_now(Rule::Interchange, 6_000);
		assert_eq!(era(), 100);
		block_at(101 * DAY - 1);
		assert_noop!(amend(Rule::Interchange, 7_000), Error::<Test>::AmendedThisEra);
		// Another number is not affected, nor another measure of the same offence.
		assert_ok!(amend(Rule::ReserveRatio, 11));
		block_at(101 * DAY);
		assert_ok!(amend(Rule::Interchange, 7_000));
	});
}

#[test]
fn two_amendments_of_one_number_cannot_wait_but_of_two_can() {
	run(|| {
		let (fine, demerits) = (
			Rule::PenaltyRule(OffenceKind::Equivocation, Measure::Fine),
			Rule::PenaltyRule(OffenceKind::Equivocation, Measure::Demerits),
		);
		assert_ok!(amend(fine, 110_000));
		assert_noop!(amend(fine, 120_000), Error::<Test>::AlreadyPending);
		assert_ok!(amend(demerits, 110));
	});
}

#[test]
fn an_amendment_after_which_the_rules_would_not_work_together_is_refused() {
	run_with(Rules { session: 20 * MINUTE, era: 22 * MINUTE, ..Rules::default() }, || {
		assert_noop!(amend(Rule::Session, (23 * MINUTE).into()), Error::<Test>::RulesConflict);
		assert_noop!(amend(Rule::Era, (19 * MINUTE).into()), Error::<Test>::RulesConflict);
		assert_ok!(amend(Rule::Session, (22 * MINUTE).into()));
	});
}

#[test]
fn the_thirty_third_decision_that_waits_is_refused() {
	run(|| {
		for _ in 0..31 {
			assert_ok!(enact(remark(1)));
		}
		assert_ok!(amend(Rule::Interchange, 6_000));
		assert_noop!(amend(Rule::ReserveRatio, 11), Error::<Test>::MaxPendingExceeded);
		assert_noop!(enact(remark(1)), Error::<Test>::MaxPendingExceeded);
		assert_ok!(retract(7));
		assert_ok!(amend(Rule::ReserveRatio, 11));
		assert_eq!(LastDecision::<Test>::get(), 33);
	});
}

#[test]
fn a_shorter_notice_lets_a_later_decision_overtake_an_earlier_one() {
	run(|| {
		assert_ok!(amend(Rule::Notice, (9 * DAY / 4).into()));
		block_at(START + NOTICE - HOUR);
		assert_ok!(amend(Rule::Interchange, 6_000));
		block_at(START + NOTICE);
		assert_eq!(Rulebook::rules().notice, 9 * DAY / 4);
		assert_ok!(amend(Rule::ReserveRatio, 11));
		let order: Vec<_> = DecisionQueue::<Test>::get().into_iter().map(|(_, id)| id).collect();
		assert_eq!(order, vec![3, 2]);
	});
}
