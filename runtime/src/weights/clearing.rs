//! What `pallet-clearing` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_clearing::WeightInfo for Measured {
	fn top_up() -> Weight {
		weight(222_531, [3, 1], [4, 2])
	}

	fn draw_down() -> Weight {
		weight(255_039, [15, 1], [4, 2])
	}

	fn grant_credit_line() -> Weight {
		weight(146_908, [23, 1], [3, 0])
	}

	fn accept_credit_line() -> Weight {
		weight(65_397, [3, 1], [2, 0])
	}

	fn report_deposit() -> Weight {
		weight(94_220, [5, 0], [3, 1])
	}

	fn confirm_deposit() -> Weight {
		weight(128_451, [8, 2], [4, 2])
	}

	fn attest_deposits() -> Weight {
		weight(87_320, [6, 1], [2, 0])
	}

	fn request_payout() -> Weight {
		weight(331_703, [17, 2], [4, 2])
	}

	fn end_payout() -> Weight {
		weight(125_377, [5, 2], [4, 2])
	}

	fn appoint_deposit_role() -> Weight {
		weight(3_133_184, [10, 3], [514, 0])
	}

	fn plan(p: u32) -> Weight {
		weight(5_011_184, [514, 2], [203, 69])
			.saturating_add(weight(10_125, [1, 0], [0, 0]).saturating_mul(p.into()))
	}

	fn post(p: u32) -> Weight {
		weight(45_305, [7, 4], [0, 0]).saturating_add(weight(28_428, [3, 3], [0, 0]).saturating_mul(p.into()))
	}

	fn post_drawn(p: u32) -> Weight {
		weight(242_762, [17, 9], [5, 5])
			.saturating_add(weight(140_974, [5, 4], [2, 2]).saturating_mul(p.into()))
	}

	fn escalate() -> Weight {
		weight(821_970, [34, 24], [2, 115])
	}

	fn end_member() -> Weight {
		weight(856_292, [34, 24], [33, 33])
	}

	fn fall_overdue() -> Weight {
		weight(783_884, [32, 19], [3, 116])
	}

	fn pay_arrears() -> Weight {
		weight(398_472, [16, 2], [5, 4])
	}
}
