//! Measuring, and writing down what was measured.

use crate::{
	bench::{Bench, Benchmark, Components, Items, Number},
	database::{Costs, Database},
};
use frame_benchmarking::{Analysis, BenchmarkResult, BenchmarkSelector};
use std::{collections::BTreeMap, fmt::Write};

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Effort {
	/// Values of each component.
	pub steps: u32,
	/// How often each, in each pass.
	pub repeats: u32,
	/// How often all of it.
	pub passes: u32,
}

/// Results of each point of a benchmark.
pub type Times = Vec<Vec<BenchmarkResult>>;

/// What one function weighs: a base, and so much for each unit of a component.
pub struct Measured {
	/// The benchmark.
	pub benchmark: Benchmark,
	time: Analysis,
	few: Accesses,
	many: Accesses,
	/// Reads and writes of each item with the largest components.
	items: BTreeMap<String, (u32, u32)>,
}

/// What is read and written of one kind of items.
struct Accesses {
	reads: Analysis,
	writes: Analysis,
}

fn analyse(results: &Vec<BenchmarkResult>, selector: BenchmarkSelector) -> Result<Analysis, String> {
	Analysis::min_squares_iqr(results, selector).map_err(|error| error.to_string())
}

impl Accesses {
	/// As many for each of `results` as `count` says.
	fn of(results: &[BenchmarkResult], count: impl Fn(usize) -> (u32, u32)) -> Result<Self, String> {
		let counted = |(place, result): (usize, &BenchmarkResult)| {
			let ((reads, writes), components) = (count(place), result.components.clone());
			BenchmarkResult { components, reads, writes, ..Default::default() }
		};
		let results = results.iter().enumerate().map(counted).collect();
		Ok(Self {
			reads: analyse(&results, BenchmarkSelector::Reads)?,
			writes: analyse(&results, BenchmarkSelector::Writes)?,
		})
	}
}

