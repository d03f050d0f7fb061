//! Who sends: of all gateways with one database, one at a time.
//!
//! A process that was stopped for a while may believe that it still holds the lease. So every transaction of the
//! database that signs something holds it anew, and fails if another one has it. Who was killed on this machine does
//! not hold it any more; anybody else keeps it for a term after the last sign of life.

use crate::store::{self, Store, StoreError, Transaction};
use sqlx::Row;
use std::{fs, sync::Arc, time::Duration};
use tokio::sync::watch;

/// The row of table `leases`.
const NAME: &str = "sender";
/// After how long without a sign of life another one may take it, in milliseconds.
const TERM: i64 = 15_000;
/// A lease for longer than that was written by a clock that was wrong. Whoever has it and lives takes it again.
const BEYOND: i64 = 4 * TERM;
const RENEWAL: Duration = Duration::from_secs(4);
/// How often somebody without the lease tries.
const ATTEMPT: Duration = Duration::from_secs(1);

/// The lease of this process, or its wish for it. Clones are of the same process.
#[derive(Clone, Debug)]
pub struct Lease {
	holder: Arc<str>,
	held: watch::Receiver<bool>,
}

impl Lease {
	/// Takes the lease if it is free, and goes on trying and renewing until all clones are gone.
	pub async fn start(store: Store) -> Result<Self, StoreError> {
		let holder: Arc<str> = Process::this().to_string().into();
		let first = take(&store, &holder).await?;
		let (sender, held) = watch::channel(first);
		let lease = Self { holder: holder.clone(), held };
		tokio::spawn(async move {
			let mut held = first;
			loop {
				tokio::select! {
					() = tokio::time::sleep(if held { RENEWAL } else { ATTEMPT }) => {},
					() = sender.closed() => break,
				}
				// Whoever cannot write does not hold it either.
				held = take(&store, &holder).await.unwrap_or(false);
				sender.send_if_modified(|was| std::mem::replace(was, held) != held);
			}
			if let Err(error) = give_back(&store, &holder).await {
				tracing::warn!(%error, "the lease was not given back; another gateway waits until it is over");
			}
		});
		Ok(lease)
	}

	/// Whether this process sends, as far as it knows.
	pub fn is_held(&self) -> bool {
		*self.held.borrow()
	}

	/// Tells when that changes.
	pub fn watch(&self) -> watch::Receiver<bool> {
		self.held.clone()
	}

	/// Holds it for as long as `tx` runs: whether this process has it.
	pub async fn hold(&self, tx: &mut Transaction) -> Result<bool, StoreError> {
		let held = sqlx::query("UPDATE leases SET until = $1 WHERE name = $2 AND holder = $3")
			.bind(store::now() + TERM)
			.bind(NAME)
			.bind(self.holder.to_string())
			.execute(&mut **tx)
			.await?;
		Ok(held.rows_affected() == 1)
	}
}

async fn take(store: &Store, holder: &str) -> Result<bool, StoreError> {
	let mut tx = store.write().await?;
	let now = store::now();
	let row = sqlx::query("SELECT holder, until FROM leases WHERE name = $1")
		.bind(NAME)
		.fetch_optional(&mut *tx)
		.await?;
	let before = match &row {
		None => String::new(),
		Some(row) => row.try_get("holder")?,
	};
	let is_free = match &row {
		None => true,
		Some(row) => {
			let until: i64 = row.try_get("until")?;
			before == holder || until < now || until > now + BEYOND || Process::has_ended(&before)
		},
	};
	if !is_free {
		return Ok(false);
	}
	// Nobody else may have taken it since it was read.
	let taken = sqlx::query(
		"INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE leases.holder = $4",
	)
	.bind(NAME)
	.bind(holder)
	.bind(now + TERM)
	.bind(before)
	.execute(&mut *tx)
	.await?;
	tx.commit().await?;
	Ok(taken.rows_affected() == 1)
}

async fn give_back(store: &Store, holder: &str) -> Result<(), StoreError> {
	let mut tx = store.write().await?;
	sqlx::query("DELETE FROM leases WHERE name = $1 AND holder = $2")
		.bind(NAME)
		.bind(holder)
		.execute(&mut *tx)
		.await?;
	tx.commit().await?;
	Ok(())
}

