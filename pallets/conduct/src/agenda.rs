//! What the chain does by itself at a time: the next step of a fine, a complaint or a case.

use crate::{pallet::*, types::*, weights::WeightInfo};
use frame_support::{
	defensive,
	storage::with_storage_layer,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{Clock, Moment, Receipts, Verdicts};
use sp_runtime::DispatchResult;

/// Items that one block deals with at most.
const MAX_ITEMS_PER_BLOCK: u32 = 64;

impl<T: Config> Pallet<T> {
	/// Put something on the agenda, behind everything of the same moment; returns its ticket.
	pub(crate) fn schedule(due: Moment, item: Item) -> Ticket {
		let ticket = NextTicket::<T>::get();
		NextTicket::<T>::put(ticket.saturating_add(1));
		Agenda::<T>::insert(due.to_be_bytes(), ticket.to_be_bytes(), item);
		ticket
	}

	/// Take something off the agenda before its time.
	pub(crate) fn unschedule(due: Moment, ticket: Ticket) {
		Agenda::<T>::remove(due.to_be_bytes(), ticket.to_be_bytes());
	}

	/// Deal with what is due, in the order of time, as far as `meter` and the bound allow.
	pub(crate) fn do_what_is_due(meter: &mut WeightMeter) {
		for _ in 0..MAX_ITEMS_PER_BLOCK {
			// Looking at what is next is all that most blocks pay for.
			if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
				return;
			}
			let Some((due, ticket, item)) = Agenda::<T>::iter().next() else { return };
			if Moment::from_be_bytes(due) > T::Clock::now() {
				return;
			}
			// A complaint and its receipt have to be read to know what the step weighs.
			if meter.try_consume(T::DbWeight::get().reads(5)).is_err() {
				return;
			}
			if meter.try_consume(Self::weight_of(item)).is_err() {
				return;
			}
			Agenda::<T>::remove(due, ticket);
			if with_storage_layer(|| Self::take_step(item)).is_err() {
				// Later again: one that fails must neither stop the others nor be lost.
				Self::postpone(item);
			}
		}
	}

	/// What a step weighs of what is really there: that of a complaint which was not answered, by the burns of its
	/// payment.
	fn weight_of(item: Item) -> Weight {
		match item {
			Item::Fine(member, _) => T::WeightInfo::end_fine().saturating_add(T::Verdicts::weight(member)),
			Item::Case(..) => T::WeightInfo::end_case(),
			Item::Complaint(merchant, number) => Complaints::<T>::get(merchant, number)
				.filter(|complaint| complaint.is_open() && !Self::is_answered(merchant, number, complaint))
				.map_or(T::WeightInfo::step_of_complaint(), |complaint| {
					let burns = T::Receipts::burns(merchant, &complaint.payer, complaint.order);
					Self::judgement_weight(burns).saturating_add(T::Verdicts::weight(merchant))
				}),
		}
	}

	/// What judging a complaint by default weighs, of a payment with `burns`, which the merchant pays for.
	pub(crate) fn judgement_weight(burns: u32) -> Weight {
		T::WeightInfo::default_judgement(burns)
	}

	fn take_step(item: Item) -> DispatchResult {
		match item {
			Item::Fine(member, number) => Self::fine_is_due(member, number),
			Item::Complaint(merchant, number) => Self::complaint_is_due(merchant, number),
			Item::Case(merchant, number) => Self::case_is_over(merchant, number),
		}
	}

	fn postpone(item: Item) {
		let time = match item {
			Item::Fine(..) => T::AppealTime::get(),
			Item::Complaint(..) => T::AnswerTime::get(),
			Item::Case(..) => T::CaseTime::get(),
		};
		let due = T::Clock::now().saturating_add(time.max(1));
		let ticket = Self::schedule(due, item);
		let found = match item {
			Item::Fine(member, number) => Fines::<T>::mutate(member, number, |fine| {
				fine.as_mut().map(|fine| (fine.due, fine.ticket) = (due, ticket))
			}),
			Item::Complaint(merchant, number) => Complaints::<T>::mutate(merchant, number, |complaint| {
				complaint.as_mut().map(|complaint| (complaint.due, complaint.ticket) = (due, ticket))
			}),
			Item::Case(merchant, number) => OpenCases::<T>::mutate(merchant, number, |case| {
				case.as_mut().map(|case| (case.ends, case.ticket) = (due, ticket))
			}),
		};
		if found.is_none() {
			Self::unschedule(due, ticket);
			defensive!("there is something on the agenda that does not exist");
		}
	}
}
