use super::mock::*;
use crate::{AuthorisationDeadlines, Authorisations, Error, Event, Receipts};
use frame_support::{assert_ok, weights::WeightMeter};
use hanse_primitives::{program_of, MemberStatus as _, Reserves as _, SuspensionCause};
use pallet_clearing::Encumbrances;
use pallet_points::{FlowsOf, LiabilityOf};

const OVER: u64 = START + AUTHORISATION;

/// 100 points of 10 for Ann, of which 50 are authorised at the bookshop.
fn authorised() {
	Interchange::set(Permill::from_parts(10_000));
	assert_ok!(issue(1, ANN, 100));
	assert_ok!(authorize(ANN, BOOKS, 1, 500, &[(1, 100)]));
}

#[test]
fn an_authorisation_burns_points_and_keeps_what_the_payment_will_need() {
	run(|| {
		authorised();
		// They may come back, so all of them are still owed.
		assert_eq!((points(1, ANN), LiabilityOf::<Test>::get(AIR).outstanding), (50, 1_000));
		let claim = Encumbrances::<Test>::get(AIR);
		assert_eq!((claim.earmarked, claim.accrued, Clearing::reserve(AIR)), (495, 5, RESERVE));
		let event = Event::PaymentAuthorised {
			merchant: BOOKS,
			payer: ANN,
			order: order(1),
			price: 500,
			deadline: OVER,
		};
		System::assert_last_event(event.into());
		// Nobody else can use it, and the capture finds it.
		let short = pallet_clearing::Error::<Test>::ReserveTooSmall;
		refused!(Clearing::draw_down(RuntimeOrigin::signed(1), RESERVE - 499), short);
		// Beside that there is the minimum for all that is owed.
		let below = pallet_points::Error::<Test>::BelowMinimumReserve;
		refused!(Clearing::draw_down(RuntimeOrigin::signed(1), RESERVE - 599), below);
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(1), RESERVE - 600));
		assert_ok!(capture(2, ANN, 1, 500));
	});
}

#[test]
fn a_capture_of_everything_is_a_payment() {
	let state = |act: &dyn Fn()| {
		let mut state = None;
		run(|| {
			Interchange::set(Permill::from_parts(10_000));
			assert_ok!(issue(1, ANN, 100));
			assert_ok!(issue(2, ANN, 100));
			act();
			let reserves =
				[AIR, BOOKS, HOTEL].map(|id| (Clearing::reserve(id), Encumbrances::<Test>::get(id)));
			state = Some((receipt(HOTEL, ANN, 1), reserves, points(1, ANN), points(2, ANN)));
		});
		state.unwrap()
	};
	let legs = [(1, 30), (2, 100)];
	let paid = state(&|| pay(ANN, HOTEL, 1, 505, &legs).unwrap());
	let captured = state(&|| {
		assert_ok!(authorize(ANN, HOTEL, 1, 505, &legs));
		assert_ok!(capture(3, ANN, 1, 505));
	});
	assert_eq!(paid, captured);
}

#[test]
fn a_capture_of_a_part_is_a_payment_of_that_part_and_the_rest_is_back() {
	for value in [1, 50, 299, 300, 301, 306, 307, 504] {
		let legs = [(1, 30), (2, 100)];
		run(|| {
			Interchange::set(Permill::from_parts(10_000));
			assert_ok!(issue(1, ANN, 100));
			assert_ok!(issue(2, ANN, 100));
			assert_ok!(authorize(ANN, HOTEL, 1, 505, &legs));
			assert_ok!(capture(3, ANN, 1, value));
			let captured = receipt(HOTEL, ANN, 1);
			let spent = |program| {
				let of = |part: &&crate::Part| program_of(part.burn.asset) == program;
				captured.parts.iter().filter(of).map(|part| part.burn.points).sum::<u128>()
			};
			let worth = spent(1) * 10 + spent(2) * 7;
			assert!(worth >= value && worth < value + 10);
			assert_eq!((points(1, ANN), points(2, ANN)), (100 - spent(1), 100 - spent(2)));
			assert_eq!((captured.price, captured.authorised), (value, false));
			assert_eq!(GivenBack::get(), [(ANN, 505 - value, START)]);
			assert_ok!(refund(3, ANN, 1, value));
			assert_eq!((points(1, ANN), points(2, ANN)), (100, 100));
		});
	}
}

#[test]
fn an_order_is_authorised_or_paid_once() {
	run(|| {
		authorised();
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::AlreadyAuthorised);
		refused!(authorize(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::AlreadyAuthorised);
		assert_ok!(capture(2, ANN, 1, 100));
		refused!(capture(2, ANN, 1, 100), Error::<Test>::NotFound);
		refused!(void(2, BOOKS, ANN, 1), Error::<Test>::NotFound);
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::AlreadyPaid);
		refused!(authorize(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::AlreadyPaid);
	});
}

