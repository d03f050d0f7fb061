//! What `pallet-rulebook` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_rulebook::WeightInfo for Measured {
	fn begin_block() -> Weight {
		weight(92_374, [2, 0], [64, 0])
	}

	fn amend() -> Weight {
		weight(1_893_181, [552, 3], [0, 0])
	}

	fn retract() -> Weight {
		weight(1_755_572, [519, 2], [0, 0])
	}

	fn enact() -> Weight {
		weight(1_802_166, [519, 3], [0, 0])
	}

	fn apply_amendment() -> Weight {
		weight(2_902_918, [1043, 264], [0, 0])
	}

	fn dispatch_call() -> Weight {
		weight(2_912_796, [1042, 260], [0, 0])
	}

	fn file() -> Weight {
		weight(70_774, [4, 1], [1, 33])
	}

	fn watch_motions() -> Weight {
		weight(60_825, [7, 1], [0, 32])
	}

	fn lapse() -> Weight {
		weight(83_440, [7, 2], [2, 2])
	}
}
