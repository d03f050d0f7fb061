//! What tills rely on: an order counts once however often and late it is delivered, parts add up to the whole, and
//! what comes back comes back to the customer's limit too.

use crate::{chain::*, wallet::*};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::Hooks, weights::WeightMeter};
use hanse_primitives::{asset_id, Balance, InstitutionId, Liabilities as _, Order, ProgramId};
use hanse_runtime::{
	constants::{CENT, UNIT},
	reads::runtime_decl_for_hanse_api::HanseApiV1,
	Assets, Clearing, Customers, Exchange, Points, Rulebook, Runtime, RuntimeCall, System, Timestamp,
};
use pallet_exchange::Error;
use pallet_points::{Period, Terms};
use sp_runtime::DispatchResult;

/// An airline's program, and a customer of the airline with so many units of it.
fn customer(units: Balance) -> (ProgramId, Wallet) {
	let sky = program(AIR, TERMS);
	let ann = Wallet::new(1);
	register(AIR, &ann, 1);
	issue(AIR, sky, &[ann.account()], units * 100, 1_000);
	(sky, ann)
}

fn left(who: &Wallet) -> Balance {
	Customers::customer(who.account()).unwrap().left
}

fn pays(
	who: &Wallet,
	merchant: InstitutionId,
	order: Order,
	price: Balance,
	sky: ProgramId,
) -> DispatchResult {
	let legs = legs_of(&[(sky, Balance::MAX)]);
	sends(who, pallet_exchange::Call::pay { merchant, order, price, legs }.into())
}

fn sends(who: &Wallet, call: RuntimeCall) -> DispatchResult {
	dispatch(who.account(), call)
}

fn does(merchant: InstitutionId, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(member(merchant), call)
}

fn captures(
	merchant: InstitutionId,
	payer: &Wallet,
	order: Order,
	value: Balance,
	last: bool,
) -> DispatchResult {
	does(merchant, pallet_exchange::Call::capture { payer: payer.account(), order, value, last })
}

fn named(error: Error<Runtime>) -> DispatchResult {
	Err(error.into())
}

#[test]
fn a_till_that_sends_an_order_again_after_midnight_is_paid_once() {
	run(|| {
		let (sky, ann) = customer(100);
		block_at(START + DAY - 33_000, vec![]);
		let before = order(1);
		assert_ok!(pays(&ann, BOOKS, before, UNIT, sky));
		block_at(START + DAY + 1_000, vec![]);
		let after = order(1);
		assert_eq!((after.era, after.commitment), (before.era + 1, before.commitment));
		assert_eq!(pays(&ann, BOOKS, after, UNIT, sky), named(Error::AlreadyPaid));
		assert_eq!(pays(&ann, BOOKS, before, UNIT, sky), named(Error::AlreadyPaid));
		// Whichever it names, it finds the one receipt.
		for order in [before, after] {
			assert_eq!(Exchange::receipt(BOOKS, ann.account(), order).unwrap().era, before.era);
		}
		assert_eq!(points(sky, &ann.account()), 9_900);
		// Within the week whatever was open is refused, and one that begins later too.
		for day in 2..=8 {
			block_at(START + day * DAY, vec![]);
			for era in era() - 7..=era() {
				let order = Order { era, ..before };
				assert_eq!(pays(&ann, BOOKS, order, UNIT, sky), named(Error::AlreadyPaid));
			}
		}
	});
}

#[test]
fn a_till_that_was_offline_for_days_delivers_its_orders_once_within_the_week() {
	run(|| {
		let (sky, ann) = customer(100);
		let old = order(1);
		block_at(START + 2 * DAY, vec![]);
		assert_ok!(pays(&ann, BOOKS, old, UNIT, sky));
		assert_eq!(pays(&ann, BOOKS, old, UNIT, sky), named(Error::AlreadyPaid));
		let late = Order { commitment: sp_core::H256::repeat_byte(2), ..old };
		block_at(START + 8 * DAY - 60_000, vec![]);
		assert_ok!(pays(&ann, BOOKS, late, UNIT, sky));
		let later = Order { commitment: sp_core::H256::repeat_byte(3), ..old };
		block_at(START + 8 * DAY, vec![]);
		assert_eq!(pays(&ann, BOOKS, later, UNIT, sky), named(Error::EraNotOpen));
		let quote = Runtime::quote_pay(ann.account(), BOOKS, later, UNIT, legs_of(&[(sky, 100)]));
		assert_eq!(quote, Err(Error::<Runtime>::EraNotOpen.into()));
	});
}

