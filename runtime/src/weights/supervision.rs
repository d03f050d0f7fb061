//! What `pallet-supervision` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_supervision::WeightInfo for Measured {
	fn appoint_supervisor() -> Weight {
		weight(821_622, [514, 0], [0, 0])
	}

	fn request() -> Weight {
		weight(25_736, [1, 1], [2, 3])
	}

	fn disclose() -> Weight {
		weight(12_967, [2, 1], [1, 2])
	}

	fn end_unanswered() -> Weight {
		weight(24_519, [4, 3], [3, 2])
	}

	fn attest_finding() -> Weight {
		weight(17_453, [2, 1], [1, 1])
	}

	fn halt() -> Weight {
		weight(44_019, [1, 1], [2, 9])
	}

	fn ratify_halt() -> Weight {
		weight(847_374, [512, 0], [1, 1])
	}

	fn end_halt() -> Weight {
		weight(883_432, [513, 1], [1, 8])
	}
}
