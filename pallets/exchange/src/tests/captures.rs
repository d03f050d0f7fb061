//! Captures in parts, and refunds of what grows.

use super::mock::*;
use crate::{Authorisations, Error, Event, Receipts};
use frame_support::assert_ok;
use hanse_primitives::{Balance, Chargebacks as _, PointsLedger as _, Reserves as _, MAX_CAPTURES};
use pallet_clearing::Encumbrances;
use pallet_points::LiabilityOf;
use proptest::{prelude::*, test_runner::TestRunner};
use std::cell::Cell;

const OVER: u64 = START + AUTHORISATION;

/// 100 points of 10 for Ann, of which all are authorised at the bookshop.
fn authorised() {
	Interchange::set(Permill::from_parts(10_000));
	assert_ok!(issue(1, ANN, 100));
	assert_ok!(authorize(ANN, BOOKS, 1, 1_000, &[(1, 100)]));
}

#[test]
fn an_authorisation_is_captured_in_parts_and_the_last_gives_the_rest_back() {
	run(|| {
		authorised();
		assert_eq!(
			(LiabilityOf::<Test>::get(AIR).authorised, LiabilityOf::<Test>::get(AIR).outstanding),
			(1_000, 1_000)
		);
		assert_ok!(capture_part(2, ANN, 1, 400));
		let event = |value, left| Event::PaymentCaptured {
			merchant: BOOKS,
			payer: ANN,
			order: order(1),
			value,
			left,
		};
		System::assert_last_event(event(400, 600).into());
		assert_eq!(
			(LiabilityOf::<Test>::get(AIR).authorised, LiabilityOf::<Test>::get(AIR).outstanding),
			(600, 600)
		);
		let claim = Encumbrances::<Test>::get(AIR);
		assert_eq!((claim.earmarked, claim.accrued, Clearing::reserve(AIR)), (594, 10, RESERVE - 396));
		check();
		assert_ok!(capture(2, ANN, 1, 300));
		System::assert_last_event(event(300, 0).into());
		assert_eq!((points(1, ANN), LiabilityOf::<Test>::get(AIR).outstanding), (30, 300));
		let claim = Encumbrances::<Test>::get(AIR);
		assert_eq!((claim.earmarked, claim.accrued, Clearing::reserve(AIR)), (0, 7, RESERVE - 693));
		assert_eq!(GivenBack::get(), [(ANN, 300, START)]);
		let receipt = receipt(BOOKS, ANN, 1);
		assert_eq!((receipt.price, receipt.authorised, receipt.parts.len()), (700, false, 2));
		refused!(capture(2, ANN, 1, 1), Error::<Test>::NotFound);
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::AlreadyPaid);
		assert_eq!(listed(), 1);
	});
}

#[test]
fn a_capture_of_all_that_is_left_is_the_last() {
	run(|| {
		authorised();
		assert_ok!(capture_part(2, ANN, 1, 400));
		refused!(capture_part(2, ANN, 1, 601), Error::<Test>::CaptureTooLarge);
		assert_ok!(capture_part(2, ANN, 1, 600));
		assert_eq!((Authorisations::<Test>::iter().count(), Points::authorised().len()), (0, 0));
		assert_eq!((receipt(BOOKS, ANN, 1).price, GivenBack::get()), (1_000, vec![]));
	});
}

#[test]
fn after_a_part_was_captured_void_or_the_deadline_gives_back_the_rest() {
	for by_the_chain in [false, true] {
		run(|| {
			authorised();
			assert_ok!(capture_part(2, ANN, 1, 405));
			if by_the_chain {
				block_at(OVER - 1);
				assert_eq!(Authorisations::<Test>::iter().count(), 1);
				block_at(OVER);
			} else {
				assert_ok!(void(2, BOOKS, ANN, 1));
			}
			let event =
				Event::AuthorisationVoided { merchant: BOOKS, payer: ANN, order: order(1), value: 595 };
			assert!(System::events().iter().any(|record| record.event == event.clone().into()));
			// Of the point of which a half was captured all is taken.
			assert_eq!((points(1, ANN), GivenBack::get()), (59, vec![(ANN, 595, START)]));
			let parts = receipt(BOOKS, ANN, 1).parts;
			assert_eq!(parts.iter().map(|part| part.burn.points).collect::<Vec<_>>(), [40, 1]);
			assert_eq!((LiabilityOf::<Test>::get(AIR).outstanding, Points::authorised().len()), (590, 0));
			assert_eq!(Encumbrances::<Test>::get(AIR).earmarked, 0);
			let receipt = receipt(BOOKS, ANN, 1);
			assert_eq!((receipt.price, receipt.authorised), (405, false));
			refused!(void(2, BOOKS, ANN, 1), Error::<Test>::NotFound);
		});
	}
}

