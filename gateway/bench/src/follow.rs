//! Which transactions are in which block, as the node tells of its blocks.

use crate::{Result, load::Prepared};
use hanse_chain::{Head, Node};
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
	time::Instant,
};
use subxt::{rpcs::rpc_params, utils::H256};
use tokio::{sync::watch, task::JoinHandle};

/// What is known of one transaction.
#[derive(Clone, Copy, Default)]
pub struct Fate {
	pub sent: Option<Instant>,
	/// The node took it.
	pub accepted: bool,
	/// When a best block with it was heard of first.
	pub in_block: Option<Instant>,
	/// When that was final.
	pub finalised: Option<Instant>,
	/// The final block with it, and its place there.
	pub place: Option<(u64, u32)>,
}

/// What is known of all, shared by those who send and those who look.
#[derive(Clone)]
pub struct Ledger(Arc<Mutex<Known>>);

pub struct Known {
	pub fates: Vec<Fate>,
	/// Final blocks, by number, with how many of ours are in each.
	pub blocks: Vec<(Head, u32)>,
	by_hash: HashMap<[u8; 32], u32>,
	/// How many are accepted and in no best block yet.
	pub waiting: usize,
	/// How many of ours were in the best block heard of last.
	pub last_block: usize,
	/// The number of the newest best block.
	pub best: u64,
}

impl Ledger {
	pub fn of(transactions: &[Prepared]) -> Self {
		let numbered = transactions.iter().zip(0u32..);
		Self(Arc::new(Mutex::new(Known {
			fates: vec![Fate::default(); transactions.len()],
			blocks: Vec::new(),
			by_hash: numbered.map(|(transaction, number)| (transaction.hash, number)).collect(),
			waiting: 0,
			last_block: 0,
			best: 0,
		})))
	}

	pub fn known(&self) -> MutexGuard<'_, Known> {
		self.0.lock().unwrap_or_else(PoisonError::into_inner)
	}

	pub fn sent(&self, number: usize) {
		self.known().fates[number].sent = Some(Instant::now());
	}

	/// The node has it, unless a block was faster than its answer.
	pub fn accepted(&self, number: usize) {
		let mut known = self.known();
		let is_waiting = known.fates[number].in_block.is_none();
		known.fates[number].accepted = true;
		known.waiting += usize::from(is_waiting);
	}
}

/// The task that looks at every block.
pub struct Following {
	task: JoinHandle<Result<()>>,
	stop: watch::Sender<bool>,
}

impl Following {
	pub fn start(node: Node, ledger: Ledger) -> Self {
		let (stop, stopped) = watch::channel(false);
		let task = tokio::spawn(async move {
			let final_number = node.final_head().number;
			let seen = HashMap::new();
			Follower { node, ledger, seen, final_number }.follow(stopped).await
		});
		Self { task, stop }
	}

	pub fn is_over(&self) -> bool {
		self.task.is_finished()
	}

	pub async fn end(self) -> Result<()> {
		self.stop.send_replace(true);
		self.task.await?
	}
}

struct Follower {
	node: Node,
	ledger: Ledger,
	/// Ours in blocks that are not final yet, with their places.
	seen: HashMap<[u8; 32], Vec<(u32, u32)>>,
	final_number: u64,
}

impl Follower {
	async fn follow(mut self, mut stopped: watch::Receiver<bool>) -> Result<()> {
		let mut heads = self.node.heads();
		loop {
			let now = *heads.borrow_and_update();
			let heard = Instant::now();
			self.best(now.best, heard).await?;
			self.finals(now.final_head.number, heard).await?;
			tokio::select! {
				changed = heads.changed() => changed?,
				_ = stopped.changed() => return Ok(()),
			}
		}
	}

	/// A new best block, and those before it that were not heard of.
	async fn best(&mut self, head: Head, heard: Instant) -> Result<()> {
		let (mut head, best) = (head, head.number);
		while head.number > self.final_number && !self.seen.contains_key(&head.hash) {
			let parent = self.look(head, heard).await?;
			head = Head { number: head.number - 1, hash: parent };
		}
		let mut known = self.ledger.known();
		known.best = known.best.max(best);
		Ok(())
	}

	async fn finals(&mut self, until: u64, heard: Instant) -> Result<()> {
		for number in self.final_number + 1..=until {
			let head = Head { number, hash: self.node.hash_of(number).await? };
			if !self.seen.contains_key(&head.hash) {
				self.look(head, heard).await?;
			}
			let ours = self.seen.remove(&head.hash).unwrap_or_default();
			let mut known = self.ledger.known();
			for (transaction, place) in &ours {
				let fate = &mut known.fates[*transaction as usize];
				fate.finalised = Some(heard);
				fate.place = Some((number, *place));
			}
			known.blocks.push((head, ours.len() as u32));
			self.final_number = number;
		}
		Ok(())
	}

	/// Notes which of ours a block has, and answers its parent.
	async fn look(&mut self, head: Head, heard: Instant) -> Result<[u8; 32]> {
		#[derive(serde::Deserialize)]
		struct Answer {
			block: Block,
		}
		#[derive(serde::Deserialize)]
		struct Block {
			header: Header,
			extrinsics: Vec<String>,
		}
		#[derive(serde::Deserialize)]
		#[serde(rename_all = "camelCase")]
		struct Header {
			parent_hash: H256,
		}
		let answer: Answer = self.node.request("chain_getBlock", rpc_params![H256(head.hash)]).await?;
		let mut hashes = Vec::with_capacity(answer.block.extrinsics.len());
		for text in &answer.block.extrinsics {
			hashes.push(sp_crypto_hashing::blake2_256(&hex::decode(text.trim_start_matches("0x"))?));
		}
		let mut known = self.ledger.known();
		let mut ours = Vec::new();
		for (hash, place) in hashes.iter().zip(0u32..) {
			let Some(number) = known.by_hash.get(hash).copied() else { continue };
			ours.push((number, place));
			let fate = &mut known.fates[number as usize];
			if fate.in_block.replace(fate.in_block.unwrap_or(heard)).is_none() && fate.accepted {
				known.waiting = known.waiting.saturating_sub(1);
			}
		}
		known.last_block = ours.len();
		self.seen.insert(head.hash, ours);
		Ok(answer.block.header.parent_hash.0)
	}
}
