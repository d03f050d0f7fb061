//! The clocks: for how long nobody could act, and which eras are over.

use crate::{pallet::*, WeightInfo};
use frame_support::{
	traits::{Get, OnTimestampSet, Time},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{EraEndState, Eras, Moment};

/// Milliseconds between two blocks above which the chain stood still between them: a minute. All of it counts
/// then.
pub const LONGEST_GAP: Moment = 60_000;

impl<T: Config> Pallet<T> {
	/// Read the brakes as they were at the end of the block before, since that is how they were until now.
	pub(crate) fn begin_block() -> Weight {
		let before = T::Time::now();
		// The first block of a chain has none before it.
		if before > 0 {
			PreviousBlock::<T>::put((before, T::SpendingStopped::get()));
		}
		T::WeightInfo::begin_block()
	}

	/// Process the end of the eras that are over, as far as `meter` allows.
	pub(crate) fn end_eras(meter: &mut WeightMeter) {
		// All that most blocks pay for: the clock, the time, and how far the ends are processed.
		if meter.try_consume(T::DbWeight::get().reads(3)).is_err() {
			return;
		}
		let (era, state) = (Self::current(), EraEnds::<T>::get());
		let is_due = state.is_none_or(|state| state.is_due(era));
		if !is_due || meter.try_consume(T::DbWeight::get().writes(1)).is_err() {
			return;
		}
		let mut state = state.unwrap_or(EraEndState::new(era));
		state.advance::<T::EraEnd>(era, meter);
		EraEnds::<T>::put(state);
	}
}

/// Until the time of a block is set, the clock shows what it showed in the block before.
impl<T: Config> OnTimestampSet<Moment> for Pallet<T> {
	fn on_timestamp_set(now: Moment) {
		let Some((before, is_stopped)) = PreviousBlock::<T>::take() else { return };
		let gap = now.saturating_sub(before);
		if is_stopped || gap > LONGEST_GAP {
			StoppedFor::<T>::mutate(|stood| *stood = stood.saturating_add(gap));
		}
	}
}

impl<T: Config> hanse_primitives::DeadlineClock for Pallet<T> {
	fn now() -> Moment {
		T::Time::now().saturating_sub(StoppedFor::<T>::get())
	}

	fn stopped_for() -> Moment {
		StoppedFor::<T>::get()
	}
}
