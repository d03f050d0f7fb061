//! Customers: what they hold, what happened to them, and their leaving.

use super::super::{
	App,
	access::{ADMIN, By, Caller, READER, REGISTRAR, TILL},
	begin::{Begun, Wait, Wish, WriteHeaders},
	pages::{Asked, Named, Page, PageQuery},
	post::{Nothing, Posted},
	problem::Refusal,
	values::Amount,
};
use crate::model::{Action, Hash};
use axum::{Json, extract::State, response::IntoResponse};
use hanse_chain::AccountId;
use serde::Serialize;
use sqlx::Row;

pub(super) fn hash(bytes: Vec<u8>) -> Result<Hash, Refusal> {
	bytes.try_into().map(Hash).map_err(|_| Refusal::internal())
}

/// The account of one of the institution's customers, if it has one of this name.
pub(super) async fn account_of(
	app: &App,
	caller: &Caller,
	reference: &str,
) -> Result<Option<AccountId>, Refusal> {
	let row = sqlx::query("SELECT account FROM customers WHERE institution = $1 AND reference = $2")
		.bind(i64::from(caller.institution))
		.bind(reference)
		.fetch_optional(app.store.read())
		.await?;
	match row {
		Some(row) => Ok(Some(AccountId(hash(row.try_get("account")?)?.0))),
		None => Ok(None),
	}
}

impl App {
	/// The account of one of the institution's customers.
	pub async fn customer(&self, caller: &Caller, reference: &str) -> Result<AccountId, Refusal> {
		account_of(self, caller, reference).await?.ok_or_else(|| {
			Refusal::not_found(format!(
				"There is no customer {reference} of this institution. Register it first."
			))
		})
	}

	/// From what the institution's commitments are made.
	pub fn order_key(&self, caller: &Caller) -> Result<&[u8; 32], Refusal> {
		self.keys.order_key(caller.institution).ok_or_else(|| {
			Refusal::unavailable(
				"The institution's order key is not loaded. Its operator sets `order_key`.",
				60,
			)
		})
	}
}

/// A customer of the institution.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CustomerView {
	pub reference: String,
	#[schema(value_type = String)]
	pub account: AccountId,
	/// Milliseconds since 1970.
	pub created: i64,
}

/// A customer as the chain has it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CustomerDetails {
	pub reference: String,
	#[schema(value_type = String)]
	pub account: AccountId,
	/// Nothing for an account that nobody registered, or not yet.
	pub registration: Option<RegistrationView>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RegistrationView {
	/// The institution that registered it.
	pub registrar: u32,
	/// How many accounts count together.
	pub accounts: u32,
	/// Milliseconds since 1970.
	pub since: u64,
	/// When it may exchange points.
	pub exchanges_from: u64,
	/// What it may still spend in its window.
	pub left: Amount,
	/// Transactions whose fee is still paid for it today.
	pub sponsored_left: u32,
}

/// Customers of the institution, by reference.
#[utoipa::path(
	get,
	path = "/v1/customers",
	tag = "customers",
	params(PageQuery),
	responses((status = 200, body = Page<CustomerView>)),
	security(("key" = []))
)]
pub async fn list(
	State(app): State<App>,
	By(caller): By<{ REGISTRAR | READER | ADMIN }>,
	Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<CustomerView>>, Refusal> {
	let limit = query.limit()?;
	let rows = sqlx::query(
		"SELECT reference, account, created FROM customers WHERE institution = $1 AND reference > $2 ORDER BY reference LIMIT $3",
	)
	.bind(i64::from(caller.institution))
	.bind(query.after()?.unwrap_or_default())
	.bind(i64::from(limit) + 1)
	.fetch_all(app.store.read())
	.await?;
	let mut items = Vec::with_capacity(rows.len());
	for row in rows {
		items.push(CustomerView {
			reference: row.try_get("reference")?,
			account: AccountId(hash(row.try_get("account")?)?.0),
			created: row.try_get("created")?,
		});
	}
	Ok(Json(Page::of(items, limit, |customer| customer.reference.clone())))
}

/// A customer, and what it may still spend.
#[utoipa::path(
	get,
	path = "/v1/customers/{reference}",
	tag = "customers",
	params(("reference" = String, Path, description = "The institution's own name for the customer", example = "C-1009")),
	responses((status = 200, body = CustomerDetails)),
	security(("key" = []))
)]
pub async fn get(
	State(app): State<App>,
	By(caller): By<{ REGISTRAR | READER | TILL | ADMIN }>,
	Named(reference): Named<String>,
) -> Result<impl IntoResponse, Refusal> {
	let account = app.customer(&caller, &reference).await?;
	let reads = app.reads().await?;
	let registration = reads.customer(account).await?.map(|customer| RegistrationView {
		registrar: customer.registrar,
		accounts: customer.accounts,
		since: customer.since,
		exchanges_from: customer.exchanges_from,
		left: Amount::money(customer.left),
		sponsored_left: customer.sponsored_left,
	});
	Ok(app.as_of(&reads, Json(CustomerDetails { reference, account, registration })))
}

