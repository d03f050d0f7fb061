//! What `pallet-exchange` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(26_105, [14, 3], [3, 3])
			.saturating_add(weight(70_551, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn pay_burns(b: u32) -> Weight {
		weight(659_756, [118, 75], [11, 11])
			.saturating_add(weight(20_291, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn pay_charged(l: u32) -> Weight {
		weight(51_539, [14, 3], [1, 2])
			.saturating_add(weight(86_846, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn exchange(b: u32) -> Weight {
		weight(191_181, [36, 16], [3, 3])
			.saturating_add(weight(23_593, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn refund(b: u32) -> Weight {
		weight(148_104, [27, 8], [4, 2])
			.saturating_add(weight(85_175, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn authorize_legs(l: u32) -> Weight {
		weight(46_359, [11, 0], [1, 3])
			.saturating_add(weight(78_164, [11, 5], [1, 1]).saturating_mul(l.into()))
	}

	fn authorize_burns(b: u32) -> Weight {
		weight(464_987, [99, 40], [11, 12])
			.saturating_add(weight(22_486, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn capture(b: u32) -> Weight {
		weight(128_722, [22, 10], [6, 6])
			.saturating_add(weight(9_363, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn void(b: u32) -> Weight {
		weight(53_518, [4, 0], [6, 4]).saturating_add(weight(33_813, [2, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn present_slips(s: u32) -> Weight {
		weight(60_521, [8, 1], [0, 0]).saturating_add(weight(49_071, [0, 0], [1, 1]).saturating_mul(s.into()))
	}

	fn check_receipt() -> Weight {
		weight(5_819, [3, 0], [2, 0])
	}

	fn drop_receipt(b: u32) -> Weight {
		weight(54_179, [9, 4], [3, 2]).saturating_add(weight(4_444, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn unlist_receipt() -> Weight {
		weight(43_559, [4, 0], [3, 1])
	}
}
