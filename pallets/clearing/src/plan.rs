//! What one settlement will do, decided before anything is done: arithmetic only.
//!
//! [`SettlementPlan::new`] takes what everybody has and owes, and says what is taken off each position, what everybody
//! has afterwards, and who is overdue. `settlement.rs` carries it out.

use crate::{
	cycle::{settle, spread, Obligation},
	types::Posting,
};
use alloc::{
	collections::{btree_map::BTreeMap, btree_set::BTreeSet},
	vec::Vec,
};
use hanse_primitives::{math::excess, InstitutionId, Money};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureSub, EnsureSubAssign},
	ArithmeticError,
};

/// A member that owes or is owed something at the end of a cycle.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Participant {
	/// What of its reserve may settle debts.
	pub available: Money,
	/// What its bond pays of what its reserve does not.
	pub bond: Money,
	/// It is on its way out: the holders of its points come first, and it is never overdue.
	pub is_leaving: bool,
}

/// What one settlement does.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SettlementPlan {
	/// What is taken off positions, by debtor and creditor: one for each pair at most, and none of nothing.
	pub postings: Vec<Posting>,
	/// What of its reserve each participant has left. Law: all together as much as before.
	pub balances_after: BTreeMap<InstitutionId, Money>,
	/// The debtors whose reserves do not cover what is then still owed.
	pub overdue: BTreeSet<InstitutionId>,
}

/// Money that moves from reserve to reserve.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Transfer {
	/// Whose it was.
	pub payer: InstitutionId,
	/// Whose it is.
	pub payee: InstitutionId,
	/// How much, in settlement micro-units.
	pub value: Money,
}

/// Postings by debtor and creditor.
type Postings = BTreeMap<(InstitutionId, InstitutionId), Posting>;

impl SettlementPlan {
	/// Decide what settles. A member that is no participant has nothing. Fails only where sums overflow.
	pub fn new(
		participants: &BTreeMap<InstitutionId, Participant>,
		obligations: &[Obligation],
	) -> Result<Self, ArithmeticError> {
		let available = available(participants);
		let paid = settle(&available, obligations)?;
		let balances_after = balances_after(available, obligations, &paid)?;
		let (mut postings, mut overdue) = (Postings::new(), BTreeSet::new());
		for (obligation, paid) in obligations.iter().zip(&paid) {
			posting(&mut postings, obligation).settled.ensure_add_assign(*paid)?;
		}
		for (debtor, rest) in unpaid(obligations, &paid)? {
			let owed = rest.iter().try_fold(0, |sum: Money, obligation| sum.ensure_add(obligation.value))?;
			if balances_after.get(&debtor).is_some_and(|has| *has >= owed) {
				continue;
			}
			let Participant { bond, is_leaving, .. } = participants.get(&debtor).copied().unwrap_or_default();
			if !is_leaving {
				overdue.insert(debtor);
			}
			for (obligation, drawn) in rest.iter().zip(spread(bond, &rest)?) {
				posting(&mut postings, obligation).drawn.ensure_add_assign(drawn)?;
			}
		}
		let postings = postings.into_values().filter(|it| it.settled > 0 || it.drawn > 0).collect();
		Ok(Self { postings, balances_after, overdue })
	}

	/// How the money moves, from those who have less afterwards to those who have more. Both are gone through once,
	/// so there are fewer transfers than participants. `None` if more is paid than is received.
	pub fn transfers(&self, participants: &BTreeMap<InstitutionId, Participant>) -> Option<Vec<Transfer>> {
		let before = |id| participants.get(id).map_or(0, |participant| participant.available);
		let after = || self.balances_after.iter();
		let mut payees =
			after().map(|(id, has)| (*id, excess(*has, before(id)))).filter(|(_, gets)| *gets > 0);
		let mut next = payees.next();
		let mut transfers = Vec::new();
		for (payer, mut gives) in after().map(|(id, has)| (*id, excess(before(id), *has))) {
			while gives > 0 {
				let (payee, gets) = next.as_mut()?;
				let value = gives.min(*gets);
				transfers.push(Transfer { payer, payee: *payee, value });
				gives -= value;
				*gets -= value;
				if *gets == 0 {
					next = payees.next();
				}
			}
		}
		next.is_none().then_some(transfers)
	}
}

fn available(participants: &BTreeMap<InstitutionId, Participant>) -> BTreeMap<InstitutionId, Money> {
	participants.iter().map(|(id, participant)| (*id, participant.available)).collect()
}

/// What everybody has when `paid` has moved.
fn balances_after(
	available: BTreeMap<InstitutionId, Money>,
	obligations: &[Obligation],
	paid: &[Money],
) -> Result<BTreeMap<InstitutionId, Money>, ArithmeticError> {
	let mut balances = available;
	for (obligation, paid) in obligations.iter().zip(paid) {
		balances.entry(obligation.creditor).or_default().ensure_add_assign(*paid)?;
	}
	// Nobody pays more than it has with what it gets.
	for (obligation, paid) in obligations.iter().zip(paid) {
		balances.entry(obligation.debtor).or_default().ensure_sub_assign(*paid)?;
	}
	Ok(balances)
}

/// What is left of obligations, by debtor.
fn unpaid(
	obligations: &[Obligation],
	paid: &[Money],
) -> Result<BTreeMap<InstitutionId, Vec<Obligation>>, ArithmeticError> {
	let mut unpaid = BTreeMap::<InstitutionId, Vec<Obligation>>::new();
	for (obligation, paid) in obligations.iter().zip(paid) {
		let value = obligation.value.ensure_sub(*paid)?;
		if value > 0 {
			unpaid.entry(obligation.debtor).or_default().push(Obligation { value, ..*obligation });
		}
	}
	Ok(unpaid)
}

/// The posting of an obligation's pair.
fn posting<'a>(postings: &'a mut Postings, obligation: &Obligation) -> &'a mut Posting {
	let Obligation { debtor, creditor, .. } = *obligation;
	let new = Posting { debtor, creditor, settled: 0, drawn: 0 };
	postings.entry((debtor, creditor)).or_insert(new)
}
