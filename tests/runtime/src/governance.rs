//! How members decide: majorities, membership, offices, authorities.

use crate::{
	alliance::*,
	chain::*,
	delegation::{name_of, names},
};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{MemberStatus, SuspensionCause, VoteRequirement};
use hanse_runtime::{
	configs::{
		majority::Majority,
		motions::{votes, Votes},
		origins::{ballot_of, Track},
	},
	constants::*,
	Balances, Institutions, Rulebook, Runtime, RuntimeCall, RuntimeOrigin, System,
};
use pallet_institutions::Status;
use pallet_rulebook::Rule;
use sp_core::H256;
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::BTreeSet;

fn status(id: u32) -> Status {
	pallet_institutions::Institutions::<Runtime>::get(id).unwrap().status
}

/// One of each call that is put to the vote, in an alliance with applicant 13 and member 1, with its majority.
pub fn table() -> Vec<(RuntimeCall, Majority)> {
	use pallet_supervision::{Call as Supervision, Level, Scope, Target};
	let enactable = frame_system::Call::authorize_upgrade { code_hash: H256::zero() };
	let fine = pallet_conduct::FineId { member: 1, number: 1 };
	let (account, role) = (stranger(1), pallet_clearing::DepositRole::Agent);
	let (level, scope, until) = (Level::Halt, Scope::All, u64::MAX);
	let calls: Vec<RuntimeCall> = vec![
		admit(13),
		pallet_institutions::Call::reject { institution: 13 }.into(),
		expel(1),
		pallet_rulebook::Call::enact { call: Box::new(enactable.into()) }.into(),
		amend(Rule::Interchange, 6_000),
		pallet_rulebook::Call::retract { decision: 1 }.into(),
		pallet_clearing::Call::appoint_deposit_role { role, account: account.clone() }.into(),
		Supervision::appoint_supervisor { account: account.clone(), level, scope, until }.into(),
		Supervision::dismiss_supervisor { account }.into(),
		pallet_conduct::Call::uphold_complaint { merchant: 1, number: 1 }.into(),
		pallet_conduct::Call::reverse_fine { fine }.into(),
		Supervision::ratify_halt { target: Target::Program(1) }.into(),
		Supervision::lift_halt { target: Target::Program(1) }.into(),
		restart(),
		pallet_safe_mode::Call::force_enter {}.into(),
		pallet_safe_mode::Call::force_extend {}.into(),
		pallet_safe_mode::Call::force_exit {}.into(),
	];
	let majority = |call: &RuntimeCall| ballot_of(call).unwrap().track.majority();
	calls.into_iter().map(|call| (call.clone(), majority(&call))).collect()
}

/// The names of all calls on all tracks.
pub fn on_tracks() -> BTreeSet<String> {
	let calls = Track::ALL.iter().flat_map(|track| track.calls());
	calls.map(|(pallet, call)| format!("{pallet}.{call}")).collect()
}

/// What comes of `call` with this origin; leaves no trace.
fn try_with(origin: RuntimeOrigin, call: &RuntimeCall) -> DispatchResult {
	use frame_support::storage::{with_transaction, TransactionOutcome};
	use sp_runtime::traits::Dispatchable;
	with_transaction(|| {
		let result = call.clone().dispatch(origin).map(drop).map_err(|failed| failed.error);
		TransactionOutcome::Rollback(result)
	})
}

fn by_vote(ayes: u32, of: u32) -> RuntimeOrigin {
	pallet_collective::RawOrigin::Members(ayes, of).into()
}

fn appoint(role: pallet_clearing::DepositRole, account: u32) -> RuntimeCall {
	pallet_clearing::Call::appoint_deposit_role { role, account: stranger(account) }.into()
}

