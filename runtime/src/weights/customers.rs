//! What `pallet-customers` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_customers::WeightInfo for Measured {
	fn register() -> Weight {
		weight(185_224, [9, 0], [8, 6])
	}

	fn unregister() -> Weight {
		weight(95_634, [4, 1], [6, 9])
	}

	fn forget() -> Weight {
		weight(244_774, [4, 0], [29, 33])
	}

	fn join_accounts() -> Weight {
		weight(138_342, [4, 0], [8, 6])
	}

	fn open_recovery(v: u32) -> Weight {
		weight(181_895, [10, 1], [9, 1])
			.saturating_add(weight(10_715, [2, 0], [2, 0]).saturating_mul(v.into()))
	}

	fn complete_recovery() -> Weight {
		weight(1_016_709, [57, 18], [61, 41])
	}

	fn cancel() -> Weight {
		weight(51_823, [2, 1], [2, 1])
	}

	fn sweep(n: u32) -> Weight {
		weight(16_538, [2, 0], [1, 0]).saturating_add(weight(38_333, [0, 0], [4, 4]).saturating_mul(n.into()))
	}
}
