//! What `pallet-conduct` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(235_069, [10, 7], [2, 3])
	}

	fn file_complaint() -> Weight {
		weight(155_260, [8, 3], [4, 3])
	}

	fn answer_complaints() -> Weight {
		weight(72_698, [2, 1], [1, 0])
	}

	fn open_case() -> Weight {
		weight(238_323, [10, 3], [3, 3])
	}

	fn uphold_complaint() -> Weight {
		weight(18_539_447, [169, 131], [590, 81])
	}

	fn reverse_fine() -> Weight {
		weight(3_562_742, [76, 4], [513, 3])
	}

	fn end_fine() -> Weight {
		weight(170_623, [8, 4], [5, 4])
	}

	fn end_case() -> Weight {
		weight(186_687, [5, 2], [5, 4])
	}

	fn step_of_complaint() -> Weight {
		weight(138_225, [7, 3], [3, 4])
	}

	fn default_judgement(b: u32) -> Weight {
		weight(566_721, [26, 11], [11, 9])
			.saturating_add(weight(263_837, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn assess() -> Weight {
		weight(6_461_837, [776, 257], [513, 0])
	}

	fn settle_members(m: u32) -> Weight {
		weight(135_191, [5, 2], [1, 1])
			.saturating_add(weight(99_149, [3, 2], [1, 1]).saturating_mul(m.into()))
	}

	fn stop_offline(n: u32) -> Weight {
		weight(790_407, [110, 1], [0, 0])
			.saturating_add(weight(465_486, [2, 2], [0, 0]).saturating_mul(n.into()))
	}
}