#[test]
fn a_majority_is_the_least_number_that_reaches_its_share() {
	for seats in 1..=256u32 {
		for (majority, part, of) in [(Majority::ThreeQuarters, 3, 4), (Majority::TwoThirds, 2, 3)] {
			let ayes = majority.of(seats);
			assert!(ayes * of >= seats * part && (ayes - 1) * of < seats * part, "{majority:?} of {seats}");
		}
		let ayes = Majority::MoreThanHalf.of(seats);
		assert!(2 * ayes > seats && 2 * (ayes - 1) <= seats, "more than half of {seats}");
	}
}

#[test]
fn every_call_of_the_runtime_that_takes_a_vote_and_no_signature_is_on_a_track() {
	run_on(alliance_of(12), || {
		let refuses = |origin, call: &RuntimeCall| try_with(origin, call) == Err(DispatchError::BadOrigin);
		let governed = names(|call| {
			refuses(RuntimeOrigin::signed(stranger(1)), call) && !refuses(by_vote(12, 12), call)
		});
		assert_eq!(governed, on_tracks());
	});
}

#[test]
fn the_table_of_these_tests_has_every_call_of_every_track() {
	run_on(alliance_of(12), || {
		assert_eq!(table().iter().map(|(call, _)| name_of(call)).collect::<BTreeSet<_>>(), on_tracks());
	});
}

#[test]
fn the_origin_of_each_call_asks_for_what_its_track_says() {
	run_on(alliance_of(12), || {
		assert_ok!(dispatch(applicant(0), pallet_institutions::Call::apply { profile: profile("New") }));
		for (call, majority) in table() {
			// Whom it is about the origin does not know, but that it may be about somebody.
			let needed = majority.of(12 - u32::from(ballot_of(&call).unwrap().track.has_accused()));
			let refused = Err(DispatchError::BadOrigin);
			assert_eq!(try_with(by_vote(needed - 1, 12), &call), refused, "{call:?}");
			// Past the origin: some have nothing to do just now, which is another error.
			assert_ne!(try_with(by_vote(needed, 12), &call), refused, "{call:?}");
		}
	});
}

#[test]
fn the_votes_of_the_collective_are_read_as_it_stores_them() {
	use frame_support::{
		__private::scale_info::{Type, TypeDef},
		pallet_prelude::TypeInfo,
	};
	type Stored = pallet_collective::Votes<hanse_runtime::AccountId, hanse_runtime::BlockNumber>;
	let fields = |of: Type| {
		let TypeDef::Composite(composite) = of.type_def else { panic!("not a struct") };
		composite.fields.into_iter().map(|field| (field.name, field.ty)).collect::<Vec<_>>()
	};
	assert_eq!(fields(Stored::type_info()), fields(Votes::type_info()));
	run_on(alliance_of(4), || {
		let call = amend(Rule::Interchange, 6_000);
		assert_ok!(propose(1, 3, &call));
		assert_ok!(vote(2, &call, true));
		assert_ok!(vote(3, &call, false));
		let Votes { index, threshold, ayes, nays, end } = votes(&hash_of(&call)).unwrap();
		assert_eq!((index, threshold, ayes, nays), (0, 3, vec![member(2)], vec![member(3)]));
		assert_eq!(end, System::block_number() + MOTION_DURATION);
	});
}

#[test]
fn four_founders_admit_a_fifth_by_three_and_expel_it_again() {
	run_on(alliance_of(4), || {
		let fifth = join(applicant(0), "Elbe Bank", &[1, 2, 3]);
		assert_eq!((fifth, seats()), (5, 5));
		assert_noop!(vote(5, &expel(5), true), pallet_collective::Error::<Runtime>::ProposalMissing);
		assert_ok!(decide(&expel(5), &[1, 2, 3, 4]));
		assert!(matches!(status(5), Status::RunOff { .. }));
		assert_eq!(seats(), 4);
		assert_noop!(vote(5, &admit(9), true), pallet_collective::Error::<Runtime>::NotMember);
	});
}

#[test]
fn an_applicant_is_rejected_by_more_than_half() {
	run_on(alliance_of(4), || {
		assert_ok!(dispatch(applicant(0), pallet_institutions::Call::apply { profile: profile("New") }));
		let before = Balances::free_balance(applicant(0));
		let call = pallet_institutions::Call::reject { institution: 5 }.into();
		assert_ok!(decide(&call, &[1, 2, 3]));
		assert_eq!(Balances::free_balance(applicant(0)), before + Rulebook::rules().admission_bond);
	});
}

