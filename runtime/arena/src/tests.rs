//! An arena beside what it should be: pieces that are where they should be, keep what was written, and come back.

use crate::{Arena, Host, ALIGNMENT, HOST_ALIGNMENT, LARGEST};
use core::{
	alloc::{GlobalAlloc, Layout},
	cell::RefCell,
	ops::AddAssign,
};
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use std::{alloc, collections::BTreeMap};

/// Of an arena that many histories use up.
const SIZE: usize = 256 * 1024;

/// A host that knows which pieces are out, with the layout of each.
#[derive(Default)]
struct Memory(RefCell<BTreeMap<usize, Layout>>);

impl Memory {
	/// How many bytes of it are in use.
	fn in_use(&self) -> usize {
		self.0.borrow().values().map(|layout| layout.size() - HOST_ALIGNMENT).sum()
	}
}

// SAFETY: each piece is one of Rust's own allocator, and 8 bytes from an address that 16 divides: aligned to 8 and to
// no more, as the host's are.
unsafe impl Host for Memory {
	fn take(&self, size: usize) -> *mut u8 {
		let layout = Layout::from_size_align(size + HOST_ALIGNMENT, 2 * HOST_ALIGNMENT).unwrap();
		// SAFETY: the size is not zero, and the piece has 8 bytes more than are handed out.
		let piece = unsafe { alloc::alloc(layout).add(HOST_ALIGNMENT) };
		assert!(self.0.borrow_mut().insert(piece as usize, layout).is_none());
		piece
	}

	unsafe fn give_back(&self, piece: *mut u8) {
		let layout = self.0.borrow_mut().remove(&(piece as usize)).expect("it is out, and the host's");
		// SAFETY: so it was allocated.
		unsafe { alloc::dealloc(piece.sub(HOST_ALIGNMENT), layout) }
	}
}

impl Drop for Memory {
	fn drop(&mut self) {
		for (piece, layout) in self.0.take() {
			// SAFETY: it was allocated, and is still out.
			unsafe { alloc::dealloc((piece as *mut u8).sub(HOST_ALIGNMENT), layout) }
		}
	}
}

#[derive(Clone, Copy, Debug)]
enum Step {
	Ask {
		size: usize,
		alignment: usize,
	},
	/// The host gives bytes as an answer.
	Answer {
		size: usize,
	},
	Resize {
		which: usize,
		size: usize,
	},
	Free {
		which: usize,
	},
}

/// A piece that is in use.
#[derive(Clone, Copy)]
struct Piece {
	at: *mut u8,
	layout: Layout,
	/// What its first byte is; each further one is larger by one.
	first: u8,
}

impl Piece {
	fn range(&self) -> (usize, usize) {
		(self.at as usize, self.at as usize + self.layout.size())
	}

	fn fill(&self) {
		for (i, byte) in self.bytes().iter_mut().enumerate() {
			*byte = self.first.wrapping_add(i as u8);
		}
	}

	fn is_kept(&self, size: usize) -> bool {
		let bytes = &self.bytes()[..size];
		bytes.iter().enumerate().all(|(i, byte)| *byte == self.first.wrapping_add(i as u8))
	}

	#[allow(clippy::mut_from_ref)]
	fn bytes(&self) -> &mut [u8] {
		// SAFETY: the piece is in use, and nothing else refers to it.
		unsafe { core::slice::from_raw_parts_mut(self.at, self.layout.size()) }
	}
}

/// How often there was what.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
	asked: u64,
	answers: u64,
	resized: u64,
	freed: u64,
	/// Pieces that were asked for and are the host's: too large, aligned to too much, with no place in the arena.
	large: u64,
	aligned: u64,
	without_place: u64,
	/// Pieces that are where a free one was.
	reused: u64,
	/// Resized where they are.
	in_place: u64,
	/// Histories at the end of which the arena had no place for the largest piece.
	used_up: u64,
}

