//! Silence makes no majority: who is awake, what decisions need, and what is a sign.

mod histories;

use crate::{
	alliance::*,
	chain::*,
	governance::{on_tracks, table},
};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{InstitutionId, Members, VoteRequirement};
use hanse_runtime::{Institutions, Runtime, RuntimeCall, System};

fn expect(call: &RuntimeCall, ayes: u32, awake: u32, all: u32, accused: Option<InstitutionId>) {
	assert_eq!(majority_for(call), Some(VoteRequirement { ayes, awake, all, accused }), "{call:?}");
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
		assert!(carries(&amend_limit(1_100), &[2, 3, 4, 5, 6, 10]));
	});
}

#[test]
fn nobody_of_an_alliance_that_sleeps_decides_before_more_than_half_of_it_has_woken() {
	run_on(alliance_of(9), || {
		put_to_sleep(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
		assert_eq!(awake(), 0);
		let call = amend_limit(1_100);
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
		expect(&amend_limit(1_100), 7, 9, 12, None);
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
					proposal_hash: hash_of(&amend_limit(1_100)),
					result: Ok(()),
				};
				record.event == event.into()
			})
		};
		expect(&amend_limit(1_100), 1, 1, 1, None);
		assert_ok!(propose(1, 1, &amend_limit(1_100)));
		assert!(done());
		assert_eq!(majority_for(&expel(1)), None);
		assert_noop!(propose(1, 1, &expel(1)), filtered());
	});
}

#[test]
fn of_two_neither_decides_alone_nor_about_the_other() {
	run_on(alliance_of(2), || {
		expect(&amend_limit(1_100), 2, 2, 2, None);
		put_to_sleep(&[2]);
		expect(&amend_limit(1_100), 2, 1, 2, None);
		assert!(!carries(&amend_limit(1_100), &[1]));
		assert!(carries(&amend_limit(1_100), &[1, 2]));
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
		let call = amend_limit(1_100);
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
fn the_vote_of_a_member_that_left_or_was_expelled_before_the_close_does_not_count() {
	run_on(alliance_of(9), || {
		let call = amend_limit(1_100);
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
fn the_accused_may_make_the_motion_and_gains_nothing_by_it() {
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
fn a_halted_institution_has_no_vote_on_its_halt() {
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
		expect(&amend_limit(1_100), 3, 4, 4, None);
		assert!(!carries(&amend_limit(1_100), &[3, 4]));
		assert!(carries(&amend_limit(1_100), &[1, 2, 3]));
	});
}

#[test]
fn a_chain_that_stood_still_puts_nobody_to_sleep() {
	run_on(alliance_of(10), || {
		open_block_after_a_gap(START + 30 * DAY);
		hanse_runtime::Executive::finalize_block();
		next_block();
		assert_eq!(awake(), 10);
		expect(&amend_limit(1_100), 7, 10, 10, None);
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
		let call = amend_limit(1_100);
		expect(&call, 3, 4, 5, None);
		assert_ok!(propose(1, 3, &call));
		let vote = pallet_collective::Call::vote { proposal: hash_of(&call), index: 0, approve: false };
		let vote = Box::new(RuntimeCall::from(vote));
		let real = MultiAddress::Id(member(5));
		let by_proxy = pallet_proxy::Call::proxy { real, force_proxy_type: None, call: vote };
		assert_ok!(dispatch(applicant(0), by_proxy));
		// For the motion at once, and for everything with the day's look.
		expect(&call, 4, 5, 5, None);
		expect(&amend_limit(1_200), 3, 4, 5, None);
		wait(DAY);
		expect(&amend_limit(1_200), 4, 5, 5, None);
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
