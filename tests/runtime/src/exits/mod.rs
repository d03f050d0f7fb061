//! How institutions end: holders first, out of reserve and bond, whichever way it is; whoever ends gets back what
//! it put in, as soon as nobody is owed. Rules are the standard ones.

mod histories;
mod holders;

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::{assert_ok, storage::with_transaction, traits::fungible::Inspect as _};
use hanse_primitives::{
	Balance, InstitutionId, Liabilities as _, MemberStatus as _, Members as _, ProgramId, Reserves as _,
};
use hanse_runtime::{
	constants::{CENT, UNIT},
	AccountId, Balances, Clearing, Institutions, Points, Rulebook, Runtime,
};
use pallet_clearing::Call as Clear;
use pallet_institutions::{Call as Belong, Status};
use pallet_points::{LiabilityOf, RecentIssuanceOf};
use sp_runtime::{DispatchError, DispatchResult, TransactionOutcome};

const INN: InstitutionId = 3;
const STORE: InstitutionId = 4;

fn error<E: Into<DispatchError>>(error: E) -> DispatchResult {
	Err(error.into())
}

/// What `act` would say, which changes nothing.
fn what_if<R>(act: impl FnOnce() -> R) -> R {
	with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(act()))).unwrap()
}

fn status(id: InstitutionId) -> Status {
	pallet_institutions::Institutions::<Runtime>::get(id).unwrap().status
}

/// Whether the holders of the points of `id` can be paid all that these pay.
fn serves_holders(id: InstitutionId) -> bool {
	Points::redeemable(id) <= Clearing::free_reserve(id)
}

fn leave(id: InstitutionId) -> DispatchResult {
	dispatch(member(id), Belong::leave {})
}

fn close_by_anybody(id: InstitutionId) -> DispatchResult {
	dispatch(stranger(9), Belong::close { institution: id })
}

fn end_cycle() {
	wait(Rulebook::rules().cycle);
}

fn end_refund_window() {
	wait((u64::from(Rulebook::rules().refund_window) + 1) * DAY);
}

/// Books with points of 0.01 in the hands of an honest customer and of friends of its own.
struct Scene {
	read: ProgramId,
	honest: Wallet,
	friends: Vec<Wallet>,
	orders: u64,
}

impl Scene {
	/// Books keeps `reserve`, the honest customer holds points worth `honest`, and each of `friends` as much as a
	/// customer may spend.
	fn new(reserve: Balance, honest: Balance, friends: u32) -> Self {
		let read = program(BOOKS, TERMS);
		let mut scene = Scene {
			read,
			honest: Wallet::new(0),
			friends: (1..=friends).map(Wallet::new).collect(),
			orders: 0,
		};
		register(STORE, &scene.honest, 0);
		for (friend, tag) in scene.friends.iter().zip(1..) {
			register(BOOKS, friend, tag);
		}
		scene.issue(&scene.honest.account(), honest);
		for who in (0..friends as usize).map(|friend| scene.friends[friend].account()).collect::<Vec<_>>() {
			scene.issue(&who, 1_000 * UNIT);
		}
		if Clearing::free_reserve(BOOKS) > reserve {
			drain(BOOKS, reserve);
		}
		scene
	}

	/// As if it had been issued over so many days.
	fn issue(&mut self, to: &AccountId, value: Balance) {
		self.orders += 1;
		RecentIssuanceOf::<Runtime>::remove(BOOKS);
		let mut left = value / CENT;
		while left > 0 {
			let amount = left.min(100_000);
			issue(BOOKS, self.read, core::slice::from_ref(to), amount, 1_000_000 + self.orders);
			RecentIssuanceOf::<Runtime>::remove(BOOKS);
			self.orders += 1;
			left -= amount;
		}
	}

	fn next(&mut self) -> u64 {
		self.orders += 1;
		self.orders
	}

	/// Every friend pays `price` at `merchant`; the orders.
	fn friends_pay(&mut self, merchant: InstitutionId, price: Balance) -> Vec<(AccountId, u64)> {
		(0..self.friends.len())
			.map(|friend| {
				let (who, number) = (self.friends[friend].account(), self.next());
				let call = payment(merchant, number, price, &[(self.read, Balance::MAX)]);
				assert_ok!(dispatch(who.clone(), call));
				(who, number)
			})
			.collect()
	}

	fn friends_authorize(&mut self, merchant: InstitutionId, price: Balance) -> Vec<(AccountId, u64)> {
		(0..self.friends.len())
			.map(|friend| {
				let (who, number) = (self.friends[friend].account(), self.next());
				let call = authorization(merchant, number, price, &[(self.read, Balance::MAX)]);
				assert_ok!(dispatch(who.clone(), call));
				(who, number)
			})
			.collect()
	}

	/// What the honest customer's points pay.
	fn honest(&self) -> Balance {
		worth(&self.honest.account())
	}

	/// What they would if Books were expelled now.
	fn honest_if_expelled(&self) -> Balance {
		what_if(|| {
			Institutions::start_run_off(BOOKS).unwrap();
			assert!(serves_holders(BOOKS));
			self.honest()
		})
	}
}

fn capture(merchant: InstitutionId, payer: &AccountId, number: u64, value: Balance) -> DispatchResult {
	let call =
		pallet_exchange::Call::capture { payer: payer.clone(), order: order(number), value, last: true };
	dispatch(member(merchant), call)
}

fn void(merchant: InstitutionId, payer: &AccountId, number: u64) -> DispatchResult {
	let call = pallet_exchange::Call::void { merchant, payer: payer.clone(), order: order(number) };
	dispatch(member(merchant), call)
}

fn standard(test: impl FnOnce()) {
	run_on(alliance_of(6), test)
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
fn nobody_leaves_without_a_free_reserve_for_all_its_points_and_holders_of_who_is_expelled_have_bond_and_reserve(
) {
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
fn the_bond_of_who_leaves_pays_its_creditors_what_its_holders_need_of_the_reserve() {
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
fn who_leaves_is_refunded_in_money_and_not_set_off() {
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
fn a_fine_or_a_spent_bond_takes_nothing_from_the_holders_of_who_leaves() {
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
