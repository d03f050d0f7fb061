//! Weights of calls and hooks, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate. A test on the real runtime compares the writes with the keys that change.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A new program.
	fn create_program() -> Weight;
	/// A batch of `awards`, the first of its period.
	fn issue_batch(awards: u32) -> Weight;
	/// Booking the breakage of one vintage, whatever the number of its holders.
	fn expire() -> Weight;
	/// Looking for a vintage to sweep, and closing it.
	fn sweep_base() -> Weight;
	/// Sweeping one dead account.
	fn sweep_account() -> Weight;
	/// Forgetting one order.
	fn drop_record() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: the active institution (seven, as in `issue_batch`), `LastProgram`, `ProgramsOf`. Writes:
	/// `Heard`, `LastProgram`, `ProgramsOf`, `Labels`, `Programs`.
	fn create_program() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(9, 5))
	}

	/// Once: reads the active institution (`InstitutionOf`, `Heard`, `Institutions`, `Holds`, the rules
	/// with what is eased of bond and ratio) and the era's clock; writes `Heard`. Reads `Programs`, `Labels`, `Outstanding`, `Holds`,
	/// `FlowsOf`, `Asset`, `Metadata`; writes `Programs`, `Agenda`, `Asset`, `Metadata`,
	/// `Outstanding`, `FlowsOf`. Each award: reads and writes `Awarded`, the asset's `Account` and the
	/// system's `Account`.
	fn issue_batch(awards: u32) -> Weight {
		let each = Weight::from_parts(30_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 3));
		Weight::from_parts(60_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(15, 7))
			.saturating_add(each.saturating_mul(awards.into()))
	}

	/// Reads and writes `Agenda`, `Programs`, `FlowsOf`, `Outstanding`, `Asset`; writes `Closed`.
	fn expire() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 6))
	}

	/// Reads and writes `Closed`, `Asset`, `Metadata`.
	fn sweep_base() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 3))
	}

	/// Reads and writes the asset's `Account` and the system's `Account`.
	fn sweep_account() -> Weight {
		Weight::from_parts(15_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(2, 2))
	}

	/// Reads and writes `Awarded`.
	fn drop_record() -> Weight {
		Weight::from_parts(5_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}
}

impl WeightInfo for () {
	fn create_program() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn issue_batch(awards: u32) -> Weight {
		Weight::from_parts(awards.into(), 0)
	}
	fn expire() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn sweep_base() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn sweep_account() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn drop_record() -> Weight {
		Weight::from_parts(1, 0)
	}
}
