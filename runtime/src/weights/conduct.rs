//! What `pallet-conduct` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(60_761, [7, 8], [0, 1])
	}

	fn file_complaint() -> Weight {
		weight(44_787, [3, 2], [3, 3])
	}

	fn answer_complaints() -> Weight {
		weight(16_595, [2, 1], [0, 0])
	}

	fn open_case() -> Weight {
		weight(57_796, [8, 4], [0, 1])
	}

	fn uphold_complaint() -> Weight {
		weight(4_675_806, [690, 149], [61, 60])
	}

	fn reverse_fine() -> Weight {
		weight(842_133, [583, 6], [0, 1])
	}

	fn end_fine() -> Weight {
		weight(37_917, [8, 6], [2, 1])
	}

	fn end_case() -> Weight {
		weight(45_107, [6, 5], [2, 1])
	}

	fn step_of_complaint() -> Weight {
		weight(33_550, [3, 2], [4, 3])
	}

	fn default_judgement(b: u32) -> Weight {
		weight(156_452, [24, 13], [7, 4])
			.saturating_add(weight(65_055, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn assess() -> Weight {
		weight(1_705_668, [1285, 256], [0, 0])
	}

	fn settle_members(m: u32) -> Weight {
		weight(30_655, [1, 1], [0, 0]).saturating_add(weight(28_415, [4, 3], [0, 0]).saturating_mul(m.into()))
	}

	fn stop_offline(n: u32) -> Weight {
		weight(219_671, [107, 0], [0, 0])
			.saturating_add(weight(131_069, [2, 2], [0, 0]).saturating_mul(n.into()))
	}
}
