use super::mock::*;
use crate::{Error, Event, ReserveFlowsOf};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer, traits::fungible::Inspect};
use hanse_primitives::{Balance, Clearing as _};
use sp_runtime::{DispatchError, DispatchResult};

#[test]
fn top_up_moves_free_balance_into_the_reserve() {
	run(|| {
		assert_ok!(Clearing::top_up(RuntimeOrigin::signed(1), 30));
		assert_eq!(reserve(1), 130);
		assert_eq!(Balances::balance(&1), FREE - 30);
		assert_eq!(ReserveFlowsOf::<Test>::get(1).topped_up, 130);
		System::assert_last_event(Event::ReserveToppedUp { institution: 1, amount: 30 }.into());
	});
}

#[test]
fn top_up_fails_by_name_beyond_the_free_balance() {
	run(|| {
		assert_noop!(Clearing::top_up(RuntimeOrigin::signed(1), 0), Error::<Test>::ZeroAmount);
		assert_noop!(Clearing::top_up(RuntimeOrigin::signed(1), FREE + 1), Error::<Test>::FundsTooSmall);
		assert_noop!(Clearing::top_up(RuntimeOrigin::signed(1), u128::MAX), Error::<Test>::FundsTooSmall);
	});
}

#[test]
fn draw_down_moves_reserve_back() {
	run(|| {
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(1), 100));
		assert_eq!(reserve(1), 0);
		assert_eq!(Balances::balance(&1), FREE + 100);
		assert_eq!(ReserveFlowsOf::<Test>::get(1).drawn_down, 100);
		System::assert_last_event(Event::ReserveDrawnDown { institution: 1, amount: 100 }.into());
	});
}

#[test]
fn draw_down_fails_by_name_beyond_the_reserve() {
	run(|| {
		assert_noop!(Clearing::draw_down(RuntimeOrigin::signed(1), 0), Error::<Test>::ZeroAmount);
		assert_noop!(Clearing::draw_down(RuntimeOrigin::signed(1), 101), Error::<Test>::ReserveTooSmall);
		assert_noop!(
			Clearing::draw_down(RuntimeOrigin::signed(1), u128::MAX),
			Error::<Test>::ReserveTooSmall
		);
	});
}

#[test]
fn draw_down_keeps_bond_and_reserve_behind_the_points() {
	run(|| {
		LeastBacking::set(BOND + 60);
		assert_noop!(
			Clearing::draw_down(RuntimeOrigin::signed(1), 41),
			DispatchError::Other("OverLiabilityCap")
		);
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(1), 40));
	});
}

#[test]
fn draw_down_needs_an_active_member_and_top_up_any() {
	run(|| {
		Suspended::set([1].into());
		assert_noop!(Clearing::draw_down(RuntimeOrigin::signed(1), 1), DispatchError::Other("NotActive"));
		assert_ok!(Clearing::top_up(RuntimeOrigin::signed(1), 1));
		assert_noop!(Clearing::top_up(RuntimeOrigin::signed(5), 1), DispatchError::BadOrigin);
		assert_noop!(Clearing::draw_down(RuntimeOrigin::signed(5), 1), DispatchError::BadOrigin);
	});
}

#[test]
fn a_refund_leaves_what_a_draw_down_must_leave() {
	let most =
		|of: fn(Balance) -> DispatchResult| (0..=100).rev().find(|n| *n == 0 || of(*n).is_ok()).unwrap();
	let draw = |n| with_storage_layer(|| Clearing::draw_down(by(1), n));
	let back = |n| with_storage_layer(|| Clearing::owe_refund(1, 2, n));
	for (least, reserve, funded, debt, arrears) in [
		(0, 0, 0, 0, 0),
		(90, 0, 0, 0, 0),
		(0, 30, 0, 0, 0),
		(90, 30, 20, 0, 0),
		(0, 0, 20, 30, 0),
		(60, 10, 5, 30, 25),
	] {
		let drawn = |of: fn(Balance) -> DispatchResult| {
			let mut found = 0;
			run(|| {
				if debt > 0 {
					grant(2, 1, debt);
					assert_ok!(Clearing::owe(1, 2, debt));
				}
				LeastBacking::set(least);
				LeastReserve::set(reserve);
				FundedLately::set(funded);
				if arrears > 0 {
					crate::Arrears::<Test>::insert(1, crate::ArrearsOfDebtor { last: 1, sum: arrears });
					let judgement = crate::Judgement { to: 77, value: arrears };
					crate::Judgements::<Test>::insert(1, 1u32.to_be_bytes(), judgement);
				}
				let may_leave = Clearing::may_leave(1).unwrap();
				found = most(of);
				assert!(found == may_leave || arrears > 0, "{found} of {may_leave}");
			});
			found
		};
		assert_eq!(drawn(draw), drawn(back), "{least} {reserve} {funded} {debt} {arrears}");
	}
}

#[test]
fn a_refund_is_never_met_on_a_line() {
	run(|| {
		grant(2, 1, 40);
		assert_ok!(Clearing::owe_refund(1, 2, 30));
		assert_eq!((owes(1, 2), reserve(1)), (0, 70));
		assert_noop!(Clearing::owe_refund(1, 2, 71), Error::<Test>::ReserveTooSmall);
	});
}