impl AddAssign for Tally {
	fn add_assign(&mut self, other: Self) {
		self.asked += other.asked;
		self.answers += other.answers;
		self.resized += other.resized;
		self.freed += other.freed;
		self.large += other.large;
		self.aligned += other.aligned;
		self.without_place += other.without_place;
		self.reused += other.reused;
		self.in_place += other.in_place;
		self.used_up += other.used_up;
	}
}

/// An arena, and what should be in it.
struct World<'a> {
	arena: &'a Arena<Memory, SIZE>,
	in_use: Vec<Piece>,
	tally: Tally,
}

impl World<'_> {
	/// Puts a new piece among those in use, which it must not touch.
	fn add(&mut self, at: *mut u8, layout: Layout) -> Piece {
		assert!(!at.is_null() && (at as usize).is_multiple_of(layout.align()), "{at:?} for {layout:?}");
		let piece = Piece { at, layout, first: (self.in_use.len() * 7) as u8 };
		let (start, end) = piece.range();
		let overlaps = self.in_use.iter().map(Piece::range).any(|it| it.0 < end && start < it.1);
		assert!(!overlaps, "two pieces are in one place");
		piece.fill();
		self.in_use.push(piece);
		piece
	}

	fn take_out(&mut self, which: usize) -> Option<Piece> {
		let len = self.in_use.len();
		(len > 0).then(|| self.in_use.swap_remove(which % len))
	}

	fn count_place(&mut self, piece: &Piece, used_before: usize) {
		match piece.layout {
			layout if layout.size() > LARGEST => self.tally.large += 1,
			layout if layout.align() > ALIGNMENT => self.tally.aligned += 1,
			_ if !self.arena.is_own(piece.at) => self.tally.without_place += 1,
			_ if self.arena.used.get() == used_before => self.tally.reused += 1,
			_ => {},
		}
		let should_be_own = piece.layout.size() <= LARGEST && piece.layout.align() <= ALIGNMENT;
		assert!(should_be_own || !self.arena.is_own(piece.at), "{:?} is the host's", piece.layout);
	}

	fn step(&mut self, step: Step) {
		let used = self.arena.used.get();
		match step {
			Step::Ask { size, alignment } => {
				let layout = Layout::from_size_align(size, alignment).unwrap();
				// SAFETY: the size is not zero.
				let at = unsafe { self.arena.alloc(layout) };
				let piece = self.add(at, layout);
				self.count_place(&piece, used);
				self.tally.asked += 1;
			},
			Step::Answer { size } => {
				let at = self.arena.host.take(size);
				self.add(at, Layout::from_size_align(size, 1).unwrap());
				self.tally.answers += 1;
			},
			Step::Resize { which, size } => {
				let Some(piece) = self.take_out(which) else { return };
				assert!(piece.is_kept(piece.layout.size()));
				let layout = Layout::from_size_align(size, piece.layout.align()).unwrap();
				// SAFETY: the piece is in use with this layout, and the size is not zero.
				let at = unsafe { self.arena.realloc(piece.at, piece.layout, size) };
				assert!(!at.is_null());
				assert!(
					Piece { at, layout, ..piece }.is_kept(size.min(piece.layout.size())),
					"bytes moved along"
				);
				let resized = self.add(at, layout);
				self.count_place(&resized, used);
				self.tally.in_place += u64::from(at == piece.at);
				self.tally.resized += 1;
			},
			Step::Free { which } => {
				let Some(piece) = self.take_out(which) else { return };
				assert!(piece.is_kept(piece.layout.size()), "what was written is there");
				// SAFETY: the piece is in use with this layout.
				unsafe { self.arena.dealloc(piece.at, piece.layout) };
				self.tally.freed += 1;
			},
		}
	}

	/// Plays `steps`, and frees what is left.
	fn play(&mut self, steps: &[Step]) {
		steps.iter().for_each(|step| self.step(*step));
		while !self.in_use.is_empty() {
			self.step(Step::Free { which: 0 });
		}
		self.tally.used_up += u64::from(self.arena.size.get() - self.arena.used.get() < LARGEST);
	}
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let size = || prop_oneof![8 => 1..300usize, 2 => 300..5_000usize, 1 => 5_000..3 * LARGEST];
	let alignment = prop_oneof![6 => Just(1usize), 3 => Just(4), 3 => Just(8), 3 => Just(16), 1 => Just(64)];
	let step = prop_oneof![
		5 => (size(), alignment).prop_map(|(size, alignment)| Step::Ask { size, alignment }),
		2 => size().prop_map(|size| Step::Answer { size }),
		3 => (any::<usize>(), size()).prop_map(|(which, size)| Step::Resize { which, size }),
		5 => any::<usize>().prop_map(|which| Step::Free { which }),
	];
	vec(step, 1..600)
}

