//! The command line.

mod access;
mod chain;
mod compare;
mod export;
mod init;
mod keyfile;
mod keys;
mod openapi;
mod opening;
mod reconcile;
mod run;

use crate::config::{Config, Overrides};
use clap::{Args, Parser, Subcommand};
use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};

/// An institution's way into Hanse: HTTP in, signed transactions out, each thing once.
#[derive(Debug, Parser)]
#[command(
	name = "hanse-gateway",
	version,
	after_help = "Exit codes: 0 fine, 1 something failed, 2 wrong usage or configuration, 3 the books differ."
)]
struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
	Run(run::Run),
	Init(init::Init),
	Keys(keys::KeysCommand),
	Access(access::Access),
	Reconcile(reconcile::Reconcile),
	Export(export::Export),
	Openapi(openapi::Openapi),
	Compare(compare::Compare),
	Opening(opening::Opening),
}

/// Where the gateway finds what it needs.
#[derive(Args, Clone, Debug)]
struct Settings {
	/// The configuration, a TOML file
	#[arg(long, env = "HANSE_GATEWAY_CONFIG", default_value = "gateway.toml")]
	config: PathBuf,
	/// The node's JSON-RPC, instead of the file's
	#[arg(long, env = "HANSE_GATEWAY_NODE", value_name = "URL")]
	node: Option<String>,
	/// sqlite://FILE or postgres://USER@HOST/NAME, instead of the file's; DATABASE_URL is heard too
	#[arg(long, env = "HANSE_GATEWAY_DATABASE", value_name = "URL", hide_env_values = true)]
	database: Option<String>,
}

impl Settings {
	fn load(&self, listen: Option<SocketAddr>, private_webhooks: Option<bool>) -> Result<Config, Failure> {
		let overrides = Overrides {
			node: self.node.clone(),
			database: self.database.clone().or_else(|| std::env::var("DATABASE_URL").ok()),
			listen,
			private_addresses: private_webhooks,
		};
		Config::load(&self.config, overrides).map_err(|error| Failure::Usage(error.to_string()))
	}
}

/// Why a command did not do what it should.
#[derive(Debug)]
enum Failure {
	/// Wrong usage or configuration.
	Usage(String),
	/// Something did not work.
	Failed(String),
	/// Two books say different things; they were printed.
	Differs,
}

impl<E: std::error::Error> From<E> for Failure {
	fn from(error: E) -> Self {
		Self::Failed(error.to_string())
	}
}

/// A line on standard output. Whoever reads it may have seen enough.
fn say(line: impl std::fmt::Display) -> Result<(), Failure> {
	match writeln!(std::io::stdout(), "{line}") {
		Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
		_ => Ok(()),
	}
}

/// Does what the command line says.
pub fn main() -> ExitCode {
	let cli = Cli::parse();
	let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
		Ok(runtime) => runtime,
		Err(error) => return answer(Err(error.into())),
	};
	answer(runtime.block_on(async {
		match cli.command {
			Command::Run(command) => command.execute().await,
			Command::Init(command) => command.execute().await,
			Command::Keys(command) => command.execute().await,
			Command::Access(command) => command.execute().await,
			Command::Reconcile(command) => command.execute().await,
			Command::Export(command) => command.execute().await,
			Command::Openapi(command) => command.execute(),
			Command::Compare(command) => command.execute().await,
			Command::Opening(command) => command.execute().await,
		}
	}))
}

fn answer(result: Result<(), Failure>) -> ExitCode {
	match result {
		Ok(()) => ExitCode::SUCCESS,
		Err(Failure::Failed(sentence)) => {
			eprintln!("hanse-gateway: {sentence}");
			ExitCode::from(1)
		},
		Err(Failure::Usage(sentences)) => {
			for sentence in sentences.lines() {
				eprintln!("hanse-gateway: {sentence}");
			}
			ExitCode::from(2)
		},
		Err(Failure::Differs) => ExitCode::from(3),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	#[test]
	fn the_command_line_is_sound_and_every_command_has_an_example() {
		Cli::command().debug_assert();
		let cli = Cli::command();
		let opening = cli.find_subcommand("opening").unwrap();
		for command in cli.get_subcommands().chain(opening.get_subcommands()) {
			let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
			assert!(help.contains("Examples:"), "{}", command.get_name());
		}
	}
}
