//! What stands behind points and debts: reserves, bonds and lines.

use super::*;

#[test]
fn what_stands_behind_points_does_not_leave_after_issuing() {
	by_one_and_by_two(|attack| {
		// A line that a friend grants is no backing.
		if attack.are_two() {
			grant(INN, BOOKS, 1_000_000 * UNIT);
		}
		let cap = 4 * (Institutions::bond(BOOKS) + Clearing::reserve(BOOKS));
		issue_worth(BOOKS, &attack.ben, cap - LiabilityOf::<Runtime>::get(BOOKS).outstanding, 100);
		let over = || error(pallet_points::Error::<Runtime>::OverLiabilityCap);
		assert_eq!(tried(BOOKS, Clear::draw_down { amount: 1 }), over());
		assert_eq!(tried(BOOKS, Clear::request_payout { amount: 1 }), over());
		let (program, to) = (program_of(BOOKS), attack.ben.account());
		assert_eq!(
			tried(BOOKS, pallet_points::Call::issue { program, to, amount: 1, order: order(101) }),
			over()
		);
		let leave = tried(BOOKS, pallet_institutions::Call::leave {});
		assert_eq!(leave, error(pallet_institutions::Error::<Runtime>::PointsOutstanding));
		assert_eq!(attack.cost(), 0);
	});
}

