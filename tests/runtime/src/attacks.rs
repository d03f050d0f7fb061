//! What members could try who want others' money. Each test is one way, tried by Books alone and by Books and
//! the inn together, with customers of theirs: they gain nothing by it, and neither the pot nor anybody else
//! loses.

use crate::{chain::*, wallet::*};
use frame_support::{assert_ok, traits::fungible::Inspect as _};
use hanse_primitives::{
	Balance, InstitutionId, Liabilities as _, Members as _, Order, ProgramId, Reserves as _,
};
use hanse_runtime::{
	constants::{CENT, UNIT},
	Balances, Clearing, Institutions, Points, Rulebook, Runtime, RuntimeCall, Timestamp,
};
use pallet_clearing::Call as Clear;
use pallet_points::{Outstanding, Programs, Terms};
use sp_runtime::{DispatchError, DispatchResult};

const INN: InstitutionId = 3;
const STORE: InstitutionId = 4;
/// The face value and the decimals of the points of each member; its program has its number.
const FACES: [(u32, u8); 4] = [(10_000, 0), (2_500, 2), (7, 6), (1, 6)];
/// What each customer holds of every program, in micro-units.
const HELD: Balance = 500 * UNIT;

fn program_of(member: InstitutionId) -> ProgramId {
	member as ProgramId
}

fn issue_worth(issuer: InstitutionId, to: &Wallet, value: Balance, order: u64) {
	let amount = value / Balance::from(FACES[issuer as usize - 1].0);
	issue(issuer, program_of(issuer), &[to.account()], amount, order);
}

fn tried(who: InstitutionId, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(member(who), call.into()).map(drop).map_err(|failed| failed.error)
}

fn error<E: Into<DispatchError>>(error: E) -> DispatchResult {
	Err(error.into())
}

/// What members and people have together, in micro-units: money, free and held, points, and what members are
/// owed on lines, less what they owe: to the holders of their points, on lines and to the pot.
fn wealth(members: &[InstitutionId], people: &[&Wallet]) -> i128 {
	let accounts = members.iter().map(|id| member(*id)).chain(people.iter().map(|wallet| wallet.account()));
	let owned: Balance = accounts.map(|who| Balances::total_balance(&who) + worth(&who)).sum();
	let owed = members.iter().map(|id| {
		let account = Clearing::positions(*id).unwrap();
		let on_lines: i128 = account.positions.iter().map(|p| p.is_owed as i128 - p.owes as i128).sum();
		on_lines - account.accrued as i128 - Points::payable(*id) as i128
	});
	owned as i128 + owed.sum::<i128>()
}

/// Members who attack, with customers of theirs, and what everybody had before.
struct Attack {
	members: Vec<InstitutionId>,
	ann: Wallet,
	ben: Wallet,
	/// A customer who has nothing to do with it.
	cai: Wallet,
	before: [i128; 3],
}

impl Attack {
	fn begin(members: &[InstitutionId]) -> Self {
		let [ann, ben, cai] = [1, 2, 3].map(Wallet::new);
		for (issuer, (face_value, decimals)) in (1..).zip(FACES) {
			program(issuer, Terms { face_value, decimals, ..TERMS });
			[&ann, &cai].into_iter().zip(1..).for_each(|(to, order)| issue_worth(issuer, to, HELD, order));
		}
		[&ann, &ben, &cai].into_iter().zip(1..).for_each(|(wallet, tag)| register(AIR, wallet, tag));
		next_block();
		let members = members.to_vec();
		let mut attack = Attack { members, ann, ben, cai, before: [0; 3] };
		attack.before = attack.standing();
		attack
	}

	/// The other one, if there is one.
	fn partner(&self) -> InstitutionId {
		self.members[self.members.len() - 1]
	}

	fn are_two(&self) -> bool {
		self.members.len() == 2
	}

	/// What the attackers have, with what they bought from others; what all others have; and the pot, with
	/// what is on its way there.
	fn standing(&self) -> [i128; 3] {
		let (theirs, others): (Vec<_>, Vec<_>) = (1..=4).partition(|id| self.members.contains(id));
		let bought: Balance = pallet_exchange::Receipts::<Runtime>::iter()
			.filter(|((_, merchant, payer, _), _)| {
				others.contains(merchant) && [&self.ann, &self.ben].map(Wallet::account).contains(payer)
			})
			.map(|(_, receipt)| receipt.price - receipt.refunded)
			.sum();
		let accrued: Balance = pallet_clearing::Claims::<Runtime>::iter_values().map(|c| c.accrued).sum();
		[
			wealth(&theirs, &[&self.ann, &self.ben]) + bought as i128,
			wealth(&others, &[&self.cai]),
			(pot() + accrued) as i128,
		]
	}

