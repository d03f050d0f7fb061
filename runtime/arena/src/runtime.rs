//! The arena of the runtime.

use crate::{Arena, Host};

/// An eighth of the 128 MiB that a call may have.
const SIZE: usize = 16 * 1024 * 1024;

#[global_allocator]
static MEMORY: Arena<Substrate, SIZE> = Arena::new(Substrate);

// SAFETY: a runtime has one thread.
unsafe impl Sync for Arena<Substrate, SIZE> {}

/// What executes the runtime.
struct Substrate;

// SAFETY: so are the host functions documented, for which the SDK's own allocator uses them too.
unsafe impl Host for Substrate {
	fn take(&self, size: usize) -> *mut u8 {
		sp_io::allocator::malloc(size as u32)
	}

	unsafe fn give_back(&self, piece: *mut u8) {
		sp_io::allocator::free(piece)
	}
}
