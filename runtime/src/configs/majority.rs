//! What each decision needs: its share of the members who are awake, and more than half of all, the accused left out.

use crate::*;
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use core::marker::PhantomData;
use frame_support::traits::{Contains, EnsureOrigin};
use hanse_primitives::{Electorate, InstitutionId, Members, Needed};
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

	/// The one table: the share that `call` needs, or `None` if it cannot be put to a vote.
	pub fn for_call(call: &RuntimeCall) -> Option<Self> {
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
				configs::governance::Enactable::contains(call).then_some(Majority::ThreeQuarters)
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

/// About whom the members decide. It has no say in that.
fn accused_by(call: &RuntimeCall) -> Option<InstitutionId> {
	use pallet_supervision::{Call as Supervision, Target};
	match call {
		RuntimeCall::Institutions(pallet_institutions::Call::expel { institution }) => Some(*institution),
		RuntimeCall::Conduct(pallet_conduct::Call::uphold { merchant, .. }) => Some(*merchant),
		RuntimeCall::Conduct(pallet_conduct::Call::reverse_fine { fine }) => Some(fine.member),
		RuntimeCall::Supervision(Supervision::ratify { target } | Supervision::lift { target }) => {
			match target {
				Target::Institution(institution) => Some(*institution),
				Target::Program(program) => {
					pallet_points::Programs::<Runtime>::get(program).map(|program| program.issuer)
				},
				Target::Customer(_) => None,
			}
		},
		_ => None,
	}
}

fn seats() -> u32 {
	pallet_collective::Members::<Runtime>::decode_len().unwrap_or(0) as u32
}

/// What `call` needs today; those who voted on it are awake for it.
pub fn needed_for(call: &RuntimeCall, voters: &BTreeSet<AccountId>) -> Option<Needed> {
	let majority = Majority::for_call(call)?;
	let members = AllianceMembers::members();
	let accused = accused_by(call)
		.and_then(|institution| Some((institution, Institutions::account(institution).ok()?)))
		.filter(|(_, account)| members.contains(account));
	let others =
		members.iter().filter(|member| accused.as_ref().is_none_or(|(_, account)| account != *member));
	let awake =
		others.filter(|member| voters.contains(*member) || Institutions::is_awake(member)).count() as u32;
	let all = members.len() as u32 - u32::from(accused.is_some());
	// The collective does at once what one vote is enough for, whoever's it is: also the accused's.
	let least = if accused.is_some() { 2 } else { 1 };
	let ayes = majority.needed(awake, all).max(least);
	(ayes <= all).then_some(Needed { ayes, awake, all, accused: accused.map(|(institution, _)| institution) })
}

/// A share of the members.
pub trait Share {
	const OF: Majority;
}
/// [`Majority::ThreeQuarters`].
pub struct Quarters;
impl Share for Quarters {
	const OF: Majority = Majority::ThreeQuarters;
}
/// [`Majority::TwoThirds`].
pub struct Thirds;
impl Share for Thirds {
	const OF: Majority = Majority::TwoThirds;
}
/// [`Majority::MoreThanHalf`].
pub struct Halves;
impl Share for Halves {
	const OF: Majority = Majority::MoreThanHalf;
}

/// The members' vote, held against who is awake and who belongs once more, as far as a number of ayes tells. If
/// somebody is `ACCUSED`, this does not know whether it is awake, and asks for as much as if it were.
pub struct Vote<S, const ACCUSED: bool>(PhantomData<S>);

pub type ThreeQuarters = Vote<Quarters, false>;
pub type TwoThirds = Vote<Thirds, false>;
pub type MoreThanHalf = Vote<Halves, false>;
/// The same where somebody is accused.
pub type ThreeQuartersOfOthers = Vote<Quarters, true>;
pub type TwoThirdsOfOthers = Vote<Thirds, true>;
pub type MoreThanHalfOfOthers = Vote<Halves, true>;

impl<S: Share, const ACCUSED: bool> EnsureOrigin<RuntimeOrigin> for Vote<S, ACCUSED> {
	type Success = ();

	fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
		let members: Result<pallet_collective::Origin<Runtime>, _> = origin.clone().into();
		let Ok(RawOrigin::Members(ayes, _)) = members else { return Err(origin) };
		let left_out = u32::from(ACCUSED);
		let awake =
			AllianceMembers::members().iter().filter(|member| Institutions::is_awake(member)).count() as u32;
		let needed = S::OF.needed(awake.saturating_sub(left_out), seats().saturating_sub(left_out));
		if ayes >= needed {
			Ok(())
		} else {
			Err(origin)
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(RawOrigin::Members(MAX_MEMBERS, MAX_MEMBERS).into())
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

	fn voted() -> Vec<(AccountId, u32)> {
		let open = pallet_collective::Proposals::<Runtime>::get();
		let numbered = |votes: configs::motions::Votes| {
			let number = votes.index.saturating_add(1);
			votes.ayes.into_iter().chain(votes.nays).map(move |account| (account, number))
		};
		open.iter().filter_map(configs::motions::votes).flat_map(numbered).collect()
	}
}
