//! Offences and what follows from them at once, and fines from there to their end.

use crate::{pallet::*, types::*, MAX_LISTED};
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
	Balance, Customers, DeadlineClock, EraIndex, Eras, InstitutionId, JudgementDebts, MemberStatus, Members,
	OffenceKind, Penalties, SuspensionCause,
};
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding, DispatchError, DispatchResult, Rounding,
};

impl<T: Config> Pallet<T> {
	/// Apply what follows from an offence. `injured` is the customer that the fine goes to, with the most that it
	/// may be; otherwise it goes to the pot.
	pub(crate) fn apply_penalty(
		member: InstitutionId,
		offence: OffenceKind,
		injured: Option<(T::AccountId, Balance)>,
	) {
		let Ok(account) = T::Members::account(member) else { return };
		let era = T::Eras::current();
		let mut record = Self::record_in(member, era);
		if !record.record_once(offence, era) {
			ConductRecords::<T>::insert(member, record);
			return Self::count_repeat(member, offence, era);
		}
		let penalty = T::Penalties::of(offence);
		let demerits = record.add_demerits(penalty.demerits);
		let most = injured.as_ref().map_or(Balance::MAX, |(_, price)| *price);
		let wanted = Self::fine_of(penalty.fine).min(most);
		let amount = Self::take_fine(member, &account, wanted);
		// What is a customer's does not depend on what is left of the bond.
		let owed = if injured.is_some() { wanted.saturating_sub(amount) } else { 0 };
		let is_used_up = amount > 0 && T::Members::bond(member) == 0;

		let until = |eras: u32| if eras == 0 { 0 } else { era.saturating_add(eras) };
		let sanction = Sanction {
			stopped_until: until(penalty.stop_issuing),
			suspended_until: until(penalty.suspension.max(is_used_up.into())),
		};
		Self::apply_sanction(member, &mut record, sanction);
		let is_fined = amount > 0 || owed > 0;
		if !is_fined {
			record.irrevocable = record.irrevocable.later(sanction);
		}
		ConductRecords::<T>::insert(member, record);
		let fine = is_fined.then(|| {
			let due = T::DeadlineClock::now().saturating_add(T::AppealTime::get());
			let customer = injured.map(|(payer, _)| payer);
			let due_index = 0;
			let fine = Fine { offence, amount, owed, demerits, era, sanction, due, due_index, customer };
			Self::store_fine(member, fine)
		});
		let number = fine.map(|fine| fine.number);
		Self::log(member, OffenceEntry { offence, era, times: 1, demerits, fine: number, reversed: false });
		let amount = amount.saturating_add(owed);
		Self::deposit_event(Event::OffenceRecorded { member, offence, demerits, fine, amount, sanction });
	}

	/// The record of a member as it is in `era`.
	pub(crate) fn record_in(member: InstitutionId, era: EraIndex) -> ConductRecord {
		let mut record = ConductRecords::<T>::get(member).unwrap_or_else(|| ConductRecord::new(era));
		record.start_era(era, T::DemeritDecay::get());
		record
	}

	/// A part of the admission bond in parts per million, rounded down in the member's favour.
	fn fine_of(rate: u32) -> Balance {
		let bond = T::AdmissionBond::get();
		multiply_by_rational_with_rounding(bond, rate.into(), 1_000_000, Rounding::Down).unwrap_or(bond)
	}

	/// Move up to `wanted` of a member's bond into escrow; returns how much. Where that cannot be, nothing.
	fn take_fine(member: InstitutionId, account: &T::AccountId, wanted: Balance) -> Balance {
		if wanted == 0 {
			return 0;
		}
		let taken = with_storage_layer(|| {
			let drawn = T::Members::draw_bond(member, account, wanted)?;
			if drawn > 0 {
				T::Currency::hold(&HoldReason::Fine.into(), account, drawn)?;
			}
			Ok::<_, DispatchError>(drawn)
		});
		taken.unwrap_or_default()
	}

