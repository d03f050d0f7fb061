//! Figures for Prometheus.

use super::{App, access::*, problem::Refusal};
use axum::{
	extract::{MatchedPath, Request, State},
	http::{Method, header},
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
	let method = label(request.method());
	let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
	let response = next.run(request).await;
	let status = response.status().as_u16().to_string();
	metrics::counter!("hanse_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
		.increment(1);
	metrics::histogram!("hanse_http_request_duration_seconds", "method" => method, "route" => route)
		.record(began.elapsed().as_secs_f64());
	response
}

/// A method that anybody made up has no figure of its own, or there could be millions.
fn label(method: &Method) -> &'static str {
	let known = [
		Method::GET,
		Method::POST,
		Method::PUT,
		Method::PATCH,
		Method::DELETE,
		Method::HEAD,
		Method::OPTIONS,
	];
	let names = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
	known.iter().zip(names).find(|(one, _)| *one == method).map_or("other", |(_, name)| name)
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

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn methods_that_somebody_made_up_are_counted_together() {
		assert_eq!(label(&Method::PATCH), "PATCH");
		for made_up in ["GET1", "get", "XYZZY"] {
			assert_eq!(label(&Method::from_bytes(made_up.as_bytes()).unwrap()), "other");
		}
	}
}
