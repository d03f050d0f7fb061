//! Silence makes no majority: who is awake, what decisions need, whose motions are heard and how often, and what
//! waits for its notice.

use crate::{
	alliance::*,
	chain::*,
	governance::{on_tracks, table},
};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{InstitutionId, Members, VoteRequirement};
use hanse_runtime::{
	configs::{motions::Votes, origins::ballot_of},
	constants::*,
	Balances, Institutions, Rulebook, Runtime, RuntimeCall, System,
};
use pallet_institutions::Status;
use pallet_rulebook::Rule;
use proptest::{
	prelude::*,
	test_runner::{Config, TestRunner},
};
use sp_core::H256;
use sp_runtime::{DispatchError, DispatchResult};
use std::{
	cell::Cell,
	collections::{BTreeMap, BTreeSet},
};

fn amend(value: u128) -> RuntimeCall {
	let charter = H256::repeat_byte(1);
	pallet_rulebook::Call::amend { rule: Rule::CustomerLimit, value: value * UNIT, charter }.into()
}

fn appoint(role: pallet_clearing::DepositRole, account: u32) -> RuntimeCall {
	pallet_clearing::Call::appoint_deposit_role { role, account: stranger(account) }.into()
}

fn expect(call: &RuntimeCall, ayes: u32, awake: u32, all: u32, accused: Option<InstitutionId>) {
	assert_eq!(majority_for(call), Some(VoteRequirement { ayes, awake, all, accused }), "{call:?}");
}

fn pass_time_of_motions() {
	System::set_block_number(System::block_number() + MOTION_DURATION);
}

#[test]
fn a_silent_weekend_gives_the_alliance_to_nobody() {
	run_on(alliance_of(10), || {
		for _ in 0..3 {
			day_of(&[10]);
		}
		assert_eq!((seats(), awake()), (10, 10));
		for (call, _) in table() {
			assert!(!carries(&call, &[10]), "{call:?}");
		}
		assert_eq!(seats(), 10);
	});
}

#[test]
fn however_long_nine_of_ten_are_silent_one_decides_nothing_and_neither_do_five() {
	run_on(alliance_of(10), || {
		for _ in 0..20 {
			day_of(&[10]);
		}
		assert_eq!((seats(), awake()), (10, 1));
		let half_of = |others: u32| others / 2 + 1;
		for (call, _) in table() {
			let accused = majority_for(&call).unwrap().accused;
			let others = 10 - u32::from(accused.is_some());
			assert_eq!(needed(&call), half_of(others), "{call:?}");
			assert!(!carries(&call, &[10]), "{call:?}");
			let too_few: Vec<_> = (2..=half_of(others)).collect();
			assert!(!carries(&call, &too_few), "{call:?}");
		}
		// With six the others wake, and what has been needed of all ten is needed of six again.
		assert!(carries(&amend(1_100), &[2, 3, 4, 5, 6, 10]));
	});
}

