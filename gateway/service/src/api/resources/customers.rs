//! Customers: consent, registration, what they hold, what happened to them.

use super::super::{
	App,
	access::{ADMIN, By, Caller, READER, REGISTRAR, TILL},
	begin::{Begun, Wait, Wish, WriteHeaders},
	docs::Problems,
	json::body,
	pages::{Asked, Named, Page, PageQuery},
	post::{Nothing, Posted},
	problem::Refusal,
	values::{Address, Amount, Reference, Signature},
};
use crate::{
	model::{Action, Hash},
	orders::commitment::{Scope, commitment},
	store::now,
};
use axum::{Json, extract::State, response::IntoResponse};
use hanse_chain::AccountId;
use serde::Serialize;
use sqlx::Row;

/// A consent is good for an hour at most; some of that is left for the clocks.
const CONSENT: i64 = 55 * 60 * 1000;

body! {
	/// Who is to agree to be a customer.
	pub struct ConsentBody {
		/// The institution's own name for the customer.
		pub reference: Reference,
		pub account: Address,
		/// What stands for the person, the same at every account: a number that the institution knows. It stays here; the chain
		/// gets a keyed hash.
		pub person: Reference,
		/// Whether the institution may recover a lost account: true unless it is said.
		pub may_recover: Option<bool>,
	}
}

/// What the customer's wallet signs.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Consent {
	pub reference: String,
	#[schema(value_type = String)]
	pub account: AccountId,
	#[schema(value_type = String)]
	pub commitment: Hash,
	#[schema(value_type = String)]
	pub tag: Hash,
	pub may_recover: bool,
	/// Milliseconds since 1970.
	pub until: i64,
	/// The bytes to sign, as `signRaw` takes them: 0x and hexadecimal digits.
	#[schema(pattern = "^0x[0-9a-f]*$")]
	pub bytes: String,
	/// What a QR code says, so that a wallet makes the same bytes itself.
	pub qr: String,
}

/// Make what a customer signs to be registered.
#[utoipa::path(
	post,
	path = "/v1/customers/consents",
	tag = "customers",
	params(WriteHeaders),
	request_body(content = ConsentBody, example = json!({"reference": "C-1009", "account": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "person": "DE-4711", "may_recover": true})),
	responses((status = 200, body = Consent), Problems),
	security(("key" = []))
)]
pub async fn consent(
	State(app): State<App>,
	By(caller): By<{ REGISTRAR | TILL }>,
	posted: Posted<ConsentBody>,
) -> Result<Json<Consent>, Refusal> {
	let ConsentBody { reference, account: Address(account), person, may_recover } = posted.body;
	let may_recover = may_recover.unwrap_or(true);
	let key = app.order_key(&caller)?;
	let tag = app.keys.tag_key(caller.institution).ok_or_else(|| {
		Refusal::unavailable(
			"The alliance's tag key is not loaded. Its operator sets `tag_key` for the institution.",
			60,
		)
	})?;
	let tag = commitment(tag, Scope::Tag, &person.0);
	let commitment = commitment(key, Scope::Customer, &reference.0);
	let until = now() + CONSENT;
	let reads = app.reads().await?;
	let bytes = reads
		.consent(caller.institution, account, commitment.0, tag.0, may_recover, until.unsigned_abs())
		.await?;
	let mut transaction = app.store.write().await?;
	sqlx::query(
		"INSERT INTO consents (institution, reference, account, commitment, tag, may_recover, until, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (institution, reference, account) DO UPDATE SET commitment = excluded.commitment, tag = excluded.tag, may_recover = excluded.may_recover, until = excluded.until, created = excluded.created",
	)
	.bind(i64::from(caller.institution))
	.bind(&reference.0)
	.bind(account.0.to_vec())
	.bind(commitment.0.to_vec())
	.bind(tag.0.to_vec())
	.bind(i64::from(may_recover))
	.bind(until)
	.bind(now())
	.execute(&mut *transaction)
	.await?;
	transaction.commit().await?;
	let qr = format!(
		"hanse:consent?c={}&i={}&a={account}&k={}&g={}&r={}&t={until}",
		String::from(Hash(app.node.genesis())),
		caller.institution,
		String::from(commitment),
		String::from(tag),
		u8::from(may_recover),
	);
	Ok(Json(Consent {
		reference: reference.0,
		account,
		commitment,
		tag,
		may_recover,
		until,
		bytes: format!("0x{}", hex::encode(bytes)),
		qr,
	}))
}

