//! What `pallet-rulebook` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_rulebook::WeightInfo for Measured {
	fn begin_block() -> Weight {
		weight(158_376, [2, 0], [64, 0])
	}

	fn amend() -> Weight {
		weight(3_053_986, [40, 3], [512, 0])
	}

	fn retract() -> Weight {
		weight(2_938_795, [7, 2], [512, 0])
	}

	fn enact() -> Weight {
		weight(3_049_459, [7, 3], [512, 0])
	}

	fn apply_amendment() -> Weight {
		weight(6_076_385, [530, 264], [513, 0])
	}

	fn dispatch_call() -> Weight {
		weight(6_222_843, [529, 260], [513, 0])
	}

	fn file() -> Weight {
		weight(97_004, [4, 1], [1, 33])
	}

	fn watch_motions() -> Weight {
		weight(95_582, [7, 1], [0, 32])
	}

	fn lapse() -> Weight {
		weight(117_996, [7, 2], [2, 2])
	}
}
