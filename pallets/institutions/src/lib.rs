//! Who belongs to the alliance.
//!
//! # Terminology
//! - *institution*: a member: one account, one bond, one vote, one reserve.
//! - *founder*: an institution that is a member from genesis on.
//! - *admission bond*: settlement units held on the institution's account while it is a member, the same
//!   amount for everybody.
//!
//! # Overview
//! The founders come from genesis. Other pallets ask through
//! [`Members`](hanse_primitives::Members) who a member is and what it may do, and use [`EnsureMember`]
//! where a call is a member's.
//!
//! # Invariants
//! 1. Every institution has exactly one account and every account at most one institution.
//! 2. Every member's admission bond is held on its account, to the unit.
//! 3. There are never more than [`MAX_MEMBERS`](hanse_primitives::MAX_MEMBERS) institutions.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod impls;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;

pub use impls::EnsureMember;
pub use pallet::*;
pub use types::*;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::{string::String, vec::Vec};
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{hold::Mutate as HoldMutate, Inspect},
	};
	use hanse_primitives::{Balance, InstitutionId, MAX_MEMBERS};

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The settlement unit.
		type Currency: Inspect<Self::AccountId, Balance = Balance>
			+ HoldMutate<Self::AccountId, Reason = Self::RuntimeHoldReason>;

		/// The reason under which bonds are held.
		type RuntimeHoldReason: From<HoldReason>;

		/// What every member keeps as a bond, in settlement micro-units. The same for everybody.
		#[pallet::constant]
		type AdmissionBond: Get<Balance>;
	}

	/// Why the settlement units of an institution are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The bond of a member.
		AdmissionBond,
	}

	/// The institutions. Blake2 is not needed: ids are given out by the chain.
	#[pallet::storage]
	pub type Institutions<T: Config> =
		CountedStorageMap<_, Twox64Concat, InstitutionId, Institution<T::AccountId>>;

	/// The institution of an account.
	#[pallet::storage]
	pub type InstitutionOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, InstitutionId>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Account and name of every founder. The bond is taken from the account's genesis balance.
		pub founders: Vec<(T::AccountId, String)>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		/// Panics where the founders are not valid: there is no chain to protect yet, and a specification
		/// that cannot be built says what is wrong with it.
		fn build(&self) {
			assert!(self.founders.len() <= MAX_MEMBERS as usize, "more than {MAX_MEMBERS} founders");
			for (id, (account, name)) in (1..).zip(&self.founders) {
				Pallet::<T>::found(id, account, name)
					.unwrap_or_else(|reason| panic!("founder {id} ({name}): {reason:?}"));
			}
		}
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no institution of this id. Read `Institutions` for those that exist.
		NotFound,
		/// The account belongs to an institution already.
		AlreadyExists,
		/// The institution is suspended, leaving or gone, and may not do this. Its status says which.
		NotActive,
		/// A name has 1 to 32 bytes.
		InvalidName,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<frame_system::pallet_prelude::BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(
			_: frame_system::pallet_prelude::BlockNumberFor<T>,
		) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
