//! The clock of accounting eras, and what happens when one has ended.

use crate::{Duration, EraIndex};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::weights::WeightMeter;
use scale_info::TypeInfo;

/// What the clock of accounting eras shows in a block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct EraTime {
	/// The era of the block.
	pub current: EraIndex,
	/// The length of an era.
	pub length: Duration,
	/// The first era of which orders are taken, for however many eras these are taken.
	pub orders_from: EraIndex,
}

impl EraTime {
	/// Whether orders of `era` are taken, if that is for `order_eras` after their own.
	pub fn takes_orders(&self, era: EraIndex, order_eras: u32) -> bool {
		let age = self.current.checked_sub(era);
		era >= self.orders_from && age.is_some_and(|age| age <= order_eras)
	}
}

/// The clock of accounting eras. Law: `current` never falls, and an era of which orders are not taken any more
/// takes none again.
pub trait Eras {
	/// The era of this block.
	fn current() -> EraIndex;

	/// For how many eras after its own an order is taken.
	fn order_eras() -> u32;

	/// The length of an era.
	fn length() -> Duration;

	/// What the clock shows, in one look.
	fn time() -> EraTime {
		EraTime { current: Self::current(), length: Self::length(), orders_from: 0 }
	}

	/// Whether orders of `era` are taken.
	fn takes_orders(era: EraIndex) -> bool {
		Self::time().takes_orders(era, Self::order_eras())
	}

	/// The first era whose end has not begun to be processed: the current one, unless no block had room yet.
	fn first_open() -> EraIndex {
		Self::current()
	}
}

/// The eras from `first` up to, but not including, `next`, which has begun. More than one if the chain stood still.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct EndedEras {
	/// The first of those that have ended.
	#[codec(compact)]
	pub first: EraIndex,
	/// The era that began.
	#[codec(compact)]
	pub next: EraIndex,
}

/// How far a pallet came with the end of an era.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Progress {
	/// All is done.
	Done,
	/// The next block goes on.
	Unfinished,
}

/// What a pallet does when eras have ended.
pub trait OnEraEnd {
	/// Do as much as `meter` allows. Called in one block after the other until it is done; `cursor` is zero at
	/// first, and what the pallet left there later. Law: whoever is processed by this call is processed once, and
	/// nobody's failure stops the others.
	fn on_era_end(ended: EndedEras, cursor: &mut u32, meter: &mut WeightMeter) -> Progress;
}

/// One entry of [`EraEndList`]: [`OnEraEnd::on_era_end`] of a pallet.
pub type EraEndStep = fn(EndedEras, &mut u32, &mut WeightMeter) -> Progress;

/// What happens when eras have ended, in this order.
pub trait EraEndList {
	/// The pallets' steps. Each begins when the one before is done.
	const STEPS: &'static [EraEndStep];
}

/// For a chain on which nothing happens then.
impl EraEndList for () {
	const STEPS: &'static [EraEndStep] = &[];
}

/// The end of eras that is being processed.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct RunningEraEnd {
	/// Which eras ended.
	pub ended: EndedEras,
	/// The place in the list of what is to be done next.
	#[codec(compact)]
	pub step: u32,
	/// What that step left of itself.
	#[codec(compact)]
	pub cursor: u32,
}

/// How far the ends of eras are processed: the one memory of it.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct EraEndState {
	/// The first era whose end has not begun to be processed.
	#[codec(compact)]
	pub first_open: EraIndex,
	/// The end that is being processed, while that takes more than one block.
	pub running: Option<RunningEraEnd>,
}

impl EraEndState {
	/// The state in the first block of a chain, which begins an era and ends none.
	pub const fn new(era: EraIndex) -> Self {
		Self { first_open: era, running: None }
	}

	/// Whether something is to be done in `era`.
	pub const fn is_due(&self, era: EraIndex) -> bool {
		self.running.is_some() || self.first_open < era
	}

	/// Go on with the end that is being processed, or begin with that of all eras before `era`.
	pub fn advance<L: EraEndList>(&mut self, era: EraIndex, meter: &mut WeightMeter) {
		if !self.is_due(era) {
			return;
		}
		let ended = EndedEras { first: self.first_open, next: era };
		let mut running = self.running.take().unwrap_or(RunningEraEnd { ended, step: 0, cursor: 0 });
		self.first_open = running.ended.next;
		while let Some(step) = L::STEPS.get(running.step as usize) {
			if step(running.ended, &mut running.cursor, meter) == Progress::Unfinished {
				self.running = Some(running);
				return;
			}
			running.step += 1;
			running.cursor = 0;
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use frame_support::weights::Weight;
	use std::cell::RefCell;

	thread_local! {
		static DONE: RefCell<Vec<(&'static str, u32, EndedEras)>> = const { RefCell::new(Vec::new()) };
	}

	/// A step that deals with three members, each of weight 1.
	fn three(name: &'static str, ended: EndedEras, cursor: &mut u32, meter: &mut WeightMeter) -> Progress {
		while *cursor < 3 {
			if meter.try_consume(Weight::from_parts(1, 0)).is_err() {
				return Progress::Unfinished;
			}
			DONE.with_borrow_mut(|done| done.push((name, *cursor, ended)));
			*cursor += 1;
		}
		Progress::Done
	}

	struct Two;
	impl EraEndList for Two {
		const STEPS: &'static [EraEndStep] = &[
			|ended, cursor, meter| three("conduct", ended, cursor, meter),
			|ended, cursor, meter| three("points", ended, cursor, meter),
		];
	}

	fn advance(state: &mut EraEndState, era: EraIndex, room: u64) -> Vec<(&'static str, u32, EndedEras)> {
		state.advance::<Two>(era, &mut WeightMeter::with_limit(Weight::from_parts(room, 0)));
		DONE.take()
	}

	#[test]
	fn each_step_is_done_once_in_the_order_of_the_list_however_many_blocks_it_takes() {
		let ended = EndedEras { first: 7, next: 8 };
		let all: Vec<_> = ["conduct", "points"]
			.into_iter()
			.flat_map(|name| (0..3).map(move |n| (name, n, ended)))
			.collect();
		for room in 1..8 {
			let mut state = EraEndState::new(7);
			assert!(advance(&mut state, 7, room).is_empty() && !state.is_due(7));
			let (mut done, mut blocks) = (Vec::new(), 0);
			while state.is_due(8) {
				done.extend(advance(&mut state, 8, room));
				blocks += 1;
			}
			assert_eq!(done, all);
			assert!(blocks <= 6 / room + 1);
			assert_eq!(state, EraEndState::new(8));
		}
	}

	#[test]
	fn an_end_that_is_not_done_when_the_next_era_begins_is_done_first() {
		let mut state = EraEndState::new(7);
		assert_eq!(advance(&mut state, 8, 4).len(), 4);
		assert_eq!(state.first_open, 8);
		// Two more eras are over, and end together.
		let ended: Vec<_> = advance(&mut state, 10, 9).into_iter().map(|(_, _, ended)| ended.next).collect();
		assert_eq!(ended, [8, 8]);
		let ended: Vec<_> = advance(&mut state, 10, 9).into_iter().map(|(_, _, ended)| ended).collect();
		assert_eq!(ended, [EndedEras { first: 8, next: 10 }; 6]);
		assert!(!state.is_due(10));
	}

	#[test]
	fn nothing_happens_where_nothing_is_listed() {
		let mut state = EraEndState::new(7);
		state.advance::<()>(9, &mut WeightMeter::new());
		assert_eq!(state, EraEndState::new(9));
	}
}
