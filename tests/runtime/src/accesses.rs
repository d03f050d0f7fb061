//! How often a payment asks the state for something: each access costs, also that to what it has read before.

use crate::{chain::*, wallet::*};
use frame_support::storage::storage_prefix;
use hanse_primitives::Balance;
use hanse_runtime::{
	constants::{CENT, UNIT},
	Executive,
};
use std::{
	collections::BTreeMap,
	fmt::Debug,
	sync::{Arc, Mutex},
};
use tracing::{
	field::{Field, Visit},
	Event, Level, Metadata, Subscriber,
};
use tracing_subscriber::{
	layer::{Context, SubscriberExt},
	Layer,
};

/// Accesses that a payment of one program at another's till makes, from its signature to its events. Lower this with
/// each that goes; docs/performance.md says what most of them are.
const MOST: Accesses = Accesses { reads: 140, writes: 44 };

/// How often items are read and written.
#[derive(Clone, Copy, Debug, Default)]
struct Accesses {
	reads: usize,
	writes: usize,
}

/// What was asked of the state, by the name of the item.
#[derive(Clone, Default)]
struct Counter {
	names: BTreeMap<String, String>,
	counted: Arc<Mutex<BTreeMap<String, Accesses>>>,
}

/// One access, as the state's log has it.
#[derive(Default)]
struct Access {
	method: String,
	key: String,
}

impl Visit for Access {
	fn record_str(&mut self, field: &Field, value: &str) {
		if field.name() == "method" {
			self.method = value.into();
		}
	}

	fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
		if field.name() == "key" {
			self.key = format!("{value:?}");
		}
	}
}

impl<S: Subscriber> Layer<S> for Counter {
	fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
		metadata.target() == "state" && *metadata.level() == Level::TRACE
	}

	fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
		let mut access = Access::default();
		event.record(&mut access);
		let name = access.key.get(..64).and_then(|prefix| self.names.get(prefix)).unwrap_or(&access.key);
		let mut counted = self.counted.lock().unwrap();
		let of_item = counted.entry(name.clone()).or_default();
		match access.method.as_str() {
			"Get" | "Exists" => of_item.reads += 1,
			"Put" | "Append" => of_item.writes += 1,
			other => panic!("a payment asks for {other} of {name}"),
		}
	}
}

/// The items of storage by their prefixes, in hexadecimal digits.
fn names() -> BTreeMap<String, String> {
	let storages = crate::metadata::latest().pallets.into_iter().filter_map(|pallet| pallet.storage);
	let items = storages.flat_map(|it| {
		let name = |item: String| {
			let prefix = storage_prefix(it.prefix.as_bytes(), item.as_bytes());
			(sp_core::hexdisplay::HexDisplay::from(&prefix).to_string(), format!("{}.{item}", it.prefix))
		};
		it.entries.into_iter().map(|entry| name(entry.name)).collect::<Vec<_>>()
	});
	items.collect()
}

/// What `act` asks of the state.
fn counted(act: impl FnOnce()) -> BTreeMap<String, Accesses> {
	let counter = Counter { names: names(), ..Default::default() };
	// Where there is one subscriber only, a thread that has none, as those of other tests, switches each place of the log
	// off for all threads that it is the first to come to. So there is another one.
	let _another = tracing::Dispatch::new(tracing_subscriber::registry());
	let subscriber = tracing_subscriber::registry().with(counter.clone());
	tracing::subscriber::with_default(subscriber, act);
	let counted = counter.counted.lock().unwrap();
	counted.clone()
}

#[test]
fn a_payment_asks_the_state_no_more_often_than_it_did() {
	genesis(hanse_runtime::genesis_presets::DEVELOPMENT).execute_with(|| {
		block_at(START, vec![]);
		let sky = program(AIR, TERMS);
		let ann = Wallet::new(1);
		register(AIR, &ann, 1);
		issue(AIR, sky, &[ann.account()], (UNIT / CENT) as Balance, 1);
		next_block();
		// One that is not the first of its block, with which the block does what it does by itself.
		let pay = |order| ann.signs(payment(BOOKS, order, UNIT / 4, &[(sky, 100)]));
		Executive::apply_extrinsic(pay(1)).unwrap().unwrap();
		let transaction = pay(2);
		let by_item = counted(|| Executive::apply_extrinsic(transaction).unwrap().unwrap());
		let mut all = Accesses::default();
		for (item, Accesses { reads, writes }) in &by_item {
			println!("{reads:>4} {writes:>4}  {item}");
			all = Accesses { reads: all.reads + reads, writes: all.writes + writes };
		}
		println!("{:>4} {:>4}  in all, of {} items", all.reads, all.writes, by_item.len());
		assert!(by_item["Exchange.Receipts"].writes == 1, "a payment was counted");
		assert!(all.reads <= MOST.reads && all.writes <= MOST.writes, "{all:?} of {MOST:?}");
	});
}
