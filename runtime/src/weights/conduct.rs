//! What `pallet-conduct` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(241_108, [10, 7], [2, 3])
	}

	fn file_complaint() -> Weight {
		weight(167_869, [8, 3], [4, 3])
	}

	fn answer_complaints() -> Weight {
		weight(68_953, [2, 1], [1, 0])
	}

	fn open_case() -> Weight {
		weight(267_046, [10, 3], [3, 3])
	}

	fn uphold_complaint() -> Weight {
		weight(19_205_977, [169, 131], [591, 82])
	}

	fn reverse_fine() -> Weight {
		weight(3_706_505, [76, 4], [513, 3])
	}

	fn end_fine() -> Weight {
		weight(185_556, [8, 4], [5, 4])
	}

	fn end_case() -> Weight {
		weight(285_233, [5, 2], [5, 4])
	}

	fn step_of_complaint() -> Weight {
		weight(216_522, [7, 3], [3, 4])
	}

	fn default_judgement(b: u32) -> Weight {
		weight(924_834, [26, 11], [12, 10])
			.saturating_add(weight(344_837, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn assess() -> Weight {
		weight(10_785_740, [776, 257], [513, 0])
	}

	fn settle_members(m: u32) -> Weight {
		weight(166_197, [5, 2], [1, 1])
			.saturating_add(weight(116_535, [3, 2], [1, 1]).saturating_mul(m.into()))
	}

	fn stop_offline(n: u32) -> Weight {
		weight(28_973, [110, 1], [0, 0])
			.saturating_add(weight(626_902, [2, 2], [0, 0]).saturating_mul(n.into()))
	}
}
