//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// An offence.
	fn record_offence() -> Weight;
	/// A complaint, without its later steps.
	fn file_complaint() -> Weight;
	/// One answer, to however many complaints.
	fn answer_complaints() -> Weight;
	/// A case, without its end.
	fn open_case() -> Weight;
	/// A complaint that is upheld, of a payment with as many burns as there can be.
	fn uphold_complaint() -> Weight;
	/// A fine that is reversed.
	fn reverse_fine() -> Weight;
	/// A fine that leaves its escrow.
	fn end_fine() -> Weight;
	/// A case whose time is over.
	fn end_case() -> Weight;
	/// A step of a complaint that pays nothing.
	fn step_of_complaint() -> Weight;
	/// A complaint that was not answered, of a payment with `b` burns, whose merchant is or was overdue.
	fn default_judgement(b: u32) -> Weight;
	/// Assessing as many members as there can be.
	fn assess() -> Weight;
	/// Settling with `m` of them.
	fn settle_members(m: u32) -> Weight;
	/// Stopping the authorities of `n` members that were offline.
	fn stop_offline(n: u32) -> Weight;
	/// A complaint with its later steps, which nobody else pays for.
	fn complaint() -> Weight {
		Self::file_complaint().saturating_add(Self::step_of_complaint().saturating_mul(3))
	}
	/// A case with its end, which nobody else pays for.
	fn case() -> Weight {
		Self::open_case().saturating_add(Self::end_case())
	}
	/// Settling with one member.
	fn settle_member() -> Weight {
		Self::settle_members(1).saturating_sub(Self::settle_members(0))
	}
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn record_offence() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn file_complaint() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn answer_complaints() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn open_case() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn uphold_complaint() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn reverse_fine() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_fine() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_case() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn step_of_complaint() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn default_judgement(b: u32) -> Weight {
		Weight::from_parts(1 + u64::from(b), 0)
	}
	fn assess() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn settle_members(m: u32) -> Weight {
		Weight::from_parts(1 + u64::from(m), 0)
	}
	fn stop_offline(n: u32) -> Weight {
		Weight::from_parts(n.into(), 0)
	}
}
