//! What `pallet-authorities` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_authorities::WeightInfo for Measured {
	fn operate() -> Weight {
		weight(551_088, [129, 1], [1, 0])
	}

	fn restart_finality() -> Weight {
		weight(2_868_961, [9, 1], [512, 0])
	}

	fn end_session(p: u32) -> Weight {
		weight(809_754, [68, 3], [64, 64])
			.saturating_add(weight(4_869, [2, 1], [0, 0]).saturating_mul(p.into()))
	}
}
