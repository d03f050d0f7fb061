//! Slips, refunds, captures and voids: what a till does with a payment.

use super::{
	super::{
		App,
		access::{By, Caller, TILL},
		begin::{Begun, Wait, Wish, WriteHeaders},
		docs::Problems,
		json::body,
		pages::Named,
		post::{Nothing, Posted},
		problem::Refusal,
		values::{Address, Reference, Signature, Units},
	},
	operations::OperationView,
};
use crate::{
	model::{Action, Leg, Order},
	orders::commitment::{Scope, commitment},
};
use axum::extract::State;
use hanse_chain::AccountId;
use sqlx::Row;

body! {
	/// One program that pays.
	pub struct LegBody {
		pub program: u16,
		/// Smallest units that may be taken at most.
		pub max_points: Units,
	}
}

body! {
	/// A payment that a customer signed without a network.
	pub struct SlipBody {
		pub payer: Address,
		/// The order's number, as in the payment request.
		pub order: Reference,
		/// The era that the slip names, as in the payment request.
		pub era: u32,
		/// Settlement micro-units.
		pub price: Units,
		/// Up to 8 programs, in the order in which they pay.
		pub legs: Vec<LegBody>,
		/// As the slip says, in milliseconds since 1970.
		pub until: u64,
		pub signature: Signature,
	}
}

/// Present a slip that a customer signed without a network.
#[utoipa::path(
	post,
	path = "/v1/payments/slips",
	tag = "payments",
	params(WriteHeaders),
	request_body = SlipBody,
	responses(
		(status = 200, description = "It is over", body = OperationView),
		(status = 202, description = "It is begun", body = OperationView),
		Problems
	),
	security(("key" = []))
)]
pub async fn slip(
	State(app): State<App>,
	By(caller): By<TILL>,
	wait: Wait,
	posted: Posted<SlipBody>,
) -> Result<Begun, Refusal> {
	let SlipBody { payer: Address(payer), order, era, price, legs, until, signature } = posted.body;
	if !(1..=8).contains(&legs.len()) {
		return Err(Refusal::fault("/legs", "is to name 1 to 8 programs."));
	}
	let commitment = commitment(app.order_key(&caller)?, Scope::Payment, &order.0);
	let legs =
		legs.into_iter().map(|leg| Leg { program: leg.program, max_points: leg.max_points.0 }).collect();
	let action = Action::PresentSlip {
		payer,
		order: Order { era, commitment },
		price: price.0,
		legs,
		until,
		signature: signature.0,
	};
	app.begin(&caller, Wish { action, reference: Some(order.0), key: None }, posted.again, wait).await
}

body! {
	/// How much of a payment to give back.
	pub struct RefundBody {
		/// Micro-units that are refunded in all, those before included: a repeat does nothing.
		pub total: Units,
		/// Who paid, if more than one paid this order.
		pub payer: Option<Address>,
	}
}

/// Give a payment back, whole or in part, in the points that paid it.
#[utoipa::path(
	post,
	path = "/v1/payments/{order}/refunds",
	tag = "payments",
	params(("order" = String, Path, description = "The order's number"), WriteHeaders),
	request_body(content = RefundBody, example = json!({"total": "1250000"})),
	responses(
		(status = 200, description = "It is over", body = OperationView),
		(status = 202, description = "It is begun", body = OperationView),
		Problems
	),
	security(("key" = []))
)]
pub async fn refund(
	State(app): State<App>,
	By(caller): By<TILL>,
	Named(order): Named<String>,
	wait: Wait,
	posted: Posted<RefundBody>,
) -> Result<Begun, Refusal> {
	let RefundBody { total, payer } = posted.body;
	let (payer, on_chain) = paid(&app, &caller, &order, payer).await?;
	let action = Action::Refund { payer, order: on_chain, total: total.0 };
	app.begin(&caller, Wish { action, reference: Some(order), key: None }, posted.again, wait).await
}