#[test]
fn two_people_who_pay_one_order_pay_it_once_each() {
	run(|| {
		let (sky, ann) = customer(100);
		let ben = Wallet::new(2);
		register(BOOKS, &ben, 2);
		issue(AIR, sky, &[ben.account()], 1_000, 2_000);
		for who in [&ann, &ben] {
			assert_ok!(pays(who, BOOKS, order(1), UNIT, sky));
			assert_eq!(pays(who, BOOKS, order(1), UNIT, sky), named(Error::AlreadyPaid));
		}
	});
}

#[test]
fn what_is_refunded_void_or_not_captured_comes_back_to_the_limit() {
	run(|| {
		let (sky, ann) = customer(2_000);
		let limit = Rulebook::rules().customer_limit;
		assert_eq!(limit, 1_000 * UNIT);
		assert_ok!(pays(&ann, BOOKS, order(1), 600 * UNIT, sky));
		assert_ok!(does(BOOKS, refund(&ann.account(), order(1), 600 * UNIT)));
		assert_eq!(left(&ann), limit);
		assert_ok!(pays(&ann, BOOKS, order(2), 600 * UNIT, sky));
		assert_eq!(left(&ann), 400 * UNIT);
		assert_ok!(does(BOOKS, refund(&ann.account(), order(2), 600 * UNIT)));

		assert_ok!(sends(&ann, authorization(BOOKS, 3, 900 * UNIT, &[(sky, 90_000)])));
		assert_eq!(left(&ann), 100 * UNIT);
		let void = pallet_exchange::Call::void { merchant: BOOKS, payer: ann.account(), order: order(3) };
		assert_ok!(does(BOOKS, void));
		assert_eq!(left(&ann), limit);
		assert_ok!(sends(&ann, authorization(BOOKS, 4, 900 * UNIT, &[(sky, 90_000)])));
		assert_ok!(captures(BOOKS, &ann, order(4), 100 * UNIT, true));
		assert_eq!(left(&ann), 900 * UNIT);
		// And what nobody ends the chain does.
		assert_ok!(sends(&ann, authorization(BOOKS, 5, 900 * UNIT, &[(sky, 90_000)])));
		assert_ok!(captures(BOOKS, &ann, order(5), 100 * UNIT, false));
		assert_eq!(left(&ann), 0);
		block_at(Timestamp::get() + Rulebook::rules().authorisation, vec![]);
		assert_eq!(left(&ann), 800 * UNIT);
	});
}

#[test]
fn a_refund_that_is_sent_again_refunds_once_and_a_repeat_succeeds() {
	run(|| {
		let (sky, ann) = customer(100);
		assert_ok!(pays(&ann, BOOKS, order(1), 10 * UNIT, sky));
		let refunds = |total| does(BOOKS, refund(&ann.account(), order(1), total));
		for (total, held) in [(3, 9_300), (3, 9_300), (2, 9_300), (7, 9_700), (7, 9_700)] {
			let before = (storage(), System::event_count());
			let repeats = points(sky, &ann.account()) == held;
			assert_ok!(refunds(total * UNIT));
			assert_eq!(points(sky, &ann.account()), held);
			if repeats {
				assert_eq!(changed(&before.0, &storage()), 0);
				assert_eq!(System::event_count(), before.1);
			}
		}
		assert_eq!(refunds(11 * UNIT), named(Error::RefundTooLarge));
		assert_eq!(refunds(0), named(Error::ZeroAmount));
		assert_ok!(refunds(10 * UNIT));
		assert_eq!((points(sky, &ann.account()), left(&ann)), (10_000, Rulebook::rules().customer_limit));
	});
}

