//! Which motions may be made.

use super::mock::*;
use crate::{DefeatedMotions, Error, FiledMotions};
use frame_support::{assert_noop, assert_ok, weights::WeightMeter};
use sp_core::H256;

const FAR: u64 = 1_000;

fn release(motion: u8) -> sp_runtime::DispatchResult {
	frame_support::storage::with_storage_layer(|| Rulebook::release(&H256::repeat_byte(motion)))
}

fn next_block() {
	block_at(now() + 1_000);
}

#[test]
fn two_motions_of_one_member_are_open_at_once_and_others_have_their_own() {
	run(|| {
		for (by, motion) in [(1, 1), (1, 2), (2, 3)] {
			assert_ok!(file(by, motion, FAR));
		}
		assert_eq!(file(1, 4, FAR), Err(Error::<Test>::MaxMotionsExceeded.into()));
		assert_ok!(file(2, 4, FAR));
		// When one is over, in the same block too, there is a place.
		over(1);
		assert_ok!(file(1, 5, FAR));
	});
}

#[test]
fn a_defeated_motion_comes_back_an_era_later_and_neither_it_nor_its_deposit_sooner() {
	run(|| {
		assert_ok!(file(1, 1, FAR));
		over(1);
		next_block();
		let defeat = now();
		assert_eq!(DefeatedMotions::<Test>::get(H256::repeat_byte(1)), Some(defeat + DAY));
		for _ in 0..2 {
			assert_eq!(file(2, 1, FAR), Err(Error::<Test>::DefeatedThisEra.into()));
			assert_eq!(release(1), Err(Error::<Test>::DefeatedThisEra.into()));
			block_at(defeat + DAY - 1);
		}
		block_at(defeat + DAY);
		assert_ok!(file(2, 1, FAR));
		assert_eq!(DefeatedMotions::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_defeat_is_seen_in_its_own_block_if_somebody_asks() {
	run(|| {
		assert_ok!(file(1, 1, FAR));
		over(1);
		assert_eq!(file(1, 1, FAR), Err(Error::<Test>::DefeatedThisEra.into()));
		assert_eq!(release(1), Err(Error::<Test>::DefeatedThisEra.into()));
		block_at(now() + DAY);
		assert_eq!(release(1), Err(Error::<Test>::DefeatedThisEra.into()));
		// The refusals changed nothing: the first block after them saw it.
		block_at(now() + DAY);
		assert_ok!(release(1));
		assert_eq!(DefeatedMotions::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_carried_motion_comes_back_at_once() {
	run(|| {
		assert_ok!(file(1, 1, FAR));
		Rulebook::carry(&H256::repeat_byte(1));
		over(1);
		assert_ok!(release(1));
		assert_ok!(file(1, 1, FAR));
	});
}

#[test]
fn a_motion_whose_time_is_up_is_ended_unless_it_has_its_majority() {
	run(|| {
		let ends = System::block_number() + 2;
		for motion in [1, 2] {
			assert_ok!(file(1, motion, ends));
		}
		Carried::set(vec![H256::repeat_byte(2)]);
		next_block();
		assert_eq!(Open::get().len(), 2);
		next_block();
		assert_eq!(Open::get(), [H256::repeat_byte(2)]);
		next_block();
		assert!(DefeatedMotions::<Test>::contains_key(H256::repeat_byte(1)));
		let left: Vec<_> =
			FiledMotions::<Test>::get().into_iter().map(|filed| (filed.motion, filed.ends)).collect();
		assert_eq!(left, [(H256::repeat_byte(2), None)]);
	});
}

#[test]
fn motions_wait_for_a_block_with_room() {
	run(|| {
		let ends = System::block_number() + 1;
		assert_ok!(file(1, 1, ends));
		block_with(now() + 1_000, &mut WeightMeter::with_limit(Default::default()));
		assert_eq!(Open::get().len(), 1);
		next_block();
		assert!(Open::get().is_empty());
	});
}

#[test]
fn what_a_decision_needs_is_told_to_everybody() {
	use hanse_primitives::VoteRequirement;
	run(|| {
		let upgrade = frame_system::Call::authorize_upgrade { code_hash: H256::zero() };
		let needed = VoteRequirement { ayes: 3, awake: 4, all: 4, accused: None };
		assert_eq!(Rulebook::majority_for(upgrade.into()), Some(needed));
		assert_eq!(Rulebook::majority_for(remark(1).into()), None);
	});
}

#[test]
fn a_motion_that_has_what_it_needs_now_ends_undefeated_and_is_made_again_at_once() {
	run(|| {
		assert_ok!(file(1, 1, FAR));
		let renew = || Rulebook::renew(RuntimeOrigin::signed(9), H256::repeat_byte(1));
		assert_noop!(renew(), Error::<Test>::NotOutdated);
		Carried::mutate(|carried| carried.push(H256::repeat_byte(1)));
		assert_ok!(renew());
		assert_noop!(renew(), Error::<Test>::NotOutdated);
		next_block();
		assert_eq!((FiledMotions::<Test>::get().len(), DefeatedMotions::<Test>::iter().count()), (0, 0));
		assert_ok!(file(2, 1, FAR));
	});
}
