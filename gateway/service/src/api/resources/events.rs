//! Everything that blocks say, as it happens (server-sent events).

use super::super::{
	App,
	access::{ADMIN, ANALYST, By, READER},
	pages::Asked,
	problem::Refusal,
	provisional::Lines,
};
use crate::export::{self, Place, Table};
use axum::{
	extract::State,
	http::HeaderMap,
	response::sse::{Event, KeepAlive, Sse},
};
use futures::Stream;
use serde::Deserialize;
use std::convert::Infallible;
use tokio::sync::{broadcast, mpsc};
use tokio_stream::wrappers::ReceiverStream;

/// Events read from the index at once.
const PAGE: i64 = 500;

type Out = mpsc::Sender<Result<Event, Infallible>>;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
	/// Whether events of best blocks come too, as `provisional`: those blocks can still be replaced, and such an event has
	/// no id. It comes again as `final`, unless its block is replaced.
	provisional: Option<bool>,
}

/// Events of final blocks, from the one after `Last-Event-ID` on, or from now on.
#[utoipa::path(
	get,
	path = "/v1/events",
	tag = "webhooks",
	params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that arrived", example = "1042-3"), EventsQuery),
	responses((status = 200, description = "Events, each with its id, its name and a line of JSON as in /v1/export/events.ndjson", content_type = "text/event-stream", body = String)),
	security(("key" = []))
)]
pub async fn stream(
	State(app): State<App>,
	_: By<{ ADMIN | READER | ANALYST }>,
	Asked(query): Asked<EventsQuery>,
	headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
	let last =
		headers.get("last-event-id").map(|id| id.to_str().ok().and_then(|id| id.parse::<Place>().ok()));
	let from = match last {
		Some(Some(place)) => place,
		Some(None) => {
			return Err(Refusal::malformed(
				"Last-Event-ID is no id of an event: send the last one that arrived, as 1042-3.",
			));
		},
		None => now(&app).await?,
	};
	let (events, received) = mpsc::channel(PAGE as usize);
	if query.provisional == Some(true) {
		tokio::spawn(follow_best(app.clone(), app.provisional.listen(), events.clone()));
	}
	tokio::spawn(follow(app, from, events));
	Ok(Sse::new(ReceiverStream::new(received)).keep_alive(KeepAlive::default()))
}

/// The end of the index.
async fn now(app: &App) -> Result<Place, Refusal> {
	let last = app.heads.last_indexed().borrow().map_or(0, |block| block.number);
	last.to_string().parse().map_err(|_| Refusal::internal())
}

/// Until the listener has gone, or the gateway stops.
async fn follow(app: App, mut from: Place, events: Out) {
	let mut indexed = app.heads.last_indexed();
	loop {
		let lines = match export::page(&app.store, Table::Events, from, PAGE).await {
			Ok(lines) => lines,
			Err(error) => {
				tracing::error!(%error, "events could not be read");
				return;
			},
		};
		let full = lines.len() as i64 == PAGE;
		for line in lines {
			from = line.place;
			let event = Event::default().id(line.place.to_string()).event("final").data(line.json);
			if events.send(Ok(event)).await.is_err() {
				return;
			}
		}
		if !full {
			tokio::select! {
				changed = indexed.changed() => if changed.is_err() { return },
				() = events.closed() => return,
				() = app.stopping.cancelled() => return,
			}
		}
	}
}

async fn follow_best(app: App, mut best: broadcast::Receiver<Lines>, events: Out) {
	loop {
		let lines = tokio::select! {
			lines = best.recv() => lines,
			() = events.closed() => return,
			() = app.stopping.cancelled() => return,
		};
		match lines {
			Ok(lines) => {
				for line in lines.iter() {
					let event = Event::default().event("provisional").data(line);
					if events.send(Ok(event)).await.is_err() {
						return;
					}
				}
			},
			// What was missed comes when it is final.
			Err(broadcast::error::RecvError::Lagged(_)) => {},
			Err(broadcast::error::RecvError::Closed) => return,
		}
	}
}
