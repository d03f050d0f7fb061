//! Metrics of the ledger, beside the SDK's own of the node.
//!
//! What happens is counted in final blocks, so that nothing is counted twice; how members stand is looked up in the
//! newest of them. Both follow the notifications of blocks in a task of their own: no block waits for it, and it
//! reads no more than [`MOST_BLOCKS`] at once.
//!
//! The state is read by the types of this binary. If the chain has a runtime of another version, blocks count as
//! not read until a node of that version is started.

mod count;
mod series;

use crate::service::{Client, Hash};
use codec::Decode;
use count::{count, units, Events};
use frame_system::{BlockWeight, ConsumedWeight};
use futures::{select, StreamExt};
use hanse_primitives::{day_of, Balance, InstitutionId, Moment, MAX_MEMBERS};
use hanse_runtime::{constants::SLOT_DURATION, opaque::Block, reads::HanseApi, Runtime, VERSION};
use pallet_institutions::{Institution, Institutions, LastInstitutionId};
use pallet_sponsorship::{Budgets, DailySpending};
use sc_client_api::{
	BlockImportNotification, BlockchainEvents, FinalityNotification, StorageKey, StorageProvider,
};
use sc_service::{Error, SpawnTaskHandle};
use series::Series;
use sp_api::{CallApiAt, ProvideRuntimeApi};
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_core::traits::CallContext;
use sp_io::hashing::twox_128;
use sp_runtime::traits::Block as BlockT;
use std::{
	collections::{BTreeSet, VecDeque},
	sync::Arc,
	time::{Duration, Instant},
};
use substrate_prometheus_endpoint::Registry;

/// Of the blocks that become final together, so many of the newest are read: more come only after a standstill.
const MOST_BLOCKS: usize = 256;
/// Blocks whose import is remembered until they are final.
const MOST_IMPORTS: usize = 1_024;
/// Between two looks at how members stand.
const BETWEEN_LOOKS: Duration = Duration::from_secs(15);

/// Registers the metrics, and keeps them up to date until the node ends.
pub fn start(client: Arc<Client>, registry: &Registry, tasks: &SpawnTaskHandle) -> Result<(), Error> {
	let series = Series::new(registry).map_err(|error| Error::Application(error.into()))?;
	// Subscribed here, so that no block is missed between the node's start and the task's.
	let mut imports = client.import_notification_stream().fuse();
	let mut finality = client.finality_notification_stream().fuse();
	let mut watch = Watch::new(client, series);
	tasks.spawn_blocking("ledger-metrics", None, async move {
		loop {
			select! {
				block = imports.select_next_some() => watch.imported(&block),
				block = finality.select_next_some() => watch.finalised(&block),
				complete => return,
			}
		}
	});
	Ok(())
}

/// Why a final block was not read: a label of [`Series::unread`].
type Unread = &'static str;

struct Watch {
	client: Arc<Client>,
	series: Series,
	/// The newest imports, oldest first.
	imports: VecDeque<(Hash, Instant)>,
	looked: Option<Instant>,
	/// The members of whom there are metrics.
	members: BTreeSet<InstitutionId>,
}

impl Watch {
	fn new(client: Arc<Client>, series: Series) -> Self {
		let imports = VecDeque::with_capacity(MOST_IMPORTS);
		Self { client, series, imports, looked: None, members: BTreeSet::new() }
	}

	fn imported(&mut self, block: &BlockImportNotification<Block>) {
		if self.imports.len() == MOST_IMPORTS {
			self.imports.pop_front();
		}
		self.imports.push_back((block.hash, Instant::now()));
	}

	fn finalised(&mut self, block: &FinalityNotification<Block>) {
		let hashes: Vec<_> = block.tree_route.iter().copied().chain([block.hash]).collect();
		self.observe_finality(&hashes);
		let older = hashes.len().saturating_sub(MOST_BLOCKS);
		self.unread("many", older);
		for hash in &hashes[older..] {
			if let Err(reason) = self.read(*hash) {
				self.unread(reason, 1);
			}
		}
		let now = moment(&block.header);
		self.series.final_block_timestamp.set(seconds(now));
		if self.looked.is_none_or(|last| last.elapsed() >= BETWEEN_LOOKS) {
			self.looked = Some(Instant::now());
			if let Err(reason) = self.look(block.hash, now) {
				log::debug!("How members stand at {} could not be looked up: {reason}", block.hash);
			}
		}
	}

	/// Says how long blocks took from their import to now.
	fn observe_finality(&mut self, hashes: &[Hash]) {
		let (series, hashes) = (&self.series, hashes.iter().collect::<BTreeSet<_>>());
		self.imports.retain(|(hash, since)| {
			let is_final = hashes.contains(hash);
			if is_final {
				series.finality.observe(since.elapsed().as_secs_f64());
			}
			!is_final
		});
	}

	fn unread(&self, reason: Unread, blocks: usize) {
		self.series.unread.with_label_values(&[reason]).inc_by(blocks as u64);
	}

