//! What the events of a final block are counted as.

use super::series::Series;
use frame_system::EventRecord;
use hanse_primitives::{Balance, UNIT};
use hanse_runtime::{Hash, Runtime, RuntimeEvent};

/// The events of a block as they are stored.
pub type Events = Vec<EventRecord<RuntimeEvent, Hash>>;

/// Counts what happened in a block of this time, in seconds.
pub fn count(series: &Series, events: Events, time: f64) {
	series.blocks.inc();
	for EventRecord { event, .. } in events {
		if let Some(pallet) = broken(&event) {
			series.broken_books.with_label_values(&[pallet]).inc();
		}
		match event {
			RuntimeEvent::System(event) => transaction(series, &event),
			RuntimeEvent::Exchange(event) => payment(series, &event),
			RuntimeEvent::Points(event) => award(series, &event),
			RuntimeEvent::Clearing(event) => cycle(series, &event, time),
			_ => (),
		}
	}
}

/// The pallet whose books are broken, if this event says so.
fn broken(event: &RuntimeEvent) -> Option<&'static str> {
	use pallet_conduct::Event::{DueItemFailed, FineFailed};
	match event {
		RuntimeEvent::Clearing(pallet_clearing::Event::Inconsistent { .. }) => Some("clearing"),
		RuntimeEvent::Exchange(pallet_exchange::Event::Inconsistent { .. }) => Some("exchange"),
		RuntimeEvent::Points(pallet_points::Event::Inconsistent { .. }) => Some("points"),
		RuntimeEvent::Conduct(DueItemFailed { .. } | FineFailed { .. }) => Some("conduct"),
		RuntimeEvent::Supervision(pallet_supervision::Event::DueItemFailed { .. }) => Some("supervision"),
		_ => None,
	}
}

fn transaction(series: &Series, event: &frame_system::Event<Runtime>) {
	let outcome = match event {
		frame_system::Event::ExtrinsicSuccess { .. } => "succeeded",
		frame_system::Event::ExtrinsicFailed { .. } => "failed",
		_ => return,
	};
	series.transactions.with_label_values(&[outcome]).inc();
}

fn payment(series: &Series, event: &pallet_exchange::Event<Runtime>) {
	match event {
		pallet_exchange::Event::Paid { .. } => series.payments.inc(),
		pallet_exchange::Event::SlipsPresented { paid, refused, .. } => {
			series.slips.with_label_values(&["paid"]).inc_by(u64::from(*paid));
			series.slips.with_label_values(&["refused"]).inc_by(u64::from(*refused));
		},
		_ => (),
	}
}

fn award(series: &Series, event: &pallet_points::Event<Runtime>) {
	match event {
		pallet_points::Event::PointsIssued { .. } => series.awards.inc(),
		pallet_points::Event::BatchIssued { awards, .. } => series.awards.inc_by(u64::from(*awards)),
		_ => (),
	}
}

fn cycle(series: &Series, event: &pallet_clearing::Event<Runtime>, time: f64) {
	let pallet_clearing::Event::CycleSettled { positions, moved, .. } = event else { return };
	series.cycles.inc();
	series.cycle_timestamp.set(time);
	series.cycle_positions.set(u64::from(*positions));
	series.cycle_moved.set(units(*moved));
}

/// Micro-units in settlement units, as exact as a metric is.
pub fn units(amount: Balance) -> f64 {
	amount as f64 / UNIT as f64
}

#[cfg(test)]
mod tests {
	use super::*;
	use frame_system::Phase;
	use hanse_primitives::Order;
	use hanse_runtime::AccountId;
	use sp_core::H256;
	use sp_runtime::DispatchError;
	use std::collections::BTreeMap;
	use substrate_prometheus_endpoint::Registry;

	/// What a scrape would read after a block of these events: names without `hanse_chain_`, with a label's value.
	fn read_after(events: Vec<RuntimeEvent>) -> BTreeMap<String, f64> {
		let registry = Registry::new();
		let series = Series::new(&registry).unwrap();
		let record = |event| EventRecord { phase: Phase::Initialization, event, topics: Vec::new() };
		count(&series, events.into_iter().map(record).collect(), 1_767_225_600.0);
		let mut read = BTreeMap::new();
		for family in registry.gather() {
			let name = family.get_name().trim_start_matches("hanse_chain_").to_string();
			for metric in family.get_metric() {
				let label = metric.get_label().iter().map(|label| format!(" {}", label.get_value()));
				let value = metric.get_counter().get_value() + metric.get_gauge().get_value();
				read.insert(name.clone() + &label.collect::<String>(), value);
			}
		}
		read
	}

	fn order() -> Order {
		Order { era: 1, commitment: H256::zero() }
	}

	fn paid() -> RuntimeEvent {
		let payer = AccountId::new([1; 32]);
		pallet_exchange::Event::Paid { merchant: 1, payer, order: order(), price: 1 }.into()
	}

	#[test]
	fn payments_slips_and_awards_are_counted_each_for_itself() {
		let asset = 65_536;
		let read = read_after(vec![
			paid(),
			paid(),
			pallet_exchange::Event::SlipsPresented { merchant: 1, paid: 2, refused: 3 }.into(),
			pallet_points::Event::BatchIssued {
				program: 1,
				asset,
				batch: H256::zero(),
				awards: 250,
				amount: 500,
				matures: None,
			}
			.into(),
			pallet_points::Event::PointsIssued {
				program: 1,
				asset,
				to: AccountId::new([1; 32]),
				amount: 1,
				order: H256::zero(),
				matures: None,
			}
			.into(),
		]);
		assert_eq!(read["payments_total"], 2.0);
		assert_eq!((read["slips_total paid"], read["slips_total refused"]), (2.0, 3.0));
		assert_eq!(read["awards_total"], 251.0);
		assert_eq!(read["final_blocks_total"], 1.0);
	}

	#[test]
	fn the_end_of_a_cycle_says_what_it_moved_in_units_and_when() {
		let settled = pallet_clearing::Event::CycleSettled { cycle: 7, positions: 3, moved: 2_500_000 };
		let read = read_after(vec![settled.into()]);
		assert_eq!(read["cycles_total"], 1.0);
		assert_eq!((read["cycle_positions"], read["cycle_moved_units"]), (3.0, 2.5));
		assert_eq!(read["cycle_timestamp_seconds"], 1_767_225_600.0);
	}

	#[test]
	fn each_event_of_broken_books_is_counted_at_its_pallet() {
		let error = DispatchError::Corruption;
		let cycle = pallet_clearing::Inconsistency::Settlement { cycle: 1 };
		let read = read_after(vec![
			pallet_clearing::Event::Inconsistent { what: cycle }.into(),
			pallet_conduct::Event::FineFailed { member: 1, error }.into(),
			pallet_conduct::Event::FineFailed { member: 2, error }.into(),
			paid(),
		]);
		assert_eq!(read["broken_books_total clearing"], 1.0);
		assert_eq!(read["broken_books_total conduct"], 2.0);
		for pallet in ["exchange", "points", "supervision"] {
			assert_eq!(read[&format!("broken_books_total {pallet}")], 0.0, "{pallet}");
		}
	}
}
