//! What `pallet-points` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_points::WeightInfo for Measured {
	fn create_program() -> Weight {
		weight(55_952, [16, 8], [0, 1])
	}

	fn issue_batch(n: u32) -> Weight {
		weight(124_021, [16, 5], [0, 1])
			.saturating_add(weight(18_661, [0, 0], [4, 3]).saturating_mul(n.into()))
	}

	fn revise_terms() -> Weight {
		weight(18_480, [6, 1], [0, 0])
	}

	fn cancel_award() -> Weight {
		weight(65_037, [7, 4], [4, 3])
	}

	fn mature(n: u32) -> Weight {
		weight(318_924, [4, 2], [502, 1])
			.saturating_add(weight(23_435, [0, 0], [3, 3]).saturating_mul(n.into()))
	}

	fn donate_programs(p: u32) -> Weight {
		weight(72_516, [1, 0], [4, 2]).saturating_add(weight(58_580, [9, 1], [8, 2]).saturating_mul(p.into()))
	}

	fn donate_vintages(v: u32) -> Weight {
		weight(549_723, [73, 8], [68, 18])
			.saturating_add(weight(27_964, [0, 1], [1, 2]).saturating_mul(v.into()))
	}

	fn close_period() -> Weight {
		weight(31_143, [17, 1], [4, 2])
	}

	fn expire(h: u32) -> Weight {
		weight(148_684, [19, 9], [5, 3])
			.saturating_add(weight(20_908, [0, 0], [3, 1]).saturating_mul(h.into()))
	}

	fn review_reserves() -> Weight {
		weight(196_657, [27, 19], [0, 112])
	}

	fn sweep(n: u32) -> Weight {
		weight(24_233, [3, 3], [4, 3]).saturating_add(weight(7_892, [0, 0], [2, 2]).saturating_mul(n.into()))
	}

	fn forget_orders(n: u32) -> Weight {
		weight(12_351, [1, 0], [2, 1]).saturating_add(weight(1_061, [0, 0], [0, 1]).saturating_mul(n.into()))
	}
}
