//! One measurement: a load on a network, between two blocks that are final.

use crate::{
	Result,
	cpu::{self, Samples, Watch},
	follow::{Fate, Following, Ledger},
	judge::{self, Judged},
	load::{Kind, Prepared},
	network::Network,
	send::{self, Pace, Sent},
	stats::Times,
};
use hanse_chain::Head;
use serde::{Deserialize, Serialize};
use std::{
	collections::{BTreeMap, HashSet},
	time::{Duration, Instant},
};
use tokio::time::sleep;

/// For how long nothing may become final before what is not final counts as lost.
const SILENCE: Duration = Duration::from_secs(45);

/// When and how fast.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
	pub kind: Kind,
	pub pace: Pace,
	/// Before anything counts.
	pub warm_up: Duration,
	/// For so long transactions are sent, warm-up included.
	pub length: Duration,
	/// Milliseconds between blocks.
	pub slot: u64,
	/// Whether another node imports the chain afterwards.
	pub import: bool,
}

/// What was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
	/// Seconds between the first block and the last one, by their own clocks.
	pub seconds: f64,
	/// What succeeded in the final blocks after the first one, up to the last one.
	pub done: u64,
	pub per_second: f64,
	pub blocks: u64,
	/// Slots between the two without a block.
	pub missed: u64,
	pub accepted: u64,
	/// How often the node had no room.
	pub refused: u64,
	/// Accepted transactions that never were in a final block.
	pub lost: u64,
	/// Transactions in final blocks that failed.
	pub failed: u64,
	/// From sent to heard of in a best block, and to heard of as final.
	pub in_block: Times,
	pub to_final: Times,
	/// The time that full blocks take by their weight, for each that it took to make them.
	pub declared: Option<f64>,
	/// For each that it took a node to import them that had seen none of their transactions.
	#[serde(default)]
	pub imported: Option<f64>,
	/// Milliseconds of processors for each that was done: the nodes together, and this program.
	pub node_ms: f64,
	pub bench_ms: f64,
	/// MiB of memory of all nodes at the end.
	pub memory: f64,
	/// The same after a fifth of the time.
	pub memory_before: f64,
	/// MiB of disk that the first node's database takes at the end.
	#[serde(default)]
	pub disk: f64,
}

/// Sends `transactions` by the plan, and waits until all of them are final.
pub async fn measure(network: &Network, transactions: &[Prepared], plan: Plan) -> Result<Measured> {
	let ledger = Ledger::of(transactions);
	let following = Following::start(network.node.clone(), ledger.clone());
	let mut processes = network.processes();
	processes.push(std::process::id());
	let watch = Watch::start(processes);
	let began = cpu::now();
	let end = Instant::now() + plan.length;
	let sent = send::send(&network.node, transactions, &ledger, plan.pace, end).await?;
	let ended = cpu::now();
	settle(&ledger, &following).await?;
	let samples = watch.end().await?;
	following.end().await?;
	let (fates, blocks) = {
		let mut known = ledger.known();
		(std::mem::take(&mut known.fates), std::mem::take(&mut known.blocks))
	};
	let heads: Vec<Head> = blocks.iter().map(|(head, _)| *head).collect();
	let judged = judge::judge(&network.node, plan.kind, &heads).await?;
	let window = (began + plan.warm_up.as_millis() as u64, ended);
	let built = network.built()?;
	let imported = match (plan.import, heads.last()) {
		(true, Some(last)) => network.imported(last.number).await?,
		_ => Default::default(),
	};
	evaluate(&Evidence {
		fates: &fates,
		judged: &judged,
		built: &|block| built.get(&(block.number, block.transactions)).copied(),
		imported: &|block| imported.get(&block.number).copied(),
		samples: &samples,
		sent,
		disk: network.disk()?,
		window,
		plan,
	})
}

/// Waits until every accepted transaction is final, or nothing happens any more.
async fn settle(ledger: &Ledger, following: &Following) -> Result<()> {
	let open =
		|| ledger.known().fates.iter().filter(|fate| fate.accepted && fate.finalised.is_none()).count();
	let (mut left, mut since) = (open(), Instant::now());
	while left > 0 && since.elapsed() < SILENCE && !following.is_over() {
		sleep(Duration::from_millis(200)).await;
		let now = open();
		if now != left {
			(left, since) = (now, Instant::now());
		}
	}
	Ok(())
}

/// How long something took of a block, if that is known.
type Took<'a> = &'a dyn Fn(&Judged) -> Option<Duration>;

struct Evidence<'a> {
	fates: &'a [Fate],
	judged: &'a [Judged],
	/// Making it.
	built: Took<'a>,
	/// Importing it.
	imported: Took<'a>,
	samples: &'a Samples,
	sent: Sent,
	/// MiB of the first node's database.
	disk: f64,
	/// From when until when all blocks could be full, in milliseconds since 1970.
	window: (u64, u64),
	plan: Plan,
}

