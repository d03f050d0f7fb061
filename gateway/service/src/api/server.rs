//! What every request passes: its id, a trace, a time limit, a limit of its body, who it is, and headers for browsers.

use super::{App, docs, last, limits, metrics, problem::Refusal, resources};
use axum::{
	Router,
	body::HttpBody,
	extract::{DefaultBodyLimit, MatchedPath, Request, State},
	http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
	middleware::{self, Next},
	response::{IntoResponse, Response},
};
use std::{any::Any, net::SocketAddr, time::Duration};
use tower_http::{
	catch_panic::CatchPanicLayer,
	classify::StatusInRangeAsFailures,
	request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
	set_header::SetResponseHeaderLayer,
	trace::TraceLayer,
};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The largest body, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;
/// How long an answer may take; `Prefer: wait` is shorter.
const LONGEST: Duration = Duration::from_secs(75);
/// A longer body, in bytes, may be refused before it was read.
const READ_ANYHOW: u64 = 16 * 1024;

/// Everything the gateway serves.
pub fn router(app: App) -> Router {
	let (routes, document) = documented();
	let document = std::sync::Arc::new(document);
	// 503 is an answer; where something failed, that is said where it did.
	let faults = StatusInRangeAsFailures::new(500..=502);
	routes
		.merge(docs::routes(document))
		.method_not_allowed_fallback(|| async {
			Refusal::new(
				StatusCode::METHOD_NOT_ALLOWED,
				"method-not-allowed",
				"Not by this method",
				"The header Allow names the methods of this path.",
			)
		})
		.layer(middleware::from_fn_with_state(app.clone(), last::or_before))
		.layer(middleware::from_fn_with_state(app.clone(), limits::identify))
		// After it, so that a page with its parts does not count as many requests.
		.fallback(page)
		.layer(middleware::from_fn(in_time))
		.layer(middleware::from_fn(last_of_its_connection))
		.layer(DefaultBodyLimit::max(LARGEST))
		.layer(CatchPanicLayer::custom(panicked))
		.layer(middleware::from_fn(metrics::count))
		.layer(TraceLayer::new(faults.into_make_classifier()).make_span_with(span))
		.layer(PropagateRequestIdLayer::new(REQUEST_ID))
		.layer(SetRequestIdLayer::new(REQUEST_ID, NewId))
		.layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
		.layer(header(header::X_FRAME_OPTIONS, "DENY"))
		.layer(header(header::REFERRER_POLICY, "no-referrer"))
		.layer(header(header::CACHE_CONTROL, "no-store"))
		.layer(header(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
		.with_state(app)
}

/// The OpenAPI document, without a server.
pub fn document() -> serde_json::Value {
	documented().1
}

fn documented() -> (Router<App>, serde_json::Value) {
	let (routes, document) =
		OpenApiRouter::with_openapi(docs::Document::openapi()).merge(resources::routes()).split_for_parts();
	(routes, docs::complete(document))
}

/// Listens until `stop`, and lets requests under way end.
pub async fn serve(
	app: App,
	listener: tokio::net::TcpListener,
	stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
	let stopping = app.stopping.clone();
	tokio::spawn(app.clone().keep_known());
	let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
	let stop = async move {
		stop.await;
		stopping.cancel();
	};
	axum::serve(listener, service).with_graceful_shutdown(stop).await
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
	SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn page(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
	app.site.answer(&method, &uri, &headers)
}

#[derive(Clone, Copy)]
struct NewId;

impl MakeRequestId for NewId {
	fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
		HeaderValue::from_str(&uuid::Uuid::now_v7().to_string()).ok().map(RequestId::new)
	}
}

/// What the log says of a request: nothing that is secret, so neither query nor headers.
fn span(request: &Request) -> tracing::Span {
	let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
	let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
	tracing::info_span!("request", method = %request.method(), route, id)
}

async fn in_time(request: Request, next: Next) -> Response {
	match tokio::time::timeout(LONGEST, next.run(request)).await {
		Ok(response) => response,
		Err(_) => Refusal::unavailable(
			"It took too long. Repeat the request with the same Idempotency-Key: what was begun goes on.",
			5,
		)
		.into_response(),
	}
}

/// Tells a client that the connection ends with this answer, where what it still sends will not be read: it would send
/// its next request into a connection that closes.
async fn last_of_its_connection(request: Request, next: Next) -> Response {
	let long = request.body().size_hint().upper().is_none_or(|bytes| bytes > READ_ANYHOW);
	let mut response = next.run(request).await;
	if long && !response.status().is_success() {
		response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
	}
	response
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
	let text = panic
		.downcast_ref::<String>()
		.map(String::as_str)
		.or_else(|| panic.downcast_ref::<&str>().copied())
		.unwrap_or("nothing that can be shown");
	tracing::error!(panic = text, "a handler panicked");
	Refusal::internal().into_response()
}
