//! The members' motions, as the collective keeps them, and how they follow the table of majorities.
//!
//! The collective takes the threshold of whoever proposes and counts every vote. Here a threshold is held against
//! the table when a motion is made, and the votes against what the decision needs when it is closed: its share of
//! those who are awake and more than half of all, the accused left out.

use crate::{constants::*, *};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use configs::majority::needed_for;
use frame_support::{
	dispatch::{DispatchInfo, DispatchResultWithPostInfo, GetDispatchInfo, PostDispatchInfo},
	parameter_types,
	traits::{
		fungible::HoldConsideration, Consideration, ConstU32, Contains, MaybeConsideration, NeverEnsureOrigin,
	},
	weights::Weight,
};
use frame_system::EnsureSigned;
use hanse_primitives::{Activity, Majorities, Members, Motions, VoteRequirement, MAX_MEMBERS, MAX_MOTIONS};
use pallet_collective::PrimeDefaultVote;
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{BlakeTwo256, Dispatchable, Hash as _},
	DispatchError,
};

/// What decisions need, for everybody to read.
pub struct MajorityTable;
impl Majorities<RuntimeCall> for MajorityTable {
	fn needed_for(call: &RuntimeCall) -> Option<VoteRequirement> {
		needed_for(call, &votes(&BlakeTwo256::hash_of(call)).map(|votes| votes.voters()).unwrap_or_default())
	}
}

/// `pallet_collective::Votes`, whose fields are private there but whose encoding every wallet reads. A test compares
/// the two.
#[derive(Decode, TypeInfo)]
pub struct Votes {
	/// The number of the motion.
	pub index: u32,
	/// Ayes that its proposer asked for.
	pub threshold: u32,
	/// Who voted for it.
	pub ayes: Vec<AccountId>,
	/// Who voted against it.
	pub nays: Vec<AccountId>,
	/// The block from which on it can be closed as defeated.
	pub end: BlockNumber,
}

impl Votes {
	fn voters(&self) -> BTreeSet<AccountId> {
		self.ayes.iter().chain(&self.nays).cloned().collect()
	}

	/// Whether those who said aye can decide `call`, whatever threshold its proposer named.
	fn decide(&self, call: &RuntimeCall) -> bool {
		let Some(needed) = needed_for(call, &self.voters()) else { return false };
		let accused = needed.accused.and_then(|institution| Institutions::account(institution).ok());
		let ayes = self.ayes.iter().filter(|aye| accused.as_ref() != Some(*aye)).count() as u32;
		ayes >= needed.ayes
	}
}

/// The votes of an open motion: the one place where the storage of another pallet is decoded.
pub fn votes(motion: &Hash) -> Option<Votes> {
	let key = pallet_collective::Voting::<Runtime>::hashed_key_for(motion);
	frame_support::storage::unhashed::get(&key)
}

/// Where an open motion stands.
enum Stand {
	/// It has its majority.
	Carried,
	/// The collective would take it as approved, though it is not: more members are awake or belong to the alliance
	/// than when it was made, or the accused voted aye.
	Short,
	/// It has what it needs now and fewer ayes than its proposer asked for: more were needed when it was made.
	Outdated,
	/// It has fewer ayes than it needs.
	Open,
}

/// Where a motion stands, and whether its time is up; `None` if there is no such motion.
fn motion(hash: &Hash) -> Option<(Stand, bool)> {
	let Proposal(call) = pallet_collective::ProposalOf::<Runtime>::get(hash)?;
	let votes = votes(hash)?;
	let is_over = votes.end <= System::block_number();
	let stand = match (votes.ayes.len() as u32 >= votes.threshold, votes.decide(&call)) {
		(true, true) => Stand::Carried,
		(true, false) => Stand::Short,
		(false, true) => Stand::Outdated,
		(false, false) => Stand::Open,
	};
	Some((stand, is_over))
}

