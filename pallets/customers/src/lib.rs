//! Who may spend, how much, and how a lost key is made good.
//!
//! # Terminology
//! - *customer*: an account that an institution registered, its *registrar*.
//! - *person*: who is behind accounts, known by a *tag* only: a keyed hash whose key the members keep off
//!   chain. Accounts with one tag share one limit, one age and one quota.
//! - *consent*: what a customer signs to be registered.
//! - *window*: the time over which spending is limited. It begins with a payment and lasts a fixed time
//!   (a tumbling window).
//! - *recovery*: moving what a lost key held to a new account.
//!
//! # Overview
//! A member registers an account with the customer's own signature over [`Pallet::consent`], so nobody is
//! registered who does not want to be. A person may have one account at each institution; what it spends
//! and what is sponsored for it is counted together, and that and its age survive unregistering. A customer
//! whose last account it is can have it all deleted ([`Pallet::forget`]), but not while a window with
//! spending runs.
//!
//! The registrar of a lost key's account, if the customer agreed to that when it registered, opens a
//! recovery and names the vintages. It is *open* for at least one delay; whoever still has the old key
//! cancels it by signing any transaction, since that changes the nonce. After the delay anybody completes
//! it, piece by piece. With the first piece the registration moves to the new account, without the consent
//! to recover, which its key has not given: from then on the recovery is *recent* and a signature of the
//! old key cancels nothing any more. The old key can still move what has not moved yet, but not spend it as
//! a customer, and it can never be registered again. An account without a key of its own, such as a
//! multisig, has a nonce that does not change; it cancels by objecting.
//!
//! Open and recent recoveries of an institution are never worth more than its bond when they are opened or
//! move; while there are any, the bond is not released ([`Cases`](hanse_primitives::Cases)). So a recovery
//! that was opened is completed even if its institution is suspended or leaves meanwhile. One delay after
//! its last piece, or after it was due if it never moved, it is over and counts no more:
//! [`Pallet::complete`] then clears it, and anybody may call that, so no recovery keeps a member for ever.
//!
//! # Invariants
//! 1. The accounts of a person are the registrations with its tag, and every registration has its person.
//! 2. `AccountOf` is exactly the registrations, by tag and registrar, and each keeps its account.
//! 3. What an institution has at stake is the number and the worth of its recoveries.
//! 4. While a recovery is open, its old account is registered by its institution with consent; once it has
//!    moved, the new account is the old one's successor. No vintage is named twice.
//! 5. Whoever has a successor is not registered, and no succession comes back to where it began.
//!
//! # Example
//! ```text
//! customers.consent(7, ann, 0x…, tag, true, until)                 what the till shows to Ann's wallet
//! customers.register(ann, 0x…, tag, true, until, signature)        by institution 7
//! customers.recover(ann, ann's new account, [vintage, …])          by institution 7, when Ann lost her key
//! customers.complete(ann)                                          by anybody, after the delay
//! ```
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod impls;
mod recovery;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

