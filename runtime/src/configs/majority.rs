//! What each decision needs: its share of the members who are awake, and more than half of all, the accused left out.

use super::origins::{ballot_of, Ballot, Track};
use crate::*;
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use hanse_primitives::{Electorate, Members, VoteRequirement};
use pallet_collective::RawOrigin;

/// The share of the members who are awake that a decision needs. Constants of the alliance, not rules.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Majority {
	ThreeQuarters,
	TwoThirds,
	MoreThanHalf,
}

impl Majority {
	/// The least number of ayes that is this share of `n`.
	pub fn of(self, n: u32) -> u32 {
		match self {
			Majority::ThreeQuarters => (3 * n).div_ceil(4),
			Majority::TwoThirds => (2 * n).div_ceil(3),
			Majority::MoreThanHalf => n / 2 + 1,
		}
	}

	/// The ayes that it takes: silence makes no majority, so more than half of all is the least.
	pub fn needed(self, awake: u32, all: u32) -> u32 {
		self.of(awake).max(Majority::MoreThanHalf.of(all))
	}
}

/// What `call` needs today; those who voted on it are awake for it.
pub fn needed_for(call: &RuntimeCall, voters: &BTreeSet<AccountId>) -> Option<VoteRequirement> {
	let Ballot { track, accused } = ballot_of(call)?;
	let members = AllianceMembers::members();
	let accused = accused
		.and_then(|institution| Some((institution, Institutions::account(institution).ok()?)))
		.filter(|(_, account)| members.contains(account));
	let others =
		members.iter().filter(|member| accused.as_ref().is_none_or(|(_, account)| account != *member));
	let awake =
		others.filter(|member| voters.contains(*member) || Institutions::is_awake(member)).count() as u32;
	let all = members.len() as u32 - u32::from(accused.is_some());
	// The collective does at once what one vote is enough for, whoever's it is: also the accused's.
	let least = if accused.is_some() { 2 } else { 1 };
	let ayes = track.majority().needed(awake, all).max(least);
	(ayes <= all).then_some(VoteRequirement {
		ayes,
		awake,
		all,
		accused: accused.map(|(institution, _)| institution),
	})
}

/// The members' vote, held against who is awake and who belongs once more, as far as a number of ayes tells. Where
/// somebody is accused, this does not know whether it is awake, and asks for as much as if it were.
pub(super) fn try_vote(track: Track, origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
	let members: Result<pallet_collective::Origin<Runtime>, _> = origin.clone().into();
	let Ok(RawOrigin::Members(ayes, _)) = members else { return Err(origin) };
	let all = AllianceMembers::members();
	let awake = all.iter().filter(|member| Institutions::is_awake(member)).count() as u32;
	let others = |members: u32| members.saturating_sub(track.has_accused().into());
	let needed = track.majority().needed(others(awake), others(all.len() as u32));
	(ayes >= needed).then_some(()).ok_or(origin)
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

	fn voted() -> Vec<(AccountId, u32)> {
		let open = pallet_collective::Proposals::<Runtime>::get();
		let numbered = |votes: configs::motions::Votes| {
			let number = votes.index.saturating_add(1);
			votes.ayes.into_iter().chain(votes.nays).map(move |account| (account, number))
		};
		open.iter().filter_map(configs::motions::votes).flat_map(numbered).collect()
	}
}
