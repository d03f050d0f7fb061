//! Transactions that a customer's phone signed, sent by the till. They are checked before they are sent.

use super::super::{
	App,
	access::{By, TILL},
	begin::{Begun, Wait, Wish, WriteHeaders},
	json::body,
	post::Posted,
	problem::Refusal,
	values::{Reference, Units},
};
use crate::{
	model::Action,
	orders::commitment::{Scope, commitment},
};
use axum::{extract::State, http::StatusCode};
use hanse_chain::{
	Envelope,
	hanse::{self, runtime_types::pallet_exchange::pallet::Call as Exchange},
};

/// Blocks for which a transaction may live: one that outlives the receipt would be of no use to anybody.
const LONGEST: u64 = 256;

body! {
	/// A transaction that a customer signed.
	pub struct RelayBody {
		/// 0x and the hexadecimal digits of the whole extrinsic.
		pub transaction: super::super::values::Bytes,
		/// The order that it is to pay.
		pub order: Reference,
		/// The price that it is to pay, in micro-units.
		pub price: Units,
	}
}

/// Send a payment that a customer's phone signed, if it is what the till asked for.
#[utoipa::path(
	post,
	path = "/v1/payments/relay",
	tag = "payments",
	params(WriteHeaders),
	request_body = RelayBody,
	responses(Begun),
	security(("key" = []))
)]
pub async fn relay(
	State(app): State<App>,
	By(caller): By<TILL>,
	wait: Wait,
	posted: Posted<RelayBody>,
) -> Result<Begun, Refusal> {
	let RelayBody { transaction, order, price } = posted.body;
	let expected = commitment(app.order_key(&caller)?, Scope::Payment, &order.0);
	let at = app.recent_block().await?;
	let signed = Envelope::open(&at, transaction.0.clone()).await.map_err(|error| {
		wrong("not-a-transaction", format!("{error}. Have the wallet sign the payment request anew."))
	})?;
	let call = signed.call.ok_or_else(|| {
		wrong(
			"another-call",
			"The gateway does not know this runtime's form of the call. Its operator updates it.",
		)
	})?;
	ensure_payment(&call, caller.institution, expected.0, price.0)?;
	app.ensure_not_anothers(&caller, &order.0).await?;
	ensure_alive(signed.death, at.block_number())?;
	let action = Action::Relay { bytes: format!("0x{}", hex::encode(&transaction.0)) };
	app.begin(&caller, Wish { action, reference: Some(order.0), key: None }, posted.again, wait).await
}

/// It is a payment or an authorisation, for this merchant, order and price.
fn ensure_payment(call: &hanse::Call, merchant: u32, order: [u8; 32], price: u64) -> Result<(), Refusal> {
	let (to, of, value) = match call {
		hanse::Call::Exchange(
			Exchange::pay { merchant, order, price, .. } | Exchange::authorize { merchant, order, price, .. },
		) => (*merchant, order.commitment.0, *price),
		_ => {
			let detail =
				"It is neither a payment nor an authorisation. Show the customer the payment request again.";
			return Err(wrong("another-call", detail));
		},
	};
	if to != merchant {
		return Err(wrong("another-merchant", format!("It pays institution {to}, and this is {merchant}.")));
	}
	if of != order {
		let detail = "It pays another order. Show the customer the payment request of this one.";
		return Err(wrong("another-order", detail));
	}
	if value != u128::from(price) {
		return Err(wrong(
			"another-price",
			format!("It pays {value} micro-units, and the price is {price}."),
		));
	}
	Ok(())
}

/// It dies, and not so late that nobody waits for it any more.
fn ensure_alive(death: Option<u64>, head: u64) -> Result<(), Refusal> {
	match death {
		None => {
			Err(wrong("immortal", "It would be good for ever. Have the wallet sign it with a mortal era."))
		},
		Some(death) if death > head + LONGEST => Err(wrong(
			"too-long-lived",
			format!(
				"It would be good until block {death}; {LONGEST} blocks are the most. Have it signed with a shorter era."
			),
		)),
		Some(death) if death <= head => Err(wrong(
			"dead",
			"It can be in no block any more. Have the wallet sign the payment request anew.",
		)),
		Some(_) => Ok(()),
	}
}

fn wrong(name: &str, detail: impl Into<String>) -> Refusal {
	Refusal::new(
		StatusCode::UNPROCESSABLE_ENTITY,
		name,
		"The transaction is not what was asked for, and was not sent",
		detail,
	)
}

#[cfg(test)]
mod tests {
	use super::*;
	use hanse::runtime_types::{bounded_collections::bounded_vec::BoundedVec, hanse_primitives::Order};
	use subxt::utils::H256;

	fn pay(merchant: u32, order: u8, price: u128) -> hanse::Call {
		let order = Order { era: 1, commitment: H256([order; 32]) };
		hanse::Call::Exchange(Exchange::pay { merchant, order, price, legs: BoundedVec(Vec::new()) })
	}

	#[test]
	fn only_what_was_asked_for_is_sent() {
		ensure_payment(&pay(1, 7, 500), 1, [7; 32], 500).unwrap();
		for (call, name) in [
			(pay(2, 7, 500), "another-merchant"),
			(pay(1, 8, 500), "another-order"),
			(pay(1, 7, 499), "another-price"),
		] {
			let refusal = ensure_payment(&call, 1, [7; 32], 500).unwrap_err();
			assert!(refusal.problem().kind.ends_with(name), "{}", refusal.problem().kind);
			assert_eq!(refusal.problem().status, 422);
		}
	}

	#[test]
	fn what_would_never_die_is_not_sent() {
		ensure_alive(Some(164), 100).unwrap();
		for death in [None, Some(1_000), Some(100)] {
			assert!(ensure_alive(death, 100).is_err(), "{death:?}");
		}
	}
}
