//! How the parts of a node are put together: [`new_partial`] opens what every subcommand needs, and
//! [`new_full`] adds the network, authoring, finality and RPC.

use crate::{
	clock::WaitForClock,
	executor::{Executor, Wasm},
	metrics,
	pool::{self, Pool},
	proposer::{
		self,
		pace::{Pace, Timed},
	},
	rpc,
};
use hanse_runtime::{opaque::Block, RuntimeApi};
use sc_consensus::{DefaultImportQueue, JustificationSyncLink, LongestChain};
use sc_consensus_aura::{ImportQueueParams, SlotDuration, SlotProportion, StartAuraParams, SyncOracle};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaBlockImport, GrandpaParams, GrandpaPruningFilter, LinkHalf,
	SharedVoterState, ThreeQuartersOfTheUnfinalizedChain,
};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_executor::{HeapAllocStrategy, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_network::{
	config::FullNetworkConfiguration, service::traits::NetworkService, NetworkBackend, NotificationService,
	ProtocolName,
};
use sc_rpc::SubscriptionTaskExecutor;
use sc_service::{
	config::ExecutorConfiguration, BuildNetworkParams, Configuration, Error, KeystoreContainer,
	SpawnTasksParams, TFullBackend, TFullClient, TaskManager, WarpSyncConfig,
};
use sc_storage_monitor::{StorageMonitorParams, StorageMonitorService};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;
use sp_runtime::traits::Block as BlockT;
use std::{
	path::{Path, PathBuf},
	sync::Arc,
	time::Duration,
};

/// The hash of a block.
pub type Hash = <Block as BlockT>::Hash;
/// The chain: headers, state, and the runtime on top of them.
pub type Client = TFullClient<Block, RuntimeApi, Executor>;
/// The database.
pub type Backend = TFullBackend<Block>;
/// Where blocks from others come in.
pub type ImportQueue = DefaultImportQueue<Block>;
/// What ties the voter to the import of blocks.
pub type GrandpaLink = LinkHalf<Block, Client, SelectChain>;
type SelectChain = LongestChain<Backend, Block>;
type BlockImport = GrandpaBlockImport<Backend, Block, Client, SelectChain>;

/// A justification is kept, and taken from peers, every so many blocks, and with each change of
/// authorities. Nobody follows the chain by justifications alone, so this only bounds how far behind the
/// head a syncing node knows finality: eight and a half minutes.
const JUSTIFICATION_PERIOD: u32 = 512;

/// Of a slot, until when a block must be closed. The rest is for it to travel and to be imported.
const PROPOSING_SHARE: f32 = 3.0 / 4.0;

/// Authors slow down when finality is this many blocks behind ...
const UNFINALISED_SLACK: u32 = 50;
/// ... but never to less than a block in so many slots. With the SDK's 100 the authorities that survive a
/// crisis would crawl exactly when they have to vote their way out of it.
const LONGEST_BACKOFF: u32 = 5;

/// What [`new_full`] needs to know beyond the SDK's configuration.
pub struct Options {
	/// When to stop because the disk fills up.
	pub storage_monitor: StorageMonitorParams,
	/// How long a finality vote is expected to travel.
	pub gossip_duration: Duration,
	/// How much may wait to get into a block, and for how long what was invalid is refused.
	pub pool: pool::Options,
	/// Where compiled runtimes are kept, if anywhere.
	pub wasm_cache: Option<PathBuf>,
}

/// What most of the node shares.
pub struct Parts {
	pub client: Arc<Client>,
	pub backend: Arc<Backend>,
	pub task_manager: TaskManager,
	pub pool: Arc<Pool>,
	keystore: KeystoreContainer,
	select_chain: SelectChain,
	block_import: BlockImport,
	pace: Arc<Pace>,
	/// What runs the runtime, unless another one than the chain's may have to be run.
	pub executor: Option<Executor>,
	telemetry: Option<Telemetry>,
}

impl Parts {
	pub fn telemetry_handle(&self) -> Option<TelemetryHandle> {
		self.telemetry.as_ref().map(Telemetry::handle)
	}
}

/// How the voter talks to its peers.
struct Gossip {
	protocol: ProtocolName,
	notifications: Box<dyn NotificationService>,
	duration: Duration,
}

/// Opens the database and everything that works without a network.
pub fn new_partial(
	config: &Configuration,
	pool: pool::Options,
	wasm_cache: Option<&Path>,
) -> Result<(Parts, ImportQueue, GrandpaLink), Error> {
	let telemetry = config
		.telemetry_endpoints
		.clone()
		.filter(|endpoints| !endpoints.is_empty())
		.map(|endpoints| {
			let worker = TelemetryWorker::new(16)?;
			let telemetry = worker.handle().new_telemetry(endpoints);
			Ok::<_, sc_telemetry::Error>((worker, telemetry))
		})
		.transpose()?;
	let telemetry_handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());

	let executor = executor(&config.executor, wasm_cache);
	let (client, backend, keystore, task_manager) = sc_service::new_full_parts::<Block, RuntimeApi, Executor>(
		config,
		telemetry_handle.clone(),
		executor.clone(),
		// A node that prunes blocks must keep the justifications that others need for warp sync.
		vec![Arc::new(GrandpaPruningFilter)],
	)?;
	let client = Arc::new(client);
	let telemetry = telemetry.map(|(worker, telemetry)| {
		task_manager.spawn_handle().spawn("telemetry", None, worker.run());
		telemetry
	});

	let pool = Pool::new(
		pool,
		config.role.is_authority(),
		client.clone(),
		backend.clone(),
		task_manager.spawn_essential_handle(),
		config.prometheus_registry(),
	);

	let select_chain = LongestChain::new(backend.clone());
	let (block_import, grandpa_link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD,
		&client,
		select_chain.clone(),
		telemetry_handle.clone(),
	)?;

	let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
	let pace = Arc::new(Pace::new(slot_duration.as_duration()));
	let import_queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
		block_import: Timed::new(block_import.clone(), client.clone(), pace.clone()),
		justification_import: Some(Box::new(block_import.clone())),
		client: client.clone(),
		create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
		spawner: &task_manager.spawn_essential_handle(),
		registry: config.prometheus_registry(),
		check_for_equivocation: Default::default(),
		telemetry: telemetry_handle,
		compatibility_mode: Default::default(),
	})?;

	let parts = Parts {
		client,
		backend,
		task_manager,
		pool: Arc::new(pool),
		keystore,
		select_chain,
		block_import,
		pace,
		executor: config.wasm_runtime_overrides.is_none().then_some(executor),
		telemetry,
	};
	Ok((parts, import_queue, grandpa_link))
}

