//! Payment requests: what a till shows, and whether it was paid.

use super::super::{
	App,
	access::{By, Caller, READER, TILL},
	begin::WriteHeaders,
	json::body,
	pages::{Asked, Named, Page, PageQuery},
	post::Posted,
	problem::Refusal,
	values::{Amount, Reference, Units},
};
use crate::{
	model::Hash,
	orders::commitment::{Scope, commitment},
	store::{Moment, now},
};
use axum::{
	Json,
	extract::State,
	http::{HeaderValue, StatusCode, header},
	response::{IntoResponse, Response},
};
use hanse_chain::AccountId;
use serde::{Deserialize, Serialize};
use sqlx::{Row, any::AnyRow};
use std::time::Duration;
use tokio::time::Instant;

/// Milliseconds for which a request is good, unless it is said.
const GOOD: Moment = 15 * 60 * 1000;
/// The longest time for which somebody waits for a payment.
const LONGEST: Duration = Duration::from_secs(60);

body! {
	/// What a customer is to pay.
	pub struct RequestBody {
		/// The order's number, as the institution has it. It is paid once.
		pub order: Reference,
		/// Settlement micro-units.
		pub price: Units,
		/// Seconds for which it can be paid: 900 unless it is said, at most 3,600.
		#[schema(minimum = 1, maximum = 3600)]
		pub seconds: Option<u32>,
	}
}

/// A request for a payment, and how it stands.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PaymentRequest {
	pub id: String,
	pub order: String,
	pub price: Amount,
	pub era: u32,
	/// What names the order on the chain.
	#[schema(value_type = String)]
	pub commitment: Hash,
	/// What wallets open.
	#[schema(example = "hanse:pay?c=0x…&m=1&o=4.0x…&v=1250000&t=1790000000000")]
	pub uri: String,
	/// What a QR code says: the same.
	pub qr: String,
	pub status: PaymentStatus,
	/// Of a request that is paid or authorised.
	pub payment: Option<Payment>,
	/// Milliseconds since 1970.
	pub expires: Moment,
	pub created: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
	/// Nobody paid yet.
	Open,
	/// Paid in a block that can still be replaced.
	InBlock,
	/// Paid in a final block.
	Paid,
	/// Authorised in a final block: it can be captured.
	Authorised,
	/// Paid, but another price. Refund it, or ask for the rest with another order.
	WrongPrice,
	/// Its time is over. What was sent before can still arrive.
	Expired,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Payment {
	#[schema(value_type = String)]
	pub payer: AccountId,
	pub price: Amount,
	pub refunded: Amount,
	/// The block it is in.
	pub block: u64,
}

struct Stored {
	id: String,
	order: String,
	era: u32,
	commitment: [u8; 32],
	price: i64,
	expires: Moment,
	created: Moment,
}

impl Stored {
	const COLUMNS: &str = "id, reference, era, commitment, price, expires, created";

	fn read(row: &AnyRow) -> Result<Self, Refusal> {
		Ok(Self {
			id: row.try_get("id")?,
			order: row.try_get("reference")?,
			era: u32::try_from(row.try_get::<i64, _>("era")?).map_err(|_| Refusal::internal())?,
			commitment: row
				.try_get::<Vec<u8>, _>("commitment")?
				.try_into()
				.map_err(|_| Refusal::internal())?,
			price: row.try_get("price")?,
			expires: row.try_get("expires")?,
			created: row.try_get("created")?,
		})
	}
}

