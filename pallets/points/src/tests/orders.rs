//! An order is served once, whatever open era a retry names.

use super::mock::*;
use crate::{AwardPlace, Error, Event, OrderStatus, Period, Skipped, Terms};
use codec::{Encode, MaxEncodedLen};
use frame_support::{assert_noop, assert_ok, traits::fungibles::Inspect};
use hanse_primitives::{EraIndex, Eras as _, Order, ProgramId};
use proptest::prelude::*;
use sp_core::H256;
use sp_runtime::{BoundedVec, DispatchResult};
use std::collections::BTreeMap;

fn commitment(number: u64) -> H256 {
	H256::from_low_u64_be(number)
}

fn issue_of(era: EraIndex, program: ProgramId, number: u64, amount: u128) -> DispatchResult {
	let order = Order { era, commitment: commitment(number) };
	Points::issue(RuntimeOrigin::signed(1), program, ANN, amount, order)
}

fn batch_of(era: EraIndex, awards: Vec<crate::Award<u64>>) -> DispatchResult {
	Points::issue_batch(RuntimeOrigin::signed(1), 1, era, BoundedVec::truncate_from(awards))
}

fn now() -> EraIndex {
	EraClock::current()
}

#[test]
fn a_retry_is_refused_by_name_whatever_open_era_it_names() {
	run(|| {
		program(ISSUER, TERMS);
		let served_in = now();
		assert_ok!(issue_of(served_in, 1, 7, 5));
		for later in 0..=u64::from(ORDER_ERAS) {
			block_at(START + later * ERA, true);
			for era in served_in..=now() {
				assert_noop!(issue_of(era, 1, 7, 5), Error::<Test>::AlreadyIssued);
			}
		}
		block_at(START + (u64::from(ORDER_ERAS) + 1) * ERA, true);
		assert_noop!(issue_of(served_in, 1, 7, 5), Error::<Test>::EraNotOpen);
	});
}

#[test]
fn an_order_is_taken_for_the_ruled_number_of_eras_and_not_before_its_own() {
	run(|| {
		program(ISSUER, TERMS);
		for (n, age) in (0..=ORDER_ERAS).enumerate() {
			assert_ok!(issue_of(now() - age, 1, n as u64, 1));
		}
		for era in [0, now() - ORDER_ERAS - 1, now() + 1, u32::MAX] {
			assert_noop!(issue_of(era, 1, 100, 1), Error::<Test>::EraNotOpen);
			assert_noop!(batch_of(era, vec![award(ANN, 1, 100)]), Error::<Test>::EraNotOpen);
		}
	});
}

#[test]
fn an_order_that_was_late_is_served_once_too() {
	run(|| {
		program(ISSUER, TERMS);
		let (oldest, newest) = (now() - ORDER_ERAS, now());
		assert_ok!(issue_of(oldest, 1, 7, 5));
		for later in 0..=u64::from(ORDER_ERAS) {
			block_at(START + later * ERA, true);
			assert_noop!(issue_of(newest, 1, 7, 5), Error::<Test>::AlreadyIssued);
		}
	});
}

#[test]
fn a_batch_skips_what_was_served_and_names_it_by_place_and_order() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue_of(now() - 1, 1, 2, 9));
		let awards = vec![award(ANN, 1, 1), award(ANN, 9, 2), award(BEN, 3, 3), award(BEN, 4, 1)];
		let batch = H256(sp_io::hashing::blake2_256(&awards.encode()));
		assert_ok!(batch_of(now(), awards.clone()));
		assert_eq!((Assets::balance(vintage(1, 0), ANN), Assets::balance(vintage(1, 0), BEN)), (10, 3));
		let asset = vintage(1, 0);
		let issued = Event::BatchIssued { program: 1, asset, batch, awards: 2, amount: 4, matures: None };
		System::assert_has_event(issued.into());
		let skipped =
			[(1, 2), (3, 1)].map(|(place, number)| Skipped { place, order: commitment(number) }).to_vec();
		System::assert_last_event(Event::AwardsSkipped { program: 1, batch, skipped }.into());
		// All of it again: nothing is issued, and nobody minds.
		let before = Assets::total_issuance(asset);
		assert_ok!(batch_of(now(), awards));
		assert_eq!(Assets::total_issuance(asset), before);
		let last = System::events().pop().map(|record| record.event);
		let named = matches!(last, Some(RuntimeEvent::Points(Event::AwardsSkipped { skipped, .. })) if skipped.len() == 4);
		assert!(named);
	});
}

