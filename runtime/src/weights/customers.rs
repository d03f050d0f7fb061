//! What `pallet-customers` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_customers::WeightInfo for Measured {
	fn register() -> Weight {
		weight(82_575, [10, 0], [7, 6])
	}

	fn unregister() -> Weight {
		weight(50_017, [5, 1], [5, 9])
	}

	fn forget() -> Weight {
		weight(129_097, [5, 0], [28, 33])
	}

	fn join_accounts() -> Weight {
		weight(76_840, [5, 0], [7, 6])
	}

	fn open_recovery(v: u32) -> Weight {
		weight(89_499, [11, 1], [8, 1]).saturating_add(weight(5_287, [2, 0], [2, 0]).saturating_mul(v.into()))
	}

	fn complete_recovery() -> Weight {
		weight(831_101, [58, 18], [60, 41])
	}

	fn cancel() -> Weight {
		weight(19_102, [3, 1], [1, 1])
	}

	fn sweep(n: u32) -> Weight {
		weight(3_021, [2, 0], [1, 0]).saturating_add(weight(15_675, [0, 0], [4, 4]).saturating_mul(n.into()))
	}
}