	/// Stop and suspend a member for as long as the later of old and new says.
	fn apply_sanction(member: InstitutionId, record: &mut ConductRecord, sanction: Sanction) {
		if sanction.suspended_until > 0 && !record.suspended {
			// An institution on its way out cannot be suspended.
			let suspended = with_storage_layer(|| T::MemberStatus::suspend(member, SuspensionCause::Conduct));
			record.suspended = suspended.is_ok();
		}
		let suspended_until = if record.suspended { sanction.suspended_until } else { 0 };
		record.sanction = record.sanction.later(Sanction { suspended_until, ..sanction });
	}

	/// Write a fine that was taken down, and give it its place on the agenda.
	fn store_fine(member: InstitutionId, mut fine: Fine<T::AccountId>) -> FineId {
		let mut escrow = Escrows::<T>::get(member);
		escrow.last = escrow.last.saturating_add(1);
		escrow.fines = escrow.fines.saturating_add(1);
		escrow.held = escrow.held.saturating_add(fine.amount);
		Escrows::<T>::insert(member, escrow);
		fine.due_index = Self::schedule(fine.due, DueItem::Fine(member, escrow.last));
		Fines::<T>::insert(member, escrow.last, fine);
		FineId { member, number: escrow.last }
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
		Self::forget_fine(id, fine.amount);
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
		record.remove_demerits(fine.demerits, fine.era);
		let (mut others, mut rest) = (0, record.irrevocable);
		for other in Fines::<T>::iter_prefix_values(member).take(MAX_LISTED as usize + 1) {
			others += 1;
			rest = rest.later(other.sanction);
		}
		if others <= MAX_LISTED {
			let suspended_until = if record.suspended { rest.suspended_until } else { 0 };
			record.lower_sanction(Sanction { suspended_until, ..rest });
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
		if !record.suspended || record.sanction.suspended_until > era || !meets_bond {
			return;
		}
		record.suspended = false;
		record.sanction.suspended_until = 0;
		// Who entered run-off meanwhile is not suspended any more.
		if with_storage_layer(|| T::MemberStatus::reinstate(member, SuspensionCause::Conduct)).is_ok() {
			Self::deposit_event(Event::SuspensionEnded { member });
		}
	}

	/// The appeal window of a fine has closed.
	pub(crate) fn end_fine(id: FineId, fine: &Fine<T::AccountId>) -> DispatchResult {
		let FineId { member, .. } = id;
		let Fine { amount, owed, sanction, ref customer, .. } = *fine;
		let account = T::Members::account(member)?;
		let (to, is_pot) = match customer {
			Some(payer) => (T::Customers::current_account(payer), false),
			None => (T::Pot::get(), true),
		};
		let reason = HoldReason::Fine.into();
		let paid = with_storage_layer(|| {
			T::Currency::transfer_on_hold(
				&reason,
				&account,
				&to,
				amount,
				Precision::Exact,
				Restriction::Free,
				Fortitude::Force,
			)
		});
		if paid.is_ok() {
			T::JudgementDebts::owe_judgement(member, &to, owed)?;
			if is_pot {
				PotTotals::<T>::mutate(|flows| flows.paid_in = flows.paid_in.saturating_add(amount));
			}
			Self::deposit_event(Event::FinePaid { fine: id, to, amount });
		} else {
			// Less than an account must have, for a customer who has none: the pot would pay who voted.
			T::Currency::release(&reason, &account, amount, Precision::Exact)?;
			Self::deposit_event(Event::FineReturned { fine: id, amount });
		}
		Self::forget_fine(id, amount);
		ConductRecords::<T>::mutate_extant(member, |record| {
			record.irrevocable = record.irrevocable.later(sanction)
		});
		Ok(())
	}

	fn forget_fine(FineId { member, number }: FineId, amount: Balance) {
		Fines::<T>::remove(member, number);
		Escrows::<T>::mutate(member, |escrow| {
			escrow.fines = escrow.fines.saturating_sub(1);
			escrow.held = escrow.held.saturating_sub(amount);
		});
	}
}
