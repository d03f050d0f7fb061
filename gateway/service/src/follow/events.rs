//! The events themselves, for whoever wants to see what the books were made of.

use super::{
	FollowError, number,
	rows::{self, Value},
};
use crate::store::Transaction;
use hanse_chain::{BlockEvent, FinalBlock};

/// The chain's housekeeping: what every transaction says, and money that moves behind what other events say.
const LEFT_OUT: [&str; 3] = ["System", "Balances", "TransactionPayment"];

/// Whether an event is kept in the table, for `/export` and `/events`.
pub fn is_kept(event: &BlockEvent) -> bool {
	!LEFT_OUT.contains(&event.pallet.as_str())
}

pub(super) async fn record(tx: &mut Transaction, block: &FinalBlock) -> Result<(), FollowError> {
	let mut kept = Vec::new();
	for event in block.events.iter().filter(|event| is_kept(event)) {
		kept.push([
			Value::Number(number(block.number)?),
			Value::Number(event.position.into()),
			Value::OptionalNumber(event.extrinsic.map(i64::from)),
			Value::Text(event.pallet.clone()),
			Value::Text(event.name.clone()),
			Value::Text(event.json.to_string()),
		]);
	}
	rows::insert(tx, "events", ["block", "position", "extrinsic", "pallet", "name", "data"], "", kept).await
}
