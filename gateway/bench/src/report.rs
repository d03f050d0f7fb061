//! Figures as a file, as a table and as plots.

use crate::{Result, measure::Measured, postgres::Paid, stats::Spread};
use plotters::prelude::*;
use serde::{Deserialize, Serialize};
use std::{
	fmt::Write,
	fs,
	path::{Path, PathBuf},
};

pub const PAY: &str = "payments";
pub const CHAINS: &str = "payments, 50 of each customer";
pub const HOT: &str = "payments, 90 % to one merchant";
pub const FOUR: &str = "payments, four authorities";
pub const HALF: &str = "payments, four authorities at half load";
pub const SLIPS: &str = "slips";
pub const AWARDS: &str = "awards";
pub const STOCK: &str = "stock transfers (B0)";
pub const TUNED: &str = "tuned stock transfers (B1)";
pub const POSTGRES: &str = "PostgreSQL";
pub const POSTGRES_HOT: &str = "PostgreSQL, 90 % to one merchant";
pub const SIGNATURES: &str = "sr25519 on two threads";

/// What is divided by what.
const RATIOS: [(&str, &str); 10] = [
	(PAY, STOCK),
	(PAY, TUNED),
	(SLIPS, PAY),
	(AWARDS, TUNED),
	(PAY, POSTGRES),
	(HOT, POSTGRES_HOT),
	(FOUR, PAY),
	(CHAINS, PAY),
	(HOT, PAY),
	(SIGNATURES, PAY),
];

#[derive(Debug, clap::Args)]
pub struct Options {
	/// What `throughput` wrote.
	#[arg(value_name = "FILE")]
	file: PathBuf,

	/// Write table and plots into this folder again.
	#[arg(long, value_name = "FOLDER")]
	into: Option<PathBuf>,
}

/// One measurement of one thing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sample {
	pub per_second: f64,
	/// Milliseconds of processors for each, all in.
	pub cpu_ms: Option<f64>,
	pub chain: Option<Measured>,
}

impl Sample {
	pub fn plain(per_second: f64) -> Self {
		Self { per_second, cpu_ms: None, chain: None }
	}

	pub fn of_chain(measured: Measured) -> Self {
		let cpu_ms = Some(measured.node_ms + measured.bench_ms);
		Self { per_second: measured.per_second, cpu_ms, chain: Some(measured) }
	}

	pub fn of_postgres(paid: &Paid) -> Self {
		Self { per_second: paid.per_second, cpu_ms: Some(paid.database_ms + paid.bench_ms), chain: None }
	}
}

/// What was measured of each thing, in the order in which it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Series {
	pub name: String,
	pub samples: Vec<Sample>,
}

/// Everything.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figures {
	/// Once and shortly: not to be quoted.
	pub quick: bool,
	/// Of this machine.
	pub processors: usize,
	pub load_before: String,
	pub series: Vec<Series>,
}

impl Figures {
	pub fn new(quick: bool) -> Self {
		let processors = std::thread::available_parallelism().map_or(0, usize::from);
		let load_before = fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned();
		Self { quick, processors, load_before, series: Vec::new() }
	}

	pub fn add(&mut self, name: &str, sample: Sample) {
		match self.series.iter_mut().find(|series| series.name == name) {
			Some(series) => series.samples.push(sample),
			None => self.series.push(Series { name: name.to_owned(), samples: vec![sample] }),
		}
	}

	fn samples(&self, name: &str) -> &[Sample] {
		self.series.iter().find(|series| series.name == name).map_or(&[], |series| &series.samples)
	}

	pub fn median(&self, name: &str) -> Option<f64> {
		Some(Spread::of(self.samples(name).iter().map(|sample| sample.per_second))?.median)
	}

	/// Round by round, since what was measured in one round met the same machine.
	fn ratio(&self, of: &str, to: &str) -> Option<Spread> {
		let pairs = self.samples(of).iter().zip(self.samples(to));
		Spread::of(pairs.map(|(of, to)| of.per_second / to.per_second))
	}

