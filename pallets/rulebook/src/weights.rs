//! Weights of the calls, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate.

use crate::MAX_DECISIONS;
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::{MAX_MEMBERS, MAX_MOTIONS};

/// One weight for each call and for each step of the hook.
pub trait WeightInfo {
	/// Updating the clock when a block begins.
	fn begin_block() -> Weight;
	/// Scheduling an amendment while all other decisions wait.
	fn amend() -> Weight;
	/// Dropping a decision that waits.
	fn retract() -> Weight;
	/// Scheduling a call.
	fn enact() -> Weight;
	/// Ending a motion that has what it needs now.
	fn renew() -> Weight;
	/// Reading a decision that is due.
	fn consider() -> Weight;
	/// Bringing an amendment into force.
	fn apply_amendment() -> Weight;
	/// Dispatching a call, without the call's own weight.
	fn dispatch_call() -> Weight;
	/// Filing a motion, or releasing its deposit, beside what keeps motions does itself.
	fn file() -> Weight;
	/// Seeing which of as many motions as there can be are over.
	fn watch_motions() -> Weight;
	/// Ending one whose time is up, if it has not got its majority.
	fn lapse() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: time, both brakes, `StoppedFor`. Writes: `StoppedFor`, if it stands.
	fn begin_block() -> Weight {
		Weight::from_parts(5_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 1))
	}

	/// Reads: `CurrentRules`, `DeadlineClock`, `Now`, `AmendedInEra`, `DecisionQueue`, `LastDecision`, and `PendingDecisions` of every
	/// decision that waits. Writes: `DecisionQueue`, `LastDecision`, `PendingDecisions`.
	fn amend() -> Weight {
		Weight::from_parts(80_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(6 + u64::from(MAX_DECISIONS), 3))
	}

	/// Reads and writes: `PendingDecisions`, `DecisionQueue`.
	fn retract() -> Weight {
		Weight::from_parts(20_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 2))
	}

	/// Reads: `CurrentRules`, `Now`, `DecisionQueue`, `LastDecision`. Writes: `DecisionQueue`, `LastDecision`, `PendingDecisions`.
	fn enact() -> Weight {
		Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 3))
	}

	/// As [`Self::lapse`].
	fn renew() -> Weight {
		Self::lapse()
	}

	/// Reads: `Now`, `PendingDecisions`.
	fn consider() -> Weight {
		Weight::from_parts(10_000_000, 0).saturating_add(T::DbWeight::get().reads(2))
	}

	/// Reads: `DecisionQueue`, `CurrentRules`, `LatestVersion`, `DeadlineClock`, `GracePeriods`. Writes: those, `PendingDecisions`,
	/// `Versions`, `AmendedInEra`.
	fn apply_amendment() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 8))
	}

	/// Reads: `DecisionQueue`. Writes: `DecisionQueue`, `PendingDecisions`.
	fn dispatch_call() -> Weight {
		Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 2))
	}

	/// Reads: `FiledMotions`, the open motions, time and era, `DefeatedMotions`. Writes: `FiledMotions`, `DefeatedMotions` of one that is
	/// made or released and of all others, if all were defeated in this block.
	fn file() -> Weight {
		Weight::from_parts(30_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 2 + u64::from(MAX_MOTIONS)))
	}

	/// Reads: `FiledMotions`, the open motions, time and era. Writes: `FiledMotions`, `DefeatedMotions` of all.
	fn watch_motions() -> Weight {
		Weight::from_parts(30_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(4, 1 + u64::from(MAX_MOTIONS)))
	}

	/// Reads: the motion with its votes, the members, and of each whether it is awake (two). Writes: the motion
	/// (three) and `FiledMotions`.
	fn lapse() -> Weight {
		Weight::from_parts(100_000_000 + 1_000_000 * u64::from(MAX_MEMBERS), 0)
			.saturating_add(T::DbWeight::get().reads_writes(6 + 2 * u64::from(MAX_MEMBERS), 4))
	}
}

impl WeightInfo for () {
	fn begin_block() -> Weight {
		Weight::zero()
	}
	fn file() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn watch_motions() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn lapse() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn amend() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn renew() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn retract() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn enact() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn consider() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn apply_amendment() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn dispatch_call() -> Weight {
		Weight::from_parts(1, 0)
	}
}
