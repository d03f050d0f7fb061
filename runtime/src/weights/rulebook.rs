//! What `pallet-rulebook` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_rulebook::WeightInfo for Measured {
	fn begin_block() -> Weight {
		weight(29_524, [64, 0], [0, 0])
	}

	fn amend() -> Weight {
		weight(716_336, [544, 1], [0, 0])
	}

	fn retract() -> Weight {
		weight(680_673, [513, 1], [0, 0])
	}

	fn enact() -> Weight {
		weight(720_532, [512, 1], [0, 0])
	}

	fn apply_amendment() -> Weight {
		weight(1_456_146, [1032, 259], [0, 0])
	}

	fn dispatch_call() -> Weight {
		weight(1_458_119, [1032, 257], [0, 0])
	}

	fn file() -> Weight {
		weight(27_491, [0, 0], [1, 33])
	}

	fn watch_motions() -> Weight {
		weight(27_672, [0, 0], [0, 32])
	}

	fn lapse() -> Weight {
		weight(38_157, [0, 0], [2, 2])
	}
}
