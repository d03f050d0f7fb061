//! What became of everything, by the final blocks alone.

use crate::{Result, load::Kind};
use codec::{Compact, Decode};
use hanse_chain::{AtBlock, Head, Node};
use std::collections::HashSet;
use subxt::{events::Phase, rpcs::rpc_params, utils::H256};

/// What one final block holds.
#[derive(Clone, Debug)]
pub struct Judged {
	pub number: u64,
	/// How many transactions are in it.
	pub transactions: u64,
	/// Its own time, in milliseconds since 1970.
	pub time: u64,
	/// The time that it takes by its weight, in milliseconds.
	pub declared: f64,
	/// How many of what is measured were done in it.
	pub done: u64,
	/// Places of transactions that failed.
	pub failed: HashSet<u32>,
	/// Slips that were refused.
	pub refused: u64,
}

pub async fn judge(node: &Node, kind: Kind, blocks: &[Head]) -> Result<Vec<Judged>> {
	let Some(last) = blocks.last() else { return Ok(Vec::new()) };
	let at = node.at(*last).await?;
	let mut judged = Vec::with_capacity(blocks.len());
	for head in blocks {
		judged.push(block(node, &at, kind, *head).await?);
	}
	Ok(judged)
}

async fn block(node: &Node, at: &AtBlock, kind: Kind, head: Head) -> Result<Judged> {
	let events = stored(node, head, "System", "Events").await?;
	let mut judged = Judged {
		number: head.number,
		transactions: 0,
		time: time(node, head).await?,
		declared: declared(node, head).await?,
		done: 0,
		failed: HashSet::new(),
		refused: 0,
	};
	for event in at.events().from_bytes(events).iter() {
		let event = event?;
		match (event.pallet_name(), event.event_name()) {
			("System", "ExtrinsicSuccess") => judged.transactions += 1,
			("System", "ExtrinsicFailed") => {
				judged.transactions += 1;
				if let Phase::ApplyExtrinsic(place) = event.phase() {
					judged.failed.insert(place);
				}
			},
			("Exchange", "Paid") if matches!(kind, Kind::Pay | Kind::Slips) => judged.done += 1,
			("Exchange", "SlipRefused") => judged.refused += 1,
			("Assets", "Transferred") if kind == Kind::Transfers => judged.done += 1,
			("Points", "BatchIssued") if kind == Kind::Awards => {
				// The program, the vintage, the hash of the batch, then how many.
				let (_, _, _, awards) = <(u16, u32, [u8; 32], u32)>::decode(&mut event.field_bytes())?;
				judged.done += u64::from(awards);
			},
			_ => {},
		}
	}
	Ok(judged)
}

/// A block's own time.
pub async fn time(node: &Node, head: Head) -> Result<u64> {
	Ok(u64::decode(&mut &stored(node, head, "Timestamp", "Now").await?[..])?)
}

/// The weight of all that was done in it, of the three classes together.
async fn declared(node: &Node, head: Head) -> Result<f64> {
	let weight = stored(node, head, "System", "BlockWeight").await?;
	let classes = <[(Compact<u64>, Compact<u64>); 3]>::decode(&mut &weight[..])?;
	Ok(classes.iter().map(|(time, _)| time.0 as f64 / 1e9).sum())
}

async fn stored(node: &Node, head: Head, pallet: &str, item: &str) -> Result<Vec<u8>> {
	let key = [pallet, item].map(|name| sp_crypto_hashing::twox_128(name.as_bytes())).concat();
	let params = rpc_params![format!("0x{}", hex::encode(key)), H256(head.hash)];
	let value: Option<String> = node.request("state_getStorage", params).await?;
	Ok(hex::decode(value.as_deref().unwrap_or_default().trim_start_matches("0x"))?)
}
