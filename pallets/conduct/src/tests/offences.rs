use super::mock::*;
use crate::{Error, Event, FineId, OffenceEntry, Sanction, MAX_DEMERITS};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{OffenceKind, Penalty, PendingClaims, Sanctions};

/// Everything at once: 12.5 % of the bond.
const HEAVY: Penalty = Penalty { demerits: 7, fine: 125_000, stop_issuing: 2, suspension: 1 };

fn may_issue(member: u32) -> bool {
	Conduct::ensure_may_issue(member).is_ok()
}

#[test]
fn an_offence_has_all_its_consequences_at_once() {
	run(|| {
		price(OffenceKind::Equivocation, HEAVY);
		next_era();
		does(SHOP, OffenceKind::Equivocation);
		let sanction = Sanction { stopped_until: 3, suspended_until: 2 };
		last_event(Event::OffenceRecorded {
			member: SHOP,
			offence: OffenceKind::Equivocation,
			demerits: 7,
			fine: Some(FineId { member: SHOP, number: 1 }),
			amount: 1_250,
			sanction,
		});
		assert_eq!((bond(SHOP), escrow(SHOP), free(SHOP.into())), (BOND - 1_250, 1_250, FREE));
		assert_eq!((record(SHOP).demerits.balance, record(SHOP).sanctions.in_force), (7, sanction));
		assert!(!is_active(SHOP) && !may_issue(SHOP) && may_issue(CAFE));

		let report = Conduct::standing(SHOP).unwrap();
		assert_eq!(report.demerits, 7);
		assert_eq!(report.fines, [(1, OffenceKind::Equivocation, 1_250, now() + APPEAL)]);
		assert_eq!((report.stopped_until, report.suspended_until), (Some(3), Some(2)));
		let offence = OffenceKind::Equivocation;
		let noted = OffenceEntry { offence, era: 1, times: 1, demerits: 7, fine: Some(1), reversed: false };
		assert_eq!(report.offences, [noted]);
	});
}

#[test]
fn an_offence_without_a_price_is_only_remembered() {
	run(|| {
		does(SHOP, OffenceKind::Offline);
		assert_eq!((bond(SHOP), record(SHOP).demerits.balance), (BOND, 0));
		assert!(is_active(SHOP) && may_issue(SHOP));
		assert_eq!(Conduct::standing(SHOP).unwrap().offences.len(), 1);
	});
}

#[test]
fn offences_of_strangers_are_not_recorded() {
	run(|| {
		price(OffenceKind::Equivocation, HEAVY);
		does(77, OffenceKind::Equivocation);
		assert_eq!(crate::ConductRecords::<Test>::iter().count(), 0);
		assert_eq!(Conduct::standing(77), None);
	});
}

#[test]
fn a_fine_rounds_down() {
	run(|| {
		price(OffenceKind::Offline, fine_of(199));
		does(SHOP, OffenceKind::Offline);
		// 1.99 of 10,000.
		assert_eq!(escrow(SHOP), 1);
		price(OffenceKind::Offline, fine_of(99));
		does(CAFE, OffenceKind::Offline);
		assert_eq!((escrow(CAFE), Conduct::standing(CAFE).unwrap().fines.len()), (0, 0));
	});
}

#[test]
fn fines_never_exceed_the_bond_and_a_bond_used_up_suspends() {
	run(|| {
		price(OffenceKind::OverdueFirst, fine_of(600_000));
		does(SHOP, OffenceKind::OverdueFirst);
		assert!(is_active(SHOP));
		does(SHOP, OffenceKind::OverdueFirst);
		assert_eq!((bond(SHOP), escrow(SHOP), free(SHOP.into())), (0, BOND, FREE));
		assert!(!is_active(SHOP));
		// Nothing is left, so nothing more is taken.
		does(SHOP, OffenceKind::OverdueFirst);
		assert_eq!(escrow(SHOP), BOND);

		// Its time is over, but the bond does not meet the rule.
		next_era();
		assert!(!is_active(SHOP));
		let _ = <Balances as frame_support::traits::fungible::Mutate<u64>>::transfer(
			&u64::from(CAFE),
			&u64::from(SHOP),
			FREE - ED,
			frame_support::traits::tokens::Preservation::Preserve,
		);
		RequiredBond::set(1_500);
		assert_ok!(Institutions::top_up_bond(by(SHOP), 1_500));
		next_era();
		assert!(is_active(SHOP));
		has_event(Event::SuspensionEnded { member: SHOP });
	});
}

