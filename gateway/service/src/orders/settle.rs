//! What a final block says of our transactions: it alone decides.
//!
//! First [`prepare`], which may ask the node; then [`settle`], in the block's own transaction of the database.

use super::{
	expire::expire,
	outbox::whole,
	outcome::{self, Outcome},
	problem,
};
use crate::{
	model::{Action, Amount, Hash, Problem},
	store::{self, Operation, Status, Store, StoreError, Transaction},
};
use hanse_chain::{
	AccountId, BlockTransaction, Config, FinalBlock, InstitutionId, ProgramId,
	hanse::{self, runtime_types::pallet_points::types::awards::OrderStatus},
};
use sqlx::{AssertSqlSafe, Row};
use std::collections::HashMap;
use subxt::{Metadata, OnlineClient, utils::H256};

/// What is asked of the node about a block before it is settled.
#[derive(Default)]
pub struct Known {
	/// Where our transactions are.
	ours: Vec<u32>,
	/// Of orders that were served before: what the chain knows of them.
	pub(super) awarded: HashMap<(ProgramId, Hash), OrderStatus>,
	/// Of orders that were served before: the points that this index knows of.
	pub(super) issued: HashMap<(ProgramId, Hash), Amount>,
	/// Of orders that were paid before: their price.
	pub(super) paid: HashMap<(AccountId, Hash), u128>,
	/// Names the errors of this block's runtime.
	metadata: Option<std::sync::Arc<Metadata>>,
}

#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
	#[error("the node does not answer: {0}")]
	Node(String),
	#[error(transparent)]
	Store(#[from] StoreError),
}

impl From<subxt::error::OnlineClientAtBlockError> for PrepareError {
	fn from(error: subxt::error::OnlineClientAtBlockError) -> Self {
		Self::Node(error.to_string())
	}
}

impl From<subxt::error::RuntimeApiError> for PrepareError {
	fn from(error: subxt::error::RuntimeApiError) -> Self {
		Self::Node(error.to_string())
	}
}

/// Looks which transactions of a block are ours, and asks the node what their events do not say.
pub async fn prepare(
	store: &Store,
	client: &OnlineClient<Config>,
	block: &FinalBlock,
) -> Result<Known, PrepareError> {
	let mut known = Known { ours: ours(store, block).await?, ..Known::default() };
	if known.ours.is_empty() {
		return Ok(known);
	}
	// The runtime that executed the block is that of its parent's state.
	let parent = client.at_block_hash_and_number(H256(block.parent), block.number.saturating_sub(1)).await?;
	known.metadata = Some(parent.metadata());
	let at = client.at_block_hash_and_number(H256(block.hash), block.number).await?;
	let api = hanse::runtime_apis().hanse_api();
	for index in known.ours.clone() {
		let skipped = outcome::skipped(block, index);
		if !skipped.is_empty() {
			issued(store, block, index, &mut known).await?;
		}
		for (program, orders) in skipped {
			let asked = hanse::runtime_types::bounded_collections::bounded_vec::BoundedVec(orders.clone());
			let found = at.runtime_apis().call(api.awarded(program, asked)).await?;
			for (order, status) in orders.into_iter().zip(found) {
				if let Some(status) = status {
					known.awarded.insert((program, Hash(order.0)), status);
				}
			}
		}
		for (merchant, payer, order) in outcome::paid_before(block, index) {
			let commitment = Hash(order.commitment.0);
			let receipt = at.runtime_apis().call(api.receipt(merchant, payer.0.into(), order)).await?;
			let price = match receipt {
				Some(receipt) => Some(receipt.price),
				// The chain forgets receipts that can no longer be refunded.
				None => indexed_price(store, merchant, payer, commitment).await?,
			};
			if let Some(price) = price {
				known.paid.insert((payer, commitment), price);
			}
		}
	}
	Ok(known)
}

/// What the index knows of awards that a transaction asks for: the chain keeps amounts only while they are pending.
async fn issued(store: &Store, block: &FinalBlock, index: u32, known: &mut Known) -> Result<(), StoreError> {
	let hash = block.transactions.iter().find(|one| one.index == index).map(|one| one.hash.to_vec());
	let rows =
		sqlx::query("SELECT action FROM operations WHERE tx = $1").bind(hash).fetch_all(store.read()).await?;
	for row in rows {
		let action = serde_json::from_str(&row.try_get::<String, _>("action")?)?;
		let Action::Award { program, order, to, .. } = action else { continue };
		let points: Option<i64> = sqlx::query_scalar(
			"SELECT points FROM history WHERE account = $1 AND commitment = $2 AND program = $3
			AND kind IN ('awarded', 'awarded_pending') AND points > 0 ORDER BY block LIMIT 1",
		)
		.bind(to.0.to_vec())
		.bind(order.commitment.0.to_vec())
		.bind(i64::from(program))
		.fetch_optional(store.read())
		.await?;
		if let Some(points) = points {
			known.issued.insert((program, order.commitment), points.unsigned_abs());
		}
	}
	Ok(())
}

async fn indexed_price(
	store: &Store,
	merchant: InstitutionId,
	payer: AccountId,
	commitment: Hash,
) -> Result<Option<u128>, StoreError> {
	let price: Option<i64> = sqlx::query_scalar(
		"SELECT price FROM payments WHERE merchant = $1 AND payer = $2 AND commitment = $3
		AND status = 'paid' ORDER BY block LIMIT 1",
	)
	.bind(i64::from(merchant))
	.bind(payer.0.to_vec())
	.bind(commitment.0.to_vec())
	.fetch_optional(store.read())
	.await?;
	Ok(price.map(|price| price.unsigned_abs().into()))
}

