use super::mock::*;
use crate::{Error, Event};
use frame_support::assert_ok;
use hanse_primitives::{Balance, MemberStatus as _, Reserves as _, SuspensionCause};
use pallet_points::{FlowsOf, LiabilityOf};
use proptest::prelude::*;

fn reserves() -> [Balance; 3] {
	[AIR, BOOKS, HOTEL].map(Clearing::reserve)
}

#[test]
fn a_refund_takes_points_obligation_and_interchange_back_together() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		assert_eq!((accrued(AIR), reserves()), (5, [RESERVE - 495, RESERVE + 495, RESERVE]));
		assert_ok!(refund(2, ANN, 1, 200));
		assert_eq!((points(1, ANN), accrued(AIR)), (70, 3));
		assert_eq!(reserves(), [RESERVE - 297, RESERVE + 297, RESERVE]);
		System::assert_last_event(
			Event::Refunded { merchant: BOOKS, payer: ANN, order: order(1), value: 200, total: 200 }.into(),
		);
		assert_ok!(refund(2, ANN, 1, 500));
		assert_eq!(GivenBack::get(), [(ANN, 200, START), (ANN, 300, START)]);
		assert_eq!((points(1, ANN), accrued(AIR), reserves()), (100, 0, [RESERVE; 3]));
		assert_eq!(
			(LiabilityOf::<Test>::get(AIR).outstanding, FlowsOf::<Test>::get(1).reinstated),
			(1_000, 50)
		);
		assert_eq!((Clearing::net_paid(AIR), Clearing::net_paid(BOOKS)), (0, 0));
	});
}

#[test]
fn a_refund_at_home_moves_no_money() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, AIR, 1, 500, &[(1, 100)]));
		assert_eq!(accrued(AIR), 0);
		assert_ok!(refund(1, ANN, 1, 500));
		assert_eq!((points(1, ANN), reserves()), (100, [RESERVE; 3]));
	});
}

#[test]
fn bad_refunds_are_refused_by_name() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		refused!(refund(2, ANN, 1, 0), Error::<Test>::ZeroAmount);
		refused!(refund(2, ANN, 1, 501), Error::<Test>::RefundTooLarge);
		refused!(refund(2, ANN, 1, u128::MAX), Error::<Test>::RefundTooLarge);
		refused!(refund(2, ANN, 2, 1), Error::<Test>::NotFound);
		refused!(refund(2, BEN, 1, 1), Error::<Test>::NotFound);
		refused!(refund(3, ANN, 1, 1), Error::<Test>::NotFound);
		refused!(refund(ANN, ANN, 1, 1), sp_runtime::DispatchError::BadOrigin);
		assert_ok!(refund(2, ANN, 1, 300));
		refused!(refund(2, ANN, 1, 501), Error::<Test>::RefundTooLarge);
		refused!(refund(2, ANN, 1, u128::MAX), Error::<Test>::RefundTooLarge);
		Timestamp::set_timestamp(START + u64::from(REFUND_WINDOW) * ERA);
		refused!(refund(2, ANN, 1, 500), Error::<Test>::RefundWindowClosed);
		block_at(Timestamp::get());
		refused!(refund(2, ANN, 1, 500), Error::<Test>::NotFound);
	});
}

#[test]
fn a_refund_fails_for_the_merchants_short_reserve_and_succeeds_after_a_top_up() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		assert_ok!(Clearing::draw_down(RuntimeOrigin::signed(2), RESERVE + 1));
		refused!(refund(2, ANN, 1, 500), pallet_clearing::Error::<Test>::ReserveTooSmall);
		assert_ok!(Clearing::top_up(RuntimeOrigin::signed(2), 1));
		assert_ok!(refund(2, ANN, 1, 500));
		assert_eq!((points(1, ANN), reserves()), (100, [RESERVE, 0, RESERVE]));
	});
}

#[test]
fn neither_cap_nor_minimum_reserve_nor_delay_nor_suspension_stops_a_refund() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		// To the cap: two times 9,500 of reserve and 1,000 of bond.
		assert_ok!(issue(1, BEN, 2_050));
		refused!(issue(1, BEN, 1), pallet_points::Error::<Test>::OverLiabilityCap);
		[AIR, BOOKS].into_iter().for_each(fall_overdue);
		assert_ok!(Institutions::suspend(AIR, SuspensionCause::Conduct));
		assert_ok!(Institutions::suspend(BOOKS, SuspensionCause::Conduct));
		assert_ok!(refund(2, ANN, 1, 500));
		assert_eq!(points(1, ANN), 100);
	});
}

#[test]
fn what_came_from_an_expired_vintage_returns_in_the_next_to_expire_and_the_merchant_bears_the_interchange() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		block_at(START + 2 * PERIOD);
		assert_ok!(issue(1, BEN, 1));
		block_at(START + 3 * PERIOD);
		// 255 micro-units are 25 points of 10.
		assert_ok!(refund(2, ANN, 1, 255));
		assert_eq!(Assets::balance(hanse_primitives::asset_id(1, 1), ANN), 25);
		// All 255 came back, of which the merchant had got 252: the issuer owes 250 again and has lost nothing.
		assert_eq!((accrued(AIR), reserves()), (5, [RESERVE - 495 + 255, RESERVE + 495 - 255, RESERVE]));
		block_at(START + u64::from(REFUND_WINDOW) * ERA);
		assert_eq!((accrued(AIR), pot()), (0, 5));
	});
}