/// Ask for a payment: what a wallet opens, and what a QR code says.
#[utoipa::path(
	post,
	path = "/v1/payment-requests",
	tag = "payments",
	params(WriteHeaders),
	request_body = RequestBody,
	responses((status = 201, description = "It can be paid", body = PaymentRequest)),
	security(("key" = []))
)]
pub async fn create(
	State(app): State<App>,
	By(caller): By<TILL>,
	posted: Posted<RequestBody>,
) -> Result<Response, Refusal> {
	let RequestBody { order, price, seconds } = posted.body;
	let good = match seconds {
		None => GOOD,
		Some(seconds @ 1..=3600) => Moment::from(seconds) * 1000,
		Some(_) => return Err(Refusal::fault("/seconds", "is to be a whole number from 1 to 3600.")),
	};
	let price = price.0.cast_signed();
	let era = app.era().await?;
	let commitment = commitment(app.order_key(&caller)?, Scope::Payment, &order.0);
	let stored = store(&app, &caller, &order.0, (era, commitment), price, good).await?;
	if stored.price != price {
		return Err(Refusal::conflict(
			"order-reused",
			format!(
				"Order {} was to be paid with {} micro-units, and now with {price}. Use another order number for another price.",
				order.0, stored.price
			),
		));
	}
	app.ensure_not_anothers(&caller, &order.0).await?;
	let location = format!("/v1/payment-requests/{}", stored.id);
	let view = view(&app, &caller, stored).await?;
	let mut response = (StatusCode::CREATED, Json(view)).into_response();
	if let Ok(location) = HeaderValue::from_str(&location) {
		response.headers_mut().insert(header::LOCATION, location);
	}
	super::super::begin::mark(&mut response, posted.again, None);
	Ok(response)
}

/// Which requests are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
	/// Those that were made from this moment on, in milliseconds since 1970.
	since: Option<Moment>,
	/// How many at most, 100 unless it is said.
	#[param(minimum = 1, maximum = 500)]
	limit: Option<u32>,
	/// `next` of the page before.
	after: Option<String>,
}

/// Requests for payments, the newest first: those of the key's till, or of the institution if it is for none.
#[utoipa::path(
	get,
	path = "/v1/payment-requests",
	tag = "payments",
	params(ListQuery),
	responses((status = 200, body = Page<PaymentRequest>)),
	security(("key" = []))
)]
pub async fn list(
	State(app): State<App>,
	By(caller): By<{ TILL | READER }>,
	Asked(asked): Asked<ListQuery>,
) -> Result<Json<Page<PaymentRequest>>, Refusal> {
	let query = PageQuery::new(asked.limit, asked.after);
	let limit = query.limit()?;
	// Ids are in the order of time.
	let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
		"SELECT {} FROM payment_requests WHERE institution = $1 AND id < $2 AND created >= $3 AND ($4 = '' OR till = $4) ORDER BY id DESC LIMIT $5",
		Stored::COLUMNS
	)))
	.bind(i64::from(caller.institution))
	.bind(query.after()?.unwrap_or_else(|| "g".into()))
	.bind(asked.since.unwrap_or(0))
	.bind(caller.till.clone().unwrap_or_default())
	.bind(i64::from(limit) + 1)
	.fetch_all(app.store.read())
	.await?;
	let mut items = Vec::with_capacity(rows.len());
	for row in rows {
		items.push(view(&app, &caller, Stored::read(&row)?).await?);
	}
	Ok(Json(Page::of(items, limit, |last| last.id.clone())))
}

/// Stores a request, or finds the one of this order.
async fn store(
	app: &App,
	caller: &Caller,
	order: &str,
	(era, commitment): (u32, Hash),
	price: i64,
	good: Moment,
) -> Result<Stored, Refusal> {
	let (institution, till, number) = (i64::from(caller.institution), caller.till.clone(), order.to_owned());
	let write = app.store.together(move |tx| {
		Box::pin(async move {
			sqlx::query(
				"INSERT INTO payment_requests (id, institution, till, reference, era, commitment, price, expires, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (institution, reference) DO NOTHING",
			)
			.bind(uuid::Uuid::now_v7().to_string())
			.bind(institution)
			.bind(till)
			.bind(&number)
			.bind(i64::from(era))
			.bind(commitment.0.to_vec())
			.bind(price)
			.bind(now() + good)
			.bind(now())
			.execute(&mut **tx)
			.await?;
			let found = sqlx::query(sqlx::AssertSqlSafe(format!(
				"SELECT {} FROM payment_requests WHERE institution = $1 AND reference = $2",
				Stored::COLUMNS
			)))
			.bind(institution)
			.bind(number)
			.fetch_one(&mut **tx);
			Ok(found.await?)
		})
	});
	Stored::read(&write.await?)
}

/// For what to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Until {
	InBlock,
	Final,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RequestQuery {
	/// Answer when it is paid so far, or after a minute.
	#[param(inline)]
	wait: Option<Until>,
}

