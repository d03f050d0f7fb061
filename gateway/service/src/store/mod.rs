//! The database: SQLite in a file of its own, or PostgreSQL, with the same statements for both.
//!
//! All that one event changes (a request, a signed transaction, a final block) changes in one transaction of the
//! database. Only one connection writes.

mod operations;
#[cfg(test)]
pub mod testing;
mod together;

pub use operations::{Operation, Status};

use sqlx::{
	AnyPool, AssertSqlSafe, SqlSafeStr,
	any::AnyPoolOptions,
	migrate::{Migration, MigrationType, Migrator},
};
use std::{borrow::Cow, time::Duration};
use tokio::sync::mpsc;

/// Milliseconds since 1970.
pub type Moment = i64;

/// The scripts, in the words of PostgreSQL; [`Engine::dialect`] says them for SQLite.
const MIGRATIONS: &[(i64, &str, &str)] = &[
	(1, "operations", include_str!("../../migrations/0001_operations.sql")),
	(2, "index", include_str!("../../migrations/0002_index.sql")),
	(3, "webhooks", include_str!("../../migrations/0003_webhooks.sql")),
	(4, "access", include_str!("../../migrations/0004_access.sql")),
	(5, "orders", include_str!("../../migrations/0005_orders.sql")),
	(6, "refused", include_str!("../../migrations/0006_refused.sql")),
	(7, "versions", include_str!("../../migrations/0007_versions.sql")),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
	Sqlite,
	Postgres,
}

impl Engine {
	fn of(url: &str) -> Result<Self, StoreError> {
		match url.split(':').next() {
			Some("sqlite") => Ok(Self::Sqlite),
			Some("postgres" | "postgresql") => Ok(Self::Postgres),
			_ => Err(StoreError::UnknownEngine(url.to_owned())),
		}
	}

	/// A script as this engine takes it.
	fn dialect(self, script: &str) -> String {
		match self {
			Self::Postgres => script.to_owned(),
			Self::Sqlite => {
				script.replace("BYTEA", "BLOB").replace("BIGINT", "INTEGER").replace("\n);", "\n) STRICT;")
			},
		}
	}

	/// How a transaction that writes begins: SQLite takes its lock at once instead of failing half-way.
	fn begin(self) -> &'static str {
		match self {
			Self::Postgres => "BEGIN",
			Self::Sqlite => "BEGIN IMMEDIATE",
		}
	}
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
	#[error("{0} is no database that the gateway knows: write sqlite://FILE or postgres://USER@HOST/NAME")]
	UnknownEngine(String),
	#[error("the database does not answer: {0}")]
	Database(#[from] sqlx::Error),
	#[error("the database is of another version of the gateway: {0}")]
	Version(#[from] sqlx::migrate::MigrateError),
	#[error("the database has something that cannot be read: {0}")]
	Content(#[from] serde_json::Error),
	#[error("the database has something that cannot be: {0}")]
	Inconsistent(String),
}

pub type Transaction = sqlx::Transaction<'static, sqlx::Any>;

/// The database. Clones share their connections.
#[derive(Clone)]
pub struct Store {
	writer: Writer,
	readers: AnyPool,
	/// Small writes, which share transactions.
	jobs: mpsc::Sender<together::Job>,
}

/// The one connection that writes.
#[derive(Clone)]
struct Writer {
	engine: Engine,
	pool: AnyPool,
}

impl Writer {
	async fn begin(&self) -> Result<Transaction, StoreError> {
		Ok(self.pool.begin_with(self.engine.begin()).await?)
	}
}

impl Store {
	/// Opens `url`, creates it if it is a file that is not there, and brings it up to date.
	pub async fn open(url: &str) -> Result<Self, StoreError> {
		sqlx::any::install_default_drivers();
		let engine = Engine::of(url)?;
		let url = match engine {
			Engine::Sqlite if !url.contains('?') => format!("{url}?mode=rwc"),
			_ => url.to_owned(),
		};
		let writer = Writer { engine, pool: pool(engine, 1).connect(&url).await? };
		let readers = pool(engine, 8).connect(&url).await?;
		let store = Self { jobs: together::start(writer.clone()), writer, readers };
		store.migrate().await?;
		Ok(store)
	}

	async fn migrate(&self) -> Result<(), StoreError> {
		let migrations = MIGRATIONS.iter().map(|(version, name, script)| {
			let script = AssertSqlSafe(self.engine().dialect(script)).into_sql_str();
			Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, script, false)
		});
		let migrator = Migrator { migrations: Cow::Owned(migrations.collect()), ..Migrator::DEFAULT };
		// Another process may bring the same file up to date at the same time: the second one finds it done.
		let mut again = 3;
		while let Err(error) = migrator.run(&self.writer.pool).await {
			if again == 0 {
				return Err(error.into());
			}
			again -= 1;
			tokio::time::sleep(Duration::from_millis(200)).await;
		}
		Ok(())
	}

	/// Whether somebody else than this process could use the database at the same time.
	pub fn engine(&self) -> Engine {
		self.writer.engine
	}

	/// A transaction that may write: there is one at a time, so it is short. It is undone unless it is committed.
	pub async fn write(&self) -> Result<Transaction, StoreError> {
		self.writer.begin().await
	}

	/// For statements that only read.
	pub fn read(&self) -> &AnyPool {
		&self.readers
	}
}

/// Connections as they are used here. What is committed stays, also when the machine loses its power.
fn pool(engine: Engine, connections: u32) -> AnyPoolOptions {
	AnyPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(10)).after_connect(
		move |connection, _| {
			Box::pin(async move {
				if engine == Engine::Sqlite {
					for pragma in [
						"journal_mode = WAL",
						"synchronous = FULL",
						"busy_timeout = 5000",
						"foreign_keys = ON",
					] {
						sqlx::query(AssertSqlSafe(format!("PRAGMA {pragma}")))
							.execute(&mut *connection)
							.await?;
					}
				}
				Ok(())
			})
		},
	)
}

/// Now, by this machine's clock.
pub fn now() -> Moment {
	let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
	Moment::try_from(since.as_millis()).unwrap_or(Moment::MAX)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn two_that_open_a_new_file_at_the_same_time_both_find_it_whole() {
		let folder = tempfile::tempdir().unwrap();
		let url = format!("sqlite://{}/gateway.db", folder.path().display());
		for store in futures::future::join_all((0..4).map(|_| Store::open(&url))).await {
			let store = store.unwrap();
			let keys: i64 =
				sqlx::query_scalar("SELECT COUNT(*) FROM access_keys").fetch_one(store.read()).await.unwrap();
			assert_eq!(keys, 0);
		}
	}
}
