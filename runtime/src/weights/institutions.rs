//! What `pallet-institutions` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_institutions::WeightInfo for Measured {
	fn apply() -> Weight {
		weight(46_188, [4, 4], [2, 2])
	}

	fn end_application() -> Weight {
		weight(54_271, [11, 6], [2, 2])
	}

	fn change_electorate() -> Weight {
		weight(1_108_048, [518, 4], [32, 32])
	}

	fn update_profile() -> Weight {
		weight(26_860, [4, 3], [0, 0])
	}

	fn top_up_bond() -> Weight {
		weight(29_564, [4, 2], [0, 0])
	}

	fn close() -> Weight {
		weight(102_502, [48, 23], [0, 0])
	}

	fn scan_activity() -> Weight {
		weight(1_366_213, [513, 256], [32, 0])
	}

	fn lapse_applications() -> Weight {
		weight(2_724_533, [641, 384], [128, 128])
	}
}
