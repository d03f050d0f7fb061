//! A customer's life: from the first points to a lost key.

use crate::{chain::*, wallet::*};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{
	asset_id, Clearing as _, Liabilities as _, MemberStatus as _, Members as _, PendingClaims as _,
	PointsLedger as _, Reserves as _,
};
use hanse_runtime::{
	constants::{CENT, UNIT},
	Clearing, Customers, Exchange, Institutions, Points, Rulebook, Runtime, RuntimeCall, RuntimeEvent,
	System, Timestamp,
};
use pallet_points::Terms;
use sp_runtime::{DispatchError, DispatchResult};

fn dispatched(who: &Wallet, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(who.account(), call)
}

fn recover(old: &Wallet, new: &Wallet, vintage: u32) -> RuntimeCall {
	recovering(AIR, &old.account(), new, vec![vintage])
}

fn complete(old: &Wallet) -> RuntimeCall {
	pallet_customers::Call::complete_recovery { old: old.account() }.into()
}

fn forget(who: &Wallet) -> DispatchResult {
	dispatched(who, pallet_customers::Call::forget {})
}

/// An institution sends a customer away.
fn dismiss(institution: hanse_primitives::InstitutionId, who: &Wallet) {
	let call = pallet_customers::Call::unregister { account: who.account() };
	assert_ok!(dispatch(member(institution), call));
}

fn left(who: &Wallet) -> u128 {
	Customers::customer(who.account()).unwrap().left
}

fn refused(error: pallet_customers::Error<Runtime>) -> DispatchResult {
	Err(error.into())
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
	assert_ok!(dispatch(member(AIR), call));
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
		let call = recovering(AIR, &ann.account(), &new, vec![vintage, pending]);
		assert_ok!(dispatch(member(AIR), call));
		assert_eq!(pallet_customers::RecoveryExposures::<Runtime>::get(AIR).worth, 1_000 * CENT);
		assert!(Customers::ensure_none(AIR).is_err());
		block_at(Timestamp::get() + Rulebook::rules().recovery_delay, vec![]);
		next_block();
		assert_ok!(dispatch(stranger(1), complete(&ann)));
		let held = Points::portfolio(new.account(), 1).holdings;
		assert_eq!(held.iter().map(|h| (h.amount, h.pending)).collect::<Vec<_>>(), [(900, 0), (0, 100)]);
		assert!(Points::portfolio(ann.account(), 1).holdings.is_empty());
		// The new account pays under the same limit, and what was pending matures for it.
		assert_ok!(dispatched(&new, payment(BOOKS, 1, UNIT, &[(1, 100)])));
		block_at(Timestamp::get() + 60 * DAY, vec![]);
		next_block();
		assert_eq!(Points::portfolio(new.account(), 1).holdings.iter().map(|h| h.amount).sum::<u128>(), 900);
		// One delay later nothing stands against the bond any more.
		assert_ok!(dispatch(stranger(1), complete(&ann)));
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
		assert_eq!(send(ann.signs(pallet_customers::Call::object_to_recovery {})), Ok(Ok(())));
		assert!(sponsored().is_empty() && money(&ann.account()) == 0);
		// Nothing is left to object to, and then it is not free.
		assert_eq!(send(ann.signs(pallet_customers::Call::object_to_recovery {})), Err(UNPAID));
		// Anything else that the key signs.
		assert_ok!(dispatch(member(AIR), recover(&ann, &new, vintage)));
		next_block();
		assert_eq!(send(ann.signs(gift(1, &stranger(1), 10))), Ok(Ok(())));
		block_at(Timestamp::get() + Rulebook::rules().recovery_delay, vec![]);
		next_block();
		assert_ok!(dispatch(stranger(1), complete(&ann)));
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
		let stake =
			pallet_customers::RecoveryExposure { recoveries: 1, worth: 10_000 * UNIT - 900 * CENT + 1 };
		pallet_customers::RecoveryExposures::<Runtime>::insert(AIR, stake);
		assert_noop!(
			dispatch(member(AIR), recover(&ann, &new, vintage)),
			pallet_customers::Error::<Runtime>::OverBond
		);
		pallet_customers::RecoveryExposures::<Runtime>::remove(AIR);
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
		assert_eq!(Exchange::quote_pay(ann.account(), AIR, order(2), UNIT + 1, legs.clone()), Err(over));
		assert_eq!(dispatched(&ann, payment(AIR, 2, UNIT + 1, &[(sky, 300_000)])), Err(over));
		assert!(Exchange::quote_pay(ann.account(), AIR, order(2), UNIT, legs).is_ok());
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
		let accrued = pallet_clearing::Encumbrances::<Runtime>::get(AIR).accrued;
		assert!(accrued > 9 * UNIT && Clearing::reserve(AIR) - accrued < CENT);
		// No receipt stands behind those of others.
		assert_ok!(Clearing::release_accrued(AIR, 7 * UNIT));
		assert_noop!(Institutions::start_run_off(AIR), pallet_institutions::Error::<Runtime>::WrongStatus);
	});
}

