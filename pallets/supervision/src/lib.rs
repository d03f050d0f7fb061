//! Rights of supervisors, at levels: to ask, to attest, to halt for a while.
//!
//! # Terminology
//! - *supervisor*: an account that the members appointed, no institution, until a date.
//! - *level*: what it may do. Each includes those below: observe, attest, halt.
//! - *scope*: what it may act on: everything, one institution with its programs, or one program.
//! - *request*: a question to an institution, which owes a disclosure before the deadline. Question, answer and
//!   reason are hashes of documents that are kept elsewhere.
//! - *target* of a halt: a program, an institution's issuing, or the points of one account.
//! - *record* of a target: its last halt. It stays when the halt is over, as the mark that another one needs a
//!   vote.
//!
//! # Overview
//! Who observes asks institutions for disclosures, so many open at a time. One that is not answered at its
//! deadline is an offence of the institution, recorded by the chain. An attestation says what was found in an
//! institution's documents. A halt stops a target for at most the time that the rule allows:
//!
//! | target | what stops | what goes on |
//! |---|---|---|
//! | a program | its points leave nobody, none are made; its clock, so that nothing of it expires | receiving |
//! | an institution | it makes no points | everything else |
//! | an account | points of every program do not leave it | receiving |
//!
//! Points that may not leave are frozen for the assets pallet, so that plain transfers fail as well; a vintage
//! that is not open any more never is, so that it can be swept. What a halted account holds of a vintage that
//! expires meanwhile is carried into another one by whoever books the breakage
//! ([`Halts::halted_at`](hanse_primitives::Halts::halted_at)).
//!
//! A halt is over at its time, by the clock, for everything that asks. A vote ends it at once. Nobody halts a
//! target again without a vote: that one makes a halt longer, once more by its own length, or allows another
//! one. When an account is recovered, its halt covers the new one too; the old one stays halted, as its key
//! may be in wrong hands and not everything moves at once.
//!
//! Every use of a right is counted and logged. Requests and halts end under the times they began under, also
//! if their supervisor is dismissed.
//!
//! # Invariants
//! 1. Whatever is halted by its record and the clock is running, and what is running is in `ActiveHalts` once, as
//!    its record says.
//! 2. Every open request stands in the agenda once, under its deadline, and nothing else does; no number is
//!    above the last one.
//! 3. What a supervisor has open is the number of its requests, and not more than it may.
//! 4. Nobody is appointed twice.
//! 5. The log is the last uses of all that were counted.
//!
//! # Example
//! ```text
//! supervision.appoint(eve, Halt, Institution(7), until)       by a vote
//! supervision.request_disclosure(7, 0x…)                      by Eve: request 1
//! supervision.disclose(1, 0x…)                                by institution 7, in time
//! supervision.halt(Program(12), length, 0x…)                  by Eve; program 12 is institution 7's
//! supervision.lift(Program(12))                               by a vote, if it must not last so long
//! ```
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod due;
mod halts;
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

