//! What `pallet-points` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_points::WeightInfo for Measured {
	fn create_program() -> Weight {
		weight(137_232, [19, 9], [1, 1])
	}

	fn issue_batch(n: u32) -> Weight {
		weight(175_130, [22, 6], [1, 1])
			.saturating_add(weight(22_876, [0, 0], [4, 3]).saturating_mul(n.into()))
	}

	fn revise_terms() -> Weight {
		weight(82_727, [8, 1], [1, 0])
	}

	fn cancel_award() -> Weight {
		weight(143_020, [9, 4], [5, 3])
	}

	fn mature(n: u32) -> Weight {
		weight(199_177, [7, 2], [503, 1])
			.saturating_add(weight(32_075, [0, 0], [3, 3]).saturating_mul(n.into()))
	}

	fn donate_programs(p: u32) -> Weight {
		weight(72_827, [5, 0], [5, 2]).saturating_add(weight(99_753, [9, 1], [8, 2]).saturating_mul(p.into()))
	}

	fn donate_vintages(v: u32) -> Weight {
		weight(796_199, [77, 8], [69, 18])
			.saturating_add(weight(34_112, [0, 1], [1, 2]).saturating_mul(v.into()))
	}

	fn close_period() -> Weight {
		weight(110_039, [19, 1], [4, 2])
	}

	fn expire(h: u32) -> Weight {
		weight(353_474, [22, 9], [5, 3])
			.saturating_add(weight(25_669, [0, 0], [3, 1]).saturating_mul(h.into()))
	}

	fn review_reserves() -> Weight {
		weight(332_482, [31, 19], [0, 112])
	}

	fn sweep(n: u32) -> Weight {
		weight(237_394, [4, 3], [4, 3])
			.saturating_add(weight(13_684, [0, 0], [2, 2]).saturating_mul(n.into()))
	}

	fn forget_orders(n: u32) -> Weight {
		weight(49_398, [4, 0], [2, 1]).saturating_add(weight(1_135, [0, 0], [0, 1]).saturating_mul(n.into()))
	}
}
