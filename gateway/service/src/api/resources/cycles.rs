//! Lists for the accountant: settlements of the alliance, and fees that were paid for customers.

use super::super::{
	App,
	access::{ADMIN, By, READER, TREASURER},
	pages::{Asked, Page, PageQuery},
	problem::Refusal,
	values::Amount,
};
use crate::store::Moment;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::Row;

/// A settlement of positions.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CycleView {
	pub cycle: i64,
	pub block: i64,
	pub time: Moment,
	/// How many positions were settled in the alliance, and how much money that moved.
	pub positions: i64,
	pub moved: Amount,
}

/// Settlements of the alliance, the oldest first.
#[utoipa::path(
	get,
	path = "/v1/statements/cycles",
	tag = "accounts",
	params(PageQuery),
	responses((status = 200, body = Page<CycleView>)),
	security(("key" = []))
)]
pub async fn cycles(
	State(app): State<App>,
	_: By<{ READER | TREASURER | ADMIN }>,
	Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<CycleView>>, Refusal> {
	let limit = query.limit()?;
	let after = number(query.after()?)?;
	let rows = sqlx::query(
		"SELECT cycle, block, time, positions, moved FROM cycles WHERE cycle > $1 ORDER BY cycle LIMIT $2",
	)
	.bind(after)
	.bind(i64::from(limit) + 1)
	.fetch_all(app.store.read())
	.await?;
	let mut items = Vec::with_capacity(rows.len());
	for row in rows {
		items.push(CycleView {
			cycle: row.try_get("cycle")?,
			block: row.try_get("block")?,
			time: row.try_get("time")?,
			positions: row.try_get("positions")?,
			moved: Amount::money(row.try_get::<i64, _>("moved")?.unsigned_abs().into()),
		});
	}
	Ok(Json(Page::of(items, limit, |cycle| cycle.cycle.to_string())))
}

/// Fees that the institution paid for customers on one day.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct FeesView {
	/// Days since 1970-01-01, UTC.
	pub day: i64,
	pub fees: Amount,
	pub transactions: i64,
}

/// Fees that the institution paid for customers, by day.
#[utoipa::path(
	get,
	path = "/v1/statements/fees",
	tag = "accounts",
	params(PageQuery),
	responses((status = 200, body = Page<FeesView>)),
	security(("key" = []))
)]
pub async fn fees(
	State(app): State<App>,
	By(caller): By<{ READER | TREASURER | ADMIN }>,
	Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<FeesView>>, Refusal> {
	let limit = query.limit()?;
	let rows = sqlx::query(
		"SELECT day, fees, transactions FROM sponsored WHERE sponsor = $1 AND day > $2 ORDER BY day LIMIT $3",
	)
	.bind(i64::from(caller.institution))
	.bind(number(query.after()?)?)
	.bind(i64::from(limit) + 1)
	.fetch_all(app.store.read())
	.await?;
	let mut items = Vec::with_capacity(rows.len());
	for row in rows {
		items.push(FeesView {
			day: row.try_get("day")?,
			fees: Amount::money(row.try_get::<i64, _>("fees")?.unsigned_abs().into()),
			transactions: row.try_get("transactions")?,
		});
	}
	Ok(Json(Page::of(items, limit, |fees| fees.day.to_string())))
}

fn number(after: Option<String>) -> Result<i64, Refusal> {
	match after {
		None => Ok(-1),
		Some(place) => place
			.parse()
			.map_err(|_| Refusal::fault("after", "is to be `next` of the page before, as it was.")),
	}
}
