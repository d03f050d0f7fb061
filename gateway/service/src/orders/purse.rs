//! What a lane's key has for fees, and why the lane waits.

use super::LaneError;
use crate::store::{Store, StoreError};
use hanse_chain::{AccountId, Head, Node};

/// A lane pauses below so many fees.
const FEES: u128 = 100;
/// How many final blocks the balance is believed.
const BELIEVED: u64 = 10;

#[derive(Debug, Default)]
pub(super) struct Purse {
	/// The highest fee so far, in settlement micro-units, and the length of its transaction.
	fee: u128,
	length: usize,
	/// The balance, and the final block of which it is.
	balance: Option<(u128, u64)>,
	/// What is in the database.
	paused: Option<Option<String>>,
}

impl Purse {
	/// The node says that it cannot pay: whatever was known is not true any more.
	pub fn distrust(&mut self) {
		self.balance = None;
	}

	/// Why nothing more is signed for now, if the balance is too small.
	pub async fn look(
		&mut self,
		node: &Node,
		account: AccountId,
		head: Head,
	) -> Result<Option<String>, LaneError> {
		let balance = match self.balance {
			Some((balance, then)) if head.number < then.saturating_add(BELIEVED) => balance,
			_ => node.balance(account).await?,
		};
		let least = self.fee.saturating_mul(FEES);
		if balance < least.max(1) {
			// Asked again at once, since it is waited for.
			self.balance = None;
			return Ok(Some(format!(
				"{account} has {balance} micro-units, less than {FEES} fees of {}. Send it at least {}",
				self.fee,
				least.saturating_sub(balance).max(1)
			)));
		}
		if self.balance.is_none_or(|(_, then)| head.number >= then.saturating_add(BELIEVED)) {
			self.balance = Some((balance, head.number));
		}
		Ok(None)
	}

	/// Learns what a transaction costs, if it is the longest so far.
	pub async fn weigh(&mut self, node: &Node, bytes: &[u8]) -> Result<(), LaneError> {
		if bytes.len() > self.length {
			self.fee = self.fee.max(node.fee(bytes).await?);
			self.length = bytes.len();
		}
		Ok(())
	}

	/// Writes down why the lane waits, if that has changed.
	pub async fn pause(&mut self, store: &Store, lane: &str, reason: Option<&str>) -> Result<(), StoreError> {
		if self.paused.as_ref().is_some_and(|paused| paused.as_deref() == reason) {
			return Ok(());
		}
		let mut tx = store.write().await?;
		sqlx::query("UPDATE lanes SET paused = $1 WHERE name = $2")
			.bind(reason)
			.bind(lane)
			.execute(&mut *tx)
			.await?;
		tx.commit().await?;
		match reason {
			Some(reason) => tracing::warn!(lane, reason, "the lane is paused"),
			None => tracing::info!(lane, "the lane signs"),
		}
		self.paused = Some(reason.map(str::to_owned));
		Ok(())
	}
}
