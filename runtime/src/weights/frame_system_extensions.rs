//! What `frame-system-extensions` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 10 steps, 10 repeats.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl frame_system::ExtensionsWeightInfo for Measured {
	fn check_genesis() -> Weight {
		weight(1_316, [1, 0], [0, 0])
	}

	fn check_mortality_mortal_transaction() -> Weight {
		weight(2_548, [1, 0], [0, 0])
	}

	fn check_mortality_immortal_transaction() -> Weight {
		weight(2_660, [1, 0], [0, 0])
	}

	fn check_non_zero_sender() -> Weight {
		weight(557, [0, 0], [0, 0])
	}

	fn check_nonce() -> Weight {
		weight(4_913, [0, 0], [1, 1])
	}

	fn check_spec_version() -> Weight {
		weight(580, [0, 0], [0, 0])
	}

	fn check_tx_version() -> Weight {
		weight(711, [0, 0], [0, 0])
	}

	fn check_weight() -> Weight {
		weight(5_634, [0, 0], [0, 0])
	}

	fn weight_reclaim() -> Weight {
		weight(3_167, [0, 0], [0, 0])
	}
}