#[test]
fn before_anything_is_captured_there_is_no_receipt_for_anybody() {
	run(|| {
		authorised();
		assert_eq!(Exchange::receipt(BOOKS, ANN, order(1)), None);
		assert_eq!(Exchange::refundable(BOOKS, &ANN, order(1)), None);
		refused!(Exchange::hold_for_dispute(BOOKS, &ANN, order(1)), Error::<Test>::NotFound);
		refused!(refund(2, ANN, 1, 1), Error::<Test>::NotFound);
	});
}

#[test]
fn an_authorisation_is_captured_sixteen_times_at_most() {
	run(|| {
		authorised();
		for _ in 1..MAX_CAPTURES {
			assert_ok!(capture_part(2, ANN, 1, 7));
		}
		refused!(capture_part(2, ANN, 1, 7), Error::<Test>::MaxCapturesExceeded);
		assert_ok!(capture(2, ANN, 1, 7));
		assert_eq!(receipt(BOOKS, ANN, 1).price, 7 * Balance::from(MAX_CAPTURES));
		assert_ok!(refund(2, ANN, 1, 7 * Balance::from(MAX_CAPTURES)));
		assert_eq!((points(1, ANN), accrued(AIR), Clearing::reserve(AIR)), (100, 0, RESERVE));
	});
}

#[test]
fn what_is_captured_is_refunded_between_captures_and_long_after_the_first() {
	run(|| {
		authorised();
		assert_ok!(capture_part(2, ANN, 1, 400));
		assert_ok!(refund(2, ANN, 1, 100));
		refused!(refund(2, ANN, 1, 401), Error::<Test>::RefundTooLarge);
		assert_ok!(capture_part(2, ANN, 1, 300));
		assert_ok!(refund(2, ANN, 1, 650));
		check();
		assert_ok!(capture(2, ANN, 1, 300));
		let kept: Vec<_> = receipt(BOOKS, ANN, 1).parts.iter().map(|part| part.returned).collect();
		assert_eq!(kept, [40, 25, 0]);
		assert_ok!(refund(2, ANN, 1, 1_000));
		assert_eq!((points(1, ANN), accrued(AIR), Clearing::reserve(AIR)), (100, 0, RESERVE));
		let back: Vec<_> = GivenBack::get().iter().map(|(_, value, _)| *value).collect();
		assert_eq!(back, [100, 550, 350]);
	});
}

#[test]
fn captures_within_one_point_and_refunds_between_them_give_nothing_away() {
	run(|| {
		authorised();
		// Of twelve points eleven are taken, and these come back.
		assert_ok!(capture_part(2, ANN, 1, 114));
		assert_eq!((points(1, ANN), LiabilityOf::<Test>::get(AIR).authorised), (0, 880));
		assert_ok!(refund(2, ANN, 1, 114));
		assert_eq!(points(1, ANN), 11);
		assert_ok!(capture_part(2, ANN, 1, 75));
		assert_ok!(void(2, BOOKS, ANN, 1));
		// For the 75 that are paid eight are taken.
		assert_eq!((points(1, ANN), LiabilityOf::<Test>::get(AIR).outstanding), (92, 920));
		assert_ok!(refund(2, ANN, 1, 189));
		assert_eq!(points(1, ANN), 100);
	});
	// Where everything was refunded before the end, everything is back.
	run(|| {
		authorised();
		assert_ok!(capture_part(2, ANN, 1, 114));
		assert_ok!(refund(2, ANN, 1, 114));
		assert_ok!(void(2, BOOKS, ANN, 1));
		assert_eq!(points(1, ANN), 100);
	});
}

#[test]
fn authorising_and_voiding_makes_no_room_for_more_points_meanwhile() {
	run(|| {
		assert_ok!(issue(1, ANN, 1_000));
		assert_ok!(authorize(ANN, AIR, 1, 10_000, &[(1, 1_000)]));
		// The cap: two times 10,000 of reserve and 1,000 of bond.
		refused!(issue(1, BEN, 1_201), pallet_points::Error::<Test>::OverLiabilityCap);
		assert_ok!(issue(1, BEN, 1_200));
		assert_ok!(void(1, AIR, ANN, 1));
		assert_eq!(LiabilityOf::<Test>::get(AIR).outstanding, 22_000);
	});
}