#[test]
fn it_can_be_read_what_became_of_orders() {
	run(|| {
		program(ISSUER, Terms { pending: PERIOD, ..TERMS });
		assert_ok!(batch_of(now() - 2, vec![award(ANN, 9, 1), award(ANN, 5, 2)]));
		assert_ok!(Points::cancel_award(RuntimeOrigin::signed(1), 1, commitment(1), 4));
		assert_ok!(Points::cancel_award(RuntimeOrigin::signed(1), 1, commitment(2), 5));
		let read = || Points::awarded(1, [1, 2, 3].map(commitment).to_vec().try_into().unwrap());
		let at = |place| Some(OrderStatus { era: START as u32 / ERA as u32, asset: vintage(1, 0), place });
		let pending = AwardPlace::Pending { amount: 5, until: START + PERIOD };
		assert_eq!(read(), vec![at(pending), at(AwardPlace::Cancelled), None]);
		block_at(START + PERIOD, false);
		assert_eq!(read(), vec![at(AwardPlace::Minted), at(AwardPlace::Cancelled), None]);
		assert!(Points::awarded(9, vec![commitment(1)].try_into().unwrap()).iter().all(Option::is_none));
	});
}

#[test]
fn what_an_order_leaves_behind_stays_in_one_node_of_the_trie() {
	assert!(crate::AwardedOrder::max_encoded_len() <= 32);
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

	/// Random tills: orders of this week and the last, named for any era, again and again, alone and twice in a
	/// batch, while eras pass and idle blocks forget.
	#[test]
	fn every_order_is_served_once_over_random_eras_and_retries(
		steps in prop::collection::vec((0..12u64, 0..10u32, any::<bool>(), any::<bool>(), 0..5u64, any::<bool>()), 300),
	) {
		genesis().execute_with(|| {
			Reserves::set([(ISSUER, 1_000_000_000)].into());
			program(ISSUER, Terms { period: Period::Milliseconds(1_000 * ERA), ..TERMS });
			let (mut time, mut served) = (START, BTreeMap::new());
			let (mut retries, mut refused) = (0, 0);
			for (number, age, is_old, in_batch, wait, idle) in steps {
				let week = u64::from(now() / 4) - u64::from(is_old);
				let (number, named) = (week * 100 + number, now() - age);
				let before = Assets::total_issuance(vintage(1, 0));
				let result = match in_batch {
					true => batch_of(named, vec![award(ANN, 1, number), award(BEN, 1, number)]),
					false => issue_of(named, 1, number, 1),
				};
				let issued = Assets::total_issuance(vintage(1, 0)) - before;
				let is_retry = served.contains_key(&number);
				let (expected, error) = match (age <= ORDER_ERAS, is_retry) {
					(false, _) => (0, Some(Error::<Test>::EraNotOpen)),
					(true, true) if in_batch => (0, None),
					(true, true) => (0, Some(Error::<Test>::AlreadyIssued)),
					(true, false) => (1, None),
				};
				assert_eq!((issued, result), (expected, error.map_or(Ok(()), |error| Err(error.into()))));
				refused += u32::from(age > ORDER_ERAS);
				retries += u32::from(is_retry && age <= ORDER_ERAS);
				*served.entry(number).or_insert(0) += issued;
				if served[&number] == 0 {
					served.remove(&number);
				}
				if wait == 0 {
					time += ERA;
					block_at(time, idle);
				}
			}
			assert!(served.values().all(|times| *times == 1));
			let count = served.len();
			assert!(count >= 80 && retries >= 60 && refused >= 20, "{count} orders, {retries} retries, {refused} refused");
			Points::do_try_state().unwrap();
		});
	}
}
