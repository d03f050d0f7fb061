//! Who makes blocks: the sets of authorities, session by session.
//!
//! # Terminology
//! - *operator*: an institution that wants to run an authority, with its keys set.
//! - *authority*: an operator in the set of a session; it makes blocks and finalises them.
//! - *planned*: the set of the next session. A set is planned when a session begins and begins when that
//!   session ends, so a change takes two turns of sessions.
//! - *silent*: an authority of the planned set that made no block in the session that ended last, be it
//!   because its node is gone or because it has not begun yet.
//! - *offline*: an authority that made too small a share of the blocks which a session really made: less than
//!   the rule says of an equal part.
//! - *limit*: of `n` authorities, max(1, ⌊(n − 1) / 3⌋): as many as GRANDPA can lose and go on.
//!
//! # Overview
//! This pallet is the session manager. `next_set` in `plan.rs` is its rule: a member that may not or does
//! not want to be an authority any more leaves, one that waits joins, and where more wait than there are places, those that
//! served longest make room for those that have been out longest. A session changes at most *limit*
//! authorities out and as many in, and those that join and those that are silent are never more than
//! *limit* together, so that GRANDPA can finalise the change.
//! Nobody who must leave, by a penalty or otherwise, does so while those who stay could not finalise: the last
//! one never leaves, and a penalised one serves on while too many others are silent.
//!
//! A session lasts as long as the rule says, and at least two slots for each authority, so that an
//! authority which is there has made a block.
//!
//! When a third or more of the authorities is gone for good, GRANDPA cannot finalise anything, so no
//! change of authorities by itself either. The members vote [`Pallet::restart_finality`]: the silent are
//! left out of the next set that is planned, whatever the limit, and GRANDPA starts anew with the others. The
//! chain takes that vote only while a third or more made no block in the session that ended last, and forgets it
//! if fewer are silent when the set is planned.
//!
//! At the end of a session it is recorded who was offline in it, and counted who wanted to operate and who
//! served. By that count an era knows who ran an authority all along; see
//! [`ServiceReports`](hanse_primitives::ServiceReports).
//!
//! # Invariants
//! 1. No set names an authority twice or has more than
//!    [`MAX_AUTHORITIES`](hanse_primitives::MAX_AUTHORITIES).
//! 2. Every ticket was given out once.
//! 3. Since the last end of an era nobody wanted to serve or served in more sessions than have ended, and
//!    nobody is counted who did neither; who was offline served.
//!
//! # Example
//! ```text
//! session.set_keys(keys, proof)     by the institution, with what its node returned
//! authorities.operate(true)         by the institution: two turns of sessions later it makes blocks
//! ```
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod impls;
mod offences;
mod plan;
mod service;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use offences::OncePerSession;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Sessions for which equivocations can be proved: a week of sessions of ten minutes.
pub const HISTORY: sp_staking::SessionIndex = 7 * 24 * 6;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		Activity, AuthorityKeys, Conduct, Finality, InstitutionId, Members, Moment, MAX_AUTHORITIES,
	};
	use sp_staking::SessionIndex;

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// The members' vote to start finality anew.
		type RestartOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who belongs to the alliance.
		type Members: Members<Self::AccountId>;

		/// The keys that authorities sign with.
		type Keys: AuthorityKeys<Self::AccountId>;

		/// The finality gadget.
		type Finality: Finality<BlockNumberFor<Self>>;

		/// Who looks for signs of members; an authority's blocks are one.
		type Activity: Activity<Self::AccountId>;

		/// What follows from what authorities do.
		type Conduct: Conduct;

		/// The share of its expected blocks below which an authority is offline, in per cent.
		type OfflineShare: Get<u32>;

		/// Milliseconds that a session lasts.
		type SessionLength: Get<Moment>;

		/// Milliseconds of a slot.
		#[pallet::constant]
		type SlotDuration: Get<Moment>;

		/// The beginning of this block's slot. The clock will not do: it is set after sessions turn.
		type SlotStart: Get<Moment>;

		/// Weights of calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// Institutions that want to run an authority, each with the ticket that it drew when it last came
	/// in or out: of two, the one with the lower ticket has been in or out longer.
	/// Paid for by the bond; one entry at most for each member, gone when its institution is.
	#[pallet::storage]
	pub type Operators<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, QueuePosition>;

	/// The ticket that is drawn next.
	#[pallet::storage]
	pub type NextQueuePosition<T: Config> = StorageValue<_, QueuePosition, ValueQuery>;

	/// The set that was planned last: that of the next session.
	#[pallet::storage]
	pub type PlannedSet<T: Config> =
		StorageValue<_, BoundedVec<InstitutionId, ConstU32<MAX_AUTHORITIES>>, ValueQuery>;

	/// The authorities of this session, each with the blocks that it has made.
	#[pallet::storage]
	pub type Roster<T: Config> = StorageValue<_, BlocksMade, ValueQuery>;

	/// The same of the session that ended last.
	#[pallet::storage]
	pub type LastRoster<T: Config> = StorageValue<_, BlocksMade, ValueQuery>;

	/// What operators and authorities did since the last end of an era; one for each member at most.
	#[pallet::storage]
	pub type Attendances<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Attendance, ValueQuery>;

	/// Sessions that have ended since.
	#[pallet::storage]
	pub type SessionsCounted<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// The session that runs.
	#[pallet::storage]
	pub type CurrentSession<T: Config> = StorageValue<_, RunningSession>;

	/// A restart of finality that was voted and has not taken place.
	#[pallet::storage]
	pub type PendingRestart<T: Config> = StorageValue<_, Restart<BlockNumberFor<T>>>;

	/// Who equivocated in which session, for as long as it can be proved.
	/// Paid for by nobody, so at most one an authority and session; gone when the session can no longer be proved.
	#[pallet::storage]
	pub type Equivocations<T: Config> =
		StorageDoubleMap<_, Twox64Concat, SessionIndex, Twox64Concat, InstitutionId, ()>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The founders that are authorities from the start. Their keys are in the genesis of sessions.
		pub operators: Vec<T::AccountId>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		/// Panics where an operator is no founder; see the founders of institutions.
		fn build(&self) {
			let ids: Vec<_> = self
				.operators
				.iter()
				.map(|account| {
					T::Members::id_of(account)
						.unwrap_or_else(|| panic!("the authority of {account:?}, who is no founder"))
				})
				.collect();
			ids.iter().for_each(|id| Pallet::<T>::join_queue(*id));
			PlannedSet::<T>::put(BoundedVec::try_from(ids).expect("founders are at most 64 authorities"));
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution wants to run an authority from now on, or does not any more.
		OperationChanged { institution: InstitutionId, on: bool },
		/// The set of `session` differs from the one before.
		SetPlanned { session: SessionIndex, joining: Vec<InstitutionId>, leaving: Vec<InstitutionId> },
		/// The members voted to start finality anew upon a block.
		RestartVoted { best_finalised: BlockNumberFor<T>, set_id: u64 },
		/// A restart that the members voted does not take place: fewer than a third of the authorities are silent.
		RestartDropped,
		/// Finality starts anew with the authorities of `session`.
		FinalityRestarted { session: SessionIndex },
		/// An authority voted for two different blocks in one round. Told once a session.
		Equivocated { institution: InstitutionId, session: SessionIndex },
		/// An authority made only so many of the blocks of a session that has ended.
		WentOffline { institution: InstitutionId, session: SessionIndex, blocks: u32 },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The institution is no active member; only those run authorities.
		NotActive,
		/// The institution has no keys. Call `session.set_keys` with what the node returned first.
		KeysNotSet,
		/// The institution runs an authority already, or does not run one.
		Unchanged,
		/// There would be fewer than four authorities, which GRANDPA needs to bear the loss of one. Stop
		/// or leave when another one has joined.
		TooFewAuthorities,
		/// The block has not been made yet. Take the best finalised block of a node.
		BlockUnknown,
		/// There has been no such set of authorities yet. Take the set id that a node reports.
		SetUnknown,
		/// Fewer than a third of the authorities made no block in the last session, so finality goes on by
		/// itself. If more are gone, wait until a session has ended without them; `LastRoster` has the blocks.
		TooFewSilent,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Run an authority from now on, or stop. It begins two turns of sessions later at the earliest.
		///
		/// Origin: an active institution; any institution may stop. Errors: [`Error::NotActive`],
		/// [`Error::KeysNotSet`], [`Error::Unchanged`], [`Error::TooFewAuthorities`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::operate())]
		pub fn operate(origin: OriginFor<T>, on: bool) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_operate(institution, on)
		}

		/// Start finality anew upon the block `best_finalised` without the authorities that made no block
		/// in the last session. `set_id` is that of the set which the nodes wait for, as they report it.
		/// A member that is left out has to call [`Pallet::operate`] again. Voted once more before it takes place,
		/// it replaces the former vote.
		///
		/// Origin: [`Config::RestartOrigin`]. Errors: [`Error::BlockUnknown`], [`Error::SetUnknown`],
		/// [`Error::TooFewSilent`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::restart_finality())]
		pub fn restart_finality(
			origin: OriginFor<T>,
			best_finalised: BlockNumberFor<T>,
			set_id: u64,
		) -> DispatchResult {
			T::RestartOrigin::ensure_origin(origin)?;
			Self::do_restart_finality(best_finalised, set_id)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::SlotDuration::get() > 0, "sessions would have no least length");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
