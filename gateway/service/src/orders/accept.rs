//! Taking operations: stored before anybody hears that they were taken, many callers in one transaction.

use super::once;
use crate::{
	model::{Action, Delegation, lane},
	store::{self, Operation, Status, Store, StoreError, Transaction},
};
use hanse_chain::InstitutionId;
use sqlx::{AssertSqlSafe, Row};
use std::collections::{BTreeSet, HashMap, HashSet};
use tokio::sync::{mpsc, oneshot};

/// How many operations of an institution may be open.
pub const QUEUE: i64 = 10_000;
/// Rows of one statement.
const ROWS: usize = 200;
/// How many operations are stored in one transaction, about.
const COMMIT: usize = 5_000;

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct NewOperation {
	pub institution: InstitutionId,
	pub action: Action,
	/// The caller's own name for it, as in an order number.
	pub reference: Option<String>,
	/// What makes it the same operation for whoever asks again, where the action itself does not.
	pub once: Option<String>,
	pub access_key: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Accepted {
	pub operation: Operation,
	/// Whether it had been asked for before.
	pub existed: bool,
}

/// The same was asked for before, with something else in it.
#[derive(Clone, Debug)]
pub struct Conflict {
	pub asked: Action,
	pub operation: Operation,
}

#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
	#[error(
		"{QUEUE} operations of institution {0} are open, and that is as many as are taken. Repeat in some seconds"
	)]
	Full(InstitutionId),
	#[error("this gateway has no key {delegation} of institution {institution}. Make one with hanse-gateway init", delegation = .1.name(), institution = .0)]
	NoKey(InstitutionId, Delegation),
	#[error("another gateway with this database sends. Ask that one, or repeat when it has ended")]
	ReadOnly,
	#[error("the gateway is ending. Repeat when it runs again")]
	Ending,
	#[error(transparent)]
	Store(#[from] StoreError),
}

pub type Answer = Result<Vec<Result<Accepted, Conflict>>, AcceptError>;

pub(super) struct Request {
	pub operations: Vec<NewOperation>,
	pub answer: oneshot::Sender<Answer>,
}

/// Takes all that waits, stores it in one transaction, then answers. `taken` hears of the lanes that have work.
pub(super) async fn run(
	store: Store,
	mut requests: mpsc::Receiver<Request>,
	taken: impl Fn(&BTreeSet<String>),
) {
	while let Some(first) = requests.recv().await {
		let mut size = first.operations.len();
		let mut waiting = vec![first];
		while size < COMMIT {
			let Ok(next) = requests.try_recv() else { break };
			size += next.operations.len();
			waiting.push(next);
		}
		let (operations, answers): (Vec<_>, Vec<_>) =
			waiting.into_iter().map(|request| (request.operations, request.answer)).unzip();
		match store_all(&store, &operations).await {
			Ok((results, lanes)) => {
				taken(&lanes);
				for (answer, result) in answers.into_iter().zip(results) {
					// Whoever has gone asks again.
					let _ = answer.send(result);
				}
			},
			Err(error) => {
				tracing::error!(%error, "operations were not stored");
				let failed = || AcceptError::Store(StoreError::Inconsistent(error.to_string()));
				for answer in answers {
					let _ = answer.send(Err(failed()));
				}
			},
		}
	}
}

/// The answers to requests, and the lanes that have work now.
type Stored = (Vec<Answer>, BTreeSet<String>);

pub(super) async fn store_all(store: &Store, requests: &[Vec<NewOperation>]) -> Result<Stored, StoreError> {
	let mut tx = store.write().await?;
	let mut room = HashMap::new();
	let mut lanes = BTreeSet::new();
	let mut answers = Vec::with_capacity(requests.len());
	for operations in requests {
		let answer = match has_no_room(&mut tx, &mut room, operations).await? {
			Some(institution) => Err(AcceptError::Full(institution)),
			None => Ok(store_request(&mut tx, operations, &mut lanes).await?),
		};
		answers.push(answer);
	}
	tx.commit().await?;
	Ok((answers, lanes))
}

/// The institution of a request whose queue is full, if there is one.
async fn has_no_room(
	tx: &mut Transaction,
	room: &mut HashMap<InstitutionId, i64>,
	operations: &[NewOperation],
) -> Result<Option<InstitutionId>, StoreError> {
	for operation in operations {
		let institution = operation.institution;
		let left = match room.get(&institution) {
			Some(left) => *left,
			None => QUEUE - open(tx, institution).await?,
		};
		if left <= 0 {
			return Ok(Some(institution));
		}
		room.insert(institution, left - 1);
	}
	Ok(None)
}

