//! Nobody else's to use up: whatever an attacker does beside it, a bystander gets the same answers. Random scripts of
//! honest members and their customers run with and without a random attacker; only block space may differ.

mod attackers;
mod bystanders;

use crate::{alliance::*, chain::*, points::lacking, wallet::*};
use attackers::{evil, Attacker, Evil};
use bystanders::{act, Act};
use codec::Compact;
use frame_support::storage::{with_storage_layer, with_transaction_unchecked};
use hanse_primitives::{asset_id, Balance, Chargebacks, InstitutionId, Order, ProgramId, Reserves as _};
use hanse_runtime::{
	constants::{CENT, UNIT},
	AccountId, Clearing, Customers, Executive, Points, Runtime, RuntimeCall, Timestamp,
};
use pallet_clearing::Call as Clear;
use pallet_customers::Call as Customer;
use pallet_exchange::Call as Exchange;
use pallet_institutions::Call as Institution;
use pallet_points::Call as Point;
use pallet_rulebook::Rule;
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use sp_core::H256;
use sp_runtime::{MultiAddress, TransactionOutcome};
use std::{cell::RefCell, collections::BTreeMap, time::Instant};

/// The honest members among seven: 1 issues, 2 sells, and all five vote.
const HONEST: [InstitutionId; 5] = [1, 2, 3, 4, 5];
/// The attackers' members: the first is a rogue, the second its accomplice.
const EVIL: [InstitutionId; 2] = [6, 7];
/// The programs of 1, 2, 6 and 7.
const PROGRAMS: [(InstitutionId, ProgramId); 4] = [(1, 1), (2, 2), (6, 3), (7, 4)];
const SKY: ProgramId = 1;
const READ: ProgramId = 2;
/// Points that everybody starts with, each worth a hundredth of a settlement unit.
const POINTS: Balance = 200_000;
/// Puppets of the attackers.
const PUPPETS: u32 = 4;
/// Acts of the bystanders in one block, each with what the attacker does before it.
const STEPS_PER_BLOCK: usize = 3;

/// Histories of each attacker, which `HANSE_BYSTANDER_HISTORIES` can set.
fn histories() -> u32 {
	std::env::var("HANSE_BYSTANDER_HISTORIES").map_or(700, |histories| histories.parse().unwrap())
}

/// A whole transaction in the block that is open: paid for by whoever pays.
fn transact(who: &Wallet, call: impl Into<RuntimeCall>) -> Outcome {
	let transaction = who.signs(call);
	with_transaction_unchecked(|| match Executive::apply_extrinsic(transaction) {
		Ok(result) => TransactionOutcome::Commit(Ok(result)),
		Err(invalid) => TransactionOutcome::Rollback(Err(invalid)),
	})
}

/// A call without a fee, as those of members are here: it is not their money that is compared.
fn command(who: InstitutionId, call: impl Into<RuntimeCall>) -> Outcome {
	Ok(dispatch(member(who), call))
}

/// Opens a block in which what is due is done first, as it is on a chain by the first transaction.
fn open(keeper: &Wallet, milliseconds: u64) {
	open_block(Timestamp::get() + milliseconds);
	assert_eq!(transact(keeper, frame_system::Call::remark { remark: vec![] }), Ok(Ok(())));
}

fn close_and_open(keeper: &Wallet, milliseconds: u64) {
	Executive::finalize_block();
	open(keeper, milliseconds);
}

/// Payments and authorisations of somebody, each with its merchant, payer, order and price.
#[derive(Default)]
struct Till {
	orders: u64,
	paid: Vec<(InstitutionId, usize, Order, Balance)>,
	authorised: Vec<(InstitutionId, usize, Order, Balance)>,
}

impl Till {
	fn order(&mut self) -> Order {
		self.orders += 1;
		order(self.orders)
	}
}

/// One run of a history.
struct World<'a> {
	people: &'a [Wallet],
	puppets: &'a [Wallet],
	rich: &'a [Wallet],
	attacker: Attacker,
	till: Till,
	rogue: Till,
	done: BTreeMap<String, u32>,
}

fn nth_last<X: Copy>(all: &[X], nth: usize) -> Option<X> {
	all.iter().rev().nth(nth).copied()
}

fn capture(payer: &AccountId, order: Order, value: Balance, last: bool) -> Exchange<Runtime> {
	Exchange::capture { payer: payer.clone(), order, value, last }
}

/// A motion like others, of which nobody minds the outcome.
fn motion(n: u64) -> RuntimeCall {
	let value = (60 * DAY - 1_000 * n).into();
	pallet_rulebook::Call::amend { rule: Rule::MaxPending, value, charter: H256::zero() }.into()
}

type Script = Vec<(Act, Vec<Evil>)>;

