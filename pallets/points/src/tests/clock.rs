use super::mock::*;
use crate::{Error, Event, ExpiryQueue, LiabilityOf, Period, Programs, Shortfalls, Terms};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{ClockStop, OffenceKind, PointsLedger as _, ProgramClocks};
use pallet_institutions::Status;

fn spendable() -> u128 {
	Points::worth(&ANN, 1, u128::MAX)
}

fn expiries() -> Vec<u64> {
	Programs::<Test>::get(1).unwrap().vintages.iter().map(|vintage| vintage.expires - START).collect()
}

#[test]
fn nothing_expires_while_the_clock_stands_and_its_time_is_added() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		block_at(START + 250, false);
		assert_ok!(Points::stop(1, ClockStop::Halt));
		System::assert_last_event(Event::ClockStopped { program: 1 }.into());
		assert_eq!(ExpiryQueue::<Test>::iter().count(), 0);
		block_at(START + 1_000, true);
		assert_eq!(spendable(), 300);
		assert_ok!(Points::resume(1, ClockStop::Halt));
		System::assert_last_event(Event::ClockResumed { program: 1, stood: 750 }.into());
		assert_eq!(expiries(), vec![3 * PERIOD + 750]);
		block_at(START + 3 * PERIOD + 749, false);
		assert_eq!(spendable(), 300);
		block_at(START + 3 * PERIOD + 750, false);
		assert_eq!((spendable(), LiabilityOf::<Test>::get(ISSUER).outstanding), (0, 0));
	});
}

#[test]
fn what_was_expired_when_the_clock_stopped_stays_expired() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		Timestamp::set_timestamp(START + 3 * PERIOD);
		assert_ok!(Points::stop(1, ClockStop::Halt));
		assert_eq!(spendable(), 0);
		Timestamp::set_timestamp(START + 5 * PERIOD);
		assert_ok!(Points::resume(1, ClockStop::Halt));
		assert_eq!(spendable(), 0);
		block_at(START + 5 * PERIOD, false);
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 0);
	});
}

#[test]
fn two_reasons_hold_the_clock_until_both_are_gone_and_count_once() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		for (now, stop, reason) in [
			(10, true, ClockStop::Halt),
			(20, true, ClockStop::Pause),
			(30, true, ClockStop::Halt),
			(40, false, ClockStop::Halt),
			(50, false, ClockStop::Shortfall),
			(60, false, ClockStop::Pause),
			(70, false, ClockStop::Pause),
		] {
			Timestamp::set_timestamp(START + now);
			assert_ok!(if stop { Points::stop(1, reason) } else { Points::resume(1, reason) });
			Points::do_try_state().unwrap();
		}
		assert_eq!(expiries(), vec![3 * PERIOD + 50]);
		assert_noop!(Points::stop(9, ClockStop::Halt), Error::<Test>::NotFound);
		assert_noop!(Points::resume(9, ClockStop::Halt), Error::<Test>::NotFound);
	});
}

#[test]
fn periods_and_revisions_follow_the_time_of_day_and_expiry_the_clock() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		assert_ok!(Points::revise_terms(RuntimeOrigin::signed(1), 1, Terms { face_value: 3, ..TERMS }));
		Timestamp::set_timestamp(START + 90);
		assert_ok!(Points::stop(1, ClockStop::Pause));
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		// Issued while it stands: into the period that runs, under the terms that were promised for it.
		Timestamp::set_timestamp(START + 510);
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		Timestamp::set_timestamp(START + 530);
		assert_ok!(Points::resume(1, ClockStop::Pause));
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		let vintages = Programs::<Test>::get(1).unwrap().vintages;
		assert_eq!(vintages.iter().map(|v| v.closes - START).collect::<Vec<_>>(), vec![100, 600]);
		// The one lost 440, the other the 20 for which the clock stood in its time.
		assert_eq!(expiries(), vec![300 + 440, 800 + 20]);
		assert_eq!((Assets::balance(vintage(1, 0), ANN), Assets::balance(vintage(1, 1), ANN)), (2, 2));
		assert_eq!(vintages[1].face_value, 3);
	});
}

#[test]
fn however_often_it_stands_eight_vintages_are_enough() {
	run(|| {
		program(ISSUER, Terms { validity: 6 * PERIOD, ..TERMS });
		let (mut now, mut prolonged) = (START, 0);
		for step in 0..90u64 {
			assert_ok!(Points::stop(1, ClockStop::Halt));
			now += step % 7 * 13;
			block_at(now, false);
			assert_ok!(Points::resume(1, ClockStop::Halt));
			now += 40;
			block_at(now, false);
			let before = expiries();
			assert_ok!(issue(ISSUER, 1, ANN, 1));
			// Nothing ever expires earlier for it.
			assert!(expiries().iter().zip(&before).all(|(after, before)| after >= before));
			Points::do_try_state().unwrap();
			prolonged = System::events()
				.iter()
				.filter(|record| matches!(record.event, RuntimeEvent::Points(Event::VintageProlonged { .. })))
				.count();
		}
		assert!(prolonged > 10);
	});
}

