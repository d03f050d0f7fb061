//! The command line: flags, subcommands, and defaults that are safer than those of the SDK.

use clap::{error::ErrorKind, Arg, CommandFactory, FromArgMatches, Parser};
use sc_cli::{KeySubcommand, RpcMethods, RpcParams, SubstrateCli, TransactionPoolType};
use sc_service::config::{MultiaddrWithPeerId, RpcBatchRequestConfig};
use std::{ffi::OsString, num::NonZeroU32, path::PathBuf};

/// Calls a minute that one RPC connection may make unless `--rpc-rate-limit` says otherwise: enough for
/// a busy till, too little to keep a node from its blocks.
const RPC_CALLS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(6_000).expect("not zero");
/// Calls in one RPC batch unless `--rpc-max-batch-request-len` says otherwise.
const RPC_BATCH_LIMIT: u32 = 100;

const EXAMPLES: &str = "\
Examples:
  A development chain with one authority, forgotten when it stops:
    hanse --dev

  A local network of four authorities, one terminal each; they find each other by mDNS:
    local=\"hanse --chain local --tmp --unsafe-force-node-key-generation\"
    $local --alice
    $local --bob     --port 30334 --rpc-port 9945
    $local --charlie --port 30335 --rpc-port 9946
    $local --dave    --port 30336 --rpc-port 9947

  The keys of a founder: one for its account, one for Aura, one for GRANDPA:
    hanse key generate --scheme sr25519
    hanse key generate --scheme sr25519
    hanse key generate --scheme ed25519

  A live chain, from the public keys of its founders (see `hanse build-spec --help`):
    hanse build-spec --founders founders.json --raw > alliance.json

  An authority of that chain:
    hanse key generate-node-key --chain alliance.json --base-path data
    hanse key insert --chain alliance.json --base-path data --key-type aura --scheme sr25519
    hanse key insert --chain alliance.json --base-path data --key-type gran --scheme ed25519
    hanse --chain alliance.json --base-path data --validator --name \"Alster Air\"

  An authority of an institution that joined later. Its keys are made on the node itself, by a method that
  is not safe to expose: `scripts/member keys` calls it from the same machine, and then it is closed again:
    hanse --chain alliance.json --base-path data --validator --name \"Elbe Bank\" --rpc-methods unsafe";

const FOUNDERS_EXAMPLE: &str = "\
Example:
  hanse build-spec --founders founders.json --name \"Shops of Luebeck\" --id luebeck --raw > luebeck.json

  where founders.json lists at least four institutions:
  [
    {
      \"name\": \"Alster Air\",
      \"account\": \"5F...\",
      \"reserve\": 25000000000,
      \"aura\": \"5G...\",
      \"grandpa\": \"5H...\"
    },
    ...
  ]

  account: what the institution acts with (sr25519)
  reserve: its first reserve, in millionths of a settlement unit
  aura:    the key that signs its blocks (sr25519)
  grandpa: the key that signs its finality votes (ed25519)

  Everybody's bond is the same and is not in the file. No key may be used twice, and the well-known
  development keys are refused.";

/// A node of a merchant alliance.
#[derive(Debug, Parser)]
pub struct Cli {
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	#[command(flatten)]
	pub run: sc_cli::RunCmd,

	#[command(flatten)]
	pub storage_monitor: sc_storage_monitor::StorageMonitorParams,

	/// How long a finality vote is expected to travel, in milliseconds.
	///
	/// Finality waits for a multiple of this. Raise it where authorities are far from each other, and
	/// raise it on all of them.
	#[arg(
		long,
		value_name = "MS",
		default_value_t = 100,
		value_parser = clap::value_parser!(u64).range(10..=10_000)
	)]
	pub grandpa_gossip_ms: u64,

	/// Keep compiled runtimes in this directory, so that the next start does not compile them again.
	///
	/// It can be shared by all nodes on a machine. Whoever can write to it can make them do anything.
	#[arg(long, value_name = "PATH")]
	pub wasm_cache: Option<PathBuf>,
}

// Parsed once a process, so the size of the largest variant does not matter.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
	/// Make and inspect keys, and put them into a node's keystore.
	#[command(subcommand)]
	Key(KeySubcommand),

	/// Write the specification of a chain: a known one, one from a file, or that of a new live chain.
	BuildSpec(BuildSpec),

	/// Write the specification of a known chain, or of one from a file.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Execute a block of the database again and check it.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Write blocks of the database to a file.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Write the state at a block as the genesis of a chain specification.
	ExportState(sc_cli::ExportStateCmd),

	/// Read blocks from a file into the database.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Delete the database of a chain.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Take back blocks that are not final.
	Revert(sc_cli::RevertCmd),

	/// Show how far the database of a chain has got.
	ChainInfo(sc_cli::ChainInfoCmd),

	/// Say whether a node is well: clock, peers, keys, finality, disk, exposure, versions.
	Doctor(crate::doctor::Doctor),
}

