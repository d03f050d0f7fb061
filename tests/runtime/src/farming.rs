//! What somebody could try who wants the institutions' money: each test is one way, and shows that the
//! farmer gains nothing and what it costs the sponsor at most.

use crate::{chain::*, wallet::*};
use hanse_primitives::{Balance, ProgramId, Quotas as _};
use hanse_runtime::{
	constants::{CENT, MIN_STRANGER_VALUE},
	Customers, Rulebook, Runtime, RuntimeCall, System,
};
use sp_runtime::transaction_validity::InvalidTransaction;

const ENOUGH: Balance = MIN_STRANGER_VALUE / 10_000;
/// What the farmer has to begin with, in points.
const STAKE: Balance = 1_000;

fn quota() -> u32 {
	Rulebook::rules().sponsor_quota
}

fn tenth() -> Balance {
	Rulebook::rules().sponsor_budget / 10
}

/// A program of `AIR`, and a farmer with points of it.
fn farm() -> (ProgramId, Wallet) {
	let sky = program(AIR, TERMS);
	let farmer = Wallet::new(1);
	issue(AIR, sky, &[farmer.account()], STAKE, 1_000);
	next_block();
	(sky, farmer)
}

/// What wallets have together: points at their face value, and settlement units.
fn wealth(program: ProgramId, wallets: &[Wallet]) -> Balance {
	wallets.iter().map(|wallet| points(program, &wallet.account()) * 10_000 + money(&wallet.account())).sum()
}

/// Sends until somebody else's money is not to be had any more; says how many went through.
fn send_until_unpaid(wallet: &Wallet, call: impl Fn(u32) -> RuntimeCall) -> u32 {
	(0..1_000).find(|n| send(wallet.signs(call(*n))) == Err(UNPAID)).unwrap()
}

#[test]
fn two_hundred_accounts_pass_points_around() {
	run(|| {
		let (sky, farmer) = farm();
		let mut ring: Vec<_> = (2..202).map(Wallet::new).collect();
		let fee = declared_fee(&farmer.signs(gift(sky, &ring[0].account(), ENOUGH)));
		// Late on a day on which strangers have moved a lot.
		leave_of_budget(AIR, Rulebook::rules().sponsor_budget - tenth() + 50 * fee, 50 * fee);
		ring.insert(0, farmer);
		let (before, air) = (wealth(sky, &ring), money(&member(AIR)));

		let mut hops = 0;
		for pair in ring.windows(2) {
			let outcome = send(pair[0].signs(gift(sky, &pair[1].account(), STAKE)));
			if outcome.is_err() {
				break;
			}
			hops += 1;
		}
		assert!((40..200).contains(&hops), "{hops}");
		// Nor can anybody else now, before the next day.
		let holder = &ring[hops];
		assert_eq!(send(holder.signs(gift(sky, &stranger(1), STAKE))), Err(UNPAID));
		assert!(spent(AIR).1 <= tenth() && air - money(&member(AIR)) <= 50 * fee);
		assert_eq!(wealth(sky, &ring), before);
	});
}

#[test]
fn points_are_bought_earned_and_spent_in_circles() {
	run(|| {
		let (sky, farmer) = farm();
		register(AIR, &farmer, 1);
		let (books, farmers) = (money(&member(BOOKS)), std::slice::from_ref(&farmer));
		let before = wealth(sky, farmers);
		let fee = declared_fee(&farmer.signs(payment(BOOKS, 0, CENT, &[(sky, 1)])));
		let mut paid = 0;
		for number in 0.. {
			// A purchase earns a point, which pays for the next one.
			issue(AIR, sky, &[farmer.account()], 1, 2_000 + number);
			match send(farmer.signs(payment(BOOKS, number, CENT, &[(sky, 1)]))) {
				Ok(result) => assert_eq!(result, Ok(())),
				Err(invalid) => {
					assert_eq!(invalid, UNPAID);
					break;
				},
			}
			paid += 1;
		}
		assert_eq!(paid, quota());
		assert!(spent(BOOKS).0 <= Balance::from(paid) * fee && spent(BOOKS).1 == 0);
		assert_eq!(books - money(&member(BOOKS)), spent(BOOKS).0);
		// What was earned for the last purchase, which nobody includes.
		assert_eq!(wealth(sky, farmers), before + CENT);
		assert_eq!(money(&farmer.account()), 0);
	});
}

