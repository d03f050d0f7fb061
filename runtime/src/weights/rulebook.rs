//! What `pallet-rulebook` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_rulebook::WeightInfo for Measured {
	fn begin_block() -> Weight {
		weight(39_436, [66, 0], [0, 0])
	}

	fn amend() -> Weight {
		weight(966_993, [552, 3], [0, 0])
	}

	fn retract() -> Weight {
		weight(925_013, [519, 2], [0, 0])
	}

	fn enact() -> Weight {
		weight(934_656, [519, 3], [0, 0])
	}

	fn apply_amendment() -> Weight {
		weight(1_633_152, [1043, 264], [0, 0])
	}

	fn dispatch_call() -> Weight {
		weight(1_590_964, [1042, 260], [0, 0])
	}

	fn file() -> Weight {
		weight(31_443, [4, 1], [1, 33])
	}

	fn watch_motions() -> Weight {
		weight(32_327, [7, 1], [0, 32])
	}

	fn lapse() -> Weight {
		weight(43_442, [7, 2], [2, 2])
	}
}
