use super::mock::*;
use crate::{Error, Event, Operators};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::Authorities as _;

#[test]
fn an_active_member_with_keys_becomes_an_operator_once() {
	run(4, || {
		Keyless::set([5].into());
		assert_noop!(operate(5, true), Error::<Test>::KeysNotSet);
		Keyless::set([].into());
		Suspended::set([5].into());
		assert_noop!(operate(5, true), Error::<Test>::NotActive);
		Suspended::set([].into());
		assert_ok!(operate(5, true));
		System::assert_last_event(Event::OperationChanged { institution: 5, on: true }.into());
		assert_noop!(operate(5, true), Error::<Test>::Unchanged);
		assert_noop!(operate(6, false), Error::<Test>::Unchanged);
	});
}

#[test]
fn only_an_institution_operates() {
	run(4, || {
		let stranger = Authorities::operate(RuntimeOrigin::signed(1_000), true);
		assert_eq!(stranger, Err(sp_runtime::DispatchError::BadOrigin));
	});
}

#[test]
fn the_fourth_authority_cannot_stop_until_a_fifth_has_joined() {
	run(4, || {
		assert_noop!(operate(4, false), Error::<Test>::TooFewAuthorities);
		assert_noop!(Authorities::ensure_dispensable(4), Error::<Test>::TooFewAuthorities);
		operate_all([5]);
		// An operator that only waits keeps nothing going.
		assert_noop!(operate(4, false), Error::<Test>::TooFewAuthorities);
		assert_ok!(Authorities::ensure_dispensable(5));
		turn(&[]);
		turn(&[]);
		assert_ok!(operate(4, false));
		// One that stopped but is still in the set does not count for the next.
		assert_noop!(operate(3, false), Error::<Test>::TooFewAuthorities);
	});
}

#[test]
fn a_member_that_may_not_operate_does_not_count_as_one_that_stays() {
	run(5, || {
		Suspended::set([5].into());
		assert_noop!(operate(4, false), Error::<Test>::TooFewAuthorities);
		// It may stop itself: without it nothing changes.
		assert_ok!(operate(5, false));
	});
}

#[test]
fn an_institution_that_is_gone_is_forgotten_with_its_keys() {
	run(5, || {
		Authorities::retire(5, &5);
		assert!(!Operators::<Test>::contains_key(5));
		System::assert_last_event(Event::OperationChanged { institution: 5, on: false }.into());
		Authorities::retire(7, &7);
		assert_eq!(Purged::get(), [5, 7]);
	});
}
