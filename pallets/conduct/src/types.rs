use crate::MAX_DEMERITS;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{Balance, EraIndex, InstitutionId, Moment, OffenceKind, Order};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::BoundedVec;

/// Offences of one member that are remembered.
pub const MAX_LOGGED_OFFENCES: u32 = 32;
/// Members that the end of one era assesses at most: all there can be, and as many that left since the last one.
pub const MAX_ASSESSMENTS: u32 = 2 * hanse_primitives::MAX_MEMBERS;

/// A place on the agenda among those of the same moment.
pub type DueIndex = u64;

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

/// The last era in which an offence was noted, of those that have consequences once an era.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct LastRecorded {
	/// A bond below the rule.
	pub under_bonded: Option<EraIndex>,
	/// A reserve below the rule.
	pub under_reserved: Option<EraIndex>,
	/// A complaint without an answer.
	pub unanswered: Option<EraIndex>,
}

/// Where a member stands.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ConductRecord {
	/// Demerits, which decay.
	#[codec(compact)]
	pub demerits: u32,
	/// The era to which the rest of the record belongs.
	#[codec(compact)]
	pub era: EraIndex,
	/// Offences of that era that brought demerits.
	#[codec(compact)]
	pub penalised: u32,
	/// The era before, as it ended.
	pub before: EraSummary,
	/// What is in force.
	pub sanction: Sanction,
	/// What of it no reversal of a fine takes back.
	pub irrevocable: Sanction,
	/// Whether it is suspended by us.
	pub suspended: bool,
	/// Eras in a row at whose ends it had been offline.
	#[codec(compact)]
	pub offline: u32,
	/// What was noted already, of what is noted once an era.
	pub last_recorded: LastRecorded,
}

impl ConductRecord {
	/// A member of which nothing was known before `era`.
	pub fn new(era: EraIndex) -> Self {
		Self { era, ..Default::default() }
	}

	/// The first look at the record in `era`, whichever comes first, an offence or the turn: demerits decay by
	/// `decay`, once.
	pub fn start_era(&mut self, era: EraIndex, decay: u32) {
		if self.era >= era {
			return;
		}
		self.before = self.marks();
		self.era = era;
		self.penalised = 0;
		self.demerits = self.demerits.saturating_sub(decay);
	}

	fn marks(&self) -> EraSummary {
		EraSummary { era: self.era, penalised: self.penalised, stopped_until: self.sanction.stopped_until }
	}

	/// Whether nothing was held against the member in the eras from `last` to the one before `era`.
	pub fn is_spotless(&self, last: EraIndex, era: EraIndex) -> bool {
		let marks = if self.era < era { self.marks() } else { self.before };
		(marks.penalised == 0 || marks.era < last) && marks.stopped_until < era
	}

	/// Note an offence that has consequences once an era; says whether it has, as all others have.
	pub fn record_once(&mut self, offence: OffenceKind, era: EraIndex) -> bool {
		let slot = match offence {
			OffenceKind::UnderBonded => &mut self.last_recorded.under_bonded,
			OffenceKind::UnderReserved => &mut self.last_recorded.under_reserved,
			OffenceKind::UnansweredComplaint => &mut self.last_recorded.unanswered,
			_ => return true,
		};
		slot.replace(era) != Some(era)
	}

	/// Add demerits; returns how many, up to the most that there can be.
	pub fn add_demerits(&mut self, demerits: u32) -> u32 {
		let before = self.demerits;
		self.demerits = before.saturating_add(demerits).min(MAX_DEMERITS);
		if demerits > 0 {
			self.penalised = self.penalised.saturating_add(1);
		}
		self.demerits.saturating_sub(before)
	}

	/// Take back what an offence of `era` brought.
	pub fn remove_demerits(&mut self, demerits: u32, era: EraIndex) {
		self.demerits = self.demerits.saturating_sub(demerits);
		if demerits == 0 {
			return;
		}
		if era == self.era {
			self.penalised = self.penalised.saturating_sub(1);
		} else if era == self.before.era {
			self.before.penalised = self.before.penalised.saturating_sub(1);
		}
	}

	/// What is in force from now on, which is not more than before.
	pub fn lower_sanction(&mut self, sanction: Sanction) {
		self.sanction = sanction;
		self.before.stopped_until = self.before.stopped_until.min(sanction.stopped_until);
	}

