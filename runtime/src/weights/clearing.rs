use super::{weight, Measured};
use frame_support::weights::Weight;

impl pallet_clearing::WeightInfo for Measured {
	fn top_up() -> Weight {
		weight(100_000, 20, 10)
	}
	fn draw_down() -> Weight {
		weight(100_000, 20, 10)
	}
	fn grant_credit_line() -> Weight {
		weight(100_000, 20, 10)
	}
	fn accept_credit_line() -> Weight {
		weight(100_000, 20, 10)
	}
	fn report_deposit() -> Weight {
		weight(100_000, 20, 10)
	}
	fn confirm_deposit() -> Weight {
		weight(100_000, 20, 10)
	}
	fn attest_deposits() -> Weight {
		weight(100_000, 20, 10)
	}
	fn request_payout() -> Weight {
		weight(100_000, 20, 10)
	}
	fn end_payout() -> Weight {
		weight(100_000, 20, 10)
	}
	fn appoint_deposit_role() -> Weight {
		weight(100_000, 20, 10)
	}
	fn plan(p: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(p.into()))
	}
	fn post(p: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(p.into()))
	}
	fn post_drawn(p: u32) -> Weight {
		weight(100_000, 20, 10).saturating_add(weight(10_000, 1, 1).saturating_mul(p.into()))
	}
	fn escalate() -> Weight {
		weight(100_000, 20, 10)
	}
	fn end_member() -> Weight {
		weight(100_000, 20, 10)
	}
	fn fall_overdue() -> Weight {
		weight(100_000, 20, 10)
	}
	fn pay_arrears() -> Weight {
		weight(100_000, 20, 10)
	}
}
