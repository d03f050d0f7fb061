//! Operations that come to nothing before they are signed.

use crate::{
	model::Problem,
	store::{self, Store, StoreError},
};

pub(super) async fn refuse(store: &Store, refused: &[(String, Problem)]) -> Result<(), StoreError> {
	let mut tx = store.write().await?;
	for (id, problem) in refused {
		sqlx::query(
			"UPDATE operations SET status = 'failed', error = $1, updated = $2
			WHERE id = $3 AND status = 'accepted'",
		)
		.bind(serde_json::to_string(problem)?)
		.bind(store::now())
		.bind(id)
		.execute(&mut *tx)
		.await?;
	}
	tx.commit().await?;
	Ok(())
}
