//! Points across merchants: pay at one member with another's points, take it back, and exchange points.
//!
//! # Terminology
//! - *leg*: one program that a payment draws on, with the most points it may take.
//! - *price*: settlement micro-units that are paid.
//! - *order*: what the payment is for. Its commitment names it, at one merchant and for one payer, and it is
//!   authorised or paid once; its era only says until when it can be delivered.
//! - *slip*: a payment that a customer signed without a network, for a merchant to present.
//! - *interchange*: the part of what foreign points pay that the issuer owes the pot instead of the merchant.
//! - *receipt*: the record of one payment; a *part* of it is what one vintage paid.
//! - *kept*: a receipt on which somebody has yet to decide; it stays until it is released.
//! - *authorisation*: points that are burned for a merchant which has not taken all of them yet.
//! - *carried*: what was refunded into another vintage and is not worth a smallest unit of it yet.
//!
//! # Overview
//! [`Pallet::pay`] burns points, each at its own vintage's face value, until the price is covered; every
//! issuer but the merchant itself owes the merchant what its points paid, less interchange, which is accrued
//! on the issuer until the receipt's refund window has closed, and then reaches the pot. Payments at home cost
//! none.
//!
//! Whatever open era a retry names, it is the same order: two people who pay one order have two orders here, and a
//! till that wants one of them only says so in its request. A receipt is found by what names its order, in one
//! read, and stays at least until no era that was open when it was paid takes orders any more, since it is what
//! refuses to be paid twice.
//!
//! [`Pallet::present_slips`] books slips as payments, each on its own: one that is refused is named with its place and the
//! reason, and the others go on. What a customer signs ([`Pallet::slip`]) is good at one merchant, on one chain, for
//! one order, whose receipt makes it worth one payment, and for an hour or what the rules say. The merchant pays the
//! fee; the customer needs neither network nor nonce nor quota.
//!
//! [`Pallet::refund`] takes a payment back, by what is refunded in all, so that a repeat does nothing: of each burn,
//! and of what was owed and accrued for it, ⌊total × refunded ÷ price⌋ so far, so that the last part returns all
//! whatever the parts were; of several captures, what was captured first is refunded first. The points return into
//! the vintage they came from, with its expiry. If that is expired, they return at equal value in the open vintage
//! of the program that expires first; if there is none, or the issuer cannot go on, in the merchant's own points, and
//! the merchant keeps what it got. What is too little for a whole smallest unit is carried to the next refund. In
//! both cases the interchange stays due, and it is the merchant that bears it: the issuer, which owes the value
//! again, gets all of it back. A refund leaves behind the merchant's own points what drawing down would have to:
//! in others' points it is money that leaves, in its own it counts as issuing. So it fails for the merchant's own free
//! reserve, cap, growth and closed books, and for nothing else. It gives the customer's limit back.
//!
//! A receipt that is kept ([`Receipts`](hanse_primitives::Chargebacks)) can be refunded after its window has closed
//! too, by its merchant or for it, and its interchange waits. When its time is over it leaves the list of those that
//! are to be dropped, where it would be in younger ones' way.
//!
//! [`Pallet::authorize`] burns points, which count as redeemed from then on but stay outstanding, and keeps of the
//! issuers' lines and reserves what the payment will need. [`Pallet::capture`] pays with the first of them, in up to
//! 16 parts, which all grow one receipt. The last one, [`Pallet::void`], or the chain when the time is over, mints
//! back what is left (the flow `reinstated`) and gives it back to the limit. Of a smallest unit of which captures took
//! a part, all is taken with the last one. Whoever pays for an authorisation pays
//! for its end.
//!
//! [`Pallet::exchange`] burns points of one program and mints points of another for the same value less one
//! interchange, paid at once; between two programs of one institution there is none. N published face values
//! instead of N² private deals.
//!
//! # Rounding
//! Points needed round up against who pays, by less than one smallest unit. Interchange rounds up, against the
//! merchant (or who exchanges), by less than one micro-unit for each burn. What a refund returns so far rounds
//! down, so that refunding in parts never gives more than at once; with the last part all of it is exact.
//!
//! # Invariants
//! 1. Every receipt's parts paid exactly its price, capture by capture, and nothing that is not authorised any more
//!    has no price.
//! 2. Of every receipt Σ refunds ≤ price, and of every part returned = ⌊burned × refunded of its capture ÷ price of
//!    its capture⌋; what is carried is less than the largest face value.
//! 3. Of every institution, interchange accrued = Σ over receipts, kept or not, of what is not released + Σ over
//!    authorisations of what is not captured.
//! 4. Of every institution, reserve earmarked = Σ over authorisations of what is not captured.
//! 5. Every authorisation ends once, at its deadline. It has a receipt whose price is what was captured, and no other
//!    receipt says that more may be captured.
//! 6. Of every institution, what is authorised = Σ over authorisations of the face value of what was not captured.
//! 7. Every receipt that is not authorised is on the list once, under the moment at which it closes, or, if it is kept,
//!    among those that have left it; and neither names anything else. None was paid in an era that has not begun.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod authorisation;
mod exchange;
pub mod math;
mod pay;
mod receipts;
mod refund;
mod slips;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use hanse_primitives::{Duration, DAY};
use weights::most_burns;

