//! Expulsion and run-off, and what a member does on the eve of it.

use super::*;

fn capture(merchant: InstitutionId, payer: &AccountId, number: u64, value: Balance) -> DispatchResult {
	let call =
		pallet_exchange::Call::capture { payer: payer.clone(), order: order(number), value, last: true };
	dispatch(member(merchant), call)
}

#[test]
fn a_member_in_run_off_refunds_nothing_at_its_own_till() {
	standard(|| {
		let mut scene = Scene::new(20_000 * UNIT, 15_000 * UNIT, 15);
		let paid = scene.friends_pay(BOOKS, 1_000 * UNIT);
		drain(BOOKS, 6_000 * UNIT);
		assert_ok!(Institutions::start_run_off(BOOKS));
		assert_eq!((Points::payable(BOOKS), scene.honest()), (15_000 * UNIT, 15_000 * UNIT));
		for (who, number) in paid {
			let refund = dispatch(member(BOOKS), refund(&who, order(number), 1_000 * UNIT));
			assert_eq!(refund, error(pallet_institutions::Error::<Runtime>::BooksClosed));
		}
		assert_eq!((Points::payable(BOOKS), scene.honest()), (15_000 * UNIT, 15_000 * UNIT));
		assert!(serves_holders(BOOKS));
	});
}

#[test]
fn what_was_authorised_on_a_line_before_a_run_off_is_captured_from_the_bond() {
	standard(|| {
		let mut scene = Scene::new(15_000 * UNIT, 8_000 * UNIT, 8);
		grant(INN, BOOKS, 10_000 * UNIT);
		let authorised = scene.friends_authorize(INN, 1_000 * UNIT);
		assert_eq!(pallet_clearing::Encumbrances::<Runtime>::get(BOOKS).on_lines, 7_960 * UNIT);
		drain(BOOKS, 8_000 * UNIT);
		let (free, inn) = (Clearing::free_reserve(BOOKS), Clearing::reserve(INN));
		assert_ok!(Institutions::start_run_off(BOOKS));
		let honest = scene.honest();
		for (who, number) in &authorised[..6] {
			assert_ok!(capture(INN, who, *number, 1_000 * UNIT));
		}
		// In part, and not at all: the points come back with what was kept for them.
		assert_ok!(capture(INN, &authorised[6].0, authorised[6].1, 500 * UNIT));
		let _ = void(INN, &authorised[6].0, authorised[6].1);
		assert_ok!(void(INN, &authorised[7].0, authorised[7].1));
		assert_eq!(Clearing::reserve(INN) - inn, 6_500 * UNIT * 995 / 1_000);
		assert!(Clearing::free_reserve(BOOKS) >= free.min(8_000 * UNIT));
		assert_eq!((scene.honest(), Institutions::bond(BOOKS) < 2_100 * UNIT), (honest, true));
		assert!(serves_holders(BOOKS));
		assert_eq!((Clearing::bond_debt(BOOKS), Clearing::earmarked(BOOKS)), (0, 0));
	});
}

#[test]
fn authorising_just_before_a_run_off_takes_no_more_from_holders_than_paying() {
	standard(|| {
		let mut scene = Scene::new(9_000 * UNIT, 15_000 * UNIT, 5);
		let paid = what_if(|| {
			let mut scene =
				Scene { friends: (1..=5).map(Wallet::new).collect(), honest: Wallet::new(0), ..scene };
			scene.friends_pay(INN, 1_000 * UNIT);
			scene.honest_if_expelled()
		});
		let authorised = scene.friends_authorize(INN, 1_000 * UNIT);
		// But for the interchange, which is kept beside what is kept for the merchant.
		assert!(scene.honest_if_expelled() + 30 * UNIT >= paid);
		assert_ok!(Institutions::start_run_off(BOOKS));
		let honest = scene.honest();
		for (who, number) in authorised {
			assert_ok!(void(INN, &who, number));
			assert!(serves_holders(BOOKS));
		}
		assert_eq!(scene.honest(), honest);
	});
}

#[test]
fn a_debt_on_a_line_leaves_what_a_draw_down_would_have_to() {
	standard(|| {
		// 64,000 of points on the minimum reserve, and nearly at the cap of bond and reserve.
		let mut scene = Scene::new(6_400 * UNIT, 60_000 * UNIT, 4);
		grant(INN, BOOKS, 10_000 * UNIT);
		scene.friends_pay(INN, 900 * UNIT);
		assert_eq!(LiabilityOf::<Runtime>::get(BOOKS).outstanding, 60_400 * UNIT);
		// Of the first 895.5, what 16,400 are more than a quarter of 63,100; the rest is money, which takes the reserve
		// below its minimum, and so is all of the others.
		assert_eq!(Clearing::bond_debt(BOOKS), 625 * UNIT);
		assert_eq!(Clearing::free_reserve(BOOKS), 6_400 * UNIT - 275 * UNIT - 3 * 900 * UNIT);
	});
}

