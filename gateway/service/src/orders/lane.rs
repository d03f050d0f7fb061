//! One key: its operations are signed one transaction after the other, stored, then sent.
//!
//! 1. What is signed is stored before it is sent, so whoever is killed sends the same bytes again.
//! 2. Only a final block decides what became of it (see `settle`).
//! 3. Nothing is signed anew while what was signed for it can still be in a block: until its death, or until a block of a
//!    later runtime is final.

use super::{
	LaneError,
	batch::{Batch, batches},
	calls::{Actor, Unwritable},
	lease::Lease,
	outbox::{self, UnderWay},
	problem,
	purse::{Pause, Purse},
	refuse::refuse,
};
use crate::{
	orders::once,
	store::{self, Operation, Status, Store},
};
use hanse_chain::{
	AccountId, AtBlock, Head, Heads, Node, Submitted,
	sign::{self, Signed},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use subxt_signer::sr25519::Keypair;
use tokio::{
	sync::{Notify, watch},
	time::sleep,
};

/// How many transactions are under way at most.
const AT_ONCE: usize = 64;
/// Nothing more is signed while the first that is in no block has fewer blocks left than this: blocks have no room for
/// more, and what is behind it would die.
const LEFT: u64 = 48;
/// How many operations are looked at together.
const LOOK: i64 = 2_000;
/// So many blocks after it was taken the node gets a transaction again, in case that it has lost it.
const AGAIN: u64 = 8;
/// Finality stands if so many blocks are not final, or if the newest final block is that old.
const MAX_LAG: u64 = 32;
const MAX_AGE: Duration = Duration::from_secs(60);
/// How long others that come at the same time are waited for.
const GATHER: Duration = Duration::from_millis(15);
/// Nothing is to be done before somebody says so; looked at now and then all the same.
const IDLE: Duration = Duration::from_secs(30);
const SOON: Duration = Duration::from_secs(1);

pub(super) struct Lane {
	pub name: String,
	pub actor: Actor,
	pub signer: Keypair,
	pub store: Store,
	pub node: Node,
	pub lease: Lease,
	pub wake: Arc<Notify>,
	/// Tells those who wait for an operation.
	pub changed: watch::Sender<u64>,
	/// When the node got what is under way from this process, by the best block then, and whether it took it.
	pub sent: HashMap<[u8; 32], (u64, bool)>,
	pub purse: Purse,
}

/// What the lane waits for.
struct Next {
	/// Whether new blocks matter.
	busy: bool,
	at_latest: Duration,
}

impl Lane {
	fn account(&self) -> AccountId {
		AccountId(self.signer.public_key().0)
	}

	pub async fn run(mut self) {
		let mut heads = self.node.heads();
		loop {
			let next = match self.step().await {
				Ok(next) => next,
				Err(error) => {
					tracing::warn!(lane = self.name, %error, "the lane waits");
					Next { busy: true, at_latest: SOON }
				},
			};
			tokio::select! {
				() = self.wake.notified() => {},
				Ok(()) = heads.changed(), if next.busy => {},
				() = sleep(next.at_latest) => {},
			}
			sleep(GATHER).await;
		}
	}

	async fn step(&mut self) -> Result<Next, LaneError> {
		if !self.lease.is_held() {
			self.sent.clear();
			return Ok(Next { busy: false, at_latest: SOON });
		}
		let heads = *self.node.heads().borrow();
		let under_way = outbox::under_way(self.store.read(), &self.name).await?;
		self.sent.retain(|hash, _| under_way.iter().any(|one| one.hash == *hash));
		// Of nothing that is under way it does not matter.
		let version = match under_way.is_empty() {
			true => 0,
			false => self.node.at(heads.best).await?.spec_version(),
		};
		self.send(&under_way, heads, version).await?;
		let due = self.sign(&under_way, heads, version).await?;
		let busy = !under_way.is_empty() || !self.sent.is_empty() || due.is_some();
		let wait = due.map_or(IDLE, |due| {
			Duration::from_millis(due.saturating_sub(store::now()).max(0).unsigned_abs())
		});
		Ok(Next { busy, at_latest: wait.min(IDLE) })
	}

	/// Gives the node what it does not have, and notes what is in blocks.
	async fn send(&mut self, under_way: &[UnderWay], heads: Heads, version: u32) -> Result<(), LaneError> {
		if under_way.is_empty() {
			return Ok(());
		}
		let used = self.node.nonce(self.account(), heads.best).await?;
		let mut marks = Vec::new();
		for one in under_way {
			if one.nonce < used {
				if one.status != Status::InBlock {
					marks.push((one.hash, Status::InBlock));
				}
				continue;
			}
			if one.status == Status::InBlock {
				marks.push((one.hash, Status::Sent));
			}
			let is_dead = one.death <= heads.best.number || one.is_older_than(version);
			if is_dead || !self.wants_sending(&one.hash, heads.best) {
				continue;
			}
			let bytes = outbox::bytes_of(self.store.read(), &one.hash).await?;
			if self.submit(&one.hash, &bytes, heads.best).await? && one.status == Status::Signed {
				marks.push((one.hash, Status::Sent));
			}
		}
		self.mark(&marks).await
	}

	fn wants_sending(&self, hash: &[u8; 32], best: Head) -> bool {
		match self.sent.get(hash) {
			None => true,
			Some((then, true)) => best.number >= then + AGAIN || best.number < *then,
			Some((then, false)) => best.number != *then,
		}
	}

	/// Whether the node has it now.
	async fn submit(&mut self, hash: &[u8; 32], bytes: &[u8], best: Head) -> Result<bool, LaneError> {
		let said = self.node.submit(bytes).await?;
		let taken = said == Submitted::Taken;
		self.sent.insert(*hash, (best.number, taken));
		match said {
			Submitted::Taken => {},
			// In a block, or never again: a final block says which.
			Submitted::Outdated => {},
			Submitted::Unpaid => self.purse.distrust(),
			Submitted::Invalid(why) if is_too_large(&why) => {
				tracing::warn!(lane = self.name, why, "a transaction fits no block");
				let mut tx = self.store.write().await?;
				outbox::note_refused(&mut tx, hash, &why).await?;
				tx.commit().await.map_err(store::StoreError::from)?;
			},
			Submitted::NotNow(why) | Submitted::Invalid(why) => {
				tracing::warn!(
					lane = self.name,
					why,
					"the node does not take a transaction; it gets it again"
				);
			},
		}
		Ok(taken)
	}

	async fn mark(&self, marks: &[([u8; 32], Status)]) -> Result<(), LaneError> {
		if marks.is_empty() {
			return Ok(());
		}
		let mut tx = self.store.write().await?;
		outbox::mark(&mut tx, marks).await?;
		tx.commit().await.map_err(store::StoreError::from)?;
		self.changed.send_modify(|count| *count = count.wrapping_add(1));
		Ok(())
	}

	/// Signs what waits. Answers when the next batch is due, or nothing if nothing waits.
	async fn sign(
		&mut self,
		under_way: &[UnderWay],
		heads: Heads,
		version: u32,
	) -> Result<Option<store::Moment>, LaneError> {
		let waiting = outbox::accepted(self.store.read(), &self.name, LOOK).await?;
		if waiting.is_empty() {
			return Ok(None);
		}
		let later = Some(store::now().saturating_add(1_000));
		let has_room = has_room(under_way, heads.best.number);
		let is_full_look = i64::try_from(waiting.len()).is_ok_and(|found| found == LOOK);
		let institution = self.actor.institution;
		if let Some(pause) = self.reason_to_wait(under_way, heads, version).await? {
			self.purse.pause(&self.store, &self.name, institution, Some(&pause)).await?;
			return Ok(later);
		}
		self.purse.pause(&self.store, &self.name, institution, None).await?;
		if !has_room {
			return Ok(later);
		}
		let free = self.without_held(waiting).await?;
		let (ripe, due) = batches(free, store::now());
		let room = AT_ONCE.saturating_sub(under_way.len());
		let mut is_more = is_full_look || ripe.len() > room;
		let mut nonce = self.next_nonce(under_way).await?;
		for batch in ripe.into_iter().take(room) {
			let count = batch.operations.len();
			let signed = self.sign_one(batch, nonce, heads).await?;
			nonce += u64::from(signed > 0);
			is_more |= signed < count;
		}
		Ok(if is_more { Some(store::now()) } else { due.or(later) })
	}

	async fn reason_to_wait(
		&mut self,
		under_way: &[UnderWay],
		heads: Heads,
		version: u32,
	) -> Result<Option<Pause>, LaneError> {
		if heads.lag() > MAX_LAG || heads.final_since.elapsed() > MAX_AGE {
			return Ok(Some(Pause::of(format!("finality stands at block {}", heads.final_head.number))));
		}
		// Behind what the runtime before has left, nothing could be in a block.
		if under_way.iter().any(|one| one.status != Status::InBlock && one.is_older_than(version)) {
			return Ok(Some(Pause::of(
				"the runtime was upgraded, and its first block is not final yet".into(),
			)));
		}
		if outbox::has_gap(self.store.read(), &self.name).await? {
			let last = under_way.iter().map(|one| one.death).max().unwrap_or(0);
			return Ok(Some(Pause::of(format!(
				"transactions that can be in no block are waited for until block {last}"
			))));
		}
		self.purse.look(&self.node, self.account(), heads.final_head).await
	}

	/// Less what has to wait for another operation.
	async fn without_held(
		&self,
		waiting: Vec<(Operation, Option<usize>)>,
	) -> Result<Vec<(Operation, Option<usize>)>, LaneError> {
		let mut free = Vec::with_capacity(waiting.len());
		for one in waiting {
			let held = match once::after(&one.0.action) {
				Some(before) => outbox::is_open(self.store.read(), self.actor.institution, &before).await?,
				None => false,
			};
			if !held {
				free.push(one);
			}
		}
		Ok(free)
	}

	async fn next_nonce(&self, under_way: &[UnderWay]) -> Result<u64, LaneError> {
		if let Some(last) = under_way.last() {
			return Ok(last.nonce.saturating_add(1));
		}
		let used = outbox::last_final_nonce(self.store.read(), &self.name).await?;
		let next = match outbox::has_dead(self.store.read(), &self.name).await? {
			true => self.node.nonce(self.account(), self.node.best_head()).await?,
			false => self.node.next_nonce(self.account()).await?,
		};
		Ok(used.map_or(next, |used| next.max(used.saturating_add(1))))
	}

	/// How many of `batch` were signed; if none, what cannot be written was refused.
	async fn sign_one(&mut self, mut batch: Batch, nonce: u64, heads: Heads) -> Result<usize, LaneError> {
		let at = self.node.at_best().await?;
		let signed = match self.write(&at, &mut batch, nonce, heads.final_head).await? {
			Ok(signed) => signed,
			Err(error) => {
				self.refuse_unwritable(&at, &batch, error).await?;
				return Ok(0);
			},
		};
		let mut tx = self.store.write().await?;
		if !self.lease.hold(&mut tx).await? {
			return Err(LaneError::LeaseLost);
		}
		outbox::store(&mut tx, &self.name, &signed, &batch).await?;
		tx.commit().await.map_err(store::StoreError::from)?;
		self.changed.send_modify(|count| *count = count.wrapping_add(1));
		self.purse.weigh(&self.node, &signed.bytes).await?;
		if self.submit(&signed.hash, &signed.bytes, heads.best).await? {
			self.mark(&[(signed.hash, Status::Sent)]).await?;
		}
		Ok(batch.operations.len())
	}

	/// Signs as much of `batch` as a block has room for, and takes the rest out: what no block takes would be waited
	/// for until its death, with all that is behind it.
	async fn write(
		&self,
		at: &AtBlock,
		batch: &mut Batch,
		nonce: u64,
		birth: Head,
	) -> Result<Result<Signed, Unwritable>, LaneError> {
		loop {
			let call = match self.actor.call(at, batch) {
				Ok(call) => call,
				Err(error) => return Ok(Err(error)),
			};
			let signed = sign::sign(at, &call, &self.signer, nonce, birth)?;
			let count = batch.operations.len();
			if count < 2 || self.node.fits(at, &signed.bytes).await? {
				return Ok(Ok(signed));
			}
			batch.operations.truncate(count * 3 / 4);
		}
	}

	async fn refuse_unwritable(
		&self,
		at: &AtBlock,
		batch: &Batch,
		error: Unwritable,
	) -> Result<(), LaneError> {
		let mut refused = Vec::new();
		for operation in &batch.operations {
			if let Err(error) = self.actor.check(at, operation) {
				refused.push((operation.clone(), problem::unwritable(&error)));
			}
		}
		if refused.is_empty() {
			// Each can be written, but not all together.
			refused.extend(batch.operations.iter().map(|one| (one.clone(), problem::unwritable(&error))));
		}
		refuse(&self.store, refused).await?;
		self.changed.send_modify(|count| *count = count.wrapping_add(1));
		Ok(())
	}
}

fn has_room(under_way: &[UnderWay], best: u64) -> bool {
	let first = under_way.iter().find(|one| one.status != Status::InBlock);
	under_way.len() < AT_ONCE && first.is_none_or(|one| one.death >= best.saturating_add(LEFT))
}

/// Whether the node says that a block is too small for a transaction, whatever else is in it.
fn is_too_large(why: &str) -> bool {
	why.contains("exhaust the block limits")
}

#[cfg(test)]
mod tests {
	use super::*;

	fn under_way(nonce: u64, death: u64, status: Status) -> UnderWay {
		UnderWay { hash: [0; 32], nonce, death, spec_version: None, status }
	}

	#[test]
	fn nothing_more_is_signed_while_blocks_have_no_room_for_what_is_under_way() {
		let waiting = [under_way(1, 100, Status::InBlock), under_way(2, 164, Status::Sent)];
		assert!(has_room(&[], 100));
		assert!(has_room(&waiting, 116));
		assert!(!has_room(&waiting, 117));
		assert!(has_room(&waiting[..1], 117));
		let many: Vec<_> = (0..64).map(|nonce| under_way(nonce, 164, Status::InBlock)).collect();
		assert!(!has_room(&many, 110));
	}
}
