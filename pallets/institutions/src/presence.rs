//! Who is there: the electorate, and which of its members are awake.

use crate::{pallet::*, types::*, weights::WeightInfo, MAX_APPLICATIONS};
use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use frame_support::{defensive, storage::with_storage_layer, traits::Get, weights::WeightMeter};
use hanse_primitives::{
	Activity, DeadlineClock, Electorate, EndedEras, InstitutionId, OnEraEnd, Progress, MAX_MEMBERS,
};

/// Into how many parts the time is cut for which a sign counts; signs are checked once in each.
const SCANS: u64 = 14;

impl<T: Config> Pallet<T> {
	/// Whether a member was heard of within the rule's time, or in the part of it before that.
	pub fn is_awake(account: &T::AccountId) -> bool {
		LastSeen::<T>::get(account).is_some_and(|presence| {
			presence.again
				|| presence.nonce != frame_system::Pallet::<T>::account_nonce(account)
				|| T::DeadlineClock::now() < presence.last_seen.saturating_add(T::Awake::get())
		})
	}

	/// Into the electorate, as one who was just heard of.
	pub(crate) fn join_electorate(account: &T::AccountId) {
		let nonce = frame_system::Pallet::<T>::account_nonce(account);
		LastSeen::<T>::insert(
			account,
			Presence { nonce, last_seen: T::DeadlineClock::now(), motion: 0, again: true },
		);
		let mut electorate = T::Electorate::members();
		if let Err(place) = electorate.binary_search(account) {
			electorate.insert(place, account.clone());
			T::Electorate::set(electorate);
		}
	}

	/// Out of the electorate for good.
	pub(crate) fn leave_electorate(account: &T::AccountId) {
		LastSeen::<T>::remove(account);
		let mut electorate = T::Electorate::members();
		if let Ok(place) = electorate.binary_search(account) {
			electorate.remove(place);
			T::Electorate::set(electorate);
		}
	}

	/// Look for signs of everybody, when that is due: whose account has signed since the last scan, for whom a
	/// delegate did, who voted.
	pub(crate) fn scan_activity(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let now = T::DeadlineClock::now();
		if now < NextActivityScan::<T>::get() || meter.try_consume(T::WeightInfo::scan_activity()).is_err() {
			return;
		}
		NextActivityScan::<T>::put(now.saturating_add(T::Awake::get() / SCANS));
		let mut last_motion = BTreeMap::new();
		for (account, motion) in T::Electorate::voted() {
			let last: &mut u32 = last_motion.entry(account).or_default();
			*last = (*last).max(motion);
		}
		let known: Vec<_> = LastSeen::<T>::iter().take(MAX_MEMBERS as usize).collect();
		for (account, last) in known {
			let nonce = frame_system::Pallet::<T>::account_nonce(&account);
			let motion = last_motion.get(&account).copied().unwrap_or_default();
			if last.again || nonce != last.nonce || motion > last.motion {
				let motion = motion.max(last.motion);
				LastSeen::<T>::insert(account, Presence { nonce, last_seen: now, motion, again: false });
			}
		}
	}

	/// End the applications whose time is over. One that cannot end changes nothing and stops no other.
	fn lapse_applications() {
		let now = T::DeadlineClock::now();
		let lapsed: Vec<InstitutionId> = Applications::<T>::iter()
			.take(MAX_APPLICATIONS as usize)
			.filter(|(_, lapses)| *lapses <= now)
			.map(|(id, _)| id)
			.collect();
		for institution in lapsed {
			let end = || Self::do_end_application(institution, ApplicationEnd::Lapsed);
			if let Err(reason) = with_storage_layer(end) {
				defensive!("an application cannot lapse", (institution, reason));
				Self::deposit_event(Event::Inconsistent { institution });
			}
		}
	}
}

impl<T: Config> OnEraEnd for Pallet<T> {
	/// Applications lapse.
	fn on_era_end(_: EndedEras, _: &mut u32, meter: &mut WeightMeter) -> Progress {
		if meter.try_consume(T::WeightInfo::lapse_applications()).is_err() {
			return Progress::Unfinished;
		}
		Self::lapse_applications();
		Progress::Done
	}
}

impl<T: Config> Activity<T::AccountId> for Pallet<T> {
	fn note_activity(account: &T::AccountId) {
		if let Some(presence) = LastSeen::<T>::get(account).filter(|presence| !presence.again) {
			LastSeen::<T>::insert(account, Presence { again: true, ..presence });
		}
	}
}
