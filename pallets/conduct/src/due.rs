//! What the chain does by itself at a time: the next step of a fine, a complaint or a case.

use crate::{pallet::*, types::*, weights::WeightInfo};
use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	due::{self, DueQueue},
	Chargebacks, DeadlineClock, InstitutionId, JudgementDebts, Moment,
};
use sp_runtime::{DispatchError, DispatchResult};

/// Items that one block deals with at most.
const MAX_ITEMS_PER_BLOCK: u32 = 64;

/// The agenda: of one moment, what was put there first comes first.
struct DueSteps<T>(PhantomData<T>);

/// What stands on the agenda.
struct Place {
	due: [u8; 8],
	due_index: [u8; 8],
	scheduled: Scheduled,
}

/// What an item on the agenda is about, as it was read.
enum Step<AccountId> {
	EndFine {
		id: FineId,
		fine: Fine<AccountId>,
	},
	/// Of a complaint that was answered, or is over.
	MoveOn {
		merchant: InstitutionId,
		number: u64,
		complaint: Complaint<AccountId>,
	},
	/// Of a complaint that was not answered, about a payment with so many burns.
	JudgeByDefault {
		merchant: InstitutionId,
		number: u64,
		complaint: Complaint<AccountId>,
		burns: u32,
	},
	EndCase {
		merchant: InstitutionId,
		number: u64,
		case: Case,
	},
}

impl<T: Config> Pallet<T> {
	/// Put something on the agenda, behind everything of the same moment; returns its ticket.
	pub(crate) fn schedule(due: Moment, item: DueItem) -> DueIndex {
		Self::schedule_again(due, Scheduled { item, failures: 0 })
	}

	fn schedule_again(due: Moment, scheduled: Scheduled) -> DueIndex {
		let due_index = NextDueIndex::<T>::get();
		NextDueIndex::<T>::put(due_index.saturating_add(1));
		DueItems::<T>::insert(due.to_be_bytes(), due_index.to_be_bytes(), scheduled);
		due_index
	}

	/// Take something off the agenda before its time.
	pub(crate) fn unschedule(due: Moment, due_index: DueIndex) {
		DueItems::<T>::remove(due.to_be_bytes(), due_index.to_be_bytes());
	}

	/// Take the steps that are due.
	pub(crate) fn process_due(meter: &mut WeightMeter) {
		due::serve(&mut DueSteps::<T>(PhantomData), MAX_ITEMS_PER_BLOCK, meter);
	}

	fn step_of_complaint(merchant: InstitutionId, number: u64) -> Option<Step<T::AccountId>> {
		let complaint = Complaints::<T>::get(merchant, number)?;
		if !complaint.is_open() || Self::is_answered(merchant, number, &complaint) {
			return Some(Step::MoveOn { merchant, number, complaint });
		}
		let burns = T::Chargebacks::burn_count(merchant, &complaint.payer, complaint.order);
		Some(Step::JudgeByDefault { merchant, number, complaint, burns })
	}

	/// What judging a complaint by default weighs, of a payment with `burns`, which the merchant pays for.
	pub(crate) fn judgement_weight(burns: u32) -> Weight {
		T::WeightInfo::default_judgement(burns)
	}

	/// Put a step that failed back on the agenda, each time for twice as long; returns when it is due again.
	fn postpone(Scheduled { item, failures }: Scheduled) -> Moment {
		let first = match item {
			DueItem::Fine(..) => T::AppealTime::get(),
			DueItem::Complaint(..) => T::AnswerTime::get(),
			DueItem::Case(..) => T::CaseTime::get(),
		};
		let due = T::DeadlineClock::now().saturating_add(due::retry_delay(first, failures));
		let due_index = Self::schedule_again(due, Scheduled { item, failures: failures.saturating_add(1) });
		match item {
			DueItem::Fine(member, number) => Fines::<T>::mutate(member, number, |fine| {
				fine.iter_mut().for_each(|fine| (fine.due, fine.due_index) = (due, due_index))
			}),
			DueItem::Complaint(merchant, number) => Complaints::<T>::mutate(merchant, number, |complaint| {
				complaint.iter_mut().for_each(|it| (it.due, it.due_index) = (due, due_index))
			}),
			DueItem::Case(merchant, number) => OpenCases::<T>::mutate(merchant, number, |case| {
				case.iter_mut().for_each(|case| (case.ends, case.due_index) = (due, due_index))
			}),
		}
		due
	}
}

impl<T: Config> DueQueue for DueSteps<T> {
	type Entry = Place;
	type Item = Step<T::AccountId>;

	fn peek_weight(&self) -> Weight {
		T::DbWeight::get().reads(2)
	}

	fn peek(&mut self) -> Option<Place> {
		let (due, due_index, scheduled) = DueItems::<T>::iter().next()?;
		(Moment::from_be_bytes(due) <= T::DeadlineClock::now()).then_some(Place { due, due_index, scheduled })
	}

	/// Reads the item; of a complaint the docket and the receipt too, and what its merchant owes.
	fn load_weight(&self) -> Weight {
		T::DbWeight::get().reads(5)
	}

	fn load(&self, place: &Place) -> Option<Self::Item> {
		match place.scheduled.item {
			DueItem::Fine(member, number) => {
				let (id, fine) = (FineId { member, number }, Fines::<T>::get(member, number)?);
				Some(Step::EndFine { id, fine })
			},
			DueItem::Complaint(merchant, number) => Pallet::<T>::step_of_complaint(merchant, number),
			DueItem::Case(merchant, number) => {
				let case = OpenCases::<T>::get(merchant, number)?;
				Some(Step::EndCase { merchant, number, case })
			},
		}
	}

	fn weigh(&self, step: &Self::Item) -> Weight {
		match step {
			Step::EndFine { id, .. } => {
				T::WeightInfo::end_fine().saturating_add(T::JudgementDebts::weight(id.member))
			},
			Step::MoveOn { .. } => T::WeightInfo::step_of_complaint(),
			Step::JudgeByDefault { merchant, burns, .. } => {
				Pallet::<T>::judgement_weight(*burns).saturating_add(T::JudgementDebts::weight(*merchant))
			},
			Step::EndCase { .. } => T::WeightInfo::end_case(),
		}
	}

	fn remove(&mut self, place: &Place) {
		DueItems::<T>::remove(place.due, place.due_index);
	}

	fn serve(&mut self, _: &Place, step: &mut Self::Item, _: &mut WeightMeter) -> DispatchResult {
		match step {
			Step::EndFine { id, fine } => Pallet::<T>::end_fine(*id, fine),
			Step::MoveOn { merchant, number, complaint } => {
				Pallet::<T>::move_on(*merchant, *number, complaint)
			},
			Step::JudgeByDefault { merchant, number, complaint, burns } => {
				Pallet::<T>::decide_by_default(*merchant, *number, complaint, *burns)
			},
			Step::EndCase { merchant, number, case } => {
				Pallet::<T>::end_case_in_time(*merchant, *number, *case)
			},
		}
	}

	/// Put back, since money depends on it.
	fn failed(&mut self, place: Place, step: Option<Self::Item>, error: DispatchError) {
		let item = place.scheduled.item;
		let retry = step.map(|_| T::DeadlineClock::wall_time(Pallet::<T>::postpone(place.scheduled)));
		Pallet::<T>::deposit_event(Event::DueItemFailed { item, error, retry });
	}
}
