use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_exchange::WeightInfo for Measured {
	fn pay_legs(l: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(l.into()))
	}
	fn pay_burns(b: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(b.into()))
	}
	fn offer(l: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(l.into()))
	}
	fn exchange(b: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(b.into()))
	}
	fn refund(b: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(b.into()))
	}
	fn authorize_legs(l: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(l.into()))
	}
	fn authorize_burns(b: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(b.into()))
	}
	fn capture(b: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(b.into()))
	}
	fn void(b: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(b.into()))
	}
	fn present_slips(s: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(s.into()))
	}
	fn check_receipt() -> Weight {
		weight(100_000, 20, 10)
	}
	fn drop_receipt(b: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(b.into()))
	}
	fn unlist_receipt() -> Weight {
		weight(100_000, 20, 10)
	}
}
