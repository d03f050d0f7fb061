//! Which calls the outside reaches.

use crate::{
	chain::*,
	delegation::{all_calls, name_of},
};
use codec::Compact;
use frame_support::{assert_err, assert_ok, traits::Contains};
use hanse_runtime::{configs::CallFilter, System};
use sp_keyring::Sr25519Keyring::{Eve, Ferdie};
use sp_runtime::MultiAddress;

fn points_of_eve() -> u32 {
	let program = program(AIR, TERMS);
	issue(AIR, program, &[account(Eve)], 100, 0);
	hanse_primitives::asset_id(program, 0)
}

#[test]
fn every_call_that_is_closed_is_refused_alone_and_in_a_batch() {
	run(|| {
		let closed: Vec<_> = all_calls().into_iter().filter(|call| !CallFilter::contains(call)).collect();
		// Each way to change a supply or a balance behind the books is among them.
		for name in [
			"Assets.mint",
			"Assets.burn",
			"Assets.force_transfer",
			"Assets.start_destroy",
			"Assets.approve_transfer",
			"Balances.burn",
			"Balances.force_set_balance",
			"System.set_code",
			"System.set_storage",
		] {
			assert!(closed.iter().any(|call| name_of(call) == name), "{name} is open");
		}
		for call in closed {
			assert_err!(dispatch(account(Eve), call.clone()), filtered());
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
