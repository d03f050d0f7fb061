//! What a chain starts with.

use crate::chain::*;
use hanse_primitives::{Members, Reserves as _};
use hanse_runtime::{
	configs::PotAccount,
	constants::EXISTENTIAL_DEPOSIT,
	genesis_presets::{DEVELOPMENT, LOCAL},
	Balances, Clearing, Institutions, Rulebook, Runtime,
};

#[test]
fn four_institutions_found_each_preset_with_the_same_bond_and_reserve() {
	for preset in [DEVELOPMENT, LOCAL] {
		genesis(preset).execute_with(|| {
			for id in 1..=4 {
				assert_eq!(Institutions::bond(id), Rulebook::rules().admission_bond);
				assert_eq!(Clearing::reserve(id), Clearing::reserve(1));
				assert!(Clearing::reserve(id) > 0);
			}
			assert!(Institutions::account(5).is_err());
			assert_eq!(Balances::free_balance(PotAccount::get()), EXISTENTIAL_DEPOSIT);
			check();
		});
	}
}

#[test]
fn a_development_chain_has_one_authority_and_a_local_one_four() {
	for (preset, authorities) in [(DEVELOPMENT, 1), (LOCAL, 4)] {
		genesis(preset).execute_with(|| {
			assert_eq!(pallet_aura::Authorities::<Runtime>::get().len(), authorities);
			assert_eq!(hanse_runtime::Grandpa::grandpa_authorities().len(), authorities);
			assert_eq!(pallet_session::Validators::<Runtime>::get().len(), authorities);
			assert_eq!(pallet_authorities::PlannedSet::<Runtime>::get().len(), authorities);
		});
	}
}

#[test]
fn the_founders_are_the_electorate_and_the_rules_are_the_standard_but_for_what_takes_days() {
	use pallet_rulebook::{Rule, Rules};
	for preset in [DEVELOPMENT, LOCAL] {
		genesis(preset).execute_with(|| {
			let mut founders: Vec<_> = (1..=4).map(member).collect();
			founders.sort();
			assert_eq!(pallet_collective::Members::<Runtime>::get(), founders);
			let (rules, standard) = (Rulebook::rules(), Rules::default());
			let differs: Vec<_> =
				Rule::all().filter(|rule| rules.get(*rule) != standard.get(*rule)).collect();
			let fast = [Rule::GrowthFloor, Rule::Cycle, Rule::Session, Rule::ExchangeAge, Rule::Notice];
			assert_eq!(differs, fast);
		});
	}
}
