use super::mock::*;
use crate::{Error, Event};
use frame_support::{assert_noop, assert_ok, weights::WeightMeter};
use hanse_primitives::{Cause, Standing};

fn attend(account: u64) -> sp_runtime::DispatchResult {
	Institutions::attend(RuntimeOrigin::signed(account))
}

/// Everybody but 4 signs in this era, and then it ends.
fn era_without_4() {
	(1..=3).for_each(signs);
	turn(1);
}

#[test]
fn a_member_that_signs_nothing_for_two_eras_is_dormant() {
	run(|| {
		// The era that was running when the alliance was founded is not held against it.
		era_without_4();
		era_without_4();
		assert_eq!(electorate(), [1, 2, 3, 4]);
		era_without_4();
		assert_eq!(electorate(), [1, 2, 3]);
		System::assert_has_event(Event::FellDormant { institution: 4 }.into());
	});
}

#[test]
fn any_sign_of_life_counts() {
	let signs_of_life: [fn(); 4] = [
		|| signs(4),
		|| {
			assert_ok!(attend(4));
		},
		// By proxy or multisig the account itself signs nothing.
		|| {
			assert_ok!(Institutions::top_up_bond(RuntimeOrigin::signed(4), 1));
		},
		|| Voting::set(vec![4]),
	];
	for sign in signs_of_life {
		run(|| {
			era_without_4();
			era_without_4();
			sign();
			era_without_4();
			assert_eq!(electorate(), [1, 2, 3, 4]);
		});
	}
}

#[test]
fn a_dormant_member_is_back_with_the_turn_after_its_sign_and_at_once_if_it_attends() {
	run(|| {
		(0..3).for_each(|_| era_without_4());
		assert_eq!(electorate(), [1, 2, 3]);
		assert_ok!(attend(4));
		assert_eq!(electorate(), [1, 2, 3, 4]);
		System::assert_has_event(Event::Woke { institution: 4 }.into());

		(0..4).for_each(|_| era_without_4());
		assert_eq!(electorate(), [1, 2, 3]);
		signs(4);
		era_without_4();
		assert_eq!(electorate(), [1, 2, 3, 4]);
	});
}

#[test]
fn suspension_and_reinstatement_do_not_wake_a_dormant_member() {
	run(|| {
		(0..3).for_each(|_| era_without_4());
		assert_ok!(Institutions::suspend(4, Cause::Conduct));
		assert_ok!(Institutions::reinstate(4, Cause::Conduct));
		assert_eq!(electorate(), [1, 2, 3]);
	});
}

#[test]
fn a_chain_that_stood_still_for_many_eras_makes_nobody_dormant() {
	run(|| {
		turn(1);
		turn(100);
		assert_eq!(electorate(), [1, 2, 3, 4]);
	});
}

#[test]
fn a_newcomer_is_not_blamed_for_the_era_in_which_it_came() {
	run(|| {
		let fifth = join(5, "Elbe Bank");
		turn(1);
		turn(1);
		assert!(electorate().contains(&5));
		turn(1);
		assert!(!electorate().contains(&5));
		assert_eq!(fifth, 5);
	});
}

#[test]
fn only_who_votes_attends() {
	run(|| {
		assert_ok!(apply(5, "Elbe Bank"));
		assert_noop!(attend(5), Error::<Test>::NotActive);
		assert_ok!(Institutions::run_off(4));
		assert_noop!(attend(4), Error::<Test>::NotActive);
		assert_eq!(electorate(), [1, 2, 3]);
	});
}

#[test]
fn a_turn_that_finds_no_room_waits_for_the_next_block() {
	run(|| {
		era_without_4();
		era_without_4();
		(1..=3).for_each(signs);
		Era::set(Era::get() + 1);
		Institutions::turn_era(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(electorate(), [1, 2, 3, 4]);
		poll();
		assert_eq!(electorate(), [1, 2, 3]);
	});
}
