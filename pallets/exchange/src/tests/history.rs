//! Random histories: whatever callers do, the books stay equal and nobody gains.

use super::mock::*;
use frame_support::storage::with_storage_layer;
use hanse_primitives::Balance;
use pallet_points::Programs;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
	Issue { program: u16, to: u64, amount: Balance },
	Give { program: u16, from: u64, amount: Balance },
	Pay { payer: u64, merchant: u32, order: u64, price: Balance, legs: Vec<(u16, Balance)> },
	Exchange { who: u64, from: u16, amount: Balance, to: u16 },
	TopUp { institution: u64, amount: Balance },
	DrawDown { institution: u64, amount: Balance },
	Wait { time: u64 },
}

/// Small numbers that meet, and now and then one that fits nowhere.
fn amount() -> impl Strategy<Value = Balance> {
	prop_oneof![8 => 0..300u128, 1 => 0..20_000u128, 1 => Just(u128::MAX)]
}

fn step() -> impl Strategy<Value = Step> {
	let (program, person, member) = (|| 1..=4u16, || 11..=13u64, || 1..=4u64);
	prop_oneof![
		4 => (program(), person(), amount()).prop_map(|(program, to, amount)| Step::Issue { program, to, amount }),
		2 => (program(), person(), amount()).prop_map(|(program, from, amount)| Step::Give { program, from, amount }),
		4 => (person(), 1..=4u32, 0..20u64, amount(), prop::collection::vec((program(), amount()), 0..4))
			.prop_map(|(payer, merchant, order, price, legs)| Step::Pay { payer, merchant, order, price, legs }),
		2 => (person(), program(), amount(), program())
			.prop_map(|(who, from, amount, to)| Step::Exchange { who, from, amount, to }),
		1 => (member(), amount()).prop_map(|(institution, amount)| Step::TopUp { institution, amount }),
		1 => (member(), amount()).prop_map(|(institution, amount)| Step::DrawDown { institution, amount }),
		1 => (0..2 * PERIOD).prop_map(|time| Step::Wait { time }),
	]
}

/// What a person's unexpired points are worth, in micro-units.
fn worth(who: u64) -> Balance {
	let now = Timestamp::get();
	Programs::<Test>::iter_values()
		.flat_map(|program| program.vintages)
		.filter(|vintage| vintage.expires > now)
		.map(|vintage| Assets::balance(vintage.asset, who) * Balance::from(vintage.face_value))
		.sum()
}

/// Takes one step as a transaction: an error changes nothing. Says whether it succeeded, and checks
/// what it may have done to the caller's wealth.
fn take(step: &Step) -> bool {
	let signed = RuntimeOrigin::signed;
	let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
	let before = root();
	let done = match step.clone() {
		Step::Issue { program, to, amount } => with_storage_layer(|| issue(program, to, amount)).is_ok(),
		Step::Give { program, from, amount } => {
			let Some(vintage) = Programs::<Test>::get(program).and_then(|p| p.vintages.first().copied())
			else {
				return false;
			};
			with_storage_layer(|| Assets::transfer(signed(from), vintage.asset, 14, amount)).is_ok()
		},
		Step::Pay { payer, merchant, order, price, legs } => {
			let had = worth(payer);
			let done = with_storage_layer(|| pay(payer, merchant, order, price, &legs)).is_ok();
			if done {
				assert!(had - worth(payer) >= price, "a payment cost less than its price");
			}
			done
		},
		Step::Exchange { who, from, amount, to } => {
			let had = worth(who);
			let done = with_storage_layer(|| exchange(who, from, amount, to, 0)).is_ok();
			assert!(worth(who) <= had, "an exchange gained");
			done
		},
		Step::TopUp { institution, amount } => {
			with_storage_layer(|| Clearing::top_up(signed(institution), amount)).is_ok()
		},
		Step::DrawDown { institution, amount } => {
			with_storage_layer(|| Clearing::draw_down(signed(institution), amount)).is_ok()
		},
		Step::Wait { time } => {
			block_at(Timestamp::get() + time);
			true
		},
	};
	assert!(done || root() == before, "a refused call changed something");
	done
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

	#[test]
	fn no_history_breaks_an_invariant_or_makes_money(steps in prop::collection::vec(step(), 1..80)) {
		genesis().execute_with(|| {
			for step in &steps {
				take(step);
				check();
			}
		});
	}
}

#[test]
fn the_random_steps_do_succeed_often_enough_to_mean_something() {
	use proptest::{strategy::ValueTree, test_runner::TestRunner};
	let mut runner = TestRunner::deterministic();
	genesis().execute_with(|| {
		let mut done = [0; 7];
		for _ in 0..4_000 {
			let step = step().new_tree(&mut runner).unwrap().current();
			let kind = match step {
				Step::Issue { .. } => 0,
				Step::Give { .. } => 1,
				Step::Pay { .. } => 2,
				Step::Exchange { .. } => 3,
				Step::TopUp { .. } => 4,
				Step::DrawDown { .. } => 5,
				Step::Wait { .. } => 6,
			};
			done[kind] += usize::from(take(&step));
		}
		check();
		assert!(done.iter().all(|count| *count >= 20), "{done:?}");
	});
}
