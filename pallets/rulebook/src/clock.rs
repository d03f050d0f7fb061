//! The clock of deadlines: for how long nobody could act.

use crate::{pallet::*, WeightInfo};
use frame_support::{
	traits::{Get, OnTimestampSet, Time},
	weights::Weight,
};
use hanse_primitives::Moment;

/// Milliseconds between two blocks above which the chain stood still between them: a minute. All of it counts
/// then.
pub const LONGEST_GAP: Moment = 60_000;

impl<T: Config> Pallet<T> {
	/// Look at the brakes as they were at the end of the block before, since that is how they were until now.
	pub(crate) fn begin_block() -> Weight {
		let before = T::Time::now();
		// The first block of a chain has none before it.
		if before > 0 {
			PreviousBlock::<T>::put((before, T::SpendingStopped::get()));
		}
		T::WeightInfo::begin_block()
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
