//! The record of a member: the account of its demerits, its sanctions, and what is noted once an era.

use crate::MAX_DEMERITS;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use hanse_primitives::{EraIndex, OffenceKind, Penalty};
use scale_info::TypeInfo;

/// What a member may not do, each until an era begins; zero is never.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Sanction {
	/// The first era in which it may issue again.
	#[codec(compact)]
	pub stopped_until: EraIndex,
	/// The first era in which its suspension can end.
	#[codec(compact)]
	pub suspended_until: EraIndex,
}

impl Sanction {
	/// What a penalty asks for in `era`.
	pub fn of(penalty: Penalty, era: EraIndex) -> Self {
		let until = |eras: u32| if eras == 0 { 0 } else { era.saturating_add(eras) };
		Self { stopped_until: until(penalty.stop_issuing), suspended_until: until(penalty.suspension) }
	}

	/// Of each, the later one.
	pub fn later(self, other: Self) -> Self {
		Self {
			stopped_until: self.stopped_until.max(other.stopped_until),
			suspended_until: self.suspended_until.max(other.suspended_until),
		}
	}
}

/// What decides whether a member shares in the pot of an era.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct EraSummary {
	/// The era.
	#[codec(compact)]
	pub era: EraIndex,
	/// Offences of that era that brought demerits.
	#[codec(compact)]
	pub penalised: u32,
	/// The stop of issuing at its end.
	#[codec(compact)]
	pub stopped_until: EraIndex,
}

/// The account of a member's demerits, which decay.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct DemeritAccount {
	/// Demerits.
	#[codec(compact)]
	pub balance: u32,
	/// The era in which they decayed last.
	#[codec(compact)]
	pub era: EraIndex,
	/// Offences of that era that brought demerits.
	#[codec(compact)]
	pub penalised: u32,
	/// The era before, as it ended.
	pub previous: EraSummary,
}

impl DemeritAccount {
	/// Add demerits; returns how many, up to the most that there can be.
	pub fn add(&mut self, demerits: u32) -> u32 {
		let before = self.balance;
		self.balance = before.saturating_add(demerits).min(MAX_DEMERITS);
		if demerits > 0 {
			self.penalised = self.penalised.saturating_add(1);
		}
		self.balance.saturating_sub(before)
	}

	/// Take back what an offence of `era` brought.
	pub fn remove(&mut self, demerits: u32, era: EraIndex) {
		self.balance = self.balance.saturating_sub(demerits);
		if demerits == 0 {
			return;
		}
		if era == self.era {
			self.penalised = self.penalised.saturating_sub(1);
		} else if era == self.previous.era {
			self.previous.penalised = self.previous.penalised.saturating_sub(1);
		}
	}
}

/// What a member may not do now, and why.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct SanctionState {
	/// What is in force: the later of what is irrevocable and of what its fines in escrow ask for.
	pub in_force: Sanction,
	/// What no reversal of a fine takes back.
	pub irrevocable: Sanction,
	/// Whether it is suspended by this pallet.
	pub suspended: bool,
}

impl SanctionState {
	/// Let it last as long as the later of old and new says. A member that is not suspended has no time for it.
	pub fn impose(&mut self, sanction: Sanction) {
		self.in_force = self.in_force.later(self.as_far_as_suspended(sanction));
	}

	/// Let it last as long as the latest of what is irrevocable and of `others` says.
	pub fn lower_to(&mut self, others: Sanction) {
		self.in_force = self.as_far_as_suspended(self.irrevocable.later(others));
	}

	/// What an offence asked for cannot be taken back any more.
	pub fn make_irrevocable(&mut self, sanction: Sanction) {
		self.irrevocable = self.irrevocable.later(sanction);
	}

	/// The member is not suspended any more.
	pub fn end_suspension(&mut self) {
		self.suspended = false;
		self.in_force.suspended_until = 0;
	}

	fn as_far_as_suspended(&self, sanction: Sanction) -> Sanction {
		Sanction { suspended_until: if self.suspended { sanction.suspended_until } else { 0 }, ..sanction }
	}
}

/// The last era in which an offence was noted, of those that have consequences once an era.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct OncePerEra {
	/// A bond below the rule.
	pub under_bonded: Option<EraIndex>,
	/// A reserve below the rule.
	pub under_reserved: Option<EraIndex>,
	/// A complaint without an answer.
	pub unanswered: Option<EraIndex>,
}

impl OncePerEra {
	/// Note an offence; says whether it has consequences, as all have that are not noted here.
	pub fn note_first(&mut self, offence: OffenceKind, era: EraIndex) -> bool {
		let last = match offence {
			OffenceKind::UnderBonded => &mut self.under_bonded,
			OffenceKind::UnderReserved => &mut self.under_reserved,
			OffenceKind::UnansweredComplaint => &mut self.unanswered,
			_ => return true,
		};
		last.replace(era) != Some(era)
	}

	/// Whether nothing of it matters in `era`.
	pub fn is_past(&self, era: EraIndex) -> bool {
		let Self { under_bonded, under_reserved, unanswered } = *self;
		[under_bonded, under_reserved, unanswered].into_iter().all(|last| last.is_none_or(|last| last < era))
	}
}

/// Where a member stands.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ConductRecord {
	/// Its demerits.
	pub demerits: DemeritAccount,
	/// What it may not do.
	pub sanctions: SanctionState,
	/// What was noted already, of what is noted once an era.
	pub noted: OncePerEra,
	/// Eras in a row at whose ends it had been offline.
	#[codec(compact)]
	pub offline_eras: u32,
}

impl ConductRecord {
	/// A member of which nothing was known before `era`.
	pub fn new(era: EraIndex) -> Self {
		Self { demerits: DemeritAccount { era, ..Default::default() }, ..Default::default() }
	}

	/// The first use of the record in `era`, whichever comes first, an offence or the end of the era before: demerits
	/// decay by `decay`, once.
	pub fn start_era(&mut self, era: EraIndex, decay: u32) {
		if self.demerits.era >= era {
			return;
		}
		let previous = self.summary();
		let balance = self.demerits.balance.saturating_sub(decay);
		self.demerits = DemeritAccount { balance, era, penalised: 0, previous };
	}

	fn summary(&self) -> EraSummary {
		let DemeritAccount { era, penalised, .. } = self.demerits;
		EraSummary { era, penalised, stopped_until: self.sanctions.in_force.stopped_until }
	}

	/// Whether nothing was held against the member in the eras from `first` to the one before `era`.
	pub fn is_spotless(&self, first: EraIndex, era: EraIndex) -> bool {
		let summary = if self.demerits.era < era { self.summary() } else { self.demerits.previous };
		(summary.penalised == 0 || summary.era < first) && summary.stopped_until < era
	}

	/// Let sanctions last as long as what is irrevocable and `others` say, which is not longer than before.
	pub fn lower_sanctions(&mut self, others: Sanction) {
		self.sanctions.lower_to(others);
		let previous = &mut self.demerits.previous;
		previous.stopped_until = previous.stopped_until.min(self.sanctions.in_force.stopped_until);
	}

	/// Whether all of it has come to nothing in `era`.
	pub fn is_empty(&self, era: EraIndex) -> bool {
		self.demerits.balance == 0
			&& self.demerits.penalised == 0
			&& self.offline_eras == 0
			&& !self.sanctions.suspended
			&& self.sanctions.in_force.stopped_until <= era
			&& self.noted.is_past(era)
	}
}
