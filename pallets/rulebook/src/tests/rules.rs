//! The table itself.

use super::mock::*;
use crate::{Direction, Measure, Rule, Rules};
use frame_support::traits::Hooks;
use hanse_primitives::OffenceKind;
use std::collections::BTreeSet;

#[test]
fn the_standard_rules_lie_within_their_hard_bounds_and_work_together() {
	Rulebook::integrity_test();
}

#[test]
fn every_rule_is_listed_once_and_reads_what_was_set() {
	let rules: Vec<_> = Rule::all().collect();
	assert_eq!(rules.iter().collect::<BTreeSet<_>>().len(), rules.len());
	for rule in rules {
		let before = Rules::default();
		let bounds = rule.bounds();
		assert!(bounds.start() < bounds.end());
		for value in [*bounds.start(), *bounds.end()] {
			let after = before.with(rule, value).unwrap();
			assert_eq!(after.get(rule), value);
			// Nothing else moved.
			assert_eq!(after.with(rule, before.get(rule)), Some(before.clone()));
		}
	}
}

#[test]
fn a_value_that_the_type_cannot_hold_is_not_set() {
	let mut rules = Rules::default();
	assert_eq!(rules.set(Rule::Interchange, u128::from(u32::MAX) + 1), None);
	assert_eq!(rules.set(Rule::Era, u128::from(u64::MAX) + 1), None);
	assert_eq!(rules.set(Rule::PenaltyRule(OffenceKind::Offline, Measure::Fine), u128::MAX), None);
	assert_eq!(rules, Rules::default());
	assert_eq!(rules.set(Rule::AdmissionBond, u128::MAX), Some(()));
}

#[test]
fn the_first_rule_outside_its_hard_bounds_is_named() {
	let rules = Rules { interchange: 50_001, notice: 1, ..Rules::default() };
	assert_eq!(rules.within_bounds(), Err(Rule::Interchange));
}

#[test]
fn bond_and_reserve_get_stricter_upwards_and_liability_downwards() {
	let requirements: Vec<_> =
		Rule::all().filter_map(|rule| rule.stricter().map(|direction| (rule, direction))).collect();
	assert_eq!(
		requirements,
		vec![
			(Rule::AdmissionBond, Direction::Higher),
			(Rule::LiabilityRatio, Direction::Lower),
			(Rule::ReserveRatio, Direction::Higher),
		]
	);
	assert!(Rule::AdmissionBond.is_stricter(2, 1) && !Rule::AdmissionBond.is_stricter(1, 1));
	assert!(Rule::LiabilityRatio.is_stricter(1, 2) && !Rule::LiabilityRatio.is_stricter(2, 2));
	assert!(!Rule::Interchange.is_stricter(2, 1) && !Rule::Interchange.is_stricter(1, 2));
}

#[test]
fn rules_that_would_not_work_are_named() {
	let standard = Rules::default;
	let mut harsh = standard();
	harsh.consequences.offline.fine = 1_000_001;
	for (rules, reason) in [
		(Rules { session: 0, ..standard() }, "a session has no length"),
		(Rules { cycle: 0, ..standard() }, "a cycle has no length"),
		(Rules { era: 0, ..standard() }, "an era has no length"),
		(Rules { customer_window: 0, ..standard() }, "a customer's window has no length"),
		(Rules { session: DAY + 1, ..standard() }, "an era is shorter than a session"),
		(Rules { refund_window: 0, ..standard() }, "nothing could be refunded"),
		(Rules { slip_lifetime: 0, ..standard() }, "no slip could be presented"),
		(Rules { interchange: 1_000_001, ..standard() }, "the interchange is more than the payment"),
		(Rules { offline_share: 101, ..standard() }, "more than all blocks would be expected"),
		(Rules { offline_eras: 0, ..standard() }, "authorities that were never offline would leave the set"),
		(Rules { awake: 0, ..standard() }, "nobody would ever be awake"),
		(Rules { awake: 1, ..standard() }, "authorities would sleep while they make blocks"),
		(Rules { payments_in_safe_mode: 2, ..standard() }, "payments in safe mode neither go on nor stop"),
		(harsh, "a fine is more than the bond"),
	] {
		assert_eq!(rules.ensure_consistent(), Err(reason));
	}
}

#[test]
fn the_largest_step_is_a_quarter_and_at_least_one() {
	for (old, step) in [(1, 1), (3, 1), (4, 1), (7, 1), (8, 2), (101, 25), (u128::MAX, u128::MAX / 4)] {
		assert_eq!(Rule::Interchange.max_step(old), step);
	}
}

