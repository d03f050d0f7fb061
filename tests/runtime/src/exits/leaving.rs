//! Who leaves by its own will, and who never became a member.

use super::*;

#[test]
fn leaving_takes_a_free_reserve_for_all_points_and_after_an_expulsion_holders_have_bond_and_reserve() {
	standard(|| {
		let scene = Scene::new(6_600 * UNIT, 66_000 * UNIT, 0);
		assert_eq!(leave(BOOKS), error(pallet_institutions::Error::<Runtime>::PointsOutstanding));
		assert_ok!(Institutions::start_run_off(BOOKS));
		let got = scene.honest();
		assert!((16_599 * UNIT..=16_600 * UNIT).contains(&got), "{got}");
		assert_eq!(Institutions::bond(BOOKS), 0);
	});
}

#[test]
fn a_leaver_pays_others_only_what_its_holders_do_not_need() {
	standard(|| {
		let mut scene = Scene::new(25_000 * UNIT, 10_000 * UNIT, 6);
		// At its till: with its own points, and with others' that brought it money.
		let at_home = scene.friends_pay(BOOKS, 500 * UNIT);
		let sky = program(AIR, TERMS);
		issue(AIR, sky, &[scene.honest.account()], 90_000, 1);
		let call = payment(BOOKS, 2, 900 * UNIT, &[(sky, Balance::MAX)]);
		assert_ok!(dispatch(scene.honest.account(), call));
		let outstanding = LiabilityOf::<Runtime>::get(BOOKS).outstanding;
		drain(BOOKS, outstanding - 1);
		assert_eq!(leave(BOOKS), error(pallet_institutions::Error::<Runtime>::PointsOutstanding));
		assert_ok!(dispatch(member(BOOKS), Clear::top_up { amount: 1 }));
		assert_ok!(leave(BOOKS));
		let short = error(pallet_clearing::Error::<Runtime>::ReserveTooSmall);
		// Neither its own points, nor money, nor in a loop.
		for (who, number) in &at_home {
			assert_eq!(dispatch(member(BOOKS), refund(who, order(*number), 500 * UNIT)), short);
		}
		let owed = || refund(&scene.honest.account(), order(2), 900 * UNIT);
		assert_eq!(dispatch(member(BOOKS), owed()), short);
		assert!(serves_holders(BOOKS));
		// Whoever pays in for it refunds.
		assert_ok!(dispatch(member(BOOKS), Clear::top_up { amount: 1_500 * UNIT }));
		assert_ok!(dispatch(member(BOOKS), owed()));
		assert_ok!(dispatch(member(BOOKS), refund(&at_home[0].0, order(at_home[0].1), 500 * UNIT)));
		let again = payment(BOOKS, 3, UNIT, &[(scene.read, Balance::MAX)]);
		assert_eq!(
			dispatch(at_home[0].0.clone(), again),
			error(pallet_institutions::Error::<Runtime>::NotActive)
		);
		assert!(serves_holders(BOOKS));
	});
}

#[test]
fn a_draw_down_in_the_block_before_leaving_leaves_nobody_less_than_an_expulsion() {
	standard(|| {
		let scene = Scene::new(25_000 * UNIT, 20_000 * UNIT, 0);
		drain(BOOKS, 2_000 * UNIT);
		assert_eq!(leave(BOOKS), error(pallet_institutions::Error::<Runtime>::PointsOutstanding));
		let expelled = scene.honest_if_expelled();
		assert!((11_999 * UNIT..=12_000 * UNIT).contains(&expelled), "{expelled}");
	});
}

