use super::mock::*;
use frame_support::assert_ok;
use hanse_primitives::{Quotas, DAY};

#[test]
fn nothing_is_known_of_a_stranger() {
	run(|| {
		assert_eq!((Customers::has_quota(&id(ANN), 1), Customers::quota(&id(ANN))), (None, None));
		assert!(!Customers::may_object(&id(ANN)));
		Customers::use_quota(&id(ANN), 1);
		assert_eq!(Customers::has_quota(&id(ANN), 0), None);
	});
}

#[test]
fn a_person_has_its_quota_each_day() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		let has = |calls| Customers::has_quota(&id(ANN), calls).unwrap();
		assert!(has(QUOTA) && !has(QUOTA + 1) && !has(u32::MAX));
		Customers::use_quota(&id(ANN), QUOTA - 1);
		assert!(has(1) && !has(2));
		Customers::use_quota(&id(ANN), 1);
		assert!(has(0) && !has(1));

		pass(DAY - START % DAY - 1);
		assert!(!has(1));
		pass(1);
		assert!(has(QUOTA) && !has(QUOTA + 1));
		Customers::use_quota(&id(ANN), 2);
		assert!(has(QUOTA - 2) && !has(QUOTA - 1));
	});
}

#[test]
fn more_than_the_quota_can_be_taken_and_stays_taken() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		Customers::use_quota(&id(ANN), u32::MAX);
		Customers::use_quota(&id(ANN), 1);
		assert_eq!(Customers::has_quota(&id(ANN), 1), Some(false));
		pass(DAY);
		assert_eq!(Customers::has_quota(&id(ANN), QUOTA), Some(true));
	});
}

#[test]
fn accounts_that_joined_share_one_quota() {
	run(|| {
		assert_ok!(register(BANK, ANN, tag(1)));
		assert_ok!(register(SHOP, BEN, tag(1)));
		assert_ok!(join(BEN, ANN));
		assert_ok!(register(BANK, CAT, tag(2)));
		Customers::use_quota(&id(ANN), 2);
		Customers::use_quota(&id(BEN), 3);
		for key in [ANN, BEN] {
			assert_eq!(Customers::has_quota(&id(key), 1), Some(false));
		}
		assert_eq!(Customers::has_quota(&id(CAT), QUOTA), Some(true));
		// Another account is no way to more, nor is leaving.
		assert_ok!(dismiss(BANK, CAT));
		assert_ok!(register(BANK, EVA, tag(2)));
		assert_eq!(Customers::has_quota(&id(EVA), QUOTA), Some(true));
		Customers::use_quota(&id(EVA), QUOTA);
		assert_ok!(unregister(EVA));
		pass(1);
		assert_ok!(register(BANK, DAN, tag(2)));
		assert_eq!(Customers::has_quota(&id(DAN), 1), Some(false));
	});
}

#[test]
fn an_account_can_object_while_nothing_of_its_recovery_has_moved() {
	run(|| {
		let may_object = || Customers::may_object(&id(ANN));
		lose_key();
		assert!(may_object());
		// The nonce has changed when an objection is charged for.
		signs(ANN);
		assert!(may_object());
		assert_ok!(Customers::object_to_recovery(signed(ANN)));
		assert!(!may_object());

		assert_ok!(recover(BANK, ANN, BEN, [1, 2]));
		pass(DELAY);
		assert!(may_object());
		assert_ok!(complete(ANN));
		assert!(!may_object());
	});
}
