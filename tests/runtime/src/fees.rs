//! Customers never see a fee, and nobody can take a transaction twice.

use crate::{chain::*, wallet::*};
use frame_support::assert_ok;
use hanse_primitives::{Balance, ProgramId, Reserves as _};
use hanse_runtime::{
	configs::ProxyType,
	constants::{CENT, MIN_STRANGER_VALUE, UNIT},
	Clearing, Rulebook, Runtime, RuntimeCall, System,
};
use pallet_points::Terms;
use pallet_sponsorship::Unsponsored;
use sp_keyring::Sr25519Keyring::Eve;
use sp_runtime::MultiAddress;

/// Smallest units of the test's program that a stranger moves at least.
const ENOUGH: Balance = MIN_STRANGER_VALUE / 10_000;

/// Somebody who holds 1,000 points of a program and owns nothing else, one block ago.
fn holder(number: u32, program: ProgramId) -> Wallet {
	let wallet = Wallet::new(number);
	issue(AIR, program, &[wallet.account()], 1_000, 1_000 + u64::from(number));
	next_block();
	wallet
}

#[test]
fn an_account_with_nothing_but_points_gives_them_away_and_pays_nothing() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = holder(1, sky);
		let (air, pot_before, units) = (money(&member(AIR)), pot(), issuance());
		let transaction = ann.signs(gift(sky, &stranger(1), 400));
		let most = declared_fee(&transaction);
		assert_eq!(send(transaction), Ok(Ok(())));

		assert_eq!((points(sky, &ann.account()), points(sky, &stranger(1))), (600, 400));
		let fees = sponsored();
		let [(sponsor, ref customer, fee)] = fees[..] else { panic!("{fees:?}") };
		assert_eq!((sponsor, customer), (AIR, &ann.account()));
		assert!(0 < fee && fee <= most);
		assert_eq!((air - money(&member(AIR)), pot() - pot_before, money(&ann.account())), (fee, fee, 0));
		assert_eq!(spent(AIR), (fee, fee));
		assert_eq!(issuance(), units);
	});
}

#[test]
fn each_kind_of_call_has_its_sponsor() {
	run(|| {
		let sky = program(AIR, TERMS);
		let read = program(BOOKS, Terms { face_value: 2_500, ..TERMS });
		let ann = holder(1, sky);
		register(AIR, &ann, 1);
		let me = || ann.account();
		let by = |call: RuntimeCall| {
			let quota = quota_left(&me());
			assert_eq!(send(ann.signs(call)).map(drop), Ok(()));
			assert_eq!(quota_left(&me()), quota - 1);
			sponsored()[0].0
		};
		let to = || MultiAddress::Id(stranger(1));
		let id = codec::Compact(hanse_primitives::asset_id(sky, 0));
		assert_eq!(by(gift(sky, &stranger(1), 1)), AIR);
		assert_eq!(by(pallet_assets::Call::transfer_keep_alive { id, target: to(), amount: 1 }.into()), AIR);
		assert_eq!(by(payment(BOOKS, 1, CENT, &[(sky, 1)])), BOOKS);
		assert_eq!(by(payment(AIR, 2, CENT, &[(sky, 1)])), AIR);
		let donate = pallet_points::Call::donate { program: sky, to: stranger(1), amount: 1 };
		assert_eq!(by(donate.into()), AIR);
		assert_eq!(by(exchange(sky, 1, read)), AIR);
		assert_eq!(by(pallet_assets::Call::transfer_all { id, dest: to(), keep_alive: true }.into()), AIR);
		assert_eq!(money(&me()), 0);
		// By the registrar, and then there is no quota left to count it against.
		let leaving = ann.signs(pallet_customers::Call::unregister { account: me() });
		assert_eq!(send(leaving), Ok(Ok(())));
		assert_eq!(sponsored()[0].0, AIR);
	});
}

