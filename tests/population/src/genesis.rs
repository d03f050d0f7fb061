//! The genesis that customers are added to: the development chain's, with more members, and with limits that no
//! measurement reaches.

use crate::Options;
use hanse_primitives::UNIT;
use hanse_runtime::{genesis_presets, AccountId, RuntimeGenesisConfig};
use serde_json::{json, Value};
use sp_core::{ed25519, sr25519, Pair};
use sp_runtime::traits::IdentifyAccount;

/// What each member begins with: enough to owe whatever is spent, and for all fees.
const RESERVE: u128 = 100_000_000 * UNIT;
const BALANCE: u128 = 200_000_000 * UNIT;

/// Keys that the node has by a flag.
const AUTHORITIES: [&str; 7] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One"];

/// The runtime's configuration of this genesis as JSON.
pub fn config(options: &Options) -> Result<String, String> {
	let patch = genesis_presets::get_preset(&genesis_presets::DEVELOPMENT.into()).ok_or("no preset")?;
	let patch: Value = serde_json::from_slice(&patch).map_err(|error| error.to_string())?;
	let mut config =
		serde_json::to_value(RuntimeGenesisConfig::default()).map_err(|error| error.to_string())?;
	merge(&mut config, &patch);
	rules(&mut config["rulebook"]["rules"]);
	members(&mut config, options)?;
	Ok(config.to_string())
}

fn merge(into: &mut Value, patch: &Value) {
	match (into, patch) {
		(Value::Object(into), Value::Object(patch)) => {
			patch.iter().for_each(|(key, value)| merge(into.entry(key.clone()).or_insert(Value::Null), value))
		},
		(into, patch) => *into = patch.clone(),
	}
}

/// Sessions and cycles are as long as on a live chain, and nobody is stopped by what is meant for real money.
fn rules(rules: &mut Value) {
	let standard = hanse_runtime::Rules::default();
	rules["session"] = json!(standard.session);
	rules["cycle"] = json!(standard.cycle);
	rules["growthFloor"] = json!(BALANCE);
	rules["customerLimit"] = json!(BALANCE);
	rules["sponsorBudget"] = json!(BALANCE);
	rules["sponsorQuota"] = json!(1_000_000_000u32);
}

fn members(config: &mut Value, options: &Options) -> Result<(), String> {
	let founders = (1..=options.members).map(member).collect::<Result<Vec<_>, _>>()?;
	let balances = &mut config["balances"]["balances"];
	let others: Vec<Value> = balances
		.as_array()
		.into_iter()
		.flatten()
		.filter(|entry| !founders.iter().any(|founder| entry[0] == json!(founder)))
		.cloned()
		.collect();
	let own = founders.iter().map(|founder| json!([founder, BALANCE]));
	*balances = own.chain(others).collect();
	let names =
		founders.iter().zip(1..).map(|(founder, number)| json!([founder, format!("Member {number}")]));
	config["institutions"]["founders"] = names.collect();
	config["clearing"]["reserves"] = founders.iter().map(|founder| json!([founder, RESERVE])).collect();
	let operators = &founders[..options.authorities as usize];
	config["authorities"]["operators"] = json!(operators);
	let keys = operators.iter().zip(AUTHORITIES).map(|(founder, name)| {
		let aura = key::<sr25519::Pair>(&format!("//{name}"))?.public();
		let grandpa = key::<ed25519::Pair>(&format!("//{name}"))?.public();
		let keys = json!({
			"aura": sp_consensus_aura::sr25519::AuthorityId::from(aura),
			"grandpa": AccountId::new(grandpa.0),
		});
		Ok(json!([founder, founder, keys]))
	});
	config["session"]["keys"] = Value::Array(keys.collect::<Result<_, String>>()?);
	Ok(())
}

/// The account of a member.
fn member(number: u32) -> Result<AccountId, String> {
	let uri = match number {
		1..=4 => format!("//{}", AUTHORITIES[number as usize - 1]),
		_ => format!("//Member//{number}"),
	};
	let public = key::<sr25519::Pair>(&uri)?.public();
	Ok(sp_runtime::MultiSigner::from(public).into_account())
}

fn key<P: Pair>(uri: &str) -> Result<P, String> {
	P::from_string(uri, None).map_err(|error| format!("{uri}: {error:?}"))
}
