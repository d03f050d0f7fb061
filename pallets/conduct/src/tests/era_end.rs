use super::mock::*;
use crate::{Assessed, ConductRecords, Event};
use frame_support::assert_ok;
use hanse_primitives::{Eras, OffenceKind, Penalty};

#[test]
fn demerits_decay_with_every_era() {
	run(|| {
		price(OffenceKind::Offline, Penalty { demerits: 7, ..Default::default() });
		does(SHOP, OffenceKind::Offline);
		next_era();
		assert_eq!(record(SHOP).demerits.balance, 4);
		poll();
		pass(ERA / 2);
		assert_eq!(record(SHOP).demerits.balance, 4);
		next_era();
		next_era();
		assert_eq!(record(SHOP).demerits.balance, 0);
		// Nothing is left to remember.
		assert!(!ConductRecords::<Test>::contains_key(SHOP));
	});
}

#[test]
fn eras_in_which_the_chain_stood_still_count_once() {
	run(|| {
		price(OffenceKind::Offline, Penalty { demerits: 7, ..Default::default() });
		does(SHOP, OffenceKind::Offline);
		pass(5 * ERA);
		assert_eq!((record(SHOP).demerits.balance, EraClock::first_open()), (4, 5));
	});
}

#[test]
fn an_offence_decays_once_whether_it_comes_before_the_end_of_an_era_is_processed_or_after_it() {
	run(|| {
		price(OffenceKind::Offline, Penalty { demerits: 7, ..Default::default() });
		does(SHOP, OffenceKind::Offline);
		does(CAFE, OffenceKind::Offline);
		Timestamp::set_timestamp(START + ERA);
		does(SHOP, OffenceKind::Offline);
		poll();
		does(CAFE, OffenceKind::Offline);
		assert_eq!((record(SHOP).demerits.balance, record(CAFE).demerits.balance), (11, 11));
		assert_eq!(record(SHOP), record(CAFE));
	});
}

#[test]
fn a_suspension_ends_with_its_time() {
	run(|| {
		price(OffenceKind::Offline, Penalty { suspension: 2, ..Default::default() });
		does(SHOP, OffenceKind::Offline);
		next_era();
		assert!(!is_active(SHOP));
		next_era();
		assert!(is_active(SHOP));
		has_event(Event::SuspensionEnded { member: SHOP });
	});
}

#[test]
fn a_bond_below_the_rule_is_recorded_once_an_era() {
	run(|| {
		price(OffenceKind::UnderBonded, Penalty { demerits: 1, stop_issuing: 1, ..Default::default() });
		assert_ok!(Institutions::top_up_bond(by(CAFE), 500));
		RequiredBond::set(BOND + 500);
		next_era();
		assert_eq!(record(SHOP).demerits.balance, 1);
		assert_eq!(record(SHOP).sanctions.in_force.stopped_until, 2);
		assert!(!ConductRecords::<Test>::contains_key(CAFE));
		next_era();
		let offences = Conduct::standing(SHOP).unwrap().offences;
		assert_eq!(
			offences.iter().map(|noted| (noted.offence, noted.era)).collect::<Vec<_>>(),
			[(OffenceKind::UnderBonded, 1), (OffenceKind::UnderBonded, 2)]
		);
	});
}

#[test]
fn a_member_on_its_way_out_is_not_under_bonded() {
	run(|| {
		assert_ok!(Institutions::leave(by(SHOP)));
		RequiredBond::set(BOND + 1);
		next_era();
		assert!(Conduct::standing(SHOP).unwrap().offences.is_empty());
	});
}

#[test]
fn an_authority_that_is_offline_too_often_is_stopped() {
	run(|| {
		fail([SHOP, CAFE]);
		next_era();
		assert_eq!((record(SHOP).offline_eras, record(CAFE).offline_eras), (1, 1));
		fail([SHOP]);
		serve([CAFE]);
		next_era();
		has_event(Event::AuthorityStopped { member: SHOP, eras: 2 });
		assert_eq!(Stopped::get(), [SHOP]);
		// In a row, so one good era begins anew.
		assert_eq!((record(SHOP).offline_eras, record(CAFE).offline_eras), (0, 0));
	});
}

