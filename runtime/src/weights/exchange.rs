//! What `pallet-exchange` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(27_141, [14, 3], [3, 3])
			.saturating_add(weight(78_944, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn pay_burns(b: u32) -> Weight {
		weight(631_692, [118, 75], [11, 11])
			.saturating_add(weight(25_242, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn pay_charged(l: u32) -> Weight {
		weight(68_507, [14, 3], [1, 2])
			.saturating_add(weight(98_747, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn exchange(b: u32) -> Weight {
		weight(201_565, [36, 16], [3, 3])
			.saturating_add(weight(26_008, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn refund(b: u32) -> Weight {
		weight(40_179, [27, 8], [4, 2])
			.saturating_add(weight(91_675, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn authorize_legs(l: u32) -> Weight {
		weight(53_813, [11, 0], [1, 3])
			.saturating_add(weight(78_126, [11, 5], [1, 1]).saturating_mul(l.into()))
	}

	fn authorize_burns(b: u32) -> Weight {
		weight(470_949, [99, 40], [11, 12])
			.saturating_add(weight(27_059, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn capture(b: u32) -> Weight {
		weight(135_547, [22, 10], [6, 6])
			.saturating_add(weight(8_318, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn void(b: u32) -> Weight {
		weight(56_790, [4, 0], [6, 4]).saturating_add(weight(34_044, [2, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn present_slips(s: u32) -> Weight {
		weight(55_348, [8, 1], [0, 0]).saturating_add(weight(51_783, [0, 0], [1, 1]).saturating_mul(s.into()))
	}

	fn check_receipt() -> Weight {
		weight(6_926, [3, 0], [2, 0])
	}

	fn drop_receipt(b: u32) -> Weight {
		weight(57_386, [9, 4], [3, 2]).saturating_add(weight(5_291, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn unlist_receipt() -> Weight {
		weight(36_930, [4, 0], [3, 1])
	}
}
