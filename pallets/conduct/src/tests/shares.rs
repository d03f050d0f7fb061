use super::mock::*;
use crate::{Event, NoShareReason, PotTotals};
use frame_support::assert_ok;
use hanse_primitives::{Balance, InstitutionId, OffenceKind, OnInterchangeCollected, Penalty, ServiceReport};

fn note(merchant: InstitutionId, interchange: Balance) {
	assert_ok!(<Conduct as OnInterchangeCollected>::on_interchange_collected(merchant, interchange));
}

/// The interchange of every member's receipts, and what it got, when the pot has `filled` beside it.
fn shared(interchange: &[Balance], serving: &[InstitutionId], filled: Balance) -> Vec<Balance> {
	let members = interchange.len() as u64;
	let mut got = Vec::new();
	genesis_of(members).execute_with(|| {
		let interchange_in_all: Balance = interchange.iter().sum();
		fill_pot(filled + interchange_in_all);
		for (member, interchange) in (1..).zip(interchange) {
			note(member, *interchange);
		}
		serve(serving.iter().copied());
		next_era();
		check_invariants();
		got = (1..=members).map(|account| free(account) - FREE).collect();
		let paid: Balance = got.iter().sum();
		assert_eq!(pot(), filled + interchange_in_all - paid);
	});
	got
}

#[test]
fn the_pot_is_shared_equally_to_the_smallest_unit() {
	// 100 among three: 33 each, and one stays.
	assert_eq!(shared(&[60, 40, 0], &[1, 2, 3], 0), [33, 33, 0]);
	assert_eq!(shared(&[34, 33, 33], &[1, 2, 3], 0), [33, 33, 33]);
	assert_eq!(shared(&[90, 60, 50], &[1, 2, 3], 0), [66, 60, 50]);
	assert_eq!(shared(&[100, 0, 0], &[1, 2, 3], 0), [33, 0, 0]);
}

#[test]
fn nobody_gets_more_than_the_interchange_of_its_receipts() {
	assert_eq!(shared(&[10, 20, 0], &[1, 2, 3], 1_000_000), [10, 20, 0]);
}

#[test]
fn a_member_a_thousand_times_larger_gets_the_same() {
	run(|| {
		fill_pot(2_000);
		note(SHOP, 1_000_000);
		note(CAFE, 1_000);
		serve([SHOP, CAFE]);
		next_era();
		assert_eq!(free(SHOP.into()), free(CAFE.into()));
		assert_ok!(Balances::burn(by(SHOP), 1_000, false));
		assert_ok!(Balances::burn(by(CAFE), 1_000, false));
	});
}

#[test]
fn nine_idle_shells_beside_ten_real_members_get_nothing() {
	let interchange: Vec<Balance> = [[100; 10].as_slice(), [0; 9].as_slice()].concat();
	let real: Vec<_> = (1..=10).collect();
	// That run no authority.
	assert_eq!(shared(&interchange, &real, 0)[10..], [0; 9]);
	assert_eq!(shared(&interchange, &real, 0)[..10], [100; 10]);
	// That do, but sell nothing.
	let all: Vec<_> = (1..=19).collect();
	assert_eq!(shared(&interchange, &all, 0)[10..], [0; 9]);
}

#[test]
fn a_wash_among_colluders_returns_at_most_the_interchange_it_cost() {
	for cost in [1, 7, 500, 900] {
		run(|| {
			// Two colluders pay at each other's tills; others' interchange is in the pot as well.
			earns(HOTEL, BANK.into(), 900);
			let before = free(SHOP.into()) + free(CAFE.into());
			earns(SHOP, CAFE.into(), cost);
			earns(CAFE, SHOP.into(), cost);
			serve([SHOP, CAFE]);
			next_era();
			assert!(free(SHOP.into()) + free(CAFE.into()) <= before);
		});
	}
}

#[test]
fn what_is_not_paid_is_carried_over() {
	run(|| {
		earns(SHOP, CAFE.into(), 300);
		serve([CAFE]);
		next_era();
		assert_eq!(pot(), 300);
		// The interchange of the last era is over: it pays nothing now.
		serve([SHOP]);
		next_era();
		assert_eq!(pot(), 300);
		earns(SHOP, CAFE.into(), 50);
		serve([SHOP]);
		next_era();
		assert_eq!((pot(), free(SHOP.into())), (300, FREE + 50));
		has_event(Event::SharePaid { member: SHOP, amount: 50 });
		last_event(Event::EraEnded { era: 3, good: 1, share: 350, paid: 50 });
		assert_eq!(PotTotals::<Test>::get().paid_out, 50);
	});
}