#[test]
fn points_are_spent_and_refunded_in_circles() {
	run(|| {
		let (sky, farmer) = farm();
		register(AIR, &farmer, 1);
		let farmers = std::slice::from_ref(&farmer);
		let before = wealth(sky, farmers);
		let fee = declared_fee(&farmer.signs(payment(BOOKS, 0, CENT, &[(sky, 1)])));
		let mut paid = 0;
		for number in 0.. {
			match send(farmer.signs(payment(BOOKS, number, CENT, &[(sky, 1)]))) {
				Ok(result) => assert_eq!(result, Ok(())),
				Err(invalid) => {
					assert_eq!(invalid, UNPAID);
					break;
				},
			}
			paid += 1;
			// A merchant that plays along takes it back each time, at its own cost.
			let refund =
				pallet_exchange::Call::refund { payer: farmer.account(), order: order(number), total: CENT };
			dispatch(member(BOOKS), refund).unwrap();
			assert_eq!(wealth(sky, farmers), before);
		}
		assert_eq!(paid, quota());
		assert!(spent(BOOKS).0 <= Balance::from(paid) * fee && spent(BOOKS).1 == 0);
	});
}

#[test]
fn calls_fail_on_purpose() {
	run(|| {
		let (sky, farmer) = farm();
		register(AIR, &farmer, 1);
		let before = wealth(sky, std::slice::from_ref(&farmer));
		// All points twice, which fails, and does not show in either payment.
		let fails = |_: u32| -> RuntimeCall {
			let pay = |number| payment(BOOKS, number, STAKE * CENT, &[(sky, STAKE)]);
			pallet_utility::Call::batch_all { calls: vec![pay(1), pay(2)] }.into()
		};
		let fee = declared_fee(&farmer.signs(fails(0)));
		assert_eq!(send_until_unpaid(&farmer, fails), quota() / 2);
		assert!(spent(BOOKS).0 <= Balance::from(quota()) * fee);
		assert_eq!(wealth(sky, std::slice::from_ref(&farmer)), before);
		// Not as a stranger's either.
		let worthy = gift(sky, &stranger(1), ENOUGH);
		assert_eq!(send(farmer.signs(worthy)), Err(UNPAID));
		assert_eq!(spent(AIR), (0, 0));
	});
}

#[test]
fn dust_is_sent_to_thousands_of_new_accounts() {
	run(|| {
		let (sky, farmer) = farm();
		// A stranger's dust is nobody's matter.
		assert_eq!(send(farmer.signs(gift(sky, &stranger(1), 1))), Err(UNPAID));
		// A customer's is, as far as its quota goes, however it is wrapped.
		register(AIR, &farmer, 1);
		let dust = |n: u32| gift(sky, &stranger(n), 1);
		let batch = |n: u32| {
			RuntimeCall::from(pallet_utility::Call::batch_all {
				calls: (0..8).map(|i| dust(8 * n + i)).collect(),
			})
		};
		let fee = declared_fee(&farmer.signs(batch(0)));
		let batches = send_until_unpaid(&farmer, batch);
		let singles = send_until_unpaid(&farmer, |n| dust(10_000 + n));
		assert_eq!(8 * batches + singles, quota());
		assert_eq!(points(sky, &farmer.account()), STAKE - Balance::from(quota()));
		assert!(spent(AIR).0 <= Balance::from(quota()) * fee);
		let made = (0..4_000).chain(10_000..12_000).filter(|n| System::account_exists(&stranger(*n))).count();
		assert_eq!(made as u32, quota());
	});
}

#[test]
fn one_person_splits_into_accounts() {
	run(|| {
		let (sky, farmer) = farm();
		let others: Vec<_> = (2..4).map(Wallet::new).collect();
		issue(AIR, sky, &others.iter().map(Wallet::account).collect::<Vec<_>>(), STAKE, 2_000);
		next_block();
		let mut wallets = vec![farmer];
		wallets.extend(others);
		let fee = declared_fee(&wallets[0].signs(gift(sky, &stranger(1), 1)));
		// One tag, an account at each of three institutions, which join.
		for (institution, wallet) in (1..).zip(&wallets) {
			register(institution, wallet, 1);
		}
		for guest in &wallets[1..] {
			dispatch(guest.account(), joining(guest, &wallets[0])).unwrap();
		}
		let sent: u32 =
			wallets.iter().map(|wallet| send_until_unpaid(wallet, |_| gift(sky, &stranger(1), 1))).sum();
		assert_eq!(sent, quota());
		// Leaving and coming back does not help.
		let leave = pallet_customers::Call::unregister { account: wallets[0].account() };
		dispatch(wallets[0].account(), leave).unwrap();
		next_block();
		// Not even as long as the others count for the place that it left.
		let failed = dispatch(member(AIR), wallets[0].consents(AIR, 1)).unwrap_err();
		assert_eq!(failed, pallet_customers::Error::<Runtime>::OtherAccounts.into());
		for guest in &wallets[1..] {
			let leave = pallet_customers::Call::unregister { account: guest.account() };
			dispatch(guest.account(), leave).unwrap();
		}
		register(AIR, &wallets[0], 1);
		assert_eq!(send_until_unpaid(&wallets[0], |_| gift(sky, &stranger(1), 1)), 0);
		assert!(spent(AIR).0 <= Balance::from(quota()) * fee && spent(AIR).1 == 0);
	});
}