#[test]
fn authorities_that_the_alliance_cannot_do_without_are_tried_again() {
	run(|| {
		Dispensable::set(0);
		for _ in 0..2 {
			fail([SHOP]);
			next_era();
		}
		assert!(Stopped::get().is_empty());
		Dispensable::set(1);
		fail([SHOP]);
		next_era();
		assert_eq!(Stopped::get(), [SHOP]);
	});
}

#[test]
fn no_order_decides_which_of_two_equals_is_stopped() {
	run(|| {
		Dispensable::set(1);
		for _ in 0..2 {
			fail([SHOP, CAFE]);
			next_era();
		}
		assert!(Stopped::get().is_empty());
		// Who has been offline for longer comes first.
		serve([SHOP]);
		fail([CAFE]);
		next_era();
		assert_eq!(Stopped::get(), [CAFE]);
	});
}

#[test]
fn an_authority_that_cannot_be_stopped_does_not_keep_its_equals() {
	run(|| {
		Unstoppable::set(Some(SHOP));
		for _ in 0..2 {
			fail([SHOP, CAFE]);
			next_era();
		}
		assert_eq!(Stopped::get(), [CAFE]);
	});
}

#[test]
fn an_end_of_an_era_that_takes_many_blocks_does_everything_once() {
	run(|| {
		price(OffenceKind::Offline, Penalty { demerits: 7, ..Default::default() });
		(SHOP..=HOTEL).for_each(|member| does(member, OffenceKind::Offline));
		Timestamp::set_timestamp(START + ERA);
		// No room at all, then room to begin, then for one member in each block.
		poll_with(0);
		assert_eq!(Assessed::<Test>::get(), None);
		for blocks in 0..5 {
			poll_with(1);
			let done = (SHOP..=HOTEL).filter(|member| record(*member).demerits.balance == 4).count();
			assert_eq!(done, blocks);
			check_invariants();
		}
		assert_eq!(Assessed::<Test>::get(), None);
		last_event(Event::EraEnded { era: 1, good: 0, share: 0, paid: 0 });
		poll();
		assert!((SHOP..=HOTEL).all(|member| record(member).demerits.balance == 4));
	});
}

#[test]
fn an_end_that_is_not_done_when_the_next_era_ends_is_done_first() {
	run(|| {
		price(OffenceKind::Offline, Penalty { demerits: 7, ..Default::default() });
		does(HOTEL, OffenceKind::Offline);
		Timestamp::set_timestamp(START + ERA);
		poll_with(1);
		Timestamp::set_timestamp(START + 2 * ERA);
		poll();
		assert_eq!((EraClock::first_open(), record(HOTEL).demerits.balance), (1, 4));
		poll();
		assert_eq!((EraClock::first_open(), record(HOTEL).demerits.balance), (2, 1));
	});
}

#[test]
fn a_suspended_member_that_is_not_in_the_electorate_is_assessed_too() {
	run(|| {
		price(OffenceKind::Offline, Penalty { suspension: 1, ..Default::default() });
		does(SHOP, OffenceKind::Offline);
		let voters: Vec<_> =
			Voters::get().into_iter().filter(|account| *account != u64::from(SHOP)).collect();
		Voters::set(voters.clone());
		next_era();
		assert!(is_active(SHOP));
		Voters::set([vec![u64::from(SHOP)], voters].concat());
	});
}

#[test]
fn the_record_of_an_institution_that_is_gone_is_forgotten() {
	run(|| {
		price(OffenceKind::Offline, Penalty { demerits: 1_000, ..Default::default() });
		does(SHOP, OffenceKind::Offline);
		assert_ok!(Institutions::leave(by(SHOP)));
		next_era();
		assert_ok!(Institutions::close(by(SHOP), SHOP));
		assert!(ConductRecords::<Test>::contains_key(SHOP));
		next_era();
		assert!(!ConductRecords::<Test>::contains_key(SHOP));
	});
}
