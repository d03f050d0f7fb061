//! The end of a cycle on the real runtime: as many members and positions as there can be, debtors that do not
//! pay, what a statement says, and that no member is favoured for its number.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::{assert_ok, traits::fungible::Inspect as _, weights::Weight};
use hanse_primitives::{
	Balance, Clearing as _, InstitutionId, Liabilities as _, Members as _, Reserves as _, SuspensionCause,
	MAX_MEMBERS,
};
use hanse_runtime::{
	constants::{CENT, UNIT},
	reads::runtime_decl_for_hanse_api::HanseApiV1,
	Balances, Clearing, Exchange, Institutions, Points, Rulebook, Runtime, System, Timestamp,
};
use pallet_clearing::{
	BondDebts, Call, CreditLines, CurrentCycle, Effect, OverdueState, Position, Positions, SettlementStage,
	MAX_CREDIT_LINES,
};
use pallet_institutions::Status;
use pallet_points::{LiabilityOf, Programs, Terms};
use proptest::{prelude::*, test_runner::TestRunner};
use sp_runtime::DispatchResult;
use std::time::{Duration, Instant};

const INN: InstitutionId = 3;
const STORE: InstitutionId = 4;
/// Ends of cycles in a row at which a debtor is paused, its bond drawn, it is suspended, and in run-off.
const PAUSE_AT: u32 = 1;
const DRAW_BOND_AT: u32 = 2;
const SUSPEND_AT: u32 = 3;
const RUN_OFF_AT: u32 = 4;

fn status(id: InstitutionId) -> Status {
	pallet_institutions::Institutions::<Runtime>::get(id).unwrap().status
}

fn age(id: InstitutionId) -> Option<u32> {
	pallet_clearing::Overdue::<Runtime>::get(id).map(|state| state.age)
}

/// Time goes by until the cycle is over, and nobody sends anything.
fn end_cycle() {
	block_at(Timestamp::get() + Rulebook::rules().cycle, vec![]);
	next_block();
}

/// When the cycle ended.
fn last_turn() -> u64 {
	CurrentCycle::<Runtime>::get().began
}

/// What the blocks that ended a cycle took.
struct Taken {
	/// Blocks from the one in which money moved to the last one in which something was booked.
	booking: u32,
	/// All of them, with those that judged debtors.
	blocks: u32,
	weight: Weight,
	time: Duration,
}

/// As many members as there can be, of whom each owes 16 others, has one program and `left` in reserve.
fn full(left: impl Fn(u32) -> Balance) -> sp_io::TestExternalities {
	let mut ext = large_alliance(MAX_MEMBERS as u16);
	let owed = |debtor, stage| Balance::from(debtor * stage % 60 + 1) * UNIT;
	ext.execute_with(|| {
		block_at(START, vec![]);
		// The cycle ends at another time than the era.
		CurrentCycle::<Runtime>::mutate(|cycle| cycle.began += 60 * 60 * 1_000);
		for debtor in 1..=MAX_MEMBERS {
			// What it will owe was paid for, if not there.
			let (points, customer) = (program(debtor, TERMS), Wallet::new(debtor));
			let price = (1..=MAX_CREDIT_LINES).map(|stage| owed(debtor, stage)).sum();
			issue(debtor, points, &[customer.account()], price / CENT + 100, debtor.into());
			register(debtor, &customer, debtor.into());
			let call = payment(debtor, debtor.into(), price, &[(points, u128::MAX)]);
			dispatch(customer.account(), call).unwrap();
			drain(debtor, left(debtor));
			for stage in 1..=MAX_CREDIT_LINES {
				let creditor = (debtor + stage * 7 - 1) % MAX_MEMBERS + 1;
				grant(creditor, debtor, 600 * UNIT);
				assert_ok!(Clearing::owe(debtor, creditor, owed(debtor, stage)));
			}
		}
		assert_eq!(Positions::<Runtime>::count(), MAX_MEMBERS * MAX_CREDIT_LINES);
		// Past the turn of the era, up to the end of the cycle.
		block_at(START + DAY, vec![]);
		(0..60).for_each(|_| next_block());
		block_at(START + DAY + 59 * 60 * 1_000, vec![]);
		next_block();
		assert_eq!(CurrentCycle::<Runtime>::get().stage, SettlementStage::Idle);
	});
	ext.commit_all().unwrap();
	ext
}

