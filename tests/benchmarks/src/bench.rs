//! The runtime with its benchmarks, on a state in memory.

use crate::few::FEW;
use codec::{Decode, Encode};
use frame_benchmarking::{
	benchmarking::HostFunctions, BenchmarkBatch, BenchmarkConfig, BenchmarkList, BenchmarkParameter,
	BenchmarkResult,
};
use frame_metadata::{
	v14::{StorageEntryType, StorageHasher},
	RuntimeMetadata, RuntimeMetadataPrefixed,
};
use hanse_memory::Memory;
use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
use sc_client_db::bench::BenchmarkingState;
use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, RuntimeCode, WrappedRuntimeCode};
use sp_externalities::Extensions;
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	Storage,
};
use sp_state_machine::{Backend, OverlayedChanges, StateMachine};
use std::{borrow::Cow, collections::BTreeMap};

include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

/// The genesis that benchmarks begin with.
const PRESET: &str = "benchmarks";

/// Where the state has this key, the runtime leaves the accounts of members out of the counts.
const WITHOUT_MEMBERS: &[u8] = b":benchmarks:without-members";

/// An item of which there is one although it is in a map: each transaction has it in its bytes until the block ends, and it is
/// in no state.
pub(crate) const ONE: [&str; 1] = ["System.ExtrinsicData"];

/// One value for each component.
pub type Components = Vec<(BenchmarkParameter, u32)>;

/// A benchmark.
#[derive(Clone)]
pub struct Benchmark {
	/// Its pallet, as in `pallet_points`.
	pub pallet: String,
	/// Where it is.
	instance: Vec<u8>,
	/// Its name.
	pub name: String,
	/// The components that it depends on, each with its least and its largest value.
	pub components: Vec<(BenchmarkParameter, u32, u32)>,
}

impl Benchmark {
	/// All components at their least.
	pub fn smallest(&self) -> Components {
		self.components.iter().map(|(name, least, _)| (*name, *least)).collect()
	}

	/// All components at their largest.
	pub fn largest(&self) -> Components {
		self.components.iter().map(|(name, _, most)| (*name, *most)).collect()
	}
}

/// An item of storage.
pub struct Item {
	/// Its pallet and its name.
	pub name: String,
	/// How many there are.
	pub number: Number,
}

/// How many items there are of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Number {
	/// Values, and [`ONE`]. A block reads and writes each once, whatever is in it, so a block pays for them, and no call.
	One,
	/// Maps whose keys are numbers of members, programs and the like, which are those hashed by twox, and [`FEW`].
	Few,
	/// What is of a person, an order or a moment: maps of other hashers.
	Many,
}

/// Items by their prefix.
pub type Items = BTreeMap<Vec<u8>, Item>;

/// The runtime and where it begins.
pub struct Bench {
	code: Vec<u8>,
	executor: WasmExecutor<(sp_io::SubstrateHostFunctions, HostFunctions)>,
	genesis: Storage,
}

impl Bench {
	/// Builds the genesis. `None` where the Wasm was left out of the build.
	pub fn new() -> Option<Self> {
		let code = WASM_BINARY?.to_vec();
		let genesis = GenesisConfigBuilderRuntimeCaller::<HostFunctions>::new(&code)
			.get_storage_for_named_preset(Some(&PRESET.to_string()))
			.unwrap_or_else(|error| panic!("the genesis of benchmarks: {error}"));
		let executor = WasmExecutor::builder().with_max_runtime_instances(1).build();
		Some(Self { code, executor, genesis })
	}

	/// A state to take the time with.
	pub fn state(&self) -> Memory {
		Memory::new(self.genesis.clone())
	}

	/// A state that counts what is read and written.
	pub fn state_that_counts(&self) -> BenchmarkingState<BlakeTwo256> {
		BenchmarkingState::new(self.genesis.clone(), None, false, true).expect("it is in memory")
	}

