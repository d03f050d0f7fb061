//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{
	AccountOf, FormerAccounts, Person, PersonId, Persons, Predecessor, Predecessors, Recoveries,
	RecoveryExposures, Registrations, RetainedItem, RetentionQueue, Successors, WithdrawnConsents,
};
use frame_support::assert_ok;

fn ann() -> PersonId {
	PersonId { tag: tag(1), voucher: BANK }
}

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
	breaks("a person's accounts are not those that count for it", || {
		Persons::<Test>::mutate(ann(), |person| person.as_mut().unwrap().accounts += 1)
	});
}

#[test]
fn invariant_1_notices_a_former_account_that_nobody_counted() {
	breaks("a person's accounts are not those that count for it", || {
		Persons::<Test>::mutate(ann(), |person| person.as_mut().unwrap().former += 1)
	});
}

#[test]
fn invariant_1_notices_a_customer_without_a_limit() {
	breaks("a person's accounts are not those that count for it", || Persons::<Test>::remove(ann()));
}

#[test]
fn invariant_1_notices_a_person_whom_nobody_is() {
	breaks("a person's accounts are not those that count for it", || {
		let nobody = PersonId { voucher: CAFE, ..ann() };
		Persons::<Test>::insert(nobody, Person::new(START));
	});
}

#[test]
fn invariant_1_notices_a_customer_who_is_remembered_as_if_it_had_left() {
	breaks("a former account is registered", || FormerAccounts::<Test>::insert(id(ANN), ann(), START));
}

#[test]
fn invariant_1_notices_a_former_account_that_can_vanish() {
	breaks("what is remembered does not keep its account", || {
		let gone = sp_runtime::AccountId32::new([9; 32]);
		FormerAccounts::<Test>::insert(gone, PersonId { voucher: CAFE, ..ann() }, START);
	});
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
		RecoveryExposures::<Test>::mutate(BANK, |stake| stake.worth -= 1)
	});
}

#[test]
fn invariant_3_notices_a_stake_of_nothing() {
	breaks("what is at stake is not the recoveries", || {
		RecoveryExposures::<Test>::insert(CAFE, crate::RecoveryExposure::default())
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
		Recoveries::<Test>::mutate(id(ANN), |slot| slot.as_mut().unwrap().items[1].vintage = 1)
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
	breaks("a successor does not know whose place it took", || {
		Registrations::<Test>::remove(id(DAN));
		AccountOf::<Test>::remove(tag(2), SHOP);
		Persons::<Test>::remove(PersonId { tag: tag(2), voucher: SHOP });
		Successors::<Test>::insert(id(DAN), id(CAT));
		Predecessors::<Test>::insert(id(CAT), Predecessor { account: id(DAN), line: 1, since: START });
	});
}

#[test]
fn invariant_5_notices_a_successor_that_does_not_know_it() {
	breaks("a successor does not know whose place it took", || Predecessors::<Test>::remove(id(DAN)));
}

#[test]
fn invariant_5_notices_a_line_that_is_miscounted() {
	breaks("a successor does not know whose place it took", || {
		Predecessors::<Test>::mutate(id(DAN), |slot| slot.as_mut().unwrap().line = 2)
	});
}

#[test]
fn invariant_5_notices_a_place_that_nobody_left() {
	breaks("an account took the place of one that has no successor", || {
		let behind = Predecessor { account: id(BEN), line: 1, since: START };
		Predecessors::<Test>::insert(id(EVA), behind);
	});
}

#[test]
fn invariant_6_notices_what_would_be_kept_for_ever() {
	breaks("something is kept for ever", || WithdrawnConsents::<Test>::insert(id(ANN), START));
}

#[test]
fn invariant_6_notices_what_would_go_and_is_not_there() {
	breaks("something is to go that is not there", || {
		RetentionQueue::<Test>::insert([0; 4], RetainedItem::WithdrawnConsents(id(ANN)), ());
	});
}

#[test]
fn invariant_2_notices_a_registration_whose_account_can_vanish() {
	breaks("a registration does not keep its account", || {
		System::dec_sufficients(&id(ANN));
	});
}