#[test]
fn a_rivals_puppet_under_a_customers_tag_changes_nothing_for_it() {
	run(|| {
		let (sky, read) = (program(AIR, TERMS), program(BOOKS, TERMS));
		let (ann, puppet) = (Wallet::new(1), Wallet::new(2));
		issue(AIR, sky, &[ann.account()], 300_000, 1);
		issue(BOOKS, read, &[puppet.account()], 300_000, 1);
		let limit = Rulebook::rules().customer_limit;
		// It is there first, spends at its own till, and goes and comes back.
		register(BOOKS, &puppet, 1);
		assert_ok!(dispatched(&puppet, payment(BOOKS, 1, limit, &[(read, 300_000)])));
		register(AIR, &ann, 1);
		assert_eq!(left(&ann), limit);
		assert_ok!(dispatched(&ann, payment(BOOKS, 1, UNIT, &[(sky, 300_000)])));
		dismiss(BOOKS, &puppet);
		register(BOOKS, &puppet, 1);
		assert_eq!((left(&puppet), left(&ann)), (0, limit - UNIT));
		assert_ok!(dispatched(&ann, payment(AIR, 2, limit - UNIT, &[(sky, 300_000)])));
		// A new window is a new limit, and the customer can have everything deleted and begin anew.
		block_at(Timestamp::get() + Rulebook::rules().customer_window, vec![]);
		next_block();
		assert_ok!(dispatched(&puppet, payment(BOOKS, 2, UNIT, &[(read, 300_000)])));
		assert_ok!(forget(&ann));
		next_block();
		register(AIR, &ann, 1);
		assert_eq!(left(&ann), limit);
	});
}

#[test]
fn a_customer_has_everything_deleted_without_a_fee_also_once_it_was_sent_away() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = Wallet::new(1);
		issue(AIR, sky, &[ann.account()], 100_000, 1);
		register(AIR, &ann, 1);
		next_block();
		let deleting = || ann.signs(pallet_customers::Call::forget {});
		// With an empty wallet, at a registrar that pays for nobody any more.
		leave_of_budget(AIR, 0, 0);
		dismiss(AIR, &ann);
		assert_eq!(send(deleting()), Ok(Ok(())));
		assert!(sponsored().is_empty() && money(&ann.account()) == 0);
		assert_eq!(pallet_customers::Persons::<Runtime>::iter().count(), 0);
		// Nothing is left to delete, and then it is not free.
		assert_eq!(send(deleting()), Err(UNPAID));

		// While something is spent in a window that runs it waits for the end of that.
		register(AIR, &ann, 1);
		assert_ok!(dispatched(&ann, payment(BOOKS, 1, UNIT, &[(sky, 300_000)])));
		assert_eq!(forget(&ann), refused(pallet_customers::Error::WindowOpen));
		dismiss(AIR, &ann);
		assert_eq!(forget(&ann), refused(pallet_customers::Error::WindowOpen));
		// And goes by itself.
		block_at(Timestamp::get() + Rulebook::rules().customer_window + DAY, vec![]);
		next_block();
		for left in [
			pallet_customers::Persons::<Runtime>::iter().count(),
			pallet_customers::FormerAccounts::<Runtime>::iter().count(),
			pallet_customers::WithdrawnConsents::<Runtime>::iter().count(),
			pallet_customers::RetentionQueue::<Runtime>::iter().count(),
		] {
			assert_eq!(left, 0);
		}
	});
}

