//! Receipts that are kept beyond their window, and what others do with receipts.

use super::mock::*;
use crate::{Error, Event, ReceiptClosings, Receipts, CLOSINGS_PER_PAGE};
use frame_support::{
	assert_noop, assert_ok, assert_storage_noop,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{Balance, Chargebacks as _, Reserves as _};

/// The first moment at which receipts of the first era are dropped.
const CLOSED: u64 = START + REFUND_WINDOW as u64 * ERA;

/// Ann has paid 500 of order `number` at Books with 50 points of Air.
fn paid(number: u64) {
	assert_ok!(issue(1, ANN, 50));
	assert_ok!(pay(ANN, BOOKS, number, 500, &[(1, 50)]));
}

fn keep(number: u64) {
	assert_ok!(Exchange::hold_for_dispute(BOOKS, &ANN, first_order(number)));
}

fn release_from_dispute(number: u64) {
	Exchange::release_from_dispute(BOOKS, &ANN, first_order(number));
}

/// How many receipts there are, and how many of them are on no list any more.
fn count() -> (usize, usize) {
	let all = Receipts::<Test>::iter().count();
	(all, all - listed())
}

#[test]
fn a_kept_receipt_stays_and_its_interchange_waits_until_it_is_let_go() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		paid(1);
		keep(1);
		assert!(receipt(BOOKS, ANN, 1).disputed);
		block_at(CLOSED - 1);
		assert_eq!(count(), (1, 0));
		for era in 0..5 {
			block_at(CLOSED + era * ERA);
			assert_eq!((count(), accrued(AIR), pot()), ((1, 1), 5, 0));
			assert_eq!(receipt(BOOKS, ANN, 1).price, 500);
		}
		assert!(Taken::get().is_empty());
		release_from_dispute(1);
		assert_eq!(count(), (1, 0));
		block_at(CLOSED + 5 * ERA);
		assert_eq!((count(), accrued(AIR), pot()), ((0, 0), 0, 5));
		assert_eq!(Taken::get(), [(BOOKS, 5)]);
	});
}

#[test]
fn one_that_is_let_go_before_its_window_closes_is_as_any_other() {
	run(|| {
		paid(1);
		let before = receipt(BOOKS, ANN, 1);
		keep(1);
		release_from_dispute(1);
		assert_eq!(receipt(BOOKS, ANN, 1), before);
		block_at(CLOSED - 1);
		assert_eq!(count(), (1, 0));
		block_at(CLOSED);
		assert_eq!(count(), (0, 0));
	});
}

#[test]
fn kept_receipts_are_set_aside_once_and_are_in_nobodys_way() {
	run(|| {
		(0..12).for_each(paid);
		(0..10).for_each(keep);
		block_at(CLOSED);
		assert_eq!(count(), (10, 10));
		// A later one needs no more than one look and its own end.
		paid(40);
		Timestamp::set_timestamp(CLOSED + 9 * ERA);
		// Each look weighs one, and a receipt of one part two.
		let mut meter = WeightMeter::with_limit(Weight::from_parts(3, 0));
		Exchange::drop_past_receipts(&mut meter);
		assert_eq!((count(), meter.consumed().ref_time()), ((10, 10), 3));
		let mut meter = WeightMeter::new();
		Exchange::drop_past_receipts(&mut meter);
		assert_eq!(meter.consumed().ref_time(), 1);
	});
}

#[test]
fn a_busy_block_sets_nothing_aside() {
	run(|| {
		paid(1);
		keep(1);
		Timestamp::set_timestamp(CLOSED);
		Exchange::drop_past_receipts(&mut WeightMeter::with_limit(Weight::from_parts(1, 0)));
		assert_eq!(count(), (1, 0));
		Exchange::drop_past_receipts(&mut WeightMeter::new());
		assert_eq!(count(), (1, 1));
	});
}

#[test]
fn one_that_is_let_go_while_it_is_on_the_list_is_not_listed_twice() {
	run(|| {
		paid(1);
		keep(1);
		Timestamp::set_timestamp(CLOSED);
		release_from_dispute(1);
		assert_eq!((count(), listed()), ((1, 0), 1));
		Exchange::drop_past_receipts(&mut WeightMeter::new());
		assert_eq!(count(), (0, 0));
	});
}

