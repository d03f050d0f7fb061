//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{Deposits, Turnover};
use frame_support::assert_ok;
use hanse_primitives::Clearing as _;

/// Breaks the storage of a chain with one settled obligation and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		assert_ok!(Clearing::owe(1, 2, 60));
		assert_ok!(Clearing::do_try_state());
		corrupt();
		assert_eq!(Clearing::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_a_deposit_of_one_unit_that_was_never_made() {
	breaks("a reserve is not the sum of its flows", || Deposits::<Test>::mutate(3, |d| d.topped_up += 1));
}

#[test]
fn invariant_1_notices_an_obligation_of_one_unit_that_was_never_paid() {
	breaks("a reserve is not the sum of its flows", || Turnover::<Test>::mutate(1, 2, |paid| *paid += 1));
}

#[test]
fn invariant_2_notices_a_member_that_paid_itself() {
	// Received and paid cancel out, so the flows alone would not show it.
	breaks("a member paid itself", || Turnover::<Test>::insert(1, 1, 1));
}

#[test]
fn invariant_2_notices_an_obligation_of_a_stranger() {
	breaks("an obligation of somebody who is no member", || Turnover::<Test>::insert(8, 9, 0));
}
