use crate::{pallet::*, plan, types::*, HISTORY};
use alloc::vec::Vec;
use frame_support::{
	defensive, ensure,
	traits::{Defensive, Get},
};
use frame_system::pallet_prelude::BlockNumberFor;
use hanse_primitives::{
	Authorities, AuthorityKeys, Finality, InstitutionId, Members, MAX_AUTHORITIES, MIN_AUTHORITIES,
};
use sp_runtime::{BoundedVec, DispatchResult};
use sp_staking::SessionIndex;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_operate(id: InstitutionId, on: bool) -> DispatchResult {
		ensure!(!on || T::Members::may_operate(id), Error::<T>::NotActive);
		ensure!(Operators::<T>::contains_key(id) != on, Error::<T>::Unchanged);
		if on {
			ensure!(T::Keys::are_set(&T::Members::account(id)?), Error::<T>::KeysNotSet);
			Self::join_queue(id);
		} else {
			Self::ensure_dispensable(id)?;
			Operators::<T>::remove(id);
		}
		Self::deposit_event(Event::OperationChanged { institution: id, on });
		Ok(())
	}

	pub(crate) fn do_restart_finality(best_finalised: BlockNumberFor<T>, set_id: u64) -> DispatchResult {
		ensure!(best_finalised < frame_system::Pallet::<T>::block_number(), Error::<T>::BlockUnknown);
		ensure!(set_id <= T::Finality::set_id(), Error::<T>::SetUnknown);
		ensure!(Self::is_finality_at_risk(), Error::<T>::TooFewSilent);
		let session = PendingRestart::<T>::get().and_then(|restart| restart.session);
		PendingRestart::<T>::put(Restart { best_finalised, set_id, session });
		Self::deposit_event(Event::RestartVoted { best_finalised, set_id });
		Ok(())
	}

	/// The last in the order of those that came in or out.
	pub(crate) fn join_queue(id: InstitutionId) {
		let queue_position = NextQueuePosition::<T>::get();
		NextQueuePosition::<T>::put(queue_position.saturating_add(1));
		Operators::<T>::insert(id, queue_position);
	}

	/// Whether a third or more of the set made no block in the session that ended last: the chain's own sign that
	/// finality can be lost. An authority that has joined since is not counted.
	fn is_finality_at_risk() -> bool {
		let (set, last) = (Roster::<T>::get(), LastRoster::<T>::get());
		let made_none = |id: &InstitutionId| last.iter().any(|(other, blocks)| other == id && *blocks == 0);
		let silent = set.iter().filter(|(id, _)| made_none(id)).count();
		silent > 0 && 3 * silent >= set.len()
	}

	fn may_serve(id: InstitutionId) -> bool {
		T::Members::may_operate(id) && T::Members::account(id).is_ok_and(|account| T::Keys::are_set(&account))
	}

	fn selection_input() -> plan::SelectionInput {
		let planned = PlannedSet::<T>::get().into_inner();
		let last = LastRoster::<T>::get();
		let made_blocks = |id: &InstitutionId| last.iter().any(|(other, blocks)| other == id && *blocks > 0);
		let silent = planned.iter().copied().filter(|id| !made_blocks(id)).collect();
		let mut candidates: Vec<_> = Operators::<T>::iter()
			.filter(|(id, _)| Self::may_serve(*id))
			.map(|(id, queue_position)| (queue_position, id))
			.collect();
		candidates.sort();
		plan::SelectionInput { planned, candidates, silent, places: MAX_AUTHORITIES as usize }
	}

	/// Plan the set of `session`; `None` if nothing changes.
	fn plan(session: SessionIndex) -> Option<Vec<T::AccountId>> {
		let selection_input = Self::selection_input();
		let mut restart = PendingRestart::<T>::get().filter(|restart| restart.session.is_none());
		if restart.is_some() && !Self::is_finality_at_risk() {
			// They came back after the vote.
			restart = None;
			PendingRestart::<T>::kill();
			Self::deposit_event(Event::RestartDropped);
		}
		let change = match restart {
			Some(restart) => {
				PendingRestart::<T>::put(Restart { session: Some(session), ..restart });
				let change = plan::survivors(&selection_input);
				// They come back when they say so, and not by themselves: their nodes are gone.
				for id in change.leaving.iter().filter(|id| Operators::<T>::take(id).is_some()) {
					Self::deposit_event(Event::OperationChanged { institution: *id, on: false });
				}
				change
			},
			None => plan::next_set(&selection_input),
		};
		if change == plan::SetChange::default() && !T::Keys::have_changed() {
			return None;
		}

		let plan::SetChange { leaving, joining } = change;
		let stays = selection_input.planned.into_iter().filter(|id| !leaving.contains(id));
		let set: Vec<_> = stays.chain(joining.iter().copied()).collect();
		let accounts = set.iter().filter_map(|id| T::Members::account(*id).defensive().ok()).collect();
		let Ok(set) = BoundedVec::try_from(set) else {
			defensive!("more authorities were planned than there can be", session);
			return None;
		};
		PlannedSet::<T>::put(set);
		leaving.iter().filter(|id| Operators::<T>::contains_key(id)).for_each(|id| Self::join_queue(*id));
		joining.iter().for_each(|id| Self::join_queue(*id));
		Self::deposit_event(Event::SetPlanned { session, joining, leaving });
		Some(accounts)
	}

	fn begin(session: SessionIndex) {
		let start = (session > 0).then(T::SlotStart::get);
		CurrentSession::<T>::put(RunningSession { index: session, start });
		Roster::<T>::put(BlocksMade::truncate_from(
			PlannedSet::<T>::get().into_iter().map(|id| (id, 0)).collect(),
		));
		if let Some(restart) = PendingRestart::<T>::get().filter(|restart| restart.session == Some(session)) {
			T::Finality::restart(restart.best_finalised, restart.set_id);
			PendingRestart::<T>::kill();
			Self::deposit_event(Event::FinalityRestarted { session });
		}
		if let Some(oldest) = session.checked_sub(HISTORY) {
			T::Keys::forget_sessions_before(oldest);
			// One session's worth: who equivocated in it is at most as many as its authorities.
			let _ = Equivocations::<T>::clear_prefix(oldest, MAX_AUTHORITIES, None);
		}
	}
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
	fn new_session(session: SessionIndex) -> Option<Vec<T::AccountId>> {
		Self::plan(session)
	}

	/// The first two sessions are those of the genesis.
	fn new_session_genesis(_: SessionIndex) -> Option<Vec<T::AccountId>> {
		Some(PlannedSet::<T>::get().iter().filter_map(|id| T::Members::account(*id).ok()).collect())
	}

	fn end_session(session: SessionIndex) {
		let roster = Roster::<T>::take();
		Self::count_session(session, &roster);
		LastRoster::<T>::put(roster);
	}

	fn start_session(session: SessionIndex) {
		Self::begin(session)
	}
}

