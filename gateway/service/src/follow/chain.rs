//! The loop: what the node has and the index has not, block by block.

use super::{Cursor, FollowError, Head, Heads, Indexed, apply, cursor, is_settling};
use crate::{
	orders::settle,
	store::{Store, StoreError},
};
use futures::StreamExt;
use hanse_chain::{Blocks, FinalBlock};
use std::{convert::Infallible, pin::pin, time::Duration};
use tokio::time::sleep;

/// How often the node is asked for a new head.
const ASK_EVERY: Duration = Duration::from_millis(200);
/// So many blocks are put into the index at once at most.
const AT_ONCE: usize = 32;
/// So many blocks are read before the heads are looked at again.
const PIECE: u64 = 500;
/// How long the node is left alone when it does not answer.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Nothing of the genesis block is indexed: it has state, but no transactions and no events.
const FIRST: u64 = 1;

/// Follows the chain for ever, and ends only with what somebody has to look at.
pub async fn run(store: &Store, blocks: &Blocks, heads: &Heads) -> Result<Infallible, FollowError> {
	check(store, blocks, heads).await?;
	loop {
		match follow(store, blocks, heads).await {
			Ok(never) => match never {},
			Err(error) => wait(error).await?,
		}
	}
}

/// That the node is of the chain that the database is of, and has kept all of it; however long it takes to answer.
pub async fn check(store: &Store, blocks: &Blocks, heads: &Heads) -> Result<(), FollowError> {
	while let Err(error) = checked(store, blocks, heads).await {
		wait(error).await?;
	}
	Ok(())
}

/// Waits a moment, unless somebody has to look at it.
async fn wait(error: FollowError) -> Result<(), FollowError> {
	match error {
		FollowError::Node(_) | FollowError::Orders(_) | FollowError::Store(StoreError::Database(_)) => {
			tracing::warn!(%error, "blocks wait");
			sleep(AGAIN_AFTER).await;
			Ok(())
		},
		other => Err(other),
	}
}

async fn follow(store: &Store, blocks: &Blocks, heads: &Heads) -> Result<Infallible, FollowError> {
	loop {
		let (best, finalized) = tokio::try_join!(blocks.best_head(), blocks.final_head())?;
		heads.set_best(Head { number: best.0, hash: best.1 });
		heads.set_finalized(Head { number: finalized.0, hash: finalized.1 });
		let next = cursor(store.read()).await?.map_or(FIRST, |cursor| cursor.number + 1);
		if next > finalized.0 + 1 {
			// A node that has forgotten something, or another chain at the same address.
			check_genesis(store, blocks).await?;
		}
		if next > finalized.0 {
			sleep(ASK_EVERY).await;
			continue;
		}
		let range = blocks.range(next..=finalized.0.min(next + PIECE));
		let mut ready = pin!(range.ready_chunks(AT_ONCE));
		while let Some(some) = ready.next().await {
			let some = some.into_iter().collect::<Result<Vec<_>, _>>()?;
			for block in index(store, blocks, some).await? {
				heads.set_indexed(block);
			}
		}
	}
}

/// Puts final blocks into the index for good, after the one before them: all of them or none. At the head it is one;
/// far behind as many as are there, since each commit waits for the disk.
pub async fn index(
	store: &Store,
	blocks: &Blocks,
	some: Vec<FinalBlock>,
) -> Result<Vec<Indexed>, FollowError> {
	let mut indexed = Vec::with_capacity(some.len());
	let mut known = Vec::with_capacity(some.len());
	for block in &some {
		known.push(settle::prepare(store, blocks.client(), block).await?);
	}
	let mut tx = store.write().await?;
	for (mut block, known) in some.into_iter().zip(known) {
		let is_there = is_indexed(&mut *tx, &block).await?;
		indexed.push(Indexed { number: block.number, hash: block.hash, time: block.time });
		if is_there {
			continue;
		}
		if is_settling(&mut *tx).await? {
			blocks.read_state(&mut block, true).await?;
		}
		apply(&mut tx, &block, &known).await?;
	}
	tx.commit().await?;
	Ok(indexed)
}

/// Whether another gateway with this database was faster.
async fn is_indexed<'e>(
	database: impl sqlx::Executor<'e, Database = sqlx::Any>,
	block: &FinalBlock,
) -> Result<bool, StoreError> {
	let found: Option<i64> = sqlx::query_scalar("SELECT number FROM blocks WHERE number = $1 AND hash = $2")
		.bind(i64::try_from(block.number).unwrap_or(i64::MAX))
		.bind(block.hash.to_vec())
		.fetch_optional(database)
		.await?;
	Ok(found.is_some())
}

async fn check_genesis(store: &Store, blocks: &Blocks) -> Result<(), FollowError> {
	let theirs = hex::encode(blocks.hash(0).await?);
	let mut tx = store.write().await?;
	sqlx::query("INSERT INTO meta (name, value) VALUES ('genesis', $1) ON CONFLICT (name) DO NOTHING")
		.bind(&theirs)
		.execute(&mut *tx)
		.await?;
	let ours: String =
		sqlx::query_scalar("SELECT value FROM meta WHERE name = 'genesis'").fetch_one(&mut *tx).await?;
	tx.commit().await?;
	if ours != theirs {
		return Err(FollowError::OtherChain { ours, theirs });
	}
	Ok(())
}

async fn checked(store: &Store, blocks: &Blocks, heads: &Heads) -> Result<(), FollowError> {
	check_genesis(store, blocks).await?;
	if let Some(Cursor { number, hash }) = cursor(store.read()).await? {
		if blocks.final_head().await?.0 >= number && blocks.hash(number).await? != hash {
			return Err(FollowError::OtherBlock(number));
		}
		let time: i64 = sqlx::query_scalar("SELECT time FROM blocks ORDER BY number DESC LIMIT 1")
			.fetch_one(store.read())
			.await?;
		heads.set_indexed(Indexed { number, hash, time: time.unsigned_abs() });
	}
	if blocks.final_head().await?.0 >= FIRST && !blocks.has_state(FIRST).await? {
		return Err(FollowError::NoArchive);
	}
	Ok(())
}
