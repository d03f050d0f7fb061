//! What a lane's key has for fees, and why the lane waits.

use super::LaneError;
use crate::{
	hooks::{
		kinds,
		queue::{self, Message},
	},
	store::{self, Store, StoreError},
};
use hanse_chain::{AccountId, Head, InstitutionId, Node};
use serde_json::{Map, Value, json};

/// A lane pauses below so many fees.
const FEES: u128 = 100;
/// How many final blocks the balance is believed.
const BELIEVED: u64 = 10;

/// Why a lane signs nothing for now.
#[derive(Debug)]
pub(super) struct Pause {
	reason: String,
	/// What is told whom it concerns, if the key has too little for fees.
	low: Option<Map<String, Value>>,
}

impl Pause {
	pub fn of(reason: String) -> Self {
		Self { reason, low: None }
	}
}

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
	) -> Result<Option<Pause>, LaneError> {
		let balance = match self.balance {
			Some((balance, then)) if head.number < then.saturating_add(BELIEVED) => balance,
			_ => node.balance(account).await?,
		};
		let least = self.fee.saturating_mul(FEES);
		if balance < least.max(1) {
			// Asked again at once, since it is waited for.
			self.balance = None;
			let missing = least.saturating_sub(balance).max(1);
			let reason = format!(
				"{account} has {balance} micro-units, less than {FEES} fees of {}. Send it at least {missing}",
				self.fee
			);
			let low = json!({
				"account": account,
				"balance": balance.to_string(),
				"missing": missing.to_string(),
			});
			return Ok(Some(Pause { reason, low: low.as_object().cloned() }));
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

	/// Writes down why the lane waits, if that has changed, and tells that it has too little for fees.
	pub async fn pause(
		&mut self,
		store: &Store,
		lane: &str,
		institution: InstitutionId,
		pause: Option<&Pause>,
	) -> Result<(), StoreError> {
		let reason = pause.map(|pause| pause.reason.as_str());
		if self.paused.as_ref().is_some_and(|paused| paused.as_deref() == reason) {
			return Ok(());
		}
		let mut tx = store.write().await?;
		let before: Option<String> = sqlx::query_scalar("SELECT paused FROM lanes WHERE name = $1")
			.bind(lane)
			.fetch_one(&mut *tx)
			.await?;
		// A process before this one may have told it.
		if let Some(mut data) = pause.and_then(|pause| pause.low.clone())
			&& before.as_deref() != reason
		{
			data.insert("lane".into(), lane.into());
			let message = Message { institution: Some(institution), kind: kinds::BUDGET_LOW, data };
			queue::push(&mut tx, store::now(), vec![message]).await?;
		}
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

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{hooks::Endpoints, store::testing};

	#[tokio::test]
	async fn that_a_key_has_too_little_is_told_once() {
		for database in testing::stores().await {
			let store = database.store;
			let endpoints = Endpoints::new(store.clone(), true);
			let (endpoint, _) = endpoints.create(1, "https://shop.example", Vec::new()).await.unwrap();
			let account = AccountId([1; 32]);
			super::super::list::register(&store, "1:issue", 1, account).await.unwrap();
			let low = json!({ "account": account, "balance": "5", "missing": "7" });
			let pause = Pause { reason: "too little".into(), low: low.as_object().cloned() };
			for _ in 0..2 {
				// As two processes do, one after the other.
				let mut purse = Purse::default();
				purse.pause(&store, "1:issue", 1, Some(&pause)).await.unwrap();
				purse.pause(&store, "1:issue", 1, Some(&pause)).await.unwrap();
			}
			let sent = endpoints.deliveries(1, &endpoint.id, None, 0, 10).await.unwrap();
			assert_eq!(sent.len(), 1, "{sent:?}");
			let finality = Pause::of("finality stands".into());
			let mut purse = Purse::default();
			purse.pause(&store, "1:issue", 1, Some(&finality)).await.unwrap();
			purse.pause(&store, "1:issue", 1, None).await.unwrap();
			purse.pause(&store, "1:issue", 1, Some(&pause)).await.unwrap();
			assert_eq!(endpoints.deliveries(1, &endpoint.id, None, 0, 10).await.unwrap().len(), 2);
		}
	}
}
