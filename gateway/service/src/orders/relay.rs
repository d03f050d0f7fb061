//! Transactions that customers signed: stored, then sent as they are, until a final block or their death decides.

use super::{
	LaneError,
	batch::{Batch, Kind},
	lease::Lease,
	outbox, problem,
	refuse::refuse,
};
use crate::{
	model::{Action, Problem},
	store::{self, Operation, Status, Store, StoreError},
};
use hanse_chain::{AtBlock, Envelope, Node, Submitted, sign::Signed};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
	sync::{Notify, watch},
	time::sleep,
};

const LOOK: i64 = 500;
/// So many blocks later the node gets a transaction again: one that it did not take, and one that it may have lost.
const AGAIN: u64 = 2;
const AGAIN_TAKEN: u64 = 8;
const IDLE: Duration = Duration::from_secs(30);
const SOON: Duration = Duration::from_secs(1);

pub(super) struct Relay {
	pub name: String,
	pub store: Store,
	pub node: Node,
	pub lease: Lease,
	pub wake: Arc<Notify>,
	pub changed: watch::Sender<u64>,
	/// By the best block when the node got it from this process, and whether it took it.
	pub sent: HashMap<[u8; 32], (u64, bool)>,
}

impl Relay {
	pub async fn run(mut self) {
		let mut heads = self.node.heads();
		loop {
			let busy = match self.step().await {
				Ok(busy) => busy,
				Err(error) => {
					tracing::warn!(lane = self.name, %error, "relayed transactions wait");
					true
				},
			};
			tokio::select! {
				() = self.wake.notified() => {},
				Ok(()) = heads.changed(), if busy => {},
				() = sleep(if busy { SOON } else { IDLE }) => {},
			}
		}
	}

	/// Whether something is under way.
	async fn step(&mut self) -> Result<bool, LaneError> {
		if !self.lease.is_held() {
			self.sent.clear();
			return Ok(true);
		}
		self.store_accepted().await?;
		let best = self.node.best_head().number;
		let under_way = outbox::under_way(self.store.read(), &self.name).await?;
		self.sent.retain(|hash, _| under_way.iter().any(|one| one.hash == *hash));
		let mut marks = Vec::new();
		for one in &under_way {
			let wants = match self.sent.get(&one.hash) {
				None => true,
				Some((then, taken)) => {
					best >= then + if *taken { AGAIN_TAKEN } else { AGAIN } || best < *then
				},
			};
			if !wants || one.death <= best {
				continue;
			}
			let bytes = outbox::bytes_of(self.store.read(), &one.hash).await?;
			let said = self.node.submit(&bytes).await?;
			let taken = matches!(said, Submitted::Taken | Submitted::Outdated);
			self.sent.insert(one.hash, (best, taken));
			if let Submitted::NotNow(why) | Submitted::Invalid(why) = &said {
				tracing::warn!(
					lane = self.name,
					why,
					"the node does not take a customer's transaction; it gets it again"
				);
			}
			if taken && one.status == Status::Signed {
				marks.push((one.hash, Status::Sent));
			}
		}
		if !marks.is_empty() {
			let mut tx = self.store.write().await?;
			outbox::mark(&mut tx, &marks).await?;
			tx.commit().await.map_err(StoreError::from)?;
			self.changed.send_modify(|count| *count = count.wrapping_add(1));
		}
		Ok(!under_way.is_empty())
	}

	async fn store_accepted(&mut self) -> Result<(), LaneError> {
		let waiting = outbox::accepted(self.store.read(), &self.name, LOOK).await?;
		if waiting.is_empty() {
			return Ok(());
		}
		let at = self.node.at_best().await?;
		let (mut signed, mut refused) = (Vec::new(), Vec::new());
		for (operation, _) in waiting {
			match opened(&at, &operation).await {
				Ok(one) => signed.push((operation, one)),
				Err(problem) => refused.push((operation, problem)),
			}
		}
		self.store(signed).await?;
		if !refused.is_empty() {
			refuse(&self.store, refused).await?;
			self.changed.send_modify(|count| *count = count.wrapping_add(1));
		}
		Ok(())
	}

	/// All of them in one transaction of the database: many come at once, and soon they are dead.
	async fn store(&self, signed: Vec<(Operation, Signed)>) -> Result<(), LaneError> {
		if signed.is_empty() {
			return Ok(());
		}
		let mut tx = self.store.write().await?;
		if !self.lease.hold(&mut tx).await? {
			return Err(LaneError::LeaseLost);
		}
		for (operation, signed) in signed {
			let batch = Batch { kind: Kind::Others { most: None }, operations: vec![operation] };
			outbox::store(&mut tx, &self.name, &signed, &batch).await?;
		}
		tx.commit().await.map_err(store::StoreError::from)?;
		Ok(())
	}
}

/// What is needed of a transaction to send it and to know when it is dead.
async fn opened(at: &AtBlock, operation: &Operation) -> Result<Signed, Problem> {
	let Action::Relay { bytes } = &operation.action else {
		return Err(problem::unwritable(&super::calls::Unwritable::NotOurs));
	};
	let unreadable = |detail: &str| {
		problem::gateway("unreadable-transaction", "The transaction cannot be read", detail, false)
	};
	let bytes = hex::decode(bytes.strip_prefix("0x").unwrap_or(bytes)).map_err(|_| {
		unreadable("It is not written in hexadecimal digits. Send it as the wallet answered it.")
	})?;
	let envelope = Envelope::open(at, bytes)
		.await
		.map_err(|error| unreadable(&format!("{error}. Send it as the wallet answered it.")))?;
	let death = envelope.death.ok_or_else(|| {
		unreadable(
			"It never dies, so that nobody could say when it failed. Have one signed that is good for 64 blocks.",
		)
	})?;
	Ok(Signed {
		bytes: envelope.bytes,
		hash: envelope.hash,
		nonce: envelope.nonce,
		birth: at.block_number(),
		death,
		// Its bytes do not say it, and the customer's wallet may have seen another block than this one.
		spec_version: None,
	})
}
