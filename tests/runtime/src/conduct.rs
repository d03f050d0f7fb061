//! What follows from what members do, on the real runtime: nobody has to remember it.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{
	Balance, Conduct as _, InstitutionId, Members as _, OffenceKind, Order, PendingClaims,
};
use hanse_runtime::{
	constants::{CENT, UNIT},
	Balances, Conduct, Institutions, Rulebook, Runtime, RuntimeCall, Timestamp,
};
use pallet_conduct::{Call, ComplaintOutcome, ComplaintState, Error, FineId};
use pallet_institutions::Status;
use sp_core::H256;
use sp_keyring::Sr25519Keyring::Eve;
use sp_runtime::DispatchError;

const EVIDENCE: H256 = H256::repeat_byte(9);

/// A customer that paid 1 unit at the bookshop with points of the airline, and owns nothing else.
fn customer_of_books() -> (Wallet, u16, Order) {
	let sky = program(AIR, TERMS);
	let ann = Wallet::new(1);
	register(AIR, &ann, 1);
	issue(AIR, sky, &[ann.account()], 1_000, 1);
	next_block();
	assert_eq!(send(ann.signs(payment(BOOKS, 1, UNIT, &[(sky, 100)]))), Ok(Ok(())));
	(ann, sky, order(1))
}

fn complaint(ann: &Wallet, order: Order) -> RuntimeCall {
	Call::file_complaint { merchant: BOOKS, payer: ann.account(), order, evidence: EVIDENCE }.into()
}

fn status(id: InstitutionId) -> Status {
	pallet_institutions::Institutions::<Runtime>::get(id).unwrap().status
}

/// Days with one block each.
fn days(days: u64) {
	for _ in 0..days {
		block_at(Timestamp::get() + DAY, vec![]);
	}
}

#[test]
fn a_complaint_is_free_once_and_without_an_answer_the_chain_pays_back() {
	run(|| {
		let (ann, sky, order) = customer_of_books();
		let before = points(sky, &ann.account());
		// Nobody pays for it, and only for one that can be made.
		let transaction = ann.signs(complaint(&ann, order));
		assert_eq!(query_fee(&transaction), 0);
		assert_eq!(send(transaction), Ok(Ok(())));
		assert_eq!(sponsored(), []);
		let again = ann.signs(complaint(&ann, order));
		assert!(query_fee(&again) > 0);
		assert_eq!(send(again), Err(UNPAID));

		let answer_in = Rulebook::rules().answer;
		block_at(Timestamp::get() + answer_in, vec![]);
		next_block();
		assert_eq!(points(sky, &ann.account()), before + 100);
		let standing = Conduct::standing(BOOKS).unwrap();
		assert_eq!(
			(standing.offences[0].offence, standing.complaints.open),
			(OffenceKind::UnansweredComplaint, 0)
		);
		assert_eq!(standing.demerits, Rulebook::rules().consequences.unanswered_complaint.demerits);
	});
}

#[test]
fn an_upheld_complaint_is_paid_back_and_fined_to_the_customer_up_to_the_price() {
	run(|| {
		let (ann, sky, order) = customer_of_books();
		assert_ok!(dispatch(ann.account(), complaint(&ann, order)));
		let bring = || dispatch(member(AIR), Call::open_case { merchant: BOOKS, number: 1 });
		assert_noop!(bring(), Error::<Runtime>::NotAnswered);
		assert_ok!(dispatch(member(BOOKS), Call::answer_complaints { up_to: 1, document: EVIDENCE }));
		let deposit = Rulebook::rules().case_deposit;
		let free = Balances::free_balance(member(AIR));
		assert_ok!(bring());
		assert_eq!(Balances::free_balance(member(AIR)), free - deposit);

		// The accused's vote does not count: two of the other three are needed.
		let uphold = Call::uphold_complaint { merchant: BOOKS, number: 1 }.into();
		assert!(decide(&uphold, &[1, 2]).is_err());
		assert_ok!(vote(3, &uphold, true));
		close(1, &uphold).unwrap().unwrap().unwrap();
		assert_eq!(points(sky, &ann.account()), 1_000);
		// What the motion took as a deposit apart, the case's is back.
		let standing = Conduct::standing(BOOKS).unwrap();
		let (_, offence, amount, _) = standing.fines[0];
		assert_eq!((offence, amount), (OffenceKind::UpheldComplaint, UNIT));
		// The window of appeal later the customer has it, who never held money before.
		assert_eq!(Balances::free_balance(ann.account()), 0);
		days(8);
		assert_eq!(Balances::free_balance(ann.account()), UNIT);
	});
}

#[test]
fn a_fine_waits_for_its_appeal_and_comes_back_if_the_members_reverse_it() {
	run(|| {
		let bond = Institutions::bond(BOOKS);
		let fine = bond / 10;
		Conduct::record_offence(BOOKS, OffenceKind::Equivocation);
		assert_eq!(Institutions::bond(BOOKS), bond - fine);
		assert_eq!(status(BOOKS), Status::Suspended);
		assert_eq!(issuance(), Balances::total_issuance());
		let free = Balances::free_balance(member(BOOKS));
		let reverse: RuntimeCall = Call::reverse_fine { fine: FineId { member: BOOKS, number: 1 } }.into();
		// Not by its own vote.
		assert!(decide(&reverse, &[1, 2]).is_err());
		assert_ok!(vote(3, &reverse, true));
		close(1, &reverse).unwrap().unwrap().unwrap();
		assert_eq!(Balances::free_balance(member(BOOKS)), free + fine);
		assert_ok!(dispatch(member(BOOKS), pallet_institutions::Call::top_up_bond { amount: fine }));
		days(2);
		assert_eq!(status(BOOKS), Status::Active);
		let standing = Conduct::standing(BOOKS).unwrap();
		assert_eq!((standing.demerits, standing.fines.len()), (0, 0));
	});
}

