//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, Attendance};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use frame_support::ensure;
use hanse_primitives::InstitutionId;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_sets()?;
		Self::invariant_2_queue_positions()?;
		Self::invariant_3_attendances()
	}

	fn invariant_1_sets() -> Result<(), TryRuntimeError> {
		let names = |roster: crate::BlocksMade| roster.into_iter().map(|(id, _)| id).collect();
		let sets: [Vec<InstitutionId>; 3] =
			[PlannedSet::<T>::get().into_inner(), names(Roster::<T>::get()), names(LastRoster::<T>::get())];
		for set in sets {
			let distinct: BTreeSet<_> = set.iter().collect();
			ensure!(distinct.len() == set.len(), "a set names an authority twice");
		}
		Ok(())
	}

	fn invariant_2_queue_positions() -> Result<(), TryRuntimeError> {
		let drawn: Vec<_> = Operators::<T>::iter_values().collect();
		let distinct: BTreeSet<_> = drawn.iter().collect();
		ensure!(
			distinct.len() == drawn.len()
				&& drawn.iter().all(|queue_position| *queue_position < NextQueuePosition::<T>::get()),
			"a queue_position was given out twice or never"
		);
		Ok(())
	}

	fn invariant_3_attendances() -> Result<(), TryRuntimeError> {
		let sessions = SessionsCounted::<T>::get();
		for Attendance { wanted, served, offline } in Attendances::<T>::iter_values() {
			ensure!(wanted <= sessions && served <= sessions, "somebody is counted in a session too many");
			ensure!(wanted > 0 || served > 0, "somebody is counted who neither wanted to serve nor served");
			ensure!(!offline || served > 0, "somebody was offline who did not serve");
		}
		Ok(())
	}
}
