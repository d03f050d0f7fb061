use super::mock::*;
use crate::{Error, Event, FlowsOf, Outstanding, Pending, PendingOf, PendingTotal, Terms};
use frame_support::{assert_noop, assert_ok, traits::fungibles::Inspect, weights::WeightMeter};
use hanse_primitives::{Holdings, Points as _};
use sp_core::H256;
use sp_runtime::{BoundedVec, DispatchResult};

const LATER: Terms = Terms { pending: PERIOD, ..TERMS };

/// What Ann, or who else, has of the first vintage: usable and pending.
fn has(who: u64) -> (u128, u128) {
	(Assets::balance(vintage(1, 0), who), PendingOf::<Test>::get(who, vintage(1, 0)))
}

fn batch(awards: Vec<crate::Award<u64>>) -> DispatchResult {
	Points::issue_batch(RuntimeOrigin::signed(1), 1, order(0).era, BoundedVec::truncate_from(awards))
}

fn issue_order(number: u64, to: u64, amount: u128) -> DispatchResult {
	Points::issue(RuntimeOrigin::signed(1), 1, to, amount, order(number))
}

fn cancel(who: u64, number: u64) -> DispatchResult {
	let commitment = H256::from_low_u64_be(number);
	Points::cancel(RuntimeOrigin::signed(who), vintage(1, 0), START + PERIOD, commitment)
}

#[test]
fn an_award_is_owed_at_once_and_minted_when_its_window_ends() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue_order(1, ANN, 30));
		let matures = Some(START + PERIOD);
		let event = Event::PointsIssued { program: 1, asset: vintage(1, 0), to: ANN, amount: 30, matures };
		System::assert_last_event(event.into());
		assert_eq!((has(ANN), Assets::total_issuance(vintage(1, 0))), ((0, 30), 0));
		assert_eq!((FlowsOf::<Test>::get(1).issued, Outstanding::<Test>::get(ISSUER)), (30, 300));
		block_at(START + PERIOD - 1, false);
		assert_eq!(has(ANN), (0, 30));
		block_at(START + PERIOD, false);
		assert_eq!(has(ANN), (30, 0));
		System::assert_has_event(Event::PointsMatured { asset: vintage(1, 0), to: ANN, amount: 30 }.into());
		assert_eq!((Outstanding::<Test>::get(ISSUER), PendingTotal::<Test>::get(vintage(1, 0))), (300, 0));
	});
}

#[test]
fn a_batch_matures_in_bounded_pieces_and_loses_nobody() {
	run(|| {
		Reserves::set([(ISSUER, 1_000_000)].into());
		program(ISSUER, LATER);
		assert_ok!(batch((0..450).map(|n| award(1_000 + n, 1, n)).collect()));
		let minted = || Assets::total_issuance(vintage(1, 0));
		for expected in [200, 400, 450] {
			block_at(START + PERIOD, false);
			Points::do_try_state().unwrap();
			assert_eq!(minted(), expected);
		}
		assert!((0..450).all(|n| has(1_000 + n) == (1, 0)));
		assert_eq!(Pending::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_block_without_weight_matures_nothing() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		Timestamp::set_timestamp(START + PERIOD);
		assert_eq!(Points::mature_due(10, &mut WeightMeter::with_limit(Default::default())), 0);
		assert_eq!(has(ANN), (0, 30));
	});
}

#[test]
fn anybody_may_mature_what_is_due_and_nothing_else() {
	run(|| {
		program(ISSUER, LATER);
		for number in 0..3 {
			assert_ok!(issue_order(number, ANN, 10));
		}
		let mature = |limit| Points::mature(RuntimeOrigin::signed(BEN), limit).map_err(|failed| failed.error);
		assert_noop!(mature(10), Error::<Test>::NothingDue);
		Timestamp::set_timestamp(START + PERIOD);
		assert_noop!(mature(0), Error::<Test>::NothingDue);
		assert_ok!(mature(2));
		assert_eq!(has(ANN), (20, 10));
		assert_ok!(mature(u32::MAX));
		assert_eq!(has(ANN), (30, 0));
		assert_noop!(mature(1), Error::<Test>::NothingDue);
	});
}

#[test]
fn an_award_is_taken_back_while_it_is_pending() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue_order(1, ANN, 30));
		assert_ok!(issue_order(2, ANN, 12));
		assert_ok!(cancel(1, 1));
		let event = Event::AwardCancelled { program: 1, asset: vintage(1, 0), from: ANN, amount: 30 };
		System::assert_last_event(event.into());
		let flows = FlowsOf::<Test>::get(1);
		assert_eq!((flows.issued, flows.cancelled, Outstanding::<Test>::get(ISSUER)), (42, 30, 120));
		assert_eq!(has(ANN), (0, 12));
		assert_noop!(cancel(1, 1), Error::<Test>::NotPending);
		// The order was served; what was taken back is not issued again.
		assert_noop!(issue_order(1, ANN, 30), Error::<Test>::AlreadyIssued);
		block_at(START + PERIOD, false);
		assert_eq!(has(ANN), (12, 0));
	});
}

