//! Signed transactions in the database.

use super::batch::Batch;
use crate::store::{self, Operation, Status, StoreError, Transaction};
use hanse_chain::sign::Signed;
use sqlx::{AnyPool, AssertSqlSafe, Row, any::AnyRow};

/// A transaction of which no final block has told yet.
#[derive(Clone, Debug)]
pub(super) struct UnderWay {
	pub hash: [u8; 32],
	pub nonce: u64,
	pub death: u64,
	/// The runtime for which it was signed, if that is known.
	pub spec_version: Option<u32>,
	pub status: Status,
}

impl UnderWay {
	/// Whether the runtime of that version takes it no more.
	pub fn is_older_than(&self, version: u32) -> bool {
		self.spec_version.is_some_and(|own| own < version)
	}
}

const UNDER_WAY: &str = "('signed', 'sent', 'in_block')";

pub(super) fn whole(number: u64) -> Result<i64, StoreError> {
	i64::try_from(number).map_err(|_| StoreError::Inconsistent(format!("{number}, which is more than 2⁶³")))
}

fn natural(row: &AnyRow, column: &str) -> Result<u64, StoreError> {
	let number: i64 = row.try_get(column)?;
	u64::try_from(number).map_err(|_| StoreError::Inconsistent(format!("{column} {number}")))
}

pub(super) fn hash_of(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
	bytes.try_into().map_err(|_| StoreError::Inconsistent("a hash that has not 32 bytes".into()))
}

/// What is under way in a lane, by nonce.
pub(super) async fn under_way(pool: &AnyPool, lane: &str) -> Result<Vec<UnderWay>, StoreError> {
	let rows = sqlx::query(AssertSqlSafe(format!(
		"SELECT hash, nonce, death, spec_version, status FROM transactions
		WHERE lane = $1 AND status IN {UNDER_WAY} ORDER BY nonce"
	)))
	.bind(lane)
	.fetch_all(pool)
	.await?;
	rows.iter()
		.map(|row| {
			let status: String = row.try_get("status")?;
			Ok(UnderWay {
				hash: hash_of(row.try_get("hash")?)?,
				nonce: natural(row, "nonce")?,
				death: natural(row, "death")?,
				spec_version: row
					.try_get::<Option<i64>, _>("spec_version")?
					.and_then(|version| u32::try_from(version).ok()),
				status: match status.as_str() {
					"signed" => Status::Signed,
					"sent" => Status::Sent,
					_ => Status::InBlock,
				},
			})
		})
		.collect()
}

/// Whether a nonce before those under way is unused for good, so that they can be in no block.
pub(super) async fn has_gap(pool: &AnyPool, lane: &str) -> Result<bool, StoreError> {
	let expired: Option<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
		"SELECT nonce FROM transactions WHERE lane = $1 AND status = 'expired'
		AND nonce < (SELECT MIN(nonce) FROM transactions WHERE lane = $1 AND status IN {UNDER_WAY})
		AND nonce > COALESCE((SELECT MAX(nonce) FROM transactions WHERE lane = $1 AND status = 'final'), -1)
		LIMIT 1"
	)))
	.bind(lane)
	.fetch_optional(pool)
	.await?;
	Ok(expired.is_some())
}

pub(super) async fn bytes_of(pool: &AnyPool, hash: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
	Ok(sqlx::query_scalar("SELECT bytes FROM transactions WHERE hash = $1")
		.bind(hash.to_vec())
		.fetch_one(pool)
		.await?)
}

/// What waits to be signed, and with how many others at most.
pub(super) async fn accepted(
	pool: &AnyPool,
	lane: &str,
	limit: i64,
) -> Result<Vec<(Operation, Option<usize>)>, StoreError> {
	let rows = sqlx::query(AssertSqlSafe(format!(
		"SELECT {}, most FROM operations WHERE lane = $1 AND status = 'accepted' ORDER BY id LIMIT $2",
		Operation::COLUMNS
	)))
	.bind(lane)
	.bind(limit)
	.fetch_all(pool)
	.await?;
	rows.iter()
		.map(|row| {
			let most: Option<i64> = row.try_get("most")?;
			Ok((Operation::read(row)?, most.and_then(|most| usize::try_from(most).ok())))
		})
		.collect()
}

/// Stores a signed transaction with all that it does. Whoever was signed elsewhere meanwhile makes all of it fail.
pub(super) async fn store(
	tx: &mut Transaction,
	lane: &str,
	signed: &Signed,
	batch: &Batch,
) -> Result<(), StoreError> {
	let now = store::now();
	sqlx::query(
		"INSERT INTO transactions (hash, lane, nonce, bytes, birth, death, spec_version, status, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'signed', $8)",
	)
	.bind(signed.hash.to_vec())
	.bind(lane)
	.bind(whole(signed.nonce)?)
	.bind(signed.bytes.clone())
	.bind(whole(signed.birth)?)
	.bind(whole(signed.death)?)
	.bind(signed.spec_version.map(i64::from))
	.bind(now)
	.execute(&mut **tx)
	.await?;
	let rows: Vec<String> =
		(0..batch.operations.len()).map(|row| format!("(${}, ${})", 3 + 2 * row, 4 + 2 * row)).collect();
	// SQLite and PostgreSQL name the columns of a list of values alike.
	let mut query = sqlx::query(AssertSqlSafe(format!(
		"UPDATE operations SET status = 'signed', tx = $1, place = signed.column2, updated = $2
		FROM (VALUES {}) AS signed WHERE operations.id = signed.column1 AND operations.status = 'accepted'",
		rows.join(", ")
	)))
	.bind(signed.hash.to_vec())
	.bind(now);
	for (place, operation) in (0_i64..).zip(&batch.operations) {
		query = query.bind(operation.id.clone()).bind(place);
	}
	let updated = query.execute(&mut **tx).await?.rows_affected();
	if updated != batch.operations.len() as u64 {
		return Err(StoreError::Inconsistent(format!(
			"{} operations, of which {updated} were not signed by somebody else meanwhile",
			batch.operations.len()
		)));
	}
	Ok(())
}

