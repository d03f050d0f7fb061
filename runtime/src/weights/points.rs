//! What `pallet-points` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_points::WeightInfo for Measured {
	fn create_program() -> Weight {
		weight(48_893, [16, 8], [0, 1])
	}

	fn issue_batch(n: u32) -> Weight {
		weight(45_638, [16, 5], [0, 1])
			.saturating_add(weight(15_922, [0, 0], [4, 3]).saturating_mul(n.into()))
	}

	fn revise_terms() -> Weight {
		weight(14_822, [6, 1], [0, 0])
	}

	fn cancel_award() -> Weight {
		weight(54_391, [7, 4], [4, 3])
	}

	fn mature(n: u32) -> Weight {
		weight(68_001, [4, 2], [502, 1])
			.saturating_add(weight(20_312, [0, 0], [3, 3]).saturating_mul(n.into()))
	}

	fn donate_programs(p: u32) -> Weight {
		weight(4_067, [1, 0], [4, 2]).saturating_add(weight(53_286, [9, 1], [8, 2]).saturating_mul(p.into()))
	}

	fn donate_vintages(v: u32) -> Weight {
		weight(449_897, [73, 8], [68, 18])
			.saturating_add(weight(19_343, [0, 1], [1, 2]).saturating_mul(v.into()))
	}

	fn close_period() -> Weight {
		weight(25_248, [17, 1], [4, 2])
	}

	fn expire(h: u32) -> Weight {
		weight(93_866, [19, 9], [5, 3])
			.saturating_add(weight(17_629, [0, 0], [3, 1]).saturating_mul(h.into()))
	}

	fn review_reserves() -> Weight {
		weight(184_555, [27, 19], [0, 112])
	}

	fn sweep(n: u32) -> Weight {
		weight(19_499, [3, 3], [4, 3]).saturating_add(weight(7_070, [0, 0], [2, 2]).saturating_mul(n.into()))
	}

	fn forget_orders(n: u32) -> Weight {
		weight(8_333, [1, 0], [2, 1]).saturating_add(weight(1_282, [0, 0], [0, 1]).saturating_mul(n.into()))
	}
}
