//! `Idempotency-Key`: a POST that is sent again is the same request, and what it began is the same.
//!
//! Only the key and a hash of the request are kept. What a request begins is found again by what makes it the same (an
//! order, an account), or by the key itself.

use super::problem::Refusal;
use crate::store::{Moment, Store, StoreError, now};
use axum::http::HeaderMap;
use hanse_chain::InstitutionId;
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

pub const HEADER: &str = "idempotency-key";
/// How long a key is remembered.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How many requests share a transaction of the database.
const TOGETHER: usize = 256;

/// Whether a request was made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
	First,
	Again,
	/// With another body, or for something else.
	Otherwise,
}

struct Entry {
	institution: InstitutionId,
	key: String,
	fingerprint: [u8; 32],
	answer: oneshot::Sender<Seen>,
}

/// The keys that were used. Whoever comes at the same time shares a transaction.
#[derive(Clone)]
pub struct Keys {
	queue: mpsc::Sender<Entry>,
}

impl Keys {
	/// Starts the task that writes.
	pub fn start(store: Store) -> Self {
		let (queue, entries) = mpsc::channel(4 * TOGETHER);
		tokio::spawn(run(store, entries));
		Self { queue }
	}

	/// Remembers a request, or finds it.
	pub async fn note(
		&self,
		institution: InstitutionId,
		key: &str,
		fingerprint: [u8; 32],
	) -> Result<Seen, Refusal> {
		let (answer, answered) = oneshot::channel();
		let entry = Entry { institution, key: key.to_owned(), fingerprint, answer };
		let down = || Refusal::unavailable("The gateway's database does not answer. Repeat the request.", 5);
		self.queue.send(entry).await.map_err(|_| down())?;
		answered.await.map_err(|_| down())
	}
}

async fn run(store: Store, mut entries: mpsc::Receiver<Entry>) {
	let mut waiting = Vec::with_capacity(TOGETHER);
	let mut cleaned = tokio::time::Instant::now();
	while entries.recv_many(&mut waiting, TOGETHER).await > 0 {
		match note_all(&store, &waiting).await {
			Ok(seen) => {
				for (entry, seen) in waiting.drain(..).zip(seen) {
					// Who does not wait any more needs no answer.
					let _ = entry.answer.send(seen);
				}
			},
			// Without an answer the requests are refused, and may be repeated.
			Err(error) => {
				tracing::error!(%error, "idempotency keys could not be stored");
				waiting.clear();
			},
		}
		if cleaned.elapsed() > Duration::from_secs(60 * 60) {
			cleaned = tokio::time::Instant::now();
			if let Err(error) = forget(&store, now() - KEPT.as_millis() as Moment).await {
				tracing::warn!(%error, "old idempotency keys could not be deleted");
			}
		}
	}
}

async fn note_all(store: &Store, entries: &[Entry]) -> Result<Vec<Seen>, StoreError> {
	let mut transaction = store.write().await?;
	let mut seen = Vec::with_capacity(entries.len());
	for entry in entries {
		let inserted = sqlx::query(
			"INSERT INTO idempotency (institution, key, fingerprint, created) VALUES ($1, $2, $3, $4) ON CONFLICT (institution, key) DO NOTHING",
		)
		.bind(i64::from(entry.institution))
		.bind(&entry.key)
		.bind(entry.fingerprint.to_vec())
		.bind(now())
		.execute(&mut *transaction)
		.await?;
		if inserted.rows_affected() > 0 {
			seen.push(Seen::First);
			continue;
		}
		let row = sqlx::query("SELECT fingerprint FROM idempotency WHERE institution = $1 AND key = $2")
			.bind(i64::from(entry.institution))
			.bind(&entry.key)
			.fetch_one(&mut *transaction)
			.await?;
		let same = row.try_get::<Vec<u8>, _>("fingerprint")? == entry.fingerprint;
		seen.push(if same { Seen::Again } else { Seen::Otherwise });
	}
	transaction.commit().await?;
	Ok(seen)
}

async fn forget(store: &Store, before: Moment) -> Result<(), StoreError> {
	let mut transaction = store.write().await?;
	sqlx::query("DELETE FROM idempotency WHERE created < $1").bind(before).execute(&mut *transaction).await?;
	transaction.commit().await?;
	Ok(())
}

/// The key of a request.
pub fn key(headers: &HeaderMap) -> Result<String, Refusal> {
	let missing = || {
		Refusal::malformed(
			"The header Idempotency-Key is missing, or is not 1 to 255 visible ASCII characters. Make up a new one for each request, as a UUID, and send it again when you repeat the request.",
		)
	};
	let key = headers.get(HEADER).ok_or_else(missing)?.to_str().map_err(|_| missing())?;
	let fits = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
	fits.then(|| key.to_owned()).ok_or_else(missing)
}

/// What makes two requests the same.
pub fn fingerprint(method: &str, target: &str, body: &[u8]) -> [u8; 32] {
	let mut hash = Sha256::new();
	for part in [method.as_bytes(), target.as_bytes()] {
		hash.update(part);
		hash.update([0]);
	}
	hash.update(body);
	hash.finalize().into()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn a_key_stands_for_one_request_of_one_institution() {
		let folder = tempfile::tempdir().unwrap();
		let url = format!("sqlite://{}/db", folder.path().display());
		let keys = Keys::start(Store::open(&url).await.unwrap());
		let (one, other) = (fingerprint("POST", "/v1/awards", b"1"), fingerprint("POST", "/v1/awards", b"2"));
		assert_eq!(keys.note(1, "k", one).await.unwrap(), Seen::First);
		assert_eq!(keys.note(1, "k", one).await.unwrap(), Seen::Again);
		assert_eq!(keys.note(1, "k", other).await.unwrap(), Seen::Otherwise);
		assert_eq!(keys.note(2, "k", other).await.unwrap(), Seen::First);
	}

	#[tokio::test]
	async fn of_many_at_once_one_is_the_first() {
		let folder = tempfile::tempdir().unwrap();
		let url = format!("sqlite://{}/db", folder.path().display());
		let keys = Keys::start(Store::open(&url).await.unwrap());
		let all = (0..100).map(|_| keys.note(1, "k", [7; 32]));
		let seen = futures::future::join_all(all).await;
		let first = seen.into_iter().filter(|seen| *seen.as_ref().unwrap() == Seen::First).count();
		assert_eq!(first, 1);
	}
}
