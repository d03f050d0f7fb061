//! What `pallet-exchange` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(75_873, [6, 3], [3, 2])
			.saturating_add(weight(52_046, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn pay_burns(b: u32) -> Weight {
		weight(462_744, [110, 75], [11, 10])
			.saturating_add(weight(14_913, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn pay_charged(l: u32) -> Weight {
		weight(22_342, [5, 2], [1, 1])
			.saturating_add(weight(65_713, [13, 9], [1, 1]).saturating_mul(l.into()))
	}

	fn exchange(b: u32) -> Weight {
		weight(119_937, [28, 15], [3, 3])
			.saturating_add(weight(18_063, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn refund(b: u32) -> Weight {
		weight(40_002, [20, 7], [4, 2])
			.saturating_add(weight(51_687, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn authorize_legs(l: u32) -> Weight {
		weight(37_635, [4, 0], [1, 3])
			.saturating_add(weight(46_214, [11, 5], [1, 1]).saturating_mul(l.into()))
	}

	fn authorize_burns(b: u32) -> Weight {
		weight(351_649, [92, 40], [11, 12])
			.saturating_add(weight(15_877, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn capture(b: u32) -> Weight {
		weight(78_390, [15, 10], [6, 5])
			.saturating_add(weight(6_897, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn void(b: u32) -> Weight {
		weight(13_901, [0, 1], [6, 3]).saturating_add(weight(21_304, [2, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn present_slips(s: u32) -> Weight {
		weight(10_628, [21, 12], [1, 0])
			.saturating_add(weight(101_385, [0, 0], [6, 4]).saturating_mul(s.into()))
	}

	fn present_programs(p: u32) -> Weight {
		weight(13_203_554, [18, 25], [769, 512])
			.saturating_add(weight(17_573, [12, 7], [0, 0]).saturating_mul(p.into()))
	}

	fn present_recoveries(r: u32) -> Weight {
		weight(5_721_815, [4, 1], [128, 0])
			.saturating_add(weight(4_977, [0, 0], [0, 1]).saturating_mul(r.into()))
	}

	fn check_receipt() -> Weight {
		weight(5_548, [2, 0], [1, 0])
	}

	fn drop_receipt(b: u32) -> Weight {
		weight(46_454, [7, 5], [2, 1]).saturating_add(weight(3_321, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn unlist_receipt() -> Weight {
		weight(28_343, [2, 1], [2, 1])
	}
}
