//! How the members decide: the collective with the table of majorities, the rulebook, and the two
//! emergency brakes.

use crate::{constants::*, *};
use alloc::vec::Vec;
use frame_support::{
	parameter_types,
	traits::{fungible::HoldConsideration, ConstU32, Contains, Get, NeverEnsureOrigin},
	weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned, EnsureWithSuccess};
use hanse_primitives::{Electorate, InstitutionId, Members, MAX_MEMBERS, MAX_MOTIONS};
use pallet_collective::{EnsureProportionAtLeast, EnsureProportionMoreThan, PrimeDefaultVote};
use pallet_tx_pause::RuntimeCallNameOf;

/// How many of the electorate a decision needs. Constants of the alliance, not rules.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Majority {
	ThreeQuarters,
	TwoThirds,
	MoreThanHalf,
}

impl Majority {
	/// The least number of ayes among `seats`.
	pub fn of(self, seats: u32) -> u32 {
		match self {
			Majority::ThreeQuarters => (3 * seats).div_ceil(4),
			Majority::TwoThirds => (2 * seats).div_ceil(3),
			Majority::MoreThanHalf => seats / 2 + 1,
		}
	}

	/// The one table: what `call` needs, or `None` if it cannot be put to a vote.
	pub fn needed_for(call: &RuntimeCall) -> Option<Self> {
		use pallet_authorities::Call as Authorities;
		use pallet_clearing::Call as Clearing;
		use pallet_conduct::Call as Conduct;
		use pallet_institutions::Call as Institutions;
		use pallet_rulebook::Call as Rulebook;
		use pallet_safe_mode::Call as SafeMode;
		use pallet_supervision::Call as Supervision;
		match call {
			RuntimeCall::Institutions(Institutions::admit { .. } | Institutions::expel { .. }) => {
				Some(Majority::ThreeQuarters)
			},
			RuntimeCall::Institutions(Institutions::reject { .. }) => Some(Majority::MoreThanHalf),
			RuntimeCall::Rulebook(Rulebook::enact { call }) => {
				Enactable::contains(call).then_some(Majority::ThreeQuarters)
			},
			RuntimeCall::Rulebook(Rulebook::amend { .. } | Rulebook::retract { .. }) => {
				Some(Majority::TwoThirds)
			},
			RuntimeCall::Clearing(Clearing::appoint { .. }) => Some(Majority::TwoThirds),
			RuntimeCall::Supervision(
				Supervision::appoint { .. } | Supervision::dismiss { .. } | Supervision::ratify { .. },
			) => Some(Majority::TwoThirds),
			RuntimeCall::Conduct(Conduct::uphold { .. } | Conduct::reverse_fine { .. }) => {
				Some(Majority::TwoThirds)
			},
			RuntimeCall::Supervision(Supervision::lift { .. }) => Some(Majority::MoreThanHalf),
			RuntimeCall::Authorities(Authorities::restart_finality { .. }) => Some(Majority::MoreThanHalf),
			RuntimeCall::SafeMode(
				SafeMode::force_enter {} | SafeMode::force_extend {} | SafeMode::force_exit {},
			) => Some(Majority::MoreThanHalf),
			_ => None,
		}
	}
}

pub type ThreeQuarters = EnsureProportionAtLeast<AccountId, (), 3, 4>;
pub type TwoThirds = EnsureProportionAtLeast<AccountId, (), 2, 3>;
pub type MoreThanHalf = EnsureProportionMoreThan<AccountId, (), 1, 2>;

/// Which of the collective's calls are open. It takes the threshold of whoever proposes; here it is held
/// against the table, when a motion is made and again when it is closed.
pub struct AllianceFilter;
impl Contains<pallet_collective::Call<Runtime>> for AllianceFilter {
	fn contains(call: &pallet_collective::Call<Runtime>) -> bool {
		use pallet_collective::Call;
		match call {
			Call::propose { threshold, proposal, .. } => {
				Majority::needed_for(proposal).is_some_and(|majority| *threshold >= majority.of(seats()))
			},
			Call::vote { .. } | Call::release_proposal_cost { .. } => true,
			Call::close { proposal_hash, .. } => {
				motion(proposal_hash).is_none_or(|motion| !motion.falls_short())
			},
			// Else a motion that falls short would keep its place for ever: close does not take it.
			Call::disapprove_proposal { proposal_hash } => {
				motion(proposal_hash).is_some_and(|motion| motion.is_over && motion.falls_short())
			},
			_ => false,
		}
	}
}

fn seats() -> u32 {
	pallet_collective::Members::<Runtime>::decode_len().unwrap_or(0) as u32
}

