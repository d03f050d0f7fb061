//! What `pallet-supervision` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_supervision::WeightInfo for Measured {
	fn appoint_supervisor() -> Weight {
		weight(2_892_727, [7, 1], [513, 0])
	}

	fn request() -> Weight {
		weight(79_908, [8, 3], [2, 3])
	}

	fn disclose() -> Weight {
		weight(52_377, [4, 1], [2, 2])
	}

	fn end_unanswered() -> Weight {
		weight(86_798, [9, 3], [3, 2])
	}

	fn attest_finding() -> Weight {
		weight(64_456, [6, 2], [1, 1])
	}

	fn halt() -> Weight {
		weight(122_903, [8, 3], [2, 9])
	}

	fn ratify_halt() -> Weight {
		weight(2_975_339, [6, 1], [513, 1])
	}

	fn end_halt() -> Weight {
		weight(2_919_105, [7, 2], [513, 8])
	}
}