#[test]
fn what_the_signer_does_not_hold_is_not_sponsored() {
	run(|| {
		let sky = program(AIR, TERMS);
		let read = program(BOOKS, TERMS);
		let ann = holder(1, sky);
		register(AIR, &ann, 1);
		let id = codec::Compact(hanse_primitives::asset_id(sky, 0));
		let all = |program, amount| {
			RuntimeCall::from(pallet_points::Call::donate { program, to: stranger(1), amount })
		};
		let exchange = |amount, to| {
			RuntimeCall::from(pallet_exchange::Call::exchange { from: sky, amount, to, min_out: 1 })
		};
		for call in [
			gift(sky, &stranger(1), 1_001),
			gift(sky, &stranger(1), 0),
			gift(sky, &ann.account(), 500),
			gift(read, &stranger(1), 1),
			gift(77, &stranger(1), 1),
			all(sky, 1_001),
			all(sky, 0),
			all(read, 1),
			exchange(1_001, read),
			exchange(0, read),
			exchange(1, sky),
			payment(BOOKS, 1, 10 * UNIT + 1, &[(sky, 2_000)]),
			payment(BOOKS, 1, UNIT, &[(sky, 99)]),
			// One leg twice is not twice as much.
			payment(BOOKS, 1, 11 * UNIT, &[(sky, 1_000), (sky, 1_000)]),
			payment(77, 1, UNIT, &[(sky, 1_000)]),
			payment(BOOKS, 1, CENT - 1, &[(sky, 1_000)]),
			pallet_customers::Call::unregister { account: stranger(1) }.into(),
			pallet_customers::Call::object_to_recovery {}.into(),
			pallet_balances::Call::transfer_all { dest: MultiAddress::Id(stranger(1)), keep_alive: true }
				.into(),
			frame_system::Call::remark { remark: vec![] }.into(),
		] {
			assert_eq!(send(ann.signs(call.clone())), Err(UNPAID), "{call:?}");
		}
		assert_eq!((spent(AIR), spent(BOOKS)), ((0, 0), (0, 0)));
		// But this is.
		assert_eq!(send(ann.signs(payment(BOOKS, 1, UNIT, &[(sky, 60), (sky, 40)]))), Ok(Ok(())));
		let rest =
			pallet_assets::Call::transfer_all { id, dest: MultiAddress::Id(stranger(1)), keep_alive: false };
		assert_eq!(send(ann.signs(rest)), Ok(Ok(())));
	});
}

#[test]
fn an_account_with_funds_pays_what_nobody_sponsors() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = holder(1, sky);
		give(&ann.account(), UNIT);
		let transaction = ann.signs(gift(sky, &stranger(1), ENOUGH - 1));
		let due = query_fee(&transaction);
		assert!(due > 0);
		let pot_before = pot();
		assert_eq!(send(transaction), Ok(Ok(())));
		let paid = UNIT - money(&ann.account());
		assert!(0 < paid && paid <= due && paid == pot() - pot_before);
		// A tip is always their own.
		assert_eq!(send(ann.tips(7, gift(sky, &stranger(1), ENOUGH))), Ok(Ok(())));
		assert_eq!(UNIT - money(&ann.account()), paid + 7);
		assert_eq!(sponsored().len(), 1);
	});
}

#[test]
fn an_institution_pays_for_itself() {
	run(|| {
		let sky = program(AIR, TERMS);
		let books = member(BOOKS);
		issue(AIR, sky, std::slice::from_ref(&books), 1_000, 0);
		let call = gift(sky, &stranger(1), 500);
		assert_eq!(who_pays(&books, call).unsponsored, Some(Unsponsored::IsInstitution));
	});
}

#[test]
fn an_account_sends_as_many_as_it_likes_however_new_it_is() {
	run(|| {
		// The key of a delegate, which holds nothing but what it pays fees from.
		let till = Wallet::new(7);
		give(&till.account(), UNIT);
		let next = *System::account_nonce(till.account());
		let all = (0..200).map(|n| till.signs_at(next + n, 0, frame_system::Call::remark { remark: vec![] }));
		assert_eq!(block(all.collect()), [Ok(Ok(())); 200]);
		assert!(*System::account_nonce(till.account()) > System::block_number() + 100);
	});
}

#[test]
fn an_account_with_a_nonce_above_the_block_number_takes_all_and_comes_back_where_it_was() {
	run(|| {
		let ann = Wallet::new(1);
		give(&ann.account(), 85 * UNIT);
		frame_system::Account::<Runtime>::mutate(ann.account(), |account| account.nonce = 100_000u32.into());
		let to = || MultiAddress::Id(account(Eve));
		let all = ann.signs(pallet_balances::Call::transfer_all { dest: to(), keep_alive: false });
		assert_eq!(send(all.clone()), Ok(Ok(())));
		assert!(!System::account_exists(&ann.account()));
		give(&ann.account(), UNIT);
		assert_eq!(in_pool(&all), Err(STALE));
		assert_eq!(*System::account_nonce(ann.account()), 100_001);
		assert_eq!(block(vec![all]), [Err(STALE)]);
	});
}

