use super::mock::*;
use crate::{
	AwardBatchesByEra, AwardedOrders, Error, Event, FlowsOf, LiabilityOf, PendingBatches, PendingOf,
	PendingTotal, Period, Programs, Terms,
};
use frame_support::{assert_noop, assert_ok, traits::fungibles::Inspect, weights::WeightMeter};
use hanse_primitives::{Holdings, PointsLedger as _};
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

/// Takes back so much in all of what was awarded for an order.
fn cancel(who: u64, number: u64, total: u128) -> DispatchResult {
	Points::cancel_award(RuntimeOrigin::signed(who), 1, H256::from_low_u64_be(number), total)
}

#[test]
fn an_award_is_owed_at_once_and_minted_when_its_window_ends() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue_order(1, ANN, 30));
		let matures = Some(START + PERIOD);
		let (asset, order) = (vintage(1, 0), order(1).commitment);
		let event = Event::PointsIssued { program: 1, asset, to: ANN, amount: 30, order, matures };
		System::assert_last_event(event.into());
		assert_eq!((has(ANN), Assets::total_issuance(vintage(1, 0))), ((0, 30), 0));
		assert_eq!((FlowsOf::<Test>::get(1).issued, LiabilityOf::<Test>::get(ISSUER).outstanding), (30, 300));
		block_at(START + PERIOD - 1, false);
		assert_eq!(has(ANN), (0, 30));
		block_at(START + PERIOD, false);
		assert_eq!(has(ANN), (30, 0));
		System::assert_has_event(Event::PointsMatured { asset: vintage(1, 0), to: ANN, amount: 30 }.into());
		assert_eq!(
			(LiabilityOf::<Test>::get(ISSUER).outstanding, PendingTotal::<Test>::get(vintage(1, 0))),
			(300, 0)
		);
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
		assert_eq!(PendingBatches::<Test>::iter().count(), 0);
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
		assert_ok!(cancel(1, 1, 30));
		let (asset, order) = (vintage(1, 0), order(1).commitment);
		let event = Event::AwardCancelled { program: 1, asset, from: ANN, order, amount: 30 };
		System::assert_last_event(event.into());
		let flows = FlowsOf::<Test>::get(1);
		assert_eq!(
			(flows.issued, flows.cancelled, LiabilityOf::<Test>::get(ISSUER).outstanding),
			(42, 30, 120)
		);
		assert_eq!(has(ANN), (0, 12));
		assert_noop!(cancel(1, 1, 30), Error::<Test>::NotPending);
		// The order was served; what was taken back is not issued again.
		assert_noop!(issue_order(1, ANN, 30), Error::<Test>::AlreadyIssued);
		block_at(START + PERIOD, false);
		assert_eq!(has(ANN), (12, 0));
	});
}

#[test]
fn one_award_of_a_batch_is_taken_back_and_the_others_stay() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(batch(vec![award(ANN, 5, 1), award(BEN, 7, 2), award(ANN, 11, 3)]));
		assert_ok!(cancel(1, 2, 7));
		assert_eq!((has(ANN), has(BEN)), ((0, 16), (0, 0)));
		assert_ok!(cancel(1, 1, 5));
		Points::do_try_state().unwrap();
		block_at(START + PERIOD, false);
		assert_eq!((has(ANN), has(BEN), PendingBatches::<Test>::iter().count()), ((11, 0), (0, 0), 0));
	});
}

#[test]
fn a_part_is_taken_back_by_its_total_and_the_window_of_the_rest_does_not_start_anew() {
	run(|| {
		Reserves::set([(ISSUER, 1_000_000)].into());
		program(ISSUER, LATER);
		assert_ok!(batch(vec![award(ANN, 300, 1), award(BEN, 1, 2)]));
		Timestamp::set_timestamp(START + PERIOD / 2);
		assert_ok!(cancel(1, 1, 100));
		assert_eq!((has(ANN), LiabilityOf::<Test>::get(ISSUER).outstanding), ((0, 200), 2_010));
		// A repeat does nothing, less than before neither, and more than was awarded is refused.
		assert_ok!(cancel(1, 1, 100));
		assert_ok!(cancel(1, 1, 50));
		assert_noop!(cancel(1, 1, 301), Error::<Test>::MoreThanAwarded);
		assert_noop!(cancel(1, 1, 0), Error::<Test>::ZeroAmount);
		assert_ok!(cancel(1, 1, 150));
		assert_eq!((has(ANN), FlowsOf::<Test>::get(1).cancelled), ((0, 150), 150));
		block_at(START + PERIOD - 1, false);
		assert_eq!(has(ANN), (0, 150));
		block_at(START + PERIOD, false);
		assert_eq!(has(ANN), (150, 0));
		assert_noop!(cancel(1, 1, 200), Error::<Test>::NotPending);
		let again = batch(vec![award(ANN, 300, 1)]);
		assert_eq!((again, has(ANN)), (Ok(()), (150, 0)));
	});
}

