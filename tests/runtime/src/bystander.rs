//! Nobody else's to use up: whatever an attacker does beside it, a bystander gets the same answers. Random scripts of
//! honest members and their customers run with and without a random attacker; only block space may differ.

use crate::{alliance::*, chain::*, points::lacking, wallet::*};
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

/// What the bystanders do: two customers by number, and the members that serve them.
#[derive(Clone, Debug)]
enum Act {
	Register(usize),
	Unregister(usize),
	Forget(usize),
	Award(usize, Balance),
	Pay(usize, InstitutionId, Balance),
	Authorize(usize, InstitutionId, Balance),
	/// So much of an authorisation, and whether nothing more will be taken.
	Capture(usize, Balance, bool),
	Void(usize),
	Refund(usize, Balance),
	Exchange(usize, Balance),
	Give(usize, Balance),
	Complain(usize),
	Vote(u64),
	TopUp(InstitutionId, Balance),
	DrawDown(InstitutionId, Balance),
	Line(Balance),
	Pass(u64),
}

/// What attackers do, by puppets and members by number.
#[derive(Clone, Debug)]
enum Evil {
	Register(u32, usize, u64),
	Dismiss(u32, usize),
	Forget(u32),
	Forge(u32, usize),
	Mint(u32, usize, Balance),
	Pay(u32, InstitutionId, ProgramId, Balance),
	/// Many payments that name an era not begun.
	Burst(u32, InstitutionId),
	/// Many gifts of next to nothing, at the cost of an honest issuer.
	Spray(u32),
	Authorize(u32, InstitutionId, Balance),
	Capture(usize, Balance, bool),
	Refund(usize, Balance),
	Exchange(u32, ProgramId, ProgramId, Balance),
	Gift(u32, usize, Balance),
	Complain(usize),
	/// As a complaint that nobody answers ends.
	PayBack(usize),
	Line(usize, InstitutionId, Balance),
	Move(usize, u64),
	Reserve(usize, bool, Balance),
	Leave(usize),
	Apply(u8, bool),
	Dust(usize),
	Junk(u8),
}

fn act() -> impl Strategy<Value = Act> {
	let (who, shop) = (|| 0..2usize, || 1..=2u32);
	// Few histories have several authorisations.
	let last = || prop_oneof![3 => Just(0usize), 1 => 1..4usize];
	let cents = || prop_oneof![4 => 1..3_000u128, 1 => 1..100_000u128].prop_map(|cents| cents * CENT);
	prop_oneof![
		5 => who().prop_map(Act::Register),
		2 => who().prop_map(Act::Unregister),
		1 => who().prop_map(Act::Forget),
		2 => (who(), 1..20_000u128).prop_map(|(who, amount)| Act::Award(who, amount)),
		8 => (who(), shop(), cents()).prop_map(|(who, shop, price)| Act::Pay(who, shop, price)),
		2 => (who(), shop(), cents()).prop_map(|(who, shop, price)| Act::Authorize(who, shop, price)),
		6 => (last(), cents(), any::<bool>()).prop_map(|(nth, value, last)| Act::Capture(nth, value, last)),
		1 => (0..4usize).prop_map(Act::Void),
		3 => (0..4usize, cents()).prop_map(|(nth, value)| Act::Refund(nth, value)),
		2 => (who(), 1..2_000u128).prop_map(|(who, amount)| Act::Exchange(who, amount)),
		2 => (who(), 1..2_000u128).prop_map(|(who, amount)| Act::Give(who, amount)),
		1 => (0..4usize).prop_map(Act::Complain),
		1 => (0..4u64).prop_map(Act::Vote),
		1 => (shop(), cents()).prop_map(|(shop, amount)| Act::TopUp(shop, amount)),
		1 => (shop(), cents()).prop_map(|(shop, amount)| Act::DrawDown(shop, amount)),
		1 => cents().prop_map(Act::Line),
		2 => prop_oneof![3 => 1_000..DAY, 1 => DAY..10 * DAY].prop_map(Act::Pass),
	]
}

