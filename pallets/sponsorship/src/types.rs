use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	traits::{ConstU32, DefensiveSaturating},
	BoundedVec,
};
use hanse_primitives::{Balance, InstitutionId, Quota, MAX_MEMBERS};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

/// By whom the fee of a call could be paid. Law: asking changes nothing, and an offer is made only to a
/// signer that holds what the call moves, for a call that would succeed as far as few reads can tell.
pub trait Offers<AccountId, Call> {
	/// The offer for `call` signed by `who`, or why nobody makes one.
	fn offer(who: &AccountId, call: &Call) -> Result<Offer<AccountId>, Unsponsored>;

	/// Whether nobody pays for `call` signed by `who`.
	fn is_free(who: &AccountId, call: &Call) -> bool;
}

/// For whom calls that nobody sponsors are made. Law: asking changes nothing, and whatever is a governance call is
/// a member's, or what the members have decided already.
pub trait MemberCalls<AccountId, Call> {
	/// How many members there are, among whom a sponsor's budget is shared.
	fn member_count() -> u32;

	/// Whether `who` signs `call` as a member or an officer of the alliance, or for one as its delegate.
	fn is_member_call(who: &AccountId, call: &Call) -> bool;

	/// Whether `call` signed by `who` is one by which members decide.
	fn is_governance_call(who: &AccountId, call: &Call) -> bool;

	/// `call` signed by `who`, which is a member's, is in a block. Law: each member for which it is made, and which
	/// does not sign it itself, is awake from now on; it registers what that weighs.
	fn note_activity(who: &AccountId, call: &Call);
}

/// The money of institutions from which fees are paid. Law: what is taken and settled afterwards neither appears nor
/// vanishes.
pub trait Purses<AccountId> {
	/// Whether an account has `fee` to spare.
	fn can_pay(account: &AccountId, fee: Balance) -> bool;

	/// Take what a transaction may cost off an account. Law: it succeeds where [`Self::can_pay`] says so, and changes
	/// nothing where it fails.
	fn take(account: &AccountId, fee: Balance) -> DispatchResult;

	/// Of what was `taken`, so much is `due`. Law: that goes where fees go, and the rest back to the account; if that
	/// has ended meanwhile, with the fee. It never fails.
	fn settle(account: &AccountId, taken: Balance, due: Balance);
}

/// Who would pay the fee of a call, and what that depends on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Offer<AccountId> {
	/// The institution that would pay.
	pub sponsor: InstitutionId,
	/// The account whose person's quota the calls are counted against.
	pub person: AccountId,
	/// How many calls there are: more than one in a batch.
	pub calls: u32,
	/// What the call that moves least moves, in settlement micro-units.
	pub value: Balance,
	/// What that person has left; `None` for a stranger.
	pub quota: Option<Quota>,
}

/// Why no institution pays the fee of a call.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum Unsponsored {
	/// The transaction would not be taken, whoever pays: it is for members to send, or too large.
	NotTaken,
	/// Institutions do not pay for calls of this kind, nor for batches of several sponsors or of more than 16.
	NotSponsored,
	/// Institutions pay for themselves, and so do their delegates.
	IsInstitution,
	/// What the call does is for customers only. Have an institution register the account.
	NotRegistered,
	/// The signer does not hold what the call moves, in points that are neither expired nor halted.
	NotHeld,
	/// The call would fail, and this is why.
	WouldFail(DispatchError),
	/// Nobody has registered the account, and the call moves less than an institution pays for then.
	ValueTooSmall,
	/// The person has had its sponsored calls of today.
	QuotaUsed,
	/// The institution has sponsored what it does in a day.
	BudgetUsed(InstitutionId),
	/// Accounts that nobody registered have had their part of the institution's budget of today.
	StrangersShareUsed(InstitutionId),
	/// Customers of `voucher` have had their part of the budget of `sponsor` today, and `voucher` does not pay
	/// itself: its own budget is used up, or its free balance is short.
	VoucherShareUsed { sponsor: InstitutionId, voucher: InstitutionId },
	/// The institution's free balance is too short.
	SponsorShort(InstitutionId),
}

/// What becomes of the fee of a call.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct WhoPays {
	/// Who pays it; nobody if the transaction would not be taken.
	pub payer: Option<PaidBy>,
	/// The fee at most, without a tip, in settlement micro-units; for whoever pays, or would have to.
	pub fee: Balance,
	/// Why no institution does.
	pub unsponsored: Option<Unsponsored>,
}

/// Who pays the fee of a call.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum PaidBy {
	/// It is free.
	Nobody,
	/// An institution.
	Institution(InstitutionId),
	/// Whoever signed it, of its own balance.
	Signer,
}

/// Who pays the fee of a transaction.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Payer<AccountId> {
	/// Whoever signed it, for this reason.
	Signer(Unsponsored),
	/// Nobody: it is free.
	Nobody,
	/// An institution.
	Sponsor(AcceptedOffer<AccountId>),
}

