//! Operations that come to nothing before they are signed.

use crate::{
	hooks::queue,
	model::Problem,
	store::{self, Operation, Status, Store, StoreError},
};

pub(super) async fn refuse(store: &Store, refused: Vec<(Operation, Problem)>) -> Result<(), StoreError> {
	let mut tx = store.write().await?;
	let (now, mut over) = (store::now(), Vec::with_capacity(refused.len()));
	for (mut operation, problem) in refused {
		let done = sqlx::query(
			"UPDATE operations SET status = 'failed', error = $1, updated = $2
			WHERE id = $3 AND status = 'accepted'",
		)
		.bind(serde_json::to_string(&problem)?)
		.bind(now)
		.bind(operation.id.clone())
		.execute(&mut *tx)
		.await?;
		if done.rows_affected() == 1 {
			(operation.status, operation.error) = (Status::Failed, Some(problem));
			over.push(operation);
		}
	}
	queue::failed(&mut tx, now, &over).await?;
	tx.commit().await?;
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{hooks::Endpoints, orders::problem, store::testing};

	#[tokio::test]
	async fn what_is_refused_before_it_is_signed_is_told_too() {
		for database in testing::stores().await {
			let store = database.store;
			let endpoints = Endpoints::new(store.clone(), true);
			let (endpoint, _) =
				endpoints.create(1, "https://shop.example", vec!["operation.failed".into()]).await.unwrap();
			let mut tx = store.write().await.unwrap();
			sqlx::query(
				"INSERT INTO operations (id, institution, lane, kind, reference, action, status, created, updated)
				VALUES ('1', 1, '1:treasury', 'top_up', 'R-1', '{\"kind\":\"top_up\",\"amount\":5}', 'accepted', 0, 0)",
			)
			.execute(&mut *tx)
			.await
			.unwrap();
			tx.commit().await.unwrap();
			let operation = crate::orders::list::get(&store, "1").await.unwrap().unwrap();
			for _ in 0..2 {
				// Of what is over already nothing is told.
				refuse(&store, vec![(operation.clone(), problem::too_large("no"))]).await.unwrap();
			}
			let sent = endpoints.deliveries(1, &endpoint.id, None, 0, 10).await.unwrap();
			assert_eq!(sent.len(), 1, "{sent:?}");
			let failed = crate::orders::list::get(&store, "1").await.unwrap().unwrap();
			assert_eq!(failed.status, Status::Failed);
		}
	}
}