fn evil() -> impl Strategy<Value = Evil> {
	let (puppet, place, who) = (|| 0..PUPPETS, || 0..2usize, || 0..2usize);
	let shop = || prop_oneof![1..=2u32, 6..=7u32];
	let program = || 1..=4u16;
	let value = || prop_oneof![2 => 1..3_000u128, 1 => 1..200_000u128];
	prop_oneof![
		6 => (puppet(), place(), 1..5u64).prop_map(|(n, place, tag)| Evil::Register(n, place, tag)),
		2 => (puppet(), place()).prop_map(|(n, place)| Evil::Dismiss(n, place)),
		1 => puppet().prop_map(Evil::Forget),
		2 => (puppet(), who()).prop_map(|(n, who)| Evil::Forge(n, who)),
		2 => (puppet(), place(), value()).prop_map(|(n, place, value)| Evil::Mint(n, place, value)),
		8 => (puppet(), shop(), program(), value())
			.prop_map(|(n, shop, program, value)| Evil::Pay(n, shop, program, value * CENT)),
		2 => (puppet(), shop()).prop_map(|(n, shop)| Evil::Burst(n, shop)),
		3 => puppet().prop_map(Evil::Spray),
		2 => (puppet(), shop(), value()).prop_map(|(n, shop, value)| Evil::Authorize(n, shop, value * CENT)),
		2 => (0..3usize, value(), any::<bool>())
			.prop_map(|(nth, value, last)| Evil::Capture(nth, value * CENT, last)),
		4 => (0..3usize, value()).prop_map(|(nth, value)| Evil::Refund(nth, value * CENT)),
		4 => (puppet(), program(), program(), value())
			.prop_map(|(n, from, to, amount)| Evil::Exchange(n, from, to, amount)),
		2 => (puppet(), who(), value()).prop_map(|(n, who, amount)| Evil::Gift(n, who, amount)),
		1 => (0..3usize).prop_map(Evil::Complain),
		3 => (0..3usize).prop_map(Evil::PayBack),
		2 => (place(), shop(), value()).prop_map(|(place, to, limit)| Evil::Line(place, to, limit * CENT)),
		2 => (place(), 0..8u64).prop_map(|(place, n)| Evil::Move(place, n)),
		2 => (place(), any::<bool>(), value())
			.prop_map(|(place, up, value)| Evil::Reserve(place, up, value * CENT)),
		1 => place().prop_map(Evil::Leave),
		2 => (0..3u8, any::<bool>()).prop_map(|(n, stay)| Evil::Apply(n, stay)),
		1 => who().prop_map(Evil::Dust),
		2 => (0..4u8).prop_map(Evil::Junk),
	]
}

/// Who attacks.
#[derive(Clone, Copy)]
enum Attacker {
	/// One member with puppets.
	Rogue,
	/// Two of them.
	Accomplices,
	/// Somebody with money, and nobody else.
	Stranger,
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

impl World<'_> {
	fn person(&self, who: usize) -> AccountId {
		self.people[who].account()
	}

	fn puppet(&self, n: u32) -> AccountId {
		self.puppets[n as usize].account()
	}

