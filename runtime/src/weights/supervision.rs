//! What `pallet-supervision` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_supervision::WeightInfo for Measured {
	fn appoint_supervisor() -> Weight {
		weight(700_422, [514, 0], [0, 0])
	}

	fn request() -> Weight {
		weight(16_524, [1, 1], [2, 3])
	}

	fn disclose() -> Weight {
		weight(10_185, [2, 1], [1, 2])
	}

	fn end_unanswered() -> Weight {
		weight(16_885, [4, 3], [3, 2])
	}

	fn attest_finding() -> Weight {
		weight(13_019, [2, 1], [1, 1])
	}

	fn halt() -> Weight {
		weight(28_031, [1, 1], [2, 9])
	}

	fn ratify_halt() -> Weight {
		weight(689_376, [512, 0], [1, 1])
	}

	fn end_halt() -> Weight {
		weight(690_848, [513, 1], [1, 8])
	}
}
