//! What can be in no block any more.

use super::{
	outbox::{hash_of, whole},
	problem,
	settle::{again, of_transaction, write},
};
use crate::store::{self, Operation, Status, StoreError, Transaction};
use sqlx::Row;

/// What is under way and can be in no block after `number`: signed anew, or over if somebody else had signed it. It is past
/// its death, or signed for a runtime before `spec_version`, which is that of this block.
pub(super) async fn expire(
	tx: &mut Transaction,
	number: u64,
	spec_version: u32,
	over: &mut Vec<Operation>,
) -> Result<(), StoreError> {
	let number = whole(number)?;
	let dead = sqlx::query(
		"UPDATE transactions SET status = 'expired'
		WHERE status IN ('signed', 'sent', 'in_block') AND (death <= $1 OR spec_version < $2)
		RETURNING hash, lane, refused, death",
	)
	.bind(number)
	.bind(i64::from(spec_version))
	.fetch_all(&mut **tx)
	.await?;
	for row in dead {
		let hash = hash_of(row.try_get("hash")?)?;
		let lane: String = row.try_get("lane")?;
		let refused: Option<String> = row.try_get("refused")?;
		let operations = of_transaction(tx, &hash).await?;
		// It may have been too much for a block, unless the runtime was what ended it.
		let half = (row.try_get::<i64, _>("death")? <= number).then(|| operations.len().div_ceil(2));
		let is_alone = half == Some(1);
		for mut operation in operations {
			let too_large = refused.as_deref().filter(|_| is_alone);
			(operation.status, operation.error) = match (operation.action.delegation(), too_large) {
				(Some(_), None) => {
					again(tx, &operation.id, half).await?;
					continue;
				},
				(_, Some(why)) => (Status::Failed, Some(problem::too_large(why))),
				(None, None) => (Status::Expired, Some(problem::too_late())),
			};
			operation.updated = store::now();
			write(tx, &operation).await?;
			over.push(operation);
		}
		tracing::warn!(lane, hash = hex::encode(hash), "a transaction was in no block in time");
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		model::{Action, Hash, Order},
		orders::outbox,
		store::{Store, testing},
	};
	use hanse_chain::AccountId;

	/// A transaction of so many awards, of runtime 3, that can be in no block after 10, and what the node said to it.
	async fn under_way(store: &Store, awards: u8, refused: Option<&str>) {
		let mut tx = store.write().await.unwrap();
		sqlx::query(
			"INSERT INTO transactions (hash, lane, nonce, bytes, birth, death, spec_version, status, created)
			VALUES ($1, '1:issue', 0, $1, 0, 10, 3, 'signed', 0)",
		)
		.bind(vec![7; 32])
		.execute(&mut *tx)
		.await
		.unwrap();
		if let Some(why) = refused {
			outbox::note_refused(&mut tx, &[7; 32], why).await.unwrap();
		}
		for place in 0..awards {
			let order = Order { era: 1, commitment: Hash([place; 32]) };
			let action = Action::Award { program: 1, order, to: AccountId([2; 32]), points: 5 };
			sqlx::query(
				"INSERT INTO operations (id, institution, lane, kind, action, status, tx, place, created, updated)
				VALUES ($1, 1, '1:issue', 'award', $2, 'signed', $3, $4, 0, 0)",
			)
			.bind(place.to_string())
			.bind(serde_json::to_string(&action).unwrap())
			.bind(vec![7; 32])
			.bind(i64::from(place))
			.execute(&mut *tx)
			.await
			.unwrap();
		}
		tx.commit().await.unwrap();
	}

	async fn after(store: &Store, number: u64, spec_version: u32) -> Vec<Operation> {
		let (mut tx, mut over) = (store.write().await.unwrap(), Vec::new());
		expire(&mut tx, number, spec_version, &mut over).await.unwrap();
		tx.commit().await.unwrap();
		over
	}

	/// With how many others at most each may be signed anew.
	async fn waiting(store: &Store) -> Vec<Option<i64>> {
		sqlx::query_scalar("SELECT most FROM operations WHERE status = 'accepted' AND tx IS NULL ORDER BY id")
			.fetch_all(store.read())
			.await
			.unwrap()
	}

	#[tokio::test]
	async fn what_fits_no_block_fails_alone_and_says_so() {
		for database in testing::stores().await {
			under_way(&database.store, 1, Some("Transaction would exhaust the block limits")).await;
			let over = after(&database.store, 10, 3).await;
			assert_eq!((over.len(), over[0].status), (1, Status::Failed));
			assert!(over[0].error.as_ref().unwrap().detail.contains("exhaust the block limits"));
		}
	}

	#[tokio::test]
	async fn what_may_fit_in_halves_or_was_only_late_is_signed_anew() {
		for (awards, refused) in [(3, Some("Transaction would exhaust the block limits")), (1, None)] {
			for database in testing::stores().await {
				under_way(&database.store, awards, refused).await;
				assert!(after(&database.store, 10, 3).await.is_empty());
				let half = i64::from(awards.div_ceil(2));
				assert_eq!(waiting(&database.store).await, vec![Some(half); awards.into()]);
			}
		}
	}

	#[tokio::test]
	async fn what_was_signed_for_a_runtime_before_this_blocks_is_signed_anew_at_once_and_together() {
		for database in testing::stores().await {
			under_way(&database.store, 3, None).await;
			assert!(after(&database.store, 5, 3).await.is_empty());
			assert_eq!(waiting(&database.store).await, []);
			assert!(after(&database.store, 6, 4).await.is_empty());
			assert_eq!(waiting(&database.store).await, [None; 3]);
			assert!(outbox::under_way(database.store.read(), "1:issue").await.unwrap().is_empty());
			assert!(outbox::has_dead(database.store.read(), "1:issue").await.unwrap());
		}
	}

	#[tokio::test]
	async fn what_somebody_else_signed_for_a_runtime_that_nobody_knows_lives_until_its_death() {
		for database in testing::stores().await {
			under_way(&database.store, 1, None).await;
			let mut tx = database.store.write().await.unwrap();
			sqlx::query("UPDATE transactions SET spec_version = NULL").execute(&mut *tx).await.unwrap();
			tx.commit().await.unwrap();
			assert!(after(&database.store, 9, 4).await.is_empty());
			assert_eq!(outbox::under_way(database.store.read(), "1:issue").await.unwrap().len(), 1);
		}
	}
}
