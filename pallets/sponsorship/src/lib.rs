//! Fees that customers never see: institutions pay for what is done with their points.
//!
//! # Terminology
//! - *fee*: what including a transaction costs, in settlement micro-units, without the tip.
//! - *signer*: the account whose nonce a transaction uses and whose balance pays by default.
//! - *sponsor*: the institution that pays the fee instead.
//! - *budget*: what an institution sponsors in a day at most.
//! - *quota*: how many sponsored calls a registered person has in a day; see [`Quotas`](hanse_primitives::Quotas).
//! - *stranger*: an account that no institution has registered.
//!
//! # Overview
//! The pallet has no calls: it is the runtime's `OnChargeTransaction`, around [`Config::Fees`] which moves
//! the money, and invisible to wallets. [`Config::Offers`] says by whom a call could be sponsored, and
//! [`Pallet::decide`] whether it is: within the sponsor's budget, within the person's quota, or for
//! strangers within the tenth of the budget that they share, if the call moves [`Config::MinValue`]. The
//! pool, the block and the query of fees all ask `decide`, so they cannot disagree about one state. Whatever
//! is not sponsored is paid by the signer as ever, and so is every tip.
//!
//! Budgets and quotas are counted before the call runs and outside its storage layer, so a call that fails
//! on purpose is counted like any other. The budget falls by the fee that was really due; the quota falls
//! even if nothing is.
//!
//! # No replay
//! A customer's account may own nothing but points, and is gone when they are. The nonce of an account that
//! comes into being starts at the block number, so that its earlier transactions are old, as long as every
//! nonce that was used is below the number of the block that used it. An account without consumer references
//! could be reaped; until its nonce is below the block number it waits for the next block, whoever pays.
//!
//! # Invariants
//! 1. What strangers took of a budget is part of what was taken.
//! 2. Nothing was spent on a day that has not come.
//!
//! # Example
//! Ann, who owns points of Air and nothing else, gives some away. The transaction declares a fee of 50 and
//! turns out to be due 30:
//! ```text
//! offer(AIR, ANN, 1, 0);
//! assert_eq!(charge(ANN, Fee { declared: 50, actual: 30, tip: 0 }), Ok(Ok(())));
//! assert_eq!((lost(AIR), lost(BOOKS), gained()), (30, 0, 30));
//! assert_eq!(spent(AIR), (30, 0));
//! ```
#![cfg_attr(not(feature = "std"), no_std)]

mod charge;
mod impls;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::{pallet_prelude::*, traits::Time};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{Balance, InstitutionId, Members, Moment, Quotas};
	use pallet_transaction_payment::OnChargeTransaction;

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config + pallet_transaction_payment::Config {
		/// Who belongs to the alliance.
		type Members: Members<Self::AccountId>;

		/// What may be sponsored for a person.
		type Quotas: Quotas<Self::AccountId>;

		/// By whom a call could be sponsored.
		type Offers: Offers<Self::AccountId, <Self as frame_system::Config>::RuntimeCall>;

		/// What moves the money of fees and tips, from whoever pays to where they go. Law: it withdraws
		/// where it says that it can, and never fails to correct.
		type Fees: OnChargeTransaction<Self, Balance = Balance>;

		/// What each institution sponsors in a day at most, in settlement micro-units.
		type Budget: Get<Balance>;

		/// What each call of a stranger moves at least to be sponsored, in settlement micro-units.
		#[pallet::constant]
		type MinValue: Get<Balance>;

		/// The time of the block.
		type Time: Time<Moment = Moment>;
	}

	/// What each institution sponsored on the last day on which it sponsored anything.
	#[pallet::storage]
	pub type Budgets<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Spent, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution paid the fee of a customer's transaction, in settlement micro-units. The event
		/// `TransactionFeePaid` of the same transaction names the customer too, who paid at most the tip.
		FeeSponsored { sponsor: InstitutionId, customer: T::AccountId, fee: Balance },
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MinValue::get() > 0, "strangers would be sponsored for moving nothing");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
