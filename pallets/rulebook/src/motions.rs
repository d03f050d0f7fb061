//! Which motions may be made: so many of one member at once, and none again within an era of its defeat.
//!
//! The motions themselves are kept elsewhere, by [`Config::Motions`], which says here that one is made
//! ([`Pallet::file`]), that one got its majority ([`Pallet::carry`]), and that a deposit is asked back
//! ([`Pallet::release`]). Of one that is not open any more and was not carried, this pallet sees that it was
//! defeated, in the next block at the latest.

use crate::{pallet::*, weights::WeightInfo, FiledMotion};
use alloc::vec::Vec;
use frame_support::{
	ensure,
	traits::{Get, Time},
	weights::WeightMeter,
};
use frame_system::pallet_prelude::BlockNumberFor;
use hanse_primitives::{Motions, MAX_MOTIONS_OF_ONE};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	/// A member makes a motion, whose time is up at the block `ends`. Law: it fails by name if two of the member's
	/// are open, or if the same motion was defeated less than an era ago. To be called when it is open already.
	pub fn file(by: &T::AccountId, motion: T::Hash, ends: BlockNumberFor<T>) -> DispatchResult {
		Self::prune_motions();
		let docket = FiledMotions::<T>::get();
		let of_one = docket.iter().filter(|filed| filed.by == *by).count() as u32;
		ensure!(of_one < MAX_MOTIONS_OF_ONE, Error::<T>::MaxMotionsExceeded);
		// It is open again already, so its defeat in this block is seen here alone.
		ensure!(docket.iter().all(|filed| filed.motion != motion), Error::<T>::DefeatedThisEra);
		Self::forget_defeat(&motion)?;
		let filed = FiledMotion { motion, by: by.clone(), ends: Some(ends) };
		FiledMotions::<T>::try_append(filed).map_err(|_| Error::<T>::MaxMotionsExceeded.into())
	}

	/// A motion got its majority: whatever comes of it, it was not defeated.
	pub fn carry(motion: &T::Hash) {
		FiledMotions::<T>::mutate(|docket| docket.retain(|filed| filed.motion != *motion));
	}

	/// See [`Pallet::renew`].
	pub(crate) fn do_renew(motion: &T::Hash) -> DispatchResult {
		ensure!(T::Motions::end_outdated(motion), Error::<T>::NotOutdated);
		Self::carry(motion);
		Ok(())
	}

	/// A motion's deposit is asked back, which remembers its defeat. Fails by name until that is an era ago.
	pub fn release(motion: &T::Hash) -> DispatchResult {
		Self::prune_motions();
		Self::forget_defeat(motion)
	}

	fn forget_defeat(motion: &T::Hash) -> DispatchResult {
		if let Some(until) = DefeatedMotions::<T>::get(motion) {
			ensure!(T::Time::now() >= until, Error::<T>::DefeatedThisEra);
			DefeatedMotions::<T>::remove(motion);
		}
		Ok(())
	}

	/// Strike off what is not open any more; it was not carried, or it would be gone from here.
	fn prune_motions() {
		let docket = FiledMotions::<T>::get();
		if docket.is_empty() {
			return;
		}
		let open = T::Motions::open();
		let (stay, over): (Vec<_>, Vec<_>) =
			docket.into_iter().partition(|filed| open.contains(&filed.motion));
		if over.is_empty() {
			return;
		}
		let until = T::Time::now().saturating_add(CurrentRules::<T>::get().era);
		over.into_iter().for_each(|filed| DefeatedMotions::<T>::insert(filed.motion, until));
		FiledMotions::<T>::put(frame_support::BoundedVec::truncate_from(stay));
	}

	/// Every block: see what is over, and end what ran out of time, whoever made it and wherever that member is now.
	pub(crate) fn watch_motions(meter: &mut WeightMeter) {
		// All that a block pays for while nobody wants anything.
		if meter.try_consume(T::DbWeight::get().reads(1)).is_err() {
			return;
		}
		if FiledMotions::<T>::decode_len().unwrap_or_default() == 0
			|| meter.try_consume(T::WeightInfo::watch_motions()).is_err()
		{
			return;
		}
		Self::prune_motions();
		let now = frame_system::Pallet::<T>::block_number();
		let late = |filed: &FiledMotion<T::AccountId, T::Hash, BlockNumberFor<T>>| {
			filed.ends.is_some_and(|ends| ends <= now)
		};
		let run_out: Vec<_> =
			FiledMotions::<T>::get().into_iter().filter(late).map(|filed| filed.motion).collect();
		for motion in run_out {
			if meter.try_consume(T::WeightInfo::lapse()).is_err() {
				return;
			}
			T::Motions::lapse(&motion);
			// One that has its majority waits for whoever closes it, and is not checked again.
			FiledMotions::<T>::mutate(|docket| {
				docket.iter_mut().filter(|filed| filed.motion == motion).for_each(|filed| filed.ends = None)
			});
		}
	}
}
