//! What `pallet-clearing` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_clearing::WeightInfo for Measured {
	fn top_up() -> Weight {
		weight(41_123, [7, 3], [0, 0])
	}

	fn draw_down() -> Weight {
		weight(56_912, [19, 3], [0, 0])
	}

	fn grant_credit_line() -> Weight {
		weight(22_374, [26, 1], [0, 0])
	}

	fn accept_credit_line() -> Weight {
		weight(13_825, [5, 1], [0, 0])
	}

	fn report_deposit() -> Weight {
		weight(15_778, [7, 0], [1, 1])
	}

	fn confirm_deposit() -> Weight {
		weight(35_114, [11, 3], [1, 1])
	}

	fn attest_deposits() -> Weight {
		weight(16_985, [7, 1], [0, 0])
	}

	fn request_payout() -> Weight {
		weight(101_981, [21, 4], [0, 0])
	}

	fn end_payout() -> Weight {
		weight(30_705, [9, 4], [0, 0])
	}

	fn appoint_deposit_role() -> Weight {
		weight(898_556, [524, 3], [0, 0])
	}

	fn plan(p: u32) -> Weight {
		weight(1_097_312, [716, 71], [0, 0])
			.saturating_add(weight(3_896, [1, 0], [0, 0]).saturating_mul(p.into()))
	}

	fn post(p: u32) -> Weight {
		weight(9_876, [7, 4], [0, 0]).saturating_add(weight(8_060, [3, 3], [0, 0]).saturating_mul(p.into()))
	}

	fn post_drawn(p: u32) -> Weight {
		weight(33_485, [22, 14], [0, 0])
			.saturating_add(weight(50_664, [7, 6], [0, 0]).saturating_mul(p.into()))
	}

	fn escalate() -> Weight {
		weight(302_394, [36, 26], [0, 113])
	}

	fn end_member() -> Weight {
		weight(470_086, [35, 25], [32, 32])
	}

	fn fall_overdue() -> Weight {
		weight(288_640, [34, 21], [1, 114])
	}

	fn pay_arrears() -> Weight {
		weight(155_097, [18, 4], [3, 2])
	}
}