	/// The same, of all but the accounts of members.
	pub fn state_without_members(&self) -> BenchmarkingState<BlakeTwo256> {
		let mut genesis = self.genesis.clone();
		genesis.top.insert(WITHOUT_MEMBERS.to_vec(), Vec::new());
		BenchmarkingState::new(genesis, None, false, true).expect("it is in memory")
	}

	fn call(&self, state: &impl Backend<BlakeTwo256>, method: &str, data: &[u8]) -> Vec<u8> {
		let fetcher = WrappedRuntimeCode(Cow::Borrowed(&self.code));
		let hash = BlakeTwo256::hash(&self.code).as_bytes().to_vec();
		let code = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash };
		let mut overlay = OverlayedChanges::default();
		let mut extensions = Extensions::default();
		extensions.register(KeystoreExt::new(MemoryKeystore::new()));
		let answer = StateMachine::new(
			state,
			&mut overlay,
			&self.executor,
			method,
			data,
			&mut extensions,
			&code,
			CallContext::Offchain,
		)
		.execute();
		answer.unwrap_or_else(|error| panic!("{method}: {error}"))
	}

	/// All benchmarks.
	pub fn benchmarks(&self) -> Vec<Benchmark> {
		let lists = self.call(&self.state(), "Benchmark_benchmark_metadata", &false.encode());
		let lists = Vec::<BenchmarkList>::decode(&mut &lists[..]).expect("the lists come first");
		let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
		lists
			.into_iter()
			.flat_map(|list| {
				let BenchmarkList { pallet, instance, benchmarks } = list;
				let of = move |found: frame_benchmarking::BenchmarkMetadata| Benchmark {
					pallet: text(&pallet),
					instance: instance.clone(),
					name: text(&found.name),
					components: found.components,
				};
				benchmarks.into_iter().map(of).collect::<Vec<_>>()
			})
			.collect()
	}

	/// All items of storage by prefix.
	pub fn items(&self) -> Items {
		let encoded = self.call(&self.state(), "Metadata_metadata", &[]);
		let encoded = Vec::<u8>::decode(&mut &encoded[..]).expect("it is an opaque vector");
		let metadata = RuntimeMetadataPrefixed::decode(&mut &encoded[..]).expect("it is metadata");
		let RuntimeMetadata::V14(metadata) = metadata.1 else { panic!("that call answers with version 14") };
		let twox = |text: &str| sp_io::hashing::twox_128(text.as_bytes());
		let number = |name: &str, kind: &StorageEntryType<_>| match kind {
			StorageEntryType::Plain(_) => Number::One,
			_ if ONE.contains(&name) => Number::One,
			_ if FEW.contains(&name) => Number::Few,
			StorageEntryType::Map { hashers, .. } => {
				let is_few = hashers.iter().all(|hasher| *hasher == StorageHasher::Twox64Concat);
				if is_few {
					Number::Few
				} else {
					Number::Many
				}
			},
		};
		let mut items = Items::new();
		for storage in metadata.pallets.into_iter().filter_map(|pallet| pallet.storage) {
			for entry in storage.entries {
				let name = format!("{}.{}", storage.prefix, entry.name);
				let number = number(&name, &entry.ty);
				items.insert([twox(&storage.prefix), twox(&entry.name)].concat(), Item { name, number });
			}
		}
		items
	}

	/// Runs a benchmark with these components so many times. An error says why it cannot run.
	pub fn run(
		&self,
		state: &impl Backend<BlakeTwo256>,
		benchmark: &Benchmark,
		components: &Components,
		repeats: u32,
	) -> Result<Vec<BenchmarkResult>, String> {
		let config = BenchmarkConfig {
			pallet: benchmark.pallet.clone().into_bytes(),
			instance: benchmark.instance.clone(),
			benchmark: benchmark.name.clone().into_bytes(),
			selected_components: components.clone(),
			verify: true,
			internal_repeats: repeats,
		};
		let done = self.call(state, "Benchmark_dispatch_benchmark", &config.encode());
		let done = Result::<Vec<BenchmarkBatch>, String>::decode(&mut &done[..]).expect("it is a result");
		Ok(done?.into_iter().flat_map(|batch| batch.results).collect())
	}
}