/// Supervisors at most, those whose term is over not counted.
pub const MAX_SUPERVISORS: u32 = 32;
/// Requests of one supervisor that are open at the same time at most.
pub const MAX_REQUESTS: u32 = 16;
/// Attestations of one institution that are remembered.
pub const MAX_ATTESTATIONS: u32 = 16;
/// Halts that run at the same time at most: everything that moves points checks all of them.
pub const MAX_HALTS: u32 = 64;
/// Uses that are remembered.
pub const MAX_LOG: u32 = 64;
/// Requests that one block ends at most.
const MAX_ENDED_PER_BLOCK: u32 = 16;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{pallet_prelude::*, traits::Time, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		Conduct, DeadlineClock, Duration, InstitutionId, Members, Moment, PointsLedger, ProgramClocks,
	};
	use sp_core::H256;

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The vote that appoints and dismisses supervisors.
		type AppointOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The vote that ends a halt.
		type LiftOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The vote that prolongs a halt, or allows another one of the same target.
		type RatifyOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// Who belongs to the alliance.
		type Members: Members<Self::AccountId>;

		/// The clocks of programs, which stand during a halt.
		type ProgramClocks: ProgramClocks;

		/// Where a disclosure that is not made is recorded.
		type Conduct: Conduct;

		/// Whose the programs are, and which vintages are open.
		type Points: PointsLedger<Self::AccountId>;

		/// The clock of deadlines.
		type DeadlineClock: DeadlineClock;

		/// The chain's clock.
		type Time: Time<Moment = Moment>;

		/// Milliseconds that an institution has for a disclosure. The same for everybody.
		type AnswerTime: Get<Duration>;

		/// Milliseconds that a halt lasts at most. The same for every target.
		type MaxHalt: Get<Duration>;

		/// Weights of calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// The supervisors. One value, since they are few and each use looks for one of them.
	#[pallet::storage]
	pub type Supervisors<T: Config> =
		StorageValue<_, BoundedVec<Supervisor<T::AccountId>, ConstU32<MAX_SUPERVISORS>>, ValueQuery>;

	/// The open requests: up to 16 of each supervisor, which pays for the end too. An answer or the deadline
	/// removes one.
	#[pallet::storage]
	pub type DisclosureRequests<T: Config> =
		StorageMap<_, Twox64Concat, RequestId, DisclosureRequest<T::AccountId>>;

	/// The number of the last request.
	#[pallet::storage]
	pub type LastRequestId<T: Config> = StorageValue<_, RequestId, ValueQuery>;

	/// How many requests each supervisor has open.
	/// At most one for each supervisor; gone with its last open request.
	#[pallet::storage]
	pub type OpenRequests<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

	/// When requests are over; the moment is big-endian and unhashed, so that the next comes first.
	/// Paid for with the request; gone when it is answered or over.
	#[pallet::storage]
	pub type RequestDeadlines<T: Config> =
		StorageDoubleMap<_, Identity, [u8; 8], Twox64Concat, RequestId, ()>;

	/// What supervisors found in the documents of each institution, the oldest first.
	/// At most one list for each institution, bounded; the oldest make way.
	#[pallet::storage]
	pub type Attestations<T: Config> = StorageMap<
		_,
		Twox64Concat,
		InstitutionId,
		BoundedVec<Attestation<T::AccountId>, ConstU32<MAX_ATTESTATIONS>>,
		ValueQuery,
	>;

	/// The last halt of everything that was ever halted: one for each use of a supervisor's right, paid for with its
	/// end by the supervisor, and kept, since it cannot be repeated without a vote.
	#[pallet::storage]
	pub type HaltRecords<T: Config> = StorageMap<_, Blake2_128Concat, TargetOf<T>, HaltRecord<T::AccountId>>;

	/// The halts that run, with those that are over and were not yet checked. One value and short, since
	/// everything that moves points reads it; absent while nothing is halted.
	#[pallet::storage]
	pub type ActiveHalts<T: Config> =
		StorageValue<_, BoundedVec<HaltSpan<T::AccountId>, ConstU32<MAX_HALTS>>, ValueQuery>;

	/// How often each supervisor used its rights, ever.
	/// One for each supervisor that the members ever appointed.
	#[pallet::storage]
	pub type ActCountsOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, ActCounts, ValueQuery>;

	/// The last uses of rights, the oldest first.
	#[pallet::storage]
	pub type ActLog<T: Config> =
		StorageValue<_, BoundedVec<LoggedAct<T::AccountId>, ConstU32<MAX_LOG>>, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// The members appointed a supervisor, or changed its rights, until a moment.
		SupervisorAppointed { account: T::AccountId, level: Level, scope: Scope, until: Moment },
		/// The members took a supervisor's rights away.
		SupervisorDismissed { account: T::AccountId },
		/// An institution was asked, and owes an answer before `deadline`.
		DisclosureRequested {
			request: RequestId,
			by: T::AccountId,
			institution: InstitutionId,
			question: H256,
			deadline: Moment,
		},
		/// An institution answered a request.
		Disclosed { request: RequestId, institution: InstitutionId, document: H256 },
		/// An institution did not answer in time, which is recorded.
		DisclosureMissed { request: RequestId, institution: InstitutionId },
		/// A supervisor says what it found in a document of an institution.
		FindingAttested { institution: InstitutionId, by: T::AccountId, finding: Finding, document: H256 },
		/// A supervisor stopped something until a moment.
		Halted { target: TargetOf<T>, by: T::AccountId, until: Moment, reason: H256 },
		/// The members let a halt run longer: its old and new end.
		HaltProlonged { target: TargetOf<T>, old: Moment, new: Moment },
		/// The members allow one more halt.
		HaltAllowed { target: TargetOf<T> },
		/// The members ended a halt.
		HaltLifted { target: TargetOf<T> },
		/// A halt's time was over.
		HaltLapsed { target: TargetOf<T> },
		/// An account was recovered while it was halted: the other one is halted too.
		HaltCopied { from: T::AccountId, to: T::AccountId, until: Moment },
		/// Something that was due does not exist, or its program does not: the books are broken there. It was
		/// dropped, and everything else went on.
		DueItemFailed { item: DueItem<T::AccountId>, error: DispatchError },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The account is no supervisor. Have the members appoint it.
		NotSupervisor,
		/// The supervisor's term is over, or would be from the start. Have it appointed until a later moment.
		TermOver,
		/// The supervisor's level does not include this. Have it appointed at a higher one.
		LevelTooLow,
		/// The supervisor is appointed for something else. `supervisors` says what for.
		OutOfScope,
		/// The account is an institution's, which does not supervise others. Appoint another account.
		IsMember,
		/// There are 32 supervisors. Dismiss one first.
		MaxSupervisorsExceeded,
		/// The supervisor has 16 open requests. Wait for an answer.
		MaxRequestsExceeded,
		/// There is no open request of this number.
		NotFound,
		/// Another institution was asked.
		NotAsked,
		/// The deadline is over; what was left undone is recorded.
		TooLate,
		/// A halt lasts some time.
		ZeroLength,
		/// The halt would last longer than the rule allows. Make it shorter.
		HaltTooLong,
		/// The target was halted before. Have the members ratify it.
		RatificationNeeded,
		/// The members allowed another halt already.
		AlreadyRatified,
		/// The target is not halted; or, to be ratified, never was.
		NotHalted,
		/// There are 64 halts. Wait until one is over.
		MaxHaltsExceeded,
		/// The program or the holder is halted: points do not leave. `halts` says until when.
		PointsHalted,
		/// The program is halted: no points of it are made. `halts` says until when.
		ProgramHalted,
		/// The institution's issuing is halted. `halts` says until when.
		IssuingHalted,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Make `account` a supervisor until a moment, or give it other rights.
		///
		/// Origin: [`Config::AppointOrigin`]. Errors: [`Error::IsMember`], [`Error::TermOver`],
		/// [`Error::MaxSupervisorsExceeded`], and that of the lookup of what the scope names.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::appoint_supervisor())]
		pub fn appoint_supervisor(
			origin: OriginFor<T>,
			account: T::AccountId,
			level: Level,
			scope: Scope,
			until: Moment,
		) -> DispatchResult {
			T::AppointOrigin::ensure_origin(origin)?;
			Self::do_appoint_supervisor(Supervisor { account, level, scope, until })
		}

		/// Take the rights of a supervisor away. What it asked and halted stays.
		///
		/// Origin: [`Config::AppointOrigin`]. Errors: [`Error::NotSupervisor`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::appoint_supervisor())]
		pub fn dismiss_supervisor(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			T::AppointOrigin::ensure_origin(origin)?;
			Self::do_dismiss_supervisor(account)
		}

		/// Ask an institution for a disclosure; `question` is the hash of what is asked.
		///
		/// Origin: a supervisor that observes, with the institution in its scope. Errors:
		/// [`Error::NotSupervisor`], [`Error::TermOver`], [`Error::LevelTooLow`], [`Error::OutOfScope`],
		/// [`Error::MaxRequestsExceeded`], and that of the lookup of the institution.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::question())]
		pub fn request_disclosure(
			origin: OriginFor<T>,
			institution: InstitutionId,
			question: H256,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_request(by, institution, question)
		}

		/// Answer a request with the hash of a document.
		///
		/// Origin: the institution that was asked. Errors: [`Error::NotFound`], [`Error::NotAsked`],
		/// [`Error::TooLate`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::disclose())]
		pub fn disclose(origin: OriginFor<T>, request: RequestId, document: H256) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_disclose(institution, request, document)
		}

		/// Say what was found in a document of an institution.
		///
		/// Origin: a supervisor that attests, with the institution in its scope. Errors: as
		/// [`Pallet::request_disclosure`], but for the bound.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::attest_finding())]
		pub fn attest_finding(
			origin: OriginFor<T>,
			institution: InstitutionId,
			finding: Finding,
			document: H256,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_attest_finding(by, institution, finding, document)
		}

		/// Stop `target` for `length` milliseconds; `reason` is the hash of why.
		///
		/// Origin: a supervisor that halts, with the target in its scope. Errors:
		/// [`Error::NotSupervisor`], [`Error::TermOver`], [`Error::LevelTooLow`], [`Error::OutOfScope`],
		/// [`Error::ZeroLength`], [`Error::HaltTooLong`], [`Error::RatificationNeeded`],
		/// [`Error::MaxHaltsExceeded`], and that of the lookup of the target.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::whole_halt())]
		pub fn halt(
			origin: OriginFor<T>,
			target: TargetOf<T>,
			#[pallet::compact] length: Duration,
			reason: H256,
		) -> DispatchResult {
			let by = ensure_signed(origin)?;
			Self::do_halt(by, target, length, reason)
		}

		/// Let the running halt of `target` last once more by its own length; or allow another one, if the last
		/// is over.
		///
		/// Origin: [`Config::RatifyOrigin`]. Errors: [`Error::NotHalted`], [`Error::AlreadyRatified`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::ratify_halt())]
		pub fn ratify_halt(origin: OriginFor<T>, target: TargetOf<T>) -> DispatchResult {
			T::RatifyOrigin::ensure_origin(origin)?;
			Self::do_ratify_halt(target)
		}

		/// End the halt of `target` at once.
		///
		/// Origin: [`Config::LiftOrigin`]. Errors: [`Error::NotHalted`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::end_halt())]
		pub fn lift_halt(origin: OriginFor<T>, target: TargetOf<T>) -> DispatchResult {
			T::LiftOrigin::ensure_origin(origin)?;
			Self::do_lift_halt(target)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The supervisors whose term is not over, with what each may do.
		pub fn supervisors() -> Vec<Supervisor<T::AccountId>> {
			Self::read_supervisors()
		}

		/// The halts that run, in the order in which they began.
		pub fn halts() -> Vec<Halt<T::AccountId>> {
			Self::read_halts()
		}

		/// The last 64 uses of rights, the oldest first.
		pub fn log() -> Vec<LoggedAct<T::AccountId>> {
			ActLog::<T>::get().into_inner()
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// End what is over: halts, then requests without an answer.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::end_past_halts(meter);
			Self::end_unanswered(meter);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
