//! What `pallet-clearing` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_clearing::WeightInfo for Measured {
	fn top_up() -> Weight {
		weight(55_677, [7, 3], [0, 0])
	}

	fn draw_down() -> Weight {
		weight(76_340, [19, 3], [0, 0])
	}

	fn grant_credit_line() -> Weight {
		weight(31_292, [26, 1], [0, 0])
	}

	fn accept_credit_line() -> Weight {
		weight(14_252, [5, 1], [0, 0])
	}

	fn report_deposit() -> Weight {
		weight(17_663, [7, 0], [1, 1])
	}

	fn confirm_deposit() -> Weight {
		weight(44_534, [11, 3], [1, 1])
	}

	fn attest_deposits() -> Weight {
		weight(16_939, [7, 1], [0, 0])
	}

	fn request_payout() -> Weight {
		weight(111_866, [21, 4], [0, 0])
	}

	fn end_payout() -> Weight {
		weight(36_774, [9, 4], [0, 0])
	}

	fn appoint_deposit_role() -> Weight {
		weight(936_216, [524, 3], [0, 0])
	}

	fn plan(p: u32) -> Weight {
		weight(1_151_152, [716, 71], [0, 0])
			.saturating_add(weight(4_096, [1, 0], [0, 0]).saturating_mul(p.into()))
	}

	fn post(p: u32) -> Weight {
		weight(999, [7, 4], [0, 0]).saturating_add(weight(8_698, [3, 3], [0, 0]).saturating_mul(p.into()))
	}

	fn post_drawn(p: u32) -> Weight {
		weight(11_720, [22, 14], [0, 0])
			.saturating_add(weight(56_565, [7, 6], [0, 0]).saturating_mul(p.into()))
	}

	fn escalate() -> Weight {
		weight(302_121, [36, 26], [0, 113])
	}

	fn end_member() -> Weight {
		weight(602_434, [35, 25], [32, 32])
	}

	fn fall_overdue() -> Weight {
		weight(302_650, [34, 21], [1, 114])
	}

	fn pay_arrears() -> Weight {
		weight(152_260, [18, 4], [3, 2])
	}
}
