//! Who belongs to the alliance.
//!
//! # Terminology
//! - *institution*: a member or applicant: one account, one bond, one vote, one reserve.
//! - *founder*: an institution that is a member from genesis on.
//! - *admission bond*: settlement units held on the institution's account while it is a member, the same
//!   amount for everybody.
//! - *electorate*: all active and suspended members, whether they are awake or not.
//! - *awake*: a member that gave a sign of itself within the rule's time.
//! - *estate*: the reserve that a leaver leaves behind for its outstanding points, at their full value.
//!
//! # Overview
//! ```text
//! Applied → Active ⇄ Suspended      Active → Leaving → Left      Active or Suspended → RunOff → Left
//! ```
//! [`Status::after`] is that table. Applying, leaving and closing are calls of the institution, admission
//! and expulsion are votes, and suspension comes from other pallets through
//! [`MemberStatus`](hanse_primitives::MemberStatus). Other pallets ask through
//! [`Members`](hanse_primitives::Members) who a member is and what it may do, and use [`EnsureMember`]
//! where a call is a member's.
//!
//! A member is suspended for as long as there is a cause ([`SuspensionCause`](hanse_primitives::SuspensionCause)).
//! All exits have one law: holders first, out of reserve and bond. A leaver must have a free reserve that covers all its points, and cannot get below that
//! any more, whoever it pays. When one cannot go on, what creditors do not need of its bond goes to its reserve,
//! as far as the holders of its points need it; what is then left of the bond is its own again when it has left.
//! Whoever ends gets back what it put in, as soon as nobody is owed.
//!
//! A member is heard of when its account, or a delegate for it, signs a transaction, when it votes, and when its
//! authority makes a block. Nobody loses the vote by silence; what decisions need is counted of those who are awake.
//! Signs are written down at most once in a fourteenth of the rule's time, a day by the standard rules, so a member
//! is awake for that time after its last sign and up to a fourteenth longer.
//!
//! # Invariants
//! 1. Every institution that is not gone has exactly one account, and every account at most one.
//! 2. Applicants hold a bond, and an institution that is gone holds none; a member's may have paid what it owed.
//! 3. Members are counted right and never more than [`MAX_MEMBERS`](hanse_primitives::MAX_MEMBERS);
//!    applications are those of the applicants, and never more than [`MAX_APPLICATIONS`].
//! 4. Every applicant and member has its name, in all its readings, to itself.
//! 5. The electorate is exactly the active and suspended members, and it is known of each when it was heard of.
//! 6. Exactly the suspended members have a cause for it.
//! 7. Of whoever is on its way out or gone, what its points pay is never more than its free reserve.
//!
//! # Example
//! ```text
//! institutions.apply({ name: "Elbe Bank", document: 0x… })   by the applicant: its bond is held
//! alliance.propose(3, institutions.admit(5), …)              by a member of four
//! ```
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod impls;
mod presence;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use impls::EnsureMember;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Applications that are open at the same time at most.
pub const MAX_APPLICATIONS: u32 = 64;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::{string::String, vec::Vec};
	use frame_support::{
		pallet_prelude::*,
		traits::{
			fungible::{hold::Mutate as HoldMutate, Inspect},
			Time,
		},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		Authorities, Balance, DeadlineClock, Electorate, EraIndex, Eras, FlagSet, InstitutionId, Liabilities,
		Moment, Names, PendingClaims, Reading, Reserves, SuspensionCause, MAX_MEMBERS,
	};

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The settlement unit.
		type Currency: Inspect<Self::AccountId, Balance = Balance>
			+ HoldMutate<Self::AccountId, Reason = Self::RuntimeHoldReason>;

		/// The reason under which bonds are held.
		type RuntimeHoldReason: From<HoldReason>;

		/// The members' vote to admit an applicant.
		type AdmitOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The members' vote to send an applicant away.
		type RejectOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The members' vote to expel one of them.
		type ExpelOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// What an applicant's bond must be, in settlement micro-units. The same for everybody.
		type AdmissionBond: Get<Balance>;

		/// What a member's bond must be for it to issue: less than `AdmissionBond` during the grace
		/// after that was raised.
		type RequiredBond: Get<Balance>;

		/// Eras in which a receipt can be refunded.
		type RefundWindow: Get<EraIndex>;

		/// Milliseconds for which a member is awake after a sign of itself.
		type Awake: Get<Moment>;

		/// Milliseconds after which an application lapses.
		#[pallet::constant]
		type ApplicationLifetime: Get<Moment>;

		/// The clock of deadlines.
		type DeadlineClock: DeadlineClock;

		/// The chain's clock.
		type Time: Time<Moment = Moment>;

		/// The clock of accounting eras.
		type Eras: Eras;

		/// Who votes.
		type Electorate: Electorate<Self::AccountId>;

		/// Who runs the nodes.
		type Authorities: Authorities<Self::AccountId>;

		/// What an institution that leaves still owes to the holders of its points.
		type Liabilities: Liabilities;

		/// What its bond stands for while it is open.
		type PendingClaims: PendingClaims;

		/// What programs are called, since nobody takes another's name.
		type Programs: Names;

		/// The reserve of an institution that leaves.
		type Clearing: Reserves;

		/// Weights of calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// Why the settlement units of an institution are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The bond of a member or applicant.
		AdmissionBond,
	}

	/// The institutions, those that are gone included. Blake2 is not needed: ids are given out by the
	/// chain.
	#[pallet::storage]
	pub type Institutions<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Institution<T::AccountId>>;

	/// Why each suspended member is suspended.
	/// At most one for each member; gone when no cause is left.
	#[pallet::storage]
	pub type Suspensions<T: Config> =
		StorageMap<_, Twox64Concat, InstitutionId, FlagSet<SuspensionCause>, ValueQuery>;

	/// The institution of an account.
	/// Paid for by the bond; gone when the institution is closed and has nothing here.
	#[pallet::storage]
	pub type InstitutionOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, InstitutionId>;

	/// The institution of each reading of a name, at most three each. The bond pays for them; the end of the
	/// application, another name and the close of the institution remove them.
	#[pallet::storage]
	pub type InstitutionByReading<T: Config> = StorageMap<_, Blake2_128Concat, Reading, InstitutionId>;

	/// The id that was given out last.
	#[pallet::storage]
	pub type LastInstitutionId<T: Config> = StorageValue<_, InstitutionId, ValueQuery>;

	/// How many members there are.
	#[pallet::storage]
	pub type MemberCount<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// The open applications, each with the moment at which it lapses.
	/// Paid for by the bond; gone when it is decided, withdrawn or lapses. Bounded in number.
	#[pallet::storage]
	pub type Applications<T: Config> = CountedStorageMap<_, Twox64Concat, InstitutionId, Moment>;

	/// When each active or suspended member was last heard of. Paid for by its bond; goes with its vote.
	#[pallet::storage]
	pub type LastSeen<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Presence<T::Nonce>>;

	/// When signs of members are looked for next.
	#[pallet::storage]
	pub type NextActivityScan<T: Config> = StorageValue<_, Moment, ValueQuery>;

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
			for (account, name) in &self.founders {
				Pallet::<T>::create_founder(account, name)
					.unwrap_or_else(|reason| panic!("founder {name}: {reason:?}"));
			}
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Somebody wants to be a member; without a vote the application lapses at `lapses`.
		Applied { institution: InstitutionId, account: T::AccountId, lapses: Moment },
		/// An application ended without admission, and bond and reserve went back.
		ApplicationEnded { institution: InstitutionId, end: ApplicationEnd },
		/// An institution stands elsewhere now.
		StatusChanged { institution: InstitutionId, old: Status, new: Status },
		/// An institution changed what it says about itself.
		ProfileUpdated { institution: InstitutionId, old: Profile, new: Profile },
		/// An institution added `amount` micro-units to its bond.
		BondToppedUp { institution: InstitutionId, amount: Balance },
		/// `amount` micro-units of a member's bond paid what it owed.
		BondPaidOut { institution: InstitutionId, creditor: T::AccountId, amount: Balance },
		/// The books contradict each other: this application did not lapse. The end of the next era tries again.
		Inconsistent { institution: InstitutionId },
	}

	/// Why an application ended.
	#[derive(
		Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
	)]
	pub enum ApplicationEnd {
		/// The applicant took it back.
		Withdrawn,
		/// The members said no.
		Rejected,
		/// Nobody decided in time.
		Lapsed,
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no institution of this id. Read `Institutions` for those that exist.
		NotFound,
		/// The account belongs to an institution already. Use another account.
		AlreadyExists,
		/// The institution is suspended, leaving or gone, or not yet a member, and may not do this. Its
		/// status says which.
		NotActive,
		/// The institution's status does not lead there; see the table of statuses.
		WrongStatus,
		/// The institution is no applicant, or not any more. Read `Applications` for those that are.
		NotApplicant,
		/// The application was not decided in time. Apply again.
		ApplicationLapsed,
		/// A name is 1 to 32 bytes of UTF-8 in normal form C: letters and digits of one script with
		/// punctuation and single spaces between them, and nothing that cannot be seen.
		InvalidName,
		/// Another institution or one of its programs has this name, or one that looks like it: case, spaces
		/// and characters that look alike make no difference.
		NameTaken,
		/// Fewer free settlement units than the call holds. Fund the account first.
		FundsTooSmall,
		/// The bond is below the rule. Top it up.
		BondTooSmall,
		/// The amount is zero.
		ZeroAmount,
		/// The alliance has 256 members.
		MaxMembersExceeded,
		/// 64 applications are open. Wait until one is decided.
		MaxApplicationsExceeded,
		/// Receipts from before the institution left can still be refunded. Close after the era that
		/// its status names.
		RefundWindowOpen,
		/// Points of the institution are outstanding, and it has no free reserve that covers them in full.
		/// Wait until they are spent or expired, or top up the reserve.
		PointsOutstanding,
		/// The institution owes something on lines, for which its bond answers. Wait for the end of the cycle.
		DebtsOpen,
		/// The institution is in run-off or gone, and gives nothing back any more.
		BooksClosed,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Ask to be a member. The bond is held until the application ends or the member has left.
		///
		/// Origin: an account that is no institution. Errors: [`Error::AlreadyExists`],
		/// [`Error::MaxApplicationsExceeded`], [`Error::InvalidName`], [`Error::NameTaken`],
		/// [`Error::FundsTooSmall`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::apply())]
		pub fn apply(origin: OriginFor<T>, profile: ProfileDraft) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_apply(account, profile)
		}

		/// Take an application back; bond and reserve are free again.
		///
		/// Origin: the applicant. Errors: [`Error::NotApplicant`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::end_application())]
		pub fn withdraw_application(origin: OriginFor<T>) -> DispatchResult {
			let institution = EnsureMember::<T>::ensure_origin(origin)?;
			Self::do_end_application(institution, ApplicationEnd::Withdrawn)
		}

		/// Make an applicant a member.
		///
		/// Origin: [`Config::AdmitOrigin`]. Errors: [`Error::NotApplicant`],
		/// [`Error::ApplicationLapsed`], [`Error::BondTooSmall`] if the rule was raised meanwhile,
		/// [`Error::MaxMembersExceeded`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::change_electorate())]
		pub fn admit(origin: OriginFor<T>, #[pallet::compact] institution: InstitutionId) -> DispatchResult {
			T::AdmitOrigin::ensure_origin(origin)?;
			Self::do_admit(institution)
		}

		/// Send an applicant away before its application lapses; bond and reserve are free again.
		///
		/// Origin: [`Config::RejectOrigin`]. Errors: [`Error::NotApplicant`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::end_application())]
		pub fn reject(origin: OriginFor<T>, #[pallet::compact] institution: InstitutionId) -> DispatchResult {
			T::RejectOrigin::ensure_origin(origin)?;
			Self::do_end_application(institution, ApplicationEnd::Rejected)
		}

		/// Change what the institution says about itself.
		///
		/// Origin: an institution that is not gone or running off. Errors: [`Error::NotActive`],
		/// [`Error::InvalidName`], [`Error::NameTaken`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::update_profile())]
		pub fn update_profile(origin: OriginFor<T>, profile: ProfileDraft) -> DispatchResult {
			let institution = EnsureMember::<T>::ensure_origin(origin)?;
			Self::do_update_profile(institution, profile)
		}

		/// Add `amount` micro-units of the free balance to the bond.
		///
		/// Origin: an applicant, or an active or suspended member. Errors: [`Error::NotActive`],
		/// [`Error::ZeroAmount`], [`Error::FundsTooSmall`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::top_up_bond())]
		pub fn top_up_bond(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
			let institution = EnsureMember::<T>::ensure_origin(origin)?;
			Self::do_top_up_bond(institution, amount)
		}

		/// Begin to leave: the vote ends, the points are still redeemed. The free reserve must cover all of them.
		///
		/// Origin: an active member; a suspended one cannot leave. Errors: [`Error::WrongStatus`],
		/// [`Error::PointsOutstanding`], and those of [`Authorities::ensure_dispensable`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::change_electorate())]
		pub fn leave(origin: OriginFor<T>) -> DispatchResult {
			let institution = EnsureMember::<T>::ensure_origin(origin)?;
			Self::do_leave(institution)
		}

		/// Finish the leaving or the run-off of an institution: its bond is free again, and its reserve
		/// too, unless it stays behind for outstanding points. Called again when those are gone, it frees
		/// the estate.
		///
		/// Origin: anybody signed, since a place among the members is everybody's concern. Errors:
		/// [`Error::NotFound`], [`Error::WrongStatus`], [`Error::RefundWindowOpen`], [`Error::DebtsOpen`],
		/// [`Error::PointsOutstanding`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::close())]
		pub fn close(origin: OriginFor<T>, #[pallet::compact] institution: InstitutionId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_close(institution)
		}

		/// Expel a member into run-off.
		///
		/// Origin: [`Config::ExpelOrigin`]. Errors: [`Error::NotFound`], [`Error::WrongStatus`].
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::change_electorate())]
		pub fn expel(origin: OriginFor<T>, #[pallet::compact] institution: InstitutionId) -> DispatchResult {
			T::ExpelOrigin::ensure_origin(origin)?;
			Self::change_status(institution, Transition::RunOff)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Look for signs of members.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::scan_activity(meter);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