	/// The bystanders' next act, and the answer.
	fn act(&mut self, act: &Act) -> String {
		let outcome = match *act {
			Act::Register(who) => {
				let institution = who as InstitutionId + 1;
				command(institution, self.people[who].consents(institution, who as u64 + 1))
			},
			Act::Unregister(who) => {
				let account = self.person(who);
				transact(&self.people[who], Customer::unregister { account })
			},
			Act::Forget(who) => transact(&self.people[who], Customer::forget {}),
			Act::Award(who, amount) => {
				let order = self.till.order();
				command(1, Point::issue { program: SKY, to: self.person(who), amount, order })
			},
			Act::Pay(who, merchant, price) => {
				let (order, legs) =
					(self.till.order(), legs_of(&[(SKY, Balance::MAX), (READ, Balance::MAX)]));
				let outcome = transact(&self.people[who], Exchange::pay { merchant, order, price, legs });
				if outcome == Ok(Ok(())) {
					self.till.paid.push((merchant, who, order, price));
				}
				outcome
			},
			Act::Authorize(who, merchant, price) => {
				let (order, legs) = (self.till.order(), legs_of(&[(SKY, Balance::MAX)]));
				let call = Exchange::authorize { merchant, order, price, legs };
				let outcome = transact(&self.people[who], call);
				if outcome == Ok(Ok(())) {
					self.till.authorised.push((merchant, who, order, price));
				}
				outcome
			},
			Act::Capture(nth, value, last) => {
				let Some((merchant, who, order, price)) = nth_last(&self.till.authorised, nth) else {
					return String::new();
				};
				command(merchant, capture(&self.person(who), order, value.min(price), last))
			},
			Act::Void(nth) => {
				let Some((merchant, who, order, _)) = nth_last(&self.till.authorised, nth) else {
					return String::new();
				};
				command(merchant, Exchange::void { merchant, payer: self.person(who), order })
			},
			Act::Refund(nth, value) => {
				let Some((merchant, who, order, price)) = nth_last(&self.till.paid, nth) else {
					return String::new();
				};
				command(merchant, refund(&self.person(who), order, value.min(price)))
			},
			Act::Exchange(who, amount) => transact(&self.people[who], exchange(SKY, amount, READ)),
			// All strangers together share a part of a budget.
			Act::Give(who, _) if Customers::customer(self.person(who)).is_none() => return String::new(),
			Act::Give(who, amount) => {
				let to = MultiAddress::Id(self.person(1 - who));
				let id = Compact(asset_id(SKY, 0));
				transact(&self.people[who], pallet_assets::Call::transfer { id, target: to, amount })
			},
			Act::Complain(nth) => {
				let Some((merchant, who, order, _)) = nth_last(&self.till.paid, nth) else {
					return String::new();
				};
				let payer = self.person(who);
				let evidence = H256::repeat_byte(1);
				transact(
					&self.people[who],
					pallet_conduct::Call::file_complaint { merchant, payer, order, evidence },
				)
			},
			Act::Vote(n) => {
				let call = motion(100 + n);
				Ok(with_storage_layer(|| decide(&call, &HONEST)))
			},
			Act::TopUp(who, amount) => command(who, Clear::top_up { amount }),
			Act::DrawDown(who, amount) => command(who, Clear::draw_down { amount }),
			Act::Line(limit) => {
				let granted = command(2, Clear::grant_credit_line { debtor: 1, limit });
				granted.and(command(1, Clear::accept_credit_line { creditor: 2, limit }))
			},
			Act::Pass(time) => {
				close_and_open(&self.rich[5], time);
				Ok(Ok(()))
			},
		};
		if outcome == Ok(Ok(())) {
			self.count("", act);
		}
		format!("{act:?} {outcome:?} {:?}", [0, 1].map(|who| self.reads(who)))
	}

	fn count(&mut self, side: &str, act: &impl std::fmt::Debug) {
		let name = format!("{side}{act:?}");
		let end = name.find('(').unwrap_or(name.len());
		*self.done.entry(name[..end].into()).or_default() += 1;
	}

	/// What a bystander is told about itself: what it may do, and what it has of honest points.
	fn reads(&self, who: usize) -> (Option<pallet_customers::Customer>, Balance) {
		let account = self.person(who);
		let holdings = Points::portfolio(account.clone(), 1).holdings;
		let honest = holdings.iter().filter(|holding| [SKY, READ].contains(&holding.program));
		(Customers::customer(account), honest.map(|holding| holding.value).sum())
	}

