//! Transactions that wait: the SDK's pool, which asks the runtime in its own way, keeps what it has taken, and says what
//! is wrong with bytes that the runtime cannot read.
//!
//! The SDK's pool makes room for a new transaction by dropping the oldest of those with the lowest priority, whose senders
//! were told that they were taken. Here the new one is refused unless its priority is higher: the sender can send it again.
//!
//! A runtime that is given a transaction which it cannot decode stops where it stands, and the pool answers
//! with the stack of the Wasm machine. That is what somebody gets who makes an argument longer than its type
//! allows, so the answer names the argument instead.

mod validator;

use crate::service::{Backend, Client, Hash};
use async_trait::async_trait;
use codec::{DecodeLimit, Encode};
use frame_support::MAX_EXTRINSIC_DEPTH;
use futures::FutureExt;
use hanse_runtime::{
	opaque::{Block, UncheckedExtrinsic as Opaque},
	UncheckedExtrinsic,
};
use sc_service::SpawnEssentialTaskHandle;
pub use sc_transaction_pool::Options;
use sc_transaction_pool::{
	BasicPool, ChainApi, FullChainApi, PoolLimit, RevalidationType, ValidateTransactionPriority,
};
use sc_transaction_pool_api::{
	error::Error as TxPoolError, ChainEvent, ImportNotificationStream, InPoolTransaction,
	LocalTransactionPool, MaintainedTransactionPool, PoolStatus, ReadyTransactions, TransactionFor,
	TransactionPool, TransactionPriority, TransactionSource, TransactionStatusStreamFor, TxHash,
	TxInvalidityReportMap,
};
use sp_blockchain::HeaderBackend;
use std::{
	collections::HashMap,
	pin::Pin,
	sync::{Arc, Mutex, PoisonError},
	time::{Duration, Instant},
};
use substrate_prometheus_endpoint::Registry;
use validator::{Spawner, Validator};

type Error = <FullChainApi<Client, Block> as ChainApi>::Error;
type Sdk = BasicPool<Validator, Block>;
type Ready<P> = Box<dyn ReadyTransactions<Item = Arc<<P as TransactionPool>::InPoolTransaction>> + Send>;

/// How long it is remembered what the lowest priority in a full pool is, for which all of it is looked through.
const LOWEST_FOR: Duration = Duration::from_millis(100);

/// The pool of a node.
pub struct Pool {
	sdk: Sdk,
	/// Above this there is room for higher priorities alone.
	limit: PoolLimit,
	/// The lowest priority that waits, and when it was looked for.
	lowest: Mutex<Option<(Instant, TransactionPriority)>>,
}

impl Pool {
	/// An empty one. What it does from time to time is a task that the node cannot do without.
	///
	/// The SDK's has a quarter more room, for higher priorities and for what came at the same moment.
	pub fn new(
		options: Options,
		is_authority: bool,
		client: Arc<Client>,
		backend: Arc<Backend>,
		tasks: SpawnEssentialTaskHandle,
		registry: Option<&Registry>,
	) -> Self {
		let (chain, limit) = (client.info(), options.ready.clone());
		let room = |limit: usize| limit.saturating_add(limit / 4);
		let ready = PoolLimit { count: room(limit.count), total_bytes: room(limit.total_bytes) };
		let sdk = BasicPool::with_revalidation_type(
			Options { ready, ..options },
			is_authority.into(),
			Arc::new(Validator::new(client, backend)),
			registry,
			// Also takes back what was in a block that is not on the best chain any more.
			RevalidationType::Full,
			Spawner(tasks),
			chain.best_number,
			chain.best_hash,
			chain.finalized_hash,
		);
		Self { sdk, limit, lowest: Mutex::default() }
	}

	/// Refuses a transaction from outside for which another one would have to go that was taken before.
	async fn ensure_room(
		&self,
		at: Hash,
		source: TransactionSource,
		transaction: &Opaque,
	) -> Result<(), Error> {
		let PoolStatus { ready, ready_bytes, .. } = self.sdk.status();
		let fits = !self.limit.is_exceeded(ready + 1, ready_bytes + transaction.encoded_size());
		if fits || source != TransactionSource::External {
			return Ok(());
		}
		let (transaction, priority) = (Arc::new(transaction.clone()), ValidateTransactionPriority::Submitted);
		match self.sdk.api().validate_transaction(at, source, transaction, priority).await? {
			Ok(valid) if valid.priority <= self.lowest_priority() => {
				Err(TxPoolError::ImmediatelyDropped.into())
			},
			// The pool says what is wrong with it.
			_ => Ok(()),
		}
	}

