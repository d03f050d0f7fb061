//! What reading and writing an item takes: of a database as nodes have it, with the trie cache that they have, and a
//! state of as many accounts as asked for.

use sc_client_api::{Backend as _, BlockImportOperation as _, NewBlockState, TrieCacheContext};
use sc_client_db::{Backend, BlocksPruning, DatabaseSettings, DatabaseSource, PruningMode};
use sp_core::H256;
use sp_runtime::{
	generic,
	traits::{BlakeTwo256, Header as _},
	OpaqueExtrinsic, StateVersion, Storage,
};
use sp_state_machine::Backend as _;
use std::{
	collections::BTreeSet,
	error::Error,
	path::Path,
	time::{Duration, Instant},
};

type Header = generic::Header<u32, BlakeTwo256>;
type Block = generic::Block<Header, OpaqueExtrinsic>;

/// Items that a full block touches.
const TOUCHED: u32 = 20_000;
/// Blocks that are made.
const BLOCKS: u32 = 8;
/// The trie cache of a node, in bytes.
const CACHE: usize = 1024 * 1024 * 1024;

/// Members at most.
const MEMBERS: u32 = 256;
/// Items of which there are few, of each member, its programs and vintages, as far as a block reads them.
const READ_OF_FEW: u32 = MEMBERS * 16;
/// Of these, what a block writes. Payments write ten of each member (its account, its lock, what it owes, may owe and has
/// turned over, what is left of its budget, and of a program the points, their flows and what they are worth), awards
/// three more.
const WRITTEN_OF_FEW: u32 = MEMBERS * 13;

/// Nanoseconds for an item.
#[derive(Clone, Copy)]
pub struct Costs {
	/// Reading it, from the cache or the database.
	pub read: f64,
	/// Writing it: its part of the new root and of the commit.
	pub write: f64,
}

/// What is measured.
pub struct Database {
	/// Items of which there are few, so that every block touches them.
	pub few: Costs,
	/// Items of which there are as many as accounts, on a node that has run for a while: they are in its cache.
	pub many: Costs,
	/// The same on a node that has just started.
	pub cold: Costs,
}

/// A key as accounts have it, and a value of the size of an account.
fn item(number: u32) -> (Vec<u8>, Vec<u8>) {
	let id = sp_io::hashing::blake2_256(&number.to_le_bytes());
	let prefix = [sp_io::hashing::twox_128(b"System"), sp_io::hashing::twox_128(b"Account")].concat();
	let key = [&prefix[..], &sp_io::hashing::blake2_128(&id), &id].concat();
	(key, vec![number as u8; 80])
}

/// Which of `items` a block touches: others each time, and each more than once where there are few.
fn touched(block: u32, items: u32) -> impl Iterator<Item = u32> {
	(0..TOUCHED).map(move |n| (n.wrapping_mul(2_654_435_761).wrapping_add(block * 7_919)) % items)
}

fn median(mut all: Vec<f64>) -> f64 {
	all.sort_by(f64::total_cmp);
	all[all.len() / 2]
}

/// A database, and the block on which the next is built.
struct Chain {
	backend: Backend<Block>,
	parent: H256,
	number: u32,
}

impl Chain {
	/// With a state of `accounts`, in a new folder at `path`.
	fn new(path: &Path, accounts: u32) -> Result<Self, Box<dyn Error>> {
		let settings = DatabaseSettings {
			trie_cache_maximum_size: Some(CACHE),
			state_pruning: Some(PruningMode::ArchiveAll),
			source: DatabaseSource::ParityDb { path: path.to_path_buf() },
			blocks_pruning: BlocksPruning::KeepAll,
			pruning_filters: Vec::new(),
			metrics_registry: None,
		};
		let backend = Backend::<Block>::new(settings, 0)?;
		let mut operation = backend.begin_operation()?;
		let top = (0..accounts).map(item).collect();
		let storage = Storage { top, children_default: Default::default() };
		let root = operation.set_genesis_state(storage, true, StateVersion::V1)?;
		let genesis = Header::new(0, H256::zero(), root, H256::zero(), Default::default());
		let parent = genesis.hash();
		operation.set_block_data(genesis, Some(vec![]), None, None, NewBlockState::Final, true)?;
		backend.commit_operation(operation)?;
		Ok(Self { backend, parent, number: 0 })
	}

