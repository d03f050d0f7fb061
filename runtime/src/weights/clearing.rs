//! What `pallet-clearing` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_clearing::WeightInfo for Measured {
	fn top_up() -> Weight {
		weight(30_906, [6, 3], [0, 0])
	}

	fn draw_down() -> Weight {
		weight(45_497, [15, 3], [0, 0])
	}

	fn grant_credit_line() -> Weight {
		weight(20_100, [24, 1], [0, 0])
	}

	fn accept_credit_line() -> Weight {
		weight(8_884, [4, 1], [0, 0])
	}

	fn report_deposit() -> Weight {
		weight(11_307, [4, 0], [1, 1])
	}

	fn confirm_deposit() -> Weight {
		weight(21_101, [5, 1], [1, 1])
	}

	fn attest_deposits() -> Weight {
		weight(9_935, [4, 0], [0, 0])
	}

	fn request_payout() -> Weight {
		weight(63_815, [16, 4], [0, 0])
	}

	fn end_payout() -> Weight {
		weight(20_992, [7, 3], [0, 0])
	}

	fn appoint_deposit_role() -> Weight {
		weight(719_421, [517, 1], [0, 0])
	}

	fn plan(p: u32) -> Weight {
		weight(1_027_604, [710, 70], [0, 0])
			.saturating_add(weight(4_390, [1, 0], [0, 0]).saturating_mul(p.into()))
	}

	fn post(p: u32) -> Weight {
		weight(1_060, [3, 1], [0, 0]).saturating_add(weight(6_902, [3, 3], [0, 0]).saturating_mul(p.into()))
	}

	fn post_drawn(p: u32) -> Weight {
		weight(5_093, [18, 11], [0, 0])
			.saturating_add(weight(35_706, [7, 6], [0, 0]).saturating_mul(p.into()))
	}

	fn escalate() -> Weight {
		weight(237_873, [28, 23], [0, 113])
	}

	fn end_member() -> Weight {
		weight(451_471, [26, 21], [32, 32])
	}

	fn fall_overdue() -> Weight {
		weight(216_652, [30, 21], [1, 114])
	}

	fn pay_arrears() -> Weight {
		weight(95_312, [13, 4], [3, 2])
	}
}
