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
use hanse_primitives::{
	math::{excess, mul_div, Rounding},
	InstitutionId, Money,
};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureSubAssign},
	ArithmeticError,
};

/// The debt of one member to another from one cycle.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Obligation {
	/// Who owes.
	pub debtor: InstitutionId,
	/// Who is owed.
	pub creditor: InstitutionId,
	/// Since when.
	pub cycle: CycleIndex,
	/// How much, in settlement micro-units.
	pub value: Money,
}

/// Places of obligations in a list, by debtor and cycle.
type Units = BTreeMap<InstitutionId, BTreeMap<CycleIndex, Vec<usize>>>;

/// What a member has and gets, and what it pays, if what is kept now settles.
#[derive(Clone, Copy, Default)]
struct Sides {
	has: Money,
	pays: Money,
}

impl Sides {
	fn is_short(&self) -> bool {
		self.has < self.pays
	}
}

/// How much of each obligation is paid, in their order, from these reserves. A member that is not in `reserves` has none.
/// Fails only where sums overflow.
pub fn settle(
	reserves: &BTreeMap<InstitutionId, Money>,
	obligations: &[Obligation],
) -> Result<Vec<Money>, ArithmeticError> {
	let mut paid: Vec<Money> = obligations.iter().map(|obligation| obligation.value).collect();
	let mut sides = sides(reserves, obligations)?;
	let mut kept = units(obligations);
	let mut dropped = BTreeMap::<InstitutionId, Vec<usize>>::new();
	let mut short: VecDeque<_> =
		sides.iter().filter(|(_, sides)| sides.is_short()).map(|(id, _)| *id).collect();
	while let Some(debtor) = short.pop_front() {
		while sides.get(&debtor).is_some_and(Sides::is_short) {
			let newest = kept.get_mut(&debtor).and_then(BTreeMap::pop_last);
			let Some((_, unit)) = newest else { break };
			for place in &unit {
				paid[*place] = 0;
				let unpaid = drop_obligation(&obligations[*place], &mut sides)?;
				short.extend(unpaid);
			}
			// The last one that is dropped is the first that was not kept.
			dropped.insert(debtor, unit);
		}
	}
	for (debtor, unit) in dropped {
		let Sides { has, pays } = sides.get(&debtor).copied().unwrap_or_default();
		share(excess(has, pays), &unit, obligations, &mut paid)?;
	}
	Ok(paid)
}

/// What everybody has, gets and pays if everything settles.
fn sides(
	reserves: &BTreeMap<InstitutionId, Money>,
	obligations: &[Obligation],
) -> Result<BTreeMap<InstitutionId, Sides>, ArithmeticError> {
	let mut sides: BTreeMap<InstitutionId, Sides> =
		reserves.iter().map(|(id, reserve)| (*id, Sides { has: *reserve, pays: 0 })).collect();
	for Obligation { debtor, creditor, value, .. } in obligations {
		sides.entry(*debtor).or_default().pays.ensure_add_assign(*value)?;
		sides.entry(*creditor).or_default().has.ensure_add_assign(*value)?;
	}
	Ok(sides)
}

/// An obligation does not settle. Returns its creditor, if that one is short now.
fn drop_obligation(
	obligation: &Obligation,
	sides: &mut BTreeMap<InstitutionId, Sides>,
) -> Result<Option<InstitutionId>, ArithmeticError> {
	let Obligation { debtor, creditor, value, .. } = *obligation;
	sides.entry(debtor).or_default().pays.ensure_sub_assign(value)?;
	let payee = sides.entry(creditor).or_default();
	payee.has.ensure_sub_assign(value)?;
	Ok(payee.is_short().then_some(creditor))
}

/// How much of each of one debtor's obligations `amount` pays, the oldest unit first, and the first that it
/// does not cover pro rata. Fails only where sums overflow.
pub fn spread(amount: Money, obligations: &[Obligation]) -> Result<Vec<Money>, ArithmeticError> {
	let mut paid = vec![0; obligations.len()];
	let mut left = amount;
	for unit in units(obligations).into_values().flat_map(BTreeMap::into_values) {
		left = excess(left, share(left, &unit, obligations, &mut paid)?);
	}
	Ok(paid)
}

fn units(obligations: &[Obligation]) -> Units {
	let mut units = Units::new();
	for (place, obligation) in obligations.iter().enumerate() {
		units.entry(obligation.debtor).or_default().entry(obligation.cycle).or_default().push(place);
	}
	units
}

/// Pays the obligations of one unit from `amount`: in full, or pro rata, rounded down, so that what cannot
/// be divided stays with the debtor. Returns what would have paid it in full.
fn share(
	amount: Money,
	unit: &[usize],
	obligations: &[Obligation],
	paid: &mut [Money],
) -> Result<Money, ArithmeticError> {
	let total = unit.iter().try_fold(0, |sum: Money, place| sum.ensure_add(obligations[*place].value))?;
	for place in unit {
		let value = obligations[*place].value;
		paid[*place] = if amount >= total { value } else { mul_div(amount, value, total, Rounding::Down)? };
	}
	Ok(total)
}
