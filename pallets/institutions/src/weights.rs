//! What calls and hooks weigh. A runtime measures it with its own neighbours: runtime/src/benchmarks.

use frame_support::weights::Weight;

/// One weight for each kind of call, and for each part of the hook.
pub trait WeightInfo {
	/// Holding a bond and writing an applicant down.
	fn apply() -> Weight;
	/// Releasing a bond and forgetting an applicant.
	fn end_application() -> Weight;
	/// A change of status that changes the electorate, with the votes of open motions.
	fn change_electorate() -> Weight;
	/// Another name.
	fn update_profile() -> Weight;
	/// Holding more.
	fn top_up_bond() -> Weight;
	/// Releasing bond and reserve, and forgetting an authority.
	fn close() -> Weight;
	/// Looking for signs of as many members as there can be, in as many motions.
	fn scan_activity() -> Weight;
	/// The end of an era with as many applications as there can be.
	fn lapse_applications() -> Weight;
}

/// For pallets by themselves, where only what differs counts.
impl WeightInfo for () {
	fn apply() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn end_application() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn change_electorate() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn update_profile() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn top_up_bond() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn close() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn scan_activity() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn lapse_applications() -> Weight {
		Weight::from_parts(1, 0)
	}
}
