//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{
	AwardBatchesByEra, AwardedOrders, ExpiryQueue, FlowsOf, LiabilityOf, PendingBatches, PendingOf,
	PendingTotal, PeriodEnds, ProgramsOf, Terms,
};
use frame_support::{assert_ok, traits::fungibles::Mutate};
use hanse_primitives::{PointsLedger as _, Venue};
use sp_runtime::BoundedVec;

/// Breaks the storage of an alliance with points in circulation and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		assert_ok!(Points::do_try_state());
		corrupt();
		assert_eq!(Points::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_one_point_that_nobody_issued() {
	breaks("the flows of a program are not what circulates of it", || {
		assert_ok!(Assets::mint_into(vintage(1, 0), &ANN, 1));
	});
}

#[test]
fn invariant_1_notices_a_flow_that_never_was() {
	breaks("the flows of a program are not what circulates of it", || {
		FlowsOf::<Test>::mutate(1, |flows| flows.expired += 1)
	});
}

#[test]
fn invariant_2_notices_a_liability_that_is_one_unit_off() {
	let reason = "an outstanding value is not that of the open vintages and of what is authorised";
	breaks(reason, || LiabilityOf::<Test>::mutate(ISSUER, |liability| liability.outstanding -= 1));
	breaks(reason, || LiabilityOf::<Test>::mutate(ISSUER, |liability| liability.authorised = 1));
}

#[test]
fn invariant_2_notices_a_liability_that_is_not_recorded() {
	breaks("an outstanding value is not recorded", || LiabilityOf::<Test>::remove(ISSUER));
}

#[test]
fn invariant_3_notices_a_vintage_that_would_never_expire() {
	breaks("the agenda is not the open vintages in the order of expiry", || {
		let _ = ExpiryQueue::<Test>::clear(u32::MAX, None);
	});
}

#[test]
fn invariant_4_notices_a_program_under_the_wrong_institution() {
	breaks("a program is listed under another institution", || {
		ProgramsOf::<Test>::insert(RIVAL, ProgramsOf::<Test>::take(ISSUER));
	});
}

#[test]
fn invariant_4_notices_a_program_that_nobody_lists() {
	breaks("a program is listed under no institution", || {
		ProgramsOf::<Test>::remove(ISSUER);
	});
}

/// The same with an award that is pending.
fn breaks_pending(reason: &'static str, corrupt: impl FnOnce()) {
	breaks(reason, || {
		program(ISSUER, Terms { pending: PERIOD, ..TERMS });
		assert_ok!(issue(ISSUER, 2, ANN, 30));
		assert_ok!(Points::do_try_state());
		corrupt();
	});
}

#[test]
fn invariant_1_counts_what_is_pending() {
	breaks_pending("the flows of a program are not what circulates of it", || {
		PendingTotal::<Test>::mutate(vintage(2, 0), |pending| *pending += 1)
	});
}

#[test]
fn invariant_5_notices_awards_that_nobody_would_get() {
	breaks_pending("what is pending for accounts is not what was awarded", || {
		let _ = PendingBatches::<Test>::clear(u32::MAX, None);
	});
	breaks_pending("what is pending for accounts is not what was awarded", || {
		PendingOf::<Test>::insert(BEN, vintage(2, 0), 1)
	});
	// What is left of a vintage that is gone is owed no more.
	breaks("something is owed of a vintage that is closed", || {
		program(ISSUER, Terms { pending: PERIOD, ..TERMS });
		assert_ok!(issue(ISSUER, 2, ANN, 30));
		let asset = vintage(2, 0);
		block_at(START + 3 * PERIOD, false);
		assert_ok!(Points::do_try_state());
		PendingTotal::<Test>::insert(asset, 30);
		PendingOf::<Test>::insert(ANN, asset, 30);
		let shares =
			BoundedVec::truncate_from(vec![crate::PendingAward { to: ANN, amount: 30, cancelled: 0 }]);
		PendingBatches::<Test>::insert(([0; 8], asset.to_be_bytes(), [0; 8]), shares);
	});
}

#[test]
fn invariant_6_notices_a_program_that_never_closes_its_books() {
	breaks("a program does not close its books once", || {
		let _ = PeriodEnds::<Test>::clear(u32::MAX, None);
	});
}

#[test]
fn invariant_7_notices_one_unit_more_paid_than_points_were_worth() {
	let spent = || {
		Points::burn(&ANN, 1, 10, u128::MAX, Venue::Merchant(RIVAL), 0).unwrap();
		Paid::set([(ISSUER, 100)].into());
		assert_ok!(Points::do_try_state());
	};
	breaks("an institution paid more than its points were worth", || {
		spent();
		Paid::set([(ISSUER, 101)].into());
	});
	breaks("an institution paid more than its points were worth", || {
		spent();
		crate::LifetimeValueOf::<Test>::mutate(ISSUER, |made| made.created -= 1);
	});
}

#[test]
fn invariant_8_notices_an_order_that_is_forgotten_or_misplaced() {
	let breaks_order = |reason, corrupt: fn(&mut Option<crate::AwardedOrder>)| {
		breaks_pending(reason, || AwardedOrders::<Test>::mutate(2, served_order(), corrupt))
	};
	breaks_order("a served order is forgotten", |served| *served = None);
	breaks_order("a served order is not where its award is", |served| {
		served.as_mut().unwrap().stage = crate::AwardStage::Minted
	});
	breaks_pending("an order is not listed once", || {
		let _ = AwardBatchesByEra::<Test>::clear(u32::MAX, None);
	});
}

fn served_order() -> sp_core::H256 {
	AwardedOrders::<Test>::iter_key_prefix(2).next().unwrap()
}

#[test]
fn invariant_9_notices_what_came_with_money_and_was_not_made_or_was_spent_before() {
	let counted = |corrupt: fn(&mut crate::Funded)| {
		breaks("what came with money of late was not made, or spent before it was", || {
			assert_ok!(Points::exchange_in(&ANN, 1, 50));
			assert_ok!(Points::do_try_state());
			crate::FundedOf::<Test>::mutate(ISSUER, |funded| corrupt(funded.as_mut().unwrap()));
		})
	};
	counted(|funded| funded.value = u128::MAX);
	counted(|funded| funded.spent += 1);
}
