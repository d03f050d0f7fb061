//! Weights of calls, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate.

use crate::MAX_PIECE;
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// One weight for each call.
pub trait WeightInfo {
	/// A new customer, with its signature.
	fn register() -> Weight;
	/// An account less, with the recovery that it was open to, and perhaps its person.
	fn unregister() -> Weight;
	/// A recovery of `vintages`, or as many more in one.
	fn recover(vintages: u32) -> Weight;
	/// The first piece of a recovery, as large as one can be.
	fn complete() -> Weight;
	/// A recovery that is given up.
	fn cancel() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: the active institution (`InstitutionOf`, `Heard`, `Institutions`, `Holds`, the rules with
	/// what is eased of the bond), time, `Registrations`, `Successors`, `AccountOf`, the genesis hash,
	/// `Persons`, the system's `Account`. Writes: `Heard`, `Persons`, `AccountOf`, `Registrations`, `Account`. The
	/// signature is about 100 µs.
	fn register() -> Weight {
		Weight::from_parts(150_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(13, 5))
	}

	/// Reads: `Registrations`, `InstitutionOf`, `Recoveries`, the system's `Account`, time and the rule of
	/// the window (two), `Persons`, `AtStake`. Writes: `Persons`, `Recoveries`, `AtStake`, `AccountOf`,
	/// `Registrations`, the system's `Account`.
	fn unregister() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 6))
	}

	/// Once: reads the active institution (six, as in `register`), `Registrations` (two), `Successors`, the
	/// system's `Account`, `Recoveries`, time, `AtStake`; writes `Heard`, `Recoveries`, `AtStake`. Each
	/// vintage: reads its program, the account's share and what is pending for it, and its asset.
	fn recover(vintages: u32) -> Weight {
		let each = Weight::from_parts(15_000_000, 0).saturating_add(T::DbWeight::get().reads(4));
		Weight::from_parts(60_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(13, 3))
			.saturating_add(each.saturating_mul(vintages.into()))
	}

	/// Once: reads `Recoveries`, time, the system's `Account`, `Registrations` (two), `Successors`,
	/// `AtStake`, `Institutions`, `Holds`, the rule of the delay, and what may be halted (four); writes
	/// `Recoveries`, `AtStake`, `Registrations` (two), `AccountOf`, `Successors`, and a halt that follows (three).
	/// Each vintage: reads what `recover` reads, and reads and writes the shares of both accounts, what is pending
	/// for them, their system's `Account`s, which the registration touches too, and the asset.
	fn complete() -> Weight {
		let each = Weight::from_parts(60_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(12, 7));
		Weight::from_parts(60_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(15, 11))
			.saturating_add(each.saturating_mul(MAX_PIECE.into()))
	}

	/// Reads: `InstitutionOf`, `Heard`, `Recoveries`, `AtStake`. Writes: `Heard`, `Recoveries`, `AtStake`.
	fn cancel() -> Weight {
		Weight::from_parts(25_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 3))
	}
}

impl WeightInfo for () {
	fn register() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn unregister() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn recover(vintages: u32) -> Weight {
		Weight::from_parts(vintages.into(), 0)
	}
	fn complete() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn cancel() -> Weight {
		Weight::from_parts(1, 0)
	}
}
