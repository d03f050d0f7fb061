//! What `pallet-exchange` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(163_049, [11, 1], [7, 6])
			.saturating_add(weight(246_421, [11, 7], [3, 3]).saturating_mul(l.into()))
	}

	fn pay_burns(b: u32) -> Weight {
		weight(1_972_725, [99, 57], [31, 30])
			.saturating_add(weight(63_710, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn offer(l: u32) -> Weight {
		weight(220_976, [10, 0], [4, 0])
			.saturating_add(weight(128_174, [15, 0], [8, 0]).saturating_mul(l.into()))
	}

	fn exchange(b: u32) -> Weight {
		weight(665_630, [37, 11], [19, 10])
			.saturating_add(weight(63_520, [0, 1], [0, 1]).saturating_mul(b.into()))
	}

	fn refund(b: u32) -> Weight {
		weight(272_367, [21, 5], [10, 6])
			.saturating_add(weight(233_322, [3, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn authorize_legs(l: u32) -> Weight {
		weight(166_454, [10, 0], [5, 5])
			.saturating_add(weight(164_076, [10, 5], [2, 1]).saturating_mul(l.into()))
	}

	fn authorize_burns(b: u32) -> Weight {
		weight(1_578_387, [90, 40], [21, 13])
			.saturating_add(weight(58_053, [1, 1], [1, 1]).saturating_mul(b.into()))
	}

	fn capture(b: u32) -> Weight {
		weight(389_255, [17, 7], [12, 10])
			.saturating_add(weight(32_955, [1, 1], [0, 0]).saturating_mul(b.into()))
	}

	fn void(b: u32) -> Weight {
		weight(82_570, [4, 0], [7, 5]).saturating_add(weight(79_641, [2, 2], [1, 1]).saturating_mul(b.into()))
	}

	fn present_slips(s: u32) -> Weight {
		weight(86_631, [5, 1], [2, 0]).saturating_add(weight(68_841, [0, 0], [1, 1]).saturating_mul(s.into()))
	}

	fn check_receipt() -> Weight {
		weight(20_200, [3, 0], [2, 0])
	}

	fn drop_receipt(b: u32) -> Weight {
		weight(169_433, [7, 2], [5, 4])
			.saturating_add(weight(15_985, [1, 0], [0, 0]).saturating_mul(b.into()))
	}

	fn unlist_receipt() -> Weight {
		weight(82_192, [4, 0], [3, 1])
	}
}
