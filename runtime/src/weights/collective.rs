//! What `pallet-collective` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::motions::MotionCosts for Measured {
	fn propose(m: u32) -> Weight {
		weight(41_699, [1, 2], [4, 3]).saturating_add(weight(2_989, [2, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn vote(m: u32) -> Weight {
		weight(10_352, [0, 0], [1, 1]).saturating_add(weight(36, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn close_approved(m: u32) -> Weight {
		weight(36_376, [1, 1], [2, 2]).saturating_add(weight(3_302, [1, 1], [0, 0]).saturating_mul(m.into()))
	}

	fn close_disapproved(m: u32) -> Weight {
		weight(26_839, [0, 0], [2, 2]).saturating_add(weight(81, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn release_proposal_cost() -> Weight {
		weight(33_009, [2, 2], [3, 2])
	}
}
