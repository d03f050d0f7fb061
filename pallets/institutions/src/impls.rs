use crate::{pallet::*, types::*, MAX_APPLICATIONS};
use core::marker::PhantomData;
use frame_support::{
	ensure,
	traits::{
		fungible::{InspectHold, MutateHold},
		tokens::{Fortitude, Precision, Restriction},
		EnsureOrigin, Get,
	},
};
use frame_system::RawOrigin;
use hanse_primitives::{
	math, names, Authorities, Balance, DeadlineClock, EraIndex, Eras, InstitutionId, Liabilities,
	MemberStatus, Members, Names, Party, PendingClaims, Reading, Reserves, SuspensionCause, MAX_MEMBERS,
};
use sp_core::H256;
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureSubAssign},
	DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn create_founder(account: &T::AccountId, name: &str) -> DispatchResult {
		let draft = ProfileDraft { name: name.as_bytes().to_vec(), document: H256::zero() };
		let profile = draft.accepted().ok_or(Error::<T>::InvalidName)?;
		Self::create_institution(account, profile, Status::Active)?;
		MemberCount::<T>::try_mutate(|count| count.ensure_add_assign(1))?;
		Self::join_electorate(account);
		Ok(())
	}

	pub(crate) fn do_apply(account: T::AccountId, draft: ProfileDraft) -> DispatchResult {
		let profile = draft.accepted().ok_or(Error::<T>::InvalidName)?;
		ensure!(Applications::<T>::count() < MAX_APPLICATIONS, Error::<T>::MaxApplicationsExceeded);
		let institution = Self::create_institution(&account, profile, Status::Applied)?;
		let lapses = T::DeadlineClock::now().saturating_add(T::ApplicationLifetime::get());
		Applications::<T>::insert(institution, lapses);
		let lapses = T::DeadlineClock::wall_time(lapses);
		Self::deposit_event(Event::Applied { institution, account, lapses });
		Ok(())
	}

	/// Hold the bond of a new institution and write it down; returns its id.
	fn create_institution(
		account: &T::AccountId,
		profile: Profile,
		status: Status,
	) -> Result<InstitutionId, DispatchError> {
		ensure!(!InstitutionOf::<T>::contains_key(account), Error::<T>::AlreadyExists);
		let id = LastInstitutionId::<T>::get().ensure_add(1)?;
		Self::claim_name(id, &profile)?;
		Self::hold_bond(account, T::AdmissionBond::get())?;
		LastInstitutionId::<T>::put(id);
		InstitutionOf::<T>::insert(account, id);
		Institutions::<T>::insert(id, Institution { account: account.clone(), profile, status });
		Ok(id)
	}

	fn claim_name(id: InstitutionId, profile: &Profile) -> DispatchResult {
		for reading in names::readings(&profile.name) {
			let owners = [InstitutionByReading::<T>::get(&reading), T::Programs::owner(&reading)];
			ensure!(owners.into_iter().flatten().all(|owner| owner == id), Error::<T>::NameTaken);
			InstitutionByReading::<T>::insert(reading, id);
		}
		Ok(())
	}

	fn release_name(profile: &Profile) {
		for reading in names::readings(&profile.name) {
			InstitutionByReading::<T>::remove(reading);
		}
	}

	fn hold_bond(account: &T::AccountId, amount: Balance) -> DispatchResult {
		let reason = HoldReason::AdmissionBond.into();
		ensure!(T::Currency::can_hold(&reason, account, amount), Error::<T>::FundsTooSmall);
		T::Currency::hold(&reason, account, amount)
	}

	fn release_bond(account: &T::AccountId) -> DispatchResult {
		let (reason, bond) = (HoldReason::AdmissionBond.into(), Self::bond_of(account));
		T::Currency::release(&reason, account, bond, Precision::Exact).map(drop)
	}

	fn bond_of(account: &T::AccountId) -> Balance {
		T::Currency::balance_on_hold(&HoldReason::AdmissionBond.into(), account)
	}

	pub(crate) fn do_end_application(id: InstitutionId, end: ApplicationEnd) -> DispatchResult {
		ensure!(Applications::<T>::contains_key(id), Error::<T>::NotApplicant);
		let institution = Self::get(id)?;
		Self::release_bond(&institution.account)?;
		T::Clearing::release_reserve(id)?;
		T::Authorities::retire(id, &institution.account);
		Self::release_name(&institution.profile);
		Applications::<T>::remove(id);
		InstitutionOf::<T>::remove(&institution.account);
		Institutions::<T>::remove(id);
		Self::deposit_event(Event::ApplicationEnded { institution: id, end });
		Ok(())
	}

	pub(crate) fn do_admit(id: InstitutionId) -> DispatchResult {
		let lapses = Applications::<T>::get(id).ok_or(Error::<T>::NotApplicant)?;
		ensure!(T::DeadlineClock::now() < lapses, Error::<T>::ApplicationLapsed);
		ensure!(Self::bond(id) >= T::AdmissionBond::get(), Error::<T>::BondTooSmall);
		let members = MemberCount::<T>::get();
		ensure!(members < MAX_MEMBERS, Error::<T>::MaxMembersExceeded);

		Self::change_status(id, Transition::Admit)?;
		Applications::<T>::remove(id);
		MemberCount::<T>::put(members.ensure_add(1)?);
		Ok(())
	}

	pub(crate) fn do_update_profile(id: InstitutionId, draft: ProfileDraft) -> DispatchResult {
		let new = draft.accepted().ok_or(Error::<T>::InvalidName)?;
		let mut institution = Self::get(id)?;
		let allowed = !matches!(institution.status, Status::RunOff { .. } | Status::Left);
		ensure!(allowed, Error::<T>::NotActive);
		let old = institution.profile;
		Self::release_name(&old);
		Self::claim_name(id, &new)?;
		institution.profile = new.clone();
		Institutions::<T>::insert(id, institution);
		Self::deposit_event(Event::ProfileUpdated { institution: id, old, new });
		Ok(())
	}

	pub(crate) fn do_top_up_bond(id: InstitutionId, amount: Balance) -> DispatchResult {
		let institution = Self::get(id)?;
		let allowed = institution.status == Status::Applied || institution.status.votes();
		ensure!(allowed, Error::<T>::NotActive);
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		Self::hold_bond(&institution.account, amount)?;
		Self::deposit_event(Event::BondToppedUp { institution: id, amount });
		Ok(())
	}

	pub(crate) fn do_leave(id: InstitutionId) -> DispatchResult {
		ensure!(Self::get(id)?.status.after(Transition::Leave, 0).is_some(), Error::<T>::WrongStatus);
		let covers = T::Clearing::free_reserve(id) >= T::Liabilities::outstanding(id);
		ensure!(covers, Error::<T>::PointsOutstanding);
		T::Authorities::ensure_dispensable(id)?;

		// From here on nothing leaves the reserve that its holders need: see `Clearing::owe`.
		Self::change_status(id, Transition::Leave)?;
		T::Clearing::close_books(id)
	}

	pub(crate) fn do_close(id: InstitutionId) -> DispatchResult {
		let Institution { account, profile, status } = Self::get(id)?;
		let has_estate = status == Status::Left && InstitutionOf::<T>::get(&account) == Some(id);
		ensure!(has_estate || status.after(Transition::Close, 0).is_some(), Error::<T>::WrongStatus);
		let leaves_estate = Self::ensure_closable(id, status)?;

		if !has_estate {
			Self::change_status(id, Transition::Close)?;
			MemberCount::<T>::try_mutate(|count| count.ensure_sub_assign(1))?;
			Self::release_name(&profile);
			T::Authorities::retire(id, &account);
			Self::release_bond(&account)?;
		}
		if !leaves_estate {
			T::Clearing::release_reserve(id)?;
			InstitutionOf::<T>::remove(&account);
		}
		Ok(())
	}

	/// Fails by name unless nothing keeps an institution any more; says whether its reserve stays behind for its
	/// points.
	fn ensure_closable(id: InstitutionId, status: Status) -> Result<bool, DispatchError> {
		if let Status::Leaving { until } | Status::RunOff { until } = status {
			ensure!(T::Eras::current() > until, Error::<T>::RefundWindowOpen);
		}
		T::PendingClaims::ensure_none(id)?;
		// Its bond answers for them.
		ensure!(T::Clearing::bond_debt(id) == 0, Error::<T>::DebtsOpen);
		let outstanding = T::Liabilities::outstanding(id);
		// A run-off pays at a rate, so what it leaves is never an estate.
		let leaves_estate = outstanding > 0
			&& matches!(status, Status::Leaving { .. })
			&& T::Clearing::free_reserve(id) >= outstanding;
		ensure!(outstanding == 0 || leaves_estate, Error::<T>::PointsOutstanding);
		Ok(leaves_estate)
	}

	/// One step of the table of statuses, with what it brings about.
	pub(crate) fn change_status(id: InstitutionId, step: Transition) -> DispatchResult {
		let mut institution = Self::get(id)?;
		let old = institution.status;
		let new = old.after(step, Self::refundable_until()).ok_or(Error::<T>::WrongStatus)?;
		match step {
			Transition::Admit => Self::join_electorate(&institution.account),
			Transition::Leave => Self::leave_electorate(&institution.account),
			Transition::RunOff => {
				Self::leave_electorate(&institution.account);
				Self::begin_run_off(id, &institution.account)?;
			},
			Transition::Suspend | Transition::Reinstate | Transition::Close => {},
		}
		institution.status = new;
		Institutions::<T>::insert(id, institution);
		Self::deposit_event(Event::StatusChanged { institution: id, old, new });
		Ok(())
	}

	/// The books of a member that cannot go on close, and from now on its points pay at one rate.
	fn begin_run_off(id: InstitutionId, account: &T::AccountId) -> DispatchResult {
		Suspensions::<T>::remove(id);
		T::Clearing::close_books(id)?;
		Self::fund_run_off(id, account)?;
		T::Liabilities::fix_rate(id)
	}

	/// What creditors do not need of the bond of a member that cannot go on serves the holders of its points, as
	/// far as its reserve does not. What else the bond stands for comes after them, or a member could keep it
	/// from them by what it opens itself.
	fn fund_run_off(id: InstitutionId, account: &T::AccountId) -> DispatchResult {
		let surplus = math::excess(Self::bond_of(account), T::Clearing::bond_debt(id));
		let lacking = math::excess(T::Liabilities::payable(id), T::Clearing::free_reserve(id));
		let value = surplus.min(lacking);
		if value == 0 {
			return Ok(());
		}
		Self::draw_bond(id, account, value)?;
		T::Clearing::add_to_reserve(id, value)
	}

	/// The last era in which a receipt of today can be refunded.
	fn refundable_until() -> EraIndex {
		T::Eras::current().saturating_add(T::RefundWindow::get())
	}

	pub(crate) fn get(id: InstitutionId) -> Result<Institution<T::AccountId>, DispatchError> {
		Institutions::<T>::get(id).ok_or_else(|| Error::<T>::NotFound.into())
	}
}

