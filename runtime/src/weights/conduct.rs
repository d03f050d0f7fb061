//! What `pallet-conduct` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(81_257, [7, 8], [0, 1])
	}

	fn file_complaint() -> Weight {
		weight(59_684, [3, 2], [3, 3])
	}

	fn answer_complaints() -> Weight {
		weight(15_843, [2, 1], [0, 0])
	}

	fn open_case() -> Weight {
		weight(77_307, [8, 4], [0, 1])
	}

	fn uphold_complaint() -> Weight {
		weight(6_385_870, [690, 149], [61, 60])
	}

	fn reverse_fine() -> Weight {
		weight(908_497, [583, 6], [0, 1])
	}

	fn end_fine() -> Weight {
		weight(51_684, [8, 6], [2, 1])
	}

	fn end_case() -> Weight {
		weight(55_382, [6, 5], [2, 1])
	}

	fn step_of_complaint() -> Weight {
		weight(46_262, [3, 2], [4, 3])
	}

	fn default_judgement(b: u32) -> Weight {
		weight(213_151, [24, 13], [7, 4])
			.saturating_add(weight(94_228, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn assess() -> Weight {
		weight(1_532_441, [1285, 256], [0, 0])
	}

	fn settle_members(m: u32) -> Weight {
		weight(40_940, [1, 1], [0, 0]).saturating_add(weight(38_501, [4, 3], [0, 0]).saturating_mul(m.into()))
	}

	fn stop_offline(n: u32) -> Weight {
		weight(196_869, [107, 0], [0, 0])
			.saturating_add(weight(119_621, [2, 2], [0, 0]).saturating_mul(n.into()))
	}
}
