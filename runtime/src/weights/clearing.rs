//! What `pallet-clearing` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_clearing::WeightInfo for Measured {
	fn top_up() -> Weight {
		weight(167_245, [6, 3], [1, 0])
	}

	fn draw_down() -> Weight {
		weight(174_139, [18, 3], [1, 0])
	}

	fn grant_credit_line() -> Weight {
		weight(118_664, [25, 1], [1, 0])
	}

	fn accept_credit_line() -> Weight {
		weight(61_898, [4, 1], [1, 0])
	}

	fn report_deposit() -> Weight {
		weight(64_173, [6, 0], [2, 1])
	}

	fn confirm_deposit() -> Weight {
		weight(105_909, [10, 3], [2, 1])
	}

	fn attest_deposits() -> Weight {
		weight(60_525, [6, 1], [1, 0])
	}

	fn request_payout() -> Weight {
		weight(189_660, [20, 4], [1, 0])
	}

	fn end_payout() -> Weight {
		weight(96_723, [8, 4], [1, 0])
	}

	fn appoint_deposit_role() -> Weight {
		weight(2_144_655, [523, 3], [1, 0])
	}

	fn plan(p: u32) -> Weight {
		weight(1_591_807, [716, 71], [0, 0])
			.saturating_add(weight(7_214, [1, 0], [0, 0]).saturating_mul(p.into()))
	}

	fn post(p: u32) -> Weight {
		weight(10_919, [7, 4], [0, 0]).saturating_add(weight(14_317, [3, 3], [0, 0]).saturating_mul(p.into()))
	}

	fn post_drawn(p: u32) -> Weight {
		weight(284_023, [22, 14], [0, 0])
			.saturating_add(weight(67_559, [7, 6], [0, 0]).saturating_mul(p.into()))
	}

	fn escalate() -> Weight {
		weight(406_976, [36, 26], [0, 113])
	}

	fn end_member() -> Weight {
		weight(724_963, [35, 25], [32, 32])
	}

	fn fall_overdue() -> Weight {
		weight(408_371, [34, 21], [1, 114])
	}

	fn pay_arrears() -> Weight {
		weight(224_458, [18, 4], [3, 2])
	}
}
