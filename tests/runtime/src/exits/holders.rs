//! What holders would get of a member just before its end is not taken from them by what that member and its friends
//! do with each other: refunds, complaints that nobody answers, points that are exchanged.

use super::*;
use hanse_runtime::{Conduct, Timestamp};
use sp_core::H256;

/// What would be paid to the holder of 15,000 if 2,500 more were issued, which a day allows, on backing of 15,000.
const AFTER_A_DAY_OF_GROWTH: Balance = 12_857 * UNIT;

fn short() -> DispatchResult {
	error(pallet_clearing::Error::<Runtime>::ReserveTooSmall)
}

fn thin() -> DispatchResult {
	error(pallet_points::Error::<Runtime>::BelowMinimumReserve)
}

fn cap(id: InstitutionId) -> Balance {
	4 * (Institutions::bond(id) - Clearing::bond_debt(id) + Clearing::free_reserve(id))
}

fn refund_of(merchant: InstitutionId, who: &AccountId, number: u64, total: Balance) -> DispatchResult {
	dispatch(member(merchant), refund(who, order(number), total))
}

/// Friends with points of the airline worth what each of them may spend.
fn friends_of_air(sky: ProgramId, count: u32) -> Vec<Wallet> {
	let friends: Vec<_> = (101..101 + count).map(Wallet::new).collect();
	for (friend, n) in friends.iter().zip(1..) {
		register(INN, friend, 100 + n);
		RecentIssuanceOf::<Runtime>::remove(AIR);
		issue(AIR, sky, &[friend.account()], 100_000, 50_000_000 + 10 * n);
	}
	friends
}

/// Books owes an honest holder 60,000 with the least reserve for that. Friends pay at it with points of the airline,
/// and it draws down what that brought.
fn paid_and_drawn_down(count: u32) -> (Scene, Vec<Wallet>, ProgramId) {
	let scene = Scene::new(6_000 * UNIT, 60_000 * UNIT, 0);
	let sky = program(AIR, TERMS);
	let friends = friends_of_air(sky, count);
	for (friend, n) in friends.iter().zip(1..) {
		assert_ok!(dispatch(friend.account(), payment(BOOKS, n, 1_000 * UNIT, &[(sky, Balance::MAX)])));
	}
	drain(BOOKS, 6_000 * UNIT);
	(scene, friends, sky)
}

#[test]
fn refunds_of_others_points_leave_the_reserve_that_a_draw_down_must_leave() {
	standard(|| {
		let (scene, friends, sky) = paid_and_drawn_down(6);
		let before = scene.honest_if_expelled();
		let refund_all = |friend: &Wallet, n| refund_of(BOOKS, &friend.account(), n, 1_000 * UNIT);
		for (friend, n) in friends.iter().zip(1..) {
			assert_eq!(refund_all(friend, n), thin());
		}
		assert_eq!(scene.honest_if_expelled(), before);
		// Whoever pays in for it refunds, to the unit.
		assert_ok!(dispatch(member(BOOKS), Clear::top_up { amount: 995 * UNIT - 1 }));
		assert_eq!(refund_all(&friends[0], 1), thin());
		assert_ok!(dispatch(member(BOOKS), Clear::top_up { amount: 1 }));
		assert_ok!(refund_all(&friends[0], 1));
		assert_eq!(points(sky, &friends[0].account()), 100_000);
		assert_eq!(scene.honest_if_expelled(), before);
	});
}

