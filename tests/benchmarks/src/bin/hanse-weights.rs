//! Measures the runtime's weights and writes them down; `scripts/bench weights` calls it.

use hanse_benchmarks::{
	bench::{Bench, Number},
	database,
	weights::{database_file, file, measure, quietest, times, Effort},
};
use std::{collections::BTreeMap, env, error::Error, fs, path::Path, process::ExitCode, time::Instant};

/// What the node takes its memory from.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How often all of it is measured.
const PASSES: &str = "HANSE_BENCH_PASSES";

fn number(name: &str, standard: u32) -> u32 {
	env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(standard)
}

/// Measures the database, and writes it down.
fn write_database(folder: &Path, values: usize, made: &str) -> Result<(), Box<dyn Error>> {
	let accounts = number("HANSE_BENCH_ACCOUNTS", 1_000_000);
	let place = env::temp_dir().join(format!("hanse-weights-{}", std::process::id()));
	let costs = database::measure(&place, accounts, number(PASSES, 3));
	fs::remove_dir_all(&place)?;
	let costs = costs?;
	let all = [("few", costs.few), ("many", costs.many), ("many, with a cold cache", costs.cold)];
	for (of, database::Costs { read, write }) in all {
		println!("an item of {of}: {read:.0} ns to read, {write:.0} ns to write");
	}
	let made = format!("{made}, {accounts} accounts, ParityDB and a trie cache of 1 GiB.");
	fs::write(folder.join("database.rs"), database_file(&costs, values, &made))?;
	Ok(())
}

/// Arguments: the folder of the files, and of which machine and day they are; then the pallets, if not all.
fn main() -> ExitCode {
	let mut arguments = env::args().skip(1);
	let (Some(folder), Some(made)) = (arguments.next(), arguments.next()) else {
		eprintln!("Usage: hanse-weights FOLDER MACHINE [database] [PALLET…]; call scripts/bench weights");
		return ExitCode::from(2);
	};
	let pallets: Vec<_> = arguments.collect();
	let Some(bench) = Bench::new() else {
		eprintln!("The Wasm was left out of the build: unset SKIP_WASM_BUILD and build again.");
		return ExitCode::FAILURE;
	};
	let items = bench.items();
	let values = items.values().filter(|item| item.number == Number::One).count();
	if pallets.is_empty() || pallets.contains(&"database".to_string()) {
		if let Err(error) = write_database(Path::new(&folder), values, &made) {
			eprintln!("The database was not measured: {error}");
			return ExitCode::FAILURE;
		}
		if pallets.len() == 1 {
			return ExitCode::SUCCESS;
		}
	}
	let effort = Effort {
		steps: number("HANSE_BENCH_STEPS", 10),
		repeats: number("HANSE_BENCH_REPEATS", 10),
		passes: number(PASSES, 3).max(1),
	};
	let Effort { steps, repeats, passes } = effort;
	let made = format!("{made}, {steps} steps, {repeats} repeats, the quietest of {passes} passes.");
	let shows_items = number("HANSE_BENCH_ITEMS", 0) > 0;
	let mut by_pallet = BTreeMap::<String, Vec<_>>::new();
	let mut failed = 0;
	let mut benchmarks = bench.benchmarks();
	benchmarks.retain(|benchmark| pallets.is_empty() || pallets.contains(&benchmark.pallet));
	let mut taken = vec![Vec::new(); benchmarks.len()];
	for pass in 1..=passes {
		let begun = Instant::now();
		for (benchmark, taken) in benchmarks.iter().zip(&mut taken) {
			taken.push(times(&bench, benchmark, effort));
		}
		println!("Pass {pass} of {passes}: {} benchmarks in {:.0?}.", benchmarks.len(), begun.elapsed());
	}
	for (benchmark, taken) in benchmarks.into_iter().zip(taken) {
		let taken = taken.into_iter().collect::<Result<Vec<_>, _>>();
		match taken.and_then(|passes| measure(&bench, &items, &benchmark, quietest(passes), effort)) {
			Ok(measured) => {
				println!("{:20} {:28} {}", benchmark.pallet, benchmark.name, measured.summary());
				if shows_items {
					print!("{}", measured.items());
				}
				by_pallet.entry(benchmark.pallet).or_default().push(measured);
			},
			Err(error) => {
				failed += 1;
				println!("{:20} {:28} FAILED: {error}", benchmark.pallet, benchmark.name);
			},
		}
	}
	for (pallet, measured) in &by_pallet {
		let path = Path::new(&folder).join(format!("{}.rs", pallet.trim_start_matches("pallet_")));
		if let Err(error) = fs::write(&path, file(pallet, measured, &made)) {
			eprintln!("{}: {error}", path.display());
			return ExitCode::FAILURE;
		}
	}
	if failed > 0 || by_pallet.is_empty() {
		eprintln!("{failed} benchmarks failed.");
		return ExitCode::FAILURE;
	}
	ExitCode::SUCCESS
}
