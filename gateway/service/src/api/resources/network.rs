//! What the pages need to know before they know anything.

use super::super::{App, problem::Refusal};
use crate::model::Hash;
use axum::{Json, extract::State};
use serde::Serialize;

/// Which chain this is, and where it can be asked.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Network {
	/// The hash of the first block, which names the chain.
	#[schema(value_type = String)]
	pub genesis: Hash,
	/// Nodes that wallets ask, by WebSocket.
	#[schema(example = json!(["wss://node.example"]))]
	pub nodes: Vec<String>,
	/// The institutions that the gateway acts for.
	pub institutions: Vec<u32>,
}

/// Which chain this is, and which nodes wallets can ask.
#[utoipa::path(
	get,
	path = "/v1/public/network",
	tag = "alliance",
	responses((status = 200, body = Network))
)]
pub async fn network(State(app): State<App>) -> Result<Json<Network>, Refusal> {
	Ok(Json(Network {
		genesis: Hash(app.node.genesis()),
		nodes: app.nodes.clone(),
		institutions: app.keys.institutions(),
	}))
}
