//! What was found against a member is a debt: its reserve pays, then its bond, and what is left makes it overdue.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::assert_ok;
use hanse_primitives::{Balance, Clearing as _, JudgementDebts as _, Members as _, Order, Reserves as _};
use hanse_runtime::{
	constants::UNIT, AccountId, Balances, Clearing, Conduct, Institutions, Rulebook, Runtime, RuntimeCall,
	Timestamp,
};
use pallet_conduct::{Call, ComplaintOutcome, ComplaintState};
use sp_core::H256;

fn free(who: AccountId) -> Balance {
	Balances::free_balance(who)
}

/// A customer that paid `price` at the bookshop with points of the airline, and complained.
fn complained(price: Balance) -> (Wallet, u16, Order) {
	let_grow();
	let sky = program(AIR, TERMS);
	let ann = Wallet::new(1);
	register(AIR, &ann, 1);
	issue(AIR, sky, &[ann.account()], 1_000_000, 1);
	assert_ok!(dispatch(ann.account(), payment(BOOKS, 1, price, &[(sky, 1_000_000)])));
	let (payer, order) = (ann.account(), order(1));
	let evidence = H256::zero();
	assert_ok!(dispatch(ann.account(), Call::file_complaint { merchant: BOOKS, payer, order, evidence }));
	(ann, sky, order)
}

/// The bookshop has nothing in its reserve any more.
fn empty_the_till() {
	let amount = Clearing::reserve(BOOKS);
	assert_ok!(dispatch(member(BOOKS), pallet_clearing::Call::draw_down { amount }));
}

/// The bookshop answers, the airline brings the case, and the others uphold it.
fn uphold() {
	assert_ok!(dispatch(member(BOOKS), Call::answer_complaints { up_to: 1, document: H256::zero() }));
	assert_ok!(dispatch(member(AIR), Call::open_case { merchant: BOOKS, number: 1 }));
	assert_ok!(decide(&Call::uphold_complaint { merchant: BOOKS, number: 1 }.into(), &[3, 1, 4]));
}

fn state() -> ComplaintState {
	Conduct::complaint(BOOKS, 1).unwrap().state
}

#[test]
fn a_judgement_does_not_fail_of_an_empty_reserve_and_the_bond_pays_it() {
	run_on(alliance_of(4), || {
		let (ann, sky, _) = complained(900 * UNIT);
		let before = points(sky, &ann.account());
		empty_the_till();
		let (bond, bringer) = (Institutions::bond(BOOKS), free(member(AIR)));
		uphold();
		assert_eq!(state(), ComplaintState::Closed(ComplaintOutcome::Upheld));
		// The customer has its points, and their issuer the money for them.
		assert_eq!(points(sky, &ann.account()), before + 90_000);
		assert!(Institutions::bond(BOOKS) < bond - 890 * UNIT);
		assert!(free(member(AIR)) > bringer + 890 * UNIT);
		assert!(!Conduct::standing(BOOKS).unwrap().fines.is_empty());
		assert_eq!(Clearing::positions(BOOKS).unwrap().arrears, 0);
	});
}

