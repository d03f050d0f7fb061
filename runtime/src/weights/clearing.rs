//! What `pallet-clearing` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_clearing::WeightInfo for Measured {
	fn top_up() -> Weight {
		weight(139_437, [3, 1], [4, 2])
	}

	fn draw_down() -> Weight {
		weight(241_518, [15, 1], [4, 2])
	}

	fn grant_credit_line() -> Weight {
		weight(117_735, [23, 1], [3, 0])
	}

	fn accept_credit_line() -> Weight {
		weight(52_548, [3, 1], [2, 0])
	}

	fn report_deposit() -> Weight {
		weight(68_552, [5, 0], [3, 1])
	}

	fn confirm_deposit() -> Weight {
		weight(106_559, [8, 2], [4, 2])
	}

	fn attest_deposits() -> Weight {
		weight(57_676, [6, 1], [2, 0])
	}

	fn request_payout() -> Weight {
		weight(279_335, [17, 2], [4, 2])
	}

	fn end_payout() -> Weight {
		weight(107_370, [5, 2], [4, 2])
	}

	fn appoint_deposit_role() -> Weight {
		weight(2_882_101, [10, 3], [514, 0])
	}

	fn plan(p: u32) -> Weight {
		weight(4_393_147, [514, 2], [203, 69])
			.saturating_add(weight(9_208, [1, 0], [0, 0]).saturating_mul(p.into()))
	}

	fn post(p: u32) -> Weight {
		weight(35_111, [7, 4], [0, 0]).saturating_add(weight(26_950, [3, 3], [0, 0]).saturating_mul(p.into()))
	}

	fn post_drawn(p: u32) -> Weight {
		weight(127_555, [17, 9], [5, 5])
			.saturating_add(weight(132_375, [5, 4], [2, 2]).saturating_mul(p.into()))
	}

	fn escalate() -> Weight {
		weight(720_941, [34, 24], [2, 115])
	}

	fn end_member() -> Weight {
		weight(754_180, [34, 24], [33, 33])
	}

	fn fall_overdue() -> Weight {
		weight(788_822, [32, 19], [3, 116])
	}

	fn pay_arrears() -> Weight {
		weight(369_148, [16, 2], [5, 4])
	}
}