/// Makes blocks from `at` on until the cycle has ended, each committed as a node does.
fn settle(ext: &mut sp_io::TestExternalities, at: u64) -> Taken {
	let max_block = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
	let before = ext.execute_with(|| CurrentCycle::<Runtime>::get().index);
	let mut taken = Taken { booking: 0, blocks: 0, weight: Weight::zero(), time: Duration::ZERO };
	for number in 1.. {
		let (cycle, weight, time) = ext.execute_with(|| {
			let began = Instant::now();
			block_at(if number == 1 { at } else { Timestamp::get() + 1_000 }, vec![]);
			let time = began.elapsed();
			check();
			let weight = System::block_weight().total();
			(CurrentCycle::<Runtime>::get(), weight, time)
		});
		ext.commit_all().unwrap();
		println!(
			"block {number}: {:?}, {} ms of weight, {time:?}",
			cycle.stage,
			weight.ref_time() / 1_000_000_000
		);
		assert!(weight.all_lt(max_block), "{weight} of {max_block}");
		assert!(time < Duration::from_secs(1), "{time:?}");
		(taken.weight, taken.time) = (taken.weight.max(weight), taken.time.max(time));
		if cycle.index == before {
			// Another pallet's work came first.
			assert!(number < 5);
			continue;
		}
		taken.blocks += 1;
		taken.booking += u32::from(taken.blocks == 1 || matches!(cycle.stage, SettlementStage::Posting(_)));
		if cycle.stage == SettlementStage::Idle {
			break;
		}
	}
	// The block after the last that says so has booked the last page.
	taken.booking = (taken.booking + 1).min(taken.blocks);
	println!(
		"{} blocks, {} to book; at most {} ms of weight and {:?}",
		taken.blocks,
		taken.booking,
		taken.weight.ref_time() / 1_000_000_000,
		taken.time
	);
	taken
}

#[test]
fn two_hundred_and_fifty_six_members_who_can_pay_settle_4096_positions_within_five_blocks() {
	let mut ext = full(|_| 20_000 * UNIT);
	let taken = settle(&mut ext, START + DAY + 60 * 60 * 1_000);
	assert!(taken.blocks <= 5);
	ext.execute_with(|| {
		assert_eq!(Positions::<Runtime>::count(), 0);
		assert_eq!(BondDebts::<Runtime>::iter().count(), 0);
		assert_eq!(pallet_clearing::Overdue::<Runtime>::iter().count(), 0);
	});
}

#[test]
fn when_nobody_of_as_many_can_pay_all_is_booked_within_five_blocks_or_twelve_with_their_bonds_and_all_are_judged(
) {
	let mut ext = full(|member| Balance::from(member % 7 + 1) * UNIT);
	let mut at = START + DAY + 60 * 60 * 1_000;
	for cycle in [PAUSE_AT, DRAW_BOND_AT] {
		let taken = settle(&mut ext, at);
		let most = if cycle == PAUSE_AT { 5 } else { 12 };
		assert!(taken.booking <= most, "{} blocks", taken.booking);
		ext.execute_with(|| {
			let late = (1..=MAX_MEMBERS).filter(|id| age(*id) == Some(cycle)).count() as u32;
			// The first reserves pay a part of all; the bonds pay the rest.
			assert_eq!(late, if cycle == PAUSE_AT { MAX_MEMBERS } else { 0 });
			let covered = |id: InstitutionId| Clearing::free_reserve(id) >= BondDebts::<Runtime>::get(id);
			assert!((1..=MAX_MEMBERS).all(|id| covered(id) == age(id).is_none()));
			let stopped = Programs::<Runtime>::iter_values().filter(|p| p.stopped.is_some()).count() as u32;
			assert_eq!(stopped, late);
			at = Timestamp::get() + Rulebook::rules().cycle;
		});
	}
}

/// Books owes the inn 398 units on a line, for points that the store's customer spent, and has next to nothing.
fn owe_more_than_there_is() -> Wallet {
	let (ann, read) = (Wallet::new(1), program(BOOKS, TERMS));
	issue(BOOKS, read, &[ann.account()], 50_000, 1);
	register(AIR, &ann, 1);
	drain(BOOKS, 60 * UNIT);
	grant(INN, BOOKS, 1_000 * UNIT);
	assert_ok!(dispatch(ann.account(), payment(INN, 1, 400 * UNIT, &[(read, 40_000)])));
	assert_eq!(BondDebts::<Runtime>::get(BOOKS), 398 * UNIT);
	ann
}