#[test]
fn complaints_of_friends_take_neither_reserve_nor_bond_from_holders_and_are_a_debt() {
	standard(|| {
		let (scene, friends, sky) = paid_and_drawn_down(16);
		let before = scene.honest_if_expelled();
		for (friend, n) in friends.iter().zip(1..) {
			let (payer, order, evidence) = (friend.account(), order(n), H256::zero());
			let call = pallet_conduct::Call::file_complaint { merchant: BOOKS, payer, order, evidence };
			assert_ok!(dispatch(friend.account(), call));
		}
		// Nobody answers.
		block_at(Timestamp::get() + Rulebook::rules().answer, vec![]);
		next_block();
		next_block();
		let found = (1..=16).filter(|n| {
			let state = Conduct::complaint(BOOKS, *n).unwrap().state;
			state == pallet_conduct::ComplaintState::Closed(pallet_conduct::ComplaintOutcome::ChargedBack)
		});
		assert_eq!(found.count(), 16);
		// But for the fine of an overdue debtor, the first time.
		let fined = 50 * UNIT;
		assert_eq!(scene.honest_if_expelled(), before - fined);
		assert!(friends.iter().all(|friend| points(sky, &friend.account()) == 0));
		assert!(Clearing::positions(BOOKS).unwrap().arrears >= 16_000 * UNIT);
		// What it pays in beyond what holders count on is theirs.
		assert_ok!(dispatch(member(BOOKS), Clear::top_up { amount: 500 * UNIT }));
		next_block();
		assert_eq!(money(&friends[0].account()), 500 * UNIT);
		assert_eq!(scene.honest_if_expelled(), before - fined);
	});
}

#[test]
fn a_member_with_more_than_its_holders_need_pays_judgements_from_reserve_and_bond() {
	standard(|| {
		// 2,000 are owed; 12,000 stand behind them.
		let scene = Scene::new(2_000 * UNIT, 2_000 * UNIT, 0);
		let sky = program(AIR, TERMS);
		let friends = friends_of_air(sky, 4);
		for (friend, n) in friends.iter().zip(1..) {
			assert_ok!(dispatch(friend.account(), payment(BOOKS, n, 1_000 * UNIT, &[(sky, Balance::MAX)])));
		}
		drain(BOOKS, 200 * UNIT);
		let (before, bond) = (scene.honest_if_expelled(), Institutions::bond(BOOKS));
		for (friend, n) in friends.iter().zip(1..) {
			let call = pallet_conduct::Call::file_complaint {
				merchant: BOOKS,
				payer: friend.account(),
				order: order(n),
				evidence: H256::zero(),
			};
			assert_ok!(dispatch(friend.account(), call));
		}
		block_at(Timestamp::get() + Rulebook::rules().answer, vec![]);
		next_block();
		next_block();
		assert!(friends.iter().all(|friend| points(sky, &friend.account()) == 100_000));
		assert!(Institutions::bond(BOOKS) < bond - 3_900 * UNIT);
		assert_eq!((scene.honest_if_expelled(), Clearing::positions(BOOKS).unwrap().arrears), (before, 0));
	});
}

#[test]
fn refunds_at_its_own_till_keep_a_member_within_its_cap() {
	standard(|| {
		let mut scene = Scene::new(6_600 * UNIT, 33_000 * UNIT, 33);
		let before = scene.honest_if_expelled();
		let paid = scene.friends_pay(BOOKS, 1_000 * UNIT);
		// As much is issued anew.
		for n in 1..=33 {
			scene.issue(&stranger(n), 1_000 * UNIT);
		}
		let over = error(pallet_points::Error::<Runtime>::OverLiabilityCap);
		let mut refused = 0;
		for (who, number) in &paid {
			RecentIssuanceOf::<Runtime>::remove(BOOKS);
			let outcome = refund_of(BOOKS, who, *number, 1_000 * UNIT);
			refused += u32::from(outcome == over);
			assert!(outcome == over || outcome.is_ok());
			assert!(Points::outstanding(BOOKS) <= cap(BOOKS));
		}
		assert_eq!(refused, 33);
		assert!(scene.honest_if_expelled() + UNIT >= before);
		// Whoever pays in for it refunds.
		assert_ok!(dispatch(member(BOOKS), Clear::top_up { amount: 250 * UNIT }));
		let (who, number) = &paid[0];
		RecentIssuanceOf::<Runtime>::remove(BOOKS);
		assert_ok!(refund_of(BOOKS, who, *number, 1_000 * UNIT));
	});
}

