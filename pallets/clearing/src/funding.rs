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
use hanse_primitives::{Balance, Clock, InstitutionId, Members, Notice};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_announce(witness: Witness, account: T::AccountId) -> DispatchResult {
		Self::ensure_independent(&account)?;
		T::Notice::announce(Call::appoint { witness, account: account.clone() })?;
		Self::deposit_event(Event::AppointmentAnnounced { witness, account });
		Ok(())
	}

	fn ensure_independent(account: &T::AccountId) -> DispatchResult {
		let is_taken = Appointed::<T>::iter_values().any(|other| other == *account);
		ensure!(!is_taken && T::Members::id_of(account).is_none(), Error::<T>::NotIndependent);
		Ok(())
	}

	pub(crate) fn do_appoint(witness: Witness, account: T::AccountId) -> DispatchResult {
		Self::ensure_independent(&account)?;
		Appointed::<T>::insert(witness, &account);
		Self::deposit_event(Event::Appointed { witness, account });
		Ok(())
	}

	pub(crate) fn ensure_appointed(witness: Witness, account: &T::AccountId) -> DispatchResult {
		ensure!(Appointed::<T>::get(witness).as_ref() == Some(account), Error::<T>::NotAppointed);
		// It may have become an institution since.
		ensure!(T::Members::id_of(account).is_none(), Error::<T>::NotIndependent);
		Ok(())
	}

	pub(crate) fn do_fund(institution: InstitutionId, amount: Balance, reference: H256) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		T::Members::account(institution)?;
		ensure!(!References::<T>::contains_key(reference), Error::<T>::ReferenceUsed);
		Self::ensure_attested()?;
		References::<T>::insert(reference, Funding { institution, amount, confirmed: false });
		Self::deposit_event(Event::FundingProposed { institution, amount, reference });
		Ok(())
	}

	pub(crate) fn do_confirm(reference: H256) -> DispatchResult {
		let mut funding = References::<T>::get(reference).ok_or(Error::<T>::NotFound)?;
		ensure!(!funding.confirmed, Error::<T>::ReferenceUsed);
		Self::ensure_attested()?;
		let Funding { institution, amount, .. } = funding;
		let account = T::Members::account(institution)?;
		let index = CurrentCycle::<T>::get().index;
		let before = FundedIn::<T>::get().filter(|(cycle, _)| *cycle == index).map_or(0, |(_, sum)| sum);
		let funded = before.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
		ensure!(funded <= T::FundingCap::get(), Error::<T>::OverFundingCap);

		T::Currency::mint_into(&account, amount)?;
		funding.confirmed = true;
		References::<T>::insert(reference, funding);
		FundedIn::<T>::put((index, funded));
		Issued::<T>::try_mutate(|issued| {
			issued.minted = issued.minted.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
			DispatchResult::Ok(())
		})?;
		Self::deposit_event(Event::Funded { institution, amount, reference });
		Ok(())
	}

	/// Fails by name if a whole cycle has passed in which deposits were not confirmed to equal issuance.
	fn ensure_attested() -> DispatchResult {
		let Attestation { agent, auditor } = Attested::<T>::get();
		let last = agent.min(auditor);
		ensure!(CurrentCycle::<T>::get().index <= last.saturating_add(1), Error::<T>::NotAttested);
		Ok(())
	}

	pub(crate) fn do_attest(witness: Witness, total: Balance) -> DispatchResult {
		let issued = Issued::<T>::get();
		ensure!(Some(total) == issued.minted.checked_sub(issued.burned), Error::<T>::DepositsDiffer);
		let cycle = CurrentCycle::<T>::get().index;
		Attested::<T>::mutate(|attested| match witness {
			Witness::Agent => attested.agent = cycle,
			Witness::Auditor => attested.auditor = cycle,
		});
		Self::deposit_event(Event::DepositsAttested { witness, cycle, total });
		Ok(())
	}

	pub(crate) fn do_defund(institution: InstitutionId, amount: Balance) -> DispatchResult {
		ensure!(!Defunds::<T>::contains_key(institution), Error::<T>::DefundPending);
		let account = Self::ensure_may_draw(institution, amount)?;
		Self::withdraw(institution, &account, amount)?;
		T::Currency::hold(&HoldReason::Defund.into(), &account, amount)?;
		let until = T::Clock::now().saturating_add(T::DefundTimeout::get());
		Defunds::<T>::insert(institution, Defunding { amount, until });
		Self::deposit_event(Event::DefundStarted { institution, amount, until: T::Clock::wall(until) });
		Ok(())
	}

	pub(crate) fn do_settle_defund(institution: InstitutionId) -> DispatchResult {
		let Defunding { amount, .. } = Defunds::<T>::take(institution).ok_or(Error::<T>::NotFound)?;
		let account = T::Members::account(institution)?;
		let reason = HoldReason::Defund.into();
		T::Currency::burn_held(&reason, &account, amount, Precision::Exact, Fortitude::Polite)?;
		Issued::<T>::try_mutate(|issued| {
			issued.burned = issued.burned.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
			DispatchResult::Ok(())
		})?;
		Self::deposit_event(Event::Defunded { institution, amount });
		Ok(())
	}

	pub(crate) fn do_unlock_defund(institution: InstitutionId) -> DispatchResult {
		let Defunding { amount, until } = Defunds::<T>::get(institution).ok_or(Error::<T>::NotFound)?;
		ensure!(T::Clock::now() >= until, Error::<T>::TooEarly);
		let account = T::Members::account(institution)?;
		T::Currency::release(&HoldReason::Defund.into(), &account, amount, Precision::Exact)?;
		Defunds::<T>::remove(institution);
		Self::deposit_event(Event::DefundUnlocked { institution, amount });
		Ok(())
	}
}
