//! Sends what is queued until it is answered.

use super::{
	address::{self, Resolver},
	endpoints::message_id,
	retry, signature,
};
use crate::{
	config::Webhooks,
	store::{Moment, Store, StoreError, now},
};
use futures::{StreamExt, stream};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use sqlx::Row;
use std::{collections::HashSet, error::Error, time::Duration};
use tokio::{sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// How often it is looked what is due.
const TICK: Duration = Duration::from_millis(250);
/// Messages to one endpoint at once. They are sent in their order, but may overtake each other: see `sequence`.
const AT_ONCE: usize = 8;
/// Messages that are taken from the queue at a time.
const PIECE: i64 = 64;
/// How long messages are kept that were delivered: a month.
const KEPT: Moment = 30 * 24 * 60 * 60 * 1000;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// What became of one attempt.
struct Attempt {
	sequence: i64,
	attempts: i64,
	answer: Option<i64>,
	/// Why it was not taken; nothing if it was.
	error: Option<String>,
	/// How long the endpoint asks to wait.
	asked: Option<Duration>,
}

impl Attempt {
	/// Whether the endpoint wants no more of anything.
	fn is_gone(&self) -> bool {
		self.answer == Some(i64::from(StatusCode::GONE.as_u16()))
	}
}

/// A message that is due.
struct Due {
	sequence: i64,
	attempts: i64,
	body: String,
}

/// Where messages go, and what signs them.
struct Target {
	id: String,
	url: String,
	secrets: Vec<String>,
}

/// Sends webhooks of all institutions of this process. Endpoints do not wait for each other.
#[derive(Clone)]
pub struct Deliverer {
	store: Store,
	client: Client,
	private_addresses: bool,
}

impl Deliverer {
	pub fn new(store: Store, webhooks: &Webhooks) -> Result<Self, reqwest::Error> {
		let client = Client::builder()
			.timeout(Duration::from_secs(webhooks.timeout))
			.user_agent(concat!("hanse-gateway/", env!("CARGO_PKG_VERSION")))
			// A redirection could lead anywhere, and a proxy could resolve to anything.
			.redirect(Policy::none())
			.no_proxy()
			.dns_resolver(Resolver::new(webhooks.private_addresses))
			.build()?;
		Ok(Self { store, client, private_addresses: webhooks.private_addresses })
	}

	/// Runs until `stop`, and sends while this process holds the `lease`. What is under way at the end is sent again at
	/// the next start, with the same id.
	pub async fn run(self, lease: watch::Receiver<bool>, stop: CancellationToken) {
		let mut tasks = JoinSet::new();
		let mut busy: HashSet<String> = HashSet::new();
		let mut swept: Option<tokio::time::Instant> = None;
		while !stop.is_cancelled() {
			let due = if *lease.borrow() { self.due().await } else { Ok(Vec::new()) };
			match due {
				Ok(endpoints) => {
					for id in endpoints {
						if busy.insert(id.clone()) {
							let (worker, stop) = (self.clone(), stop.clone());
							tasks.spawn(async move {
								if let Err(error) = worker.serve(&id, &stop).await {
									tracing::warn!(endpoint = %id, %error, "webhooks wait");
								}
								id
							});
						}
					}
				},
				Err(error) => tracing::warn!(%error, "webhooks wait"),
			}
			if swept.is_none_or(|last| last.elapsed() > HOUR) {
				swept = Some(tokio::time::Instant::now());
				if let Err(error) = self.sweep().await {
					tracing::warn!(%error, "webhooks that were delivered are kept longer");
				}
			}
			tokio::select! {
				() = stop.cancelled() => {},
				() = tokio::time::sleep(TICK) => {},
				Some(done) = tasks.join_next() => match done {
					Ok(id) => { busy.remove(&id); },
					// Nobody knows whose it was: all are looked at again.
					Err(_) => busy.clear(),
				},
			}
		}
		while tasks.join_next().await.is_some() {}
	}

	/// Endpoints for which something is due.
	async fn due(&self) -> Result<Vec<String>, StoreError> {
		let rows = sqlx::query(
			"SELECT DISTINCT d.endpoint FROM deliveries d JOIN endpoints e ON e.id = d.endpoint \
			 WHERE d.status = 'waiting' AND (d.next <= $1 OR d.next > $2) AND e.disabled IS NULL",
		)
		.bind(now())
		.bind(now() + retry::BEYOND)
		.fetch_all(self.store.read())
		.await?;
		rows.iter().map(|row| Ok(row.try_get("endpoint")?)).collect()
	}

	/// Sends what is due for one endpoint, oldest first.
	async fn serve(&self, id: &str, stop: &CancellationToken) -> Result<(), StoreError> {
		while !stop.is_cancelled() {
			let Some(target) = self.target(id).await? else { return Ok(()) };
			let due = self.take(id).await?;
			if due.is_empty() {
				return Ok(());
			}
			let attempts: Vec<Attempt> = stream::iter(due)
				.map(|message| self.attempt(&target, message))
				.buffered(AT_ONCE)
				.take_until(stop.cancelled())
				.collect()
				.await;
			self.record(id, attempts).await?;
		}
		Ok(())
	}

	async fn target(&self, id: &str) -> Result<Option<Target>, StoreError> {
		let row = sqlx::query(
			"SELECT url, secret, old_secret, old_until FROM endpoints WHERE id = $1 AND disabled IS NULL",
		)
		.bind(id)
		.fetch_optional(self.store.read())
		.await?;
		let Some(row) = row else { return Ok(None) };
		let until: Option<Moment> = row.try_get("old_until")?;
		let old: Option<String> = row.try_get("old_secret")?;
		let old = old.filter(|_| until.is_some_and(|until| until > now()));
		let secrets = std::iter::once(row.try_get("secret")?).chain(old).collect();
		Ok(Some(Target { id: id.to_owned(), url: row.try_get("url")?, secrets }))
	}

	async fn take(&self, id: &str) -> Result<Vec<Due>, StoreError> {
		let rows = sqlx::query(
			"SELECT sequence, attempts, body FROM deliveries \
			 WHERE endpoint = $1 AND status = 'waiting' AND (next <= $2 OR next > $3) ORDER BY sequence LIMIT $4",
		)
		.bind(id)
		.bind(now())
		.bind(now() + retry::BEYOND)
		.bind(PIECE)
		.fetch_all(self.store.read())
		.await?;
		rows.iter()
			.map(|row| {
				Ok(Due {
					sequence: row.try_get("sequence")?,
					attempts: row.try_get("attempts")?,
					body: row.try_get("body")?,
				})
			})
			.collect()
	}

	async fn attempt(&self, target: &Target, message: Due) -> Attempt {
		let mut attempt = Attempt {
			sequence: message.sequence,
			attempts: message.attempts + 1,
			answer: None,
			error: None,
			asked: None,
		};
		// Names are checked when they are resolved; this is for addresses that are numbers.
		let url = match address::check(&target.url, self.private_addresses) {
			Ok(url) => url,
			Err(error) => {
				attempt.error = Some(error.to_string());
				return attempt;
			},
		};
		let (id, timestamp) = (message_id(&target.id, message.sequence), now() / 1000);
		let secrets = target.secrets.iter().map(String::as_str);
		let Some(signatures) = signature::sign(secrets, &id, timestamp, &message.body) else {
			attempt.error = Some("the endpoint's secret cannot be read: make another one".into());
			return attempt;
		};
		let request = self
			.client
			.post(url)
			.header(header::CONTENT_TYPE, "application/json")
			.header("webhook-id", id)
			.header("webhook-timestamp", timestamp)
			.header("webhook-signature", signatures)
			.body(message.body);
		match request.send().await {
			Ok(response) => {
				let status = response.status();
				attempt.answer = Some(status.as_u16().into());
				if !status.is_success() {
					attempt.error = Some(format!("the endpoint answered {status}"));
					attempt.asked = response
						.headers()
						.get(header::RETRY_AFTER)
						.and_then(|value| value.to_str().ok())
						.and_then(|value| retry::asked(value, jiff::Timestamp::now()));
				}
			},
			Err(error) => attempt.error = Some(reason(error)),
		}
		attempt
	}

	async fn record(&self, id: &str, attempts: Vec<Attempt>) -> Result<(), StoreError> {
		let gone = attempts.iter().any(Attempt::is_gone);
		let mut tx = self.store.write().await?;
		for attempt in attempts {
			let next = match &attempt.error {
				None => None,
				Some(_) => retry::wait(attempt.attempts, attempt.asked, random()),
			};
			let status = match (&attempt.error, next) {
				(None, _) => "delivered",
				(Some(_), Some(_)) => "waiting",
				(Some(_), None) => "dead",
			};
			metrics::counter!("hanse_webhooks_total", "status" => status).increment(1);
			let wait = next.map_or(0, |wait| Moment::try_from(wait.as_millis()).unwrap_or(Moment::MAX));
			sqlx::query(
				"UPDATE deliveries SET status = $1, attempts = $2, next = $3, answer = $4, error = $5, updated = $6 \
				 WHERE endpoint = $7 AND sequence = $8",
			)
			.bind(status)
			.bind(attempt.attempts)
			.bind(now().saturating_add(wait))
			.bind(attempt.answer)
			.bind(attempt.error)
			.bind(now())
			.bind(id)
			.bind(attempt.sequence)
			.execute(&mut *tx)
			.await?;
		}
		if gone {
			sqlx::query("UPDATE endpoints SET disabled = $1 WHERE id = $2")
				.bind("the endpoint answered 410 Gone: it wants nothing more; replay switches it on again")
				.bind(id)
				.execute(&mut *tx)
				.await?;
			sqlx::query(
				"UPDATE deliveries SET status = 'dead', updated = $1 WHERE endpoint = $2 AND status = 'waiting'",
			)
			.bind(now())
			.bind(id)
			.execute(&mut *tx)
			.await?;
		}
		Ok(tx.commit().await?)
	}

	/// Forgets what was delivered long ago.
	async fn sweep(&self) -> Result<(), StoreError> {
		let mut tx = self.store.write().await?;
		sqlx::query("DELETE FROM deliveries WHERE status = 'delivered' AND updated < $1")
			.bind(now() - KEPT)
			.execute(&mut *tx)
			.await?;
		Ok(tx.commit().await?)
	}
}

/// Why nothing was answered: the innermost cause, without the address.
fn reason(error: reqwest::Error) -> String {
	if error.is_timeout() {
		return "the endpoint did not answer in time".into();
	}
	let error = error.without_url();
	let mut cause: &dyn Error = &error;
	while let Some(inner) = cause.source() {
		cause = inner;
	}
	format!("the endpoint cannot be reached: {cause}")
}

fn random() -> u8 {
	let mut byte = [0];
	// Without random numbers there is no jitter, and nothing else is wrong.
	let _ = getrandom::fill(&mut byte);
	byte[0]
}