#[test]
fn what_is_zero_moves_by_a_thousandth_of_its_bound_and_at_least_by_one() {
	let of_offline = |measure| Rule::PenaltyRule(OffenceKind::Offline, measure);
	for (rule, step) in [
		(Rule::Interchange, 50),
		(of_offline(Measure::Fine), 200),
		(of_offline(Measure::Suspension), 1),
		(Rule::ReserveRatio, 1),
		(Rule::PaymentsInSafeMode, 1),
	] {
		assert_eq!(rule.max_step(0), step, "{rule:?}");
	}
}

#[test]
fn the_table_says_all_about_every_rule() {
	use crate::{RuleRow, RuleUnit};
	run(|| {
		let rows = Rulebook::rule_table();
		assert!(rows.iter().map(|row| row.rule).eq(Rule::all()));
		assert_eq!(rows.iter().map(|row| &row.name).collect::<BTreeSet<_>>().len(), rows.len());
		for row in &rows {
			let (least, most) = row.reach.unwrap();
			assert!(
				row.min <= least && least <= row.value && row.value <= most && most <= row.max,
				"{row:?}"
			);
		}
		let row = |rule| rows.iter().find(|row| row.rule == rule).unwrap().clone();
		let expected = RuleRow {
			rule: Rule::AdmissionBond,
			name: b"admission_bond".to_vec(),
			value: 10_000 * UNIT,
			enforced: 10_000 * UNIT,
			unit: RuleUnit::MicroUnits,
			min: 1_000 * UNIT,
			max: 10_000_000 * UNIT,
			reach: Some((7_500 * UNIT, 12_500 * UNIT)),
			stricter: Some(Direction::Higher),
		};
		assert_eq!(row(Rule::AdmissionBond), expected);
		let fine = row(Rule::PenaltyRule(OffenceKind::Offline, Measure::Fine));
		assert_eq!(
			(fine.name, fine.unit, fine.reach),
			(b"offline.fine".to_vec(), RuleUnit::PerMillion, Some((0, 200)))
		);
		let notice = u128::from(NOTICE);
		assert_eq!(row(Rule::Notice).reach, Some((notice / 4 * 3, notice / 4 * 5)));
	});
}

#[test]
fn an_amendment_reaches_what_the_table_says_and_no_further() {
	run(|| {
		for row in Rulebook::rule_table() {
			let (least, most) = row.reach.unwrap();
			for value in [least, most].into_iter().filter(|value| *value != row.value) {
				let beyond = if value < row.value { value.checked_sub(1) } else { Some(value + 1) };
				if let Some(beyond) = beyond {
					assert!(amend(row.rule, beyond).is_err(), "{:?} {beyond}", row.rule);
				}
				// Some would not work together with the others, which is another matter.
				let result = amend(row.rule, value);
				let inconsistent = crate::Error::<Test>::RulesConflict.into();
				assert!(result.is_ok() || result == Err(inconsistent), "{:?} {value} {result:?}", row.rule);
				if result.is_ok() {
					frame_support::assert_ok!(retract(crate::LastDecision::<Test>::get()));
				}
			}
		}
	});
}

#[test]
fn a_rule_far_outside_its_bounds_has_no_step_that_leads_into_them() {
	assert_eq!(Rule::Notice.reach(1_000), None);
	let (hour, almost) = (u128::from(HOUR), u128::from(HOUR - 1));
	assert_eq!(Rule::Notice.reach(almost), Some((hour, almost + almost / 4)));
}

#[test]
fn a_wallet_reads_the_rules_through_view_functions() {
	use codec::{Decode, Encode};
	use frame_support::view_functions::{ViewFunctionId, ViewFunctionIdPrefix};

	// The suffix is derived from the signature, as metadata has it.
	let read = |signature: &str, input: Vec<u8>| {
		let id = ViewFunctionId {
			prefix: <Rulebook as ViewFunctionIdPrefix>::prefix(),
			suffix: sp_io::hashing::twox_128(signature.as_bytes()),
		};
		Test::execute_view_function(id, input).unwrap()
	};
	run(|| {
		amend_now(Rule::AdmissionBond, 11_000 * UNIT);
		let rules = Rules::decode(&mut &read("rules() -> Rules", vec![])[..]).unwrap();
		assert_eq!(rules.admission_bond, 11_000 * UNIT);
		let enforced = read("enforced(Rule) -> u128", Rule::AdmissionBond.encode());
		assert_eq!(u128::decode(&mut &enforced[..]).unwrap(), 10_000 * UNIT);
	});
}
