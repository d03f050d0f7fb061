//! What `pallet-exchange` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(153_394, [13, 3], [4, 3])
			.saturating_add(weight(100_617, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn pay_burns(b: u32) -> Weight {
		weight(878_969, [117, 75], [12, 11])
			.saturating_add(weight(31_322, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn pay_offered(l: u32) -> Weight {
		weight(162_162, [13, 3], [4, 3])
			.saturating_add(weight(130_175, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn exchange(b: u32) -> Weight {
		weight(365_217, [35, 16], [6, 4])
			.saturating_add(weight(30_654, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn refund(b: u32) -> Weight {
		weight(247_240, [26, 8], [5, 2])
			.saturating_add(weight(93_747, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn authorize_legs(l: u32) -> Weight {
		weight(103_562, [10, 0], [4, 4])
			.saturating_add(weight(84_938, [11, 5], [1, 1]).saturating_mul(l.into()))
	}

	fn authorize_burns(b: u32) -> Weight {
		weight(762_739, [98, 40], [12, 12])
			.saturating_add(weight(28_266, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn capture(b: u32) -> Weight {
		weight(237_433, [21, 10], [7, 6])
			.saturating_add(weight(12_787, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn void(b: u32) -> Weight {
		weight(75_584, [4, 0], [6, 4]).saturating_add(weight(38_398, [2, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn present_slips(s: u32) -> Weight {
		weight(22_749, [7, 1], [1, 0]).saturating_add(weight(59_000, [0, 0], [1, 1]).saturating_mul(s.into()))
	}

	fn check_receipt() -> Weight {
		weight(18_065, [3, 0], [2, 0])
	}

	fn drop_receipt(b: u32) -> Weight {
		weight(126_623, [9, 4], [3, 2]).saturating_add(weight(7_322, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn unlist_receipt() -> Weight {
		weight(63_286, [4, 0], [3, 1])
	}
}
