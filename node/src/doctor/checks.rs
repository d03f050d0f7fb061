//! What a node's state means for whoever runs it: one function for each question.

use super::{
	facts::{Facts, NodeFacts},
	keystore::{StoredKey, KINDS},
};
use codec::Encode;

/// Blocks that may be newer than the newest final one before that is worth a word, and before it is a fault. In good
/// order it is two or three.
const FINALITY_LAG: (u64, u64) = (10, 60);
/// Milliseconds that a block may be old when it comes, and from the future: slots are a second.
const OLDEST: i64 = 4_000;
const FUTURE: i64 = -750;
/// Parts of a hundred of a disk that should be free, and that must be; and bytes below which it is a fault at once.
const DISK_FREE: (u64, u64) = (15, 5);
const DISK_LEAST: u64 = 1 << 30;
/// What a node needs at least: open files, and bytes of memory.
const OPEN_FILES: u64 = 10_000;
const MEMORY: u64 = 2 << 30;

/// How bad it is; as a number, the exit code of a monitoring plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
	Ok = 0,
	Warning = 1,
	Fault = 2,
}

impl Severity {
	pub fn word(self) -> &'static str {
		match self {
			Self::Ok => "ok",
			Self::Warning => "warning",
			Self::Fault => "FAULT",
		}
	}
}

/// An answer.
#[derive(Debug)]
pub struct Diagnosis {
	pub level: Severity,
	/// The question, in a word.
	pub about: &'static str,
	pub seen: String,
	/// What to do, unless all is well.
	pub todo: Option<String>,
}

fn ok(about: &'static str, seen: impl Into<String>) -> Diagnosis {
	Diagnosis { level: Severity::Ok, about, seen: seen.into(), todo: None }
}

fn warning(about: &'static str, seen: impl Into<String>, todo: impl Into<String>) -> Diagnosis {
	Diagnosis { level: Severity::Warning, about, seen: seen.into(), todo: Some(todo.into()) }
}

fn fault(about: &'static str, seen: impl Into<String>, todo: impl Into<String>) -> Diagnosis {
	Diagnosis { level: Severity::Fault, about, seen: seen.into(), todo: Some(todo.into()) }
}

/// Every question, answered.
pub fn all(facts: &Facts) -> Vec<Diagnosis> {
	let mut findings = match &facts.node {
		Ok(node) => vec![
			ok("node", format!("answers, {}", node.version)),
			clock(node),
			blocks(node),
			peers(node),
			finality(node),
			rpc(node),
			version(node, facts.built_with),
			keys(node, facts.keystore.as_ref()),
			turns(node, facts.keystore.as_ref()),
		],
		Err(why) => vec![fault(
			"node",
			format!("does not answer: {why}"),
			"is it running? See its log, or name its port by --rpc-url",
		)],
	};
	findings.extend([database(facts), disk(facts), open_files(facts), memory(facts)]);
	findings
}

fn clock(node: &NodeFacts) -> Diagnosis {
	let seconds = |ms: i64| ms.unsigned_abs() as f64 / 1_000.0;
	let about = "clock";
	let newest = node.arrivals.iter().copied().chain([node.head_age]).min().unwrap_or_default();
	if newest < FUTURE {
		let seen = format!("this machine is {:.1} s behind the chain, at least", seconds(newest));
		return fault(
			about,
			seen,
			"it makes no block in its turns: see timedatectl, and let a time service keep the clock",
		);
	}
	let mut ages = node.arrivals.clone();
	ages.sort_unstable();
	// The middle one: of an authority that is ahead, up to every second block is its own, which is new to itself.
	match ages.get(ages.len() / 2) {
		None => warning(about, "no new block came, by which the clock could be compared", "look again when blocks come"),
		Some(age) if *age > OLDEST => fault(
			about,
			format!("new blocks are {:.1} s old when they come: this machine is ahead, or far away from its peers", seconds(*age)),
			"see timedatectl; others refuse blocks from the future",
		),
		Some(age) => ok(about, format!("a new block is {:.1} s old when it comes", seconds(*age))),
	}
}

