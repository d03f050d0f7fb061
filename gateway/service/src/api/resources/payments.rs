//! Slips, refunds, captures and voids: what a till does with a payment.

use super::{
	super::{
		App,
		access::{By, Caller, TILL},
		begin::{Begun, Wait, Wish, WriteHeaders},
		json::{At, body},
		lines::{Line, Lines},
		pages::Named,
		post::{Nothing, Posted},
		problem::Refusal,
		values::{Address, Reference, Signature, Units},
	},
	results::OneOrMany,
};
use crate::{
	model::{Action, Fault, Leg, Order},
	orders::commitment::{Scope, commitment},
};
use axum::{
	extract::State,
	response::{IntoResponse, Response},
};
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

/// A slip, or many.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it describes what is read one way or the other")]
#[serde(untagged)]
pub enum OneSlipOrMany {
	One(Box<SlipBody>),
	Many(Vec<SlipBody>),
}

impl Line for SlipBody {
	const PLAIN: &'static [&'static str] = &["era", "legs", "until"];

	fn faults(&self) -> Vec<Fault> {
		match (1..=8).contains(&self.legs.len()) {
			true => Vec::new(),
			false => vec![At::ROOT.name("legs").fault("is to name 1 to 8 programs.")],
		}
	}
}

/// Present slips that customers signed without a network: one, or up to 5,000 with a result for each.
#[utoipa::path(
	post,
	path = "/v1/payments/slips",
	tag = "payments",
	params(WriteHeaders),
	request_body(content((OneSlipOrMany = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"))),
	responses(
		(status = 200, description = "It is over; of many, what became of each line", body = OneOrMany),
		(status = 202, description = "It is begun; of many, what became of each line", body = OneOrMany)
	),
	security(("key" = []))
)]
pub async fn slip(
	State(app): State<App>,
	By(caller): By<TILL>,
	wait: Wait,
	posted: Posted<Lines<SlipBody>>,
) -> Result<Response, Refusal> {
	match posted.body {
		Lines::One(slip) => {
			let wish = present(&app, &caller, slip).await?;
			Ok(app.begin(&caller, wish, posted.again, wait).await?.into_response())
		},
		Lines::Many(slips) => {
			let mut wishes = Vec::with_capacity(slips.len());
			for slip in slips {
				let order = slip.as_ref().ok().map(|slip| slip.order.0.clone());
				let wish = match slip {
					Ok(slip) => present(&app, &caller, slip).await,
					Err(refusal) => Err(refusal),
				};
				wishes.push((order, wish));
			}
			app.begin_lines(&caller, wishes, posted.again, wait).await
		},
	}
}

/// A slip as an operation.
async fn present(app: &App, caller: &Caller, slip: SlipBody) -> Result<Wish, Refusal> {
	let SlipBody { payer: Address(payer), order, era, price, legs, until, signature } = slip;
	app.ensure_not_anothers(caller, &order.0).await?;
	let commitment = commitment(app.order_key(caller)?, Scope::Payment, &order.0);
	let leg = |leg: LegBody| Leg { program: leg.program, max_points: leg.max_points.0 };
	let action = Action::PresentSlip {
		payer,
		order: Order { era, commitment },
		price: price.0,
		legs: legs.into_iter().map(leg).collect(),
		until,
		signature: signature.0,
	};
	Ok(Wish { action, reference: Some(order.0), key: None })
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
	request_body = RefundBody,
	responses(Begun),
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
	request_body = CaptureBody,
	responses(Begun),
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
	responses(Begun),
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
			app.ensure_own_payment(caller, number, first, &commitment).await?;
			Ok((*first, Order { era: *era, commitment }))
		},
		_ => Err(Refusal::fault(
			"/payer",
			format!("is missing: more than one account paid order {number}. Name one."),
		)),
	}
}
