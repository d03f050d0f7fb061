//! Random calls about points and the money behind them on the real runtime: whatever anybody does, the books
//! stay equal and nobody gains; members fall short, are overdue and end meanwhile.

mod steps;
mod world;

pub(crate) use steps::{step, Step};
pub(crate) use world::{lacking, World};

use crate::{chain::*, wallet::pot};
use hanse_runtime::genesis_presets::DEVELOPMENT;
use proptest::prelude::*;
use std::{cell::Cell, time::Instant};
use world::Seen;

/// Steps of each case.
const STEPS: usize = 250;

/// Steps in all, which `HANSE_RANDOM_STEPS` can set.
fn steps() -> usize {
	std::env::var("HANSE_RANDOM_STEPS").map_or(15_000, |steps| steps.parse().unwrap())
}

#[test]
fn ten_thousand_random_calls_leave_the_books_equal_and_nobody_richer() {
	let (began, cases) = (Instant::now(), steps().div_ceil(STEPS));
	let seen = Cell::new(Seen::default());
	let config =
		ProptestConfig { cases: cases as u32, failure_persistence: None, ..ProptestConfig::default() };
	let strategy = prop::collection::vec(step(), STEPS..=STEPS);
	let mut runner = proptest::test_runner::TestRunner::new(config);
	// What is rare may not come in so many steps: then there are as many more.
	let mut rounds = 0;
	while rounds == 0 || (seen.get().lacks_something() && rounds < 4) {
		rounds += 1;
		let played = runner.run(&strategy, |history| {
			let mut ext = genesis(DEVELOPMENT);
			ext.execute_with(|| {
				block_at(START, vec![]);
				let mut world = World::new();
				world.seen = seen.get();
				for (n, step) in (1..).zip(history) {
					world.take(step);
					world.observe();
					if n % 100 == 0 || n == STEPS {
						check();
						// These calls pay no fee, so that the pot is what its books say.
						assert_eq!(pot(), pot_by_the_books());
					}
				}
				seen.set(world.seen);
			});
			Ok(())
		});
		played.unwrap();
	}
	let (seen, steps) = (seen.get(), rounds * cases * STEPS);
	println!("{steps} steps in {} s: {seen:?}", began.elapsed().as_secs());
	// Not a test of refusals only.
	assert!(seen.done as usize * 5 >= steps, "only {} calls did something", seen.done);
	assert!(!seen.lacks_something());
}
