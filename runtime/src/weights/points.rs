//! What `pallet-points` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_points::WeightInfo for Measured {
	fn create_program() -> Weight {
		weight(197_964, [7, 4], [13, 6])
	}

	fn issue_batch(n: u32) -> Weight {
		weight(214_509, [20, 6], [3, 1])
			.saturating_add(weight(43_149, [0, 0], [4, 3]).saturating_mul(n.into()))
	}

	fn revise_terms() -> Weight {
		weight(91_606, [6, 1], [3, 0])
	}

	fn cancel_award() -> Weight {
		weight(207_328, [8, 4], [6, 3])
	}

	fn mature(n: u32) -> Weight {
		weight(236_812, [7, 2], [503, 1])
			.saturating_add(weight(56_530, [0, 0], [3, 3]).saturating_mul(n.into()))
	}

	fn donate_programs(p: u32) -> Weight {
		weight(78_016, [5, 0], [4, 2])
			.saturating_add(weight(187_314, [9, 1], [8, 2]).saturating_mul(p.into()))
	}

	fn donate_vintages(v: u32) -> Weight {
		weight(1_377_988, [77, 8], [68, 18])
			.saturating_add(weight(66_560, [0, 1], [1, 2]).saturating_mul(v.into()))
	}

	fn close_period() -> Weight {
		weight(127_991, [19, 1], [4, 2])
	}

	fn expire(h: u32) -> Weight {
		weight(307_346, [22, 9], [5, 3])
			.saturating_add(weight(50_083, [0, 0], [3, 1]).saturating_mul(h.into()))
	}

	fn review_reserves() -> Weight {
		weight(571_799, [30, 19], [1, 112])
	}

	fn sweep(n: u32) -> Weight {
		weight(87_770, [3, 2], [5, 4]).saturating_add(weight(23_008, [0, 0], [2, 2]).saturating_mul(n.into()))
	}

	fn forget_orders(n: u32) -> Weight {
		weight(51_019, [4, 0], [2, 1]).saturating_add(weight(3_187, [0, 0], [0, 1]).saturating_mul(n.into()))
	}
}
