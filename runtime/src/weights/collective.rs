use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::motions::MotionCosts for Measured {
	fn propose(m: u32) -> Weight {
		weight(100_000, 20, 10)
	}
	fn vote(m: u32) -> Weight {
		weight(100_000, 20, 10)
	}
	fn close_approved(m: u32) -> Weight {
		weight(100_000, 20, 10)
	}
	fn close_disapproved(m: u32) -> Weight {
		weight(100_000, 20, 10)
	}
	fn release_proposal_cost() -> Weight {
		weight(100_000, 20, 10)
	}
}