/// What runs the runtime: its Wasm as the SDK would run it, with a place for what was compiled.
fn executor(config: &ExecutorConfiguration, wasm_cache: Option<&Path>) -> Executor {
	let strategy = config.default_heap_pages.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |extra_pages| {
		HeapAllocStrategy::Static { extra_pages: extra_pages as _ }
	});
	let builder = Wasm::builder()
		.with_execution_method(config.wasm_method)
		.with_onchain_heap_alloc_strategy(strategy)
		.with_offchain_heap_alloc_strategy(strategy)
		.with_max_runtime_instances(config.max_runtime_instances)
		.with_runtime_cache_size(config.runtime_cache_size);
	Executor::new(match wasm_cache {
		Some(path) => builder.with_cache_path(path).build(),
		None => builder.build(),
	})
}

/// Starts a node.
pub fn new_full<N>(config: Configuration, options: Options) -> Result<TaskManager, Error>
where
	N: NetworkBackend<Block, Hash>,
{
	let (mut parts, import_queue, grandpa_link) =
		new_partial(&config, options.pool, options.wasm_cache.as_deref())?;
	watch_storage(&config, &parts.task_manager, options.storage_monitor)?;
	if let Some(registry) = config.prometheus_registry() {
		metrics::start(parts.client.clone(), registry, &parts.task_manager.spawn_handle())?;
	}

	let (params, gossip) =
		network_params::<N>(&config, &parts, import_queue, &grandpa_link, options.gossip_duration);
	let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
		sc_service::build_network(params)?;

	if config.role.is_authority() {
		start_authoring(&config, &parts, sync_service.clone())?;
	}

	let voter_state = SharedVoterState::empty();
	let rpc_deps = rpc::Deps {
		client: parts.client.clone(),
		pool: parts.pool.clone(),
		voter_state: voter_state.clone(),
		authority_set: grandpa_link.shared_authority_set().clone(),
		justifications: grandpa_link.justification_stream(),
		finality_proofs: FinalityProofProvider::new_for_service(
			parts.backend.clone(),
			Some(grandpa_link.shared_authority_set().clone()),
		),
	};
	let voter_params = (!config.disable_grandpa).then(|| {
		let (network, sync) = (network.clone(), sync_service.clone());
		voter_params(&config, &parts, grandpa_link, gossip, network, sync, voter_state)
	});

	sc_service::spawn_tasks(SpawnTasksParams {
		config,
		client: parts.client.clone(),
		backend: parts.backend.clone(),
		task_manager: &mut parts.task_manager,
		keystore: parts.keystore.keystore(),
		transaction_pool: parts.pool.clone(),
		rpc_builder: Box::new(move |executor: SubscriptionTaskExecutor| {
			rpc::module(&rpc_deps, executor).map_err(Error::Application)
		}),
		network,
		system_rpc_tx,
		tx_handler_controller,
		sync_service,
		telemetry: parts.telemetry.as_mut(),
		tracing_execute_block: None,
	})?;

	// The voter looks for its key when it is made, not when it votes, and development keys get into the
	// keystore with the tasks above: made before them, it would be a mere observer.
	if let Some(params) = voter_params {
		let voter = sc_consensus_grandpa::run_grandpa_voter(params)?;
		parts.task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
	}
	Ok(parts.task_manager)
}