	pub fn table(&self) -> String {
		let mut text = String::new();
		let _ = writeln!(
			text,
			"| | a second, median (least–most) | CPU for each, ms | declared ÷ taken | slots without a block | in a block | final |"
		);
		let _ = writeln!(text, "|---|---|---|---|---|---|---|");
		for Series { name, samples } in &self.series {
			let Some(rate) = Spread::of(samples.iter().map(|sample| sample.per_second)) else { continue };
			let cpu = Spread::of(samples.iter().filter_map(|sample| sample.cpu_ms));
			let cpu = cpu.map_or(String::new(), |cpu| format!("{:.3}", cpu.median));
			let chains: Vec<&Measured> = samples.iter().filter_map(|sample| sample.chain.as_ref()).collect();
			let middle = |of: fn(&Measured) -> f64| {
				Spread::of(chains.iter().map(|chain| of(chain))).map(|all| all.median)
			};
			let times = |p50: Option<f64>, p99: Option<f64>| match (p50, p99) {
				(Some(p50), Some(p99)) => format!("p50 {p50:.2} s, p99 {p99:.2} s"),
				_ => String::new(),
			};
			let missed = match chains.as_slice() {
				[] => String::new(),
				chains => {
					let sum = |of: fn(&Measured) -> u64| chains.iter().map(|chain| of(chain)).sum::<u64>();
					format!("{} of {}", sum(|one| one.missed), sum(|one| one.missed + one.blocks))
				},
			};
			let declared = Spread::of(chains.iter().filter_map(|chain| chain.declared));
			let declared = declared.map_or(String::new(), |ratio| format!("{:.2}", ratio.median));
			let in_block = times(middle(|one| one.in_block.p50), middle(|one| one.in_block.p99));
			let to_final = times(middle(|one| one.to_final.p50), middle(|one| one.to_final.p99));
			let _ = writeln!(
				text,
				"| {name} | {rate} | {cpu} | {declared} | {missed} | {in_block} | {to_final} |"
			);
		}
		let _ = writeln!(text, "\n| ratio | median of rounds (least–most) |\n|---|---|");
		for (of, to) in RATIOS {
			if let Some(ratio) = self.ratio(of, to) {
				let _ = writeln!(text, "| {of} ÷ {to} | {ratio} |");
			}
		}
		let count = self.series.iter().map(|series| series.samples.len()).max().unwrap_or_default();
		let kind = if self.quick { "shortly, not to be quoted" } else { "in turn" };
		let _ = write!(
			text,
			"\n{} processors; each measured {count} times, {kind}; load before: {}.",
			self.processors, self.load_before
		);
		text
	}

	pub fn write(&self, folder: &Path) -> Result<()> {
		fs::write(folder.join("figures.json"), serde_json::to_string_pretty(self)?)?;
		fs::write(folder.join("table.md"), self.table() + "\n")?;
		self.plot(&folder.join("throughput.svg"))
	}

	/// A bar for each, to its median, with a line from the least to the most.
	fn plot(&self, path: &Path) -> Result<()> {
		let bars: Vec<(&str, Spread)> = self
			.series
			.iter()
			.filter(|series| ![SIGNATURES, HALF].contains(&series.name.as_str()))
			.filter_map(|series| {
				Some((series.name.as_str(), Spread::of(series.samples.iter().map(|one| one.per_second))?))
			})
			.collect();
		let most = bars.iter().map(|(_, spread)| spread.most).fold(1.0, f64::max);
		let height = 60 + 36 * bars.len() as u32;
		let area = SVGBackend::new(path, (900, height)).into_drawing_area();
		area.fill(&WHITE)?;
		let mut chart = ChartBuilder::on(&area)
			.caption("A second, in final blocks", ("sans-serif", 18))
			.margin(10)
			.x_label_area_size(24)
			.y_label_area_size(0)
			.build_cartesian_2d(0.0..most * 1.5, 0.0..bars.len() as f64)?;
		chart.configure_mesh().disable_y_mesh().disable_y_axis().light_line_style(TRANSPARENT).draw()?;
		for (place, (name, spread)) in bars.iter().enumerate() {
			let low = (bars.len() - 1 - place) as f64;
			let bar = [(0.0, low + 0.15), (spread.median, low + 0.85)];
			chart.draw_series([Rectangle::new(bar, BLUE.mix(0.35).filled())])?;
			let line = vec![(spread.least, low + 0.5), (spread.most, low + 0.5)];
			chart.draw_series([PathElement::new(line, BLACK)])?;
			let label = format!("{name}: {spread}");
			chart.draw_series([Text::new(
				label,
				(spread.most + most * 0.01, low + 0.65),
				("sans-serif", 14),
			)])?;
		}
		area.present()?;
		Ok(())
	}
}

/// Shows what was written before.
pub fn show(options: &Options) -> Result<()> {
	let text =
		fs::read_to_string(&options.file).map_err(|error| format!("{}: {error}", options.file.display()))?;
	let figures: Figures = serde_json::from_str(&text)?;
	println!("{}", figures.table());
	match &options.into {
		Some(folder) => figures.write(crate::cli::folder(folder)?),
		None => Ok(()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn ratios_are_of_what_was_measured_in_the_same_round() {
		let mut figures = Figures::new(true);
		for (ours, stock) in [(600.0, 100.0), (900.0, 100.0), (800.0, 200.0)] {
			figures.add(PAY, Sample::plain(ours));
			figures.add(STOCK, Sample::plain(stock));
		}
		assert_eq!(
			figures.ratio(PAY, STOCK).map(|ratio| (ratio.median, ratio.least, ratio.most)),
			Some((6.0, 4.0, 9.0))
		);
		assert!(
			figures.table().contains(&format!("| {PAY} ÷ {STOCK} | 6.00 (4.00–9.00) |")),
			"{}",
			figures.table()
		);
	}

	#[test]
	fn plots_are_drawn() -> Result<()> {
		let mut figures = Figures::new(true);
		figures.add(PAY, Sample::plain(10.0));
		let folder = tempfile::tempdir()?;
		figures.write(folder.path())?;
		let svg = fs::read_to_string(folder.path().join("throughput.svg"))?;
		assert!(svg.contains("payments: 10.00"), "{svg}");
		Ok(())
	}
}
