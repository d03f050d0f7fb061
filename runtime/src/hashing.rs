//! Hashes of keys, by the runtime itself.
//!
//! The prefix of a map is hashed anew at each access. In Wasm that is a call of the host, and another one to free what
//! it answers, for some ten bytes: 430 times a payment.

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use sp_io::hashing::{host_twox_128, host_twox_64};

/// From here to the end of this call of the runtime, `twox` is not asked of the host. What hashes here is what hashes
/// there, another build of the same crate.
pub fn hash_here() {
	static DONE: AtomicBool = AtomicBool::new(false);
	// Each call has memory of its own, so this is about calls of this function alone.
	if !DONE.swap(true, Relaxed) {
		// What would undo it is not dropped.
		core::mem::forget((
			host_twox_64.replace_implementation(sp_crypto_hashing::twox_64),
			host_twox_128.replace_implementation(sp_crypto_hashing::twox_128),
		));
	}
}