/// After how long what could not be done is tried again.
pub(crate) const RETRY: Duration = DAY;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{defensive, pallet_prelude::*, traits::Time, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		Burn, Clearing, Customers, DeadlineClock, Eras, InstitutionId, JudgementDebts, Members, Moment,
		Money, OnInterchangeCollected, Order, Points, PointsLedger, ProgramId, MAX_BURNS, MAX_LEGS,
		MAX_OPEN_VINTAGES, MAX_PARTS,
	};
	use sp_runtime::traits::{IdentifyAccount, Verify};

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// Who belongs to the alliance.
		type Members: Members<Self::AccountId>;

		/// Who may spend.
		type Customers: Customers<Self::AccountId>;

		/// The points that pay.
		type Points: PointsLedger<Self::AccountId>;

		/// How members settle.
		type Clearing: Clearing + JudgementDebts<Self::AccountId>;

		/// The clock of accounting eras.
		type Eras: Eras;

		/// The clock of deadlines.
		type DeadlineClock: DeadlineClock;

		/// The chain's clock.
		type Time: Time<Moment = Moment>;

		/// What the members agreed on.
		type Rules: Get<PaymentRules>;

		/// What customers sign slips with.
		type Signature: Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>> + Parameter;

		/// The lowest price, in settlement micro-units.
		#[pallet::constant]
		type MinPrice: Get<Money>;

		/// What the alliance took of each merchant's receipts.
		type OnInterchangeCollected: OnInterchangeCollected;

		/// Weights of the calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// Receipts, by what names their order, also of what is authorised and not captured yet. Whoever pays the fee of
	/// a payment pays for its entry, which goes when no order that could be this one is taken any more, its refund
	/// window has closed and nobody keeps it.
	#[pallet::storage]
	pub type Receipts<T: Config> = StorageMap<_, Blake2_128Concat, ReceiptKey<T::AccountId>, Receipt>;

	/// The list of receipts to which nothing will be added, by the moment at which they close; it is big-endian and
	/// unhashed, so that the first to close comes first and idle blocks can drop it. All payments of a block close at
	/// once, so the list has pages, each with a number, big-endian too. One entry for a receipt at most, which goes with
	/// it, or before it if it is kept.
	#[pallet::storage]
	pub type ReceiptClosings<T: Config> =
		StorageDoubleMap<_, Identity, [u8; 8], Identity, [u8; 8], Closings<T::AccountId>>;

	/// The page to which the last receipt was added.
	#[pallet::storage]
	pub type LastClosingPage<T: Config> = StorageValue<_, ClosingPage, ValueQuery>;

	/// Kept receipts whose time is over, which are on that list no more. One entry goes when its receipt is released.
	#[pallet::storage]
	pub type KeptReceipts<T: Config> = StorageMap<_, Blake2_128Concat, ReceiptKey<T::AccountId>, ()>;

	/// Authorisations of which more may be captured, by what names their order. Whoever pays the fee of one pays for
	/// its entry and for its end, which is the last capture, a void, or its deadline.
	#[pallet::storage]
	pub type Authorisations<T: Config> =
		StorageMap<_, Blake2_128Concat, ReceiptKey<T::AccountId>, Authorisation>;

	/// When authorisations are over; the moment is big-endian and unhashed, so that the next comes first. One entry
	/// for each, which goes with it.
	#[pallet::storage]
	pub type AuthorisationDeadlines<T: Config> =
		StorageDoubleMap<_, Identity, [u8; 8], Blake2_128Concat, ReceiptKey<T::AccountId>, ()>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A customer paid `price` micro-units at a merchant. What a till waits for.
		Paid { merchant: InstitutionId, payer: T::AccountId, order: Order, price: Money },
		/// A merchant refunded `value` micro-units of a payment, or they were paid back on its behalf: `total` of it
		/// in all.
		Refunded { merchant: InstitutionId, payer: T::AccountId, order: Order, value: Money, total: Money },
		/// A customer allowed a merchant to take up to `price` micro-units before `deadline`, by the clock on the wall
		/// unless that of deadlines stands meanwhile.
		PaymentAuthorised {
			merchant: InstitutionId,
			payer: T::AccountId,
			order: Order,
			price: Money,
			deadline: Moment,
		},
		/// A merchant took `value` micro-units of what was authorised, and may take `left` more; if that is nothing,
		/// the rest is back.
		PaymentCaptured {
			merchant: InstitutionId,
			payer: T::AccountId,
			order: Order,
			value: Money,
			left: Money,
		},
		/// An authorisation ended, and `value` micro-units that were not captured are back.
		AuthorisationVoided { merchant: InstitutionId, payer: T::AccountId, order: Order, value: Money },
		/// Of the slips that a merchant presented, the one at this place, from 0, was not paid, and why.
		SlipRefused {
			merchant: InstitutionId,
			place: u32,
			payer: T::AccountId,
			order: Order,
			reason: DispatchError,
		},
		/// A merchant presented slips, of which so many were paid and so many refused.
		SlipsPresented { merchant: InstitutionId, paid: u32, refused: u32 },
		/// Somebody exchanged `amount` smallest units of one program for `out` of another, worth
		/// `value` micro-units.
		Exchanged {
			who: T::AccountId,
			from: ProgramId,
			amount: Points,
			to: ProgramId,
			out: Points,
			value: Money,
		},
		/// A block found something that cannot be, and left it as it is.
		Inconsistent { what: PaymentInconsistency<T::AccountId> },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The price is below `MinPrice`.
		PriceTooLow,
		/// The legs, or what the payer holds of them unexpired, do not cover the price. Read the
		/// balances and allow more.
		PriceNotCovered,
		/// This payer paid this order at this merchant already. Do not pay again.
		AlreadyPaid,
		/// This payer authorised this order at this merchant. It is captured or void first.
		AlreadyAuthorised,
		/// The merchant has no such receipt, or authorisation, of this payer: never, not yet, or not any more.
		NotFound,
		/// The receipt can no longer be refunded: its `closes` names the moment, and it is not `disputed`.
		RefundWindowClosed,
		/// The total to refund is more than the price. The receipt says what was paid and refunded.
		RefundTooLarge,
		/// The points can only come back as the merchant's own, and it has no program. It creates one first.
		NoProgram,
		/// More than was authorised.
		CaptureTooLarge,
		/// It was captured 15 times. The next capture is the last, and says so.
		MaxCapturesExceeded,
		/// The time of the authorisation is over; the customer gets back what was not captured.
		AuthorisationOver,
		/// Before its deadline only the merchant can end an authorisation.
		AuthorisationRuns,
		/// The order's era is over or has not begun; orders are taken for as many eras as the rules say.
		EraNotOpen,
		/// The amount is zero.
		ZeroAmount,
		/// The caller holds fewer points than the amount that are not in their last days.
		PointsTooFew,
		/// Fewer points than `min_out` would come out.
		BelowMinOut,
		/// Points are exchanged between two programs, not within one.
		SameProgram,
		/// No slip is presented. Present at least one.
		NoSlips,
		/// The slip's time is over. Have the customer sign a new one.
		SlipExpired,
		/// The slip is good for longer than the rules allow. Have it signed with an earlier `until`, or present it
		/// later.
		SlipTooLong,
		/// The payer did not sign exactly this, for this merchant, on this chain. Sign what `slip` answers.
		BadSignature,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Pay `price` micro-units to `merchant` for `order` with the points of `legs`, in their order.
		///
		/// Origin: the holder of the points, a registered customer. The merchant pays the fee within its budget and the
		/// customer's quota, else the customer.
		///
		/// Parameters:
		/// - `order`: the era in which it was placed, and its salted hash. It is paid once, whatever era a retry names.
		/// - `price`: settlement micro-units, which are paid exactly.
		/// - `legs`: up to 8 programs, each with the most smallest units that it may take.
		///
		/// Event: [`Event::Paid`].
		///
		/// Errors:
		/// - [`Error::PriceTooLow`] if `price` is below [`Config::MinPrice`].
		/// - [`Error::EraNotOpen`] if the order's era has not begun, or is over for longer than the rules take orders.
		/// - [`Error::AlreadyPaid`] if the payer paid this order here before; [`Error::AlreadyAuthorised`] if it is authorised.
		/// - [`Error::PriceNotCovered`] if the legs, or what the payer has of them unexpired, pay less than the price.
		/// - That of [`Members::ensure_payable`] unless the merchant is active or suspended; those of [`Customers::spend`] for a
		///   stranger or over the limit; those of [`PointsLedger::burn`] for a program that does not exist or is halted; that
		///   of [`Clearing::ensure_not_overdue`] for a foreign issuer that is overdue, and of [`Clearing::owe`] for one whose
		///   free reserve is short.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::pay(legs.len() as u32, most_burns(legs.len())))]
		pub fn pay(
			origin: OriginFor<T>,
			merchant: InstitutionId,
			order: Order,
			#[pallet::compact] price: Money,
			legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
		) -> DispatchResultWithPostInfo {
			let payer = ensure_signed(origin)?;
			let burns = Self::do_pay(payer, merchant, order, price, &legs, &Self::today())?;
			Ok(Some(T::WeightInfo::pay(legs.len() as u32, burns.len() as u32)).into())
		}

		/// Exchange `amount` smallest units of program `from` for at least `min_out` of program `to`, at the face values that
		/// their issuers published, less interchange.
		///
		/// Origin: the holder of the points, a customer who has been registered for long enough. The issuer of `from` pays the
		/// fee within its budget and the customer's quota, else the customer.
		///
		/// Parameters:
		/// - `amount`: smallest units of `from`, all of which are burned.
		/// - `min_out`: smallest units of `to`; fewer are refused. They are pending, as an award of `to` is.
		///
		/// Event: [`Event::Exchanged`].
		///
		/// Errors:
		/// - [`Error::SameProgram`] if `from` is `to`; [`Error::ZeroAmount`] if `amount` is zero.
		/// - [`Error::PointsTooFew`] if the holder has fewer of `from` that are not in their last days.
		/// - [`Error::BelowMinOut`] if fewer than `min_out` would come out.
		/// - Those of [`Customers::ensure_may_exchange`] for a holder who is not known for long enough, and of [`Customers::spend`] over
		///   the limit; those of [`PointsLedger::burn`] and [`PointsLedger::exchange_in`] for programs that do not exist, are
		///   halted or may not make points, and for the target's liability cap; that of [`Clearing::ensure_not_overdue`] for a
		///   source that is overdue, and of [`Clearing::owe_gross`] for one whose free reserve is short.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::exchange(MAX_OPEN_VINTAGES))]
		pub fn exchange(
			origin: OriginFor<T>,
			from: ProgramId,
			amount: Points,
			to: ProgramId,
			min_out: Points,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let exchanged = Self::do_exchange(who, from, amount, to, min_out)?;
			Ok(Some(T::WeightInfo::exchange(exchanged.burns)).into())
		}

		/// Give back what `payer` paid for `order`, in the points that paid it, until `total` micro-units of it are refunded. If
		/// as much was refunded before, nothing happens, so that whoever got no answer repeats it. While a receipt is kept its
		/// merchant can settle with the customer, whatever its window.
		///
		/// Origin: the merchant, which pays the fee.
		///
		/// Parameters:
		/// - `order`: only its commitment counts.
		/// - `total`: settlement micro-units, those that were refunded before included.
		///
		/// Event: [`Event::Refunded`], unless as much was refunded before.
		///
		/// Errors:
		/// - [`Error::NotFound`] if the payer paid no such order here, or its receipt is gone.
		/// - [`Error::RefundWindowClosed`] if its window has closed and it is not kept.
		/// - [`Error::ZeroAmount`] if `total` is zero; [`Error::RefundTooLarge`] if it is more than the price.
		/// - [`Error::NoProgram`] if points can only come back as the merchant's own and it has no program.
		/// - That of [`Members::ensure_books_open`] for a merchant in run-off or gone, of [`Clearing::owe_refund`] and
		///   [`Reserves::ensure_serves_holders`] for its own free reserve, and of [`PointsLedger::reinstate`] for more of
		///   its own points than it may issue.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::refund(MAX_PARTS))]
		pub fn refund(
			origin: OriginFor<T>,
			payer: T::AccountId,
			order: Order,
			#[pallet::compact] total: Money,
		) -> DispatchResultWithPostInfo {
			let merchant = T::MemberOrigin::ensure_origin(origin)?;
			let burns = Self::do_refund(merchant, payer, order, total)?;
			Ok(Some(T::WeightInfo::refund(burns)).into())
		}

		/// Let `merchant` take up to `price` micro-units for `order` within the time of the rules. The points of `legs` are
		/// burned now, and those that are not taken come back.
		///
		/// Origin: the holder of the points, a registered customer. The merchant pays the fee within its budget and the
		/// customer's quota, else the customer; the end of the authorisation is paid for with it.
		///
		/// Parameters: as of [`Pallet::pay`]; points that would expire within that time are not taken.
		///
		/// Event: [`Event::Authorised`].
		///
		/// Errors: those of [`Pallet::pay`], where [`Clearing::earmark`] says whose free reserve is short.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::authorize(legs.len() as u32, most_burns(legs.len())))]
		pub fn authorize(
			origin: OriginFor<T>,
			merchant: InstitutionId,
			order: Order,
			#[pallet::compact] price: Money,
			legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
		) -> DispatchResultWithPostInfo {
			let payer = ensure_signed(origin)?;
			let burns = Self::do_authorize(payer, merchant, order, price, &legs)?;
			Ok(Some(T::WeightInfo::authorize(legs.len() as u32, burns)).into())
		}

		/// Take `value` micro-units of what `payer` authorised for `order`, and if this is the `last` time, or all is taken,
		/// give the rest back.
		///
		/// Origin: the merchant, which pays the fee.
		///
		/// Parameters:
		/// - `order`: only its commitment counts.
		/// - `value`: settlement micro-units, beside what was captured before.
		/// - `last`: whether nothing more will be captured.
		///
		/// Event: [`Event::PaymentCaptured`].
		///
		/// Errors:
		/// - [`Error::NotFound`] if the payer authorised no such order here, or that has ended.
		/// - [`Error::AuthorisationOver`] from its deadline on.
		/// - [`Error::ZeroAmount`] if `value` is zero; [`Error::CaptureTooLarge`] if it is more than what is left.
		/// - [`Error::MaxCapturesExceeded`] if this is the 16th capture and not the last.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::capture(MAX_BURNS))]
		pub fn capture(
			origin: OriginFor<T>,
			payer: T::AccountId,
			order: Order,
			#[pallet::compact] value: Money,
			last: bool,
		) -> DispatchResultWithPostInfo {
			let merchant = T::MemberOrigin::ensure_origin(origin)?;
			let burns = Self::do_capture(merchant, payer, order, value, last)?;
			Ok(Some(T::WeightInfo::capture(burns)).into())
		}

		/// Give back what `payer` authorised for `order` and was not captured.
		///
		/// Origin: the merchant; from its deadline on anybody. The caller pays the fee.
		///
		/// Parameters:
		/// - `order`: only its commitment counts.
		///
		/// Event: [`Event::AuthorisationVoided`].
		///
		/// Errors:
		/// - [`Error::NotFound`] if the payer authorised no such order there, or that has ended.
		/// - [`Error::AuthorisationRuns`] for anybody but the merchant before its deadline.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::void(MAX_BURNS))]
		pub fn void(
			origin: OriginFor<T>,
			merchant: InstitutionId,
			payer: T::AccountId,
			order: Order,
		) -> DispatchResultWithPostInfo {
			let by = T::MemberOrigin::try_origin(origin.clone()).ok();
			ensure_signed(origin)?;
			let burns = Self::do_void(by, ReceiptKey::of(merchant, payer, order))?;
			Ok(Some(T::WeightInfo::void(burns)).into())
		}

		/// Book slips that customers signed for the caller, each as [`Pallet::pay`] would, and each on its own: of those that
		/// are refused an event says which and why.
		///
		/// Origin: the merchant, which pays the fee.
		///
		/// Parameters:
		/// - `slips`: up to 128, in the order in which they are booked.
		///
		/// Events: [`Event::Paid`] or [`Event::SlipRefused`] for each, then [`Event::SlipsPresented`].
		///
		/// Errors: [`Error::NoSlips`] if there is none. A slip is refused for
		/// - [`Error::SlipExpired`] from its `until` on; [`Error::SlipTooLong`] if that is further away than
		///   [`PaymentRules::slip_lifetime`];
		/// - [`Error::BadSignature`] if the payer did not sign exactly this;
		/// - the errors of [`Pallet::pay`].
		#[pallet::call_index(6)]
		#[pallet::weight(Pallet::<T>::weight_of_slips(slips))]
		pub fn present_slips(
			origin: OriginFor<T>,
			slips: BoundedVec<Slip<T::AccountId, T::Signature>, ConstU32<MAX_SLIPS>>,
		) -> DispatchResultWithPostInfo {
			let merchant = T::MemberOrigin::ensure_origin(origin)?;
			let weight = Self::do_present_slips(merchant, &slips)?;
			Ok(Some(weight).into())
		}
	}

	impl<T: Config> Pallet<T> {
		/// Report what cannot be, to the log of the node and to whoever watches events.
		pub(crate) fn report(what: PaymentInconsistency<T::AccountId>) {
			defensive!("the books contradict themselves", what);
			Self::deposit_event(Event::Inconsistent { what });
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What a payment would burn now, to the unit, or why it would fail, whoever pays its fee: the payment itself,
		/// taken back.
		pub fn quote_pay(
			payer: T::AccountId,
			merchant: InstitutionId,
			order: Order,
			price: Money,
			legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
		) -> Result<Vec<Burn>, DispatchError> {
			Self::quote(payer, merchant, order, price, &legs)
		}

		/// How many smallest units an exchange would give now, or why it would fail.
		pub fn quote_exchange(
			who: T::AccountId,
			from: ProgramId,
			amount: Points,
			to: ProgramId,
		) -> Result<Points, DispatchError> {
			Self::exchange_quote(who, from, amount, to)
		}

		/// What a customer signs to pay a merchant without a network: the SCALE encoding of what it agrees to, between
		/// `<Bytes>` and `</Bytes>`, as wallets sign raw bytes (`signRaw` of the Polkadot.js extension). It names the
		/// chain by its genesis, and is good until `until` by the clock on the wall.
		pub fn slip(
			merchant: InstitutionId,
			payer: T::AccountId,
			order: Order,
			price: Money,
			legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
			until: Moment,
		) -> Vec<u8> {
			Self::slip_on(&Self::genesis(), merchant, &payer, &order, price, &legs, until)
		}

		/// What was paid for an order, whatever era is named, and what was refunded of it; `None` once its refund
		/// window has closed and it is not kept. It closes by the clock on the wall.
		pub fn receipt(merchant: InstitutionId, payer: T::AccountId, order: Order) -> Option<Receipt> {
			let receipt = Self::find_receipt(&ReceiptKey::of(merchant, payer, order))?;
			Some(Receipt { closes: T::DeadlineClock::wall_time(receipt.closes), ..receipt })
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Give back what was authorised and not captured in time. Bounded, and the next block goes on.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::end_past_authorisations(meter);
		}

		/// Collect the interchange of receipts whose time is over, and drop them, but for those that are kept.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::drop_past_receipts(&mut meter);
			meter.consumed()
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
