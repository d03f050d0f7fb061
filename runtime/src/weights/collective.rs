//! What `pallet-collective` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::motions::MotionCosts for Measured {
	fn propose(m: u32) -> Weight {
		weight(72_281, [9, 5], [4, 3]).saturating_add(weight(3_211, [2, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn vote(m: u32) -> Weight {
		weight(16_354, [2, 0], [1, 1]).saturating_add(weight(42, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn close_approved(m: u32) -> Weight {
		weight(95_810, [10, 5], [2, 2]).saturating_add(weight(3_775, [1, 1], [0, 0]).saturating_mul(m.into()))
	}

	fn close_disapproved(m: u32) -> Weight {
		weight(44_316, [4, 1], [2, 2]).saturating_add(weight(132, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn release_proposal_cost() -> Weight {
		weight(51_782, [6, 2], [3, 2])
	}
}
