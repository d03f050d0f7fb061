//! What `pallet-conduct` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(107_217, [12, 9], [0, 1])
	}

	fn file_complaint() -> Weight {
		weight(76_368, [9, 3], [3, 3])
	}

	fn answer_complaints() -> Weight {
		weight(24_081, [3, 1], [0, 0])
	}

	fn open_case() -> Weight {
		weight(91_587, [13, 5], [0, 1])
	}

	fn uphold_complaint() -> Weight {
		weight(7_692_928, [699, 151], [60, 61])
	}

	fn reverse_fine() -> Weight {
		weight(1_025_628, [589, 6], [0, 1])
	}

	fn end_fine() -> Weight {
		weight(57_839, [11, 7], [2, 1])
	}

	fn end_case() -> Weight {
		weight(66_290, [8, 5], [2, 1])
	}

	fn step_of_complaint() -> Weight {
		weight(57_319, [7, 3], [3, 4])
	}

	fn default_judgement(b: u32) -> Weight {
		weight(107_006, [31, 15], [6, 5])
			.saturating_add(weight(120_081, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn assess() -> Weight {
		weight(1_834_338, [1289, 257], [0, 0])
	}

	fn settle_members(m: u32) -> Weight {
		weight(91_603, [6, 3], [0, 0]).saturating_add(weight(49_196, [4, 3], [0, 0]).saturating_mul(m.into()))
	}

	fn stop_offline(n: u32) -> Weight {
		weight(218_347, [110, 1], [0, 0])
			.saturating_add(weight(135_887, [2, 2], [0, 0]).saturating_mul(n.into()))
	}
}
