//! What `pallet-rulebook` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_rulebook::WeightInfo for Measured {
	fn begin_block() -> Weight {
		weight(159_226, [2, 0], [64, 0])
	}

	fn amend() -> Weight {
		weight(2_961_860, [40, 3], [512, 0])
	}

	fn retract() -> Weight {
		weight(2_791_286, [7, 2], [512, 0])
	}

	fn enact() -> Weight {
		weight(2_809_122, [7, 3], [512, 0])
	}

	fn apply_amendment() -> Weight {
		weight(5_949_167, [530, 264], [513, 0])
	}

	fn dispatch_call() -> Weight {
		weight(6_169_413, [529, 260], [513, 0])
	}

	fn file() -> Weight {
		weight(101_851, [4, 1], [1, 33])
	}

	fn watch_motions() -> Weight {
		weight(100_690, [7, 1], [0, 32])
	}

	fn lapse() -> Weight {
		weight(115_041, [7, 2], [2, 2])
	}
}
