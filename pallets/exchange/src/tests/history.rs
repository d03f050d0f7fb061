//! Random histories: whatever callers do, the books stay equal and nobody gains.

use super::mock::*;
use crate::{Authorisations, Receipts};
use frame_support::storage::with_storage_layer;
use hanse_primitives::{Balance, Chargebacks as _, Order};
use pallet_points::Programs;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
	Issue { program: u16, to: u64, amount: Balance },
	Give { program: u16, from: u64, amount: Balance },
	Pay { payer: u64, merchant: u32, order: u64, price: Balance, legs: Vec<(u16, Balance)> },
	Exchange { who: u64, from: u16, amount: Balance, to: u16 },
	Authorize { payer: u64, merchant: u32, order: u64, price: Balance, legs: Vec<(u16, Balance)> },
	Present { slips: Vec<(u64, u64, Balance, u16)>, merchant: u32, by: u32 },
	Capture { nth: usize, value: Balance, last: bool },
	Void { nth: usize, who: u64 },
	Refund { nth: usize, value: Balance },
	Keep { nth: usize },
	LetGo { nth: usize },
	PayBack { nth: usize },
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
		3 => (person(), 1..=4u32, 0..20u64, amount(), prop::collection::vec((program(), amount()), 0..4))
			.prop_map(|(payer, merchant, order, price, legs)| Step::Authorize { payer, merchant, order, price, legs }),
		2 => (prop::collection::vec((person(), 0..40u64, amount(), program()), 1..4), 1..=4u32, any::<bool>())
			.prop_map(|(slips, merchant, honest)| {
				Step::Present { slips, merchant, by: if honest { merchant } else { 1 } }
			}),
		3 => (0..9usize, amount(), prop::bool::weighted(0.3))
			.prop_map(|(nth, value, last)| Step::Capture { nth, value, last }),
		2 => (0..9usize, 1..=4u64).prop_map(|(nth, who)| Step::Void { nth, who }),
		3 => (0..99usize, amount()).prop_map(|(nth, value)| Step::Refund { nth, value }),
		1 => (member(), amount()).prop_map(|(institution, amount)| Step::TopUp { institution, amount }),
		1 => (member(), amount()).prop_map(|(institution, amount)| Step::DrawDown { institution, amount }),
		2 => (0..99usize).prop_map(|nth| Step::Keep { nth }),
		1 => (0..99usize).prop_map(|nth| Step::LetGo { nth }),
		1 => (0..99usize).prop_map(|nth| Step::PayBack { nth }),
		1 => prop_oneof![9 => 0..2 * PERIOD, 1 => 0..3 * ERA].prop_map(|time| Step::Wait { time }),
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

/// One of the open payments.
fn named(keys: impl Iterator<Item = crate::ReceiptKey<u64>>, nth: usize) -> Option<(u32, u64, Order)> {
	let keys: Vec<_> = keys.collect();
	let crate::ReceiptKey { merchant, payer, commitment } = *keys.get(nth.checked_rem(keys.len())?)?;
	// Whatever era is named.
	Some((merchant, payer, Order { era: 7, commitment }))
}

/// One of the receipts of something.
fn paid(nth: usize) -> Option<(u32, u64, Order)> {
	named(Receipts::<Test>::iter().filter(|(_, receipt)| receipt.price > 0).map(|(key, _)| key), nth)
}

/// Receipts that are kept although their time is over.
fn without_halts() -> usize {
	let closing = Receipts::<Test>::iter_values().filter(|receipt| !receipt.authorised).count();
	closing - listed()
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
		Step::Authorize { payer, merchant, order, price, legs } => {
			with_storage_layer(|| authorize(payer, merchant, order, price, &legs)).is_ok()
		},
		Step::Present { slips, merchant, by } => {
			let had: Vec<_> = (11..=13).map(worth).collect();
			let receipts = Receipts::<Test>::iter().count();
			let slips: Vec<_> = slips
				.iter()
				.map(|&(payer, order, price, program)| {
					slip(payer, merchant, order, price, &[(program, price)])
				})
				.collect();
			assert!(with_storage_layer(|| present(by.into(), slips)).is_ok() || by == 4);
			let spent: Balance = (11..=13).zip(had).map(|(who, had)| had - worth(who)).sum();
			let done = Receipts::<Test>::iter().count() > receipts;
			assert_eq!(done, spent > 0, "what slips took is in no receipt");
			return done;
		},
		Step::Capture { nth, value, last } => {
			let Some((merchant, payer, order)) = named(Authorisations::<Test>::iter_keys(), nth) else {
				return false;
			};
			let merchant = signed(merchant.into());
			with_storage_layer(|| Exchange::capture(merchant, payer, order, value, last).map_err(|e| e.error))
				.is_ok()
		},
		Step::Void { nth, who } => {
			let Some((merchant, payer, order)) = named(Authorisations::<Test>::iter_keys(), nth) else {
				return false;
			};
			with_storage_layer(|| Exchange::void(signed(who), merchant, payer, order).map_err(|e| e.error))
				.is_ok()
		},
		Step::Refund { nth, value } => {
			let Some((merchant, payer, order)) = paid(nth) else { return false };
			let merchant = signed(merchant.into());
			with_storage_layer(|| Exchange::refund(merchant, payer, order, value).map_err(|e| e.error))
				.is_ok()
		},
		Step::Keep { nth } => {
			let Some((merchant, payer, order)) = paid(nth) else { return false };
			Exchange::hold_for_dispute(merchant, &payer, order).is_ok()
		},
		Step::LetGo { nth } => {
			let Some((merchant, payer, order)) = paid(nth) else { return false };
			let was_kept = Exchange::receipt(merchant, payer, order).unwrap().disputed;
			Exchange::release_from_dispute(merchant, &payer, order);
			was_kept
		},
		Step::PayBack { nth } => {
			let Some((merchant, payer, order)) = paid(nth) else { return false };
			Exchange::charge_back(merchant, &payer, order).is_ok()
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
			Interchange::set(Permill::from_parts(10_000));
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
		Interchange::set(Permill::from_parts(10_000));
		let (mut done, mut aside, mut parts) = ([0; 15], 0, 0);
		for _ in 0..6_000 {
			let step = step().new_tree(&mut runner).unwrap().current();
			let kind = match step {
				Step::Issue { .. } => 0,
				Step::Give { .. } => 1,
				Step::Pay { .. } => 2,
				Step::Exchange { .. } => 3,
				Step::TopUp { .. } => 4,
				Step::DrawDown { .. } => 5,
				Step::Wait { .. } => 6,
				Step::Authorize { .. } => 7,
				Step::Capture { .. } => 8,
				Step::Void { .. } => 9,
				Step::Refund { .. } => 10,
				Step::Keep { .. } => 11,
				Step::LetGo { .. } => 12,
				Step::PayBack { .. } => 13,
				Step::Present { .. } => 14,
			};
			let kept_before = without_halts();
			done[kind] += usize::from(take(&step));
			aside += without_halts().saturating_sub(kept_before);
			parts += Authorisations::<Test>::iter_values().filter(|a| a.captures > 1).count();
		}
		check();
		assert!(done.iter().all(|count| *count >= 15), "{done:?}");
		assert!(aside >= 15 && parts >= 15, "{aside} {parts}");
	});
}