#[test]
fn nobody_of_an_alliance_that_sleeps_decides_before_more_than_half_of_it_has_woken() {
	run_on(alliance_of(9), || {
		put_to_sleep(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
		assert_eq!(awake(), 0);
		let call = amend(1_100);
		expect(&call, 5, 0, 9, None);
		assert_ok!(propose(1, 5, &call));
		for who in 1..=4 {
			assert_ok!(vote(who, &call, true));
		}
		assert_noop!(close(1, &call), pallet_collective::Error::<Runtime>::TooEarly);
		assert_ok!(vote(5, &call, true));
		expect(&call, 5, 5, 9, None);
		assert_eq!(close(9, &call), Ok(Some(Ok(()))));
	});
}

#[test]
fn an_alliance_with_a_quarter_of_its_members_gone_for_good_still_decides() {
	run_on(alliance_of(12), || {
		let call = expel(12);
		expect(&call, 9, 11, 11, Some(12));
		for _ in 0..16 {
			day_of(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
		}
		expect(&call, 7, 9, 11, Some(12));
		expect(&admit(13), 7, 9, 12, None);
		expect(&amend(1_100), 7, 9, 12, None);
		assert_ok!(decide(&call, &[1, 2, 3, 4, 5, 6, 7]));
		assert_eq!(seats(), 11);
	});
}

#[test]
fn an_alliance_of_which_three_quarters_are_awake_can_take_every_decision_of_the_table() {
	let mut taken = 0;
	for n in 3..=24u8 {
		run_on(alliance_of(n), || {
			let members: Vec<_> = (1..=InstitutionId::from(n)).collect();
			let asleep = usize::from(n) / 4;
			// The first ones, the accused among them, and the last ones.
			for silent in [&members[..asleep], &members[members.len() - asleep..]] {
				let awake: Vec<_> = members.iter().copied().filter(|id| !silent.contains(id)).collect();
				put_to_sleep(silent);
				for (call, _) in table() {
					let accused = majority_for(&call).unwrap().accused;
					let ayes: Vec<_> = awake.iter().copied().filter(|id| Some(*id) != accused).collect();
					assert!(carries(&call, &ayes), "{n} {silent:?} {call:?}");
					// As many as it says, and one fewer not.
					let needed = needed(&call) as usize;
					assert!(carries(&call, &ayes[..needed]), "{n} {silent:?} {call:?}");
					assert!(!carries(&call, &ayes[..needed - 1]), "{n} {silent:?} {call:?}");
					taken += 1;
				}
				awake.iter().for_each(|id| System::inc_account_nonce(member(*id)));
				silent.iter().for_each(|id| System::inc_account_nonce(member(*id)));
			}
		});
	}
	assert_eq!(taken, 22 * 2 * on_tracks().len());
}

#[test]
fn an_alliance_of_one_decides_at_once_and_never_about_itself() {
	run_on(alliance_of(1), || {
		let done = || {
			System::events().into_iter().any(|record| {
				let event = pallet_collective::Event::Executed {
					proposal_hash: hash_of(&amend(1_100)),
					result: Ok(()),
				};
				record.event == event.into()
			})
		};
		expect(&amend(1_100), 1, 1, 1, None);
		assert_ok!(propose(1, 1, &amend(1_100)));
		assert!(done());
		assert_eq!(majority_for(&expel(1)), None);
		assert_noop!(propose(1, 1, &expel(1)), filtered());
	});
}

#[test]
fn of_two_neither_decides_alone_nor_about_the_other() {
	run_on(alliance_of(2), || {
		expect(&amend(1_100), 2, 2, 2, None);
		put_to_sleep(&[2]);
		expect(&amend(1_100), 2, 1, 2, None);
		assert!(!carries(&amend(1_100), &[1]));
		assert!(carries(&amend(1_100), &[1, 2]));
		let fine = pallet_conduct::FineId { member: 1, number: 1 };
		for call in [expel(2), expel(1), pallet_conduct::Call::reverse_fine { fine }.into()] {
			assert_eq!(majority_for(&call), None);
			assert!(!carries(&call, &[1]) && !carries(&call, &[1, 2]));
		}
	});
}

#[test]
fn a_motion_made_while_many_slept_needs_more_when_they_have_woken() {
	run_on(alliance_of(12), || {
		put_to_sleep(&[7, 8, 9, 10, 11, 12]);
		let call = admit(13);
		assert_ok!(propose(1, 7, &call));
		for who in 1..=7 {
			assert_ok!(vote(who, &call, true));
		}
		// Seven are awake: the six and the one that voted. The others wake.
		expect(&call, 7, 7, 12, None);
		(8..=12).for_each(|id| System::inc_account_nonce(member(id)));
		expect(&call, 9, 12, 12, None);
		assert_noop!(close(1, &call), filtered());
		for who in [8, 9] {
			assert_ok!(vote(who, &call, true));
		}
		let failed = pallet_institutions::Error::<Runtime>::NotApplicant.into();
		assert_eq!(close(1, &call), Ok(Some(Err(failed))));
	});
}

#[test]
fn a_motion_that_was_carried_and_not_closed_is_counted_anew_however_late() {
	run_on(alliance_of(12), || {
		put_to_sleep(&[7, 8, 9, 10, 11, 12]);
		let call = amend(1_100);
		assert_ok!(propose(1, 7, &call));
		for who in 1..=7 {
			assert_ok!(vote(who, &call, true));
		}
		pass_time_of_motions();
		next_block();
		// It has its majority, so the chain leaves it open; then the others wake, and it has not any more.
		(8..=12).for_each(|id| System::inc_account_nonce(member(id)));
		expect(&call, 8, 12, 12, None);
		assert_noop!(close(1, &call), filtered());
		let clear = pallet_collective::Call::disapprove_proposal { proposal_hash: hash_of(&call) };
		assert_ok!(dispatch(applicant(0), clear));
		assert_noop!(close(1, &call), pallet_collective::Error::<Runtime>::ProposalMissing);
	});
}

#[test]
fn the_vote_of_who_left_or_was_expelled_before_the_close_does_not_count() {
	run_on(alliance_of(9), || {
		let call = amend(1_100);
		assert_ok!(propose(9, 6, &call));
		for who in [1, 2, 3, 4, 8, 9] {
			assert_ok!(vote(who, &call, true));
		}
		assert_ok!(decide(&expel(9), &[1, 2, 3, 4, 5, 6]));
		assert_ok!(dispatch(member(8), pallet_institutions::Call::leave {}));
		// Two thirds of seven are five; four ayes are left, and the motion asked for six.
		expect(&call, 5, 7, 7, None);
		assert_noop!(close(1, &call), pallet_collective::Error::<Runtime>::TooEarly);
		pass_time_of_motions();
		assert_eq!(close(1, &call), Ok(None));
	});
}

#[test]
fn who_is_accused_may_make_the_motion_and_gains_nothing_by_it() {
	run_on(alliance_of(5), || {
		let fine = pallet_conduct::FineId { member: 5, number: 1 };
		let reverse = RuntimeCall::from(pallet_conduct::Call::reverse_fine { fine });
		expect(&reverse, 3, 4, 4, Some(5));
		// Neither a threshold that nobody reaches nor one that it reaches itself.
		for threshold in [0, 1, 2, 4, 5] {
			assert_noop!(propose(5, threshold, &reverse), filtered());
			assert_noop!(propose(5, threshold, &expel(5)), filtered());
		}
		assert_ok!(propose(5, 3, &expel(5)));
		assert_ok!(propose(5, 3, &reverse));
		for who in [1, 2, 5] {
			assert_ok!(vote(who, &reverse, true));
		}
		assert_noop!(close(5, &reverse), filtered());
		for who in [1, 2, 3] {
			assert_ok!(vote(who, &expel(5), true));
		}
		assert_eq!(close(1, &expel(5)), Ok(Some(Ok(()))));
		assert!(Institutions::ensure_payable(5).is_err());
	});
}

#[test]
fn who_is_halted_has_no_say_in_whether_it_goes_on() {
	use pallet_supervision::{Call, Target};
	run_on(alliance_of(6), || {
		let sky = program(6, TERMS);
		for target in [Target::Institution(6), Target::Program(sky)] {
			expect(&Call::lift_halt { target: target.clone() }.into(), 3, 5, 5, Some(6));
			expect(&Call::ratify_halt { target }.into(), 4, 5, 5, Some(6));
		}
		let target = Target::Customer(stranger(1));
		expect(&Call::lift_halt { target: target.clone() }.into(), 4, 6, 6, None);
		let lift = RuntimeCall::from(Call::lift_halt { target: Target::Institution(6) });
		assert!(!carries(&lift, &[1, 2, 6]));
		assert!(carries(&lift, &[1, 2, 3]));
	});
}

#[test]
fn a_suspended_member_is_counted_among_all_and_votes() {
	use hanse_primitives::{MemberStatus, SuspensionCause};
	run_on(alliance_of(4), || {
		for id in [1, 2] {
			assert_ok!(Institutions::suspend(id, SuspensionCause::Conduct));
		}
		expect(&amend(1_100), 3, 4, 4, None);
		assert!(!carries(&amend(1_100), &[3, 4]));
		assert!(carries(&amend(1_100), &[1, 2, 3]));
	});
}

#[test]
fn a_chain_that_stood_still_puts_nobody_to_sleep() {
	run_on(alliance_of(10), || {
		open_block_after_a_gap(START + 30 * DAY);
		hanse_runtime::Executive::finalize_block();
		next_block();
		assert_eq!(awake(), 10);
		expect(&amend(1_100), 7, 10, 10, None);
	});
}

#[test]
fn blocks_keep_an_institution_awake_that_signs_nothing() {
	run_on(alliance_of(5), || {
		for _ in 0..20 {
			// Of the five, 4 and 5 make no block in the session that ends, but for the one in which it does.
			pallet_authorities::Roster::<Runtime>::mutate(|roster| {
				roster.iter_mut().for_each(|(id, blocks)| *blocks = u32::from(*id <= 3))
			});
			wait(DAY);
		}
		let is_awake = |id| Institutions::is_awake(&member(id));
		assert!([1, 2, 3].into_iter().all(is_awake));
		assert_eq!(seats(), 5);
	});
}

#[test]
fn a_vote_by_a_delegate_is_a_sign_of_the_member() {
	use hanse_runtime::configs::ProxyType;
	use sp_runtime::MultiAddress;
	run_on(alliance_of(5), || {
		let (delegate, proxy_type) = (MultiAddress::Id(applicant(0)), ProxyType::Governance);
		let add = pallet_proxy::Call::add_proxy { delegate, proxy_type, delay: 0 };
		assert_ok!(dispatch(member(5), add));
		put_to_sleep(&[5]);
		// A sleeper that puts_to_sleep has seen no motion yet.
		pallet_institutions::LastSeen::<Runtime>::mutate(member(5), |last_seen| {
			last_seen.as_mut().unwrap().motion = 0
		});
		let call = amend(1_100);
		expect(&call, 3, 4, 5, None);
		assert_ok!(propose(1, 3, &call));
		let vote = pallet_collective::Call::vote { proposal: hash_of(&call), index: 0, approve: false };
		let vote = Box::new(RuntimeCall::from(vote));
		let real = MultiAddress::Id(member(5));
		let by_proxy = pallet_proxy::Call::proxy { real, force_proxy_type: None, call: vote };
		assert_ok!(dispatch(applicant(0), by_proxy));
		// For the motion at once, and for everything with the day's look.
		expect(&call, 4, 5, 5, None);
		expect(&amend(1_200), 3, 4, 5, None);
		wait(DAY);
		expect(&amend(1_200), 4, 5, 5, None);
	});
}

#[test]
fn what_a_delegate_signs_is_a_sign_of_the_member_and_what_others_sign_in_its_name_is_none() {
	use crate::wallet::{send, Wallet};
	use hanse_runtime::configs::ProxyType;
	use sp_keyring::Sr25519Keyring::{Eve, Ferdie};
	use sp_runtime::MultiAddress;
	run(|| {
		let (delegate, proxy_type) = (MultiAddress::Id(account(Eve)), ProxyType::Treasury);
		let add = pallet_proxy::Call::add_proxy { delegate, proxy_type, delay: 0 };
		assert_ok!(dispatch(member(AIR), add));
		put_to_sleep(&[AIR]);
		let top_up = || {
			let call = Box::new(pallet_institutions::Call::top_up_bond { amount: 1 }.into());
			let real = MultiAddress::Id(member(AIR));
			RuntimeCall::from(pallet_proxy::Call::proxy { real, force_proxy_type: None, call })
		};
		let is_awake = || Institutions::is_awake(&member(AIR));
		let not_proxy = pallet_proxy::Error::<Runtime>::NotProxy.into();
		assert_eq!(send(Wallet::of(Ferdie).signs(top_up())), Ok(Err(not_proxy)));
		assert!(!is_awake());
		assert_eq!(send(Wallet::of(Eve).signs(top_up())), Ok(Ok(())));
		assert!(is_awake());
	});
}

#[test]
fn one_member_files_two_motions_and_the_others_have_their_places() {
	run_on(alliance_of(17), || {
		let full = DispatchError::from(pallet_rulebook::Error::<Runtime>::MaxMotionsExceeded);
		for value in [1_100, 1_101] {
			assert_ok!(propose(1, 12, &amend(value)));
		}
		for value in 1_102..1_132 {
			assert_noop!(propose(1, 12, &amend(value)), full);
		}
		for (who, value) in (2..=16).zip((1_102..).step_by(2)) {
			assert_ok!(propose(who, 12, &amend(value)));
			assert_ok!(propose(who, 12, &amend(value + 1)));
		}
		// One that was carried makes room, and so does one that was voted down.
		for who in 1..=12 {
			assert_ok!(vote(who, &amend(1_100), true));
		}
		assert_eq!(close(17, &amend(1_100)), Ok(Some(Ok(()))));
		assert_ok!(propose(1, 12, &amend(1_200)));
		for who in 1..=6 {
			assert_ok!(vote(who, &amend(1_101), false));
		}
		assert_eq!(close(17, &amend(1_101)), Ok(None));
		assert_ok!(propose(1, 12, &amend(1_201)));
	});
}

#[test]
fn a_motion_that_was_voted_down_comes_back_an_era_later_whoever_makes_it() {
	run_on(alliance_of(4), || {
		let again = DispatchError::from(pallet_rulebook::Error::<Runtime>::DefeatedThisEra);
		let call = amend(1_100);
		let release = || {
			let call =
				pallet_collective::Call::release_proposal_cost { proposal_hash: hash_of(&amend(1_100)) };
			dispatch(applicant(0), call)
		};
		let before = Balances::free_balance(member(1));
		assert_ok!(propose(1, 3, &call));
		for who in 3..=4 {
			assert_ok!(vote(who, &call, false));
		}
		assert_eq!(close(4, &call), Ok(None));
		assert_noop!(propose(2, 3, &call), again);
		next_block();
		for _ in 0..3 {
			for who in 1..=4 {
				assert_noop!(propose(who, 3, &call), again);
			}
			assert_noop!(release(), again);
			wait(DAY / 4);
		}
		wait(DAY / 4 + 10_000);
		// Made again, it gives the old deposit back by itself.
		assert_ok!(propose(2, 3, &call));
		assert_eq!(Balances::free_balance(member(1)), before);
		assert_eq!(pallet_rulebook::DefeatedMotions::<Runtime>::iter().count(), 0);
	});
}

#[test]
fn a_motion_that_ended_without_its_majority_was_defeated_and_the_chain_sees_to_it() {
	run_on(alliance_of(4), || {
		let call = amend(1_100);
		assert_ok!(propose(1, 3, &call));
		for who in 1..=2 {
			assert_ok!(vote(who, &call, true));
		}
		pass_time_of_motions();
		next_block();
		assert!(pallet_collective::Proposals::<Runtime>::get().is_empty());
		next_block();
		assert_noop!(propose(2, 3, &call), pallet_rulebook::Error::<Runtime>::DefeatedThisEra);
		wait(DAY);
		assert_ok!(propose(2, 3, &call));
	});
}

#[test]
fn what_was_carried_may_be_decided_again_at_once() {
	run_on(alliance_of(4), || {
		for _ in 0..3 {
			assert_ok!(decide(&pallet_safe_mode::Call::force_enter {}.into(), &[1, 2, 3]));
			assert_ok!(decide(&pallet_safe_mode::Call::force_exit {}.into(), &[1, 2, 3]));
		}
		// Whatever came of it.
		let failed = pallet_institutions::Error::<Runtime>::NotApplicant.into();
		for _ in 0..2 {
			assert_eq!(decide(&admit(9), &[1, 2, 3]), Err(failed));
		}
		// No deposit was lost on the way: three motions' are held.
		let held = |id| Balances::free_balance(member(id));
		assert_eq!(held(2) - held(1), 3 * MOTION_DEPOSIT);
	});
}

#[test]
fn motions_of_who_has_left_hold_their_places_until_their_time_is_up_and_no_longer() {
	run_on(alliance_of(6), || {
		let motions = [amend(1_100), amend(1_101)];
		for call in &motions {
			assert_ok!(propose(6, 4, call));
		}
		assert_ok!(decide(&expel(6), &[1, 2, 3, 4, 5]));
		assert_eq!(pallet_collective::Proposals::<Runtime>::get().len(), 2);
		pass_time_of_motions();
		next_block();
		next_block();
		assert!(pallet_collective::Proposals::<Runtime>::get().is_empty());
		wait(DAY);
		for call in &motions {
			let release = pallet_collective::Call::release_proposal_cost { proposal_hash: hash_of(call) };
			assert_ok!(dispatch(applicant(0), release));
		}
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
			assert_ok!(dispatch(stranger(who), Call::attest_deposits { total: 0 }));
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
	let restart = || pallet_authorities::Call::restart_finality { best_finalised: 1, set_id: 0 }.into();
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
			Motion::Amend(value) => amend(value.into()),
			Motion::Admit => {
				let applicants = pallet_institutions::Applications::<Runtime>::iter_keys();
				admit(applicants.min().unwrap_or(99))
			},
			Motion::Expel(who) => expel(Self::pick(who)),
			Motion::Reverse(who) => {
				let fine = pallet_conduct::FineId { member: Self::pick(who), number: 1 };
				pallet_conduct::Call::reverse_fine { fine }.into()
			},
			Motion::Restart => {
				pallet_authorities::Call::restart_finality { best_finalised: 1, set_id: 0 }.into()
			},
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
				use hanse_primitives::{MemberStatus, SuspensionCause};
				let _ = frame_support::storage::with_storage_layer(|| {
					Institutions::suspend(Self::pick(who), SuspensionCause::Conduct)
				});
			},
			Act::Reinstate(who) => {
				use hanse_primitives::{MemberStatus, SuspensionCause};
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
