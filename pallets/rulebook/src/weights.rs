//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;

/// One weight for each call and for each step of the hook.
pub trait WeightInfo {
	/// Updating the clock when a block begins.
	fn begin_block() -> Weight;
	/// Scheduling an amendment while all other decisions wait.
	fn amend() -> Weight;
	/// Dropping a decision that waits.
	fn retract() -> Weight;
	/// Scheduling a call.
	fn enact() -> Weight;
	/// Bringing an amendment into force.
	fn apply_amendment() -> Weight;
	/// Dispatching a call, without the call's own weight.
	fn dispatch_call() -> Weight;
	/// Filing a motion, or releasing its deposit, beside what keeps motions does itself.
	fn file() -> Weight;
	/// Seeing which of as many motions as there can be are over.
	fn watch_motions() -> Weight;
	/// Ending one whose time is up, if it has not got its majority.
	fn lapse() -> Weight;
	/// Ending a motion that has what it needs now.
	fn renew() -> Weight {
		Self::lapse()
	}
	/// Reading a decision that is due.
	fn consider() -> Weight {
		Self::dispatch_call()
	}
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn begin_block() -> Weight {
		Weight::zero()
	}
	fn amend() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn retract() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn enact() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn apply_amendment() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn dispatch_call() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn file() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn watch_motions() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn lapse() -> Weight {
		Weight::from_parts(1, 0)
	}
}