/// A bond of which fines have left `left`.
fn lose_bond(id: InstitutionId, left: Balance) {
	let lost = Institutions::bond(id) - left;
	Institutions::draw_bond(id, &stranger(1), lost).unwrap();
}

/// What Ann's payments with the points of Books come to, at a partner and at home.
fn pays(ann: &Wallet, merchant: InstitutionId, number: u64) -> DispatchResult {
	let call = payment(merchant, number, UNIT, &[(1, 50_000)]);
	dispatch(ann.account(), call)
}

#[test]
fn time_alone_pauses_draws_the_bond_suspends_and_ends_a_debtor() {
	run(|| {
		let ann = owe_more_than_there_is();
		lose_bond(BOOKS, 250 * UNIT);
		let paused = Err(pallet_clearing::Error::<Runtime>::Overdue.into());
		let expires = || Programs::<Runtime>::get(1).unwrap().vintages[0].expires;
		let stands = || Programs::<Runtime>::get(1).unwrap().stopped.map(|stop| stop.since);
		let before = expires();
		assert_ok!(pays(&ann, STORE, 10));
		let inn = money(&member(INN));

		end_cycle();
		assert_eq!((age(BOOKS), status(BOOKS)), (Some(PAUSE_AT), Status::Active));
		let since = stands().unwrap();
		assert_eq!(pays(&ann, STORE, 11), paused);
		assert_ok!(pays(&ann, BOOKS, 12));
		assert_ok!(dispatch(ann.account(), gift(1, &stranger(2), 1)));
		assert_eq!(money(&member(INN)), inn);

		end_cycle();
		// What the fine of the first offence had left of it, to the creditor.
		assert_eq!((age(BOOKS), status(BOOKS)), (Some(DRAW_BOND_AT), Status::Active));
		assert_eq!((Institutions::bond(BOOKS), money(&member(INN)) - inn), (0, 200 * UNIT));
		let owed = BondDebts::<Runtime>::get(BOOKS);
		assert!(owed > 100 * UNIT && owed < 200 * UNIT);
		assert_eq!(pays(&ann, STORE, 13), paused);
		assert_ok!(pays(&ann, BOOKS, 14));

		end_cycle();
		assert_eq!((age(BOOKS), status(BOOKS)), (Some(SUSPEND_AT), Status::Suspended));
		assert_eq!((stands(), expires()), (Some(since), before));
		assert_eq!(pays(&ann, STORE, 15), paused);
		assert_ok!(pays(&ann, BOOKS, 16));

		end_cycle();
		assert_eq!(age(BOOKS), None);
		assert!(matches!(status(BOOKS), Status::RunOff { .. }));
		// Its holders are served now, and their points have lost none of their time.
		assert_eq!((stands(), expires() - before), (None, last_turn() - since));
		let rate = LiabilityOf::<Runtime>::get(BOOKS).run_off.unwrap();
		assert!(rate < sp_runtime::Perquintill::one());
		assert!(Points::payable(BOOKS) <= Clearing::free_reserve(BOOKS));
		if worth(&ann.account()) >= UNIT {
			assert_ok!(pays(&ann, STORE, 17));
		}
		// The inn lost what it had granted and no bond or reserve was left for, and nobody else anything.
		assert_eq!(BondDebts::<Runtime>::get(BOOKS), owed);
		assert_eq!(Effect::StartRunOff.starts_at(), RUN_OFF_AT);
	});
}

#[test]
fn a_debtor_that_pays_in_between_is_reinstated_however_long_it_was_overdue() {
	for ends in PAUSE_AT..=SUSPEND_AT {
		run(|| {
			let ann = owe_more_than_there_is();
			lose_bond(BOOKS, 250 * UNIT);
			let expires = || Programs::<Runtime>::get(1).unwrap().vintages[0].expires;
			let before = expires();
			end_cycle();
			let since = last_turn();
			(1..ends).for_each(|_| end_cycle());
			assert_eq!(age(BOOKS), Some(ends));
			assert_eq!(status(BOOKS) == Status::Suspended, ends == SUSPEND_AT);
			let amount = BondDebts::<Runtime>::get(BOOKS);
			assert_ok!(dispatch(member(BOOKS), Call::top_up { amount }));
			assert!(pays(&ann, STORE, 11).is_err());
			end_cycle();
			assert_eq!((age(BOOKS), BondDebts::<Runtime>::get(BOOKS)), (None, 0));
			// A bond that is gone, and the offence of the third end, are others' matter.
			let causes = pallet_institutions::Suspensions::<Runtime>::get(BOOKS);
			assert!(!causes.contains(SuspensionCause::Overdue));
			assert_eq!(expires() - before, last_turn() - since);
			assert_ok!(dispatch(member(BOOKS), Call::top_up { amount: 50 * UNIT }));
			assert_ok!(pays(&ann, STORE, 11));
		});
	}
}