async fn open(tx: &mut Transaction, institution: InstitutionId) -> Result<i64, StoreError> {
	let open = sqlx::query_scalar(
		"SELECT COUNT(*) FROM operations
		WHERE institution = $1 AND status IN ('accepted', 'signed', 'sent', 'in_block')",
	)
	.bind(i64::from(institution))
	.fetch_one(&mut **tx)
	.await?;
	Ok(open)
}

async fn store_request(
	tx: &mut Transaction,
	operations: &[NewOperation],
	lanes: &mut BTreeSet<String>,
) -> Result<Vec<Result<Accepted, Conflict>>, StoreError> {
	let now = store::now();
	let rows: Vec<Operation> = operations.iter().map(|new| row(new, now)).collect();
	let mut inserted = HashSet::new();
	for (rows, operations) in rows.chunks(ROWS).zip(operations.chunks(ROWS)) {
		insert(tx, rows, operations, &mut inserted).await?;
	}
	let mut answers = Vec::with_capacity(rows.len());
	for row in rows {
		let answer = if inserted.contains(&row.id) {
			lanes.insert(row.lane.clone());
			Ok(Accepted { operation: row, existed: false })
		} else {
			again(tx, row, lanes).await?
		};
		answers.push(answer);
	}
	Ok(answers)
}

fn row(new: &NewOperation, now: store::Moment) -> Operation {
	Operation {
		id: uuid::Uuid::now_v7().to_string(),
		institution: new.institution,
		lane: lane_of(new.institution, &new.action),
		once: once::name(&new.action).or_else(|| new.once.clone()),
		reference: new.reference.clone(),
		action: new.action.clone(),
		status: Status::Accepted,
		tx: None,
		place: None,
		block: None,
		extrinsic: None,
		result: None,
		error: None,
		created: now,
		updated: now,
	}
}

/// Who sends an action.
pub(super) fn lane_of(institution: InstitutionId, action: &Action) -> String {
	match action.delegation() {
		Some(delegation) => lane(institution, delegation),
		None => super::relay_lane(institution),
	}
}

/// Stores what is not there by its name already.
async fn insert(
	tx: &mut Transaction,
	rows: &[Operation],
	operations: &[NewOperation],
	inserted: &mut HashSet<String>,
) -> Result<(), StoreError> {
	const COLUMNS: usize = 11;
	let values: Vec<String> = (0..rows.len())
		.map(|row| {
			let places: Vec<String> =
				(1..=COLUMNS).map(|column| format!("${}", row * COLUMNS + column)).collect();
			format!("({})", places.join(", "))
		})
		.collect();
	let statement = format!(
		"INSERT INTO operations (id, institution, lane, kind, once, reference, action, status, access_key, created, updated)
		VALUES {} ON CONFLICT (institution, once) DO NOTHING RETURNING id",
		values.join(", ")
	);
	let mut query = sqlx::query(AssertSqlSafe(statement));
	for (row, new) in rows.iter().zip(operations) {
		query = query
			.bind(row.id.clone())
			.bind(i64::from(row.institution))
			.bind(row.lane.clone())
			.bind(row.action.kind())
			.bind(row.once.clone())
			.bind(row.reference.clone())
			.bind(serde_json::to_string(&row.action)?)
			.bind(row.status.name())
			.bind(new.access_key.clone())
			.bind(row.created)
			.bind(row.updated);
	}
	for row in query.fetch_all(&mut **tx).await? {
		inserted.insert(row.try_get("id")?);
	}
	Ok(())
}

