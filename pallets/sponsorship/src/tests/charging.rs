//! Who pays, and what is counted.

use super::mock::*;
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Balance, DAY};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	DispatchError,
};

const UNPAID: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Payment);

/// Neither the pool nor the block takes it.
fn refuses(who: u64, fee: impl Into<Fee>) {
	let fee = fee.into();
	assert_eq!(validate(who, fee), Err(UNPAID));
	assert_noop!(charge(who, fee), UNPAID);
}

#[test]
fn the_sponsor_pays_what_was_really_due() {
	run(|| {
		offer(AIR, ANN, 1, 0);
		assert_ok!(validate(ANN, 50));
		assert_eq!(charge(ANN, Fee { declared: 50, actual: 30, tip: 0 }), Ok(Ok(())));
		assert_eq!((lost(AIR), lost(BOOKS), gained()), (30, 0, 30));
		assert_eq!(spent(AIR), (30, 0));
		assert_eq!(Left::get()[&ANN], 4);
		assert_eq!(sponsored(), [(AIR, ANN, 30)]);
		assert_eq!(Balances::free_balance(ANN), 0);
	});
}

#[test]
fn a_customer_with_funds_keeps_them_while_a_sponsor_pays() {
	run(|| {
		give(ANN, 500);
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		assert_eq!((lost(AIR), Balances::free_balance(ANN)), (50, 500));
	});
}

#[test]
fn a_call_that_fails_counts_like_any_other() {
	run(|| {
		offer(AIR, ANN, 2, 0);
		let failure = DispatchError::Other("on purpose");
		assert_eq!(charge_for(ANN, 50, || Err(failure)), Ok(Err(failure)));
		assert_eq!((lost(AIR), spent(AIR), Left::get()[&ANN]), (50, (50, 0), 3));
	});
}

#[test]
fn every_call_of_a_batch_counts() {
	run(|| {
		offer(AIR, ANN, 5, 0);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		assert_eq!(Left::get()[&ANN], 0);
		assert_eq!(spent(AIR), (50, 0));
	});
}

#[test]
fn a_batch_larger_than_what_is_left_of_the_quota_is_not_sponsored() {
	run(|| {
		offer(AIR, ANN, 6, 0);
		refuses(ANN, 50);
	});
}

#[test]
fn beyond_the_quota_the_signer_pays() {
	run(|| {
		Left::set([(ANN, 1)].into());
		offer(AIR, ANN, 1, Balance::MAX);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		// Not served as a stranger.
		refuses(ANN, 50);
		give(ANN, 100);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		assert_eq!((lost(AIR), spent(AIR), Balances::free_balance(ANN), gained()), (50, (50, 0), 50, 100));
		assert_eq!(sponsored().len(), 1);
	});
}

#[test]
fn beyond_the_budget_the_signer_pays() {
	run(|| {
		spend(AIR, DAILY - 50, 0);
		offer(AIR, ANN, 1, 0);
		refuses(ANN, 51);
		assert_ok!(validate(ANN, 50));
		give(ANN, 100);
		assert_eq!(charge(ANN, 51), Ok(Ok(())));
		assert_eq!((lost(AIR), Balances::free_balance(ANN)), (0, 49));
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		assert_eq!((lost(AIR), spent(AIR)), (50, (DAILY, 0)));
		// The quota is untouched by what the signer paid.
		assert_eq!(Left::get()[&ANN], 4);
	});
}

#[test]
fn the_refund_of_a_declared_fee_can_be_spent_again() {
	run(|| {
		Left::set([(ANN, 100)].into());
		offer(AIR, ANN, 1, 0);
		for _ in 0..50 {
			assert_eq!(charge(ANN, Fee { declared: 500, actual: 10, tip: 0 }), Ok(Ok(())));
		}
		assert_eq!((lost(AIR), spent(AIR)), (500, (500, 0)));
		assert_eq!(charge(ANN, Fee { declared: 500, actual: 10, tip: 0 }), Ok(Ok(())));
		refuses(ANN, Fee { declared: 500, actual: 10, tip: 0 });
	});
}

#[test]
fn a_budget_that_was_lowered_below_what_is_spent_is_used_up() {
	run(|| {
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		Budget::set(40);
		refuses(ANN, 1);
	});
}

#[test]
fn a_budget_starts_anew_on_the_next_day() {
	run(|| {
		spend(AIR, DAILY, 0);
		offer(AIR, ANN, 1, 0);
		Now::set(Now::get() + DAY - 1);
		refuses(ANN, 50);
		Now::set(Now::get() + 1);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		assert_eq!(spent(AIR), (50, 0));
	});
}

#[test]
fn budgets_are_apart() {
	run(|| {
		spend(AIR, DAILY, 0);
		offer(BOOKS, ANN, 1, 0);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		assert_eq!((lost(AIR), lost(BOOKS), spent(BOOKS)), (0, 50, (50, 0)));
	});
}

#[test]
fn without_an_offer_the_signer_pays() {
	run(|| {
		refuses(ANN, 50);
		give(ANN, 100);
		assert_eq!(charge(ANN, Fee { declared: 60, actual: 50, tip: 7 }), Ok(Ok(())));
		assert_eq!((Balances::free_balance(ANN), gained(), spent(AIR)), (43, 57, (0, 0)));
		assert!(sponsored().is_empty());
	});
}

