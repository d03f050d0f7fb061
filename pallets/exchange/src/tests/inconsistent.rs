//! Broken books: a block reports what cannot be, keeps what is owed, and goes on with everything else.

use super::mock::*;
use crate::{
	AuthorisationDeadlines, Authorisations, Event, PaymentInconsistency as What, ReceiptKey, Receipts,
};
use frame_support::assert_ok;
use hanse_primitives::DAY;
use pallet_clearing::Encumbrances;

/// What the blocks reported so far.
fn reported() -> Vec<What<u64>> {
	let what = |record: frame_system::EventRecord<_, _>| match record.event {
		RuntimeEvent::Exchange(Event::Inconsistent { what }) => Some(what),
		_ => None,
	};
	System::events().into_iter().filter_map(what).collect()
}

#[test]
fn a_receipt_whose_interchange_cannot_be_collected_stays_until_it_can() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		for program in 1..=2 {
			assert_ok!(issue(program, ANN, 100));
		}
		assert_ok!(pay(ANN, BOOKS, 1, 500, &[(1, 50)]));
		assert_ok!(pay(ANN, HOTEL, 2, 500, &[(2, 100)]));
		let receipt = ReceiptKey::of(BOOKS, ANN, order(1));
		let closes = Receipts::<Test>::get(receipt).unwrap().closes;
		Encumbrances::<Test>::mutate(AIR, |claim| claim.accrued -= 1);
		block_at(closes);
		// What AIR owes the pot is still owed, and what BOOKS owes is paid.
		assert_eq!(reported(), vec![What::Receipt { receipt }]);
		assert_eq!((pot(), accrued(AIR)), (5, 4));
		assert_eq!(Receipts::<Test>::get(receipt).unwrap().closes, closes + DAY);
		Encumbrances::<Test>::mutate(AIR, |claim| claim.accrued += 1);
		check();
		block_at(closes + DAY);
		assert_eq!((pot(), accrued(AIR), reported().len()), (10, 0, 1));
		assert_eq!((Receipts::<Test>::iter().count(), listed()), (0, 0));
	});
}

#[test]
fn an_authorisation_that_cannot_be_ended_runs_until_it_can() {
	run(|| {
		Interchange::set(Permill::from_parts(10_000));
		for program in 1..=2 {
			assert_ok!(issue(program, ANN, 100));
		}
		assert_ok!(authorize(ANN, BOOKS, 1, 500, &[(1, 50)]));
		assert_ok!(authorize(ANN, HOTEL, 2, 500, &[(2, 100)]));
		let receipt = ReceiptKey::of(BOOKS, ANN, order(1));
		let deadline = Authorisations::<Test>::get(receipt).unwrap().deadline;
		Encumbrances::<Test>::mutate(AIR, |claim| claim.accrued -= 1);
		block_at(deadline);
		// Of one nothing is lost, and the other is back.
		assert_eq!(reported(), vec![What::Authorisation { receipt }]);
		assert_eq!((points(1, ANN), points(2, ANN)), (50, 100));
		assert_eq!(Authorisations::<Test>::get(receipt).unwrap().deadline, deadline + DAY);
		Encumbrances::<Test>::mutate(AIR, |claim| claim.accrued += 1);
		check();
		block_at(deadline + DAY);
		assert_eq!(
			(Authorisations::<Test>::iter().count(), AuthorisationDeadlines::<Test>::iter().count()),
			(0, 0)
		);
		assert_eq!(reported().len(), 1);
	});
}
