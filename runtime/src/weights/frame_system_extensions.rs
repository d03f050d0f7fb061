//! What `frame-system-extensions` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl frame_system::ExtensionsWeightInfo for Measured {
	fn check_genesis() -> Weight {
		weight(1_372, [1, 0], [0, 0])
	}

	fn check_mortality_mortal_transaction() -> Weight {
		weight(1_903, [1, 0], [0, 0])
	}

	fn check_mortality_immortal_transaction() -> Weight {
		weight(1_853, [1, 0], [0, 0])
	}

	fn check_non_zero_sender() -> Weight {
		weight(350, [0, 0], [0, 0])
	}

	fn check_nonce() -> Weight {
		weight(3_445, [0, 0], [1, 1])
	}

	fn check_spec_version() -> Weight {
		weight(410, [0, 0], [0, 0])
	}

	fn check_tx_version() -> Weight {
		weight(340, [0, 0], [0, 0])
	}

	fn check_weight() -> Weight {
		weight(2_583, [0, 0], [0, 0])
	}

	fn weight_reclaim() -> Weight {
		weight(1_402, [0, 0], [0, 0])
	}
}
