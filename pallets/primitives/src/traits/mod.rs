//! Every trait between two pallets, each with its law.

mod clearing;
mod conduct;
mod customers;
mod members;
mod points;

pub use clearing::*;
pub use conduct::*;
pub use customers::*;
pub use members::*;
pub use points::*;

use crate::EraIndex;

/// The clock of accounting eras. Law: `current` never falls.
pub trait Eras {
	/// The era of this block.
	fn current() -> EraIndex;

	/// Whether orders of `era` are taken: this era's and the last one's.
	fn takes_orders(era: EraIndex) -> bool {
		let current = Self::current();
		era == current || era.checked_add(1) == Some(current)
	}
}
