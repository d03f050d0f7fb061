use crate::{pallet::*, Institution, Status};
use core::marker::PhantomData;
use frame_support::{
	ensure,
	traits::{
		fungible::{InspectHold, MutateHold},
		EnsureOrigin, Get,
	},
};
use frame_system::RawOrigin;
use hanse_primitives::{Balance, InstitutionId, Members, Name};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn found(id: InstitutionId, account: &T::AccountId, name: &str) -> DispatchResult {
		ensure!(!InstitutionOf::<T>::contains_key(account), Error::<T>::AlreadyExists);
		let name = Name::try_from(name.as_bytes().to_vec()).map_err(|_| Error::<T>::InvalidName)?;
		ensure!(!name.is_empty(), Error::<T>::InvalidName);

		T::Currency::hold(&HoldReason::AdmissionBond.into(), account, T::AdmissionBond::get())?;
		InstitutionOf::<T>::insert(account, id);
		Institutions::<T>::insert(id, Institution { account: account.clone(), name, status: Status::Active });
		Ok(())
	}

	fn ensure(id: InstitutionId, allows: fn(Status) -> bool) -> DispatchResult {
		let institution = Institutions::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		ensure!(allows(institution.status), Error::<T>::NotActive);
		Ok(())
	}
}

impl<T: Config> Members<T::AccountId> for Pallet<T> {
	fn account(id: InstitutionId) -> Result<T::AccountId, DispatchError> {
		Institutions::<T>::get(id).map(|i| i.account).ok_or_else(|| Error::<T>::NotFound.into())
	}

	fn id_of(account: &T::AccountId) -> Option<InstitutionId> {
		InstitutionOf::<T>::get(account)
	}

	fn ensure_active(id: InstitutionId) -> DispatchResult {
		Self::ensure(id, Status::is_active)
	}

	fn ensure_payable(id: InstitutionId) -> DispatchResult {
		Self::ensure(id, Status::is_payable)
	}

	fn bond(id: InstitutionId) -> Balance {
		Institutions::<T>::get(id)
			.map(|i| T::Currency::balance_on_hold(&HoldReason::AdmissionBond.into(), &i.account))
			.unwrap_or_default()
	}
}

/// The signed account of an institution, whatever its status; succeeds with its id.
///
/// The status is not asked here, so that a member that may not do something now is told so by name.
pub struct EnsureMember<T>(PhantomData<T>);

impl<T: Config> EnsureOrigin<T::RuntimeOrigin> for EnsureMember<T> {
	type Success = InstitutionId;

	fn try_origin(origin: T::RuntimeOrigin) -> Result<InstitutionId, T::RuntimeOrigin> {
		match origin.clone().into() {
			Ok(RawOrigin::Signed(account)) => InstitutionOf::<T>::get(account).ok_or(origin),
			_ => Err(origin),
		}
	}
}