/// Plays a script, with the attacker or without.
fn play(world: World, script: &Script, attacks: bool) -> (Vec<String>, BTreeMap<String, u32>) {
	let mut world = world;
	let answers = script
		.iter()
		.enumerate()
		.map(|(n, (act, evil))| {
			if attacks {
				evil.iter().for_each(|evil| world.attack(evil));
			}
			// Few enough in a block that all have space.
			if n % STEPS_PER_BLOCK == 0 {
				close_and_open(&world.rich[5], 1_000);
			}
			world.act(act)
		})
		.collect();
	(answers, world.done)
}

/// An alliance of seven in which everybody has something.
fn found(people: &[Wallet], puppets: &[Wallet], rich: &[Wallet]) {
	pallet_rulebook::CurrentRules::<Runtime>::mutate(|rules| {
		// Such that somebody could use them up.
		rules.sponsor_budget = UNIT / 2;
		rules.growth_floor = 5_000 * UNIT;
		rules.exchange_age = 0;
	});
	for (n, wallet) in (0..).zip(rich) {
		let (dest, value) = (MultiAddress::Id(wallet.account()), 50_000 * UNIT);
		let call = pallet_balances::Call::transfer_keep_alive { dest, value };
		dispatch(applicant(n), call).unwrap();
	}
	for (institution, expected) in PROGRAMS {
		assert_eq!(program(institution, TERMS), expected);
	}
	for (who, person) in people.iter().enumerate() {
		issue(1, SKY, &[person.account()], POINTS, 1_000_000 + who as u64);
		register(who as InstitutionId + 1, person, who as u64 + 1);
	}
	for (n, puppet) in (0..).zip(puppets) {
		let (institution, program) = PROGRAMS[2 + n % 2];
		issue(institution, program, &[puppet.account()], POINTS, 2_000_000 + n as u64);
		issue(1, SKY, &[puppet.account()], 2_000, 3_000_000 + n as u64);
		// Two of them go by the bystanders' tags, and one is nobody's customer.
		if n > 0 {
			register(institution, puppet, n as u64);
		}
	}
	Executive::finalize_block();
}

/// Plays the histories beside one attacker.
fn beside(attacker: Attacker) {
	let began = Instant::now();
	let people: Vec<_> = (1..=2).map(Wallet::new).collect();
	let puppets: Vec<_> = (10..10 + PUPPETS).map(Wallet::new).collect();
	let rich: Vec<_> = (20..26).map(Wallet::new).collect();
	let mut ext = alliance_of(7);
	ext.execute_with(|| {
		open_block(START);
		found(&people, &puppets, &rich);
	});
	let strategy = vec((act(), vec(evil(), 0..4)), 4..12);
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(histories()) };
	let (ext, done) = (RefCell::new(ext), RefCell::new(BTreeMap::<String, u32>::new()));
	let run = |script: &Script, attacks| {
		ext.borrow_mut().execute_with(|| {
			with_transaction_unchecked(|| {
				open(&rich[5], 1_000);
				let (till, rogue) = (Till::default(), Till { orders: 5_000_000, ..Till::default() });
				let done = BTreeMap::new();
				let world =
					World { people: &people, puppets: &puppets, rich: &rich, attacker, till, rogue, done };
				TransactionOutcome::Rollback(play(world, script, attacks))
			})
		})
	};
	TestRunner::new(config)
		.run(&strategy, |script| {
			let (alone, _) = run(&script, false);
			let (beside, counts) = run(&script, true);
			prop_assert_eq!(alone, beside);
			for (name, count) in counts {
				*done.borrow_mut().entry(name).or_default() += count;
			}
			Ok(())
		})
		.unwrap();
	let done = done.into_inner();
	println!("{} histories in {} s: {done:?}", histories(), began.elapsed().as_secs());
	// Not a test of histories in which nothing happens.
	let often = |name: &str| done.get(name).copied().unwrap_or_default();
	for act in
		["Pay", "Refund", "Award", "Exchange", "Give", "Vote", "Register", "Authorize", "Capture", "Line"]
	{
		assert!(often(act) * 20 >= histories(), "{act}: {}", often(act));
	}
	if !matches!(attacker, Attacker::Stranger) {
		for act in ["Pay", "Refund", "PayBack", "Exchange", "Reserve"] {
			assert!(often(&format!("evil {act}")) * 50 >= histories(), "evil {act}");
		}
	}
	let attacks: u32 = done.iter().filter(|(name, _)| name.starts_with("evil")).map(|(_, n)| n).sum();
	assert!(attacks >= histories(), "{attacks} attacks did something");
}

#[test]
fn a_bystander_gets_the_same_answers_beside_a_rogue_member_with_puppets() {
	beside(Attacker::Rogue);
}

#[test]
fn a_bystander_gets_the_same_answers_beside_two_members_that_collude() {
	beside(Attacker::Accomplices);
}

#[test]
fn a_bystander_gets_the_same_answers_beside_a_stranger_with_money() {
	beside(Attacker::Stranger);
}