	/// Counts what happened in a block, and what it weighed.
	fn read(&self, at: Hash) -> Result<(), Unread> {
		self.ensure_known_version(at)?;
		let header = self.client.header(at).ok().flatten().ok_or("state")?;
		let events = self.item::<Events>(at, events_key())?.ok_or("state")?;
		let weight = self.item::<ConsumedWeight>(at, BlockWeight::<Runtime>::hashed_key().to_vec())?;
		// In picoseconds.
		let weight = weight.ok_or("state")?.total().ref_time();
		self.series.weight.observe(weight as f64 / 1e12);
		count(&self.series, events, seconds(moment(&header)));
		Ok(())
	}

	/// Says how each member stands.
	fn look(&mut self, at: Hash, now: Moment) -> Result<(), Unread> {
		self.ensure_known_version(at)?;
		let rules = self.client.runtime_api().rules(at).map_err(|_| "state")?;
		let members = self.members_at(at)?;
		for id in &members {
			self.look_at_books(at, *id)?;
			self.look_at_budget(at, *id, now, rules.sponsor_budget)?;
		}
		for gone in self.members.difference(&members) {
			for gauges in self.series.of_members() {
				// It is there: it was set when this one was a member.
				let _ = gauges.remove_label_values(&[&gone.to_string()]);
			}
		}
		self.members = members;
		Ok(())
	}

	/// Reserve and debts of a member.
	fn look_at_books(&self, at: Hash, id: InstitutionId) -> Result<(), Unread> {
		let Some(statement) = self.client.runtime_api().statement(at, id).map_err(|_| "state")? else {
			return Ok(());
		};
		let label = id.to_string();
		let (issuing, clearing) = (statement.issuing, statement.clearing);
		self.series.free_reserve.with_label_values(&[&label]).set(units(clearing.free_reserve));
		self.series.minimum_reserve.with_label_values(&[&label]).set(units(issuing.minimum_reserve));
		let overdue = clearing.overdue.map_or(0, |overdue| overdue.age);
		self.series.overdue.with_label_values(&[&label]).set(f64::from(overdue));
		Ok(())
	}

	/// What a member may still sponsor today.
	fn look_at_budget(
		&self,
		at: Hash,
		id: InstitutionId,
		now: Moment,
		budget: Balance,
	) -> Result<(), Unread> {
		let spent: Option<DailySpending> = self.item(at, Budgets::<Runtime>::hashed_key_for(id))?;
		let spent = spent.filter(|spent| spent.day == day_of(now)).map_or(0, |spent| spent.all);
		self.series.budget_left.with_label_values(&[&id.to_string()]).set(left(budget, spent));
		Ok(())
	}

	fn members_at(&self, at: Hash) -> Result<BTreeSet<InstitutionId>, Unread> {
		let last = self.item(at, LastInstitutionId::<Runtime>::hashed_key().to_vec())?.unwrap_or_default();
		let mut members = BTreeSet::new();
		for id in 1..=last {
			let key = Institutions::<Runtime>::hashed_key_for(id);
			let institution: Option<Institution<hanse_runtime::AccountId>> = self.item(at, key)?;
			if institution.is_some_and(|institution| institution.status.is_member()) {
				members.insert(id);
			}
			if members.len() == MAX_MEMBERS as usize {
				break;
			}
		}
		Ok(members)
	}

	/// An item of the state, read as this binary would have written it.
	fn item<T: Decode>(&self, at: Hash, key: Vec<u8>) -> Result<Option<T>, Unread> {
		let bytes = self.client.storage(at, &StorageKey(key)).map_err(|_| "state")?;
		bytes.map(|bytes| T::decode(&mut &bytes.0[..]).map_err(|_| "version")).transpose()
	}

	fn ensure_known_version(&self, at: Hash) -> Result<(), Unread> {
		let version = self.client.runtime_version_at(at, CallContext::Offchain).map_err(|_| "state")?;
		if version.spec_version == VERSION.spec_version {
			Ok(())
		} else {
			Err("version")
		}
	}
}

/// The key under which the SDK keeps the events of a block; its own item is private.
fn events_key() -> Vec<u8> {
	[twox_128(b"System"), twox_128(b"Events")].concat()
}

/// The time of a block, by its slot; genesis has none.
fn moment(header: &<Block as BlockT>::Header) -> Moment {
	sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(header)
		.map_or(0, |slot| slot.saturating_mul(SLOT_DURATION))
}

fn seconds(moment: Moment) -> f64 {
	moment as f64 / 1_000.0
}

/// What part of a budget is left. Of none, all is: there is nothing to run out of.
fn left(budget: Balance, spent: Balance) -> f64 {
	if budget == 0 {
		1.0
	} else {
		budget.saturating_sub(spent) as f64 / budget as f64
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_runtime::traits::Header;

	#[test]
	fn what_is_left_of_a_budget_is_a_part_of_it() {
		assert_eq!(left(200, 50), 0.75);
		// A rule that was made stricter in the middle of a day.
		assert_eq!(left(100, 150), 0.0);
		assert_eq!(left(0, 0), 1.0);
	}

	#[test]
	fn a_block_without_a_slot_has_no_time() {
		let header = <Block as BlockT>::Header::new(
			0,
			Default::default(),
			Default::default(),
			Default::default(),
			Default::default(),
		);
		assert_eq!(moment(&header), 0);
	}
}
