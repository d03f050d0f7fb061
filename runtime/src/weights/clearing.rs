//! What `pallet-clearing` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_clearing::WeightInfo for Measured {
	fn top_up() -> Weight {
		weight(41_484, [6, 3], [0, 0])
	}

	fn draw_down() -> Weight {
		weight(64_851, [15, 3], [0, 0])
	}

	fn grant_credit_line() -> Weight {
		weight(28_179, [24, 1], [0, 0])
	}

	fn accept_credit_line() -> Weight {
		weight(14_314, [4, 1], [0, 0])
	}

	fn report_deposit() -> Weight {
		weight(17_133, [4, 0], [1, 1])
	}

	fn confirm_deposit() -> Weight {
		weight(29_911, [5, 1], [1, 1])
	}

	fn attest_deposits() -> Weight {
		weight(15_645, [4, 0], [0, 0])
	}

	fn request_payout() -> Weight {
		weight(97_413, [16, 4], [0, 0])
	}

	fn end_payout() -> Weight {
		weight(34_923, [7, 3], [0, 0])
	}

	fn appoint_deposit_role() -> Weight {
		weight(818_529, [517, 1], [0, 0])
	}

	fn plan(p: u32) -> Weight {
		weight(1_213_221, [710, 70], [0, 0])
			.saturating_add(weight(3_686, [1, 0], [0, 0]).saturating_mul(p.into()))
	}

	fn post(p: u32) -> Weight {
		weight(14_033, [3, 1], [0, 0]).saturating_add(weight(7_321, [3, 3], [0, 0]).saturating_mul(p.into()))
	}

	fn post_drawn(p: u32) -> Weight {
		weight(59_540, [18, 11], [0, 0])
			.saturating_add(weight(47_850, [7, 6], [0, 0]).saturating_mul(p.into()))
	}

	fn escalate() -> Weight {
		weight(285_118, [28, 23], [0, 113])
	}

	fn end_member() -> Weight {
		weight(427_088, [26, 21], [32, 32])
	}

	fn fall_overdue() -> Weight {
		weight(303_704, [30, 21], [1, 114])
	}

	fn pay_arrears() -> Weight {
		weight(139_473, [13, 4], [3, 2])
	}
}
