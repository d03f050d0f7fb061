//! Complaints: filed, answered, or judged by default.

use crate::{pallet::*, types::*};
use frame_support::{ensure, traits::Get};
use hanse_primitives::{
	Chargebacks, Customers, DeadlineClock, InstitutionId, JudgementDebts, Moment, Money, OffenceKind, Order,
};
use sp_core::H256;
use sp_runtime::{traits::Convert, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Whether `who` can complain about a payment now. Whoever decides about its fee asks this.
	pub fn may_complain(
		who: &T::AccountId,
		merchant: InstitutionId,
		payer: &T::AccountId,
		order: Order,
	) -> bool {
		Self::ensure_may_complain(who, merchant, payer, order).is_ok()
	}

	/// What is left of the price of a payment about which `who` can complain.
	fn ensure_may_complain(
		who: &T::AccountId,
		merchant: InstitutionId,
		payer: &T::AccountId,
		order: Order,
	) -> Result<Money, DispatchError> {
		let price = T::Chargebacks::refundable(merchant, payer, order).filter(|price| *price > 0);
		let price = price.ok_or(Error::<T>::NotRefundable)?;
		// Nothing can be found against an institution that is gone.
		ensure!(Self::is_here(merchant), Error::<T>::NotRefundable);
		// Not the payer itself once its account was recovered: its old key may be in other hands.
		ensure!(T::Customers::current_account(payer) == *who, Error::<T>::NotPayer);
		let is_known = ComplaintOf::<T>::contains_key((merchant, payer.clone(), order.commitment));
		ensure!(!is_known, Error::<T>::AlreadyComplained);
		Ok(price)
	}

	pub(crate) fn do_file_complaint(
		who: T::AccountId,
		merchant: InstitutionId,
		payer: T::AccountId,
		order: Order,
		evidence: H256,
	) -> DispatchResult {
		let price = Self::ensure_may_complain(&who, merchant, &payer, order)?;
		let key = (merchant, payer.clone(), order.commitment);
		T::Chargebacks::hold_for_dispute(merchant, &payer, order)?;

		let number = Dockets::<T>::try_mutate(merchant, |docket| docket.file())?;
		ComplaintOf::<T>::insert(key, number);
		let deadline = T::DeadlineClock::now().saturating_add(T::AnswerTime::get());
		let ends = deadline.saturating_add(T::CaseTime::get());
		let due_index = Self::schedule(deadline, DueItem::Complaint(merchant, number));
		let complaint = Complaint {
			payer: payer.clone(),
			order,
			evidence,
			price,
			deadline,
			ends,
			due: deadline,
			due_index,
			state: ComplaintState::Open,
		};
		Complaints::<T>::insert(merchant, number, complaint);
		Self::deposit_event(Event::ComplaintFiled {
			merchant,
			number,
			payer,
			order,
			evidence,
			price,
			deadline: T::DeadlineClock::wall_time(deadline),
		});
		Ok(())
	}

	pub(crate) fn do_answer_complaints(
		merchant: InstitutionId,
		up_to: u64,
		document: H256,
	) -> DispatchResult {
		let mut docket = Dockets::<T>::get(merchant);
		ensure!(up_to <= docket.filed, Error::<T>::NotFound);
		ensure!(up_to > docket.answered_to, Error::<T>::AlreadyAnswered);
		docket.answered_to = up_to;
		docket.document = Some(document);
		Dockets::<T>::insert(merchant, docket);
		Self::deposit_event(Event::ComplaintsAnswered { merchant, up_to, document });
		Ok(())
	}

	/// Whether the merchant answered a complaint before the chain found that it had not.
	pub(crate) fn is_answered(
		merchant: InstitutionId,
		number: u64,
		complaint: &Complaint<T::AccountId>,
	) -> bool {
		complaint.state == ComplaintState::Open && number <= Dockets::<T>::get(merchant).answered_to
	}

	/// The next step of a complaint that was answered, or is over.
	pub(crate) fn move_on(
		merchant: InstitutionId,
		number: u64,
		complaint: &mut Complaint<T::AccountId>,
	) -> DispatchResult {
		let (now, later) = (T::DeadlineClock::now(), T::CaseTime::get());
		if !complaint.is_open() {
			if T::Chargebacks::refundable(merchant, &complaint.payer, complaint.order).is_none() {
				// The same receipt cannot be complained about again, so nothing needs to remember it.
				Complaints::<T>::remove(merchant, number);
				ComplaintOf::<T>::remove((merchant, &complaint.payer, complaint.order.commitment));
			} else {
				Self::wait(merchant, number, complaint, now.saturating_add(later));
			}
			return Ok(());
		}
		let next = match OpenCases::<T>::get(merchant, number) {
			Some(case) => case.ends,
			None if now < complaint.ends => complaint.ends,
			None => {
				Self::close_complaint(merchant, number, complaint, ComplaintOutcome::Answered)?;
				now.saturating_add(later)
			},
		};
		Self::wait(merchant, number, complaint, next);
		Ok(())
	}

	/// Write a complaint down, with its next step at `due`, or as soon as it can be.
	fn wait(merchant: InstitutionId, number: u64, complaint: &mut Complaint<T::AccountId>, due: Moment) {
		complaint.due = due.max(T::DeadlineClock::now().saturating_add(1));
		complaint.due_index = Self::schedule(complaint.due, DueItem::Complaint(merchant, number));
		Complaints::<T>::insert(merchant, number, &*complaint);
	}

	/// Pay back what is left of the price of a payment whose complaint was not answered, and record that. The
	/// merchant pays for the chain's work.
	pub(crate) fn decide_by_default(
		merchant: InstitutionId,
		number: u64,
		complaint: &mut Complaint<T::AccountId>,
		burns: u32,
	) -> DispatchResult {
		let value = T::Chargebacks::charge_back(merchant, &complaint.payer, complaint.order)?;
		let outcome = if value == 0 {
			ComplaintOutcome::Settled
		} else {
			Self::apply_penalty(merchant, OffenceKind::UnansweredComplaint, None);
			let fee = T::WeightToFee::convert(Self::judgement_weight(burns));
			T::JudgementDebts::owe_judgement(merchant, &T::Pot::get(), fee)?;
			Self::deposit_event(Event::ChargedBack { merchant, number, value });
			ComplaintOutcome::ChargedBack
		};
		Self::close_complaint(merchant, number, complaint, outcome)?;
		Self::wait(merchant, number, complaint, T::DeadlineClock::now().saturating_add(T::CaseTime::get()));
		Ok(())
	}

	/// A complaint is over.
	pub(crate) fn close_complaint(
		merchant: InstitutionId,
		number: u64,
		complaint: &mut Complaint<T::AccountId>,
		outcome: ComplaintOutcome,
	) -> DispatchResult {
		complaint.state = ComplaintState::Closed(outcome);
		Dockets::<T>::try_mutate(merchant, |docket| docket.close_complaint())?;
		T::Chargebacks::release_from_dispute(merchant, &complaint.payer, complaint.order);
		Self::deposit_event(Event::ComplaintClosed { merchant, number, outcome });
		Ok(())
	}
}