#[test]
fn a_member_that_is_not_in_good_standing_gets_nothing() {
	let earned = |spoil: fn()| {
		let mut got = 0;
		run(|| {
			earns(SHOP, CAFE.into(), 300);
			serve([SHOP]);
			spoil();
			next_era();
			got = PotTotals::<Test>::get().paid_out;
		});
		got
	};
	assert_eq!(earned(|| {}), 300);
	assert_eq!(
		earned(|| {
			price(OffenceKind::Offline, Penalty { demerits: 1, ..Default::default() });
			does(SHOP, OffenceKind::Offline);
		}),
		0
	);
	assert_eq!(
		earned(|| {
			price(OffenceKind::UnderReserved, Penalty { stop_issuing: 1, ..Default::default() });
			does(SHOP, OffenceKind::UnderReserved);
		}),
		0
	);
	assert_eq!(earned(|| RequiredBond::set(BOND + 1)), 0);
	assert_eq!(
		earned(|| {
			assert_ok!(Institutions::leave(by(SHOP)));
		}),
		0
	);
	assert_eq!(
		earned(|| Served::set(vec![ServiceReport { institution: SHOP, whole: false, offline: false }])),
		0
	);
	// An offence that costs nothing takes nothing.
	assert_eq!(earned(|| does(SHOP, OffenceKind::Offline)), 300);
}

#[test]
fn an_offence_of_this_era_does_not_touch_the_share_of_the_last() {
	run(|| {
		price(OffenceKind::Offline, Penalty { demerits: 1, stop_issuing: 1, ..Default::default() });
		earns(SHOP, CAFE.into(), 300);
		serve([SHOP]);
		Timestamp::set_timestamp(START + ERA);
		// Before the turn has begun, in the first block of the era.
		does(SHOP, OffenceKind::Offline);
		poll();
		assert_eq!(free(SHOP.into()), FREE + 300);
		earns(SHOP, CAFE.into(), 300);
		serve([SHOP]);
		next_era();
		assert_eq!(free(SHOP.into()), FREE + 300);
	});
}

#[test]
fn what_reaches_the_pot_while_a_turn_runs_belongs_to_the_next() {
	run(|| {
		earns(SHOP, CAFE.into(), 300);
		serve([SHOP]);
		Timestamp::set_timestamp(START + ERA);
		poll_with(1);
		earns(SHOP, BANK.into(), 200);
		poll();
		assert_eq!(free(SHOP.into()), FREE + 300);
		serve([SHOP]);
		next_era();
		assert_eq!(free(SHOP.into()), FREE + 500);
	});
}

#[test]
fn the_pot_keeps_what_it_needs_to_receive() {
	run(|| {
		note(SHOP, 1_000);
		serve([SHOP]);
		next_era();
		assert_eq!((free(POT), free(SHOP.into())), (ED, FREE));
	});
}

#[test]
fn the_standing_tells_what_a_member_may_expect() {
	run(|| {
		earns(SHOP, CAFE.into(), 300);
		let report = Conduct::standing(SHOP).unwrap();
		assert_eq!((report.interchange, report.most_this_era), (300, 300));
		note(SHOP, 100);
		let report = Conduct::standing(SHOP).unwrap();
		assert_eq!((report.interchange, report.most_this_era), (400, 300));
	});
}

#[test]
fn the_chain_says_who_shares_and_why_the_others_do_not() {
	run(|| {
		let shares = |member| Conduct::shares_this_era(member);
		price(OffenceKind::Offline, Penalty { demerits: 1, ..Default::default() });
		price(OffenceKind::Equivocation, Penalty { stop_issuing: 2, ..Default::default() });
		assert_eq!(shares(9), Err(NoShareReason::NotActive));
		assert_eq!(shares(SHOP), Err(NoShareReason::NoServiceWholeEra));
		serve([SHOP, CAFE, BANK, HOTEL]);
		assert_eq!(shares(SHOP), Err(NoShareReason::NoInterchangeFromReceipts));
		for member in [SHOP, CAFE, BANK] {
			earns(member, HOTEL.into(), 50);
		}
		assert_eq!((shares(SHOP), shares(HOTEL)), (Ok(()), Err(NoShareReason::NoInterchangeFromReceipts)));
		RequiredBond::set(BOND + 1);
		assert_eq!(shares(SHOP), Err(NoShareReason::BondTooSmall));
		RequiredBond::set(BOND);
		does(CAFE, OffenceKind::Offline);
		assert_eq!(shares(CAFE), Err(NoShareReason::Demerits));
		does(BANK, OffenceKind::Equivocation);
		assert_eq!(shares(BANK), Err(NoShareReason::IssuingStopped));
		// And as it says, so it is.
		assert_eq!(Conduct::standing(SHOP).unwrap().shares, Ok(()));
		let before = [SHOP, CAFE, BANK, HOTEL].map(|member| free(member.into()));
		next_era();
		let after = [SHOP, CAFE, BANK, HOTEL].map(|member| free(member.into()));
		assert_eq!(after, [before[0] + 50, before[1], before[2], before[3]]);
	});
}
