//! What members get for what they do: penalties, shares of the pot, and complaints of customers.
//!
//! # Terminology
//! - *offence*: something that a member did or left undone, seen by the chain itself.
//! - *demerits*: what an offence adds to a member's record; they decay with every era.
//! - *escrow*: where a fine waits, held on the member's own account, until its *appeal window* has closed.
//! - *stop*: no issuing until an era begins.
//! - *pot*: the account that fees, interchange and fines go to, shared at the end of an era.
//! - *interchange of its receipts*: that of payments at a merchant, as far as it reached the pot in an era. What the
//!   merchant paid itself, as an issuer, is not in it.
//! - *good standing*: an active member that ran an authority all era and did nothing in it that brings
//!   demerits or a stop.
//! - *complaint*: what a customer has against one payment; *docket*: the complaints against one merchant.
//! - *case*: an answered complaint that a member brought to a vote.
//!
//! # Overview
//! [`Conduct::record_offence`](hanse_primitives::Conduct::record_offence) applies the price list at once, the same for every
//! member, and never fails. A fine is a part of the admission bond, never more than is left of it; a bond that
//! is used up suspends its member until it meets the rule again. [`Pallet::reverse_fine`] takes back a fine in
//! escrow with its demerits, and its stop and suspension as far as no other offence asks for them; the money goes
//! to the member's free balance, with which it tops up its bond. Where more than 64 other fines are in escrow,
//! stop and suspension stay as they are. A member on its way out cannot be suspended; the rest applies.
//!
//! When an era has ended, everybody is assessed in one block and what is seen is written down; then, member by
//! member and over as many blocks as it takes, demerits decay, suspensions end, bonds below the
//! rule are recorded, and shares are paid. What there is in the pot is divided by the number of members in good
//! standing, and nobody gets more than the interchange of its receipts, so idle shells get nothing and a member that pays at a friend's till
//! gets at most back what it cost. The rest stays for the next era. Authorities that were offline for the rule's
//! number of eras in a row are stopped in the end, those of equal length together or not at all, so
//! that no order decides whom the alliance can do without.
//!
//! A customer complains once about a receipt that can be refunded, without deposit. One [`Pallet::answer_complaints`] deals
//! with all complaints up to a number. What is not answered is paid back by the chain, those first that came
//! first, and the merchant pays for its work. A merchant that refunded everything by then needs no answer. An answered complaint waits for a member that brings it to a vote, with a
//! deposit that goes to the merchant if the members do not find for the customer in time; if they do, the fine
//! goes to the customer, up to the price. A fine or deposit that cannot be paid to whom it should go returns to
//! whose it was, so nobody who votes gains.
//!
//! A step that fails changes nothing and stops no other; an event reports it, and it is taken again later, each time
//! after twice as long, so that no money is lost by it.
//!
//! # Invariants
//! 1. Of every member, Σ fines in escrow = what is held for fines = what its escrow says.
//! 2. Of every member, the deposit of its one case = what is held for cases; a case is of an open complaint that
//!    was answered.
//! 3. Of every docket, open = the complaints that are not closed, and no number is above those that were filed.
//! 4. Every complaint is found by its receipt, and nothing else is.
//! 5. Fines, complaints and cases are on the agenda at their time, once, and nothing else is.
//! 6. Whoever is suspended by this pallet is not active, and nobody has more than the most demerits.
//! 7. What is still to be paid for an era that ended is in the pot.
//!
//! # Example
//! ```text
//! conduct.complain(7, payer, order, 0x…)     by the customer who paid at member 7
//! conduct.answer(3, 0x…)                     by member 7: everything up to its third complaint
//! conduct.bring(7, 3)                        by another member, with a deposit
//! conduct.uphold(7, 3)                       by the members' vote
//! ```
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod cases;
mod complaints;
mod due;
mod era_end;
mod fines;
mod impls;
mod record;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use record::*;
pub use types::*;
pub use weights::WeightInfo;

