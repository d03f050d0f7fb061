use super::mock::*;
use crate::{Error, Event};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use hanse_primitives::{MemberStatus as _, Reserves as _, SuspensionCause};
use pallet_points::{FlowsOf, LiabilityOf};

#[test]
fn points_are_exchanged_at_face_value_and_the_issuers_settle() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(exchange(ANN, 1, 50, 3, 5));
		assert_eq!((points(1, ANN), points(3, ANN)), (50, 5));
		assert_eq!(
			(LiabilityOf::<Test>::get(AIR).outstanding, LiabilityOf::<Test>::get(HOTEL).outstanding),
			(500, 500)
		);
		assert_eq!((Clearing::reserve(AIR), Clearing::reserve(HOTEL)), (RESERVE - 500, RESERVE + 500));
		assert_eq!((FlowsOf::<Test>::get(1).exchanged_out, FlowsOf::<Test>::get(3).exchanged_in), (50, 5));
		let event = Event::Exchanged { who: ANN, from: 1, amount: 50, to: 3, out: 5, value: 500 };
		System::assert_last_event(event.into());
	});
}

#[test]
fn what_does_not_fill_a_smallest_unit_stays_with_the_target() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		// 10 points of 10 are 14 points of 7 and 2 micro-units.
		assert_ok!(exchange(ANN, 1, 10, 2, 14));
		assert_eq!(points(2, ANN), 14);
		assert_eq!(Clearing::reserve(BOOKS), RESERVE + 100);
		assert_eq!(LiabilityOf::<Test>::get(BOOKS).outstanding, 98);
	});
}

#[test]
fn there_and_back_never_gains() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		for amount in [1, 3, 10, 50] {
			let before = points(1, ANN);
			assert_ok!(exchange(ANN, 1, amount, 2, 0));
			// Too little comes out to buy a single point back: then there is no way back.
			let _ = with_storage_layer(|| exchange(ANN, 2, points(2, ANN), 1, 0));
			assert!(points(1, ANN) <= before);
		}
	});
}

#[test]
fn bad_input_is_refused_by_name() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		let refused = |from, amount, to, min_out, error: sp_runtime::DispatchError| {
			assert_noop!(with_storage_layer(|| exchange(ANN, from, amount, to, min_out)), error);
		};
		refused(1, 1, 1, 0, Error::<Test>::SameProgram.into());
		refused(1, 0, 2, 0, Error::<Test>::ZeroAmount.into());
		refused(1, 101, 2, 0, Error::<Test>::PointsTooFew.into());
		refused(1, u128::MAX, 2, 0, Error::<Test>::PointsTooFew.into());
		refused(1, 50, 3, 6, Error::<Test>::BelowMinOut.into());
		refused(1, 50, 3, u128::MAX, Error::<Test>::BelowMinOut.into());
		refused(1, 9, 3, 0, pallet_points::Error::<Test>::ZeroAmount.into());
		refused(9, 1, 1, 0, pallet_points::Error::<Test>::NotFound.into());
		refused(1, 1, 9, 0, pallet_points::Error::<Test>::NotFound.into());
	});
}

#[test]
fn an_exchange_fails_when_the_source_issuers_reserve_is_short() {
	run(|| {
		assert_ok!(issue(1, ANN, 60));
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(1), RESERVE - 599));
		let short = pallet_clearing::Error::<Test>::ReserveTooSmall;
		assert_noop!(with_storage_layer(|| exchange(ANN, 1, 60, 3, 0)), short);
		assert_ok!(exchange(ANN, 1, 50, 3, 0));
	});
}

#[test]
fn what_an_exchange_brought_in_stays_behind_its_points() {
	run(|| {
		// Two times bond and reserve allow the hotel 22,000 micro-units; 21,000 are in circulation.
		assert_ok!(issue(3, BEN, 210));
		assert_ok!(issue(1, ANN, 1_000));
		assert_ok!(exchange(ANN, 1, 100, 3, 10));
		// 22,000 are now, on 12,000 of bond and reserve: 500 were too much before, and are now.
		let over = pallet_points::Error::<Test>::OverLiabilityCap;
		assert_noop!(Clearing::draw_down(RuntimeOrigin::signed(3), 501), over);
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(3), 500));
	});
}