/// Where an open motion stands today.
struct Motion {
	/// It has as many ayes as its proposer asked for.
	reached_threshold: bool,
	/// Ayes but for that of the accused, which counts as no.
	ayes: u32,
	/// What the call needs of the electorate as it is now.
	needed: u32,
	/// Its time is up.
	is_over: bool,
}

impl Motion {
	/// The collective would take it as approved, though it is not: the electorate has grown since it was
	/// made, or the accused voted aye.
	fn falls_short(&self) -> bool {
		self.reached_threshold && self.ayes < self.needed
	}
}

/// `pallet_collective::Votes`, whose fields are private there but whose encoding every wallet reads.
#[derive(codec::Decode)]
struct Votes {
	_index: u32,
	threshold: u32,
	ayes: Vec<AccountId>,
	nays: Vec<AccountId>,
	end: BlockNumber,
}

fn votes(hash: &Hash) -> Option<Votes> {
	let key = pallet_collective::Voting::<Runtime>::hashed_key_for(hash);
	frame_support::storage::unhashed::get(&key)
}

fn motion(hash: &Hash) -> Option<Motion> {
	let call = pallet_collective::ProposalOf::<Runtime>::get(hash)?;
	let votes = votes(hash)?;
	let accused = accused_by(&call).and_then(|institution| Institutions::account(institution).ok());
	Some(Motion {
		reached_threshold: votes.ayes.len() as u32 >= votes.threshold,
		ayes: votes.ayes.iter().filter(|aye| accused.as_ref() != Some(aye)).count() as u32,
		needed: Majority::needed_for(&call)?.of(seats()),
		is_over: votes.end <= System::block_number(),
	})
}

/// About whom the members decide.
fn accused_by(call: &RuntimeCall) -> Option<InstitutionId> {
	match call {
		RuntimeCall::Institutions(pallet_institutions::Call::expel { institution }) => Some(*institution),
		RuntimeCall::Conduct(pallet_conduct::Call::uphold { merchant, .. }) => Some(*merchant),
		RuntimeCall::Conduct(pallet_conduct::Call::reverse_fine { fine }) => Some(fine.member),
		_ => None,
	}
}

/// The electorate is the collective's members.
pub struct AllianceMembers;
impl Electorate<AccountId> for AllianceMembers {
	fn members() -> Vec<AccountId> {
		pallet_collective::Members::<Runtime>::get()
	}

	fn set(sorted: Vec<AccountId>) {
		use frame_support::traits::ChangeMembers;
		Alliance::set_members_sorted(&sorted, &Self::members());
	}

	fn voting() -> Vec<AccountId> {
		pallet_collective::Proposals::<Runtime>::get()
			.iter()
			.filter_map(votes)
			.flat_map(|votes| votes.ayes.into_iter().chain(votes.nays))
			.collect()
	}
}

parameter_types! {
	pub const MotionDuration: BlockNumber = MOTION_DURATION;
	/// A motion that could not be executed in half a block is not taken.
	pub MaxMotionWeight: Weight = configs::system::Weights::get().max_block / 2;
	pub const MotionDepositReason: RuntimeHoldReason =
		RuntimeHoldReason::Alliance(pallet_collective::HoldReason::ProposalSubmission);
}

/// The same for every motion, whatever is open beside it.
pub struct DepositOfMotion;
impl sp_runtime::traits::Convert<u32, Balance> for DepositOfMotion {
	fn convert(_open: u32) -> Balance {
		MOTION_DEPOSIT
	}
}

impl pallet_collective::Config for Runtime {
	type Consideration = HoldConsideration<AccountId, Balances, MotionDepositReason, DepositOfMotion, u32>;
	// With no prime, who does not vote counts as no.
	type DefaultVote = PrimeDefaultVote;
	// The filter says for which motions.
	type DisapproveOrigin = EnsureSigned<AccountId>;
	type KillOrigin = NeverEnsureOrigin<()>;
	type MaxMembers = ConstU32<MAX_MEMBERS>;
	type MaxProposalWeight = MaxMotionWeight;
	type MaxProposals = ConstU32<MAX_MOTIONS>;
	type MotionDuration = MotionDuration;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type SetMembersOrigin = NeverEnsureOrigin<()>;
	type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
}

/// All that a vote can ever dispatch as Root.
pub struct Enactable;
impl Contains<RuntimeCall> for Enactable {
	fn contains(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::System(frame_system::Call::authorize_upgrade { .. })
				| RuntimeCall::TxPause(
					pallet_tx_pause::Call::pause { .. } | pallet_tx_pause::Call::unpause { .. }
				)
		)
	}
}

