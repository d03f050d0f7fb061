//! Memory that the runtime hands out to itself.
//!
//! In the SDK's runtimes each piece of memory is asked of the host and given back to it, and a call of the host costs
//! more than most pieces are used for: a payment wants some 500. Here the host is asked once for an [`Arena`], and
//! pieces of it are handed out within the Wasm.
//!
//! - A piece has the next power of two of the size that was asked for. Free pieces of each size wait in a list; only
//!   where that is empty a new one is cut off. Nothing is ever joined or split, so a call's memory is at most what it
//!   held of each size at its worst.
//! - What the arena has no place for is the host's: pieces larger than [`LARGEST`], and whatever is asked once the
//!   arena is used up.
//! - The host puts what it answers into memory of its own, and leaves it to the runtime to free. Such pieces are told
//!   by their address, which is outside of the arena, and go back to the host.
//!
//! Every call of the runtime begins with memory that nobody has touched, so nothing here outlives a call. The arena
//! is address space: the host's pages cost something once they are written to, and not before.
//!
//! This crate is the one place of the project with `unsafe` in it: what hands out memory cannot do without.
#![cfg_attr(not(test), no_std)]

use core::{
	alloc::{GlobalAlloc, Layout},
	cell::Cell,
	ptr,
};

#[cfg(substrate_runtime)]
mod runtime;
#[cfg(test)]
mod tests;

/// The alignment of everything that a host gives, in bytes.
pub const HOST_ALIGNMENT: usize = 8;
/// The largest piece of an arena, in bytes. What is larger is rare, and a call of the host is little beside its use.
pub const LARGEST: usize = 64 * 1024;
/// The smallest piece of an arena, in bytes: a free piece holds the address of the next.
const SMALLEST: usize = 16;
/// The alignment of all pieces of an arena, in bytes: that of `u128`, the largest that there is in a runtime.
const ALIGNMENT: usize = 16;
/// How many sizes of pieces there are.
const CLASSES: usize = (LARGEST.ilog2() - SMALLEST.ilog2()) as usize + 1;

/// Who has the memory.
///
/// # Safety
///
/// A piece from `take` has the size that was asked for and [`HOST_ALIGNMENT`], and is nobody else's until it comes
/// back through `give_back`.
pub unsafe trait Host {
	/// A piece of `size` bytes; null where there is none.
	fn take(&self, size: usize) -> *mut u8;

	/// Takes a piece back.
	///
	/// # Safety
	///
	/// The piece is the host's, either taken or given with an answer, it has not come back yet, and nobody will use it.
	unsafe fn give_back(&self, piece: *mut u8);
}

/// `SIZE` bytes of the host's memory, taken when the first piece is asked for.
pub struct Arena<H, const SIZE: usize> {
	host: H,
	/// Its first piece; null until there is one.
	start: Cell<*mut u8>,
	/// How many bytes from there were ever handed out.
	used: Cell<usize>,
	/// How many there are.
	size: Cell<usize>,
	/// The free pieces of each size: the first one, which holds the address of the next.
	free: [Cell<*mut u8>; CLASSES],
}

impl<H, const SIZE: usize> Arena<H, SIZE> {
	/// One that has not asked `host` for anything yet.
	pub const fn new(host: H) -> Self {
		Self {
			host,
			start: Cell::new(ptr::null_mut()),
			used: Cell::new(0),
			size: Cell::new(0),
			free: [const { Cell::new(ptr::null_mut()) }; CLASSES],
		}
	}
}

/// Which of the sizes such a piece has; `None` where it is the host's.
fn class_of(layout: &Layout) -> Option<usize> {
	if layout.size() > LARGEST || layout.align() > ALIGNMENT {
		return None;
	}
	let size = layout.size().max(SMALLEST).next_power_of_two();
	Some((size.trailing_zeros() - SMALLEST.trailing_zeros()) as usize)
}

impl<H: Host, const SIZE: usize> Arena<H, SIZE> {
	/// Whether it was cut off here.
	fn is_own(&self, piece: *mut u8) -> bool {
		// Never while there is no arena, since then nothing is used.
		(piece as usize).wrapping_sub(self.start.get() as usize) < self.used.get()
	}