#[test]
fn pieces_are_apart_aligned_and_keep_what_is_written_whatever_is_asked_and_freed() {
	let total = RefCell::new(Tally::default());
	let config = ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() };
	let mut runner = TestRunner::new(config);
	let outcome = runner.run(&steps(), |steps| {
		let arena = Arena::new(Memory::default());
		let mut world = World { arena: &arena, in_use: Vec::new(), tally: Tally::default() };
		world.play(&steps);
		let (used, first) = (arena.used.get(), world.tally);
		// What is free serves once more: the same again takes nothing new.
		world.play(&steps);
		prop_assert_eq!(arena.used.get(), used);
		prop_assert!(world.tally.reused >= 2 * first.reused);
		// All of the host's came back, but for the arena.
		prop_assert_eq!(arena.host.in_use(), if arena.start.get().is_null() { 0 } else { SIZE });
		*total.borrow_mut() += world.tally;
		Ok(())
	});
	outcome.unwrap_or_else(|failed| panic!("{failed}"));
	let total = total.into_inner();
	println!("{total:?}");
	assert!(total.asked + total.answers + total.resized + total.freed > 100_000, "{total:?}");
	assert_eq!(total.asked + total.answers, total.freed);
	for count in
		[total.large, total.aligned, total.without_place, total.reused, total.in_place, total.used_up]
	{
		assert!(count > 100, "{total:?}");
	}
}

#[test]
fn a_piece_has_the_next_power_of_two_and_its_own_list() {
	let arena = Arena::<_, SIZE>::new(Memory::default());
	let ask = |size| {
		// SAFETY: the size is not zero.
		unsafe { arena.alloc(Layout::from_size_align(size, 1).unwrap()) }
	};
	let sizes =
		[(1, 16), (16, 16), (17, 32), (100, 128), (128, 128), (LARGEST - 1, LARGEST), (LARGEST, LARGEST)];
	for (size, of_arena) in sizes {
		let used = arena.used.get();
		let piece = ask(size);
		assert_eq!(arena.used.get() - used, of_arena, "{size} bytes");
		assert!(arena.is_own(piece));
		// SAFETY: the piece is in use with this layout.
		unsafe { arena.dealloc(piece, Layout::from_size_align(size, 1).unwrap()) };
		// Of another size of the same class.
		assert_eq!(ask(of_arena), piece);
	}
	let large = ask(LARGEST + 1);
	assert!(!arena.is_own(large));
}

#[test]
fn a_host_without_memory_is_told_by_a_null() {
	struct Poor;
	// SAFETY: it gives nothing.
	unsafe impl Host for Poor {
		fn take(&self, _: usize) -> *mut u8 {
			core::ptr::null_mut()
		}

		unsafe fn give_back(&self, _: *mut u8) {
			panic!("it gave nothing");
		}
	}
	let arena = Arena::<_, SIZE>::new(Poor);
	for (size, alignment) in [(1, 1), (1, 64), (2 * LARGEST, 8), (2 * LARGEST, 64)] {
		// SAFETY: the size is not zero.
		assert!(unsafe { arena.alloc(Layout::from_size_align(size, alignment).unwrap()) }.is_null());
	}
	assert!(!arena.is_own(core::ptr::null_mut()));
}
