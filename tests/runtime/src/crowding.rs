//! Customers first: what a flood costs whom, and what still gets through.

use crate::{chain::*, wallet::*};
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use hanse_primitives::{Balance, InstitutionId, ProgramId, Reserves as _};
use hanse_runtime::{
	configs::{motions::Proposal, ProxyType},
	constants::{CENT, UNIT},
	AccountId, Clearing, Multisig, Rulebook, Runtime, RuntimeCall, Sponsorship, System, Timestamp,
	TransactionPayment,
};
use pallet_sponsorship::{PaidBy, Unsponsored};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	MultiAddress,
};

/// What is for members to send.
const CLOSED: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Call);

/// A person with points of `program` whom `institution` vouches for.
fn customer(number: u32, institution: InstitutionId, program: ProgramId, points: Balance) -> Wallet {
	let wallet = Wallet::new(number);
	issue(AIR, program, &[wallet.account()], points, 10_000 + u64::from(number));
	register(institution, &wallet, number.into());
	wallet
}

/// Somebody who belongs to nobody and has money.
fn rich() -> Wallet {
	let wallet = Wallet::new(99_999);
	give(&wallet.account(), 800 * UNIT);
	wallet
}

fn vote() -> RuntimeCall {
	pallet_collective::Call::<Runtime>::vote { proposal: H256::zero(), index: 0, approve: true }.into()
}

fn remark(bytes: usize) -> RuntimeCall {
	frame_system::Call::remark { remark: vec![0; bytes] }.into()
}

fn for_account(real: AccountId, call: RuntimeCall) -> RuntimeCall {
	pallet_proxy::Call::proxy { real: MultiAddress::Id(real), force_proxy_type: None, call: Box::new(call) }
		.into()
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
	pallet_utility::Call::batch { calls }.into()
}

fn delegate(who: &AccountId, proxy_type: ProxyType) {
	let add = pallet_proxy::Call::add_proxy { delegate: MultiAddress::Id(who.clone()), proxy_type, delay: 0 };
	assert_ok!(dispatch(member(AIR), add));
}

/// The priority of what the pool takes.
fn rank(transaction: &hanse_runtime::UncheckedExtrinsic) -> u64 {
	priority(transaction).unwrap()
}

/// As many of one person's transactions as a block takes, each with a tip, and then these; says how many of the
/// first and what became of the others.
fn flooded_block(
	flood: &Wallet,
	what: &RuntimeCall,
	then: Vec<hanse_runtime::UncheckedExtrinsic>,
) -> (usize, Vec<Outcome>) {
	let next = *System::account_nonce(flood.account());
	let count = then.len();
	use codec::Encode;
	let most = if what.encoded_size() > 10_000 { 20 } else { 2_500 };
	let all = (0..most).map(|n| flood.signs_at(next + n, UNIT / 1_000, what.clone())).chain(then);
	let mut outcomes = block(all.collect());
	let rest = outcomes.split_off(outcomes.len() - count);
	(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), rest)
}

#[test]
fn a_stranger_does_not_govern() {
	run(|| {
		let (sky, eve) = (program(AIR, TERMS), rich());
		let ann = customer(1, AIR, sky, 1_000);
		let others = || vec![member(AIR)];
		let alone = |call: RuntimeCall| -> RuntimeCall {
			pallet_multisig::Call::as_multi_threshold_1 { other_signatories: others(), call: Box::new(call) }
				.into()
		};
		let close = pallet_collective::Call::<Runtime>::close {
			proposal_hash: H256::zero(),
			index: 0,
			proposal_weight_bound: Default::default(),
			length_bound: 0,
		};
		let code = pallet_collective::Call::<Runtime>::execute {
			proposal: Box::new(Proposal(remark(1))),
			length_bound: 99,
		};
		for call in [
			vote(),
			close.into(),
			code.into(),
			batch(vec![vote(), vote()]),
			for_account(member(AIR), vote()),
			for_account(eve.account(), vote()),
			alone(vote()),
			alone(batch(vec![vote()])),
			batch(vec![for_account(member(AIR), vote())]),
			frame_system::Call::set_code { code: vec![0; 100] }.into(),
			frame_system::Call::kill_storage { keys: vec![] }.into(),
			frame_system::Call::apply_authorized_upgrade { code: vec![0; 100] }.into(),
		] {
			for transaction in [eve.tips(UNIT, call.clone()), ann.signs(call.clone())] {
				assert_eq!(send(transaction), Err(CLOSED), "{call:?}");
			}
		}
		// What only seems operational stands behind customers, even if a member sends it.
		let seems = Wallet::of(Alice).signs(frame_system::Call::set_code { code: vec![] });
		assert!(rank(&seems) < rank(&ann.signs(gift(sky, &stranger(1), 1))));
	});
}

