//! Operations as answers: 202 and where to ask for it, or its end if the caller waits for it.

use super::{App, access::Caller, problem::Refusal, resources::operations::OperationView};
use crate::{
	model::Action,
	orders::{AcceptError, Accepted, Conflict, NewOperation},
	store::{Operation, Status},
};
use axum::{
	Json,
	extract::FromRequestParts,
	http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
	response::{IntoResponse, Response},
};
use std::{collections::BTreeMap, convert::Infallible, time::Duration};
use utoipa::{
	IntoResponses, PartialSchema, ToSchema,
	openapi::{self, Content, Ref, RefOr, ResponseBuilder, header::Header},
};

pub const HIT: HeaderName = HeaderName::from_static("idempotency-hit");
/// The longest time for which somebody waits, in seconds.
const LONGEST: u64 = 60;

/// Headers of a request that changes something.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "it describes headers that are read elsewhere")]
pub struct WriteHeaders {
	/// Made up anew for each request, and the same when it is sent again.
	#[param(
		rename = "Idempotency-Key",
		min_length = 1,
		max_length = 255,
		pattern = "^[!-~]+$",
		example = "7f0c2d2e-8a54-4f0b-9d43-0a4f1c0a2c11"
	)]
	idempotency_key: String,
	/// `wait=5`: answer when it is over, or after 5 s; at most 60.
	#[param(rename = "Prefer", example = "wait=5")]
	prefer: Option<String>,
}

/// How long the caller prefers to wait for the end (RFC 7240). What is no number of seconds counts as nothing.
#[derive(Clone, Copy, Debug)]
pub struct Wait(pub Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for Wait {
	type Rejection = Infallible;

	async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
		let preferences = parts.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
		let seconds = preferences
			.flat_map(|value| value.split(','))
			.find_map(|one| one.trim().strip_prefix("wait=")?.trim().parse::<u64>().ok());
		Ok(Self(seconds.map(|seconds| seconds.min(LONGEST))))
	}
}

/// What a request asks for.
pub struct Wish {
	pub action: Action,
	pub reference: Option<String>,
	/// What makes it the same, where the action itself does not: the Idempotency-Key.
	pub key: Option<String>,
}

/// One operation as the answer to a request.
pub struct Begun {
	operation: Operation,
	again: bool,
	waited: Option<u64>,
}

impl IntoResponses for Begun {
	fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
		let content = || Content::new(Some(Ref::from_schema_name(OperationView::name())));
		let location = Header::builder()
			.schema(Some(String::schema()))
			.description(Some("Where the operation is asked for"))
			.build();
		let response = |description: &str| {
			ResponseBuilder::new()
				.description(description)
				.content("application/json", content())
				.header("Location", location.clone())
				.build()
		};
		[("200", response("It is over")), ("202", response("It is begun"))]
			.map(|(status, response)| (status.to_owned(), response.into()))
			.into()
	}
}

impl IntoResponse for Begun {
	fn into_response(self) -> Response {
		let location = format!("/v1/operations/{}", self.operation.id);
		let status = if self.operation.status.is_over() { StatusCode::OK } else { StatusCode::ACCEPTED };
		let mut response = (status, Json(OperationView::from(self.operation))).into_response();
		if let Ok(location) = HeaderValue::from_str(&location) {
			response.headers_mut().insert(header::LOCATION, location);
		}
		mark(&mut response, self.again, self.waited);
		response
	}
}

/// Says that the same was asked before, and that a wish was heard.
pub fn mark(response: &mut Response, again: bool, waited: Option<u64>) {
	let headers = response.headers_mut();
	if again {
		headers.insert(HIT, HeaderValue::from_static("true"));
	}
	if let Some(Ok(applied)) = waited.map(|seconds| HeaderValue::from_str(&format!("wait={seconds}"))) {
		headers.insert(HeaderName::from_static("preference-applied"), applied);
	}
}

impl App {
	/// Accepts one operation, and waits for its end if the caller wants to.
	pub async fn begin(
		&self,
		caller: &Caller,
		wish: Wish,
		again: bool,
		wait: Wait,
	) -> Result<Begun, Refusal> {
		let mut results = self.begin_all(caller, vec![wish]).await?;
		let operation = results.pop().ok_or_else(Refusal::internal)??.operation;
		let operation = self.wait_for(operation, wait).await?;
		Ok(Begun { operation, again, waited: wait.0 })
	}

	/// Accepts many, each on its own.
	pub async fn begin_all(
		&self,
		caller: &Caller,
		wishes: Vec<Wish>,
	) -> Result<Vec<Result<Accepted, Refusal>>, Refusal> {
		let operations = wishes
			.into_iter()
			.map(|wish| NewOperation {
				institution: caller.institution,
				action: wish.action,
				reference: wish.reference,
				once: wish.key.map(|key| format!("key:{key}")),
				access_key: Some(caller.key.clone()),
			})
			.collect();
		let results = self.orders.accept(operations).await?;
		Ok(results.into_iter().map(|result| result.map_err(Refusal::from)).collect())
	}

	/// The operation as it is when it is over, or when the time is.
	pub async fn wait_for(&self, operation: Operation, wait: Wait) -> Result<Operation, Refusal> {
		match wait.0 {
			Some(seconds) if !operation.status.is_over() && seconds > 0 => {
				let found =
					self.orders.wait(&operation.id, Status::Final, Duration::from_secs(seconds)).await?;
				Ok(found.unwrap_or(operation))
			},
			_ => Ok(operation),
		}
	}
}

impl From<AcceptError> for Refusal {
	fn from(error: AcceptError) -> Self {
		match error {
			AcceptError::Store(error) => error.into(),
			AcceptError::NoKey(..) => Self::new(
				StatusCode::FORBIDDEN,
				"no-delegate",
				"The institution's key is not here",
				error.to_string(),
			),
			AcceptError::Full(_) => Self::unavailable(error.to_string(), 5),
			other => Self::unavailable(other.to_string(), 10),
		}
	}
}

impl From<Conflict> for Refusal {
	fn from(conflict: Conflict) -> Self {
		let [before, asked] = [&conflict.operation.action, &conflict.asked].map(differing);
		Self::conflict(
			"order-reused",
			format!(
				"It was asked for before with {before}, and now with {asked}. The operation is {}. Use another order number for another thing.",
				conflict.operation.id
			),
		)
	}
}

/// What tells two askings for the same order apart: amounts first.
fn differing(action: &Action) -> String {
	match action {
		Action::Award { points, to, .. } => format!("{points} smallest units for {to}"),
		Action::CancelAward { total, .. } => format!("{total} smallest units in all"),
		Action::PresentSlip { price, payer, .. } => format!("{price} micro-units from {payer}"),
		Action::Refund { total, payer, .. } => format!("{total} micro-units in all to {payer}"),
		Action::Capture { value, last, .. } => {
			format!("{value} micro-units{}", if *last { ", as the last" } else { "" })
		},
		Action::TopUp { amount } | Action::DrawDown { amount } | Action::RequestPayout { amount } => {
			format!("{amount} micro-units")
		},
		Action::GrantCreditLine { debtor, limit } => format!("a line of {limit} micro-units to {debtor}"),
		Action::AcceptCreditLine { creditor, limit } => {
			format!("a line of {limit} micro-units from {creditor}")
		},
		other => format!("other details of {}", other.kind()),
	}
}
