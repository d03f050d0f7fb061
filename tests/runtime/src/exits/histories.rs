//! At random points of random histories, every member and every way out.

use super::*;
use crate::points::{step, Step, World};

/// How a member comes to its end.
#[derive(Clone, Copy, Debug)]
enum Way {
	/// As it is, or with as much money as that takes.
	Leave,
	Expulsion,
	/// Short of reserve for a whole era.
	Shortfall,
	/// Overdue at so many ends of cycles.
	Overdue,
}

/// What happened in the histories, to be sure that something did.
#[derive(Clone, Copy, Debug, Default)]
struct Ends {
	left: u32,
	expelled: u32,
	fell_short: u32,
	overdue: u32,
	closed: u32,
	estates: u32,
	partly_paid: u32,
	later: u32,
	conspired: u32,
	refunds: u32,
	exchanges: u32,
}

/// Does what leads to an end that way; says whether it came.
fn ends(id: InstitutionId, way: Way) -> bool {
	match way {
		Way::Leave => {
			let lacking = Points::outstanding(id).saturating_sub(Clearing::free_reserve(id));
			if lacking > 0 {
				assert!(leave(id).is_err(), "it left holders short");
				let _ = dispatch(member(id), Clear::top_up { amount: lacking });
			}
			leave(id).is_ok()
		},
		Way::Expulsion => Institutions::start_run_off(id).is_ok(),
		Way::Shortfall => {
			wait(DAY);
			pallet_points::Shortfalls::<Runtime>::contains_key(id) && {
				wait(DAY);
				matches!(status(id), Status::RunOff { .. })
			}
		},
		Way::Overdue => {
			let state = pallet_clearing::OverdueState {
				age: pallet_clearing::Effect::StartRunOff.starts_at() - 1,
				..Default::default()
			};
			pallet_clearing::Overdue::<Runtime>::insert(id, state);
			end_cycle();
			matches!(status(id), Status::RunOff { .. })
		},
	}
}

/// What holders have of the points of one member.
fn held(world: &World, id: InstitutionId) -> Balance {
	let is_its = |program| pallet_points::ProgramsOf::<Runtime>::get(id).contains(&program);
	let holdings = world.people.iter().flat_map(|one| Points::portfolio(one.account(), 1).holdings);
	holdings.filter(|holding| is_its(holding.program)).map(|holding| holding.value).sum()
}

/// Whoever holds points of `id` spends half of them at `merchant`, as far as may be.
fn spend(world: &World, id: InstitutionId, merchant: InstitutionId, orders: u64) {
	let programs = pallet_points::ProgramsOf::<Runtime>::get(id);
	let Some(program) = programs.first() else { return };
	for (number, person) in (orders..).zip(&world.people) {
		let who = person.account();
		let holdings = Points::portfolio(who.clone(), 1).holdings;
		let held: Balance = holdings.iter().filter(|one| one.program == *program).map(|one| one.value).sum();
		let _ = dispatch(who, payment(merchant, number, held / 2, &[(*program, Balance::MAX)]));
	}
}

/// Makes a member as poor as it can get: it owes on a line, draws down what it may, its bond goes for fines, and
/// then its customers spend.
fn impoverish(world: &World, id: InstitutionId) {
	let (friend, other) = (id % 4 + 1, (id + 1) % 4 + 1);
	let _ = dispatch(member(friend), Clear::grant_credit_line { debtor: id, limit: 1_000 * UNIT });
	let _ = dispatch(member(id), Clear::accept_credit_line { creditor: friend, limit: 1_000 * UNIT });
	spend(world, id, friend, 9_000_000);
	let (least, debt) = (Points::required_backing(id).reserve, Clearing::bond_debt(id));
	let amount = Clearing::free_reserve(id).saturating_sub(least.max(debt));
	let _ = dispatch(member(id), Clear::draw_down { amount });
	Institutions::draw_bond(id, &stranger(8), Balance::MAX).unwrap();
	spend(world, id, other, 9_100_000);
}

/// Takes as much out of a reserve as may be.
fn draw_all(id: InstitutionId) {
	let mut amount = Clearing::free_reserve(id);
	while amount > 0 {
		if dispatch(member(id), Clear::draw_down { amount }).is_err() {
			amount /= 2;
		}
	}
}

/// What stands behind the points of a member, and what it owes for them.
fn behind(id: InstitutionId) -> (Balance, Balance) {
	let bond = Institutions::bond(id).saturating_sub(Clearing::bond_debt(id));
	(bond + Clearing::free_reserve(id), Points::outstanding(id))
}