#[test]
fn an_order_whose_receipt_is_kept_is_not_paid_twice() {
	run(|| {
		paid(1);
		keep(1);
		assert_ok!(issue(1, ANN, 100));
		let legs = || vec![crate::Leg { program: 1, max_points: 100 }].try_into().unwrap();
		let pay = || {
			let again = Exchange::pay(RuntimeOrigin::signed(ANN), BOOKS, first_order(1), 50, legs());
			again.map(drop).map_err(|failed| failed.error)
		};
		let authorize = || {
			let again = Exchange::authorize(RuntimeOrigin::signed(ANN), BOOKS, first_order(1), 50, legs());
			again.map(drop).map_err(|failed| failed.error)
		};
		for now in [START, START + ERA, START + 2 * ERA - 1] {
			block_at(now);
			refused!(pay(), Error::<Test>::AlreadyPaid);
			refused!(authorize(), Error::<Test>::AlreadyPaid);
		}
		for now in [START + 2 * ERA, CLOSED] {
			block_at(now);
			refused!(pay(), Error::<Test>::EraNotOpen);
			refused!(authorize(), Error::<Test>::EraNotOpen);
		}
	});
}

#[test]
fn a_merchant_settles_while_a_receipt_is_kept_and_not_after_it_was_let_go() {
	run(|| {
		(1..=2).for_each(paid);
		(1..=2).for_each(keep);
		assert_ok!(refund(2, ANN, 1, 100));
		// Past its window, before and after it is set aside.
		Timestamp::set_timestamp(CLOSED);
		assert_ok!(refund(2, ANN, 1, 200));
		block_at(CLOSED);
		assert_ok!(refund(2, ANN, 1, 300));
		assert_eq!((receipt(BOOKS, ANN, 1).refunded, count()), (300, (2, 2)));
		refused!(refund(2, ANN, 1, 501), Error::<Test>::RefundTooLarge);
		release_from_dispute(1);
		refused!(refund(2, ANN, 1, 500), Error::<Test>::RefundWindowClosed);
		block_at(CLOSED);
		refused!(refund(2, ANN, 1, 500), Error::<Test>::NotFound);
		assert_ok!(refund(2, ANN, 2, 500));
		assert_eq!(Clearing::net_paid(AIR) + Clearing::reserve(AIR), RESERVE);
	});
}

#[test]
fn what_was_not_refunded_is_paid_back_at_once() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		paid(1);
		assert_ok!(refund(2, ANN, 1, 120));
		assert_eq!(Exchange::charge_back(BOOKS, &ANN, first_order(1)), Ok(380));
		let refunded =
			Event::Refunded { merchant: BOOKS, payer: ANN, order: first_order(1), value: 380, total: 500 };
		System::assert_last_event(refunded.into());
		assert_eq!((points(1, ANN), accrued(AIR), Clearing::reserve(AIR)), (50, 0, RESERVE));
		assert_storage_noop!(assert_eq!(Exchange::charge_back(BOOKS, &ANN, first_order(1)), Ok(0)));
	});
}

#[test]
fn a_kept_receipt_is_paid_back_after_its_window_too() {
	run(|| {
		(1..=2).for_each(paid);
		keep(1);
		Timestamp::set_timestamp(CLOSED);
		assert_noop!(Exchange::charge_back(BOOKS, &ANN, first_order(2)), Error::<Test>::RefundWindowClosed);
		block_at(CLOSED);
		assert_noop!(Exchange::charge_back(BOOKS, &ANN, first_order(2)), Error::<Test>::NotFound);
		// Its vintage has expired long since, so Books gives its own: 71 points of 7.
		assert_eq!(Exchange::charge_back(BOOKS, &ANN, first_order(1)), Ok(500));
		assert_eq!(pallet_points::FlowsOf::<Test>::get(2).reinstated, 71);
		release_from_dispute(1);
		block_at(CLOSED + 1);
		assert_eq!(count(), (0, 0));
	});
}

/// Ann paid 500 and 700 with points of Air and Books at the hotel, whose reserve is 500 and whose bond `bond`.
fn paid_at_a_hotel_with(bond: Balance) {
	use hanse_primitives::Members as _;
	assert_ok!(issue(1, ANN, 50));
	assert_ok!(issue(2, ANN, 100));
	assert_ok!(pay(ANN, HOTEL, 1, 1_200, &[(1, 50), (2, 100)]));
	assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(3), RESERVE + 700));
	let taken = Institutions::bond(HOTEL) - bond;
	Institutions::draw_bond(HOTEL, &BEN, taken).unwrap();
}

#[test]
fn a_judgement_is_paid_by_the_bond_where_the_reserve_is_short() {
	run(|| {
		paid_at_a_hotel_with(800);
		assert_eq!(Exchange::charge_back(HOTEL, &ANN, first_order(1)), Ok(1_200));
		assert_eq!((points(1, ANN), points(2, ANN)), (50, 100));
		assert!(pallet_clearing::Arrears::<Test>::iter().next().is_none());
	});
}

