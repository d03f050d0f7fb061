//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{AccountOf, AtStake, Persons, Recoveries, Registrations, Successors};
use frame_support::assert_ok;

/// Breaks the storage of an alliance in which Ann's recovery is open and Cat's has moved to Dan, and
/// expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		assert_ok!(register(SHOP, CAT, tag(2)));
		hold(CAT, 1, 50);
		assert_ok!(recover(SHOP, CAT, DAN, [1]));
		pass(DELAY);
		assert_ok!(complete(CAT));
		lose_key();
		assert_ok!(Customers::do_try_state());
		corrupt();
		assert_eq!(Customers::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_an_account_that_nobody_counted() {
	breaks("a person's accounts are not its registrations", || {
		Persons::<Test>::mutate(tag(1), |person| person.as_mut().unwrap().accounts += 1)
	});
}

#[test]
fn invariant_1_notices_a_customer_without_a_limit() {
	breaks("a registration without its person", || Persons::<Test>::remove(tag(1)));
}

#[test]
fn invariant_2_notices_a_registration_that_is_not_listed() {
	breaks("a registration is not listed under its person", || {
		AccountOf::<Test>::insert(tag(1), BANK, id(EVA))
	});
}

#[test]
fn invariant_2_notices_an_account_that_is_listed_and_not_registered() {
	breaks("an account is listed that is not registered", || {
		AccountOf::<Test>::insert(tag(3), BANK, id(EVA))
	});
}

#[test]
fn invariant_3_notices_a_worth_that_is_one_unit_off() {
	breaks("what is at stake is not the recoveries", || {
		AtStake::<Test>::mutate(BANK, |stake| stake.worth -= 1)
	});
}

#[test]
fn invariant_3_notices_a_stake_of_nothing() {
	breaks("what is at stake is not the recoveries", || {
		AtStake::<Test>::insert(CAFE, crate::Stake::default())
	});
}

#[test]
fn invariant_4_notices_a_recovery_without_consent() {
	breaks("a recovery is open without consent", || {
		Registrations::<Test>::mutate(id(ANN), |slot| slot.as_mut().unwrap().may_recover = false)
	});
}

#[test]
fn invariant_4_notices_a_recovery_that_left_no_successor() {
	breaks("a recovery that moved left no successor", || Successors::<Test>::remove(id(CAT)));
}

#[test]
fn invariant_4_notices_a_vintage_that_is_named_twice() {
	breaks("a recovery names a vintage twice", || {
		Recoveries::<Test>::mutate(id(ANN), |slot| slot.as_mut().unwrap().claims[1].vintage = 1)
	});
}

#[test]
fn invariant_4_notices_more_moved_than_named() {
	breaks("more has moved than was named", || {
		Recoveries::<Test>::mutate(id(CAT), |slot| slot.as_mut().unwrap().moved = Some(2))
	});
}

#[test]
fn invariant_5_notices_a_customer_whose_key_is_lost() {
	breaks("an account that was recovered is registered", || Successors::<Test>::insert(id(DAN), id(EVA)));
}

#[test]
fn invariant_5_notices_a_succession_that_comes_back() {
	breaks("a succession comes back", || {
		Registrations::<Test>::remove(id(DAN));
		AccountOf::<Test>::remove(tag(2), SHOP);
		Persons::<Test>::remove(tag(2));
		Successors::<Test>::insert(id(DAN), id(CAT));
	});
}

#[test]
fn invariant_2_notices_a_registration_whose_account_can_vanish() {
	breaks("a registration does not keep its account", || {
		System::dec_sufficients(&id(ANN));
	});
}
