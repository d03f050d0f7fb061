//! What `pallet-exchange` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(332_805, [11, 1], [6, 5])
			.saturating_add(weight(267_450, [11, 7], [3, 3]).saturating_mul(l.into()))
	}

	fn pay_burns(b: u32) -> Weight {
		weight(2_959_581, [99, 57], [30, 29])
			.saturating_add(weight(79_290, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn pay_offered(l: u32) -> Weight {
		weight(508_263, [11, 1], [6, 5])
			.saturating_add(weight(358_607, [11, 7], [3, 3]).saturating_mul(l.into()))
	}

	fn exchange(b: u32) -> Weight {
		weight(692_408, [30, 11], [11, 9])
			.saturating_add(weight(52_947, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn refund(b: u32) -> Weight {
		weight(517_569, [21, 5], [9, 5])
			.saturating_add(weight(385_991, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn authorize_legs(l: u32) -> Weight {
		weight(324_984, [10, 0], [4, 4])
			.saturating_add(weight(248_297, [10, 5], [2, 1]).saturating_mul(l.into()))
	}

	fn authorize_burns(b: u32) -> Weight {
		weight(2_603_561, [90, 40], [20, 12])
			.saturating_add(weight(68_563, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn capture(b: u32) -> Weight {
		weight(411_805, [17, 7], [11, 9])
			.saturating_add(weight(62_202, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn void(b: u32) -> Weight {
		weight(344_070, [4, 0], [6, 4])
			.saturating_add(weight(72_915, [2, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn present_slips(s: u32) -> Weight {
		weight(457_533, [5, 1], [2, 0])
			.saturating_add(weight(72_943, [0, 0], [1, 1]).saturating_mul(s.into()))
	}

	fn check_receipt() -> Weight {
		weight(27_431, [3, 0], [2, 0])
	}

	fn drop_receipt(b: u32) -> Weight {
		weight(197_122, [7, 2], [5, 4])
			.saturating_add(weight(16_010, [1, 0], [0, 0]).saturating_mul(b.into()))
	}

	fn unlist_receipt() -> Weight {
		weight(110_304, [4, 0], [3, 1])
	}
}
