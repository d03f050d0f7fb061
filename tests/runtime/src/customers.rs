//! A customer's life: from the first points to a lost key.

use crate::{chain::*, wallet::*};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{
	asset_id, Cases as _, Clearing as _, Liabilities as _, Members as _, Points as _, Reserves as _,
	Standing as _,
};
use hanse_runtime::{
	constants::{CENT, UNIT},
	Clearing, Customers, Exchange, Institutions, Points, Rulebook, Runtime, RuntimeCall, RuntimeEvent,
	System, Timestamp,
};
use pallet_points::Terms;
use sp_runtime::{DispatchError, DispatchResult};

fn dispatched(who: &Wallet, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(who.account(), call.into()).map(drop).map_err(|failed| failed.error)
}

fn recover(old: &Wallet, new: &Wallet, vintage: u32) -> RuntimeCall {
	let vintages = vec![vintage].try_into().unwrap();
	pallet_customers::Call::recover { old: old.account(), new: new.account(), vintages }.into()
}

/// Ann, registered with Air and its consent to recover, with 900 points and 100 that are pending; the vintage.
fn ann_loses_her_key() -> (Wallet, Wallet, u32) {
	let sky = program(AIR, Terms { pending: 60 * DAY, ..TERMS });
	let (ann, new) = (Wallet::new(1), Wallet::new(2));
	let until = Timestamp::get() + 60_000;
	let (account, commitment, tag) = (ann.account(), Default::default(), sp_core::H256::repeat_byte(1));
	let consent = Customers::consent(AIR, account.clone(), commitment, tag, true, until);
	let signature = ann.signs_bytes(&consent);
	let call =
		pallet_customers::Call::register { account, commitment, tag, may_recover: true, until, signature };
	assert_ok!(dispatch(member(AIR), call.into()));
	issue(AIR, sky, &[ann.account()], 900, 1);
	block_at(START + 60 * DAY, vec![]);
	next_block();
	issue(AIR, sky, &[ann.account()], 100, 2);
	(ann, new, asset_id(sky, 0))
}

#[test]
fn what_a_lost_key_held_comes_to_the_new_account_after_the_delay() {
	run(|| {
		let (ann, new, vintage) = ann_loses_her_key();
		let pending = asset_id(1, 1);
		let vintages = vec![vintage, pending].try_into().unwrap();
		let call = pallet_customers::Call::recover { old: ann.account(), new: new.account(), vintages };
		assert_ok!(dispatch(member(AIR), call.into()));
		assert_eq!(pallet_customers::AtStake::<Runtime>::get(AIR).worth, 1_000 * CENT);
		assert!(Customers::ensure_none(AIR).is_err());
		block_at(Timestamp::get() + Rulebook::rules().recovery_delay, vec![]);
		next_block();
		let complete = || RuntimeCall::from(pallet_customers::Call::complete { old: ann.account() });
		assert_ok!(dispatch(stranger(1), complete()));
		let held = Points::portfolio(new.account(), 1).holdings;
		assert_eq!(held.iter().map(|h| (h.amount, h.pending)).collect::<Vec<_>>(), [(900, 0), (0, 100)]);
		assert!(Points::portfolio(ann.account(), 1).holdings.is_empty());
		// The new account pays under the same limit, and what was pending matures for it.
		assert_ok!(dispatched(&new, payment(BOOKS, 1, UNIT, &[(1, 100)])));
		block_at(Timestamp::get() + 60 * DAY, vec![]);
		next_block();
		assert_eq!(Points::portfolio(new.account(), 1).holdings.iter().map(|h| h.amount).sum::<u128>(), 900);
		// One delay later nothing stands against the bond any more.
		assert_ok!(dispatch(stranger(1), complete()));
		assert_ok!(Customers::ensure_none(AIR));
	});
}

#[test]
fn any_transaction_of_the_old_key_cancels_a_recovery_and_an_objection_is_free() {
	run(|| {
		let (ann, new, vintage) = ann_loses_her_key();
		next_block();
		// Objecting, with an empty wallet.
		assert_ok!(dispatch(member(AIR), recover(&ann, &new, vintage)));
		next_block();
		assert_eq!(send(ann.signs(pallet_customers::Call::object {})), Ok(Ok(())));
		assert!(sponsored().is_empty() && money(&ann.account()) == 0);
		// Nothing is left to object to, and then it is not free.
		assert_eq!(send(ann.signs(pallet_customers::Call::object {})), Err(UNPAID));
		// Anything else that the key signs.
		assert_ok!(dispatch(member(AIR), recover(&ann, &new, vintage)));
		next_block();
		assert_eq!(send(ann.signs(gift(1, &stranger(1), 10))), Ok(Ok(())));
		block_at(Timestamp::get() + Rulebook::rules().recovery_delay, vec![]);
		next_block();
		let complete = pallet_customers::Call::complete { old: ann.account() };
		assert_ok!(dispatch(stranger(1), complete.into()));
		let cancelled = System::events().into_iter().any(|record| {
			matches!(record.event, RuntimeEvent::Customers(pallet_customers::Event::RecoveryCancelled { .. }))
		});
		assert!(cancelled);
		assert_eq!(points(1, &new.account()), 0);
		assert_ok!(Customers::ensure_none(AIR));
	});
}

