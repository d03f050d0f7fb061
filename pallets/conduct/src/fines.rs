//! Offences and what follows from them at once, and fines from there to their end.

use crate::{pallet::*, record::*, types::*, MAX_LISTED};
use alloc::vec::Vec;
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{
		fungible::MutateHold,
		tokens::{Fortitude, Precision, Restriction},
		Get,
	},
};
use hanse_primitives::{
	Customers, DeadlineClock, EraIndex, Eras, InstitutionId, JudgementDebts, MemberStatus, Members, Money,
	OffenceKind, Penalties, Penalty, SuspensionCause,
};
use sp_runtime::{
	traits::{EnsureAddAssign, EnsureSub},
	DispatchError, DispatchResult, Permill,
};

/// What became of a fine.
#[derive(Default)]
struct Fined {
	/// Its number, if there is one.
	number: Option<u32>,
	/// What was taken of the bond, in settlement micro-units.
	amount: Money,
	/// What the bond did not have for a customer, in settlement micro-units.
	owed: Money,
}

impl<T: Config> Pallet<T> {
	/// Apply what follows from an offence. The fine goes to the `injured` customer, if there is one, and to the pot
	/// otherwise.
	pub(crate) fn apply_penalty(
		member: InstitutionId,
		offence: OffenceKind,
		injured: Option<Injured<T::AccountId>>,
	) {
		let Ok(account) = T::Members::account(member) else { return };
		let era = T::Eras::current();
		let mut record = Self::record_in(member, era);
		if !record.noted.note_first(offence, era) {
			ConductRecords::<T>::insert(member, record);
			return Self::count_repeat(member, offence, era);
		}
		let mut penalty = T::Penalties::of(offence);
		let demerits = record.demerits.add(penalty.demerits);
		let Fined { number, amount, owed } = Self::take_fine(member, &account, penalty, injured.as_ref());
		if amount > 0 && T::Members::bond(member) == 0 {
			// A bond that is used up suspends its member.
			penalty.suspension = penalty.suspension.max(1);
		}
		let sanction = Sanction::of(penalty, era);
		Self::impose(member, &mut record, sanction);
		match number {
			Some(number) => {
				let due = T::DeadlineClock::now().saturating_add(T::AppealTime::get());
				let due_index = Self::schedule(due, DueItem::Fine(member, number));
				let customer = injured.map(|injured| injured.payer);
				let fine = Fine { offence, amount, owed, demerits, era, sanction, due, due_index, customer };
				Fines::<T>::insert(member, number, fine);
			},
			None => record.sanctions.make_irrevocable(sanction),
		}
		ConductRecords::<T>::insert(member, record);
		Self::log(member, OffenceEntry { offence, era, times: 1, demerits, fine: number, reversed: false });
		let fine = number.map(|number| FineId { member, number });
		// Both are parts of one bond.
		let amount = amount.saturating_add(owed);
		Self::deposit_event(Event::OffenceRecorded { member, offence, demerits, fine, amount, sanction });
	}

	/// The record of a member as it is in `era`.
	pub(crate) fn record_in(member: InstitutionId, era: EraIndex) -> ConductRecord {
		let mut record = ConductRecords::<T>::get(member).unwrap_or_else(|| ConductRecord::new(era));
		record.start_era(era, T::DemeritDecay::get());
		record
	}

	/// Move a fine from a member's bond into escrow, as far as there is something. What is a customer's does not
	/// depend on that: the rest is owed. If the books do not allow it, there is no fine, and an event says so.
	fn take_fine(
		member: InstitutionId,
		account: &T::AccountId,
		penalty: Penalty,
		injured: Option<&Injured<T::AccountId>>,
	) -> Fined {
		// Rounded down in the member's favour.
		let fine = Permill::from_parts(penalty.fine).mul_floor(T::AdmissionBond::get());
		let wanted = injured.map_or(fine, |injured| fine.min(injured.price));
		if wanted == 0 {
			return Fined::default();
		}
		let fined = with_storage_layer(|| {
			let amount =
				with_storage_layer(|| Self::hold_of_bond(member, account, wanted)).unwrap_or_default();
			let owed = if injured.is_some() { wanted.ensure_sub(amount)? } else { 0 };
			let number = if amount > 0 || owed > 0 {
				Some(Escrows::<T>::try_mutate(member, |escrow| escrow.open(amount))?)
			} else {
				None
			};
			Ok::<_, DispatchError>(Fined { number, amount, owed })
		});
		fined.unwrap_or_else(|error| {
			Self::deposit_event(Event::FineFailed { member, error });
			Fined::default()
		})
	}

	/// Hold up to `wanted` of a member's bond as a fine; returns how much.
	fn hold_of_bond(
		member: InstitutionId,
		account: &T::AccountId,
		wanted: Money,
	) -> Result<Money, DispatchError> {
		let drawn = T::Members::draw_bond(member, account, wanted)?;
		if drawn > 0 {
			T::Currency::hold(&HoldReason::Fine.into(), account, drawn)?;
		}
		Ok(drawn)
	}

	/// Stop and suspend a member for as long as the later of old and new says.
	fn impose(member: InstitutionId, record: &mut ConductRecord, sanction: Sanction) {
		if sanction.suspended_until > 0 && !record.sanctions.suspended {
			// An institution on its way out cannot be suspended.
			let suspended = with_storage_layer(|| T::MemberStatus::suspend(member, SuspensionCause::Conduct));
			record.sanctions.suspended = suspended.is_ok();
		}
		record.sanctions.impose(sanction);
	}

