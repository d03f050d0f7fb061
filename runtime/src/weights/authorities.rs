//! What `pallet-authorities` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_authorities::WeightInfo for Measured {
	fn operate() -> Weight {
		weight(79_011, [128, 1], [0, 0])
	}

	fn restart_finality() -> Weight {
		weight(795_983, [512, 0], [0, 0])
	}

	fn end_session(p: u32) -> Weight {
		weight(171_354, [129, 64], [0, 0])
			.saturating_add(weight(1_544, [2, 1], [0, 0]).saturating_mul(p.into()))
	}
}
