//! Weights say the truth: what a call or hook declares covers the items that it writes, and what must
//! not grow with the number of holders does not.

use crate::chain::*;
use frame_support::{
	traits::Hooks,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::asset_id;
use hanse_runtime::{constants::UNIT, Runtime, RuntimeCall};
use pallet_points::{weights::CountedWeight, Terms, WeightInfo};
use sp_keyring::Sr25519Keyring::Eve;

/// What `writes` items cost.
fn writes(writes: u64) -> Weight {
	<Runtime as frame_system::Config>::DbWeight::get().writes(writes)
}

/// Dispatches `call` and compares the items that change with both of its weights.
fn covers(who: sp_runtime::AccountId32, call: RuntimeCall) {
	let before = storage();
	let name = format!("{call:?}");
	let (declared, actual) = weigh(who, call);
	let changed = changed(&before, &storage());
	assert!(changed > 0, "{name} does nothing");
	assert!(writes(changed).all_lte(actual), "{name} writes {changed} items but weighs only {actual}");
	assert!(actual.all_lte(declared), "{name} weighs more than it declares");
}

#[test]
fn the_weight_of_every_call_covers_what_it_writes() {
	run(|| {
		let (name, symbol) = (b"Sky".to_vec().try_into().unwrap(), b"SKY".to_vec().try_into().unwrap());
		covers(member(AIR), pallet_points::Call::create_program { name, symbol, terms: TERMS }.into());
		let read = program(BOOKS, Terms { face_value: 2_500, ..TERMS });
		// The first award opens the vintage and makes an account.
		let issue_one = |number| pallet_points::Call::issue {
			program: 1,
			to: account(Eve),
			amount: 100,
			order: order(number),
		};
		covers(member(AIR), issue_one(0).into());
		covers(member(AIR), issue_one(1).into());
		for awards in [1, 50, 500] {
			let awards: Vec<_> = (0..awards)
				.map(|n| pallet_points::Award {
					to: stranger(1_000 * awards + n),
					amount: 10,
					order: order((1_000 * awards + n).into()).commitment,
				})
				.collect();
			let call = pallet_points::Call::issue_batch {
				program: 1,
				era: era(),
				awards: awards.try_into().unwrap(),
			};
			covers(member(AIR), call.into());
		}
		covers(account(Eve), payment(BOOKS, 1, UNIT / 4, &[(1, 100)]));
		covers(account(Eve), payment(AIR, 1, UNIT / 4, &[(1, 100)]));
		let exchange = pallet_exchange::Call::exchange { from: 1, amount: 10, to: read, min_out: 1 };
		covers(account(Eve), exchange.into());
		covers(member(AIR), pallet_clearing::Call::top_up { amount: UNIT }.into());
		covers(member(AIR), pallet_clearing::Call::draw_down { amount: UNIT }.into());
	});
}

#[test]
fn a_payment_of_eight_legs_over_eight_vintages_leaves_room_for_forty_in_a_block() {
	use pallet_exchange::WeightInfo as _;
	let limits = <Runtime as frame_system::Config>::BlockWeights::get();
	let worst = pallet_exchange::weights::CountedWeight::<Runtime>::pay(8, 64);
	assert!(worst.ref_time() * 40 <= limits.max_block.ref_time(), "{worst}");
}

#[test]
fn expiring_two_thousand_holders_is_one_block_with_as_many_writes_as_expiring_one() {
	let changed_by_expiry_of = |holders: u32| {
		let mut writes = 0;
		run(|| {
			let sky = program(AIR, TERMS);
			let holders: Vec<_> = (0..holders).map(stranger).collect();
			issue(AIR, sky, &holders, 1, 0);
			// Up to the time's inherent, after which the expiry is booked with the first transaction; the
			// sweep belongs to the end of the block, which is another matter.
			open_block(START + 210 * DAY);
			let before = storage();
			hanse_runtime::Points::on_poll(hanse_runtime::System::block_number(), &mut WeightMeter::new());
			writes = changed(&before, &storage());
			assert_eq!(pallet_points::FlowsOf::<Runtime>::get(sky).expired, holders.len() as u128);
			assert!(pallet_points::Closed::<Runtime>::contains_key(asset_id(sky, 0)));
		});
		writes
	};
	let one = changed_by_expiry_of(1);
	assert_eq!(changed_by_expiry_of(2_000), one);
	assert!(writes(one).all_lte(CountedWeight::<Runtime>::expire()), "expiry writes {one} items");
	// The weight takes no number of holders, so it cannot depend on them.
	let limits = <Runtime as frame_system::Config>::BlockWeights::get();
	assert!(CountedWeight::<Runtime>::expire().ref_time() * 100 < limits.max_block.ref_time());
}
