//! No account that could be reaped uses a nonce at which it could start again.

use super::mock::*;
use frame_support::{assert_noop, assert_ok};
use frame_system::Account;
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

const WAITS: TransactionValidityError =
	TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources);

/// Somebody with 500 units and this nonce, in block 10.
fn ann_at(nonce: u32) {
	give(ANN, 500);
	Account::<Test>::mutate(ANN, |account| account.nonce = nonce);
}

#[test]
fn an_account_whose_nonce_is_below_the_block_number_may_go_on() {
	run(|| {
		ann_at(9);
		assert_ok!(validate(ANN, 50));
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
	});
}

#[test]
fn an_account_whose_nonce_has_reached_the_block_number_waits_for_the_next_block() {
	run(|| {
		for nonce in [10, 11, u32::MAX] {
			ann_at(nonce);
			assert_eq!(validate(ANN, 50), Err(WAITS));
			assert_noop!(charge(ANN, 50), WAITS);
		}
		ann_at(10);
		System::set_block_number(11);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
	});
}

#[test]
fn it_waits_whoever_pays() {
	run(|| {
		ann_at(10);
		// A fee of zero, with and without a tip.
		assert_eq!(validate(ANN, 0), Err(WAITS));
		assert_eq!(validate(ANN, Fee { declared: 0, actual: 0, tip: 7 }), Err(WAITS));
		// A sponsor.
		offer(AIR, ANN, 1, 0);
		assert_noop!(charge(ANN, 50), WAITS);
		// Nobody.
		Free::set(true);
		assert_noop!(charge(ANN, 50), WAITS);
	});
}

#[test]
fn it_waits_even_if_it_cannot_pay() {
	run(|| {
		ann_at(10);
		assert_eq!(validate(ANN, 1_000), Err(WAITS));
	});
}

#[test]
fn an_account_with_consumers_cannot_be_reaped_and_does_not_wait() {
	run(|| {
		ann_at(1_000);
		assert_ok!(System::inc_consumers(&ANN));
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		System::dec_consumers(&ANN);
		assert_eq!(validate(ANN, 50), Err(WAITS));
	});
}
