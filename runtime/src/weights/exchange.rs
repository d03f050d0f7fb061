//! What `pallet-exchange` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(30_880, [6, 3], [3, 2])
			.saturating_add(weight(71_579, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn pay_burns(b: u32) -> Weight {
		weight(592_839, [110, 75], [11, 10])
			.saturating_add(weight(20_253, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn pay_charged(l: u32) -> Weight {
		weight(33_531, [5, 2], [1, 1])
			.saturating_add(weight(87_519, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn exchange(b: u32) -> Weight {
		weight(174_520, [28, 15], [3, 3])
			.saturating_add(weight(18_902, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn refund(b: u32) -> Weight {
		weight(45_517, [20, 7], [4, 2])
			.saturating_add(weight(75_431, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn authorize_legs(l: u32) -> Weight {
		weight(11_042, [4, 0], [1, 3])
			.saturating_add(weight(72_139, [11, 5], [1, 1]).saturating_mul(l.into()))
	}

	fn authorize_burns(b: u32) -> Weight {
		weight(412_373, [92, 40], [11, 12])
			.saturating_add(weight(21_445, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn capture(b: u32) -> Weight {
		weight(90_106, [15, 10], [6, 5])
			.saturating_add(weight(8_190, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn void(b: u32) -> Weight {
		weight(48_989, [0, 1], [6, 3]).saturating_add(weight(26_794, [2, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn present_slips(s: u32) -> Weight {
		weight(126_860, [21, 12], [1, 0])
			.saturating_add(weight(106_345, [0, 0], [6, 4]).saturating_mul(s.into()))
	}

	fn present_programs(p: u32) -> Weight {
		weight(13_727_908, [18, 25], [769, 512])
			.saturating_add(weight(19_839, [12, 7], [0, 0]).saturating_mul(p.into()))
	}

	fn present_recoveries(r: u32) -> Weight {
		weight(4_693_414, [4, 1], [128, 0])
			.saturating_add(weight(4_858, [0, 0], [0, 1]).saturating_mul(r.into()))
	}

	fn check_receipt() -> Weight {
		weight(7_974, [2, 0], [1, 0])
	}

	fn drop_receipt(b: u32) -> Weight {
		weight(60_914, [7, 5], [2, 1]).saturating_add(weight(4_420, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn unlist_receipt() -> Weight {
		weight(43_714, [2, 1], [2, 1])
	}
}
