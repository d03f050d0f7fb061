//! All figures in one run: what is compared is measured in turn, so that whatever the machine does beside meets all.

use crate::{
	Result, chain,
	chain::Timing,
	cli,
	load::{Kind, Shape},
	measure::Measured,
	network::{Population, Programs},
	postgres,
	report::{self, Figures, Sample},
	sr25519,
};
use std::{
	collections::BTreeMap,
	path::{Path, PathBuf},
	time::Duration,
};

#[derive(Debug, clap::Args)]
pub struct Options {
	/// Where figures.json, table.md and plots are written.
	#[arg(long, value_name = "FOLDER", default_value = "figures")]
	into: PathBuf,

	/// How often each is measured.
	#[arg(long, default_value_t = 5)]
	repetitions: u32,

	/// Everything once, and shortly: to see that it works.
	#[arg(long)]
	quick: bool,

	/// Measure only those whose name begins with one of these.
	#[arg(long, value_delimiter = ',', value_name = "NAMES")]
	only: Vec<String>,

	/// Seconds of each measurement on a chain.
	#[arg(long, default_value_t = 30)]
	seconds: u64,

	/// Customers of each chain; a multiple of four.
	#[arg(long, default_value_t = 50_000)]
	customers: u32,
}

/// One thing that is measured.
#[derive(Clone, Copy, PartialEq)]
enum Contender {
	Ours { name: &'static str, kind: Kind, authorities: u32, rounds: u32, hot: bool, senders: Option<u32> },
	Stock { name: &'static str, runtime: &'static str },
	Postgres { name: &'static str, hot: bool },
	Signatures,
}

const CONTENDERS: [Contender; 10] = [
	Contender::Ours {
		name: report::PAY,
		kind: Kind::Pay,
		authorities: 1,
		rounds: 1,
		hot: false,
		senders: None,
	},
	Contender::Stock { name: report::STOCK, runtime: "stock" },
	Contender::Stock { name: report::TUNED, runtime: "tuned" },
	Contender::Ours {
		name: report::CHAINS,
		kind: Kind::Pay,
		authorities: 1,
		rounds: 50,
		hot: false,
		senders: Some(2_000),
	},
	Contender::Ours {
		name: report::HOT,
		kind: Kind::Pay,
		authorities: 1,
		rounds: 1,
		hot: true,
		senders: None,
	},
	Contender::Ours {
		name: report::SLIPS,
		kind: Kind::Slips,
		authorities: 1,
		rounds: 8,
		hot: false,
		senders: None,
	},
	Contender::Ours {
		name: report::AWARDS,
		kind: Kind::Awards,
		authorities: 1,
		rounds: 20,
		hot: false,
		senders: None,
	},
	Contender::Ours {
		name: report::FOUR,
		kind: Kind::Pay,
		authorities: 4,
		rounds: 1,
		hot: false,
		senders: None,
	},
	Contender::Postgres { name: report::POSTGRES, hot: false },
	Contender::Postgres { name: report::POSTGRES_HOT, hot: true },
];

impl Contender {
	fn name(&self) -> &'static str {
		match self {
			Self::Ours { name, .. } | Self::Stock { name, .. } | Self::Postgres { name, .. } => name,
			Self::Signatures => report::SIGNATURES,
		}
	}
}

struct Bench<'a> {
	programs: &'a Programs,
	folder: &'a Path,
	timing: Timing,
	customers: u32,
	/// Specifications that were written, by the number of authorities.
	specifications: BTreeMap<u32, PathBuf>,
}

