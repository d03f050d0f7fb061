//! Transactions that wait: the SDK's pool, which asks the runtime in its own way, and says what is wrong with bytes that
//! the runtime cannot read.
//!
//! A runtime that is given a transaction which it cannot decode stops where it stands, and the pool answers
//! with the stack of the Wasm machine. That is what somebody gets who makes an argument longer than its type
//! allows, so the answer names the argument instead.

mod validator;

use crate::service::{Client, Hash};
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
use sc_transaction_pool::{BasicPool, ChainApi, FullChainApi, RevalidationType};
use sc_transaction_pool_api::{
	ChainEvent, ImportNotificationStream, LocalTransactionPool, MaintainedTransactionPool, PoolStatus,
	ReadyTransactions, TransactionFor, TransactionPool, TransactionSource, TransactionStatusStreamFor,
	TxHash, TxInvalidityReportMap,
};
use sp_blockchain::HeaderBackend;
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;
use validator::{Spawner, Validator};

type Error = <FullChainApi<Client, Block> as ChainApi>::Error;
type Sdk = BasicPool<Validator, Block>;
type Ready<P> = Box<dyn ReadyTransactions<Item = Arc<<P as TransactionPool>::InPoolTransaction>> + Send>;

/// The pool of a node.
pub struct Pool(Sdk);

impl Pool {
	/// An empty one. What it does from time to time is a task that the node cannot do without.
	pub fn new(
		options: Options,
		is_authority: bool,
		client: Arc<Client>,
		tasks: SpawnEssentialTaskHandle,
		registry: Option<&Registry>,
	) -> Self {
		let chain = client.info();
		Self(BasicPool::with_revalidation_type(
			options,
			is_authority.into(),
			Arc::new(Validator::new(client)),
			registry,
			// Also takes back what was in a block that is not on the best chain any more.
			RevalidationType::Full,
			Spawner(tasks),
			chain.best_number,
			chain.best_hash,
			chain.finalized_hash,
		))
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
		let bytes: Vec<_> = transactions.iter().map(Encode::encode).collect();
		let answers = self.0.submit_at(at, source, transactions).await?;
		let explained =
			answers.into_iter().zip(bytes).map(|(answer, bytes)| answer.map_err(|e| explain(e, &bytes)));
		Ok(explained.collect())
	}

	async fn submit_one(
		&self,
		at: Hash,
		source: TransactionSource,
		transaction: TransactionFor<Self>,
	) -> Result<TxHash<Self>, Error> {
		let bytes = transaction.encode();
		self.0.submit_one(at, source, transaction).await.map_err(|error| explain(error, &bytes))
	}

	async fn submit_and_watch(
		&self,
		at: Hash,
		source: TransactionSource,
		transaction: TransactionFor<Self>,
	) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, Error> {
		let bytes = transaction.encode();
		self.0.submit_and_watch(at, source, transaction).await.map_err(|error| explain(error, &bytes))
	}

	async fn ready_at(&self, at: Hash) -> Ready<Self> {
		self.0.ready_at(at).await
	}

	fn ready(&self) -> Ready<Self> {
		self.0.ready()
	}

	async fn report_invalid(
		&self,
		at: Option<Hash>,
		errors: TxInvalidityReportMap<TxHash<Self>>,
	) -> Vec<Arc<Self::InPoolTransaction>> {
		self.0.report_invalid(at, errors).await
	}

	fn futures(&self) -> Vec<Self::InPoolTransaction> {
		self.0.futures()
	}

	fn status(&self) -> PoolStatus {
		self.0.status()
	}

	fn import_notification_stream(&self) -> ImportNotificationStream<TxHash<Self>> {
		self.0.import_notification_stream()
	}

	fn on_broadcasted(&self, propagations: HashMap<TxHash<Self>, Vec<String>>) {
		self.0.on_broadcasted(propagations)
	}

	fn hash_of(&self, transaction: &TransactionFor<Self>) -> TxHash<Self> {
		self.0.hash_of(transaction)
	}

	fn ready_transaction(&self, hash: &TxHash<Self>) -> Option<Arc<Self::InPoolTransaction>> {
		self.0.ready_transaction(hash)
	}

	async fn ready_at_with_timeout(&self, at: Hash, timeout: Duration) -> Ready<Self> {
		self.0.ready_at_with_timeout(at, timeout).await
	}
}

#[async_trait]
impl MaintainedTransactionPool for Pool {
	async fn maintain(&self, event: ChainEvent<Block>) {
		self.0.maintain(event).await
	}
}

impl LocalTransactionPool for Pool {
	type Block = Block;
	type Hash = Hash;
	type Error = Error;

	fn submit_local(&self, at: Hash, transaction: Opaque) -> Result<Hash, Error> {
		// What is the node's own does not wait in line.
		let submitted = self.0.submit_one(at, TransactionSource::Local, transaction).now_or_never();
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
