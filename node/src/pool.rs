//! The pool as clients meet it: it says what is wrong with bytes that the runtime cannot read.
//!
//! A runtime that is given a transaction which it cannot decode stops where it stands, and the pool answers
//! with the stack of the Wasm machine. That is what somebody gets who makes an argument longer than its type
//! allows, so the answer names the argument instead.

use crate::service::{self, Hash};
use async_trait::async_trait;
use codec::{DecodeLimit, Encode};
use frame_support::MAX_EXTRINSIC_DEPTH;
use futures::{channel::oneshot, future::BoxFuture};
use hanse_runtime::{opaque::Block, UncheckedExtrinsic};
use sc_service::{SpawnEssentialTaskHandle, SpawnTaskHandle, TaskManager};
use sc_transaction_pool_api::{
	ChainEvent, ImportNotificationStream, MaintainedTransactionPool, PoolStatus, ReadyTransactions,
	TransactionFor, TransactionPool, TransactionSource, TransactionStatusStreamFor, TxHash,
	TxInvalidityReportMap,
};
use sp_core::traits::SpawnEssentialNamed;
use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

type Error = <service::Pool as TransactionPool>::Error;
type Ready<P> = Box<dyn ReadyTransactions<Item = Arc<<P as TransactionPool>::InPoolTransaction>> + Send>;

/// The node's pool, with answers for people.
pub struct Pool(pub Arc<service::Pool>);

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
	type Hash = <service::Pool as TransactionPool>::Hash;
	type InPoolTransaction = <service::Pool as TransactionPool>::InPoolTransaction;
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

/// Spawns the pool's own tasks, none of which a node can do without.
///
/// One of them blocks its thread until the pool is dropped. That is after the node was told to end, when the
/// SDK's handle would still say that the task failed. So what is watched here is the task's end, by a task
/// that hears when the node is told.
#[derive(Clone)]
pub struct Spawner {
	tasks: SpawnTaskHandle,
	essential: SpawnEssentialTaskHandle,
}

impl Spawner {
	pub fn new(tasks: &TaskManager) -> Self {
		Self { tasks: tasks.spawn_handle(), essential: tasks.spawn_essential_handle() }
	}
}

impl SpawnEssentialNamed for Spawner {
	fn spawn_essential_blocking(
		&self,
		name: &'static str,
		group: Option<&'static str>,
		task: BoxFuture<'static, ()>,
	) {
		let (running, end) = oneshot::channel::<()>();
		self.tasks.spawn_blocking(name, group, async move {
			// Dropped with the task, also if it panics.
			let _running = running;
			task.await;
		});
		self.essential.spawn(name, group, async move {
			let _ = end.await;
		});
	}

	fn spawn_essential(&self, name: &'static str, group: Option<&'static str>, task: BoxFuture<'static, ()>) {
		self.essential.spawn(name, group, task);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use hanse_runtime::RuntimeCall;

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
	fn other_errors_stay_as_they_are() {
		let call = RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() });
		let bytes = UncheckedExtrinsic::new_bare(call).encode();
		assert_eq!(explain(trap(), &bytes).to_string(), trap().to_string());
	}
}