/// With an empty identification: an account says all there is to say about an authority.
impl<T: Config> pallet_session::historical::SessionManager<T::AccountId, ()> for Pallet<T> {
	fn new_session(session: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
		<Self as pallet_session::SessionManager<_>>::new_session(session).map(identified)
	}

	fn new_session_genesis(session: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
		<Self as pallet_session::SessionManager<_>>::new_session_genesis(session).map(identified)
	}

	fn end_session(session: SessionIndex) {
		<Self as pallet_session::SessionManager<_>>::end_session(session)
	}

	fn start_session(session: SessionIndex) {
		<Self as pallet_session::SessionManager<_>>::start_session(session)
	}
}

fn identified<AccountId>(accounts: Vec<AccountId>) -> Vec<(AccountId, ())> {
	accounts.into_iter().map(|account| (account, ())).collect()
}

impl<T: Config> pallet_session::ShouldEndSession<BlockNumberFor<T>> for Pallet<T> {
	/// Counted in slots and not in blocks, so that a slow chain does not stretch it. While a change of
	/// authorities is announced and not in force, GRANDPA takes no other: the session waits for it.
	fn should_end_session(_: BlockNumberFor<T>) -> bool {
		let now = T::SlotStart::get();
		let Some(session) = CurrentSession::<T>::get() else { return false };
		let Some(start) = session.start else {
			CurrentSession::<T>::put(RunningSession { start: Some(now), ..session });
			return false;
		};
		let least = T::SlotDuration::get().saturating_mul(2 * Roster::<T>::decode_len().unwrap_or(0) as u64);
		now.saturating_sub(start) >= T::SessionLength::get().max(least) && !T::Finality::is_changing()
	}
}

impl<T: Config> pallet_authorship::EventHandler<T::AccountId, BlockNumberFor<T>> for Pallet<T> {
	fn note_author(author: T::AccountId) {
		frame_system::Pallet::<T>::register_extra_weight_unchecked(
			T::DbWeight::get().reads_writes(2, 1),
			frame_support::dispatch::DispatchClass::Mandatory,
		);
		let Some(author) = T::Members::id_of(&author) else { return };
		Roster::<T>::mutate(|roster| {
			if let Some((_, blocks)) = roster.iter_mut().find(|(id, _)| *id == author) {
				*blocks = blocks.saturating_add(1);
			}
		});
	}
}

impl<T: Config> Authorities<T::AccountId> for Pallet<T> {
	fn ensure_dispensable(id: InstitutionId) -> DispatchResult {
		let planned = PlannedSet::<T>::get();
		let goes_on = |other: &&InstitutionId| {
			**other != id && Operators::<T>::contains_key(other) && T::Members::may_operate(**other)
		};
		let others = planned.iter().filter(goes_on).count();
		ensure!(!planned.contains(&id) || others >= MIN_AUTHORITIES as usize, Error::<T>::TooFewAuthorities);
		Ok(())
	}

	fn retire(id: InstitutionId, account: &T::AccountId) {
		if Operators::<T>::take(id).is_some() {
			Self::deposit_event(Event::OperationChanged { institution: id, on: false });
		}
		Attendances::<T>::remove(id);
		T::Keys::purge(account);
	}
}
