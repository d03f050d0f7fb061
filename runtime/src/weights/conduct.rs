//! What `pallet-conduct` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(81_257, [12, 9], [0, 1])
	}

	fn file_complaint() -> Weight {
		weight(59_684, [9, 3], [3, 3])
	}

	fn answer_complaints() -> Weight {
		weight(15_843, [3, 1], [0, 0])
	}

	fn open_case() -> Weight {
		weight(77_307, [13, 5], [0, 1])
	}

	fn uphold_complaint() -> Weight {
		weight(6_385_870, [699, 151], [61, 60])
	}

	fn reverse_fine() -> Weight {
		weight(908_497, [589, 6], [0, 1])
	}

	fn end_fine() -> Weight {
		weight(51_684, [11, 7], [2, 1])
	}

	fn end_case() -> Weight {
		weight(55_382, [8, 5], [2, 1])
	}

	fn step_of_complaint() -> Weight {
		weight(46_262, [7, 3], [4, 3])
	}

	fn default_judgement(b: u32) -> Weight {
		weight(213_151, [31, 15], [7, 4])
			.saturating_add(weight(94_228, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn assess() -> Weight {
		weight(1_532_441, [1289, 257], [0, 0])
	}

	fn settle_members(m: u32) -> Weight {
		weight(40_940, [6, 3], [0, 0]).saturating_add(weight(38_501, [4, 3], [0, 0]).saturating_mul(m.into()))
	}

	fn stop_offline(n: u32) -> Weight {
		weight(196_869, [110, 1], [0, 0])
			.saturating_add(weight(119_621, [2, 2], [0, 0]).saturating_mul(n.into()))
	}
}
