//! What is over: halts, and requests without an answer.

use crate::{pallet::*, types::*, weights::WeightInfo, MAX_ENDED_PER_BLOCK, MAX_HALTS};
use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	due::{self, DueQueue},
	Conduct, DeadlineClock, Members, Moment, OffenceKind,
};
use sp_runtime::{DispatchError, DispatchResult};

/// The halts that run, those first that began first.
struct PastHalts<T>(PhantomData<T>);

/// The open requests, by their deadlines.
struct UnansweredRequests<T>(PhantomData<T>);

impl<T: Config> Pallet<T> {
	/// End the halts that are over. Whoever asks compares with the clock, so that nothing depends on when this is
	/// done but the time that a program's clock stands.
	pub(crate) fn end_past_halts(meter: &mut WeightMeter) {
		due::serve(&mut PastHalts::<T>(PhantomData), MAX_HALTS, meter);
	}

	/// Record what was not answered in time.
	pub(crate) fn end_unanswered(meter: &mut WeightMeter) {
		due::serve(&mut UnansweredRequests::<T>(PhantomData), MAX_ENDED_PER_BLOCK, meter);
	}
}

impl<T: Config> DueQueue for PastHalts<T> {
	type Entry = TargetOf<T>;
	type Item = ();

	fn peek_weight(&self) -> Weight {
		T::DbWeight::get().reads(2)
	}

	fn peek(&mut self) -> Option<Self::Entry> {
		let now = T::DeadlineClock::now();
		ActiveHalts::<T>::get().into_iter().find(|span| span.until <= now).map(|span| span.target)
	}

	fn load_weight(&self) -> Weight {
		Weight::zero()
	}

	fn load(&self, _: &Self::Entry) -> Option<Self::Item> {
		Some(())
	}

	fn weigh(&self, _: &Self::Item) -> Weight {
		T::WeightInfo::end_halt()
	}

	fn remove(&mut self, target: &Self::Entry) {
		Pallet::<T>::strike_off(target);
	}

	fn serve(&mut self, target: &Self::Entry, _: &mut Self::Item, _: &mut WeightMeter) -> DispatchResult {
		Pallet::<T>::resume_clock(target)?;
		Pallet::<T>::deposit_event(Event::HaltLapsed { target: target.clone() });
		Ok(())
	}

	/// Dropped: a halt is over at its time, and the clock that stands on is that of a program that does not exist.
	fn failed(&mut self, target: Self::Entry, _: Option<Self::Item>, error: DispatchError) {
		Pallet::<T>::deposit_event(Event::DueItemFailed { item: DueItem::Halt(target), error });
	}
}

impl<T: Config> DueQueue for UnansweredRequests<T> {
	type Entry = ([u8; 8], RequestId);
	type Item = DisclosureRequest<T::AccountId>;

	fn peek_weight(&self) -> Weight {
		T::DbWeight::get().reads(2)
	}

	fn peek(&mut self) -> Option<Self::Entry> {
		let (deadline, request) = RequestDeadlines::<T>::iter_keys().next()?;
		(Moment::from_be_bytes(deadline) <= T::DeadlineClock::now()).then_some((deadline, request))
	}

	/// Reads `DisclosureRequests`, and writes `RequestDeadlines` of a request that does not exist.
	fn load_weight(&self) -> Weight {
		T::DbWeight::get().reads_writes(1, 1)
	}

	fn load(&self, (_, request): &Self::Entry) -> Option<Self::Item> {
		DisclosureRequests::<T>::get(request)
	}

	fn weigh(&self, _: &Self::Item) -> Weight {
		T::WeightInfo::end_unanswered().saturating_add(T::Conduct::weight())
	}

	fn remove(&mut self, (deadline, request): &Self::Entry) {
		RequestDeadlines::<T>::remove(deadline, request);
	}

	fn serve(
		&mut self,
		(_, request): &Self::Entry,
		asked: &mut Self::Item,
		_: &mut WeightMeter,
	) -> DispatchResult {
		let (request, institution) = (*request, asked.institution);
		Pallet::<T>::close(request, asked);
		// One that is gone meanwhile is beyond any consequence.
		if T::Members::account(institution).is_ok() {
			T::Conduct::record_offence(institution, OffenceKind::UnansweredDisclosure);
		}
		Pallet::<T>::deposit_event(Event::DisclosureMissed { request, institution });
		Ok(())
	}

	/// Dropped: no money depends on it.
	fn failed(&mut self, (_, request): Self::Entry, _: Option<Self::Item>, error: DispatchError) {
		Pallet::<T>::deposit_event(Event::DueItemFailed { item: DueItem::DisclosureRequest(request), error });
	}
}