impl<T: Config> Members<T::AccountId> for Pallet<T> {
	fn account(id: InstitutionId) -> Result<T::AccountId, DispatchError> {
		Self::get(id).map(|institution| institution.account)
	}

	fn party(id: InstitutionId) -> Result<Party<T::AccountId>, DispatchError> {
		let Institution { account, status, .. } = Self::get(id)?;
		Ok(Party { account, is_payable: status.is_payable() })
	}

	fn id_of(account: &T::AccountId) -> Option<InstitutionId> {
		InstitutionOf::<T>::get(account)
	}

	fn ensure_active(id: InstitutionId) -> DispatchResult {
		let institution = Self::get(id)?;
		ensure!(institution.status.is_active(), Error::<T>::NotActive);
		ensure!(Self::bond_of(&institution.account) >= T::RequiredBond::get(), Error::<T>::BondTooSmall);
		Ok(())
	}

	fn ensure_payable(id: InstitutionId) -> DispatchResult {
		ensure!(Self::get(id)?.status.is_payable(), Error::<T>::NotActive);
		Ok(())
	}

	fn ensure_books_open(id: InstitutionId) -> DispatchResult {
		ensure!(!Self::get(id)?.status.has_closed_books(), Error::<T>::BooksClosed);
		Ok(())
	}

