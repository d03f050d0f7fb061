//! Final blocks into the index, each in one transaction of the database, in their order and without a gap.
//!
//! Nothing is taken back: only final blocks come here, and another chain than the one that was followed stops it.

mod books;
mod chain;
mod events;
mod heads;
mod rows;

pub use books::{Flow, program_of};
pub use chain::{check, index, run};
pub use events::is_kept;
pub use heads::{Head, Heads, Indexed};

use crate::{
	hooks,
	orders::settle::{Known, PrepareError, settle},
	store::{StoreError, Transaction},
};
use hanse_chain::{BlockError, FinalBlock};
use sqlx::Row;

/// Why blocks are not followed any more. All but the first three need somebody.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
	#[error(transparent)]
	Node(#[from] BlockError),
	#[error(transparent)]
	Store(#[from] StoreError),
	#[error(transparent)]
	Orders(#[from] PrepareError),
	#[error(
		"the node is of another chain: its genesis is 0x{theirs}, and what is in the database is of 0x{ours}. Connect it to the right node, or give it another database"
	)]
	OtherChain { ours: String, theirs: String },
	#[error(
		"block {0} of the node does not follow the block before it in the database. A final block is never replaced: find out which of the two is wrong, and delete the database if it is that"
	)]
	OtherBlock(u64),
	#[error(
		"the node has not kept the states of old blocks. Run it with --state-pruning archive --blocks-pruning archive"
	)]
	NoArchive,
	#[error("block {block} contradicts what was before: {what}. Tell whoever runs the gateway's code")]
	Contradiction { block: u64, what: String },
}

impl From<sqlx::Error> for FollowError {
	fn from(error: sqlx::Error) -> Self {
		Self::Store(error.into())
	}
}

/// Whether the end of a cycle goes on after the last block in the index.
async fn is_settling<'e>(
	database: impl sqlx::Executor<'e, Database = sqlx::Any>,
) -> Result<bool, StoreError> {
	let value: Option<String> =
		sqlx::query_scalar("SELECT value FROM meta WHERE name = 'settling'").fetch_optional(database).await?;
	Ok(value.as_deref() == Some("1"))
}

/// The last block in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
	pub number: u64,
	pub hash: [u8; 32],
}

/// The last block that is indexed; none if nothing is.
pub async fn cursor<'e>(
	database: impl sqlx::Executor<'e, Database = sqlx::Any>,
) -> Result<Option<Cursor>, StoreError> {
	let row = sqlx::query("SELECT number, hash FROM blocks ORDER BY number DESC LIMIT 1")
		.fetch_optional(database)
		.await?;
	let Some(row) = row else { return Ok(None) };
	let hash = <[u8; 32]>::try_from(row.try_get::<Vec<u8>, _>("hash")?)
		.map_err(|_| StoreError::Inconsistent("a block whose hash is not 32 bytes".to_owned()))?;
	Ok(Some(Cursor { number: row.try_get::<i64, _>("number")?.unsigned_abs(), hash }))
}

/// Puts one block into the index, after the one before it. Nothing of it is there until `tx` is committed.
pub async fn apply(tx: &mut Transaction, block: &FinalBlock, known: &Known) -> Result<(), FollowError> {
	let before = cursor(&mut **tx).await?;
	let follows = before.is_none_or(|Cursor { number, hash }| {
		block.number.checked_sub(1) == Some(number) && block.parent == hash
	});
	if !follows {
		return Err(FollowError::OtherBlock(block.number));
	}
	let over = settle(tx, block, known).await?;
	events::record(tx, block).await?;
	books::record(tx, block).await?;
	sqlx::query(
		"INSERT INTO blocks (number, hash, parent, time, spec_version, transactions, events) VALUES ($1, $2, $3, $4, $5, $6, $7)",
	)
	.bind(number(block.number)?)
	.bind(block.hash.to_vec())
	.bind(block.parent.to_vec())
	.bind(number(block.time)?)
	.bind(i64::from(block.spec_version))
	.bind(number(block.transactions.len())?)
	.bind(number(block.events.len())?)
	.execute(&mut **tx)
	.await?;
	hooks::queue::enqueue(tx, block, &over).await?;
	Ok(())
}

/// As the database keeps it.
fn number<N: TryInto<i64> + Copy + std::fmt::Display>(number: N) -> Result<i64, StoreError> {
	number.try_into().map_err(|_| StoreError::Inconsistent(format!("{number}, which is more than 2⁶³")))
}
