//! Random histories: the invariants hold after each step, and renaming the members permutes the outcome.

use super::mock::*;
use crate::{LastSeen, Status};
use frame_support::storage::with_storage_layer;
use hanse_primitives::{InstitutionId, MemberStatus, Members, SuspensionCause};
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::BTreeMap;

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
	let act = prop_oneof![
		3 => who.clone().prop_map(Act::Apply),
		1 => who.clone().prop_map(Act::Withdraw),
		3 => who.clone().prop_map(Act::Admit),
		1 => who.clone().prop_map(Act::Reject),
		1 => who.clone().prop_map(Act::TopUp),
		1 => who.clone().prop_map(Act::Leave),
		2 => who.clone().prop_map(Act::Close),
		1 => who.clone().prop_map(Act::Expel),
		1 => who.clone().prop_map(Act::Suspend),
		1 => who.clone().prop_map(Act::Reinstate),
		3 => (1u8..15).prop_map(Act::Pass),
		3 => who.prop_map(Act::Sign),
		4 => (1u8..3).prop_map(Act::Turn),
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

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

	#[test]
	fn renaming_the_members_permutes_the_outcome(
		acts in acts(),
		names in Just((1..=u64::from(PEOPLE)).collect::<Vec<_>>()).prop_shuffle(),
		founders in Just([0u8, 1, 2, 3]).prop_shuffle(),
	) {
		let plain = play(&acts, |who| u64::from(who) + 1, [0, 1, 2, 3]);
		let renamed = play(&acts, |who| names[usize::from(who)], founders);
		prop_assert_eq!(plain, renamed);
	}
}