body! {
	/// A customer who agreed.
	pub struct RegisterBody {
		pub reference: Reference,
		pub account: Address,
		/// Of the bytes of the consent.
		pub signature: Signature,
	}
}

/// Register a customer with the consent that it signed.
#[utoipa::path(
	post,
	path = "/v1/customers",
	tag = "customers",
	params(WriteHeaders),
	request_body = RegisterBody,
	responses(
		(status = 200, description = "It is over", body = super::operations::OperationView),
		(status = 202, description = "It is begun", body = super::operations::OperationView),
		Problems
	),
	security(("key" = []))
)]
pub async fn register(
	State(app): State<App>,
	By(caller): By<{ REGISTRAR | TILL }>,
	wait: Wait,
	posted: Posted<RegisterBody>,
) -> Result<Begun, Refusal> {
	let RegisterBody { reference, account: Address(account), signature } = posted.body;
	let row = sqlx::query(
		"SELECT commitment, tag, may_recover, until FROM consents WHERE institution = $1 AND reference = $2 AND account = $3",
	)
	.bind(i64::from(caller.institution))
	.bind(&reference.0)
	.bind(account.0.to_vec())
	.fetch_optional(app.store.read())
	.await?
	.ok_or_else(|| {
		Refusal::not_found(format!(
			"Nobody asked {account} for its consent as {}. Post it to /v1/customers/consents first.",
			reference.0
		))
	})?;
	let until: i64 = row.try_get("until")?;
	if let Some(before) = account_of(&app, &caller, &reference.0).await?.filter(|before| *before != account) {
		let registered = app.reads().await?.customer(before).await?;
		if registered.is_some_and(|customer| customer.registrar == caller.institution) {
			return Err(Refusal::conflict(
				"reference-taken",
				format!(
					"{} is {before} already. Unregister that account first, or recover it to this one.",
					reference.0
				),
			));
		}
	}
	let action = Action::Register {
		account,
		commitment: hash(row.try_get("commitment")?)?,
		tag: hash(row.try_get("tag")?)?,
		may_recover: row.try_get::<i64, _>("may_recover")? != 0,
		until: until.unsigned_abs(),
		signature: signature.0,
	};
	remember(&app, &caller, &reference.0, account).await?;
	let wish = Wish { action, reference: Some(reference.0), key: None };
	app.begin(&caller, wish, posted.again, wait).await
}

async fn remember(app: &App, caller: &Caller, reference: &str, account: AccountId) -> Result<(), Refusal> {
	let mut transaction = app.store.write().await?;
	sqlx::query(
		"INSERT INTO customers (institution, reference, account, created) VALUES ($1, $2, $3, $4) ON CONFLICT (institution, reference) DO UPDATE SET account = excluded.account",
	)
	.bind(i64::from(caller.institution))
	.bind(reference)
	.bind(account.0.to_vec())
	.bind(now())
	.execute(&mut *transaction)
	.await?;
	transaction.commit().await?;
	Ok(())
}

fn hash(bytes: Vec<u8>) -> Result<Hash, Refusal> {
	bytes.try_into().map(Hash).map_err(|_| Refusal::internal())
}

/// The account of one of the institution's customers, if it has one of this name.
async fn account_of(app: &App, caller: &Caller, reference: &str) -> Result<Option<AccountId>, Refusal> {
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
	responses((status = 200, body = Page<CustomerView>), Problems),
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
	responses((status = 200, body = CustomerDetails), Problems),
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
	responses((status = 200, body = Page<HoldingView>), Problems),
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
	responses((status = 200, body = Page<super::history::Record>), Problems),
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
	responses(
		(status = 200, description = "It is over", body = super::operations::OperationView),
		(status = 202, description = "It is begun", body = super::operations::OperationView),
		Problems
	),
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
