//! The command line.

use crate::{
	Result, chain,
	chain::Timing,
	growth,
	load::{Kind, Shape},
	measure::Plan,
	network::{Population, Programs},
	postgres, report, sr25519, throughput,
};
use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, time::Duration};

/// Measure how many payments a second a chain of Hanse carries, and what else carries payments beside it.
#[derive(Debug, Parser)]
#[command(
	version,
	after_help = "\
Examples:
  Everything, interleaved, with a table and plots; scripts/bench throughput builds what it needs first:
    hanse-bench throughput --into figures

  One figure of one chain:
    hanse-bench payments --seconds 20
    hanse-bench payments slips --customers 20000
    hanse-bench payments --import
    hanse-bench payments --authorities 4 --rate 300 --seconds 60
    hanse-bench payments --members 16 --holdings 8 --legs 8
    hanse-bench transfers stock
    hanse-bench payments --flood --seconds 60 --rounds 4
    hanse-bench postgres --hot --clients 32
    hanse-bench sr25519

  How cost grows:
    hanse-bench growth --of customers,legs

  The table and the plots of figures that were written before:
    hanse-bench report figures/figures.json"
)]
pub struct Cli {
	#[command(flatten)]
	programs: Programs,

	#[command(subcommand)]
	command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
	/// Measure payments, slips or awards on a new chain, and check its books.
	Payments(Payments),
	/// Measure transfers of an asset on a new chain with a stock runtime.
	Transfers(Transfers),
	/// Measure payments in PostgreSQL.
	Postgres(Postgres),
	/// Measure how many signatures are verified.
	Sr25519(Sr25519),
	/// Measure all of it, again and again in turn, and write table and plots.
	Throughput(throughput::Options),
	/// Measure how the cost of a payment grows with what there is, and write a table and plots.
	Growth(growth::Options),
	/// Show figures that were written before.
	Report(report::Options),
}

#[derive(Debug, Args)]
struct Payments {
	#[arg(value_enum, default_value = "pay")]
	kind: Kind,
	#[command(flatten)]
	population: Population,
	#[command(flatten)]
	shape: Shape,
	#[command(flatten)]
	timing: Timing,
	/// Afterwards a new node imports the chain: what blocks take who has seen none of their transactions.
	#[arg(long)]
	import: bool,
	/// Print JSON instead of sentences.
	#[arg(long)]
	json: bool,
}

#[derive(Debug, Args)]
struct Transfers {
	/// Which runtime: `stock` as it comes, `tuned` with our weights, slots and limits.
	#[arg(default_value = "stock")]
	runtime: String,
	/// Accounts that have the asset.
	#[arg(long, default_value_t = 50_000)]
	accounts: u32,
	/// Transfers of each account, one after the other.
	#[arg(long, default_value_t = 1)]
	rounds: u32,
	#[command(flatten)]
	timing: Timing,
}

#[derive(Debug, Args)]
struct Postgres {
	#[command(flatten)]
	options: postgres::Options,
	/// For how long.
	#[arg(long, default_value_t = 20)]
	seconds: u64,
}

#[derive(Debug, Args)]
struct Sr25519 {
	#[arg(long, default_value_t = 2)]
	threads: usize,
	/// For how long.
	#[arg(long, default_value_t = 5)]
	seconds: u64,
}

impl Cli {
	pub async fn run(self) -> Result<()> {
		let programs = &self.programs;
		match self.command {
			Command::Payments(Payments { kind, population, shape, timing, import, json }) => {
				if kind == Kind::Transfers {
					return Err("transfers are measured by `hanse-bench transfers`".into());
				}
				let folder = tempfile::tempdir()?;
				let specification = population.specification(programs, folder.path())?;
				let plan = Plan { import, ..chain::plan(&timing, kind, &shape) };
				let measured = chain::ours(programs, &specification, &population, &shape, plan).await?;
				match json {
					true => println!("{}", serde_json::to_string_pretty(&measured)?),
					false => println!("{measured}"),
				}
			},
			Command::Transfers(Transfers { runtime, accounts, rounds, timing }) => {
				let folder = tempfile::tempdir()?;
				let measured =
					chain::stock(programs, &runtime, folder.path(), accounts, rounds, &timing).await?;
				println!("{measured}");
			},
			Command::Postgres(Postgres { options, seconds }) => {
				let paid = postgres::pay(&options, Duration::from_secs(seconds)).await?;
				println!(
					"{:.0} payments a second with {} clients; CPU for each: {:.3} ms in the database, {:.3} ms here",
					paid.per_second, paid.clients, paid.database_ms, paid.bench_ms
				);
			},
			Command::Sr25519(Sr25519 { threads, seconds }) => {
				let verified = sr25519::verified(threads, Duration::from_secs(seconds))?;
				println!("{verified:.0} signatures a second on {threads} threads");
			},
			Command::Throughput(options) => throughput::run(programs, &options).await?,
			Command::Growth(options) => growth::run(programs, &options).await?,
			Command::Report(options) => report::show(&options)?,
		}
		Ok(())
	}
}

/// A folder that is made if it is not there.
pub fn folder(path: &PathBuf) -> Result<&PathBuf> {
	std::fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))?;
	Ok(path)
}
