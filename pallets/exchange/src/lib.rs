//! Points across merchants: pay at one member with another's points, take it back, and exchange points.
//!
//! # Terminology
//! - *leg*: one program that a payment draws on, with the most points it may take.
//! - *price*: settlement micro-units that are paid.
//! - *order*: what the payment is for; (merchant, order, payer) is authorised or paid once.
//! - *interchange*: the part of what foreign points pay that the issuer owes the pot instead of the merchant.
//! - *receipt*: the record of one payment; a *part* of it is what one vintage paid.
//! - *kept*: a receipt on which somebody has yet to decide; it stays until it is let go.
//! - *authorisation*: points that are burned for a merchant which has not taken them yet.
//!
//! # Overview
//! [`Pallet::pay`] burns points, each at its own vintage's face value, until the price is covered; every
//! issuer but the merchant itself owes the merchant what its points paid, less interchange, which is accrued
//! on the issuer until the receipt's refund window has closed, and then reaches the pot. Payments at home cost
//! none.
//!
//! [`Pallet::refund`] takes a payment back in parts: of each burn, and of what was owed and accrued for it,
//! ⌊total × refunded ÷ price⌋ so far, so that the last part returns all whatever the parts were. The points
//! return into the vintage they came from, with its expiry. If that is expired, they return at equal value in
//! the open vintage of the program that expires first; if there is none, or the issuer cannot go on, in the
//! merchant's own points, and the merchant keeps what it got. In both cases the interchange stays due, and it is
//! the merchant that bears it: the issuer, which owes the value again, gets all of it back. A refund fails for
//! the merchant's own free reserve, and for nothing else.
//!
//! A receipt that is kept ([`Receipts`](hanse_primitives::Receipts)) can be refunded after its window has closed
//! too, by its merchant or for it, and its interchange waits. Until its window closes it stays where all are, so
//! that its order is not paid twice and whoever looks for it finds it; then it is set aside, where it is in no
//! younger one's way.
//!
//! [`Pallet::authorize`] burns points, which count as redeemed from then on, and keeps of the issuers' lines
//! and reserves what the payment will need. [`Pallet::capture`] pays with the first of them and mints the rest
//! back (the flow `reinstated`); [`Pallet::void`], or the chain when the time is over, mints all back.
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
//! 1. Every receipt's parts paid exactly its price.
//! 2. Of every receipt Σ refunds ≤ price, and of every part returned = ⌊burned × refunded ÷ price⌋.
//! 3. Of every institution, interchange accrued = Σ over receipts, kept or not, of what is not released + Σ over
//!    authorisations.
//! 4. Of every institution, reserve earmarked = Σ over authorisations.
//! 5. Every authorisation ends once, at its deadline, and its order is not paid.
//! 6. No receipt is of an era that has not begun.
//! 7. What is set aside is kept, its window has closed, and it is nowhere else.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod authorisation;
mod exchange;
pub mod math;
mod pay;
mod receipts;
mod refund;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{pallet_prelude::*, traits::Time, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		Balance, Burn, Clearing, Clock, Customers, Eras, InstitutionId, Members, Moment, Order, Points,
		ProgramId, Takings, MAX_BURNS, MAX_LEGS, MAX_OPEN_VINTAGES,
	};
	use sp_core::H256;

	#[pallet::pallet]
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
		type Points: Points<Self::AccountId>;

		/// How members settle.
		type Clearing: Clearing;

		/// The clock of accounting eras.
		type Eras: Eras;

		/// The clock of deadlines.
		type Clock: Clock;

		/// The chain's clock.
		type Time: Time<Moment = Moment>;

		/// The part of what foreign points pay that goes to the pot, in parts per million.
		type Interchange: Get<u32>;

		/// Milliseconds for which an authorisation can be captured.
		type AuthorisationTime: Get<Moment>;

		/// Milliseconds before their expiry in which points are not exchanged.
		type NoExchange: Get<Moment>;

		/// The lowest price, in settlement micro-units.
		#[pallet::constant]
		type MinPrice: Get<Balance>;

		/// What the alliance took of each merchant's receipts.
		type Takings: Takings;

		/// Eras for which a receipt can be refunded.
		type RefundWindow: Get<u32>;

		/// Weights of the calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// Receipts by (era of the order, merchant, payer, commitment of the order). The era is big-endian
	/// and unhashed, so that the oldest come first and idle blocks can drop them.
	#[pallet::storage]
	pub type Receipts<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Identity, [u8; 4]>,
			NMapKey<Twox64Concat, InstitutionId>,
			NMapKey<Blake2_128Concat, T::AccountId>,
			NMapKey<Blake2_128Concat, H256>,
		),
		Receipt,
	>;

	/// Receipts that are kept though their refund window has closed, by the same key. Their orders are not taken
	/// any more, so that nobody who pays has to look here.
	#[pallet::storage]
	pub type KeptReceipts<T: Config> = StorageMap<_, Blake2_128Concat, Key<T::AccountId>, Receipt>;

	/// Authorisations that are neither captured nor void, by what names their order.
	#[pallet::storage]
	pub type Authorisations<T: Config> = StorageMap<_, Blake2_128Concat, Key<T::AccountId>, Authorisation>;

	/// When authorisations are over; the moment is big-endian and unhashed, so that the next comes first.
	#[pallet::storage]
	pub type Deadlines<T: Config> =
		StorageDoubleMap<_, Identity, [u8; 8], Blake2_128Concat, Key<T::AccountId>, ()>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A customer paid `price` micro-units at a merchant. What a till waits for.
		Paid { merchant: InstitutionId, payer: T::AccountId, order: Order, price: Balance },
		/// A merchant refunded `value` micro-units of a payment, or they were paid back on its behalf.
		Refunded { merchant: InstitutionId, payer: T::AccountId, order: Order, value: Balance },
		/// A customer allowed a merchant to take up to `price` micro-units before `deadline`.
		Authorised {
			merchant: InstitutionId,
			payer: T::AccountId,
			order: Order,
			price: Balance,
			deadline: Moment,
		},
		/// A merchant took `value` micro-units of what was authorised; the rest is back.
		Captured { merchant: InstitutionId, payer: T::AccountId, order: Order, value: Balance },
		/// An authorisation ended, and all of its points are back.
		Voided { merchant: InstitutionId, payer: T::AccountId, order: Order },
		/// Somebody exchanged `amount` smallest units of one program for `out` of another, worth
		/// `value` micro-units.
		Exchanged {
			who: T::AccountId,
			from: ProgramId,
			amount: Balance,
			to: ProgramId,
			out: Balance,
			value: Balance,
		},
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
		/// The receipt can no longer be refunded: its `closes` names the last era, and it is not `kept`.
		RefundWindowClosed,
		/// More than what is left of the price. The receipt says what was refunded.
		RefundTooLarge,
		/// The points can only come back as the merchant's own, and it has no program. It creates one first.
		NoProgram,
		/// More than was authorised.
		CaptureTooLarge,
		/// The time of the authorisation is over; the customer gets everything back.
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
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Pay `price` micro-units to `merchant` for `order` with the points of `legs`, in their order.
		///
		/// Origin: the holder of the points, a registered customer. Errors: [`Error::PriceTooLow`],
		/// [`Error::EraNotOpen`], [`Error::AlreadyPaid`], [`Error::AlreadyAuthorised`],
		/// [`Error::PriceNotCovered`]; those of [`Members::ensure_payable`] for the merchant, of
		/// [`Customers::spend`] for the payer's limit, of [`Points::burn`] for a leg's program, of
		/// [`Clearing::ensure_on_time`] and [`Clearing::owe`] for a foreign issuer that is overdue or whose
		/// reserve is short.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::pay(legs.len() as u32, legs.len() as u32 * MAX_OPEN_VINTAGES))]
		pub fn pay(
			origin: OriginFor<T>,
			merchant: InstitutionId,
			order: Order,
			#[pallet::compact] price: Balance,
			legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
		) -> DispatchResultWithPostInfo {
			let payer = ensure_signed(origin)?;
			let burns = Self::do_pay(payer, merchant, order, price, &legs)?;
			Ok(Some(T::WeightInfo::pay(legs.len() as u32, burns.len() as u32)).into())
		}

		/// Exchange `amount` smallest units of program `from` for at least `min_out` of program `to`, at
		/// the face values that their issuers published, less interchange.
		///
		/// Origin: the holder of the points, a customer who has been registered for long enough. Errors:
		/// [`Error::SameProgram`], [`Error::ZeroAmount`], [`Error::PointsTooFew`], [`Error::BelowMinOut`];
		/// those of [`Customers`] for the holder's age and limit, of [`Points::exchange_in`] for the
		/// target's liability cap, and of [`Clearing::ensure_on_time`] and [`Clearing::owe`] for a source that
		/// is overdue or whose reserve is short.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::exchange(MAX_OPEN_VINTAGES))]
		pub fn exchange(
			origin: OriginFor<T>,
			from: ProgramId,
			amount: Balance,
			to: ProgramId,
			min_out: Balance,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let (burns, _) = Self::do_exchange(who, from, amount, to, min_out)?;
			Ok(Some(T::WeightInfo::exchange(burns)).into())
		}

		/// Give `value` micro-units of what `payer` paid for `order` back, in the points that paid it. While a
		/// receipt is kept its merchant can settle with the customer, whatever its window.
		///
		/// Origin: the merchant. Errors: [`Error::NotFound`], [`Error::RefundWindowClosed`],
		/// [`Error::RefundTooLarge`], [`Error::ZeroAmount`], [`Error::NoProgram`], and that of
		/// [`Clearing::owe_back`] for its own short reserve.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::refund(MAX_BURNS))]
		pub fn refund(
			origin: OriginFor<T>,
			payer: T::AccountId,
			order: Order,
			#[pallet::compact] value: Balance,
		) -> DispatchResultWithPostInfo {
			let merchant = T::MemberOrigin::ensure_origin(origin)?;
			let burns = Self::do_refund(merchant, payer, order, value)?;
			Ok(Some(T::WeightInfo::refund(burns)).into())
		}

		/// Let `merchant` take up to `price` micro-units for `order` within the rule's time. The points of
		/// `legs` are burned now, and those not taken come back.
		///
		/// Origin and errors: as [`Pallet::pay`]; points that would expire in that time are not taken.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::authorize(legs.len() as u32, legs.len() as u32 * MAX_OPEN_VINTAGES))]
		pub fn authorize(
			origin: OriginFor<T>,
			merchant: InstitutionId,
			order: Order,
			#[pallet::compact] price: Balance,
			legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
		) -> DispatchResultWithPostInfo {
			let payer = ensure_signed(origin)?;
			let burns = Self::do_authorize(payer, merchant, order, price, &legs)?;
			Ok(Some(T::WeightInfo::authorize(legs.len() as u32, burns)).into())
		}

		/// Take `value` micro-units of what `payer` authorised for `order`; the rest goes back.
		///
		/// Origin: the merchant. Errors: [`Error::NotFound`], [`Error::AuthorisationOver`],
		/// [`Error::CaptureTooLarge`], [`Error::ZeroAmount`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::capture(MAX_BURNS))]
		pub fn capture(
			origin: OriginFor<T>,
			payer: T::AccountId,
			order: Order,
			#[pallet::compact] value: Balance,
		) -> DispatchResultWithPostInfo {
			let merchant = T::MemberOrigin::ensure_origin(origin)?;
			let burns = Self::do_capture(merchant, payer, order, value)?;
			Ok(Some(T::WeightInfo::capture(burns)).into())
		}

		/// Give back all that `payer` authorised for `order`.
		///
		/// Origin: the merchant; when its time is over, anybody. Errors: [`Error::NotFound`],
		/// [`Error::AuthorisationRuns`].
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
			let burns = Self::do_void(by, merchant, payer, order)?;
			Ok(Some(T::WeightInfo::void(burns)).into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What [`Pallet::pay`] would burn now for an order that was not paid yet, or why it would fail.
		pub fn quote_pay(
			payer: T::AccountId,
			merchant: InstitutionId,
			price: Balance,
			legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
		) -> Result<Vec<Burn>, DispatchError> {
			Self::quote(payer, merchant, price, &legs)
		}

		/// How many smallest units [`Pallet::exchange`] would give now, or why it would fail.
		pub fn quote_exchange(
			who: T::AccountId,
			from: ProgramId,
			amount: Balance,
			to: ProgramId,
		) -> Result<Balance, DispatchError> {
			Self::exchange_quote(who, from, amount, to)
		}

		/// What was paid for an order and what was refunded of it; `None` once its refund window has
		/// closed and it is not kept.
		pub fn receipt(merchant: InstitutionId, payer: T::AccountId, order: Order) -> Option<Receipt> {
			Self::find_receipt(&key_of(merchant, payer, order))
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Give back what was authorised and not captured in time. Bounded, and the next block goes on.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::end_past_authorisations(meter);
		}

		/// Collect the interchange of receipts whose refund window has closed, and drop them; those that are kept
		/// are set aside.
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