	/// What the attackers lost, after making sure that nobody else did.
	fn cost(&self) -> i128 {
		let now = self.standing();
		let (before, after) = (self.before, now);
		assert!(now[0] <= before[0], "a gain: {before:?} {after:?}");
		assert!(now[1] >= before[1] && now[2] >= before[2], "a loss of others: {before:?} {after:?}");
		before[0] - now[0]
	}

	/// Ann pays at `merchant` with the points of `issuer`.
	fn try_pay(
		&self,
		issuer: InstitutionId,
		merchant: InstitutionId,
		number: u64,
		price: Balance,
	) -> DispatchResult {
		let call = payment(merchant, number, price, &[(program_of(issuer), Balance::MAX)]);
		dispatch(self.ann.account(), call).map(drop).map_err(|failed| failed.error)
	}

	/// She does, and the order.
	fn pay(&self, issuer: InstitutionId, merchant: InstitutionId, number: u64, price: Balance) -> Order {
		assert_ok!(self.try_pay(issuer, merchant, number, price));
		order(number)
	}

	fn refund(&self, merchant: InstitutionId, order: Order, value: Balance) -> DispatchResult {
		tried(merchant, refund(&self.ann.account(), order, value))
	}

	fn exchange(&self, from: InstitutionId, amount: Balance, to: InstitutionId) -> DispatchResult {
		let call = exchange(program_of(from), amount, program_of(to));
		dispatch(self.ann.account(), call).map(drop).map_err(|failed| failed.error)
	}

	fn held(&self, issuer: InstitutionId) -> Balance {
		let holdings = Points::portfolio(self.ann.account(), 1).holdings.into_iter();
		holdings.filter(|h| h.program == program_of(issuer)).map(|h| h.amount).sum()
	}
}

/// Tries the same alone and together.
fn by_one_and_by_two(attack: impl Fn(Attack)) {
	run(|| attack(Attack::begin(&[BOOKS])));
	run(|| attack(Attack::begin(&[BOOKS, INN])));
}

fn interchange_of(value: Balance) -> i128 {
	(value * Balance::from(Rulebook::rules().interchange)).div_ceil(1_000_000) as i128
}

/// Blocks at `at` and after it.
fn go_to(at: u64) {
	block_at(at, vec![]);
	next_block();
}

fn go_on(milliseconds: u64) {
	go_to(Timestamp::get() + milliseconds);
}

fn end_cycle() {
	go_on(Rulebook::rules().cycle);
}

/// Until after the last day of the refund window of what is paid now.
fn end_refund_window() {
	go_on((u64::from(Rulebook::rules().refund_window) + 1) * DAY);
}

/// When the oldest points of every program expire.
fn expiry() -> u64 {
	Programs::<Runtime>::get(1).unwrap().vintages[0].expires
}

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
			assert_eq!(pallet_clearing::Claims::<Runtime>::iter().count(), 0);
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
fn what_stands_behind_points_does_not_leave_after_issuing() {
	by_one_and_by_two(|attack| {
		// A line that a friend grants is no backing.
		if attack.are_two() {
			grant(INN, BOOKS, 1_000_000 * UNIT);
		}
		let cap = 4 * (Institutions::bond(BOOKS) + Clearing::reserve(BOOKS));
		issue_worth(BOOKS, &attack.ben, cap - Outstanding::<Runtime>::get(BOOKS), 100);
		let over = || error(pallet_points::Error::<Runtime>::OverLiabilityCap);
		assert_eq!(tried(BOOKS, Clear::draw_down { amount: 1 }), over());
		assert_eq!(tried(BOOKS, Clear::defund { amount: 1 }), over());
		let (program, to) = (program_of(BOOKS), attack.ben.account());
		assert_eq!(
			tried(BOOKS, pallet_points::Call::issue { program, to, amount: 1, order: order(101) }),
			over()
		);
		assert_ok!(tried(BOOKS, pallet_institutions::Call::leave {}));
		end_refund_window();
		let close = pallet_institutions::Call::close { institution: BOOKS };
		assert_eq!(tried(BOOKS, close), error(pallet_institutions::Error::<Runtime>::PointsOutstanding));
		assert_eq!(attack.cost(), 0);
	});
}

