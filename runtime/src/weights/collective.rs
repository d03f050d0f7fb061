//! What `pallet-collective` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::motions::MotionCosts for Measured {
	fn propose(m: u32) -> Weight {
		weight(283_548, [8, 3], [5, 5])
			.saturating_add(weight(11_371, [0, 0], [2, 0]).saturating_mul(m.into()))
	}

	fn vote(m: u32) -> Weight {
		weight(55_172, [2, 0], [1, 1]).saturating_add(weight(51, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn close_approved(m: u32) -> Weight {
		weight(207_350, [10, 5], [2, 2])
			.saturating_add(weight(10_045, [0, 0], [1, 1]).saturating_mul(m.into()))
	}

	fn close_disapproved(m: u32) -> Weight {
		weight(100_084, [4, 1], [2, 2]).saturating_add(weight(117, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn release_proposal_cost() -> Weight {
		weight(152_908, [4, 0], [5, 4])
	}
}
