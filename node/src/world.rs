//! A chain for tests of a node's parts, and transactions on it.
#![allow(clippy::unwrap_used)]

use crate::{
	chain_spec,
	cli::Cli,
	pool::Options,
	service::{self, Hash},
};
use codec::Encode;
use hanse_runtime::{
	configs::extensions, opaque::UncheckedExtrinsic as Opaque, AccountId, Header, Nonce, RuntimeCall,
	Signature, TxExtension, UncheckedExtrinsic, VERSION,
};
use sc_cli::SubstrateCli;
use sc_transaction_pool_api::{TransactionPool, TransactionSource};
use sp_blockchain::HeaderBackend;
use sp_core::{sr25519, Pair};
use sp_runtime::{generic::SignedPayload, MultiAddress};
use std::{
	any::Any,
	path::PathBuf,
	sync::{
		atomic::{AtomicU32, Ordering::Relaxed},
		LazyLock,
	},
};

/// The development chain with its first state, which a compiled runtime makes.
static SPEC: LazyLock<String> = LazyLock::new(|| chain_spec::load("dev").unwrap().as_json(true).unwrap());

/// A development chain with nothing but its first block.
pub struct World {
	pub parts: service::Parts,
	pub parent: Header,
	base: PathBuf,
	/// Dropped last: what the tasks of the node run on.
	_threads: Box<dyn Any>,
}

impl World {
	pub fn new() -> Self {
		Self::with_pool(Default::default())
	}

	/// With a pool that takes so much.
	pub fn with_pool(pool: Options) -> Self {
		let threads = sc_cli::build_runtime().unwrap();
		static WORLDS: AtomicU32 = AtomicU32::new(0);
		let number = WORLDS.fetch_add(1, Relaxed);
		let base = std::env::temp_dir().join(format!("hanse-world-{}-{number}", std::process::id()));
		std::fs::create_dir_all(&base).unwrap();
		let spec = base.join("chain.json");
		std::fs::write(&spec, &*SPEC).unwrap();
		let (spec, data) = (spec.to_string_lossy(), base.to_string_lossy());
		let cli = Cli::read(["hanse", "--chain", &spec, "--base-path", &data]).unwrap();
		let config = cli.create_configuration(&cli.run, threads.handle().clone()).unwrap();
		// What was compiled is kept beside the tests: all of them, and the next run, need the same.
		let compiled = std::env::current_exe().unwrap().with_file_name("wasm-cache");
		let (parts, ..) = service::new_partial(&config, pool, Some(&compiled)).unwrap();
		let parent = parts.client.header(parts.client.info().genesis_hash).unwrap().unwrap();
		Self { parts, parent, base, _threads: Box::new(threads) }
	}

	/// Signed by the `who`-th of those who have money.
	pub fn signed(&self, who: u32, nonce: Nonce, call: impl Into<RuntimeCall>) -> Opaque {
		self.tipping(0, who, nonce, call)
	}

	/// The same, with a tip.
	pub fn tipping(&self, tip: u128, who: u32, nonce: Nonce, call: impl Into<RuntimeCall>) -> Opaque {
		let payload = self.payload(tip, nonce, call);
		let signature = payload.using_encoded(|payload| pair(who).sign(payload));
		let (call, extension, _) = payload.deconstruct();
		let address = MultiAddress::Id(account(who));
		let signed = UncheckedExtrinsic::new_signed(call, address, Signature::Sr25519(signature), extension);
		Opaque::try_from_encoded_extrinsic(&signed.encode()).unwrap()
	}

	/// What is signed.
	pub fn payload(
		&self,
		tip: u128,
		nonce: Nonce,
		call: impl Into<RuntimeCall>,
	) -> SignedPayload<RuntimeCall, TxExtension> {
		let genesis = self.parent.hash();
		let (spec, version) = (VERSION.spec_version, VERSION.transaction_version);
		let implicit = ((), spec, version, genesis, genesis, (), (), (), None, ());
		SignedPayload::from_raw(call.into(), extensions(nonce, tip), implicit)
	}

	/// Into the pool.
	pub fn submit(&self, transactions: Vec<Opaque>) -> Vec<Hash> {
		let submitted =
			self.parts.pool.submit_at(self.parent.hash(), TransactionSource::External, transactions);
		let answers = futures::executor::block_on(submitted).unwrap();
		answers.into_iter().map(Result::unwrap).collect()
	}
}

impl Drop for World {
	fn drop(&mut self) {
		let _ = std::fs::remove_dir_all(&self.base);
	}
}

/// The development accounts, and others, who have nothing.
pub fn pair(who: u32) -> sr25519::Pair {
	let name = ["Eve", "Ferdie", "One", "Two"]
		.get(who as usize)
		.map_or_else(|| who.to_string(), ToString::to_string);
	sr25519::Pair::from_string(&format!("//{name}"), None).unwrap()
}

pub fn account(who: u32) -> AccountId {
	pair(who).public().into()
}

pub fn transfer(to: u32, value: u128) -> RuntimeCall {
	pallet_balances::Call::transfer_allow_death { dest: MultiAddress::Id(account(to)), value }.into()
}
