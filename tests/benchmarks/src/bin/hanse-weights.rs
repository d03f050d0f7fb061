//! Says what calls and hooks take on this machine; `scripts/bench weights` calls it.

use hanse_benchmarks::{
	bench::Bench,
	weights::{measure, Effort},
};
use std::{env, process::ExitCode};

fn number(name: &str, standard: u32) -> u32 {
	env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(standard)
}

/// Arguments: the pallets; without any, all of them.
fn main() -> ExitCode {
	let wanted: Vec<_> = env::args().skip(1).collect();
	let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|it| it == name);
	let effort =
		Effort { steps: number("HANSE_BENCH_STEPS", 10), repeats: number("HANSE_BENCH_REPEATS", 10) };
	let Some(bench) = Bench::new() else {
		eprintln!("The Wasm was left out of the build: unset SKIP_WASM_BUILD and build again.");
		return ExitCode::FAILURE;
	};
	let (mut measured, mut failed) = (0, 0);
	for benchmark in bench.benchmarks().iter().filter(|it| is_wanted(&it.pallet)) {
		let name = format!("{:20} {:22}", benchmark.pallet, benchmark.name);
		match measure(&bench, benchmark, effort) {
			Ok(result) => {
				measured += 1;
				println!("{name} {}", result.summary());
			},
			Err(error) => {
				failed += 1;
				println!("{name} FAILED: {error}");
			},
		}
	}
	println!("{measured} measured, {failed} failed");
	if failed == 0 && measured > 0 {
		ExitCode::SUCCESS
	} else {
		ExitCode::FAILURE
	}
}
