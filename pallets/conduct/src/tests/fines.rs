use super::mock::*;
use crate::{Error, Event, FineId, Sanction};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{OffenceKind, Penalty};
use sp_runtime::DispatchError;

const HEAVY: Penalty = Penalty { demerits: 7, fine: 100_000, stop_issuing: 3, suspension: 2 };
const FIRST: FineId = FineId { member: SHOP, number: 1 };

#[test]
fn a_fine_reaches_the_pot_when_its_appeal_window_has_closed() {
	run(|| {
		price(OffenceKind::Offline, fine_of(100_000));
		does(SHOP, OffenceKind::Offline);
		pass(APPEAL - 1);
		assert_eq!((escrow(SHOP), pot()), (1_000, 0));
		pass(1);
		assert_eq!((escrow(SHOP), pot(), bond(SHOP)), (0, 1_000, BOND - 1_000));
		has_event(Event::FinePaid { fine: FIRST, to: POT, amount: 1_000 });
		assert_eq!(crate::PotTotals::<Test>::get().paid_in, 1_000);
		assert_eq!(fine(SHOP, 1), None);
	});
}

#[test]
fn a_fine_keeps_the_appeal_window_of_its_day() {
	run(|| {
		price(OffenceKind::Offline, fine_of(100_000));
		does(SHOP, OffenceKind::Offline);
		AppealTime::set(1);
		pass(APPEAL - 1);
		assert_eq!(escrow(SHOP), 1_000);
	});
}

#[test]
fn a_fine_that_is_reversed_comes_back_with_all_that_followed() {
	run(|| {
		price(OffenceKind::Equivocation, HEAVY);
		RequiredBond::set(BOND - 1_000);
		does(SHOP, OffenceKind::Equivocation);
		assert!(!is_active(SHOP));
		assert_ok!(reverse(SHOP, 1));
		last_event(Event::FineReversed { fine: FIRST, amount: 1_000 });
		assert_eq!((escrow(SHOP), free(SHOP.into()), bond(SHOP)), (0, FREE + 1_000, BOND - 1_000));
		assert_eq!(
			(record(SHOP).demerits.balance, record(SHOP).sanctions.in_force),
			(0, Sanction::default())
		);
		assert!(is_active(SHOP));
		assert!(Conduct::standing(SHOP).unwrap().offences[0].reversed);
		// Nothing is left to be paid.
		pass(APPEAL);
		assert_eq!(pot(), 0);
	});
}

#[test]
fn a_suspension_that_is_reversed_still_waits_for_the_bond() {
	run(|| {
		price(OffenceKind::Equivocation, HEAVY);
		does(SHOP, OffenceKind::Equivocation);
		assert_ok!(reverse(SHOP, 1));
		assert!(!is_active(SHOP));
		assert_ok!(Institutions::top_up_bond(by(SHOP), 1_000));
		next_era();
		assert!(is_active(SHOP));
	});
}

#[test]
fn what_another_offence_asks_for_stays() {
	run(|| {
		RequiredBond::set(0);
		price(OffenceKind::Equivocation, HEAVY);
		price(OffenceKind::Offline, Penalty { demerits: 2, fine: 100, stop_issuing: 1, suspension: 1 });
		price(OffenceKind::OverdueFirst, Penalty { stop_issuing: 2, ..Default::default() });
		does(SHOP, OffenceKind::Equivocation);
		does(SHOP, OffenceKind::Offline);
		does(SHOP, OffenceKind::OverdueFirst);
		assert_ok!(reverse(SHOP, 1));
		assert_eq!(record(SHOP).demerits.balance, 2);
		assert_eq!(record(SHOP).sanctions.in_force, Sanction { stopped_until: 2, suspended_until: 1 });
		assert!(!is_active(SHOP));
		assert_ok!(reverse(SHOP, 2));
		// An offence without a fine cannot be reversed.
		assert_eq!(record(SHOP).sanctions.in_force, Sanction { stopped_until: 2, suspended_until: 0 });
		assert!(is_active(SHOP));
	});
}

#[test]
fn what_followed_from_a_fine_that_was_paid_is_final() {
	run(|| {
		RequiredBond::set(0);
		price(OffenceKind::Equivocation, Penalty { stop_issuing: 9, ..HEAVY });
		price(OffenceKind::Offline, fine_of(100));
		does(SHOP, OffenceKind::Equivocation);
		pass(APPEAL);
		does(SHOP, OffenceKind::Offline);
		assert_ok!(reverse(SHOP, 2));
		assert_eq!(record(SHOP).sanctions.in_force.stopped_until, 9);
	});
}

#[test]
fn reversing_gives_the_share_of_the_era_back() {
	run(|| {
		RequiredBond::set(0);
		price(OffenceKind::Offline, Penalty { demerits: 1, fine: 100, ..Default::default() });
		fill_pot(1_000);
		does(SHOP, OffenceKind::Offline);
		assert_ok!(reverse(SHOP, 1));
		serve([SHOP]);
		earns(SHOP, CAFE.into(), 30);
		next_era();
		assert_eq!(crate::PotTotals::<Test>::get().paid_out, 30);
		let _ = Balances::burn(RuntimeOrigin::signed(POT), 1_000, false);
	});
}

#[test]
fn reversing_before_the_turn_gives_the_share_of_the_last_era_back() {
	run(|| {
		RequiredBond::set(0);
		price(OffenceKind::Offline, Penalty { demerits: 1, fine: 100, stop_issuing: 1, suspension: 0 });
		does(SHOP, OffenceKind::Offline);
		serve([SHOP]);
		earns(SHOP, CAFE.into(), 30);
		// The next era has begun, and no block has checked the last one.
		Timestamp::set_timestamp(START + ERA);
		assert_ok!(reverse(SHOP, 1));
		poll();
		assert_eq!(crate::PotTotals::<Test>::get().paid_out, 30);
	});
}

#[test]
fn a_reversal_fails_by_name() {
	run(|| {
		price(OffenceKind::Offline, fine_of(100));
		does(SHOP, OffenceKind::Offline);
		assert_noop!(Conduct::reverse_fine(by(CAFE), FIRST), DispatchError::BadOrigin);
		assert_noop!(reverse(SHOP, 2), Error::<Test>::NotFound);
		assert_noop!(reverse(CAFE, 1), Error::<Test>::NotFound);
		// Too late, though no block has paid it yet.
		Timestamp::set_timestamp(START + APPEAL);
		assert_noop!(reverse(SHOP, 1), Error::<Test>::AppealOver);
	});
}

#[test]
fn with_many_fines_in_escrow_a_reversal_returns_money_and_demerits() {
	run(|| {
		RequiredBond::set(0);
		price(OffenceKind::Offline, Penalty { demerits: 1, fine: 100, stop_issuing: 1, suspension: 0 });
		for _ in 0..66 {
			does(SHOP, OffenceKind::Offline);
		}
		assert_ok!(reverse(SHOP, 1));
		assert_eq!((record(SHOP).demerits.balance, record(SHOP).sanctions.in_force.stopped_until), (65, 1));
		assert_eq!(Conduct::standing(SHOP).unwrap().fines.len(), 64);
	});
}