/// What was asked for before: the same operation, anew if it came to nothing.
async fn again(
	tx: &mut Transaction,
	asked: Operation,
	lanes: &mut BTreeSet<String>,
) -> Result<Result<Accepted, Conflict>, StoreError> {
	let found = sqlx::query(AssertSqlSafe(format!(
		"SELECT {} FROM operations WHERE institution = $1 AND once = $2",
		Operation::COLUMNS
	)))
	.bind(i64::from(asked.institution))
	.bind(asked.once.clone())
	.fetch_one(&mut **tx)
	.await?;
	let mut operation = Operation::read(&found)?;
	if matches!(operation.status, Status::Failed | Status::Expired) {
		sqlx::query(
			"UPDATE operations SET action = $1, status = 'accepted', tx = NULL, place = NULL, block = NULL,
			extrinsic = NULL, result = NULL, error = NULL, most = NULL, updated = $2 WHERE id = $3",
		)
		.bind(serde_json::to_string(&asked.action)?)
		.bind(asked.updated)
		.bind(operation.id.clone())
		.execute(&mut **tx)
		.await?;
		lanes.insert(operation.lane.clone());
		operation = Operation {
			id: operation.id,
			created: operation.created,
			reference: operation.reference,
			..asked
		};
	} else if !once::same(&operation.action, &asked.action) {
		return Ok(Err(Conflict { asked: asked.action, operation }));
	}
	Ok(Ok(Accepted { operation, existed: true }))
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::model::{Hash, Order};
	use hanse_chain::AccountId;

	fn award(number: u8, era: u32, points: u64) -> NewOperation {
		let order = Order { era, commitment: Hash([number; 32]) };
		let action = Action::Award { program: 1, order, to: AccountId([2; 32]), points };
		NewOperation { institution: 1, action, reference: None, once: None, access_key: None }
	}

	async fn store() -> (tempfile::TempDir, Store) {
		let folder = tempfile::tempdir().unwrap();
		let store = Store::open(&format!("sqlite://{}/one.sqlite", folder.path().display())).await.unwrap();
		(folder, store)
	}

	async fn ask(store: &Store, operations: Vec<NewOperation>) -> Vec<Result<Accepted, Conflict>> {
		let (mut answers, _) = store_all(store, &[operations]).await.unwrap();
		answers.remove(0).unwrap()
	}

	#[tokio::test]
	async fn the_same_order_is_the_same_operation_for_whoever_asks_again() {
		let (_folder, store) = store().await;
		let first = ask(&store, vec![award(1, 1, 5), award(2, 1, 5), award(1, 2, 5)]).await;
		let first: Vec<_> = first.into_iter().map(Result::unwrap).collect();
		assert_eq!(first.iter().map(|one| one.existed).collect::<Vec<_>>(), [false, false, true]);
		assert_eq!(first[0].operation.id, first[2].operation.id);
		let again = ask(&store, vec![award(2, 1, 5)]).await.remove(0).unwrap();
		assert_eq!((again.existed, again.operation.id), (true, first[1].operation.id.clone()));
	}

	#[tokio::test]
	async fn an_order_with_another_amount_is_a_conflict_and_the_others_are_taken() {
		let (_folder, store) = store().await;
		ask(&store, vec![award(1, 1, 5)]).await;
		let answers = ask(&store, vec![award(1, 1, 6), award(2, 1, 5)]).await;
		let conflict = answers[0].as_ref().unwrap_err();
		assert!(matches!(conflict.operation.action, Action::Award { points: 5, .. }));
		assert!(answers[1].is_ok());
	}

	#[tokio::test]
	async fn what_failed_is_tried_again_when_it_is_asked_for_again() {
		let (_folder, store) = store().await;
		let first = ask(&store, vec![award(1, 1, 5)]).await.remove(0).unwrap();
		let mut tx = store.write().await.unwrap();
		let problem = serde_json::to_string(&crate::orders::problem::too_late()).unwrap();
		sqlx::query("UPDATE operations SET status = 'failed', error = $1")
			.bind(problem)
			.execute(&mut *tx)
			.await
			.unwrap();
		tx.commit().await.unwrap();
		let again = ask(&store, vec![award(1, 2, 6)]).await.remove(0).unwrap();
		assert_eq!((again.existed, &again.operation.id), (true, &first.operation.id));
		let found = super::super::list::get(&store, &first.operation.id).await.unwrap().unwrap();
		assert_eq!((found.status, found.error), (Status::Accepted, None));
		assert!(matches!(found.action, Action::Award { points: 6, .. }));
	}

	#[tokio::test]
	async fn a_queue_that_is_full_takes_nothing_more() {
		let (_folder, store) = store().await;
		let mut room = HashMap::from([(1, 1)]);
		let mut tx = store.write().await.unwrap();
		assert_eq!(has_no_room(&mut tx, &mut room, &[award(1, 1, 5)]).await.unwrap(), None);
		assert_eq!(has_no_room(&mut tx, &mut room, &[award(2, 1, 5)]).await.unwrap(), Some(1));
	}
}
