//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;

/// One weight for each call and each piece of the hook.
pub trait WeightInfo {
	/// A new customer, with its signature.
	fn register() -> Weight;
	/// An account less, with the recovery that it was open to.
	fn unregister() -> Weight;
	/// An account less, with all that is kept about it.
	fn forget() -> Weight;
	/// An account that counts with another one.
	fn join_accounts() -> Weight;
	/// A recovery of `v` vintages, or as many more in one.
	fn open_recovery(v: u32) -> Weight;
	/// The first piece of a recovery, as large as one can be.
	fn complete_recovery() -> Weight;
	/// A recovery that is given up.
	fn cancel() -> Weight;
	/// Removing `n` things that are over.
	fn sweep(n: u32) -> Weight;
	/// Checking whether something is over.
	fn check_retained() -> Weight {
		Self::sweep(0)
	}
	/// Removing it.
	fn sweep_retained() -> Weight {
		Self::sweep(1).saturating_sub(Self::sweep(0))
	}
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn register() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn unregister() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn forget() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn join_accounts() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn open_recovery(v: u32) -> Weight {
		Weight::from_parts(1 + u64::from(v), 0)
	}
	fn complete_recovery() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn cancel() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn sweep(n: u32) -> Weight {
		Weight::from_parts(1 + u64::from(n), 0)
	}
}
