//! Makes blocks, with several transactions in each call of the runtime.
//!
//! Each call of the runtime gets a machine of its own. The SDK's proposer makes a call for each transaction; this one
//! gives up to [`BATCH`] of them to one call, and makes the same block.

mod block;
pub mod pace;
mod state;
#[cfg(test)]
mod tests;

use crate::{
	executor::Executor,
	pool::Pool,
	service::{Backend, Client, Hash, Parts},
};
use block::UnfinishedBlock;
use codec::Encode;
use futures::{channel::oneshot, future, future::BoxFuture, FutureExt};
use hanse_runtime::{opaque::Block, Header};
use pace::Pace;
use sc_proposer_metrics::{EndProposingReason, MetricsLink};
use sc_service::SpawnTaskHandle;
use sc_telemetry::{telemetry, TelemetryHandle, CONSENSUS_INFO};
use sc_transaction_pool_api::{InPoolTransaction, TransactionPool, TxInvalidityReportMap};
use sp_blockchain::Error;
use sp_consensus::{Environment, Proposal, ProposeArgs};
use sp_runtime::{
	traits::Header as _,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	ExtrinsicInclusionMode, Percent,
};
use state::Parent;
use std::{
	ops::Deref,
	sync::Arc,
	time::{Duration, Instant},
};
use substrate_prometheus_endpoint::Registry;

/// Transactions of one call at most. More would hardly be faster, and a block could not end in between.
const BATCH: usize = 32;
/// Bytes of those at most, unless it is one alone. What a transaction takes grows with its bytes, and a block's time cannot end
/// within a call: a list of 500 awards takes as long as 200 payments.
const BATCH_BYTES: usize = 8 * 1024;
/// How long the first transactions of a block are taken to need, until it is known how long they do.
const EXPECTED: Duration = Duration::from_millis(1);
/// Twice what closing took lately is kept for closing this block: on a machine with much to do it takes half as long again at
/// times.
const CLOSING_RESERVE: f64 = 2.0;
/// Bytes of a block at most, which peers take.
const MAX_BLOCK_SIZE: usize = 4 * 1024 * 1024;

/// Transactions that do not fit, after which a block is full ...
const PASSED_OVER: usize = 8;
/// ... once this share of its time for transactions has passed. Weight fills a block, not time: with the SDK's half a full
/// block would be as late as that and carry no more.
const SKIPPING_SHARE: Percent = Percent::from_percent(5);

/// Makes a proposer for each block.
pub struct Factory(Maker);

impl Factory {
	/// Of blocks on this chain, at this pace.
	pub fn new(parts: &Parts, pace: Arc<Pace>, registry: Option<&Registry>) -> Self {
		Self(Maker {
			spawner: parts.task_manager.spawn_handle(),
			client: parts.client.clone(),
			backend: parts.backend.clone(),
			executor: parts.executor.clone(),
			pool: parts.pool.clone(),
			pace,
			metrics: MetricsLink::new(registry),
			telemetry: parts.telemetry_handle(),
		})
	}
}

impl Environment<Block> for Factory {
	type CreateProposer = future::Ready<Result<Proposer, Error>>;
	type Error = Error;
	type Proposer = Proposer;

	fn init(&mut self, parent: &Header) -> Self::CreateProposer {
		let Maker { client, backend, executor, .. } = &self.0;
		future::ready(Parent::open(client, backend, executor.clone(), parent.hash()).map(|state| Proposer {
			maker: self.0.clone(),
			parent: parent.clone(),
			state,
		}))
	}
}

/// Makes one block on this parent.
pub struct Proposer {
	maker: Maker,
	parent: Header,
	state: Parent,
}

impl sp_consensus::Proposer<Block> for Proposer {
	type Error = Error;
	type Proposal = BoxFuture<'static, Result<Proposal<Block>, Error>>;

