//! What somebody asked the gateway to do, and where that stands.

use super::super::{
	App,
	access::{ANY_ROLE, By},
	pages::{Asked, Named, Page, PageQuery},
	problem::Refusal,
};
use crate::{
	model::Problem,
	store::{Moment, Operation, Status},
};
use axum::{Json, extract::State};
use serde::Serialize;

/// An operation: it happens once, or says why not.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OperationView {
	#[schema(example = "0198c0de-7d2a-7c3e-9f51-3f0f5b8f2a11")]
	pub id: String,
	/// What is done.
	#[schema(example = "award")]
	pub kind: &'static str,
	pub status: Status,
	/// The caller's own name for it, as an order number.
	#[schema(example = "A-2026-000471")]
	pub reference: Option<String>,
	/// The hash of the transaction that carries it, and its place in that.
	pub transaction: Option<String>,
	pub place: Option<i64>,
	/// The block it is in.
	pub block: Option<i64>,
	/// What the chain said came of it.
	#[schema(value_type = Option<Object>)]
	pub result: Option<serde_json::Value>,
	/// Why it failed.
	pub error: Option<Problem>,
	/// Milliseconds since 1970.
	pub created: Moment,
	pub updated: Moment,
}

impl From<Operation> for OperationView {
	fn from(operation: Operation) -> Self {
		Self {
			kind: operation.action.kind(),
			id: operation.id,
			status: operation.status,
			reference: operation.reference,
			transaction: operation.tx.map(|hash| format!("0x{}", hex::encode(hash))),
			place: operation.place,
			block: operation.block,
			result: operation.result,
			error: operation.error,
			created: operation.created,
			updated: operation.updated,
		}
	}
}

/// Of a key that is for one till, what that till asked for.
const OWN: &str =
	"($3 IS NULL OR EXISTS (SELECT 1 FROM access_keys k WHERE k.id = operations.access_key AND k.till = $3))";

/// An operation of the institution.
#[utoipa::path(
	get,
	path = "/v1/operations/{id}",
	tag = "operations",
	params(("id" = String, Path, description = "As the answer that began it says")),
	responses((status = 200, body = OperationView)),
	security(("key" = []))
)]
pub async fn get(
	State(app): State<App>,
	By(caller): By<ANY_ROLE>,
	Named(id): Named<String>,
) -> Result<Json<OperationView>, Refusal> {
	let row = sqlx::query(sqlx::AssertSqlSafe(format!(
		"SELECT {} FROM operations WHERE institution = $1 AND id = $2 AND {OWN}",
		Operation::COLUMNS
	)))
	.bind(i64::from(caller.institution))
	.bind(&id)
	.bind(caller.till)
	.fetch_optional(app.store.read())
	.await?
	.ok_or_else(|| Refusal::not_found(format!("There is no operation {id} of this institution.")))?;
	Ok(Json(Operation::read(&row)?.into()))
}

/// Operations of the institution, the oldest first.
#[utoipa::path(
	get,
	path = "/v1/operations",
	tag = "operations",
	params(PageQuery),
	responses((status = 200, body = Page<OperationView>)),
	security(("key" = []))
)]
pub async fn list(
	State(app): State<App>,
	By(caller): By<ANY_ROLE>,
	Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<OperationView>>, Refusal> {
	let limit = query.limit()?;
	let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
		"SELECT {} FROM operations WHERE institution = $1 AND id > $2 AND {OWN} ORDER BY id LIMIT $4",
		Operation::COLUMNS
	)))
	.bind(i64::from(caller.institution))
	.bind(query.after()?.unwrap_or_default())
	.bind(caller.till)
	.bind(i64::from(limit) + 1)
	.fetch_all(app.store.read())
	.await?;
	let operations = rows.iter().map(Operation::read).collect::<Result<Vec<_>, _>>()?;
	Ok(Json(Page::of(operations.into_iter().map(OperationView::from).collect(), limit, |o| o.id.clone())))
}
