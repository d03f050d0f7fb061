//! Webhooks over HTTP: where they go, what became of them, and sending them again.

use super::super::{
	App,
	access::{ADMIN, By},
	begin::{WriteHeaders, mark},
	json::body,
	pages::{Asked, Named, Page},
	post::Posted,
	problem::Refusal,
	values::Text,
};
use crate::hooks::{
	Delivery, Endpoint,
	endpoints::{DeliveryStatus, HookError},
};
use axum::{
	Json,
	extract::State,
	http::{HeaderValue, StatusCode, header},
	response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

impl From<HookError> for Refusal {
	fn from(error: HookError) -> Self {
		match error {
			HookError::Store(error) => error.into(),
			HookError::Address(error) => Self::fault("/url", format!("cannot be used: {error}")),
			HookError::UnknownType(_) => Self::fault("/types", error.to_string()),
			HookError::TooMany => Self::conflict("too-many-endpoints", format!("{error}.")),
			HookError::NotFound => {
				Self::not_found("There is no such endpoint. /v1/webhooks lists those that exist.")
			},
			HookError::Random(_) => {
				tracing::error!(%error, "a webhook's secret could not be made");
				Self::internal()
			},
		}
	}
}

body! {
	/// Where messages go.
	pub struct WebhookBody {
		#[schema(example = "https://shop.example/hanse")]
		pub url: Text,
		/// Types, as `payment.paid`, or `award.*` for all of a kind; all of them unless it is said.
		pub types: Option<Vec<Text>>,
	}
}

/// A new endpoint, and its secret, which is shown once.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NewWebhook {
	pub endpoint: Endpoint,
	/// What messages are signed with (Standard Webhooks 1.0). It can never be read again. It is not there if the same was
	/// posted before.
	#[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")]
	pub secret: Option<String>,
}

/// Be told of what happens.
#[utoipa::path(
	post,
	path = "/v1/webhooks",
	tag = "webhooks",
	params(WriteHeaders),
	request_body = WebhookBody,
	responses((status = 201, description = "Messages go there from now on", body = NewWebhook)),
	security(("key" = []))
)]
pub async fn create(
	State(app): State<App>,
	By(caller): By<ADMIN>,
	posted: Posted<WebhookBody>,
) -> Result<Response, Refusal> {
	let WebhookBody { url, types } = posted.body;
	let types = types.unwrap_or_default().into_iter().map(|kind| kind.0).collect::<Vec<_>>();
	// Sent again, it is the endpoint that is there already, without its secret.
	let before =
		match posted.again {
			true => app.endpoints.list(caller.institution).await?.into_iter().find(|one| {
				one.types == types && one.url.trim_end_matches('/') == url.0.trim_end_matches('/')
			}),
			false => None,
		};
	let created = match before {
		Some(endpoint) => NewWebhook { endpoint, secret: None },
		None => {
			let (endpoint, secret) = app.endpoints.create(caller.institution, &url.0, types).await?;
			NewWebhook { endpoint, secret: Some(secret) }
		},
	};
	let location = format!("/v1/webhooks/{}", created.endpoint.id);
	let mut response = (StatusCode::CREATED, Json(created)).into_response();
	if let Ok(location) = HeaderValue::from_str(&location) {
		response.headers_mut().insert(header::LOCATION, location);
	}
	mark(&mut response, posted.again, None);
	Ok(response)
}

/// Endpoints of the institution.
#[utoipa::path(
	get,
	path = "/v1/webhooks",
	tag = "webhooks",
	responses((status = 200, body = Page<Endpoint>)),
	security(("key" = []))
)]
pub async fn list(State(app): State<App>, By(caller): By<ADMIN>) -> Result<Json<Page<Endpoint>>, Refusal> {
	Ok(Json(Page::whole(app.endpoints.list(caller.institution).await?)))
}

/// An endpoint.
#[utoipa::path(
	get,
	path = "/v1/webhooks/{id}",
	tag = "webhooks",
	params(("id" = String, Path, description = "The endpoint's name")),
	responses((status = 200, body = Endpoint)),
	security(("key" = []))
)]
pub async fn get(
	State(app): State<App>,
	By(caller): By<ADMIN>,
	Named(id): Named<String>,
) -> Result<Json<Endpoint>, Refusal> {
	Ok(Json(app.endpoints.get(caller.institution, &id).await?))
}

