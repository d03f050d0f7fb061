//! Whole final blocks: transactions and events, decoded with the metadata of the runtime that executed the block.
//!
//! That is the runtime of the parent's state: a block that upgrades the runtime is itself the old one's.

use crate::{AccountId, Config, Moment, hanse, json, state::Readings};
use codec::{Compact, Decode};
use futures::{Stream, StreamExt, stream};
use hanse::runtime_types::sp_runtime::DispatchError;
use std::{
	collections::HashMap,
	ops::RangeInclusive,
	sync::{Arc, Mutex, PoisonError},
};
use subxt::{
	OnlineClient,
	client::{ClientAtBlock, OnlineClientAtBlockImpl},
	config::{HashFor, Hasher, RpcConfigFor},
	events::Phase,
	rpcs::{RpcClient, methods::legacy::LegacyRpcMethods},
};

/// How many blocks are under way at once while many are fetched.
const AT_ONCE: usize = 16;

/// Why a block cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
	#[error("the node does not answer: {0}")]
	Node(#[from] subxt::rpcs::Error),
	#[error("the node has no block {0}; a node for the gateway keeps all (--blocks-pruning archive)")]
	NoBlock(u64),
	#[error("the node has no state of block {0}; a node for the gateway keeps all (--state-pruning archive)")]
	NoState(u64),
	#[error("the runtime of block {0} cannot be read: {1}")]
	NoRuntime(u64, String),
	#[error("the state after block {0} cannot be read: {1}")]
	Unreadable(u64, String),
	#[error("block {0} cannot be decoded: {1}")]
	Undecodable(u64, String),
}

/// A block that is not going to be replaced.
#[derive(Clone, Debug)]
pub struct FinalBlock {
	pub number: u64,
	pub hash: [u8; 32],
	pub parent: [u8; 32],
	/// By the block's own timestamp.
	pub time: Moment,
	/// Of the runtime that executed it.
	pub spec_version: u32,
	pub transactions: Vec<BlockTransaction>,
	pub events: Vec<BlockEvent>,
	/// What events do not say.
	pub readings: Readings,
}

#[derive(Clone, Debug)]
pub struct BlockTransaction {
	pub index: u32,
	/// Blake2-256 of all its bytes, as `author_submitExtrinsic` answers it.
	pub hash: [u8; 32],
	/// `None` for what the block's author put in.
	pub signer: Option<AccountId>,
	pub pallet: String,
	pub name: String,
	/// `None` if this runtime's call has another shape than the one that the gateway was made for.
	pub call: Option<hanse::Call>,
	/// Of the outermost call. What came of calls in it is in the events.
	pub succeeded: bool,
	pub error: Option<DispatchError>,
}

#[derive(Clone, Debug)]
pub struct BlockEvent {
	/// From 0 in the block.
	pub position: u32,
	/// The transaction that made it; `None` for the chain's own.
	pub extrinsic: Option<u32>,
	pub pallet: String,
	pub name: String,
	/// `None` if this runtime's event has another shape than the one that the gateway was made for.
	pub event: Option<hanse::Event>,
	/// Its fields, see [`crate::json`].
	pub json: serde_json::Value,
}

impl FinalBlock {
	/// The events that a transaction made, in their order.
	pub fn events_of(&self, extrinsic: u32) -> impl Iterator<Item = &BlockEvent> {
		self.events.iter().filter(move |event| event.extrinsic == Some(extrinsic))
	}
}

pub(crate) type Runtime = ClientAtBlock<Config, OnlineClientAtBlockImpl<Config>>;

/// Reads blocks of one chain from a node that keeps all of them. Clones share what they know of runtimes.
#[derive(Clone)]
pub struct Blocks {
	rpc: LegacyRpcMethods<RpcConfigFor<Config>>,
	client: OnlineClient<Config>,
	runtimes: Arc<Mutex<HashMap<u32, Runtime>>>,
}

impl Blocks {
	pub fn new(rpc: RpcClient, client: OnlineClient<Config>) -> Self {
		Self { rpc: LegacyRpcMethods::new(rpc), client, runtimes: Arc::default() }
	}

	/// The client for reads at a block that this node has.
	pub fn client(&self) -> &OnlineClient<Config> {
		&self.client
	}

	/// The hash of the block of this number on the best chain.
	pub async fn hash(&self, number: u64) -> Result<[u8; 32], BlockError> {
		let found = self.rpc.chain_get_block_hash(Some(number.into())).await?;
		Ok(found.ok_or(BlockError::NoBlock(number))?.0)
	}

	/// Number and hash of the newest final block.
	pub async fn final_head(&self) -> Result<(u64, [u8; 32]), BlockError> {
		let hash = self.rpc.chain_get_finalized_head().await?;
		let header = self.rpc.chain_get_header(Some(hash)).await?.ok_or(BlockError::NoBlock(0))?;
		Ok((header.number, hash.0))
	}

