//! Random histories of an alliance: whatever happens, no decision is taken by fewer than half of all members.

use crate::{alliance::*, chain::*};
use hanse_primitives::{InstitutionId, MemberStatus, Members, SuspensionCause};
use hanse_runtime::{
	configs::{motions::Votes, origins::ballot_of},
	Institutions, Runtime, RuntimeCall, System,
};
use pallet_institutions::Status;
use proptest::{
	prelude::*,
	test_runner::{Config, TestRunner},
};
use sp_runtime::{DispatchError, DispatchResult};
use std::{
	cell::Cell,
	collections::{BTreeMap, BTreeSet},
};

/// What happens to an alliance. Members are named by their place among those that there are.
#[derive(Clone, Copy, Debug)]
enum Act {
	/// So many days on each of which those sign whose bit is set.
	Days(u8, u16),
	/// Somebody makes a motion, and those whose bit is set vote aye, the others of the second set nay.
	Move(u8, Motion, u16, u16),
	/// Somebody votes on the motion that was made so many motions ago.
	Vote(u8, u8, bool),
	/// That is closed, by whomever.
	Close(u8),
	Suspend(u8),
	Reinstate(u8),
	Leave(u8),
	Apply(u8),
}

#[derive(Clone, Copy, Debug)]
enum Motion {
	Amend(u16),
	Admit,
	Expel(u8),
	Reverse(u8),
	Restart,
	Brake,
}

const FOUNDERS: u8 = 12;

fn acts() -> impl Strategy<Value = Vec<Act>> {
	let motion = prop_oneof![
		3 => (900u16..1_200).prop_map(Motion::Amend),
		2 => Just(Motion::Admit),
		2 => any::<u8>().prop_map(Motion::Expel),
		1 => any::<u8>().prop_map(Motion::Reverse),
		1 => Just(Motion::Restart),
		2 => Just(Motion::Brake),
	];
	let act = prop_oneof![
		4 => (1u8..9, any::<u16>()).prop_map(|(days, signing)| Act::Days(days, signing)),
		8 => (any::<u8>(), motion, any::<u16>(), any::<u16>())
			.prop_map(|(who, motion, ayes, more)| Act::Move(who, motion, ayes | more, more)),
		8 => (any::<u8>(), 0u8..4, any::<bool>()).prop_map(|(who, ago, aye)| Act::Vote(who, ago, aye)),
		4 => (0u8..4).prop_map(Act::Close),
		1 => any::<u8>().prop_map(Act::Suspend),
		1 => any::<u8>().prop_map(Act::Reinstate),
		1 => any::<u8>().prop_map(Act::Leave),
		1 => (0u8..8).prop_map(Act::Apply),
	];
	prop::collection::vec(act, 10..40)
}

/// What a history has seen, apart from the chain.
#[derive(Default)]
struct Story {
	/// The motions, the last one first.
	motions: Vec<RuntimeCall>,
	/// The day of each member's last sign.
	signed: BTreeMap<InstitutionId, u64>,
	day: u64,
	/// Decisions taken, and those that the collective alone would have taken.
	taken: u32,
	refused: u32,
}

fn members() -> Vec<InstitutionId> {
	let all = pallet_institutions::Institutions::<Runtime>::iter();
	let mut members: Vec<_> = all
		.filter(|(_, institution)| matches!(institution.status, Status::Active | Status::Suspended))
		.map(|(id, _)| id)
		.collect();
	members.sort();
	members
}

fn accused(call: &RuntimeCall) -> Option<InstitutionId> {
	match call {
		RuntimeCall::Institutions(pallet_institutions::Call::expel { institution }) => Some(*institution),
		RuntimeCall::Conduct(pallet_conduct::Call::reverse_fine { fine }) => Some(fine.member),
		_ => None,
	}
}

impl Story {
	fn pick(who: u8) -> InstitutionId {
		let members = members();
		members[usize::from(who) % members.len()]
	}

	fn signs(&mut self, who: InstitutionId) {
		self.signed.insert(who, self.day);
	}

	fn call(motion: Motion) -> RuntimeCall {
		match motion {
			Motion::Amend(value) => amend_limit(value.into()),
			Motion::Admit => {
				let applicants = pallet_institutions::Applications::<Runtime>::iter_keys();
				admit(applicants.min().unwrap_or(99))
			},
			Motion::Expel(who) => expel(Self::pick(who)),
			Motion::Reverse(who) => {
				let fine = pallet_conduct::FineId { member: Self::pick(who), number: 1 };
				pallet_conduct::Call::reverse_fine { fine }.into()
			},
			Motion::Restart => restart(),
			Motion::Brake => pallet_safe_mode::Call::force_enter {}.into(),
		}
	}

	fn vote(&mut self, who: InstitutionId, call: &RuntimeCall, aye: bool) {
		if vote(who, call, aye).is_ok() {
			System::inc_account_nonce(member(who));
			self.signs(who);
		}
	}