/// An offer that is taken up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AcceptedOffer<AccountId> {
	/// The institution that pays.
	pub sponsor: InstitutionId,
	/// The account that it pays from.
	pub account: AccountId,
	/// The account whose person's quota is used; a stranger has none.
	pub person: AccountId,
	/// How many calls are counted against the quota.
	pub calls: u32,
	/// For whom it pays.
	pub whose: SponsoredFor,
	/// What the institution has sponsored today without it. Nothing else changes that while the transaction runs.
	pub spent: DailySpending,
}

/// For whom a sponsor pays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SponsoredFor {
	/// A customer whom it vouches for itself.
	Own,
	/// A customer whom another institution vouches for.
	Of(InstitutionId),
	/// An account that nobody has registered.
	Stranger,
}

/// What an institution sponsored on one day, in settlement micro-units.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct DailySpending {
	/// The day, counted from the Unix epoch.
	#[codec(compact)]
	pub day: u32,
	/// For everybody.
	#[codec(compact)]
	pub all: Balance,
	/// Of that, for strangers.
	#[codec(compact)]
	pub strangers: Balance,
	/// Of that, for the customers of each other institution.
	pub vouched: BoundedVec<VouchedSpending, ConstU32<MAX_MEMBERS>>,
}

/// What was sponsored for the customers of another institution.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct VouchedSpending {
	/// Who vouches for them.
	#[codec(compact)]
	pub by: InstitutionId,
	/// Settlement micro-units.
	#[codec(compact)]
	pub fees: Balance,
}

/// Which part of a budget is used up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ExhaustedPart {
	Budget,
	BlockShare,
}

impl DailySpending {
	/// Fails unless `fee` more stays within `budget` and within what those for whom it is may take of it:
	/// strangers together a tenth, the customers of another institution one of as many parts of the rest as
	/// there are members.
	pub fn ensure_leaves(
		&self,
		fee: Balance,
		budget: Balance,
		whose: SponsoredFor,
		seats: u32,
	) -> Result<(), ExhaustedPart> {
		let within = |spent: Balance, most| spent.checked_add(fee).is_some_and(|sum| sum <= most);
		if !within(self.all, budget) {
			return Err(ExhaustedPart::Budget);
		}
		let tenth = budget / 10;
		let within_share = match whose {
			SponsoredFor::Own => true,
			SponsoredFor::Stranger => within(self.strangers, tenth),
			SponsoredFor::Of(voucher) => {
				let place = self.vouched.iter().find(|vouched| vouched.by == voucher);
				let has_place = place.is_some() || self.vouched.len() < MAX_MEMBERS as usize;
				let share = (budget - tenth) / Balance::from(seats.max(1));
				has_place && within(place.map_or(0, |vouched| vouched.fees), share)
			},
		};
		within_share.then_some(()).ok_or(ExhaustedPart::BlockShare)
	}

	/// Count `fee` as spent for some of them, and thereby for all.
	pub(crate) fn add(&mut self, whose: SponsoredFor, fee: Balance) {
		let add = |spent: &mut Balance| *spent = spent.defensive_saturating_add(fee);
		add(&mut self.all);
		match whose {
			SponsoredFor::Own => {},
			SponsoredFor::Stranger => add(&mut self.strangers),
			SponsoredFor::Of(voucher) => {
				match self.vouched.iter_mut().find(|vouched| vouched.by == voucher) {
					Some(vouched) => add(&mut vouched.fees),
					// There is a place: that was checked before anything was withdrawn.
					None => drop(self.vouched.try_push(VouchedSpending { by: voucher, fees: fee })),
				}
			},
		}
	}
}

/// Where a transaction stands in pool and block, the last in front. Each lane may use what those behind it do not,
/// but never what is kept for those before it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Lane {
	/// Everybody else, at a fee that rises while blocks are full.
	Open,
	/// Members and their delegates at their own cost.
	Members,
	/// What institutions pay for, and what is free.
	Customers,
	/// How members decide, in the part of a block that only operational calls use.
	Governance,
}

impl Lane {
	/// The priority in the pool of a transaction that within its lane has `priority`: nothing in one lane
	/// outbids anything in the next.
	pub fn raise(self, priority: u64) -> u64 {
		const LANE: u32 = 62;
		(self as u64) << LANE | priority.min((1 << LANE) - 1)
	}
}

/// What transactions of the lanes that are limited use of a block so far.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct LaneUsage {
	/// In the open lane.
	pub open: BlockShare,
	/// In that and the members'.
	pub all: BlockShare,
}

/// A part of a block.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct BlockShare {
	/// Picoseconds of computation.
	pub time: u64,
	/// Bytes.
	pub length: u32,
}

impl BlockShare {
	pub(crate) fn plus(self, more: BlockShare) -> BlockShare {
		BlockShare {
			time: self.time.saturating_add(more.time),
			length: self.length.saturating_add(more.length),
		}
	}

	pub(crate) fn fits(self, most: BlockShare) -> bool {
		self.time <= most.time && self.length <= most.length
	}
}

/// What a transaction costs whom, as it was decided when it was validated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FeeCharge<AccountId> {
	/// Who signed it.
	pub who: AccountId,
	/// Who pays.
	pub payer: Payer<AccountId>,
	/// Where it stands.
	pub lane: Lane,
	/// The fee as declared, without the tip, in settlement micro-units.
	pub fee: Balance,
}