#[test]
fn where_both_are_short_no_issuer_gives_points_for_a_promise_and_the_payer_is_owed_money() {
	run(|| {
		paid_at_a_hotel_with(300);
		let before = Balances::free_balance(ANN);
		assert_eq!(Exchange::charge_back(HOTEL, &ANN, first_order(1)), Ok(1_200));
		assert_eq!((points(1, ANN), points(2, ANN)), (0, 0));
		let has = Balances::free_balance(ANN) - before;
		let owed = pallet_clearing::Arrears::<Test>::get(HOTEL).sum;
		assert!(has >= 800 && owed > 0);
		assert_eq!(has + owed, 1_200);
		assert_storage_noop!(assert_eq!(Exchange::charge_back(HOTEL, &ANN, first_order(1)), Ok(0)));
	});
}

#[test]
fn only_a_receipt_that_can_be_refunded_is_kept() {
	run(|| {
		paid(1);
		for (merchant, payer, number) in [(BOOKS, ANN, 2), (BOOKS, BEN, 1), (HOTEL, ANN, 1)] {
			let order = first_order(number);
			assert_noop!(Exchange::hold_for_dispute(merchant, &payer, order), Error::<Test>::NotFound);
			assert_storage_noop!(Exchange::release_from_dispute(merchant, &payer, order));
		}
		assert_storage_noop!(release_from_dispute(1));
		keep(1);
		assert_storage_noop!(keep(1));
		release_from_dispute(1);
		Timestamp::set_timestamp(CLOSED);
		let closed = Error::<Test>::RefundWindowClosed;
		assert_noop!(Exchange::hold_for_dispute(BOOKS, &ANN, first_order(1)), closed);
	});
}

#[test]
fn what_can_be_refunded_is_what_is_left_of_the_price_within_the_window() {
	run(|| {
		let refundable = |number| Exchange::refundable(BOOKS, &ANN, first_order(number));
		assert_eq!(refundable(1), None);
		(1..=2).for_each(paid);
		keep(2);
		assert_ok!(refund(2, ANN, 1, 120));
		assert_eq!((refundable(1), refundable(2)), (Some(380), Some(500)));
		assert_ok!(refund(2, ANN, 1, 500));
		Timestamp::set_timestamp(CLOSED - 1);
		assert_eq!((refundable(1), refundable(2)), (Some(0), Some(500)));
		Timestamp::set_timestamp(CLOSED);
		assert_eq!((refundable(1), refundable(2)), (None, None));
		block_at(CLOSED);
		assert_eq!(refundable(2), None);
	});
}

#[test]
fn what_reaches_the_pot_of_a_receipt_is_noted_for_its_merchant_and_nothing_else_is() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(issue(1, ANN, 200));
		assert_ok!(issue(2, ANN, 100));
		// Two issuers at one merchant; at home; refunded in full; and an exchange.
		assert_ok!(pay(ANN, HOTEL, 1, 570, &[(1, 50), (2, 100)]));
		assert_ok!(pay(ANN, AIR, 2, 100, &[(1, 10)]));
		assert_ok!(pay(ANN, BOOKS, 3, 100, &[(1, 10)]));
		assert_ok!(refund(2, ANN, 3, 100));
		assert_ok!(exchange(ANN, 1, 40, 3, 0));
		let exchanged: Balance = 4;
		assert_eq!((pot(), Taken::get()), (exchanged, vec![]));
		block_at(CLOSED);
		assert_eq!((pot(), Taken::get()), (exchanged + 6, vec![(HOTEL, 6)]));
	});
}

#[test]
fn pages_of_the_list_fill_and_are_emptied() {
	run(|| {
		let in_all = 2 * u64::from(CLOSINGS_PER_PAGE) + 1;
		assert_ok!(issue(1, ANN, in_all.into()));
		let pages =
			|| ReceiptClosings::<Test>::iter_values().map(|page| page.len() as u32).collect::<Vec<_>>();
		for number in 0..in_all {
			assert_ok!(pay(ANN, BOOKS, number, 10, &[(1, 1)]));
		}
		assert_eq!(pages(), [CLOSINGS_PER_PAGE, CLOSINGS_PER_PAGE, 1]);
		// Of what is paid later the list has other pages, behind them.
		Timestamp::set_timestamp(START + 1);
		paid(in_all);
		assert_eq!(pages(), [CLOSINGS_PER_PAGE, CLOSINGS_PER_PAGE, 1, 1]);
		Timestamp::set_timestamp(CLOSED);
		let mut room = WeightMeter::with_limit(Weight::from_parts(9, 0));
		Exchange::drop_past_receipts(&mut room);
		assert_eq!(pages(), [CLOSINGS_PER_PAGE - 3, CLOSINGS_PER_PAGE, 1, 1]);
		Exchange::drop_past_receipts(&mut WeightMeter::new());
		assert_eq!((pages(), count()), (vec![1], (1, 0)));
		block_at(CLOSED + 1);
		assert_eq!((pages(), count()), (vec![], (0, 0)));
	});
}
