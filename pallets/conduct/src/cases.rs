//! Answered complaints that a member brings to a vote.

use crate::{pallet::*, types::*};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{
		fungible::{InspectHold, MutateHold},
		tokens::Precision,
		Get,
	},
};
use hanse_primitives::{Chargebacks, DeadlineClock, InstitutionId, JudgementDebts, Members, OffenceKind};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_open_case(by: InstitutionId, merchant: InstitutionId, number: u64) -> DispatchResult {
		T::Members::ensure_payable(by)?;
		ensure!(by != merchant, Error::<T>::OwnComplaint);
		let complaint = Complaints::<T>::get(merchant, number).ok_or(Error::<T>::NotFound)?;
		let now = T::DeadlineClock::now();
		ensure!(complaint.is_open() && now < complaint.ends, Error::<T>::ComplaintOver);
		ensure!(Self::is_answered(merchant, number, &complaint), Error::<T>::NotAnswered);
		ensure!(!OpenCases::<T>::contains_key(merchant, number), Error::<T>::AlreadyInCase);
		ensure!(!CaseOf::<T>::contains_key(by), Error::<T>::CaseOpen);

		let (account, deposit) = (T::Members::account(by)?, T::CaseDeposit::get());
		let reason = HoldReason::Case.into();
		ensure!(T::Currency::can_hold(&reason, &account, deposit), Error::<T>::FundsTooSmall);
		T::Currency::hold(&reason, &account, deposit)?;
		let ends = now.saturating_add(T::CaseTime::get());
		CaseOf::<T>::insert(by, (merchant, number));
		let due_index = Self::schedule(ends, DueItem::Case(merchant, number));
		let cost = T::CaseCost::get();
		OpenCases::<T>::insert(merchant, number, Case { by, deposit, cost, ends, due_index });
		let ends = T::DeadlineClock::wall_time(ends);
		Self::deposit_event(Event::CaseOpened { merchant, number, by, deposit, ends });
		Ok(())
	}

	pub(crate) fn do_uphold_complaint(merchant: InstitutionId, number: u64) -> DispatchResult {
		let mut complaint = Complaints::<T>::get(merchant, number).ok_or(Error::<T>::NotFound)?;
		let case = OpenCases::<T>::get(merchant, number).ok_or(Error::<T>::NoCase)?;
		ensure!(T::DeadlineClock::now() < case.ends, Error::<T>::NoCase);

		let value = T::Chargebacks::charge_back(merchant, &complaint.payer, complaint.order)?;
		let Case { by, deposit, cost, ends, due_index } = case;
		let account = T::Members::account(by)?;
		T::Currency::release(&HoldReason::Case.into(), &account, deposit, Precision::Exact)?;
		Self::unschedule(ends, due_index);
		Self::end_case(merchant, number, case, true, by);
		T::JudgementDebts::owe_judgement(merchant, &account, cost)?;
		Self::deposit_event(Event::ChargedBack { merchant, number, value });
		let injured = Injured { payer: complaint.payer.clone(), price: complaint.price };
		Self::apply_penalty(merchant, OffenceKind::UpheldComplaint, Some(injured));
		Self::close_complaint(merchant, number, &mut complaint, ComplaintOutcome::Upheld)?;
		Complaints::<T>::insert(merchant, number, complaint);
		Ok(())
	}

	/// The time of a case is over, so its deposit is the merchant's; if that is gone, the bringer's again.
	pub(crate) fn end_case_in_time(merchant: InstitutionId, number: u64, case: Case) -> DispatchResult {
		let from = T::Members::account(case.by)?;
		let paid = with_storage_layer(|| {
			let target = T::Members::account(merchant)?;
			Self::pay_held(HoldReason::Case, &from, &target, case.deposit)
		});
		let to = if paid.is_ok() {
			merchant
		} else {
			T::Currency::release(&HoldReason::Case.into(), &from, case.deposit, Precision::Exact)?;
			case.by
		};
		Self::end_case(merchant, number, case, false, to);
		Ok(())
	}

	fn end_case(merchant: InstitutionId, number: u64, case: Case, upheld: bool, to: InstitutionId) {
		OpenCases::<T>::remove(merchant, number);
		CaseOf::<T>::remove(case.by);
		let deposit = case.deposit;
		Self::deposit_event(Event::CaseEnded { merchant, number, upheld, deposit, to });
	}
}
