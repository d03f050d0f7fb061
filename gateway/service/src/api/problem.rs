//! Refusals as problems of RFC 9457: what is wrong, where, and what to do about it.

use crate::{
	model::{Fault, Problem},
	store::StoreError,
};
use axum::{
	Json,
	http::{HeaderValue, StatusCode, header},
	response::{IntoResponse, Response},
};
use hanse_chain::reads::ReadError;
use std::borrow::Cow;

/// A request that is not served, and why.
#[derive(Debug)]
pub struct Refusal {
	problem: Box<Problem>,
	/// Seconds after which the same request can do well.
	retry_after: Option<u32>,
}

impl Refusal {
	/// `name` becomes the type `urn:hanse:gateway:NAME`.
	pub fn new(status: StatusCode, name: &str, title: &str, detail: impl Into<String>) -> Self {
		let problem = Problem {
			kind: format!("urn:hanse:gateway:{name}"),
			title: title.to_owned(),
			status: status.as_u16(),
			detail: detail.into(),
			retryable: false,
			errors: Vec::new(),
		};
		Self { problem: Box::new(problem), retry_after: None }
	}

	/// The body is not of the form that is asked for: its faults, each at its place.
	pub fn invalid(errors: Vec<Fault>) -> Self {
		let detail = match errors.as_slice() {
			[only] => format!("{} {}", place(&only.pointer), only.detail),
			_ => format!("The request has {} faults; `errors` names each with its place.", errors.len()),
		};
		let mut refusal =
			Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The request is not valid", detail);
		refusal.problem.errors = errors;
		refusal
	}

	/// One fault, at a place of the body or, without a slash, in a parameter of this name.
	pub fn fault(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
		Self::invalid(vec![Fault { pointer: pointer.into(), detail: detail.into() }])
	}

	/// The request cannot be read at all.
	pub fn malformed(detail: impl Into<String>) -> Self {
		Self::new(StatusCode::BAD_REQUEST, "malformed", "The request cannot be read", detail)
	}

	pub fn not_found(what: impl Into<String>) -> Self {
		Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", what)
	}

	pub fn conflict(name: &str, detail: impl Into<String>) -> Self {
		Self::new(StatusCode::CONFLICT, name, "It contradicts what was asked before", detail)
	}

	/// For now the gateway cannot; the same request later can do well.
	pub fn unavailable(detail: impl Into<String>, seconds: u32) -> Self {
		Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not for now", detail).after(seconds)
	}

	pub fn too_many(seconds: u32) -> Self {
		Self::new(
			StatusCode::TOO_MANY_REQUESTS,
			"too-many-requests",
			"Too many requests",
			format!(
				"More requests than this key or address may make. Wait {seconds} s; many things go in one request."
			),
		)
		.after(seconds)
	}

	/// A fault of the gateway's own, of which its log says more than the caller is told.
	pub fn internal() -> Self {
		Self::new(
			StatusCode::INTERNAL_SERVER_ERROR,
			"internal",
			"The gateway failed",
			"It is the gateway's fault. Repeat the request with the same Idempotency-Key, and tell its operator the X-Request-Id.",
		)
		.after(5)
	}

	fn after(mut self, seconds: u32) -> Self {
		self.problem.retryable = true;
		self.retry_after = Some(seconds);
		self
	}

	#[cfg(any(test, feature = "fuzzing"))]
	pub fn problem(&self) -> &Problem {
		&self.problem
	}

	pub fn into_problem(self) -> Problem {
		*self.problem
	}
}

fn place(pointer: &str) -> Cow<'_, str> {
	match pointer {
		"" => "The body:".into(),
		_ => format!("{pointer}:").into(),
	}
}

impl IntoResponse for Refusal {
	fn into_response(self) -> Response {
		let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
		let mut response = (status, Json(&*self.problem)).into_response();
		let headers = response.headers_mut();
		headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
		if let Some(seconds) = self.retry_after {
			headers.insert(header::RETRY_AFTER, seconds.into());
		}
		if status == StatusCode::UNAUTHORIZED {
			headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"hanse\""));
		}
		response
	}
}

impl From<StoreError> for Refusal {
	fn from(error: StoreError) -> Self {
		tracing::error!(%error, "the database failed");
		Self::unavailable(
			"The gateway's database does not answer. Nothing was changed; repeat the request.",
			5,
		)
	}
}

impl From<sqlx::Error> for Refusal {
	fn from(error: sqlx::Error) -> Self {
		StoreError::from(error).into()
	}
}

impl From<ReadError> for Refusal {
	fn from(error: ReadError) -> Self {
		tracing::warn!(%error, "the node failed");
		Self::unavailable("The node does not answer. Nothing was changed; repeat the request.", 5)
	}
}