#[test]
fn bad_captures_are_refused_by_name() {
	run(|| {
		authorised();
		refused!(capture(2, ANN, 1, 0), Error::<Test>::ZeroAmount);
		refused!(capture(2, ANN, 1, 501), Error::<Test>::CaptureTooLarge);
		refused!(capture(3, ANN, 1, 1), Error::<Test>::NotFound);
		refused!(capture(2, BEN, 1, 1), Error::<Test>::NotFound);
		refused!(capture(ANN, ANN, 1, 1), sp_runtime::DispatchError::BadOrigin);
		Timestamp::set_timestamp(OVER);
		refused!(capture(2, ANN, 1, 1), Error::<Test>::AuthorisationOver);
	});
}

#[test]
fn void_gives_everything_back_by_the_merchant_at_once_and_by_anybody_in_the_end() {
	for (who, now) in [(2, START), (BEN, OVER), (ANN, OVER), (1, OVER)] {
		run(|| {
			authorised();
			refused!(void(BEN, BOOKS, ANN, 1), Error::<Test>::AuthorisationRuns);
			refused!(void(1, BOOKS, ANN, 1), Error::<Test>::AuthorisationRuns);
			Timestamp::set_timestamp(now);
			assert_ok!(void(who, BOOKS, ANN, 1));
			assert_eq!((points(1, ANN), LiabilityOf::<Test>::get(AIR).outstanding), (100, 1_000));
			assert_eq!(Encumbrances::<Test>::get(AIR), Default::default());
			assert_eq!(FlowsOf::<Test>::get(1).reinstated, 50);
			assert_eq!((GivenBack::get(), Receipts::<Test>::iter().count()), (vec![(ANN, 500, START)], 0));
			System::assert_last_event(
				Event::AuthorisationVoided { merchant: BOOKS, payer: ANN, order: first_order(1), value: 500 }
					.into(),
			);
			// The order can be paid after all.
			assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		});
	}
}

#[test]
fn the_chain_ends_what_is_over_by_itself_in_pieces() {
	run(|| {
		assert_ok!(issue(1, ANN, 200));
		for number in 0..20 {
			assert_ok!(authorize(ANN, BOOKS, number, 100, &[(1, 10)]));
		}
		block_at(OVER - 1);
		assert_eq!((Authorisations::<Test>::iter().count(), points(1, ANN)), (20, 0));
		Timestamp::set_timestamp(OVER);
		Exchange::end_past_authorisations(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(points(1, ANN), 0);
		block_at(OVER);
		assert_eq!((Authorisations::<Test>::iter().count(), points(1, ANN)), (4, 160));
		check();
		block_at(OVER + 1);
		assert_eq!((AuthorisationDeadlines::<Test>::iter().count(), points(1, ANN)), (0, 200));
	});
}

#[test]
fn points_that_would_expire_before_it_is_over_are_not_authorised() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		// They are expired at START + 3 × PERIOD.
		Timestamp::set_timestamp(START + 3 * PERIOD - AUTHORISATION);
		refused!(authorize(ANN, BOOKS, 1, 500, &[(1, 100)]), Error::<Test>::PriceNotCovered);
		assert_ok!(pay(ANN, BOOKS, 2, 50, &[(1, 100)]));
		Timestamp::set_timestamp(START + 3 * PERIOD - AUTHORISATION - 1);
		assert_ok!(authorize(ANN, BOOKS, 1, 500, &[(1, 100)]));
	});
}

#[test]
fn what_came_back_too_late_is_of_the_next_vintage_or_has_expired_as_all_others() {
	for has_next in [true, false] {
		run(|| {
			authorised();
			Timestamp::set_timestamp(START + PERIOD);
			if has_next {
				assert_ok!(issue(1, BEN, 1));
			}
			Timestamp::set_timestamp(START + 3 * PERIOD);
			assert_ok!(void(BEN, BOOKS, ANN, 1));
			let next = hanse_primitives::asset_id(1, 1);
			assert_eq!(Assets::maybe_balance(next, ANN), has_next.then_some(50));
		});
	}
}

#[test]
fn an_authorisation_fails_like_a_payment_and_leaves_nothing_behind() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		let legs = [(1, 100)];
		refused!(authorize(ANN, BOOKS, 1, 4, &legs), Error::<Test>::PriceTooLow);
		refused!(authorize(ANN, BOOKS, 1, 1_001, &legs), Error::<Test>::PriceNotCovered);
		Limit::set(499);
		refused!(authorize(ANN, BOOKS, 1, 500, &legs), sp_runtime::DispatchError::Other("OverLimit"));
		Limit::set(500);
		fall_overdue(AIR);
		refused!(authorize(ANN, BOOKS, 1, 500, &legs), pallet_clearing::Error::<Test>::Overdue);
		Overdue::remove(AIR);
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(1), RESERVE - 499));
		refused!(authorize(ANN, BOOKS, 1, 500, &legs), pallet_clearing::Error::<Test>::ReserveTooSmall);
	});
}

#[test]
fn delay_suspension_and_run_off_stop_neither_capture_nor_void() {
	for captured in [true, false] {
		run(|| {
			authorised();
			fall_overdue(AIR);
			assert_ok!(Institutions::suspend(BOOKS, SuspensionCause::Conduct));
			assert_ok!(Institutions::start_run_off(AIR));
			assert_ok!(if captured { capture(2, ANN, 1, 300) } else { void(2, BOOKS, ANN, 1) });
			assert_eq!(points(1, ANN), if captured { 70 } else { 100 });
		});
	}
}
