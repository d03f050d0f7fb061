//! The table of rules: each number with its unit, its standard value and its hard bounds.

use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::RangeInclusive;
use frame_support::ensure;
use hanse_primitives::{Balance, Moment, OffenceKind, Penalty, DAY, UNIT};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The whole, in parts per million.
const MILLION: u32 = 1_000_000;
/// A second, in milliseconds.
const SECOND: Moment = 1_000;
/// A minute, in milliseconds.
const MINUTE: Moment = 60 * SECOND;
/// An hour, in milliseconds.
const HOUR: Moment = 60 * MINUTE;

rules! {
	numbers {
		/// What every member keeps as a bond, in micro-units.
		admission_bond AdmissionBond: Balance = 10_000 * UNIT, in 1_000 * UNIT..=10_000_000 * UNIT, unit MicroUnits, stricter Higher;
		/// What the alliance takes of a payment at a partner, in parts per million.
		interchange Interchange: u32 = 5_000, in 0..=50_000, unit PerMillion;
		/// Outstanding value at most, in per cent of bond and reserve.
		liability_ratio LiabilityRatio: u32 = 400, in 100..=1_000, unit PerCent, stricter Lower;
		/// Reserve at least, in per cent of outstanding value.
		reserve_ratio ReserveRatio: u32 = 10, in 0..=100, unit PerCent, stricter Higher;
		/// What an institution issues in a day at most, in per cent of its outstanding value, beside the floor.
		growth Growth: u32 = 10, in 1..=100, unit PerCent;
		/// What it issues in a day beside that, in micro-units. Up to its bond nobody loses by it, however soon it
		/// ends: a tenth of the bond lets a newcomer start, and costs the holders of a larger one little.
		growth_floor GrowthFloor: Balance = 1_000 * UNIT, in 10 * UNIT..=1_000_000 * UNIT, unit MicroUnits;
		/// The time between two settlements of positions, in milliseconds.
		cycle Cycle: Moment = DAY, in MINUTE..=7 * DAY, unit Milliseconds;
		/// How long a set of authorities serves, in milliseconds.
		session Session: Moment = 10 * MINUTE, in 10 * SECOND..=DAY, unit Milliseconds;
		/// The length of an accounting era, in milliseconds.
		era Era: Moment = DAY, in MINUTE..=30 * DAY, unit Milliseconds;
		/// How long an order is taken after the era in which it was placed, in eras.
		order_eras OrderEras: u32 = 7, in 1..=30, unit Eras;
		/// How long a slip that a customer signed for a till can be presented at most, in milliseconds.
		slip_lifetime SlipLifetime: Moment = HOUR, in MINUTE..=DAY, unit Milliseconds;
		/// How long a receipt can be refunded, in eras.
		refund_window RefundWindow: u32 = 30, in 1..=365, unit Eras;
		/// How long an award may be pending at most, its return window, in milliseconds.
		max_pending MaxPending: Moment = 60 * DAY, in 0..=365 * DAY, unit Milliseconds;
		/// How long points may be valid after the end of their period at most, in milliseconds.
		max_validity MaxValidity: Moment = 5 * 365 * DAY, in 30 * DAY..=10 * 365 * DAY, unit Milliseconds;
		/// How long before their expiry points are no longer exchanged, in milliseconds.
		no_exchange NoExchange: Moment = 7 * DAY, in 0..=90 * DAY, unit Milliseconds;
		/// The age at which an authorisation that was not captured lapses, in milliseconds.
		authorisation Authorisation: Moment = 72 * HOUR, in HOUR..=30 * DAY, unit Milliseconds;
		/// The time over which a customer's spending is counted, in milliseconds.
		customer_window CustomerWindow: Moment = 30 * DAY, in DAY..=365 * DAY, unit Milliseconds;
		/// What a customer spends in one window at most, in micro-units.
		customer_limit CustomerLimit: Balance = 1_000 * UNIT, in 10 * UNIT..=1_000_000 * UNIT, unit MicroUnits;
		/// How long a customer must have been registered to exchange, in milliseconds.
		exchange_age ExchangeAge: Moment = 7 * DAY, in 0..=365 * DAY, unit Milliseconds;
		/// How long the old key can cancel a recovery, in milliseconds.
		recovery_delay RecoveryDelay: Moment = 14 * DAY, in 14 * DAY..=180 * DAY, unit Milliseconds;
		/// The time between a decision and its enactment, in milliseconds.
		notice Notice: Moment = 3 * DAY, in HOUR..=60 * DAY, unit Milliseconds;
		/// How long a fine stays in escrow before it is final, in milliseconds.
		appeal Appeal: Moment = 7 * DAY, in DAY..=60 * DAY, unit Milliseconds;
		/// How long a member has to answer a complaint or a supervisor's request, in milliseconds.
		answer Answer: Moment = 14 * DAY, in DAY..=90 * DAY, unit Milliseconds;
		/// How long the members have to decide on a complaint that was brought before them, in milliseconds.
		case_time CaseTime: Moment = 14 * DAY, in DAY..=90 * DAY, unit Milliseconds;
		/// What a member deposits to bring a complaint before the members, in micro-units.
		case_deposit CaseDeposit: Balance = 100 * UNIT, in UNIT..=10_000 * UNIT, unit MicroUnits;
		/// How long a supervisor can halt at most, in milliseconds.
		halt Halt: Moment = 7 * DAY, in HOUR..=30 * DAY, unit Milliseconds;
		/// What one institution pays for others' fees in a day at most, in micro-units.
		sponsor_budget SponsorBudget: Balance = 100 * UNIT, in 0..=100_000 * UNIT, unit MicroUnits;
		/// Sponsored calls of one registered person in a day at most.
		sponsor_quota SponsorQuota: u32 = 20, in 1..=1_000, unit Count;
		/// The share of its expected blocks below which an authority is offline, in per cent.
		offline_share OfflineShare: u32 = 50, in 1..=90, unit PerCent;
		/// Eras in a row in which an authority was offline, after which it leaves the set.
		offline_eras OfflineEras: u32 = 3, in 1..=30, unit Eras;
		/// Demerits that lapse in an era.
		demerit_decay DemeritDecay: u32 = 5, in 1..=1_000, unit Count;
		/// What is funded in one cycle at most, in micro-units.
		deposit_cap DepositCap: Balance = 1_000_000 * UNIT, in 1_000 * UNIT..=1_000_000_000 * UNIT, unit MicroUnits;
		/// The age at which what was to be paid out and was not can be unlocked, in milliseconds.
		payout_time PayoutTime: Moment = 7 * DAY, in DAY..=60 * DAY, unit Milliseconds;
		/// How long a member counts as awake after it signed anything or its authority made a block, in
		/// milliseconds. It is seen once in a fourteenth of that, so up to so much longer.
		awake Awake: Moment = 14 * DAY, in 7 * DAY..=90 * DAY, unit Milliseconds;
		/// Whether customers' payments go on in safe mode: 1 if they do, 0 if not.
		payments_in_safe_mode PaymentsInSafeMode: u32 = 1, in 0..=1, unit Flag;
	}
	measures {
		/// Demerits, which decay.
		demerits Demerits, in 0..=1_000, unit Count;
		/// A fine, in parts per million of the admission bond.
		fine Fine, in 0..=200_000, unit PerMillion;
		/// No issuing, for so many eras.
		stop_issuing StopIssuing, in 0..=365, unit Eras;
		/// Suspension, for so many eras.
		suspension Suspension, in 0..=365, unit Eras;
	}
	offences {
		/// Its authority voted for two different blocks in one round.
		equivocation Equivocation: demerits 100, fine 100_000, stop_issuing 7, suspension 7;
		/// Its authority made too small a share of its blocks.
		offline Offline: demerits 10, fine 0, stop_issuing 0, suspension 0;
		/// Overdue for the first while.
		overdue_first OverdueFirst: demerits 20, fine 5_000, stop_issuing 1, suspension 0;
		/// Overdue for longer.
		overdue_second OverdueSecond: demerits 40, fine 10_000, stop_issuing 3, suspension 0;
		/// Overdue for so long that run-off is next.
		overdue_third OverdueThird: demerits 80, fine 20_000, stop_issuing 7, suspension 7;
		/// A supervisor's request stayed without an answer.
		unanswered_disclosure UnansweredDisclosure: demerits 20, fine 0, stop_issuing 0, suspension 0;
		/// A customer's complaint stayed without an answer.
		unanswered_complaint UnansweredComplaint: demerits 20, fine 0, stop_issuing 0, suspension 0;
		/// The members found for the customer.
		upheld_complaint UpheldComplaint: demerits 30, fine 10_000, stop_issuing 0, suspension 0;
	}
}

