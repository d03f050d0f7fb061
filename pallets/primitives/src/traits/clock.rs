//! The clock of deadlines.

use crate::{Duration, Moment};
use core::marker::PhantomData;
use frame_support::traits::Time;

/// The clock of deadlines that run against those who may be kept from acting. It stands while nobody can act:
/// while no block is made, and while a brake stops spending. Law: `now` never falls; from one block to the next
/// it grows by the time between them, or not at all; and `wall(now())` is the time of the block.
pub trait DeadlineClock {
	/// What the clock shows, in milliseconds: the time, less that for which it stood.
	fn now() -> Moment;

	/// For how long it stood, ever. Law: it never falls.
	fn stopped_for() -> Duration;

	/// The time at which the clock will show `at`, unless it stands until then: what people are told of a
	/// deadline.
	fn wall_time(at: Moment) -> Moment {
		at.saturating_add(Self::stopped_for())
	}
}

/// The clock of a chain that never stands still.
pub struct NeverStops<T>(PhantomData<T>);

impl<T: Time<Moment = Moment>> DeadlineClock for NeverStops<T> {
	fn now() -> Moment {
		T::now()
	}

	fn stopped_for() -> Duration {
		0
	}
}