	fn lowest_priority(&self) -> TransactionPriority {
		let mut lowest = self.lowest.lock().unwrap_or_else(PoisonError::into_inner);
		match *lowest {
			Some((when, priority)) if when.elapsed() < LOWEST_FOR => priority,
			_ => {
				let priority = self.sdk.ready().map(|waiting| *waiting.priority()).min().unwrap_or_default();
				*lowest = Some((Instant::now(), priority));
				priority
			},
		}
	}
}

/// What to answer for a transaction that the pool refused for `error`.
fn explain(error: Error, bytes: &[u8]) -> Error {
	let Error::RuntimeApi(_) = error else { return error };
	// The runtime that this binary was built with tells more than the one on the chain, which has no room for
	// words. If they differ it may know nothing. Read no deeper than there: this thread's stack is the node's.
	match UncheckedExtrinsic::decode_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &*bytes) {
		Err(reason) => {
			let reason = reason.to_string();
			let parts: Vec<_> = reason.lines().map(|line| line.trim().trim_end_matches(':')).collect();
			Error::RuntimeApi(format!("this is no transaction of this chain: {}", parts.join(": ")))
		},
		Ok(_) => error,
	}
}

#[async_trait]
impl TransactionPool for Pool {
	type Block = Block;
	type Hash = <Sdk as TransactionPool>::Hash;
	type InPoolTransaction = <Sdk as TransactionPool>::InPoolTransaction;
	type Error = Error;

	async fn submit_at(
		&self,
		at: Hash,
		source: TransactionSource,
		transactions: Vec<TransactionFor<Self>>,
	) -> Result<Vec<Result<TxHash<Self>, Error>>, Error> {
		let mut answers = Vec::with_capacity(transactions.len());
		for transaction in transactions {
			answers.push(self.submit_one(at, source, transaction).await);
		}
		Ok(answers)
	}

	async fn submit_one(
		&self,
		at: Hash,
		source: TransactionSource,
		transaction: TransactionFor<Self>,
	) -> Result<TxHash<Self>, Error> {
		let bytes = transaction.encode();
		self.ensure_room(at, source, &transaction).await.map_err(|error| explain(error, &bytes))?;
		self.sdk.submit_one(at, source, transaction).await.map_err(|error| explain(error, &bytes))
	}

	async fn submit_and_watch(
		&self,
		at: Hash,
		source: TransactionSource,
		transaction: TransactionFor<Self>,
	) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, Error> {
		let bytes = transaction.encode();
		self.ensure_room(at, source, &transaction).await.map_err(|error| explain(error, &bytes))?;
		self.sdk.submit_and_watch(at, source, transaction).await.map_err(|error| explain(error, &bytes))
	}

	async fn ready_at(&self, at: Hash) -> Ready<Self> {
		self.sdk.ready_at(at).await
	}

	fn ready(&self) -> Ready<Self> {
		self.sdk.ready()
	}

	async fn report_invalid(
		&self,
		at: Option<Hash>,
		errors: TxInvalidityReportMap<TxHash<Self>>,
	) -> Vec<Arc<Self::InPoolTransaction>> {
		self.sdk.report_invalid(at, errors).await
	}

	fn futures(&self) -> Vec<Self::InPoolTransaction> {
		self.sdk.futures()
	}

	fn status(&self) -> PoolStatus {
		self.sdk.status()
	}

	fn import_notification_stream(&self) -> ImportNotificationStream<TxHash<Self>> {
		self.sdk.import_notification_stream()
	}

	fn on_broadcasted(&self, propagations: HashMap<TxHash<Self>, Vec<String>>) {
		self.sdk.on_broadcasted(propagations)
	}

	fn hash_of(&self, transaction: &TransactionFor<Self>) -> TxHash<Self> {
		self.sdk.hash_of(transaction)
	}

	fn ready_transaction(&self, hash: &TxHash<Self>) -> Option<Arc<Self::InPoolTransaction>> {
		self.sdk.ready_transaction(hash)
	}

