use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_transaction_payment::WeightInfo for Measured {
	fn charge_transaction_payment() -> Weight {
		weight(100_000, 20, 10)
	}
}