#[test]
fn the_aye_of_the_accused_counts_as_no() {
	run_on(alliance_of(4), || {
		let call = expel(4);
		assert_ok!(propose(1, 3, &call));
		for who in [1, 2, 4] {
			assert_ok!(vote(who, &call, true));
		}
		assert_noop!(close(1, &call), filtered());
		assert_ok!(vote(3, &call, true));
		assert_eq!(close(1, &call), Ok(Some(Ok(()))));
		assert!(matches!(status(4), Status::RunOff { .. }));
	});
}

#[test]
fn suspension_takes_no_vote_away() {
	run_on(alliance_of(4), || {
		assert_ok!(Institutions::suspend(2, SuspensionCause::Conduct));
		assert_eq!(seats(), 4);
		assert_ok!(decide(&amend(Rule::Interchange, 6_000), &[1, 2, 3]));
	});
}

#[test]
fn three_survivors_of_five_vote_the_restart_without_notice() {
	run_on(alliance_of(5), || {
		next_block();
		silent_authorities(&[2, 4]);
		assert_ok!(decide(&restart(), &[1, 3, 5]));
		assert!(pallet_authorities::PendingRestart::<Runtime>::get().is_some());
		// Two of four may be a partition.
		assert_eq!(Majority::MoreThanHalf.of(4), 3);
	});
}

#[test]
fn a_restart_gives_grandpa_the_survivors_and_the_number_that_the_nodes_wait_for() {
	run_on(alliance_of(5), || {
		next_block();
		// As after sets that were announced and never became final.
		pallet_grandpa::CurrentSetId::<Runtime>::put(7);
		silent_authorities(&[2, 4]);
		assert_ok!(decide(&restart(), &[1, 3, 5]));
		// Founder 1 makes blocks, and 2 that in which the session turns; the others do not.
		let session = || pallet_session::CurrentIndex::<Runtime>::get();
		let (start, length) = (session(), Rulebook::rules().session);
		for _ in 0..2 {
			pallet_authorities::Roster::<Runtime>::mutate(|roster| {
				roster.iter_mut().for_each(|(id, blocks)| *blocks = u32::from(*id == 1))
			});
			wait(length);
		}
		assert_eq!(session(), start + 2);
		assert_eq!(pallet_authorities::PlannedSet::<Runtime>::get().into_inner(), [1, 2]);
		assert_eq!(pallet_grandpa::CurrentSetId::<Runtime>::get(), 1);

		// While the change is announced the session waits, however late it is.
		let authorities = || hanse_runtime::Grandpa::grandpa_authorities().len();
		assert!(pallet_grandpa::PendingChange::<Runtime>::exists());
		wait(2 * length);
		assert_eq!((session(), authorities()), (start + 2, 5));
		(0..FORCED_CHANGE_DELAY).for_each(|_| next_block());
		assert!(!pallet_grandpa::PendingChange::<Runtime>::exists());
		assert_eq!((session(), authorities()), (start + 3, 2));
	});
}

#[test]
fn an_upgrade_is_authorised_after_its_notice_and_nothing_before() {
	run_on(alliance_of(4), || {
		let code_hash = H256::repeat_byte(9);
		let call = frame_system::Call::authorize_upgrade { code_hash };
		assert_ok!(decide(&pallet_rulebook::Call::enact { call: Box::new(call.into()) }.into(), &[1, 2, 3]));
		let authorised = || System::authorized_upgrade().map(|upgrade| *upgrade.code_hash());
		wait(Rulebook::rules().notice - 10_000);
		assert_eq!(authorised(), None);
		wait(10_000);
		assert_eq!(authorised(), Some(code_hash));
		// Another code is not taken, whoever brings it.
		let apply = frame_system::Call::apply_authorized_upgrade { code: vec![1, 2, 3] };
		assert_noop!(dispatch(applicant(0), apply), frame_system::Error::<Runtime>::Unauthorized);
	});
}