#[test]
fn an_estate_keeps_covering_its_points_when_its_interchange_is_collected() {
	standard(|| {
		let mut scene = Scene::new(25_000 * UNIT, 10_000 * UNIT, 5);
		// Receipts whose window ends after the leaver could close otherwise, and some interchange.
		assert_ok!(dispatch(member(BOOKS), Belong::top_up_bond { amount: 5 * UNIT }));
		scene.friends_pay(INN, 500 * UNIT);
		assert_ok!(leave(BOOKS));
		wait(20 * DAY);
		// At others its points are spent as before, and cost interchange that is due later.
		let call = payment(INN, 900, 900 * UNIT, &[(scene.read, Balance::MAX)]);
		assert_ok!(dispatch(scene.honest.account(), call));
		wait(12 * DAY);
		let (bond, free) = (Institutions::bond(BOOKS), money(&member(BOOKS)));
		assert!(pallet_clearing::Encumbrances::<Runtime>::get(BOOKS).accrued > 0);
		assert_ok!(close_by_anybody(BOOKS));
		assert_eq!((status(BOOKS), money(&member(BOOKS)) - free), (Status::Left, bond));
		assert!(serves_holders(BOOKS));
		end_refund_window();
		assert_eq!(pallet_clearing::Encumbrances::<Runtime>::get(BOOKS).accrued, 0);
		assert!(serves_holders(BOOKS));
		assert_eq!(close_by_anybody(BOOKS), error(pallet_institutions::Error::<Runtime>::PointsOutstanding));
		// When its points are gone, all that is left is its own.
		wait(240 * DAY);
		let (free, reserve) = (money(&member(BOOKS)), Clearing::reserve(BOOKS));
		assert_ok!(close_by_anybody(BOOKS));
		assert_eq!(money(&member(BOOKS)) - free, reserve);
		assert_eq!(Balances::total_balance(&member(BOOKS)), money(&member(BOOKS)));
	});
}

#[test]
fn the_bond_of_a_leaver_pays_its_creditors_what_its_holders_need_of_the_reserve() {
	standard(|| {
		let mut scene = Scene::new(10_000 * UNIT, 2_000 * UNIT, 3);
		grant(INN, BOOKS, 5_000 * UNIT);
		scene.friends_pay(INN, 1_000 * UNIT);
		assert_eq!(Clearing::bond_debt(BOOKS), 2_985 * UNIT);
		drain(BOOKS, 2_985 * UNIT + 15 * UNIT);
		assert_ok!(leave(BOOKS));
		// The bond answers for it at the end of the cycle, as far as the reserve is the holders'.
		let (bond, inn) = (Institutions::bond(BOOKS), money(&member(INN)) + Clearing::reserve(INN));
		end_cycle();
		assert_eq!(money(&member(INN)) + Clearing::reserve(INN) - inn, 2_985 * UNIT);
		assert_eq!(bond - Institutions::bond(BOOKS), 1_985 * UNIT);
		assert!(serves_holders(BOOKS));
	});
}

#[test]
fn a_leaver_is_refunded_in_money_and_not_set_off() {
	standard(|| {
		let mut scene = Scene::new(10_000 * UNIT, 3_000 * UNIT, 2);
		grant(INN, BOOKS, 5_000 * UNIT);
		let paid = scene.friends_pay(INN, 1_000 * UNIT);
		let debt = Clearing::bond_debt(BOOKS);
		assert_eq!(debt, 1_990 * UNIT);
		drain(BOOKS, 3_010 * UNIT);
		assert_ok!(leave(BOOKS));
		for (who, number) in paid {
			assert_ok!(dispatch(member(INN), refund(&who, order(number), 1_000 * UNIT)));
			assert!(serves_holders(BOOKS));
		}
		// Its points are out again and covered, and its bond still answers for its debt.
		assert_eq!(
			(LiabilityOf::<Runtime>::get(BOOKS).outstanding, Clearing::bond_debt(BOOKS)),
			(5_000 * UNIT, debt)
		);
		end_cycle();
		assert_eq!(Clearing::bond_debt(BOOKS), 0);
		assert!(serves_holders(BOOKS));
	});
}

