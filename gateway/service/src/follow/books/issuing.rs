//! Awards in batches, which the chain names by a hash only, and what is pending for whom.

use super::{
	Books, Loose,
	changes::{Entry, signed},
};
use crate::follow::FollowError;
use hanse::points::Event as Points;
use hanse_chain::{AccountId, AssetId, Award, BlockEvent, ProgramId, batches, hanse};
use sqlx::Row;
use std::collections::HashSet;

/// So many accounts can follow one another at most.
const MAX_SUCCESSIONS: usize = 16;

impl Books<'_> {
	/// Points of `program` went into `asset` for the awards of a batch that were not skipped.
	pub(super) async fn batch_issued(
		&mut self,
		event: &BlockEvent,
		(program, asset): (ProgramId, AssetId),
		batch: [u8; 32],
		is_pending: bool,
	) -> Result<(), FollowError> {
		let awards = self.awards(event, program, batch);
		if !is_pending {
			let minted = self.take_loose(|loose| loose.asset == asset && loose.points > 0);
			let mut orders = awards.unwrap_or_default().into_iter().map(|award| award.order);
			for Loose { position, account, points, .. } in minted {
				let entry = Entry::new(account, position, "awarded").points(asset, points);
				self.changes.enter(match orders.next() {
					Some(order) => entry.order(order),
					None => entry,
				});
			}
			return Ok(());
		}
		// They are pending for accounts that only the call names.
		let awards =
			awards.ok_or_else(|| self.contradiction("a batch of awards was issued that nobody sent"))?;
		for (place, award) in (0u32..).zip(awards) {
			let to = self.current_account(award.to).await?;
			let points = signed(award.amount);
			self.changes.pend(asset, to, points);
			let entry = Entry::new(to, event.position, "awarded_pending").part(place).points(asset, points);
			self.changes.enter(entry.order(award.order));
		}
		Ok(())
	}

	/// The awards of a batch that were served, in their order.
	fn awards(&self, event: &BlockEvent, program: ProgramId, batch: [u8; 32]) -> Option<Vec<Award>> {
		let index = event.extrinsic?;
		let transaction = self.block.transactions.iter().find(|one| one.index == index)?;
		let call = transaction.call.as_ref()?;
		let sent =
			batches(call, transaction.signer).find(|sent| sent.program == program && sent.hash == batch)?;
		let later = self.block.events_of(index).filter(|other| other.position > event.position);
		let next = later.take_while(|other| {
			!matches!(&other.event, Some(hanse::Event::Points(Points::BatchIssued { .. })))
		});
		let skipped: HashSet<u16> = next
			.filter_map(|other| match &other.event {
				Some(hanse::Event::Points(Points::AwardsSkipped { program: of, batch: named, skipped })) => {
					(*of == program && named.0 == batch).then_some(skipped)
				},
				_ => None,
			})
			.take(1)
			.flatten()
			.map(|skipped| skipped.place)
			.collect();
		let served = (0u16..).zip(sent.awards).filter(|(place, _)| !skipped.contains(place));
		Some(served.map(|(_, award)| award).collect())
	}

	/// Less is pending for `holder`, or for accounts whose place it took: the chain takes the oldest first.
	pub(super) async fn take_pending(
		&mut self,
		asset: AssetId,
		holder: AccountId,
		amount: u128,
	) -> Result<(), FollowError> {
		let mut left = signed(amount);
		if self.has_successors().await? {
			self.flush().await?;
			for account in self.predecessors(holder).await? {
				let pending: Option<i64> =
					sqlx::query_scalar("SELECT pending FROM holdings WHERE asset = $1 AND account = $2")
						.bind(i64::from(asset))
						.bind(account.0.to_vec())
						.fetch_optional(&mut **self.tx)
						.await?;
				let taken = i128::from(pending.unwrap_or_default()).min(left);
				if taken > 0 {
					self.changes.pend(asset, account, -taken);
					left -= taken;
				}
			}
		}
		if left > 0 {
			self.changes.pend(asset, holder, -left);
		}
		Ok(())
	}

	/// Whose place `account` took, the oldest first.
	async fn predecessors(&mut self, account: AccountId) -> Result<Vec<AccountId>, FollowError> {
		let (mut found, mut newest) = (Vec::new(), account);
		for _ in 0..MAX_SUCCESSIONS {
			let row = sqlx::query("SELECT old FROM successors WHERE new = $1")
				.bind(newest.0.to_vec())
				.fetch_optional(&mut **self.tx)
				.await?;
			let Some(row) = row else { break };
			newest = self.account(row.try_get("old")?)?;
			found.insert(0, newest);
		}
		Ok(found)
	}

	/// What took the place of `account`, if something did.
	async fn current_account(&mut self, account: AccountId) -> Result<AccountId, FollowError> {
		let mut current = account;
		if !self.has_successors().await? {
			return Ok(current);
		}
		for _ in 0..MAX_SUCCESSIONS {
			let row = sqlx::query("SELECT new FROM successors WHERE old = $1")
				.bind(current.0.to_vec())
				.fetch_optional(&mut **self.tx)
				.await?;
			let Some(row) = row else { break };
			current = self.account(row.try_get("new")?)?;
		}
		Ok(current)
	}

	/// Few chains have any, so nothing is looked up where none is.
	async fn has_successors(&mut self) -> Result<bool, FollowError> {
		if let Some(known) = self.has_successors {
			return Ok(known);
		}
		let count: i64 =
			sqlx::query_scalar("SELECT COUNT(*) FROM successors").fetch_one(&mut **self.tx).await?;
		self.has_successors = Some(count > 0);
		Ok(count > 0)
	}

	pub(super) fn account(&self, bytes: Vec<u8>) -> Result<AccountId, FollowError> {
		let bytes = bytes.try_into().map_err(|_| self.contradiction("an account that is not 32 bytes"))?;
		Ok(AccountId(bytes))
	}
}
