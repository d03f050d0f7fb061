//! Broken books: a block reports what cannot be, keeps what is owed, and goes on with everything else.

use super::mock::*;
use crate::{
	pending_key, AwardBatchesByEra, Event, Flows, FlowsOf, LiabilityOf, LifetimeValueOf, PendingBatches,
	PendingOf, PendingTotal, Period, PeriodClosings, PointsInconsistency as What, Programs, ProgramsOf,
	Shortfalls, SweepQueue, Terms,
};
use frame_support::{assert_ok, storage::unhashed, traits::fungibles::Inspect};
use hanse_primitives::{DeadlineClock as _, DAY};

/// What the blocks reported so far.
fn reported() -> Vec<What<u64>> {
	let what = |record: frame_system::EventRecord<_, _>| match record.event {
		RuntimeEvent::Points(Event::Inconsistent { what }) => Some(what),
		_ => None,
	};
	System::events().into_iter().filter_map(what).collect()
}

#[test]
fn an_award_that_cannot_be_minted_stays_pending_and_is_tried_again() {
	run(|| {
		program(ISSUER, Terms { pending: PERIOD, ..TERMS });
		let asset = vintage(1, 0);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		assert_ok!(issue(ISSUER, 1, BEN, 20));
		let total = PendingTotal::<Test>::take(asset);
		PendingTotal::<Test>::insert(asset, 20);
		// Of two awards that are due together one is made usable, and the other cannot be.
		block_at(START + PERIOD, false);
		assert_eq!(reported(), vec![What::Award { asset, to: ANN, amount: 30 }]);
		let has = |who| (Assets::balance(asset, who), PendingOf::<Test>::get(who, asset));
		assert_eq!((has(ANN), has(BEN)), ((0, 30), (20, 0)));
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 10 * total);
		PendingTotal::<Test>::insert(asset, 30);
		Points::do_try_state().unwrap();
		// Long before the next try, nothing happens; then the points are there.
		block_at(START + PERIOD + 1, false);
		assert_eq!((has(ANN), reported().len()), ((0, 30), 1));
		Programs::<Test>::mutate_extant(1, |program| {
			crate::ExpiryQueue::<Test>::remove(Points::expiry_key(&program.vintages[0]));
			let vintage = program.prolong(asset, START + 2 * DAY).unwrap();
			crate::ExpiryQueue::<Test>::insert(Points::expiry_key(&vintage), ());
		});
		block_at(START + PERIOD + DAY, false);
		assert_eq!((has(ANN), reported().len()), ((30, 0), 1));
	});
}

#[test]
fn a_vintage_that_cannot_be_booked_lives_longer_and_stops_no_other() {
	run(|| {
		for (issuer, id) in [(ISSUER, 1), (RIVAL, 2)] {
			assert_eq!(program(issuer, TERMS), id);
			assert_ok!(issue(issuer, id, ANN, 30));
		}
		// A day after its expiry, which it would reach in the middle of a period.
		LiabilityOf::<Test>::mutate(ISSUER, |liability| liability.outstanding -= 1);
		let due = START + 3 * PERIOD;
		block_at(due, false);
		assert_eq!(reported(), vec![What::Expiry { asset: vintage(1, 0) }]);
		assert_eq!(Programs::<Test>::get(1).unwrap().vintages[0].expires, due + DAY);
		assert_eq!(Assets::total_issuance(vintage(1, 0)), 30);
		assert_eq!((FlowsOf::<Test>::get(1).expired, FlowsOf::<Test>::get(2).expired), (0, 30));
		LiabilityOf::<Test>::mutate(ISSUER, |liability| liability.outstanding += 1);
		Points::do_try_state().unwrap();
		block_at(due + DAY - 1, false);
		assert_eq!(FlowsOf::<Test>::get(1).expired, 0);
		block_at(due + DAY, false);
		assert_eq!((FlowsOf::<Test>::get(1).expired, reported().len()), (30, 1));
	});
}