	/// Closes a motion. What is then decided was decided by enough, by this story's own count.
	fn close(&mut self, call: &RuntimeCall) {
		let (members, accused) = (members(), accused(call));
		let (ayes, reached) = match hanse_runtime::configs::motions::votes(&hash_of(call)) {
			Some(Votes { threshold, ayes, .. }) => {
				let reached = ayes.len() as u32 >= threshold;
				(ayes.into_iter().map(|who| Institutions::id_of(&who).unwrap()).collect(), reached)
			},
			None => (BTreeSet::new(), false),
		};
		let others: Vec<_> = members.into_iter().filter(|id| Some(*id) != accused).collect();
		if others.is_empty() {
			return;
		}
		let ayes = others.iter().filter(|id| ayes.contains(*id)).count() as u32;
		let is_awake =
			|id: &&InstitutionId| self.day - self.signed.get(*id).copied().unwrap_or_default() < 14;
		let awake = others.iter().filter(is_awake).count() as u32;
		match close(others[0], call) {
			Ok(Some(result)) => {
				assert_ne!(result, Err(DispatchError::BadOrigin), "{call:?}");
				assert!(2 * ayes > others.len() as u32, "{ayes} of {} took {call:?}", others.len());
				let share = ballot_of(call).unwrap().track.majority();
				assert!(ayes >= share.of(awake), "{ayes} of {awake} who are awake took {call:?}");
				self.taken += 1;
			},
			Err(error) if error == filtered() => {
				assert!(reached, "{call:?}");
				self.refused += 1;
			},
			Ok(None) | Err(_) => {},
		}
	}

	fn perform(&mut self, act: Act) {
		let signed =
			|who: InstitutionId, call: RuntimeCall| -> DispatchResult { dispatch(member(who), call) };
		match act {
			Act::Days(days, signing) => {
				let members = members();
				let signing: Vec<_> =
					members.iter().copied().filter(|id| signing & (1 << (id % 16)) != 0).collect();
				for _ in 0..days {
					day_of(&signing);
					self.day += 1;
					// A sign is dated with the look that sees it, which is at the end of the day.
					signing.iter().for_each(|id| self.signs(*id));
				}
			},
			Act::Move(who, motion, ayes, voters) => {
				let (who, call) = (Self::pick(who), Self::call(motion));
				let Some(needed) = majority_for(&call) else { return };
				if propose(who, needed.ayes, &call).is_err() {
					return;
				}
				self.motions.insert(0, call.clone());
				for id in members() {
					let bit = 1 << (id % 16);
					if (ayes | voters) & bit != 0 {
						self.vote(id, &call, ayes & bit != 0);
					}
				}
				self.close(&call);
			},
			Act::Vote(who, ago, aye) => {
				if let Some(call) = self.motions.get(usize::from(ago)).cloned() {
					self.vote(Self::pick(who), &call, aye);
				}
			},
			Act::Close(ago) => {
				if let Some(call) = self.motions.get(usize::from(ago)).cloned() {
					self.close(&call);
				}
			},
			Act::Suspend(who) => {
				let _ = frame_support::storage::with_storage_layer(|| {
					Institutions::suspend(Self::pick(who), SuspensionCause::Conduct)
				});
			},
			Act::Reinstate(who) => {
				let _ = frame_support::storage::with_storage_layer(|| {
					Institutions::reinstate(Self::pick(who), SuspensionCause::Conduct)
				});
			},
			Act::Leave(who) => {
				if members().len() > 5 {
					let _ = signed(Self::pick(who), pallet_institutions::Call::leave {}.into());
				}
			},
			Act::Apply(who) => {
				let call = pallet_institutions::Call::apply { profile: profile(&format!("Applicant {who}")) };
				let _ = dispatch(applicant(who), call);
			},
		}
	}
}

#[test]
fn no_decision_is_ever_taken_by_fewer_than_half_of_all_members() {
	const CASES: u32 = 150;
	let (taken, refused) = (Cell::new(0), Cell::new(0));
	let config = Config { failure_persistence: None, ..Config::with_cases(CASES) };
	let story = |acts: Vec<Act>| {
		run_on(alliance_of(FOUNDERS), || {
			let mut story = Story::default();
			for act in acts {
				story.perform(act);
				check();
			}
			taken.set(taken.get() + story.taken);
			refused.set(refused.get() + story.refused);
		});
		Ok(())
	};
	TestRunner::new(config).run(&acts(), story).unwrap();
	let (taken, refused) = (taken.get(), refused.get());
	println!("{CASES} histories: {taken} decisions, {refused} refused that had reached their threshold");
	assert!(taken >= 3 * CASES, "{taken} decisions in {CASES} histories");
	assert!(refused >= CASES / 10, "{refused} refused in {CASES} histories");
}