#[test]
fn a_statement_says_what_is_stored() {
	run(|| {
		let ann = owe_more_than_there_is();
		let sky = program(AIR, TERMS);
		let inn = program(INN, Terms { face_value: 2_500, ..TERMS });
		issue(AIR, sky, &[ann.account()], 50_000, 2);
		issue(INN, inn, &[ann.account()], 200_000, 3);
		// Owed and granted both ways, kept on a line and of a reserve, accrued, from two cycles.
		grant(AIR, INN, 20 * UNIT);
		grant(STORE, INN, 5 * UNIT);
		grant(STORE, AIR, 7 * UNIT);
		let buys = |call| dispatch(ann.account(), call).unwrap();
		end_cycle();
		buys(payment(AIR, 21, 50 * UNIT, &[(inn, 200_000)]));
		buys(payment(STORE, 22, 4 * UNIT, &[(sky, 50_000)]));
		buys(authorization(STORE, 23, 9 * UNIT, &[(inn, 200_000)]));
		buys(authorization(STORE, 24, 9 * UNIT, &[(sky, 50_000)]));

		let (mut owes, mut is_owed) = (0, 0);
		for id in 1..=4 {
			let statement = Runtime::statement(id).unwrap();
			let (clearing, issuing) = (&statement.clearing, &statement.issuing);
			let claim = pallet_clearing::Encumbrances::<Runtime>::get(id);
			assert_eq!(
				(clearing.accrued, clearing.earmarked),
				(claim.accrued, claim.earmarked + claim.from_lines)
			);
			let held = Balances::total_balance(&member(id)) - Balances::free_balance(member(id));
			let fines: Balance = 50 * UNIT * Balance::from(age(id).unwrap_or_default());
			assert_eq!(
				(clearing.reserve, held),
				(Clearing::reserve(id), clearing.reserve + issuing.bond + fines)
			);
			assert_eq!(clearing.free_reserve, clearing.reserve - claim.of_reserve());
			let owed = BondDebts::<Runtime>::get(id);
			assert_eq!((clearing.owed, clearing.earmarked_on_lines), (owed, claim.on_lines));
			assert_eq!(clearing.overdue.map(|state: OverdueState| state.age), age(id));
			for view in &clearing.positions {
				let (pair, low) = Position::pair(id, view.with);
				let position = Positions::<Runtime>::get(pair).unwrap_or_default();
				assert_eq!((view.owes, view.is_owed), (position.owed_by(low), position.owed_by(!low)));
				assert_eq!(view.debts, position.debts.into_inner());
				let line = |creditor, debtor| {
					CreditLines::<Runtime>::get(creditor, debtor).unwrap_or_default().limit
				};
				assert_eq!((view.line, view.granted), (line(view.with, id), line(id, view.with)));
			}
			let sum: Balance = clearing.positions.iter().map(|view| view.owes).sum();
			assert_eq!(sum, clearing.owed);
			owes += sum;
			is_owed += clearing.positions.iter().map(|view| view.is_owed).sum::<Balance>();
			assert_eq!((issuing.bond, issuing.reserve), (Institutions::bond(id), clearing.reserve));
			assert_eq!(issuing.outstanding, LiabilityOf::<Runtime>::get(id).outstanding);
			let due: Balance = issuing.programs.iter().flat_map(|p| &p.due).map(|due| due.value).sum();
			assert_eq!(due + issuing.authorised, issuing.outstanding);
		}
		assert!(owes > 300 * UNIT);
		assert_eq!(owes, is_owed);
		assert_eq!(Runtime::statement(5).map(|s| s.clearing), None);
	});
}

/// What members and their customers do, by number.
#[derive(Clone, Copy, Debug)]
enum Act {
	Grant(usize, usize, Balance),
	/// A customer pays at a member with the points of another.
	Pay(usize, usize, Balance),
	/// A member takes back a part of what was paid at it last.
	Refund(usize, Balance),
	Drain(usize, Balance),
	TopUp(usize, Balance),
	EndCycle,
}

const PLAYERS: usize = 6;