fn blocks(node: &NodeFacts) -> Diagnosis {
	let watched = node.watched / 1_000;
	match node.arrivals.len() {
		0 => fault(
			"blocks",
			format!("none came in {watched} s; the newest is {} s old", node.head_age / 1_000),
			"if other nodes have newer ones, see `peers`, and the log, which says whether this clock is behind; if nobody has, \
			more than half of the authorities are gone",
		),
		come => ok("blocks", format!("{come} came in {watched} s; the newest is {}", node.best)),
	}
}

fn peers(node: &NodeFacts) -> Diagnosis {
	// The only authority of a chain needs nobody.
	let needed = node.should_have_peers && !(node.authority && node.aura.len() == 1);
	if needed && node.peers == 0 {
		let todo = "is the port for peers open, and does --bootnodes name a node that runs?";
		return fault("peers", "none: this node is alone", todo);
	}
	if node.syncing {
		return warning(
			"peers",
			format!("{}; it is still reading old blocks, at {}", node.peers, node.best),
			"wait; the log says how fast it goes",
		);
	}
	if needed && node.authority && (node.peers as usize) < node.aura.len().saturating_sub(1).min(2) {
		let seen = format!("{}, of {} other authorities", node.peers, node.aura.len().saturating_sub(1));
		return warning("peers", seen, "one more connection that ends leaves it alone: add bootnodes");
	}
	ok("peers", node.peers.to_string())
}

fn finality(node: &NodeFacts) -> Diagnosis {
	let lag = node.best.saturating_sub(node.finalised);
	let seen = format!("{lag} blocks behind the newest one");
	let todo = "more than two thirds of the authorities must run and reach each other: docs/authorities.md, Finality stands";
	match lag {
		lag if lag > FINALITY_LAG.1 => fault("finality", seen, todo),
		lag if lag > FINALITY_LAG.0 => warning("finality", seen, todo),
		_ => ok("finality", seen),
	}
}

fn rpc(node: &NodeFacts) -> Diagnosis {
	match (node.unsafe_methods, node.exposed) {
		(true, exposed) => fault(
			"rpc",
			format!(
				"serves unsafe methods{}: whoever reaches the port can make keys and change peers",
				if exposed == Some(true) { " to other machines" } else { "" }
			),
			"start it again without --rpc-methods unsafe once the keys are made",
		),
		(false, Some(true)) => warning(
			"rpc",
			"the port is open to other machines",
			"put a reverse proxy with TLS before it and leave --rpc-external out, or limit it by a firewall",
		),
		(false, _) => ok("rpc", "safe methods only, on this machine only"),
	}
}

fn version(node: &NodeFacts, built_with: u32) -> Diagnosis {
	let seen = format!("the chain's runtime is {}, this binary was built with {built_with}", node.runtime);
	if node.runtime > built_with {
		return warning(
			"version",
			seen,
			"it works, since the runtime comes with the chain; build the newer release all the same",
		);
	}
	ok("version", seen)
}

/// Whether this node has development keys, which are in no file.
fn development(node: &NodeFacts) -> bool {
	node.chain_type != "Live"
}

fn keys(node: &NodeFacts, keystore: Option<&Result<Vec<StoredKey>, String>>) -> Diagnosis {
	let about = "keys";
	let stored = match keystore {
		None => return warning(about, "not looked at", "name --chain and --base-path as the node has them"),
		Some(Err(why)) => return fault(about, why.clone(), "run the doctor as the user that runs the node"),
		Some(Ok(stored)) => stored,
	};
	if let Some(key) = stored.iter().find(|key| key.open) {
		let name = sp_core::bytes::to_hex(&key.public, true);
		return fault(
			about,
			format!("others on this machine can read the key {name}"),
			"chmod 600 the files of the keystore",
		);
	}
	match (node.authority, stored.is_empty()) {
		(false, true) => ok(about, "none, and this node is no authority"),
		(false, false) => warning(about, "there are some, but the node runs without --validator", "if it is an authority, start it with --validator; if another host has taken over, delete the keys here"),
		(true, true) if development(node) => ok(about, "of development, which are in no file"),
		(true, true) => fault(about, "an authority without keys makes no blocks", "make them: docs/authorities.md, Become an authority"),
		(true, false) => owned(node, stored),
	}
}

