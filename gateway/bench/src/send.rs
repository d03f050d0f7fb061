//! Sending, as fast as the node takes and uses it, or at a rate.

use crate::{Result, follow::Ledger, load::Prepared};
use futures::{StreamExt, stream::FuturesUnordered};
use hanse_chain::{Node, NodeError};
use std::time::{Duration, Instant};
use subxt::rpcs::rpc_params;
use tokio::time::{interval, sleep};

/// Transactions of which the answer is under way.
const UNDER_WAY: usize = 64;
/// How many wait in the pool at most, which is less than it holds.
const MOST_WAITING: usize = 7_000;
/// Before the node is asked again that had no room.
const AGAIN: Duration = Duration::from_millis(50);
/// How often a node may be silent about one transaction until its time-out.
const MOST_UNANSWERED: u32 = 6;

/// How fast.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
	/// As many wait in the pool as two and a half blocks take, and so many at least.
	Full { least: usize },
	/// So many a second, whatever becomes of them.
	Rate(f64),
	/// As many as the pool holds.
	Flood,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
	pub accepted: u64,
	/// How often the node had no room.
	pub refused: u64,
}

/// Sends transactions in their order until `end`, or until there are none.
pub async fn send(
	node: &Node,
	transactions: &[Prepared],
	ledger: &Ledger,
	pace: Pace,
	end: Instant,
) -> Result<Sent> {
	let mut sent = Sent::default();
	let mut under_way = FuturesUnordered::new();
	let began = Instant::now();
	let mut tick = interval(Duration::from_millis(2));
	let mut next = 0;
	while Instant::now() < end && (next < transactions.len() || !under_way.is_empty()) {
		let may = room(ledger, pace, began.elapsed(), next, under_way.len()).min(transactions.len() - next);
		for (number, transaction) in transactions.iter().enumerate().skip(next).take(may) {
			under_way.push(give(node, transaction, number, ledger));
		}
		next += may;
		if under_way.len() >= UNDER_WAY || next == transactions.len() {
			if let Some(refused) = under_way.next().await {
				count(&mut sent, refused?);
			}
			continue;
		}
		tokio::select! {
			Some(refused) = under_way.next() => count(&mut sent, refused?),
			_ = tick.tick() => {},
		}
	}
	while let Some(refused) = under_way.next().await {
		count(&mut sent, refused?);
	}
	Ok(sent)
}

fn count(sent: &mut Sent, refused: u64) {
	sent.accepted += 1;
	sent.refused += refused;
}

/// How many more may go now.
fn room(ledger: &Ledger, pace: Pace, elapsed: Duration, next: usize, under_way: usize) -> usize {
	let free = UNDER_WAY.saturating_sub(under_way);
	let within = |most: usize| {
		let waiting = ledger.known().waiting + under_way;
		most.saturating_sub(waiting).min(free)
	};
	match pace {
		Pace::Full { least } => {
			let last = ledger.known().last_block;
			within((last * 5 / 2).clamp(least, MOST_WAITING))
		},
		Pace::Flood => free,
		Pace::Rate(rate) => ((elapsed.as_secs_f64() * rate) as usize).saturating_sub(next).min(free),
	}
}

/// Gives the node one transaction until it takes it; answers how often it did not.
async fn give(node: &Node, transaction: &Prepared, number: usize, ledger: &Ledger) -> Result<u64> {
	let text = format!("0x{}", hex::encode(&transaction.bytes));
	let (mut refused, mut unanswered) = (0, 0);
	ledger.sent(number);
	loop {
		match node.request::<String>("author_submitExtrinsic", rpc_params![&text]).await {
			Ok(_) => break,
			// In the pool already.
			Err(NodeError::Refused { code: 1013, .. }) => break,
			// What was not answered was taken, and is in a block meanwhile.
			Err(NodeError::Refused { code: 1010 | 1012, .. }) if unanswered > 0 => break,
			// The pool is full, or drops what it just had.
			Err(NodeError::Refused { code: 1012 | 1016, .. }) => {
				refused += 1;
				sleep(AGAIN).await;
			},
			Err(NodeError::Away(_)) if unanswered < MOST_UNANSWERED => unanswered += 1,
			Err(error) => return Err(format!("transaction {number}: {error}").into()),
		}
	}
	ledger.accepted(number);
	Ok(refused)
}