	async fn ready_at_with_timeout(&self, at: Hash, timeout: Duration) -> Ready<Self> {
		self.sdk.ready_at_with_timeout(at, timeout).await
	}
}

#[async_trait]
impl MaintainedTransactionPool for Pool {
	async fn maintain(&self, event: ChainEvent<Block>) {
		self.sdk.api().close().await;
		self.sdk.maintain(event).await
	}
}

impl LocalTransactionPool for Pool {
	type Block = Block;
	type Hash = Hash;
	type Error = Error;

	fn submit_local(&self, at: Hash, transaction: Opaque) -> Result<Hash, Error> {
		// What is the node's own does not wait in line.
		let submitted = self.sdk.submit_one(at, TransactionSource::Local, transaction).now_or_never();
		submitted.unwrap_or_else(|| Err(Error::RuntimeApi("the runtime was not asked at once".into())))
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]
	use super::*;
	use crate::world::{transfer, World};
	use hanse_runtime::{constants::UNIT, RuntimeCall};

	fn trap() -> Error {
		Error::RuntimeApi("Execution failed: wasm trap".into())
	}

	#[test]
	fn bytes_that_are_no_transaction_are_said_to_be_none() {
		let Error::RuntimeApi(answer) = explain(trap(), &[4, 255]) else { panic!("another error") };
		assert!(answer.starts_with("this is no transaction of this chain"), "{answer}");
		assert!(!answer.contains('\n') && !answer.contains("trap"), "{answer}");
	}

	#[test]
	fn calls_in_calls_without_end_are_no_transaction_either_and_end_nothing() {
		// 20,000 batches of one call, which no thread has the stack for.
		let call = [[50_u8, 0, 4].repeat(20_000), vec![0, 0, 0]].concat();
		let bytes = [vec![4], call].concat().encode();
		let Error::RuntimeApi(answer) = explain(trap(), &bytes) else { panic!("another error") };
		assert!(answer.starts_with("this is no transaction of this chain"), "{answer}");
		assert!(answer.contains("depth"), "{answer}");
	}

	#[test]
	fn what_was_taken_is_not_dropped_for_what_pays_no_more() {
		let limit = PoolLimit { count: 10, total_bytes: 1_000_000 };
		let world = World::with_pool(Options { ready: limit, ..Options::default() });
		let (pool, at) = (&world.parts.pool, world.parent.hash());
		let submit = |transaction| {
			futures::executor::block_on(pool.submit_one(at, TransactionSource::External, transaction))
		};
		let taken: Vec<_> =
			(0..10).map(|nonce| submit(world.signed(0, nonce, transfer(9, UNIT))).unwrap()).collect();
		let late = world.signed(1, 0, transfer(9, UNIT));
		for _ in 0..20 {
			let refused = submit(late.clone()).unwrap_err();
			assert!(matches!(refused, Error::Pool(TxPoolError::ImmediatelyDropped)), "{refused}");
		}
		// What is wrong with a transaction is said all the same.
		let refused = submit(world.signed(20, 0, transfer(9, UNIT))).unwrap_err();
		assert!(refused.to_string().contains("Payment"), "{refused}");
		// Two more have room who pay more, and the node itself always has.
		let better = submit(world.tipping(UNIT, 1, 0, transfer(9, UNIT))).unwrap();
		let own = pool.submit_local(at, world.signed(1, 1, transfer(9, UNIT))).unwrap();
		for hash in taken.iter().chain([&better, &own]) {
			assert!(pool.ready_transaction(hash).is_some());
		}
	}

	#[test]
	fn what_the_node_itself_submits_is_taken_or_refused_at_once() {
		let world = World::new();
		let (pool, at) = (&world.parts.pool, world.parent.hash());
		let hash = pool.submit_local(at, world.signed(0, 0, transfer(9, UNIT))).unwrap();
		assert!(pool.ready_transaction(&hash).is_some());
		// From somebody who has nothing.
		let refused = pool.submit_local(at, world.signed(20, 0, transfer(9, UNIT))).unwrap_err();
		assert!(refused.to_string().contains("Payment"), "{refused}");
		assert_eq!(pool.status().ready, 1);
	}

	#[test]
	fn other_errors_stay_as_they_are() {
		let call = RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() });
		let bytes = UncheckedExtrinsic::new_bare(call).encode();
		assert_eq!(explain(trap(), &bytes).to_string(), trap().to_string());
	}
}
