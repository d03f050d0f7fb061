use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_rulebook::WeightInfo for Measured {
	fn begin_block() -> Weight {
		weight(100_000, 20, 10)
	}
	fn amend() -> Weight {
		weight(100_000, 20, 10)
	}
	fn retract() -> Weight {
		weight(100_000, 20, 10)
	}
	fn enact() -> Weight {
		weight(100_000, 20, 10)
	}
	fn apply_amendment() -> Weight {
		weight(100_000, 20, 10)
	}
	fn dispatch_call() -> Weight {
		weight(100_000, 20, 10)
	}
	fn file() -> Weight {
		weight(100_000, 20, 10)
	}
	fn watch_motions() -> Weight {
		weight(100_000, 20, 10)
	}
	fn lapse() -> Weight {
		weight(100_000, 20, 10)
	}
}
