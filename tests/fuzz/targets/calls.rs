//! Histories of calls on the native runtime, see `hanse_runtime_tests::fuzzing`.
#![no_main]

use hanse_runtime_tests::fuzzing::{play, record::LENGTH, Tally};
use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::{
	cell::RefCell,
	time::{Duration, Instant},
};

/// How often it says what was called.
const REPORT: Duration = Duration::from_secs(60);

thread_local! {
	static TOTAL: RefCell<(Tally, Instant)> = RefCell::new((Tally::default(), Instant::now()));
}

fuzz_target!(|bytes: &[u8]| {
	let tally = play(bytes);
	TOTAL.with_borrow_mut(|(total, said)| {
		total.add(&tally);
		if said.elapsed() > REPORT {
			*said = Instant::now();
			eprintln!("calls that succeeded:\n{total}");
		}
	});
});

// Acts are inserted, moved and changed as a whole: a byte more or less would make others of all that follow.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
	let mut random = Random::new(seed);
	let mut acts = acts(&data[..size]);
	for _ in 0..=random.below(4) {
		change(&mut acts, max_size / LENGTH, &mut random);
	}
	write(data, &acts)
});

fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
	let mut random = Random::new(seed);
	let (mut acts, other) = (acts(one), acts(other));
	acts.truncate(random.below(acts.len() + 1));
	acts.extend_from_slice(&other[random.below(other.len() + 1)..]);
	acts.truncate(out.len() / LENGTH);
	write(out, &acts)
});

type Act = [u8; LENGTH];

fn acts(bytes: &[u8]) -> Vec<Act> {
	bytes.chunks_exact(LENGTH).filter_map(|act| act.try_into().ok()).collect()
}

fn write(data: &mut [u8], acts: &[Act]) -> usize {
	let bytes = acts.concat();
	data[..bytes.len()].copy_from_slice(&bytes);
	bytes.len()
}

fn change(acts: &mut Vec<Act>, most: usize, random: &mut Random) {
	let at = random.below(acts.len().max(1));
	match random.below(8) {
		0 | 1 if acts.len() < most => acts.insert(random.below(acts.len() + 1), random.act()),
		2 if acts.len() < most && !acts.is_empty() => acts.insert(random.below(acts.len() + 1), acts[at]),
		3 if acts.len() > 1 => drop(acts.remove(at)),
		4 if !acts.is_empty() => {
			let with = random.below(acts.len());
			acts.swap(at, with);
		},
		5 if !acts.is_empty() => {
			// What the last run compared with something.
			fuzzer_mutate(&mut acts[at], LENGTH, LENGTH);
		},
		_ if !acts.is_empty() => acts[at][random.below(LENGTH)] = random.next() as u8,
		_ if most > 0 => acts.push(random.act()),
		_ => {},
	}
}

/// Knuth's generator, whose high bits are good.
struct Random(u64);

impl Random {
	fn new(seed: u32) -> Self {
		Self(u64::from(seed) ^ 0x9e37_79b9_7f4a_7c15)
	}

	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
		self.0 >> 33
	}

	fn below(&mut self, bound: usize) -> usize {
		self.next() as usize % bound
	}

	fn act(&mut self) -> Act {
		std::array::from_fn(|_| self.next() as u8)
	}
}
