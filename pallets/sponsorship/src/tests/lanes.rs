//! Customers first.

use super::mock::*;
use crate::{ChargeFee, Lane, LaneUsage};
use codec::{Decode, Encode};
use frame_support::{
	assert_ok,
	dispatch::DispatchClass::{Normal, Operational},
	traits::Hooks,
};
use pallet_transaction_payment::{ChargeTransactionPayment, Multiplier, NextFeeMultiplier};
use sp_runtime::{
	traits::TransactionExtension,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

const WAITS: TransactionValidityError =
	TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources);
const CLOSED: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Call);

/// So many units that fees and tips do not matter.
const RICH: u128 = 1 << 100;

#[test]
fn wallets_see_the_extension_that_they_know() {
	let stock = ChargeTransactionPayment::<Test>::from(77);
	let ours = ChargeFee::from(stock.clone());
	assert_eq!(ours.encode(), stock.encode());
	assert_eq!(ChargeFee::decode(&mut &stock.encode()[..]), Ok(ours));
	let told = |all: Vec<sp_runtime::traits::TransactionExtensionMetadata>| {
		let [one] = &all[..] else { panic!("not one extension") };
		(one.identifier, one.ty, one.implicit)
	};
	assert_eq!(
		told(<ChargeFee<Test> as TransactionExtension<RuntimeCall>>::metadata()),
		told(<ChargeTransactionPayment<Test> as TransactionExtension<RuntimeCall>>::metadata()),
	);
}

#[test]
fn nothing_outbids_the_lane_before_it() {
	run(|| {
		give(BEN, RICH);
		let most = Fee { declared: 1, actual: 1, tip: RICH / 2 };
		let open = priority(BEN, most, Normal).unwrap();
		Acts::set(true);
		let members = (priority(BEN, 1_000, Normal).unwrap(), priority(BEN, most, Normal).unwrap());
		offer(AIR, ANN, 1, 0);
		let customers = priority(ANN, 500, Normal).unwrap();
		Governs::set(true);
		let governance = priority(BEN, 1_000, Operational).unwrap();
		assert!(open < members.0 && members.0 < members.1 && members.1 < customers && customers < governance);
		assert_eq!(Lane::Open.raise(7), 7);
	});
}

#[test]
fn what_is_done_for_members_is_noted_as_a_sign_of_them_and_nothing_else() {
	run(|| {
		give(BEN, RICH);
		assert_ok!(charge(BEN, 50));
		offer(AIR, ANN, 1, 0);
		assert_ok!(charge(ANN, 50));
		assert_eq!(Noted::get(), [0; 0]);
		TheOffer::set(None);
		Acts::set(true);
		assert_ok!(charge_for(BEN, 50, || Err(sp_runtime::DispatchError::Unavailable)));
		assert_eq!(Noted::get(), [BEN]);
	});
}

#[test]
fn within_a_lane_a_tip_counts() {
	run(|| {
		give(BEN, RICH);
		let tips = |tip| priority(BEN, Fee { declared: 1_000, actual: 1_000, tip }, Normal).unwrap();
		assert!(tips(0) < tips(1) && tips(1) < tips(1_000));
	});
}

#[test]
fn what_only_seems_operational_is_not_taken() {
	run(|| {
		give(BEN, RICH);
		assert_eq!(priority(BEN, 10, Operational), Err(CLOSED));
		// Nor if an institution would pay.
		offer(AIR, ANN, 1, 0);
		assert_eq!(priority(ANN, 10, Operational), Err(CLOSED));
		let customers = priority(ANN, 10, Normal).unwrap();
		TheOffer::set(None);
		// A member's stands behind customers.
		Acts::set(true);
		assert!(priority(BEN, 10, Operational).unwrap() < customers);
		Governs::set(true);
		assert!(priority(BEN, 10, Operational).unwrap() > customers);
	});
}

#[test]
fn everybody_else_fills_half_a_block_members_three_quarters_and_customers_all_of_it() {
	run(|| {
		give(BEN, RICH);
		Left::set([(ANN, 1_000)].into());
		Budget::set(RICH);
		give(1, RICH);
		let tenth = BLOCK / 10;
		for _ in 0..5 {
			assert_eq!(charge(BEN, tenth), Ok(Ok(())));
		}
		assert_eq!(charge(BEN, tenth), Err(WAITS));
		Acts::set(true);
		for _ in 0..2 {
			assert_eq!(charge(BEN, tenth), Ok(Ok(())));
		}
		assert_eq!(charge(BEN, tenth), Err(WAITS));
		offer(AIR, ANN, 1, 0);
		for _ in 0..10 {
			assert_eq!(charge(ANN, tenth), Ok(Ok(())));
		}
		// The next block is a new one.
		Sponsorship::on_finalize(10);
		assert_eq!(Sponsorship::used(), LaneUsage::default());
		Acts::set(false);
		TheOffer::set(None);
		assert_eq!(charge(BEN, tenth), Ok(Ok(())));
	});
}

#[test]
fn what_was_declared_and_not_used_is_there_for_the_next() {
	run(|| {
		give(BEN, RICH);
		for _ in 0..100 {
			assert_eq!(charge(BEN, Fee { declared: BLOCK * 4 / 10, actual: 10, tip: 0 }), Ok(Ok(())));
		}
	});
}

#[test]
fn what_would_fill_more_than_its_lane_is_not_taken_at_all() {
	run(|| {
		give(BEN, RICH);
		assert_ok!(validate(BEN, BLOCK / 2));
		assert_eq!(validate(BEN, BLOCK / 2 + 1), Err(WAITS));
		Acts::set(true);
		assert_ok!(validate(BEN, BLOCK / 4 * 3));
		assert_eq!(validate(BEN, BLOCK / 4 * 3 + 1), Err(WAITS));
	});
}

#[test]
fn full_blocks_are_dear_for_the_open_lane_alone() {
	run(|| {
		NextFeeMultiplier::<Test>::put(Multiplier::from_u32(100));
		give(BEN, 100_000);
		let before = Balances::free_balance(BEN);
		assert_eq!(charge(BEN, Fee { declared: 50, actual: 30, tip: 7 }), Ok(Ok(())));
		assert_eq!(before - Balances::free_balance(BEN), 30 * 100 + 7);
		Acts::set(true);
		assert_eq!(charge(BEN, 50), Ok(Ok(())));
		assert_eq!(before - Balances::free_balance(BEN), 30 * 100 + 7 + 50);
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		assert_eq!((lost(AIR), spent(AIR)), (50, (50, 0)));
	});
}
