//! What the database takes, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-29, AMD EPYC (2 cores), 1000000 accounts, ParityDB and a trie cache of 1 GiB.

use super::NANOSECOND;
use frame_support::{
	parameter_types,
	weights::{RuntimeDbWeight, Weight},
};

parameter_types! {
	/// Items of which there are few, which every block touches.
	pub const Few: RuntimeDbWeight =
		RuntimeDbWeight { read: 847 * NANOSECOND, write: 4_236 * NANOSECOND };
	/// Items of which there are as many as customers, in the cache of a node.
	pub const Many: RuntimeDbWeight =
		RuntimeDbWeight { read: 8_091 * NANOSECOND, write: 24_201 * NANOSECOND };
	/// The 83 values of which there is one each, all of them read and written: a block pays for them.
	pub const Values: Weight = Weight::from_parts(2_680_167 * NANOSECOND, 0);
}