/// Moves transactions that are under way, with all that they do.
pub(super) async fn mark(tx: &mut Transaction, marks: &[([u8; 32], Status)]) -> Result<(), StoreError> {
	let now = store::now();
	for (hash, status) in marks {
		for statement in [
			format!("UPDATE transactions SET status = $1 WHERE hash = $2 AND status IN {UNDER_WAY}"),
			format!(
				"UPDATE operations SET status = $1, updated = {now} WHERE tx = $2 AND status IN {UNDER_WAY}"
			),
		] {
			sqlx::query(AssertSqlSafe(statement))
				.bind(status.name())
				.bind(hash.to_vec())
				.execute(&mut **tx)
				.await?;
		}
	}
	Ok(())
}

/// Notes why the node says that a transaction can be in no block.
pub(super) async fn note_refused(tx: &mut Transaction, hash: &[u8; 32], why: &str) -> Result<(), StoreError> {
	sqlx::query("UPDATE transactions SET refused = $1 WHERE hash = $2")
		.bind(why)
		.bind(hash.to_vec())
		.execute(&mut **tx)
		.await?;
	Ok(())
}

/// Whether the operation of this name is not over yet.
pub(super) async fn is_open(pool: &AnyPool, institution: u32, once: &str) -> Result<bool, StoreError> {
	let open: Option<String> = sqlx::query_scalar(
		"SELECT id FROM operations WHERE institution = $1 AND once = $2
		AND status IN ('accepted', 'signed', 'sent', 'in_block')",
	)
	.bind(i64::from(institution))
	.bind(once)
	.fetch_optional(pool)
	.await?;
	Ok(open.is_some())
}

/// Whether what has died has nonces that are not used yet. The node's pool may still count it.
pub(super) async fn has_dead(pool: &AnyPool, lane: &str) -> Result<bool, StoreError> {
	let dead: Option<i64> = sqlx::query_scalar(
		"SELECT nonce FROM transactions WHERE lane = $1 AND status = 'expired'
		AND nonce > COALESCE((SELECT MAX(nonce) FROM transactions WHERE lane = $1 AND status = 'final'), -1)
		LIMIT 1",
	)
	.bind(lane)
	.fetch_optional(pool)
	.await?;
	Ok(dead.is_some())
}

pub(super) async fn last_final_nonce(pool: &AnyPool, lane: &str) -> Result<Option<u64>, StoreError> {
	let last: Option<i64> =
		sqlx::query_scalar("SELECT MAX(nonce) FROM transactions WHERE lane = $1 AND status = 'final'")
			.bind(lane)
			.fetch_one(pool)
			.await?;
	Ok(last.and_then(|last| u64::try_from(last).ok()))
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		model::{Action, Hash, Order},
		orders::{NewOperation, accept::store_all, batch::Kind},
		store::testing::{TestStore, stores},
	};
	use hanse_chain::AccountId;

	fn award(number: u8) -> NewOperation {
		let order = Order { era: 1, commitment: Hash([number; 32]) };
		let action = Action::Award { program: 1, order, to: AccountId([2; 32]), points: 5 };
		NewOperation { institution: 1, action, reference: None, once: None, access_key: None }
	}

	fn signed(hash: u8) -> Signed {
		let (bytes, nonce) = (vec![hash], hash.into());
		Signed { bytes, hash: [hash; 32], nonce, birth: 1, death: 65, spec_version: Some(3) }
	}

	#[tokio::test]
	async fn what_is_signed_is_stored_at_its_place_and_never_twice() {
		for TestStore { store: database, .. } in stores().await {
			store_all(&database, &[(1..=3).map(award).collect()]).await.unwrap();
			let waiting = accepted(database.read(), "1:issue", 10).await.unwrap();
			let operations: Vec<_> = waiting.into_iter().rev().map(|(operation, _)| operation).collect();
			let batch = Batch { kind: Kind::Others { most: None }, operations };
			let mut tx = database.write().await.unwrap();
			store(&mut tx, "1:issue", &signed(7), &batch).await.unwrap();
			tx.commit().await.unwrap();
			let stored: Vec<(String, i64)> =
				sqlx::query_as("SELECT id, place FROM operations WHERE status = 'signed' ORDER BY place")
					.fetch_all(database.read())
					.await
					.unwrap();
			let expected: Vec<_> = batch.operations.iter().map(|one| one.id.clone()).zip(0..).collect();
			assert_eq!(stored, expected);
			let sent = under_way(database.read(), "1:issue").await.unwrap();
			assert_eq!((sent.len(), sent[0].spec_version), (1, Some(3)));
			assert!(sent[0].is_older_than(4) && !sent[0].is_older_than(3));

			let mut tx = database.write().await.unwrap();
			let twice = store(&mut tx, "1:issue", &signed(8), &batch).await.unwrap_err();
			assert!(twice.to_string().contains("of which 0 were not signed"), "{twice}");
		}
	}
}
