//! What `pallet-collective` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::motions::MotionCosts for Measured {
	fn propose(m: u32) -> Weight {
		weight(265_948, [8, 3], [5, 5])
			.saturating_add(weight(12_438, [0, 0], [2, 0]).saturating_mul(m.into()))
	}

	fn vote(m: u32) -> Weight {
		weight(67_121, [2, 0], [1, 1]).saturating_add(weight(46, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn close_approved(m: u32) -> Weight {
		weight(349_083, [10, 5], [2, 2])
			.saturating_add(weight(9_945, [0, 0], [1, 1]).saturating_mul(m.into()))
	}

	fn close_disapproved(m: u32) -> Weight {
		weight(109_659, [4, 1], [2, 2]).saturating_add(weight(199, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn release_proposal_cost() -> Weight {
		weight(150_864, [4, 0], [5, 4])
	}
}