#[test]
fn nothing_but_the_issuers_own_single_awards_is_taken_back_and_only_in_time() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue_order(1, ANN, 30));
		assert_ok!(batch(vec![award(ANN, 5, 2)]));
		assert_ok!(Points::exchange_in(&ANN, 1, 70));
		assert_noop!(cancel(2, 1), Error::<Test>::NotIssuer);
		assert_noop!(cancel(ANN, 1), sp_runtime::DispatchError::BadOrigin);
		assert_noop!(cancel(1, 2), Error::<Test>::NotPending);
		assert_noop!(cancel(1, 3), Error::<Test>::NotPending);
		let exchanged = Pending::<Test>::iter_keys()
			.map(|(_, _, commitment)| commitment)
			.find(|commitment| ![order(1), order(2)].iter().any(|order| order.commitment == *commitment));
		let take_back = Points::cancel(
			RuntimeOrigin::signed(1),
			vintage(1, 0),
			START + PERIOD,
			exchanged.expect("an exchange is pending"),
		);
		assert_noop!(take_back, Error::<Test>::NotPending);
		let unknown = Points::cancel(RuntimeOrigin::signed(1), vintage(9, 0), 0, H256::zero());
		assert_noop!(unknown, Error::<Test>::NotFound);
		// From its moment on it is the holder's, minted or not.
		Timestamp::set_timestamp(START + PERIOD);
		assert_noop!(cancel(1, 1), Error::<Test>::NotPending);
	});
}

#[test]
fn exchanges_of_one_customer_in_one_block_are_pending_together() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(Points::exchange_in(&ANN, 1, 70));
		assert_ok!(Points::exchange_in(&ANN, 1, 30));
		assert_ok!(Points::exchange_in(&BEN, 1, 30));
		assert_eq!((has(ANN), has(BEN), Pending::<Test>::iter().count()), ((0, 10), (0, 3), 2));
		block_at(START + PERIOD, false);
		assert_eq!((has(ANN), has(BEN)), ((10, 0), (3, 0)));
	});
}

#[test]
fn orders_of_two_eras_with_one_name_do_not_meet() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue_order(1, ANN, 30));
		let earlier = hanse_primitives::Order { era: order(1).era - 1, ..order(1) };
		let again = Points::issue(RuntimeOrigin::signed(1), 1, ANN, 30, earlier);
		assert_noop!(again, Error::<Test>::AlreadyIssued);
	});
}

#[test]
fn what_is_pending_when_its_vintage_expires_is_breakage() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		// A chain that stood still beyond all of it.
		block_at(START + 3 * PERIOD, false);
		assert_eq!((FlowsOf::<Test>::get(1).expired, Outstanding::<Test>::get(ISSUER)), (30, 0));
		assert_eq!((has(ANN), Pending::<Test>::iter().count()), ((0, 0), 0));
	});
}

#[test]
fn what_is_pending_follows_the_account_to_where_it_was_recovered() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue_order(1, ANN, 30));
		assert_ok!(issue_order(2, ANN, 5));
		assert_eq!(<Points as Holdings<_>>::value(&ANN, vintage(1, 0)), 350);
		Successors::set([(ANN, BEN), (BEN, 13)].into());
		assert_eq!(Points::move_all(&ANN, &BEN, vintage(1, 0)), Ok(350));
		assert_eq!((has(ANN), has(BEN)), ((0, 0), (0, 35)));
		// A last award to the lost account, and one taken back.
		assert_ok!(issue_order(3, ANN, 4));
		assert_ok!(cancel(1, 2));
		Points::do_try_state().unwrap();
		block_at(START + PERIOD, false);
		assert_eq!((has(ANN), has(BEN), has(13)), ((0, 0), (0, 0), (34, 0)));
	});
}

#[test]
fn moving_takes_what_can_be_used_and_leaves_what_is_expired() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		assert_eq!(Points::move_all(&ANN, &BEN, vintage(1, 0)), Ok(300));
		assert_eq!((has(ANN), has(BEN)), ((0, 0), (30, 0)));
		assert_eq!(Points::move_all(&ANN, &BEN, vintage(7, 0)), Ok(0));
		Timestamp::set_timestamp(START + 3 * PERIOD);
		assert_eq!(Points::move_all(&BEN, &ANN, vintage(1, 0)), Ok(0));
		assert_eq!(has(BEN), (30, 0));
	});
}