#[test]
fn while_nobody_can_act_nothing_expires_or_matures_and_the_calendar_goes_on() {
	run(|| {
		program(ISSUER, Terms { pending: PERIOD, ..TERMS });
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		block_at(START + 50, false);
		// No block for 750.
		Stood::set(750);
		block_at(START + 800, false);
		let held =
			|| Points::portfolio(ANN, 1).holdings.iter().map(|h| (h.amount, h.pending)).collect::<Vec<_>>();
		assert_eq!(held(), vec![(0, 30)]);
		let place =
			|number| Points::awarded(1, vec![order(number).commitment].try_into().unwrap())[0].unwrap().place;
		let until = START + PERIOD + 750;
		assert_eq!(place(1_000_000), crate::AwardPlace::Pending { amount: 30, until });
		block_at(until, false);
		assert_eq!(held(), vec![(30, 0)]);
		// A vintage of the period that runs by the time of day expires when its terms say.
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		let expires: Vec<_> = Points::portfolio(ANN, 1).holdings.iter().map(|h| h.expires - START).collect();
		assert_eq!(expires, vec![3 * PERIOD + 750, 9 * PERIOD + 2 * PERIOD]);
		block_at(START + 3 * PERIOD + 749, false);
		assert_eq!(spendable(), 310);
		block_at(START + 3 * PERIOD + 750, false);
		assert_eq!((spendable(), LiabilityOf::<Test>::get(ISSUER).outstanding), (10, 10));
	});
}

/// A member with 2,000 outstanding that expires two eras after the next turn, and its status.
fn member_that_owes() -> impl Fn() -> Status {
	Voters::set(vec![1, 2]);
	program(ISSUER, Terms { period: Period::Milliseconds(ERA), validity: ERA, ..TERMS });
	block_at(START + 10, false);
	assert_ok!(issue(ISSUER, 1, ANN, 200));
	assert_ok!(issue(
		RIVAL,
		program(RIVAL, Terms { period: Period::Milliseconds(ERA), validity: ERA, ..TERMS }),
		ANN,
		1
	));
	|| pallet_institutions::Institutions::<Test>::get(ISSUER).unwrap().status
}

fn stands(program: u16) -> bool {
	Programs::<Test>::get(program).unwrap().stopped.is_some()
}

#[test]
fn a_reserve_below_the_minimum_at_the_end_of_an_era_stops_the_clocks_of_its_member() {
	run(|| {
		let status = member_that_owes();
		// Payments took the reserve below a tenth of 2,000; nobody checks before the end of the era.
		Reserves::set([(ISSUER, 199)].into());
		block_at(START + ERA - 1, false);
		assert_eq!(Shortfalls::<Test>::iter().count(), 0);
		block_at(START + ERA, false);
		System::assert_has_event(Event::ReserveFellShort { institution: ISSUER }.into());
		assert!(stands(1) && !stands(2));
		// Its points are spent as before, and it goes on if it tops up before the end of the next era.
		assert_eq!(spendable(), 2_000);
		Reserves::set([(ISSUER, 200)].into());
		block_at(START + 2 * ERA, false);
		assert_eq!((expiries(), Shortfalls::<Test>::iter().count()), (vec![3 * ERA], 0));
		assert!(!stands(1) && status() == Status::Active);
	});
}

#[test]
fn a_whole_era_below_the_minimum_ends_in_run_off_at_what_the_reserve_pays() {
	run(|| {
		let status = member_that_owes();
		Reserves::set([(ISSUER, 150)].into());
		BondDebts::set([(ISSUER, BOND)].into());
		block_at(START + ERA, false);
		assert_eq!(status(), Status::Active);
		block_at(START + 2 * ERA, false);
		assert!(matches!(status(), Status::RunOff { .. }));
		assert_eq!(SeenOffences::get(), [(ISSUER, OffenceKind::UnderReserved); 2]);
		// 150 for 2,000: its points pay 7.5 % from now on, and the time goes on.
		assert_eq!(spendable(), 150);
		assert!(!stands(1));
		assert_eq!((expiries(), Shortfalls::<Test>::iter().count()), (vec![3 * ERA], 0));
		block_at(START + 3 * ERA, false);
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 0);
	});
}

#[test]
fn an_era_in_which_the_chain_stood_still_is_not_held_against_a_member() {
	run(|| {
		let status = member_that_owes();
		Reserves::set([(ISSUER, 150)].into());
		BondDebts::set([(ISSUER, BOND)].into());
		block_at(START + ERA, false);
		Stood::set(2 * ERA - 100);
		block_at(START + 3 * ERA, false);
		assert_eq!(status(), Status::Active);
		block_at(START + 4 * ERA, false);
		assert_ne!(status(), Status::Active);
	});
}

#[test]
fn the_part_of_an_era_in_which_nobody_could_act_is_not_held_against_a_member() {
	run(|| {
		let status = member_that_owes();
		Reserves::set([(ISSUER, 150)].into());
		BondDebts::set([(ISSUER, BOND)].into());
		// However long the clock had stood before it was found.
		Stood::set(7 * ERA);
		block_at(START + ERA, false);
		Stood::set(7 * ERA + ERA / 2);
		block_at(START + 2 * ERA, false);
		assert_eq!(status(), Status::Active);
		// An era and a half in which it could have topped up.
		block_at(START + 3 * ERA, false);
		assert_ne!(status(), Status::Active);
	});
}

#[test]
fn more_institutions_than_one_block_inspects_are_inspected_by_the_next() {
	run(|| {
		for id in 1..=20 {
			LiabilityOf::<Test>::insert(id, crate::Liability::default());
		}
		for blocks in 1..=3 {
			block_at(START + ERA, false);
			assert_eq!(EraEnds::get().unwrap().running.is_some(), blocks < 3);
		}
	});
}