fn acts() -> impl Strategy<Value = Vec<Act>> {
	let who = || 0..PLAYERS;
	let value = || 1..80u128;
	let act = prop_oneof![
		4 => (who(), who(), value()).prop_map(|(a, b, v)| Act::Grant(a, b, v * UNIT)),
		10 => (who(), who(), value()).prop_map(|(a, b, v)| Act::Pay(a, b, v * UNIT / 3)),
		1 => (who(), value()).prop_map(|(a, v)| Act::Refund(a, v * UNIT / 7)),
		2 => (who(), 12..60u128).prop_map(|(a, v)| Act::Drain(a, v * UNIT)),
		1 => (who(), value()).prop_map(|(a, v)| Act::TopUp(a, v * UNIT)),
		2 => Just(Act::EndCycle),
	];
	prop::collection::vec(act, 40)
}

fn perform(act: Act, number: u64, name: &impl Fn(usize) -> InstitutionId, ann: &Wallet) -> DispatchResult {
	match act {
		Act::Grant(creditor, debtor, limit) => {
			let (creditor, debtor) = (name(creditor), name(debtor));
			dispatch(member(creditor), Call::grant_credit_line { debtor, limit })?;
			dispatch(member(debtor), Call::accept_credit_line { creditor, limit })
		},
		Act::Pay(issuer, merchant, price) => {
			// The programs were created in the order of the players.
			let legs = [(issuer as u16 + 1, u128::MAX)];
			dispatch(ann.account(), payment(name(merchant), number, price, &legs))
		},
		Act::Refund(merchant, value) => {
			let merchant = name(merchant);
			let receipts = pallet_exchange::Receipts::<Runtime>::iter_keys();
			let last = receipts.filter(|key| key.merchant == merchant).max_by_key(|key| key.commitment);
			let Some(key) = last else { return Ok(()) };
			let (payer, order) = (key.payer.clone(), key.order(era()));
			let refunded = Exchange::receipt(merchant, payer.clone(), order).unwrap().refunded;
			dispatch(member(merchant), refund(&payer, order, refunded + value))
		},
		Act::Drain(id, left) => {
			let amount = Clearing::reserve(name(id)).saturating_sub(left);
			dispatch(member(name(id)), Call::draw_down { amount })
		},
		Act::TopUp(id, amount) => dispatch(member(name(id)), Call::top_up { amount }),
		Act::EndCycle => {
			end_cycle();
			Ok(())
		},
	}
}

/// Where a member stands: reserve and bond, what it owes each other, whether it is overdue, and its status.
type Standing = (Balance, Balance, Vec<Balance>, Option<u32>, Status);

/// What comes of `acts` if the players are called by `name`.
fn play(acts: &[Act], name: impl Fn(usize) -> InstitutionId) -> (Vec<DispatchResult>, Vec<Standing>) {
	let mut outcome = None;
	run_on(alliance_of(PLAYERS as u8), || {
		let ann = Wallet::new(1);
		register(name(0), &ann, 1);
		for player in 0..PLAYERS {
			let points = program(name(player), TERMS);
			issue(name(player), points, &[ann.account()], 20_000, player as u64);
			drain(name(player), 25 * UNIT);
		}
		let results = (1_000..).zip(acts).map(|(number, act)| perform(*act, number, &name, &ann)).collect();
		let standing = |id| {
			let owes = |with| {
				let (pair, low) = Position::pair(id, name(with));
				Positions::<Runtime>::get(pair).map_or(0, |position| position.owed_by(low))
			};
			let debts = (0..PLAYERS).map(owes).collect();
			(Clearing::reserve(id), Institutions::bond(id), debts, age(id), status(id))
		};
		outcome = Some((results, (0..PLAYERS).map(|player| standing(name(player))).collect()));
	});
	outcome.unwrap()
}

#[test]
fn renaming_the_members_permutes_reserves_and_positions() {
	let names = Just((1..=PLAYERS as InstitutionId).collect::<Vec<_>>()).prop_shuffle();
	let tally = Tally::default();
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) };
	TestRunner::new(config)
		.run(&(acts(), names), |(acts, names)| {
			let outcome = play(&acts, |player| player as InstitutionId + 1);
			tally.count(&acts, &outcome.0);
			prop_assert_eq!(outcome, play(&acts, |player| names[player]));
			Ok(())
		})
		.unwrap();
	tally.assert_at_least(&[("Grant", 80), ("Pay", 250), ("Refund", 15), ("Drain", 10), ("TopUp", 25)]);
}