/// What a rule counts.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub enum RuleUnit {
	/// Millionths of a settlement unit.
	MicroUnits,
	/// Milliseconds.
	Milliseconds,
	/// Accounting eras.
	Eras,
	/// Hundredths of a whole.
	PerCent,
	/// Millionths of a whole.
	PerMillion,
	/// Things.
	Count,
	/// 1 for yes, 0 for no.
	Flag,
}

/// Which way a requirement gets harder to meet.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub enum Direction {
	/// More must be there.
	Higher,
	/// Less is allowed.
	Lower,
}

impl Rules {
	/// Fails with the reason unless the numbers work together, whatever their hard bounds. A chain
	/// cannot run on rules that fail here; one for development may run on rules outside the bounds.
	pub fn ensure_consistent(&self) -> Result<(), &'static str> {
		ensure!(self.session > 0, "a session has no length");
		ensure!(self.cycle > 0, "a cycle has no length");
		ensure!(self.era > 0, "an era has no length");
		ensure!(self.customer_window > 0, "a customer's window has no length");
		// Conduct and shares are counted by eras, from whole sessions.
		ensure!(self.era >= self.session, "an era is shorter than a session");
		ensure!(self.refund_window > 0, "nothing could be refunded");
		ensure!(self.slip_lifetime > 0, "no slip could be presented");
		ensure!(self.interchange <= MILLION, "the interchange is more than the payment");
		ensure!(self.offline_share <= 100, "more than all blocks would be expected");
		ensure!(self.offline_eras > 0, "authorities that were never offline would leave the set");
		ensure!(self.awake > 0, "nobody would ever be awake");
		// An authority's blocks are checked once a session.
		ensure!(self.awake >= self.session, "authorities would sleep while they make blocks");
		ensure!(self.payments_in_safe_mode <= 1, "payments in safe mode neither go on nor stop");
		ensure!(
			PRICED.iter().all(|offence| self.penalty(*offence).fine <= MILLION),
			"a fine is more than the bond"
		);
		Ok(())
	}

	/// Fails with the first rule whose value lies outside its hard bounds. Nodes refuse a live chain
	/// that starts so.
	pub fn within_bounds(&self) -> Result<(), Rule> {
		Rule::all().find(|rule| !rule.bounds().contains(&self.get(*rule))).map_or(Ok(()), Err)
	}

	/// These rules with one number changed; `None` if its type cannot hold the value.
	pub fn with(&self, rule: Rule, value: u128) -> Option<Self> {
		let mut rules = self.clone();
		rules.set(rule, value)?;
		Some(rules)
	}
}

