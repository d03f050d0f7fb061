//! What `frame-system-extensions` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats; items counted 2026-11-29.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl frame_system::ExtensionsWeightInfo for Measured {
	fn check_genesis() -> Weight {
		weight(1_300, [1, 0], [0, 0])
	}

	fn check_mortality_mortal_transaction() -> Weight {
		weight(3_255, [1, 0], [0, 0])
	}

	fn check_mortality_immortal_transaction() -> Weight {
		weight(3_098, [1, 0], [0, 0])
	}

	fn check_non_zero_sender() -> Weight {
		weight(743, [0, 0], [0, 0])
	}

	fn check_nonce() -> Weight {
		weight(3_860, [0, 0], [1, 1])
	}

	fn check_spec_version() -> Weight {
		weight(664, [0, 0], [0, 0])
	}

	fn check_tx_version() -> Weight {
		weight(491, [0, 0], [0, 0])
	}

	fn check_weight() -> Weight {
		weight(4_474, [0, 0], [0, 0])
	}

	fn weight_reclaim() -> Weight {
		weight(2_869, [0, 0], [0, 0])
	}
}
