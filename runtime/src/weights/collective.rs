//! What `pallet-collective` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::motions::MotionCosts for Measured {
	fn propose(m: u32) -> Weight {
		weight(65_452, [9, 5], [4, 3]).saturating_add(weight(3_723, [2, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn vote(m: u32) -> Weight {
		weight(16_673, [2, 0], [1, 1]).saturating_add(weight(39, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn close_approved(m: u32) -> Weight {
		weight(91_424, [10, 5], [2, 2]).saturating_add(weight(3_800, [1, 1], [0, 0]).saturating_mul(m.into()))
	}

	fn close_disapproved(m: u32) -> Weight {
		weight(60_416, [4, 1], [2, 2]).saturating_add(weight(68, [0, 0], [0, 0]).saturating_mul(m.into()))
	}

	fn release_proposal_cost() -> Weight {
		weight(57_263, [6, 2], [3, 2])
	}
}
