//! What `pallet-sponsorship` weighs, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 10 steps, 10 repeats, the quietest of 3 passes.

use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_transaction_payment::WeightInfo for Measured {
	fn charge_transaction_payment() -> Weight {
		weight(27_231, [7, 3], [3, 1])
	}
}
