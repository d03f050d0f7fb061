//! What the runtime does itself, where the SDK's asks the host.
//!
//! A call of the host costs more than most of what it does. Memory is in `hanse-arena`.

use sp_io::hashing::{host_twox_128, host_twox_64};

/// From here to the end of this call of the runtime, it hashes with `twox` by itself, and reads each item of the state
/// once.
pub fn ask_less() {
	if !hanse_cache::keep_here() {
		return;
	}
	// The prefix of a map is hashed anew at each access: 430 calls of the host for a payment. What hashes here is what
	// hashes there, another build of the same crate. What would undo it is not dropped.
	core::mem::forget((
		host_twox_64.replace_implementation(sp_crypto_hashing::twox_64),
		host_twox_128.replace_implementation(sp_crypto_hashing::twox_128),
	));
}
