//! Every trait between two pallets, each with its law.

mod clearing;
mod clock;
mod conduct;
mod customers;
mod members;
mod points;
mod votes;

pub use clearing::*;
pub use clock::*;
pub use conduct::*;
pub use customers::*;
pub use members::*;
pub use points::*;
pub use votes::*;

use crate::{Duration, EraIndex};

/// The clock of accounting eras. Law: `current` never falls, and an era of which orders are not taken any more
/// takes none again.
pub trait Eras {
	/// The era of this block.
	fn current() -> EraIndex;

	/// For how many eras after its own an order is taken.
	fn order_eras() -> u32;

	/// The length of an era.
	fn length() -> Duration;

	/// Whether orders of `era` are taken.
	fn takes_orders(era: EraIndex) -> bool {
		Self::current().checked_sub(era).is_some_and(|age| age <= Self::order_eras())
	}
}
