//! Who is there: the electorate, and how members fall dormant and wake.

use crate::{pallet::*, types::*, weights::WeightInfo, MAX_APPLICATIONS};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use frame_support::{defensive, ensure, storage::with_storage_layer, traits::Get, weights::WeightMeter};
use hanse_primitives::{Clock, Electorate, Eras, InstitutionId, MAX_MEMBERS};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Note that an institution made a call. One write in an era, so that calls stay cheap.
	pub(crate) fn hear(id: InstitutionId) {
		if !Heard::<T>::contains_key(id) {
			Heard::<T>::insert(id, ());
		}
	}

	pub(crate) fn do_attend(id: InstitutionId) -> DispatchResult {
		let institution = Self::get(id)?;
		ensure!(institution.status.votes(), Error::<T>::NotActive);
		if Presences::<T>::get(id).is_some_and(|presence| presence.is_dormant()) {
			Self::give_vote(id, &institution.account);
			Self::deposit_event(Event::Woke { institution: id });
		}
		Ok(())
	}

	/// Into the electorate, as one who was just heard of.
	pub(crate) fn give_vote(id: InstitutionId, account: &T::AccountId) {
		let nonce = frame_system::Pallet::<T>::account_nonce(account);
		Presences::<T>::insert(id, Presence { nonce, silent: 0 });
		// The era that runs is not held against it.
		Self::hear(id);
		let mut electorate = T::Electorate::members();
		if let Err(place) = electorate.binary_search(account) {
			electorate.insert(place, account.clone());
			T::Electorate::set(electorate);
		}
	}

	/// Out of the electorate for good.
	pub(crate) fn take_vote(id: InstitutionId, account: &T::AccountId) {
		Presences::<T>::remove(id);
		let mut electorate = T::Electorate::members();
		if let Ok(place) = electorate.binary_search(account) {
			electorate.remove(place);
			T::Electorate::set(electorate);
		}
	}

	/// Once an era, in the first block of it that has room.
	pub(crate) fn turn_era(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let (era, last) = (T::Eras::current(), LastTurn::<T>::get());
		if last == Some(era) || meter.try_consume(T::WeightInfo::turn_era()).is_err() {
			return;
		}
		// The first block of a chain begins an era and ends none.
		let turned = with_storage_layer(|| {
			Self::lapse_applications()?;
			if last.is_some() {
				Self::count_presence();
			}
			Ok::<_, DispatchError>(())
		});
		if turned.is_err() {
			defensive!("the turn of an era failed", era);
		}
		// Even then: a turn that cannot be dealt with must not be tried in every block.
		LastTurn::<T>::put(era);
	}

	fn lapse_applications() -> DispatchResult {
		let now = T::Clock::now();
		let lapsed: Vec<_> = Applications::<T>::iter()
			.take(MAX_APPLICATIONS as usize)
			.filter(|(_, lapses)| *lapses <= now)
			.map(|(id, _)| id)
			.collect();
		lapsed.into_iter().try_for_each(|id| Self::do_end_application(id, ApplicationEnd::Lapsed))
	}

	fn count_presence() {
		let voting: BTreeSet<_> = T::Electorate::voting().into_iter().collect();
		let mut electorate = Vec::new();
		let known: Vec<_> = Presences::<T>::iter().take(MAX_MEMBERS as usize).collect();
		for (id, last) in known {
			let Some(Institution { account, .. }) = Institutions::<T>::get(id) else { continue };
			let nonce = frame_system::Pallet::<T>::account_nonce(&account);
			let heard = nonce != last.nonce || Heard::<T>::contains_key(id) || voting.contains(&account);
			let silent = if heard { 0 } else { last.silent.saturating_add(1) };
			let presence = Presence { nonce, silent };
			Presences::<T>::insert(id, presence);
			match (last.is_dormant(), presence.is_dormant()) {
				(false, true) => Self::deposit_event(Event::FellDormant { institution: id }),
				(true, false) => Self::deposit_event(Event::Woke { institution: id }),
				_ => {},
			}
			if !presence.is_dormant() {
				electorate.push(account);
			}
		}
		let _ = Heard::<T>::clear(2 * MAX_MEMBERS, None);
		electorate.sort();
		if electorate != T::Electorate::members() {
			T::Electorate::set(electorate);
		}
	}
}