/// How a request for a payment stands.
#[utoipa::path(
	get,
	path = "/v1/payment-requests/{id}",
	tag = "payments",
	params(("id" = String, Path, description = "As the answer to the request says"), RequestQuery),
	responses((status = 200, body = PaymentRequest)),
	security(("key" = []))
)]
pub async fn get(
	State(app): State<App>,
	By(caller): By<{ TILL | READER }>,
	Named(id): Named<String>,
	Asked(query): Asked<RequestQuery>,
) -> Result<Json<PaymentRequest>, Refusal> {
	let until = Instant::now() + LONGEST;
	let mut indexed = app.heads.last_indexed();
	let mut best = app.heads.best();
	loop {
		let row = sqlx::query(sqlx::AssertSqlSafe(format!(
			"SELECT {} FROM payment_requests WHERE institution = $1 AND id = $2 AND COALESCE(till, '') = COALESCE($3, till, '')",
			Stored::COLUMNS
		)))
		.bind(i64::from(caller.institution))
		.bind(&id)
		.bind(caller.till.clone())
		.fetch_optional(app.store.read())
		.await?
		.ok_or_else(|| {
			Refusal::not_found(format!("There is no payment request {id} of this institution."))
		})?;
		let stored = Stored::read(&row)?;
		let order = stored.commitment;
		let mut view = view(&app, &caller, stored).await?;
		if view.status == PaymentStatus::Open && query.wait == Some(Until::InBlock) {
			view.payment = app.provisional.paid(caller.institution, order);
			if view.payment.is_some() {
				view.status = PaymentStatus::InBlock;
			}
		}
		let more = match query.wait {
			None => false,
			Some(_) => view.status == PaymentStatus::Open,
		};
		if !more || Instant::now() >= until {
			return Ok(Json(view));
		}
		let news = async {
			tokio::select! {
				_ = indexed.changed() => {},
				_ = best.changed(), if query.wait == Some(Until::InBlock) => {
					// The provisional payments are read from that block meanwhile.
					tokio::time::sleep(Duration::from_millis(50)).await;
				},
			}
		};
		let _ = tokio::time::timeout_at(until, news).await;
	}
}

async fn view(app: &App, caller: &Caller, stored: Stored) -> Result<PaymentRequest, Refusal> {
	let row = sqlx::query(
		"SELECT payer, status, price, authorised, refunded, block FROM payments WHERE merchant = $1 AND commitment = $2 AND status <> 'void' ORDER BY block, position LIMIT 1",
	)
	.bind(i64::from(caller.institution))
	.bind(stored.commitment.to_vec())
	.fetch_optional(app.store.read())
	.await?;
	let (status, payment) = match row {
		Some(row) => {
			let (price, authorised) =
				(row.try_get::<i64, _>("price")?, row.try_get::<Option<i64>, _>("authorised")?);
			let status = match row.try_get::<String, _>("status")?.as_str() {
				"authorised" if authorised == Some(stored.price) => PaymentStatus::Authorised,
				"paid" if price == stored.price => PaymentStatus::Paid,
				"captured" => PaymentStatus::Paid,
				_ => PaymentStatus::WrongPrice,
			};
			let payer: Vec<u8> = row.try_get("payer")?;
			let payment = Payment {
				payer: AccountId(payer.try_into().map_err(|_| Refusal::internal())?),
				price: Amount::money(authorised.unwrap_or(price).unsigned_abs().into()),
				refunded: Amount::money(row.try_get::<i64, _>("refunded")?.unsigned_abs().into()),
				block: row.try_get::<i64, _>("block")?.unsigned_abs(),
			};
			(status, Some(payment))
		},
		None if stored.expires <= now() => (PaymentStatus::Expired, None),
		None => (PaymentStatus::Open, None),
	};
	let uri = format!(
		"hanse:pay?c=0x{}&m={}&o={}.0x{}&v={}&t={}",
		hex::encode(app.node.genesis()),
		caller.institution,
		stored.era,
		hex::encode(stored.commitment),
		stored.price,
		stored.expires,
	);
	Ok(PaymentRequest {
		id: stored.id,
		order: stored.order,
		price: Amount::money(stored.price.unsigned_abs().into()),
		era: stored.era,
		commitment: Hash(stored.commitment),
		qr: uri.clone(),
		uri,
		status,
		payment,
		expires: stored.expires,
		created: stored.created,
	})
}
