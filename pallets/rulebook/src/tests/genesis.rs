use super::mock::*;
use crate::{PenaltyRules, Rule, Rules};
use hanse_primitives::Penalty;

#[test]
#[should_panic(expected = "the rules of genesis do not work together: an era is shorter than a session")]
fn rules_that_do_not_work_together_are_refused() {
	genesis(Rules { era: 1, ..Rules::default() });
}

#[test]
fn a_chain_for_development_may_be_quicker_than_the_hard_bounds() {
	let quick = Rules { session: 2_000, era: 4_000, ..Rules::default() };
	assert_eq!(quick.within_bounds(), Err(Rule::Session));
	run_with(quick.clone(), || {
		assert_eq!(Rulebook::rules(), quick);
		assert_eq!(era(), (START / 4_000) as u32);
	});
}

#[test]
fn a_genesis_patch_names_only_what_differs() {
	let patch = r#"{
		"admissionBond": 20000000000,
		"consequences": {
			"offline": { "demerits": 1, "fine": 2, "stopIssuing": 3, "suspension": 4 }
		}
	}"#;
	let rules: Rules = serde_json::from_str(patch).unwrap();
	let offline = Penalty { demerits: 1, fine: 2, stop_issuing: 3, suspension: 4 };
	let standard = Rules::default();
	assert_eq!(
		rules,
		Rules {
			admission_bond: 20_000 * UNIT,
			consequences: PenaltyRules { offline, ..standard.consequences },
			..standard
		}
	);
	assert_eq!(serde_json::from_str::<Rules>("{}").unwrap(), Rules::default());
}

#[test]
fn a_genesis_patch_with_an_unknown_name_or_half_a_consequence_is_refused() {
	for patch in [
		r#"{ "admission_bond": 1 }"#,
		r#"{ "consequences": { "theft": {} } }"#,
		r#"{ "consequences": { "offline": { "fine": 1 } } }"#,
		r#"{ "interchange": -1 }"#,
	] {
		assert!(serde_json::from_str::<Rules>(patch).is_err(), "{patch} was taken");
	}
}

#[test]
fn the_largest_rules_survive_json() {
	// JSON numbers of a chain specification hold 64 bits.
	let mut largest = Rules::default();
	for rule in Rule::all() {
		largest.set(rule, *rule.bounds().end()).unwrap();
	}
	let json = serde_json::to_value(&largest).unwrap();
	assert_eq!(serde_json::from_value::<Rules>(json).unwrap(), largest);
}
