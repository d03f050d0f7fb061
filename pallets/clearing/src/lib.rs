//! Members settle with each other.
//!
//! # Terminology
//! - *obligation*: what one member (the debtor) came to owe another (the creditor).
//! - *reserve*: a member's settlement units held for clearing.
//! - *free reserve*: the reserve less interchange that is accrued and what is earmarked for authorisations.
//! - *real-time gross settlement*: each obligation is paid in full, in money, in the block in which it
//!   came about.
//!
//! # Overview
//! [`Clearing::owe`](hanse_primitives::Clearing::owe) moves an obligation from the debtor's reserve to
//! the creditor's at once, so there is never credit between two members, and a newcomer whom nobody
//! knows is accepted from the first day. A debtor's short reserve fails the payment before anything has
//! moved. `Deposits` and `Turnover` are the flows from which every reserve can be recomputed.
//!
//! # Invariants
//! 1. For every member: what is held as reserve = topped up − drawn down + received − paid − interchange
//!    that was collected, where what refunds took back counts as received and paid.
//! 2. Over all members, what was paid equals what was received: obligations are stored once, by pair.
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
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{hold::Mutate as HoldMutate, Inspect},
	};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{Balance, Claim, InstitutionId, Liabilities, Members};

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The settlement unit.
		type Currency: Inspect<Self::AccountId, Balance = Balance>
			+ HoldMutate<Self::AccountId, Reason = Self::RuntimeHoldReason>;

		/// The reason under which reserves are held.
		type RuntimeHoldReason: From<HoldReason>;

		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// Who belongs to the alliance.
		type Members: Members<Self::AccountId>;

		/// What must stay behind outstanding points when a reserve is drawn down.
		type Liabilities: Liabilities;

		/// Where interchange goes.
		type Pot: Get<Self::AccountId>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// Why the settlement units of an institution are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Money that pays what the institution's points bought at other members.
		Reserve,
	}

	/// What each institution put into its reserve and took out of it.
	#[pallet::storage]
	pub type Deposits<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Deposit, ValueQuery>;

	/// What the first institution ever paid to the second, in settlement micro-units.
	#[pallet::storage]
	pub type Turnover<T: Config> =
		StorageDoubleMap<_, Twox64Concat, InstitutionId, Twox64Concat, InstitutionId, Balance, ValueQuery>;

	/// What the first institution got back of what it paid to the second: refunds.
	#[pallet::storage]
	pub type Returned<T: Config> =
		StorageDoubleMap<_, Twox64Concat, InstitutionId, Twox64Concat, InstitutionId, Balance, ValueQuery>;

	/// What each reserve is kept for.
	#[pallet::storage]
	pub type Claims<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Claim, ValueQuery>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The first reserve of each founder, in settlement micro-units, taken from its genesis balance.
		pub reserves: Vec<(T::AccountId, Balance)>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		/// Panics where a reserve cannot be held; see the founders of institutions.
		fn build(&self) {
			for (account, amount) in &self.reserves {
				let id = T::Members::id_of(account)
					.unwrap_or_else(|| panic!("the reserve of {account:?}, who is no founder"));
				Pallet::<T>::deposit(id, account, *amount)
					.unwrap_or_else(|reason| panic!("the reserve of founder {id}: {reason:?}"));
			}
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution added to its reserve.
		ReserveToppedUp { institution: InstitutionId, amount: Balance },
		/// An institution took from its reserve.
		ReserveDrawnDown { institution: InstitutionId, amount: Balance },
		/// An obligation was paid in money, from reserve to reserve.
		ObligationSettled { debtor: InstitutionId, creditor: InstitutionId, value: Balance },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The amount is zero.
		ZeroAmount,
		/// The debtor's reserve does not cover the obligation. The debtor tops it up.
		ReserveTooSmall,
		/// Interchange is accrued, or something is earmarked. Wait until the receipts and authorisations of
		/// these points are over.
		ReserveClaimed,
		/// Fewer free settlement units than the call moves. Less, or fund the account first.
		FundsTooSmall,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Move `amount` micro-units of the institution's free balance into its reserve.
		///
		/// Origin: an institution. Errors: [`Error::ZeroAmount`], [`Error::FundsTooSmall`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::top_up())]
		pub fn top_up(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_top_up(institution, amount)
		}

		/// Move `amount` micro-units of the institution's reserve back to its free balance.
		///
		/// Origin: an active institution. What is left must keep its outstanding points within the
		/// liability cap. Errors: [`Error::ZeroAmount`], [`Error::ReserveTooSmall`], and those of
		/// [`Liabilities::ensure_backed`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::draw_down())]
		pub fn draw_down(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_draw_down(institution, amount)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
