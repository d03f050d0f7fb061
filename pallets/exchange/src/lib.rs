//! Points across merchants: pay at one member with another's points, and exchange points.
//!
//! # Terminology
//! - *leg*: one program that a payment draws on, with the most points it may take.
//! - *price*: settlement micro-units that the merchant asks for; it gets exactly them.
//! - *order*: what the payment is for; (merchant, order, payer) is paid once.
//! - *receipt*: the record of one payment.
//!
//! # Overview
//! [`Pallet::pay`] burns points, each at its own vintage's face value, until the price is covered; every
//! issuer but the merchant itself owes the merchant what its points paid, and
//! [`Clearing`](hanse_primitives::Clearing) moves that at once. [`Pallet::exchange`] burns points of one
//! program and mints points of another for the same value: N published face values instead of N²
//! private deals. Rounding is against the caller by less than one smallest unit.
//!
//! # Invariants
//! 1. Every receipt's burns paid exactly its price.
//! 2. No receipt is of an era that has not begun.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod impls;
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
	use frame_support::{pallet_prelude::*, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		Balance, Burn, Clearing, Customers, Eras, InstitutionId, Members, Order, Points, ProgramId, MAX_LEGS,
		MAX_OPEN_VINTAGES,
	};
	use sp_core::H256;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
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

		/// The lowest price, in settlement micro-units.
		#[pallet::constant]
		type MinPrice: Get<Balance>;

		/// Eras for which a receipt can be refunded, and is kept.
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

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A customer paid `price` micro-units at a merchant. What a till waits for.
		Paid { merchant: InstitutionId, payer: T::AccountId, order: Order, price: Balance },
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
		/// The order's era is over or has not begun; orders are taken in their era and the next.
		EraNotOpen,
		/// The amount is zero, or worth less than one smallest unit of the target program.
		ZeroAmount,
		/// The caller holds fewer unexpired points than the amount.
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
		/// [`Error::EraNotOpen`], [`Error::AlreadyPaid`], [`Error::PriceNotCovered`]; those of
		/// [`Members::ensure_payable`] for the merchant, of [`Customers::spend`] for the payer's limit, of
		/// [`Points::burn`] for a leg's program and of [`Clearing::owe`] for an issuer whose reserve is
		/// short.
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
		/// the face values that their issuers published.
		///
		/// Origin: the holder of the points, a customer who has been registered for long enough. Errors:
		/// [`Error::SameProgram`], [`Error::ZeroAmount`], [`Error::PointsTooFew`], [`Error::BelowMinOut`];
		/// those of [`Customers`] for the holder's age and limit, of [`Points::exchange_in`] for the
		/// target's liability cap and of [`Clearing::owe`] for a short reserve.
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
			let burns = Self::do_exchange(who, from, amount, to, min_out)?;
			Ok(Some(T::WeightInfo::exchange(burns)).into())
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
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Drop receipts whose refund window has closed.
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