	/// Whether all of it has come to nothing in `era`.
	pub fn is_empty(&self, era: EraIndex) -> bool {
		let LastRecorded { under_bonded, under_reserved, unanswered } = self.last_recorded;
		let is_past = |noted: Option<EraIndex>| noted.is_none_or(|noted| noted < era);
		self.demerits == 0
			&& self.penalised == 0
			&& self.offline == 0
			&& !self.suspended
			&& self.sanction.stopped_until <= era
			&& [under_bonded, under_reserved, unanswered].into_iter().all(is_past)
	}
}

/// An offence as it is remembered.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct OffenceEntry {
	/// What was done.
	pub offence: OffenceKind,
	/// When.
	#[codec(compact)]
	pub era: EraIndex,
	/// How often, of what has consequences once an era.
	#[codec(compact)]
	pub times: u32,
	/// Demerits that it brought.
	#[codec(compact)]
	pub demerits: u32,
	/// The number of the fine.
	pub fine: Option<u32>,
	/// Whether the members reversed it.
	pub reversed: bool,
}

/// What names a fine.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct FineId {
	/// Who was fined.
	pub member: InstitutionId,
	/// The fine, among those of the member.
	#[codec(compact)]
	pub number: u32,
}

/// A fine in escrow.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Fine<AccountId> {
	/// What for.
	pub offence: OffenceKind,
	/// Settlement micro-units in escrow.
	#[codec(compact)]
	pub amount: Balance,
	/// Beside them, what the bond did not have for a customer: owed when the appeal window has closed.
	#[codec(compact)]
	pub owed: Balance,
	/// Demerits that the offence brought.
	#[codec(compact)]
	pub demerits: u32,
	/// The era of the offence.
	#[codec(compact)]
	pub era: EraIndex,
	/// What else followed from it.
	pub sanction: Sanction,
	/// When its appeal window closes, by the rule of the day.
	#[codec(compact)]
	pub due: Moment,
	/// Its place on the agenda then.
	#[codec(compact)]
	pub due_index: DueIndex,
	/// The customer that it goes to, if not to the pot.
	pub customer: Option<AccountId>,
}

/// The fines of one member.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Escrow {
	/// The number of its last fine.
	#[codec(compact)]
	pub last: u32,
	/// Fines in escrow now.
	#[codec(compact)]
	pub fines: u32,
	/// Their sum, in settlement micro-units.
	#[codec(compact)]
	pub held: Balance,
}

/// How a complaint ended.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum ComplaintOutcome {
	/// The merchant answered it, and the members did not find for the customer.
	Answered,
	/// The merchant did not answer, and the chain paid the price back.
	ChargedBack,
	/// The merchant did not answer, but had refunded everything.
	Settled,
	/// The members found for the customer, and the price was paid back.
	Upheld,
}

/// Where a complaint stands.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum ComplaintState {
	/// It waits for its answer, or for a member that brings it to a vote.
	Open,
	/// It is over, and kept so that the same receipt is not complained about twice.
	Closed(ComplaintOutcome),
}

/// A complaint about a payment.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Complaint<AccountId> {
	/// Who paid.
	pub payer: AccountId,
	/// What for.
	pub order: Order,
	/// The hash of what the customer has to say.
	pub evidence: H256,
	/// What was not refunded when it was filed, in settlement micro-units.
	#[codec(compact)]
	pub price: Balance,
	/// Until when the merchant answers.
	#[codec(compact)]
	pub deadline: Moment,
	/// Until when a member may bring it to a vote once it is answered.
	#[codec(compact)]
	pub ends: Moment,
	/// When the chain checks it next.
	#[codec(compact)]
	pub due: Moment,
	/// Its place on the agenda then.
	#[codec(compact)]
	pub due_index: DueIndex,
	/// Where it stands.
	pub state: ComplaintState,
}

impl<AccountId> Complaint<AccountId> {
	/// Whether it can still cost the merchant something.
	pub fn is_open(&self) -> bool {
		!matches!(self.state, ComplaintState::Closed(_))
	}
}

