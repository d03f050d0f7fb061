//! Counting together, by the customer's own signatures.

use super::mock::*;
use crate::{Error, Event, CONSENT_LIFETIME};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::Customers as _;
use sp_runtime::{DispatchResult, MultiSignature};

/// Ann is a customer of the bank, and Ben's account, which is hers too, one of the shop.
fn two_accounts() {
	assert_ok!(register(BANK, ANN, tag(1)));
	pass(AGE);
	assert_ok!(register(SHOP, BEN, tag(1)));
}

#[test]
fn an_account_joins_another_one_of_its_tag() {
	run(|| {
		two_accounts();
		assert_noop!(Customers::ensure_may_exchange(&id(BEN)), Error::<Test>::TooYoung);
		assert_ok!(spend(ANN, 200));
		assert_ok!(spend(BEN, 100));
		assert_ok!(join(BEN, ANN));
		last_event(Event::AccountsJoined { account: id(BEN), with: id(ANN) });
		let customer = Customers::customer(id(BEN)).unwrap();
		assert_eq!((customer.registrar, customer.voucher, customer.accounts), (SHOP, BANK, 2));
		assert_eq!((customer.left, customer.since), (LIMIT - 200, START));
		assert_ok!(Customers::ensure_may_exchange(&id(BEN)));
		// Each of them spends of the one limit.
		assert_ok!(spend(BEN, LIMIT - 200));
		assert_noop!(spend(ANN, 1), Error::<Test>::OverLimit);
		// What it spent before is remembered.
		assert_ok!(dismiss(SHOP, BEN));
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_eq!(left(BEN), (LIMIT - 100, 1));
		assert_noop!(Customers::ensure_may_exchange(&id(BEN)), Error::<Test>::TooYoung);
	});
}

#[test]
fn nobody_joins_without_both_signatures() {
	run(|| {
		two_accounts();
		let until = now() + 1_000;
		let join = |signature: MultiSignature| -> DispatchResult {
			Customers::join_accounts(signed(BEN), id(ANN), until, signature)
		};
		let invitation = |host, guest, until| Customers::invitation(id(host), id(guest), until);
		for (signer, wrong) in [
			(BEN, invitation(ANN, BEN, until)),
			(member(SHOP), invitation(ANN, BEN, until)),
			(ANN, invitation(ANN, CAT, until)),
			(ANN, invitation(BEN, ANN, until)),
			(ANN, invitation(ANN, BEN, until + 1)),
			(ANN, Customers::consent(BANK, id(ANN), commitment(), tag(1), true, until)),
		] {
			assert_noop!(join(signer.sign(&wrong).into()), Error::<Test>::BadSignature);
		}
		// The member does not join its customer to a puppet.
		let signature: MultiSignature = ANN.sign(&invitation(ANN, BEN, until)).into();
		let by_the_shop = Customers::join_accounts(by(SHOP), id(ANN), until, signature.clone());
		assert_noop!(by_the_shop, Error::<Test>::NotRegistered);
		assert_ok!(join(signature));
	});
}

#[test]
fn an_invitation_is_good_for_an_hour_and_not_once_it_was_withdrawn() {
	run(|| {
		two_accounts();
		let join_until = |until| {
			let signature = ANN.sign(&Customers::invitation(id(ANN), id(BEN), until)).into();
			Customers::join_accounts(signed(BEN), id(ANN), until, signature)
		};
		assert_noop!(join_until(now()), Error::<Test>::ConsentExpired);
		assert_noop!(join_until(now() + CONSENT_LIFETIME + 1), Error::<Test>::ConsentTooLong);
		let until = now() + CONSENT_LIFETIME;
		assert_ok!(unregister(ANN));
		pass(1);
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_noop!(join_until(until), Error::<Test>::ConsentWithdrawn);
		assert_ok!(join_until(until + 1));
	});
}

#[test]
fn only_accounts_of_one_tag_join_once() {
	run(|| {
		two_accounts();
		assert_ok!(register(CAFE, CAT, tag(2)));
		assert_noop!(join(CAT, ANN), Error::<Test>::OtherPerson);
		assert_noop!(join(ANN, DAN), Error::<Test>::NotRegistered);
		assert_noop!(join(DAN, ANN), Error::<Test>::NotRegistered);
		assert_noop!(join(ANN, ANN), Error::<Test>::AlreadyJoined);
		assert_ok!(join(BEN, ANN));
		assert_noop!(join(BEN, ANN), Error::<Test>::AlreadyJoined);
		assert_noop!(join(ANN, BEN), Error::<Test>::AlreadyJoined);
		// Whoever joins one of them joins both.
		assert_ok!(register(CAFE, DAN, tag(1)));
		assert_ok!(join(DAN, BEN));
		assert_eq!((left(ANN), left(DAN)), ((LIMIT, 3), (LIMIT, 3)));
	});
}

#[test]
fn an_institution_cannot_put_a_puppet_in_the_place_of_an_account_that_others_joined() {
	run(|| {
		two_accounts();
		assert_ok!(join(BEN, ANN));
		assert_ok!(spend(ANN, 100));
		assert_ok!(dismiss(BANK, ANN));
		let before = Customers::customer(id(BEN));
		assert_noop!(register(BANK, CAT, tag(1)), Error::<Test>::OtherAccounts);
		assert_noop!(register(BANK, ANN, tag(1)), Error::<Test>::OtherAccounts);
		assert_eq!(Customers::customer(id(BEN)), before);
		assert_eq!(left(BEN), (LIMIT - 100, 1));
		// Once the customer counts apart again, its place is free, and what was spent is still remembered.
		assert_ok!(unregister(BEN));
		assert_ok!(register(BANK, CAT, tag(1)));
		assert_eq!(left(CAT), (LIMIT - 100, 1));
	});
}

#[test]
fn joining_makes_no_limit_larger() {
	run(|| {
		two_accounts();
		// One limit for each that vouches, however the accounts join and leave.
		assert_ok!(spend(ANN, LIMIT));
		assert_ok!(join(ANN, BEN));
		assert_ok!(spend(ANN, LIMIT));
		assert_noop!(spend(BEN, 1), Error::<Test>::OverLimit);
		assert_ok!(dismiss(BANK, ANN));
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_noop!(spend(ANN, 1), Error::<Test>::OverLimit);
		assert_ok!(join(BEN, ANN));
		assert_ok!(dismiss(SHOP, BEN));
		assert_ok!(register(SHOP, BEN, tag(1)));
		for key in [ANN, BEN] {
			assert_noop!(spend(key, 1), Error::<Test>::OverLimit);
		}
	});
}
