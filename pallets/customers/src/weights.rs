//! Weights of calls, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate.

use crate::{MAX_PIECE, MAX_REMEMBERED};
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::MAX_SUCCESSIONS;

/// One weight for each call.
pub trait WeightInfo {
	/// A new customer, with its signature.
	fn register() -> Weight;
	/// An account less, with the recovery that it was open to.
	fn unregister() -> Weight;
	/// An account less, with all that is kept about it.
	fn forget() -> Weight;
	/// An account that counts with another one.
	fn join_accounts() -> Weight;
	/// A recovery of `vintages`, or as many more in one.
	fn open_recovery(vintages: u32) -> Weight;
	/// The first piece of a recovery, as large as one can be.
	fn complete_recovery() -> Weight;
	/// A recovery that is given up.
	fn cancel() -> Weight;
	/// Checking whether something is over.
	fn check_retained() -> Weight;
	/// Removing it.
	fn sweep_retained() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: the active institution (`InstitutionOf`, `Institutions`, `Holds`, the rules with
	/// what is eased of the bond), time, `Registrations`, `Successors`, `AccountOf`, the genesis hash,
	/// `WithdrawnConsents`, `Persons`, `FormerAccounts`, the system's `Account`. Writes: `Persons`, `FormerAccounts`, `RetentionQueue`,
	/// `AccountOf`, `Registrations`, `Account`. The signature is about 100 µs.
	fn register() -> Weight {
		Weight::from_parts(150_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(14, 6))
	}

	/// Reads: `Registrations`, `InstitutionOf`, `Recoveries`, the system's `Account`, time and the rule of
	/// the window (two), `Persons`, `RecoveryExposures`, `WithdrawnConsents`. Writes: `Persons`, `FormerAccounts`, `WithdrawnConsents`, `RetentionQueue`
	/// (three), `Recoveries`, `RecoveryExposures`, `AccountOf`, `Registrations`, the system's `Account`.
	fn unregister() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(9, 11))
	}

	/// Those of `unregister`, and each person for whom the account is remembered (reads and writes `FormerAccounts` and
	/// `Persons`, writes `RetentionQueue`, and the system's `Account` once) and each account in its line (reads and writes `Predecessors` and `Successors`, reads
	/// `Recoveries`).
	fn forget() -> Weight {
		let persons = T::DbWeight::get().reads_writes(2, 3).saturating_mul(MAX_REMEMBERED.into());
		let line = T::DbWeight::get().reads_writes(3, 2).saturating_mul(MAX_SUCCESSIONS.into());
		Self::unregister().saturating_add(persons).saturating_add(line)
	}

	/// Reads: `Registrations` (two), time, the genesis hash, `WithdrawnConsents`, the rule of the window, `Persons` (two),
	/// `FormerAccounts`. Writes: `Persons` (two), `FormerAccounts` (two), `RetentionQueue` (two), `Registrations`, the system's
	/// `Account`. The signature is about 100 µs.
	fn join_accounts() -> Weight {
		Weight::from_parts(150_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(11, 8))
	}

	/// Once: reads the active institution (five, as in `register`), `Registrations` (two), `Successors`, the
	/// system's `Account`, `Recoveries`, time, `RecoveryExposures`, `Predecessors` (two), the genesis hash, `WithdrawnConsents`;
	/// writes `Recoveries`, `RecoveryExposures`. The signature is about 100 µs. Each vintage: reads its program, the
	/// account's share and what is pending for it, and its asset.
	fn open_recovery(vintages: u32) -> Weight {
		let each = Weight::from_parts(15_000_000, 0).saturating_add(T::DbWeight::get().reads(4));
		Weight::from_parts(160_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(16, 2))
			.saturating_add(each.saturating_mul(vintages.into()))
	}

	/// Once: reads `Recoveries`, time, the system's `Account`, `Registrations` (two), `Successors`,
	/// `RecoveryExposures`, `Institutions`, `Holds`, the rule of the delay, what may be halted (four), `Predecessors` (two),
	/// `FormerAccounts`, `Persons`; writes `Recoveries`, `RecoveryExposures`, `Registrations` (two), `AccountOf`, `Successors`,
	/// `Predecessors`, `FormerAccounts`, `RetentionQueue`, `Persons`, and a halt that follows (three).
	/// Each vintage: reads what `recover` reads, and reads and writes the shares of both accounts, what is pending
	/// for them, their system's `Account`s, which the registration touches too, and the asset.
	fn complete_recovery() -> Weight {
		let each = Weight::from_parts(60_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(12, 7));
		Weight::from_parts(60_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(19, 15))
			.saturating_add(each.saturating_mul(MAX_PIECE.into()))
	}

	/// Reads: `InstitutionOf`, `Recoveries`, `RecoveryExposures`. Writes: `Recoveries`, `RecoveryExposures`.
	fn cancel() -> Weight {
		Weight::from_parts(25_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(3, 2))
	}

	/// Reads: time, the next of `RetentionQueue`.
	fn check_retained() -> Weight {
		Weight::from_parts(10_000_000, 0).saturating_add(T::DbWeight::get().reads(2))
	}

	/// Reads: `FormerAccounts`, `Persons`, the rule of the window, the system's `Account`. Writes: `RetentionQueue` (two),
	/// `FormerAccounts`, `Persons`, `Account`, and a counter of the accounts that are gone (read too).
	fn sweep_retained() -> Weight {
		Weight::from_parts(20_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(5, 6))
	}
}

impl WeightInfo for () {
	fn register() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn unregister() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn open_recovery(vintages: u32) -> Weight {
		Weight::from_parts(vintages.into(), 0)
	}
	fn complete_recovery() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn cancel() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn forget() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn join_accounts() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn check_retained() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn sweep_retained() -> Weight {
		Weight::from_parts(1, 0)
	}
}
