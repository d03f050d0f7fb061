//! One function per invariant of the module's docs, in their order.

use crate::pallet::*;
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use frame_support::ensure;
use hanse_primitives::InstitutionId;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_sets()?;
		Self::check_tickets()
	}

	fn check_sets() -> Result<(), TryRuntimeError> {
		let names = |roster: crate::BlocksMade| roster.into_iter().map(|(id, _)| id).collect();
		let sets: [Vec<InstitutionId>; 3] =
			[Planned::<T>::get().into_inner(), names(Roster::<T>::get()), names(LastRoster::<T>::get())];
		for set in sets {
			let distinct: BTreeSet<_> = set.iter().collect();
			ensure!(distinct.len() == set.len(), "a set names an authority twice");
		}
		Ok(())
	}

	fn check_tickets() -> Result<(), TryRuntimeError> {
		let drawn: Vec<_> = Operators::<T>::iter_values().collect();
		let distinct: BTreeSet<_> = drawn.iter().collect();
		ensure!(
			distinct.len() == drawn.len() && drawn.iter().all(|ticket| *ticket < NextTicket::<T>::get()),
			"a ticket was given out twice or never"
		);
		Ok(())
	}
}