#[test]
fn a_reserve_that_is_drawn_down_as_far_as_can_be_costs_no_holder_anything() {
	by_one_and_by_two(|attack| {
		let least = LiabilityOf::<Runtime>::get(BOOKS).outstanding / 10;
		drain(BOOKS, least);
		let below = || error(pallet_points::Error::<Runtime>::BelowMinimumReserve);
		assert_eq!(tried(BOOKS, Clear::draw_down { amount: 1 }), below());
		assert_eq!(tried(BOOKS, Clear::request_payout { amount: 1 }), below());
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
fn a_member_with_a_reserve_kept_short_buys_its_points_back_for_no_less_than_they_pay() {
	by_one_and_by_two(|mut attack| {
		// 60,000 units of others on a reserve of 6,000, which is all that it must keep; then it falls short.
		issue_worth(BOOKS, &attack.cai, 60_000 * UNIT - LiabilityOf::<Runtime>::get(BOOKS).outstanding, 100);
		let friend = if attack.are_two() { INN } else { AIR };
		let early = attack.pay(BOOKS, attack.partner(), 1, 100 * UNIT);
		drain(BOOKS, LiabilityOf::<Runtime>::get(BOOKS).outstanding / 10);
		attack.pay(BOOKS, STORE, 2, 100 * UNIT);
		(0..2).for_each(|_| go_on(DAY));
		let rate = LiabilityOf::<Runtime>::get(BOOKS).run_off.unwrap();
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
		assert_ok!(dispatch(to.clone(), paid));
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
		let refunded = attack.refund(attack.partner(), early, 100 * UNIT);
		// Nor does who cannot pay give anything back itself.
		let closed = error(pallet_institutions::Error::<Runtime>::BooksClosed);
		assert_eq!(refunded, if attack.are_two() { Ok(()) } else { closed });
		attack.cost();
	});
}

#[test]
fn set_off_and_lines_save_no_interchange() {
	by_one_and_by_two(|attack| {
		let merchant = if attack.are_two() { INN } else { STORE };
		let cost_of = |number| {
			let before = pallet_clearing::Encumbrances::<Runtime>::get(BOOKS).accrued;
			attack.pay(BOOKS, merchant, number, 100 * UNIT);
			pallet_clearing::Encumbrances::<Runtime>::get(BOOKS).accrued - before
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
fn a_member_that_runs_up_debts_on_lines_and_leaves_pays_with_its_bond() {
	by_one_and_by_two(|attack| {
		grant(STORE, BOOKS, 5_000 * UNIT);
		drain(BOOKS, 100 * UNIT);
		let (bond, free) = (Institutions::bond(BOOKS), money(&member(STORE)));
		attack.pay(BOOKS, STORE, 1, 450 * UNIT);
		assert_eq!(Clearing::bond_debt(BOOKS), 447_750_000);
		let leave = || tried(BOOKS, pallet_institutions::Call::leave {});
		assert_eq!(leave(), error(pallet_institutions::Error::<Runtime>::PointsOutstanding));
		let amount = LiabilityOf::<Runtime>::get(BOOKS).outstanding - Clearing::free_reserve(BOOKS);
		assert_ok!(tried(BOOKS, Clear::top_up { amount }));
		assert_ok!(leave());
		let close = || tried(BOOKS, pallet_institutions::Call::close { institution: BOOKS });
		assert_eq!(close(), error(pallet_institutions::Error::<Runtime>::RefundWindowOpen));
		let amount = UNIT;
		assert_eq!(
			tried(BOOKS, Clear::draw_down { amount }),
			error(pallet_institutions::Error::<Runtime>::NotActive)
		);
		assert_eq!(
			tried(BOOKS, Clear::request_payout { amount }),
			error(pallet_institutions::Error::<Runtime>::NotActive)
		);
		// On its way out it gets no more credit.
		assert_eq!(
			attack.try_pay(BOOKS, STORE, 2, 40 * UNIT).map(|()| Clearing::bond_debt(BOOKS)),
			Ok(447_750_000)
		);
		end_cycle();
		assert_eq!((Clearing::bond_debt(BOOKS), bond - Institutions::bond(BOOKS)), (0, 447_750_000));
		assert_eq!(money(&member(STORE)) - free, 447_750_000);
		end_refund_window();
		// What its holders are owed stays behind.
		assert_ok!(close());
		assert_eq!(Institutions::bond(BOOKS), 0);
		assert!(Clearing::free_reserve(BOOKS) >= LiabilityOf::<Runtime>::get(BOOKS).outstanding);
		attack.cost();
	});
}

#[test]
fn lines_from_a_friend_back_no_points_and_carry_no_debt_that_leaves_points_without_backing() {
	by_one_and_by_two(|attack| {
		let friend = if attack.are_two() { INN } else { STORE };
		let own = tried(BOOKS, Clear::grant_credit_line { debtor: BOOKS, limit: UNIT });
		assert_eq!(own, error(pallet_clearing::Error::<Runtime>::OwnCreditLine));
		grant(friend, BOOKS, 1_000_000 * UNIT);
		let room = |id: InstitutionId| {
			let backing = Institutions::bond(id) + Clearing::free_reserve(id) - Clearing::bond_debt(id);
			4 * backing - LiabilityOf::<Runtime>::get(id).outstanding
		};
		let (before, friends) = (room(BOOKS), room(friend));
		attack.pay(BOOKS, friend, 1, 400 * UNIT);
		let debt = Clearing::bond_debt(BOOKS);
		assert_eq!(debt, 398 * UNIT);
		// It may issue less by four times what it owes, and more by what was spent; to be owed backs nothing.
		assert_eq!((room(BOOKS), room(friend)), (before + 400 * UNIT - 4 * 400 * UNIT, friends));
		let amounts = room(BOOKS) / Balance::from(FACES[1].0);
		let issue_points = |amount, number| {
			let (program, to) = (program_of(BOOKS), attack.ben.account());
			tried(BOOKS, pallet_points::Call::issue { program, to, amount, order: order(number) })
		};
		let over = error(pallet_points::Error::<Runtime>::OverLiabilityCap);
		assert_eq!(issue_points(amounts + 1, 500), over);
		assert_ok!(issue_points(amounts, 500));
		attack.cost();
		// What the bond does not answer for beside its points is paid in money, whatever the line.
		let reserve = Clearing::reserve(BOOKS);
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
		let now = Clearing::bond_debt(BOOKS);
		assert_eq!(now + reserve - Clearing::reserve(BOOKS), owed);
		// The first payment at the cap made room for a quarter of it.
		assert_eq!(now - debt, 900 * UNIT / 4);
		end_cycle();
		assert_eq!(Clearing::bond_debt(BOOKS), 0);
	});
}

#[test]
fn an_overdue_debtor_that_tops_up_for_a_moment_is_overdue_until_it_has_paid() {
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
		// What the offence cost, so that nothing but the debt is in its way.
		let fine = Rulebook::rules().admission_bond - Institutions::bond(BOOKS);
		assert_ok!(tried(BOOKS, pallet_institutions::Call::top_up_bond { amount: fine }));
		// For a moment there is enough; but what is owed does not leave, and nothing goes on before the end.
		let debt = Clearing::bond_debt(BOOKS);
		assert_ok!(tried(BOOKS, Clear::top_up { amount: debt }));
		paused();
		let short = error(pallet_clearing::Error::<Runtime>::ReserveTooSmall);
		for amount in [debt, 3 * UNIT] {
			assert_eq!(tried(BOOKS, Clear::draw_down { amount }), short);
			assert_eq!(tried(BOOKS, Clear::request_payout { amount }), short);
		}
		// Nor does a refund take it to the friend.
		let refunded = attack.refund(BOOKS, friend, 90 * UNIT);
		assert_eq!(refunded, if attack.are_two() { short } else { Ok(()) });
		let free = money(&member(STORE));
		end_cycle();
		assert_eq!(money(&member(STORE)), free);
		assert_eq!((age(), Clearing::bond_debt(BOOKS)), (None, 0));
		assert_ok!(attack.try_pay(BOOKS, BOOKS, 4, UNIT));
		attack.cost();
	});
}
