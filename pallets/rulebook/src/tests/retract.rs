use super::mock::*;
use crate::{Error, Event, LastDecision, Rule};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn what_was_retracted_is_not_enacted_and_its_id_is_not_used_again() {
	run(|| {
		assert_ok!(amend(Rule::Interchange, 6_000));
		assert_ok!(enact(remark(1)));
		assert_ok!(retract(1));
		System::assert_last_event(Event::Retracted { decision: 1 }.into());
		assert_ok!(retract(2));
		System::reset_events();
		block_at(START + NOTICE);
		assert_eq!(System::events(), vec![]);
		assert_eq!(Rulebook::rules().interchange, 5_000);

		// The number is free to be amended again, in the same era.
		assert_ok!(amend(Rule::Interchange, 4_000));
		assert_eq!(LastDecision::<Test>::get(), 3);
	});
}

#[test]
fn what_was_enacted_cannot_be_retracted() {
	run(|| {
		amend_now(Rule::Interchange, 6_000);
		assert_noop!(retract(1), Error::<Test>::NotFound);
	});
}

#[test]
fn what_was_retracted_or_never_decided_cannot_be_retracted() {
	run(|| {
		assert_noop!(retract(1), Error::<Test>::NotFound);
		assert_ok!(amend(Rule::Interchange, 6_000));
		assert_ok!(retract(1));
		assert_noop!(retract(1), Error::<Test>::NotFound);
	});
}

#[test]
fn only_a_vote_to_amend_retracts() {
	run(|| {
		assert_ok!(amend(Rule::Interchange, 6_000));
		assert_noop!(Rulebook::retract(RuntimeOrigin::signed(75), 1), DispatchError::BadOrigin);
		assert_noop!(Rulebook::retract(RuntimeOrigin::root(), 1), DispatchError::BadOrigin);
	});
}
