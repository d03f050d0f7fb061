//! Every benchmark runs, and every weight has one.
#![allow(clippy::unwrap_used)]

use crate::{
	bench::{Bench, Number, ONE},
	few::FEW,
	weights::quietest,
};
use frame_benchmarking::BenchmarkResult;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_benchmark_runs_with_its_smallest_and_with_its_largest_components() {
	// Where only the native part is built, there is nothing to run.
	let Some(bench) = Bench::new() else {
		assert!(std::env::var("SKIP_WASM_BUILD").is_ok());
		return;
	};
	let state = bench.state();
	let (mut ran, mut failed) = (BTreeMap::<String, u32>::new(), Vec::new());
	for benchmark in bench.benchmarks() {
		let mut sizes = vec![benchmark.smallest(), benchmark.largest()];
		sizes.dedup();
		for components in sizes {
			let begun = std::time::Instant::now();
			match bench.run(&state, &benchmark, &components, 1) {
				Ok(results) => {
					assert!(results.iter().all(|result| result.extrinsic_time > 0));
					*ran.entry(benchmark.pallet.clone()).or_default() += 1;
				},
				Err(error) => {
					failed.push(format!("{} {} {components:?}: {error}", benchmark.pallet, benchmark.name))
				},
			}
			if begun.elapsed().as_millis() > 500 {
				println!("{} {} {components:?}: {:?}", benchmark.pallet, benchmark.name, begun.elapsed());
			}
		}
	}
	println!("ran: {ran:?}");
	assert_eq!(failed, Vec::<String>::new());
	assert!(ran.len() >= 9 && ran.values().sum::<u32>() >= 100, "{ran:?}");
}

/// The functions that a pallet's `WeightInfo` asks for: those without a body.
fn asked(pallet: &str) -> Vec<String> {
	let path = format!("{}/../../pallets/{pallet}/src/weights.rs", env!("CARGO_MANIFEST_DIR"));
	let Ok(source) = std::fs::read_to_string(path) else { return Vec::new() };
	let of = source.lines().skip_while(|line| !line.starts_with("pub trait WeightInfo"));
	of.take_while(|line| *line != "}")
		.filter_map(|line| line.trim().strip_prefix("fn ")?.strip_suffix(';'))
		.filter_map(|function| Some(function.split_once('(')?.0.to_string()))
		.collect()
}

#[test]
fn every_weight_has_a_benchmark() {
	let Some(bench) = Bench::new() else { return };
	let known: BTreeSet<_> = bench.benchmarks().into_iter().map(|it| (it.pallet, it.name)).collect();
	let pallets = format!("{}/../../pallets", env!("CARGO_MANIFEST_DIR"));
	let mut found = 0;
	for entry in std::fs::read_dir(pallets).unwrap() {
		let pallet = entry.unwrap().file_name().into_string().unwrap();
		for name in asked(&pallet) {
			let named = (format!("pallet_{pallet}"), name);
			assert!(known.contains(&named), "{named:?} is not measured");
			found += 1;
		}
	}
	println!("{found} weights are measured");
	assert!(found > 80, "{found}");
}

/// The first number behind this.
fn nanoseconds(written: &str, behind: &str) -> u64 {
	let from = written.split_once(behind).unwrap().1;
	let digits = from.chars().take_while(|it| it.is_ascii_digit() || *it == '_').filter(char::is_ascii_digit);
	digits.collect::<String>().parse().unwrap()
}

#[test]
fn every_value_of_which_there_is_one_is_paid_for_by_the_block() {
	let Some(bench) = Bench::new() else { return };
	let items = bench.items();
	let values = items.values().filter(|item| item.number == Number::One).count();
	let path = format!("{}/../../runtime/src/weights/database.rs", env!("CARGO_MANIFEST_DIR"));
	let written = std::fs::read_to_string(path).unwrap();
	assert!(written.contains(&format!("The {values} values ")), "there are {values}: scripts/bench weights");
	let many = written.split_once("Many:").unwrap().1;
	let (each, all) =
		(nanoseconds(many, "read: ") + nanoseconds(many, "write: "), nanoseconds(many, "from_parts("));
	// What is read and what is written is rounded up by itself.
	let most = values as u64 * each;
	assert!(
		most - 2 * values as u64 <= all && all <= most,
		"{values} values of {each} ns each are not {all} ns"
	);
	let names: BTreeSet<_> = items.values().map(|item| &item.name[..]).collect();
	for name in ONE.iter().chain(&FEW) {
		assert!(names.contains(name), "there is no {name}");
	}
}

#[test]
fn every_point_counts_by_the_pass_that_was_disturbed_least() {
	let took = |times: &[u128]| {
		let result = |time: &u128| BenchmarkResult { extrinsic_time: *time, ..Default::default() };
		times.iter().map(result).collect::<Vec<_>>()
	};
	let passes = [
		vec![took(&[10, 11, 90]), took(&[50, 51, 52])],
		vec![took(&[1, 30, 31]), took(&[20, 21, 99])],
		vec![took(&[12, 13, 14]), took(&[60, 60, 60])],
	];
	let times: Vec<Vec<_>> =
		quietest(passes).iter().map(|point| point.iter().map(|it| it.extrinsic_time).collect()).collect();
	assert_eq!(times, [[10, 11, 90], [20, 21, 99]]);
	assert!(quietest([]).is_empty());
}
