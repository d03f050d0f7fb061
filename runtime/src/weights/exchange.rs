//! What `pallet-exchange` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(159_435, [11, 1], [6, 5])
			.saturating_add(weight(236_256, [11, 7], [3, 3]).saturating_mul(l.into()))
	}

	fn pay_burns(b: u32) -> Weight {
		weight(2_007_823, [99, 57], [30, 29])
			.saturating_add(weight(58_030, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn pay_offered(l: u32) -> Weight {
		weight(195_284, [11, 1], [6, 5])
			.saturating_add(weight(285_713, [11, 7], [3, 3]).saturating_mul(l.into()))
	}

	fn exchange(b: u32) -> Weight {
		weight(552_703, [30, 11], [11, 9])
			.saturating_add(weight(64_299, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn refund(b: u32) -> Weight {
		weight(132_682, [21, 5], [9, 5])
			.saturating_add(weight(234_279, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn authorize_legs(l: u32) -> Weight {
		weight(143_440, [10, 0], [4, 4])
			.saturating_add(weight(166_638, [10, 5], [2, 1]).saturating_mul(l.into()))
	}

	fn authorize_burns(b: u32) -> Weight {
		weight(1_427_762, [90, 40], [20, 12])
			.saturating_add(weight(65_808, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn capture(b: u32) -> Weight {
		weight(360_437, [17, 7], [11, 9])
			.saturating_add(weight(33_443, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn void(b: u32) -> Weight {
		weight(129_102, [4, 0], [6, 4])
			.saturating_add(weight(72_296, [2, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn present_slips(s: u32) -> Weight {
		weight(97_175, [5, 1], [2, 0]).saturating_add(weight(67_019, [0, 0], [1, 1]).saturating_mul(s.into()))
	}

	fn check_receipt() -> Weight {
		weight(21_692, [3, 0], [2, 0])
	}

	fn drop_receipt(b: u32) -> Weight {
		weight(185_009, [7, 2], [5, 4])
			.saturating_add(weight(15_256, [1, 0], [0, 0]).saturating_mul(b.into()))
	}

	fn unlist_receipt() -> Weight {
		weight(78_497, [4, 0], [3, 1])
	}
}
