//! Capture on paper, tried: what a majority that is not large enough, or all members together, can do
//! against the rest. Everything here is refused.

use crate::{alliance::*, chain::*};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{asset_id, MemberStatus, SuspensionCause};
use hanse_runtime::{
	constants::UNIT, AccountId, Balances, Institutions, OriginCaller, Runtime, RuntimeCall, RuntimeOrigin,
};
use sp_runtime::{traits::Dispatchable, DispatchResult, MultiAddress};

#[test]
fn seven_of_twelve_who_had_three_suspended_are_still_seven_of_twelve() {
	run_on(alliance_of(12), || {
		for accused in [10, 11, 12] {
			assert_ok!(Institutions::suspend(accused, SuspensionCause::Conduct));
		}
		assert_eq!((seats(), needed(&expel(12))), (12, 9));
		let seven = [1, 2, 3, 4, 5, 6, 7];
		for call in [expel(12), expel(1), admit(13)] {
			assert!(!carries(&call, &seven), "{call:?}");
			assert!(!carries(&call, &[1, 2, 3, 4, 5, 6, 7, 8]), "{call:?}");
		}
		assert!(carries(&expel(12), &[1, 2, 3, 4, 5, 6, 7, 8, 9]));
	});
}

#[test]
fn five_of_nine_admit_no_shells() {
	run_on(alliance_of(9), || {
		for shell in 0..7 {
			let apply = pallet_institutions::Call::apply { profile: profile(&format!("Shell {shell}")) };
			assert_ok!(dispatch(applicant(shell), apply));
		}
		let five = [1, 2, 3, 4, 5];
		for shell in 10..=16 {
			assert!(!carries(&admit(shell), &five));
			assert!(!carries(&admit(shell), &[1, 2, 3, 4, 5, 6]));
		}
		assert!(carries(&admit(10), &[1, 2, 3, 4, 5, 6, 7]));
		assert_eq!(seats(), 9);
	});
}

/// Calls that make, take or move what is others', as Root could make them.
fn forbidden(victim: &AccountId, asset: u32) -> Vec<RuntimeCall> {
	let (who, thief) = (MultiAddress::Id(victim.clone()), MultiAddress::Id(member(1)));
	let mut calls: Vec<RuntimeCall> = vec![
		pallet_balances::Call::force_set_balance { who: who.clone(), new_free: 1 }.into(),
		pallet_balances::Call::force_transfer { source: who.clone(), dest: thief.clone(), value: 1 }.into(),
		pallet_assets::Call::force_transfer { id: asset.into(), source: who, dest: thief.clone(), amount: 1 }
			.into(),
		pallet_assets::Call::mint { id: asset.into(), beneficiary: thief, amount: 1 }.into(),
	];
	calls.extend([
		RuntimeCall::from(frame_system::Call::set_storage { items: vec![(vec![1], vec![2])] }),
		frame_system::Call::kill_storage { keys: vec![vec![1]] }.into(),
		frame_system::Call::set_code { code: vec![1] }.into(),
		frame_system::Call::authorize_upgrade_without_checks { code_hash: Default::default() }.into(),
		pallet_grandpa::Call::note_stalled { delay: 1, best_finalized_block_number: 1 }.into(),
		pallet_collective::Call::set_members { new_members: vec![member(1)], prime: None, old_count: 4 }
			.into(),
	]);
	calls
}

/// Everything in the runtime that dispatches another call.
fn wrappers(call: &RuntimeCall) -> Vec<RuntimeCall> {
	let boxed = || Box::new(call.clone());
	let root = || Box::new(OriginCaller::from(frame_system::RawOrigin::<AccountId>::Root));
	let all = OriginCaller::from(pallet_collective::RawOrigin::Members(4, 4));
	let no_weight = Default::default();
	let mut calls: Vec<RuntimeCall> = vec![
		pallet_utility::Call::batch { calls: vec![call.clone()] }.into(),
		pallet_utility::Call::batch_all { calls: vec![call.clone()] }.into(),
		pallet_utility::Call::force_batch { calls: vec![call.clone()] }.into(),
		pallet_utility::Call::as_derivative { index: 0, call: boxed() }.into(),
		pallet_utility::Call::dispatch_as { as_origin: root(), call: boxed() }.into(),
		pallet_utility::Call::dispatch_as { as_origin: Box::new(all), call: boxed() }.into(),
		pallet_utility::Call::dispatch_as_fallible { as_origin: root(), call: boxed() }.into(),
		pallet_utility::Call::with_weight { call: boxed(), weight: no_weight }.into(),
		pallet_utility::Call::if_else { main: boxed(), fallback: boxed() }.into(),
	];
	calls.extend([
		RuntimeCall::from(pallet_proxy::Call::proxy {
			real: MultiAddress::Id(member(2)),
			force_proxy_type: None,
			call: boxed(),
		}),
		pallet_multisig::Call::as_multi_threshold_1 { other_signatories: vec![member(9)], call: boxed() }
			.into(),
		pallet_collective::Call::execute { proposal: Box::new(call.clone().into()), length_bound: 1_000 }
			.into(),
		pallet_rulebook::Call::enact { call: boxed() }.into(),
	]);
	calls
}

#[test]
fn nobody_forces_balances_points_or_storage_by_any_route() {
	run_on(alliance_of(9), || {
		let (before, sky) = (issuance(), program(1, TERMS));
		let victim = applicant(0);
		issue(1, sky, core::slice::from_ref(&victim), 100, 0);
		assert_ok!(dispatch(
			member(2),
			pallet_proxy::Call::add_proxy {
				delegate: MultiAddress::Id(member(1)),
				proxy_type: Default::default(),
				delay: 0
			}
		));
		let untouched = || {
			assert_eq!(issuance(), before);
			assert_eq!(Balances::free_balance(&victim), 100_000 * UNIT);
			let points = pallet_assets::Pallet::<Runtime>::balance(asset_id(sky, 0), &victim);
			assert_eq!(points, 100);
			assert_eq!(seats(), 9);
		};

		for call in forbidden(&victim, asset_id(sky, 0)) {
			let direct = dispatch(member(1), call.clone());
			assert_eq!(direct, Err(filtered()), "{call:?}");
			for wrapper in wrappers(&call) {
				// Some report the inner failure in an event and succeed themselves.
				let _ = dispatch(member(1), wrapper.clone());
				untouched();
				// Nor can it be put to a vote, by all nine.
				assert_noop!(propose(1, 9, &wrapper), filtered());
			}
			assert_noop!(propose(1, 9, &call), filtered());
			// Had it been put to a vote all the same, the members' origin would not suffice.
			let origin = RuntimeOrigin::from(pallet_collective::RawOrigin::Members(9, 9));
			let by_all: DispatchResult = frame_support::storage::with_storage_layer(|| {
				call.clone().dispatch(origin).map(drop).map_err(|failed| failed.error)
			});
			assert!(by_all.is_err(), "{call:?}");
			untouched();
		}
	});
}

#[test]
fn the_members_enact_nothing_but_what_is_listed() {
	run_on(alliance_of(4), || {
		for call in forbidden(&applicant(0), 1) {
			let enact = pallet_rulebook::Call::enact { call: Box::new(call) };
			let origin = RuntimeOrigin::from(pallet_collective::RawOrigin::Members(4, 4));
			let result = RuntimeCall::from(enact).dispatch(origin).map(drop).map_err(|failed| failed.error);
			assert_eq!(result, Err(pallet_rulebook::Error::<Runtime>::NotEnactable.into()));
		}
	});
}
