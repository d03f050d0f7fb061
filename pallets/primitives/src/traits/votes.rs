//! How members decide, and what they give signs by.

use crate::InstitutionId;
use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use sp_runtime::DispatchResult;

/// Who looks for signs of members.
pub trait Activity<AccountId> {
	/// The member of this account gave a sign: it made a call, voted, or its authority made a block. Law: it is
	/// awake from now on, for as long as the rule says; of an account that has no vote nothing changes. One read,
	/// and at most one write in a fourteenth of that time.
	fn note_activity(account: &AccountId);
}

/// For a chain on which nobody sleeps.
impl<AccountId> Activity<AccountId> for () {
	fn note_activity(_: &AccountId) {}
}

/// Motions that are put to the vote.
pub trait Motions<Hash> {
	/// Those that are open.
	fn open() -> Vec<Hash>;

	/// Law: a motion whose time is up and that has not got its majority is not open any more.
	fn lapse(motion: &Hash);

	/// Whether the motion has the ayes that it needs now, though it asks for more since more were needed when it was
	/// made. Law: then it is not open any more, and nothing came of it.
	fn end_outdated(motion: &Hash) -> bool;
}

/// For a chain without votes.
impl<Hash> Motions<Hash> for () {
	fn open() -> Vec<Hash> {
		Vec::new()
	}

	fn lapse(_: &Hash) {}

	fn end_outdated(_: &Hash) -> bool {
		false
	}
}

/// Decisions that wait for their notice.
pub trait Notice<Call> {
	/// Law: `call` is dispatched as Root when the notice of today has passed, unless it is retracted meanwhile.
	/// Fails by name, among others if too many decisions wait.
	fn announce(call: Call) -> DispatchResult;
}

/// For a chain on which nothing waits.
impl<Call> Notice<Call> for () {
	fn announce(_: Call) -> DispatchResult {
		Err(sp_runtime::DispatchError::Unavailable)
	}
}

/// What a decision needs at this moment.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct VoteRequirement {
	/// Ayes at least; what its motion names as threshold.
	pub ayes: u32,
	/// Of so many members who are awake.
	pub awake: u32,
	/// Of so many members in all. More than half of them always.
	pub all: u32,
	/// About whom it is. It is in none of the numbers, and its own vote counts for nothing.
	pub accused: Option<InstitutionId>,
}

/// The one table of majorities.
pub trait Majorities<Call> {
	/// What `call` needs, or `None` if it cannot be put to a vote.
	fn needed_for(call: &Call) -> Option<VoteRequirement>;
}

/// For a chain without votes.
impl<Call> Majorities<Call> for () {
	fn needed_for(_: &Call) -> Option<VoteRequirement> {
		None
	}
}
