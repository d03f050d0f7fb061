use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_supervision::WeightInfo for Measured {
	fn appoint_supervisor() -> Weight {
		weight(100_000, 20, 10)
	}
	fn request() -> Weight {
		weight(100_000, 20, 10)
	}
	fn disclose() -> Weight {
		weight(100_000, 20, 10)
	}
	fn end_unanswered() -> Weight {
		weight(100_000, 20, 10)
	}
	fn attest_finding() -> Weight {
		weight(100_000, 20, 10)
	}
	fn halt() -> Weight {
		weight(100_000, 20, 10)
	}
	fn ratify_halt() -> Weight {
		weight(100_000, 20, 10)
	}
	fn end_halt() -> Weight {
		weight(100_000, 20, 10)
	}
}
