//! Payments that customers signed on their phones, and a merchant presents.

use super::mock::*;
use crate::{Error, Event, Leg, Receipts, Slip, MAX_SLIPS};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use hanse_primitives::{InstitutionId, Order, Reserves as _};
use sp_core::H256;
use sp_runtime::{testing::TestSignature, DispatchError};

type TestSlip = Slip<u64, TestSignature>;

/// What became of the slips that were presented last: the places of those that were refused, and why; and how many
/// were paid.
fn outcome() -> (Vec<(u32, DispatchError)>, u32) {
	let (mut refused, mut paid) = (Vec::new(), None);
	for record in System::events() {
		match record.event {
			RuntimeEvent::Exchange(Event::SlipRefused { place, reason, .. }) => refused.push((place, reason)),
			RuntimeEvent::Exchange(Event::SlipsPresented { paid: so_many, .. }) => paid = Some(so_many),
			_ => {},
		}
	}
	System::reset_events();
	(refused, paid.unwrap())
}

/// `error` at a place.
fn at(place: u32, error: impl Into<DispatchError>) -> (u32, DispatchError) {
	(place, error.into())
}

fn points_for_all() {
	assert_ok!(issue(1, ANN, 100));
	assert_ok!(issue(1, BEN, 100));
	System::reset_events();
}

#[test]
fn a_slip_is_booked_as_the_payment_that_it_is() {
	let state = |act: &dyn Fn()| {
		let mut state = None;
		run(|| {
			Interchange::set(Permill::from_parts(10_000));
			assert_ok!(issue(1, ANN, 100));
			assert_ok!(issue(2, ANN, 100));
			act();
			let reserves = [AIR, BOOKS, HOTEL].map(|id| (Clearing::reserve(id), accrued(id)));
			state = Some((receipt(HOTEL, ANN, 1), reserves, points(1, ANN), points(2, ANN)));
		});
		state.unwrap()
	};
	let legs = [(1, 30), (2, 100)];
	let paid = state(&|| pay(ANN, HOTEL, 1, 505, &legs).unwrap());
	let presented = state(&|| {
		assert_ok!(present(3, vec![slip(ANN, HOTEL, 1, 505, &legs)]));
		let event = Event::SlipsPresented { merchant: HOTEL, paid: 1, refused: 0 };
		System::assert_last_event(event.into());
	});
	assert_eq!(paid, presented);
}

#[test]
fn each_slip_that_is_refused_is_named_with_its_place_and_reason_and_the_others_are_paid() {
	run(|| {
		points_for_all();
		Limit::set(300);
		let good = |number| slip(ANN, BOOKS, number, 50, &[(1, 100)]);
		let signed_by_ben = {
			let bytes = good(6).signature.1;
			TestSlip { signature: TestSignature(BEN, bytes), ..good(6) }
		};
		let slips = vec![
			good(1),
			// Presented twice, at another merchant, with another price, and points, and order, signed by another.
			good(1),
			slip(ANN, HOTEL, 2, 50, &[(1, 100)]),
			TestSlip { price: 60, ..good(3) },
			TestSlip { legs: vec![Leg { program: 2, max_points: 1 }].try_into().unwrap(), ..good(4) },
			TestSlip { order: order(9), ..good(5) },
			signed_by_ben,
			TestSlip { payer: BEN, ..good(7) },
			TestSlip { until: START + SLIP - 1, ..good(8) },
			// By nobody who has points, over the limit, and too cheap.
			slip(13, BOOKS, 10, 50, &[(1, 100)]),
			slip(ANN, BOOKS, 11, 301, &[(1, 100)]),
			slip(ANN, BOOKS, 12, 4, &[(1, 100)]),
			good(13),
		];
		assert_ok!(present(2, slips));
		let bad = |place| at(place, Error::<Test>::BadSignature);
		let expected = vec![
			at(1, Error::<Test>::AlreadyPaid),
			bad(2),
			bad(3),
			bad(4),
			bad(5),
			bad(6),
			bad(7),
			bad(8),
			at(9, Error::<Test>::PriceNotCovered),
			// Its words are no part of an event.
			at(10, DispatchError::Other("")),
			at(11, Error::<Test>::PriceTooLow),
		];
		assert_eq!(outcome(), (expected, 2));
		assert_eq!((points(1, ANN), points(1, BEN), Receipts::<Test>::iter().count()), (90, 100, 2));
		// Who signed is known to have its key, whatever became of the payment; of a bad signature nobody.
		assert_eq!(Signed::get(), [ANN, ANN, 13, ANN, ANN, ANN]);
	});
}

#[test]
fn a_slip_is_good_for_as_long_as_it_says_and_no_longer_than_the_rule() {
	run(|| {
		points_for_all();
		let (early, late) = (slip(ANN, BOOKS, 1, 50, &[(1, 100)]), slip(ANN, BOOKS, 2, 50, &[(1, 100)]));
		Timestamp::set_timestamp(START - 1);
		assert_ok!(present(2, vec![early.clone()]));
		assert_eq!(outcome(), (vec![at(0, Error::<Test>::SlipTooLong)], 0));
		Timestamp::set_timestamp(START + SLIP - 1);
		assert_ok!(present(2, vec![early]));
		assert_eq!(outcome(), (vec![], 1));
		Timestamp::set_timestamp(START + SLIP);
		assert_ok!(present(2, vec![late]));
		assert_eq!(outcome(), (vec![at(0, Error::<Test>::SlipExpired)], 0));
	});
}