#[test]
fn what_cannot_be_carried_for_a_halted_customer_is_breakage_and_reported() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		Timestamp::set_timestamp(START + PERIOD);
		assert_ok!(issue(ISSUER, 1, BEN, 20));
		HaltedCustomers::set([ANN].into());
		let made = LifetimeValueOf::<Test>::get(ISSUER).created;
		LifetimeValueOf::<Test>::mutate(ISSUER, |books| books.created = u128::MAX);
		block_at(START + 3 * PERIOD, false);
		assert_eq!(reported(), vec![What::Carry { asset: vintage(1, 0), holder: ANN }]);
		assert_eq!(FlowsOf::<Test>::get(1), Flows { issued: 50, expired: 30, ..Default::default() });
		LifetimeValueOf::<Test>::mutate(ISSUER, |books| books.created = made);
	});
}

#[test]
fn books_that_cannot_be_closed_are_closed_with_the_next_ones() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		let asset = vintage(1, 0);
		PendingTotal::<Test>::insert(asset, u128::MAX);
		block_at(START + PERIOD, false);
		assert_eq!(
			(reported(), PeriodClosings::<Test>::get(1).len()),
			(vec![What::Period { program: 1 }], 0)
		);
		// Nobody is told numbers that cannot be.
		assert_eq!(Points::roll_forward(1, START + PERIOD), None);
		assert_eq!(Points::statement(ISSUER).unwrap().programs, vec![]);
		PendingTotal::<Test>::remove(asset);
		block_at(START + 2 * PERIOD, false);
		assert_eq!(
			PeriodClosings::<Test>::get(1).into_iter().map(|c| c.ends).collect::<Vec<_>>(),
			vec![START + 2 * PERIOD]
		);
		let books = Points::roll_forward(1, START + PERIOD).unwrap();
		assert_eq!((books.from, books.until, books.flows.issued), (START, START + 2 * PERIOD, 30));
	});
}

#[test]
fn flows_that_fell_have_no_roll_forward() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		block_at(START + PERIOD, false);
		FlowsOf::<Test>::mutate(1, |flows| flows.issued -= 1);
		assert_eq!(Points::roll_forward(1, START + PERIOD), None);
		assert!(Points::roll_forward(1, START).is_some());
		FlowsOf::<Test>::mutate(1, |flows| flows.issued += 1);
		assert!(Points::roll_forward(1, START + PERIOD).is_some());
	});
}

#[test]
fn what_cannot_be_swept_is_in_nobodys_way() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		block_at(START + 3 * PERIOD, false);
		// Nobody destroys an asset that lives.
		SweepQueue::<Test>::insert(vintage(9, 9), ());
		(0..3).for_each(|_| block_at(START + 3 * PERIOD, true));
		assert_eq!(reported(), vec![What::Sweep { asset: vintage(9, 9) }]);
		assert_eq!((SweepQueue::<Test>::iter().count(), Assets::asset_exists(vintage(1, 0))), (0, false));
	});
}

#[test]
fn a_reserve_that_cannot_be_reviewed_is_reported_and_others_are_reviewed() {
	run(|| {
		for issuer in [ISSUER, RIVAL] {
			let id = program(issuer, Terms { period: Period::Milliseconds(ERA), validity: ERA, ..TERMS });
			assert_ok!(issue(issuer, id, ANN, 100));
		}
		Reserves::set([(ISSUER, 1), (RIVAL, 1)].into());
		ProgramsOf::<Test>::mutate(ISSUER, |programs| programs.try_push(9).unwrap());
		block_at(START + ERA, false);
		assert_eq!(reported(), vec![What::Reserve { institution: ISSUER }]);
		assert_eq!(Shortfalls::<Test>::iter_keys().collect::<Vec<_>>(), vec![RIVAL]);
		ProgramsOf::<Test>::mutate(ISSUER, |programs| programs.pop());
	});
}

#[test]
fn what_cannot_be_read_is_dropped_and_reported() {
	run(|| {
		program(ISSUER, TERMS);
		let asset = vintage(1, 0);
		let key = PendingBatches::<Test>::hashed_key_for(pending_key(Deadlines::now(), asset, 7));
		unhashed::put_raw(&key, b"?");
		let key = AwardBatchesByEra::<Test>::hashed_key_for((0u32.to_be_bytes(), 8u64.to_be_bytes()));
		unhashed::put_raw(&key, b"?");
		block_at(START, true);
		assert_eq!(reported(), vec![What::Awards { asset, batch: 7 }, What::Orders { batch: 8 }]);
		assert_eq!(
			(PendingBatches::<Test>::iter_keys().count(), AwardBatchesByEra::<Test>::iter_keys().count()),
			(0, 0)
		);
	});
}
