//! The index as lines of JSON, for analysts: of final blocks only, the same from every gateway.

use super::super::{
	App,
	access::{ADMIN, ANALYST, By},
	pages::{Asked, Named},
	problem::Refusal,
};
use crate::export::{self, Place, Table};
use axum::{
	body::Body,
	extract::State,
	http::header,
	response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::Deserialize;
use tokio_stream::wrappers::ReceiverStream;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
	/// `cursor` of the last line that is there already.
	after: Option<String>,
}

/// All lines of a table after a cursor, as they are by now.
#[utoipa::path(
	get,
	path = "/v1/export/{table}",
	tag = "analysis",
	params(("table" = String, Path, description = "events.ndjson, blocks.ndjson, vintages.ndjson or payments.ndjson", example = "events.ndjson"), ExportQuery),
	responses((status = 200, description = "Lines of JSON, each with its cursor", content_type = "application/x-ndjson", body = String)),
	security(("key" = []))
)]
pub async fn export(
	State(app): State<App>,
	_: By<{ ANALYST | ADMIN }>,
	Named(table): Named<String>,
	Asked(query): Asked<ExportQuery>,
) -> Result<Response, Refusal> {
	let name = table.strip_suffix(".ndjson").unwrap_or_default();
	let table = name.parse::<Table>().map_err(|_| {
		Refusal::not_found(
			"There is no such table: events.ndjson, blocks.ndjson, vintages.ndjson and payments.ndjson are there.",
		)
	})?;
	let mut after = match query.after {
		Some(cursor) => cursor.parse().map_err(|error: String| Refusal::fault("after", error))?,
		None => Place::START,
	};
	let (chunks, received) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(2);
	tokio::spawn(async move {
		loop {
			let lines = match export::page(&app.store, table, after, export::PAGE).await {
				Ok(lines) => lines,
				Err(error) => {
					tracing::error!(%error, "an export failed");
					// The connection breaks, so that nobody takes it for whole.
					let _ = chunks.send(Err(std::io::Error::other("the database failed"))).await;
					return;
				},
			};
			let Some(last) = lines.last() else { return };
			after = last.place;
			let text: String = lines.iter().flat_map(|line| [line.json.as_str(), "\n"]).collect();
			if chunks.send(Ok(text.into())).await.is_err() {
				return;
			}
		}
	});
	let body = Body::from_stream(ReceiverStream::new(received));
	Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}