/// Demerits of one member at most.
pub const MAX_DEMERITS: u32 = 10_000;
/// Fines that a view lists and a reversal checks, at most.
pub const MAX_LISTED: u32 = 64;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{hold::Mutate as HoldMutate, Inspect, Mutate},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		Chargebacks, Customers, DeadlineClock, Duration, Electorate, EraIndex, Eras, InstitutionId,
		JudgementDebts, MemberStatus, Members, Moment, Money, OffenceKind, Order, Penalties, ServiceReports,
	};
	use sp_core::H256;
	use sp_runtime::traits::Convert;

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The settlement unit.
		type Currency: Inspect<Self::AccountId, Balance = Money>
			+ Mutate<Self::AccountId>
			+ HoldMutate<Self::AccountId, Reason = Self::RuntimeHoldReason>;

		/// The reasons under which fines and deposits are held.
		type RuntimeHoldReason: From<HoldReason>;

		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// The members' vote for a customer.
		type UpholdOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The members' vote against a fine.
		type ReverseOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who belongs to the alliance, and its bonds.
		type Members: Members<Self::AccountId>;

		/// Everybody who is assessed at the end of an era.
		type Electorate: Electorate<Self::AccountId>;

		/// How members are suspended.
		type MemberStatus: MemberStatus;

		/// The price list of offences.
		type Penalties: Penalties;

		/// What authorities did.
		type ServiceReports: ServiceReports;

		/// The payments that customers complain about.
		type Chargebacks: Chargebacks<Self::AccountId>;

		/// Who recovered whose account.
		type Customers: Customers<Self::AccountId>;

		/// The admission bond that fines are a part of, in settlement micro-units.
		type AdmissionBond: Get<Money>;

		/// The bond that members are held to, in settlement micro-units.
		type RequiredBond: Get<Money>;

		/// What members share.
		type Pot: Get<Self::AccountId>;

		/// The clock of accounting eras.
		type Eras: Eras;

		/// The clock of deadlines.
		type DeadlineClock: DeadlineClock;

		/// How long a fine can be reversed.
		type AppealTime: Get<Duration>;

		/// How long a merchant has to answer.
		type AnswerTime: Get<Duration>;

		/// How long an answered complaint can be brought to a vote, and how long a case can be decided.
		type CaseTime: Get<Duration>;

		/// What bringing a complaint to a vote takes, in settlement micro-units.
		type CaseDeposit: Get<Money>;

		/// The fees of bringing one to a vote and deciding it, which the merchant owes its bringer if the members
		/// find for the customer.
		type CaseCost: Get<Money>;

		/// Records what is found against members as their debt.
		type JudgementDebts: JudgementDebts<Self::AccountId>;

		/// What the chain's work costs whom it is done for.
		type WeightToFee: Convert<Weight, Money>;

		/// Demerits that every era takes back.
		type DemeritDecay: Get<u32>;

		/// Eras in a row at whose ends an authority had been offline before it is stopped.
		type OfflineEras: Get<u32>;

		/// Weights of calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// Why the settlement units of an institution are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Fines that can be reversed.
		Fine,
		/// The deposit of the case that it brought.
		Case,
	}

	/// Where members stand; who has no record has nothing against it.
	/// At most one for each member; gone when nothing is against it.
	#[pallet::storage]
	pub type ConductRecords<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, ConductRecord>;

	/// What each member did last, oldest first. Apart from records, so that the end of an era does not read it.
	/// At most one list for each institution, bounded; the oldest make way.
	#[pallet::storage]
	pub type OffenceLog<T: Config> = StorageMap<
		_,
		Twox64Concat,
		InstitutionId,
		BoundedVec<OffenceEntry, ConstU32<MAX_LOGGED_OFFENCES>>,
		ValueQuery,
	>;

	/// Fines in escrow, by member and number. One for each offence that is fined; whoever makes the
	/// chain see the offence pays the weight of recording it. Its due moment or a reversal removes it.
	#[pallet::storage]
	pub type Fines<T: Config> =
		StorageDoubleMap<_, Twox64Concat, InstitutionId, Twox64Concat, u32, Fine<T::AccountId>>;

	/// What the fines of each member come to.
	/// At most one for each member; gone when its fines are final or reversed.
	#[pallet::storage]
	pub type Escrows<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Escrow, ValueQuery>;

	/// Complaints, by merchant and number. The payment behind one, which a merchant or a customer paid for, bounds how
	/// many there can be, and filing weighs its later steps too; judging one that was not answered is paid for by the
	/// merchant. It goes when its receipt has.
	#[pallet::storage]
	pub type Complaints<T: Config> =
		StorageDoubleMap<_, Twox64Concat, InstitutionId, Twox64Concat, u64, Complaint<T::AccountId>>;

	/// The number of the complaint about a receipt, which is named by merchant, payer and commitment of the order.
	/// Paid for by the payment of the receipt; gone when its refund window has closed.
	#[pallet::storage]
	pub type ComplaintOf<T: Config> =
		StorageMap<_, Blake2_128Concat, (InstitutionId, T::AccountId, H256), u64>;

	/// The dockets of merchants; kept with the member.
	#[pallet::storage]
	pub type Dockets<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Docket, ValueQuery>;

	/// Cases, by merchant and number of the complaint: one for each member, which holds a deposit and pays for the
	/// end. The judgement removes it, or its time.
	#[pallet::storage]
	pub type OpenCases<T: Config> = StorageDoubleMap<_, Twox64Concat, InstitutionId, Twox64Concat, u64, Case>;

	/// The one case that a member brought.
	/// Paid for by the deposit of the case; gone when it is decided or lapses.
	#[pallet::storage]
	pub type CaseOf<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, (InstitutionId, u64)>;

	/// What the chain does, by moment and ticket; each entry belongs to one above, whose payer paid for it. Both are big-endian and unhashed, so that the next comes
	/// first, and of one moment what was put there first, whoever it is about.
	#[pallet::storage]
	pub type DueItems<T: Config> = StorageDoubleMap<_, Identity, [u8; 8], Identity, [u8; 8], Scheduled>;

	/// The ticket that is given out next.
	#[pallet::storage]
	pub type NextDueIndex<T: Config> = StorageValue<_, DueIndex, ValueQuery>;

	/// Interchange of each merchant's receipts that reached the pot since the last end of an era, in settlement
	/// micro-units.
	/// At most one for each merchant; gone at the end of an era.
	#[pallet::storage]
	pub type InterchangeOf<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Money, ValueQuery>;

	/// The era that ended and was assessed, while members are still to be settled with.
	#[pallet::storage]
	pub type Assessed<T: Config> = StorageValue<_, AssessedEra>;

	/// What this pallet moved into the pot and out of it.
	#[pallet::storage]
	pub type PotTotals<T: Config> = StorageValue<_, PotFlows, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An offence was recorded, with what followed from it: `amount` micro-units of fine, no issuing and a
		/// suspension before the eras named, zero for none.
		OffenceRecorded {
			member: InstitutionId,
			offence: OffenceKind,
			demerits: u32,
			fine: Option<FineId>,
			amount: Money,
			sanction: Sanction,
		},
		/// A fine of `amount` micro-units left its escrow for the pot or the customer.
		FinePaid { fine: FineId, to: T::AccountId, amount: Money },
		/// A fine could not be paid to the customer; its `amount` micro-units are the member's free balance.
		FineReturned { fine: FineId, amount: Money },
		/// A fine was not taken, since the books did not allow it: they are broken there. The rest of what follows from
		/// the offence applies.
		FineFailed { member: InstitutionId, error: DispatchError },
		/// The members reversed a fine; its `amount` micro-units are the member's free balance, with which it
		/// tops up its bond.
		FineReversed { fine: FineId, amount: Money },
		/// A member is not suspended by its conduct any more.
		SuspensionEnded { member: InstitutionId },
		/// A member's authority was stopped, since it was offline for `eras` in a row.
		AuthorityStopped { member: InstitutionId, eras: u32 },
		/// A member in good standing got `amount` micro-units of the pot.
		SharePaid { member: InstitutionId, amount: Money },
		/// A share of `amount` micro-units could not be paid, and stays in the pot.
		ShareFailed { member: InstitutionId, amount: Money, error: DispatchError },
		/// At the end of an era there were more members than there can be; of `members`, the last were left out.
		NotAssessed { members: u32 },
		/// All members are settled with for the time before `era`: `good` members were in good standing, the equal share was `share`
		/// micro-units, and `paid` were paid in all.
		EraEnded { era: EraIndex, good: u32, share: Money, paid: Money },
		/// A customer complained about a payment of which `price` micro-units were not refunded.
		ComplaintFiled {
			merchant: InstitutionId,
			number: u64,
			payer: T::AccountId,
			order: Order,
			evidence: H256,
			price: Money,
			deadline: Moment,
		},
		/// A merchant answered all complaints against it up to a number.
		ComplaintsAnswered { merchant: InstitutionId, up_to: u64, document: H256 },
		/// `value` micro-units of a payment were paid back upon a complaint.
		ChargedBack { merchant: InstitutionId, number: u64, value: Money },
		/// A complaint is over.
		ComplaintClosed { merchant: InstitutionId, number: u64, outcome: ComplaintOutcome },
		/// A member brought a complaint to a vote, with a deposit in micro-units.
		CaseOpened { merchant: InstitutionId, number: u64, by: InstitutionId, deposit: Money, ends: Moment },
		/// The members found for the customer, or not in time; the deposit is the free balance of `to`.
		CaseEnded { merchant: InstitutionId, number: u64, upheld: bool, deposit: Money, to: InstitutionId },
		/// A step that was due failed, and changed nothing. It is taken again at `retry`, unless what it is about does
		/// not exist. Either should not be: the books are broken there.
		DueItemFailed { item: DueItem, error: DispatchError, retry: Option<Moment> },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no such fine in escrow, or no such complaint.
		NotFound,
		/// The appeal window of the fine has closed.
		AppealOver,
		/// The member may not issue. `standing` names the era in which it may again.
		IssuingStopped,
		/// A fine of the member is in escrow. Wait until its appeal window has closed.
		FineInEscrow,
		/// A complaint against the member is open. Answer it, and wait until its time is over.
		ComplaintOpen,
		/// The member brought a case that is open, and may have one. Wait for its end.
		CaseOpen,
		/// There is no such receipt, its refund window has closed, or nothing of it is left to refund.
		NotRefundable,
		/// The caller neither paid nor recovered the payer's account. If it was recovered, sign as the new one.
		NotPayer,
		/// The receipt was complained about already.
		AlreadyComplained,
		/// The merchant answered all of these already.
		AlreadyAnswered,
		/// The complaint is not answered. Wait for the answer, or for its deadline.
		NotAnswered,
		/// The complaint is over, or too long ago.
		ComplaintOver,
		/// A merchant cannot bring a complaint against itself. It can refund.
		OwnComplaint,
		/// Another member brought the complaint to a vote already.
		AlreadyInCase,
		/// No member brought the complaint to a vote, or the time of the case is over. Bring it first.
		NoCase,
		/// Fewer free settlement units than the deposit. Fund the account first.
		FundsTooSmall,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Complain about what `payer` paid to `merchant` for `order`; `evidence` is the hash of what the
		/// customer has to say.
		///
		/// Origin: the payer, or, once its account was recovered, the account that has it now. Errors:
		/// [`Error::NotRefundable`], [`Error::NotPayer`], [`Error::AlreadyComplained`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::complaint())]
		pub fn file_complaint(
			origin: OriginFor<T>,
			merchant: InstitutionId,
			payer: T::AccountId,
			order: Order,
			evidence: H256,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_file_complaint(who, merchant, payer, order, evidence)
		}

		/// Answer all complaints against the caller up to the number `up_to`; `document` is the hash of what
		/// it has to say. What the chain has found unanswered stays so.
		///
		/// Origin: the merchant, whatever its status. Errors: [`Error::NotFound`],
		/// [`Error::AlreadyAnswered`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::answer_complaints())]
		pub fn answer_complaints(
			origin: OriginFor<T>,
			#[pallet::compact] up_to: u64,
			document: H256,
		) -> DispatchResult {
			let merchant = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_answer_complaints(merchant, up_to, document)
		}

		/// Bring an answered complaint to a vote, with a deposit that the merchant gets if the members do not
		/// find for the customer in time.
		///
		/// Origin: an active or suspended member that is not the merchant. Errors: [`Error::OwnComplaint`],
		/// [`Error::NotFound`], [`Error::NotAnswered`], [`Error::ComplaintOver`], [`Error::AlreadyInCase`],
		/// [`Error::CaseOpen`], [`Error::FundsTooSmall`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::case())]
		pub fn open_case(
			origin: OriginFor<T>,
			#[pallet::compact] merchant: InstitutionId,
			#[pallet::compact] number: u64,
		) -> DispatchResult {
			let by = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_open_case(by, merchant, number)
		}

		/// Find for the customer: what is left of the price is paid back, the offence recorded, and the fine goes
		/// to the customer, up to the price, when its appeal window has closed.
		///
		/// What the merchant has decides nothing: what it cannot pay of the price, of the fine and of what bringing
		/// the case cost, it owes.
		///
		/// Origin: [`Config::UpholdOrigin`]. Errors: [`Error::NotFound`], [`Error::NoCase`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::uphold_complaint())]
		pub fn uphold_complaint(
			origin: OriginFor<T>,
			#[pallet::compact] merchant: InstitutionId,
			#[pallet::compact] number: u64,
		) -> DispatchResult {
			T::UpholdOrigin::ensure_origin(origin)?;
			Self::do_uphold_complaint(merchant, number)
		}

		/// Take back a fine that is in escrow, with what else followed from its offence, as far as that still
		/// stands.
		///
		/// Origin: [`Config::ReverseOrigin`]. Errors: [`Error::NotFound`], [`Error::AppealOver`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::reverse_fine())]
		pub fn reverse_fine(origin: OriginFor<T>, fine: FineId) -> DispatchResult {
			T::ReverseOrigin::ensure_origin(origin)?;
			Self::do_reverse_fine(fine)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Where an institution stands; `None` for strangers.
		pub fn standing(institution: InstitutionId) -> Option<ConductReport> {
			Self::read_standing(institution)
		}

		/// Whether an institution would share in the pot if the era ended now, or why not.
		pub fn shares_this_era(institution: InstitutionId) -> Result<(), NoShareReason> {
			Self::read_share(institution)
		}

		/// A complaint; `None` once the receipt's refund window has closed and it is over.
		pub fn complaint(merchant: InstitutionId, number: u64) -> Option<Complaint<T::AccountId>> {
			Self::read_complaint(merchant, number)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Do what is due. Bounded, and the next block goes on.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::process_due(meter);
		}

		fn integrity_test() {
			let half = T::BlockWeights::get().max_block / 2;
			let steps = [
				T::WeightInfo::assess(),
				T::WeightInfo::settle_member(),
				T::WeightInfo::stop_offline(hanse_primitives::MAX_AUTHORITIES),
				T::WeightInfo::default_judgement(hanse_primitives::MAX_PARTS),
			];
			assert!(
				steps.iter().all(|step| step.all_lte(half)),
				"a step that fits no block would be tried for ever"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
