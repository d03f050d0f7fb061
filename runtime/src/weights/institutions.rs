//! What `pallet-institutions` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_institutions::WeightInfo for Measured {
	fn apply() -> Weight {
		weight(66_757, [4, 4], [2, 2])
	}

	fn end_application() -> Weight {
		weight(68_620, [11, 6], [2, 2])
	}

	fn change_electorate() -> Weight {
		weight(1_123_050, [518, 4], [32, 32])
	}

	fn update_profile() -> Weight {
		weight(33_634, [4, 3], [0, 0])
	}

	fn top_up_bond() -> Weight {
		weight(42_888, [4, 2], [0, 0])
	}

	fn close() -> Weight {
		weight(118_356, [48, 23], [0, 0])
	}

	fn scan_activity() -> Weight {
		weight(1_290_330, [513, 256], [32, 0])
	}

	fn lapse_applications() -> Weight {
		weight(3_351_453, [641, 384], [128, 128])
	}
}
