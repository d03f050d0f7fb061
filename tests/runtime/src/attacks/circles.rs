//! Payments, refunds, exchanges and authorisations in circles.

use super::*;

#[test]
fn payments_in_circles_return_at_most_what_their_interchange_cost() {
	// The airline runs the authority, so that it shares in the pot.
	for members in [&[BOOKS][..], &[BOOKS, AIR]] {
		run(|| {
			let attack = Attack::begin(members);
			let (merchant, price) = (attack.partner(), 20 * UNIT);
			for number in 0..20 {
				attack.pay(BOOKS, merchant, number, price);
				issue_worth(BOOKS, &attack.ann, price, 100 + number);
			}
			let interchange = if attack.are_two() { 20 * interchange_of(price) } else { 0 };
			assert_eq!(attack.cost(), interchange);
			end_refund_window();
			(0..3).for_each(|_| go_on(DAY));
			// All of it, and not more: nobody else's receipts brought anything.
			assert_eq!((attack.cost(), pot()), (0, CENT));
			assert_eq!(pallet_clearing::Encumbrances::<Runtime>::iter().count(), 0);
		});
	}
}

#[test]
fn nothing_is_refunded_after_its_interchange_was_collected() {
	by_one_and_by_two(|attack| {
		let (merchant, price) = (attack.partner(), 100 * UNIT);
		let [early, late] = [1, 2].map(|number| attack.pay(BOOKS, merchant, number, price));
		go_on(u64::from(Rulebook::rules().refund_window) * DAY - 60_000);
		// In time all of it comes back, and nothing was collected.
		assert_ok!(attack.refund(merchant, early, price / 3));
		assert_ok!(attack.refund(merchant, early, price - price / 3));
		let interchange = if attack.are_two() { interchange_of(price) } else { 0 };
		assert_eq!((attack.cost(), pot()), (interchange, CENT));
		go_on(DAY + 60_000);
		let gone = error(pallet_exchange::Error::<Runtime>::NotFound);
		assert_eq!(attack.refund(merchant, late, price), gone);
		assert_eq!(attack.refund(merchant, early, 1), gone);
		assert!(attack.cost() <= interchange);
	});
}

#[test]
fn a_refund_renews_expiring_points_by_one_vintage_at_the_cost_of_their_interchange() {
	by_one_and_by_two(|mut attack| {
		// Points of the store, which is none of them; another vintage a month later, and one after three.
		for month in [1, 3] {
			go_to(START + month * 30 * DAY + DAY);
			issue_worth(STORE, &attack.cai, UNIT, month);
		}
		let (merchant, vintages) =
			(attack.partner(), Programs::<Runtime>::get(program_of(STORE)).unwrap().vintages);
		let mut renew = |number: usize| {
			let vintage = vintages[number];
			go_to(vintage.expires - DAY);
			attack.before = attack.standing();
			let price = attack.held(STORE).min(400 * UNIT);
			let order = attack.pay(STORE, merchant, number as u64, price);
			let cost = attack.cost();
			assert_eq!(cost, interchange_of(price));
			// What expires meanwhile is its issuer's, and not counted here.
			go_to(vintage.expires + DAY);
			assert_eq!(attack.held(STORE), 0);
			attack.before = attack.standing();
			if number == 2 {
				issue_worth(merchant, &attack.ben, UNIT, 900);
			}
			assert_ok!(attack.refund(merchant, order, price));
			// It did not come back with the points.
			assert_eq!(attack.cost(), 0);
			price
		};
		for number in 0..2 {
			let price = renew(number);
			let holdings = Points::portfolio(Wallet::new(1).account(), 1).holdings;
			let next = holdings.iter().find(|h| h.program == program_of(STORE)).unwrap();
			// In the one that expires next, and not in that of the period that runs.
			assert_eq!((next.asset, next.amount), (vintages[number + 1].asset, price));
		}
		// With none left to which they could come back, they are the merchant's own.
		renew(2);
		assert_eq!(attack.held(STORE), 0);
	});
}