#[test]
fn a_slip_of_another_chain_is_no_signature_here() {
	run(|| {
		points_for_all();
		let signed = slip(ANN, BOOKS, 1, 50, &[(1, 100)]);
		frame_system::BlockHash::<Test>::insert(0, H256::repeat_byte(7));
		assert_ok!(present(2, vec![signed]));
		assert_eq!(outcome(), (vec![at(0, Error::<Test>::BadSignature)], 0));
		assert_ok!(present(2, vec![slip(ANN, BOOKS, 1, 50, &[(1, 100)])]));
		assert_eq!(outcome(), (vec![], 1));
	});
}

#[test]
fn a_slip_is_worth_one_payment_ever() {
	run(|| {
		points_for_all();
		let signed = slip(ANN, BOOKS, 1, 50, &[(1, 100)]);
		// As the order is paid otherwise, authorised, refunded, or its receipt gone.
		assert_ok!(authorize(ANN, BOOKS, 1, 50, &[(1, 100)]));
		assert_ok!(present(2, vec![signed.clone()]));
		assert_eq!(outcome(), (vec![at(0, Error::<Test>::AlreadyAuthorised)], 0));
		assert_ok!(void(2, BOOKS, ANN, 1));
		System::reset_events();
		assert_ok!(present(2, vec![signed.clone()]));
		assert_eq!(outcome(), (vec![], 1));
		assert_ok!(refund(2, ANN, 1, 50));
		System::reset_events();
		assert_ok!(present(2, vec![signed.clone()]));
		assert_eq!(outcome(), (vec![at(0, Error::<Test>::AlreadyPaid)], 0));
		block_at(START + u64::from(REFUND_WINDOW) * ERA);
		assert_eq!(Receipts::<Test>::iter().count(), 0);
		// A day on which the clock on the wall is wrong.
		Timestamp::set_timestamp(START + u64::from(REFUND_WINDOW) * ERA);
		assert_ok!(issue(1, ANN, 100));
		System::reset_events();
		assert_ok!(present(2, vec![signed]));
		assert_eq!(outcome(), (vec![at(0, Error::<Test>::SlipExpired)], 0));
	});
}

#[test]
fn what_fails_halfway_in_one_slip_is_undone_and_spoils_no_other() {
	run(|| {
		points_for_all();
		assert_ok!(issue(3, ANN, 20));
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(3), RESERVE - 200));
		System::reset_events();
		// Air pays its share, and then Hotel's reserve is short.
		let slips = vec![
			slip(ANN, BOOKS, 1, 301, &[(1, 10), (3, 20)]),
			slip(ANN, BOOKS, 2, 300, &[(1, 10), (3, 20)]),
		];
		assert_ok!(present(2, slips));
		assert_eq!(outcome(), (vec![at(0, pallet_clearing::Error::<Test>::ReserveTooSmall)], 1));
		assert_eq!((points(1, ANN), points(3, ANN), Clearing::reserve(AIR)), (90, 18, RESERVE - 100));
	});
}

#[test]
fn only_merchants_present_and_not_nothing() {
	run(|| {
		points_for_all();
		assert_noop!(present(2, vec![]), Error::<Test>::NoSlips);
		assert_noop!(present(ANN, vec![slip(ANN, BOOKS, 1, 50, &[(1, 9)])]), DispatchError::BadOrigin);
	});
}

#[test]
fn slips_weigh_what_their_legs_may_burn_at_most_and_what_they_did_in_the_end() {
	run(|| {
		points_for_all();
		let slips: Vec<_> =
			(0..MAX_SLIPS.into()).map(|n| slip(ANN, BOOKS, n, 5, &[(1, 1), (2, 1)])).collect();
		let call = crate::Call::<Test>::present_slips { slips: slips.clone().try_into().unwrap() };
		// One, and of each slip one with one leg, one for a recovery, one more leg, and 14 burns more than one of each.
		let declared = call.get_dispatch_info().call_weight.ref_time();
		assert_eq!(declared, 1 + u64::from(MAX_SLIPS) * (1 + 1 + 1 + 14));
		Recovering::set(vec![ANN]);
		let post = Exchange::present_slips(RuntimeOrigin::signed(2), slips.try_into().unwrap()).unwrap();
		// 100 burned one point each; the others found none.
		let (_, paid) = outcome();
		assert_eq!(paid, 100);
		let actual = post.actual_weight.unwrap().ref_time();
		assert_eq!(actual, 1 + 1 + 100 * (1 + 1) + 28 * (1 + 1 + 14));
	});
}

#[test]
fn slips_of_several_programs_weigh_more_than_those_of_one() {
	let weight = |programs: &[u16]| {
		let of = |(number, program): (u64, &u16)| slip(ANN, BOOKS, number, 5, &[(*program, 1)]);
		let slips: Vec<_> = (0..).zip(programs).map(of).collect();
		Exchange::weight_of_slips(&slips).ref_time()
	};
	run(|| {
		let one = weight(&[1, 1, 1]);
		assert_eq!((weight(&[1, 2, 1]), weight(&[3, 2, 1])), (one + 1, one + 2));
	});
}

#[test]
fn what_is_signed_is_what_wallets_sign_of_this_merchant_alone() {
	let signed = |merchant: InstitutionId, era| {
		let order = Order { era, ..order(1) };
		Exchange::slip(merchant, ANN, order, 50, vec![].try_into().unwrap(), START)
	};
	run(|| {
		let bytes = signed(BOOKS, 50);
		assert!(bytes.starts_with(b"<Bytes>hanse/slip") && bytes.ends_with(b"</Bytes>"));
		assert_ne!(bytes, signed(HOTEL, 50));
		assert_ne!(bytes, signed(BOOKS, 51));
	});
}