#[test]
fn a_first_leg_puts_the_fee_on_a_rival() {
	run(|| {
		let (sky, farmer) = farm();
		let read = program(BOOKS, TERMS);
		issue(BOOKS, read, &[farmer.account()], STAKE, 1);
		register(AIR, &farmer, 1);
		let rival = money(&member(BOOKS));
		// At the merchant Air with a leg of Books' points in front, real and empty.
		for (number, first) in [(1, (read, 1)), (2, (read, 0))] {
			let call = payment(AIR, number, 2 * CENT, &[first, (sky, 2)]);
			assert!(send(farmer.signs(call)).is_ok());
			assert_eq!(sponsored()[0].0, AIR);
		}
		// Nor with a first call.
		let calls = vec![gift(read, &stranger(1), 1), gift(sky, &stranger(1), 1)];
		assert_eq!(send(farmer.signs(pallet_utility::Call::batch { calls })), Err(UNPAID));
		// What is exchanged is given by its issuer.
		let call = pallet_exchange::Call::exchange { from: sky, amount: 1, to: read, min_out: 1 };
		assert!(send(farmer.signs(call)).is_ok());
		assert_eq!(sponsored()[0].0, AIR);
		assert_eq!((money(&member(BOOKS)), spent(BOOKS)), (rival, (0, 0)));
	});
}

#[test]
fn strangers_are_registered_without_their_signature() {
	run(|| {
		let (sky, farmer) = farm();
		let victims: Vec<_> = (10..20).map(Wallet::new).collect();
		issue(AIR, sky, &victims.iter().map(Wallet::account).collect::<Vec<_>>(), STAKE, 2_000);
		for (tag, victim) in (100..).zip(&victims) {
			// The farmer signs for them, at an institution that plays along.
			let call = farmer.consents_for(victim.account(), BOOKS, tag);
			let failed = dispatch(member(BOOKS), call).unwrap_err();
			assert_eq!(failed, pallet_customers::Error::<Runtime>::BadSignature.into());
			assert_eq!(quota_left(&victim.account()), 0);
		}
		// So they stay strangers, together.
		let fee = declared_fee(&victims[0].signs(gift(sky, &stranger(1), ENOUGH)));
		leave_of_budget(AIR, Rulebook::rules().sponsor_budget - tenth() + fee, fee);
		let sent = victims.iter().filter(|v| send(v.signs(gift(sky, &stranger(1), ENOUGH))).is_ok()).count();
		assert_eq!(sent, 1);
		assert!(spent(AIR).1 <= tenth());
	});
}

#[test]
fn somebody_else_registers_with_a_persons_tag() {
	run(|| {
		let (sky, squatter) = farm();
		let ann = Wallet::new(2);
		issue(AIR, sky, &[ann.account()], STAKE, 2_000);
		next_block();
		register(AIR, &squatter, 1);
		// The person cannot register at the same institution, but at any other.
		let failed = dispatch(member(AIR), ann.consents(AIR, 1)).unwrap_err();
		assert_eq!(failed, pallet_customers::Error::<Runtime>::TagTaken.into());
		register(BOOKS, &ann, 1);
		let fee = declared_fee(&ann.signs(gift(sky, &stranger(1), 1)));
		let half = quota() / 2;
		for _ in 0..half {
			assert_eq!(send(squatter.signs(gift(sky, &stranger(1), 1))), Ok(Ok(())));
		}
		// Nothing of hers is used up by who goes by her tag elsewhere.
		assert_eq!(send_until_unpaid(&ann, |_| gift(sky, &stranger(1), 1)), quota());
		assert_eq!(send_until_unpaid(&squatter, |_| gift(sky, &stranger(1), 1)), quota() - half);
		assert!(spent(AIR).0 <= 2 * Balance::from(quota()) * fee && spent(AIR).1 == 0);
		assert_eq!(Customers::has_quota(&squatter.account(), 1), Some(false));
	});
}

#[test]
fn a_refused_transaction_costs_nobody_anything() {
	run(|| {
		let (sky, farmer) = farm();
		let air = money(&member(AIR));
		for n in 0..50 {
			// Of what it does not have, and with a tip that it cannot pay.
			assert_eq!(send(farmer.signs(gift(sky, &stranger(n), STAKE + 1))), Err(UNPAID));
			assert_eq!(send(farmer.tips(1, gift(sky, &stranger(n), STAKE))), Err(UNPAID));
		}
		// A signature that is not its own.
		let mut forged = farmer.signs(gift(sky, &stranger(1), STAKE));
		forged.function = gift(sky, &stranger(2), STAKE);
		assert_eq!(send(forged), Err(InvalidTransaction::BadProof.into()));
		assert_eq!((money(&member(AIR)), spent(AIR)), (air, (0, 0)));
	});
}
