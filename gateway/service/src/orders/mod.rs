//! Operations: accepted, signed, stored, sent, settled; each once.
//!
//! | file | what it does |
//! |---|---|
//! | `accept` | stores what is asked for, many callers in one transaction of the database |
//! | `once` | what makes two requests the same operation |
//! | `commitment` | what stands on the chain for an order |
//! | `lane` | one key: signs, stores, sends, sends again |
//! | `batch`, `calls` | which operations share a transaction, and what it says |
//! | `relay` | what customers signed |
//! | `settle`, `outcome` | what a final block says became of them |
//! | `expire` | what can be in no block any more |
//! | `lease` | of several gateways with one database, one sends |

mod accept;
mod batch;
mod calls;
pub mod commitment;
mod expire;
mod lane;
mod lease;
mod list;
pub mod once;
mod outbox;
mod outcome;
mod problem;
mod purse;
mod refuse;
mod relay;
pub mod settle;

pub use accept::{AcceptError, Accepted, Answer, Conflict, NewOperation, QUEUE};
pub use lease::Lease;
pub use list::{Filter, LaneState};

use crate::{
	keys::Keys,
	model::{Delegation, lane},
	store::{Operation, Status, Store, StoreError},
};
use calls::Actor;
use hanse_chain::{AccountId, InstitutionId, Node, NodeError, hanse};
use lane::Lane;
use purse::Purse;
use relay::Relay;
use std::{
	collections::{BTreeSet, HashMap},
	sync::Arc,
	time::Duration,
};
use tokio::{
	sync::{Notify, mpsc, oneshot, watch},
	time::{Instant, sleep, timeout_at},
};

