//! What `pallet-points` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_points::WeightInfo for Measured {
	fn create_program() -> Weight {
		weight(205_355, [7, 4], [13, 6])
	}

	fn issue_batch(n: u32) -> Weight {
		weight(21_681, [20, 6], [3, 1])
			.saturating_add(weight(42_769, [0, 0], [4, 3]).saturating_mul(n.into()))
	}

	fn revise_terms() -> Weight {
		weight(83_714, [6, 1], [3, 0])
	}

	fn cancel_award() -> Weight {
		weight(200_638, [8, 4], [6, 3])
	}

	fn mature(n: u32) -> Weight {
		weight(210_752, [7, 2], [503, 1])
			.saturating_add(weight(51_577, [0, 0], [3, 3]).saturating_mul(n.into()))
	}

	fn donate_programs(p: u32) -> Weight {
		weight(46_946, [5, 0], [4, 2])
			.saturating_add(weight(187_770, [9, 1], [8, 2]).saturating_mul(p.into()))
	}

	fn donate_vintages(v: u32) -> Weight {
		weight(1_535_737, [77, 8], [68, 18])
			.saturating_add(weight(54_812, [0, 1], [1, 2]).saturating_mul(v.into()))
	}

	fn close_period() -> Weight {
		weight(120_869, [19, 1], [4, 2])
	}

	fn expire(h: u32) -> Weight {
		weight(298_069, [22, 9], [5, 3])
			.saturating_add(weight(47_715, [0, 0], [3, 1]).saturating_mul(h.into()))
	}

	fn review_reserves() -> Weight {
		weight(554_003, [30, 19], [1, 112])
	}

	fn sweep(n: u32) -> Weight {
		weight(79_107, [3, 2], [5, 4]).saturating_add(weight(22_016, [0, 0], [2, 2]).saturating_mul(n.into()))
	}

	fn forget_orders(n: u32) -> Weight {
		weight(53_162, [4, 0], [2, 1]).saturating_add(weight(3_161, [0, 0], [0, 1]).saturating_mul(n.into()))
	}
}
