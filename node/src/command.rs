//! What the binary does for each subcommand, and when there is none.

use crate::{
	chain_spec,
	cli::{BuildSpec, Cli, Subcommand},
	founders, pool,
	service::{self, Backend, Client, Hash},
};
use hanse_runtime::opaque::Block;
use sc_cli::{RunCmd, SubstrateCli};
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_transaction_pool::PoolLimit;
use sp_runtime::traits::NumberFor;
use std::{io::Write, process::ExitCode, sync::Arc, time::Duration};

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"Hanse".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		"Hanse: a ledger for the loyalty points of merchant alliances. Without a subcommand, runs a node."
			.into()
	}

	fn author() -> String {
		"the Hanse developers".into()
	}

	fn support_url() -> String {
		"the issue tracker of the Hanse repository".into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
		Ok(Box::new(chain_spec::load(id)?))
	}
}

/// Reads the command line and does what it says.
pub fn run() -> sc_cli::Result<ExitCode> {
	let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
	let Some(subcommand) = &cli.subcommand else { return run_node(&cli).map(|()| ExitCode::SUCCESS) };
	match subcommand {
		Subcommand::Doctor(cmd) => return cmd.run(),
		Subcommand::Key(cmd) => cmd.run(&cli),
		Subcommand::BuildSpec(cmd) => build_spec(&cli, cmd),
		Subcommand::ExportChainSpec(cmd) => cmd.run(cli.load_spec(&cmd.chain)?),
		Subcommand::CheckBlock(cmd) => cli.create_runner(cmd)?.async_run(|config| {
			let (parts, import_queue, _) = service::new_partial(&config, Default::default(), None)?;
			Ok((cmd.run(parts.client, import_queue), parts.task_manager))
		}),
		Subcommand::ExportBlocks(cmd) => cli.create_runner(cmd)?.async_run(|config| {
			let (parts, ..) = service::new_partial(&config, Default::default(), None)?;
			Ok((cmd.run(parts.client, config.database), parts.task_manager))
		}),
		Subcommand::ExportState(cmd) => cli.create_runner(cmd)?.async_run(|config| {
			let (parts, ..) = service::new_partial(&config, Default::default(), None)?;
			Ok((cmd.run(parts.client, config.chain_spec), parts.task_manager))
		}),
		Subcommand::ImportBlocks(cmd) => cli.create_runner(cmd)?.async_run(|config| {
			let (parts, import_queue, _) = service::new_partial(&config, Default::default(), None)?;
			Ok((cmd.run(parts.client, import_queue), parts.task_manager))
		}),
		Subcommand::PurgeChain(cmd) => cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database)),
		Subcommand::Revert(cmd) => cli.create_runner(cmd)?.async_run(|config| {
			let (parts, ..) = service::new_partial(&config, Default::default(), None)?;
			let reverted = cmd.run(parts.client, parts.backend, Some(Box::new(revert_grandpa)));
			Ok((reverted, parts.task_manager))
		}),
		Subcommand::ChainInfo(cmd) => cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config)),
	}
	.map(|()| ExitCode::SUCCESS)
}

fn run_node(cli: &Cli) -> sc_cli::Result<()> {
	let runner = cli.create_runner(&cli.run)?;
	founders::check_genesis(&*runner.config().chain_spec)?;
	let options = service::Options {
		storage_monitor: cli.storage_monitor.clone(),
		pool: pool_options(&cli.run),
		gossip_duration: Duration::from_millis(cli.grandpa_gossip_ms),
		wasm_cache: cli.wasm_cache.as_deref().map(std::path::absolute).transpose()?,
	};
	runner.run_node_until_exit(|config| async move {
		let node = match config.network.network_backend {
			NetworkBackendType::Litep2p => service::new_full::<Litep2pNetworkBackend>(config, options),
			NetworkBackendType::Libp2p => service::new_full::<NetworkWorker<Block, Hash>>(config, options),
		};
		node.map_err(sc_cli::Error::Service)
	})
}

/// The pool as the command line wants it. The SDK reads the same flags, but keeps what it read to itself.
///
/// The SDK's pool bans what a block had in it, so that it is not asked about again, with what was invalid, for half an
/// hour; but no more than 4,096 transactions. After three full blocks it forgets some that it has just banned, and asks
/// about them: four of five. Those of one block it has room for, so here a ban ends with the block.
fn pool_options(run: &RunCmd) -> pool::Options {
	let flags = &run.pool_config;
	let limit = |share| PoolLimit {
		count: flags.pool_limit / share,
		total_bytes: flags.pool_kbytes.saturating_mul(1024) / share,
	};
	let ban_time = Duration::from_secs(flags.tx_ban_seconds.unwrap_or(0));
	pool::Options { ready: limit(1), future: limit(10), ban_time, ..Default::default() }
}

/// GRANDPA keeps pending changes of authorities outside the state: they have to go with their blocks.
fn revert_grandpa(client: Arc<Client>, _: Arc<Backend>, blocks: NumberFor<Block>) -> sc_cli::Result<()> {
	sc_consensus_grandpa::revert::<Block, Client>(client, blocks)?;
	Ok(())
}

fn build_spec(cli: &Cli, cmd: &BuildSpec) -> sc_cli::Result<()> {
	let Some(file) = &cmd.founders else {
		return cli.create_runner(&cmd.base)?.sync_run(|config| {
			let mut spec = config.chain_spec;
			cmd.bootnodes.iter().for_each(|address| spec.add_boot_node(address.clone()));
			cmd.base.run(spec, config.network)
		});
	};
	let mut spec = chain_spec::live(&cmd.name, &cmd.id, founders::read(file)?)?;
	// The runtime has the last word on a genesis: better now than when the founders start their nodes.
	founders::check_genesis(&spec)?;
	// No bootnode but those that were named: the SDK would add the node that writes the specification, under
	// an address that only that node can reach.
	cmd.bootnodes.iter().for_each(|address| spec.add_boot_node(address.clone()));
	std::io::stdout().write_all(spec.as_json(cmd.base.raw)?.as_bytes())?;
	Ok(())
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]
	use super::*;

	fn pool(line: &[&str]) -> (usize, usize, usize, Duration) {
		let cli = Cli::read(["hanse"].iter().chain(line)).unwrap();
		let options = pool_options(&cli.run);
		(options.ready.count, options.ready.total_bytes, options.future.count, options.ban_time)
	}

	#[test]
	fn the_pool_is_as_large_and_as_strict_as_the_command_line_says() {
		let megabytes = 20 * 1024 * 1024;
		assert_eq!(pool(&[]), (8192, megabytes, 819, Duration::ZERO));
		assert_eq!(pool(&["--dev"]), (8192, megabytes, 819, Duration::ZERO));
		let asked = ["--dev", "--pool-limit", "50", "--pool-kbytes", "7", "--tx-ban-seconds", "9"];
		assert_eq!(pool(&asked), (50, 7 * 1024, 5, Duration::from_secs(9)));
	}
}
