//! What a settlement will do, of whatever is owed.

use super::arithmetic::{cases, Case};
use crate::{
	cycle::Obligation,
	plan::{Participant, SettlementPlan, Transfer},
	Posting,
};
use hanse_primitives::{InstitutionId, Money};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

type Participants = BTreeMap<InstitutionId, Participant>;

/// What is owed, by members of whom some have bonds that pay and some are on their way out.
fn situations() -> impl Strategy<Value = (Participants, Vec<Obligation>)> {
	let others = prop::collection::vec((0..25u128, any::<bool>()), 6);
	(cases(), others).prop_map(|((reserves, obligations), others): (Case, Vec<_>)| {
		let participant = |(available, (bond, is_leaving))| Participant { available, bond, is_leaving };
		let participants = reserves.into_iter().zip(others).map(participant);
		((0..).zip(participants).collect(), obligations)
	})
}

fn planned(participants: &Participants, obligations: &[Obligation]) -> (SettlementPlan, Vec<Transfer>) {
	let plan = SettlementPlan::new(participants, obligations).unwrap();
	let transfers = plan.transfers(participants).unwrap();
	(plan, transfers)
}

fn sum<'a, T: 'a>(of: impl IntoIterator<Item = &'a T>, value: impl Fn(&T) -> Money) -> Money {
	of.into_iter().map(value).sum()
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

	#[test]
	fn money_only_changes_hands((participants, obligations) in situations()) {
		let (plan, transfers) = planned(&participants, &obligations);
		let before: Money = participants.values().map(|it| it.available).sum();
		prop_assert_eq!(plan.balances_after.values().sum::<Money>(), before);
		for (id, after) in &plan.balances_after {
			let had = participants[id].available;
			let paid = sum(plan.postings.iter().filter(|it| it.debtor == *id), |it| it.settled);
			let got = sum(plan.postings.iter().filter(|it| it.creditor == *id), |it| it.settled);
			prop_assert_eq!(*after + paid, had + got);
			// The transfers come to the same, and go one way only.
			let out = sum(transfers.iter().filter(|it| it.payer == *id), |it| it.value);
			let into = sum(transfers.iter().filter(|it| it.payee == *id), |it| it.value);
			prop_assert_eq!(*after + out, had + into);
			prop_assert!(out == 0 || into == 0);
		}
		prop_assert!(transfers.iter().all(|it| it.value > 0));
		prop_assert!(transfers.len() < participants.len().max(1));
	}

	#[test]
	fn nothing_is_taken_off_a_position_that_is_not_owed((participants, obligations) in situations()) {
		let (plan, _) = planned(&participants, &obligations);
		let pairs: BTreeSet<_> = plan.postings.iter().map(|it| (it.debtor, it.creditor)).collect();
		prop_assert_eq!(pairs.len(), plan.postings.len());
		for posting in &plan.postings {
			let of_pair = obligations
				.iter()
				.filter(|it| (it.debtor, it.creditor) == (posting.debtor, posting.creditor));
			let taken = posting.settled + posting.drawn;
			prop_assert!(taken > 0 && taken <= sum(of_pair, |it| it.value));
		}
	}

	#[test]
	fn a_member_is_overdue_if_its_reserve_does_not_cover_the_rest_unless_it_is_leaving(
		(participants, obligations) in situations(),
	) {
		let (plan, _) = planned(&participants, &obligations);
		for (id, participant) in &participants {
			let owed = sum(obligations.iter().filter(|it| it.debtor == *id), |it| it.value);
			let of_debtor = |of: &dyn Fn(&Posting) -> Money| sum(plan.postings.iter().filter(|it| it.debtor == *id), of);
			let (settled, drawn) = (of_debtor(&|it| it.settled), of_debtor(&|it| it.drawn));
			let rest = owed - settled;
			let is_short = plan.balances_after[id] < rest;
			prop_assert_eq!(plan.overdue.contains(id), is_short && !participant.is_leaving);
			// Its bond pays then, and only then: all of the rest, or all that it has but what cannot be divided.
			prop_assert!(drawn <= participant.bond.min(rest));
			prop_assert!(is_short || drawn == 0);
			let creditors = obligations.iter().filter(|it| it.debtor == *id).count() as Money;
			prop_assert!(!is_short || drawn + creditors > participant.bond.min(rest));
		}
	}
}

#[test]
fn a_bond_pays_what_is_left_and_a_leaver_is_not_overdue() {
	let owes = |debtor, creditor, value| Obligation { debtor, creditor, cycle: 0, value };
	let has = |available, bond, is_leaving| Participant { available, bond, is_leaving };
	let participants: Participants =
		[(1, has(4, 10, false)), (2, has(0, 5, true)), (3, has(0, 0, false))].into();
	let (plan, transfers) = planned(&participants, &[owes(1, 2, 8), owes(1, 3, 4), owes(2, 3, 9)]);
	// 4 of 12 go pro rata, and 1 cannot be divided; the leaver does not pass on what it got before the next cycle.
	let posting = |debtor, creditor, settled, drawn| Posting { debtor, creditor, settled, drawn };
	assert_eq!(plan.postings, [posting(1, 2, 2, 6), posting(1, 3, 1, 3), posting(2, 3, 0, 5)]);
	assert_eq!(plan.balances_after, [(1, 1), (2, 2), (3, 1)].into());
	assert_eq!(plan.overdue, [1].into());
	let transfer = |payee, value| Transfer { payer: 1, payee, value };
	assert_eq!(transfers, [transfer(2, 2), transfer(3, 1)]);
}

#[test]
fn of_nothing_that_is_owed_nothing_follows() {
	assert_eq!(planned(&Participants::new(), &[]), (SettlementPlan::default(), Vec::new()));
}

#[test]
fn more_that_is_paid_than_is_received_is_no_plan() {
	let participants: Participants =
		[(1, Participant { available: 5, ..Default::default() }), (2, Participant::default())].into();
	for balances_after in [[(1, 2), (2, 2)], [(1, 2), (2, 4)]] {
		let plan = SettlementPlan { balances_after: balances_after.into(), ..Default::default() };
		assert_eq!(plan.transfers(&participants), None);
	}
}