/// Stops the node before its database has no room left to finish a write.
fn watch_storage(
	config: &Configuration,
	tasks: &TaskManager,
	params: StorageMonitorParams,
) -> Result<(), Error> {
	let Some(path) = config.database.path() else { return Ok(()) };
	StorageMonitorService::try_spawn(params, path.to_path_buf(), &tasks.spawn_essential_handle())
		.map_err(|error| Error::Application(error.into()))
}

/// Describes the network, with GRANDPA's protocol in it.
///
/// Nodes can join by warp sync, over proofs of each change of authorities. Such proofs end at a forced
/// change: behind one, a node has to be started with full sync, which is the default.
fn network_params<'a, N>(
	config: &'a Configuration,
	parts: &Parts,
	import_queue: ImportQueue,
	grandpa_link: &GrandpaLink,
	gossip_duration: Duration,
) -> (BuildNetworkParams<'a, Block, N, Pool, ImportQueue, Client>, Gossip)
where
	N: NetworkBackend<Block, Hash>,
{
	let registry = config.prometheus_registry();
	let metrics = N::register_notification_metrics(registry);
	let mut net_config = FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, registry.cloned());

	let genesis_hash = parts.client.info().genesis_hash;
	let protocol = sc_consensus_grandpa::protocol_standard_name(&genesis_hash, &config.chain_spec);
	let (grandpa_config, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<Block, N>(
		protocol.clone(),
		metrics.clone(),
		net_config.peer_store_handle(),
	);
	net_config.add_notification_protocol(grandpa_config);

	let warp_sync = sc_consensus_grandpa::warp_proof::NetworkProvider::new(
		parts.backend.clone(),
		grandpa_link.shared_authority_set().clone(),
		Vec::new(),
	);
	let params = BuildNetworkParams {
		config,
		net_config,
		client: parts.client.clone(),
		transaction_pool: parts.pool.clone(),
		spawn_handle: parts.task_manager.spawn_handle(),
		spawn_essential_handle: parts.task_manager.spawn_essential_handle(),
		import_queue,
		block_announce_validator_builder: None,
		warp_sync_config: Some(WarpSyncConfig::WithProvider(Arc::new(warp_sync))),
		block_relay: None,
		metrics,
		gap_sync_body_policy: None,
	};
	(params, Gossip { protocol, notifications, duration: gossip_duration })
}

/// Makes blocks in the slots for which the keystore has the key.
fn start_authoring<S>(config: &Configuration, parts: &Parts, sync: S) -> Result<(), Error>
where
	S: SyncOracle + JustificationSyncLink<Block> + Clone + Send + Sync + 'static,
{
	let slot_duration = sc_consensus_aura::slot_duration(&*parts.client)?;
	let proposer_factory = proposer::Factory::new(parts, parts.pace.clone(), config.prometheus_registry());
	let backoff = BackoffAuthoringOnFinalizedHeadLagging {
		unfinalized_slack: UNFINALISED_SLACK,
		max_interval: LONGEST_BACKOFF,
		authoring_bias: 2,
	};
	let aura = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, sp_blockchain::Error>(
		StartAuraParams {
			slot_duration,
			client: parts.client.clone(),
			select_chain: parts.select_chain.clone(),
			block_import: parts.block_import.clone(),
			proposer_factory,
			sync_oracle: sync.clone(),
			justification_sync_link: sync,
			create_inherent_data_providers: move |_, ()| async move { Ok(inherents(slot_duration)) },
			force_authoring: config.force_authoring,
			backoff_authoring_blocks: Some(WaitForClock::new(backoff, slot_duration)),
			keystore: parts.keystore.keystore(),
			block_proposal_slot_portion: SlotProportion::new(PROPOSING_SHARE),
			max_block_proposal_slot_portion: None,
			telemetry: parts.telemetry_handle(),
			compatibility_mode: Default::default(),
		},
	)?;
	parts.task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
	Ok(())
}

/// Describes the voter; with no key of an authority at hand it only follows what others vote.
fn voter_params<S>(
	config: &Configuration,
	parts: &Parts,
	link: GrandpaLink,
	gossip: Gossip,
	network: Arc<dyn NetworkService>,
	sync: S,
	shared_voter_state: SharedVoterState,
) -> GrandpaParams<Block, Client, Arc<dyn NetworkService>, S, SelectChain, ThreeQuartersOfTheUnfinalizedChain>
{
	GrandpaParams {
		config: sc_consensus_grandpa::Config {
			gossip_duration: gossip.duration,
			justification_generation_period: JUSTIFICATION_PERIOD,
			observer_enabled: false,
			local_role: config.role,
			name: Some(config.network.node_name.clone()),
			keystore: config.role.is_authority().then(|| parts.keystore.keystore()),
			telemetry: parts.telemetry_handle(),
			protocol_name: gossip.protocol,
		},
		link,
		network,
		sync,
		notification_service: gossip.notifications,
		// The SDK's other default rule stays two blocks behind the best one. It spares votes for blocks that
		// lose a race, which are rare here, and costs every payment two slots.
		voting_rule: ThreeQuartersOfTheUnfinalizedChain,
		prometheus_registry: config.prometheus_registry().cloned(),
		shared_voter_state,
		telemetry: parts.telemetry_handle(),
		offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(parts.pool.clone()),
	}
}

/// What a block says about its time. The length of a slot never changes after genesis, so it is read from
/// the runtime once, at start, and not with every block.
fn inherents(
	slot_duration: SlotDuration,
) -> (sp_consensus_aura::inherents::InherentDataProvider, sp_timestamp::InherentDataProvider) {
	let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
	let slot = sp_consensus_aura::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
		*timestamp,
		slot_duration,
	);
	(slot, timestamp)
}