/// What a member and its friends do with each other in the hour before its end: it refunds all that it can, and is
/// found to owe the rest; others refund its points; everybody exchanges into them; and before and after, it takes what
/// it may. Whatever they do, what is owed grows by no more than a day allows beyond what comes and stays behind it.
fn conspire(world: &World, id: InstitutionId, seen: &mut Ends) {
	pallet_rulebook::CurrentRules::<Runtime>::mutate(|rules| {
		(rules.growth, rules.growth_floor, rules.exchange_age) = (1, UNIT, 0);
		rules.admission_bond = UNIT;
	});
	let bond = Institutions::bond(id).saturating_sub(Clearing::bond_debt(id).max(UNIT));
	Institutions::draw_bond(id, &stranger(8), bond).unwrap();
	wait(DAY);
	if Institutions::ensure_payable(id).is_err() {
		return;
	}
	draw_all(id);
	let (backing, outstanding) = behind(id);
	let receipts: Vec<_> = pallet_exchange::Receipts::<Runtime>::iter().collect();
	for (pallet_exchange::ReceiptKey { merchant, payer, commitment }, receipt) in &receipts {
		let order = hanse_primitives::Order { era: receipt.era, commitment: *commitment };
		let total = receipt.price;
		let call = pallet_exchange::Call::refund { payer: payer.clone(), order, total };
		seen.refunds += u32::from(total > receipt.refunded && dispatch(member(*merchant), call).is_ok());
		if *merchant == id {
			let _ =
				<hanse_runtime::Exchange as hanse_primitives::Chargebacks<_>>::charge_back(id, payer, order);
		}
	}
	let Some(to) = pallet_points::ProgramsOf::<Runtime>::get(id).first().copied() else { return };
	for who in world.people.iter().map(Wallet::account) {
		for from in (1..=4).filter(|from| *from != to) {
			let holdings = Points::portfolio(who.clone(), 1).holdings;
			let amount = holdings.iter().filter(|one| one.program == from).map(|one| one.amount).sum();
			seen.exchanges += u32::from(dispatch(who.clone(), exchange(from, amount, to)).is_ok());
		}
	}
	draw_all(id);
	let (backing_after, outstanding_after) = behind(id);
	// Of a payment, the part of the last point that its price did not need comes back too.
	let slack = CENT * (receipts.len() as Balance + 1) * 8;
	let allowed = UNIT + outstanding_after / 100 + slack;
	let is_covered = backing_after >= outstanding_after;
	assert!(
		is_covered || outstanding_after + backing.min(outstanding) <= outstanding + backing_after + allowed,
		"{outstanding} on {backing} became {outstanding_after} on {backing_after}"
	);
	seen.conspired += u32::from(!is_covered);
}

/// Lets member `id` end in one way, if it can, and others go on with `later`.
fn end_and_go_on(
	world: &mut World,
	id: InstitutionId,
	(way, is_poor): (Way, bool),
	later: &[Step],
	seen: &mut Ends,
) {
	if is_poor {
		impoverish(world, id);
	}
	let by_expulsion = what_if(|| {
		let bond = Institutions::bond(id);
		Institutions::start_run_off(id).unwrap();
		assert!(Institutions::bond(id) <= bond);
		held(world, id)
	});
	if !ends(id, way) {
		return;
	}
	*match way {
		Way::Leave => &mut seen.left,
		Way::Expulsion => &mut seen.expelled,
		Way::Shortfall => &mut seen.fell_short,
		Way::Overdue => &mut seen.overdue,
	} += 1;
	let at_the_end = held(world, id);
	// The moment is the same where no time has to go by.
	if matches!(way, Way::Leave | Way::Expulsion) {
		assert!(at_the_end >= by_expulsion, "{way:?}: {at_the_end} of {by_expulsion}");
	}
	// Who is not paid in full has all that the bond does not owe.
	let rate = pallet_points::LiabilityOf::<Runtime>::get(id).run_off;
	if rate.is_some_and(|rate| rate < sp_runtime::Perquintill::one()) {
		seen.partly_paid += 1;
		assert!(Institutions::bond(id) <= Clearing::bond_debt(id), "{way:?}: the bond was kept from holders");
	}
	for step in later {
		world.take(step.clone());
		world.observe();
		assert!(serves_holders(id), "{way:?}, then {step:?}");
		seen.later += 1;
	}
	end_refund_window();
	assert!(serves_holders(id));
	let (before, put_in) = (money(&member(id)), Institutions::bond(id));
	let reserve = Clearing::reserve(id);
	if close_by_anybody(id).is_ok() {
		seen.closed += 1;
		let got = money(&member(id)) - before;
		let is_estate = Institutions::id_of(&member(id)).is_some();
		seen.estates += u32::from(is_estate);
		assert_eq!(got, put_in + if is_estate { 0 } else { reserve });
	}
	check();
}

#[test]
fn whoever_ends_in_whatever_way_at_any_moment_serves_its_holders_first_and_ever_after() {
	use proptest::prelude::*;
	let seen = std::cell::Cell::new(Ends::default());
	let config = ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() };
	println!("PROPTEST_RNG_SEED={}", config.rng_seed);
	let strategy = prop::collection::vec(step(), 100..=100);
	proptest::test_runner::TestRunner::new(config)
		.run(&strategy, |history| {
			run(|| {
				let (mut world, mut ends) = (World::new(), seen.get());
				for (n, step) in history.iter().enumerate() {
					world.take(step.clone());
					if n % 20 != 19 {
						continue;
					}
					for id in (1..=4).filter(|id| Institutions::ensure_payable(*id).is_ok()) {
						what_if(|| conspire(&world, id, &mut ends));
						for way in [Way::Leave, Way::Expulsion, Way::Shortfall, Way::Overdue] {
							let later = &history[(n * 7 + id as usize * 13) % 88..][..12];
							for is_poor in [false, true] {
								let how = (way, is_poor);
								what_if(|| end_and_go_on(&mut world, id, how, later, &mut ends));
							}
						}
					}
				}
				seen.set(ends);
			});
			Ok(())
		})
		.unwrap();
	let seen = seen.get();
	println!("{seen:?}");
	let Ends { left, expelled, fell_short, overdue, closed, estates, partly_paid, later, .. } = seen;
	let Ends { conspired, refunds, exchanges, .. } = seen;
	assert!(conspired > 10 && refunds > 5 && exchanges > 100);
	assert!(left > 100 && expelled > 200 && closed > 200 && later > 4_000);
	assert!([fell_short, overdue, estates, partly_paid].into_iter().all(|often| often > 10));
}