#[test]
fn what_is_not_reversed_is_the_pots_and_the_suspension_ends_by_itself() {
	run(|| {
		let fine = Institutions::bond(BOOKS) / 10;
		Conduct::record_offence(BOOKS, OffenceKind::Equivocation);
		let before = pot();
		days(8);
		assert_eq!(pot(), before + fine);
		// Its time is over, but its bond is still short.
		assert_eq!(status(BOOKS), Status::Suspended);
		assert_ok!(dispatch(member(BOOKS), pallet_institutions::Call::top_up_bond { amount: fine }));
		days(1);
		next_block();
		assert_eq!(status(BOOKS), Status::Active);
	});
}

#[test]
fn nobody_leaves_around_an_open_complaint() {
	run_on(alliance_of(6), || {
		let sky = program(AIR, TERMS);
		enrol(AIR, Eve);
		issue(AIR, sky, &[account(Eve)], 1_000, 1);
		assert_ok!(dispatch(account(Eve), payment(BOOKS, 1, UNIT, &[(sky, 100)])));
		let payer = account(Eve);
		let complain = Call::file_complaint { merchant: BOOKS, payer, order: order(1), evidence: EVIDENCE };
		assert_ok!(dispatch(account(Eve), complain));
		assert_ok!(dispatch(member(BOOKS), Call::answer_complaints { up_to: 1, document: EVIDENCE }));
		assert_ok!(dispatch(member(AIR), Call::open_case { merchant: BOOKS, number: 1 }));

		assert_ok!(dispatch(member(BOOKS), pallet_institutions::Call::leave {}));
		let close = || dispatch(applicant(0), pallet_institutions::Call::close { institution: BOOKS });
		assert!(close().is_err());
		// Its account cannot begin anew either, and the members still find against it.
		let apply = pallet_institutions::Call::apply { profile: profile("Another") };
		assert!(dispatch(member(BOOKS), apply).is_err());
		let uphold = Call::uphold_complaint { merchant: BOOKS, number: 1 }.into();
		assert_ok!(decide(&uphold, &[1, 3, 4, 5]));
		assert!(Conduct::standing(BOOKS).unwrap().fines.len() == 1);
		let fined: DispatchError = Error::<Runtime>::FineInEscrow.into();
		block_at(Timestamp::get() + DAY, vec![]);
		assert!(matches!(status(BOOKS), Status::Leaving { .. }));
		assert_eq!(<Conduct as PendingClaims>::ensure_none(BOOKS), Err(fined));
	});
}

/// Interchange of `value` micro-units' worth of payments at the airline, of which all receipts close.
fn interchange_at_air(price: Balance) -> Balance {
	let read = program(BOOKS, TERMS);
	enrol(AIR, Eve);
	issue(BOOKS, read, &[account(Eve)], 100_000, 1);
	assert_ok!(dispatch(account(Eve), payment(AIR, 1, price, &[(read, 100_000)])));
	pallet_clearing::Encumbrances::<Runtime>::get(BOOKS).accrued
}

#[test]
fn a_member_that_ran_an_authority_all_era_shares_in_the_pot_up_to_what_its_own_receipts_brought() {
	run(|| {
		// The airline runs the only authority of a development chain.
		let taken = interchange_at_air(500 * UNIT);
		assert_eq!(taken, 500 * UNIT / 200);
		let mut free = Balances::free_balance(member(AIR));
		let others = Balances::free_balance(member(BOOKS));
		let mut paid = None;
		for day in 1..=34 {
			days(1);
			let now = Balances::free_balance(member(AIR));
			if now != free {
				assert_eq!((paid, now - free), (None, taken), "on day {day}");
				(paid, free) = (Some(day), now);
			}
		}
		// The receipt closes after thirty days, and the turn after that shares.
		assert_eq!(paid, Some(31));
		assert_eq!(Balances::free_balance(member(BOOKS)), others);
		assert_eq!((pot(), pot_by_the_books()), (CENT, CENT));
	});
}

#[test]
fn a_member_with_an_offence_in_an_era_gets_nothing_and_the_rest_waits_for_the_next() {
	run(|| {
		let taken = interchange_at_air(500 * UNIT);
		let free = Balances::free_balance(member(AIR));
		days(30);
		Conduct::record_offence(AIR, OffenceKind::Offline);
		days(3);
		assert_eq!(Balances::free_balance(member(AIR)), free);
		assert_eq!((pot(), pot_by_the_books()), (CENT + taken, CENT + taken));
	});
}

#[test]
fn a_closed_complaint_says_how_it_ended() {
	run(|| {
		let (ann, _, order) = customer_of_books();
		assert_ok!(dispatch(ann.account(), complaint(&ann, order)));
		let refund = pallet_exchange::Call::refund { payer: ann.account(), order, total: UNIT };
		assert_ok!(dispatch(member(BOOKS), refund));
		block_at(Timestamp::get() + Rulebook::rules().answer, vec![]);
		next_block();
		// Who refunded everything needs no answer.
		assert_eq!(Conduct::standing(BOOKS).unwrap().offences, []);
		assert_eq!(
			Conduct::complaint(BOOKS, 1).unwrap().state,
			ComplaintState::Closed(ComplaintOutcome::Settled)
		);
	});
}
