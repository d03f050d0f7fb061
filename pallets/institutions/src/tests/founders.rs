use super::mock::*;
use crate::{EnsureMember, Error};
use frame_support::{assert_err, assert_ok, traits::EnsureOrigin};
use hanse_primitives::{MemberStatus, Members, SuspensionCause};

#[test]
fn founders_are_active_members_with_the_same_bond_and_the_vote() {
	run(|| {
		for (id, account) in [(1, 1), (2, 2), (3, 3), (4, 4)] {
			assert_eq!(Institutions::id_of(&account), Some(id));
			assert_eq!(Institutions::account(id), Ok(account));
			assert_eq!((Institutions::bond(id), bond_held(account)), (Bond::get(), Bond::get()));
			assert_ok!(Institutions::ensure_active(id));
			assert_ok!(Institutions::ensure_payable(id));
			assert!(Institutions::may_operate(id));
		}
		assert_eq!(electorate(), [1, 2, 3, 4]);
		assert_eq!(crate::MemberCount::<Test>::get(), 4);
	});
}

#[test]
fn strangers_are_not_found_and_have_no_bond() {
	run(|| {
		assert_eq!(Institutions::id_of(&5), None);
		assert_eq!(Institutions::bond(5), 0);
		assert!(!Institutions::may_operate(5));
		assert_err!(Institutions::account(5), Error::<Test>::NotFound);
		assert_err!(Institutions::ensure_active(5), Error::<Test>::NotFound);
		assert_err!(Institutions::ensure_payable(5), Error::<Test>::NotFound);
	});
}

#[test]
fn a_suspended_member_is_paid_and_votes_but_is_not_active() {
	run(|| {
		assert_ok!(Institutions::suspend(1, SuspensionCause::Conduct));
		assert_err!(Institutions::ensure_active(1), Error::<Test>::NotActive);
		assert_ok!(Institutions::ensure_payable(1));
		assert!(!Institutions::may_operate(1));
		assert_eq!(electorate(), [1, 2, 3, 4]);
	});
}

#[test]
fn only_the_signed_account_of_an_institution_is_its_origin() {
	run(|| {
		assert_eq!(EnsureMember::<Test>::ensure_origin(RuntimeOrigin::signed(2)).ok(), Some(2));
		for origin in [RuntimeOrigin::signed(5), RuntimeOrigin::root(), RuntimeOrigin::none()] {
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
#[should_panic(expected = "NameTaken")]
fn a_founders_name_is_its_own() {
	genesis(&[(1, "Alster Air"), (2, "alster AIR")]);
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
#[should_panic(expected = "FundsTooSmall")]
fn a_founder_can_pay_its_bond() {
	genesis(&[(21, "Poor House")]);
}
