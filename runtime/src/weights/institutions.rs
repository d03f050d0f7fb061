use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_institutions::WeightInfo for Measured {
	fn apply() -> Weight {
		weight(100_000, 20, 10)
	}
	fn end_application() -> Weight {
		weight(100_000, 20, 10)
	}
	fn change_electorate() -> Weight {
		weight(100_000, 20, 10)
	}
	fn update_profile() -> Weight {
		weight(100_000, 20, 10)
	}
	fn top_up_bond() -> Weight {
		weight(100_000, 20, 10)
	}
	fn close() -> Weight {
		weight(100_000, 20, 10)
	}
	fn scan_activity() -> Weight {
		weight(100_000, 20, 10)
	}
	fn lapse_applications() -> Weight {
		weight(100_000, 20, 10)
	}
}