impl Rule {
	/// Whether members would find `new` harder to meet than `old`; never of what is no requirement.
	pub const fn is_stricter(self, new: u128, old: u128) -> bool {
		match self.stricter() {
			Some(Direction::Higher) => new > old,
			Some(Direction::Lower) => new < old,
			None => false,
		}
	}

	/// What an amendment can make of `old` now, from the least to the most: within the largest step and the
	/// hard bounds. `None` where no step leads into the bounds, as on chains that started far outside.
	pub fn reach(self, old: u128) -> Option<(u128, u128)> {
		let (step, bounds) = (self.max_step(old), self.bounds());
		let (least, most) = (old.saturating_sub(step), old.saturating_add(step));
		let (least, most) = (least.max(*bounds.start()), most.min(*bounds.end()));
		(least <= most).then_some((least, most))
	}

	/// By how much one amendment moves the number at most from `old`: a quarter, rounded down, and at least
	/// one. A quarter of nothing is nothing, so what is zero moves by a thousandth of its hard bound: else a
	/// fine, in parts per million, could be on paper only.
	pub fn max_step(self, old: u128) -> u128 {
		let most = if old == 0 { self.bounds().end() / 1_000 } else { old / 4 };
		most.max(1)
	}
}

/// A rule as a client needs it, so that nothing about it has to be known elsewhere.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct RuleRow {
	/// How calls name it.
	pub rule: Rule,
	/// How the rules name it: `admission_bond`, or offence and measure as in `offline.fine`.
	pub name: Vec<u8>,
	/// Its value, in its own unit.
	pub value: u128,
	/// What is enforced at this moment: less strict in the grace after the rule became stricter.
	pub enforced: u128,
	/// What it counts.
	pub unit: RuleUnit,
	/// The least that a vote can ever make of it.
	pub min: u128,
	/// The most.
	pub max: u128,
	/// The least and the most that the next amendment can make of it; `None` if no step leads into the hard
	/// bounds.
	pub reach: Option<(u128, u128)>,
	/// Which way it is harder to meet, of a requirement.
	pub stricter: Option<Direction>,
}