#[test]
fn what_comes_back_in_another_vintage_is_as_much_in_parts_as_at_once() {
	// 100 points of 0.01 that pay 1.00 are 333 of 0.003; 0.014995 are 4 of them.
	for (merchant, price, parts, expected) in [
		(AIR, UNIT, 1, 333),
		(AIR, UNIT, 10, 333),
		(BOOKS, UNIT, 1, 333),
		(BOOKS, UNIT, 10, 333),
		(BOOKS, 14_995, 1, 4),
		(BOOKS, 14_995, 5, 4),
		(AIR, 14_995, 5, 4),
	] {
		run(|| {
			let short = Terms { period: Period::Milliseconds(5 * DAY), validity: 5 * DAY, ..TERMS };
			let sky = program(AIR, short);
			let ann = Wallet::new(1);
			register(AIR, &ann, 1);
			issue(AIR, sky, &[ann.account()], 100, 1);
			let paid = order(1);
			assert_ok!(pays(&ann, merchant, paid, price, sky));
			let terms = Terms { face_value: 3_000, ..short };
			assert_ok!(does(AIR, pallet_points::Call::revise_terms { program: sky, terms }));
			block_at(START + 6 * DAY, vec![]);
			issue(AIR, sky, &[stranger(1)], 1, 2);
			block_at(START + 11 * DAY, vec![]);
			next_block();
			for part in 1..=parts {
				assert_ok!(does(merchant, refund(&ann.account(), paid, price * part / parts)));
			}
			assert_eq!(Assets::balance(asset_id(sky, 1), ann.account()), expected, "{price} in {parts}");
		});
	}
}

#[test]
fn an_authorisation_is_captured_in_parts_and_the_rest_is_back() {
	run(|| {
		let (sky, ann) = customer(100);
		assert_ok!(sends(&ann, authorization(BOOKS, 1, 100 * UNIT, &[(sky, 10_000)])));
		assert_ok!(captures(BOOKS, &ann, order(1), 40 * UNIT, false));
		assert_ok!(captures(BOOKS, &ann, order(1), 30 * UNIT, true));
		assert_eq!(captures(BOOKS, &ann, order(1), UNIT, true), named(Error::NotFound));
		assert_eq!(points(sky, &ann.account()), 3_000);
		let receipt = Exchange::receipt(BOOKS, ann.account(), order(1)).unwrap();
		assert_eq!((receipt.price, receipt.left().unwrap()), (70 * UNIT, 70 * UNIT));
		assert_ok!(does(BOOKS, refund(&ann.account(), order(1), 70 * UNIT)));
		assert_eq!(points(sky, &ann.account()), 10_000);
	});
}

#[test]
fn what_is_authorised_stays_outstanding_so_that_giving_it_back_breaks_no_cap() {
	run(|| {
		let (sky, ann) = customer(900);
		let before = Points::outstanding(AIR);
		assert_ok!(sends(&ann, authorization(BOOKS, 1, 900 * UNIT, &[(sky, 90_000)])));
		assert_eq!((Points::outstanding(AIR), points(sky, &ann.account())), (before, 0));
		// Up to the cap, and no further.
		use hanse_primitives::{Members as _, Reserves as _};
		let backing = hanse_runtime::Institutions::bond(AIR) + Clearing::reserve(AIR);
		let cap = backing * Balance::from(Rulebook::rules().liability_ratio) / 100;
		let call = |amount, number| pallet_points::Call::issue {
			program: sky,
			to: stranger(1),
			amount,
			order: order(number),
		};
		let most = (cap - before) / CENT;
		assert!(does(AIR, call(most + 1, 1)).is_err());
		let _ = does(AIR, call(most, 2));
		let void = pallet_exchange::Call::void { merchant: BOOKS, payer: ann.account(), order: order(1) };
		assert_ok!(does(BOOKS, void));
		assert!(Points::outstanding(AIR) <= cap);
		assert_eq!(points(sky, &ann.account()), 90_000);
	});
}

