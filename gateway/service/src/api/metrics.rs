//! Figures for Prometheus.

use super::{App, access::*, problem::Refusal};
use axum::{
	extract::{MatchedPath, Request, State},
	http::header,
	middleware::Next,
	response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Instant};

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Collects what is counted from now on. There is one collection in a process.
pub fn install() -> Result<PrometheusHandle, BuildError> {
	if let Some(handle) = HANDLE.get() {
		return Ok(handle.clone());
	}
	let seconds = [0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0];
	let recorder = PrometheusBuilder::new()
		.set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &seconds)?
		.build_recorder();
	let handle = recorder.handle();
	match metrics::set_global_recorder(recorder) {
		Ok(()) => Ok(HANDLE.get_or_init(|| handle).clone()),
		// Another thread was first.
		Err(_) => Ok(HANDLE.get().cloned().unwrap_or(handle)),
	}
}

/// Counts a request by its route, never by what stands in its path.
pub async fn count(request: Request, next: Next) -> Response {
	let began = Instant::now();
	let method = request.method().to_string();
	let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
	let response = next.run(request).await;
	let status = response.status().as_u16().to_string();
	metrics::counter!("hanse_http_requests_total", "method" => method.clone(), "route" => route.clone(), "status" => status)
		.increment(1);
	metrics::histogram!("hanse_http_request_duration_seconds", "method" => method, "route" => route)
		.record(began.elapsed().as_secs_f64());
	response
}

/// Figures of this process in the format of Prometheus.
#[utoipa::path(
	get,
	path = "/metrics",
	tag = "service",
	responses((status = 200, description = "Figures", content_type = "text/plain", body = String)),
	security(("key" = []))
)]
pub async fn metrics(
	State(app): State<App>,
	_: By<{ ADMIN | READER | ANALYST }>,
) -> Result<Response, Refusal> {
	app.measure().await?;
	let text = app.metrics.render();
	Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