#[test]
fn what_neither_reserve_nor_bond_pays_is_owed_to_the_customer_and_later_money_pays_it_first() {
	run_on(alliance_of(4), || {
		let (ann, sky, _) = complained(900 * UNIT);
		let before = points(sky, &ann.account());
		empty_the_till();
		let all = Institutions::bond(BOOKS);
		Institutions::draw_bond(BOOKS, &stranger(9), all - 100 * UNIT).unwrap();
		uphold();
		assert_eq!(state(), ComplaintState::Closed(ComplaintOutcome::Upheld));
		// What it had went to the customer; no issuer gives points for a promise.
		assert_eq!((points(sky, &ann.account()), free(ann.account())), (before, 100 * UNIT));
		let arrears = Clearing::positions(BOOKS).unwrap().arrears;
		assert!(arrears >= 800 * UNIT);
		// Its points pause at partners, and nothing leaves its reserve for itself.
		assert!(Clearing::ensure_not_overdue(BOOKS).is_err());
		let top_up: RuntimeCall = pallet_clearing::Call::top_up { amount: 500 * UNIT }.into();
		assert_ok!(dispatch(member(BOOKS), top_up.clone()));
		let draw = pallet_clearing::Call::draw_down { amount: UNIT };
		assert!(dispatch(member(BOOKS), draw).is_err());
		next_block();
		assert_eq!(free(ann.account()), 600 * UNIT);
		assert_ok!(dispatch(member(BOOKS), top_up));
		next_block();
		next_block();
		next_block();
		assert_eq!(free(ann.account()), 900 * UNIT);
		wait(Rulebook::rules().cycle);
		next_block();
		assert_ok!(Clearing::ensure_not_overdue(BOOKS));
	});
}

#[test]
fn a_merchant_that_does_not_answer_is_found_against_whatever_it_has_and_pays_for_the_work() {
	run_on(alliance_of(4), || {
		let (ann, sky, _) = complained(900 * UNIT);
		let before = points(sky, &ann.account());
		empty_the_till();
		let (bond, pot_before) = (Institutions::bond(BOOKS), pot());
		block_at(Timestamp::get() + Rulebook::rules().answer, vec![]);
		next_block();
		assert_eq!(state(), ComplaintState::Closed(ComplaintOutcome::ChargedBack));
		assert_eq!(points(sky, &ann.account()), before + 90_000);
		assert!(Institutions::bond(BOOKS) < bond - 890 * UNIT);
		assert!(pot() > pot_before);
	});
}

#[test]
fn a_member_that_brought_an_upheld_case_has_its_deposit_and_its_cost_back() {
	run_on(alliance_of(4), || {
		complained(UNIT);
		assert_ok!(dispatch(member(BOOKS), Call::answer_complaints { up_to: 1, document: H256::zero() }));
		let before = free(member(AIR));
		assert_ok!(dispatch(member(AIR), Call::open_case { merchant: BOOKS, number: 1 }));
		assert_ok!(decide(&Call::uphold_complaint { merchant: BOOKS, number: 1 }.into(), &[3, 1, 4]));
		// It moved nothing itself but the case, so all that is more is what the merchant owed it.
		let cost = free(member(AIR)) - before;
		assert!(cost > 0 && cost < UNIT, "{cost}");
	});
}

#[test]
fn in_a_run_off_the_holders_come_before_judgement_debts() {
	run_on(alliance_of(5), || {
		let_grow();
		let read = program(BOOKS, TERMS);
		let ben = Wallet::new(2);
		register(BOOKS, &ben, 2);
		issue(BOOKS, read, &[ben.account()], 2_000_000, 7);
		let (ann, ..) = complained(900 * UNIT);
		assert_ok!(decide(&expel(BOOKS), &[1, 3, 4, 5]));
		let payable = || <hanse_runtime::Points as hanse_primitives::Liabilities>::payable(BOOKS);
		let (before, reserve) = (payable(), Clearing::free_reserve(BOOKS));
		block_at(Timestamp::get() + Rulebook::rules().answer, vec![]);
		next_block();
		assert_eq!(state(), ComplaintState::Closed(ComplaintOutcome::ChargedBack));
		assert_eq!(payable(), before);
		assert!(Clearing::free_reserve(BOOKS) >= before.min(reserve));
		let _ = ann;
	});
}

#[test]
fn what_an_account_cannot_receive_is_not_owed() {
	run_on(alliance_of(4), || {
		let nobody = stranger(5);
		assert_ok!(Clearing::owe_judgement(BOOKS, &nobody, 10));
		assert_eq!((free(nobody), Clearing::positions(BOOKS).unwrap().arrears), (0, 0));
		assert_eq!(pallet_clearing::Judgements::<Runtime>::iter().count(), 0);
	});
}