#[test]
fn the_ends_of_many_large_authorisations_are_paid_with_their_beginnings_and_fill_no_block() {
	const PAYERS: u32 = 16;
	run(|| {
		let monthly = Terms { validity: 180 * DAY, ..TERMS };
		let programs: Vec<_> = (0..6).map(|_| program(AIR, monthly)).collect();
		let people: Vec<_> = (1..=PAYERS).map(Wallet::new).collect();
		let accounts: Vec<_> = people.iter().map(Wallet::account).collect();
		(1..).zip(&people).for_each(|(tag, person)| register(AIR, person, tag));
		for month in 0..7 {
			set_time(START + month * 30 * DAY);
			for (n, program) in (0..).zip(&programs) {
				issue(AIR, *program, &accounts, 1, 10_000 * (month + 1) + 1_000 * n);
			}
		}
		let now = Timestamp::get();
		let legs: Vec<_> = programs.iter().map(|program| (*program, 7)).collect();
		let mut declared = Vec::new();
		for person in &people {
			let call = authorization(BOOKS, 1, 42 * CENT, &legs);
			declared.push(call.get_dispatch_info().call_weight);
			assert_ok!(sends(person, call));
		}
		let burns = |n: usize| {
			pallet_exchange::Authorisations::<Runtime>::iter_values().nth(n).unwrap().burns.len() as u32
		};
		assert_eq!(burns(0), 42);

		// What began one paid for its end too.
		use hanse_runtime::weights::Measured;
		use pallet_exchange::WeightInfo;
		let end = Measured::void(42);
		let pay = Measured::pay(6, 42);
		assert!(declared.iter().all(|weight| end.saturating_add(pay).all_lte(*weight)));

		set_time(now + Rulebook::rules().authorisation);
		let limits = <Runtime as frame_system::Config>::BlockWeights::get();
		let mut blocks = 0;
		while pallet_exchange::Authorisations::<Runtime>::iter().next().is_some() {
			let mut meter = WeightMeter::new();
			Exchange::on_poll(System::block_number(), &mut meter);
			let share = meter.consumed().ref_time() * 100 / limits.max_block.ref_time();
			assert!(share <= 10, "{share} per cent of a block");
			blocks += 1;
		}
		assert_eq!(blocks, PAYERS);
		assert!(people.iter().all(|person| points(programs[0], &person.account()) == 1));
	});
}

#[test]
fn a_quote_fails_exactly_as_the_payment_would() {
	run(|| {
		let (sky, ann) = customer(2_000);
		let poor = Wallet::new(2);
		let legs = |most| legs_of(&[(sky, most)]);
		assert_ok!(pays(&ann, BOOKS, order(1), UNIT, sky));
		let plenty = 200_000;
		for (who, merchant, order, price, most) in [
			(&ann, BOOKS, order(2), UNIT, plenty),
			(&ann, BOOKS, order(1), UNIT, plenty),
			(&ann, BOOKS, Order { era: era() + 1, ..order(2) }, UNIT, plenty),
			(&ann, BOOKS, Order { era: era() - 8, ..order(2) }, UNIT, plenty),
			(&ann, BOOKS, order(2), 1_000 * UNIT, plenty),
			(&ann, BOOKS, order(2), UNIT, 99),
			(&ann, BOOKS, order(2), CENT - 1, plenty),
			(&ann, 99, order(2), UNIT, plenty),
			(&poor, BOOKS, order(2), UNIT, plenty),
		] {
			let quote = Runtime::quote_pay(who.account(), merchant, order, price, legs(most));
			let call = pallet_exchange::Call::pay { merchant, order, price, legs: legs(most) };
			let paid = sends(who, call.into());
			assert_eq!(quote.map(drop), paid);
		}
		// The issuer's reserve is short.
		drain(AIR, Points::outstanding(AIR) / 10);
		let price = 900 * UNIT;
		let quote = Runtime::quote_pay(ann.account(), BOOKS, order(3), price, legs(plenty));
		let short = pallet_clearing::Error::<Runtime>::ReserveTooSmall;
		assert_eq!(quote, Err(short.into()));
		assert_noop!(
			pays(&ann, BOOKS, order(3), price, sky),
			pallet_clearing::Error::<Runtime>::ReserveTooSmall
		);
	});
}
