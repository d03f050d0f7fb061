//! What `base` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::BaseCosts for Measured {
	fn base_extrinsic() -> Weight {
		weight(44_166, [0, 0], [0, 0])
	}
}
