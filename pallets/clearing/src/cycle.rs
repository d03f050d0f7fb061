//! What settles at the end of a cycle: arithmetic only.
//!
//! A debtor's *unit* is all the debt that it took during one cycle, to whomever. Units of one debtor are kept
//! oldest first, so what is kept of all debtors is one number for each, and sets are compared by it.
//! A set is *feasible* if it leaves no debtor below zero when all of it is paid at once.
//!
//! # Why the largest set is unique
//! [`settle`] starts with everything and drops the newest unit of some debtor that ends below zero, until
//! there is none. Let `F` be any feasible set within what is kept. Whoever ends below zero keeps more than
//! `F` keeps of it: otherwise it would pay the same under `F` and, since `F` keeps no more of anybody, be
//! paid no more, and end below zero there too. So the drop leaves `F` within what is kept. Hence what is
//! kept at last contains every feasible set, is feasible itself, and is the same whoever is checked
//! first: the greatest fixed point of a monotone map. Each drop is final, so there are at most as many as
//! units, and the work is proportional to the obligations: of 4,096 positions kept apart by 8 cycles, each of
//! 32,768 is added once and taken off at most once.
//!
//! What is left of a debtor's reserve is less than its first dropped unit (it was below zero with that unit,
//! and has been paid no more since), and pays it pro rata, in one pass: what somebody receives in this pass
//! is not passed on before the next cycle.
//!
//! # Sources
//! Offsetting many queued payments at once, with each sender's own order kept: Leinonen and Soramäki,
//! *Optimizing liquidity usage and settlement speed in payment systems* (Bank of Finland, 1999); Bech and
//! Soramäki, *Gridlock resolution in interbank payment systems* (Bank of Finland, 2001), whose sequential
//! algorithm this is, with cycles for payments.

use crate::types::CycleIndex;
use alloc::{
	collections::{btree_map::BTreeMap, vec_deque::VecDeque},
	vec,
	vec::Vec,
};
use hanse_primitives::{Balance, InstitutionId};
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

/// The debt of one member to another from one cycle, in settlement micro-units.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Obligation {
	/// Who owes.
	pub debtor: InstitutionId,
	/// Who is owed.
	pub creditor: InstitutionId,
	/// Since when.
	pub cycle: CycleIndex,
	/// How much.
	pub value: Balance,
}

/// What a member has and gets, and what it pays, if what is kept now settles.
#[derive(Clone, Copy, Default)]
struct Sides {
	has: Balance,
	pays: Balance,
}

impl Sides {
	fn is_short(&self) -> bool {
		self.has < self.pays
	}
}

/// How much of each obligation is paid, in their order, from these reserves. Who is not in `reserves` has
/// none.
pub fn settle(reserves: &BTreeMap<InstitutionId, Balance>, obligations: &[Obligation]) -> Vec<Balance> {
	let mut kept = debts_by_cycle(obligations);
	let mut paid: Vec<Balance> = obligations.iter().map(|obligation| obligation.value).collect();
	let mut sides: BTreeMap<InstitutionId, Sides> =
		reserves.iter().map(|(id, reserve)| (*id, Sides { has: *reserve, pays: 0 })).collect();
	for Obligation { debtor, creditor, value, .. } in obligations {
		let payer = sides.entry(*debtor).or_default();
		payer.pays = payer.pays.saturating_add(*value);
		let payee = sides.entry(*creditor).or_default();
		payee.has = payee.has.saturating_add(*value);
	}

	let mut dropped = BTreeMap::<InstitutionId, Vec<usize>>::new();
	let mut short: VecDeque<_> =
		sides.iter().filter(|(_, sides)| sides.is_short()).map(|(id, _)| *id).collect();
	while let Some(debtor) = short.pop_front() {
		while sides.get(&debtor).is_some_and(Sides::is_short) {
			let newest = kept.get_mut(&debtor).and_then(BTreeMap::pop_last);
			let Some((_, debt)) = newest else { break };
			for place in &debt {
				let Obligation { creditor, value, .. } = obligations[*place];
				paid[*place] = 0;
				if let Some(payer) = sides.get_mut(&debtor) {
					payer.pays = payer.pays.saturating_sub(value);
				}
				if let Some(payee) = sides.get_mut(&creditor) {
					payee.has = payee.has.saturating_sub(value);
					if payee.is_short() {
						short.push_back(creditor);
					}
				}
			}
			// The last one that is dropped is the first that was not kept.
			dropped.insert(debtor, debt);
		}
	}

	for (debtor, debt) in dropped {
		let Sides { has, pays } = sides.get(&debtor).copied().unwrap_or_default();
		share(has.saturating_sub(pays), &debt, obligations, &mut paid);
	}
	paid
}

/// How much of each of one debtor's obligations `amount` pays, the oldest unit first, and the first that it
/// does not cover pro rata.
pub fn spread(amount: Balance, obligations: &[Obligation]) -> Vec<Balance> {
	let mut paid = vec![0; obligations.len()];
	let mut left = amount;
	for debt in debts_by_cycle(obligations).into_values().flat_map(BTreeMap::into_values) {
		let total = share(left, &debt, obligations, &mut paid);
		left = left.saturating_sub(total);
	}
	paid
}

/// The obligations by debtor and cycle.
fn debts_by_cycle(obligations: &[Obligation]) -> BTreeMap<InstitutionId, BTreeMap<CycleIndex, Vec<usize>>> {
	let mut debts_by_cycle = BTreeMap::<_, BTreeMap<_, Vec<_>>>::new();
	for (place, obligation) in obligations.iter().enumerate() {
		debts_by_cycle.entry(obligation.debtor).or_default().entry(obligation.cycle).or_default().push(place);
	}
	debts_by_cycle
}

/// Pays the obligations of one unit from `amount`: in full, or pro rata, rounded down, so that what cannot
/// be divided stays with the debtor. Returns what would have paid it in full.
fn share(amount: Balance, debt: &[usize], obligations: &[Obligation], paid: &mut [Balance]) -> Balance {
	let total = debt.iter().fold(0, |sum, place| Balance::saturating_add(sum, obligations[*place].value));
	let amount = amount.min(total);
	for place in debt {
		let value = obligations[*place].value;
		paid[*place] =
			multiply_by_rational_with_rounding(amount, value, total.max(1), Rounding::Down).unwrap_or(0);
	}
	total
}