#[test]
fn a_member_governs_and_so_do_its_delegates() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = customer(1, BOOKS, sky, 1_000);
		let (eve, air, till) = (rich(), Wallet::of(Alice), Wallet::new(7));
		give(&till.account(), UNIT);
		delegate(&till.account(), ProxyType::Governance);
		let delegated = || for_account(member(AIR), vote());
		let (sponsored, stranger) =
			(rank(&ann.signs(gift(sky, &stranger(1), 1))), rank(&eve.tips(100 * UNIT, remark(1))));
		assert!(stranger < sponsored);
		for transaction in [
			air.signs(vote()),
			air.signs(batch(vec![vote()])),
			till.signs(delegated()),
			till.signs(batch(vec![delegated(), delegated()])),
		] {
			assert!(sponsored < rank(&transaction));
		}
		// What it does not do for the alliance stands behind customers, and what it may not do is not taken.
		assert!(rank(&air.tips(UNIT, remark(1))) < sponsored && stranger < rank(&air.signs(remark(1))));
		assert_eq!(priority(&till.signs(vote())), Err(CLOSED));
		let cashier = Wallet::new(8);
		give(&cashier.account(), UNIT);
		delegate(&cashier.account(), ProxyType::Cashier);
		assert_eq!(priority(&cashier.signs(delegated())), Err(CLOSED));
	});
}

#[test]
fn the_keys_of_a_member_together_stand_where_the_member_does() {
	run(|| {
		let (eve, one, two) = (rich(), Wallet::new(1), Wallet::new(2));
		let mut keys = [one.account(), two.account()];
		keys.sort();
		for key in &keys {
			give(key, 10 * UNIT);
		}
		let together = Multisig::multi_account_id(&keys, 2);
		give(&together, UNIT);
		delegate(&together, ProxyType::Issue);
		let order = RuntimeCall::Points(pallet_points::Call::issue {
			program: 1,
			to: stranger(1),
			amount: 1,
			order: order(1),
		});
		let call = for_account(member(AIR), order);
		let signed = |by: &Wallet, with: &Wallet| {
			by.signs(pallet_multisig::Call::as_multi {
				threshold: 2,
				other_signatories: vec![with.account()],
				maybe_timepoint: None,
				max_weight: call.get_dispatch_info().call_weight,
				call: Box::new(call.clone()),
			})
		};
		let open = rank(&eve.tips(UNIT, remark(1)));
		assert!(open < rank(&signed(&one, &two)));
		// Who is none of them is not, whatever it says.
		assert!(rank(&signed(&eve, &two)) <= open);
	});
}

