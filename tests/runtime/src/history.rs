//! Random histories of an alliance over the real runtime: after each step the electorate votes and nobody
//! else does, and every authority that joins was active when its set was planned; renaming the members
//! permutes the outcome.

use crate::{alliance::*, chain::*};
use frame_support::storage::with_storage_layer;
use hanse_primitives::{InstitutionId, MemberStatus, Members, SuspensionCause};
use hanse_runtime::{
	genesis_presets::{self, Founder},
	AccountId, Balances, Institutions, Rulebook, Runtime, RuntimeCall, Session, SessionKeys,
};
use pallet_institutions::Status;
use proptest::{prelude::*, test_runner::TestRunner};
use sp_core::{ed25519, sr25519};
use sp_runtime::DispatchResult;
use std::collections::BTreeMap;

/// What somebody, by number, does or has done to it. 0 to 4 are the founders.
#[derive(Clone, Copy, Debug)]
enum Act {
	Apply(u8),
	SetKeys(u8),
	Operate(u8, bool),
	Leave(u8),
	Close(u8),
	/// Nobody is heard of whose bit is not set.
	Sleep(u8),
	Suspend(u8),
	Reinstate(u8),
	/// Those whose bit is set vote aye.
	Admit(u8, u8),
	Expel(u8, u8),
	/// A session in which those whose bit is set make no block.
	Session(u8),
	Era,
}

const PEOPLE: u8 = 8;
const FOUNDERS: u8 = 5;

fn acts() -> impl Strategy<Value = Vec<Act>> {
	let who = || 0..PEOPLE;
	// Mostly those who do not belong from the start.
	let newcomer = || prop_oneof![3 => FOUNDERS..PEOPLE, 1 => 0..PEOPLE];
	let act = prop_oneof![
		4 => newcomer().prop_map(Act::Apply),
		3 => who().prop_map(Act::SetKeys),
		3 => (who(), any::<bool>()).prop_map(|(who, on)| Act::Operate(who, on)),
		1 => who().prop_map(Act::Leave),
		1 => who().prop_map(Act::Close),
		2 => any::<u8>().prop_map(Act::Sleep),
		1 => who().prop_map(Act::Suspend),
		4 => who().prop_map(Act::Reinstate),
		6 => (newcomer(), any::<u8>()).prop_map(|(who, ayes)| Act::Admit(who, ayes | 0b1_1110)),
		1 => (who(), any::<u8>()).prop_map(|(who, ayes)| Act::Expel(who, ayes | 0b0111)),
		6 => any::<u8>().prop_map(|silent| Act::Session(silent & 0b1010)),
		2 => Just(Act::Era),
	];
	prop::collection::vec(act, 1..30)
}

/// A chain whose people are called by `name`.
struct World<Name: Fn(u8) -> AccountId> {
	name: Name,
}

impl<Name: Fn(u8) -> AccountId> World<Name> {
	fn id(&self, who: u8) -> InstitutionId {
		Institutions::id_of(&(self.name)(who)).unwrap_or(u32::MAX)
	}

	/// Votes of those whose bit is set, in the order of their numbers, and what came of it.
	fn decide(&self, call: RuntimeCall, ayes: u8) -> DispatchResult {
		let ayes: Vec<_> = (0..PEOPLE)
			.filter(|who| ayes & (1 << who) != 0)
			.filter(|who| pallet_collective::Members::<Runtime>::get().contains(&(self.name)(*who)))
			.map(|who| self.id(who))
			.collect();
		// Of two members neither is expelled: the other would decide alone.
		let is_enough = majority_for(&call).is_some_and(|needed| ayes.len() >= needed.ayes as usize);
		if ayes.is_empty() || !is_enough {
			return Err("too few ayes".into());
		}
		decide(&call, &ayes)
	}