#[test]
fn nothing_but_the_issuers_own_awards_is_taken_back_and_only_in_time() {
	run(|| {
		program(ISSUER, LATER);
		program(ISSUER, TERMS);
		assert_ok!(issue_order(1, ANN, 30));
		assert_ok!(Points::exchange_in(&ANN, 1, 70));
		assert_ok!(Points::issue(RuntimeOrigin::signed(1), 2, ANN, 5, order(3)));
		assert_noop!(cancel(2, 1, 30), Error::<Test>::NotIssuer);
		assert_noop!(cancel(ANN, 1, 30), sp_runtime::DispatchError::BadOrigin);
		assert_noop!(cancel(1, 2, 5), Error::<Test>::NotPending);
		let of = |program, number| {
			Points::cancel_award(RuntimeOrigin::signed(1), program, order(number).commitment, 5)
		};
		assert_noop!(of(2, 1), Error::<Test>::NotPending);
		// Minted at once.
		assert_noop!(of(2, 3), Error::<Test>::NotPending);
		assert_noop!(of(9, 1), Error::<Test>::NotFound);
		// From its moment on it is the holder's, minted or not.
		Timestamp::set_timestamp(START + PERIOD);
		assert_noop!(cancel(1, 1, 30), Error::<Test>::NotPending);
	});
}

#[test]
fn an_award_is_named_by_its_order_for_as_long_as_it_is_pending() {
	run(|| {
		let terms =
			Terms { period: Period::Milliseconds(1_000 * ERA), validity: 1_000, pending: 500, ..TERMS };
		program(ISSUER, terms);
		// Pending for longer than orders are remembered otherwise.
		Programs::<Test>::mutate(1, |program| program.as_mut().unwrap().terms.pending = 25 * ERA);
		assert_ok!(batch(vec![award(ANN, 30, 1), award(ANN, 4, 2)]));
		for era in [10, 20] {
			block_at(START + era * ERA, true);
			Points::do_try_state().unwrap();
		}
		assert_ok!(cancel(1, 1, 30));
		block_at(START + 25 * ERA, true);
		assert_eq!(has(ANN), (4, 0));
		block_at(START + 30 * ERA, true);
		assert_eq!(
			(AwardedOrders::<Test>::iter().count(), AwardBatchesByEra::<Test>::iter().count()),
			(0, 0)
		);
	});
}

#[test]
fn exchanges_in_one_block_are_pending_each_on_its_own() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(Points::exchange_in(&ANN, 1, 70));
		assert_ok!(Points::exchange_in(&ANN, 1, 30));
		assert_ok!(Points::exchange_in(&BEN, 1, 30));
		assert_eq!((has(ANN), has(BEN), PendingBatches::<Test>::iter().count()), ((0, 10), (0, 3), 3));
		block_at(START + PERIOD, false);
		assert_eq!((has(ANN), has(BEN)), ((10, 0), (3, 0)));
	});
}

#[test]
fn what_is_pending_when_its_vintage_expires_is_breakage() {
	run(|| {
		program(ISSUER, LATER);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		// A chain that stood still beyond all of it.
		block_at(START + 3 * PERIOD, false);
		assert_eq!((FlowsOf::<Test>::get(1).expired, LiabilityOf::<Test>::get(ISSUER).outstanding), (30, 0));
		assert_eq!((has(ANN), PendingBatches::<Test>::iter().count()), ((0, 0), 0));
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
		assert_ok!(cancel(1, 2, 5));
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
