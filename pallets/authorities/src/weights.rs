//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;

/// One weight for each call and for the end of a session.
pub trait WeightInfo {
	/// Wanting to be an authority, or not any more.
	fn operate() -> Weight;
	/// Noting a vote.
	fn restart_finality() -> Weight;
	/// Counting a session in which `p` members wanted to serve or served, without what follows for those that were
	/// offline. Turning a session books a whole block (pallet-session does), so its planning is not weighed here.
	fn end_session(p: u32) -> Weight;
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn operate() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn restart_finality() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_session(p: u32) -> Weight {
		Weight::from_parts(1 + u64::from(p), 0)
	}
}
