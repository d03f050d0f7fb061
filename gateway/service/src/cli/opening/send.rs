//! Awards by the API of a running gateway, asked again until there is an answer.

use super::Failure;
use crate::model::Hash;
use hanse_chain::AccountId;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long the gateway may be away.
const AWAY: Duration = Duration::from_secs(60);
/// How long an award may take.
const PATIENCE: Duration = Duration::from_secs(300);
const SOON: Duration = Duration::from_millis(500);
/// What more of the same in a day can do nothing about.
const FOR_TODAY: [&str; 3] = [
	"urn:hanse:points.OverDailyGrowth",
	"urn:hanse:points.OverLiabilityCap",
	"urn:hanse:points.BelowMinimumReserve",
];

/// An award, as the API takes it.
#[derive(Debug, Serialize)]
pub struct Line {
	pub program: u16,
	pub order: String,
	pub to: AccountId,
	pub points: String,
	pub document: Hash,
}

/// What became of it.
pub enum Outcome {
	Final,
	Refused {
		sentence: String,
		/// That no other would do better today.
		for_today: bool,
	},
}

pub struct Sender {
	client: Client,
	api: String,
	key: String,
}

impl Sender {
	pub fn new(api: &str, key: &str) -> Result<Self, Failure> {
		let client = Client::builder().timeout(Duration::from_secs(60)).build()?;
		Ok(Self { client, api: api.trim_end_matches('/').to_owned(), key: key.to_owned() })
	}

	/// Asks for awards, and waits until all of them are over.
	pub async fn issue(&self, lines: &[Line]) -> Result<Vec<Outcome>, Failure> {
		let body = serde_json::to_string(lines)?;
		let key = uuid::Uuid::now_v7().to_string();
		let answer = self
			.ask(|| {
				self.client
					.post(format!("{}/v1/awards", self.api))
					.header("idempotency-key", &key)
					.header("content-type", "application/json")
					.body(body.clone())
			})
			.await?;
		let results = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
		if results.len() != lines.len() {
			return Err(Failure::Failed(format!("the gateway answered something else: {answer}")));
		}
		let mut outcomes = Vec::with_capacity(lines.len());
		for result in results {
			outcomes.push(match result["operation"]["id"].as_str() {
				Some(id) => self.over(id).await?,
				None => refused(&result["problem"]),
			});
		}
		Ok(outcomes)
	}

	/// What an operation came to.
	async fn over(&self, id: &str) -> Result<Outcome, Failure> {
		let end = Instant::now() + PATIENCE;
		loop {
			let found = self.ask(|| self.client.get(format!("{}/v1/operations/{id}", self.api))).await?;
			match found["status"].as_str() {
				Some("final") => return Ok(Outcome::Final),
				Some("failed" | "expired" | "stuck") => return Ok(refused(&found["error"])),
				_ if Instant::now() > end => {
					let status = found["status"].as_str().unwrap_or("nowhere").to_owned();
					let sentence = format!("it is {status} after {} s: run it again", PATIENCE.as_secs());
					return Ok(Outcome::Refused { sentence, for_today: true });
				},
				_ => sleep(SOON).await,
			}
		}
	}

	/// The answer, once the gateway has one.
	async fn ask(&self, request: impl Fn() -> RequestBuilder) -> Result<Value, Failure> {
		let end = Instant::now() + AWAY;
		loop {
			let answer = request().bearer_auth(&self.key).send().await;
			let why = match answer {
				Ok(answer) if answer.status().is_success() => return Ok(answer.json().await?),
				Ok(answer) if is_busy(answer.status()) => format!("it answers {}", answer.status()),
				Ok(answer) => {
					let problem: Value = answer.json().await.unwrap_or_default();
					return Err(Failure::Failed(sentence(&problem)));
				},
				Err(error) => error.without_url().to_string(),
			};
			if Instant::now() > end {
				return Err(Failure::Failed(format!(
					"the gateway at {} does not serve ({why}): start `hanse-gateway run`, and run this again",
					self.api
				)));
			}
			sleep(SOON).await;
		}
	}
}

fn is_busy(status: StatusCode) -> bool {
	status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE
}

fn refused(problem: &Value) -> Outcome {
	let kind = problem["type"].as_str().unwrap_or_default();
	Outcome::Refused { sentence: sentence(problem), for_today: FOR_TODAY.contains(&kind) }
}

fn sentence(problem: &Value) -> String {
	let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
	match (text("title"), text("detail")) {
		(title, detail) if title.is_empty() && detail.is_empty() => "the gateway does not say why".into(),
		(title, detail) => format!("{title}: {detail}"),
	}
}
