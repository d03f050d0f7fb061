use super::mock::*;
use crate::{Error, Event, ReserveFlowsOf};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::DispatchError;

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
		Backing::set(BOND + 60);
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
		Inactive::set(Some(1));
		assert_noop!(Clearing::draw_down(RuntimeOrigin::signed(1), 1), DispatchError::Other("NotActive"));
		assert_ok!(Clearing::top_up(RuntimeOrigin::signed(1), 1));
		assert_noop!(Clearing::top_up(RuntimeOrigin::signed(5), 1), DispatchError::BadOrigin);
		assert_noop!(Clearing::draw_down(RuntimeOrigin::signed(5), 1), DispatchError::BadOrigin);
	});
}
