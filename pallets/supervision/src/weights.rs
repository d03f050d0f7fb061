//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;

/// One weight for each call and each piece of a hook.
pub trait WeightInfo {
	/// A supervisor more, less, or with other rights.
	fn appoint_supervisor() -> Weight;
	/// A question, without its end.
	fn request() -> Weight;
	/// An answer.
	fn disclose() -> Weight;
	/// A question that was not answered in time.
	fn end_unanswered() -> Weight;
	/// A finding.
	fn attest_finding() -> Weight;
	/// A halt of a program that was halted before, and whose clock was not resumed, without its end.
	fn halt() -> Weight;
	/// A longer halt, or another one.
	fn ratify_halt() -> Weight;
	/// The end of a halt of a program, by a vote or its time.
	fn end_halt() -> Weight;
	/// A question with its end, which nobody else pays for.
	fn question() -> Weight {
		Self::request().saturating_add(Self::end_unanswered())
	}
	/// A halt with its end, which nobody else pays for.
	fn whole_halt() -> Weight {
		Self::halt().saturating_add(Self::end_halt())
	}
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn appoint_supervisor() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn request() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn disclose() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_unanswered() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn attest_finding() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn halt() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn ratify_halt() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_halt() -> Weight {
		Weight::from_parts(1, 0)
	}
}
