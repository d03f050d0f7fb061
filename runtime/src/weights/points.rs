use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_points::WeightInfo for Measured {
	fn create_program() -> Weight {
		weight(100_000, 20, 10)
	}
	fn issue_batch(n: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(n.into()))
	}
	fn revise_terms() -> Weight {
		weight(100_000, 20, 10)
	}
	fn cancel_award() -> Weight {
		weight(100_000, 20, 10)
	}
	fn mature(n: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(n.into()))
	}
	fn donate_programs(p: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(p.into()))
	}
	fn donate_vintages(v: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(v.into()))
	}
	fn close_period() -> Weight {
		weight(100_000, 20, 10)
	}
	fn review_reserves() -> Weight {
		weight(100_000, 20, 10)
	}
	fn expire(h: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(h.into()))
	}
	fn sweep(n: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(n.into()))
	}
	fn forget_orders(n: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(n.into()))
	}
}
