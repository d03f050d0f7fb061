//! Measuring what a call or a hook takes.

use crate::bench::{Bench, Benchmark, Components};
use frame_benchmarking::{Analysis, BenchmarkResult, BenchmarkSelector};

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

impl Measured {
	/// What it takes at most, in microseconds of time alone, and reads and writes.
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
