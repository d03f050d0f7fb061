//! Writes the specification of a development chain that begins with members, programs and many customers with
//! points. All of them come into being as on a running chain, by the runtime's own calls, but in memory: fifty
//! thousand customers take seconds.

mod chain;
mod genesis;
mod spec;

use clap::Parser;
use std::{fs::File, io::BufWriter, path::PathBuf, process::ExitCode};

/// Write the specification of a development chain that begins with many customers.
#[derive(Debug, Parser)]
#[command(after_help = "\
Example:
  hanse build-spec --chain dev --raw > dev.json
  hanse-population --spec dev.json --customers 50000 > many.json
  hanse --chain many.json --alice --validator --tmp

The key of customer N is that of the seed blake2_256(\"customer\" ++ N as four bytes, the lowest first).
It is registered with member 1 + N % members, and holds points of the programs of that member and of those after it.
Member 1 to 4 have the keys //Alice to //Dave, the others //Member//5 and so on.")]
pub struct Options {
	/// The raw specification of `dev`, as the node writes it that will run the chain.
	#[arg(long, value_name = "FILE")]
	spec: PathBuf,

	/// How many customers there are.
	#[arg(long, default_value_t = 1_000)]
	customers: u32,

	/// How many members, each with one program.
	#[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(4..=256))]
	members: u32,

	/// How many of them have an authority, with the keys //Alice, //Bob, //Charlie, //Dave, //Eve, //Ferdie, //One.
	#[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=7))]
	authorities: u32,

	/// Of how many programs each customer holds points.
	#[arg(long, default_value_t = 1)]
	holdings: u32,

	/// How many smallest units of each; one is worth a thousandth of a settlement unit.
	#[arg(long, default_value_t = 10_000)]
	points: u128,

	/// Check every invariant of the chain afterwards; takes long for many customers.
	#[arg(long)]
	check: bool,
}

fn main() -> ExitCode {
	match run(&Options::parse()) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("hanse-population: {error}");
			ExitCode::FAILURE
		},
	}
}

fn run(options: &Options) -> Result<(), String> {
	let spec = spec::Spec::read(&options.spec)?;
	if options.holdings > options.members || options.authorities > options.members {
		return Err("more holdings or authorities than members; raise --members".into());
	}
	let storage = chain::populated(options)?;
	let output = BufWriter::new(File::create("/dev/stdout").map_err(|error| error.to_string())?);
	spec.write(&storage, output).map_err(|error| format!("the specification cannot be written: {error}"))
}
