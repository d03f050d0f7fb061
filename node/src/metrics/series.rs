//! What there is to read, by Prometheus's conventions: base units in the names, `_total` for what only grows.

use substrate_prometheus_endpoint::{
	exponential_buckets, prometheus, register, Counter, CounterVec, Gauge, GaugeVec, Histogram,
	HistogramOpts, Opts, PrometheusError, Registry, F64, U64,
};

/// The pallets whose events say that books are broken.
pub const BOOKKEEPERS: [&str; 5] = ["clearing", "conduct", "exchange", "points", "supervision"];

/// Why a final block was not read.
pub const UNREAD: [&str; 3] = ["many", "state", "version"];

/// All of it.
#[derive(Clone)]
pub struct Series {
	pub final_block_timestamp: Gauge<F64>,
	pub finality: Histogram,

	pub blocks: Counter<U64>,
	pub unread: CounterVec<U64>,
	pub weight: Histogram,
	pub transactions: CounterVec<U64>,
	pub payments: Counter<U64>,
	pub slips: CounterVec<U64>,
	pub awards: Counter<U64>,
	pub broken_books: CounterVec<U64>,

	pub cycles: Counter<U64>,
	pub cycle_timestamp: Gauge<F64>,
	pub cycle_positions: Gauge<U64>,
	pub cycle_moved: Gauge<F64>,

	pub free_reserve: GaugeVec<F64>,
	pub minimum_reserve: GaugeVec<F64>,
	pub overdue: GaugeVec<F64>,
	pub budget_left: GaugeVec<F64>,
}

impl Series {
	/// Registers everything. What has labels that are known is there from the start, at zero: nothing can be said
	/// about the growth of what was not there before.
	pub fn new(registry: &Registry) -> Result<Self, PrometheusError> {
		let make = Maker(registry);
		let series = Self::unset(&make)?;
		zero(&series.unread, &UNREAD);
		zero(&series.transactions, &["succeeded", "failed"]);
		zero(&series.slips, &["paid", "refused"]);
		zero(&series.broken_books, &BOOKKEEPERS);
		Ok(series)
	}

	fn unset(make: &Maker) -> Result<Self, PrometheusError> {
		Ok(Self {
			final_block_timestamp: make
				.gauge("final_block_timestamp_seconds", "The time of the newest final block")?,
			finality: make.histogram(
				"finality_seconds",
				"Time from a block's import by this node to its finality here",
				0.25,
			)?,
			blocks: make.counter("final_blocks_total", "Final blocks that were read for these metrics")?,
			unread: make.counters("unread_blocks_total", "Final blocks that were not, by reason", "reason")?,
			weight: make.histogram(
				"block_weight_seconds",
				"The time that a final block takes by its weight; compare substrate_block_verification_and_import_time",
				0.001,
			)?,
			transactions: make.counters(
				"transactions_total",
				"Transactions in final blocks, inherents included, by what became of them",
				"outcome",
			)?,
			payments: make.counter("payments_total", "Payments in final blocks, slips included")?,
			slips: make.counters("slips_total", "Slips in final blocks, by what became of them", "outcome")?,
			awards: make.counter("awards_total", "Awards of points in final blocks")?,
			broken_books: make.counters(
				"broken_books_total",
				"Events in final blocks that say that books contradict each other; somebody must look",
				"pallet",
			)?,
			cycles: make.counter("cycles_total", "Clearing cycles that ended in final blocks")?,
			cycle_timestamp: make.gauge("cycle_timestamp_seconds", "When the last of them ended")?,
			cycle_positions: make.gauge("cycle_positions", "Positions that it settled")?,
			cycle_moved: make.gauge("cycle_moved_units", "Settlement units that it moved")?,
			free_reserve: make.gauges("free_reserve_units", "The free reserve of a member")?,
			minimum_reserve: make
				.gauges("minimum_reserve_units", "The lowest free reserve for its points")?,
			overdue: make.gauges("overdue_cycles", "Ends of cycles in a row at which it could not pay")?,
			budget_left: make
				.gauges("sponsor_budget_left_ratio", "What is left of its sponsor budget today, from 0 to 1")?,
		})
	}

	/// What there is of a member.
	pub fn of_members(&self) -> [&GaugeVec<F64>; 4] {
		[&self.free_reserve, &self.minimum_reserve, &self.overdue, &self.budget_left]
	}
}

fn zero(counters: &CounterVec<U64>, labels: &[&str]) {
	for label in labels {
		counters.with_label_values(&[label]).inc_by(0);
	}
}

/// Names and registers.
struct Maker<'a>(&'a Registry);

impl Maker<'_> {
	fn gauge<P: prometheus::core::Atomic + 'static>(
		&self,
		name: &str,
		help: &str,
	) -> Result<Gauge<P>, PrometheusError> {
		register(Gauge::new(named(name), help)?, self.0)
	}

	fn counter(&self, name: &str, help: &str) -> Result<Counter<U64>, PrometheusError> {
		register(Counter::new(named(name), help)?, self.0)
	}

	fn counters(&self, name: &str, help: &str, label: &str) -> Result<CounterVec<U64>, PrometheusError> {
		register(CounterVec::new(Opts::new(named(name), help), &[label])?, self.0)
	}

	fn gauges(&self, name: &str, help: &str) -> Result<GaugeVec<F64>, PrometheusError> {
		register(GaugeVec::new(Opts::new(named(name), help), &["institution"])?, self.0)
	}

	/// In twelve steps, each twice as long as the one before, from `least` on.
	fn histogram(&self, name: &str, help: &str, least: f64) -> Result<Histogram, PrometheusError> {
		let buckets = exponential_buckets(least, 2.0, 12)?;
		register(Histogram::with_opts(HistogramOpts::new(named(name), help).buckets(buckets))?, self.0)
	}
}

/// The gateway's metrics begin with `hanse_` too.
fn named(name: &str) -> String {
	format!("hanse_chain_{name}")
}
