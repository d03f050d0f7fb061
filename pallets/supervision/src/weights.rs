//! Weights of calls and hooks, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::MAX_OPEN_VINTAGES;

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A supervisor more, less, or with other rights.
	fn appoint_supervisor() -> Weight;
	/// A question.
	fn request() -> Weight;
	/// An answer.
	fn disclose() -> Weight;
	/// A question that was not answered in time, without what follows for the institution.
	fn end_unanswered() -> Weight;
	/// A finding.
	fn attest_finding() -> Weight;
	/// A halt of a program that was halted before, and whose clock was not resumed.
	fn halt() -> Weight;
	/// A longer halt, or another one.
	fn ratify_halt() -> Weight;
	/// The end of a halt of a program, by a vote or its time.
	fn end_halt() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: `InstitutionOf`, time, `Institutions` or `Programs`, `Supervisors`. Writes: `Supervisors`.
	fn appoint_supervisor() -> Weight {
		Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 1))
	}

	/// Reads: `Supervisors`, time, `Institutions`, the rule of the deadline (two) and as the writes. Writes:
	/// `OpenRequests`, `LastRequestId`, `DisclosureRequests`, `RequestDeadlines`, `ActCountsOf`, `ActLog`. And its end, which nobody else pays for.
	fn request() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(12, 6))
			.saturating_add(Self::end_unanswered())
	}

	/// Reads: `InstitutionOf`, `DisclosureRequests`, time, `OpenRequests`. Writes: `RequestDeadlines`,
	/// `DisclosureRequests`, `OpenRequests`.
	fn disclose() -> Weight {
		Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 3))
	}

	/// Reads `OpenRequests`, time, `Institutions`; writes `RequestDeadlines`, `DisclosureRequests`, `OpenRequests`. The request was
	/// read before, and the offence weighs itself.
	fn end_unanswered() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 3))
	}

	/// Reads: `Supervisors`, time, `Institutions` and as the writes. Writes: `Attestations`, `ActCountsOf`, `ActLog`.
	fn attest_finding() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 3))
	}

	/// Reads: `Supervisors`, time, `Programs`, the rule of the length (two), `HaltRecords`, `ActiveHalts`, `ActCountsOf`,
	/// `ActLog`. Writes: `HaltRecords`, `ActiveHalts`, `ActCountsOf`, `ActLog`, `Programs`, and every open vintage's place on
	/// the agenda of expiry, twice. And its end, which nobody else pays for.
	fn halt() -> Weight {
		let places = 2 * u64::from(MAX_OPEN_VINTAGES);
		Weight::from_parts(80_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(9, 5 + places))
			.saturating_add(Self::end_halt())
	}

	/// Reads and writes `HaltRecords` and `ActiveHalts`; reads the time.
	fn ratify_halt() -> Weight {
		Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 2))
	}

	/// Reads the time; reads and writes `HaltRecords`, `ActiveHalts` and `Programs`; writes every open vintage's place
	/// on the agenda of expiry.
	fn end_halt() -> Weight {
		let places = u64::from(MAX_OPEN_VINTAGES);
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 3 + places))
	}
}

impl WeightInfo for () {
	fn appoint_supervisor() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn request() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn disclose() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_unanswered() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn attest_finding() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn halt() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn ratify_halt() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_halt() -> Weight {
		Weight::from_parts(1, 0)
	}
}