/// A process of this or another machine, so that it can be told whether it still runs.
#[derive(Debug, PartialEq, Eq)]
struct Process {
	/// Which start of which machine, and which of its spaces of process numbers.
	place: String,
	number: u32,
	/// When it started, in the machine's own ticks.
	started: String,
}

impl Process {
	fn this() -> Self {
		let number = std::process::id();
		// A machine without these files gives each process a place of its own, so that nobody is thought to have ended.
		let started = started(number).unwrap_or_else(|| uuid::Uuid::now_v7().to_string());
		Self { place: place(), number, started }
	}

	/// Whether `holder` ran here and does not any more. Of others nobody knows.
	fn has_ended(holder: &str) -> bool {
		let mut parts = holder.split(' ');
		let (Some(place_of), Some(number), Some(started_at)) = (parts.next(), parts.next(), parts.next())
		else {
			return false;
		};
		let Ok(number) = number.parse() else { return false };
		place_of == place() && started(number).as_deref() != Some(started_at)
	}
}

impl std::fmt::Display for Process {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		write!(f, "{} {} {}", self.place, self.number, self.started)
	}
}

fn place() -> String {
	let start = fs::read_to_string("/proc/sys/kernel/random/boot_id");
	let space = fs::read_link("/proc/self/ns/pid");
	match (start, space) {
		(Ok(start), Ok(space)) => format!("{}/{}", start.trim(), space.display()),
		_ => uuid::Uuid::now_v7().to_string(),
	}
}

/// The 22nd field of `/proc/PID/stat`, counted from behind the name, which may hold anything.
fn started(number: u32) -> Option<String> {
	let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
	let (_, fields) = stat.rsplit_once(')')?;
	// A zombie does nothing any more.
	let mut fields = fields.split_whitespace();
	if fields.next()? == "Z" {
		return None;
	}
	fields.nth(18).map(str::to_owned)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn whoever_runs_has_not_ended_and_whoever_ran_has() {
		assert!(!Process::has_ended(&Process::this().to_string()));
		let gone = Process { started: "1".into(), ..Process::this() };
		assert!(Process::has_ended(&gone.to_string()));
		let elsewhere = Process { place: "elsewhere".into(), ..gone };
		assert!(!Process::has_ended(&elsewhere.to_string()));
	}

	#[tokio::test]
	async fn one_of_two_holds_it() {
		let folder = tempfile::tempdir().unwrap();
		let store = Store::open(&format!("sqlite://{}/one.sqlite", folder.path().display())).await.unwrap();
		assert!(take(&store, "elsewhere 1 1").await.unwrap());
		assert!(take(&store, "elsewhere 1 1").await.unwrap());
		assert!(!take(&store, "elsewhere 2 2").await.unwrap());
		give_back(&store, "elsewhere 1 1").await.unwrap();
		assert!(take(&store, "elsewhere 2 2").await.unwrap());
	}

	#[tokio::test]
	async fn it_is_taken_from_whoever_had_a_clock_that_was_wrong() {
		let folder = tempfile::tempdir().unwrap();
		let store = Store::open(&format!("sqlite://{}/one.sqlite", folder.path().display())).await.unwrap();
		assert!(take(&store, "elsewhere 1 1").await.unwrap());
		let mut tx = store.write().await.unwrap();
		sqlx::query("UPDATE leases SET until = until + 3600000").execute(&mut *tx).await.unwrap();
		tx.commit().await.unwrap();
		assert!(take(&store, "elsewhere 2 2").await.unwrap());
		assert!(!take(&store, "elsewhere 1 1").await.unwrap());
	}

	#[tokio::test]
	async fn it_is_taken_from_whoever_was_killed() {
		let folder = tempfile::tempdir().unwrap();
		let store = Store::open(&format!("sqlite://{}/one.sqlite", folder.path().display())).await.unwrap();
		let gone = Process { started: "1".into(), ..Process::this() };
		assert!(take(&store, &gone.to_string()).await.unwrap());
		let lease = Lease::start(store.clone()).await.unwrap();
		assert!(lease.is_held());
		let mut tx = store.write().await.unwrap();
		assert!(lease.hold(&mut tx).await.unwrap());
	}
}
