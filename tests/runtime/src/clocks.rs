//! Clocks stand when nobody can act.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::assert_ok;
use hanse_primitives::{DeadlineClock, OffenceKind};
use hanse_runtime::{
	constants::{SLOT_DURATION, UNIT},
	Conduct, Rulebook, Runtime, Supervision, System, Timestamp,
};
use pallet_rulebook::CurrentRules;
use pallet_supervision::Target;
use sp_core::H256;

fn shown() -> u64 {
	<Rulebook as DeadlineClock>::now()
}

/// The chain makes no block for so long, and then one.
fn stand_still(milliseconds: u64) {
	open_block_after_a_gap(Timestamp::get() + milliseconds);
	hanse_runtime::Executive::finalize_block();
	next_block();
}

/// Safe mode, in which payments stop, until `milliseconds` later; with a block a minute.
fn brake(milliseconds: u64) {
	CurrentRules::<Runtime>::mutate(|rules| rules.payments_in_safe_mode = 0);
	pallet_safe_mode::EnteredUntil::<Runtime>::put(System::block_number() + 1_000_000);
	let until = Timestamp::get() + milliseconds;
	// Each block is a second after a quiet one, so that no gap counts by itself.
	while Timestamp::get() < until {
		let step = (until - Timestamp::get()).min(50_000);
		open_block_after_a_gap(Timestamp::get() + step);
		hanse_runtime::Executive::finalize_block();
	}
	pallet_safe_mode::EnteredUntil::<Runtime>::kill();
	CurrentRules::<Runtime>::mutate(|rules| rules.payments_in_safe_mode = 1);
}

/// A customer that paid a unit at the bookshop, and complains.
fn complaint() {
	let sky = program(AIR, TERMS);
	let ann = Wallet::new(1);
	register(AIR, &ann, 1);
	issue(AIR, sky, &[ann.account()], 1_000, 1);
	assert_ok!(dispatch(ann.account(), payment(BOOKS, 1, UNIT, &[(sky, 100)])));
	let (payer, order) = (ann.account(), order(1));
	let call = pallet_conduct::Call::file_complaint { merchant: BOOKS, payer, order, evidence: H256::zero() };
	assert_ok!(dispatch(ann.account(), call));
}

#[test]
fn a_chain_that_stood_still_for_days_finds_against_nobody_who_could_not_answer() {
	run(|| {
		complaint();
		block_at(Timestamp::get() + 4 * DAY, vec![]);
		let said = Conduct::complaint(BOOKS, 1).unwrap().deadline;
		stand_still(16 * DAY);
		assert_eq!(Conduct::standing(BOOKS).unwrap().offences, []);
		// What people are told of the deadline moved with the clock.
		let told = Conduct::complaint(BOOKS, 1).unwrap().deadline;
		assert_eq!(told, said + 16 * DAY);
		// There is as much time to answer as there was before.
		block_at(told - 10 * SLOT_DURATION, vec![]);
		assert_eq!(Conduct::standing(BOOKS).unwrap().offences, []);
		block_at(told, vec![]);
		next_block();
		assert_eq!(Conduct::standing(BOOKS).unwrap().offences[0].offence, OffenceKind::UnansweredComplaint);
	});
}

#[test]
fn safe_mode_without_payments_stops_the_clock_and_with_them_it_runs() {
	run(|| {
		let (before, now) = (shown(), Timestamp::get());
		brake(3_600_000);
		assert_eq!(shown(), before);
		assert!(Timestamp::get() >= now + 3_600_000);
		// With payments, customers can act.
		next_block();
		let before = shown();
		pallet_safe_mode::EnteredUntil::<Runtime>::put(System::block_number() + 1_000_000);
		next_block();
		assert_eq!(shown(), before + SLOT_DURATION);
		pallet_safe_mode::EnteredUntil::<Runtime>::kill();
	});
}

