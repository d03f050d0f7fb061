//! How the pool asks the runtime about a transaction: in the task that brings it, and about what waits no more often than
//! a node has time for.
//!
//! The SDK hands each transaction to one of two threads and waits for the answer, which takes about as long as the answer,
//! and with each block it asks about everything that waits once more.
//!
//! Here the task that brings a transaction asks, when it is its turn. That is in the order in which they came: of hundreds of
//! one sender each waits for the one before it, and the pool drops those when there are too many of them.
//!
//! All that comes between two blocks is asked about on one state, natively where that is possible: what many of them read is
//! then looked up once.
//!
//! After a block nearly all that waits is still valid, and what is not the author finds out and reports. So each is asked
//! about once in [`PERIOD`] blocks.

use super::Error;
use crate::{
	executor,
	service::{Backend, Client, Hash},
};
use async_trait::async_trait;
use codec::Encode;
use futures::future::BoxFuture;
use hanse_runtime::{
	opaque::{Block, UncheckedExtrinsic},
	BlockNumber, Header,
};
use sc_client_api::{backend::TrieCacheContext, Backend as _, BlockBackend};
use sc_service::SpawnEssentialTaskHandle;
use sc_transaction_pool::{ChainApi, ValidateTransactionPriority};
use sc_transaction_pool_api::TransactionSource;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::{HeaderBackend, TreeRoute};
use sp_consensus::BlockStatus;
use sp_core::traits::SpawnEssentialNamed;
use sp_runtime::{
	generic::BlockId,
	traits::{BlakeTwo256, BlockIdTo, Hash as _},
	transaction_validity::{TransactionValidity, UnknownTransaction},
};
use sp_state_machine::{Ext, OverlayedChanges};
use sp_transaction_pool::runtime_api::TaggedTransactionQueue;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What waits is asked about once in so many blocks. An author tries what has become invalid meanwhile once, in vain.
const PERIOD: BlockNumber = 16;

tokio::task_local! {
	/// Set in the task that asks again about what waits.
	static AGAIN: ();
}

/// Asks the runtime.
pub struct Validator {
	client: Arc<Client>,
	backend: Arc<Backend>,
	/// Who asks about what came from outside; the others wait in line.
	turn: Mutex<Option<Open>>,
}

/// The state of a block, if its code is the Wasm of this build. That is found out once for a block: its code is large.
struct Open {
	at: Hash,
	state: Option<<Backend as sc_client_api::Backend<Block>>::State>,
}

impl Open {
	/// `None` where the Wasm has to be asked.
	fn ask(
		&self,
		source: TransactionSource,
		transaction: &UncheckedExtrinsic,
	) -> Option<TransactionValidity> {
		let mut changes = OverlayedChanges::default();
		let mut ext = Ext::new(&mut changes, self.state.as_ref()?, None);
		executor::validate(&mut ext, &(source, transaction, self.at).encode())
	}
}

impl Validator {
	pub fn new(client: Arc<Client>, backend: Arc<Backend>) -> Self {
		Self { client, backend, turn: Mutex::default() }
	}

	/// Closes the state that is open: there is a new block. An open one is not pruned.
	pub async fn close(&self) {
		self.turn.lock().await.take();
	}

	fn open(&self, at: Hash) -> Open {
		let is_built_in = self.client.code_at(at).is_ok_and(|code| executor::is_built_in(&code));
		let state = is_built_in.then(|| self.backend.state_at(at, TrieCacheContext::Untrusted).ok());
		Open { at, state: state.flatten() }
	}

	/// Whether a block can be asked. One that was the best when a transaction came cannot, once another one of its height is
	/// final.
	fn has_state(&self, at: Hash) -> bool {
		self.client.block_status(at).is_ok_and(|status| status == BlockStatus::InChainWithState)
	}

	/// Whether a transaction that waits is asked about with this block.
	fn is_due(&self, transaction: &UncheckedExtrinsic, at: Hash) -> Result<bool, Error> {
		let number = self.resolve_block_number(at)?;
		let (hash, _) = self.hash_and_length(transaction);
		Ok(number % PERIOD == BlockNumber::from(hash.as_bytes()[0]) % PERIOD)
	}
}

#[async_trait]
impl ChainApi for Validator {
	type Block = Block;
	type Error = Error;

	async fn validate_transaction(
		&self,
		at: Hash,
		source: TransactionSource,
		transaction: Arc<UncheckedExtrinsic>,
		priority: ValidateTransactionPriority,
	) -> Result<TransactionValidity, Error> {
		// The pool keeps as it is what nothing is known about. An answer from memory would not do: it names what the
		// transaction had to wait for then, and the pool would wait for that again, in vain.
		if AGAIN.try_with(|()| ()).is_ok() && !self.is_due(&transaction, at)? {
			return Ok(Err(UnknownTransaction::CannotLookup.into()));
		}
		let waits =
			source == TransactionSource::External && priority == ValidateTransactionPriority::Submitted;
		let mut open = if waits { Some(self.turn.lock().await) } else { None };
		if let Some(open) = &mut open {
			if open.as_ref().is_none_or(|open| open.at != at) {
				**open = Some(self.open(at));
			}
			if let Some(answer) = open.as_ref().and_then(|open| open.ask(source, &transaction)) {
				return Ok(answer);
			}
		}
		self.validate_transaction_blocking(at, source, transaction)
	}

