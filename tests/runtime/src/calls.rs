//! Which calls the outside reaches.

use crate::chain::*;
use codec::Compact;
use frame_support::{assert_err, assert_ok};
use hanse_runtime::{RuntimeCall, System};
use sp_keyring::Sr25519Keyring::{Eve, Ferdie};
use sp_runtime::MultiAddress;

fn points_of_eve() -> u32 {
	let program = program(AIR, TERMS);
	issue(AIR, program, &[account(Eve)], 100, 0);
	hanse_primitives::asset_id(program, 0)
}

/// Everything that could change a supply or a balance behind the books, as its holder would call it.
fn closed(asset: u32) -> Vec<RuntimeCall> {
	let (id, eve, ferdie) =
		(Compact(asset), MultiAddress::Id(account(Eve)), MultiAddress::Id(account(Ferdie)));
	let mut calls: Vec<RuntimeCall> = vec![
		pallet_assets::Call::create { id: Compact(9), admin: eve.clone(), min_balance: 1 }.into(),
		pallet_assets::Call::mint { id, beneficiary: eve.clone(), amount: 1 }.into(),
		pallet_assets::Call::burn { id, who: eve.clone(), amount: 1 }.into(),
		pallet_assets::Call::force_transfer { id, source: eve.clone(), dest: ferdie.clone(), amount: 1 }
			.into(),
		pallet_assets::Call::freeze_asset { id }.into(),
		pallet_assets::Call::start_destroy { id }.into(),
		pallet_assets::Call::destroy_accounts { id }.into(),
		pallet_assets::Call::finish_destroy { id }.into(),
		pallet_assets::Call::approve_transfer { id, delegate: ferdie.clone(), amount: 1 }.into(),
		pallet_assets::Call::touch { id }.into(),
		pallet_assets::Call::refund { id, allow_burn: true }.into(),
		pallet_assets::Call::block { id, who: eve.clone() }.into(),
	];
	calls.extend([
		RuntimeCall::from(pallet_balances::Call::burn { value: 1, keep_alive: false }),
		pallet_balances::Call::force_transfer { source: eve.clone(), dest: ferdie, value: 1 }.into(),
		pallet_balances::Call::force_set_balance { who: eve.clone(), new_free: 1 }.into(),
		pallet_balances::Call::force_unreserve { who: eve, amount: 1 }.into(),
		frame_system::Call::set_code { code: vec![] }.into(),
		frame_system::Call::set_storage { items: vec![] }.into(),
		frame_system::Call::kill_storage { keys: vec![] }.into(),
	]);
	calls
}

#[test]
fn what_could_change_a_supply_or_a_balance_behind_the_books_is_closed() {
	run(|| {
		let asset = points_of_eve();
		for call in closed(asset) {
			assert_err!(dispatch(account(Eve), call.clone()), filtered());
			// Nor inside a batch.
			let batch = pallet_utility::Call::batch_all { calls: vec![call] };
			assert_err!(dispatch(account(Eve), batch), filtered());
		}
	});
}

// That no other call of assets is open is in `delegation`, for every call of the runtime.
#[test]
fn the_three_transfers_of_assets_move_points() {
	run(|| {
		let id = Compact(points_of_eve());
		let dest = MultiAddress::Id(account(Ferdie));
		for call in [
			pallet_assets::Call::transfer { id, target: dest.clone(), amount: 1 },
			pallet_assets::Call::transfer_keep_alive { id, target: dest.clone(), amount: 1 },
			pallet_assets::Call::transfer_all { id, dest, keep_alive: false },
		] {
			assert_ok!(dispatch(account(Eve), call));
		}
		assert_eq!(hanse_runtime::Assets::balance(id.0, account(Ferdie)), 100);
	});
}

#[test]
fn an_account_that_never_was_starts_at_the_number_of_the_block() {
	run(|| {
		for _ in 0..4 {
			next_block();
		}
		assert_eq!(*System::account_nonce(stranger(1)), System::block_number());
		assert_eq!(System::block_number(), 5);
	});
}
