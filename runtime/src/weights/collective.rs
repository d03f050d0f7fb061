//! What `pallet-collective` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::motions::MotionCosts for Measured {
	fn propose(m: u32) -> Weight {
		weight(191_684, [9, 5], [4, 3]).saturating_add(weight(7_984, [2, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn vote(m: u32) -> Weight {
		weight(44_843, [2, 0], [1, 1]).saturating_add(weight(77, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn close_approved(m: u32) -> Weight {
		weight(185_329, [10, 5], [2, 2])
			.saturating_add(weight(5_749, [1, 1], [0, 0]).saturating_mul(m.into()))
	}

	fn close_disapproved(m: u32) -> Weight {
		weight(90_131, [4, 1], [2, 2]).saturating_add(weight(118, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn release_proposal_cost() -> Weight {
		weight(129_072, [6, 2], [3, 2])
	}
}