	fn perform(&self, act: Act) -> DispatchResult {
		let signed = |who, call: RuntimeCall| dispatch((self.name)(who), call);
		match act {
			Act::Apply(who) => {
				let profile = profile(&format!("Institution {who}"));
				signed(who, pallet_institutions::Call::apply { profile }.into())
			},
			Act::SetKeys(who) => {
				// Past the proof, which is not what this is about: keys named after the person.
				let keys = keys(who);
				let account = (self.name)(who);
				Institutions::id_of(&account).ok_or("no institution")?;
				pallet_session::NextKeys::<Runtime>::insert(account, keys);
				Ok(())
			},
			Act::Operate(who, on) => signed(who, pallet_authorities::Call::operate { on }.into()),
			Act::Leave(who) => signed(who, pallet_institutions::Call::leave {}.into()),
			Act::Close(who) => {
				signed(who, pallet_institutions::Call::close { institution: self.id(who) }.into())
			},
			Act::Sleep(awake) => {
				let is_member =
					|who: &u8| pallet_institutions::LastSeen::<Runtime>::contains_key((self.name)(*who));
				let silent = (0..PEOPLE).filter(|who| awake & (1 << who) == 0 && is_member(who));
				put_to_sleep(&silent.map(|who| self.id(who)).collect::<Vec<_>>());
				Ok(())
			},
			Act::Suspend(who) => Institutions::suspend(self.id(who), SuspensionCause::Conduct),
			Act::Reinstate(who) => Institutions::reinstate(self.id(who), SuspensionCause::Conduct),
			Act::Admit(who, ayes) => self.decide(admit(self.id(who)), ayes),
			Act::Expel(who, ayes) => self.decide(expel(self.id(who)), ayes),
			Act::Session(silent) => {
				let silent: Vec<_> =
					(0..PEOPLE).filter(|who| silent & (1 << who) != 0).map(|who| self.id(who)).collect();
				pallet_authorities::Roster::<Runtime>::mutate(|roster| {
					roster.iter_mut().for_each(|(id, blocks)| *blocks = u32::from(!silent.contains(id)))
				});
				self.turn(Rulebook::rules().session);
				Ok(())
			},
			Act::Era => {
				self.turn(Rulebook::rules().era);
				Ok(())
			},
		}
	}

	/// Time goes by, over the turn of a session; whoever joins was active just before.
	fn turn(&self, milliseconds: u64) {
		let planned = || pallet_authorities::PlannedSet::<Runtime>::get().into_inner();
		let before = planned();
		let was_active: Vec<_> =
			(0..PEOPLE).map(|who| self.id(who)).filter(|id| Institutions::may_operate(*id)).collect();
		wait(milliseconds);
		for id in planned().iter().filter(|id| !before.contains(id)) {
			assert!(was_active.contains(id), "{id} was planned and not active");
		}
	}

	/// Where somebody stands: status, free balance, vote, authority now and next.
	fn standing(&self, who: u8) -> (Option<Status>, u128, bool, bool, bool) {
		let account = (self.name)(who);
		let id = Institutions::id_of(&account);
		(
			id.map(|id| pallet_institutions::Institutions::<Runtime>::get(id).unwrap().status),
			Balances::free_balance(&account),
			pallet_collective::Members::<Runtime>::get().contains(&account),
			Session::validators().contains(&account),
			id.is_some_and(|id| pallet_authorities::PlannedSet::<Runtime>::get().contains(&id)),
		)
	}
}

fn keys(who: u8) -> SessionKeys {
	SessionKeys {
		aura: sr25519::Public::from([100 + who; 32]).into(),
		grandpa: ed25519::Public::from([200 + who; 32]).into(),
	}
}

type Outcome = (Vec<DispatchResult>, BTreeMap<u8, (Option<Status>, u128, bool, bool, bool)>);

fn play(acts: &[Act], names: &[u8]) -> Outcome {
	let name = |who: u8| AccountId::new([names[usize::from(who)]; 32]);
	let founder = |who: u8| Founder {
		name: format!("Institution {who}"),
		account: name(who),
		reserve: 1_000_000,
		aura: keys(who).aura,
		grandpa: keys(who).grandpa,
	};
	let rich = (FOUNDERS..PEOPLE).map(|who| (name(who), 50_000_000_000)).collect();
	let patch = genesis_presets::alliance((0..FOUNDERS).map(founder).collect(), rich);
	let mut outcome = None;
	run_on(from_patch(patch.to_string().as_bytes()), || {
		let world = World { name };
		let results = acts
			.iter()
			.map(|act| {
				let result = with_storage_layer(|| world.perform(*act));
				check();
				result
			})
			.collect();
		outcome = Some((results, (0..PEOPLE).map(|who| (who, world.standing(who))).collect()));
	});
	outcome.unwrap()
}

#[test]
fn renaming_the_members_permutes_the_outcome() {
	let plain: Vec<_> = (1..=PEOPLE).collect();
	let tally = Tally::default();
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) };
	TestRunner::new(config)
		.run(&(acts(), Just(plain.clone()).prop_shuffle()), |(acts, names)| {
			let outcome = play(&acts, &plain);
			tally.count(&acts, &outcome.0);
			prop_assert_eq!(outcome, play(&acts, &names));
			Ok(())
		})
		.unwrap();
	tally.assert_at_least(&[
		("Apply", 50),
		("SetKeys", 50),
		("Operate", 15),
		("Leave", 8),
		("Suspend", 15),
		("Reinstate", 2),
		("Admit", 10),
		("Expel", 15),
	]);
}
