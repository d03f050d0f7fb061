//! What `pallet-customers` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_customers::WeightInfo for Measured {
	fn register() -> Weight {
		weight(71_276, [6, 0], [7, 6])
	}

	fn unregister() -> Weight {
		weight(35_082, [2, 1], [5, 9])
	}

	fn forget() -> Weight {
		weight(101_921, [1, 0], [28, 33])
	}

	fn join_accounts() -> Weight {
		weight(80_360, [2, 0], [7, 6])
	}

	fn open_recovery(v: u32) -> Weight {
		weight(87_828, [7, 1], [8, 1]).saturating_add(weight(4_859, [2, 0], [2, 0]).saturating_mul(v.into()))
	}

	fn complete_recovery() -> Weight {
		weight(543_258, [52, 17], [60, 41])
	}

	fn cancel() -> Weight {
		weight(14_491, [2, 1], [1, 1])
	}

	fn sweep(n: u32) -> Weight {
		weight(3_531, [0, 0], [1, 0]).saturating_add(weight(12_939, [0, 0], [4, 4]).saturating_mul(n.into()))
	}
}
