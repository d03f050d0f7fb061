//! Measuring, and writing down what was measured.

use crate::bench::{Bench, Benchmark, Components};
use frame_benchmarking::{Analysis, BenchmarkResult, BenchmarkSelector};
use std::fmt::Write;

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Effort {
	/// Values of each component.
	pub steps: u32,
	/// How often each.
	pub repeats: u32,
}

/// What one function weighs: a base, and so much for each unit of a component.
pub struct Measured {
	/// The benchmark.
	pub benchmark: Benchmark,
	time: Analysis,
	reads: Analysis,
	writes: Analysis,
}

/// Each component at `steps` values from its least to its largest, while the others are at their largest.
fn points(benchmark: &Benchmark, steps: u32) -> Vec<Components> {
	if benchmark.components.is_empty() {
		return vec![Vec::new()];
	}
	let mut points = Vec::new();
	for (place, (name, least, most)) in benchmark.components.iter().enumerate() {
		let steps = steps.min(most - least + 1).max(2);
		for step in 0..steps {
			let mut point = benchmark.largest();
			point[place] = (*name, least + (most - least) * step / (steps - 1));
			points.push(point);
		}
	}
	points
}

/// Measures one benchmark.
pub fn measure(bench: &Bench, benchmark: &Benchmark, effort: Effort) -> Result<Measured, String> {
	let (timed, counted) = (bench.state(false), bench.state(true));
	let (mut times, mut counts) = (Vec::<BenchmarkResult>::new(), Vec::new());
	for point in points(benchmark, effort.steps) {
		times.extend(bench.run(&timed, benchmark, &point, effort.repeats)?);
		counts.extend(bench.run(&counted, benchmark, &point, 1)?);
	}
	let analyse = |results: &Vec<BenchmarkResult>, selector| {
		Analysis::min_squares_iqr(results, selector).map_err(|error| error.to_string())
	};
	Ok(Measured {
		benchmark: benchmark.clone(),
		time: analyse(&times, BenchmarkSelector::ExtrinsicTime)?,
		reads: analyse(&counts, BenchmarkSelector::Reads)?,
		writes: analyse(&counts, BenchmarkSelector::Writes)?,
	})
}

/// A number with its thousands apart.
fn grouped(number: u128) -> String {
	let digits = number.to_string();
	let mut text = String::new();
	for (place, digit) in digits.chars().enumerate() {
		if place > 0 && (digits.len() - place).is_multiple_of(3) {
			text.push('_');
		}
		text.push(digit);
	}
	text
}

impl Measured {
	/// Its function of `WeightInfo`, with each number once.
	fn function(&self) -> String {
		let Self { benchmark, time, reads, writes } = self;
		let names: Vec<_> = benchmark.components.iter().map(|(name, ..)| name.to_string()).collect();
		let arguments: Vec<_> = names.iter().map(|name| format!("{name}: u32")).collect();
		let mut text = format!("\tfn {}({}) -> Weight {{\n", benchmark.name, arguments.join(", "));
		let piece = |time: u128, reads: u128, writes: u128| {
			format!("weight({}, {reads}, {writes})", grouped(time.div_ceil(1_000)))
		};
		text += "\t\t";
		text += &piece(time.base, reads.base, writes.base);
		let slopes = time.slopes.iter().zip(&reads.slopes).zip(&writes.slopes);
		for (name, ((time, reads), writes)) in names.iter().zip(slopes) {
			let each = piece(*time, *reads, *writes);
			let _ = write!(text, "\n\t\t\t.saturating_add({each}.saturating_mul({name}.into()))");
		}
		text + "\n\t}\n"
	}

	/// What it takes at most, in milliseconds of time alone, and reads and writes.
	pub fn summary(&self) -> String {
		let most = |it: &Analysis| {
			let of = |(slope, (_, _, most)): (&u128, &(_, _, u32))| slope * u128::from(*most);
			it.base + it.slopes.iter().zip(&self.benchmark.components).map(of).sum::<u128>()
		};
		format!(
			"{:>9.1} µs {:>5} reads {:>5} writes",
			most(&self.time) as f64 / 1e6,
			most(&self.reads),
			most(&self.writes)
		)
	}
}

/// The file of the database, whose costs are given in nanoseconds for an item.
pub fn database_file(read: u64, write: u64, made: &str) -> String {
	let [read, write] = [read, write].map(|it| grouped(it.into()));
	format!(
		"//! What the database takes, as measured: written by `scripts/bench weights`, not by hand.\n//!\n//! {made}\n\n\
		 use super::NANOSECOND;\nuse frame_support::{{parameter_types, weights::RuntimeDbWeight}};\n\n\
		 parameter_types! {{\n\t/// Reading and writing an item.\n\
		 \tpub const Database: RuntimeDbWeight =\n\
		 \t\tRuntimeDbWeight {{ read: {read} * NANOSECOND, write: {write} * NANOSECOND }};\n}}\n"
	)
}

/// The trait that asks for the weights of a pallet.
fn trait_of(pallet: &str) -> String {
	match pallet {
		// The pallet whose extension it stands in for.
		"pallet_sponsorship" => "pallet_transaction_payment::WeightInfo".into(),
		"pallet_collective" => "crate::configs::motions::MotionCosts".into(),
		_ => format!("{pallet}::WeightInfo"),
	}
}

/// The file of one pallet.
pub fn file(pallet: &str, measured: &[Measured], made: &str) -> String {
	let mut text = format!(
		"//! What `{}` weighs, as measured: written by `scripts/bench weights`, not by hand.\n//!\n//! {made}\n\n\
		 use super::{{weight, Measured}};\nuse frame_support::weights::Weight;\n\n\
		 impl {} for Measured {{\n",
		pallet.replace('_', "-"),
		trait_of(pallet)
	);
	let functions: Vec<_> = measured.iter().map(Measured::function).collect();
	text += &functions.join("\n");
	text + "}\n"
}