#[test]
fn a_month_of_sales_at_its_own_till_is_not_refunded_in_an_hour() {
	standard(|| {
		let mut scene = Scene::new(6_600 * UNIT, 33_000 * UNIT, 0);
		let mut paid = Vec::new();
		// Nothing but what a day allows, and friends who spend it at its own till.
		for day in 1..=20u64 {
			block_at(START + day * DAY, vec![]);
			next_block();
			for _ in 0..3 {
				let (number, friend) = (scene.next(), Wallet::new(1_000 + paid.len() as u32));
				register(BOOKS, &friend, 1_000 + paid.len() as u64);
				let (to, order) = (friend.account(), order(2_000_000 + number));
				let award = pallet_points::Call::issue { program: scene.read, to, amount: 100_000, order };
				assert_ok!(dispatch(member(BOOKS), award));
				let pay = payment(BOOKS, number, 1_000 * UNIT, &[(scene.read, Balance::MAX)]);
				assert_ok!(dispatch(friend.account(), pay));
				paid.push((friend.account(), number));
			}
			assert_eq!(Points::outstanding(BOOKS), 33_000 * UNIT);
		}
		let over = error(pallet_points::Error::<Runtime>::OverDailyGrowth);
		let of_a_day = |paid: &[(AccountId, u64)]| {
			let outcomes = paid.iter().map(|(who, number)| refund_of(BOOKS, who, *number, 1_000 * UNIT));
			let outcomes: Vec<_> = outcomes.collect();
			assert!(outcomes.iter().all(|outcome| outcome.is_ok() || *outcome == over));
			outcomes.into_iter().filter(Result::is_ok).count()
		};
		// Most of this day's share is issued already; the next day has another.
		assert_eq!(of_a_day(&paid), 1);
		block_at(START + 21 * DAY, vec![]);
		assert_eq!(of_a_day(&paid[1..]), 4);
		assert!(Points::outstanding(BOOKS) <= cap(BOOKS));
	});
}

#[test]
fn a_customer_of_a_till_that_may_give_no_points_back_is_owed_money_by_a_judgement() {
	standard(|| {
		let mut scene = Scene::new(15_000 * UNIT, 15_000 * UNIT, 1);
		let paid = scene.friends_pay(BOOKS, 900 * UNIT);
		let (who, number) = &paid[0];
		let call = pallet_conduct::Call::file_complaint {
			merchant: BOOKS,
			payer: who.clone(),
			order: order(*number),
			evidence: H256::zero(),
		};
		assert_ok!(dispatch(who.clone(), call));
		let answer = Timestamp::get() + Rulebook::rules().answer;
		block_at(answer - DAY / 24, vec![]);
		// Of what a day allows, less than the price is left.
		let (to, amount, order) = (stranger(1), 240_000, order(3_000_000));
		let award = pallet_points::Call::issue { program: scene.read, to, amount, order };
		assert_ok!(dispatch(member(BOOKS), award));
		let before = points(scene.read, who);
		block_at(answer, vec![]);
		next_block();
		assert_eq!((points(scene.read, who), money(who)), (before, 900 * UNIT));
	});
}

#[test]
fn refunds_on_the_eve_of_an_expulsion_thin_out_holders_by_no_more_than_a_day_of_growth() {
	standard(|| {
		let mut scene = Scene::new(20_000 * UNIT, 15_000 * UNIT, 15);
		let paid = scene.friends_pay(BOOKS, 1_000 * UNIT);
		drain(BOOKS, 5_000 * UNIT);
		let over = error(pallet_points::Error::<Runtime>::OverDailyGrowth);
		for (place, (who, number)) in paid.iter().enumerate() {
			let outcome = refund_of(BOOKS, who, *number, 1_000 * UNIT);
			assert_eq!(outcome, if place < 2 { Ok(()) } else { over });
		}
		let after = scene.honest_if_expelled();
		assert!(after >= AFTER_A_DAY_OF_GROWTH, "{after}");
	});
}