/// Which of the collective's calls are open.
pub struct AllianceFilter;
impl Contains<pallet_collective::Call<Runtime>> for AllianceFilter {
	fn contains(call: &pallet_collective::Call<Runtime>) -> bool {
		use pallet_collective::Call;
		match call {
			// Exactly what is needed now: too high a threshold would be a way to keep a motion from its majority.
			Call::propose { threshold, proposal, .. } => {
				MajorityTable::needed_for(&proposal.0).is_some_and(|needed| *threshold == needed.ayes)
			},
			Call::vote { .. } | Call::release_proposal_cost { .. } => true,
			Call::close { proposal_hash, .. } => !matches!(motion(proposal_hash), Some((Stand::Short, _))),
			// Else a motion that falls short would keep its place until the chain ends it: close does not take it.
			Call::disapprove_proposal { proposal_hash } => {
				matches!(motion(proposal_hash), Some((Stand::Short, true)))
			},
			_ => false,
		}
	}
}

/// A call that the members decide about. It encodes as the call itself does; carried out, it is checked once more,
/// and it is noted that it was not defeated and who voted.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq)]
pub struct Proposal(pub RuntimeCall);

impl TypeInfo for Proposal {
	type Identity = RuntimeCall;

	fn type_info() -> scale_info::Type {
		RuntimeCall::type_info()
	}
}

impl From<RuntimeCall> for Proposal {
	fn from(call: RuntimeCall) -> Self {
		Self(call)
	}
}

impl From<frame_system::Call<Runtime>> for Proposal {
	fn from(call: frame_system::Call<Runtime>) -> Self {
		Self(call.into())
	}
}

impl GetDispatchInfo for Proposal {
	fn get_dispatch_info(&self) -> DispatchInfo {
		self.0.get_dispatch_info()
	}
}

impl Dispatchable for Proposal {
	type Config = <RuntimeCall as Dispatchable>::Config;
	type Info = DispatchInfo;
	type PostInfo = PostDispatchInfo;
	type RuntimeOrigin = RuntimeOrigin;

	fn dispatch(self, origin: RuntimeOrigin) -> DispatchResultWithPostInfo {
		let hash = BlakeTwo256::hash_of(&self);
		let votes = votes(&hash);
		let is_decided = match &votes {
			Some(votes) => votes.decide(&self.0),
			// An alliance of one.
			None => MajorityTable::needed_for(&self.0).is_some_and(|needed| needed.ayes == 1),
		};
		if !is_decided {
			return Err(DispatchError::BadOrigin.into());
		}
		Rulebook::carry(&hash);
		votes.iter().flat_map(Votes::voters).for_each(|voter| Institutions::note_activity(&voter));
		self.0.dispatch(origin)
	}
}

/// The collective's motions, as the rulebook sees them.
pub struct OpenMotions;
impl Motions<Hash> for OpenMotions {
	fn open() -> Vec<Hash> {
		pallet_collective::Proposals::<Runtime>::get().into_inner()
	}

	fn lapse(hash: &Hash) {
		if matches!(motion(hash), Some((Stand::Short | Stand::Outdated | Stand::Open, true))) {
			Alliance::do_disapprove_proposal(*hash);
		}
	}

	fn end_outdated(hash: &Hash) -> bool {
		let is_outdated = matches!(motion(hash), Some((Stand::Outdated, _)));
		if is_outdated {
			Alliance::do_disapprove_proposal(*hash);
		}
		is_outdated
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

type Held = HoldConsideration<AccountId, Balances, MotionDepositReason, DepositOfMotion, u32>;

/// What is held for a motion, until it is over and, if it was defeated, may come back. By it a member has two motions
/// open at most.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct MotionDeposit {
	/// The motion.
	motion: Hash,
	/// The money.
	held: Held,
}

impl Consideration<AccountId, u32> for MotionDeposit {
	/// The collective has put the motion at the end of those that are open when it asks for this.
	fn new(who: &AccountId, open: u32) -> Result<Self, DispatchError> {
		let motions = pallet_collective::Proposals::<Runtime>::get();
		let motion = *motions.last().ok_or(pallet_collective::Error::<Runtime>::ProposalMissing)?;
		Rulebook::file(who, motion, System::block_number().saturating_add(MOTION_DURATION))?;
		// That of the same motion before, of which the collective would lose sight.
		if let Some((earlier, deposit)) = pallet_collective::CostOf::<Runtime>::take(motion) {
			deposit.held.drop(&earlier)?;
		}
		Ok(Self { motion, held: Held::new(who, open)? })
	}

