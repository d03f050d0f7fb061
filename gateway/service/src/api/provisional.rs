//! What blocks say that can still be replaced: for tills that do not wait until they are final, and for `/v1/events`.

use super::{resources::requests::Payment, values::Amount};
use crate::follow::is_kept;
use hanse_chain::{
	BlockError, BlockEvent, Blocks, Head, InstitutionId, Node,
	hanse::{Event, exchange::Event as Exchange},
};
use serde_json::json;
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::broadcast;

/// How many blocks a payment is remembered: by then it is final, or its block was replaced.
const REMEMBERED: u64 = 64;
/// Blocks that a slow listener may be behind; it misses those before.
const WAITING: usize = 64;

type Orders = HashMap<(InstitutionId, [u8; 32]), Payment>;

/// Events of a best block, as lines of JSON.
pub type Lines = Arc<[String]>;

/// What the best blocks say.
#[derive(Clone)]
pub struct Provisional {
	paid: Arc<Mutex<Orders>>,
	told: broadcast::Sender<Lines>,
}

impl Provisional {
	/// Reads each new best block for as long as the node is followed.
	pub fn start(node: Node) -> Self {
		let provisional = Self { paid: Arc::default(), told: broadcast::channel(WAITING).0 };
		let kept = provisional.clone();
		tokio::spawn(async move {
			let mut heads = node.heads();
			let blocks = Blocks::new(node.rpc().clone(), node.client().clone());
			while heads.changed().await.is_ok() {
				let best = heads.borrow_and_update().best;
				// A block that cannot be read is told of when it is final.
				if let Err(error) = kept.read(&blocks, best).await {
					tracing::debug!(%error, number = best.number, "a best block could not be read");
				}
			}
		});
		provisional
	}

	async fn read(&self, blocks: &Blocks, head: Head) -> Result<(), BlockError> {
		let events = blocks.events(head.number, head.hash).await?;
		{
			let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
			paid.retain(|_, payment| payment.block + REMEMBERED > head.number);
			for event in &events {
				let Some(Event::Exchange(Exchange::Paid { merchant, payer, order, price, .. })) =
					&event.event
				else {
					continue;
				};
				let payment = Payment {
					payer: (*payer).into(),
					price: Amount::money(*price),
					refunded: Amount::money(0),
					block: head.number,
				};
				paid.insert((*merchant, order.commitment.0), payment);
			}
		}
		if self.told.receiver_count() > 0 {
			let lines = events.iter().filter(|event| is_kept(event)).map(|event| line(head, event)).collect();
			// Who has gone meanwhile hears nothing.
			let _ = self.told.send(lines);
		}
		Ok(())
	}

	pub fn paid(&self, merchant: InstitutionId, order: [u8; 32]) -> Option<Payment> {
		self.paid.lock().unwrap_or_else(PoisonError::into_inner).get(&(merchant, order)).cloned()
	}

	/// Events of best blocks from now on.
	pub fn listen(&self) -> broadcast::Receiver<Lines> {
		self.told.subscribe()
	}
}

fn line(head: Head, event: &BlockEvent) -> String {
	json!({
		"block": head.number,
		"block_hash": format!("0x{}", hex::encode(head.hash)),
		"position": event.position,
		"pallet": event.pallet,
		"name": event.name,
		"data": event.json,
	})
	.to_string()
}
