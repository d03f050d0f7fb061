use crate::record::Sanction;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{EraIndex, InstitutionId, Moment, Money, OffenceKind, Order};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{
	traits::{EnsureAddAssign, EnsureSubAssign},
	ArithmeticError, BoundedVec,
};

/// Offences of one member that are remembered.
pub const MAX_LOGGED_OFFENCES: u32 = 32;
/// Members that are assessed at the end of an era, at most: all there can be, and as many that left since the last one.
pub const MAX_ASSESSMENTS: u32 = 2 * hanse_primitives::MAX_MEMBERS;

/// A place on the agenda among those of the same moment.
pub type DueIndex = u64;

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

/// The customer that an offence was done to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Injured<AccountId> {
	/// Who paid.
	pub payer: AccountId,
	/// The most that its fine may be, in settlement micro-units.
	pub price: Money,
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
	pub amount: Money,
	/// Beside them, what the bond did not have for a customer: owed when the appeal window has closed.
	#[codec(compact)]
	pub owed: Money,
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
	pub held: Money,
}

impl Escrow {
	/// A fine of `amount` comes in; returns its number.
	pub fn open(&mut self, amount: Money) -> Result<u32, ArithmeticError> {
		self.last.ensure_add_assign(1)?;
		self.fines.ensure_add_assign(1)?;
		self.held.ensure_add_assign(amount)?;
		Ok(self.last)
	}

	/// A fine of `amount` goes.
	pub fn close_complaint(&mut self, amount: Money) -> Result<(), ArithmeticError> {
		self.fines.ensure_sub_assign(1)?;
		self.held.ensure_sub_assign(amount)
	}
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
	pub price: Money,
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

impl Docket {
	/// A complaint comes in; returns its number.
	pub fn file(&mut self) -> Result<u64, ArithmeticError> {
		self.filed.ensure_add_assign(1)?;
		self.open.ensure_add_assign(1)?;
		Ok(self.filed)
	}

	/// A complaint is over.
	pub fn close_complaint(&mut self) -> Result<(), ArithmeticError> {
		self.open.ensure_sub_assign(1)
	}
}

/// A complaint that a member brought to a vote.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Case {
	/// The member.
	pub by: InstitutionId,
	/// What it deposited, in settlement micro-units.
	#[codec(compact)]
	pub deposit: Money,
	/// What bringing it cost, which the merchant owes if the members find for the customer.
	#[codec(compact)]
	pub cost: Money,
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
	pub paid_in: Money,
	/// Shares.
	#[codec(compact)]
	pub paid_out: Money,
}

/// What was seen of a member at the end of an era.
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
	pub interchange: Money,
}

/// What is still to be done about an era that ended, while that takes more than one block.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct AssessedEra {
	/// The era that began.
	#[codec(compact)]
	pub era: EraIndex,
	/// The equal share of the pot, in settlement micro-units.
	#[codec(compact)]
	pub share: Money,
	/// Members in good standing.
	#[codec(compact)]
	pub good: u32,
	/// What was paid so far.
	#[codec(compact)]
	pub paid: Money,
	/// Members that were settled with.
	#[codec(compact)]
	pub next: u32,
	/// Everybody.
	pub members: BoundedVec<Assessment, ConstU32<MAX_ASSESSMENTS>>,
}

/// Why a member would not share in the pot if the era ended now.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub enum NoShareReason {
	/// It is suspended, on its way out or gone, or no member.
	NotActive,
	/// It is active, but its bond is below the rule.
	BondTooSmall,
	/// It does not run an authority, or did not all era, or was offline in it.
	NoServiceWholeEra,
	/// Something that it did in the era brought demerits.
	Demerits,
	/// It may not issue.
	IssuingStopped,
	/// It would, but no receipt of a payment at it, made with other members' points, closed in this era. What the
	/// member itself pays to the pot, as the issuer of the points that are spent elsewhere or exchanged, does not count.
	NoInterchangeFromReceipts,
}

/// What a member, or anybody, wants to know about its standing.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ConductReport {
	/// Demerits.
	pub demerits: u32,
	/// Fines in escrow, 64 at most: number, offence, settlement micro-units, and when they leave it.
	pub fines: Vec<(u32, OffenceKind, Money, Moment)>,
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
	pub interchange: Money,
	/// Whether it would share in the pot if the era ended now, or why not.
	pub shares: Result<(), NoShareReason>,
	/// What it would get of the pot at most if the era ended now: not more than the interchange of its receipts, nor than what
	/// there is to share. How many share is known when it ends.
	pub most_this_era: Money,
}
