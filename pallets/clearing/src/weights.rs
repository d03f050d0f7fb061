//! Weights of the calls, from counted database operations; to be replaced by benchmarks.
//!
//! The computation is set above what a development machine needs; the reads and writes are counted in
//! the code and dominate.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// One weight for each call.
pub trait WeightInfo {
	/// Holding free balance.
	fn top_up() -> Weight;
	/// Releasing held balance, with the test of the liability cap.
	fn draw_down() -> Weight;
}

/// Counted operations times the runtime's `DbWeight`.
pub struct CountedWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for CountedWeight<T> {
	/// Reads: `InstitutionOf`, `Heard`, `Institutions`, `Account`, `Holds`, `Deposits`. Writes: the last
	/// three and `Heard`.
	fn top_up() -> Weight {
		Weight::from_parts(40_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 4))
	}

	/// As `top_up`, and reads `Outstanding` and the rules with what is eased of bond and ratio.
	fn draw_down() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(10, 4))
	}
}

impl WeightInfo for () {
	fn top_up() -> Weight {
		Weight::from_parts(1, 0)
	}
	fn draw_down() -> Weight {
		Weight::from_parts(1, 0)
	}
}