#[test]
fn what_was_refunded_into_another_vintage_is_rounded_down_once_over_all_parts() {
	// 100 points of 10 are 333 of 3 and one micro-unit, at once and in ten parts, at home and at a partner.
	for merchant in [AIR, BOOKS] {
		for parts in [1, 10] {
			run(|| {
				assert_ok!(issue(1, ANN, 100));
				assert_ok!(pay(ANN, merchant, 1, 1_000, &[(1, 100)]));
				let terms = pallet_points::Terms {
					face_value: 3,
					decimals: 0,
					period: pallet_points::Period::Milliseconds(PERIOD),
					validity: 2 * PERIOD,
					pending: 0,
				};
				assert_ok!(Points::revise_terms(RuntimeOrigin::signed(1), 1, terms));
				block_at(START + 2 * PERIOD);
				assert_ok!(issue(1, BEN, 1));
				block_at(START + 3 * PERIOD);
				for part in 1..=parts {
					assert_ok!(refund(merchant.into(), ANN, 1, 1_000 * part / parts));
					check();
				}
				assert_eq!(Assets::balance(hanse_primitives::asset_id(1, 1), ANN), 333);
				assert_eq!(receipt(merchant, ANN, 1).parts[0].carried, 1);
			});
		}
	}
}

#[test]
fn parts_of_one_refund_that_come_back_in_one_vintage_are_rounded_down_together() {
	run(|| {
		// Two vintages, each of which has paid 55: with the last of a point, 110 are 15 points of 7 and 5.
		assert_ok!(issue(1, ANN, 6));
		block_at(START + PERIOD);
		assert_ok!(issue(1, ANN, 5));
		assert_ok!(pay(ANN, BOOKS, 1, 110, &[(1, 100)]));
		assert_eq!(receipt(BOOKS, ANN, 1).parts.len(), 2);
		block_at(START + 5 * PERIOD);
		for total in [1, 2, 13, 14, 15, 60, 109, 110] {
			assert_ok!(Exchange::refund(RuntimeOrigin::signed(2), ANN, first_order(1), total));
			// Each vintage's share is a whole number, and what it comes to is rounded once.
			assert_eq!(points(2, ANN), (60 * total / 110 + 50 * total / 110) / 7);
			check();
		}
		let carried: Balance =
			Receipts::<Test>::iter_values().next().unwrap().parts.iter().map(|p| p.carried).sum();
		assert_eq!(carried, 5);
	});
}

#[test]
fn captures_and_refunds_in_any_parts_add_up_to_a_payment_of_all_of_them() {
	let steps = prop::collection::vec((1..200u128, any::<bool>()), 1..14);
	let (captures, refunds) = (Cell::new(0), Cell::new(0));
	let config = ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() };
	TestRunner::new(config)
		.run(&(300..900u128, 0..=1_000_000u32, steps), |(price, rate, steps)| {
			genesis().execute_with(|| {
				Interchange::set(Permill::from_parts(rate));
				for (program, amount) in [(1, 20), (2, 30), (3, 20)] {
					assert_ok!(issue(program, ANN, amount));
				}
				let legs = [(1, 100), (2, 100), (3, 100)];
				assert_ok!(authorize(ANN, BOOKS, 1, price, &legs[..]));
				let (mut captured, mut refunded) = (0, 0);
				for (part, is_capture) in steps {
					if is_capture && captured + part < price {
						captured += part;
						assert_ok!(capture_part(2, ANN, 1, part));
						captures.set(captures.get() + 1);
					} else if part <= captured - refunded {
						refunded += part;
						assert_ok!(refund(2, ANN, 1, refunded));
						refunds.set(refunds.get() + 1);
					}
					check();
				}
				assert_ok!(void(2, BOOKS, ANN, 1));
				check();
				if captured > 0 {
					let whole = receipt(BOOKS, ANN, 1);
					let net: Balance = whole.parts.iter().map(|part| part.net().unwrap()).sum();
					assert_eq!((whole.price, whole.refunded), (captured, refunded));
					assert!(Clearing::reserve(BOOKS) <= RESERVE + net);
					assert_ok!(refund(2, ANN, 1, captured));
				}
				assert_eq!([1, 2, 3].map(|program| points(program, ANN)), [20, 30, 20]);
				assert_eq!([AIR, BOOKS, HOTEL].map(Clearing::reserve), [RESERVE; 3]);
				assert_eq!([AIR, BOOKS, HOTEL].map(accrued), [0; 3]);
			});
			Ok(())
		})
		.unwrap();
	// Histories in which nothing is taken or comes back prove nothing.
	let often = (captures.get(), refunds.get());
	assert!(often.0 >= 100 && often.1 >= 40, "{often:?}");
}
