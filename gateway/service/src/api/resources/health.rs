//! Whether the gateway runs, and whether it can do its work.

use super::super::{App, problem::Refusal};
use crate::store::now;
use axum::{Json, extract::State};
use serde::Serialize;
use std::time::Duration;
use subxt::rpcs::rpc_params;
use tokio::time::timeout;

/// Without a new final block for so long, nothing becomes final.
const SILENCE: Duration = Duration::from_secs(60);
/// How long the node may take to say anything.
const PATIENCE: Duration = Duration::from_secs(2);
/// Blocks by which the index may be behind.
const BEHIND: u64 = 32;

/// That it is there.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Live {
	#[schema(example = "live")]
	status: &'static str,
	#[schema(example = "0.1.0")]
	version: &'static str,
}

/// Whether the process runs.
#[utoipa::path(get, path = "/health/live", tag = "service", responses((status = 200, body = Live)))]
pub async fn live() -> Json<Live> {
	Json(Live { status: "live", version: env!("CARGO_PKG_VERSION") })
}

/// That it can do its work.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Ready {
	#[schema(example = "ready")]
	status: &'static str,
	/// The newest final block of the node, and the last one in the index.
	final_block: u64,
	indexed_block: u64,
	/// Whether this process sends, and not another one with the same database.
	sends: bool,
}

/// Whether it can store what it is asked, and the chain goes on; 503 says what is missing.
#[utoipa::path(get, path = "/health/ready", tag = "service", responses((status = 200, body = Ready)))]
pub async fn ready(State(app): State<App>) -> Result<Json<Ready>, Refusal> {
	let mut missing = Vec::new();
	if let Err(error) = touch(&app).await {
		tracing::error!(%error, "the database cannot be written");
		missing.push("the database cannot be written: look at the disk".to_owned());
	}
	let said = timeout(PATIENCE, app.node.request::<serde_json::Value>("system_health", rpc_params![])).await;
	if !matches!(said, Ok(Ok(_))) {
		missing.push(format!("the node does not answer: look at the one at {}", app.node.url()));
	}
	let heads = *app.node.heads().borrow();
	let silent = heads.final_since.elapsed();
	if silent > SILENCE {
		missing.push(format!("no block became final for {} s: look at the node", silent.as_secs()));
	}
	let indexed = app.heads.last_indexed().borrow().map_or(0, |block| block.number);
	if indexed + BEHIND < heads.final_head.number {
		missing.push(format!("the index is at block {indexed} of {}: wait", heads.final_head.number));
	}
	let lanes = app.orders.lanes().await?;
	for lane in &lanes {
		if let Some(why) = &lane.paused {
			missing.push(format!("lane {} waits: {why}", lane.name));
		}
	}
	if !missing.is_empty() {
		return Err(Refusal::unavailable(missing.join("; "), 5));
	}
	Ok(Json(Ready {
		status: "ready",
		final_block: heads.final_head.number,
		indexed_block: indexed,
		sends: app.orders.lease().is_held(),
	}))
}

/// Writes, for good: a disk that is full is seen here before somebody's order is.
async fn touch(app: &App) -> Result<(), crate::store::StoreError> {
	let mut transaction = app.store.write().await?;
	sqlx::query("INSERT INTO meta (name, value) VALUES ('ready', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
		.bind(now().to_string())
		.execute(&mut *transaction)
		.await?;
	Ok(transaction.commit().await?)
}
