//! What `pallet-rulebook` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_rulebook::WeightInfo for Measured {
	fn begin_block() -> Weight {
		weight(36_027, [64, 0], [0, 0])
	}

	fn amend() -> Weight {
		weight(803_683, [544, 1], [0, 0])
	}

	fn retract() -> Weight {
		weight(791_823, [513, 1], [0, 0])
	}

	fn enact() -> Weight {
		weight(808_574, [512, 1], [0, 0])
	}

	fn apply_amendment() -> Weight {
		weight(1_408_731, [1032, 259], [0, 0])
	}

	fn dispatch_call() -> Weight {
		weight(1_398_830, [1032, 257], [0, 0])
	}

	fn file() -> Weight {
		weight(29_361, [0, 0], [1, 33])
	}

	fn watch_motions() -> Weight {
		weight(30_532, [0, 0], [0, 32])
	}

	fn lapse() -> Weight {
		weight(49_095, [0, 0], [2, 2])
	}
}
