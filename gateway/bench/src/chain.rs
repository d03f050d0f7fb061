//! A measurement on a chain of its own, from the specification to the books.

use crate::{
	Result,
	books::{self, Books},
	load::{AWARDED, Kind, Maker, PRICE, Shape, transfers},
	measure::{Measured, Plan, measure},
	network::{Network, Population, Programs},
	send::Pace,
};
use hanse_chain::Node;
use serde_json::json;
use std::{
	fs,
	path::{Path, PathBuf},
	time::Duration,
};
use subxt::rpcs::rpc_params;

/// Milliseconds between blocks of our chain.
const SLOT: u64 = 1_000;

/// How long a measurement takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Timing {
	/// For so many seconds transactions are sent, unless there are no more.
	#[arg(long, default_value_t = 30)]
	pub seconds: u64,

	/// Of these so many do not count.
	#[arg(long, default_value_t = 5)]
	pub warm_up: u64,

	/// Transactions a second, instead of as many as the chain takes.
	#[arg(long)]
	pub rate: Option<f64>,

	/// As many transactions as the pool holds, instead of as many as blocks take.
	#[arg(long, conflicts_with = "rate")]
	pub flood: bool,
}

impl Timing {
	/// For transactions that do `worth` each of what is measured.
	pub fn plan(&self, kind: Kind, worth: u32, slot: u64) -> Plan {
		let pace = match (self.rate, self.flood) {
			(Some(rate), _) => Pace::Rate(rate),
			(None, true) => Pace::Flood,
			// However small blocks are at first.
			(None, false) => Pace::Full { least: (600 / worth as usize).max(8) },
		};
		let [warm_up, length] = [self.warm_up, self.seconds].map(Duration::from_secs);
		Plan { kind, pace, warm_up, length, slot, import: false }
	}
}

/// Measures `kind` on a new chain of ours, and checks its books.
pub async fn ours(
	programs: &Programs,
	specification: &Path,
	population: &Population,
	shape: &Shape,
	plan: Plan,
) -> Result<Measured> {
	let network = Network::start(programs, specification, population.authorities).await?;
	let before = books::read(&network.node).await?;
	let transactions = Maker::new(&network.node, population, shape).await?.make(plan.kind, usize::MAX);
	if transactions.is_empty() {
		return Err("there are too few customers for one transaction".into());
	}
	let measured = measure(&network, &transactions, plan).await?;
	measured.ensure_whole()?;
	balance(&network.node, &before, plan.kind, shape, measured.accepted).await?;
	Ok(measured)
}

/// What was accepted and is whole has moved in the books, and nothing else.
async fn balance(node: &Node, before: &Books, kind: Kind, shape: &Shape, accepted: u64) -> Result<()> {
	let after = books::read(node).await?;
	let done = u128::from(accepted) * u128::from(shape.worth(kind));
	let (paid, issued) = match kind {
		Kind::Pay | Kind::Slips => (done * PRICE, 0),
		Kind::Awards => (0, done * AWARDED),
		Kind::Transfers => (0, 0),
	};
	books::ensure_moved(before, &after, paid, issued)
}

/// Measures transfers on a new chain with the stock runtime `name`.
pub async fn stock(
	programs: &Programs,
	name: &str,
	folder: &Path,
	accounts: u32,
	rounds: u32,
	timing: &Timing,
) -> Result<Measured> {
	let specification = stock_specification(programs, name, folder, accounts)?;
	let network = Network::start(programs, &specification, 1).await?;
	let slot = slot(&network.node).await?;
	let transactions = transfers::make(&network.node, accounts, rounds, usize::MAX).await?;
	let measured = measure(&network, &transactions, timing.plan(Kind::Transfers, 1, slot)).await?;
	measured.ensure_whole()?;
	Ok(measured)
}

/// What the chain says of its slots, in milliseconds.
async fn slot(node: &Node) -> Result<u64> {
	let slot: String = node.request("state_call", rpc_params!["AuraApi_slot_duration", "0x"]).await?;
	let bytes = hex::decode(slot.trim_start_matches("0x"))?;
	Ok(u64::from_le_bytes(bytes.try_into().map_err(|_| "the chain does not say how long its slots are")?))
}

/// The specification of a chain with a stock runtime, whose accounts all have money and the asset.
fn stock_specification(programs: &Programs, name: &str, folder: &Path, accounts: u32) -> Result<PathBuf> {
	const MONEY: u64 = 1_000_000_000_000_000;
	let wasm = programs.stock(name)?;
	let code = fs::read(&wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
	let holders: Vec<String> =
		crate::keys::all(accounts as usize, |number| transfers::account(number as u32));
	let owner = transfers::account(0);
	let alice = hanse_chain::AccountId(crate::keys::member(1)?.public_key().0).to_string();
	let patch = json!({
		"aura": { "authorities": [alice] },
		"grandpa": { "authorities": [["5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu", 1]] },
		"balances": { "balances": holders.iter().map(|who| json!([who, MONEY])).collect::<Vec<_>>() },
		"assets": {
			"assets": [[transfers::ASSET, owner, true, 1]],
			"metadata": [[transfers::ASSET, b"Stock", b"STOCK", 0]],
			"accounts": holders.iter().map(|who| json!([transfers::ASSET, who, MONEY])).collect::<Vec<_>>(),
		},
	});
	let specification = json!({
		"name": name, "id": name, "chainType": "Development", "bootNodes": [], "properties": {},
		"telemetryEndpoints": null, "protocolId": null, "codeSubstitutes": {},
		"genesis": { "runtimeGenesis": { "code": format!("0x{}", hex::encode(code)), "patch": patch } },
	});
	let (plain, raw) = (folder.join(format!("{name}-plain.json")), folder.join(format!("{name}.json")));
	fs::write(&plain, specification.to_string())?;
	let plain = plain.to_str().ok_or("a path that is no text")?;
	fs::write(&raw, programs.print(&["build-spec", "--raw", "--chain", plain])?)?;
	Ok(raw)
}

/// The plan of a measurement of our chain.
pub fn plan(timing: &Timing, kind: Kind, shape: &Shape) -> Plan {
	timing.plan(kind, shape.worth(kind), SLOT)
}