#[test]
fn a_flood_fills_half_a_block_and_customers_are_served_in_it() {
	run(|| {
		let sky = program(AIR, TERMS);
		let eve = rich();
		let ann = customer(1, AIR, sky, 1_000);
		for (place, what) in [remark(1), remark(500_000), batch(vec![remark(1); 20])].into_iter().enumerate()
		{
			let pay = payment(BOOKS, place as u64, CENT, &[(sky, 1)]);
			let issue = RuntimeCall::Points(pallet_points::Call::issue {
				program: sky,
				to: stranger(1),
				amount: 1,
				order: order(500 + place as u64),
			});
			let then = vec![Wallet::of(Alice).signs(issue), ann.signs(pay)];
			let (flood, rest) = flooded_block(&eve, &what, then);
			assert!(flood >= 3, "only {flood} of {:?}", what.get_dispatch_info());
			assert_eq!(rest, [Ok(Ok(())), Ok(Ok(()))]);
			let (weights, lengths) = (
				<Runtime as frame_system::Config>::BlockWeights::get(),
				<Runtime as frame_system::Config>::BlockLength::get(),
			);
			let normal = frame_support::dispatch::DispatchClass::Normal;
			let half = weights.get(normal).max_total.unwrap().ref_time() / 2;
			let bytes = *lengths.max.get(normal) / 2;
			use codec::Encode;
			let (one, len) = (what.get_dispatch_info().call_weight.ref_time(), what.encoded_size() as u32);
			assert!(flood as u64 * one <= half && flood as u32 * len <= bytes);
		}
	});
}

#[test]
fn what_is_larger_than_its_part_of_a_block_is_refused_at_once() {
	run(|| {
		let eve = rich();
		let lengths = <Runtime as frame_system::Config>::BlockLength::get();
		let half = *lengths.max.get(frame_support::dispatch::DispatchClass::Normal) as usize / 2;
		assert_eq!(in_pool(&eve.signs(remark(half - 1_000))), Ok(()));
		assert_eq!(in_pool(&eve.signs(remark(half))), Err(WAITS));
	});
}

#[test]
fn the_largest_award_and_every_payment_fit_into_the_members_part() {
	let weights = <Runtime as frame_system::Config>::BlockWeights::get();
	let normal = weights.get(frame_support::dispatch::DispatchClass::Normal).max_total.unwrap();
	let most = <Runtime as pallet_sponsorship::Config>::MemberShare::get() * normal.ref_time();
	let awards = |n| {
		use pallet_points::WeightInfo;
		hanse_runtime::weights::Measured::issue_batch(n).ref_time()
	};
	assert!(awards(hanse_primitives::MAX_AWARDS) < most / 2);
}

#[test]
fn a_flood_is_dear_for_whoever_floods_and_for_no_customer_and_no_member() {
	run(|| {
		let sky = program(AIR, TERMS);
		let (eve, ann) = (rich(), customer(1, AIR, sky, 1_000));
		let air = Wallet::of(Alice);
		let fee_of = |wallet: &Wallet| query_fee(&wallet.signs(remark(1)));
		let (stranger_before, member_before) = (fee_of(&eve), fee_of(&air));
		let customer_before = who_pays(&ann.account(), gift(sky, &stranger(1), 1));
		assert_eq!(customer_before.payer, Some(PaidBy::Institution(AIR)));
		let money_before = money(&eve.account());
		for _ in 0..20 {
			flooded_block(&eve, &remark(1), vec![]);
		}
		// 5 % a block.
		let multiplier = TransactionPayment::next_fee_multiplier().to_float();
		assert!((2.3..2.8).contains(&multiplier), "{multiplier}");
		assert!(2 * fee_of(&eve) > 3 * stranger_before);
		assert_eq!(fee_of(&air), member_before);
		assert_eq!(who_pays(&ann.account(), gift(sky, &stranger(1), 1)), customer_before);
		assert!(money_before - money(&eve.account()) > 20 * UNIT / 5);
		// What is asked is what is paid.
		let (due, before) = (fee_of(&eve), money(&eve.account()));
		assert_eq!(send(eve.signs(remark(1))), Ok(Ok(())));
		let paid = before - money(&eve.account());
		assert!(paid <= due && paid > due * 9 / 10, "{paid} of {due}");
		// It falls again, and never below the price list.
		for _ in 0..40 {
			next_block();
		}
		// But for the bytes of a longer nonce.
		assert!((stranger_before..=stranger_before + 4).contains(&fee_of(&eve)));
	});
}

