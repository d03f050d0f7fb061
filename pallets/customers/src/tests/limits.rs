use super::mock::*;
use crate::{Error, Person, Persons};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Balance, Customers as _, DAY};

fn spent(n: u8) -> Balance {
	Persons::<Test>::get(tag(n)).unwrap().spent
}

#[test]
fn a_stranger_does_not_spend() {
	run(|| {
		assert_noop!(spend(ANN, 1), Error::<Test>::NotRegistered);
		let exchange = Customers::ensure_may_exchange(&id(ANN));
		assert_noop!(exchange, Error::<Test>::NotRegistered);
	});
}

#[test]
fn a_person_spends_exactly_its_limit() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_noop!(spend(ANN, LIMIT + 1), Error::<Test>::OverLimit);
		assert_noop!(spend(ANN, Balance::MAX), Error::<Test>::OverLimit);
		assert_ok!(spend(ANN, LIMIT - 1));
		assert_noop!(spend(ANN, Balance::MAX), Error::<Test>::OverLimit);
		assert_ok!(spend(ANN, 1));
		assert_noop!(spend(ANN, 1), Error::<Test>::OverLimit);
		assert_eq!(spent(1), LIMIT);
	});
}

#[test]
fn accounts_of_one_person_share_its_limit() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_ok!(register(BANK, CAT, tag(2)));
		assert_ok!(spend(ANN, 300));
		assert_noop!(spend(BEN, 201), Error::<Test>::OverLimit);
		assert_ok!(spend(BEN, 200));
		assert_noop!(spend(ANN, 1), Error::<Test>::OverLimit);
		assert_ok!(spend(CAT, LIMIT));
	});
}

#[test]
fn a_window_turns_with_the_first_payment_after_its_end() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(spend(ANN, LIMIT));
		pass(WINDOW - 1);
		assert_noop!(spend(ANN, 1), Error::<Test>::OverLimit);
		pass(1);
		assert_noop!(spend(ANN, LIMIT + 1), Error::<Test>::OverLimit);
		assert_eq!(Persons::<Test>::get(tag(1)).unwrap().window, START);
		pass(5);
		assert_ok!(spend(ANN, LIMIT - 1));
		// The new one began when it turned, not when the last one ended.
		assert_eq!(Persons::<Test>::get(tag(1)).unwrap().window, START + WINDOW + 5);
		pass(WINDOW - 1);
		assert_noop!(spend(ANN, 2), Error::<Test>::OverLimit);
		pass(1);
		assert_ok!(spend(ANN, LIMIT));
	});
}

#[test]
fn a_person_exchanges_once_it_is_known_for_long_enough() {
	run(|| {
		let may_exchange = |key| Customers::ensure_may_exchange(&id(key));
		assert_ok!(register(BANK, ANN, tag(1)));
		pass(AGE - 1);
		assert_noop!(may_exchange(ANN), Error::<Test>::TooYoung);
		pass(1);
		assert_ok!(may_exchange(ANN));
		// Age belongs to the person, and survives unregistering.
		assert_ok!(unregister(ANN));
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_ok!(may_exchange(BEN));
		assert_ok!(Customers::forget(signed(BEN)));
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_noop!(may_exchange(BEN), Error::<Test>::TooYoung);
	});
}

#[test]
fn a_person_lies_in_its_trie_node() {
	let person = Person {
		since: 2 * START,
		window: 2 * START,
		// Ten million settlement units.
		spent: 10_000_000_000_000,
		day: (2 * START / DAY) as u32,
		sponsored: 1_000,
		accounts: 256,
	};
	assert!(person.encoded_size() <= 32, "{}", person.encoded_size());
}

#[test]
fn what_is_left_can_be_read_and_is_exactly_what_can_be_spent() {
	run(|| {
		assert_eq!(Customers::customer(id(ANN)), None);
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(spend(ANN, 100));
		let customer = Customers::customer(id(ANN)).unwrap();
		assert_eq!((customer.registrar, customer.tag, customer.left), (BANK, tag(1), LIMIT - 100));
		assert_noop!(spend(ANN, customer.left + 1), Error::<Test>::OverLimit);
		assert_ok!(spend(ANN, customer.left));
		pass(WINDOW);
		assert_eq!(Customers::customer(id(ANN)).unwrap().left, LIMIT);
	});
}
