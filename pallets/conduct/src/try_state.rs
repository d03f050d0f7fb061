//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, record::*, types::*, MAX_DEMERITS};
use alloc::collections::{btree_map::BTreeMap, btree_set::BTreeSet};
use frame_support::{ensure, traits::fungible::InspectHold};
use hanse_primitives::{InstitutionId, Members, Moment, Money};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_escrows()?;
		Self::invariant_2_cases()?;
		Self::invariant_3_dockets()?;
		Self::invariant_4_complaints_are_found()?;
		Self::invariant_5_agenda()?;
		Self::invariant_6_records()?;
		Self::invariant_7_shares()
	}

	/// What is held on the account of an institution; nothing for one that does not exist.
	fn held(id: InstitutionId, reason: HoldReason) -> Money {
		let account = T::Members::account(id);
		account.map(|who| T::Currency::balance_on_hold(&reason.into(), &who)).unwrap_or_default()
	}

	fn invariant_1_escrows() -> Result<(), TryRuntimeError> {
		let mut sums = BTreeMap::<InstitutionId, Escrow>::new();
		for (member, number, fine) in Fines::<T>::iter() {
			let last = Escrows::<T>::get(member).last;
			ensure!(number <= last, "a fine has a number that was not given out");
			let sum = sums.entry(member).or_default();
			*sum = Escrow { last, fines: sum.fines + 1, held: sum.held + fine.amount };
		}
		for (member, escrow) in Escrows::<T>::iter() {
			let none = Escrow { last: escrow.last, ..Default::default() };
			ensure!(sums.remove(&member).unwrap_or(none) == escrow, "an escrow is not its fines");
			ensure!(
				Self::held(member, HoldReason::Fine) == escrow.held,
				"what is held for fines is not the fines"
			);
		}
		ensure!(sums.is_empty(), "a fine without its escrow");
		Ok(())
	}

	fn invariant_2_cases() -> Result<(), TryRuntimeError> {
		for (merchant, number, case) in OpenCases::<T>::iter() {
			ensure!(CaseOf::<T>::get(case.by) == Some((merchant, number)), "a case of nobody");
			let held = Self::held(case.by, HoldReason::Case);
			ensure!(held == case.deposit, "what is held for a case is not its deposit");
			let answered = Complaints::<T>::get(merchant, number)
				.is_some_and(|complaint| Self::is_answered(merchant, number, &complaint));
			ensure!(answered, "a case of a complaint that is not open and answered");
		}
		let (brought, open) = (CaseOf::<T>::iter_keys().count(), OpenCases::<T>::iter_keys().count());
		ensure!(brought == open, "a member brought a case that is none");
		Ok(())
	}

	fn invariant_3_dockets() -> Result<(), TryRuntimeError> {
		let mut open = BTreeMap::<InstitutionId, u32>::new();
		for (merchant, number, complaint) in Complaints::<T>::iter() {
			let filed = Dockets::<T>::get(merchant).filed;
			ensure!((1..=filed).contains(&number), "a complaint has a number that was not given out");
			*open.entry(merchant).or_default() += u32::from(complaint.is_open());
		}
		for (merchant, docket) in Dockets::<T>::iter() {
			let counted = open.remove(&merchant).unwrap_or_default();
			ensure!(docket.open == counted, "a docket is not its open complaints");
			ensure!(docket.answered_to <= docket.filed, "an answer to what was not filed");
		}
		Ok(())
	}

	fn invariant_4_complaints_are_found() -> Result<(), TryRuntimeError> {
		for (merchant, number, Complaint { payer, order, .. }) in Complaints::<T>::iter() {
			let found = ComplaintOf::<T>::get((merchant, payer, order.commitment));
			ensure!(found == Some(number), "a complaint is not found by its receipt");
		}
		let (listed, stored) = (ComplaintOf::<T>::iter_keys().count(), Complaints::<T>::iter_keys().count());
		ensure!(listed == stored, "a complaint is listed that does not exist");
		Ok(())
	}

	fn invariant_5_agenda() -> Result<(), TryRuntimeError> {
		let fines = Fines::<T>::iter().map(|(id, n, fine)| (fine.due, fine.due_index, DueItem::Fine(id, n)));
		let complaints = Complaints::<T>::iter()
			.map(|(id, n, complaint)| (complaint.due, complaint.due_index, DueItem::Complaint(id, n)));
		let cases =
			OpenCases::<T>::iter().map(|(id, n, case)| (case.ends, case.due_index, DueItem::Case(id, n)));
		let due: BTreeSet<_> = fines.chain(complaints).chain(cases).collect();
		let listed: BTreeSet<_> = DueItems::<T>::iter()
			.map(|(due, due_index, Scheduled { item, .. })| {
				(Moment::from_be_bytes(due), DueIndex::from_be_bytes(due_index), item)
			})
			.collect();
		ensure!(due == listed, "the agenda is not what is due");
		Ok(())
	}

	fn invariant_6_records() -> Result<(), TryRuntimeError> {
		for (member, ConductRecord { demerits, sanctions, .. }) in ConductRecords::<T>::iter() {
			ensure!(demerits.balance <= MAX_DEMERITS, "more demerits than there can be");
			ensure!(!sanctions.suspended || !T::Members::may_operate(member), "a suspended member is active");
			ensure!(
				sanctions.suspended || sanctions.in_force.suspended_until == 0,
				"a member that is not suspended has a time for it"
			);
		}
		Ok(())
	}

	fn invariant_7_shares() -> Result<(), TryRuntimeError> {
		let Some(AssessedEra { share, next, members, .. }) = Assessed::<T>::get() else { return Ok(()) };
		ensure!(next as usize <= members.len(), "the end of an era is past its end");
		let waiting = members.iter().skip(next as usize).filter(|member| member.good);
		let due: Money = waiting.map(|member| share.min(member.interchange)).sum();
		ensure!(due <= Self::distributable(), "more is to be paid than the pot has");
		Ok(())
	}
}