body! {
	/// How much of an authorisation to take.
	pub struct CaptureBody {
		/// Micro-units, beside what was captured before.
		pub value: Units,
		/// Whether nothing more will be captured, so that the rest goes back.
		pub last: Option<bool>,
		/// Who authorised it, if more than one did for this order.
		pub payer: Option<Address>,
	}
}

/// Take of what a customer authorised.
#[utoipa::path(
	post,
	path = "/v1/authorisations/{order}/capture",
	tag = "payments",
	params(("order" = String, Path, description = "The order's number"), WriteHeaders),
	request_body(content = CaptureBody, example = json!({"value": "1250000", "last": true})),
	responses(
		(status = 200, description = "It is over", body = OperationView),
		(status = 202, description = "It is begun", body = OperationView),
		Problems
	),
	security(("key" = []))
)]
pub async fn capture(
	State(app): State<App>,
	By(caller): By<TILL>,
	Named(order): Named<String>,
	wait: Wait,
	posted: Posted<CaptureBody>,
) -> Result<Begun, Refusal> {
	let CaptureBody { value, last, payer } = posted.body;
	let (payer, on_chain) = paid(&app, &caller, &order, payer).await?;
	let action = Action::Capture { payer, order: on_chain, value: value.0, last: last.unwrap_or(false) };
	// Two captures of the same value are two: what makes one the same is its key.
	app.begin(&caller, Wish { action, reference: Some(order), key: Some(posted.key) }, posted.again, wait)
		.await
}

/// Give back what was authorised and not captured.
#[utoipa::path(
	post,
	path = "/v1/authorisations/{order}/void",
	tag = "payments",
	params(("order" = String, Path, description = "The order's number"), WriteHeaders),
	responses(
		(status = 200, description = "It is over", body = OperationView),
		(status = 202, description = "It is begun", body = OperationView),
		Problems
	),
	security(("key" = []))
)]
pub async fn void(
	State(app): State<App>,
	By(caller): By<TILL>,
	Named(order): Named<String>,
	wait: Wait,
	posted: Posted<Nothing>,
) -> Result<Begun, Refusal> {
	let (payer, on_chain) = paid(&app, &caller, &order, None).await?;
	let action = Action::Void { payer, order: on_chain };
	app.begin(&caller, Wish { action, reference: Some(order), key: Some(posted.key) }, posted.again, wait)
		.await
}

/// Who paid or authorised an order here, and the order as the chain has it.
async fn paid(
	app: &App,
	caller: &Caller,
	number: &str,
	payer: Option<Address>,
) -> Result<(AccountId, Order), Refusal> {
	let commitment = commitment(app.order_key(caller)?, Scope::Payment, number);
	let rows = sqlx::query(
		"SELECT payer, era FROM payments WHERE merchant = $1 AND commitment = $2 ORDER BY block DESC, position DESC",
	)
	.bind(i64::from(caller.institution))
	.bind(commitment.0.to_vec())
	.fetch_all(app.store.read())
	.await?;
	let mut found: Vec<(AccountId, u32)> = Vec::new();
	for row in rows {
		let account = row.try_get::<Vec<u8>, _>("payer")?.try_into().map_err(|_| Refusal::internal())?;
		let era = u32::try_from(row.try_get::<i64, _>("era")?).map_err(|_| Refusal::internal())?;
		found.push((AccountId(account), era));
	}
	if let Some(Address(payer)) = payer {
		found.retain(|(account, _)| *account == payer);
	}
	match found.as_slice() {
		[] => Err(Refusal::not_found(format!(
			"No payment or authorisation of order {number} is in a final block yet. Wait for it, or check the number."
		))),
		[(first, era), others @ ..] if others.iter().all(|(account, _)| account == first) => {
			Ok((*first, Order { era: *era, commitment }))
		},
		_ => Err(Refusal::fault(
			"/payer",
			format!("is missing: more than one account paid order {number}. Name one."),
		)),
	}
}
