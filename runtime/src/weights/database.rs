//! What the database takes, as measured: written by `scripts/bench weights`, not by hand.
//!
//! 2026-11-27, AMD EPYC (2 cores), 1000000 accounts, ParityDB and a trie cache of 1 GiB.

use super::NANOSECOND;
use frame_support::{parameter_types, weights::RuntimeDbWeight};

parameter_types! {
	/// Items of which there are few, so that they are in the cache.
	pub const Few: RuntimeDbWeight =
		RuntimeDbWeight { read: 1_681 * NANOSECOND, write: 12_189 * NANOSECOND };
	/// Items of which there are as many as customers.
	pub const Many: RuntimeDbWeight =
		RuntimeDbWeight { read: 14_327 * NANOSECOND, write: 41_568 * NANOSECOND };
}
