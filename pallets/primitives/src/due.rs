//! Queues of what becomes due, and how a block serves them.
//!
//! A pallet says what its queue is ([`DueQueue`]); [`serve`] does the rest: it takes what is due in the order of the
//! queue, as far as the block's meter and a bound allow, each item in a storage layer of its own.
//!
//! **An item that fails** changes nothing, has left its place and never stops those behind it. Its pallet reports it
//! by an event, so that a monitor sees it. Where money or points depend on the item, the pallet puts it back for
//! later, after [`retry_delay`], which doubles with every failure: nothing is lost, and what fails for ever costs
//! less and less. Anything else is dropped.

use crate::Duration;
use frame_support::{
	storage::with_storage_layer,
	weights::{Weight, WeightMeter},
};
use sp_runtime::{DispatchError, DispatchResult};

/// Failures after which the delay before the next try stays as it is: 1,024 times the first one.
const MAX_DOUBLINGS: u8 = 10;

/// A queue of what becomes due, as one block sees it.
pub trait DueQueue {
	/// What stands in the queue.
	type Entry;
	/// What an entry stands for. It is read once.
	type Item;

	/// Whether an item that has no room in this block keeps those behind it waiting. If not, `peek` must not
	/// return the same entry twice.
	const IN_ORDER: bool = true;

	/// What `peek` weighs: all that a block pays for while nothing is due.
	fn peek_weight(&self) -> Weight;

	/// The next entry, if it is due.
	fn peek(&mut self) -> Option<Self::Entry>;

	/// What `load` weighs, and removing an entry that stands for nothing.
	fn load_weight(&self) -> Weight;

	/// What an entry stands for; `None` if that does not exist, which should not be.
	fn load(&self, entry: &Self::Entry) -> Option<Self::Item>;

	/// What `remove` and `serve` weigh, or `failed`.
	fn weigh(&self, item: &Self::Item) -> Weight;

	/// Take an entry out of the queue. Law: `peek` does not return it any more.
	fn remove(&mut self, entry: &Self::Entry);

	/// Do what is due. The entry has left the queue; an item of which something is left puts that back itself.
	/// Whatever is done beyond `weigh` is consumed from `meter`.
	fn serve(
		&mut self,
		entry: &Self::Entry,
		item: &mut Self::Item,
		meter: &mut WeightMeter,
	) -> DispatchResult;

	/// An item could not be served, or does not exist. Law: an event reports it, and it is put back for later if
	/// money or points depend on it.
	fn failed(&mut self, entry: Self::Entry, item: Option<Self::Item>, error: DispatchError);
}

/// Serve what is due, at most `most` items and as far as `meter` allows; the next block goes on. Returns how many
/// left the queue, those that failed included.
pub fn serve<Q: DueQueue>(queue: &mut Q, most: u32, meter: &mut WeightMeter) -> u32 {
	let mut served = 0;
	while served < most && meter.try_consume(queue.peek_weight()).is_ok() {
		let Some(entry) = queue.peek() else { break };
		if meter.try_consume(queue.load_weight()).is_err() {
			break;
		}
		let Some(mut item) = queue.load(&entry) else {
			queue.remove(&entry);
			queue.failed(entry, None, DispatchError::Corruption);
			served += 1;
			continue;
		};
		if meter.try_consume(queue.weigh(&item)).is_err() {
			if Q::IN_ORDER {
				break;
			}
			continue;
		}
		queue.remove(&entry);
		if let Err(error) = with_storage_layer(|| queue.serve(&entry, &mut item, meter)) {
			queue.failed(entry, Some(item), error);
		}
		served += 1;
	}
	served
}