	/// On a thread of its own, since it blocks.
	fn propose(self, args: ProposeArgs<Block>) -> Self::Proposal {
		let (answer, answered) = oneshot::channel();
		let Self { maker, parent, state } = self;
		maker.spawner.clone().spawn_blocking("proposer", Some("block-authoring"), async move {
			// Nobody waits any more where the slot is over.
			let _ = answer.send(maker.make(&state, &parent, args).await);
			// Not before: what was read goes to the cache that all of the node share, which takes 50 ms after a full block
			// and 400 where others have locked it. The slot would be over.
			drop(state);
		});
		async move { answered.await.map_err(|error| Error::Application(error.into()))? }.boxed()
	}
}

/// When a block has to be what.
#[derive(Clone, Copy)]
struct Time {
	/// When it was begun.
	begun: Instant,
	/// No transaction later than this.
	deadline: Instant,
	/// Closed.
	end: Instant,
	/// What is kept for closing, for the time that transactions take.
	closing: f64,
}

impl Time {
	/// After slots without a block there is more time. That is for blocks that cannot be made in less, not for more
	/// transactions: where the machine or its peers cannot keep up, blocks that take longer would only be later.
	fn new(begun: Instant, most: Duration, pace: &Pace) -> Self {
		let closing = CLOSING_RESERVE * pace.closing();
		Self { begun, deadline: begun + pace.filling(), end: begun + most, closing }
	}

	/// What is left for transactions.
	fn left(&self, now: Instant) -> Duration {
		let for_closing = now.saturating_duration_since(self.begun).mul_f64(self.closing);
		// Whatever comes has to be closed too.
		let left = self.end.saturating_duration_since(now + for_closing).div_f64(1.0 + self.closing);
		left.min(self.deadline.saturating_duration_since(now))
	}
}

/// What blocks are made with.
#[derive(Clone)]
struct Maker {
	spawner: SpawnTaskHandle,
	client: Arc<Client>,
	backend: Arc<Backend>,
	executor: Option<Executor>,
	pool: Arc<Pool>,
	/// How long a block takes transactions.
	pace: Arc<Pace>,
	metrics: MetricsLink,
	telemetry: Option<TelemetryHandle>,
}

impl Maker {
	async fn make(
		&self,
		state: &Parent,
		parent: &Header,
		args: ProposeArgs<Block>,
	) -> Result<Proposal<Block>, Error> {
		let begun = Instant::now();
		let time = Time::new(begun, args.max_duration, &self.pace);
		let limit = args.block_size_limit.unwrap_or(MAX_BLOCK_SIZE);

		let mut block = UnfinishedBlock::new(state, parent, args.inherent_digests, args.extra_extensions)?;
		if let Some(recorder) = args.storage_proof_recorder {
			block.record_proof(recorder);
		}
		block.take_inherents(args.inherent_data)?;
		self.metrics.report(|metrics| metrics.create_inherents_time.observe(begun.elapsed().as_secs_f64()));
		let filling = Instant::now();
		let end = match block.mode() {
			ExtrinsicInclusionMode::AllExtrinsics => self.fill(&mut block, parent.hash(), time, limit).await,
			ExtrinsicInclusionMode::OnlyInherents => EndProposingReason::TransactionForbidden,
		};
		let closing = Instant::now();
		let proposal = block.finish()?;
		let (filled, closed) = (closing - filling, closing.elapsed());
		if let Some(declared) = declared(&proposal) {
			self.pace.made(filled, closed, declared);
		}
		self.report(&proposal.block, end, begun.elapsed());
		Ok(proposal)
	}

