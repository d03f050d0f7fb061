//! Random histories: the invariants hold after each step, and renaming the members permutes the outcome.

use super::mock::*;
use crate::{LastSeen, Status};
use frame_support::storage::with_storage_layer;
use hanse_primitives::{InstitutionId, MemberStatus, Members, SuspensionCause};
use proptest::{prelude::*, test_runner::TestRunner};
use sp_runtime::DispatchResult;
use std::{cell::RefCell, collections::BTreeMap};

/// What happens, to a person by number. Persons 0 to 3 are the founders.
#[derive(Clone, Copy, Debug)]
enum Act {
	Apply(u8),
	Withdraw(u8),
	Admit(u8),
	Reject(u8),
	TopUp(u8),
	Leave(u8),
	Close(u8),
	Expel(u8),
	Suspend(u8),
	Reinstate(u8),
	Pass(u8),
	Sign(u8),
	Turn(u8),
}

const PEOPLE: u8 = 8;

fn acts() -> impl Strategy<Value = Vec<Act>> {
	let who = 0..PEOPLE;
	// Mostly those who do not belong from the start.
	let newcomer = || prop_oneof![3 => 4..PEOPLE, 1 => 0..PEOPLE];
	let act = prop_oneof![
		4 => newcomer().prop_map(Act::Apply),
		1 => newcomer().prop_map(Act::Withdraw),
		6 => newcomer().prop_map(Act::Admit),
		1 => newcomer().prop_map(Act::Reject),
		1 => who.clone().prop_map(Act::TopUp),
		1 => who.clone().prop_map(Act::Leave),
		5 => who.clone().prop_map(Act::Close),
		1 => who.clone().prop_map(Act::Expel),
		1 => who.clone().prop_map(Act::Suspend),
		4 => who.clone().prop_map(Act::Reinstate),
		3 => (1u8..15).prop_map(Act::Pass),
		3 => who.prop_map(Act::Sign),
		4 => (1u8..5).prop_map(Act::Turn),
	];
	prop::collection::vec(act, 1..60)
}

fn id_of(account: u64) -> InstitutionId {
	Institutions::id_of(&account).unwrap_or(999)
}

fn perform(act: Act, name: &impl Fn(u8) -> u64) -> DispatchResult {
	let signed = |who| RuntimeOrigin::signed(name(who));
	let (root, id) = (RuntimeOrigin::root(), |who| id_of(name(who)));
	match act {
		Act::Apply(who) => apply(name(who), &format!("Institution of {who}")),
		Act::Withdraw(who) => Institutions::withdraw_application(signed(who)),
		Act::Admit(who) => Institutions::admit(root, id(who)),
		Act::Reject(who) => Institutions::reject(root, id(who)),
		Act::TopUp(who) => Institutions::top_up_bond(signed(who), 10),
		Act::Leave(who) => Institutions::leave(signed(who)),
		Act::Close(who) => Institutions::close(signed(who), id(who)),
		Act::Expel(who) => Institutions::expel(root, id(who)),
		Act::Suspend(who) => Institutions::suspend(id(who), SuspensionCause::Conduct),
		Act::Reinstate(who) => Institutions::reinstate(id(who), SuspensionCause::Conduct),
		Act::Pass(looks) => {
			pass(u64::from(looks) * LOOK);
			Ok(())
		},
		Act::Sign(who) => {
			signs(name(who));
			Ok(())
		},
		Act::Turn(eras) => {
			turn(eras.into());
			Ok(())
		},
	}
}

/// Where somebody ends: status, bond, free balance, vote, when it was last heard of, whether it is awake.
type Outcome = (Option<Status>, u128, u128, bool, Option<u64>, bool);

/// Plays `acts` with people named by `name`, the founders in the order of `founders`; says which acts
/// went through and where everybody ended.
fn play(
	acts: &[Act],
	name: impl Fn(u8) -> u64,
	founders: [u8; 4],
) -> (Vec<DispatchResult>, BTreeMap<u8, Outcome>) {
	let names = founders.map(|who| format!("Institution of {who}"));
	let founders: Vec<_> =
		founders.iter().zip(&names).map(|(who, text)| (name(*who), text.as_str())).collect();
	genesis(&founders).execute_with(|| {
		let results = acts
			.iter()
			.map(|act| {
				let result = with_storage_layer(|| perform(*act, &name));
				Institutions::do_try_state().unwrap();
				result
			})
			.collect();
		let outcome = (0..PEOPLE)
			.map(|who| {
				let account = name(who);
				let id = Institutions::id_of(&account);
				let outcome = (
					id.map(status),
					bond_held(account),
					Balances::free_balance(account),
					electorate().contains(&account),
					LastSeen::<Test>::get(account).map(|presence| presence.last_seen),
					Institutions::is_awake(&account),
				);
				(who, outcome)
			})
			.collect();
		(results, outcome)
	})
}

/// What kind of act it is.
fn kind(act: &Act) -> String {
	let text = format!("{act:?}");
	text.split('(').next().unwrap_or_default().into()
}

#[test]
fn renaming_the_members_permutes_the_outcome() {
	let names = Just((1..=u64::from(PEOPLE)).collect::<Vec<_>>()).prop_shuffle();
	let founders = Just([0u8, 1, 2, 3]).prop_shuffle();
	let done = RefCell::new(BTreeMap::<String, u32>::new());
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) };
	TestRunner::new(config)
		.run(&(acts(), names, founders), |(acts, names, founders)| {
			let plain = play(&acts, |who| u64::from(who) + 1, [0, 1, 2, 3]);
			for (act, _) in acts.iter().zip(&plain.0).filter(|(_, result)| result.is_ok()) {
				*done.borrow_mut().entry(kind(act)).or_default() += 1;
			}
			prop_assert_eq!(plain, play(&acts, |who| names[usize::from(who)], founders));
			Ok(())
		})
		.unwrap();
	// A history in which nothing succeeds proves nothing.
	for (kind, least) in [
		("Apply", 150),
		("Withdraw", 10),
		("Admit", 40),
		("Reject", 10),
		("TopUp", 50),
		("Leave", 30),
		("Close", 3),
		("Expel", 40),
		("Suspend", 40),
		("Reinstate", 10),
	] {
		let times = done.borrow().get(kind).copied().unwrap_or_default();
		assert!(times >= least, "{kind} was done {times} times only");
	}
}