/// How long to wait before the next try of an item that failed `failures` times before: `first`, and twice as long each
/// time. At least one, so that it is not due again in the same block.
pub fn retry_delay(first: Duration, failures: u8) -> Duration {
	first.max(1).saturating_mul(1 << failures.min(MAX_DOUBLINGS))
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::Moment;
	use frame_support::{storage_alias, Twox64Concat};
	use sp_io::TestExternalities;
	use std::collections::BTreeMap;

	/// What serving an item does.
	#[derive(Clone, Copy)]
	enum Will {
		Succeed,
		Fail,
		NotExist,
		/// Serve this much, one unit of weight each, and put the rest back.
		Take(u64),
	}

	#[storage_alias]
	type Done = StorageMap<Hanse, Twox64Concat, u32, ()>;

	/// A queue of numbers: looking weighs 1, loading 10, and each what it says.
	#[derive(Default)]
	struct Numbers<const IN_ORDER: bool> {
		now: Moment,
		queue: BTreeMap<(Moment, u32), (u64, Will)>,
		seen: Option<(Moment, u32)>,
		served: Vec<u32>,
		failed: Vec<(u32, DispatchError)>,
	}

	impl<const IN_ORDER: bool> Numbers<IN_ORDER> {
		fn of(items: &[(Moment, u32, u64, Will)]) -> Self {
			let queue = items.iter().map(|(due, id, weight, will)| ((*due, *id), (*weight, *will))).collect();
			Self { now: 100, queue, ..Default::default() }
		}

		fn serve(&mut self, most: u32, room: u64) -> (u32, u64) {
			let mut meter = WeightMeter::with_limit(Weight::from_parts(room, 0));
			let before = self.served.len();
			let count = TestExternalities::default().execute_with(|| {
				let count = serve(self, most, &mut meter);
				let mut done: Vec<_> = Done::iter_keys().collect();
				done.sort();
				let mut served = self.served[before..].to_vec();
				served.sort();
				assert_eq!(done, served, "what failed changed something");
				count
			});
			(count, meter.consumed().ref_time())
		}
	}

	impl<const ORDERED: bool> DueQueue for Numbers<ORDERED> {
		type Entry = (Moment, u32);
		type Item = (u64, Will);
		const IN_ORDER: bool = ORDERED;

		fn peek_weight(&self) -> Weight {
			Weight::from_parts(1, 0)
		}

		fn peek(&mut self) -> Option<Self::Entry> {
			let next = self.queue.keys().find(|entry| ORDERED || self.seen.is_none_or(|seen| **entry > seen));
			let next = next.copied().filter(|(due, _)| *due <= self.now)?;
			self.seen = Some(next);
			Some(next)
		}

		fn load_weight(&self) -> Weight {
			Weight::from_parts(10, 0)
		}

		fn load(&self, entry: &Self::Entry) -> Option<Self::Item> {
			self.queue.get(entry).copied().filter(|(_, will)| !matches!(will, Will::NotExist))
		}

		fn weigh(&self, (weight, _): &Self::Item) -> Weight {
			Weight::from_parts(*weight, 0)
		}

		fn remove(&mut self, entry: &Self::Entry) {
			self.queue.remove(entry);
		}

		fn serve(
			&mut self,
			(due, id): &Self::Entry,
			(weight, will): &mut Self::Item,
			meter: &mut WeightMeter,
		) -> DispatchResult {
			Done::insert(id, ());
			match will {
				Will::Fail => return Err(DispatchError::Other("as it was told")),
				Will::Take(left) => {
					while *left > 0 && meter.try_consume(Weight::from_parts(1, 0)).is_ok() {
						*left -= 1;
					}
					if *left > 0 {
						self.queue.insert((*due, *id), (*weight, Will::Take(*left)));
					}
				},
				_ => {},
			}
			self.served.push(*id);
			Ok(())
		}

		fn failed(&mut self, (_, id): Self::Entry, item: Option<Self::Item>, error: DispatchError) {
			self.failed.push((id, error));
			// As one on which money depends.
			if let Some(item) = item {
				self.queue.insert((self.now + retry_delay(50, 0), id), item);
			}
		}
	}

	#[test]
	fn what_is_due_is_served_in_its_order_and_nothing_before_its_time() {
		let ok = Will::Succeed;
		let mut queue = Numbers::<true>::of(&[(101, 1, 5, ok), (100, 2, 5, ok), (7, 3, 5, ok)]);
		// Three looks, of which the last finds nothing due.
		assert_eq!(queue.serve(10, 1_000), (2, 3 + 2 * 10 + 2 * 5));
		assert_eq!(queue.served, [3, 2]);
		assert_eq!(queue.queue.len(), 1);
	}

	#[test]
	fn a_block_in_which_nothing_is_due_pays_for_one_look() {
		assert_eq!(Numbers::<true>::of(&[]).serve(10, 1_000), (0, 1));
		assert_eq!(Numbers::<true>::of(&[(101, 1, 5, Will::Succeed)]).serve(10, 1_000), (0, 1));
		assert_eq!(Numbers::<true>::of(&[(1, 1, 5, Will::Succeed)]).serve(10, 0), (0, 0));
		assert_eq!(Numbers::<true>::of(&[(1, 1, 5, Will::Succeed)]).serve(0, 1_000), (0, 0));
	}

	#[test]
	fn the_bound_and_the_meter_are_kept_and_the_next_block_goes_on() {
		let all: Vec<_> = (0..5).map(|id| (1, id, 5, Will::Succeed)).collect();
		let mut queue = Numbers::<true>::of(&all);
		assert_eq!(queue.serve(2, 1_000).0, 2);
		for room in 0..16 {
			assert_eq!(queue.serve(9, room).0, 0, "{room}");
		}
		assert_eq!(queue.serve(9, 16), (1, 16));
		assert_eq!(queue.serve(9, 1_000).0, 2);
		assert_eq!(queue.served, [0, 1, 2, 3, 4]);
	}

	#[test]
	fn an_item_without_room_keeps_those_behind_it_waiting_only_where_order_matters() {
		let items = [(1, 1, 500, Will::Succeed), (2, 2, 5, Will::Succeed)];
		let mut queue = Numbers::<true>::of(&items);
		assert_eq!(queue.serve(9, 100).0, 0);
		let mut queue = Numbers::<false>::of(&items);
		assert_eq!(queue.serve(9, 100).0, 1);
		assert_eq!((queue.served, queue.queue.len()), (vec![2], 1));
	}

	#[test]
	fn an_item_that_fails_changes_nothing_stops_no_other_and_can_come_back() {
		let items = [(1, 1, 5, Will::Fail), (2, 2, 5, Will::NotExist), (3, 3, 5, Will::Succeed)];
		let mut queue = Numbers::<true>::of(&items);
		assert_eq!(queue.serve(9, 1_000).0, 3);
		assert_eq!(queue.served, [3]);
		let errors = [(1, DispatchError::Other("as it was told")), (2, DispatchError::Corruption)];
		assert_eq!(queue.failed, errors);
		// One is tried again at its time, the other is gone.
		assert_eq!(queue.queue.keys().copied().collect::<Vec<_>>(), [(150, 1)]);
	}

	#[test]
	fn an_item_can_be_served_in_parts() {
		let mut queue = Numbers::<true>::of(&[(1, 1, 5, Will::Take(30))]);
		assert_eq!(queue.serve(1, 26).0, 1);
		assert!(matches!(queue.queue[&(1, 1)], (5, Will::Take(20))));
		assert_eq!(queue.serve(9, 1_000).0, 1);
		assert!(queue.queue.is_empty());
	}

	#[test]
	fn the_delay_doubles_up_to_a_bound() {
		assert_eq!((0..3).map(|failures| retry_delay(7, failures)).collect::<Vec<_>>(), [7, 14, 28]);
		assert_eq!(retry_delay(7, 10), 7 * 1_024);
		assert_eq!(retry_delay(7, u8::MAX), 7 * 1_024);
		assert_eq!(retry_delay(0, 0), 1);
		assert_eq!(retry_delay(Moment::MAX, 3), Moment::MAX);
	}
}