	/// Number and hash of the best block, which can still be replaced.
	pub async fn best_head(&self) -> Result<(u64, [u8; 32]), BlockError> {
		let hash = self.rpc.chain_get_block_hash(None).await?.ok_or(BlockError::NoBlock(0))?;
		let header = self.rpc.chain_get_header(Some(hash)).await?.ok_or(BlockError::NoBlock(0))?;
		Ok((header.number, hash.0))
	}

	/// Whether the node has the state of this block; an ordinary node soon forgets it.
	pub async fn has_state(&self, number: u64) -> Result<bool, BlockError> {
		let hash = self.hash(number).await?;
		match self.rpc.state_get_storage(&key("System", "Number"), Some(hash.into())).await {
			Ok(_) => Ok(true),
			Err(subxt::rpcs::Error::User(_)) => Ok(false),
			Err(other) => Err(other.into()),
		}
	}

	/// Final blocks in their order, many under way at once.
	pub fn range(&self, numbers: RangeInclusive<u64>) -> impl Stream<Item = Result<FinalBlock, BlockError>> {
		let blocks = self.clone();
		stream::iter(numbers)
			.map(move |number| {
				let blocks = blocks.clone();
				// A task of its own, so that decoding uses all processors.
				async move {
					let task = tokio::spawn(async move { blocks.fetch(number).await });
					task.await
						.unwrap_or_else(|stopped| Err(BlockError::Undecodable(number, stopped.to_string())))
				}
			})
			.buffered(AT_ONCE)
	}

	/// The block of this number, which is final.
	pub async fn fetch(&self, number: u64) -> Result<FinalBlock, BlockError> {
		let hash = self.hash(number).await?.into();
		let events_key = key("System", "Events");
		let (block, events) = tokio::try_join!(
			self.rpc.chain_get_block(Some(hash)),
			self.rpc.state_get_storage(&events_key, Some(hash)),
		)?;
		let block = block.ok_or(BlockError::NoBlock(number))?.block;
		let parent = block.header.parent_hash;
		let runtime = self.runtime(number, parent).await?;

		let mut events = read_events(number, &runtime, events.ok_or(BlockError::NoState(number))?)?;
		let bodies = block.extrinsics.into_iter().map(|bytes| bytes.0).collect();
		let Transactions { transactions, time } =
			read_transactions(number, &runtime, bodies, &events).await?;
		name_own(&transactions, &mut events);
		let mut block = FinalBlock {
			number,
			hash: hash.0,
			parent: parent.0,
			time,
			spec_version: runtime.spec_version(),
			transactions,
			events,
			readings: Readings::default(),
		};
		self.read_state(&mut block, false).await?;
		Ok(block)
	}

	/// The events of a block that may still be replaced.
	pub async fn events(&self, number: u64, hash: [u8; 32]) -> Result<Vec<BlockEvent>, BlockError> {
		let (hash, events_key) = (hash.into(), key("System", "Events"));
		let (header, events) = tokio::try_join!(
			self.rpc.chain_get_header(Some(hash)),
			self.rpc.state_get_storage(&events_key, Some(hash)),
		)?;
		let parent = header.ok_or(BlockError::NoBlock(number))?.parent_hash;
		let runtime = self.runtime(number, parent).await?;
		read_events(number, &runtime, events.ok_or(BlockError::NoState(number))?)
	}

	/// The client for reads in the state after a block.
	pub(crate) async fn at(&self, number: u64, hash: [u8; 32]) -> Result<Runtime, BlockError> {
		let at = self.client.at_block_hash_and_number(HashFor::<Config>::from(hash), number).await;
		at.map_err(|error| BlockError::NoRuntime(number, error.to_string()))
	}

	/// The runtime that is in force after block `parent`.
	async fn runtime(&self, number: u64, parent: HashFor<Config>) -> Result<Runtime, BlockError> {
		let version = self.rpc.state_get_runtime_version(Some(parent)).await?.spec_version;
		let known = self.runtimes.lock().unwrap_or_else(PoisonError::into_inner).get(&version).cloned();
		if let Some(runtime) = known {
			return Ok(runtime);
		}
		let before = number.saturating_sub(1);
		let runtime = self.client.at_block_hash_and_number(parent, before).await;
		let runtime = runtime.map_err(|error| BlockError::NoRuntime(number, error.to_string()))?;
		let mut runtimes = self.runtimes.lock().unwrap_or_else(PoisonError::into_inner);
		runtimes.insert(version, runtime.clone());
		Ok(runtime)
	}
}

