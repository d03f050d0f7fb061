//! A hundred thousand holders: what expires costs one block the same as for one, and what it leaves behind
//! goes away in pieces.

use crate::chain::*;
use frame_support::{
	traits::{fungibles::Inspect, Hooks},
	weights::WeightMeter,
};
use hanse_primitives::{asset_id, MAX_AWARDS};
use hanse_runtime::{genesis_presets::DEVELOPMENT, Assets, Points, Runtime, System};
use pallet_points::{FlowsOf, SweepQueue, Terms};
use std::collections::BTreeMap;

const HOLDERS: u32 = 100_000;

/// How many items each pallet stores, by the hash of its name.
fn items() -> BTreeMap<Vec<u8>, usize> {
	let mut items = BTreeMap::new();
	for key in storage().into_keys().filter(|key| key.len() >= 16) {
		*items.entry(key[..16].to_vec()).or_default() += 1;
	}
	items
}

#[test]
fn a_hundred_thousand_holders_expire_at_once_and_are_swept_in_pieces() {
	let mut ext = genesis(DEVELOPMENT);
	// Each step is committed, as blocks are, so that what is pending in memory stays small.
	let mut step = |act: &mut dyn FnMut()| {
		ext.execute_with(act);
		ext.commit_all().unwrap();
	};
	let asset = asset_id(1, 0);
	let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
	step(&mut || {
		block_at(START, vec![]);
		program(AIR, Terms { face_value: 10, ..TERMS });
		before = items();
	});
	for batch in 0..HOLDERS / MAX_AWARDS {
		step(&mut || {
			let holders: Vec<_> = (0..MAX_AWARDS).map(|n| stranger(batch * MAX_AWARDS + n)).collect();
			issue(AIR, 1, &holders, 1, u64::from(batch * MAX_AWARDS));
		});
	}
	// When their era takes no orders any more, the records of them go, block by block.
	step(&mut || block_at(START + 8 * DAY, vec![]));
	(0..HOLDERS / 500 + 2).for_each(|_| step(&mut next_block));

	// One block books everything, for as many items as for one holder.
	let limits = <Runtime as frame_system::Config>::BlockWeights::get();
	step(&mut || {
		assert_eq!(pallet_points::AwardedOrders::<Runtime>::iter_keys().count(), 0);
		assert_eq!(pallet_assets::Account::<Runtime>::iter_key_prefix(asset).count(), HOLDERS as usize);
		let (root, mut meter) = (storage(), WeightMeter::new());
		set_time(START + 210 * DAY);
		Points::on_poll(System::block_number(), &mut meter);
		let writes = changed(&root, &storage());
		assert!(writes <= 12, "{writes} items");
		assert_eq!(FlowsOf::<Runtime>::get(1).expired, u128::from(HOLDERS));
		assert_eq!(pallet_points::LiabilityOf::<Runtime>::get(AIR).outstanding, 0);
		assert!(meter.consumed().ref_time() * 20 < limits.max_block.ref_time());
	});

	// The sweep never takes more than a quarter of a block, although nothing else is in it, and it ends.
	let most = limits.max_block.ref_time() / 4;
	let mut blocks = 0;
	let mut is_open = true;
	while is_open {
		step(&mut || {
			match blocks {
				0 => block_at(START + 210 * DAY + 60_000, vec![]),
				_ => next_block(),
			}
			let weight = System::block_weight().total().ref_time();
			// The first ones turn the era, too.
			assert!(blocks < 3 || weight < most, "{weight} of {most}");
			is_open = SweepQueue::<Runtime>::contains_key(asset);
		});
		blocks += 1;
		assert!(blocks <= HOLDERS / 500 + 1, "the sweep does not end");
	}
	assert!(blocks >= HOLDERS / 500, "{blocks} blocks swept more than their share");

	// As many items as before there was a holder, in every pallet but the program's own books.
	step(&mut || {
		after = items();
		assert!(!Assets::asset_exists(asset) && !System::account_exists(&stranger(7)));
		check();
	});
	let of = |items: &BTreeMap<Vec<u8>, usize>, pallet: &str| {
		items.get(&sp_io::hashing::twox_128(pallet.as_bytes())[..]).copied().unwrap_or_default()
	};
	for pallet in ["Assets", "Balances", "Exchange", "Clearing", "Customers", "Sponsorship"] {
		assert_eq!(of(&after, pallet), of(&before, pallet), "{pallet}");
	}
	// The hashes of blocks, and flows, outstanding value, what was made, its growth, closings, who was inspected,
	// the number of the last batch.
	assert!(of(&after, "System") <= of(&before, "System") + 1_000);
	assert!(of(&after, "Points") <= of(&before, "Points") + 7);
}

#[test]
fn a_full_block_sweeps_nothing() {
	run(|| {
		let sky = program(AIR, TERMS);
		issue(AIR, sky, &[stranger(1)], 1, 1);
		open_block(START + 210 * DAY);
		Points::on_poll(System::block_number(), &mut WeightMeter::new());
		let limits = <Runtime as frame_system::Config>::BlockWeights::get();
		let class = frame_support::dispatch::DispatchClass::Normal;
		System::register_extra_weight_unchecked(limits.max_block, class);
		hanse_runtime::Executive::finalize_block();
		assert!(Assets::asset_exists(asset_id(sky, 0)));
		assert!(System::account_exists(&stranger(1)));
		next_block();
		next_block();
		assert!(!System::account_exists(&stranger(1)));
	});
}
