//! Motions: what they cost, how many are open, how they end, and when they come back.

use crate::{alliance::*, chain::*, governance::table};
use frame_support::{assert_noop, assert_ok};
use hanse_runtime::{constants::*, Balances, Runtime, RuntimeCall, System};
use pallet_rulebook::Rule;
use sp_runtime::DispatchError;

#[test]
fn a_motion_names_exactly_what_it_needs_as_its_threshold() {
	run_on(alliance_of(12), || {
		for ((call, majority), who) in table().into_iter().zip((1..=12).chain(1..=12)) {
			let accused = majority_for(&call).unwrap().accused;
			let needed = majority.of(12 - u32::from(accused.is_some()));
			// A higher one would keep the motion from the majority that it needs.
			for other in [0, 1, 2, needed - 1, needed + 1, 12, u32::MAX] {
				assert_noop!(propose(who, other, &call), filtered());
			}
			assert_ok!(propose(who, needed, &call));
		}
	});
}

#[test]
fn a_motion_carries_a_deposit_until_it_is_over_and_anybody_releases_it() {
	run_on(alliance_of(4), || {
		let (before, call) = (Balances::free_balance(member(1)), amend(Rule::Interchange, 6_000));
		let release = || {
			let proposal_hash = hash_of(&call);
			dispatch(applicant(0), pallet_collective::Call::release_proposal_cost { proposal_hash })
		};
		assert_ok!(propose(1, 3, &call));
		assert_eq!(Balances::free_balance(member(1)), before - MOTION_DEPOSIT);
		assert_noop!(release(), pallet_collective::Error::<Runtime>::ProposalActive);
		for who in 1..=3 {
			assert_ok!(vote(who, &call, true));
		}
		assert_eq!(close(4, &call), Ok(Some(Ok(()))));
		assert_ok!(release());
		assert_eq!(Balances::free_balance(member(1)), before);
	});
}

#[test]
fn thirty_two_motions_are_open_at_most() {
	run_on(alliance_of(17), || {
		let motion = |n: u32| amend(Rule::CustomerLimit, 1_000 * UNIT + u128::from(n));
		for n in 1..=32u32 {
			assert_ok!(propose(n.div_ceil(2), 12, &motion(n)));
		}
		assert_noop!(propose(17, 12, &motion(33)), pallet_collective::Error::<Runtime>::TooManyProposals);
	});
}

#[test]
fn one_member_files_two_motions_and_the_others_have_their_places() {
	run_on(alliance_of(17), || {
		let full = DispatchError::from(pallet_rulebook::Error::<Runtime>::MaxMotionsExceeded);
		for value in [1_100, 1_101] {
			assert_ok!(propose(1, 12, &amend_limit(value)));
		}
		for value in 1_102..1_132 {
			assert_noop!(propose(1, 12, &amend_limit(value)), full);
		}
		for (who, value) in (2..=16).zip((1_102..).step_by(2)) {
			assert_ok!(propose(who, 12, &amend_limit(value)));
			assert_ok!(propose(who, 12, &amend_limit(value + 1)));
		}
		// One that was carried makes room, and so does one that was voted down.
		for who in 1..=12 {
			assert_ok!(vote(who, &amend_limit(1_100), true));
		}
		assert_eq!(close(17, &amend_limit(1_100)), Ok(Some(Ok(()))));
		assert_ok!(propose(1, 12, &amend_limit(1_200)));
		for who in 1..=6 {
			assert_ok!(vote(who, &amend_limit(1_101), false));
		}
		assert_eq!(close(17, &amend_limit(1_101)), Ok(None));
		assert_ok!(propose(1, 12, &amend_limit(1_201)));
	});
}

#[test]
fn absent_members_count_as_no() {
	run_on(alliance_of(4), || {
		let call = admit(9);
		assert_ok!(propose(1, 3, &call));
		assert_ok!(vote(1, &call, true));
		assert_ok!(vote(2, &call, true));
		assert_noop!(close(1, &call), pallet_collective::Error::<Runtime>::TooEarly);
		pass_time_of_motions();
		// Closed as disapproved: nothing was executed.
		assert_eq!(close(1, &call), Ok(None));
	});
}

#[test]
fn an_approved_motion_may_be_closed_at_any_later_time() {
	run_on(alliance_of(4), || {
		let call = amend(Rule::Interchange, 6_000);
		assert_ok!(propose(1, 3, &call));
		for who in 1..=3 {
			assert_ok!(vote(who, &call, true));
		}
		System::set_block_number(System::block_number() + 3 * MOTION_DURATION);
		assert_eq!(close(4, &call), Ok(Some(Ok(()))));
	});
}

#[test]
fn a_motion_made_for_a_smaller_electorate_waits_for_the_ayes_that_the_larger_one_needs() {
	run_on(alliance_of(4), || {
		let call = amend(Rule::Interchange, 6_000);
		assert_ok!(propose(1, 3, &call));
		for who in 1..=3 {
			assert_ok!(vote(who, &call, true));
		}
		join(applicant(0), "Fifth", &[1, 2, 3]);
		// Two thirds of five are four. It neither passes nor dies.
		assert_noop!(close(1, &call), filtered());
		assert_ok!(vote(5, &call, true));
		assert_eq!(close(1, &call), Ok(Some(Ok(()))));
	});
}

#[test]
fn a_motion_that_fell_short_is_cleared_by_anybody_when_its_time_is_up() {
	run_on(alliance_of(4), || {
		let (call, open) = (amend(Rule::Interchange, 6_000), amend(Rule::CustomerLimit, 1_001 * UNIT));
		let clear = |call: &RuntimeCall| {
			let proposal_hash = hash_of(call);
			dispatch(applicant(3), pallet_collective::Call::disapprove_proposal { proposal_hash })
		};
		for (who, call) in [(1, &call), (2, &open)] {
			assert_ok!(propose(who, 3, call));
		}
		for who in 1..=3 {
			assert_ok!(vote(who, &call, true));
		}
		// It could be closed.
		assert_noop!(clear(&call), filtered());
		join(applicant(0), "Fifth", &[1, 2, 3]);
		assert_noop!(clear(&call), filtered());
		pass_time_of_motions();
		assert_ok!(clear(&call));
		// Others are for close.
		assert_noop!(clear(&open), filtered());
		assert_eq!(close(1, &open), Ok(None));
	});
}

#[test]
fn a_motion_that_was_voted_down_comes_back_an_era_later_whoever_makes_it() {
	run_on(alliance_of(4), || {
		let again = DispatchError::from(pallet_rulebook::Error::<Runtime>::DefeatedThisEra);
		let call = amend_limit(1_100);
		let release = || {
			let call = pallet_collective::Call::release_proposal_cost {
				proposal_hash: hash_of(&amend_limit(1_100)),
			};
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
		let call = amend_limit(1_100);
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
fn motions_of_a_member_that_has_left_hold_their_places_until_their_time_is_up_and_no_longer() {
	run_on(alliance_of(6), || {
		let motions = [amend_limit(1_100), amend_limit(1_101)];
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
