//! What `pallet-supervision` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_supervision::WeightInfo for Measured {
	fn appoint_supervisor() -> Weight {
		weight(833_445, [520, 1], [0, 0])
	}

	fn request() -> Weight {
		weight(26_752, [8, 3], [2, 3])
	}

	fn disclose() -> Weight {
		weight(14_676, [5, 1], [1, 2])
	}

	fn end_unanswered() -> Weight {
		weight(26_153, [9, 3], [3, 2])
	}

	fn attest_finding() -> Weight {
		weight(21_229, [6, 2], [1, 1])
	}

	fn halt() -> Weight {
		weight(45_566, [8, 3], [2, 9])
	}

	fn ratify_halt() -> Weight {
		weight(803_400, [518, 1], [1, 1])
	}

	fn end_halt() -> Weight {
		weight(799_210, [519, 2], [1, 8])
	}
}