/// What was read and written of items whose prefix is wanted.
fn accesses(result: &BenchmarkResult, is_wanted: impl Fn(&[u8]) -> bool) -> (u32, u32) {
	let keys = result.keys.iter().filter(|(prefix, ..)| is_wanted(prefix));
	keys.fold((0, 0), |sum, (_, reads, writes, _)| (sum.0 + reads, sum.1 + writes))
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

/// What one benchmark takes, in one pass.
pub fn times(bench: &Bench, benchmark: &Benchmark, effort: Effort) -> Result<Times, String> {
	let (state, points) = (bench.state(), points(benchmark, effort.steps));
	points.iter().map(|point| bench.run(&state, benchmark, point, effort.repeats)).collect()
}

fn median(results: &[BenchmarkResult]) -> u128 {
	let mut all: Vec<_> = results.iter().map(|result| result.extrinsic_time).collect();
	all.sort_unstable();
	all.get(all.len() / 2).copied().unwrap_or_default()
}

/// Of each point the pass that was disturbed least: whatever else runs on a machine only ever makes it slower.
pub fn quietest(passes: impl IntoIterator<Item = Times>) -> Times {
	let quieter = |(one, other): (Vec<_>, Vec<_>)| if median(&one) <= median(&other) { one } else { other };
	let passes = passes.into_iter();
	passes.reduce(|one, other| one.into_iter().zip(other).map(quieter).collect()).unwrap_or_default()
}

/// Counts what one benchmark reads and writes, and puts that together with what it takes.
pub fn measure(
	bench: &Bench,
	items: &Items,
	benchmark: &Benchmark,
	times: Times,
	effort: Effort,
) -> Result<Measured, String> {
	let (counted, of_customers) = (bench.state_that_counts(), bench.state_without_members());
	let (mut counts, mut others) = (Vec::new(), Vec::new());
	for point in points(benchmark, effort.steps) {
		counts.extend(bench.run(&counted, benchmark, &point, 1)?);
		others.extend(bench.run(&of_customers, benchmark, &point, 1)?);
	}
	let number = |prefix: &[u8]| items.get(prefix).map_or(Number::Many, |item| item.number);
	let all = |place: usize| accesses(&counts[place], |prefix| number(prefix) != Number::One);
	let many = |place: usize| accesses(&others[place], |prefix| number(prefix) == Number::Many);
	let few = |place: usize| (all(place).0 - many(place).0, all(place).1 - many(place).1);
	Ok(Measured {
		benchmark: benchmark.clone(),
		time: analyse(&times.into_iter().flatten().collect(), BenchmarkSelector::ExtrinsicTime)?,
		few: Accesses::of(&counts, few)?,
		many: Accesses::of(&counts, many)?,
		items: counts.last().map_or_else(BTreeMap::new, |largest| accessed(largest, items)),
	})
}

/// What was read and written of each item.
fn accessed(result: &BenchmarkResult, items: &Items) -> BTreeMap<String, (u32, u32)> {
	let mut accessed = BTreeMap::<_, (u32, u32)>::new();
	for (prefix, reads, writes, is_whitelisted) in &result.keys {
		if !is_whitelisted {
			let name = items.get(prefix).map_or("another", |item| &item.name);
			let sum = accessed.entry(name.to_string()).or_default();
			*sum = (sum.0 + reads, sum.1 + writes);
		}
	}
	accessed
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
		let benchmark = &self.benchmark;
		let names: Vec<_> = benchmark.components.iter().map(|(name, ..)| name.to_string()).collect();
		let arguments: Vec<_> = names.iter().map(|name| format!("{name}: u32")).collect();
		let piece = |of: &dyn Fn(&Analysis) -> u128| {
			let items = |it: &Accesses| format!("[{}, {}]", of(&it.reads), of(&it.writes));
			let time = grouped(of(&self.time).div_ceil(1_000));
			format!("weight({time}, {}, {})", items(&self.few), items(&self.many))
		};
		let mut text = format!("\tfn {}({}) -> Weight {{\n\t\t", benchmark.name, arguments.join(", "));
		text += &piece(&|it| it.base);
		for (place, name) in names.iter().enumerate() {
			let each = piece(&|it| it.slopes[place]);
			let _ = write!(text, "\n\t\t\t.saturating_add({each}.saturating_mul({name}.into()))");
		}
		text + "\n\t}\n"
	}

	/// What it reads and writes of each item with the largest components.
	pub fn items(&self) -> String {
		let line = |(name, (reads, writes)): (&String, &(u32, u32))| {
			format!("{:>50} {reads:>5} reads {writes:>5} writes\n", name)
		};
		self.items.iter().map(line).collect()
	}

	/// What it takes at most: time without the database, and what it reads and writes.
	pub fn summary(&self) -> String {
		let most = |it: &Analysis| {
			let of = |(slope, (_, _, most)): (&u128, &(_, _, u32))| slope * u128::from(*most);
			it.base + it.slopes.iter().zip(&self.benchmark.components).map(of).sum::<u128>()
		};
		format!(
			"{:>9.1} µs, of few items {:>5} reads {:>5} writes, of many {:>5} reads {:>5} writes",
			most(&self.time) as f64 / 1e6,
			most(&self.few.reads),
			most(&self.few.writes),
			most(&self.many.reads),
			most(&self.many.writes)
		)
	}
}

/// The file of the database, of a runtime with so many values of which there is one each.
pub fn database_file(costs: &Database, values: usize, made: &str) -> String {
	let of = |name: &str, says: &str, costs: Costs| {
		let [read, write] = [costs.read, costs.write].map(|it| grouped(it.ceil() as u128));
		format!(
			"\t/// {says}\n\tpub const {name}: RuntimeDbWeight =\n\
			 \t\tRuntimeDbWeight {{ read: {read} * NANOSECOND, write: {write} * NANOSECOND }};\n"
		)
	};
	let few = of("Few", "Items of which there are few, which every block touches.", costs.few);
	let many =
		of("Many", "Items of which there are as many as customers, in the cache of a node.", costs.many);
	let all = grouped((values as f64 * (costs.many.read + costs.many.write)).ceil() as u128);
	format!(
		"//! What the database takes, as measured: written by `scripts/bench weights`, not by hand.\n//!\n//! {made}\n\n\
		 use super::NANOSECOND;\nuse frame_support::{{parameter_types, weights::{{RuntimeDbWeight, Weight}}}};\n\n\
		 parameter_types! {{\n{few}{many}\
		 \t/// The {values} values of which there is one each, all of them read and written: a block pays for them.\n\
		 \tpub const Values: Weight = Weight::from_parts({all} * NANOSECOND, 0);\n}}\n"
	)
}

/// The trait that asks for the weights of a pallet.
fn trait_of(pallet: &str) -> String {
	match pallet {
		// The pallet whose extension it stands in for.
		"pallet_sponsorship" => "pallet_transaction_payment::WeightInfo".into(),
		"pallet_collective" => "crate::configs::motions::MotionCosts".into(),
		"frame_system_extensions" => "frame_system::ExtensionsWeightInfo".into(),
		"base" => "crate::configs::BaseCosts".into(),
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