	fn log(member: InstitutionId, noted: OffenceEntry) {
		OffenceLog::<T>::mutate(member, |offences| {
			if offences.is_full() {
				offences.remove(0);
			}
			// There is room: the oldest just left.
			let _ = offences.try_push(noted);
		});
	}

	/// Count an offence that had its consequences in this era.
	fn count_repeat(member: InstitutionId, offence: OffenceKind, era: EraIndex) {
		OffenceLog::<T>::mutate(member, |offences| {
			if let Some(noted) =
				offences.iter_mut().rev().find(|noted| noted.offence == offence && noted.era == era)
			{
				noted.times = noted.times.saturating_add(1);
			}
		});
	}

	pub(crate) fn do_reverse_fine(id: FineId) -> DispatchResult {
		let FineId { member, number } = id;
		let fine = Fines::<T>::get(member, number).ok_or(Error::<T>::NotFound)?;
		ensure!(T::DeadlineClock::now() < fine.due, Error::<T>::AppealOver);
		let account = T::Members::account(member)?;

		T::Currency::release(&HoldReason::Fine.into(), &account, fine.amount, Precision::Exact)?;
		Self::forget_fine(id, fine.amount)?;
		Self::unschedule(fine.due, fine.due_index);
		if ConductRecords::<T>::contains_key(member) {
			Self::revoke_penalty(member, &fine);
		}
		OffenceLog::<T>::mutate(member, |offences| {
			if let Some(noted) = offences.iter_mut().find(|noted| noted.fine == Some(number)) {
				noted.reversed = true;
			}
		});
		Self::deposit_event(Event::FineReversed { fine: id, amount: fine.amount });
		Ok(())
	}

	/// Take back what followed from an offence whose fine is reversed, as far as no other asks for it.
	fn revoke_penalty(member: InstitutionId, fine: &Fine<T::AccountId>) {
		let era = T::Eras::current();
		let mut record = Self::record_in(member, era);
		record.demerits.remove(fine.demerits, fine.era);
		let others: Vec<_> = Fines::<T>::iter_prefix_values(member)
			.take(MAX_LISTED as usize + 1)
			.map(|fine| fine.sanction)
			.collect();
		if others.len() <= MAX_LISTED as usize {
			record.lower_sanctions(others.into_iter().fold(Sanction::default(), Sanction::later));
		}
		let meets_bond = T::Members::bond(member) >= T::RequiredBond::get();
		Self::end_suspension(member, &mut record, era, meets_bond);
		ConductRecords::<T>::insert(member, record);
	}

	/// End the suspension of a member if its time is over and its bond is what it has to be.
	pub(crate) fn end_suspension(
		member: InstitutionId,
		record: &mut ConductRecord,
		era: EraIndex,
		meets_bond: bool,
	) {
		let sanctions = &mut record.sanctions;
		if !sanctions.suspended || sanctions.in_force.suspended_until > era || !meets_bond {
			return;
		}
		sanctions.end_suspension();
		// A member that entered run-off meanwhile is not suspended any more.
		if with_storage_layer(|| T::MemberStatus::reinstate(member, SuspensionCause::Conduct)).is_ok() {
			Self::deposit_event(Event::SuspensionEnded { member });
		}
	}

	/// The appeal window of a fine has closed.
	pub(crate) fn end_fine(id: FineId, fine: &Fine<T::AccountId>) -> DispatchResult {
		let FineId { member, .. } = id;
		let Fine { amount, owed, sanction, ref customer, .. } = *fine;
		let account = T::Members::account(member)?;
		let to = customer.as_ref().map_or_else(T::Pot::get, T::Customers::current_account);
		if with_storage_layer(|| Self::pay_held(HoldReason::Fine, &account, &to, amount)).is_ok() {
			T::JudgementDebts::owe_judgement(member, &to, owed)?;
			if customer.is_none() {
				PotTotals::<T>::try_mutate(|flows| flows.paid_in.ensure_add_assign(amount))?;
			}
			Self::deposit_event(Event::FinePaid { fine: id, to, amount });
		} else {
			// Less than an account must have, for a customer who has none: the pot would pay who voted.
			T::Currency::release(&HoldReason::Fine.into(), &account, amount, Precision::Exact)?;
			Self::deposit_event(Event::FineReturned { fine: id, amount });
		}
		Self::forget_fine(id, amount)?;
		ConductRecords::<T>::mutate_extant(member, |record| record.sanctions.make_irrevocable(sanction));
		Ok(())
	}

	/// Pay `to` what is held on an account.
	pub(crate) fn pay_held(
		reason: HoldReason,
		from: &T::AccountId,
		to: &T::AccountId,
		amount: Money,
	) -> DispatchResult {
		T::Currency::transfer_on_hold(
			&reason.into(),
			from,
			to,
			amount,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Force,
		)?;
		Ok(())
	}

	fn forget_fine(FineId { member, number }: FineId, amount: Money) -> DispatchResult {
		Fines::<T>::remove(member, number);
		Escrows::<T>::try_mutate(member, |escrow| escrow.close_complaint(amount))?;
		Ok(())
	}
}