#[test]
fn a_pause_of_calls_that_move_value_stops_the_clock_and_another_does_not() {
	run(|| {
		let pause = |pallet: &str, call: &str| {
			let name: pallet_tx_pause::RuntimeCallNameOf<Runtime> = (
				pallet.as_bytes().to_vec().try_into().unwrap(),
				call.as_bytes().to_vec().try_into().unwrap(),
			);
			pallet_tx_pause::PausedCalls::<Runtime>::insert(&name, ());
			let before = shown();
			next_block();
			pallet_tx_pause::PausedCalls::<Runtime>::remove(&name);
			shown() - before
		};
		assert_eq!(pause("Exchange", "pay"), 0);
		assert_eq!(pause("Assets", "transfer"), 0);
		assert_eq!(pause("Clearing", "top_up"), 0);
		assert_eq!(pause("Balances", "transfer_keep_alive"), SLOT_DURATION);
		next_block();
	});
}

#[test]
fn nothing_expires_while_nobody_can_spend() {
	run(|| {
		let sky = program(AIR, TERMS);
		let ann = Wallet::new(1);
		register(AIR, &ann, 1);
		issue(AIR, sky, &[ann.account()], 10_000, 1);
		let expires = || hanse_runtime::Points::portfolio(ann.account(), 1).holdings[0].expires;
		let said = expires();
		const HOUR: u64 = 3_600_000;
		block_at(said - HOUR, vec![]);
		// Brakes, and then a week without a block.
		brake(2 * HOUR);
		stand_still(7 * DAY);
		assert!(Timestamp::get() > said + 7 * DAY);
		let told = expires();
		assert!(told >= said + 7 * DAY + 2 * HOUR && told < said + 7 * DAY + 3 * HOUR);
		// What there is can be spent, for as long as before.
		assert_ok!(dispatch(ann.account(), payment(BOOKS, 1, UNIT, &[(sky, 100)])));
		block_at(told - 10 * SLOT_DURATION, vec![]);
		assert_eq!(points(sky, &ann.account()), 9_900);
		block_at(told, vec![]);
		next_block();
		assert_eq!(hanse_runtime::Points::portfolio(ann.account(), 1).holdings.len(), 0);
	});
}

#[test]
fn a_halt_and_a_question_last_as_long_as_there_were_blocks() {
	run_on(alliance_of(4), || {
		let by = supervisor();
		let target = Target::Institution(BOOKS);
		assert_ok!(halt(&by, &target, DAY));
		let ask = pallet_supervision::Call::request_disclosure { institution: BOOKS, question: H256::zero() };
		assert_ok!(dispatch(by, ask));
		let until = Supervision::halts()[0].until;
		stand_still(30 * DAY);
		assert_eq!(Supervision::halts()[0].until, until + 30 * DAY);
		assert_eq!(Conduct::standing(BOOKS).unwrap().offences, []);
		block_at(Supervision::halts()[0].until, vec![]);
		next_block();
		assert!(Supervision::halts().is_empty());
	});
}

#[test]
fn an_application_does_not_lapse_while_nobody_can_vote_on_it() {
	run_on(alliance_of(4), || {
		let apply = pallet_institutions::Call::apply { profile: profile("Late") };
		assert_ok!(dispatch(applicant(0), apply));
		let id = pallet_institutions::LastInstitutionId::<Runtime>::get();
		stand_still(100 * DAY);
		stand_still(100 * DAY);
		assert_ok!(decide(&admit(id), &[1, 2, 3]));
	});
}

#[test]
fn a_cycle_is_as_long_as_there_were_blocks() {
	run(|| {
		let cycle = || pallet_clearing::CurrentCycle::<Runtime>::get().index;
		wait(1_000);
		let before = cycle();
		for _ in 0..5 {
			stand_still(3 * Rulebook::rules().cycle);
		}
		assert_eq!(cycle(), before);
		wait(Rulebook::rules().cycle);
		assert_eq!(cycle(), before + 1);
	});
}