/// What the chain says of the keys of an authority that has some.
fn owned(node: &NodeFacts, stored: &[StoredKey]) -> Diagnosis {
	let about = "keys";
	let current = |kind| {
		stored.iter().find(|key| key.kind == kind && key.owner.as_ref().is_some_and(|(_, current)| *current))
	};
	let missing: Vec<_> =
		KINDS.iter().filter(|(kind, _)| current(*kind).is_none()).map(|(_, name)| *name).collect();
	if missing.len() == KINDS.len() {
		return fault(
			about,
			"the chain has none of this node's keys",
			"set them: scripts/member keys --node URL",
		);
	}
	if let [missing] = missing[..] {
		let seen = format!("the chain's {missing} key of this authority is not on this machine");
		return fault(
			about,
			seen,
			"copy it here from where it was made, or make both anew: scripts/member keys --node URL",
		);
	}
	let at_work = stored.iter().any(|key| node.aura.iter().any(|one| one.encode() == key.public))
		&& stored.iter().any(|key| node.grandpa.iter().any(|(one, _)| one.encode() == key.public));
	if !at_work {
		return warning(
			about,
			"set, and not at work in this session",
			"new keys work two sessions later; scripts/member authority says what else is missing",
		);
	}
	ok(about, "set on the chain, and at work")
}

/// Whether the authority whose keys are here makes its blocks.
fn turns(node: &NodeFacts, keystore: Option<&Result<Vec<StoredKey>, String>>) -> Diagnosis {
	let about = "turns";
	let stored = keystore.and_then(|stored| stored.as_ref().ok()).map_or(&[][..], Vec::as_slice);
	let Some(own) = node.aura.iter().find(|one| stored.iter().any(|key| key.public == one.encode())) else {
		return ok(about, "no key here is at work, so no turn is ours");
	};
	let made = node.authors.iter().filter(|author| *author == own).count();
	let expected = node.authors.len() / node.aura.len().max(1);
	let seen = format!("made {made} of the newest {} blocks; its share is {expected}", node.authors.len());
	match made {
		0 if expected >= 2 => fault(
			about,
			seen,
			"see clock and peers; is another node running with the same keys? Stop one of them",
		),
		made if 2 * made < expected => warning(about, seen, "see clock, and whether the machine is busy"),
		_ => ok(about, seen),
	}
}

fn database(facts: &Facts) -> Diagnosis {
	match facts.database {
		None => warning("database", "not looked at", "name --chain and --base-path as the node has them"),
		Some(false) => fault(
			"database",
			"none where the doctor looked",
			"is --base-path that of the node? Without one it reads all blocks from its peers",
		),
		Some(true) => ok("database", "there"),
	}
}

fn disk(facts: &Facts) -> Diagnosis {
	let Some((free, total)) = facts.host.disk else {
		return warning("disk", "not looked at", "name --base-path as the node has it");
	};
	let percent = free.saturating_mul(100) / total.max(1);
	let seen = format!("{:.1} GiB free, {percent} %", free as f64 / f64::from(1 << 30));
	let todo = "a node that cannot write ends: free space, or move it to a larger disk";
	match percent {
		_ if free < DISK_LEAST => fault("disk", seen, todo),
		percent if percent < DISK_FREE.1 => fault("disk", seen, todo),
		percent if percent < DISK_FREE.0 => warning("disk", seen, todo),
		_ => ok("disk", seen),
	}
}

fn open_files(facts: &Facts) -> Diagnosis {
	match facts.host.open_files {
		None => ok("open files", "this system does not say"),
		Some(limit) if limit < OPEN_FILES => warning(
			"open files",
			format!("at most {limit}, as this shell has it"),
			format!("give the node {OPEN_FILES} or more: LimitNOFILE= of systemd, --ulimit of a container"),
		),
		Some(limit) => ok("open files", format!("at most {limit}")),
	}
}

fn memory(facts: &Facts) -> Diagnosis {
	match facts.host.memory {
		Some(limit) if limit < MEMORY => warning(
			"memory",
			format!("the container may use {} MiB", limit >> 20),
			format!("give it {} MiB: a node that is killed for memory makes no blocks", MEMORY >> 20),
		),
		Some(limit) => ok("memory", format!("the container may use {} MiB", limit >> 20)),
		None => ok("memory", "no limit of a container"),
	}
}
