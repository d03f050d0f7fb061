//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{Institution, InstitutionOf, Status};
use frame_support::{
	assert_ok,
	traits::{fungible::MutateHold, tokens::Precision},
};

/// Breaks the storage of an alliance and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis(&[(1, "Alster Air"), (2, "Bergen Books")]).execute_with(|| {
		assert_ok!(Institutions::do_try_state());
		corrupt();
		assert_eq!(Institutions::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_an_account_that_is_shared() {
	breaks("an institution's account is not its own", || InstitutionOf::<Test>::insert(1, 2));
}

#[test]
fn invariant_1_notices_an_account_without_its_institution() {
	breaks("an account belongs to an institution that does not exist", || {
		InstitutionOf::<Test>::insert(3, 3)
	});
}

#[test]
fn invariant_2_notices_a_bond_that_is_one_unit_short() {
	breaks("a member's bond is not what is held", || {
		let reason = crate::HoldReason::AdmissionBond.into();
		assert_ok!(Balances::release(&reason, &1, 1, Precision::Exact));
	});
}

#[test]
fn invariant_3_notices_one_member_too_many() {
	breaks("members are miscounted or too many", || {
		for id in 3..=hanse_primitives::MAX_MEMBERS + 1 {
			let account = u64::from(id);
			let reason = crate::HoldReason::AdmissionBond.into();
			Balances::force_set_balance(RuntimeOrigin::root(), account, 2 * Bond::get()).unwrap();
			assert_ok!(Balances::hold(&reason, &account, Bond::get()));
			InstitutionOf::<Test>::insert(account, id);
			let member = Institution { account, name: Default::default(), status: Status::Active };
			crate::Institutions::<Test>::insert(id, member);
		}
	});
}
