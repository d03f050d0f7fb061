//! Weights of calls and hooks, from counted database operations; to be replaced by benchmarks.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A payment from `legs` programs that burns points of `burns` vintages.
	fn pay(legs: u32, burns: u32) -> Weight;
	/// An exchange that burns points of `burns` vintages.
	fn exchange(burns: u32) -> Weight;
	/// Forgetting one receipt.
	fn drop_receipt() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> CountedWeight<T> {
	/// Looks at all eight vintages: reads their `Account`; of those that it burns reads and writes
	/// `Asset` and writes `Account`; once for all, the holder's system `Account` may be touched.
	fn burns(burns: u32) -> Weight {
		Weight::from_parts(20_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(2, 2))
			.saturating_mul(burns.into())
			.saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}

	/// Reads `Programs` and up to eight `Account`s; reads and writes `FlowsOf` and `Outstanding` of
	/// the program, and to settle `Institutions`, `Account` and `Holds` of its issuer and `Turnover`. A
	/// third of the computation is the look at the same items of whoever decides who pays the fee.
	fn leg() -> Weight {
		Weight::from_parts(90_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(15, 5))
	}
}

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Once: reads the merchant's `Institutions`, the `Receipts` entry, the payer's registration and
	/// person, the rules and the era's clock; writes the entry, the person and the merchant's `Account` and
	/// `Holds`.
	fn pay(legs: u32, burns: u32) -> Weight {
		Weight::from_parts(40_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(8, 4))
			.saturating_add(Self::leg().saturating_mul(legs.into()))
			.saturating_add(Self::burns(burns))
	}

	/// A leg, the holder's registration and person, and what issuing one award does in the target program.
	fn exchange(burns: u32) -> Weight {
		Weight::from_parts(90_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(24, 14))
			.saturating_add(Self::leg())
			.saturating_add(Self::burns(burns))
	}

	/// Reads and writes `Receipts`.
	fn drop_receipt() -> Weight {
		Weight::from_parts(5_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}
}

impl WeightInfo for () {
	fn pay(legs: u32, burns: u32) -> Weight {
		Weight::from_parts((legs + burns).into(), 0)
	}
	fn exchange(burns: u32) -> Weight {
		Weight::from_parts(burns.into(), 0)
	}
	fn drop_receipt() -> Weight {
		Weight::from_parts(1, 0)
	}
}
