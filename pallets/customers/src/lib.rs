//! Who may spend, how much, and how a lost key is made good.
//!
//! # Terminology
//! - *customer*: an account that an institution registered, its *registrar*.
//! - *person*: who is behind an account, known by a *tag* only, a keyed hash whose key the members keep off
//!   chain, and as one institution vouches for it. What another institution says of the same tag is another
//!   person: a tag is easily learnt and nobody's proof.
//! - *consent*: what a customer signs to be registered. *Invitation*: what it signs for another account of its own
//!   to count with this one. *Acceptance*: what the holder of a new account signs to get what a lost one had.
//! - *window*: the time over which spending is limited. It begins with a payment and lasts a fixed time
//!   (a tumbling window).
//! - *recovery*: moving what a lost key held to a new account.
//!
//! # Overview
//! A member registers an account with the customer's own signature over [`Pallet::consent`], so nobody is
//! registered who does not want to be. A tag has one account at each institution, and what that spends, what is
//! sponsored for it and its age count for the person for whom the institution vouches. An account *joins* another
//! one of its tag by the signatures of both ([`Pallet::join_accounts`]) and counts with it from then on: it shares its age,
//! and its limit. So nobody's limit, quota or age changes by what others do, and nobody spends more than one limit
//! in a window for each institution that vouches for it.
//!
//! Spending, quota and age survive unregistering for the time of a window, so that leaving and coming back is no
//! way around the limit, and being sent away costs no age; then they are deleted by themselves. The customer can
//! have all of it deleted at once ([`Pallet::forget`]), registered or not, unless something counts in a window
//! that runs. Consents that were signed before a customer withdrew are void.
//!
//! The registrar of a lost key's account, if the customer agreed to that when it registered, opens a
//! recovery and names the vintages. It is *open* for at least one delay, on a clock that stands while nobody can
//! act; whoever still has the old key cancels it by signing anything: a transaction changes the nonce, and
//! neighbours tell of what else they saw. After the delay anybody completes it, piece by piece. With the first piece the registration moves to the new
//! account, whose key has accepted that ([`Pallet::acceptance`]), with limit, quota and age, but without the
//! consent to recover, which it has not given: from then on the recovery is *recent* and a signature of the old
//! key cancels nothing any more. The old key can still move what has not moved yet, but not spend it as a
//! customer, and is not registered again. What neighbours owe it goes to its successor
//! ([`Customers::current_account`](hanse_primitives::Customers::current_account)) until the successor has that deleted, which it can
//! once nothing is on its way any more. An account without a key of its own, such as a multisig, has a nonce that
//! does not change; it cancels by objecting.
//!
//! Open and recent recoveries of an institution are never worth more than its bond when they are opened or
//! move; while there are any, the bond is not released ([`PendingClaims`](hanse_primitives::PendingClaims)). So a recovery
//! that was opened is completed even if its institution is suspended or leaves meanwhile. One delay after
//! its last piece, or after it was due if it never moved, it is over and counts no more:
//! [`Pallet::complete_recovery`] then clears it, and anybody may call that, so no recovery keeps a member for ever.
//!
//! # Invariants
//! 1. The accounts of a person are the registrations that count for it, and its former ones those for which it is
//!    remembered, each of which keeps its account; nobody else is a person.
//! 2. `AccountOf` is exactly the registrations, by tag and registrar, and each keeps its account.
//! 3. What an institution has at stake is the number and the worth of its recoveries.
//! 4. While a recovery is open, its old account is registered by its institution with consent; once it has
//!    moved, the new account is the old one's successor. No vintage is named twice.
//! 5. Whoever has a successor is not registered; each successor knows whose place it took and how many stand behind
//!    one another, at most eight, and no succession comes back to where it began.
//! 6. What is remembered and what was withdrawn is listed, once, for the first day on which it is over.
//!
//! # Example
//! ```text
//! customers.consent(7, ann, 0x…, tag, true, until)                 what the till shows to Ann's wallet
//! customers.register(ann, 0x…, tag, true, until, signature)        by institution 7
//! customers.join(ann's other account, until, its signature)        by Ann, to count with it
//! customers.recover(ann, her new account, [vintage, …], until, its signature)   by 7, when Ann lost her key
//! customers.complete(ann)                                          by anybody, after the delay
//! ```
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod impls;
mod recovery;
mod retention;
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
/// Milliseconds for which the way from a lost account to its successor is kept at least: longer than the longest
/// return window and the longest refund window that the members can agree on.
pub const SUCCESSION_KEPT: Moment = 400 * hanse_primitives::DAY;
/// Persons for whom an account is remembered that one call checks; most accounts have one or none.
pub const MAX_REMEMBERED: u32 = 4;
/// Vintages of one recovery at most.
pub const MAX_VINTAGES: u32 = 128;
/// Vintages that one call names or moves at most.
pub const MAX_PIECE: u32 = 16;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{pallet_prelude::*, traits::Time, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{AssetId, Balance, DeadlineClock, Halts, Holdings, InstitutionId, Members, Tag};
	use sp_core::H256;
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

		/// Who belongs to the alliance, and its bonds.
		type Members: Members<Self::AccountId>;

		/// What a recovery moves.
		type Holdings: Holdings<Self::AccountId>;

		/// What supervisors stopped, which no recovery escapes.
		type Halts: Halts<Self::AccountId>;

		/// What customers sign their consent with.
		type Signature: Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>> + Parameter;

		/// The clock of deadlines: those of recoveries.
		type DeadlineClock: DeadlineClock;

		/// The clock of the wall, after which customers sign, and after which windows and ages count.
		type Time: Time<Moment = Moment>;

		/// What the members agreed on.
		type Rules: Get<CustomerRules>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// The customers. The registrar pays for an entry with its call, and customer or registrar removes it.
	#[pallet::storage]
	pub type Registrations<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Registration>;

	/// The persons behind them. Apart from registrations, so that accounts that joined share a record. It comes with
	/// the first account and goes with the last one that is registered or remembered.
	#[pallet::storage]
	pub type Persons<T: Config> = StorageMap<_, Blake2_128Concat, PersonId, Person>;

	/// Until when it is remembered that an account counted for a person. It comes with leaving and goes by itself, on
	/// coming back, or when the customer has it deleted.
	#[pallet::storage]
	pub type FormerAccounts<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, PersonId, Moment>;

	/// Whatever customers signed that is good until then or less long is void. It comes with a customer's own
	/// leaving and goes by itself, within a day after it is over.
	#[pallet::storage]
	pub type WithdrawnConsents<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Moment>;

	/// What goes by itself, by the day (its number in big endian, so that the oldest is first) on which it is over.
	#[pallet::storage]
	pub type RetentionQueue<T: Config> =
		StorageDoubleMap<_, Identity, [u8; 4], Blake2_128Concat, RetainedItem<T::AccountId>, ()>;

	/// The one account of a tag at an institution, as long as it is registered.
	/// Paid for by the registrar; gone with the registration.
	#[pallet::storage]
	pub type AccountOf<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, Tag, Twox64Concat, InstitutionId, T::AccountId>;

	/// Who got what an account had, after its key was lost. The institution that recovered it paid, with its calls
	/// and the wait under its bond; the successor removes it by [`Pallet::forget`].
	#[pallet::storage]
	pub type Successors<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, T::AccountId>;

	/// Whose place an account took: the same entries, the other way round.
	/// Paid for with the recovery; gone with its counterpart.
	#[pallet::storage]
	pub type Predecessors<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, Predecessor<T::AccountId>>;

	/// The open and recent recoveries, by the old account. The institution pays, with its bond behind it; who
	/// completes or cancels them removes them.
	#[pallet::storage]
	pub type Recoveries<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, Recovery<T::AccountId, T::Nonce>>;

	/// What the open and recent recoveries of each institution come to; it goes with the last one.
	#[pallet::storage]
	pub type RecoveryExposures<T: Config> =
		StorageMap<_, Twox64Concat, InstitutionId, RecoveryExposure, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution registered an account, with the customer's consent.
		CustomerRegistered { account: T::AccountId, institution: InstitutionId, tag: Tag },
		/// An account is no customer's any more.
		CustomerUnregistered { account: T::AccountId, institution: InstitutionId },
		/// An account counts together with another one of the same tag.
		AccountsJoined { account: T::AccountId, with: T::AccountId },
		/// What was kept about a customer was deleted, by its own will.
		CustomerForgotten { account: T::AccountId },
		/// An institution wants to move what `old` holds to `new`; who has the old key can sign anything,
		/// or object, until `due`, or longer if the chain stands still meanwhile.
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
		/// The tag has another account at this institution. Unregister that one first.
		TagTaken,
		/// Accounts at other institutions count for the person for whom this one vouches. Have the customer
		/// unregister them first; it can join again afterwards.
		OtherAccounts,
		/// The two accounts have different tags. Join one of the same.
		OtherPerson,
		/// The two accounts count together already.
		AlreadyJoined,
		/// The account was recovered, so its key may be in other hands. Use its successor.
		Recovered,
		/// The consent's time is over. Have the customer sign a new one.
		ConsentExpired,
		/// The consent is good for more than an hour. Have it signed with an earlier `until`.
		ConsentTooLong,
		/// The customer left after it may have signed this. Have it sign one that is good for a full hour.
		ConsentWithdrawn,
		/// It was not signed exactly like this. Sign what `consent`, `invitation` or `acceptance` answers.
		BadSignature,
		/// Another institution registered the account, or recovers it.
		NotRegistrar,
		/// The person would spend more in this window than the rule allows. Pay less, or after its end.
		OverLimit,
		/// The person is not known for long enough to exchange. Wait.
		TooYoung,
		/// Something was spent in the window that runs. Wait for its end.
		WindowOpen,
		/// The account took the place of another one already. Recover to a fresh one.
		AlreadySuccessor,
		/// Eight accounts of this customer were lost one after the other. Register a new one.
		MaxSuccessionsExceeded,
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
		/// the registrar unregistered the account meanwhile, but not if the customer did.
		///
		/// Origin: an active institution. Errors: [`Error::AlreadyRegistered`], [`Error::Recovered`],
		/// [`Error::TagTaken`], [`Error::OtherAccounts`], [`Error::ConsentExpired`], [`Error::ConsentTooLong`],
		/// [`Error::ConsentWithdrawn`], [`Error::BadSignature`].
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
			let registration = Registration { registrar, tag, voucher: registrar, commitment, may_recover };
			Self::do_register(account, registration, until, &signature)
		}

		/// Make `account` nobody's customer. What counts for its person is remembered for the time of a window.
		///
		/// Origin: the account itself, which also cancels its recovery and takes back whatever it has signed, or
		/// its registrar. Errors:
		/// [`Error::NotRegistered`], [`Error::NotRegistrar`], [`Error::RecoveryOpen`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::unregister())]
		pub fn unregister(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_unregister(&who, &account)
		}

		/// Unregister the caller's account, if it is registered, and delete what is kept about it: what counts for
		/// its person, and for up to four for whom it is remembered, and, 400 days after a recovery, whose place it
		/// took. What other accounts of a person need stays with them.
		///
		/// Origin: an account that is or was registered. Free of a fee. Errors: [`Error::NotRegistered`],
		/// [`Error::WindowOpen`], since forgetting would be a way around the limit.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::forget())]
		pub fn forget(origin: OriginFor<T>) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_forget(&account)
		}

		/// Open a recovery of what `old` holds of `vintages` to `new`, or add them to the open one.
		///
		/// Origin: the active registrar of `old`, with its consent. A recovery that was cancelled by a
		/// signature of the old key or is over gives way. The holder of `new` signs [`Pallet::acceptance`] of the
		/// same arguments, good until `until`. Errors: [`Error::NotRegistered`], [`Error::NotRegistrar`],
		/// [`Error::NoConsent`], [`Error::AlreadyRegistered`], [`Error::Recovered`] and
		/// [`Error::AlreadySuccessor`] of `new`, [`Error::MaxSuccessionsExceeded`], [`Error::ConsentExpired`],
		/// [`Error::ConsentTooLong`], [`Error::ConsentWithdrawn`], [`Error::BadSignature`],
		/// [`Error::RecoveryOpen`], [`Error::DuplicateVintage`], [`Error::MaxVintagesExceeded`],
		/// [`Error::OverBond`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::open_recovery(vintages.len() as u32))]
		pub fn open_recovery(
			origin: OriginFor<T>,
			old: T::AccountId,
			new: T::AccountId,
			vintages: BoundedVec<AssetId, ConstU32<MAX_PIECE>>,
			until: Moment,
			signature: T::Signature,
		) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_open_recovery(institution, old, new, &vintages, until, &signature)
		}

		/// Take the next step of the recovery of `old`: cancel it if its key has signed since or the new
		/// account got registered, else move up to 16 of its vintages; clear it once it is over.
		///
		/// Origin: anybody signed. Cancelling is a success, since an error would undo it. Errors:
		/// [`Error::NoRecovery`], [`Error::TooEarly`], [`Error::OverBond`], and those of
		/// [`Holdings::move_all`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::complete_recovery())]
		pub fn complete_recovery(origin: OriginFor<T>, old: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_complete_recovery(&old)
		}

		/// Cancel the open recovery of the caller's account.
		///
		/// Origin: the old account. Errors: [`Error::NoRecovery`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::cancel())]
		pub fn object_to_recovery(origin: OriginFor<T>) -> DispatchResult {
			let old = ensure_signed(origin)?;
			Self::do_object_to_recovery(&old)
		}

		/// Take back the open recovery of `old`.
		///
		/// Origin: the institution that opened it, whatever its status. Errors: [`Error::NoRecovery`],
		/// [`Error::NotRegistrar`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::cancel())]
		pub fn withdraw_recovery(origin: OriginFor<T>, old: T::AccountId) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_withdraw_recovery(institution, &old)
		}

		/// Let the caller's account count together with `with`, another one of the same tag, whose age, limit and
		/// quota it shares from now on, with the `signature` of `with` over [`Pallet::invitation`], good until
		/// `until`. What it spent before is remembered. It counts apart again by leaving and being registered anew.
		///
		/// Origin: a customer. Errors: [`Error::NotRegistered`] of either, [`Error::OtherPerson`],
		/// [`Error::AlreadyJoined`], [`Error::ConsentExpired`], [`Error::ConsentTooLong`],
		/// [`Error::ConsentWithdrawn`], [`Error::BadSignature`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::join_accounts())]
		pub fn join_accounts(
			origin: OriginFor<T>,
			with: T::AccountId,
			until: Moment,
			signature: T::Signature,
		) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_join_accounts(&account, &with, until, &signature)
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
			let (registrar, voucher) = (institution, institution);
			let registration = Registration { registrar, tag, voucher, commitment, may_recover };
			Self::consent_to(&account, &registration, until)
		}

		/// What the holder of `host` signs for `guest` to join it, in the same way.
		pub fn invitation(host: T::AccountId, guest: T::AccountId, until: Moment) -> Vec<u8> {
			Self::invitation_of(&host, &guest, until)
		}

		/// What the holder of `new` signs for `institution` to recover `old` to it, in the same way.
		pub fn acceptance(
			institution: InstitutionId,
			old: T::AccountId,
			new: T::AccountId,
			until: Moment,
		) -> Vec<u8> {
			Self::acceptance_of(institution, &old, &new, until)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Remove what is over. Bounded, and the next block goes on.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::sweep(&mut meter);
			meter.consumed()
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