	/// A new piece of this size; null where there is no place for it.
	fn cut(&self, size: usize) -> *mut u8 {
		if self.start.get().is_null() {
			self.begin();
		}
		let used = self.used.get();
		if self.size.get() - used < size {
			return ptr::null_mut();
		}
		self.used.set(used + size);
		// SAFETY: `used` bytes on, and `size` more, are within the arena, as was just compared.
		unsafe { self.start.get().add(used) }
	}

	/// Asks the host for the arena.
	#[cold]
	fn begin(&self) {
		let taken = self.host.take(SIZE);
		if !taken.is_null() {
			let padding = taken.align_offset(ALIGNMENT);
			// SAFETY: the padding is less than `ALIGNMENT`, which every arena is larger than.
			self.start.set(unsafe { taken.add(padding) });
			self.size.set(SIZE - padding);
		}
	}

	/// A piece of the host's with any alignment.
	fn take(&self, layout: Layout) -> *mut u8 {
		if layout.align() <= HOST_ALIGNMENT {
			return self.host.take(layout.size());
		}
		let taken = self.host.take(layout.size() + layout.align());
		if taken.is_null() {
			return taken;
		}
		// At least 8 bytes on, since the host's are aligned to them: there is a place for what has to come back.
		let padding = layout.align() - taken as usize % layout.align();
		// SAFETY: the padding is at most the alignment, by which the piece is larger than what was asked for, and at
		// least `HOST_ALIGNMENT`, in which an address has its place.
		unsafe {
			let piece = taken.add(padding);
			piece.cast::<*mut u8>().sub(1).write(taken);
			piece
		}
	}

	/// Gives back what [`Self::take`] took, or what the host gave with an answer, which is bytes.
	///
	/// # Safety
	///
	/// It is one of them, with the layout that it was taken with, it has not been given back, and nobody will use it.
	unsafe fn give_back(&self, piece: *mut u8, layout: Layout) {
		// SAFETY: a piece of a larger alignment than the host's came from `take`, which wrote before it where the
		// host's begins; any other is the host's own.
		unsafe {
			let taken = match layout.align() <= HOST_ALIGNMENT {
				true => piece,
				false => piece.cast::<*mut u8>().sub(1).read(),
			};
			self.host.give_back(taken);
		}
	}
}

// SAFETY: a piece is cut off once, so that no two overlap, or comes out of the list of its size, which only a piece that
// was freed gets into; or it is the host's, which promises the same. It is as large as its class, hence as its layout
// asks, and as aligned: `start` and all sizes are multiples of `ALIGNMENT`. Nothing here panics.
unsafe impl<H: Host, const SIZE: usize> GlobalAlloc for Arena<H, SIZE> {
	#[inline]
	unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
		let Some(class) = class_of(&layout) else { return self.take(layout) };
		let free = &self.free[class];
		let first = free.get();
		if !first.is_null() {
			// SAFETY: what is in the list is a free piece of the arena, at the beginning of which `dealloc` wrote.
			free.set(unsafe { first.cast::<*mut u8>().read() });
			return first;
		}
		let piece = self.cut(SMALLEST << class);
		if piece.is_null() {
			return self.take(layout);
		}
		piece
	}

	#[inline]
	unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
		match class_of(&layout) {
			Some(class) if self.is_own(piece) => {
				let free = &self.free[class];
				// SAFETY: the piece is nobody's any more, and large and aligned enough for an address.
				unsafe { piece.cast::<*mut u8>().write(free.get()) };
				free.set(piece);
			},
			// SAFETY: it is outside of the arena, so it was taken with this layout, or came with an answer.
			_ => unsafe { self.give_back(piece, layout) },
		}
	}

	#[inline]
	unsafe fn realloc(&self, piece: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
		// SAFETY: the caller promises that it is not too large for a layout.
		let new_layout = unsafe { Layout::from_size_align_unchecked(new_size, layout.align()) };
		let class = class_of(&layout);
		if class.is_some() && class == class_of(&new_layout) && self.is_own(piece) {
			return piece;
		}
		// SAFETY: both are valid for the smaller of both sizes, and do not overlap; the old one is freed once.
		unsafe {
			let new = self.alloc(new_layout);
			if !new.is_null() {
				ptr::copy_nonoverlapping(piece, new, layout.size().min(new_size));
				self.dealloc(piece, layout);
			}
			new
		}
	}
}
