//! What `pallet-institutions` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_institutions::WeightInfo for Measured {
	fn apply() -> Weight {
		weight(209_411, [7, 4], [5, 4])
	}

	fn end_application() -> Weight {
		weight(250_071, [12, 5], [3, 4])
	}

	fn change_electorate() -> Weight {
		weight(3_505_477, [12, 5], [545, 33])
	}

	fn update_profile() -> Weight {
		weight(113_038, [2, 1], [3, 2])
	}

	fn top_up_bond() -> Weight {
		weight(141_120, [2, 0], [3, 2])
	}

	fn close() -> Weight {
		weight(437_670, [51, 20], [2, 4])
	}

	fn scan_activity() -> Weight {
		weight(3_813_053, [5, 1], [545, 256])
	}

	fn lapse_applications() -> Weight {
		weight(8_751_499, [644, 257], [128, 256])
	}
}
