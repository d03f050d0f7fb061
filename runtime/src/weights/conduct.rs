//! What `pallet-conduct` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(103_368, [12, 9], [0, 1])
	}

	fn file_complaint() -> Weight {
		weight(85_704, [9, 3], [3, 3])
	}

	fn answer_complaints() -> Weight {
		weight(24_209, [3, 1], [0, 0])
	}

	fn open_case() -> Weight {
		weight(95_101, [13, 5], [0, 1])
	}

	fn uphold_complaint() -> Weight {
		weight(8_584_276, [699, 151], [60, 61])
	}

	fn reverse_fine() -> Weight {
		weight(1_063_295, [589, 6], [0, 1])
	}

	fn end_fine() -> Weight {
		weight(58_833, [11, 7], [2, 1])
	}

	fn end_case() -> Weight {
		weight(70_846, [8, 5], [2, 1])
	}

	fn step_of_complaint() -> Weight {
		weight(63_339, [7, 3], [3, 4])
	}

	fn default_judgement(b: u32) -> Weight {
		weight(150_208, [31, 15], [6, 5])
			.saturating_add(weight(119_162, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn assess() -> Weight {
		weight(1_917_190, [1289, 257], [0, 0])
	}

	fn settle_members(m: u32) -> Weight {
		weight(57_062, [6, 3], [0, 0]).saturating_add(weight(48_057, [4, 3], [0, 0]).saturating_mul(m.into()))
	}

	fn stop_offline(n: u32) -> Weight {
		weight(320_063, [110, 1], [0, 0])
			.saturating_add(weight(132_653, [2, 2], [0, 0]).saturating_mul(n.into()))
	}
}