	fn update(self, who: &AccountId, open: u32) -> Result<Self, DispatchError> {
		Ok(Self { held: self.held.update(who, open)?, ..self })
	}

	fn drop(self, who: &AccountId) -> Result<(), DispatchError> {
		Rulebook::release(&self.motion)?;
		self.held.drop(who)
	}
}

impl MaybeConsideration<AccountId, u32> for MotionDeposit {
	fn is_none(&self) -> bool {
		self.held.is_none()
	}
}

/// What the collective does of which calls are open, with what is checked here beside it.
pub trait MotionCosts {
	/// A motion of an alliance of `m` members.
	fn propose(m: u32) -> Weight;
	/// A vote.
	fn vote(m: u32) -> Weight;
	/// The end of one that is carried out, with an amendment.
	fn close_approved(m: u32) -> Weight;
	/// The end of one that is not.
	fn close_disapproved(m: u32) -> Weight;
	/// Releasing a deposit.
	fn release_proposal_cost() -> Weight;
}

/// Those, and what the SDK measured of the others.
pub struct MotionWeight;

impl pallet_collective::WeightInfo for MotionWeight {
	fn set_members(old: u32, new: u32, motions: u32) -> Weight {
		Stock::set_members(old, new, motions)
	}

	fn execute(bytes: u32, members: u32) -> Weight {
		Stock::execute(bytes, members)
	}

	fn propose_execute(_: u32, members: u32) -> Weight {
		weights::Measured::close_approved(members)
	}

	fn propose_proposed(_: u32, members: u32, _: u32) -> Weight {
		weights::Measured::propose(members)
	}

	fn vote(members: u32) -> Weight {
		<weights::Measured as MotionCosts>::vote(members)
	}

	fn close_early_disapproved(members: u32, _: u32) -> Weight {
		weights::Measured::close_disapproved(members)
	}

	fn close_early_approved(_: u32, members: u32, _: u32) -> Weight {
		weights::Measured::close_approved(members)
	}

	fn close_disapproved(members: u32, _: u32) -> Weight {
		weights::Measured::close_disapproved(members)
	}

	fn close_approved(_: u32, members: u32, _: u32) -> Weight {
		weights::Measured::close_approved(members)
	}

	fn disapprove_proposal(_: u32) -> Weight {
		weights::Measured::close_disapproved(MAX_MEMBERS)
	}

	fn kill(costs: u32, motions: u32) -> Weight {
		Stock::kill(costs, motions)
	}

	fn release_proposal_cost() -> Weight {
		<weights::Measured as MotionCosts>::release_proposal_cost()
	}
}

type Stock = pallet_collective::weights::SubstrateWeight<Runtime>;

impl pallet_collective::Config for Runtime {
	type Consideration = MotionDeposit;
	// With no prime, who does not vote counts as no.
	type DefaultVote = PrimeDefaultVote;
	// The filter says for which motions.
	type DisapproveOrigin = EnsureSigned<AccountId>;
	type KillOrigin = NeverEnsureOrigin<()>;
	type MaxMembers = ConstU32<MAX_MEMBERS>;
	type MaxProposalWeight = MaxMotionWeight;
	type MaxProposals = ConstU32<MAX_MOTIONS>;
	type MotionDuration = MotionDuration;
	type Proposal = Proposal;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type SetMembersOrigin = NeverEnsureOrigin<()>;
	type WeightInfo = MotionWeight;
}
