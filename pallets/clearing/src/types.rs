use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use hanse_primitives::{Balance, InstitutionId, Moment};
use scale_info::TypeInfo;

use crate::{MAX_CYCLE_DEBTS, POSTINGS_PER_PAGE};

/// The number of a clearing cycle.
pub type CycleIndex = u32;

/// What moved an institution's reserve, or what it is owed, beside obligations; ever, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ReserveFlows {
	/// Moved in from the free balance.
	pub topped_up: Balance,
	/// Moved out to the free balance, or locked to leave the chain.
	pub drawn_down: Balance,
	/// Interchange paid to the pot.
	pub interchange: Balance,
	/// Paid from its bond of what it owed.
	pub bond_paid: Balance,
	/// Received from others' bonds, as free balance, of what it was owed.
	pub bond_received: Balance,
	/// Paid to the free balance of others upon judgements.
	pub judgements_paid: Balance,
}

/// What was found against a member and is not paid.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Judgement<AccountId> {
	/// Who gets it.
	pub to: AccountId,
	/// Settlement micro-units.
	#[codec(compact)]
	pub value: Balance,
}

/// All that was found against one member and is not paid.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ArrearsOfDebtor {
	/// The number of the last of it.
	#[codec(compact)]
	pub last: u32,
	/// Its sum, in settlement micro-units; never zero.
	#[codec(compact)]
	pub sum: Balance,
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

/// What of a reserve is not free, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ReserveEncumbrance {
	/// Interchange that reaches the pot later.
	pub accrued: Balance,
	/// Kept for obligations that may come.
	pub earmarked: Balance,
	/// What of that was kept on lines until the institution's books were closed.
	pub from_lines: Balance,
}

impl ReserveEncumbrance {
	/// All of it.
	pub fn total(&self) -> Balance {
		self.accrued.saturating_add(self.earmarked)
	}
}

/// What a debtor's bond answers for, over all its lines, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct BondDebt {
	/// Owed on lines.
	pub owed: Balance,
	/// Kept on lines for obligations that may come.
	pub earmarked: Balance,
	/// The bond when the last of it was taken. A fine may have lowered it since.
	pub bond: Balance,
}

impl BondDebt {
	/// All of it.
	pub fn total(&self) -> Balance {
		self.owed.saturating_add(self.earmarked)
	}
}

/// Credit that one member grants another, in settlement micro-units. It is there as long as it has a limit,
/// a position or an earmark, so that positions are never more than lines.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct CreditLine {
	/// What the creditor lets the debtor owe at most; binds new debt.
	pub limit: Balance,
	/// What the debtor agreed to owe there at most; binds new debt.
	pub accepted: Balance,
	/// Kept for obligations that may come.
	pub earmarked: Balance,
}

impl CreditLine {
	/// What the debtor may owe at most: what both sides agreed to.
	pub fn usable(&self) -> Balance {
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
	pub value: Balance,
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

	/// What the lower id (`low`) or the higher one owes.
	pub fn owed_by(&self, low: bool) -> Balance {
		match low == self.low_owes {
			true => self.debts.iter().fold(0, |sum, unit| Balance::saturating_add(sum, unit.value)),
			false => 0,
		}
	}

	/// The lower id (`low`) or the higher one owes `value` more. Law: it is the debtor, or nobody is.
	/// Of more cycles than can be kept apart, the two oldest become one, so that no debt gets younger.
	pub fn add(&mut self, low: bool, cycle: CycleIndex, value: Balance) {
		if self.debts.is_empty() {
			self.low_owes = low;
		}
		if let Some(newest) = self.debts.last_mut().filter(|unit| unit.cycle == cycle) {
			newest.value = newest.value.saturating_add(value);
			return;
		}
		if self.debts.is_full() {
			let second = self.debts.remove(1);
			self.debts[0].value = self.debts[0].value.saturating_add(second.value);
		}
		// There is room now.
		let _ = self.debts.try_push(CycleDebt { cycle, value });
	}

	/// Take up to `value` off, the oldest first; returns how much there was.
	pub fn take(&mut self, value: Balance) -> Balance {
		let mut left = value;
		for unit in self.debts.iter_mut() {
			let part = unit.value.min(left);
			unit.value -= part;
			left -= part;
		}
		self.debts.retain(|unit| unit.value > 0);
		value - left
	}
}

/// How an obligation is met, in settlement micro-units.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Allocation {
	/// Set off against what the creditor owes the debtor.
	pub set_off: Balance,
	/// Added to the position, on the creditor's line.
	pub line: Balance,
	/// Paid from the free reserve.
	pub money: Balance,
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
	/// This page of the plan is booked next.
	Posting(u32),
	/// This debtor is judged next.
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
	pub settled: Balance,
	/// To be paid from the debtor's bond.
	#[codec(compact)]
	pub drawn: Balance,
}

/// A page of the plan.
pub type PostingPage = BoundedVec<Posting, ConstU32<POSTINGS_PER_PAGE>>;

/// A debtor to look at when all is booked.
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
	pub genesis: Balance,
	/// For deposits that the agent and the auditor confirmed.
	pub minted: Balance,
	/// Paid out by the agent.
	pub burned: Balance,
}

/// A deposit that the agent reported.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct DepositReport {
	/// For whom.
	pub institution: InstitutionId,
	/// Settlement micro-units.
	pub amount: Balance,
	/// Whether the auditor confirmed it, so that they were minted.
	pub confirmed: bool,
}

/// Who looks after the deposits.
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
	pub amount: Balance,
	/// From this moment on anybody can unlock it, in milliseconds.
	pub until: Moment,
}

/// What one institution has with another.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct PositionView {
	/// The other one.
	pub with: InstitutionId,
	/// What the institution owes, in settlement micro-units.
	pub owes: Balance,
	/// What it is owed; one of the two is zero.
	pub is_owed: Balance,
	/// The line that the other one granted to it.
	pub line: Balance,
	/// What of lines of the other one it agreed to use.
	pub accepted: Balance,
	/// The line that it granted to the other one.
	pub granted: Balance,
	/// What of its lines the other one agreed to use.
	pub granted_accepted: Balance,
	/// What is owed, by the cycle in which it came about, the oldest first.
	pub debts: Vec<CycleDebt>,
}

/// How an institution stands in clearing, in settlement micro-units.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ClearingStatement {
	/// Held for clearing.
	pub reserve: Balance,
	/// What of it is not accrued or earmarked.
	pub free_reserve: Balance,
	/// Interchange that reaches the pot later.
	pub accrued: Balance,
	/// Kept of the reserve for obligations that may come.
	pub earmarked: Balance,
	/// Owed on lines.
	pub owed: Balance,
	/// Kept on lines for obligations that may come.
	pub earmarked_on_lines: Balance,
	/// Found against it and not paid.
	pub arrears: Balance,
	/// With everybody where there is a position or a line, by id.
	pub positions: Vec<PositionView>,
	/// If it is overdue.
	pub overdue: Option<OverdueState>,
}