	fn may_operate(id: InstitutionId) -> bool {
		Institutions::<T>::get(id).is_some_and(|institution| institution.status.is_active())
	}

	fn bond(id: InstitutionId) -> Balance {
		Institutions::<T>::get(id).map(|i| Self::bond_of(&i.account)).unwrap_or_default()
	}

	fn draw_bond(
		id: InstitutionId,
		creditor: &T::AccountId,
		value: Balance,
	) -> Result<Balance, DispatchError> {
		let account = Self::get(id)?.account;
		let drawn = Self::bond_of(&account).min(value);
		if drawn > 0 {
			T::Currency::transfer_on_hold(
				&HoldReason::AdmissionBond.into(),
				&account,
				creditor,
				drawn,
				Precision::Exact,
				Restriction::Free,
				Fortitude::Polite,
			)?;
			Self::deposit_event(Event::BondPaidOut {
				institution: id,
				creditor: creditor.clone(),
				amount: drawn,
			});
		}
		Ok(drawn)
	}
}

impl<T: Config> MemberStatus for Pallet<T> {
	fn suspend(id: InstitutionId, cause: SuspensionCause) -> DispatchResult {
		let mut causes = Suspensions::<T>::get(id);
		if causes.is_empty() {
			Self::change_status(id, Transition::Suspend)?;
		}
		ensure!(causes.insert(cause), Error::<T>::WrongStatus);
		Suspensions::<T>::insert(id, causes);
		Ok(())
	}

	fn reinstate(id: InstitutionId, cause: SuspensionCause) -> DispatchResult {
		let mut causes = Suspensions::<T>::get(id);
		ensure!(causes.remove(cause), Error::<T>::WrongStatus);
		if causes.is_empty() {
			Self::change_status(id, Transition::Reinstate)?;
			Suspensions::<T>::remove(id);
		} else {
			Suspensions::<T>::insert(id, causes);
		}
		Ok(())
	}

	fn start_run_off(id: InstitutionId) -> DispatchResult {
		Self::change_status(id, Transition::RunOff)
	}
}

impl<T: Config> Names for Pallet<T> {
	fn owner(reading: &Reading) -> Option<InstitutionId> {
		InstitutionByReading::<T>::get(reading)
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
			Ok(RawOrigin::Signed(account)) => InstitutionOf::<T>::get(&account).ok_or(origin),
			_ => Err(origin),
		}
	}
}