#[test]
fn a_reserve_that_is_drawn_down_as_far_as_can_be_costs_no_holder_anything() {
	by_one_and_by_two(|attack| {
		let least = Outstanding::<Runtime>::get(BOOKS) / 10;
		drain(BOOKS, least);
		let below = || error(pallet_points::Error::<Runtime>::BelowMinimumReserve);
		assert_eq!(tried(BOOKS, Clear::draw_down { amount: 1 }), below());
		assert_eq!(tried(BOOKS, Clear::defund { amount: 1 }), below());
		// What is kept for an authorisation does not leave either.
		let authorize = authorization(STORE, 1, 50 * UNIT, &[(program_of(BOOKS), Balance::MAX)]);
		assert_ok!(dispatch(attack.ann.account(), authorize));
		attack.pay(BOOKS, STORE, 2, 49 * UNIT);
		assert_eq!(
			tried(BOOKS, Clear::draw_down { amount: 2 * UNIT }),
			error(pallet_clearing::Error::<Runtime>::ReserveTooSmall)
		);
		// The next payment finds too little; two eras later the bond is there for those who wait.
		let short = error(pallet_clearing::Error::<Runtime>::ReserveTooSmall);
		assert_eq!(attack.try_pay(BOOKS, STORE, 3, 50 * UNIT), short);
		let void = |number| pallet_exchange::Call::void {
			merchant: STORE,
			payer: attack.ann.account(),
			order: order(number),
		};
		assert_ok!(tried(STORE, void(1)));
		(0..2).for_each(|_| go_on(DAY));
		assert!(Institutions::ensure_payable(BOOKS).is_err());
		attack.pay(BOOKS, STORE, 4, 200 * UNIT);
		assert_eq!(attack.cost(), 0);
	});
}

#[test]
fn an_exchange_is_never_paid_on_a_line() {
	by_one_and_by_two(|attack| {
		grant(INN, BOOKS, 1_000 * UNIT);
		let reserves = || [BOOKS, INN].map(Clearing::reserve);
		let [books, inn] = reserves();
		let net = 100 * UNIT - interchange_of(100 * UNIT) as Balance;
		assert_ok!(attack.exchange(BOOKS, 40_000, INN));
		assert_eq!(reserves(), [books - 100 * UNIT, inn + net]);
		assert_eq!(pallet_clearing::Positions::<Runtime>::count(), 0);
		// Nor when there is nothing else.
		drain(BOOKS, 90 * UNIT);
		attack.pay(BOOKS, STORE, 1, 80 * UNIT);
		assert_eq!(
			attack.exchange(BOOKS, 40_000, INN),
			error(pallet_clearing::Error::<Runtime>::ReserveTooSmall)
		);
		assert!(attack.cost() <= interchange_of(100 * UNIT) + interchange_of(80 * UNIT) + 7);
	});
}