#[test]
fn nothing_is_taken_twice_after_an_account_was_emptied_and_funded_again() {
	run(|| {
		let sky = program(AIR, TERMS);
		let (ann, ben) = (holder(1, sky), holder(2, sky));
		for _ in 0..5 {
			next_block();
		}
		let next = *System::account_nonce(ann.account());
		let (half, rest) = (gift(sky, &stranger(1), 500), gift(sky, &stranger(1), 500));
		let mut old = vec![ann.signs_at(next, 0, half), ann.signs_at(next + 1, 0, rest)];
		let ben_next = *System::account_nonce(ben.account());
		let back = |n: u32| ben.signs_at(ben_next + n, 0, gift(sky, &ann.account(), 500));

		// Emptied, funded and tried again within one block.
		let mut transactions = old.clone();
		transactions.push(back(0));
		transactions.extend(old.clone());
		assert_eq!(block(transactions), [Ok(Ok(())), Ok(Ok(())), Ok(Ok(())), Err(STALE), Err(STALE)]);
		assert_eq!(points(sky, &ann.account()), 500);
		// It has started anew.
		assert_eq!(*System::account_nonce(ann.account()), System::block_number());

		// Again in the next blocks, with what is signed there too.
		for n in 1..4 {
			for transaction in &old {
				assert_eq!(in_pool(transaction), Err(STALE));
			}
			let all = ann.signs(gift(sky, &ben.account(), 500));
			old.push(all.clone());
			assert_eq!(block(vec![all.clone()]), [Ok(Ok(()))]);
			assert!(!System::account_exists(&ann.account()));
			// An account that is gone takes nothing either.
			assert!(block(old.clone()).iter().all(Result::is_err));
			assert_eq!(block(vec![back(n), all]), [Ok(Ok(())), Err(STALE)]);
		}
		assert_eq!(points(sky, &ann.account()), 500);
	});
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
	pallet_utility::Call::batch { calls }.into()
}

#[test]
fn a_batch_is_sponsored_if_one_institution_sponsors_all_of_it() {
	run(|| {
		let sky = program(AIR, TERMS);
		let read = program(BOOKS, TERMS);
		let ann = holder(1, sky);
		issue(BOOKS, read, &[ann.account()], 100, 1);
		register(AIR, &ann, 1);
		let one = || gift(sky, &stranger(1), 1);
		let both = |number| vec![one(), payment(AIR, number, CENT, &[(sky, 1)])];
		for call in [
			batch(both(1)),
			pallet_utility::Call::batch_all { calls: both(2) }.into(),
			pallet_utility::Call::force_batch { calls: both(3) }.into(),
		] {
			let quota = quota_left(&ann.account());
			assert!(send(ann.signs(call)).is_ok());
			assert_eq!((sponsored()[0].0, quota_left(&ann.account())), (AIR, quota - 2));
		}
		for call in [
			batch(vec![]),
			batch(vec![one(), gift(read, &stranger(1), 1)]),
			batch(vec![one(), payment(BOOKS, 1, CENT, &[(sky, 1)])]),
			batch(vec![one(), frame_system::Call::remark { remark: vec![] }.into()]),
			batch(vec![one(), gift(sky, &stranger(1), 10_000)]),
			batch(vec![batch(vec![one()])]),
			batch(vec![payment(AIR, 9, CENT, &[(sky, 1)]), authorization(AIR, 9, CENT, &[(sky, 1)])]),
			// More than what is left of the quota, and more than is looked at.
			batch(vec![one(); 15]),
			batch(vec![one(); 17]),
		] {
			assert_eq!(send(ann.signs(call.clone())), Err(UNPAID), "{call:?}");
		}
		assert_eq!(send(ann.signs(batch(vec![one(); 14]))), Ok(Ok(())));
		assert_eq!(quota_left(&ann.account()), 0);
	});
}

#[test]
fn every_call_of_a_strangers_batch_moves_enough() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = holder(1, sky);
		let of = |amounts: &[Balance]| {
			batch(amounts.iter().map(|amount| gift(sky, &stranger(1), *amount)).collect())
		};
		assert_eq!(send(ann.signs(of(&[ENOUGH, ENOUGH - 1]))), Err(UNPAID));
		assert_eq!(send(ann.signs(of(&[ENOUGH, ENOUGH]))), Ok(Ok(())));
	});
}

