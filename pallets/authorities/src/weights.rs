//! Weights of the calls, from counted database operations; to be replaced by benchmarks.
//!
//! Turning a session books a whole block (pallet-session does), so its planning is not weighed here. What is
//! counted at its end is, beside that: it grows with the members and not with the authorities.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::MAX_AUTHORITIES;

/// One weight for each call and for the end of a session.
pub trait WeightInfo {
	/// Wanting to be an authority, or not any more.
	fn operate() -> Weight;
	/// Noting a vote.
	fn restart_finality() -> Weight;
	/// Counting a session in which `people` wanted to serve or served and `offline` of them were offline,
	/// without what follows from that.
	fn end_session(people: u32, offline: u32) -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: the institution (two), its keys, `Operators`, `NextQueuePosition`, `PlannedSet`, and
	/// for each authority whether it goes on (two). Writes: operator and ticket.
	fn operate() -> Weight {
		Weight::from_parts(60_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(6 + 2 * u64::from(MAX_AUTHORITIES), 2))
	}

	/// Reads: the set id, `PendingRestart`, `Roster` and `LastRoster`. Writes: `PendingRestart`.
	fn restart_finality() -> Weight {
		Weight::from_parts(20_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 1))
	}

	/// Reads: `Roster`, the rule, `SessionsCounted`; of everybody `ServiceReports`, and `Operators` or, of one that
	/// stopped, the institution; of each that made blocks the institution, and when it was heard of. Writes:
	/// `Roster`, `LastRoster`, `SessionsCounted`, everybody's `ServiceReports`, and that it was heard of. Each that was
	/// offline is an event.
	fn end_session(people: u32, offline: u32) -> Weight {
		let (people, offline) = (u64::from(people), u64::from(offline));
		Weight::from_parts(20_000_000 + 2_000_000 * people + 5_000_000 * offline, 0)
			.saturating_add(T::DbWeight::get().reads_writes(3 + 4 * people, 3 + 2 * people))
	}
}

impl WeightInfo for () {
	fn operate() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn restart_finality() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_session(people: u32, offline: u32) -> Weight {
		Weight::from_parts((people + offline).into(), 0)
	}
}