	/// Reads and then writes those of `read` and `written` items that are the next block's.
	fn block(&mut self, read: u32, written: u32) -> Result<Costs, Box<dyn Error>> {
		self.number += 1;
		let state = self.backend.state_at(self.parent, TrieCacheContext::Trusted)?;
		let keys: Vec<_> = touched(self.number, read).map(item).collect();
		let begun = Instant::now();
		for (key, _) in &keys {
			assert!(state.storage(key)?.is_some());
		}
		let read = begun.elapsed();

		let value = [self.number as u8; 80];
		// What is written more than once in a block is written once at its end.
		let keys: Vec<_> = touched(self.number, written).map(item).collect();
		let delta: BTreeSet<_> = keys.iter().map(|(key, _)| &key[..]).collect();
		let begun = Instant::now();
		let delta = delta.into_iter().map(|key| (key, Some(&value[..])));
		let (root, changes) = state.storage_root(delta, StateVersion::V1);
		let mut operation = self.backend.begin_operation()?;
		self.backend.begin_state_operation(&mut operation, self.parent)?;
		operation.update_db_storage(changes)?;
		let header = Header::new(self.number, H256::zero(), root, self.parent, Default::default());
		self.parent = header.hash();
		operation.set_block_data(header, Some(vec![]), None, None, NewBlockState::Best, true)?;
		self.backend.commit_operation(operation)?;
		let each = |time: Duration| time.as_nanos() as f64 / f64::from(TOUCHED);
		Ok(Costs { read: each(read), write: each(begun.elapsed()) })
	}

	/// Reads each of `items` once, so that what has room in the cache is in it.
	fn warm(&self, items: u32) -> Result<(), Box<dyn Error>> {
		for first in (0..items).step_by(TOUCHED as usize) {
			// What a state has read gets into the cache with its end.
			let state = self.backend.state_at(self.parent, TrieCacheContext::Trusted)?;
			for number in first..items.min(first.saturating_add(TOUCHED)) {
				assert!(state.storage(&item(number).0)?.is_some());
			}
		}
		Ok(())
	}

	/// The median of some blocks.
	fn measure(&mut self, read: u32, written: u32) -> Result<Costs, Box<dyn Error>> {
		let blocks = (0..BLOCKS).map(|_| self.block(read, written)).collect::<Result<Vec<_>, _>>()?;
		let of = |cost: fn(&Costs) -> f64| median(blocks.iter().map(cost).collect());
		Ok(Costs { read: of(|it| it.read), write: of(|it| it.write) })
	}
}

/// Measures both kinds of items, in a new database at `path`, and keeps what took least of so many passes: whatever else
/// runs on a machine only ever makes it slower.
pub fn measure(path: &Path, accounts: u32, passes: u32) -> Result<Database, Box<dyn Error>> {
	let mut chain = Chain::new(path, accounts)?;
	let cold = chain.measure(accounts, accounts)?;
	chain.warm(accounts)?;
	let mut least = [Costs { read: f64::INFINITY, write: f64::INFINITY }; 2];
	for _ in 0..passes.max(1) {
		for (least, (read, written)) in
			least.iter_mut().zip([(accounts, accounts), (READ_OF_FEW, WRITTEN_OF_FEW)])
		{
			let Costs { read, write } = chain.measure(read, written)?;
			*least = Costs { read: least.read.min(read), write: least.write.min(write) };
		}
	}
	let [many, few] = least;
	Ok(Database { cold, many, few })
}
