//! What `pallet-points` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_points::WeightInfo for Measured {
	fn create_program() -> Weight {
		weight(61_096, [20, 9], [0, 1])
	}

	fn issue_batch(n: u32) -> Weight {
		weight(4_373, [23, 6], [0, 1]).saturating_add(weight(18_243, [0, 0], [4, 3]).saturating_mul(n.into()))
	}

	fn revise_terms() -> Weight {
		weight(17_465, [9, 1], [0, 0])
	}

	fn cancel_award() -> Weight {
		weight(63_256, [10, 4], [4, 3])
	}

	fn mature(n: u32) -> Weight {
		weight(85_200, [8, 2], [502, 1])
			.saturating_add(weight(25_385, [0, 0], [3, 3]).saturating_mul(n.into()))
	}

	fn donate_programs(p: u32) -> Weight {
		weight(78_666, [6, 0], [4, 2]).saturating_add(weight(64_824, [9, 1], [8, 2]).saturating_mul(p.into()))
	}

	fn donate_vintages(v: u32) -> Weight {
		weight(687_473, [78, 8], [68, 18])
			.saturating_add(weight(29_808, [0, 1], [1, 2]).saturating_mul(v.into()))
	}

	fn close_period() -> Weight {
		weight(40_151, [19, 1], [4, 2])
	}

	fn expire(h: u32) -> Weight {
		weight(176_986, [22, 9], [5, 3])
			.saturating_add(weight(20_984, [0, 0], [3, 1]).saturating_mul(h.into()))
	}

	fn review_reserves() -> Weight {
		weight(224_021, [31, 19], [0, 112])
	}

	fn sweep(n: u32) -> Weight {
		weight(30_035, [4, 3], [4, 3]).saturating_add(weight(9_794, [0, 0], [2, 2]).saturating_mul(n.into()))
	}

	fn forget_orders(n: u32) -> Weight {
		weight(26_064, [4, 0], [2, 1]).saturating_add(weight(1_123, [0, 0], [0, 1]).saturating_mul(n.into()))
	}
}