#[test]
fn a_friends_line_that_its_own_customers_fill_in_the_last_hour_costs_holders_what_a_day_of_growth_is() {
	standard(|| {
		let mut scene = Scene::new(5_000 * UNIT, 15_000 * UNIT, 0);
		let before = scene.honest_if_expelled();
		assert!(before + UNIT >= 15_000 * UNIT);
		grant(INN, BOOKS, 10_000 * UNIT);
		scene.friends = (1..=10).map(Wallet::new).collect();
		for (friend, tag) in scene.friends.iter().zip(1..) {
			register(BOOKS, friend, tag);
		}
		// Fresh points of 10,000 in one day: a thousand, and a tenth of what there is.
		let mut issued = 0;
		for friend in 0..10 {
			let (to, number) = (scene.friends[friend].account(), scene.next());
			let call =
				|amount| pallet_points::Call::issue { program: scene.read, to, amount, order: order(number) };
			match dispatch(member(BOOKS), call(50_000)) {
				Ok(()) => issued += 500 * UNIT,
				refused => assert_eq!(refused, error(pallet_points::Error::<Runtime>::OverDailyGrowth)),
			}
		}
		assert_eq!(issued, 2_500 * UNIT);
		for friend in 0..5 {
			let (who, number) = (scene.friends[friend].account(), scene.next());
			assert_ok!(dispatch(who, payment(INN, number, 500 * UNIT, &[(scene.read, Balance::MAX)])));
		}
		let after = scene.honest_if_expelled();
		assert!(after + 2_501 * UNIT >= before, "{before} became {after}");
	});
}

#[test]
fn an_insider_on_the_eve_of_its_expulsion_thins_out_holders_by_a_day_of_growth() {
	standard(|| {
		let scene = Scene::new(5_000 * UNIT, 15_000 * UNIT, 0);
		let to = stranger(1);
		let issue = |amount, number| {
			let call = pallet_points::Call::issue {
				program: scene.read,
				to: to.clone(),
				amount,
				order: order(number),
			};
			dispatch(member(BOOKS), call)
		};
		let over = error(pallet_points::Error::<Runtime>::OverDailyGrowth);
		assert_eq!(issue(3_000_000, 1), over);
		assert_eq!(issue(250_001, 2), over);
		assert_ok!(issue(250_000, 3));
		assert_eq!(issue(1, 4), over);
		assert_ok!(Institutions::start_run_off(BOOKS));
		// 15,000 of 17,500 instead of 6,000.
		let got = scene.honest();
		assert!((12_857 * UNIT..12_858 * UNIT).contains(&got), "{got}");
	});
}

#[test]
fn a_line_that_its_debtor_never_asked_for_makes_no_debtor() {
	standard(|| {
		let mut scene = Scene::new(5_000 * UNIT, 0, 6);
		assert_ok!(dispatch(member(INN), Clear::grant_credit_line { debtor: BOOKS, limit: 10_000 * UNIT }));
		for friend in 0..5 {
			let (who, number) = (scene.friends[friend].account(), scene.next());
			assert_ok!(dispatch(who, payment(INN, number, 1_000 * UNIT, &[(scene.read, Balance::MAX)])));
		}
		let (who, number) = (scene.friends[5].account(), scene.next());
		let sixth = payment(INN, number, 1_000 * UNIT, &[(scene.read, Balance::MAX)]);
		assert_eq!(
			dispatch(who.clone(), sixth.clone()),
			error(pallet_clearing::Error::<Runtime>::ReserveTooSmall)
		);
		assert_eq!(Clearing::bond_debt(BOOKS), 0);
		end_cycle();
		assert_eq!(pallet_clearing::Overdue::<Runtime>::iter().count(), 0);
		// Once it agrees, and as far as it does.
		assert_ok!(dispatch(member(BOOKS), Clear::accept_credit_line { creditor: INN, limit: 100 * UNIT }));
		assert_eq!(dispatch(who, sixth), error(pallet_clearing::Error::<Runtime>::ReserveTooSmall));
	});
}

#[test]
fn what_its_bond_pays_for_recoveries_of_its_own_is_not_kept_from_holders() {
	standard(|| {
		let scene = Scene::new(5_000 * UNIT, 15_000 * UNIT, 0);
		let before = scene.honest_if_expelled();
		pallet_customers::RecoveryExposures::<Runtime>::mutate(BOOKS, |stake| stake.worth = 10_000 * UNIT);
		assert_eq!(scene.honest_if_expelled(), before);
		pallet_customers::RecoveryExposures::<Runtime>::remove(BOOKS);
	});
}

#[test]
fn two_with_lines_on_each_other_who_end_together_pay_their_holders_first() {
	standard(|| {
		let mut scene = Scene::new(12_000 * UNIT, 10_000 * UNIT, 8);
		let inn = program(INN, TERMS);
		grant(INN, BOOKS, 9_000 * UNIT);
		grant(BOOKS, INN, 9_000 * UNIT);
		drain(INN, 9_000 * UNIT);
		let cai = Wallet::new(100);
		register(STORE, &cai, 100);
		issue(INN, inn, &[cai.account()], 90_000, 77_000_000);
		scene.friends_pay(INN, 900 * UNIT);
		assert!(Clearing::bond_debt(BOOKS) > 5_000 * UNIT);
		let books = scene.honest_if_expelled();
		assert_ok!(Institutions::start_run_off(INN));
		assert_ok!(Institutions::start_run_off(BOOKS));
		assert_eq!(scene.honest(), books);
		let theirs = worth(&cai.account());
		for _ in 0..3 {
			end_cycle();
			assert!(serves_holders(BOOKS) && serves_holders(INN));
			assert_eq!((scene.honest(), worth(&cai.account())), (books, theirs));
		}
	});
}