#[test]
fn a_fine_is_taken_from_a_member_that_has_nothing_free() {
	run(|| {
		price(OffenceKind::Offline, fine_of(10_000));
		assert_ok!(Institutions::top_up_bond(by(SHOP), FREE - ED));
		does(SHOP, OffenceKind::Offline);
		assert_eq!((escrow(SHOP), free(SHOP.into())), (100, ED));
	});
}

#[test]
fn the_later_of_two_stops_and_suspensions_holds() {
	run(|| {
		price(OffenceKind::Offline, Penalty { stop_issuing: 3, suspension: 3, ..Default::default() });
		price(OffenceKind::OverdueFirst, Penalty { stop_issuing: 1, suspension: 1, ..Default::default() });
		does(SHOP, OffenceKind::Offline);
		does(SHOP, OffenceKind::OverdueFirst);
		assert_eq!(record(SHOP).sanctions.in_force, Sanction { stopped_until: 3, suspended_until: 3 });
	});
}

#[test]
fn a_stop_lapses_by_itself() {
	run(|| {
		price(OffenceKind::UnderReserved, Penalty { stop_issuing: 1, ..Default::default() });
		does(SHOP, OffenceKind::UnderReserved);
		assert_noop!(Conduct::ensure_may_issue(SHOP), Error::<Test>::IssuingStopped);
		Timestamp::set_timestamp(START + ERA);
		assert_ok!(Conduct::ensure_may_issue(SHOP));
	});
}

#[test]
fn a_member_that_leaves_cannot_be_suspended_and_the_rest_applies() {
	run(|| {
		price(OffenceKind::Equivocation, HEAVY);
		assert_ok!(Institutions::leave(by(SHOP)));
		does(SHOP, OffenceKind::Equivocation);
		assert_eq!((escrow(SHOP), record(SHOP).demerits.balance), (1_250, 7));
		assert!(!record(SHOP).sanctions.suspended && !may_issue(SHOP));
	});
}

#[test]
fn a_member_that_enters_run_off_while_suspended_stays_in_it() {
	run(|| {
		price(OffenceKind::Equivocation, HEAVY);
		does(SHOP, OffenceKind::Equivocation);
		assert_ok!(Institutions::expel(RuntimeOrigin::root(), SHOP));
		assert_ok!(Institutions::top_up_bond(by(CAFE), 1));
		RequiredBond::set(1);
		next_era();
		assert!(!record(SHOP).sanctions.suspended && !is_active(SHOP));
	});
}

#[test]
fn some_offences_have_their_consequences_once_an_era() {
	for offence in [OffenceKind::UnderBonded, OffenceKind::UnderReserved, OffenceKind::UnansweredComplaint] {
		run(|| {
			price(offence, fine_of(10_000));
			does(SHOP, offence);
			does(SHOP, offence);
			does(SHOP, offence);
			assert_eq!(escrow(SHOP), 100);
			let offences = Conduct::standing(SHOP).unwrap().offences;
			assert_eq!((offences.len(), offences[0].times), (1, 3));
			RequiredBond::set(0);
			next_era();
			does(SHOP, offence);
			assert_eq!(escrow(SHOP), 200);
		});
	}
}

#[test]
fn other_offences_count_each_time() {
	run(|| {
		price(OffenceKind::Offline, fine_of(10_000));
		does(SHOP, OffenceKind::Offline);
		does(SHOP, OffenceKind::Offline);
		assert_eq!(escrow(SHOP), 200);
	});
}

#[test]
fn demerits_have_a_most() {
	run(|| {
		price(OffenceKind::Offline, Penalty { demerits: u32::MAX, ..Default::default() });
		does(SHOP, OffenceKind::Offline);
		does(SHOP, OffenceKind::Offline);
		assert_eq!(record(SHOP).demerits.balance, MAX_DEMERITS);
	});
}

#[test]
fn the_last_32_offences_are_remembered() {
	run(|| {
		does(SHOP, OffenceKind::Equivocation);
		for _ in 0..32 {
			does(SHOP, OffenceKind::Offline);
		}
		let offences = Conduct::standing(SHOP).unwrap().offences;
		assert_eq!(offences.len(), 32);
		assert!(offences.iter().all(|noted| noted.offence == OffenceKind::Offline));
	});
}

#[test]
fn leaving_is_no_way_out_of_a_fine() {
	run(|| {
		price(OffenceKind::OverdueFirst, fine_of(10_000));
		does(SHOP, OffenceKind::OverdueFirst);
		assert_ok!(Institutions::leave(by(SHOP)));
		next_era();
		assert_noop!(Institutions::close(by(SHOP), SHOP), Error::<Test>::FineInEscrow);
		pass(APPEAL);
		assert_ok!(Conduct::ensure_none(SHOP));
		assert_ok!(Institutions::close(by(SHOP), SHOP));
		assert_eq!(pot(), 100);
	});
}