/// The complaints against one merchant.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Docket {
	/// The number of the last one.
	#[codec(compact)]
	pub filed: u64,
	/// The number of the last one that the merchant answered; all before it are answered too.
	#[codec(compact)]
	pub answered_to: u64,
	/// Those that are not over.
	#[codec(compact)]
	pub open: u32,
	/// The hash of the merchant's last answer.
	pub document: Option<H256>,
}

/// A complaint that a member brought to a vote.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Case {
	/// The member.
	pub by: InstitutionId,
	/// What it deposited, in settlement micro-units.
	#[codec(compact)]
	pub deposit: Balance,
	/// What bringing it cost, which the merchant owes if the members find for the customer.
	#[codec(compact)]
	pub cost: Balance,
	/// The first moment at which it is over.
	#[codec(compact)]
	pub ends: Moment,
	/// Its place on the agenda then.
	#[codec(compact)]
	pub due_index: DueIndex,
}

/// Something that the chain does at a time.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub enum DueItem {
	/// A fine leaves its escrow: member and number.
	Fine(InstitutionId, u32),
	/// A complaint has its next step: merchant and number.
	Complaint(InstitutionId, u64),
	/// The time of a case is over: merchant and number.
	Case(InstitutionId, u64),
}

/// An item on the agenda.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Scheduled {
	/// The item.
	pub item: DueItem,
	/// How often it failed. It waits twice as long each time.
	pub failures: u8,
}

/// What this pallet moved into the pot and out of it, ever, in settlement micro-units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct PotFlows {
	/// Fines.
	#[codec(compact)]
	pub paid_in: Balance,
	/// Shares.
	#[codec(compact)]
	pub paid_out: Balance,
}

/// What was seen of a member when the end of an era began.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Assessment {
	/// The member.
	#[codec(compact)]
	pub member: InstitutionId,
	/// It was offline in the era that ended.
	pub offline: bool,
	/// It was in good standing.
	pub good: bool,
	/// It is active, but its bond is below the rule.
	pub under_bonded: bool,
	/// Its bond meets the rule.
	pub meets_bond: bool,
	/// Interchange of its receipts that reached the pot, in settlement micro-units.
	#[codec(compact)]
	pub interchange: Balance,
}

/// The end of an era, while it takes more than one block.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct EraEnd {
	/// The era that began.
	#[codec(compact)]
	pub era: EraIndex,
	/// The equal share of the pot, in settlement micro-units.
	#[codec(compact)]
	pub share: Balance,
	/// Members in good standing.
	#[codec(compact)]
	pub good: u32,
	/// What was paid so far.
	#[codec(compact)]
	pub paid: Balance,
	/// Entries that are dealt with.
	#[codec(compact)]
	pub next: u32,
	/// Everybody.
	pub assessments: BoundedVec<Assessment, ConstU32<MAX_ASSESSMENTS>>,
}

/// Why a member would not share in the pot if the era ended now.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub enum NoShareReason {
	/// It is not active, or its bond is below the rule.
	NotActive,
	/// It does not run an authority, or did not all era, or was offline in it.
	NoServiceWholeEra,
	/// Something that it did in the era brought demerits.
	Demerits,
	/// It may not issue.
	IssuingStopped,
	/// It would, but no interchange of its own receipts reached the pot.
	NoInterchange,
}

/// What a member, or anybody, wants to know about its standing.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ConductReport {
	/// Demerits.
	pub demerits: u32,
	/// Fines in escrow, 64 at most: number, offence, settlement micro-units, and when they leave it.
	pub fines: Vec<(u32, OffenceKind, Balance, Moment)>,
	/// The first era in which it may issue again, while it may not.
	pub stopped_until: Option<EraIndex>,
	/// The first era in which its suspension can end, while it is suspended.
	pub suspended_until: Option<EraIndex>,
	/// Eras in a row at whose ends it had been offline.
	pub offline_eras: u32,
	/// What it did last, oldest first.
	pub offences: Vec<OffenceEntry>,
	/// Complaints against it.
	pub complaints: Docket,
	/// Interchange of its receipts that reached the pot in this era, in settlement micro-units.
	pub interchange: Balance,
	/// Whether it would share in the pot if the era ended now, or why not.
	pub shares: Result<(), NoShareReason>,
	/// What it would get of the pot at most if the era ended now: not more than its takings, nor than what
	/// there is to share. How many share is known when it ends.
	pub most_this_era: Balance,
}
