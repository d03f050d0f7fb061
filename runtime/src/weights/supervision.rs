//! What `pallet-supervision` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_supervision::WeightInfo for Measured {
	fn appoint_supervisor() -> Weight {
		weight(3_029_449, [7, 1], [513, 0])
	}

	fn request() -> Weight {
		weight(79_538, [8, 3], [2, 3])
	}

	fn disclose() -> Weight {
		weight(52_708, [4, 1], [2, 2])
	}

	fn end_unanswered() -> Weight {
		weight(89_533, [9, 3], [3, 2])
	}

	fn attest_finding() -> Weight {
		weight(63_695, [6, 2], [1, 1])
	}

	fn halt() -> Weight {
		weight(109_532, [8, 3], [2, 9])
	}

	fn ratify_halt() -> Weight {
		weight(2_888_851, [6, 1], [513, 1])
	}

	fn end_halt() -> Weight {
		weight(2_989_961, [7, 2], [513, 8])
	}
}
