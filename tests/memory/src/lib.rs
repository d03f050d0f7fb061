//! A state that is a plain map. What is measured on it is work without the database, whose price is measured by itself
//! and added for each access; and histories that do not ask for its root are played on it several times as fast.

use sp_core::storage::{ChildInfo, StateVersion, Storage, TrackedStorageKey};
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{
	Backend, BackendTransaction, ChildStorageCollection, IterArgs, StateMachineStats, StorageCollection,
	StorageIterator, StorageKey, StorageValue, UsageInfo,
};
use sp_trie::{MerkleValue, PrefixedMemoryDB};
use std::{
	cell::RefCell,
	collections::{BTreeMap, BTreeSet},
	ops::Bound,
};

type Hash = sp_core::H256;

/// Without a trie, so it has no root. No pallet has child tries, so there are none here either.
#[derive(Debug)]
pub struct Memory {
	genesis: BTreeMap<StorageKey, StorageValue>,
	values: RefCell<BTreeMap<StorageKey, StorageValue>>,
	/// Keys of what was committed since the genesis.
	changed: RefCell<BTreeSet<StorageKey>>,
	whitelist: RefCell<Vec<TrackedStorageKey>>,
}

impl Memory {
	/// Begins with `genesis`.
	pub fn new(genesis: Storage) -> Self {
		let values = RefCell::new(genesis.top.clone());
		Self { genesis: genesis.top, values, changed: RefCell::default(), whitelist: RefCell::default() }
	}

	/// The first key from here on, with its value.
	fn first(&self, from: Bound<&[u8]>) -> Option<(StorageKey, StorageValue)> {
		let values = self.values.borrow();
		let (key, value) = values.range::<[u8], _>((from, Bound::Unbounded)).next()?;
		Some((key.clone(), value.clone()))
	}
}

/// Goes through the keys that begin with `prefix`.
pub struct Iter {
	prefix: Vec<u8>,
	next: Bound<StorageKey>,
}

impl StorageIterator<BlakeTwo256> for Iter {
	type Backend = Memory;
	type Error = String;

	fn next_key(&mut self, memory: &Memory) -> Option<Result<StorageKey, String>> {
		self.next_pair(memory).map(|pair| pair.map(|(key, _)| key))
	}

	fn next_pair(&mut self, memory: &Memory) -> Option<Result<(StorageKey, StorageValue), String>> {
		let found = memory.first(self.next.as_ref().map(Vec::as_slice))?;
		self.next = Bound::Excluded(found.0.clone());
		found.0.starts_with(&self.prefix).then_some(Ok(found))
	}

	fn was_complete(&self) -> bool {
		true
	}
}

impl Backend<BlakeTwo256> for Memory {
	type Error = String;
	type TrieBackendStorage = PrefixedMemoryDB<BlakeTwo256>;
	type RawIter = Iter;

	fn storage(&self, key: &[u8]) -> Result<Option<StorageValue>, String> {
		Ok(self.values.borrow().get(key).cloned())
	}

	fn storage_hash(&self, key: &[u8]) -> Result<Option<Hash>, String> {
		Ok(self.values.borrow().get(key).map(|value| sp_io::hashing::blake2_256(value).into()))
	}

	fn exists_storage(&self, key: &[u8]) -> Result<bool, String> {
		Ok(self.values.borrow().contains_key(key))
	}

	fn closest_merkle_value(&self, _: &[u8]) -> Result<Option<MerkleValue<Hash>>, String> {
		Ok(None)
	}

	fn child_closest_merkle_value(
		&self,
		_: &ChildInfo,
		_: &[u8],
	) -> Result<Option<MerkleValue<Hash>>, String> {
		Ok(None)
	}

	fn child_storage(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<StorageValue>, String> {
		Ok(None)
	}

	fn child_storage_hash(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<Hash>, String> {
		Ok(None)
	}

	fn next_storage_key(&self, key: &[u8]) -> Result<Option<StorageKey>, String> {
		Ok(self.first(Bound::Excluded(key)).map(|(key, _)| key))
	}

	fn next_child_storage_key(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<StorageKey>, String> {
		Ok(None)
	}

	fn storage_root<'a>(
		&self,
		_: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
		_: StateVersion,
	) -> (Hash, BackendTransaction<BlakeTwo256>) {
		Default::default()
	}

	fn child_storage_root<'a>(
		&self,
		_: &ChildInfo,
		_: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
		_: StateVersion,
	) -> (Hash, bool, BackendTransaction<BlakeTwo256>) {
		(Hash::zero(), true, Default::default())
	}

	fn raw_iter(&self, args: IterArgs) -> Result<Iter, String> {
		let prefix = args.prefix.unwrap_or_default().to_vec();
		let next = match args.start_at {
			Some(key) if args.start_at_exclusive => Bound::Excluded(key.to_vec()),
			Some(key) => Bound::Included(key.to_vec()),
			None => Bound::Included(prefix.clone()),
		};
		Ok(Iter { prefix, next })
	}

	fn register_overlay_stats(&self, _: &StateMachineStats) {}

	fn usage_info(&self) -> UsageInfo {
		UsageInfo::empty()
	}

	fn commit(
		&self,
		_: Hash,
		_: BackendTransaction<BlakeTwo256>,
		changes: StorageCollection,
		_: ChildStorageCollection,
	) -> Result<(), String> {
		let (mut values, mut changed) = (self.values.borrow_mut(), self.changed.borrow_mut());
		for (key, value) in changes {
			changed.insert(key.clone());
			match value {
				Some(value) => values.insert(key, value),
				None => values.remove(&key),
			};
		}
		Ok(())
	}

	fn wipe(&self) -> Result<(), String> {
		let mut values = self.values.borrow_mut();
		for key in self.changed.take() {
			match self.genesis.get(&key) {
				Some(value) => values.insert(key, value.clone()),
				None => values.remove(&key),
			};
		}
		Ok(())
	}

	fn read_write_count(&self) -> (u32, u32, u32, u32) {
		Default::default()
	}

	fn reset_read_write_count(&self) {}

	fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
		self.whitelist.borrow().clone()
	}

	fn set_whitelist(&self, keys: Vec<TrackedStorageKey>) {
		self.whitelist.replace(keys);
	}

	fn proof_size(&self) -> Option<u32> {
		None
	}

	fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
		Vec::new()
	}
}