#[test]
fn an_exchange_renews_no_points_in_their_last_days_and_costs_interchange_before() {
	by_one_and_by_two(|attack| {
		let (expires, window) = (expiry(), Rulebook::rules().no_exchange);
		go_to(expires - window - DAY);
		let before = worth(&attack.ann.account());
		assert_ok!(attack.exchange(STORE, 100 * UNIT, attack.partner()));
		let got = before - worth(&attack.ann.account());
		assert!(got >= interchange_of(100 * UNIT) as Balance);
		go_to(expires - window);
		let too_few = || error(pallet_exchange::Error::<Runtime>::PointsTooFew);
		assert_eq!(attack.exchange(STORE, 100 * UNIT, attack.partner()), too_few());
		// What is new is exchanged, what is old is not touched for it, and is gone in time.
		let held = attack.held(attack.partner());
		assert_eq!(attack.exchange(attack.partner(), held, AIR), too_few());
		attack.cost();
		go_to(expires);
		assert_eq!(attack.held(STORE), 0);
	});
}

#[test]
fn authorisations_that_are_voided_renew_nothing() {
	by_one_and_by_two(|attack| {
		let (expires, lasts) = (expiry(), Rulebook::rules().authorisation);
		let (merchant, who) = (attack.partner(), attack.ann.account());
		let authorize = |number| {
			let call = authorization(merchant, number, 10 * UNIT, &[(program_of(STORE), Balance::MAX)]);
			dispatch(who.clone(), call)
		};
		let void =
			|number| pallet_exchange::Call::void { merchant, payer: who.clone(), order: order(number) };
		go_to(expires - lasts - DAY);
		let held = attack.held(STORE);
		for number in 0..20 {
			assert_ok!(authorize(number));
			assert_ok!(tried(merchant, void(number)));
			go_on(60_000);
		}
		assert_eq!((attack.held(STORE), attack.cost()), (held, 0));
		// Not ended by anybody, it lapses before its points would have.
		go_to(expires - lasts - 60_000);
		assert_ok!(authorize(100));
		assert_eq!(expiry(), expires);
		go_to(expires - 30_000);
		assert_eq!((attack.held(STORE), attack.cost()), (held, 0));
		assert_eq!(authorize(101), error(pallet_exchange::Error::<Runtime>::PriceNotCovered));
		go_to(expires);
		assert_eq!(attack.held(STORE), 0);
	});
}

#[test]
fn no_circle_of_exchanges_through_four_programs_gains() {
	by_one_and_by_two(|attack| {
		let orders = (1..=4u32).flat_map(|a| {
			let rest = move |others: Vec<u32>| (1..=4u32).filter(move |id| !others.contains(id));
			rest(vec![a]).flat_map(move |b| {
				rest(vec![a, b]).flat_map(move |c| rest(vec![a, b, c]).map(move |d| [a, b, c, d]))
			})
		});
		let mut done = 0;
		for (round, circle) in orders.enumerate() {
			for amount in [1, 2, 3, 9_999 + round as Balance] {
				// What each gives is what the next takes.
				let mut amount = amount.min(attack.held(circle[0]));
				for step in 0..4 {
					let (from, to) = (circle[step], circle[(step + 1) % 4]);
					let (before, cost) = (attack.held(to), attack.cost());
					if attack.exchange(from, amount, to).is_err() {
						break;
					}
					done += 1;
					amount = attack.held(to) - before;
					assert!(attack.cost() >= cost);
				}
			}
		}
		assert!(done > 100, "{done}");
	});
}

#[test]
fn a_payment_in_dust_costs_no_less_than_in_one_piece() {
	by_one_and_by_two(|attack| {
		// The lowest price and a little, in points that do not divide it, of the inn and of the store.
		let (merchant, price) = (BOOKS, CENT + 1);
		for (issuer, first) in [(INN, 1_000), (STORE, 2_000)] {
			let before = attack.cost();
			let (held, whole) = (attack.held(issuer), 100 * price);
			let order = attack.pay(issuer, merchant, first, whole);
			let (cost, gave) = (attack.cost() - before, held - attack.held(issuer));
			assert_ok!(attack.refund(merchant, order, whole));
			assert_eq!(attack.cost(), before);

			let orders: Vec<_> = (1..=100).map(|n| attack.pay(issuer, merchant, first + n, price)).collect();
			assert!(attack.cost() - before >= cost && held - attack.held(issuer) >= gave);
			for order in orders {
				for part in [1, price / 3, price - price / 3 - 1] {
					assert_ok!(attack.refund(merchant, order, part));
					attack.cost();
				}
			}
			assert_eq!((attack.cost(), attack.held(issuer)), (before, held));
		}
	});
}