pub async fn run(programs: &Programs, options: &Options) -> Result<()> {
	let (folder, into) = (tempfile::tempdir()?, cli::folder(&options.into)?);
	let (repetitions, seconds, warm_up, customers) = match options.quick {
		true => (1, 8, 2, options.customers.min(12_000)),
		false => (options.repetitions, options.seconds, 5, options.customers),
	};
	let timing = Timing { seconds, warm_up, rate: None, flood: false };
	let specifications = BTreeMap::new();
	let mut bench = Bench { programs, folder: folder.path(), timing, customers, specifications };
	let all = CONTENDERS.into_iter().chain([Contender::Signatures]);
	let chosen: Vec<Contender> = all.filter(|one| is_chosen(one.name(), &options.only)).collect();
	let mut figures = Figures::new(options.quick);
	for round in 0..repetitions as usize {
		// Each begins a round once, so that none always comes after the same other.
		for place in 0..chosen.len() {
			let contender = chosen[(place + round) % chosen.len()];
			let sample = bench.sample(contender).await?;
			println!("{}/{repetitions} {}: {:.0} a second", round + 1, contender.name(), sample.per_second);
			figures.add(contender.name(), sample);
			// So that what was measured is there if what comes fails.
			figures.write(into)?;
		}
	}
	half_load(&mut bench, &mut figures, options).await?;
	figures.write(into)?;
	println!("\n{}", figures.table());
	println!("\nTable, plots and all figures are in {}.", into.display());
	Ok(())
}

fn is_chosen(name: &str, only: &[String]) -> bool {
	only.is_empty() || only.iter().any(|begin| name.starts_with(begin.as_str()))
}

/// How soon payments are final on four authorities at half of what they carry.
async fn half_load(bench: &mut Bench<'_>, figures: &mut Figures, options: &Options) -> Result<()> {
	if !is_chosen(report::HALF, &options.only) {
		return Ok(());
	}
	let Some(four) = figures.median(report::FOUR) else { return Ok(()) };
	let timing = Timing { rate: Some(four / 2.0), ..bench.timing.clone() };
	let whole = std::mem::replace(&mut bench.timing, timing);
	let half = Contender::Ours {
		name: report::HALF,
		kind: Kind::Pay,
		authorities: 4,
		rounds: 1,
		hot: false,
		senders: None,
	};
	let sample = bench.sample(half).await;
	bench.timing = whole;
	figures.add(report::HALF, sample?);
	Ok(())
}

impl Bench<'_> {
	async fn sample(&mut self, contender: Contender) -> Result<Sample> {
		Ok(match contender {
			Contender::Ours { kind, authorities, rounds, hot, senders, .. } => {
				let shape = Shape { senders, rounds, legs: 1, hot, slips: 64, awards: 500 };
				Sample::of_chain(self.ours(kind, authorities, &shape).await?)
			},
			Contender::Stock { runtime, .. } => {
				// Five blocks of six seconds at least.
				let seconds =
					if runtime == "stock" { self.timing.seconds.max(36) } else { self.timing.seconds };
				let timing = Timing { seconds, ..self.timing.clone() };
				Sample::of_chain(
					chain::stock(self.programs, runtime, self.folder, self.customers, 2, &timing).await?,
				)
			},
			Contender::Postgres { hot, .. } => {
				let options = postgres::Options {
					clients: 16,
					accounts: self.customers.into(),
					hot,
					folder: PathBuf::from("/var/tmp"),
				};
				Sample::of_postgres(&postgres::pay(&options, Duration::from_secs(self.timing.seconds)).await?)
			},
			Contender::Signatures => Sample::plain(sr25519::verified(2, Duration::from_secs(2))?),
		})
	}

	async fn ours(&mut self, kind: Kind, authorities: u32, shape: &Shape) -> Result<Measured> {
		let population = Population { customers: self.customers, members: 4, holdings: 1, authorities };
		let specification = match self.specifications.get(&authorities) {
			Some(path) => path.clone(),
			None => population.specification(self.programs, self.folder)?,
		};
		self.specifications.insert(authorities, specification.clone());
		let plan = chain::plan(&self.timing, kind, shape);
		chain::ours(self.programs, &specification, &population, shape, plan).await
	}
}
