//! What `pallet-institutions` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_institutions::WeightInfo for Measured {
	fn apply() -> Weight {
		weight(79_764, [10, 6], [2, 2])
	}

	fn end_application() -> Weight {
		weight(92_072, [13, 7], [2, 2])
	}

	fn change_electorate() -> Weight {
		weight(1_361_718, [525, 6], [32, 32])
	}

	fn update_profile() -> Weight {
		weight(43_006, [5, 3], [0, 0])
	}

	fn top_up_bond() -> Weight {
		weight(51_760, [5, 2], [0, 0])
	}

	fn close() -> Weight {
		weight(136_862, [53, 24], [0, 0])
	}

	fn scan_activity() -> Weight {
		weight(1_433_092, [518, 257], [32, 0])
	}

	fn lapse_applications() -> Weight {
		weight(3_658_189, [644, 385], [128, 128])
	}
}