#[test]
fn a_tip_is_the_signers_own() {
	run(|| {
		offer(AIR, ANN, 1, 0);
		refuses(ANN, Fee { declared: 50, actual: 30, tip: 7 });
		give(ANN, ED + 7);
		assert_ok!(validate(ANN, Fee { declared: 50, actual: 30, tip: 7 }));
		assert_eq!(charge(ANN, Fee { declared: 50, actual: 30, tip: 7 }), Ok(Ok(())));
		assert_eq!((Balances::free_balance(ANN), lost(AIR), gained()), (ED, 30, 37));
		assert_eq!(spent(AIR), (30, 0));
		assert_eq!(sponsored(), [(AIR, ANN, 30)]);
	});
}

#[test]
fn a_sponsor_that_cannot_pay_does_not() {
	run(|| {
		offer(AIR, ANN, 1, 0);
		assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(1), 2, FUNDS - ED - 49));
		refuses(ANN, 50);
		give(ANN, 100);
		assert_eq!(charge(ANN, 50), Ok(Ok(())));
		assert_eq!((Balances::free_balance(1), Balances::free_balance(ANN)), (ED + 49, 50));
		assert_eq!((spent(AIR), Left::get()[&ANN]), ((0, 0), 5));
		// Its existential deposit stays.
		assert_eq!(charge(ANN, 49), Ok(Ok(())));
		assert_eq!((Balances::free_balance(1), spent(AIR)), (ED, (49, 0)));
	});
}

#[test]
fn a_sponsor_that_does_not_exist_does_not_pay() {
	run(|| {
		offer(NONE, ANN, 1, 0);
		refuses(ANN, 50);
	});
}

#[test]
fn what_cannot_be_given_back_to_the_sponsor_goes_to_the_pot() {
	run(|| {
		offer(AIR, ANN, 1, 0);
		// The call empties the account that paid.
		let empty = || Balances::transfer_allow_death(RuntimeOrigin::signed(1), 2, FUNDS - 50);
		assert_eq!(charge_for(ANN, Fee { declared: 50, actual: 30, tip: 0 }, empty), Ok(Ok(())));
		assert!(!System::account_exists(&1));
		assert_eq!((gained(), spent(AIR)), (50, (30, 0)));
	});
}

#[test]
fn an_institution_pays_for_itself() {
	run(|| {
		Left::set([(2, 5), (ANN, 5)].into());
		offer(AIR, 2, 1, Balance::MAX);
		assert_eq!(charge(2, 50), Ok(Ok(())));
		assert_eq!((lost(AIR), lost(BOOKS)), (0, 50));
		// Nor does anybody pay for its delegate, nor for it as a delegate.
		refuses(ANN, 50);
		offer(AIR, ANN, 1, Balance::MAX);
		assert_eq!(charge(2, 50), Ok(Ok(())));
		assert_eq!((lost(AIR), lost(BOOKS)), (0, 100));
	});
}

#[test]
fn the_quota_of_the_person_behind_a_proxy_is_used() {
	run(|| {
		offer(AIR, ANN, 1, 0);
		assert_eq!(charge(BEN, 50), Ok(Ok(())));
		assert_eq!(Left::get()[&ANN], 4);
		assert_eq!(sponsored(), [(AIR, BEN, 50)]);
	});
}

#[test]
fn nobody_pays_for_what_is_free() {
	run(|| {
		Free::set(true);
		offer(AIR, ANN, 1, 0);
		assert_ok!(validate(BEN, 50));
		assert_eq!(charge(BEN, 50), Ok(Ok(())));
		assert_eq!((lost(AIR), gained(), spent(AIR), Left::get()[&ANN]), (0, 0, (0, 0), 5));
		// But for the tip.
		refuses(BEN, Fee { declared: 50, actual: 50, tip: 7 });
		give(BEN, 100);
		assert_eq!(charge(BEN, Fee { declared: 50, actual: 50, tip: 7 }), Ok(Ok(())));
		assert_eq!((Balances::free_balance(BEN), gained()), (93, 7));
		assert!(sponsored().is_empty());
	});
}

#[test]
fn a_fee_of_zero_is_not_counted() {
	run(|| {
		offer(AIR, ANN, 1, 0);
		assert_ok!(validate(ANN, 0));
		assert_eq!(charge(ANN, 0), Ok(Ok(())));
		assert_eq!((spent(AIR), Left::get()[&ANN], gained()), ((0, 0), 5, 0));
		assert!(sponsored().is_empty());
		// Nor is one that turns out to be zero, but for the quota.
		assert_eq!(charge(ANN, Fee { declared: 50, actual: 0, tip: 0 }), Ok(Ok(())));
		assert_eq!((spent(AIR), Left::get()[&ANN], lost(AIR)), ((0, 0), 4, 0));
	});
}

#[test]
fn a_budget_of_zero_sponsors_nothing() {
	run(|| {
		Budget::set(0);
		offer(AIR, ANN, 1, 0);
		refuses(ANN, 1);
	});
}
