//! Fees that customers never see: institutions pay for what is done with their points, and customers come first.
//!
//! # Terminology
//! - *fee*: what including a transaction costs, in settlement micro-units, without the tip.
//! - *signer*: the account whose nonce a transaction uses and whose balance pays by default.
//! - *sponsor*: the institution that pays the fee instead.
//! - *voucher*: the institution that registered a customer, and so vouches for it.
//! - *budget*: what an institution sponsors in a day at most.
//! - *quota*: how many sponsored calls a registered person has in a day; see [`Quotas`](hanse_primitives::Quotas).
//! - *stranger*: an account that no institution has registered.
//! - *lane*: where a transaction stands in pool and block, see [`Lane`].
//!
//! # Overview
//! The pallet has no calls: it is the transaction extension [`ChargeFee`], which wallets take for the stock
//! `ChargeTransactionPayment`, around [`Config::Fees`] and [`Config::Purses`] which move the money. [`Config::Offers`] says by whom a
//! call could be sponsored, and [`Pallet::charge`] whether it is: within the sponsor's budget and within what
//! those for whom it pays may take of that, within the person's quota, and for strangers only if the call moves
//! [`Config::MinValue`]. The pool, the block and the query of fees all ask `charge`, so they cannot disagree about
//! one state. Whatever is not sponsored is paid by the signer as ever, and so is every tip.
//! [`Pallet::who_pays`] says who would pay, or why nobody would.
//!
//! # Whoever vouches answers
//! Of a budget, strangers together have a tenth. The rest is there for the institution's own customers without
//! bound, and for the customers of each other institution up to one of as many parts as there are members. Beyond
//! that the voucher pays, as for its own customers, within its own budget. So invented persons cost their inventor.
//!
//! Quotas are counted before the call runs and budgets after it, both outside its storage layer, so a call that fails
//! on purpose is counted like any other. The budget falls by the fee that was really due; the quota falls
//! even if nothing is.
//!
//! # Customers first
//! What is sponsored or free stands before everything that its signer pays for, in the pool and in the block: of
//! what a block has for transactions, [`Config::OpenShare`] is the most that everybody else fills, and
//! [`Config::MemberShare`] the most that those and the members do together. What would use more waits for the
//! next block. The class of operational calls has a part of its own, where members alone are taken, and [`MemberCalls::is_governance_call`]
//! stands before everything.
//! The multiplier of fees, which rises while blocks are full, is for the open lane alone.
//!
//! # No replay
//! A customer's account may own nothing but points, and is gone when they are. An account that comes into being
//! starts at [`Pallet::first_nonce`]: the block number, or the highest nonce of any account that was ever killed
//! with one above the number of its block. So its earlier transactions are old, and no account ever waits. It takes
//! 2³² transactions one after the other, each paid, to use the nonces up.
//!
//! # Storage
//! [`Budgets`] has one entry for each institution that ever sponsored anything, overwritten each day; the other item
//! is one number. What the lanes use of a block is under a well-known key and gone at its end.
//!
//! # Invariants
//! 1. What strangers and the customers of others took of a budget is part of what was taken; each voucher is
//!    there once.
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

extern crate alloc;

mod extension;
mod impls;
mod lanes;
mod nonces;
mod purses;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;

pub use extension::ChargeFee;
pub use pallet::*;
pub use purses::BalancesPurse;
pub use types::*;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::boxed::Box;
	use frame_support::{
		dispatch::{DispatchInfo, PostDispatchInfo},
		pallet_prelude::*,
		traits::Time,
	};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{Balance, InstitutionId, Members, Moment, Quotas};
	use pallet_transaction_payment::OnChargeTransaction;
	use sp_runtime::{traits::Dispatchable, Perbill};

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		frame_system::Config<RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>>
		+ pallet_transaction_payment::Config
	{
		/// Who belongs to the alliance.
		type Members: Members<Self::AccountId>;

		/// What may be sponsored for a person.
		type Quotas: Quotas<Self::AccountId>;

		/// By whom a call could be sponsored.
		type Offers: Offers<Self::AccountId, <Self as frame_system::Config>::RuntimeCall>;

		/// Whose calls are a member's, and which are governance.
		type MemberCalls: MemberCalls<Self::AccountId, <Self as frame_system::Config>::RuntimeCall>;

		/// What moves the money of the fees and tips that signers pay to where these go. Law: it withdraws
		/// where it says that it can, and never fails to correct.
		type Fees: OnChargeTransaction<Self, Balance = Balance>;

		/// What moves the money of the fees that institutions pay.
		type Purses: Purses<Self::AccountId>;

		/// What each institution sponsors in a day at most, in settlement micro-units.
		type Budget: Get<Balance>;

		/// What each call of a stranger moves at least to be sponsored, in settlement micro-units.
		#[pallet::constant]
		type MinValue: Get<Balance>;

		/// Of what a block has for transactions, what those of the open lane fill at most.
		#[pallet::constant]
		type OpenShare: Get<Perbill>;

		/// Of the same, what those of the open lane and the members' fill together at most.
		#[pallet::constant]
		type MemberShare: Get<Perbill>;

		/// What the extensions of a transaction weigh, for telling fees of calls.
		type ExtensionWeight: Get<Weight>;

		/// The time of the block.
		type Time: Time<Moment = Moment>;
	}

	/// What each institution sponsored on the last day on which it sponsored anything.
	/// At most one for each institution, overwritten on another day.
	#[pallet::storage]
	pub type Budgets<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, DailySpending, ValueQuery>;

	/// The highest nonce of any account that was killed with one above the number of its block.
	#[pallet::storage]
	pub type FirstNonce<T: Config> = StorageValue<_, u32, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution paid the fee of a customer's transaction, in settlement micro-units. What was withdrawn from
		/// it beyond that is back. The event `TransactionFeePaid` of the same transaction names the customer too, who
		/// paid at most the tip.
		FeeSponsored { sponsor: InstitutionId, customer: T::AccountId, fee: Balance },
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Who would pay the fee of `call` if `who` signed it now and tipped nothing, and how much; or why no
		/// institution would.
		pub fn who_pays(call: Box<<T as frame_system::Config>::RuntimeCall>, who: T::AccountId) -> WhoPays {
			Self::read_who_pays(&who, &call)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_finalize(_: BlockNumberFor<T>) {
			Self::clear_block();
		}

		fn integrity_test() {
			assert!(T::MinValue::get() > 0, "strangers would be sponsored for moving nothing");
			assert!(T::OpenShare::get() <= T::MemberShare::get(), "the lanes are in a row");
			assert!(T::MemberShare::get() < Perbill::one(), "nothing would be kept for customers");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