	fn validate_transaction_blocking(
		&self,
		at: Hash,
		source: TransactionSource,
		transaction: Arc<UncheckedExtrinsic>,
	) -> Result<TransactionValidity, Error> {
		let ask = |at| {
			let transaction = UncheckedExtrinsic::clone(&transaction);
			self.client.runtime_api().validate_transaction(at, source, transaction, at)
		};
		let answer = match ask(at) {
			Err(_) if !self.has_state(at) => ask(self.client.info().best_hash),
			answer => answer,
		};
		answer.map_err(|error| Error::RuntimeApi(error.to_string()))
	}

	fn block_id_to_number(&self, at: &BlockId<Block>) -> Result<Option<BlockNumber>, Error> {
		Ok(self.client.to_number(at)?)
	}

	fn block_id_to_hash(&self, at: &BlockId<Block>) -> Result<Option<Hash>, Error> {
		Ok(self.client.to_hash(at)?)
	}

	fn hash_and_length(&self, transaction: &UncheckedExtrinsic) -> (Hash, usize) {
		transaction.using_encoded(|bytes| (BlakeTwo256::hash(bytes), bytes.len()))
	}

	async fn block_body(&self, at: Hash) -> Result<Option<Vec<UncheckedExtrinsic>>, Error> {
		Ok(self.client.block_body(at)?)
	}

	fn block_header(&self, at: Hash) -> Result<Option<Header>, Error> {
		Ok(self.client.header(at)?)
	}

	fn tree_route(&self, from: Hash, to: Hash) -> Result<TreeRoute<Block>, Error> {
		Ok(sp_blockchain::tree_route(&*self.client, from, to)?)
	}
}

/// Spawns the pool's only task, which asks again about what waits, in a thread of its own.
#[derive(Clone)]
pub struct Spawner(pub SpawnEssentialTaskHandle);

impl SpawnEssentialNamed for Spawner {
	fn spawn_essential_blocking(
		&self,
		name: &'static str,
		group: Option<&'static str>,
		task: BoxFuture<'static, ()>,
	) {
		self.0.spawn_blocking(name, group, AGAIN.scope((), task));
	}

	fn spawn_essential(&self, name: &'static str, group: Option<&'static str>, task: BoxFuture<'static, ()>) {
		self.spawn_essential_blocking(name, group, task);
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]
	use super::*;
	use crate::world::{transfer, World};
	use futures::FutureExt;
	use hanse_runtime::constants::UNIT;

	#[test]
	fn what_waits_is_asked_about_now_and_then_and_what_comes_at_once() {
		let world = World::new();
		let (validator, at) =
			(Validator::new(world.parts.client.clone(), world.parts.backend.clone()), world.parent.hash());
		let ask = |transaction: &UncheckedExtrinsic| {
			let source = TransactionSource::External;
			let answer = validator.validate_transaction(
				at,
				source,
				Arc::new(transaction.clone()),
				ValidateTransactionPriority::Submitted,
			);
			answer.now_or_never().expect("it waits for nothing").unwrap()
		};
		let (mut asked, mut left) = (0, 0);
		for nonce in 0..200 {
			let transaction = world.signed(0, nonce, transfer(9, UNIT));
			let valid = ask(&transaction);
			assert!(valid.is_ok());
			let again = AGAIN.sync_scope((), || ask(&transaction));
			// The first block has the number 0.
			if validator.hash_and_length(&transaction).0.as_bytes()[0] % 16 == 0 {
				assert_eq!(again, valid);
				asked += 1;
			} else {
				assert_eq!(again, Err(UnknownTransaction::CannotLookup.into()));
				left += 1;
			}
		}
		println!("{asked} asked about, {left} left");
		assert!((3..=30).contains(&asked), "{asked} of 200, 12.5 to be expected");
	}

	#[test]
	fn what_comes_when_its_block_is_none_any_more_is_asked_of_the_best_one() {
		let world = World::new();
		let validator = Validator::new(world.parts.client.clone(), world.parts.backend.clone());
		let ask = |at, transaction| {
			validator.validate_transaction_blocking(at, TransactionSource::External, Arc::new(transaction))
		};
		let (best, gone) = (world.parent.hash(), Hash::repeat_byte(9));
		let of = |who| world.signed(who, 0, transfer(9, UNIT));
		assert_eq!(ask(gone, of(0)).unwrap(), ask(best, of(0)).unwrap());
		assert!(ask(gone, of(20)).unwrap().is_err());
	}

	#[test]
	fn a_state_is_opened_for_what_comes_and_closed_with_a_block_and_answers_the_same() {
		let world = World::new();
		let validator = Validator::new(world.parts.client.clone(), world.parts.backend.clone());
		let at = world.parent.hash();
		let (external, submitted) = (TransactionSource::External, ValidateTransactionPriority::Submitted);
		let is_open = || validator.turn.try_lock().unwrap().as_ref().map(|open| open.at);
		for (who, nonce) in [(0, 0), (1, 0), (0, 7), (20, 0)] {
			let transaction = Arc::new(world.signed(who, nonce, transfer(9, UNIT)));
			let answer = validator.validate_transaction(at, external, transaction.clone(), submitted);
			let answer = answer.now_or_never().expect("it waits for nothing").unwrap();
			assert_eq!(answer, validator.validate_transaction_blocking(at, external, transaction).unwrap());
			assert_eq!(is_open(), Some(at));
			assert_eq!(answer.is_ok(), who != 20);
		}
		validator.close().now_or_never().expect("nobody asks");
		assert_eq!(is_open(), None);
		assert!(validator.open(at).state.is_some());
		assert!(validator.open(Hash::repeat_byte(9)).state.is_none(), "there is no such block");
	}
}
