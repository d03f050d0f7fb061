//! What became of each of many things that were asked for in one request.

use super::{
	super::{
		App,
		access::Caller,
		begin::{Wait, Wish, mark},
		problem::Refusal,
	},
	operations::OperationView,
};
use crate::{model::Problem, store::Status};
use axum::{
	Json,
	http::StatusCode,
	response::{IntoResponse, Response},
};
use serde::Serialize;
use std::time::Duration;
use tokio::time::Instant;

/// What became of one line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LineResult {
	/// From 1 on, as in the request; a CSV's header is not counted.
	pub line: usize,
	pub order: Option<String>,
	/// That the same was asked for before.
	pub existed: bool,
	pub operation: Option<OperationView>,
	/// Why nothing was begun.
	pub problem: Option<Problem>,
}

/// What became of every line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LineResults {
	/// How many are begun, or were before.
	pub accepted: usize,
	pub refused: usize,
	pub results: Vec<LineResult>,
}

/// What was begun.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it describes what is answered one way or the other")]
#[serde(untagged)]
pub enum OneOrMany {
	One(Box<OperationView>),
	Many(LineResults),
}

impl App {
	/// Begins what can be begun of many lines, each on its own, and waits for their end if the caller wants to.
	pub async fn begin_lines(
		&self,
		caller: &Caller,
		lines: Vec<(Option<String>, Result<Wish, Refusal>)>,
		again: bool,
		wait: Wait,
	) -> Result<Response, Refusal> {
		let mut results = Vec::with_capacity(lines.len());
		let (mut wishes, mut places) = (Vec::new(), Vec::new());
		for (place, (order, wish)) in lines.into_iter().enumerate() {
			let mut result =
				LineResult { line: place + 1, order, existed: false, operation: None, problem: None };
			match wish {
				Ok(wish) => {
					wishes.push(wish);
					places.push(place);
				},
				Err(refusal) => result.problem = Some(refusal.into_problem()),
			}
			results.push(result);
		}
		let until = Instant::now() + Duration::from_secs(wait.0.unwrap_or_default());
		let mut are_over = wait.0.is_some();
		for (place, accepted) in places.into_iter().zip(self.begin_all(caller, wishes).await?) {
			match accepted {
				Ok(accepted) => {
					let mut operation = accepted.operation;
					let left = until.saturating_duration_since(Instant::now());
					if !operation.status.is_over() && !left.is_zero() {
						operation =
							self.orders.wait(&operation.id, Status::Final, left).await?.unwrap_or(operation);
					}
					are_over &= operation.status.is_over();
					results[place].existed = accepted.existed;
					results[place].operation = Some(operation.into());
				},
				Err(refusal) => results[place].problem = Some(refusal.into_problem()),
			}
		}
		let refused = results.iter().filter(|result| result.problem.is_some()).count();
		let status = if are_over { StatusCode::OK } else { StatusCode::ACCEPTED };
		let results = LineResults { accepted: results.len() - refused, refused, results };
		let mut response = (status, Json(results)).into_response();
		mark(&mut response, again, wait.0);
		Ok(response)
	}
}