#[test]
fn a_suspended_target_takes_no_points() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(Institutions::suspend(HOTEL, SuspensionCause::Conduct));
		assert_noop!(
			with_storage_layer(|| exchange(ANN, 1, 50, 3, 0)),
			pallet_institutions::Error::<Test>::NotActive
		);
	});
}

#[test]
fn only_customers_who_are_old_enough_exchange_and_within_their_limit() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		TooYoung::set(vec![ANN]);
		assert_noop!(exchange(ANN, 1, 10, 3, 1), sp_runtime::DispatchError::Other("TooYoung"));
		TooYoung::set(vec![]);
		// Ten points of 10 micro-units.
		Limit::set(99);
		assert!(exchange(ANN, 1, 10, 3, 1) == Err(sp_runtime::DispatchError::Other("OverLimit")));
	});
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		Limit::set(100);
		assert_ok!(exchange(ANN, 1, 10, 3, 1));
	});
}

#[test]
fn the_pot_gets_the_interchange_of_an_exchange_at_once() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(issue(1, ANN, 100));
		assert_eq!(Exchange::quote_exchange(ANN, 1, 51, 2), Ok(72));
		// 510 less 6 are 72 points of 7.
		assert_ok!(exchange(ANN, 1, 51, 2, 72));
		assert_eq!((points(2, ANN), pot(), accrued(AIR)), (72, 6, 0));
		assert_eq!((Clearing::reserve(AIR), Clearing::reserve(BOOKS)), (RESERVE - 510, RESERVE + 504));
	});
}

#[test]
fn two_programs_of_one_institution_are_exchanged_without_interchange_or_payment() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		let (name, symbol) = (b"More".to_vec(), b"MORE".to_vec());
		let terms = pallet_points::Programs::<Test>::get(2).unwrap().terms;
		assert_ok!(Points::create_program(RuntimeOrigin::signed(1), name, symbol, terms));
		assert_ok!(issue(1, ANN, 100));
		fall_overdue(AIR);
		assert_ok!(exchange(ANN, 1, 70, 4, 100));
		assert_eq!((points(4, ANN), pot(), Clearing::reserve(AIR)), (100, 0, RESERVE));
	});
}

#[test]
fn points_in_their_last_days_are_not_exchanged() {
	run(|| {
		NoExchange::set(PERIOD);
		assert_ok!(issue(1, ANN, 100));
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(1, ANN, 10));
		Timestamp::set_timestamp(START + 2 * PERIOD - 1);
		assert_ok!(exchange(ANN, 1, 10, 3, 1));
		assert_eq!(points(1, ANN), 90);
		Timestamp::set_timestamp(START + 2 * PERIOD);
		assert_noop!(with_storage_layer(|| exchange(ANN, 1, 20, 3, 0)), Error::<Test>::PointsTooFew);
		// Of the younger vintage, and not the one that expires first.
		assert_ok!(exchange(ANN, 1, 10, 3, 1));
		assert_eq!(points(1, ANN), 90);
	});
}

#[test]
fn a_quote_is_what_the_exchange_then_gives_or_why_it_fails_and_changes_nothing() {
	run(|| {
		Interchange::set(Permill::from_parts(5_000));
		assert_ok!(issue(1, ANN, 100));
		let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
		for amount in [1, 7, 13, 40] {
			let before = root();
			let quote = Exchange::quote_exchange(ANN, 1, amount, 2).unwrap();
			assert_eq!(root(), before);
			let had = points(2, ANN);
			assert_ok!(exchange(ANN, 1, amount, 2, quote));
			assert_eq!(points(2, ANN) - had, quote);
		}
		assert_eq!(Exchange::quote_exchange(ANN, 1, 101, 2), Err(Error::<Test>::PointsTooFew.into()));
	});
}