	/// The attackers' next act.
	fn attack(&mut self, evil: &Evil) {
		let lacked = EVIL.map(lacking);
		let done = self.attack_outcome(evil) == Some(Ok(Ok(())));
		// Nothing but spending takes from what holders of a rogue's points count on.
		let is_spending = matches!(evil, Evil::Pay(..) | Evil::Exchange(..) | Evil::Authorize(..));
		for (id, lacked) in EVIL.into_iter().zip(lacked) {
			assert!(is_spending || lacking(id) <= lacked, "{evil:?} took what holders of {id} count on");
		}
		if done {
			self.count("evil ", evil);
		}
	}

	/// The member in whose name an attacker acts; a stranger has none.
	fn place(&self, place: usize) -> Option<(InstitutionId, ProgramId)> {
		match self.attacker {
			Attacker::Stranger => None,
			Attacker::Rogue => Some(PROGRAMS[2]),
			Attacker::Accomplices => Some(PROGRAMS[2 + place]),
		}
	}

	/// One of the last payments that the attackers made at their own members.
	fn paid_at_a_rogue(&self, nth: usize) -> Option<(InstitutionId, usize, Order, Balance)> {
		let paid: Vec<_> = self.rogue.paid.iter().filter(|paid| EVIL.contains(&paid.0)).copied().collect();
		nth_last(&paid, nth % paid.len().max(1))
	}