/// Options of `build-spec`.
#[derive(Debug, clap::Args)]
#[command(after_help = FOUNDERS_EXAMPLE)]
pub struct BuildSpec {
	/// Found a live chain with the institutions in this JSON file, which become its authorities.
	#[arg(long, value_name = "FILE", conflicts_with_all = ["chain", "dev"])]
	pub founders: Option<PathBuf>,

	/// The name of the new live chain, as people read it.
	#[arg(
		long,
		value_name = "NAME",
		requires = "founders",
		conflicts_with_all = ["chain", "dev"],
		default_value = "Hanse"
	)]
	pub name: String,

	/// The id of the new live chain, which names its directory on disk.
	#[arg(long, value_name = "ID", requires = "founders", conflicts_with_all = ["chain", "dev"], default_value = "hanse")]
	pub id: String,

	/// Nodes that a new node asks first; written into the specification.
	#[arg(long, value_name = "ADDR", num_args = 1..)]
	pub bootnodes: Vec<MultiaddrWithPeerId>,

	#[command(flatten)]
	pub base: sc_cli::BuildSpecCmd,
}

impl Cli {
	/// Parses a command line, and applies the defaults that flags of the SDK cannot express.
	pub fn read<I>(args: I) -> Result<Self, clap::Error>
	where
		I: IntoIterator,
		I::Item: Into<OsString> + Clone,
	{
		let matches = Self::described().try_get_matches_from(args)?;
		let mut cli = Self::from_arg_matches(&matches)?;
		if matches!(cli.run.pool_config.pool_type, TransactionPoolType::ForkAware) {
			return Err(Self::described().error(
				ErrorKind::InvalidValue,
				"this node has only the pool `single-state`: leave --pool-type out",
			));
		}
		restrict_rpc(&mut cli.run.rpc_params);
		// A node key that is only printed, or written to a file of its own, belongs to no chain; the SDK
		// asks for one all the same.
		if let Some(Subcommand::Key(KeySubcommand::GenerateNodeKey(cmd))) = &mut cli.subcommand {
			cmd.chain.get_or_insert_with(|| "local".into());
		}
		Ok(cli)
	}

	/// The command with help that tells our defaults instead of the SDK's.
	fn described() -> clap::Command {
		fn say(arg: Arg, help: &'static str) -> Arg {
			arg.hide_default_value(true).help(help).long_help(help)
		}
		Self::setup_command(Self::command())
			.after_help(EXAMPLES)
			.mut_arg("chain", |arg| {
				say(arg, "The chain: `dev`, `local`, or the path of a chain specification")
			})
			// The SDK's default loses transactions that it has accepted: one that waits for another of its sender when
			// the view of the pool which it came into ends. See `network.flood`. There is no other pool here.
			.mut_arg("pool_type", |arg| arg.default_value("single-state").hide(true))
			.mut_arg("pool_best_blocks_only", |arg| arg.hide(true))
			.mut_arg("pool_limit", |arg| {
				say(arg, "Transactions that wait at most; a quarter more of higher priority [default: 8192]")
			})
			.mut_arg("pool_kbytes", |arg| {
				say(
					arg,
					"Kilobytes that they have at most; a quarter more of higher priority [default: 20480]",
				)
			})
			.mut_arg("tx_ban_seconds", |arg| {
				say(
					arg,
					"Seconds for which a transaction that was invalid is not asked about again [default: 0]",
				)
			})
			.mut_arg("rpc_methods", |arg| {
				say(arg, "RPC methods to expose; `auto` means `safe`, on loopback too [default: safe]")
			})
			.mut_arg("rpc_rate_limit", |arg| {
				say(arg, "RPC calls a minute for each connection [default: 6000]")
			})
			.mut_arg("rpc_max_batch_request_len", |arg| {
				say(arg, "Calls in one RPC batch at most [default: 100]")
			})
	}
}

