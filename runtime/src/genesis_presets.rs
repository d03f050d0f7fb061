//! Who is there at the start.
//!
//! Four institutions found the development and the local chain, with the well-known development keys, and
//! with short sessions and a short notice, so that what takes days elsewhere can be watched.
//! A live chain is founded with [`alliance`] from its founders' own keys.

use crate::{
	configs::PotAccount, constants::*, AccountId, AuthoritiesConfig, Balance, BalancesConfig, ClearingConfig,
	InstitutionsConfig, RulebookConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys,
};
use alloc::{
	string::{String, ToString},
	vec::Vec,
};
use frame_support::build_struct_json_patch;
use hanse_primitives::Moment;
use pallet_rulebook::Rules;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_genesis_builder::PresetId;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// One authority, four founders.
pub const DEVELOPMENT: &str = sp_genesis_builder::DEV_RUNTIME_PRESET;
/// Four authorities, the four founders.
pub const LOCAL: &str = sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET;

/// What a founder works with beside its bond and its reserve, in micro-units.
const WORKING_BALANCE: Balance = 50_000 * UNIT;
/// The first reserve of a founder of a development chain, in micro-units.
const DEVELOPMENT_RESERVE: Balance = 25_000 * UNIT;

/// The length of a session of a development chain, in milliseconds.
const DEVELOPMENT_SESSION: Moment = 30_000;
/// The notice of a decision on a development chain, in milliseconds.
const DEVELOPMENT_NOTICE: Moment = 30_000;

/// The time between two settlements of positions on a development chain, in milliseconds.
const DEVELOPMENT_CYCLE: Moment = 30_000;

/// What an institution of a development chain issues in a day at least, in micro-units.
const DEVELOPMENT_GROWTH: Balance = 1_000_000 * UNIT;

/// An institution that founds a chain. Its bond is the same as everybody's.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Founder {
	/// What it calls itself: 1 to 32 bytes.
	pub name: String,
	/// The account that acts for it.
	pub account: AccountId,
	/// Its first reserve, in settlement micro-units.
	pub reserve: Balance,
	/// The key that signs its blocks.
	pub aura: AuraId,
	/// The key that signs its finality votes.
	pub grandpa: GrandpaId,
}

/// The genesis of a chain by the standard rules, whose authorities are all its founders, and which endows
/// further accounts.
pub fn alliance(founders: Vec<Founder>, endowed: Vec<(AccountId, Balance)>) -> Value {
	let authorities = founders.clone();
	// Agent and auditor are appointed by vote.
	genesis(Rules::default(), founders, authorities, endowed, (None, None))
}

/// The deposit roles: the agent, and the auditor.
type Appointed = (Option<AccountId>, Option<AccountId>);

fn genesis(
	rules: Rules,
	founders: Vec<Founder>,
	authorities: Vec<Founder>,
	endowed: Vec<(AccountId, Balance)>,
	(agent, auditor): Appointed,
) -> Value {
	let balances = founders
		.iter()
		.map(|founder| (founder.account.clone(), rules.admission_bond + founder.reserve + WORKING_BALANCE))
		.chain(core::iter::once((PotAccount::get(), EXISTENTIAL_DEPOSIT)))
		.chain(endowed)
		.collect();
	build_struct_json_patch!(RuntimeGenesisConfig {
		balances: BalancesConfig { balances },
		rulebook: RulebookConfig { rules },
		institutions: InstitutionsConfig {
			founders: founders.iter().map(|f| (f.account.clone(), f.name.clone())).collect(),
		},
		authorities: AuthoritiesConfig { operators: authorities.iter().map(|f| f.account.clone()).collect() },
		session: SessionConfig {
			keys: authorities
				.iter()
				.map(|f| {
					let keys = SessionKeys { aura: f.aura.clone(), grandpa: f.grandpa.clone() };
					(f.account.clone(), f.account.clone(), keys)
				})
				.collect(),
		},
		clearing: ClearingConfig {
			reserves: founders.iter().map(|f| (f.account.clone(), f.reserve)).collect(),
			agent,
			auditor,
		},
	})
}

/// Where a genesis holds what a node checks before it runs the chain.
pub mod keys {
	use crate::Runtime;

	/// Of the [`Rules`](crate::Rules).
	pub fn rules() -> [u8; 32] {
		pallet_rulebook::CurrentRules::<Runtime>::hashed_key()
	}

	/// Of the authorities that make blocks.
	pub fn aura() -> [u8; 32] {
		pallet_aura::Authorities::<Runtime>::hashed_key()
	}

	/// Of the authorities that finalise them, each with its weight.
	pub fn grandpa() -> [u8; 32] {
		pallet_grandpa::Authorities::<Runtime>::hashed_key()
	}
}

/// The founders of the development and local chains.
fn well_known_founders() -> Vec<Founder> {
	let founder = |name: &str, account: Sr25519Keyring, grandpa: Ed25519Keyring| Founder {
		name: name.to_string(),
		account: account.to_account_id(),
		reserve: DEVELOPMENT_RESERVE,
		aura: account.public().into(),
		grandpa: grandpa.public().into(),
	};
	alloc::vec![
		founder("Alster Air", Sr25519Keyring::Alice, Ed25519Keyring::Alice),
		founder("Bergen Books", Sr25519Keyring::Bob, Ed25519Keyring::Bob),
		founder("Cog Hotels", Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
		founder("Danzig Department Store", Sr25519Keyring::Dave, Ed25519Keyring::Dave),
	]
}

fn preset(authorities: usize) -> Value {
	let founders = well_known_founders();
	let authorities = founders.iter().take(authorities).cloned().collect();
	// The agent and the auditor, and two people with a wallet.
	let [agent, auditor] = [Sr25519Keyring::One, Sr25519Keyring::Two].map(|who| who.to_account_id());
	let endowed = [Sr25519Keyring::Eve, Sr25519Keyring::Ferdie]
		.map(|who| who.to_account_id())
		.into_iter()
		.chain([agent.clone(), auditor.clone()])
		.map(|who| (who, 1_000 * UNIT))
		.collect();
	let rules = Rules {
		session: DEVELOPMENT_SESSION,
		notice: DEVELOPMENT_NOTICE,
		cycle: DEVELOPMENT_CYCLE,
		// A demonstration issues in a minute what takes months elsewhere.
		growth_floor: DEVELOPMENT_GROWTH,
		// A registered customer may exchange at once.
		exchange_age: 0,
		..Rules::default()
	};
	genesis(rules, founders, authorities, endowed, (Some(agent), Some(auditor)))
}

/// The genesis of a preset as JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch = match id.as_ref() {
		DEVELOPMENT => preset(1),
		LOCAL => preset(4),
		#[cfg(feature = "runtime-benchmarks")]
		crate::benchmarks::PRESET => crate::benchmarks::genesis(),
		_ => return None,
	};
	Some(patch.to_string().into_bytes())
}

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	alloc::vec![PresetId::from(DEVELOPMENT), PresetId::from(LOCAL)]
}
