//! Nothing is taken twice, and nobody waits.

use super::mock::*;
use crate::FirstNonce as Floor;
use frame_support::assert_ok;
use frame_system::{Account, CheckNonce};
use hanse_primitives::Balance;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Somebody with 500 units and this nonce, in block 10.
fn ann_at(nonce: u32) {
	give(ANN, 500);
	Account::<Test>::mutate(ANN, |account| account.nonce = nonce.into());
}

fn kill(who: u64) {
	assert_ok!(Balances::transfer_all(RuntimeOrigin::signed(who), POT, false));
	assert!(!System::account_exists(&who));
}

#[test]
fn an_account_sends_as_many_as_it_likes_whatever_its_nonce() {
	run(|| {
		for nonce in [0, 10, 11, 100_000] {
			ann_at(nonce);
			assert_ok!(validate(ANN, 50));
			assert_eq!(charge(ANN, 50), Ok(Ok(())));
		}
	});
}

#[test]
fn an_account_that_is_killed_starts_anew_at_the_block_number() {
	run(|| {
		ann_at(10);
		kill(ANN);
		assert_eq!(Floor::<Test>::get(), 0);
		System::set_block_number(11);
		give(ANN, 500);
		assert_eq!(*System::account_nonce(ANN), 11);
	});
}

#[test]
fn an_account_that_was_ahead_of_the_block_number_starts_anew_where_it_was() {
	run(|| {
		ann_at(100_000);
		kill(ANN);
		assert_eq!((Floor::<Test>::get(), *System::account_nonce(ANN)), (100_000, 100_000));
		give(ANN, 500);
		assert_eq!(*System::account_nonce(ANN), 100_000);
		// So does everybody else, until the blocks have caught up.
		give(BEN, 500);
		assert_eq!(*System::account_nonce(BEN), 100_000);
		kill(BEN);
		System::set_block_number(100_001);
		give(BEN, 500);
		assert_eq!((Floor::<Test>::get(), *System::account_nonce(BEN)), (100_000, 100_001));
	});
}

/// What happens in a history.
#[derive(Clone, Debug)]
enum Step {
	/// Somebody is given units, and comes into being if he was not there.
	Fund(u64),
	/// Somebody signs a transfer of everything, or of a part, to somebody else.
	Send(u64, u64, bool),
	/// All that was ever signed comes again.
	Replay,
	NextBlock,
}

fn step() -> impl Strategy<Value = Step> {
	let someone = || ANN..ANN + 4;
	prop_oneof![
		3 => someone().prop_map(Step::Fund),
		12 => (someone(), someone(), any::<bool>()).prop_map(|(from, to, all)| Step::Send(from, to, all)),
		2 => Just(Step::Replay),
		1 => Just(Step::NextBlock),
	]
}

/// What a history came to.
#[derive(Debug, Default)]
struct Count {
	taken: u32,
	killed: u32,
	reborn: u32,
	refused: u32,
}

fn accepts(who: u64, nonce: u32) -> bool {
	CheckNonce::<Test>::validate_nonce_for_account(&who, nonce.into())
		.is_ok_and(|info| info.requires.is_empty())
}

/// Takes a transaction as a block does, if its nonce is the next one.
fn take(from: u64, nonce: u32, to: u64, amount: Balance) -> bool {
	accepts(from, nonce) && {
		assert_ok!(CheckNonce::<Test>::prepare_nonce_for_account(&from, nonce.into()));
		let _ = Balances::transfer_allow_death(RuntimeOrigin::signed(from), to, amount);
		true
	}
}

fn play(steps: &[Step], count: &mut Count) {
	let mut used = BTreeSet::<(u64, u32)>::new();
	for step in steps {
		match *step {
			Step::Fund(who) => {
				count.reborn +=
					u32::from(!System::account_exists(&who) && used.iter().any(|(of, _)| *of == who));
				give(who, 500);
			},
			Step::Send(from, to, all) => {
				let nonce = *System::account_nonce(from);
				let has = Balances::free_balance(from);
				let news = !System::account_exists(&to) && used.iter().any(|(of, _)| *of == to);
				if take(from, nonce, to, if all { has } else { has / 2 }) {
					assert!(used.insert((from, nonce)), "{from} used {nonce} twice");
					count.taken += 1;
					count.killed += u32::from(!System::account_exists(&from));
					count.reborn += u32::from(news && System::account_exists(&to));
				}
			},
			Step::Replay => {
				for (who, nonce) in &used {
					assert!(!accepts(*who, *nonce), "{who} could use {nonce} again");
					count.refused += 1;
				}
			},
			Step::NextBlock => System::set_block_number(System::block_number() + 1),
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

	#[test]
	fn no_nonce_is_used_twice_whatever_is_killed_and_funded(steps in prop::collection::vec(step(), 1..120)) {
		run(|| play(&steps, &mut Count::default()));
	}
}

#[test]
fn random_histories_kill_fund_and_replay() {
	use proptest::{strategy::ValueTree, test_runner::TestRunner};
	let mut runner = TestRunner::deterministic();
	let mut count = Count::default();
	for _ in 0..100 {
		let steps = prop::collection::vec(step(), 1..120).new_tree(&mut runner).unwrap().current();
		run(|| play(&steps, &mut count));
	}
	let Count { taken, killed, reborn, refused } = count;
	assert!(taken > 2_000 && killed > 500 && reborn > 500 && refused > 2_000, "{count:?}");
}
