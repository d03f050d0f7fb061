//! What `pallet-conduct` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(169_602, [12, 9], [0, 1])
	}

	fn file_complaint() -> Weight {
		weight(125_899, [9, 3], [3, 3])
	}

	fn answer_complaints() -> Weight {
		weight(49_869, [3, 1], [0, 0])
	}

	fn open_case() -> Weight {
		weight(166_132, [13, 5], [0, 1])
	}

	fn uphold_complaint() -> Weight {
		weight(9_365_028, [699, 151], [60, 61])
	}

	fn reverse_fine() -> Weight {
		weight(2_149_118, [589, 6], [0, 1])
	}

	fn end_fine() -> Weight {
		weight(129_819, [11, 7], [2, 1])
	}

	fn end_case() -> Weight {
		weight(123_973, [8, 5], [2, 1])
	}

	fn step_of_complaint() -> Weight {
		weight(106_413, [7, 3], [3, 4])
	}

	fn default_judgement(b: u32) -> Weight {
		weight(371_622, [31, 15], [6, 5])
			.saturating_add(weight(124_509, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn assess() -> Weight {
		weight(4_297_131, [1289, 257], [0, 0])
	}

	fn settle_members(m: u32) -> Weight {
		weight(109_884, [6, 3], [0, 0])
			.saturating_add(weight(56_849, [4, 3], [0, 0]).saturating_mul(m.into()))
	}

	fn stop_offline(n: u32) -> Weight {
		weight(238_197, [110, 1], [0, 0])
			.saturating_add(weight(141_895, [2, 2], [0, 0]).saturating_mul(n.into()))
	}
}