/// Why a lane waits.
#[derive(Debug, thiserror::Error)]
enum LaneError {
	#[error(transparent)]
	Node(#[from] NodeError),
	#[error(transparent)]
	Store(#[from] StoreError),
	#[error("another gateway with this database has taken over")]
	LeaseLost,
	#[error("the chain has no institution {0}")]
	NoInstitution(InstitutionId),
}

/// Requests that wait for the next transaction of the database.
const WAITING: usize = 4_096;
const SOON: Duration = Duration::from_secs(1);

/// Where operations come in, and where they are asked for. Clones share it.
#[derive(Clone)]
pub struct Orders {
	store: Store,
	keys: Arc<Keys>,
	lease: Lease,
	requests: mpsc::Sender<accept::Request>,
	changed: watch::Sender<u64>,
	wakes: Arc<HashMap<String, Arc<Notify>>>,
}

impl Orders {
	/// Starts a lane for each key, and takes up what a process before this one has left.
	pub async fn start(store: Store, node: Node, keys: Arc<Keys>) -> Result<Self, StoreError> {
		let lease = Lease::start(store.clone()).await?;
		let (changed, _) = watch::channel(0);
		let mut wakes = HashMap::new();
		for (institution, delegation) in keys.lanes() {
			let Some(signer) = keys.signer(institution, delegation).cloned() else { continue };
			let name = lane(institution, delegation);
			let delegate = AccountId(signer.public_key().0);
			list::register(&store, &name, institution, delegate).await?;
			let wake = Arc::new(Notify::new());
			wakes.insert(name.clone(), wake.clone());
			let (store, node, lease, changed) = (store.clone(), node.clone(), lease.clone(), changed.clone());
			tokio::spawn(async move {
				let real = real(&node, institution).await;
				let actor = Actor { institution, real, delegation };
				let (sent, purse) = (HashMap::new(), Purse::default());
				Lane { name, actor, signer, store, node, lease, wake, changed, sent, purse }.run().await;
			});
		}
		let institutions: BTreeSet<_> =
			keys.lanes().into_iter().map(|(institution, _)| institution).collect();
		for institution in institutions {
			let name = relay_lane(institution);
			let wake = Arc::new(Notify::new());
			wakes.insert(name.clone(), wake.clone());
			let (store, node, lease, changed) = (store.clone(), node.clone(), lease.clone(), changed.clone());
			tokio::spawn(Relay { name, store, node, lease, wake, changed, sent: HashMap::new() }.run());
		}
		let wakes = Arc::new(wakes);
		let (requests, waiting) = mpsc::channel(WAITING);
		let taken = {
			let wakes = wakes.clone();
			move |lanes: &BTreeSet<String>| {
				for wake in lanes.iter().filter_map(|name| wakes.get(name)) {
					wake.notify_one();
				}
			}
		};
		tokio::spawn(accept::run(store.clone(), waiting, taken));
		Ok(Self { store, keys, lease, requests, changed, wakes })
	}

	/// Stores operations for good, or finds those that had been asked for. An answer for each, in their order.
	pub async fn accept(&self, operations: Vec<NewOperation>) -> Answer {
		if !self.lease.is_held() {
			return Err(AcceptError::ReadOnly);
		}
		for operation in &operations {
			let Some(delegation) = operation.action.delegation() else { continue };
			if self.keys.signer(operation.institution, delegation).is_none() {
				return Err(AcceptError::NoKey(operation.institution, delegation));
			}
		}
		let (answer, answered) = oneshot::channel();
		self.requests.send(accept::Request { operations, answer }).await.map_err(|_| AcceptError::Ending)?;
		answered.await.map_err(|_| AcceptError::Ending)?
	}

	/// An operation, once it is `until` or over, or as it is when `patience` ends.
	pub async fn wait(
		&self,
		id: &str,
		until: Status,
		patience: Duration,
	) -> Result<Option<Operation>, StoreError> {
		let end = Instant::now() + patience;
		let mut changed = self.changed.subscribe();
		loop {
			let Some(operation) = self.get(id).await? else { return Ok(None) };
			if operation.status.is_over() || operation.status.reaches(until) {
				return Ok(Some(operation));
			}
			match timeout_at(end, changed.changed()).await {
				Ok(Ok(())) => {},
				_ => return self.get(id).await,
			}
		}
	}

	pub async fn get(&self, id: &str) -> Result<Option<Operation>, StoreError> {
		list::get(&self.store, id).await
	}

	/// Operations of an institution, the newest first.
	pub async fn list(&self, filter: &Filter) -> Result<Vec<Operation>, StoreError> {
		list::list(&self.store, filter).await
	}

	/// Every lane of this process, with what waits in it.
	pub async fn lanes(&self) -> Result<Vec<LaneState>, StoreError> {
		list::lanes(&self.store).await
	}

	/// To be called whenever a final block is in the index: who waits looks again.
	pub fn indexed(&self) {
		self.changed.send_modify(|count| *count = count.wrapping_add(1));
	}

	/// Whether this process sends, or another one with the same database.
	pub fn lease(&self) -> &Lease {
		&self.lease
	}

	pub fn has_key(&self, institution: InstitutionId, delegation: Delegation) -> bool {
		self.wakes.contains_key(&lane(institution, delegation))
	}
}

/// The lane of what customers signed for an institution.
fn relay_lane(institution: InstitutionId) -> String {
	format!("{institution}:relay")
}

/// The account of an institution, for which its delegates act. Asked until the node answers.
async fn real(node: &Node, institution: InstitutionId) -> AccountId {
	loop {
		match account_of(node, institution).await {
			Ok(account) => return account,
			Err(error) => tracing::warn!(institution, %error, "the lane waits"),
		}
		sleep(SOON).await;
	}
}

async fn account_of(node: &Node, institution: InstitutionId) -> Result<AccountId, LaneError> {
	let at = node.at_final().await?;
	let found = node
		.within(async {
			let entry = at.storage().entry(hanse::storage().institutions().institutions())?;
			match entry.try_fetch((institution,)).await? {
				Some(found) => Ok::<_, NodeError>(Some(found.decode()?)),
				None => Ok(None),
			}
		})
		.await?;
	found.map(|found| found.account.into()).ok_or(LaneError::NoInstitution(institution))
}
