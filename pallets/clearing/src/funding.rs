//! Settlement units that come for deposits and go with them.

use crate::{pallet::*, types::*};
use frame_support::{
	ensure,
	traits::{
		fungible::{Mutate, MutateHold},
		tokens::{Fortitude, Precision},
		Get,
	},
};
use hanse_primitives::{Balance, DeadlineClock, InstitutionId, Members, Notice};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_announce_deposit_role(role: DepositRole, account: T::AccountId) -> DispatchResult {
		Self::ensure_independent(&account)?;
		T::Notice::announce(Call::appoint_deposit_role { role, account: account.clone() })?;
		Self::deposit_event(Event::AppointmentAnnounced { role, account });
		Ok(())
	}

	fn ensure_independent(account: &T::AccountId) -> DispatchResult {
		let is_taken = RoleHolders::<T>::iter_values().any(|other| other == *account);
		ensure!(!is_taken && T::Members::id_of(account).is_none(), Error::<T>::NotIndependent);
		Ok(())
	}

	pub(crate) fn do_appoint_deposit_role(role: DepositRole, account: T::AccountId) -> DispatchResult {
		Self::ensure_independent(&account)?;
		RoleHolders::<T>::insert(role, &account);
		Self::deposit_event(Event::Appointed { role, account });
		Ok(())
	}

	pub(crate) fn ensure_appointed(role: DepositRole, account: &T::AccountId) -> DispatchResult {
		ensure!(RoleHolders::<T>::get(role).as_ref() == Some(account), Error::<T>::NotAppointed);
		// It may have become an institution since.
		ensure!(T::Members::id_of(account).is_none(), Error::<T>::NotIndependent);
		Ok(())
	}

	pub(crate) fn do_report_deposit(
		institution: InstitutionId,
		amount: Balance,
		reference: H256,
	) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		T::Members::account(institution)?;
		ensure!(!DepositReports::<T>::contains_key(reference), Error::<T>::ReferenceUsed);
		Self::ensure_attested()?;
		DepositReports::<T>::insert(reference, DepositReport { institution, amount, confirmed: false });
		Self::deposit_event(Event::DepositReported { institution, amount, reference });
		Ok(())
	}

	pub(crate) fn do_confirm_deposit(reference: H256) -> DispatchResult {
		let mut funding = DepositReports::<T>::get(reference).ok_or(Error::<T>::NotFound)?;
		ensure!(!funding.confirmed, Error::<T>::ReferenceUsed);
		Self::ensure_attested()?;
		let DepositReport { institution, amount, .. } = funding;
		let account = T::Members::account(institution)?;
		let index = CurrentCycle::<T>::get().index;
		let before = MintedInCycle::<T>::get().filter(|(cycle, _)| *cycle == index).map_or(0, |(_, sum)| sum);
		let funded = before.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
		ensure!(funded <= T::DepositCap::get(), Error::<T>::OverDepositCap);

		T::Currency::mint_into(&account, amount)?;
		funding.confirmed = true;
		DepositReports::<T>::insert(reference, funding);
		MintedInCycle::<T>::put((index, funded));
		IssuanceTotals::<T>::try_mutate(|issued| {
			issued.minted = issued.minted.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
			DispatchResult::Ok(())
		})?;
		Self::deposit_event(Event::DepositConfirmed { institution, amount, reference });
		Ok(())
	}

	/// Fails by name if a whole cycle has passed in which deposits were not confirmed to equal issuance.
	fn ensure_attested() -> DispatchResult {
		let AttestedCycles { agent, auditor } = LastAttested::<T>::get();
		let last = agent.min(auditor);
		ensure!(CurrentCycle::<T>::get().index <= last.saturating_add(1), Error::<T>::NotAttested);
		Ok(())
	}

	pub(crate) fn do_attest_deposits(role: DepositRole, total: Balance) -> DispatchResult {
		let issued = IssuanceTotals::<T>::get();
		ensure!(Some(total) == issued.minted.checked_sub(issued.burned), Error::<T>::DepositsDiffer);
		let cycle = CurrentCycle::<T>::get().index;
		LastAttested::<T>::mutate(|attested| match role {
			DepositRole::Agent => attested.agent = cycle,
			DepositRole::Auditor => attested.auditor = cycle,
		});
		Self::deposit_event(Event::DepositsAttested { role, cycle, total });
		Ok(())
	}

	pub(crate) fn do_request_payout(institution: InstitutionId, amount: Balance) -> DispatchResult {
		ensure!(!Payouts::<T>::contains_key(institution), Error::<T>::PayoutPending);
		let account = Self::ensure_may_draw(institution, amount)?;
		Self::take_from_reserve_of(institution, &account, amount)?;
		T::Currency::hold(&HoldReason::Payout.into(), &account, amount)?;
		let until = T::DeadlineClock::now().saturating_add(T::PayoutTimeout::get());
		Payouts::<T>::insert(institution, Payout { amount, until });
		Self::deposit_event(Event::PayoutRequested {
			institution,
			amount,
			until: T::DeadlineClock::wall_time(until),
		});
		Ok(())
	}

	pub(crate) fn do_complete_payout(institution: InstitutionId) -> DispatchResult {
		let Payout { amount, .. } = Payouts::<T>::take(institution).ok_or(Error::<T>::NotFound)?;
		let account = T::Members::account(institution)?;
		let reason = HoldReason::Payout.into();
		T::Currency::burn_held(&reason, &account, amount, Precision::Exact, Fortitude::Polite)?;
		IssuanceTotals::<T>::try_mutate(|issued| {
			issued.burned = issued.burned.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
			DispatchResult::Ok(())
		})?;
		Self::deposit_event(Event::PayoutCompleted { institution, amount });
		Ok(())
	}

	pub(crate) fn do_cancel_payout(institution: InstitutionId) -> DispatchResult {
		let Payout { amount, until } = Payouts::<T>::get(institution).ok_or(Error::<T>::NotFound)?;
		ensure!(T::DeadlineClock::now() >= until, Error::<T>::TooEarly);
		let account = T::Members::account(institution)?;
		T::Currency::release(&HoldReason::Payout.into(), &account, amount, Precision::Exact)?;
		Payouts::<T>::remove(institution);
		Self::deposit_event(Event::PayoutCancelled { institution, amount });
		Ok(())
	}
}
