//! For each invariant, a storage that breaks it.

use super::mock::*;
use crate::{
	Assessed, AssessedEra, Assessment, CaseOf, ComplaintOf, ComplaintOutcome, ComplaintState, Complaints,
	ConductRecords, Dockets, DueItem, DueItems, Escrows, Fines, OpenCases, Scheduled, MAX_DEMERITS,
};
use frame_support::assert_ok;
use hanse_primitives::{OffenceKind, Penalty};

/// Breaks the storage of an alliance in which the shop is fined and suspended, and Ann's complaint against
/// it is brought by the café, and expects the check to say `reason`.
fn breaks(reason: &'static str, corrupt: impl FnOnce()) {
	genesis().execute_with(|| {
		price(OffenceKind::Offline, Penalty { demerits: 1, fine: 10_000, stop_issuing: 1, suspension: 1 });
		complaint_about(SHOP, ANN, 1, 500);
		complaint_about(SHOP, BEN, 2, 500);
		assert_ok!(answer(SHOP, 1));
		assert_ok!(bring(CAFE, SHOP, 1));
		does(SHOP, OffenceKind::Offline);
		assert_ok!(Conduct::do_try_state());
		corrupt();
		assert_eq!(Conduct::do_try_state(), Err(reason.into()));
	});
}

#[test]
fn invariant_1_notices_a_fine_that_is_one_unit_off() {
	breaks("an escrow is not its fines", || {
		Fines::<Test>::mutate(SHOP, 1, |fine| fine.as_mut().unwrap().amount += 1)
	});
}

#[test]
fn invariant_1_notices_a_fine_that_is_not_held() {
	breaks("what is held for fines is not the fines", || {
		Fines::<Test>::mutate(SHOP, 1, |fine| fine.as_mut().unwrap().amount += 1);
		Escrows::<Test>::mutate(SHOP, |escrow| escrow.held += 1);
	});
}

#[test]
fn invariant_1_notices_a_fine_that_nobody_counted() {
	breaks("an escrow is not its fines", || Escrows::<Test>::mutate(SHOP, |escrow| escrow.fines += 1));
	breaks("a fine has a number that was not given out", || Escrows::<Test>::remove(SHOP));
}

#[test]
fn invariant_2_notices_a_case_of_nobody() {
	breaks("a case of nobody", || CaseOf::<Test>::remove(CAFE));
	breaks("a member brought a case that is none", || CaseOf::<Test>::insert(BANK, (SHOP, 1)));
}

#[test]
fn invariant_2_notices_a_deposit_that_is_not_held() {
	breaks("what is held for a case is not its deposit", || {
		OpenCases::<Test>::mutate(SHOP, 1, |case| case.as_mut().unwrap().deposit += 1)
	});
}

#[test]
fn invariant_2_notices_a_case_of_a_complaint_without_an_answer() {
	breaks("a case of a complaint that is not open and answered", || {
		Dockets::<Test>::mutate(SHOP, |docket| docket.answered_to = 0)
	});
}

#[test]
fn invariant_3_notices_a_docket_that_counts_wrong() {
	breaks("a docket is not its open complaints", || {
		Dockets::<Test>::mutate(SHOP, |docket| docket.open += 1)
	});
	breaks("a docket is not its open complaints", || {
		Complaints::<Test>::mutate(SHOP, 2, |complaint| {
			complaint.as_mut().unwrap().state = ComplaintState::Closed(ComplaintOutcome::Answered)
		})
	});
	breaks("a complaint has a number that was not given out", || {
		Dockets::<Test>::mutate(SHOP, |docket| docket.filed = 1)
	});
	breaks("an answer to what was not filed", || {
		Dockets::<Test>::mutate(SHOP, |docket| docket.answered_to = 3)
	});
}

#[test]
fn invariant_4_notices_a_complaint_that_is_not_found() {
	breaks("a complaint is not found by its receipt", || {
		ComplaintOf::<Test>::remove((SHOP, ANN, order(1).commitment))
	});
	breaks("a complaint is listed that does not exist", || {
		ComplaintOf::<Test>::insert((SHOP, CAT, order(9).commitment), 1)
	});
}

#[test]
fn invariant_5_notices_what_would_never_be_done() {
	breaks("the agenda is not what is due", || {
		let (due, due_index, _) = DueItems::<Test>::iter().next().unwrap();
		DueItems::<Test>::remove(due, due_index);
	});
	breaks("the agenda is not what is due", || {
		let scheduled = Scheduled { item: DueItem::Fine(BANK, 1), failures: 0 };
		DueItems::<Test>::insert([0; 8], [9; 8], scheduled)
	});
}

#[test]
fn invariant_6_notices_a_suspended_member_that_is_active() {
	breaks("a suspended member is active", || {
		ConductRecords::<Test>::mutate(BANK, |record| {
			record.get_or_insert_default().sanctions.suspended = true
		})
	});
	breaks("a member that is not suspended has a time for it", || {
		ConductRecords::<Test>::mutate(SHOP, |record| record.as_mut().unwrap().sanctions.suspended = false)
	});
	breaks("more demerits than there can be", || {
		ConductRecords::<Test>::mutate(SHOP, |record| {
			record.as_mut().unwrap().demerits.balance = MAX_DEMERITS + 1
		})
	});
}

#[test]
fn invariant_7_notices_an_end_of_an_era_that_the_pot_cannot_pay() {
	let member = Assessment {
		member: BANK,
		offline: false,
		good: true,
		under_bonded: false,
		meets_bond: true,
		interchange: 5,
	};
	let members = vec![member].try_into().unwrap();
	let assessed = AssessedEra { era: 1, share: 5, good: 1, paid: 0, next: 0, members };
	breaks("more is to be paid than the pot has", || Assessed::<Test>::put(assessed.clone()));
	breaks("the end of an era is past its end", || {
		Assessed::<Test>::put(AssessedEra { next: 2, ..assessed.clone() })
	});
}
