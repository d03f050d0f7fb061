//! Payments in blocks that can still be replaced: for tills that do not wait until they are final.

use super::{resources::requests::Payment, values::Amount};
use hanse_chain::{InstitutionId, Node, hanse::exchange::events};
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, PoisonError},
};

/// How many blocks a payment is remembered: by then it is final, or its block was replaced.
const REMEMBERED: u64 = 64;

type Orders = HashMap<(InstitutionId, [u8; 32]), Payment>;

/// What the best blocks say was paid.
#[derive(Clone, Default)]
pub struct Provisional {
	paid: Arc<Mutex<Orders>>,
}

impl Provisional {
	/// Reads each new best block for as long as the node is followed.
	pub fn start(node: Node) -> Self {
		let provisional = Self::default();
		let kept = provisional.clone();
		tokio::spawn(async move {
			let mut heads = node.heads();
			while heads.changed().await.is_ok() {
				let best = heads.borrow_and_update().best;
				// A block that cannot be read is told of when it is final.
				if let Err(error) = kept.read(&node, best).await {
					tracing::debug!(%error, number = best.number, "a best block could not be read");
				}
			}
		});
		provisional
	}

	async fn read(
		&self,
		node: &Node,
		head: hanse_chain::Head,
	) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
		let found = node.at(head).await?.events().fetch().await?;
		let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
		paid.retain(|_, payment| payment.block + REMEMBERED > head.number);
		for event in found.find::<events::Paid>().flatten() {
			let payment = Payment {
				payer: event.payer.into(),
				price: Amount::money(event.price),
				refunded: Amount::money(0),
				block: head.number,
			};
			paid.insert((event.merchant, event.order.commitment.0), payment);
		}
		Ok(())
	}

	pub fn paid(&self, merchant: InstitutionId, order: [u8; 32]) -> Option<Payment> {
		self.paid.lock().unwrap_or_else(PoisonError::into_inner).get(&(merchant, order)).cloned()
	}
}
