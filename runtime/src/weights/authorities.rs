use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_authorities::WeightInfo for Measured {
	fn operate() -> Weight {
		weight(100_000, 20, 10)
	}
	fn restart_finality() -> Weight {
		weight(100_000, 20, 10)
	}
	fn end_session(p: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(p.into()))
	}
}