#[test]
fn who_keeps_its_reserve_short_buys_its_points_back_for_no_less_than_they_pay() {
	by_one_and_by_two(|mut attack| {
		// 60,000 units of others on a reserve of 6,000, which is all that it must keep; then it falls short.
		issue_worth(BOOKS, &attack.cai, 60_000 * UNIT - Outstanding::<Runtime>::get(BOOKS), 100);
		let friend = if attack.are_two() { INN } else { AIR };
		let early = attack.pay(BOOKS, attack.partner(), 1, 100 * UNIT);
		drain(BOOKS, Outstanding::<Runtime>::get(BOOKS) / 10);
		attack.pay(BOOKS, STORE, 2, 100 * UNIT);
		(0..2).for_each(|_| go_on(DAY));
		let rate = Programs::<Runtime>::get(program_of(BOOKS)).unwrap().rate.unwrap();
		assert!(rate < sp_runtime::Perquintill::from_percent(30));
		attack.before = attack.standing();

		// Money that was drawn down buys points at what they pay, and they are spent.
		let (points, to) = (1_000_000, attack.ben.account());
		let price = rate.mul_ceil(points * Balance::from(FACES[1].0));
		let funds = pallet_balances::Call::transfer_keep_alive { dest: to.clone().into(), value: 2 * price };
		assert_ok!(tried(BOOKS, funds));
		assert_ok!(dispatch(attack.cai.account(), gift(program_of(BOOKS), &to, points)));
		let paid =
			pallet_balances::Call::transfer_keep_alive { dest: attack.cai.account().into(), value: price };
		assert_ok!(dispatch(to.clone(), paid.into()));
		assert!(attack.cost() <= 1);
		let pays = |merchant, number, price| {
			let call = payment(merchant, number, price, &[(program_of(BOOKS), Balance::MAX)]);
			assert_ok!(dispatch(to.clone(), call));
		};
		pays(friend, 3, 100 * UNIT);
		pays(STORE, 4, 100 * UNIT);
		attack.cost();
		// Money that comes after the rate was fixed does not raise it, and a refund gives no more than was paid.
		let before = worth(&to);
		assert_ok!(tried(BOOKS, Clear::top_up { amount: 15_000 * UNIT }));
		assert_eq!(worth(&to), before);
		pays(STORE, 5, before / 2);
		issue_worth(friend, &attack.cai, UNIT, 500);
		assert_ok!(tried(friend, refund(&to, order(3), 100 * UNIT)));
		assert_ok!(attack.refund(attack.partner(), early, 100 * UNIT));
		attack.cost();
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
			dispatch(who.clone(), call).map(drop).map_err(|failed| failed.error)
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

#[test]
fn set_off_and_lines_save_no_interchange() {
	by_one_and_by_two(|attack| {
		let merchant = if attack.are_two() { INN } else { STORE };
		let cost_of = |number| {
			let before = pallet_clearing::Claims::<Runtime>::get(BOOKS).accrued;
			attack.pay(BOOKS, merchant, number, 100 * UNIT);
			pallet_clearing::Claims::<Runtime>::get(BOOKS).accrued - before
		};
		let owed = || {
			let account = Clearing::positions(BOOKS).unwrap();
			account.positions.iter().map(|p| p.is_owed as i128 - p.owes as i128).sum::<i128>()
		};
		let in_money = cost_of(1);
		grant(merchant, BOOKS, 100 * UNIT);
		assert_eq!((cost_of(2), owed()), (in_money, -99_500_000));
		grant(BOOKS, merchant, 200 * UNIT);
		attack.pay(merchant, BOOKS, 3, 250 * UNIT);
		assert!(owed() > 100_000_000);
		let before = owed();
		assert_eq!((cost_of(4), owed()), (in_money, before - 99_500_000));
		// It cannot be taken away, and reaches the pot.
		let amount = Clearing::reserve(BOOKS) - in_money * 3 + 1;
		let short = error(pallet_clearing::Error::<Runtime>::ReserveTooSmall);
		assert_eq!(tried(BOOKS, Clear::draw_down { amount }), short);
		let due = interchange_of(3 * 100 * UNIT) + interchange_of(250 * UNIT);
		assert!(attack.cost() <= due);
		let before = pot();
		end_refund_window();
		assert_eq!(pot() - before, due as Balance);
	});
}

#[test]
fn who_runs_up_lines_and_leaves_pays_with_its_bond() {
	by_one_and_by_two(|attack| {
		grant(STORE, BOOKS, 5_000 * UNIT);
		drain(BOOKS, 100 * UNIT);
		let (bond, free) = (Institutions::bond(BOOKS), money(&member(STORE)));
		attack.pay(BOOKS, STORE, 1, 450 * UNIT);
		assert_eq!(Clearing::debt(BOOKS), 447_750_000);
		assert_ok!(tried(BOOKS, pallet_institutions::Call::leave {}));
		let close = || tried(BOOKS, pallet_institutions::Call::close { institution: BOOKS });
		assert_eq!(close(), error(pallet_institutions::Error::<Runtime>::RefundWindowOpen));
		let amount = UNIT;
		assert_eq!(
			tried(BOOKS, Clear::draw_down { amount }),
			error(pallet_institutions::Error::<Runtime>::NotActive)
		);
		assert_eq!(
			tried(BOOKS, Clear::defund { amount }),
			error(pallet_institutions::Error::<Runtime>::NotActive)
		);
		// On its way out it gets no more credit.
		assert_eq!(
			attack.try_pay(BOOKS, STORE, 2, 40 * UNIT).map(|()| Clearing::debt(BOOKS)),
			Ok(447_750_000)
		);
		end_cycle();
		assert_eq!((Clearing::debt(BOOKS), bond - Institutions::bond(BOOKS)), (0, 447_750_000));
		assert_eq!(money(&member(STORE)) - free, 447_750_000);
		end_refund_window();
		assert_eq!(close(), error(pallet_institutions::Error::<Runtime>::PointsOutstanding));
		attack.cost();
	});
}

#[test]
fn lines_from_a_friend_back_no_points_and_are_never_more_than_the_bond() {
	by_one_and_by_two(|attack| {
		let friend = if attack.are_two() { INN } else { STORE };
		let own = tried(BOOKS, Clear::grant_line { debtor: BOOKS, limit: UNIT });
		assert_eq!(own, error(pallet_clearing::Error::<Runtime>::OwnLine));
		grant(friend, BOOKS, 1_000_000 * UNIT);
		let room = |id: InstitutionId| {
			let backing = Institutions::bond(id) + Clearing::reserve(id) - Clearing::debt(id);
			4 * backing - Outstanding::<Runtime>::get(id)
		};
		let (before, friends) = (room(BOOKS), room(friend));
		attack.pay(BOOKS, friend, 1, 400 * UNIT);
		let debt = Clearing::debt(BOOKS);
		assert_eq!(debt, 398 * UNIT);
		// It may issue less by four times what it owes, and more by what was spent; to be owed backs nothing.
		assert_eq!((room(BOOKS), room(friend)), (before + 400 * UNIT - 4 * debt, friends));
		let amounts = room(BOOKS) / Balance::from(FACES[1].0);
		let issue_points = |amount, number| {
			let (program, to) = (program_of(BOOKS), attack.ben.account());
			tried(BOOKS, pallet_points::Call::issue { program, to, amount, order: order(number) })
		};
		let over = error(pallet_points::Error::<Runtime>::OverLiabilityCap);
		assert_eq!(issue_points(amounts + 1, 500), over);
		assert_ok!(issue_points(amounts, 500));
		attack.cost();
		// What the bond does not answer for is paid in money, whatever the line.
		let (bond, reserve) = (Institutions::bond(BOOKS), Clearing::reserve(BOOKS));
		assert_ok!(dispatch(
			attack.ben.account(),
			payment(friend, 2, 900 * UNIT, &[(program_of(BOOKS), u128::MAX)])
		));
		for number in 10..20 {
			let customer = Wallet::new(number);
			register(AIR, &customer, number.into());
			let points = gift(program_of(BOOKS), &customer.account(), 1_000 * UNIT / 2_500);
			assert_ok!(dispatch(attack.ben.account(), points));
			let call = payment(friend, number.into(), 1_000 * UNIT, &[(program_of(BOOKS), u128::MAX)]);
			assert_ok!(dispatch(customer.account(), call));
		}
		let owed = (400 + 900 + 10_000) * UNIT - interchange_of(11_300 * UNIT) as Balance;
		assert_eq!((Clearing::debt(BOOKS), reserve - Clearing::reserve(BOOKS)), (bond, owed - bond));
		end_cycle();
		assert_eq!(Clearing::debt(BOOKS), 0);
	});
}

#[test]
fn who_is_overdue_and_tops_up_for_a_moment_is_so_until_it_has_paid() {
	by_one_and_by_two(|attack| {
		// A refund that it owes itself or its friend, whom it would rather pay.
		let friend = attack.pay(attack.partner(), BOOKS, 1, 90 * UNIT);
		drain(BOOKS, 100 * UNIT);
		grant(STORE, BOOKS, 5_000 * UNIT);
		attack.pay(BOOKS, STORE, 2, 400 * UNIT);
		end_cycle();
		let age = || Clearing::positions(BOOKS).unwrap().overdue.map(|state| state.age);
		let paused = || {
			let overdue = error(pallet_clearing::Error::<Runtime>::Overdue);
			assert_eq!(attack.try_pay(BOOKS, STORE, 3, UNIT), overdue);
			assert_eq!(attack.exchange(BOOKS, 1_000, AIR), overdue);
		};
		assert_eq!(age(), Some(1));
		paused();
		// What the deed cost, so that nothing but the debt is in its way.
		let fine = Rulebook::rules().admission_bond - Institutions::bond(BOOKS);
		assert_ok!(tried(BOOKS, pallet_institutions::Call::top_up_bond { amount: fine }));
		// For a moment there is enough; but what is owed does not leave, and nothing goes on before the end.
		let debt = Clearing::debt(BOOKS);
		assert_ok!(tried(BOOKS, Clear::top_up { amount: debt }));
		paused();
		let short = error(pallet_clearing::Error::<Runtime>::ReserveTooSmall);
		for amount in [debt, 3 * UNIT] {
			assert_eq!(tried(BOOKS, Clear::draw_down { amount }), short);
			assert_eq!(tried(BOOKS, Clear::defund { amount }), short);
		}
		// What a refund takes out of it the bond pays.
		assert_ok!(attack.refund(BOOKS, friend, 90 * UNIT));
		let free = money(&member(STORE));
		end_cycle();
		let by_bond = money(&member(STORE)) - free;
		assert_eq!(by_bond > 0, attack.are_two());
		assert_eq!((age(), Clearing::debt(BOOKS)), (None, 0));
		assert_ok!(attack.try_pay(BOOKS, BOOKS, 4, UNIT));
		attack.cost();
	});
}