#[test]
fn what_a_friend_refunds_on_the_eve_of_an_expulsion_stays_behind_it() {
	standard(|| {
		let mut scene = Scene::new(25_000 * UNIT, 15_000 * UNIT, 15);
		let paid = scene.friends_pay(INN, 1_000 * UNIT);
		drain(BOOKS, 5_000 * UNIT);
		for (who, number) in &paid {
			assert_ok!(refund_of(INN, who, *number, 1_000 * UNIT));
		}
		let draw = |amount| dispatch(member(BOOKS), Clear::draw_down { amount });
		let payout = |amount| dispatch(member(BOOKS), Clear::request_payout { amount });
		assert_eq!((draw(15_000 * UNIT), payout(15_000 * UNIT)), (short(), short()));
		// What stood behind its points before is what it can still take.
		assert_eq!(draw(3_500 * UNIT + 1), thin());
		assert!(
			what_if(|| {
				assert_ok!(draw(3_500 * UNIT));
				scene.honest_if_expelled()
			}) >= AFTER_A_DAY_OF_GROWTH
		);
		// Each day some of it becomes as other points are.
		block_at(Timestamp::get() + DAY, vec![]);
		assert_ok!(what_if(|| draw(5_700 * UNIT)));
		assert_eq!(draw(5_800 * UNIT), thin());
		block_at(Timestamp::get() + 20 * DAY, vec![]);
		assert_ok!(draw(17_000 * UNIT));
	});
}

#[test]
fn what_friends_exchange_in_on_the_eve_of_an_expulsion_stays_behind_it() {
	standard(|| {
		let scene = Scene::new(20_000 * UNIT, 15_000 * UNIT, 0);
		let sky = program(AIR, TERMS);
		let friends = friends_of_air(sky, 15);
		block_at(Timestamp::get() + 8 * DAY, vec![]);
		next_block();
		drain(BOOKS, 5_000 * UNIT);
		for friend in &friends {
			assert_ok!(dispatch(friend.account(), exchange(sky, 100_000, scene.read)));
		}
		let draw = |amount| dispatch(member(BOOKS), Clear::draw_down { amount });
		assert_eq!(draw(14_925 * UNIT), short());
		assert_eq!(draw(3_500 * UNIT + 1), thin());
		assert_ok!(draw(3_500 * UNIT));
		assert!(scene.honest_if_expelled() >= AFTER_A_DAY_OF_GROWTH);
		// Whoever spends them takes what stood behind them, and nobody is kept from anything.
		let short_of = |amount| what_if(|| draw(amount));
		assert_eq!(short_of(1), thin());
		for (friend, n) in friends.iter().zip(1..) {
			let pay = payment(INN, n, 900 * UNIT, &[(scene.read, Balance::MAX)]);
			let _ = dispatch(friend.account(), pay);
		}
		assert_eq!(short_of(1), thin());
	});
}

#[test]
fn points_never_come_back_for_a_promise() {
	standard(|| {
		let mut scene = Scene::new(25_000 * UNIT, 15_000 * UNIT, 5);
		let paid = scene.friends_pay(INN, 1_000 * UNIT);
		// Books lets the inn owe it as much.
		grant(BOOKS, INN, 10_000 * UNIT);
		drain(INN, 0);
		for (who, number) in &paid {
			assert_eq!(refund_of(INN, who, *number, 1_000 * UNIT), short());
		}
		assert_ok!(dispatch(member(INN), Clear::top_up { amount: 995 * UNIT }));
		assert_ok!(refund_of(INN, &paid[0].0, paid[0].1, 1_000 * UNIT));
		assert_eq!(Clearing::bond_debt(INN), 0);
	});
}

#[test]
fn what_is_authorised_and_void_keeps_nobody_from_its_reserve() {
	standard(|| {
		let mut scene = Scene::new(20_000 * UNIT, 15_000 * UNIT, 3);
		let most = |scene: &Scene| {
			let least = Points::least_left(BOOKS).reserve;
			let _ = scene;
			Clearing::free_reserve(BOOKS).saturating_sub(least)
		};
		let before = most(&scene);
		for _ in 0..3 {
			for (who, number) in scene.friends_authorize(INN, 300 * UNIT) {
				assert_ok!(void(INN, &who, number));
			}
		}
		// But once for the first of a day.
		assert!(most(&scene) + 300 * UNIT >= before);
	});
}
