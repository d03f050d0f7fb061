//! How long a block may take transactions, so that others have imported it before the next one is due.

use crate::service::{Client, Hash};
use codec::Decode;
use frame_system::{BlockWeight, ConsumedWeight};
use hanse_runtime::{opaque::Block, Runtime};
use sc_client_api::{StorageKey, StorageProvider};
use sc_consensus::{BlockCheckParams, BlockImport, BlockImportParams, ImportResult, StateAction};
use sp_runtime::Percent;
use std::{
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};

/// Of a slot, until when a block must be made and imported. The rest is for it to travel.
const DONE_SHARE: Percent = Percent::from_percent(90);
/// Of a slot, how long transactions are taken at most.
const MOST_SHARE: Percent = Percent::from_percent(45);
/// And at least, however slowly blocks are imported.
const LEAST_SHARE: Percent = Percent::from_percent(20);
/// Blocks that declare less say little: they take about as long as empty ones.
const LEAST_DECLARED: Duration = Duration::from_millis(50);
/// What closing a block takes for each second that it took transactions, until it is known.
const EXPECTED_CLOSING: f64 = 0.25;
/// And at most, however long it took: a block of which nearly all the time is kept for closing declares so little that it
/// would stay like that.
const MOST_CLOSING: f64 = 1.0;
/// What is known counts less with each further block.
const KEPT: f64 = 0.75;

/// What blocks took on this machine, for what they declare.
pub struct Pace {
	slot: Duration,
	taken: Mutex<Taken>,
}

#[derive(Clone, Copy, Default)]
struct Taken {
	filling: Rate,
	closing: Rate,
	importing: Rate,
}

/// How long something takes for each second of weight.
#[derive(Clone, Copy, Default)]
struct Rate {
	took: f64,
	declared: f64,
}

impl Rate {
	fn learn(&mut self, took: Duration, declared: Duration) {
		self.took = KEPT * self.took + took.as_secs_f64();
		self.declared = KEPT * self.declared + declared.as_secs_f64();
	}

	/// Nothing, until it is known.
	fn get(&self) -> f64 {
		if self.declared > 0.0 {
			self.took / self.declared
		} else {
			0.0
		}
	}
}

impl Pace {
	/// Of a chain with such slots. Nothing is known yet.
	pub fn new(slot: Duration) -> Self {
		Self { slot, taken: Mutex::default() }
	}

	/// A block was made here: it took transactions and was closed.
	pub fn made(&self, filling: Duration, closing: Duration, declared: Duration) {
		if declared >= LEAST_DECLARED {
			let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
			taken.filling.learn(filling, declared);
			taken.closing.learn(closing, declared);
		}
	}

	/// A block of somebody else was imported.
	pub fn imported(&self, took: Duration, declared: Duration) {
		if declared >= LEAST_DECLARED {
			self.taken.lock().unwrap_or_else(PoisonError::into_inner).importing.learn(took, declared);
		}
	}

	/// What closing a block takes for each second that it took transactions.
	pub fn closing(&self) -> f64 {
		let Taken { filling, closing, .. } = *self.taken.lock().unwrap_or_else(PoisonError::into_inner);
		if filling.took > 0.0 {
			(closing.took / filling.took).min(MOST_CLOSING)
		} else {
			EXPECTED_CLOSING
		}
	}

	/// How long the next block may take transactions. Whoever imports it is taken to need what this machine needs for the
	/// same weight.
	pub fn filling(&self) -> Duration {
		let Taken { filling, closing, importing } =
			*self.taken.lock().unwrap_or_else(PoisonError::into_inner);
		let (filling, others) = (filling.get(), closing.get() + importing.get());
		let share = |share: Percent| self.slot.mul_f64(f64::from(share.deconstruct()) / 100.0);
		if filling == 0.0 {
			return share(MOST_SHARE);
		}
		share(DONE_SHARE).mul_f64(filling / (filling + others)).clamp(share(LEAST_SHARE), share(MOST_SHARE))
	}
}

/// Where a runtime says how much a block declares.
pub fn declared_key() -> Vec<u8> {
	BlockWeight::<Runtime>::hashed_key().to_vec()
}