#[test]
fn payments_that_must_fail_cost_no_merchant_anything() {
	run(|| {
		let sky = program(AIR, TERMS);
		let puppets: Vec<_> = (0..300).map(|n| customer(n, BOOKS, sky, 100)).collect();
		next_block();
		let name = |era, number| {
			let order = hanse_primitives::Order { era, commitment: H256::from_low_u64_be(number) };
			let legs = legs_of(&[(sky, 1)]);
			RuntimeCall::from(pallet_exchange::Call::pay { merchant: AIR, order, price: CENT, legs })
		};
		let mut refused = 0;
		for (number, puppet) in (0..).zip(&puppets) {
			for call in [name(era() + 1, number), name(u32::MAX, number)] {
				assert_eq!(in_pool(&puppet.signs(call)), Err(UNPAID));
				refused += 1;
			}
		}
		assert_eq!((refused, spent(AIR)), (600, (0, 0)));
		// Nor does an order that was paid.
		let puppet = &puppets[0];
		assert_eq!(send(puppet.signs(name(era(), 1))), Ok(Ok(())));
		let fees = spent(AIR).0;
		for _ in 0..5 {
			assert_eq!(send(puppet.signs(name(era(), 1))), Err(UNPAID));
		}
		assert_eq!(spent(AIR).0, fees);
	});
}

#[test]
fn invented_persons_cost_their_inventor() {
	run(|| {
		let sky = program(AIR, TERMS);
		let puppets: Vec<_> = (0..20).map(|n| customer(n, BOOKS, sky, 100)).collect();
		let own = customer(50, AIR, sky, 100);
		next_block();
		let budget = Rulebook::rules().sponsor_budget;
		let members = pallet_collective::Members::<Runtime>::get().len();
		let share = (budget - budget / 10) / members as Balance;
		let pay = |number| payment(AIR, number, CENT, &[(sky, 1)]);
		let fee = who_pays(&own.account(), pay(0)).fee;
		// All but the last fee of the share is used up.
		let mut spent_before = Sponsorship::spent_today(AIR);
		spent_before.all = share - fee;
		let vouched = pallet_sponsorship::VouchedSpending { by: BOOKS, fees: share - fee };
		spent_before.vouched = vec![vouched].try_into().unwrap();
		pallet_sponsorship::Budgets::<Runtime>::insert(AIR, spent_before);
		let (air, books) = (money(&member(AIR)), money(&member(BOOKS)));
		for (number, puppet) in (1..).zip(&puppets) {
			assert_eq!(send(puppet.signs(pay(number))), Ok(Ok(())));
		}
		let (of_air, of_books) = (air - money(&member(AIR)), books - money(&member(BOOKS)));
		assert!(of_air <= fee && of_books > 10 * of_air, "{of_air} {of_books}");
		assert_eq!(spent(BOOKS).0, of_books);
		// The merchant's own customers notice nothing.
		assert_eq!(who_pays(&own.account(), pay(77)).payer, Some(PaidBy::Institution(AIR)));
		assert_eq!(send(own.signs(pay(77))), Ok(Ok(())));
	});
}

