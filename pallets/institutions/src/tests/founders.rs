use super::mock::*;
use crate::{EnsureMember, Error, Status};
use frame_support::{
	assert_err, assert_ok,
	traits::{fungible::InspectHold, EnsureOrigin},
};
use hanse_primitives::Members;

fn set_status(id: u32, status: Status) {
	crate::Institutions::<Test>::mutate(id, |institution| institution.as_mut().unwrap().status = status);
}

#[test]
fn founders_are_active_members_with_the_same_bond() {
	run(|| {
		for (id, account) in [(1, 1), (2, 2)] {
			assert_eq!(Institutions::id_of(&account), Some(id));
			assert_eq!(Institutions::account(id), Ok(account));
			assert_eq!(Institutions::bond(id), Bond::get());
			assert_eq!(Balances::total_balance_on_hold(&account), Bond::get());
			assert_ok!(Institutions::ensure_active(id));
			assert_ok!(Institutions::ensure_payable(id));
		}
	});
}

#[test]
fn strangers_are_not_found_and_have_no_bond() {
	run(|| {
		assert_eq!(Institutions::id_of(&3), None);
		assert_eq!(Institutions::bond(3), 0);
		assert_err!(Institutions::account(3), Error::<Test>::NotFound);
		assert_err!(Institutions::ensure_active(3), Error::<Test>::NotFound);
		assert_err!(Institutions::ensure_payable(3), Error::<Test>::NotFound);
	});
}

#[test]
fn a_suspended_member_is_paid_but_not_active() {
	run(|| {
		set_status(1, Status::Suspended);
		assert_err!(Institutions::ensure_active(1), Error::<Test>::NotActive);
		assert_ok!(Institutions::ensure_payable(1));
	});
}

#[test]
fn only_the_signed_account_of_an_institution_is_its_origin() {
	run(|| {
		assert_eq!(EnsureMember::<Test>::ensure_origin(RuntimeOrigin::signed(2)).ok(), Some(2));
		for origin in [RuntimeOrigin::signed(3), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert!(EnsureMember::<Test>::ensure_origin(origin).is_err());
		}
	});
}

#[test]
#[should_panic(expected = "AlreadyExists")]
fn an_account_founds_once() {
	genesis(&[(1, "Alster Air"), (1, "Bergen Books")]);
}

#[test]
#[should_panic(expected = "InvalidName")]
fn a_founder_has_a_name() {
	genesis(&[(1, "")]);
}

#[test]
#[should_panic(expected = "InvalidName")]
fn a_founders_name_is_at_most_32_bytes() {
	genesis(&[(1, &"x".repeat(33))]);
}

#[test]
#[should_panic(expected = "FundsUnavailable")]
fn a_founder_can_pay_its_bond() {
	genesis(&[(5, "Poor House")]);
}
