use super::mock::*;
use crate::{Error, Event, Receipts};
use frame_support::assert_ok;
use hanse_primitives::{MemberStatus as _, Order, Reserves as _, SuspensionCause};
use pallet_clearing::Turnover;
use pallet_points::{FlowsOf, LiabilityOf};

#[test]
fn points_of_one_member_pay_at_another_and_the_issuer_pays_the_merchant() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 250, &[(1, 100)]));

		assert_eq!(points(1, ANN), 75);
		assert_eq!(LiabilityOf::<Test>::get(AIR).outstanding, 750);
		assert_eq!((Clearing::reserve(AIR), Clearing::reserve(BOOKS)), (RESERVE - 250, RESERVE + 250));
		assert_eq!(FlowsOf::<Test>::get(1).redeemed_at_partners, 25);
		System::assert_last_event(
			Event::Paid { merchant: BOOKS, payer: ANN, order: order(1), price: 250 }.into(),
		);
	});
}

#[test]
fn points_at_home_move_no_money() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, AIR, 1, 250, &[(1, 100)]));
		assert_eq!(Clearing::reserve(AIR), RESERVE);
		assert_eq!(Turnover::<Test>::iter().count(), 0);
		assert_eq!(FlowsOf::<Test>::get(1).redeemed_at_home, 25);
	});
}

#[test]
fn the_merchant_gets_exactly_the_price_and_the_holder_rounds_up() {
	run(|| {
		assert_ok!(issue(2, ANN, 100));
		// 50 micro-units need 8 points of 7.
		assert_ok!(pay(ANN, AIR, 1, 50, &[(2, 100)]));
		assert_eq!(points(2, ANN), 92);
		assert_eq!(Turnover::<Test>::get(BOOKS, AIR), 50);
		// The issuer no longer owes for all 8.
		assert_eq!(LiabilityOf::<Test>::get(BOOKS).outstanding, 92 * 7);
	});
}

#[test]
fn legs_pay_in_their_order_and_those_not_needed_stay_untouched() {
	run(|| {
		assert_ok!(issue(1, ANN, 10));
		assert_ok!(issue(2, ANN, 10));
		assert_ok!(issue(3, ANN, 10));
		assert_ok!(pay(ANN, HOTEL, 1, 135, &[(1, 10), (2, 10), (3, 10)]));
		assert_eq!((points(1, ANN), points(2, ANN), points(3, ANN)), (0, 5, 10));
		assert_eq!((Turnover::<Test>::get(AIR, HOTEL), Turnover::<Test>::get(BOOKS, HOTEL)), (100, 35));
		let receipt = Receipts::<Test>::iter_values().next().unwrap();
		assert_eq!(
			receipt.parts.iter().map(|part| (part.burn.points, part.burn.value)).collect::<Vec<_>>(),
			[(10, 100), (5, 35)]
		);
	});
}

#[test]
fn a_leg_gives_no_more_than_its_limit() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		refused!(pay(ANN, BOOKS, 1, 250, &[(1, 24)]), Error::<Test>::PriceNotCovered);
		// The same program twice is one limit after the other, not the same points twice.
		assert_ok!(pay(ANN, BOOKS, 1, 250, &[(1, 24), (1, 1)]));
		refused!(pay(ANN, BOOKS, 2, 1_000, &[(1, 75), (1, 75)]), Error::<Test>::PriceNotCovered);
	});
}

#[test]
fn one_payment_spends_several_vintages() {
	run(|| {
		assert_ok!(issue(1, ANN, 3));
		block_at(START + PERIOD);
		assert_ok!(issue(1, ANN, 3));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		assert_eq!(points(1, ANN), 0);
		assert_eq!(Receipts::<Test>::iter_values().next().unwrap().parts.len(), 2);
	});
}

