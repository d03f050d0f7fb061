use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use hanse_primitives::{InstitutionId, Moment, Money};
use scale_info::TypeInfo;

use crate::{MAX_CYCLE_DEBTS, POSTINGS_PER_PAGE};

/// The number of a clearing cycle.
pub type CycleIndex = u32;

/// What moved an institution's reserve, or what it is owed, beside obligations; ever, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ReserveFlows {
	/// Moved in from the free balance.
	pub topped_up: Money,
	/// Moved out to the free balance, or locked to leave the chain.
	pub drawn_down: Money,
	/// Interchange paid to the pot.
	pub interchange: Money,
	/// Paid from its bond of what it owed.
	pub bond_paid: Money,
	/// Received from others' bonds, as free balance, of what it was owed.
	pub bond_received: Money,
	/// Paid to the free balance of others upon judgements.
	pub judgements_paid: Money,
}

/// What was found against a member and is not paid.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Judgement<AccountId> {
	/// Who gets it.
	pub to: AccountId,
	/// Settlement micro-units.
	#[codec(compact)]
	pub value: Money,
}

/// All that was found against one member and is not paid.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ArrearsOfDebtor {
	/// The number of the last of it.
	#[codec(compact)]
	pub last: u32,
	/// Its sum, in settlement micro-units; never zero.
	#[codec(compact)]
	pub sum: Money,
}

impl ReserveFlows {
	/// Whether all that moved is that what went in went out again.
	pub fn is_even(&self) -> bool {
		let Self { topped_up, drawn_down, interchange, bond_paid, bond_received, judgements_paid } = *self;
		topped_up == drawn_down
			&& interchange == 0
			&& bond_paid == 0
			&& bond_received == 0
			&& judgements_paid == 0
	}
}

/// Credit that one member grants another, in settlement micro-units. It is there as long as it has a limit,
/// a position or an earmark, so that positions are never more than lines.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct CreditLine {
	/// What the creditor lets the debtor owe at most; binds new debt.
	pub limit: Money,
	/// What the debtor agreed to owe there at most; binds new debt.
	pub accepted: Money,
	/// Kept for obligations that may come.
	pub earmarked: Money,
}

impl CreditLine {
	/// What the debtor may owe at most: what both sides agreed to.
	pub fn usable(&self) -> Money {
		self.limit.min(self.accepted)
	}
}

/// What came to be owed during one cycle.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct CycleDebt {
	/// The cycle.
	#[codec(compact)]
	pub cycle: CycleIndex,
	/// Settlement micro-units.
	#[codec(compact)]
	pub value: Money,
}

/// What one member of a pair owes the other: a signed number, kept by the cycles in which it came about.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Position {
	/// The sign: whether the member with the lower id is the debtor.
	pub low_owes: bool,
	/// The oldest first, never zero.
	pub debts: BoundedVec<CycleDebt, ConstU32<MAX_CYCLE_DEBTS>>,
}

impl Position {
	/// The key of a pair, and whether `debtor` is the lower id.
	pub fn pair(debtor: InstitutionId, creditor: InstitutionId) -> ((InstitutionId, InstitutionId), bool) {
		((debtor.min(creditor), debtor.max(creditor)), debtor < creditor)
	}

	/// The debtor and the creditor of a pair.
	pub fn parties(&self, (low, high): (InstitutionId, InstitutionId)) -> (InstitutionId, InstitutionId) {
		if self.low_owes {
			(low, high)
		} else {
			(high, low)
		}
	}

	/// What is owed. It cannot overflow: see [`Position::add`].
	pub fn owed(&self) -> Money {
		self.debts.iter().map(|debt| debt.value).sum()
	}

	/// What the lower id (`low`) or the higher one owes.
	pub fn owed_by(&self, low: bool) -> Money {
		if low == self.low_owes {
			self.owed()
		} else {
			0
		}
	}

	/// The lower id (`low`) or the higher one owes `value` more. `None`, and no change, if it is the other
	/// one that owes, or if the sum would overflow. Of more cycles than can be kept apart, the two oldest become
	/// one, so that no debt gets younger.
	#[must_use]
	pub fn add(&mut self, low: bool, cycle: CycleIndex, value: Money) -> Option<()> {
		if self.low_owes != low && !self.debts.is_empty() {
			return None;
		}
		self.owed().checked_add(value)?;
		self.low_owes = low;
		if let Some(newest) = self.debts.last_mut().filter(|debt| debt.cycle == cycle) {
			newest.value += value;
			return Some(());
		}
		if self.debts.is_full() {
			let second = self.debts.remove(1);
			self.debts[0].value += second.value;
		}
		self.debts.try_push(CycleDebt { cycle, value }).ok()
	}

	/// Take `value` off, the oldest first. `None`, and no change, if less is owed.
	#[must_use]
	pub fn take(&mut self, value: Money) -> Option<()> {
		self.owed().checked_sub(value)?;
		let mut left = value;
		for debt in self.debts.iter_mut() {
			let part = debt.value.min(left);
			debt.value -= part;
			left -= part;
		}
		self.debts.retain(|debt| debt.value > 0);
		Some(())
	}
}

