//! What the database takes, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-28, Intel(R) Xeon(R) Processor (2 cores), 1000000 accounts, ParityDB and a trie cache of 1 GiB.

use super::NANOSECOND;
use frame_support::{
	parameter_types,
	weights::{RuntimeDbWeight, Weight},
};

parameter_types! {
	/// Items of which there are few, which every block touches.
	pub const Few: RuntimeDbWeight =
		RuntimeDbWeight { read: 527 * NANOSECOND, write: 5_446 * NANOSECOND };
	/// Items of which there are as many as customers, in the cache of a node.
	pub const Many: RuntimeDbWeight =
		RuntimeDbWeight { read: 7_416 * NANOSECOND, write: 20_581 * NANOSECOND };
	/// The 83 values of which there is one each, all of them read and written: a block pays for them.
	pub const Values: Weight = Weight::from_parts(2_323_751 * NANOSECOND, 0);
}
