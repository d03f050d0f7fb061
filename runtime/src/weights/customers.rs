use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_customers::WeightInfo for Measured {
	fn register() -> Weight {
		weight(100_000, 20, 10)
	}
	fn unregister() -> Weight {
		weight(100_000, 20, 10)
	}
	fn forget() -> Weight {
		weight(100_000, 20, 10)
	}
	fn join_accounts() -> Weight {
		weight(100_000, 20, 10)
	}
	fn open_recovery(v: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(v.into()))
	}
	fn complete_recovery() -> Weight {
		weight(100_000, 20, 10)
	}
	fn cancel() -> Weight {
		weight(100_000, 20, 10)
	}
	fn sweep(n: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(n.into()))
	}
}
