//! What `base` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl crate::configs::BaseCosts for Measured {
	fn base_extrinsic() -> Weight {
		weight(37_022, [0, 0], [0, 0])
	}
}
