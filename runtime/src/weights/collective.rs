//! What `pallet-collective` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::motions::MotionCosts for Measured {
	fn propose(m: u32) -> Weight {
		weight(36_000, [1, 2], [4, 3]).saturating_add(weight(3_642, [2, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn vote(m: u32) -> Weight {
		weight(14_839, [0, 0], [1, 1]).saturating_add(weight(37, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn close_approved(m: u32) -> Weight {
		weight(96_919, [1, 1], [2, 2]).saturating_add(weight(3_148, [1, 1], [0, 0]).saturating_mul(m.into()))
	}

	fn close_disapproved(m: u32) -> Weight {
		weight(34_109, [0, 0], [2, 2]).saturating_add(weight(130, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn release_proposal_cost() -> Weight {
		weight(42_964, [2, 2], [3, 2])
	}
}
