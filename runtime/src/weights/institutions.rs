//! What `pallet-institutions` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_institutions::WeightInfo for Measured {
	fn apply() -> Weight {
		weight(220_787, [7, 4], [5, 4])
	}

	fn end_application() -> Weight {
		weight(256_030, [12, 5], [3, 4])
	}

	fn change_electorate() -> Weight {
		weight(3_513_118, [12, 5], [545, 33])
	}

	fn update_profile() -> Weight {
		weight(100_640, [2, 1], [3, 2])
	}

	fn top_up_bond() -> Weight {
		weight(144_014, [2, 0], [3, 2])
	}

	fn close() -> Weight {
		weight(463_869, [51, 20], [2, 4])
	}

	fn scan_activity() -> Weight {
		weight(3_737_562, [5, 1], [545, 256])
	}

	fn lapse_applications() -> Weight {
		weight(8_884_376, [644, 257], [128, 256])
	}
}