#[test]
fn a_member_without_keys_or_votes_runs_no_authority() {
	run_on(alliance_of(4), || {
		let operate = |who| {
			let call = pallet_authorities::Call::operate { on: true };
			dispatch(who, call)
		};
		assert_ok!(dispatch(applicant(0), pallet_institutions::Call::apply { profile: profile("New") }));
		assert_noop!(operate(applicant(0)), pallet_authorities::Error::<Runtime>::NotActive);
		assert_ok!(decide(&admit(5), &[1, 2, 3]));
		assert_noop!(operate(applicant(0)), pallet_authorities::Error::<Runtime>::KeysNotSet);
		assert_noop!(operate(applicant(1)), DispatchError::BadOrigin);
		let stop = pallet_authorities::Call::operate { on: false };
		assert_noop!(dispatch(member(1), stop), pallet_authorities::Error::<Runtime>::TooFewAuthorities);
		assert_noop!(
			dispatch(member(1), pallet_institutions::Call::leave {}),
			pallet_authorities::Error::<Runtime>::TooFewAuthorities
		);
	});
}

#[test]
fn keys_are_set_with_a_proof_of_their_owner_by_members_alone_and_not_purged() {
	use codec::Encode;
	use sp_runtime::traits::OpaqueKeys;
	let mut ext = alliance_of(4);
	ext.register_extension(sp_keystore());
	run_on(ext, || {
		let generate = |owner: &hanse_runtime::AccountId| {
			let generated = hanse_runtime::SessionKeys::generate(&owner.encode(), None);
			(generated.keys, generated.proof.encode())
		};
		let set = |who: &hanse_runtime::AccountId, keys, proof| {
			let call = pallet_session::Call::set_keys { keys, proof };
			dispatch(who.clone(), call)
		};
		let (one, two) = (member(1), member(2));
		let (keys, proof) = generate(&one);
		assert!(keys.ownership_proof_is_valid(&one.encode(), &proof));
		assert_noop!(set(&two, keys.clone(), proof.clone()), pallet_session::Error::<Runtime>::InvalidProof);
		assert_ok!(set(&one, keys.clone(), proof));
		assert_eq!(pallet_session::NextKeys::<Runtime>::get(&one), Some(keys));

		let (keys, proof) = generate(&applicant(0));
		assert_noop!(
			set(&applicant(0), keys, proof),
			pallet_session::Error::<Runtime>::NoAssociatedValidatorId
		);
		let purge = pallet_session::Call::purge_keys {};
		assert_noop!(dispatch(one, purge), filtered());
		let note = pallet_grandpa::Call::note_stalled { delay: 1, best_finalized_block_number: 1 };
		assert_noop!(dispatch(two, note), filtered());
	});
}

fn sp_keystore() -> sp_keystore::KeystoreExt {
	sp_keystore::KeystoreExt::new(sp_keystore::testing::MemoryKeystore::new())
}

#[test]
fn the_collective_and_the_authorities_are_what_the_members_are() {
	run_on(alliance_of(7), || {
		assert_ok!(decide(&expel(7), &[1, 2, 3, 4, 5, 6]));
		let mut voters: Vec<_> = (1..=6).map(member).collect();
		voters.sort();
		assert_eq!(pallet_collective::Members::<Runtime>::get(), voters);
		wait(Rulebook::rules().session);
		assert!(!pallet_authorities::PlannedSet::<Runtime>::get().contains(&7));
		wait(Rulebook::rules().session);
		assert!(!pallet_session::Validators::<Runtime>::get().contains(&member(7)));
		assert_eq!(pallet_aura::Authorities::<Runtime>::get().len(), 6);
	});
}

