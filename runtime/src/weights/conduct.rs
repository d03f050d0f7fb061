use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_conduct::WeightInfo for Measured {
	fn record_offence() -> Weight {
		weight(100_000, 20, 10)
	}
	fn file_complaint() -> Weight {
		weight(100_000, 20, 10)
	}
	fn answer_complaints() -> Weight {
		weight(100_000, 20, 10)
	}
	fn open_case() -> Weight {
		weight(100_000, 20, 10)
	}
	fn uphold_complaint() -> Weight {
		weight(100_000, 20, 10)
	}
	fn reverse_fine() -> Weight {
		weight(100_000, 20, 10)
	}
	fn end_fine() -> Weight {
		weight(100_000, 20, 10)
	}
	fn end_case() -> Weight {
		weight(100_000, 20, 10)
	}
	fn step_of_complaint() -> Weight {
		weight(100_000, 20, 10)
	}
	fn default_judgement(b: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(b.into()))
	}
	fn assess() -> Weight {
		weight(100_000, 20, 10)
	}
	fn settle_members(m: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(m.into()))
	}
	fn stop_offline(n: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(n.into()))
	}
}