	fn attack_outcome(&mut self, evil: &Evil) -> Option<Outcome> {
		Some(match *evil {
			Evil::Register(n, place, tag) => {
				let (institution, _) = self.place(place)?;
				command(institution, self.puppets[n as usize].consents(institution, tag))
			},
			Evil::Dismiss(n, place) => {
				let (institution, _) = self.place(place)?;
				command(institution, Customer::unregister { account: self.puppet(n) })
			},
			Evil::Forget(n) => transact(&self.puppets[n as usize], Customer::forget {}),
			Evil::Forge(n, who) => {
				let (institution, _) = self.place(0)?;
				let (puppet, victim) = (&self.puppets[n as usize], self.person(who));
				let _ = command(institution, puppet.consents_for(victim.clone(), institution, 1));
				let until = Timestamp::get() + 60_000;
				let acceptance = Customers::acceptance(institution, puppet.account(), victim.clone(), until);
				let signature = puppet.signs_bytes(&acceptance);
				let (old, vintages) = (puppet.account(), Default::default());
				let call = Customer::open_recovery { old, new: victim, vintages, until, signature };
				command(institution, call)
			},
			Evil::Mint(n, place, amount) => {
				let (institution, program) = self.place(place)?;
				let order = self.rogue.order();
				command(institution, Point::issue { program, to: self.puppet(n), amount, order })
			},
			Evil::Pay(n, merchant, program, price) => {
				self.place(0)?;
				// Half of the time of its own.
				let program = if program > READ { PROGRAMS[2 + n as usize % 2].1 } else { program };
				let (order, legs) = (self.rogue.order(), legs_of(&[(program, Balance::MAX)]));
				let outcome =
					transact(&self.puppets[n as usize], Exchange::pay { merchant, order, price, legs });
				if outcome == Ok(Ok(())) {
					self.rogue.paid.push((merchant, n as usize, order, price));
				}
				outcome
			},
			Evil::Burst(n, merchant) => {
				let (_, program) = self.place(0)?;
				let outcomes = (0..5).map(|_| {
					let mut order = self.rogue.order();
					order.era += 1;
					let legs = legs_of(&[(program, Balance::MAX)]);
					transact(&self.puppets[n as usize], Exchange::pay { merchant, order, price: CENT, legs })
				});
				let taken = outcomes.filter(Result::is_ok).count();
				return (taken > 0).then_some(Ok(Ok(())));
			},
			Evil::Spray(n) => {
				let call = || gift(SKY, &stranger(n), 1);
				let outcomes: Vec<_> = (0..10).map(|_| transact(&self.puppets[n as usize], call())).collect();
				return outcomes.contains(&Ok(Ok(()))).then_some(Ok(Ok(())));
			},
			Evil::Authorize(n, merchant, price) => {
				self.place(0)?;
				let program = PROGRAMS[2 + n as usize % 2].1;
				let (order, legs) = (self.rogue.order(), legs_of(&[(program, Balance::MAX)]));
				let call = Exchange::authorize { merchant, order, price, legs };
				let outcome = transact(&self.puppets[n as usize], call);
				if outcome == Ok(Ok(())) {
					self.rogue.authorised.push((merchant, n as usize, order, price));
				}
				outcome
			},
			Evil::Capture(nth, value, last) => {
				let (merchant, n, order, price) = nth_last(&self.rogue.authorised, nth)?;
				EVIL.contains(&merchant).then_some(())?;
				command(merchant, capture(&self.puppet(n as u32), order, value.min(price), last))
			},
			Evil::Refund(nth, value) => {
				let (merchant, n, order, price) = self.paid_at_a_rogue(nth)?;
				command(merchant, refund(&self.puppet(n as u32), order, value.min(price)))
			},
			Evil::Exchange(n, from, to, amount) => {
				self.place(0)?;
				transact(&self.puppets[n as usize], exchange(from, amount, to))
			},
			Evil::Gift(n, who, amount) => {
				let (_, program) = self.place(0)?;
				let call = gift(program, &self.person(who), amount);
				transact(&self.puppets[n as usize], call)
			},
			Evil::Complain(nth) => {
				let (merchant, n, order, _) = self.paid_at_a_rogue(nth)?;
				let (payer, evidence) = (self.puppet(n as u32), H256::repeat_byte(2));
				transact(
					&self.puppets[n],
					pallet_conduct::Call::file_complaint { merchant, payer, order, evidence },
				)
			},
			Evil::PayBack(nth) => {
				let (merchant, n, order, _) = self.paid_at_a_rogue(nth)?;
				let payer = self.puppet(n as u32);
				let paid = <hanse_runtime::Exchange as Chargebacks<_>>::charge_back(merchant, &payer, order);
				Ok(paid.map(drop))
			},
			Evil::Line(place, debtor, limit) => {
				let (institution, _) = self.place(place)?;
				command(institution, Clear::grant_credit_line { debtor, limit })
			},
			Evil::Move(place, n) => {
				let (institution, _) = self.place(place)?;
				let call = motion(200 + n);
				Ok(with_storage_layer(|| propose(institution, needed(&call), &call)))
			},
			Evil::Reserve(place, up, amount) => {
				let (institution, _) = self.place(place)?;
				if up {
					command(institution, Clear::top_up { amount })
				} else {
					let amount = Clearing::reserve(institution).saturating_sub(amount);
					command(institution, Clear::draw_down { amount })
				}
			},
			Evil::Leave(place) => command(self.place(place)?.0, Institution::leave {}),
			Evil::Apply(n, stay) => {
				let outcome = transact(
					&self.rich[n as usize],
					Institution::apply { profile: profile(&format!("Applicant {n}")) },
				);
				if !stay {
					let _ = transact(&self.rich[n as usize], Institution::withdraw_application {});
				}
				outcome
			},
			Evil::Dust(who) => {
				let dest = MultiAddress::Id(self.puppet(who as u32));
				transact(&self.rich[3], pallet_balances::Call::transfer_keep_alive { dest, value: UNIT })
			},
			Evil::Junk(n) => match n {
				0 => transact(&self.rich[4], frame_system::Call::remark { remark: vec![0; 1_000] }),
				1 => transact(&self.rich[4], Point::mature { limit: 10 }),
				2 => transact(&self.rich[4], Customer::complete_recovery { old: self.person(0) }),
				_ => transact(
					&self.rich[4],
					pallet_collective::Call::vote { proposal: H256::zero(), index: 0, approve: true },
				),
			},
		})
	}
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