/// The places of our transactions in a block.
async fn ours(store: &Store, block: &FinalBlock) -> Result<Vec<u32>, StoreError> {
	let mut ours = Vec::new();
	for transaction in block.transactions.iter().filter(|transaction| transaction.signer.is_some()) {
		let found: Option<String> = sqlx::query_scalar("SELECT lane FROM transactions WHERE hash = $1")
			.bind(transaction.hash.to_vec())
			.fetch_optional(store.read())
			.await?;
		if found.is_some() {
			ours.push(transaction.index);
		}
	}
	Ok(ours)
}

/// Writes down what became of the operations whose transactions are in `block`, and of those that can be in none any
/// more. Answers those that are over now.
pub async fn settle(
	tx: &mut Transaction,
	block: &FinalBlock,
	known: &Known,
) -> Result<Vec<Operation>, StoreError> {
	let mut over = Vec::new();
	for transaction in block.transactions.iter().filter(|one| known.ours.contains(&one.index)) {
		settle_one(tx, block, transaction, known, &mut over).await?;
	}
	expire(tx, block.number, block.spec_version, &mut over).await?;
	Ok(over)
}

async fn settle_one(
	tx: &mut Transaction,
	block: &FinalBlock,
	transaction: &BlockTransaction,
	known: &Known,
	over: &mut Vec<Operation>,
) -> Result<(), StoreError> {
	sqlx::query("UPDATE transactions SET status = 'final', block = $1, extrinsic = $2 WHERE hash = $3")
		.bind(whole(block.number)?)
		.bind(i64::from(transaction.index))
		.bind(transaction.hash.to_vec())
		.execute(&mut **tx)
		.await?;
	let operations = of_transaction(tx, &transaction.hash).await?;
	let outcomes = outcome::outcomes(&operations, block, transaction, known, known.metadata.as_deref());
	// Almost always the same came of all of them.
	let common = outcomes.iter().find_map(|outcome| match outcome {
		Outcome::Done(result) => Some(result.clone()),
		_ => None,
	});
	let now = store::now();
	if let Some(result) = &common {
		sqlx::query(
			"UPDATE operations SET status = 'final', block = $1, extrinsic = $2, result = $3, error = NULL, updated = $4
			WHERE tx = $5",
		)
		.bind(whole(block.number)?)
		.bind(i64::from(transaction.index))
		.bind(result.to_string())
		.bind(now)
		.bind(transaction.hash.to_vec())
		.execute(&mut **tx)
		.await?;
	}
	for (mut operation, outcome) in operations.into_iter().zip(outcomes) {
		let is_common = matches!(&outcome, Outcome::Done(result) if common.as_ref() == Some(result));
		operation.block = Some(whole(block.number)?);
		operation.extrinsic = Some(i64::from(transaction.index));
		operation.updated = now;
		match outcome {
			Outcome::Done(result) => {
				(operation.status, operation.result) = (Status::Final, Some(result));
			},
			Outcome::Refused(problem) => {
				(operation.status, operation.error) = (Status::Failed, Some(problem));
			},
			Outcome::Unknown => {
				(operation.status, operation.error) = (Status::Stuck, Some(problem::unknown()));
			},
			Outcome::Again(most) => {
				again(tx, &operation.id, most).await?;
				continue;
			},
		}
		if !is_common {
			write(tx, &operation).await?;
		}
		over.push(operation);
	}
	Ok(())
}

pub(super) async fn of_transaction(
	tx: &mut Transaction,
	hash: &[u8; 32],
) -> Result<Vec<Operation>, StoreError> {
	let rows = sqlx::query(AssertSqlSafe(format!(
		"SELECT {} FROM operations WHERE tx = $1 ORDER BY place",
		Operation::COLUMNS
	)))
	.bind(hash.to_vec())
	.fetch_all(&mut **tx)
	.await?;
	rows.iter().map(Operation::read).collect()
}

pub(super) async fn write(tx: &mut Transaction, operation: &Operation) -> Result<(), StoreError> {
	let json = |problem: &Problem| serde_json::to_string(problem);
	sqlx::query(
		"UPDATE operations SET status = $1, block = $2, extrinsic = $3, result = $4, error = $5, updated = $6
		WHERE id = $7",
	)
	.bind(operation.status.name())
	.bind(operation.block)
	.bind(operation.extrinsic)
	.bind(operation.result.as_ref().map(ToString::to_string))
	.bind(operation.error.as_ref().map(json).transpose()?)
	.bind(operation.updated)
	.bind(operation.id.clone())
	.execute(&mut **tx)
	.await?;
	Ok(())
}

/// Nothing came of it, and the next transaction may carry it; with no more than `most` others, if that is set.
pub(super) async fn again(tx: &mut Transaction, id: &str, most: Option<usize>) -> Result<(), StoreError> {
	sqlx::query(
		"UPDATE operations SET status = 'accepted', tx = NULL, place = NULL, block = NULL, extrinsic = NULL,
		result = NULL, most = COALESCE($1, most), updated = $2 WHERE id = $3",
	)
	.bind(most.and_then(|most| i64::try_from(most).ok()))
	.bind(store::now())
	.bind(id)
	.execute(&mut **tx)
	.await?;
	Ok(())
}