use hanse_primitives::Moment;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Milliseconds for which a consent may be good at most.
pub const CONSENT_LIFETIME: Moment = 60 * 60 * 1_000;
/// Vintages of one recovery at most.
pub const MAX_VINTAGES: u32 = 128;
/// Vintages that one call names or moves at most.
pub const MAX_PIECE: u32 = 16;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{pallet_prelude::*, traits::Time};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{AssetId, Balance, Clock, Halts, Holdings, InstitutionId, Members, Tag};
	use sp_core::H256;
	use sp_runtime::traits::{IdentifyAccount, Verify};

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// Who belongs to the alliance, and its bonds.
		type Members: Members<Self::AccountId>;

		/// What a recovery moves.
		type Holdings: Holdings<Self::AccountId>;

		/// What supervisors stopped, which no recovery escapes.
		type Halts: Halts<Self::AccountId>;

		/// What customers sign their consent with.
		type Signature: Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>> + Parameter;

		/// The clock of deadlines.
		type Clock: Clock;

		/// The chain's clock.
		type Time: Time<Moment = Moment>;

		/// Milliseconds of a window. The same for everybody, as are the rules below.
		type Window: Get<Moment>;

		/// Settlement micro-units that a person spends in one window at most.
		type Limit: Get<Balance>;

		/// Milliseconds for which a person must be known before it exchanges.
		type ExchangeAge: Get<Moment>;

		/// Milliseconds that a recovery is open before it may move, and recent afterwards.
		type RecoveryDelay: Get<Moment>;

		/// Calls sponsored for a person in a day at most.
		type SponsorQuota: Get<u32>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// The customers.
	#[pallet::storage]
	pub type Registrations<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Registration>;

	/// The persons behind them. Apart from registrations, so that accounts with one tag share a record.
	#[pallet::storage]
	pub type Persons<T: Config> = StorageMap<_, Blake2_128Concat, Tag, Person>;

	/// The one account of a person at an institution.
	#[pallet::storage]
	pub type AccountOf<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, Tag, Twox64Concat, InstitutionId, T::AccountId>;

	/// Who got what an account had, after its key was lost.
	#[pallet::storage]
	pub type Successors<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, T::AccountId>;

	/// The open and recent recoveries, by the old account.
	#[pallet::storage]
	pub type Recoveries<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, Recovery<T::AccountId, T::Nonce>>;

	/// What the open and recent recoveries of each institution come to.
	#[pallet::storage]
	pub type AtStake<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Stake, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution registered an account, with the customer's consent.
		CustomerRegistered { account: T::AccountId, institution: InstitutionId, tag: Tag },
		/// An account is no customer's any more.
		CustomerUnregistered { account: T::AccountId, institution: InstitutionId },
		/// What was counted for a person was deleted, by its own will.
		PersonForgotten { tag: Tag },
		/// An institution wants to move what `old` holds to `new`; who has the old key can sign anything,
		/// or object, until `due`.
		RecoveryOpened {
			old: T::AccountId,
			new: T::AccountId,
			institution: InstitutionId,
			due: Moment,
			worth: Balance,
		},
		/// More vintages were named; `worth` micro-units in all.
		RecoveryExtended { old: T::AccountId, vintages: u32, worth: Balance },
		/// A recovery was given up before anything moved.
		RecoveryCancelled { old: T::AccountId, institution: InstitutionId, cause: Cancellation },
		/// A piece of a recovery moved; the registration moved with the first.
		HoldingsMoved { old: T::AccountId, new: T::AccountId, vintages: u32, value: Balance },
		/// All vintages that a recovery named have moved; `worth` micro-units in all.
		Recovered { old: T::AccountId, new: T::AccountId, worth: Balance },
		/// A recovery counts no more against the bond of its institution.
		RecoveryEnded { old: T::AccountId, institution: InstitutionId },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The account is no customer's. Have an institution register it.
		NotRegistered,
		/// The account is a customer's already. Unregister it, or use another one.
		AlreadyRegistered,
		/// The person has another account at this institution. Unregister that one first.
		TagTaken,
		/// The account was recovered, so its key may be in other hands. Use its successor.
		Recovered,
		/// The consent's time is over. Have the customer sign a new one.
		ConsentExpired,
		/// The consent is good for more than an hour. Have it signed with an earlier `until`.
		ConsentTooLong,
		/// The customer did not sign exactly this. Sign what `consent` answers.
		BadSignature,
		/// Another institution registered the account, or recovers it.
		NotRegistrar,
		/// The person would spend more in this window than the rule allows. Pay less, or after its end.
		OverLimit,
		/// The person is not known for long enough to exchange. Wait.
		TooYoung,
		/// Something was spent in the window that runs. Wait for its end.
		WindowOpen,
		/// The person has other accounts. Unregister them first.
		OtherAccounts,
		/// The customer did not agree that its registrar may recover the account.
		NoConsent,
		/// Recoveries are open or recent, or one to another account is. Wait for their end, or withdraw
		/// those that are open.
		RecoveryOpen,
		/// There is no recovery of this account of which nothing has moved.
		NoRecovery,
		/// The recovery is not due, or all of it has moved and it is not over. Its `due` and `ends` say when.
		TooEarly,
		/// A vintage is named twice.
		DuplicateVintage,
		/// A recovery names at most 128 vintages.
		MaxVintagesExceeded,
		/// The institution's recoveries would be worth more than its bond. Top up the bond, or wait until
		/// others are over.
		OverBond,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Register `account` as a customer's, with the `signature` of the customer over
		/// [`Pallet::consent`] of the same arguments. It is good until `until`, also for another time if
		/// the account was unregistered meanwhile.
		///
		/// Origin: an active institution. Errors: [`Error::AlreadyRegistered`], [`Error::Recovered`],
		/// [`Error::TagTaken`], [`Error::ConsentExpired`], [`Error::ConsentTooLong`],
		/// [`Error::BadSignature`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::register())]
		pub fn register(
			origin: OriginFor<T>,
			account: T::AccountId,
			commitment: H256,
			tag: Tag,
			may_recover: bool,
			until: Moment,
			signature: T::Signature,
		) -> DispatchResult {
			let registrar = T::MemberOrigin::ensure_origin(origin)?;
			let registration = Registration { registrar, tag, commitment, may_recover };
			Self::do_register(account, registration, until, &signature)
		}

		/// Make `account` nobody's customer. What counts for the person stays.
		///
		/// Origin: the account itself, which also cancels its recovery, or its registrar. Errors:
		/// [`Error::NotRegistered`], [`Error::NotRegistrar`], [`Error::RecoveryOpen`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::unregister())]
		pub fn unregister(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unregister(&who, &account)
		}

		/// Unregister the caller's account and delete what is counted for the person.
		///
		/// Origin: the only account of a person. Errors: [`Error::NotRegistered`],
		/// [`Error::OtherAccounts`], [`Error::WindowOpen`], since forgetting would be a way around the
		/// limit.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::unregister())]
		pub fn forget(origin: OriginFor<T>) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_forget(&account)
		}

		/// Open a recovery of what `old` holds of `vintages` to `new`, or add them to the open one.
		///
		/// Origin: the active registrar of `old`, with its consent. A recovery that was cancelled by a
		/// signature of the old key or is over gives way. Errors: [`Error::NotRegistered`],
		/// [`Error::NotRegistrar`], [`Error::NoConsent`], [`Error::AlreadyRegistered`] and
		/// [`Error::Recovered`] of `new`, [`Error::RecoveryOpen`],
		/// [`Error::DuplicateVintage`], [`Error::MaxVintagesExceeded`], [`Error::OverBond`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::recover(vintages.len() as u32))]
		pub fn recover(
			origin: OriginFor<T>,
			old: T::AccountId,
			new: T::AccountId,
			vintages: BoundedVec<AssetId, ConstU32<MAX_PIECE>>,
		) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_recover(institution, old, new, &vintages)
		}

		/// Take the next step of the recovery of `old`: cancel it if its key has signed since or the new
		/// account got registered, else move up to 16 of its vintages; clear it once it is over.
		///
		/// Origin: anybody signed. Cancelling is a success, since an error would undo it. Errors:
		/// [`Error::NoRecovery`], [`Error::TooEarly`], [`Error::OverBond`], and those of
		/// [`Holdings::move_all`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::complete())]
		pub fn complete(origin: OriginFor<T>, old: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_complete(&old)
		}

		/// Cancel the open recovery of the caller's account.
		///
		/// Origin: the old account. Errors: [`Error::NoRecovery`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::cancel())]
		pub fn object(origin: OriginFor<T>) -> DispatchResult {
			let old = ensure_signed(origin)?;
			Self::do_object(&old)
		}

		/// Take back the open recovery of `old`.
		///
		/// Origin: the institution that opened it, whatever its status. Errors: [`Error::NoRecovery`],
		/// [`Error::NotRegistrar`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::cancel())]
		pub fn withdraw(origin: OriginFor<T>, old: T::AccountId) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_withdraw(institution, &old)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What a customer may still spend, and since when it is known; `None` for strangers.
		pub fn customer(account: T::AccountId) -> Option<Customer> {
			Self::read_customer(&account)
		}

		/// What the customer signs: the SCALE encoding of what it agrees to, between `<Bytes>` and
		/// `</Bytes>`, as wallets sign raw bytes (`signRaw` of the Polkadot.js extension). It names the
		/// chain by its genesis and is good until `until`.
		pub fn consent(
			institution: InstitutionId,
			account: T::AccountId,
			commitment: H256,
			tag: Tag,
			may_recover: bool,
			until: Moment,
		) -> Vec<u8> {
			let registration = Registration { registrar: institution, tag, commitment, may_recover };
			Self::consent_to(&account, &registration, until)
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