/// Send nothing there any more, and forget what waits.
#[utoipa::path(
	delete,
	path = "/v1/webhooks/{id}",
	tag = "webhooks",
	params(("id" = String, Path, description = "The endpoint's name")),
	responses((status = 204, description = "It is gone")),
	security(("key" = []))
)]
pub async fn delete(
	State(app): State<App>,
	By(caller): By<ADMIN>,
	Named(id): Named<String>,
) -> Result<StatusCode, Refusal> {
	app.endpoints.delete(caller.institution, &id).await?;
	Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StatusQuery {
	/// Only those that stand so.
	#[param(inline)]
	status: Option<DeliveryStatus>,
	/// How many at most, 100 unless it is said.
	#[param(minimum = 1, maximum = 500)]
	limit: Option<u32>,
	/// The sequence number after which to begin.
	after: Option<i64>,
}

/// Messages to an endpoint, in their order. `next` is the sequence number after which the next page begins.
#[utoipa::path(
	get,
	path = "/v1/webhooks/{id}/deliveries",
	tag = "webhooks",
	params(("id" = String, Path, description = "The endpoint's name"), StatusQuery),
	responses((status = 200, body = Page<Delivery>)),
	security(("key" = []))
)]
pub async fn deliveries(
	State(app): State<App>,
	By(caller): By<ADMIN>,
	Named(id): Named<String>,
	Asked(query): Asked<StatusQuery>,
) -> Result<Json<Page<Delivery>>, Refusal> {
	let limit = query.limit.unwrap_or(100);
	if !(1..=500).contains(&limit) {
		return Err(Refusal::fault("limit", "is to be a whole number from 1 to 500."));
	}
	let after = query.after.unwrap_or(0);
	let mut items =
		app.endpoints.deliveries(caller.institution, &id, query.status, after, i64::from(limit) + 1).await?;
	let more = items.len() > limit as usize;
	items.truncate(limit as usize);
	let next = items.last().filter(|_| more).map(|last| last.sequence.to_string());
	Ok(Json(Page { items, next }))
}

body! {
	/// What to send again.
	pub struct ReplayBody {
		/// The sequence number from which on.
		pub from: u32,
		/// Only what was given up: true unless it is said.
		pub only_dead: Option<bool>,
	}
}

/// How many are sent again.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Replayed {
	pub messages: u64,
}

/// Send messages again, and switch the endpoint on.
#[utoipa::path(
	post,
	path = "/v1/webhooks/{id}/replay",
	tag = "webhooks",
	params(("id" = String, Path, description = "The endpoint's name"), WriteHeaders),
	request_body = ReplayBody,
	responses((status = 200, body = Replayed)),
	security(("key" = []))
)]
pub async fn replay(
	State(app): State<App>,
	By(caller): By<ADMIN>,
	Named(id): Named<String>,
	posted: Posted<ReplayBody>,
) -> Result<Json<Replayed>, Refusal> {
	let ReplayBody { from, only_dead } = posted.body;
	let messages =
		app.endpoints.replay(caller.institution, &id, from.into(), only_dead.unwrap_or(true)).await?;
	Ok(Json(Replayed { messages }))
}

/// Another secret.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NewSecret {
	pub secret: String,
}

/// Make another secret. The one before signs too for a day.
#[utoipa::path(
	post,
	path = "/v1/webhooks/{id}/secret",
	tag = "webhooks",
	params(("id" = String, Path, description = "The endpoint's name"), WriteHeaders),
	responses((status = 200, body = NewSecret)),
	security(("key" = []))
)]
pub async fn rotate(
	State(app): State<App>,
	By(caller): By<ADMIN>,
	Named(id): Named<String>,
	posted: Posted<super::super::post::Nothing>,
) -> Result<Json<NewSecret>, Refusal> {
	if posted.again {
		return Err(Refusal::conflict(
			"shown-before",
			"This secret was made and shown before. If it is lost, make another one with a new Idempotency-Key.",
		));
	}
	Ok(Json(NewSecret { secret: app.endpoints.rotate(caller.institution, &id).await? }))
}