fn read_events(number: u64, runtime: &Runtime, bytes: Vec<u8>) -> Result<Vec<BlockEvent>, BlockError> {
	let undecodable = |error: String| BlockError::Undecodable(number, error);
	let (metadata, events) = (runtime.metadata_ref(), runtime.events().from_bytes(bytes));
	let mut read = Vec::with_capacity(events.len() as usize);
	for event in events.iter() {
		let event = event.map_err(|error| undecodable(error.to_string()))?;
		let variant = metadata
			.pallet_by_event_index(event.pallet_index())
			.and_then(|pallet| pallet.event_variant_by_index(event.event_index()))
			.ok_or_else(|| undecodable("an event that the metadata does not have".to_owned()))?;
		let json = json::read_fields(&mut event.field_bytes(), &variant.fields, metadata.types())
			.map_err(|error| undecodable(error.to_string()))?;
		read.push(BlockEvent {
			position: event.index(),
			extrinsic: match event.phase() {
				Phase::ApplyExtrinsic(index) => Some(index),
				Phase::Initialization | Phase::Finalization => None,
			},
			pallet: event.pallet_name().to_owned(),
			name: event.event_name().to_owned(),
			event: event.decode_as::<hanse::Event>().ok(),
			json,
		});
	}
	Ok(read)
}

/// What the chain does by itself after the inherents has the number of the transaction that comes next, so it looks as
/// if that did it. A transaction begins with its fee, unless it has none.
fn name_own(transactions: &[BlockTransaction], events: &mut [BlockEvent]) {
	let inherents = transactions.iter().take_while(|one| one.signer.is_none()).count();
	let is_fee = |event: &BlockEvent| event.pallet == "Balances" && event.name == "Withdraw";
	let first = u32::try_from(inherents).ok();
	let of_first = || events.iter().filter(|event| event.extrinsic == first);
	let begins = match transactions.get(inherents) {
		Some(_) => of_first().find(|event| is_fee(event)).map(|event| event.position),
		None => Some(u32::MAX),
	};
	let Some(begins) = begins else { return };
	for event in events.iter_mut().filter(|event| event.extrinsic == first && event.position < begins) {
		event.extrinsic = None;
	}
}

struct Transactions {
	transactions: Vec<BlockTransaction>,
	time: Moment,
}

async fn read_transactions(
	number: u64,
	runtime: &Runtime,
	bodies: Vec<Vec<u8>>,
	events: &[BlockEvent],
) -> Result<Transactions, BlockError> {
	let failures: HashMap<u32, Option<DispatchError>> = events.iter().filter_map(failure).collect();
	let transactions = runtime.extrinsics().from_bytes(bodies).await;
	let (mut read, mut time) = (Vec::with_capacity(transactions.len()), None);
	for (index, transaction) in (0u32..).zip(transactions.iter()) {
		let transaction = transaction.map_err(|error| BlockError::Undecodable(number, error.to_string()))?;
		if (transaction.pallet_name(), transaction.call_name()) == ("Timestamp", "set") {
			time = Compact::<u64>::decode(&mut transaction.call_data_field_bytes()).ok();
		}
		let failure = failures.get(&index);
		read.push(BlockTransaction {
			index,
			hash: runtime.hasher().hash(transaction.bytes()).0,
			signer: transaction.address_bytes().and_then(signer),
			pallet: transaction.pallet_name().to_owned(),
			name: transaction.call_name().to_owned(),
			call: transaction.decode_call_data_as::<hanse::Call>().ok(),
			succeeded: failure.is_none(),
			error: failure.cloned().flatten(),
		});
	}
	let time = time.ok_or_else(|| BlockError::Undecodable(number, "it has no timestamp".to_owned()))?.0;
	Ok(Transactions { transactions: read, time })
}

/// Which transaction this event says failed, and why.
fn failure(event: &BlockEvent) -> Option<(u32, Option<DispatchError>)> {
	if (event.pallet.as_str(), event.name.as_str()) != ("System", "ExtrinsicFailed") {
		return None;
	}
	let error = match &event.event {
		Some(hanse::Event::System(hanse::system::Event::ExtrinsicFailed { dispatch_error, .. })) => {
			Some(dispatch_error.clone())
		},
		_ => None,
	};
	Some((event.extrinsic?, error))
}

/// The account of an encoded address, if it is written out.
fn signer(address: &[u8]) -> Option<AccountId> {
	match address.split_first()? {
		(0, account) => Some(AccountId(account.try_into().ok()?)),
		_ => None,
	}
}

/// The key of a single value in a pallet's storage.
fn key(pallet: &str, item: &str) -> Vec<u8> {
	[sp_crypto_hashing::twox_128(pallet.as_bytes()), sp_crypto_hashing::twox_128(item.as_bytes())].concat()
}
