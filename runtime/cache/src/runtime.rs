//! The cache of the runtime.

use crate::{Cache, Host};
use alloc::vec::Vec;
use bytes::Bytes;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use sp_io::{
	storage::{
		host_append, host_clear, host_clear_prefix, host_exists, host_get, host_read,
		host_rollback_transaction, host_set,
	},
	KillStorageResult,
};
use spin::{LazyLock, Mutex};

/// Bytes of the state that a call keeps at most, of the 128 MiB that it may have.
const MOST: usize = 1024 * 1024;

/// Nobody waits for it: a runtime has one thread, and the host does not call back.
static CACHE: LazyLock<Mutex<Cache<MOST>>> = LazyLock::new(|| {
	Mutex::new(Cache::new(Host {
		get: host_get.get(),
		set: host_set.get(),
		clear: host_clear.get(),
		clear_prefix: host_clear_prefix.get(),
		append: host_append.get(),
		rollback: host_rollback_transaction.get(),
	}))
});

/// From here to the end of this call of the runtime, an item of the state is asked of the host once. Says whether that
/// begins now.
pub fn keep_here() -> bool {
	static DONE: AtomicBool = AtomicBool::new(false);
	// Each call has memory of its own, so this is about calls of this function alone.
	if DONE.swap(true, Relaxed) {
		return false;
	}
	// It knows the host's functions before others are in their places.
	LazyLock::force(&CACHE);
	// What would undo it is not dropped.
	core::mem::forget((
		host_get.replace_implementation(get),
		host_read.replace_implementation(read),
		host_exists.replace_implementation(exists),
		host_set.replace_implementation(set),
		host_clear.replace_implementation(clear),
		host_clear_prefix.replace_implementation(clear_prefix),
		host_append.replace_implementation(append),
		host_rollback_transaction.replace_implementation(rollback),
	));
	true
}

/// Lets go of all that is kept: the state is another one.
pub fn forget() {
	CACHE.lock().forget()
}

fn get(key: &[u8]) -> Option<Bytes> {
	CACHE.lock().get(key)
}

fn read(key: &[u8], out: &mut [u8], offset: u32) -> Option<u32> {
	CACHE.lock().read(key, out, offset)
}

fn exists(key: &[u8]) -> bool {
	CACHE.lock().exists(key)
}

fn set(key: &[u8], value: &[u8]) {
	CACHE.lock().set(key, value)
}

fn clear(key: &[u8]) {
	CACHE.lock().clear(key)
}

fn clear_prefix(prefix: &[u8], limit: Option<u32>) -> KillStorageResult {
	CACHE.lock().clear_prefix(prefix, limit)
}

fn append(key: &[u8], value: Vec<u8>) {
	CACHE.lock().append(key, value)
}

fn rollback() {
	CACHE.lock().rollback()
}
