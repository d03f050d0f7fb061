//! Operations and lanes, as they are asked for.

use crate::store::{Operation, Status, Store, StoreError};
use hanse_chain::{AccountId, InstitutionId};
use sqlx::{AssertSqlSafe, Row};

/// Which operations are listed.
#[derive(Clone, Debug)]
pub struct Filter {
	pub institution: InstitutionId,
	pub status: Option<Status>,
	/// As in the column `kind`.
	pub kind: Option<String>,
	/// Those of this access key only.
	pub access_key: Option<String>,
	/// Older than this one, by id.
	pub before: Option<String>,
	pub limit: u32,
}

/// One key, and what waits for it.
#[derive(Clone, Debug)]
pub struct LaneState {
	pub name: String,
	pub institution: InstitutionId,
	pub delegate: AccountId,
	/// Why it signs nothing for now.
	pub paused: Option<String>,
	/// Operations that are accepted and not signed.
	pub waiting: u64,
	/// Transactions that are signed and not final.
	pub under_way: u64,
}

pub(super) async fn get(store: &Store, id: &str) -> Result<Option<Operation>, StoreError> {
	let row =
		sqlx::query(AssertSqlSafe(format!("SELECT {} FROM operations WHERE id = $1", Operation::COLUMNS)))
			.bind(id)
			.fetch_optional(store.read())
			.await?;
	row.as_ref().map(Operation::read).transpose()
}

pub(super) async fn list(store: &Store, filter: &Filter) -> Result<Vec<Operation>, StoreError> {
	let rows = sqlx::query(AssertSqlSafe(format!(
		"SELECT {} FROM operations WHERE institution = $1
		AND ($2 IS NULL OR status = $2) AND ($3 IS NULL OR kind = $3) AND ($4 IS NULL OR access_key = $4)
		AND id < $5 ORDER BY id DESC LIMIT $6",
		Operation::COLUMNS
	)))
	.bind(i64::from(filter.institution))
	.bind(filter.status.map(|status| status.name().to_owned()))
	.bind(filter.kind.clone())
	.bind(filter.access_key.clone())
	// After every UUID.
	.bind(filter.before.clone().unwrap_or_else(|| "g".into()))
	.bind(i64::from(filter.limit))
	.fetch_all(store.read())
	.await?;
	rows.iter().map(Operation::read).collect()
}

/// Writes down that there is a lane, and by which key.
pub(super) async fn register(
	store: &Store,
	name: &str,
	institution: InstitutionId,
	delegate: AccountId,
) -> Result<(), StoreError> {
	let mut tx = store.write().await?;
	sqlx::query(
		"INSERT INTO lanes (name, institution, delegate) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET delegate = excluded.delegate",
	)
	.bind(name)
	.bind(i64::from(institution))
	.bind(delegate.0.to_vec())
	.execute(&mut *tx)
	.await?;
	tx.commit().await?;
	Ok(())
}

pub(super) async fn lanes(store: &Store) -> Result<Vec<LaneState>, StoreError> {
	let rows = sqlx::query(
		"SELECT name, institution, delegate, paused,
		(SELECT COUNT(*) FROM operations WHERE lane = name AND status = 'accepted') AS waiting,
		(SELECT COUNT(*) FROM transactions WHERE lane = name AND status IN ('signed', 'sent', 'in_block')) AS under_way
		FROM lanes ORDER BY institution, name",
	)
	.fetch_all(store.read())
	.await?;
	rows.iter()
		.map(|row| {
			let delegate = super::outbox::hash_of(row.try_get("delegate")?)?;
			let institution = u32::try_from(row.try_get::<i64, _>("institution")?)
				.map_err(|_| StoreError::Inconsistent("an institution beyond 32 bits".into()))?;
			Ok(LaneState {
				name: row.try_get("name")?,
				institution,
				delegate: AccountId(delegate),
				paused: row.try_get("paused")?,
				waiting: row.try_get::<i64, _>("waiting")?.unsigned_abs(),
				under_way: row.try_get::<i64, _>("under_way")?.unsigned_abs(),
			})
		})
		.collect()
}
