//! What is the case: asked of the node, and read on this machine.

use super::{
	host::{self, Host},
	keystore::{self, StoredKey},
	rpc::{item, Rpc},
};
use codec::Encode;
use hanse_runtime::{genesis_presets, opaque::Block};
use sc_consensus_grandpa::AuthorityId as GrandpaId;
use serde_json::{json, Value};
use sp_consensus_aura::sr25519::{AuthorityId as AuraId, AuthoritySignature};
use sp_runtime::traits::Block as BlockT;
use std::{
	path::Path,
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

type Header = <Block as BlockT>::Header;

/// Between two questions for the newest block.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);
/// The newest blocks whose authors are looked up, at most.
const AUTHORS: usize = 60;

/// All that could be found out. What could not be is an error in words.
pub struct Facts {
	/// What the node says, unless it says nothing.
	pub node: Result<NodeFacts, String>,
	/// The authority keys on disk; `None` if nobody said where to look.
	pub keystore: Option<Result<Vec<StoredKey>, String>>,
	/// Whether there is a database in the directory; `None` likewise.
	pub database: Option<bool>,
	pub host: Host,
	/// The version of the runtime that this binary was built with.
	pub built_with: u32,
}

pub struct NodeFacts {
	pub version: String,
	/// `Live`, `Local` or `Development`.
	pub chain_type: String,
	pub runtime: u32,
	/// Whether it runs as an authority.
	pub authority: bool,
	pub peers: u64,
	pub should_have_peers: bool,
	pub syncing: bool,
	pub best: u64,
	pub finalised: u64,
	/// The blocks that became the newest while the doctor watched: how old each was by this machine's clock when it was
	/// seen first, in milliseconds. Negative: from the future.
	pub arrivals: Vec<i64>,
	/// Milliseconds in which the doctor watched.
	pub watched: u64,
	/// The age of the newest block that was there from the start, in milliseconds.
	pub head_age: i64,
	/// Whether methods that are for the administrator alone are open to whoever reaches the port.
	pub unsafe_methods: bool,
	/// Whether the port is open to other machines.
	pub exposed: Option<bool>,
	pub aura: Vec<AuraId>,
	pub grandpa: Vec<(GrandpaId, u64)>,
	/// The keys that made the newest blocks, the newest first.
	pub authors: Vec<AuraId>,
}

pub fn gather(url: &str, watch: u64, directory: Option<&Path>) -> Facts {
	let rpc = Rpc::new(url);
	Facts {
		node: ask(&rpc, url, Duration::from_secs(watch)),
		keystore: directory.map(|directory| keystore::read(directory, &rpc)),
		database: directory
			.map(|directory| ["paritydb", "db"].iter().any(|name| directory.join(name).exists())),
		host: host::look(directory),
		built_with: hanse_runtime::VERSION.spec_version,
	}
}

fn ask(rpc: &Rpc, url: &str, watch: Duration) -> Result<NodeFacts, String> {
	let text =
		|method: &str| rpc.get(method, json!([])).map(|value| value.as_str().unwrap_or_default().to_owned());
	let health = rpc.get("system_health", json!([]))?;
	let roles = rpc.get("system_nodeRoles", json!([]))?;
	let runtime = rpc.get("state_getRuntimeVersion", json!([]))?;
	let aura: Vec<AuraId> = rpc.storage(&genesis_presets::keys::aura())?.unwrap_or_default();
	let (arrivals, head_age, watched) = watch_blocks(rpc, watch)?;
	let best = header(rpc, &[])?;
	let final_hash = rpc.get("chain_getFinalizedHead", json!([]))?;
	Ok(NodeFacts {
		version: text("system_version")?,
		chain_type: text("system_chainType")?,
		runtime: runtime["specVersion"]
			.as_u64()
			.and_then(|version| version.try_into().ok())
			.unwrap_or_default(),
		authority: roles.as_array().is_some_and(|roles| roles.iter().any(|role| role == "Authority")),
		peers: health["peers"].as_u64().unwrap_or_default(),
		should_have_peers: health["shouldHavePeers"].as_bool().unwrap_or(true),
		syncing: health["isSyncing"].as_bool().unwrap_or_default(),
		finalised: header(rpc, &[final_hash])?.number.into(),
		arrivals,
		watched,
		head_age,
		unsafe_methods: serves_unsafe(rpc)?,
		exposed: port(url).and_then(host::listens_to_all),
		grandpa: rpc.storage(&genesis_presets::keys::grandpa())?.unwrap_or_default(),
		authors: authors(rpc, &best, &aura)?,
		aura,
		best: best.number.into(),
	})
}

fn header(rpc: &Rpc, hash: &[Value]) -> Result<Header, String> {
	serde_json::from_value(rpc.get("chain_getHeader", json!(hash))?)
		.map_err(|error| format!("chain_getHeader: {error}"))
}

/// A harmless method that the node serves only if it serves all of them.
fn serves_unsafe(rpc: &Rpc) -> Result<bool, String> {
	Ok(rpc.ask("system_peers", json!([]))?.is_ok())
}

fn port(url: &str) -> Option<u16> {
	let (_, port) = url.trim_end_matches('/').rsplit_once(':')?;
	port.parse().ok()
}

/// How old each new block is when it comes, how old the newest one is now, and how long that was watched. It ends when
/// four have come.
fn watch_blocks(rpc: &Rpc, watch: Duration) -> Result<(Vec<i64>, i64, u64), String> {
	let start = Instant::now();
	let (mut last, mut arrivals) = (header(rpc, &[])?.number, Vec::new());
	let head_age = age(rpc)?;
	while start.elapsed() < watch && arrivals.len() < 4 {
		std::thread::sleep(BETWEEN_LOOKS);
		let number = header(rpc, &[])?.number;
		if number > last {
			last = number;
			arrivals.push(age(rpc)?);
		}
	}
	Ok((arrivals, head_age, start.elapsed().as_millis().try_into().unwrap_or(u64::MAX)))
}

/// This machine's time less that of the newest block, in milliseconds.
fn age(rpc: &Rpc) -> Result<i64, String> {
	let block: u64 = rpc.storage(&item("Timestamp", "Now"))?.unwrap_or_default();
	let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?.as_millis();
	Ok((now as i64).saturating_sub(block as i64))
}

/// Who made the newest blocks: authorities take turns, a slot each.
fn authors(rpc: &Rpc, best: &Header, aura: &[AuraId]) -> Result<Vec<AuraId>, String> {
	let (mut authors, mut at) = (Vec::new(), best.clone());
	while !aura.is_empty() && at.number > 0 && authors.len() < AUTHORS.min(4 * aura.len()) {
		let slot = sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(&at)
			.map_err(|error| error.to_string())?;
		authors.extend(aura.get(*slot as usize % aura.len()).cloned());
		at = header(rpc, &[json!(sp_core::bytes::to_hex(&at.parent_hash.encode(), false))])?;
	}
	Ok(authors)
}
