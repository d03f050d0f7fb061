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
	let mut checked = false;
	loop {
		let error = match follow(store, blocks, heads, &mut checked).await {
			Ok(never) => match never {},
			Err(error) => error,
		};
		match error {
			FollowError::Node(_) | FollowError::Orders(_) | FollowError::Store(StoreError::Database(_)) => {
				tracing::warn!(%error, "blocks wait");
			},
			other => return Err(other),
		}
		sleep(AGAIN_AFTER).await;
	}
}

async fn follow(
	store: &Store,
	blocks: &Blocks,
	heads: &Heads,
	checked: &mut bool,
) -> Result<Infallible, FollowError> {
	if !*checked {
		check(store, blocks, heads).await?;
		*checked = true;
	}
	loop {
		let (best, finalized) = tokio::try_join!(blocks.best_head(), blocks.final_head())?;
		heads.set_best(Head { number: best.0, hash: best.1 });
		heads.set_finalized(Head { number: finalized.0, hash: finalized.1 });
		let next = cursor(store.read()).await?.map_or(FIRST, |cursor| cursor.number + 1);
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
		if is_settling(&mut *tx).await? {
			blocks.read_state(&mut block, true).await?;
		}
		apply(&mut tx, &block, &known).await?;
		indexed.push(Indexed { number: block.number, hash: block.hash, time: block.time });
	}
	tx.commit().await?;
	Ok(indexed)
}

/// That the node is of the chain that the database is of, and has kept all of it.
async fn check(store: &Store, blocks: &Blocks, heads: &Heads) -> Result<(), FollowError> {
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