/// Closes what the SDK leaves open when nobody asked for it: its `auto` serves unsafe methods to
/// everything on loopback, hence to everybody behind a reverse proxy, and it limits neither rate nor
/// batches. What the user did ask for stays.
fn restrict_rpc(rpc: &mut RpcParams) {
	fn safe_unless_asked(methods: RpcMethods) -> RpcMethods {
		match methods {
			RpcMethods::Unsafe => RpcMethods::Unsafe,
			RpcMethods::Auto | RpcMethods::Safe => RpcMethods::Safe,
		}
	}

	rpc.rpc_methods = safe_unless_asked(rpc.rpc_methods);
	rpc.rpc_rate_limit.get_or_insert(RPC_CALLS_PER_MINUTE);
	rpc.rpc_max_batch_request_len.get_or_insert(RPC_BATCH_LIMIT);
	// These carry their own settings and take nothing from the flags above.
	for endpoint in &mut rpc.experimental_rpc_endpoint {
		endpoint.rpc_methods = safe_unless_asked(endpoint.rpc_methods);
		endpoint.rate_limit.get_or_insert(RPC_CALLS_PER_MINUTE);
		if matches!(endpoint.batch_config, RpcBatchRequestConfig::Unlimited) {
			endpoint.batch_config = RpcBatchRequestConfig::Limit(RPC_BATCH_LIMIT);
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn rpc(args: &[&str]) -> RpcParams {
		Cli::read(["hanse"].iter().chain(args)).unwrap().run.rpc_params
	}

	#[test]
	fn the_command_line_is_well_formed() {
		Cli::described().debug_assert();
	}

	#[test]
	fn rpc_is_safe_and_limited_unless_asked_otherwise() {
		let lines: [&[&str]; 4] =
			[&[], &["--dev"], &["--chain", "local", "--alice"], &["--rpc-methods", "auto"]];
		for args in lines {
			let rpc = rpc(args);
			assert_eq!(rpc.rpc_methods, RpcMethods::Safe, "{args:?}");
			assert_eq!(rpc.rpc_rate_limit, Some(RPC_CALLS_PER_MINUTE), "{args:?}");
			let batches = rpc.rpc_batch_config();
			assert!(matches!(batches, Ok(RpcBatchRequestConfig::Limit(RPC_BATCH_LIMIT))), "{args:?}");
		}
	}

	#[test]
	fn there_is_no_pool_that_loses_what_it_has_accepted() {
		for line in [&["hanse"][..], &["hanse", "--dev"], &["hanse", "--pool-type", "single-state"]] {
			assert!(Cli::read(line).is_ok(), "{line:?}");
		}
		let refused = Cli::read(["hanse", "--pool-type", "fork-aware"]).unwrap_err();
		assert!(refused.to_string().contains("leave --pool-type out"), "{refused}");
	}

	#[test]
	fn rpc_settings_that_were_asked_for_stay() {
		let asked =
			rpc(&["--dev", "--rpc-methods=unsafe", "--rpc-rate-limit=9", "--rpc-max-batch-request-len=7"]);
		assert_eq!(asked.rpc_methods, RpcMethods::Unsafe);
		assert_eq!(asked.rpc_rate_limit, NonZeroU32::new(9));
		assert!(matches!(asked.rpc_batch_config(), Ok(RpcBatchRequestConfig::Limit(7))));

		let disabled = rpc(&["--rpc-disable-batch-requests"]);
		assert!(matches!(disabled.rpc_batch_config(), Ok(RpcBatchRequestConfig::Disabled)));
	}

	#[test]
	fn rpc_endpoints_are_restricted_one_by_one() {
		let rpc = rpc(&[
			"--experimental-rpc-endpoint",
			"listen-addr=127.0.0.1:9944",
			"--experimental-rpc-endpoint",
			"listen-addr=127.0.0.1:9955,methods=unsafe,rate-limit=9,max-batch-request-len=7",
		]);
		let [open, asked] = rpc.experimental_rpc_endpoint.as_slice() else { panic!("two endpoints") };
		assert_eq!(open.rpc_methods, RpcMethods::Safe);
		assert_eq!(open.rate_limit, Some(RPC_CALLS_PER_MINUTE));
		assert!(matches!(open.batch_config, RpcBatchRequestConfig::Limit(RPC_BATCH_LIMIT)));
		assert_eq!(asked.rpc_methods, RpcMethods::Unsafe);
		assert_eq!(asked.rate_limit, NonZeroU32::new(9));
		assert!(matches!(asked.batch_config, RpcBatchRequestConfig::Limit(7)));
	}

	#[test]
	fn finality_gossip_is_fast_by_default_and_bounded() {
		assert_eq!(Cli::read(["hanse"]).unwrap().grandpa_gossip_ms, 100);
		assert_eq!(Cli::read(["hanse", "--grandpa-gossip-ms", "333"]).unwrap().grandpa_gossip_ms, 333);
		assert!(Cli::read(["hanse", "--grandpa-gossip-ms", "0"]).is_err());
	}

	#[test]
	fn founders_and_a_known_chain_exclude_each_other() {
		assert!(Cli::read(["hanse", "build-spec", "--founders", "f.json"]).is_ok());
		assert!(Cli::read(["hanse", "build-spec", "--founders", "f.json", "--chain", "local"]).is_err());
		assert!(Cli::read(["hanse", "build-spec", "--chain", "local", "--id", "luebeck"]).is_err());
		assert!(Cli::read(["hanse", "build-spec", "--id", "luebeck"]).is_err());
	}
}