/// What it says, as this binary's runtime would have written it.
pub fn declared(bytes: &[u8]) -> Option<Duration> {
	let weight = ConsumedWeight::decode(&mut &*bytes).ok()?;
	// In picoseconds.
	Some(Duration::from_nanos(weight.total().ref_time() / 1_000))
}

/// Imports blocks, and learns how long that takes.
pub struct Timed<I> {
	inner: I,
	client: Arc<Client>,
	pace: Arc<Pace>,
}

impl<I> Timed<I> {
	pub fn new(inner: I, client: Arc<Client>, pace: Arc<Pace>) -> Self {
		Self { inner, client, pace }
	}

	fn declared(&self, block: Hash) -> Option<Duration> {
		declared(&self.client.storage(block, &StorageKey(declared_key())).ok()??.0)
	}
}

#[async_trait::async_trait]
impl<I: BlockImport<Block> + Send + Sync> BlockImport<Block> for Timed<I> {
	type Error = I::Error;

	async fn check_block(&self, block: BlockCheckParams<Block>) -> Result<ImportResult, Self::Error> {
		self.inner.check_block(block).await
	}

	async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, Self::Error> {
		let (hash, executes) = (block.post_hash(), !matches!(block.state_action, StateAction::Skip));
		let begun = Instant::now();
		let result = self.inner.import_block(block).await?;
		if executes && matches!(result, ImportResult::Imported(_)) {
			let took = begun.elapsed();
			if let Some(declared) = self.declared(hash) {
				self.pace.imported(took, declared);
			}
		}
		Ok(result)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const SLOT: Duration = Duration::from_secs(1);
	const WEIGHT: Duration = Duration::from_millis(500);

	fn ms(count: u64) -> Duration {
		Duration::from_millis(count)
	}

	fn pace(importing: u64) -> Duration {
		let pace = Pace::new(SLOT);
		pace.made(ms(400), ms(100), WEIGHT);
		pace.imported(ms(importing), WEIGHT);
		pace.filling()
	}

	#[test]
	fn who_imports_nothing_fills_blocks_as_long_as_anybody_may() {
		let pace = Pace::new(SLOT);
		assert_eq!((pace.filling(), pace.closing()), (ms(450), EXPECTED_CLOSING));
		pace.made(ms(400), ms(50), WEIGHT);
		assert_eq!((pace.filling(), pace.closing()), (ms(450), 0.125));
	}

	#[test]
	fn what_is_imported_slowly_is_filled_for_a_shorter_time() {
		// Of 900 ms as much as 400 of what one such block takes altogether.
		assert_eq!(pace(500).as_millis(), 360);
		assert_eq!(pace(1_000).as_millis(), 240);
		assert_eq!(pace(100_000), ms(200), "never less");
		assert_eq!(pace(0), ms(450), "never more");
	}

	#[test]
	fn however_long_one_block_took_the_next_ones_are_large_enough_to_learn_from() {
		let pace = Pace::new(SLOT);
		pace.made(ms(1), ms(60_000), LEAST_DECLARED);
		pace.imported(ms(60_000), LEAST_DECLARED);
		assert_eq!((pace.filling(), pace.closing()), (ms(200), MOST_CLOSING));
		for _ in 0..60 {
			pace.made(ms(200), ms(50), WEIGHT / 2);
			pace.imported(ms(250), WEIGHT / 2);
		}
		assert!(pace.closing() < 0.26 && pace.filling() > ms(350), "{:?}", pace.filling());
	}

	#[test]
	fn small_blocks_say_nothing_and_old_ones_less_and_less() {
		let pace = Pace::new(SLOT);
		pace.made(ms(400), ms(100), WEIGHT);
		pace.imported(ms(400), ms(49));
		assert_eq!(pace.filling(), ms(450));
		pace.imported(ms(1_500), WEIGHT);
		let slow = pace.filling();
		for _ in 0..30 {
			pace.imported(ms(500), WEIGHT);
		}
		assert!(slow == ms(200) && pace.filling() > ms(359), "{slow:?}, {:?}", pace.filling());
	}
}