/// How an obligation is met, in settlement micro-units.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Allocation {
	/// Set off against what the creditor owes the debtor.
	pub set_off: Money,
	/// Added to the position, on the creditor's line.
	pub line: Money,
	/// Paid from the free reserve.
	pub money: Money,
}

/// Where the clearing cycle stands.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Cycle {
	/// Debt that comes about now is of this cycle.
	pub index: CycleIndex,
	/// When it began, in milliseconds.
	pub began: Moment,
	/// What is left to do of the settlement of the cycles before it.
	pub stage: SettlementStage,
}

/// The steps of a settlement. Money moves in the first block, all at once; the rest is bookkeeping.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum SettlementStage {
	/// Nothing is left to do.
	#[default]
	Idle,
	/// This page is posted next.
	Posting(u32),
	/// What follows for this debtor comes next.
	Escalating(u32),
}

/// What a settlement takes off one position, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Posting {
	/// Who owed it.
	pub debtor: InstitutionId,
	/// To whom.
	pub creditor: InstitutionId,
	/// Paid, the money of which has moved.
	#[codec(compact)]
	pub settled: Money,
	/// To be paid from the debtor's bond.
	#[codec(compact)]
	pub drawn: Money,
}

/// What is posted in one piece.
pub type PostingPage = BoundedVec<Posting, ConstU32<POSTINGS_PER_PAGE>>;

/// A debtor whose state changes when all is posted.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct OverdueUpdate {
	/// Who.
	pub debtor: InstitutionId,
	/// Whether its reserve did not cover what was left.
	pub late: bool,
}

/// A debtor whose reserve did not cover what it owed.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct OverdueState {
	/// The first cycle at whose end it was so.
	pub since: CycleIndex,
	/// Ends of cycles in a row at which it was so.
	pub age: u32,
	/// Whether it was suspended for that.
	pub suspended: bool,
}

/// Settlement micro-units that exist, by where they came from.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Issuance {
	/// At genesis.
	pub genesis: Money,
	/// For deposits that the agent and the auditor confirmed.
	pub minted: Money,
	/// Paid out by the agent.
	pub burned: Money,
}

/// A deposit that the agent reported.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct DepositReport {
	/// For whom.
	pub institution: InstitutionId,
	/// Settlement micro-units.
	pub amount: Money,
	/// Whether the auditor confirmed it, so that they were minted.
	pub confirmed: bool,
}

/// The two roles that deposits need.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum DepositRole {
	/// Takes deposits and pays them out.
	Agent,
	/// Countersigns.
	Auditor,
}

/// The last cycle in which each of them confirmed that deposits equal issuance. Genesis counts as confirmed.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct AttestedCycles {
	/// The agent.
	pub agent: CycleIndex,
	/// The auditor.
	pub auditor: CycleIndex,
}

/// Settlement micro-units that an institution wants to have paid out.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Payout {
	/// What is locked.
	pub amount: Money,
	/// From this moment on anybody can unlock it, in milliseconds.
	pub until: Moment,
}

/// What one institution has with another.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct PositionView {
	/// The other one.
	pub with: InstitutionId,
	/// What the institution owes, in settlement micro-units.
	pub owes: Money,
	/// What it is owed; one of the two is zero.
	pub is_owed: Money,
	/// The line that the other one granted to it.
	pub line: Money,
	/// What of lines of the other one it agreed to use.
	pub accepted: Money,
	/// The line that it granted to the other one.
	pub granted: Money,
	/// What of its lines the other one agreed to use.
	pub granted_accepted: Money,
	/// What is owed, by the cycle in which it came about, the oldest first.
	pub debts: Vec<CycleDebt>,
}

/// How an institution stands in clearing, in settlement micro-units.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ClearingStatement {
	/// Held for clearing.
	pub reserve: Money,
	/// What of it is not accrued or earmarked.
	pub free_reserve: Money,
	/// Interchange that reaches the pot later.
	pub accrued: Money,
	/// Kept of the reserve for obligations that may come.
	pub earmarked: Money,
	/// Owed on lines.
	pub owed: Money,
	/// Kept on lines for obligations that may come.
	pub earmarked_on_lines: Money,
	/// Found against it and not paid.
	pub arrears: Money,
	/// With everybody where there is a position or a line, by id.
	pub positions: Vec<PositionView>,
	/// If it is overdue.
	pub overdue: Option<OverdueState>,
}

/// Where a hook found books that contradict each other. What it was about did not happen; the rest went on.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Inconsistency {
	/// Nothing was settled at the end of this cycle; what is owed waits for the next.
	Settlement { cycle: CycleIndex },
	/// What was paid was not taken off this position.
	Posting { debtor: InstitutionId, creditor: InstitutionId },
	/// The bond of this debtor paid this creditor nothing.
	BondDraw { debtor: InstitutionId, creditor: InstitutionId },
	/// Nothing followed for this debtor at the end of a cycle.
	Escalation { debtor: InstitutionId },
	/// Nothing was paid of what was found against this debtor.
	Arrears { debtor: InstitutionId },
}