#[test]
fn agent_and_auditor_are_appointed_with_notice_and_whoever_held_the_office_keeps_it_until_then() {
	use pallet_clearing::{Call, DepositRole, Error, RoleHolders};
	run_on(alliance_of(9), || {
		let six = [1, 2, 3, 4, 5, 6];
		for (role, who) in [(DepositRole::Agent, 1), (DepositRole::Auditor, 2)] {
			assert_ok!(decide(&appoint(role, who), &six));
		}
		let fund = |who, reference| {
			let call = Call::report_deposit { institution: 1, amount: 1_000_000 * UNIT, reference };
			dispatch(stranger(who), call)
		};
		let before = issuance();
		assert_noop!(fund(1, H256::repeat_byte(1)), Error::<Runtime>::NotAppointed);
		wait(Rulebook::rules().notice - 60_000);
		assert_noop!(fund(1, H256::repeat_byte(1)), Error::<Runtime>::NotAppointed);
		wait(60_000);
		for who in [1, 2] {
			assert_ok!(dispatch(stranger(who), Call::attest_deposits { total: before }));
		}
		assert_ok!(fund(1, H256::repeat_byte(1)));
		assert_eq!(
			(RoleHolders::<Runtime>::get(DepositRole::Auditor), issuance()),
			(Some(stranger(2)), before)
		);

		// Others are announced; meanwhile the first ones go on. What is retracted never comes.
		assert_ok!(decide(&appoint(DepositRole::Agent, 3), &six));
		assert_ok!(decide(&appoint(DepositRole::Auditor, 4), &six));
		let decision = pallet_rulebook::LastDecision::<Runtime>::get();
		assert_ok!(decide(&pallet_rulebook::Call::retract { decision }.into(), &six));
		assert_noop!(fund(3, H256::repeat_byte(2)), Error::<Runtime>::NotAppointed);
		let confirm = Call::confirm_deposit { reference: H256::repeat_byte(1) };
		assert_ok!(dispatch(stranger(2), confirm));
		wait(Rulebook::rules().notice);
		assert_noop!(fund(1, H256::repeat_byte(3)), Error::<Runtime>::NotAppointed);
		assert_eq!(RoleHolders::<Runtime>::get(DepositRole::Agent), Some(stranger(3)));
		assert_eq!(RoleHolders::<Runtime>::get(DepositRole::Auditor), Some(stranger(2)));
	});
}

#[test]
fn finality_is_not_restarted_while_it_runs() {
	let refused = Err(pallet_authorities::Error::<Runtime>::TooFewSilent.into());
	run_on(alliance_of(7), || {
		next_block();
		assert_eq!(decide(&restart(), &[1, 2, 3, 4]), refused);
		silent_authorities(&[6, 7]);
		assert_eq!(decide(&restart(), &[1, 2, 3, 4]), refused);
		silent_authorities(&[5, 6, 7]);
		assert_ok!(decide(&restart(), &[1, 2, 3, 4]));
	});
}

#[test]
fn a_client_reads_every_rule_and_every_majority_by_runtime_api_and_view_function() {
	use codec::{Decode, Encode};
	use hanse_runtime::{reads::runtime_decl_for_hanse_api::HanseApi, Block};
	run_on(alliance_of(12), || {
		let rows = <Runtime as HanseApi<Block>>::rule_table();
		assert!(rows.iter().map(|row| row.rule).eq(Rule::all()));
		assert!(rows.iter().all(|row| row.value == Rulebook::rules().get(row.rule)));
		for (call, majority) in table() {
			let needed = <Runtime as HanseApi<Block>>::majority_for(call.clone());
			assert_eq!(needed, majority_for(&call));
			assert_eq!(needed.unwrap().ayes, majority.of(12 - u32::from(needed.unwrap().accused.is_some())));
			// As bytes, as a client sends and gets them.
			let encoded = needed.encode();
			assert_eq!(Option::<VoteRequirement>::decode(&mut &encoded[..]).unwrap(), needed);
		}
		let remark = frame_system::Call::remark { remark: vec![] };
		assert_eq!(<Runtime as HanseApi<Block>>::majority_for(remark.into()), None);
	});
}
