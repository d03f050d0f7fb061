//! What `pallet-customers` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_customers::WeightInfo for Measured {
	fn register() -> Weight {
		weight(64_929, [6, 0], [7, 6])
	}

	fn unregister() -> Weight {
		weight(33_641, [2, 1], [5, 9])
	}

	fn forget() -> Weight {
		weight(100_642, [1, 0], [28, 33])
	}

	fn join_accounts() -> Weight {
		weight(60_669, [2, 0], [7, 6])
	}

	fn open_recovery(v: u32) -> Weight {
		weight(69_772, [7, 1], [8, 1]).saturating_add(weight(5_425, [2, 0], [2, 0]).saturating_mul(v.into()))
	}

	fn complete_recovery() -> Weight {
		weight(688_005, [52, 17], [60, 41])
	}

	fn cancel() -> Weight {
		weight(17_871, [2, 1], [1, 1])
	}

	fn sweep(n: u32) -> Weight {
		weight(2_100, [0, 0], [1, 0]).saturating_add(weight(13_865, [0, 0], [4, 4]).saturating_mul(n.into()))
	}
}