fn evaluate(evidence: &Evidence) -> Result<Measured> {
	let Evidence { fates, judged, built, imported, samples, sent, disk, window: (from, to), plan } = evidence;

	let inside: Vec<&Judged> = judged.iter().filter(|block| (*from..=*to).contains(&block.time)).collect();
	let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
		return Err("no block of the time that is measured became final".into());
	};
	if first.number == last.number {
		return Err("only one block is in the time that is measured; measure for longer".into());
	}
	let (length, blocks) = (last.time - first.time, last.number - first.number);
	let seconds = length as f64 / 1_000.0;
	let done: u64 = inside.iter().skip(1).map(|block| block.done).sum();
	let failures: BTreeMap<u64, &HashSet<u32>> =
		judged.iter().map(|block| (block.number, &block.failed)).collect();
	let has_failed = |fate: &&Fate| {
		fate.place
			.is_some_and(|(block, place)| failures.get(&block).is_some_and(|failed| failed.contains(&place)))
	};
	let took = |until: fn(&Fate) -> Option<Instant>| {
		let times = fates.iter().filter(|fate| {
			fate.place.is_some_and(|(block, _)| (first.number + 1..=last.number).contains(&block))
		});
		let times =
			times.filter_map(|fate| Some(until(fate)?.saturating_duration_since(fate.sent?).as_secs_f64()));
		Times::of(times.collect())
	};
	let used = samples.between(first.time, last.time);
	let (bench, nodes) = used.split_last().ok_or("no processes were watched")?;
	let ms = |cpu: f64| cpu * 1_000.0 / done.max(1) as f64;
	let counted = inside.get(1..).unwrap_or_default();
	let early = samples.between(first.time, first.time + length / 5);
	let memory = |usages: &[cpu::Usage]| usages.iter().rev().skip(1).map(|usage| usage.memory).sum();
	Ok(Measured {
		seconds,
		done,
		per_second: done as f64 / seconds,
		blocks,
		missed: (length / plan.slot).saturating_sub(blocks),
		accepted: sent.accepted,
		refused: sent.refused,
		lost: fates.iter().filter(|fate| fate.accepted && fate.finalised.is_none()).count() as u64,
		failed: fates.iter().filter(has_failed).count() as u64
			+ judged.iter().map(|block| block.refused).sum::<u64>(),
		in_block: took(|fate| fate.in_block),
		to_final: took(|fate| fate.finalised),
		declared: declared_for_each(counted, built),
		imported: declared_for_each(counted, imported),
		node_ms: ms(nodes.iter().map(|usage| usage.cpu).sum()),
		bench_ms: ms(bench.cpu),
		memory: memory(&used),
		memory_before: memory(&early),
		disk: *disk,
	})
}

/// How much weight there is in the fullest blocks for the time that they took. Those that declare most are
/// others: hooks that only work in blocks with room for them declare far more than they take.
fn declared_for_each(blocks: &[&Judged], took: Took) -> Option<f64> {
	let most = blocks.iter().map(|block| block.done).max()?;
	let full = blocks.iter().filter(|block| 10 * block.done >= 9 * most);
	let timed = full.filter_map(|block| Some((block.declared, took(block)?.as_secs_f64() * 1_000.0)));
	let (declared, took) = timed.fold((0.0, 0.0), |sum, block| (sum.0 + block.0, sum.1 + block.1));
	(took > 0.0).then(|| declared / took)
}

impl Measured {
	/// Fails unless all that was accepted is in a final block and succeeded.
	pub fn ensure_whole(&self) -> Result<()> {
		if self.lost > 0 || self.failed > 0 {
			let Self { lost, failed, accepted, .. } = self;
			return Err(
				format!("of {accepted} accepted transactions {lost} were lost, and {failed} failed").into()
			);
		}
		Ok(())
	}
}

impl std::fmt::Display for Measured {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		let Self { seconds, done, per_second, blocks, missed, accepted, refused, lost, failed, .. } = self;
		writeln!(
			f,
			"{per_second:.0} a second: {done} in {blocks} blocks and {seconds:.0} s, {missed} slots without a block"
		)?;
		writeln!(f, "{accepted} accepted, {lost} of them lost, {failed} failed; {refused} times no room")?;
		writeln!(f, "in a block: {}; final: {}", self.in_block, self.to_final)?;
		let Self { node_ms, bench_ms, memory, memory_before, declared, .. } = self;
		if let Some(declared) = declared {
			writeln!(f, "full blocks declare {declared:.2} times what they take")?;
		}
		if let Some(imported) = self.imported {
			writeln!(
				f,
				"and {imported:.2} times what importing them takes a node that has seen nothing of them"
			)?;
		}
		write!(
			f,
			"CPU for each: {node_ms:.3} ms in nodes, {bench_ms:.3} ms here; memory of the nodes {memory_before:.0} MiB, later {memory:.0} MiB"
		)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_fullest_blocks_are_those_in_which_most_was_done() {
		let block = |number, done, declared| Judged {
			number,
			transactions: done + 1,
			time: 0,
			declared,
			done,
			failed: HashSet::new(),
			refused: 0,
		};
		// The hooks of the last one had room for what declares far more than it takes.
		let blocks = [block(1, 100, 600.0), block(2, 95, 500.0), block(3, 89, 400.0), block(4, 0, 700.0)];
		let took =
			|block: &Judged| Some(Duration::from_millis([400, 400, 10, 10][block.number as usize - 1]));
		let blocks: Vec<_> = blocks.iter().collect();
		assert_eq!(declared_for_each(&blocks, &took), Some(1_100.0 / 800.0));
		assert_eq!(declared_for_each(&[], &took), None);
		assert_eq!(declared_for_each(&blocks, &|_| None), None);
	}
}
