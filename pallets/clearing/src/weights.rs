//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;

/// One weight for each call and each piece of the hook.
pub trait WeightInfo {
	/// Holding free balance.
	fn top_up() -> Weight;
	/// Releasing held balance, with the test of the liability cap.
	fn draw_down() -> Weight;
	/// A line, with all others that the member granted.
	fn grant_credit_line() -> Weight;
	/// Agreeing to a line.
	fn accept_credit_line() -> Weight;
	/// A deposit that the agent reports.
	fn report_deposit() -> Weight;
	/// A deposit that the auditor confirms.
	fn confirm_deposit() -> Weight;
	/// Deposits that equal issuance.
	fn attest_deposits() -> Weight;
	/// Locking what leaves.
	fn request_payout() -> Weight;
	/// Burning or giving back what was locked.
	fn end_payout() -> Weight;
	/// Giving somebody a deposit role.
	fn appoint_deposit_role() -> Weight;
	/// Finding what settles of `p` positions, and moving the money.
	fn plan(p: u32) -> Weight;
	/// Booking `p` positions.
	fn post(p: u32) -> Weight;
	/// Booking `p` positions of each of which a bond pays a part.
	fn post_drawn(p: u32) -> Weight;
	/// Judging one debtor.
	fn escalate() -> Weight;
	/// Beginning the run-off of one.
	fn end_member() -> Weight;
	/// A member that falls overdue by a judgement.
	fn fall_overdue() -> Weight;
	/// Reading one debtor's arrears, and paying the oldest of them.
	fn pay_arrears() -> Weight;
	/// Drawing a bond for one position.
	fn draw_bond() -> Weight {
		Self::post_drawn(1).saturating_sub(Self::post_drawn(0))
	}
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn top_up() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn draw_down() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn grant_credit_line() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn accept_credit_line() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn report_deposit() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn confirm_deposit() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn attest_deposits() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn request_payout() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_payout() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn appoint_deposit_role() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn plan(p: u32) -> Weight {
		Weight::from_parts(1 + u64::from(p), 0)
	}
	fn post(p: u32) -> Weight {
		Weight::from_parts(1 + u64::from(p), 0)
	}
	fn post_drawn(p: u32) -> Weight {
		Weight::from_parts(1 + u64::from(p), 0)
	}
	fn escalate() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_member() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn fall_overdue() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn pay_arrears() -> Weight {
		Weight::from_parts(1, 0)
	}
}