#[test]
fn without_an_open_vintage_the_merchant_refunds_in_its_own_points_and_keeps_the_money() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		block_at(START + 3 * PERIOD);
		assert_ok!(refund(2, ANN, 1, 500));
		// 71 points of 7 are 497, in the vintage of the period that runs.
		assert_eq!((points(2, ANN), reserves()), (71, [RESERVE - 500, RESERVE + 500, RESERVE]));
		assert_eq!(FlowsOf::<Test>::get(2).reinstated, 71);
	});
}

#[test]
fn when_the_issuer_is_in_run_off_the_merchant_refunds_in_its_own_points() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		assert_ok!(Institutions::start_run_off(AIR));
		assert_ok!(refund(2, ANN, 1, 500));
		assert_eq!((points(1, ANN), points(2, ANN)), (50, 71));
	});
}

#[test]
fn a_merchant_without_a_program_is_told_so() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		assert_ok!(Institutions::start_run_off(AIR));
		let programs = pallet_points::ProgramsOf::<Test>::take(BOOKS);
		refused!(refund(2, ANN, 1, 500), Error::<Test>::NoProgram);
		pallet_points::ProgramsOf::<Test>::insert(BOOKS, programs);
	});
}

#[test]
fn interchange_reaches_the_pot_when_the_refund_window_closes_and_not_before() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(issue(2, ANN, 100));
		assert_ok!(pay(ANN, HOTEL, 1, 570, &[(1, 50), (2, 100)]));
		assert_eq!((accrued(AIR), accrued(BOOKS)), (5, 1));
		for era in 0..u64::from(REFUND_WINDOW) {
			block_at(START + era * ERA);
			assert_eq!((accrued(AIR), accrued(BOOKS), pot()), (5, 1, 0));
		}
		block_at(START + u64::from(REFUND_WINDOW) * ERA);
		assert_eq!((accrued(AIR), accrued(BOOKS), pot()), (0, 0, 6));
	});
}

#[test]
fn an_overdue_issuers_points_pause_at_partners_and_pay_at_home() {
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		fall_overdue(AIR);
		refused!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]), pallet_clearing::Error::<Test>::Overdue);
		refused!(exchange(ANN, 1, 50, 3, 0), pallet_clearing::Error::<Test>::Overdue);
		assert_ok!(pay(ANN, AIR, 1, 500, &[(1, 100)]));
	});
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

	#[test]
	fn any_split_of_a_refund_returns_the_same_and_never_more(
		price in 300..900u128,
		rate in 0..=1_000_000u32,
		parts in prop::collection::vec(1..200u128, 1..12),
	) {
		genesis().execute_with(|| {
			Interchange::set(Permill::from_parts(rate));
			for (program, amount) in [(1, 20), (2, 30), (3, 20)] {
				assert_ok!(issue(program, ANN, amount));
			}
			block_at(START + PERIOD);
			assert_ok!(issue(1, ANN, 3));
			let legs = [(1, 100), (2, 100), (3, 100)];
			assert_ok!(pay(ANN, BOOKS, 1, price, &legs[..]));
			Timestamp::set_timestamp(START + PERIOD);
			let mut refunded = 0;
			for part in parts.into_iter().chain([price]) {
				let value = part.min(price - refunded);
				if value == 0 {
					break;
				}
				refunded += value;
				assert_ok!(refund(2, ANN, 1, refunded));
				for part in receipt(BOOKS, ANN, 1).parts {
					assert_eq!(part.returned, part.burn.points * refunded / price);
				}
				check();
			}
			assert_eq!([1, 2, 3].map(|program| points(program, ANN)), [20, 30, 20]);
			assert_eq!(reserves(), [RESERVE; 3]);
			assert_eq!([AIR, BOOKS, HOTEL].map(accrued), [0; 3]);
		});
	}
}

#[test]
fn a_halt_stops_no_refund_and_keeps_the_vintage_open() {
	use hanse_primitives::{ClockStop, ProgramClocks as _};
	run(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		assert_ok!(Points::stop(1, ClockStop::Halt));
		assert_ok!(Points::stop(2, ClockStop::Pause));
		block_at(START + 5 * PERIOD);
		assert_ok!(refund(2, ANN, 1, 500));
		assert_eq!(points(1, ANN), 100);
	});
}

#[test]
fn when_the_issuer_is_gone_the_merchant_refunds_in_its_own_points() {
	genesis().execute_with(|| {
		assert_ok!(issue(1, ANN, 100));
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 100)]));
		pallet_institutions::InstitutionOf::<Test>::remove(1);
		assert_ok!(refund(2, ANN, 1, 500));
		assert_eq!((points(1, ANN), points(2, ANN)), (50, 71));
	});
}