#[test]
fn what_a_proxy_does_for_a_customer_is_sponsored_for_the_customer() {
	run(|| {
		let sky = program(AIR, TERMS);
		let (ann, ben) = (holder(1, sky), holder(2, sky));
		register(AIR, &ann, 1);
		register(AIR, &ben, 2);
		give(&ann.account(), UNIT);
		let for_ann = |call: RuntimeCall| -> RuntimeCall {
			let real = MultiAddress::Id(ann.account());
			pallet_proxy::Call::proxy { real, force_proxy_type: None, call: Box::new(call) }.into()
		};
		let one = || gift(sky, &stranger(1), 1);
		let add = |proxy_type, delay| {
			let delegate = MultiAddress::Id(ben.account());
			let call = pallet_proxy::Call::add_proxy { delegate, proxy_type, delay };
			assert_ok!(dispatch(ann.account(), call));
		};
		let remove = |proxy_type, delay| {
			let delegate = MultiAddress::Id(ben.account());
			let call = pallet_proxy::Call::remove_proxy { delegate, proxy_type, delay };
			assert_ok!(dispatch(ann.account(), call));
		};
		assert_eq!(send(ben.signs(for_ann(one()))), Err(UNPAID));
		// One that has to announce it, and one that may not do it.
		for (proxy_type, delay) in [(ProxyType::Any, 5), (ProxyType::Treasury, 0)] {
			add(proxy_type, delay);
			assert_eq!(send(ben.signs(for_ann(one()))), Err(UNPAID));
			remove(proxy_type, delay);
		}

		add(ProxyType::Any, 0);
		let before = (quota_left(&ann.account()), quota_left(&ben.account()));
		assert_eq!(send(ben.signs(for_ann(one()))), Ok(Ok(())));
		assert_eq!(sponsored()[0].1, ben.account());
		assert_eq!((quota_left(&ann.account()), quota_left(&ben.account())), (before.0 - 1, before.1));
		assert_eq!((points(sky, &ann.account()), points(sky, &ben.account())), (999, 1_000));
		// What it does not hold, and what is wrapped more than once.
		assert_eq!(send(ben.signs(for_ann(gift(sky, &stranger(1), 10_000)))), Err(UNPAID));
		assert_eq!(send(ben.signs(for_ann(batch(vec![one()])))), Err(UNPAID));
		assert_eq!(send(ben.signs(batch(vec![for_ann(one())]))), Err(UNPAID));
	});
}

#[test]
fn nobody_pays_for_the_proxy_of_an_institution() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ben = holder(2, sky);
		issue(AIR, sky, &[member(BOOKS)], 1_000, 1);
		let delegate = MultiAddress::Id(ben.account());
		let add = pallet_proxy::Call::add_proxy { delegate, proxy_type: ProxyType::Any, delay: 0 };
		assert_ok!(dispatch(member(BOOKS), add));
		let call = pallet_proxy::Call::proxy {
			real: MultiAddress::Id(member(BOOKS)),
			force_proxy_type: None,
			call: Box::new(gift(sky, &stranger(1), 500)),
		};
		assert_eq!(send(ben.signs(call)), Err(UNPAID));
	});
}

#[test]
fn a_budget_is_what_an_institution_sponsors_in_a_day() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = holder(1, sky);
		register(AIR, &ann, 1);
		let fee = declared_fee(&ann.signs(gift(sky, &stranger(1), 1)));
		leave_of_budget(AIR, fee, 0);
		assert_eq!(send(ann.signs(gift(sky, &stranger(1), 1))), Ok(Ok(())));
		leave_of_budget(AIR, fee - 1, 0);
		assert_eq!(send(ann.signs(gift(sky, &stranger(1), 1))), Err(UNPAID));
		block_at(START + DAY, vec![]);
		assert_eq!(send(ann.signs(gift(sky, &stranger(1), 1))), Ok(Ok(())));
		assert!(spent(AIR).0 <= Rulebook::rules().sponsor_budget);
	});
}

#[test]
fn the_reserve_of_an_institution_pays_no_fees() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = holder(1, sky);
		let all =
			pallet_balances::Call::transfer_all { dest: MultiAddress::Id(account(Eve)), keep_alive: true };
		assert_ok!(dispatch(member(AIR), all));
		let reserve = Clearing::reserve(AIR);
		assert_eq!(send(ann.signs(gift(sky, &stranger(1), ENOUGH))), Err(UNPAID));
		assert_eq!(Clearing::reserve(AIR), reserve);
	});
}
