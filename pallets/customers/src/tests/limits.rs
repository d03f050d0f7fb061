use super::mock::*;
use crate::{Error, Person};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Balance, Customers as _, Quotas, DAY};

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
		assert_eq!(person(1, BANK).unwrap().spent, LIMIT);
	});
}

#[test]
fn what_another_institution_has_registered_under_the_tag_changes_nothing() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let before = Customers::customer(id(ANN));
		// A rival's puppet, before the customer comes to the shop and after it.
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_ok!(spend(BEN, LIMIT));
		Customers::use_quota(&id(BEN), QUOTA);
		assert_eq!(Customers::customer(id(ANN)), before);
		assert_ok!(register(CAFE, CAT, tag(1)));
		assert_eq!((left(CAT), Customers::has_quota(&id(CAT), QUOTA)), ((LIMIT, 1), Some(true)));
		// Nor does its end, whoever ends it.
		assert_ok!(dismiss(SHOP, BEN));
		assert_eq!(Customers::customer(id(ANN)), before);
		pass_idly(DAY + WINDOW);
		assert_eq!(Customers::customer(id(ANN)), before);
		assert_ok!(spend(ANN, LIMIT));
	});
}

#[test]
fn accounts_that_joined_share_one_limit() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_ok!(join(BEN, ANN));
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
		assert_eq!(person(1, BANK).unwrap().window, START);
		pass(5);
		assert_ok!(spend(ANN, LIMIT - 1));
		// The new one began when it turned, not when the last one ended.
		assert_eq!(person(1, BANK).unwrap().window, START + WINDOW + 5);
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
		// It is known by those who vouch for it.
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_noop!(may_exchange(BEN), Error::<Test>::TooYoung);
		// Age survives unregistering, whoever does it, and forgetting ends it.
		assert_ok!(dismiss(BANK, ANN));
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(unregister(ANN));
		pass(1);
		assert_ok!(register(BANK, CAT, tag(1)));
		assert_ok!(may_exchange(CAT));
		assert_ok!(dismiss(BANK, CAT));
		assert_ok!(forget(CAT));
		assert_ok!(forget(ANN));
		pass(1);
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_noop!(may_exchange(ANN), Error::<Test>::TooYoung);
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
		former: 60,
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

#[test]
fn what_comes_back_comes_back_to_the_limit() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let window = spend(ANN, 300).unwrap();
		give_back(ANN, 300, window);
		assert_eq!(left(ANN), (LIMIT, 1));
		// In parts, and together with what is spent meanwhile.
		let window = spend(ANN, 450).unwrap();
		give_back(ANN, 400, window);
		assert_eq!(left(ANN), (LIMIT - 50, 1));
		assert_ok!(spend(ANN, LIMIT - 50));
		// Never more than the limit.
		give_back(ANN, 10 * LIMIT, window);
		assert_eq!(left(ANN), (LIMIT, 1));
		// To a stranger nothing comes.
		give_back(BEN, 100, window);
	});
}

#[test]
fn what_comes_back_of_an_older_window_raises_no_limit() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let old = spend(ANN, 300).unwrap();
		pass(WINDOW);
		let new = spend(ANN, 200).unwrap();
		assert_ne!(old, new);
		give_back(ANN, 300, old);
		assert_eq!(left(ANN), (LIMIT - 200, 1));
		give_back(ANN, 50, new);
		assert_eq!(left(ANN), (LIMIT - 150, 1));
	});
}

#[test]
fn what_comes_back_comes_back_to_the_person_for_whom_it_was_spent() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let bank = spend(ANN, 400).unwrap();
		assert_ok!(dismiss(BANK, ANN));
		pass(1);
		assert_ok!(register(SHOP, ANN, tag(1)));
		let shop = spend(ANN, 300).unwrap();
		give_back(ANN, 150, bank);
		assert_eq!((person(1, BANK).unwrap().spent, left(ANN)), (250, (LIMIT - 300, 1)));
		give_back(ANN, 300, shop);
		assert_eq!((person(1, BANK).unwrap().spent, left(ANN)), (250, (LIMIT, 1)));
		give_back(ANN, 250, bank);
		assert_eq!(person(1, BANK).unwrap().spent, 0);
	});
}