#[test]
fn a_refund_brings_back_no_more_of_a_leavers_points_than_their_value_covers() {
	standard(|| {
		let mut scene = Scene::new(10_000 * UNIT, 3_000 * UNIT, 1);
		// Eleven points, the last of which is not needed in whole.
		let price = 10 * CENT + 4_000;
		let paid = scene.friends_pay(INN, price);
		let outstanding = LiabilityOf::<Runtime>::get(BOOKS).outstanding;
		assert_eq!(outstanding, 4_000 * UNIT - 11 * CENT);
		drain(BOOKS, outstanding);
		assert_ok!(leave(BOOKS));
		assert_eq!(Points::redeemable(BOOKS), Clearing::free_reserve(BOOKS));
		for (who, number) in paid {
			assert_ok!(dispatch(member(INN), refund(&who, order(number), price)));
			assert_eq!(worth(&who), 1_000 * UNIT - CENT);
		}
		assert!(serves_holders(BOOKS));
	});
}

#[test]
fn a_fine_or_a_spent_bond_takes_nothing_from_the_holders_of_a_leaver() {
	use hanse_primitives::{Conduct as _, OffenceKind};
	standard(|| {
		let scene = Scene::new(10_000 * UNIT, 10_000 * UNIT, 0);
		assert_ok!(leave(BOOKS));
		let before = scene.honest();
		hanse_runtime::Conduct::record_offence(BOOKS, OffenceKind::UnansweredDisclosure);
		hanse_runtime::Conduct::record_offence(BOOKS, OffenceKind::Equivocation);
		Institutions::draw_bond(BOOKS, &stranger(1), Balance::MAX).unwrap();
		assert_eq!((scene.honest(), serves_holders(BOOKS)), (before, true));
	});
}

#[test]
fn a_bond_that_is_topped_up_serves_whoever_it_is_then_and_goes_back_with_the_rest() {
	standard(|| {
		let scene = Scene::new(2_000 * UNIT, 15_000 * UNIT, 0);
		let before = scene.honest_if_expelled();
		assert_ok!(dispatch(member(BOOKS), Belong::top_up_bond { amount: 3_000 * UNIT }));
		let after = scene.honest_if_expelled();
		assert!(after - before >= 2_999 * UNIT);
		assert_ok!(dispatch(member(BOOKS), Clear::top_up { amount: 13_000 * UNIT }));
		assert_ok!(leave(BOOKS));
		wait(400 * DAY);
		let put_in = Institutions::bond(BOOKS) + Clearing::reserve(BOOKS);
		let free = money(&member(BOOKS));
		assert_ok!(close_by_anybody(BOOKS));
		assert_eq!((put_in, money(&member(BOOKS)) - free), (28_000 * UNIT, 28_000 * UNIT));
	});
}

#[test]
fn an_application_that_ends_gives_back_bond_and_reserve() {
	run_on(alliance_of(4), || {
		let before: Vec<_> = (0..3).map(|i| money(&applicant(i))).collect();
		for i in 0..3 {
			let profile = profile(&format!("Applicant {i}"));
			assert_ok!(dispatch(applicant(i), Belong::apply { profile }));
			assert_ok!(dispatch(applicant(i), Clear::top_up { amount: 20_000 * UNIT }));
			assert_ok!(dispatch(applicant(i), Belong::top_up_bond { amount: UNIT }));
		}
		assert_ok!(dispatch(applicant(0), Belong::withdraw_application {}));
		assert_ok!(decide(&Belong::reject { institution: 6 }.into(), &[1, 2, 3]));
		wait(60 * DAY);
		assert_eq!(pallet_institutions::Applications::<Runtime>::iter().count(), 0);
		assert_eq!((0..3).map(|i| money(&applicant(i))).collect::<Vec<_>>(), before);
		assert!((5..=7).all(|id| !pallet_clearing::ReserveFlowsOf::<Runtime>::contains_key(id)));
		// And begins anew.
		assert_ok!(dispatch(applicant(0), Belong::apply { profile: profile("Applicant") }));
		assert_ok!(dispatch(applicant(0), Clear::top_up { amount: UNIT }));
	});
}