#[test]
fn a_consent_that_the_customer_withdrew_registers_nobody() {
	run(|| {
		let ann = Wallet::new(1);
		next_block();
		let consent = ann.consents(AIR, 1);
		assert_ok!(dispatch(member(AIR), consent.clone()));
		next_block();
		assert_ok!(forget(&ann));
		let again = || dispatch(member(AIR), consent.clone());
		assert_eq!(again(), refused(pallet_customers::Error::ConsentWithdrawn));
		block_at(Timestamp::get() + pallet_customers::CONSENT_LIFETIME - 10_000, vec![]);
		assert_eq!(again(), refused(pallet_customers::Error::ConsentWithdrawn));
		block_at(Timestamp::get() + 20_000, vec![]);
		assert_eq!(again(), refused(pallet_customers::Error::ConsentExpired));
		// Its own new one does.
		register(AIR, &ann, 1);
	});
}

#[test]
fn what_is_awarded_or_given_to_a_lost_account_reaches_its_successor_or_is_refused() {
	run(|| {
		let (ann, new, vintage) = ann_loses_her_key();
		let friend = Wallet::new(3);
		issue(AIR, 1, &[friend.account()], 1_000, 50);
		block_at(Timestamp::get() + 60 * DAY, vec![]);
		next_block();
		assert_ok!(dispatch(member(AIR), recover(&ann, &new, vintage)));
		block_at(Timestamp::get() + Rulebook::rules().recovery_delay, vec![]);
		next_block();
		assert_ok!(dispatch(stranger(1), complete(&ann)));

		// The shop awards to the address that it knows, and a friend gives to it.
		let (before, lost) = (worth(&new.account()), worth(&ann.account()));
		issue(AIR, 1, &[ann.account()], 111, 51);
		let donate = pallet_points::Call::donate { program: 1, to: ann.account(), amount: 30 };
		assert_ok!(dispatched(&friend, donate));
		assert_eq!(worth(&new.account()) - before, 141 * CENT);
		let of = Points::portfolio(friend.account(), 1).holdings[0].asset;
		let (id, target) = (codec::Compact(of), sp_runtime::MultiAddress::Id(ann.account()));
		let transfer = RuntimeCall::from(pallet_assets::Call::transfer { id, target, amount: 50 });
		assert_eq!(dispatched(&friend, transfer.clone()), Err(filtered()));
		let batched = pallet_utility::Call::force_batch { calls: vec![transfer.clone()] };
		assert_ok!(dispatched(&friend, batched));
		// Nobody pays for what does not arrive.
		assert_eq!(send(friend.signs(transfer)), Err(UNPAID));
		assert_eq!((worth(&ann.account()), worth(&new.account()) - before), (lost, 141 * CENT));
		// The lost key pays nothing.
		let error = pallet_customers::Error::NotRegistered;
		assert_eq!(dispatched(&ann, payment(BOOKS, 9, UNIT, &[(1, 100)])), refused(error));
	});
}

#[test]
fn nobody_is_made_a_customer_by_a_recovery_that_it_did_not_accept() {
	run(|| {
		let (puppet, ann) = (Wallet::new(1), Wallet::new(2));
		let until = Timestamp::get() + 60_000;
		let (account, commitment, tag) =
			(puppet.account(), Default::default(), sp_core::H256::repeat_byte(1));
		let consent = Customers::consent(AIR, account.clone(), commitment, tag, true, until);
		let signature = puppet.signs_bytes(&consent);
		let call = pallet_customers::Call::register {
			account,
			commitment,
			tag,
			may_recover: true,
			until,
			signature,
		};
		assert_ok!(dispatch(member(AIR), call));
		let acceptance = Customers::acceptance(AIR, puppet.account(), ann.account(), until);
		let call = pallet_customers::Call::open_recovery {
			old: puppet.account(),
			new: ann.account(),
			vintages: Default::default(),
			until,
			signature: puppet.signs_bytes(&acceptance),
		};
		let result = dispatch(member(AIR), call);
		assert_eq!(result, refused(pallet_customers::Error::BadSignature));
	});
}

#[test]
fn a_customer_joins_an_account_of_its_own_at_its_registrars_cost() {
	run(|| {
		let (ann, other) = (Wallet::new(1), Wallet::new(2));
		register(AIR, &ann, 1);
		block_at(Timestamp::get() + DAY, vec![]);
		next_block();
		register(BOOKS, &other, 1);
		let read = |who: &Wallet| Customers::customer(who.account()).unwrap();
		assert!(read(&other).since > read(&ann).since);
		assert_eq!(send(other.signs(joining(&other, &ann))), Ok(Ok(())));
		assert_eq!(sponsored()[0].0, BOOKS);
		let expected = pallet_customers::Customer { registrar: BOOKS, ..read(&ann) };
		assert_eq!((read(&other), expected.voucher, expected.accounts), (expected, AIR, 2));
	});
}
