//! What the members agreed on: every number of the alliance in one typed, versioned value.
//!
//! # Terminology
//! - *rule*: one number that the members agreed on, the same for every member; see [`Rules`].
//! - *requirement*: a rule that members have to meet, such as the admission bond.
//! - *decision*: an amendment of one rule, or the enactment of one call, after its vote.
//! - *notice*: between a decision and its enactment.
//! - *charter*: the hash of the text in which the members wrote the rules down.
//!
//! # Overview
//! [`Pallet::amend`] moves one number by at most a quarter, within its hard bounds, and the same number
//! once an era. A decision waits for its notice, can be retracted meanwhile, and is then enacted by the
//! chain itself; nobody has to remember it. A requirement that becomes stricter has one era's grace, in
//! which [`Pallet::enforced`] is still the old value. Every version stays readable with its block and
//! its charter. [`Pallet::enact`] dispatches a call of a fixed list as Root, in the same way.
//!
//! A motion is a member's. Two of one member are open at once at most, so that nobody takes all the places, and one
//! that was voted down, or ended without its majority, does not come back within an era; its deposit remembers it
//! and is held as long. One whose time is up is ended by the chain. What a decision needs, [`Pallet::majority_for`]
//! says, and [`Pallet::rule_table`] everything about each rule, so that no client has to know either.
//!
//! Eras are counted by time. Another era length begins with the next era, so that the number of the era
//! neither falls nor jumps when the rule changes. In the first block of an era that has room, this pallet begins to
//! call what [`Config::EraEnd`] lists, in that order and over as many blocks as it takes, and alone remembers how
//! far that came.
//!
//! # Why not pallet-parameters and pallet-scheduler
//! pallet-parameters keeps typed values that an origin can set to anything, each on its own; pallet-scheduler
//! dispatches any call in a block whose number is known. The members agreed on more than that: a number moves by a
//! bounded step, once an era and within hard bounds; only together do numbers make sense, so each amendment makes a
//! version of all of them, with its charter; notice and grace run by time, so that a slow chain does not stretch
//! them; and what is due takes its place in a metered block beside other work. All of that would have been code
//! around those two pallets, with the same state in three places and no invariant over it.
//!
//! # Invariants
//! 1. The rules in force are the latest version; versions are numbered without a gap from 0, each
//!    differs from the one before in exactly one number, and those numbers are the amended ones.
//! 2. The agenda is the pending decisions in the order in which they are due, under ids given out.
//! 3. No rule waits to be amended twice.
//! 4. Only requirements are eased, and what is enforced meanwhile is easier than the rule.
//! 5. The rules in force work together, and the clock's eras are as long as they say.
//! 6. The clock of deadlines stood for less time than has passed, and nothing of a block outlives it.
//! 7. Every open motion is in the docket once, and none in it is remembered as defeated; nobody has more than two.
//!
//! # Example
//! With eras of a day and three days' notice, the alliance votes to raise the bond from 10,000 to
//! 12,000 units: after three days `rules` says 12,000 and `enforced` says 10,000, a day later both say
//! 12,000 (`a_raised_bond_is_enforced_an_era_after_it_was_enacted`).
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[macro_use]
mod table;

