//! Decisions that are due, and what is done with them.

use crate::{pallet::*, Decision, DecisionId, DecisionSubject, EncodedCall, Rule, WeightInfo, MAX_DECISIONS};
use codec::DecodeLimit;
use core::marker::PhantomData;
use frame_support::{
	dispatch::GetDispatchInfo,
	storage::with_storage_layer,
	traits::{Contains, Get, Time},
	weights::{Weight, WeightMeter},
	MAX_EXTRINSIC_DEPTH,
};
use frame_system::RawOrigin;
use hanse_primitives::{
	due::{self, DueQueue},
	Moment,
};
use sp_core::H256;
use sp_runtime::{traits::Dispatchable, DispatchError, DispatchResult};

/// The agenda, as one block goes through it. An upgrade too heavy for this block keeps no later decision waiting.
struct DueDecisions<T> {
	last_seen: Option<(Moment, DecisionId)>,
	_config: PhantomData<T>,
}

/// A decision that is due.
enum DueDecision<Call> {
	Amendment {
		rule: Rule,
		value: u128,
		charter: H256,
	},
	/// The call; `None` if it cannot be enacted any more.
	Enactment(Option<Call>),
}

impl<T: Config> Pallet<T> {
	/// Enact what is due, in the order of the agenda.
	pub(crate) fn enact_due(meter: &mut WeightMeter) {
		let mut queue = DueDecisions::<T> { last_seen: None, _config: PhantomData };
		due::serve(&mut queue, MAX_DECISIONS, meter);
	}

	/// Take a decision off the agenda.
	pub(crate) fn forget(decision: DecisionId) {
		DecisionQueue::<T>::mutate(|agenda| agenda.retain(|(_, id)| *id != decision));
		PendingDecisions::<T>::remove(decision);
	}

	/// An upgrade since the vote may have given the bytes another meaning, so the list decides again.
	fn enactable(call: &EncodedCall) -> Option<<T as Config>::RuntimeCall> {
		<T as Config>::RuntimeCall::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &call[..])
			.ok()
			.filter(T::Enactable::contains)
	}

	fn enact_call(decision: DecisionId, call: Option<<T as Config>::RuntimeCall>) {
		let result = with_storage_layer(|| {
			let call = call.ok_or(Error::<T>::NotEnactable)?;
			call.dispatch(RawOrigin::Root.into()).map(drop).map_err(|failure| failure.error)
		});
		Self::deposit_event(Event::Enacted { decision, result });
	}
}

impl<T: Config> DueQueue for DueDecisions<T> {
	type Entry = (Moment, DecisionId);
	type Item = DueDecision<<T as Config>::RuntimeCall>;
	const IN_ORDER: bool = false;

	fn peek_weight(&self) -> Weight {
		T::DbWeight::get().reads(1)
	}

	fn peek(&mut self) -> Option<Self::Entry> {
		let mut agenda = DecisionQueue::<T>::get().into_iter();
		let next = agenda.find(|entry| self.last_seen.is_none_or(|seen| seen < *entry))?;
		self.last_seen = Some(next);
		let (due, _) = next;
		(due <= T::Time::now()).then_some(next)
	}

	fn load_weight(&self) -> Weight {
		T::WeightInfo::consider()
	}

	fn load(&self, (_, id): &Self::Entry) -> Option<Self::Item> {
		PendingDecisions::<T>::get(id).map(|Decision { what, .. }| match what {
			DecisionSubject::Enactment { call } => DueDecision::Enactment(Pallet::<T>::enactable(&call)),
			DecisionSubject::Amendment { rule, value, charter } => {
				DueDecision::Amendment { rule, value, charter }
			},
		})
	}

	fn weigh(&self, item: &Self::Item) -> Weight {
		match item {
			DueDecision::Amendment { .. } => T::WeightInfo::apply_amendment(),
			DueDecision::Enactment(call) => {
				let weight = call.as_ref().map(|call| call.get_dispatch_info().call_weight);
				T::WeightInfo::dispatch_call().saturating_add(weight.unwrap_or_default())
			},
		}
	}

	fn remove(&mut self, (_, id): &Self::Entry) {
		Pallet::<T>::forget(*id);
	}

	fn serve(&mut self, (_, id): &Self::Entry, item: &mut Self::Item, _: &mut WeightMeter) -> DispatchResult {
		match item {
			DueDecision::Amendment { rule, value, charter } => Pallet::<T>::apply(*rule, *value, *charter),
			DueDecision::Enactment(call) => {
				Pallet::<T>::enact_call(*id, call.take());
				Ok(())
			},
		}
	}

	/// Dropped: the members can decide again.
	fn failed(&mut self, (_, decision): Self::Entry, item: Option<Self::Item>, reason: DispatchError) {
		let event = match item {
			Some(DueDecision::Amendment { rule, .. }) => Event::AmendmentDropped { decision, rule, reason },
			_ => Event::Enacted { decision, result: Err(reason) },
		};
		Pallet::<T>::deposit_event(event);
	}
}
