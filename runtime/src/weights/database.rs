//! What the database takes.

use super::NANOSECOND;
use frame_support::{parameter_types, weights::RuntimeDbWeight};

parameter_types! {
	/// Reading and writing an item.
	pub const Database: RuntimeDbWeight =
		RuntimeDbWeight { read: 3_000 * NANOSECOND, write: 15_000 * NANOSECOND };
}
