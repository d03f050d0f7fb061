use super::mock::*;
use crate::{Event, FlowsOf, LiabilityOf};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Liabilities, MemberStatus, PointsLedger as _, Venue};
use sp_runtime::Perquintill;

const AT_PARTNERS: Venue = Venue::Merchant(RIVAL);

/// 200 points of 10 for Ann and 100 for Ben, and a reserve of 1,000 behind them: a third of their value. The
/// bond is for creditors.
fn run_off() {
	Voters::set(vec![1, 2]);
	program(ISSUER, TERMS);
	assert_ok!(issue(ISSUER, 1, ANN, 200));
	assert_ok!(issue(ISSUER, 1, BEN, 100));
	Reserves::set([(ISSUER, 1_000)].into());
	BondDebts::set([(ISSUER, BOND)].into());
	assert_ok!(Institutions::start_run_off(ISSUER));
}

#[test]
fn what_creditors_leave_of_the_bond_serves_holders() {
	run(|| {
		Voters::set(vec![1, 2]);
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 200));
		Reserves::set([(ISSUER, 1_200)].into());
		BondDebts::set([(ISSUER, BOND - 300)].into());
		assert_ok!(Institutions::start_run_off(ISSUER));
		// 1,500 for 2,000.
		let rate = Perquintill::from_percent(75);
		System::assert_has_event(Event::RateFixed { institution: ISSUER, rate }.into());
		assert_eq!(Reserves::get(), [(ISSUER, 1_500)].into());
		assert_eq!((Points::payable(ISSUER), Points::outstanding(ISSUER)), (1_500, 2_000));
	});
}

#[test]
fn points_of_a_run_off_pay_one_rate_of_their_face_value() {
	run(|| {
		run_off();
		let rate = Perquintill::from_parts(333_333_333_333_333_333);
		System::assert_has_event(Event::RateFixed { institution: ISSUER, rate }.into());
		// A third of 2,000 and of 1,000, rounded down.
		assert_eq!((Points::worth(&ANN, 1, u128::MAX), Points::worth(&BEN, 1, u128::MAX)), (666, 333));
		// A price of 100 takes 31 points: 30 would pay 99.
		let burned = Points::burn(&ANN, 1, u128::MAX, 100, AT_PARTNERS, 0).unwrap();
		assert_eq!((burned.burns[0].points, burned.burns[0].value), (31, 103));
		// The liability falls by their whole face value.
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 3_000 - 310);
		assert_eq!(FlowsOf::<Test>::get(1).redeemed_at_partners, 31);
	});
}

#[test]
fn the_rate_does_not_change_whoever_comes_first_and_all_are_served() {
	run(|| {
		run_off();
		Reserves::set([(ISSUER, 0)].into());
		let of_ben: u128 = Points::burn(&BEN, 1, u128::MAX, u128::MAX, AT_PARTNERS, 0)
			.unwrap()
			.burns
			.iter()
			.map(|b| b.value)
			.sum();
		let of_ann: u128 = Points::burn(&ANN, 1, u128::MAX, u128::MAX, AT_PARTNERS, 0)
			.unwrap()
			.burns
			.iter()
			.map(|b| b.value)
			.sum();
		assert_eq!((of_ann, of_ben), (666, 333));
		assert!(of_ann + of_ben <= 1_000);
	});
}

#[test]
fn a_reserve_that_covers_everything_pays_everything() {
	run(|| {
		Voters::set(vec![1, 2]);
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		assert_ok!(Institutions::start_run_off(ISSUER));
		assert_eq!(Points::worth(&ANN, 1, u128::MAX), 300);
	});
}

#[test]
fn a_run_off_makes_no_points_and_its_points_are_given_and_expire() {
	run(|| {
		run_off();
		assert_noop!(issue(ISSUER, 1, ANN, 1), pallet_institutions::Error::<Test>::NotActive);
		assert_noop!(Points::exchange_in(&ANN, 1, 100), pallet_institutions::Error::<Test>::NotActive);
		assert_ok!(Points::donate(RuntimeOrigin::signed(ANN), 1, BEN, 5));
		block_at(START + 3 * PERIOD, false);
		assert_eq!((LiabilityOf::<Test>::get(ISSUER).outstanding, FlowsOf::<Test>::get(1).expired), (0, 300));
	});
}

#[test]
fn without_a_reserve_points_are_worth_nothing_and_nobody_gives_them_for_nothing() {
	run(|| {
		Voters::set(vec![1, 2]);
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		Reserves::set([(ISSUER, 0)].into());
		BondDebts::set([(ISSUER, BOND)].into());
		assert_ok!(Institutions::start_run_off(ISSUER));
		assert!(Points::burn(&ANN, 1, u128::MAX, u128::MAX, AT_PARTNERS, 0).unwrap().burns.is_empty());
		assert_eq!(Assets::balance(vintage(1, 0), ANN), 30);
	});
}

#[test]
fn what_is_authorised_counts_in_the_rate_as_far_as_nothing_is_kept_for_it() {
	run(|| {
		Voters::set(vec![1, 2]);
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 200));
		assert_ok!(issue(ISSUER, 1, BEN, 100));
		assert!(Points::burn(&ANN, 1, 100, u128::MAX, AT_PARTNERS, 0).is_ok());
		assert_ok!(Points::authorise(vintage(1, 0), 100));
		Reserves::set([(ISSUER, 1_050)].into());
		BondDebts::set([(ISSUER, BOND)].into());
		Earmarked::set([(ISSUER, 900)].into());
		assert_ok!(Institutions::start_run_off(ISSUER));
		// 1,050 for 2,000, and for 100 of 1,000 that is authorised.
		let rate = Perquintill::from_percent(50);
		System::assert_has_event(Event::RateFixed { institution: ISSUER, rate }.into());
		assert_eq!((Points::outstanding(ISSUER), Points::payable(ISSUER)), (3_000, 1_050));
		assert_eq!(Points::redeemable(ISSUER), 1_000);
	});
}