#[test]
fn recoveries_are_never_worth_more_than_the_bond() {
	run(|| {
		let (ann, new, vintage) = ann_loses_her_key();
		// 900 points of a hundredth are 9 units, against a bond that shrinks to one less.
		let stake = pallet_customers::Stake { recoveries: 1, worth: 10_000 * UNIT - 900 * CENT + 1 };
		pallet_customers::AtStake::<Runtime>::insert(AIR, stake);
		assert_noop!(
			dispatch(member(AIR), recover(&ann, &new, vintage)).map_err(|failed| failed.error),
			pallet_customers::Error::<Runtime>::OverBond
		);
		pallet_customers::AtStake::<Runtime>::remove(AIR);
	});
}

#[test]
fn limits_and_age_are_the_same_at_every_member_and_quotes_say_so() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = Wallet::new(1);
		issue(AIR, sky, &[ann.account()], 300_000, 1);
		let stranger_pays = dispatched(&ann, payment(BOOKS, 1, UNIT, &[(sky, 100)]));
		assert_eq!(stranger_pays, Err(pallet_customers::Error::<Runtime>::NotRegistered.into()));
		register(AIR, &ann, 1);
		let limit = Rulebook::rules().customer_limit;
		assert_ok!(dispatched(&ann, payment(BOOKS, 1, limit - UNIT, &[(sky, 300_000)])));
		let left = Customers::customer(ann.account()).unwrap().left;
		assert_eq!(left, UNIT);
		let legs: sp_runtime::BoundedVec<_, _> =
			vec![pallet_exchange::Leg { program: sky, max_points: 300_000 }].try_into().unwrap();
		let over: DispatchError = pallet_customers::Error::<Runtime>::OverLimit.into();
		assert_eq!(Exchange::quote_pay(ann.account(), AIR, UNIT + 1, legs.clone()), Err(over));
		assert_eq!(dispatched(&ann, payment(AIR, 2, UNIT + 1, &[(sky, 300_000)])), Err(over));
		assert!(Exchange::quote_pay(ann.account(), AIR, UNIT, legs).is_ok());
		assert_ok!(dispatched(&ann, payment(AIR, 2, UNIT, &[(sky, 300_000)])));
	});
}

#[test]
fn a_member_below_its_minimum_reserve_for_an_era_runs_off_and_its_holders_are_served_alike() {
	run(|| {
		let sky = program(AIR, TERMS);
		let people: Vec<_> = (1..=12).map(Wallet::new).collect();
		// 90,000 units outstanding on a reserve of 25,000 and a bond of 10,000.
		issue(AIR, sky, &people.iter().map(Wallet::account).collect::<Vec<_>>(), 750_000, 1);
		for (tag, person) in (1..).zip(&people) {
			register(BOOKS, person, tag);
		}
		// Its reserve goes to another member, as if by payments, and interchange of others is kept in it.
		let reserve = Clearing::reserve(AIR);
		Clearing::owe(AIR, BOOKS, reserve - 607 * UNIT).unwrap();
		Clearing::accrue(AIR, 7 * UNIT).unwrap();
		block_at(START + DAY, vec![]);
		next_block();
		assert!(Institutions::ensure_active(AIR).is_ok());
		block_at(START + 2 * DAY, vec![]);
		next_block();
		assert!(Institutions::ensure_active(AIR).is_err());
		// 600 units and the bond for 90,000: not quite twelve per cent, for whoever comes, and to the last.
		assert_eq!(Points::outstanding(AIR), 90_000 * UNIT);
		for (number, person) in (1..).zip(&people) {
			let worth = Points::worth(&person.account(), sky, u128::MAX);
			assert_eq!(worth / UNIT, 883);
			assert_ok!(dispatched(person, payment(BOOKS, number, worth, &[(sky, u128::MAX)])));
		}
		// What is left is the interchange of what was paid, and less than a smallest unit for each.
		let accrued = pallet_clearing::Claims::<Runtime>::get(AIR).accrued;
		assert!(accrued > 9 * UNIT && Clearing::reserve(AIR) - accrued < CENT);
		// No receipt stands behind those of others.
		Clearing::release_accrued(AIR, 7 * UNIT);
		assert_noop!(Institutions::run_off(AIR), pallet_institutions::Error::<Runtime>::WrongStatus);
	});
}