#[test]
fn an_order_is_paid_once_by_a_payer_at_a_merchant() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(issue(1, BEN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::AlreadyPaid);
		refused!(pay(ANN, BOOKS, 1, 60, &[(1, 100)]), Error::<Test>::AlreadyPaid);
		assert_ok!(pay(BEN, BOOKS, 1, 50, &[(1, 100)]));
		assert_ok!(pay(ANN, HOTEL, 1, 50, &[(1, 100)]));
		assert_ok!(pay(ANN, BOOKS, 2, 50, &[(1, 100)]));
	});
}

#[test]
fn an_order_is_paid_once_whatever_open_era_a_retry_names() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
		// The answer got lost, and the era turns.
		block_at(START + ERA);
		assert_ok!(issue(1, ANN, 100));
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::AlreadyPaid);
		refused!(authorize(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::AlreadyPaid);
		// And is found and refunded under either era.
		for order in [order(1), first_order(1)] {
			assert_eq!(Exchange::receipt(BOOKS, ANN, order).unwrap().price, 50);
		}
		assert_ok!(Exchange::refund(RuntimeOrigin::signed(2), ANN, order(1), 20));
		let order = first_order(1);
		System::assert_last_event(
			Event::Refunded { merchant: BOOKS, payer: ANN, order, value: 20, total: 20 }.into(),
		);
	});
}

#[test]
fn an_order_is_refused_outside_its_era_and_those_that_the_rule_adds() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		for era in [0, 48, 51, u32::MAX] {
			let order = Order { era, ..order(1) };
			let legs = vec![crate::Leg { program: 1, max_points: 100 }].try_into().unwrap();
			refused!(
				Exchange::pay(RuntimeOrigin::signed(ANN), BOOKS, order, 50, legs)
					.map(drop)
					.map_err(|e| e.error),
				Error::<Test>::EraNotOpen
			);
		}
	});
}

#[test]
fn a_payment_fails_whole_when_one_issuers_reserve_is_short() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(issue(3, ANN, 20));
		// As much as the minimum behind 2,000 that are outstanding.
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(3), RESERVE - 200));
		let legs = [(1, 10), (3, 20)];
		refused!(pay(ANN, BOOKS, 1, 301, &legs), pallet_clearing::Error::<Test>::ReserveTooSmall);
		assert_ok!(Clearing::top_up(RuntimeOrigin::signed(3), 1));
		assert_ok!(pay(ANN, BOOKS, 1, 301, &legs));
		assert_eq!(Clearing::reserve(HOTEL), 0);
	});
}

#[test]
fn only_customers_within_their_limit_pay() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		Strangers::set(vec![ANN]);
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]), sp_runtime::DispatchError::Other("NotRegistered"));
		Strangers::set(vec![]);
		Limit::set(49);
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]), sp_runtime::DispatchError::Other("OverLimit"));
		Limit::set(50);
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
	});
}

#[test]
fn a_quote_is_what_the_payment_then_burns_and_changes_nothing() {
	run(|| {
		assert_ok!(issue(1, ANN, 20));
		block_at(START + PERIOD);
		assert_ok!(issue(1, ANN, 20));
		let legs: sp_runtime::BoundedVec<_, _> =
			vec![crate::Leg { program: 1, max_points: 100 }].try_into().unwrap();
		let root = || sp_io::storage::root(sp_runtime::StateVersion::V1);
		let before = root();
		let quote = Exchange::quote_pay(ANN, BOOKS, order(1), 255, legs.clone()).unwrap();
		assert_eq!(root(), before);
		assert_ok!(pay(ANN, BOOKS, 1, 255, &[(1, 100)]));
		let receipt = crate::Receipts::<Test>::iter_values().next().unwrap();
		assert_eq!(receipt.parts.iter().map(|part| part.burn).collect::<Vec<_>>(), quote);
		// And why it would fail.
		let quote = |order, price| Exchange::quote_pay(ANN, BOOKS, order, price, legs.clone());
		let refused = |error: Error<Test>| Err(error.into());
		assert_eq!(quote(order(2), 1_000), refused(Error::PriceNotCovered));
		assert_eq!(quote(order(1), 10), refused(Error::AlreadyPaid));
		assert_eq!(quote(Order { era: 48, ..order(2) }, 10), refused(Error::EraNotOpen));
		Limit::set(9);
		assert_eq!(quote(order(2), 10), Err("OverLimit".into()));
		Limit::set(10);
		fall_overdue(AIR);
		assert_eq!(quote(order(2), 10), Err(pallet_clearing::Error::<Test>::Overdue.into()));
		Overdue::remove(AIR);
		assert_ok!(quote(order(2), 10));
	});
}

