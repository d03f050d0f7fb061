//! Many customers at once: consents to sign, and registrations of those who agreed.

use super::{
	super::{
		App,
		access::{By, Caller, REGISTRAR},
		begin::{WriteHeaders, mark},
		json::{At, body},
		lines::{Line, Lines},
		post::Posted,
		problem::Refusal,
		values::{Address, Reference, Signature},
	},
	operations::OperationView,
	registrations::{Consent, ConsentBody, RegisterBody},
};
use crate::model::{Fault, Problem};
use axum::{
	Json,
	extract::State,
	http::StatusCode,
	response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use serde::Serialize;

/// So many consents are asked of the node at a time.
const AT_ONCE: usize = 16;

body! {
	/// A customer: who is to agree, or who did.
	pub struct ImportLine {
		/// The institution's own name for the customer.
		pub reference: Reference,
		pub account: Address,
		/// Of somebody who is to agree: what stands for the person, as in a consent.
		pub person: Option<Reference>,
		/// True unless it is said.
		pub may_recover: Option<bool>,
		/// Of somebody who agreed: of the bytes that were answered for the line without it.
		pub signature: Option<Signature>,
	}
}

/// A customer, or many.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it describes what is read one way or the other")]
#[serde(untagged)]
pub enum OneLineOrMany {
	One(Box<ImportLine>),
	Many(Vec<ImportLine>),
}

impl Line for ImportLine {
	const PLAIN: &'static [&'static str] = &["may_recover"];

	fn faults(&self) -> Vec<Fault> {
		match self.person.is_none() && self.signature.is_none() {
			true => vec![At::ROOT.fault(
				"is to have `person`, for what the customer signs, or `signature`, if it has signed.",
			)],
			false => Vec::new(),
		}
	}
}

/// What became of one customer.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub struct ImportResult {
	/// From 1 on, as in the request; a CSV's header is not counted.
	pub line: usize,
	pub reference: Option<String>,
	/// That the same registration was asked for before.
	pub existed: bool,
	/// What the customer signs, of a line without a signature.
	pub consent: Option<Consent>,
	/// The registration, of a line with one.
	pub operation: Option<OperationView>,
	/// Why nothing was begun.
	pub problem: Option<Problem>,
}

/// What became of every customer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportResults {
	pub accepted: usize,
	pub refused: usize,
	pub results: Vec<ImportResult>,
}

/// Import up to 5,000 customers: of a line without a signature the answer says what the customer signs; one with it is registered.
///
/// A consent is good for 55 minutes, so ask for those of customers who sign now.
#[utoipa::path(
	post,
	path = "/v1/customers/import",
	tag = "customers",
	params(WriteHeaders),
	request_body(content((OneLineOrMany = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"))),
	responses((status = 202, description = "What became of each line", body = ImportResults)),
	security(("key" = []))
)]
pub async fn import(
	State(app): State<App>,
	By(caller): By<REGISTRAR>,
	posted: Posted<Lines<ImportLine>>,
) -> Result<Response, Refusal> {
	let lines = match posted.body {
		Lines::One(line) => vec![Ok(line)],
		Lines::Many(lines) => lines,
	};
	let mut results: Vec<ImportResult> = Vec::with_capacity(lines.len());
	let (mut asked, mut agreed) = (Vec::new(), Vec::new());
	for (place, line) in lines.into_iter().enumerate() {
		let mut result = ImportResult { line: place + 1, ..ImportResult::default() };
		match line {
			Ok(ImportLine { reference, account, person, may_recover, signature }) => {
				result.reference = Some(reference.0.clone());
				match (signature, person) {
					(Some(signature), _) => {
						agreed.push((place, RegisterBody { reference, account, signature }))
					},
					(None, Some(person)) => {
						asked.push((place, ConsentBody { reference, account, person, may_recover }))
					},
					(None, None) => {},
				}
			},
			Err(refusal) => result.problem = Some(refusal.into_problem()),
		}
		results.push(result);
	}
	app.ask_all(&caller, asked, &mut results).await?;
	app.register_all(&caller, agreed, &mut results).await?;
	let refused = results.iter().filter(|result| result.problem.is_some()).count();
	let body = ImportResults { accepted: results.len() - refused, refused, results };
	let mut response = (StatusCode::ACCEPTED, Json(body)).into_response();
	mark(&mut response, posted.again, None);
	Ok(response)
}

impl App {
	async fn ask_all(
		&self,
		caller: &Caller,
		bodies: Vec<(usize, ConsentBody)>,
		results: &mut [ImportResult],
	) -> Result<(), Refusal> {
		if bodies.is_empty() {
			return Ok(());
		}
		let reads = &self.reads().await?;
		let made: Vec<_> = stream::iter(bodies)
			.map(|(place, body)| async move { (place, self.consent(caller, reads, body).await) })
			.buffered(AT_ONCE)
			.collect()
			.await;
		let consents: Vec<_> = made.iter().filter_map(|(_, made)| made.as_ref().ok().cloned()).collect();
		self.ask(caller, &consents).await?;
		for (place, made) in made {
			match made {
				Ok(consent) => results[place].consent = Some(consent),
				Err(refusal) => results[place].problem = Some(refusal.into_problem()),
			}
		}
		Ok(())
	}

	async fn register_all(
		&self,
		caller: &Caller,
		bodies: Vec<(usize, RegisterBody)>,
		results: &mut [ImportResult],
	) -> Result<(), Refusal> {
		let (mut wishes, mut places, mut customers) = (Vec::new(), Vec::new(), Vec::new());
		for (place, body) in bodies {
			let reference = body.reference.0.clone();
			match self.registration(caller, body).await {
				Ok((wish, account)) => {
					wishes.push(wish);
					places.push(place);
					customers.push((reference, account));
				},
				Err(refusal) => results[place].problem = Some(refusal.into_problem()),
			}
		}
		self.remember(caller, &customers).await?;
		for (place, accepted) in places.into_iter().zip(self.begin_all(caller, wishes).await?) {
			match accepted {
				Ok(accepted) => {
					results[place].existed = accepted.existed;
					results[place].operation = Some(accepted.operation.into());
				},
				Err(refusal) => results[place].problem = Some(refusal.into_problem()),
			}
		}
		Ok(())
	}
}