/// What somebody holds of one vintage.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct HoldingView {
	pub program: u16,
	#[schema(example = "SKY")]
	pub symbol: String,
	/// The vintage.
	pub vintage: u32,
	pub points: Amount,
	/// Awarded, and not to be used yet.
	pub pending: Amount,
	/// Milliseconds since 1970.
	pub expires: u64,
	/// Of the points that can be used, in settlement units.
	pub value: Amount,
}

/// What a customer holds, by vintage.
#[utoipa::path(
	get,
	path = "/v1/customers/{reference}/holdings",
	tag = "customers",
	params(("reference" = String, Path, description = "The institution's own name for the customer")),
	responses((status = 200, body = Page<HoldingView>)),
	security(("key" = []))
)]
pub async fn holdings(
	State(app): State<App>,
	By(caller): By<{ REGISTRAR | READER | TILL | ADMIN }>,
	Named(reference): Named<String>,
) -> Result<impl IntoResponse, Refusal> {
	let account = app.customer(&caller, &reference).await?;
	let programs = app.programs().await?;
	let reads = app.reads().await?;
	let (mut holdings, mut from) = (Vec::new(), 1);
	loop {
		let page = reads.portfolio(account, from).await?;
		for holding in page.holdings {
			let facts = programs.get(&holding.program);
			let decimals = facts.map_or(0, |facts| facts.decimals);
			holdings.push(HoldingView {
				program: holding.program,
				symbol: facts.map(|facts| facts.symbol.clone()).unwrap_or_default(),
				vintage: holding.asset,
				points: Amount::points(holding.amount, decimals),
				pending: Amount::points(holding.pending, decimals),
				expires: holding.expires,
				value: Amount::money(holding.value),
			});
		}
		match page.next {
			Some(next) => from = next,
			None => return Ok(app.as_of(&reads, Json(Page::whole(holdings)))),
		}
	}
}

/// What happened to a customer's points, the newest first.
#[utoipa::path(
	get,
	path = "/v1/customers/{reference}/records",
	tag = "customers",
	params(("reference" = String, Path, description = "The institution's own name for the customer"), PageQuery),
	responses((status = 200, body = Page<super::history::Record>)),
	security(("key" = []))
)]
pub async fn records(
	State(app): State<App>,
	By(caller): By<{ REGISTRAR | READER | ADMIN }>,
	Named(reference): Named<String>,
	Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<super::history::Record>>, Refusal> {
	let account = app.customer(&caller, &reference).await?;
	Ok(Json(super::history::page(&app, account, &query).await?))
}

/// Make somebody nobody's customer.
#[utoipa::path(
	delete,
	path = "/v1/customers/{reference}",
	tag = "customers",
	params(("reference" = String, Path, description = "The institution's own name for the customer"), WriteHeaders),
	responses(Begun),
	security(("key" = []))
)]
pub async fn unregister(
	State(app): State<App>,
	By(caller): By<REGISTRAR>,
	Named(reference): Named<String>,
	wait: Wait,
	posted: Posted<Nothing>,
) -> Result<Begun, Refusal> {
	let account = app.customer(&caller, &reference).await?;
	let wish =
		Wish { action: Action::Unregister { account }, reference: Some(reference), key: Some(posted.key) };
	app.begin(&caller, wish, posted.again, wait).await
}
