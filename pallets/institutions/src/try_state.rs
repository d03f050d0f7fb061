//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, Status};
use frame_support::{
	ensure,
	traits::{fungible::InspectHold, Get},
};
use hanse_primitives::MAX_MEMBERS;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_one_account_each()?;
		Self::check_bonds_are_held()?;
		Self::check_the_bound()
	}

	fn check_one_account_each() -> Result<(), TryRuntimeError> {
		for (id, institution) in Institutions::<T>::iter() {
			ensure!(
				InstitutionOf::<T>::get(institution.account) == Some(id),
				"an institution's account is not its own"
			);
		}
		ensure!(
			InstitutionOf::<T>::iter().count() == Institutions::<T>::iter().count(),
			"an account belongs to an institution that does not exist"
		);
		Ok(())
	}

	fn check_bonds_are_held() -> Result<(), TryRuntimeError> {
		for institution in Institutions::<T>::iter_values() {
			if matches!(institution.status, Status::Active | Status::Suspended) {
				let held =
					T::Currency::balance_on_hold(&HoldReason::AdmissionBond.into(), &institution.account);
				ensure!(held == T::AdmissionBond::get(), "a member's bond is not what is held");
			}
		}
		Ok(())
	}

	fn check_the_bound() -> Result<(), TryRuntimeError> {
		let stored = Institutions::<T>::iter().count() as u32;
		ensure!(
			stored == Institutions::<T>::count() && stored <= MAX_MEMBERS,
			"members are miscounted or too many"
		);
		Ok(())
	}
}
