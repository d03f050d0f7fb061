//! What happened to an account's points, from the index.

use super::super::{
	App,
	pages::{Asked, Named, Page, PageQuery},
	problem::Refusal,
	values::Amount,
};
use crate::store::Moment;
use axum::{Json, extract::State};
use hanse_chain::AccountId;
use serde::Serialize;
use sqlx::Row;

/// One thing that happened to an account.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Record {
	pub block: i64,
	#[serde(skip)]
	position: i64,
	#[serde(skip)]
	part: i64,
	/// Milliseconds since 1970.
	pub time: Moment,
	/// What happened.
	#[schema(example = "awarded")]
	pub kind: String,
	pub program: Option<u16>,
	/// The vintage.
	pub vintage: Option<i64>,
	/// Whether the account has fewer points now.
	pub less: bool,
	pub points: Option<Amount>,
	/// The merchant, the sponsor or the registrar.
	pub institution: Option<i64>,
	pub value: Option<Amount>,
	/// The order.
	pub commitment: Option<String>,
	/// From whom, or to whom.
	#[schema(value_type = Option<String>)]
	pub other: Option<AccountId>,
}

/// A page of what happened to an account, the newest first.
pub async fn page(app: &App, account: AccountId, query: &PageQuery) -> Result<Page<Record>, Refusal> {
	let limit = query.limit()?;
	let before = match query.after()? {
		None => [i64::MAX; 3],
		Some(place) => {
			let parts: Vec<_> = place.split('-').filter_map(|part| part.parse().ok()).collect();
			parts
				.try_into()
				.map_err(|_| Refusal::fault("after", "is to be `next` of the page before, as it was."))?
		},
	};
	let rows = sqlx::query(
		"SELECT block, position, part, time, kind, program, asset, points, institution, value, commitment, other FROM history WHERE account = $1 AND (block < $2 OR (block = $2 AND (position < $3 OR (position = $3 AND part < $4)))) ORDER BY block DESC, position DESC, part DESC LIMIT $5",
	)
	.bind(account.0.to_vec())
	.bind(before[0])
	.bind(before[1])
	.bind(before[2])
	.bind(i64::from(limit) + 1)
	.fetch_all(app.store.read())
	.await?;
	let mut records = Vec::with_capacity(rows.len());
	for row in rows {
		let program =
			row.try_get::<Option<i64>, _>("program")?.and_then(|program| u16::try_from(program).ok());
		let decimals = match program {
			Some(program) => app.decimals(program).await?,
			None => 0,
		};
		let points = row.try_get::<Option<i64>, _>("points")?;
		records.push(Record {
			block: row.try_get("block")?,
			position: row.try_get("position")?,
			part: row.try_get("part")?,
			time: row.try_get("time")?,
			kind: row.try_get("kind")?,
			program,
			vintage: row.try_get("asset")?,
			less: points.is_some_and(|points| points < 0),
			points: points.map(|points| Amount::points(points.unsigned_abs().into(), decimals)),
			institution: row.try_get("institution")?,
			value: row
				.try_get::<Option<i64>, _>("value")?
				.map(|value| Amount::money(value.unsigned_abs().into())),
			commitment: row
				.try_get::<Option<Vec<u8>>, _>("commitment")?
				.map(|bytes| format!("0x{}", hex::encode(bytes))),
			other: row
				.try_get::<Option<Vec<u8>>, _>("other")?
				.and_then(|bytes| Some(AccountId(bytes.try_into().ok()?))),
		});
	}
	Ok(Page::of(records, limit, |last| format!("{}-{}-{}", last.block, last.position, last.part)))
}

/// What happened to an account, the newest first: for wallets, which have no history of their own.
#[utoipa::path(
	get,
	path = "/v1/public/accounts/{address}/history",
	tag = "alliance",
	params(("address" = String, Path, description = "The address of an account"), PageQuery),
	responses((status = 200, body = Page<Record>))
)]
pub async fn public(
	State(app): State<App>,
	Named(address): Named<String>,
	Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<Record>>, Refusal> {
	let account = address
		.parse()
		.map_err(|_| Refusal::not_found("The path names no address of an account, as wallets show it."))?;
	Ok(Json(page(&app, account, &query).await?))
}
