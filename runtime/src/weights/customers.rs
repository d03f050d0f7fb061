//! What `pallet-customers` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_customers::WeightInfo for Measured {
	fn register() -> Weight {
		weight(202_711, [7, 0], [10, 6])
	}

	fn unregister() -> Weight {
		weight(123_784, [4, 1], [6, 9])
	}

	fn forget() -> Weight {
		weight(339_995, [4, 0], [29, 33])
	}

	fn join_accounts() -> Weight {
		weight(165_126, [4, 0], [8, 6])
	}

	fn open_recovery(v: u32) -> Weight {
		weight(225_114, [8, 1], [11, 1])
			.saturating_add(weight(18_094, [2, 0], [2, 0]).saturating_mul(v.into()))
	}

	fn complete_recovery() -> Weight {
		weight(1_792_743, [56, 18], [62, 41])
	}

	fn cancel() -> Weight {
		weight(69_794, [2, 1], [2, 1])
	}

	fn sweep(n: u32) -> Weight {
		weight(14_181, [2, 0], [1, 0]).saturating_add(weight(51_529, [0, 0], [4, 4]).saturating_mul(n.into()))
	}
}