mod clock;
mod enactment;
mod impls;
mod motions;
mod rules;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use clock::LONGEST_GAP;
pub use pallet::*;
pub use rules::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::{boxed::Box, vec::Vec};
	use core::marker::PhantomData;
	use frame_support::{
		dispatch::{GetDispatchInfo, PostDispatchInfo},
		pallet_prelude::*,
		traits::{Contains, Time},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		EraEndList, EraEndState, EraIndex, Majorities, Moment, Motions, VoteRequirement, MAX_MOTIONS,
	};
	use sp_core::H256;
	use sp_runtime::traits::Dispatchable;

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The calls of the runtime, of which some can be enacted.
		type RuntimeCall: Parameter
			+ Dispatchable<RuntimeOrigin = Self::RuntimeOrigin, PostInfo = PostDispatchInfo>
			+ GetDispatchInfo
			+ From<frame_system::Call<Self>>;

		/// The fixed list of calls that the members can enact as Root.
		type Enactable: Contains<<Self as Config>::RuntimeCall>;

		/// A vote that amends rules and retracts decisions.
		type AmendOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// A vote that enacts calls.
		type EnactOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The motions that are put to the vote.
		type Motions: Motions<Self::Hash>;

		/// What a decision needs.
		type Majorities: Majorities<<Self as Config>::RuntimeCall>;

		/// What happens when an era has ended.
		type EraEnd: EraEndList;

		/// The chain's clock.
		type Time: Time<Moment = Moment>;

		/// Whether a brake keeps customers from spending, or members from paying what they owe.
		type SpendingStopped: Get<bool>;

		/// Weights of calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// The rules in force.
	#[pallet::storage]
	pub type CurrentRules<T: Config> = StorageValue<_, Rules, ValueQuery>;

	/// The rules as they were, from version 0 of genesis on. Kept for ever: one for each amendment.
	#[pallet::storage]
	pub type Versions<T: Config> = StorageMap<_, Twox64Concat, u32, RulesVersion<BlockNumberFor<T>>>;

	/// The version in force.
	#[pallet::storage]
	pub type LatestVersion<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// The era in which a rule was amended last; nothing of one that never was.
	/// At most one for each rule.
	#[pallet::storage]
	pub type AmendedInEra<T: Config> = StorageMap<_, Twox64Concat, Rule, EraIndex>;

	/// What members are held to of requirements that became stricter. A lapsed one stays until the
	/// requirement is amended again.
	#[pallet::storage]
	pub type GracePeriods<T: Config> = StorageMap<_, Twox64Concat, Rule, GracePeriod>;

	/// The decisions that wait for their enactment.
	/// Paid for by the deposit of the motion; gone when enacted or retracted. Bounded in number.
	#[pallet::storage]
	pub type PendingDecisions<T: Config> = StorageMap<_, Twox64Concat, DecisionId, Decision>;

	/// When each of them is due, the next one first: all that a block reads when nothing is.
	#[pallet::storage]
	pub type DecisionQueue<T: Config> =
		StorageValue<_, BoundedVec<(Moment, DecisionId), ConstU32<MAX_DECISIONS>>, ValueQuery>;

	/// The id of the decision that was taken last.
	#[pallet::storage]
	pub type LastDecision<T: Config> = StorageValue<_, DecisionId, ValueQuery>;

	/// The open motions, in the order in which they were made; what is over leaves in the next block.
	#[pallet::storage]
	pub type FiledMotions<T: Config> = StorageValue<
		_,
		BoundedVec<FiledMotion<T::AccountId, T::Hash, BlockNumberFor<T>>, ConstU32<MAX_MOTIONS>>,
		ValueQuery,
	>;

	/// Motions that were defeated, each with the moment from which on it may come back. Paid for by the deposit of
	/// who made it; removed with that by anybody, or when the motion is made again.
	#[pallet::storage]
	pub type DefeatedMotions<T: Config> = StorageMap<_, Identity, T::Hash, Moment>;

	/// The clock of eras.
	#[pallet::storage]
	pub type CurrentEraClock<T: Config> = StorageValue<_, EraClock, ValueQuery, StandardClock>;

	/// The clock of a chain that runs on the standard rules.
	#[pallet::type_value]
	pub fn StandardClock() -> EraClock {
		EraClock::from_epoch(Rules::default().era)
	}

	/// How far the ends of eras are processed. Nothing before the first block with room.
	#[pallet::storage]
	pub type EraEnds<T: Config> = StorageValue<_, EraEndState>;

	/// Milliseconds for which the clock of deadlines stood, ever. Written only when it stands.
	#[pallet::storage]
	pub type StoppedFor<T: Config> = StorageValue<_, Moment, ValueQuery>;

	/// The time of the block before, and whether the clock of deadlines stands since. Only from the begin of a
	/// block until its time is set, so it never reaches the database.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type PreviousBlock<T: Config> = StorageValue<_, (Moment, bool)>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The rules that the founders agreed on. They must work together, and may lie outside the hard
		/// bounds: chains for development and tests are quicker than any real one.
		pub rules: Rules,
		#[serde(skip)]
		#[doc(hidden)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		/// Panics where the rules do not work together.
		fn build(&self) {
			if let Err(reason) = self.rules.ensure_consistent() {
				panic!("the rules of genesis do not work together: {reason}");
			}
			let version =
				RulesVersion { rules: self.rules.clone(), since: Default::default(), charter: H256::zero() };
			CurrentRules::<T>::put(&self.rules);
			Versions::<T>::insert(0, version);
			CurrentEraClock::<T>::put(EraClock::from_epoch(self.rules.era));
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A rule is going to be amended.
		AmendmentScheduled { decision: DecisionId, rule: Rule, old: u128, new: u128, due: Moment },
		/// A call is going to be enacted.
		EnactmentScheduled { decision: DecisionId, due: Moment },
		/// A decision is not going to be enacted.
		Retracted { decision: DecisionId },
		/// A rule was amended, and the rules in force are another version.
		RuleAmended { version: u32, rule: Rule, old: u128, new: u128 },
		/// An amendment was due that does not work together with what was amended since its vote.
		AmendmentDropped { decision: DecisionId, rule: Rule, reason: DispatchError },
		/// A call was dispatched as Root, with this result.
		Enacted { decision: DecisionId, result: DispatchResult },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The value lies outside the rule's hard bounds; see [`Rule::bounds`].
		OutOfBounds,
		/// The value is further from the present one than a quarter of that; see [`Rule::max_step`]. Amend
		/// in several steps.
		StepTooLarge,
		/// The rule has this value already.
		Unchanged,
		/// The rule was amended in this era. Wait for the next one.
		AmendedThisEra,
		/// An amendment of the rule waits. Retract it first, or wait for it.
		AlreadyPending,
		/// The rules would not work together; see [`Rules::ensure_consistent`]. Amend the other first.
		RulesConflict,
		/// 32 decisions wait. Wait for one to be enacted, or retract one.
		MaxPendingExceeded,
		/// No decision of this id waits: it was enacted, retracted or never taken. `PendingDecisions` has those
		/// that do.
		NotFound,
		/// The call is not on the list of those that can be enacted.
		NotEnactable,
		/// Two motions of the member are open. Wait until one is over, or let another member make it.
		MaxMotionsExceeded,
		/// The motion was voted down, or ended without its majority, less than an era ago; `DefeatedMotions` says when it
		/// may come back. Its deposit is held as long.
		DefeatedThisEra,
		/// No open motion of this hash has the ayes that it needs now while it asks for more. Close the one that has
		/// all that it asks for; vote for the one that has not what it needs.
		NotOutdated,
		/// The call is longer than 1,024 bytes. Enact one that names the rest by its hash.
		CallTooLarge,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Let `rule` be `value`, in the rule's own unit, after the notice. `charter` is the hash of the
		/// text in which the members wrote the rules down.
		///
		/// Origin: a vote of [`Config::AmendOrigin`]. Errors: [`Error::OutOfBounds`],
		/// [`Error::Unchanged`], [`Error::StepTooLarge`], [`Error::RulesConflict`],
		/// [`Error::AmendedThisEra`], [`Error::AlreadyPending`], [`Error::MaxPendingExceeded`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::amend())]
		pub fn amend(
			origin: OriginFor<T>,
			rule: Rule,
			#[pallet::compact] value: u128,
			charter: H256,
		) -> DispatchResult {
			T::AmendOrigin::ensure_origin(origin)?;
			Self::do_amend(rule, value, charter)
		}

		/// Drop a decision that waits for its enactment.
		///
		/// Origin: a vote of [`Config::AmendOrigin`]. Errors: [`Error::NotFound`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::retract())]
		pub fn retract(origin: OriginFor<T>, decision: DecisionId) -> DispatchResult {
			T::AmendOrigin::ensure_origin(origin)?;
			Self::do_retract(decision)
		}

		/// Dispatch `call` as Root after the notice.
		///
		/// Origin: a vote of [`Config::EnactOrigin`]. Errors: [`Error::NotEnactable`],
		/// [`Error::CallTooLarge`], [`Error::MaxPendingExceeded`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::enact())]
		pub fn enact(origin: OriginFor<T>, call: Box<<T as Config>::RuntimeCall>) -> DispatchResult {
			T::EnactOrigin::ensure_origin(origin)?;
			Self::do_enact(&call)
		}

		/// End a motion that has the ayes that it needs now, though it asks for more: members left or fell asleep
		/// since it was made. It was not defeated, so that it can be made again at once, with what is needed now.
		///
		/// Origin: anybody. Errors: [`Error::NotOutdated`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::renew())]
		pub fn renew(origin: OriginFor<T>, motion: T::Hash) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_renew(&motion)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What the members agreed on: the rules in force.
		pub fn rules() -> Rules {
			CurrentRules::<T>::get()
		}

		/// What members are held to of a rule, in its own unit: the rule itself, or the easier value
		/// before it became stricter, until an era has passed since.
		pub fn enforced(rule: Rule) -> u128 {
			Self::enforced_value(rule)
		}

		/// Everything about every rule: value, unit, hard bounds, what the next amendment can make of it, and
		/// which way it gets stricter.
		pub fn rule_table() -> Vec<RuleRow> {
			Self::rows()
		}

		/// What a call needs to be decided at this moment, of how many members who are awake and of how many in all,
		/// and who is left out; `None` if it cannot be put to a vote.
		pub fn majority_for(call: <T as Config>::RuntimeCall) -> Option<VoteRequirement> {
			T::Majorities::needed_for(&call)
		}

		/// The hash of the text in which the members wrote a version of the rules down.
		pub fn charter(version: u32) -> Option<H256> {
			Versions::<T>::get(version).map(|version| version.charter)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Stop the clock of deadlines, or let it go on.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Self::begin_block()
		}

		/// See which motions are over, enact the decisions that are due, and end the eras that are over.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::watch_motions(meter);
			Self::enact_due(meter);
			Self::end_eras(meter);
		}

		fn integrity_test() {
			let standard = Rules::default();
			assert_eq!(standard.within_bounds(), Ok(()), "a standard rule lies outside its hard bounds");
			assert_eq!(standard.ensure_consistent(), Ok(()), "the standard rules do not work together");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
