//! Small writes of many callers in one transaction: each commit waits for the disk.

use super::{Store, StoreError, Transaction, Writer};
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

/// How many share a transaction, and how many may wait.
const TOGETHER: usize = 256;
const WAITING: usize = 4 * TOGETHER;

type Work = Box<dyn for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, Result<(), StoreError>> + Send>;

type Done = oneshot::Sender<Result<(), StoreError>>;

pub(super) struct Job {
	work: Work,
	done: Done,
}

/// Starts the task that writes; it ends with the last of the senders.
pub(super) fn start(writer: Writer) -> mpsc::Sender<Job> {
	let (jobs, mut waiting) = mpsc::channel(WAITING);
	tokio::spawn(async move {
		let mut some = Vec::with_capacity(TOGETHER);
		while waiting.recv_many(&mut some, TOGETHER).await > 0 {
			let mut ended = Vec::with_capacity(some.len());
			match all(&writer, some.drain(..), &mut ended).await {
				Ok(()) => {
					for (done, result) in ended {
						// Who has gone needs no answer.
						let _ = done.send(result);
					}
				},
				// Nothing of it is stored, and who waits hears that.
				Err(error) => tracing::error!(%error, "small writes failed together"),
			}
		}
	});
	jobs
}

/// What fails undoes itself alone.
async fn all(
	writer: &Writer,
	jobs: impl Iterator<Item = Job>,
	ended: &mut Vec<(Done, Result<(), StoreError>)>,
) -> Result<(), StoreError> {
	let mut tx = writer.begin().await?;
	for Job { work, done } in jobs {
		sqlx::query("SAVEPOINT one").execute(&mut *tx).await?;
		let result = work(&mut tx).await;
		if result.is_err() {
			sqlx::query("ROLLBACK TO SAVEPOINT one").execute(&mut *tx).await?;
		}
		sqlx::query("RELEASE SAVEPOINT one").execute(&mut *tx).await?;
		ended.push((done, result));
	}
	tx.commit().await?;
	Ok(())
}

impl Store {
	/// Does `work` in a transaction that others who come at the same time share. It is short, and is stored when this
	/// answers; if it fails, nothing of it is.
	pub async fn together<T, F>(&self, work: F) -> Result<T, StoreError>
	where
		T: Send + 'static,
		F: for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
	{
		let gone = || StoreError::Database(sqlx::Error::WorkerCrashed);
		let ((result, found), (done, ended)) = (oneshot::channel(), oneshot::channel());
		let work: Work = Box::new(move |tx| {
			Box::pin(async move {
				let value = work(tx).await?;
				// It is told after the commit.
				let _ = result.send(value);
				Ok(())
			})
		});
		self.jobs.send(Job { work, done }).await.map_err(|_| gone())?;
		ended.await.map_err(|_| gone())??;
		found.await.map_err(|_| gone())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::store::testing::{self, TestStore};

	#[tokio::test]
	async fn what_fails_undoes_itself_alone() {
		for TestStore { store, engine, .. } in &testing::stores().await {
			let all = (0..100_usize).map(|number| {
				store.together(move |tx| {
					Box::pin(async move {
						sqlx::query("INSERT INTO meta (name, value) VALUES ($1, 'x')")
							.bind(format!("n{number}"))
							.execute(&mut **tx)
							.await?;
						match number % 10 {
							0 => Err(StoreError::Inconsistent("on purpose".into())),
							_ => Ok(number),
						}
					})
				})
			});
			let results = futures::future::join_all(all).await;
			for (number, result) in results.into_iter().enumerate() {
				assert_eq!(result.ok(), (number % 10 != 0).then_some(number), "{engine:?}");
			}
			let stored: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM meta WHERE value = 'x'")
				.fetch_one(store.read())
				.await
				.unwrap();
			assert_eq!(stored, 90, "{engine:?}");
		}
	}
}
