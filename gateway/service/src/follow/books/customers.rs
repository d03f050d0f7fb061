//! What happens to customers: registered, recovered, and their fees paid.

use super::{
	Books,
	changes::{Entry, signed},
};
use crate::follow::FollowError;
use hanse::{customers::Event as Customers, sponsorship::Event as Sponsorship};
use hanse_chain::{AccountId, BlockEvent, hanse};
use sqlx::Row;
use std::collections::HashMap;

/// Days of UTC, by which the chain counts budgets.
const DAY: i64 = 24 * 60 * 60 * 1000;

impl Books<'_> {
	pub(super) async fn customers(
		&mut self,
		event: &BlockEvent,
		what: &Customers,
	) -> Result<(), FollowError> {
		let position = event.position;
		match what {
			Customers::CustomerRegistered { account, institution, .. } => {
				let entry = Entry::new(AccountId(account.0), position, "registered");
				self.changes.enter(entry.institution(*institution));
			},
			Customers::CustomerUnregistered { account, institution } => {
				let entry = Entry::new(AccountId(account.0), position, "unregistered");
				self.changes.enter(entry.institution(*institution));
			},
			Customers::RecoveryOpened { old, new, institution, .. } => {
				let entry = Entry::new(AccountId(old.0), position, "recovery_opened");
				self.changes.enter(entry.institution(*institution).other(AccountId(new.0)));
			},
			Customers::RecoveryCancelled { old, institution, .. } => {
				let entry = Entry::new(AccountId(old.0), position, "recovery_cancelled");
				self.changes.enter(entry.institution(*institution));
			},
			Customers::HoldingsMoved { old, new, value, .. } => {
				let (old, new) = (AccountId(old.0), AccountId(new.0));
				sqlx::query(
					"INSERT INTO successors (old, new, block) VALUES ($1, $2, $3) ON CONFLICT (old) DO NOTHING",
				)
				.bind(old.0.to_vec())
				.bind(new.0.to_vec())
				.bind(self.number)
				.execute(&mut **self.tx)
				.await?;
				self.has_successors = Some(true);
				self.changes.enter(Entry::new(old, position, "recovered").value(*value).other(new));
				if old != new {
					self.changes.enter(Entry::new(new, position, "recovered").value(*value).other(old));
				}
			},
			_ => {},
		}
		Ok(())
	}

	pub(super) fn sponsorship(&mut self, event: &BlockEvent, what: &Sponsorship) -> Result<(), FollowError> {
		let Sponsorship::FeeSponsored { sponsor, customer, fee } = what;
		self.changes.sponsor(*sponsor, self.time / DAY, *fee);
		let entry = Entry::new(AccountId(customer.0), event.position, "fee_sponsored");
		self.changes.enter(entry.institution(*sponsor).value(*fee));
		Ok(())
	}

	/// What was pending for lost accounts and went to those that took their places, of which no event says how much.
	pub(super) async fn move_pending(&mut self) -> Result<(), FollowError> {
		for reading in &self.block.readings.pending {
			let old = reading.account;
			let still: HashMap<_, _> = reading.vintages.iter().copied().collect();
			let new: Option<Vec<u8>> = sqlx::query_scalar("SELECT new FROM successors WHERE old = $1")
				.bind(old.0.to_vec())
				.fetch_optional(&mut **self.tx)
				.await?;
			let new = new.ok_or_else(|| self.contradiction("something was moved to nobody"))?;
			let new = self.account(new)?;
			let rows = sqlx::query("SELECT asset, pending FROM holdings WHERE account = $1 AND pending > 0")
				.bind(old.0.to_vec())
				.fetch_all(&mut **self.tx)
				.await?;
			for row in rows {
				let asset = u32::try_from(row.try_get::<i64, _>("asset")?)
					.map_err(|_| self.contradiction("a vintage beyond 32 bits"))?;
				let before = i128::from(row.try_get::<i64, _>("pending")?);
				let moved = before - signed(still.get(&asset).copied().unwrap_or_default());
				if moved < 0 {
					return Err(self.contradiction("more is pending for a lost account than before"));
				}
				if moved > 0 {
					self.changes.pend(asset, old, -moved);
					self.changes.pend(asset, new, moved);
				}
			}
		}
		Ok(())
	}
}