#[test]
fn bad_input_is_refused_by_name() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		refused!(pay(ANN, BOOKS, 1, 4, &[(1, 100)]), Error::<Test>::PriceTooLow);
		refused!(pay(ANN, BOOKS, 1, 0, &[(1, 100)]), Error::<Test>::PriceTooLow);
		refused!(pay(ANN, BOOKS, 1, u128::MAX, &[(1, u128::MAX)]), Error::<Test>::PriceNotCovered);
		refused!(pay(ANN, BOOKS, 1, 50, &[]), Error::<Test>::PriceNotCovered);
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 0)]), Error::<Test>::PriceNotCovered);
		refused!(pay(ANN, BOOKS, 1, 50, &[(9, 100)]), pallet_points::Error::<Test>::NotFound);
		refused!(pay(ANN, 9, 1, 50, &[(1, 100)]), pallet_institutions::Error::<Test>::NotFound);
		refused!(pay(BEN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::PriceNotCovered);
	});
}

#[test]
fn a_suspended_member_is_paid_and_its_points_pay() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		for id in [AIR, BOOKS] {
			assert_ok!(Institutions::suspend(id, SuspensionCause::Conduct));
		}
		assert_ok!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]));
	});
}

#[test]
fn expired_points_pay_nothing() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		Timestamp::set_timestamp(START + 3 * PERIOD);
		refused!(pay(ANN, BOOKS, 1, 50, &[(1, 100)]), Error::<Test>::PriceNotCovered);
	});
}

#[test]
fn the_issuer_pays_the_price_less_interchange_which_rounds_up_for_each_vintage() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(issue(1, ANN, 100));
		// 2.5 are 3.
		assert_ok!(pay(ANN, BOOKS, 1, 250, &[(1, 100)]));
		assert_eq!((Clearing::reserve(AIR), Clearing::reserve(BOOKS)), (RESERVE - 247, RESERVE + 247));
		assert_eq!((accrued(AIR), accrued(BOOKS), pot()), (3, 0, 0));
		let part = receipt(BOOKS, ANN, 1).parts[0];
		assert_eq!((part.interchange, part.released, part.net()), (3, 0, Ok(247)));
	});
}

#[test]
fn a_payment_fails_whole_when_the_reserve_covers_the_merchants_share_but_not_the_interchange() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(1), RESERVE - 249));
		refused!(pay(ANN, BOOKS, 1, 250, &[(1, 100)]), pallet_clearing::Error::<Test>::ReserveTooSmall);
		assert_ok!(Clearing::top_up(RuntimeOrigin::signed(1), 1));
		assert_ok!(pay(ANN, BOOKS, 1, 250, &[(1, 100)]));
	});
}

#[test]
fn all_of_interchange_leaves_the_merchant_nothing_and_breaks_nothing() {
	run(|| {
		Interchange::set(Permill::from_parts(1_000_000));
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 250, &[(1, 100)]));
		assert_eq!((Clearing::reserve(BOOKS), accrued(AIR)), (RESERVE, 250));
		assert_ok!(refund(2, ANN, 1, 250));
		assert_eq!((points(1, ANN), accrued(AIR)), (100, 0));
	});
}