#[test]
fn each_reason_why_nobody_pays_for_a_payment_is_told_apart() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = customer(1, AIR, sky, 10_000);
		let ben = Wallet::new(2);
		issue(AIR, sky, &[ben.account()], 1_000, 2);
		next_block();
		let why = |who: &Wallet, call: RuntimeCall| {
			let asked = who_pays(&who.account(), call.clone());
			assert_eq!(asked.payer.is_none(), send(who.signs(call)).is_err());
			asked.unsponsored
		};
		let fails = |error: sp_runtime::DispatchError| Some(Unsponsored::WouldFail(error));
		let pay = |number, price| payment(BOOKS, number, price, &[(sky, 10_000)]);
		let limit = Rulebook::rules().customer_limit;
		assert_eq!(why(&ann, pay(1, CENT)), None);

		use pallet_exchange::Error as Exchange;
		assert_eq!(why(&ben, pay(2, CENT)), Some(Unsponsored::NotRegistered));
		assert_eq!(why(&ann, pay(1, CENT)), fails(Exchange::<Runtime>::AlreadyPaid.into()));
		assert_eq!(why(&ann, pay(2, CENT - 1)), fails(Exchange::<Runtime>::PriceTooLow.into()));
		let late = hanse_primitives::Order { era: era() + 1, commitment: H256::zero() };
		let legs = legs_of(&[(sky, 1)]);
		let late = pallet_exchange::Call::pay { merchant: BOOKS, order: late, price: CENT, legs };
		assert_eq!(why(&ann, late.into()), fails(Exchange::<Runtime>::EraNotOpen.into()));
		let over = pallet_customers::Error::<Runtime>::OverLimit;
		assert_eq!(why(&ann, pay(2, limit)), fails(over.into()));
		let nowhere = payment(77, 2, CENT, &[(sky, 1)]);
		assert!(matches!(why(&ann, nowhere), Some(Unsponsored::WouldFail(_))));
		assert_eq!(why(&ann, payment(BOOKS, 2, CENT, &[(sky, 0)])), Some(Unsponsored::NotHeld));
		let reserve = Clearing::free_reserve(AIR);
		assert!(reserve > 0);

		let all =
			|| pallet_balances::Call::transfer_all { dest: MultiAddress::Id(account(Eve)), keep_alive: true };
		leave_of_budget(BOOKS, 0, 0);
		assert_eq!(why(&ann, pay(2, CENT)), Some(Unsponsored::BudgetUsed(BOOKS)));
		leave_of_budget(BOOKS, Rulebook::rules().sponsor_budget / 10 * 9, 0);
		assert_ok!(dispatch(member(BOOKS), all()));
		assert_eq!(why(&ann, pay(2, CENT)), Some(Unsponsored::SponsorShort(BOOKS)));
		give(&member(BOOKS), UNIT);
		for number in 0..quota_left(&ann.account()) {
			assert_eq!(why(&ann, pay(100 + u64::from(number), CENT)), None);
		}
		assert_eq!(why(&ann, pay(2, CENT)), Some(Unsponsored::QuotaUsed));
		assert_eq!(why(&Wallet::of(Bob), pay(2, CENT)), Some(Unsponsored::NotRegistered));
		assert_eq!(why(&ann, remark(1)), Some(Unsponsored::NotSponsored));
		assert_eq!(why(&ann, vote()), Some(Unsponsored::NotTaken));
		assert!(Timestamp::get() > START);
	});
}

#[test]
fn no_merchant_pays_for_what_an_issuer_cannot_owe_or_safe_mode_stops() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = customer(1, BOOKS, sky, 10_000);
		drain(AIR, 50 * UNIT);
		next_block();
		let pay = |number, price| payment(BOOKS, number, price, &[(sky, 10_000)]);
		let short = pallet_clearing::Error::<Runtime>::ReserveTooSmall;
		let asked = |call: RuntimeCall| who_pays(&ann.account(), call).unsponsored;
		assert_eq!(asked(pay(1, 60 * UNIT)), Some(Unsponsored::WouldFail(short.into())));
		assert_eq!(send(ann.signs(pay(1, 60 * UNIT))), Err(UNPAID));
		assert_eq!(send(ann.signs(pay(1, 40 * UNIT))), Ok(Ok(())));

		let until = System::block_number() + 100;
		pallet_safe_mode::EnteredUntil::<Runtime>::put(until);
		assert_eq!(asked(gift(sky, &stranger(1), 1)), Some(Unsponsored::WouldFail(filtered())));
		pallet_safe_mode::EnteredUntil::<Runtime>::kill();
		assert_eq!(asked(gift(sky, &stranger(1), 1)), None);
	});
}
