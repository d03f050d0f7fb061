//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{NextTicket, Operators, Planned, Roster};
use frame_support::assert_ok;

/// Breaks the storage of a chain of four authorities and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis(4).execute_with(|| {
		assert_ok!(Authorities::do_try_state());
		corrupt();
		assert_eq!(Authorities::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_an_authority_that_is_planned_twice() {
	breaks("a set names an authority twice", || {
		Planned::<Test>::mutate(|set| set.try_push(4).unwrap());
	});
	breaks("a set names an authority twice", || {
		Roster::<Test>::mutate(|set| set.try_push((1, 9)).unwrap());
	});
}

#[test]
fn invariant_2_notices_a_ticket_that_was_given_out_twice_or_never() {
	breaks("a ticket was given out twice or never", || Operators::<Test>::insert(9, 0));
	breaks("a ticket was given out twice or never", || NextTicket::<Test>::put(3));
}