	/// Takes what the pool has, as far as it fits.
	async fn fill(
		&self,
		block: &mut UnfinishedBlock<'_>,
		parent: Hash,
		time: Time,
		limit: usize,
	) -> EndProposingReason {
		let begun = Instant::now();
		let left = time.left(begun);
		let skipping_ends = begun + Duration::from_micros(SKIPPING_SHARE.mul_floor(left.as_micros() as u64));
		let (mut ready, mut then) = (self.pool.ready_at_with_timeout(parent, left / 8).await, None);

		let (mut useless, mut passed_over) = (TxInvalidityReportMap::new(), 0);
		let (mut each, mut end) = (EXPECTED, EndProposingReason::NoMoreTransactions);
		loop {
			let now = Instant::now();
			let left = time.left(now);
			if left.is_zero() {
				end = EndProposingReason::HitDeadline;
				break;
			}
			if passed_over > PASSED_OVER && now >= skipping_ends {
				break;
			}
			let affordable = (left.as_nanos() / each.as_nanos().max(1)).clamp(1, BATCH as u128) as usize;
			let mut room = limit.saturating_sub(block.size());
			let (batch, too_long): (Vec<_>, Vec<_>) =
				next(&mut ready, &mut then, affordable).into_iter().partition(|transaction| {
					let size = transaction.data().encoded_size();
					let fits = size <= room;
					room -= if fits { size } else { 0 };
					fits
				});
			for transaction in &too_long {
				ready.report_invalid(transaction);
				end = EndProposingReason::HitBlockSizeLimit;
				passed_over += 1;
			}
			if batch.is_empty() {
				if too_long.is_empty() {
					break;
				}
				continue;
			}
			let applying = Instant::now();
			let refusals =
				block.apply(batch.iter().map(|transaction| (**transaction.data()).clone()).collect());
			each = applying.elapsed() / batch.len() as u32;
			for (transaction, refusal) in batch.iter().zip(refusals) {
				let Some(error) = refusal else { continue };
				// Those that come after it cannot come without it.
				ready.report_invalid(transaction);
				match error {
					Some(error) if error.exhausted_resources() => {
						end = EndProposingReason::HitBlockWeightLimit;
						passed_over += 1;
					},
					// What comes before it is not in this block, or the pool does not know yet that it is in another.
					Some(TransactionValidityError::Invalid(
						InvalidTransaction::Future | InvalidTransaction::Stale,
					)) => (),
					error => {
						useless.insert(*transaction.hash(), error);
					},
				}
			}
		}
		self.pool.report_invalid(Some(parent), useless).await;
		end
	}

	fn report(&self, block: &Block, end: EndProposingReason, took: Duration) {
		let (number, hash, transactions) =
			(block.header.number(), block.header.hash(), block.extrinsics.len());
		self.metrics.report(|metrics| {
			metrics.number_of_transactions.set(transactions as u64);
			metrics.block_constructed.observe(took.as_secs_f64());
			metrics.create_block_proposal_time.observe(took.as_secs_f64());
			metrics.report_end_proposing_reason(end);
		});
		log::info!(
			"🎁 Block {number} ({hash}) with {transactions} transactions in {} ms: {end:?}",
			took.as_millis()
		);
		telemetry!(
			self.telemetry;
			CONSENSUS_INFO;
			"prepared_block_for_proposing";
			"number" => ?number,
			"hash" => ?hash,
		);
	}
}

/// The next transactions for one call, at most so many; what comes after them is kept in `then`.
fn next<T: Deref<Target: InPoolTransaction<Transaction: Encode>>>(
	ready: &mut impl Iterator<Item = T>,
	then: &mut Option<T>,
	most: usize,
) -> Vec<T> {
	let (mut batch, mut bytes) = (Vec::new(), 0);
	while batch.len() < most {
		let Some(transaction) = then.take().or_else(|| ready.next()) else { break };
		bytes += transaction.data().encoded_size();
		if bytes > BATCH_BYTES && !batch.is_empty() {
			*then = Some(transaction);
			break;
		}
		batch.push(transaction);
	}
	batch
}

/// What the block declares, by what it writes.
fn declared(proposal: &Proposal<Block>) -> Option<Duration> {
	let key = pace::declared_key();
	let mut written = proposal.storage_changes.main_storage_changes.iter();
	pace::declared(written.find(|(written, _)| *written == key)?.1.as_ref()?)
}
