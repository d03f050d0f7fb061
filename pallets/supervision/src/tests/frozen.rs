//! What the assets pallet makes of a halt.

use super::mock::*;
use frame_support::{
	assert_noop, assert_ok,
	traits::{
		fungibles::{Destroy, Inspect, Mutate},
		tokens::{Fortitude::Polite, Precision::Exact, Preservation::Expendable},
	},
};
use hanse_primitives::Halts as _;
use pallet_assets::{Error, FrozenBalance};
use sp_runtime::{DispatchResult, TokenError};

fn transfer(from: u64, to: u64, program: u16, amount: u128) -> DispatchResult {
	Assets::transfer(signed(from), vintage(program), to, amount)
}

fn balance(who: u64, program: u16) -> u128 {
	Assets::balance(vintage(program), who)
}

/// Every way in which signed callers move an asset, with part of it and with all.
fn nothing_leaves(from: u64, to: u64, program: u16) {
	let (asset, held) = (vintage(program), balance(from, program));
	for amount in [1, held] {
		assert_noop!(transfer(from, to, program, amount), Error::<Test>::BalanceLow);
		let kept = Assets::transfer_keep_alive(signed(from), asset, to, amount);
		assert_noop!(kept, Error::<Test>::BalanceLow);
		// As pallets move it.
		let moved = <Assets as Mutate<u64>>::transfer(asset, &from, &to, amount, Expendable);
		assert_noop!(moved, TokenError::Frozen);
		let burned = Assets::burn_from(asset, &from, amount, Expendable, Exact, Polite);
		assert_noop!(burned, TokenError::FundsUnavailable);
	}
	for keep_alive in [true, false] {
		// All that can be moved is nothing: the assets pallet agrees where that needs no new account.
		let before = (held, balance(to, program));
		assert_ok!(Assets::transfer_all(signed(from), asset, to, keep_alive));
		assert_eq!((balance(from, program), balance(to, program)), before);
		assert!(Assets::transfer_all(signed(from), asset, 77, keep_alive).is_err());
	}
	assert_eq!(Assets::reducible_balance(asset, &from, Expendable, Polite), 0);
}

#[test]
fn nothing_leaves_a_halted_customer_and_it_receives() {
	run(|| {
		assert_ok!(halt(customer(ANN), 10));
		for program in 1..=3 {
			nothing_leaves(ANN, BEN, program);
			assert_ok!(transfer(BEN, ANN, program, 40));
			assert_ok!(Assets::mint_into(vintage(program), &ANN, 5));
			assert_eq!(balance(ANN, program), 145);
			nothing_leaves(ANN, BEN, program);
		}
		Now::set(START + 10);
		for program in 1..=3 {
			assert_ok!(Assets::transfer_all(signed(ANN), vintage(program), BEN, false));
			assert_eq!(balance(ANN, program), 0);
		}
	});
}

#[test]
fn nothing_of_a_halted_program_leaves_anybody() {
	run(|| {
		assert_ok!(halt(program(1), 10));
		for (from, to) in [(ANN, BEN), (BEN, ANN)] {
			nothing_leaves(from, to, 1);
			assert_ok!(transfer(from, to, 2, 1));
		}
		assert_ok!(Assets::mint_into(vintage(1), &ANN, 5));
		assert_ok!(lift(program(1)));
		assert_ok!(transfer(ANN, BEN, 1, 105));
	});
}

#[test]
fn a_halted_institution_freezes_nothing() {
	run(|| {
		assert_ok!(halt(institution(SHOP), 10));
		assert_ok!(transfer(ANN, BEN, 1, 100));
		assert_ok!(transfer(BEN, ANN, 1, 200));
	});
}

#[test]
fn a_vintage_that_is_closed_is_swept_whoever_is_halted() {
	run(|| {
		assert_ok!(halt(customer(ANN), 10));
		assert_ok!(halt(program(1), 10));
		assert_eq!(Supervision::frozen_balance(vintage(1), &ANN), Some(u128::MAX));
		assert!(!<Supervision as FrozenBalance<_, u64, _>>::contains_freezes(vintage(1)));
		OpenVintages::set([vintage(2), vintage(3)].into());
		assert_eq!(Supervision::frozen_balance(vintage(1), &ANN), None);
		assert_ok!(<Assets as Destroy<u64>>::start_destroy(vintage(1), None));
		assert_eq!(<Assets as Destroy<u64>>::destroy_accounts(vintage(1), 500), Ok(2));
		assert_ok!(<Assets as Destroy<u64>>::finish_destroy(vintage(1)));
		assert!(!Assets::asset_exists(vintage(1)));
		// Hers of other vintages is frozen as before.
		nothing_leaves(ANN, BEN, 2);
	});
}

#[test]
fn what_is_set_aside_moves_and_is_halted_afterwards() {
	run(|| {
		assert_ok!(halt(customer(ANN), 10));
		assert_ok!(halt(program(1), 10));
		let moved = Supervision::without_halts(|| {
			<Assets as Mutate<u64>>::transfer(vintage(1), &ANN, &BEN, 60, Expendable)
		});
		assert_eq!((moved, balance(ANN, 1), balance(BEN, 1)), (Ok(60), 40, 160));
		nothing_leaves(BEN, ANN, 1);
		nothing_leaves(ANN, BEN, 2);
		// Where nothing is halted, nothing is left behind either.
		assert_ok!(lift(customer(ANN)));
		assert_ok!(lift(program(1)));
		assert_eq!(Supervision::without_halts(|| 7), 7);
		assert!(!crate::ActiveHalts::<Test>::exists());
	});
}
