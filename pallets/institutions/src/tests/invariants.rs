//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{Applications, InstitutionByReading, InstitutionOf, LastSeen, MemberCount, Status, Suspensions};
use frame_support::{
	assert_ok,
	traits::{fungible::MutateHold, tokens::Precision},
};
use hanse_primitives::{names, Electorate, MemberStatus, SuspensionCause};

/// Breaks the storage of an alliance and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis(&[(1, "Alster Air"), (2, "Bergen Books")]).execute_with(|| {
		assert_ok!(Institutions::do_try_state());
		corrupt();
		assert_eq!(Institutions::do_try_state(), Err(reason.into()));
	});
}

fn set_status(id: u32, status: Status) {
	crate::Institutions::<Test>::mutate(id, |institution| institution.as_mut().unwrap().status = status);
}

#[test]
fn invariant_1_notices_an_account_that_is_shared() {
	breaks("an institution's account is not its own", || InstitutionOf::<Test>::insert(1, 2));
}

#[test]
fn invariant_1_notices_an_account_without_its_institution() {
	breaks("an account belongs to an institution that is not its own", || {
		InstitutionOf::<Test>::insert(3, 3)
	});
}

#[test]
fn invariant_1_notices_an_id_that_was_not_given_out() {
	breaks("an id that was never given out", || crate::LastInstitutionId::<Test>::put(1));
}

#[test]
fn invariant_2_notices_an_applicant_without_a_bond() {
	breaks("a bond is held for somebody who is gone, or not held for somebody who applies", || {
		set_status(1, Status::Applied);
		let reason = crate::HoldReason::AdmissionBond.into();
		assert_ok!(Balances::release(&reason, &1, Bond::get(), Precision::Exact));
	});
}

#[test]
fn invariant_2_notices_the_bond_of_one_that_is_gone() {
	breaks("a bond is held for somebody who is gone, or not held for somebody who applies", || {
		set_status(1, Status::Left)
	});
}

#[test]
fn invariant_3_notices_one_member_too_many() {
	breaks("members are miscounted or too many", || MemberCount::<Test>::put(3));
}

#[test]
fn invariant_3_notices_an_application_of_nobody() {
	breaks("the applications are not those of the applicants, or too many", || {
		Applications::<Test>::insert(7, 1)
	});
}

#[test]
fn invariant_4_notices_a_name_that_is_lost_or_anothers() {
	let reading = |name: &str| names::readings(name.as_bytes()).pop_first().unwrap();
	breaks("an institution's name is not its own", || {
		InstitutionByReading::<Test>::insert(reading("Alster Air"), 2)
	});
	breaks("a name of nobody", || InstitutionByReading::<Test>::insert(reading("Nobody"), 1));
}

#[test]
fn invariant_5_notices_a_voter_that_is_missing() {
	breaks("the electorate is not the members that vote", || Voters::set(vec![2]));
}

#[test]
fn invariant_5_notices_a_voter_too_many() {
	breaks("the electorate is not the members that vote", || Voters::set(vec![1, 2, 3]));
}

#[test]
fn invariant_5_notices_that_a_member_is_not_heard_or_a_stranger_is() {
	breaks("nobody listens to a member", || LastSeen::<Test>::remove(1));
	breaks("somebody is last_seen who does not vote", || {
		LastSeen::<Test>::insert(9, crate::Presence::default())
	});
}

#[test]
fn invariant_7_notices_holders_who_would_not_be_served_in_full() {
	breaks("the free reserve of a member on its way out does not cover what its points pay", || {
		Outstanding::set([(2, 300)].into());
		Reserves::set([(2, 300)].into());
		assert_ok!(Institutions::leave(RuntimeOrigin::signed(2)));
		assert_ok!(Institutions::do_try_state());
		Reserves::set([(2, 299)].into());
	});
}

#[test]
fn invariant_6_notices_a_suspension_without_a_cause() {
	breaks("a suspension without a cause, or a cause without it", || {
		assert_ok!(Institutions::suspend(1, SuspensionCause::Overdue));
		Suspensions::<Test>::remove(1);
	});
}
