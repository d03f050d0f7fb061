//! What `pallet-authorities` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_authorities::WeightInfo for Measured {
	fn operate() -> Weight {
		weight(92_628, [128, 1], [0, 0])
	}

	fn restart_finality() -> Weight {
		weight(683_858, [512, 0], [0, 0])
	}

	fn end_session(p: u32) -> Weight {
		weight(162_977, [129, 64], [0, 0])
			.saturating_add(weight(1_752, [2, 1], [0, 0]).saturating_mul(p.into()))
	}
}