impl pallet_rulebook::Config for Runtime {
	type AmendOrigin = TwoThirds;
	type EnactOrigin = ThreeQuarters;
	type Enactable = Enactable;
	type RuntimeCall = RuntimeCall;
	type SpendingStopped = SpendingStopped;
	type Time = Timestamp;
	type WeightInfo = pallet_rulebook::weights::CountedWeight<Runtime>;
}

/// Pallets that neither brake stops: without time no block is made, and without votes nobody gets out.
fn goes_on(pallet: &str) -> bool {
	const GO_ON: [&str; 14] = [
		"System",
		"Timestamp",
		"Alliance",
		"Rulebook",
		"Institutions",
		"Authorities",
		"Session",
		"Grandpa",
		"SafeMode",
		// Times run out meanwhile too: of halts, of answers, of cases.
		"Supervision",
		"Conduct",
		// How institutions vote; what they wrap is looked at in its turn.
		"Utility",
		"Multisig",
		"Proxy",
	];
	GO_ON.contains(&pallet)
}

/// The calls that neither brake stops.
pub struct GoesOn;
impl Contains<RuntimeCall> for GoesOn {
	fn contains(call: &RuntimeCall) -> bool {
		use frame_support::traits::GetCallMetadata;
		goes_on(call.get_call_metadata().pallet_name)
	}
}

/// The calls that safe mode does not stop: those, what keeps a member from falling overdue meanwhile, and
/// customers' payments if the rules say so.
pub struct GoesOnInSafeMode;
impl Contains<RuntimeCall> for GoesOnInSafeMode {
	fn contains(call: &RuntimeCall) -> bool {
		use pallet_exchange::Call as Exchange;
		match call {
			RuntimeCall::Clearing(pallet_clearing::Call::top_up { .. }) => true,
			RuntimeCall::Exchange(
				Exchange::pay { .. }
				| Exchange::authorize { .. }
				| Exchange::capture { .. }
				| Exchange::void { .. }
				| Exchange::refund { .. },
			) => Rulebook::rules().payments_in_safe_mode == 1,
			_ => GoesOn::contains(call),
		}
	}
}
impl Contains<RuntimeCallNameOf<Runtime>> for GoesOn {
	fn contains((pallet, _): &RuntimeCallNameOf<Runtime>) -> bool {
		core::str::from_utf8(pallet).is_ok_and(goes_on)
	}
}

/// Whether a brake keeps customers from spending, or members from paying what they owe: safe mode in which
/// payments stop, or a pause of any call of the pallets in which value moves.
pub struct SpendingStopped;
impl Get<bool> for SpendingStopped {
	fn get() -> bool {
		const SPENDING: [&[u8]; 5] = [b"Assets", b"Clearing", b"Customers", b"Exchange", b"Points"];
		// In most blocks nothing is paused, and that is one read.
		let mut paused = pallet_tx_pause::PausedCalls::<Runtime>::iter_keys().take(MAX_PAUSED);
		let stops = |(pallet, _): RuntimeCallNameOf<Runtime>| SPENDING.contains(&pallet.as_slice());
		(SafeMode::is_entered() && Rulebook::rules().payments_in_safe_mode == 0) || paused.any(stops)
	}
}

/// Calls that a look at the brakes reads at most.
const MAX_PAUSED: usize = 64;

parameter_types! {
	pub const SafeModeDuration: BlockNumber = SAFE_MODE_DURATION;
	/// Nobody buys a stop of the chain.
	pub const NotForSale: Option<Balance> = None;
	pub const Never: Option<BlockNumber> = None;
}

impl pallet_safe_mode::Config for Runtime {
	type Currency = Balances;
	type EnterDepositAmount = NotForSale;
	type EnterDuration = SafeModeDuration;
	type ExtendDepositAmount = NotForSale;
	type ExtendDuration = SafeModeDuration;
	type ForceDepositOrigin = NeverEnsureOrigin<()>;
	type ForceEnterOrigin = EnsureWithSuccess<MoreThanHalf, AccountId, SafeModeDuration>;
	type ForceExitOrigin = MoreThanHalf;
	type ForceExtendOrigin = EnsureWithSuccess<MoreThanHalf, AccountId, SafeModeDuration>;
	type Notify = ();
	type ReleaseDelay = Never;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = pallet_safe_mode::weights::SubstrateWeight<Runtime>;
	type WhitelistedCalls = GoesOnInSafeMode;
}

impl pallet_tx_pause::Config for Runtime {
	type MaxNameLen = ConstU32<64>;
	type PauseOrigin = EnsureRoot<AccountId>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type UnpauseOrigin = EnsureRoot<AccountId>;
	type WeightInfo = pallet_tx_pause::weights::SubstrateWeight<Runtime>;
	type WhitelistedCalls = GoesOn;
}
