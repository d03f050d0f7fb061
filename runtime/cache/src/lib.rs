//! What a call of the runtime has read of the state, and what it has written to it.
//!
//! FRAME asks the host for an item at each access, also for the moment, the rules and the accounts that the same
//! payment has asked for before, and the host looks it up, puts it into the memory of the Wasm and takes that back
//! later. Here an item is asked for once, and kept within the Wasm until the call of the runtime is over.
//!
//! - What is written goes to the host at once, and is kept too. So the state is the host's alone, and what is kept is
//!   never more than a copy of it.
//! - What cannot be told item by item, as what is taken back with a transaction, lets go of all that is kept.
//! - It is a bounded number of bytes. Beyond that all of it is let go of, and kept anew.
//!
//! Every call of the runtime begins with memory that nobody has touched, so nothing outlives a call: what the host
//! changes between two calls, nobody has kept.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

use alloc::vec::Vec;
use bytes::Bytes;
use core::hash::BuildHasherDefault;
use hashbrown::HashMap;
use sp_io::KillStorageResult;
use twox_hash::XxHash64;

#[cfg(substrate_runtime)]
mod runtime;
#[cfg(substrate_runtime)]
pub use runtime::{forget, keep_here};
#[cfg(test)]
mod tests;

/// The largest value that is kept, in bytes. A larger one takes long to copy at each access, and few are read twice.
const LARGEST: usize = 16 * 1024;
/// For as many items there is room at once.
const ROOM: usize = 448;
/// With which the roots of other tries begin, which the host writes by itself.
const CHILD_TRIES: &[u8] = b":child_storage:";

/// The functions of the host by which a runtime reads and changes its state.
#[derive(Clone, Copy)]
pub struct Host {
	/// The value of an item.
	pub get: fn(&[u8]) -> Option<Bytes>,
	/// Writes an item.
	pub set: fn(&[u8], &[u8]),
	/// Removes an item.
	pub clear: fn(&[u8]),
	/// Removes items that begin so, as many as were said.
	pub clear_prefix: fn(&[u8], Option<u32>) -> KillStorageResult,
	/// Appends to a list.
	pub append: fn(&[u8], Vec<u8>),
	/// Takes back what was written since the last transaction began.
	pub rollback: fn(),
}

/// Values by their key; none for what is not there.
type Kept = HashMap<Vec<u8>, Option<Bytes>, BuildHasherDefault<XxHash64>>;

fn nothing() -> Kept {
	Kept::with_capacity_and_hasher(ROOM, Default::default())
}

/// The state, with what is kept of it: keys and values of `MOST` bytes.
pub struct Cache<const MOST: usize> {
	host: Host,
	kept: Kept,
	/// Of the keys and values that are kept.
	bytes: usize,
}

impl<const MOST: usize> Cache<MOST> {
	/// With nothing kept yet.
	pub fn new(host: Host) -> Self {
		Self { host, kept: nothing(), bytes: 0 }
	}

	/// What `use_it` makes of an item's value.
	fn read_with<R>(&mut self, key: &[u8], use_it: impl FnOnce(Option<&Bytes>) -> R) -> R {
		if let Some(kept) = self.kept.get(key) {
			return use_it(kept.as_ref());
		}
		let value = (self.host.get)(key);
		let used = use_it(value.as_ref());
		self.keep(key, value);
		used
	}

	/// The value of an item.
	pub fn get(&mut self, key: &[u8]) -> Option<Bytes> {
		self.read_with(key, |value| value.cloned())
	}

	/// Puts the bytes of an item from `offset` on into `out`, as far as there is room, and says how many there are.
	pub fn read(&mut self, key: &[u8], out: &mut [u8], offset: u32) -> Option<u32> {
		self.read_with(key, |value| {
			let bytes = value.map(|value| value.get(offset as usize..).unwrap_or_default())?;
			let read = bytes.len().min(out.len());
			out[..read].copy_from_slice(&bytes[..read]);
			Some(bytes.len() as u32)
		})
	}

	/// Whether there is such an item.
	pub fn exists(&mut self, key: &[u8]) -> bool {
		self.read_with(key, |value| value.is_some())
	}

	/// Writes an item.
	pub fn set(&mut self, key: &[u8], value: &[u8]) {
		(self.host.set)(key, value);
		self.keep(key, Some(Bytes::copy_from_slice(value)));
	}

	/// Removes an item.
	pub fn clear(&mut self, key: &[u8]) {
		(self.host.clear)(key);
		self.keep(key, None);
	}

	/// Removes items that begin so, as many as `limit` says, or all.
	pub fn clear_prefix(&mut self, prefix: &[u8], limit: Option<u32>) -> KillStorageResult {
		self.forget();
		(self.host.clear_prefix)(prefix, limit)
	}

	/// Appends to a list.
	pub fn append(&mut self, key: &[u8], value: Vec<u8>) {
		self.forget_one(key);
		(self.host.append)(key, value);
	}

	/// Takes back what was written since the last transaction began.
	pub fn rollback(&mut self) {
		self.forget();
		(self.host.rollback)();
	}

	/// Lets go of all that is kept.
	pub fn forget(&mut self) {
		// A new map: the old one would stay as large as it ever was, and be gone through at each transaction that fails.
		self.kept = nothing();
		self.bytes = 0;
	}

	fn forget_one(&mut self, key: &[u8]) {
		if let Some(value) = self.kept.remove(key) {
			self.bytes -= size(key, &value);
		}
	}

	fn keep(&mut self, key: &[u8], value: Option<Bytes>) {
		let new = size(key, &value);
		if new > LARGEST || key.starts_with(CHILD_TRIES) {
			return self.forget_one(key);
		}
		if self.bytes + new > MOST {
			self.forget();
		}
		self.bytes += new;
		match self.kept.get_mut(key) {
			Some(kept) => {
				self.bytes -= size(key, kept);
				*kept = value;
			},
			None => {
				self.kept.insert(key.to_vec(), value);
			},
		}
	}
}

/// How many bytes an item takes.
fn size(key: &[u8], value: &Option<Bytes>) -> usize {
	key.len() + value.as_ref().map_or(0, Bytes::len)
}
