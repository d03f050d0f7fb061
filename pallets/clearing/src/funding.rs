//! Settlement units that come for deposits and go with them.
//!
//! They come when the settlement agent reports a deposit and the auditor confirms it, and go with what a member wants
//! to have paid out; nothing else makes or burns any.

use crate::{pallet::*, types::*};
use frame_support::{
	ensure,
	traits::{
		fungible::{Inspect, Mutate, MutateHold},
		tokens::{Fortitude, Precision},
		Get,
	},
};
use hanse_primitives::{DeadlineClock, InstitutionId, Members, Money, Notice};
use sp_core::H256;
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign},
	DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
	/// Panics where somebody cannot be appointed, or a reserve cannot be held; see the founders of institutions.
	pub(crate) fn build_genesis(config: &GenesisConfig<T>) {
		let genesis = T::Currency::total_issuance();
		IssuanceTotals::<T>::put(Issuance { genesis, ..Default::default() });
		let roles = [(DepositRole::Agent, &config.agent), (DepositRole::Auditor, &config.auditor)];
		for (role, account) in roles {
			if let Some(account) = account {
				Self::do_appoint_deposit_role(role, account.clone())
					.unwrap_or_else(|reason| panic!("the {role:?} {account:?}: {reason:?}"));
			}
		}
		for (account, amount) in &config.reserves {
			let id = T::Members::id_of(account)
				.unwrap_or_else(|| panic!("the reserve of {account:?}, who is no founder"));
			Self::add_to_reserve_of(id, account, *amount)
				.unwrap_or_else(|reason| panic!("the reserve of founder {id}: {reason:?}"));
		}
	}

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

	/// Which of both an account is.
	pub(crate) fn ensure_agent_or_auditor(account: &T::AccountId) -> Result<DepositRole, DispatchError> {
		match Self::ensure_appointed(DepositRole::Agent, account) {
			Ok(()) => Ok(DepositRole::Agent),
			Err(_) => Self::ensure_appointed(DepositRole::Auditor, account).map(|()| DepositRole::Auditor),
		}
	}

	pub(crate) fn do_report_deposit(
		institution: InstitutionId,
		amount: Money,
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
		let funded = before.ensure_add(amount)?;
		ensure!(funded <= T::DepositCap::get(), Error::<T>::OverDepositCap);

		T::Currency::mint_into(&account, amount)?;
		funding.confirmed = true;
		DepositReports::<T>::insert(reference, funding);
		MintedInCycle::<T>::put((index, funded));
		IssuanceTotals::<T>::try_mutate(|issued| issued.minted.ensure_add_assign(amount))?;
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

	pub(crate) fn do_attest_deposits(role: DepositRole, total: Money) -> DispatchResult {
		// What there was at genesis was deposited too, and is paid out like the rest.
		ensure!(total == T::Currency::total_issuance(), Error::<T>::DepositsDiffer);
		let cycle = CurrentCycle::<T>::get().index;
		LastAttested::<T>::mutate(|attested| match role {
			DepositRole::Agent => attested.agent = cycle,
			DepositRole::Auditor => attested.auditor = cycle,
		});
		Self::deposit_event(Event::DepositsAttested { role, cycle, total });
		Ok(())
	}

	pub(crate) fn do_request_payout(institution: InstitutionId, amount: Money) -> DispatchResult {
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
		IssuanceTotals::<T>::try_mutate(|issued| issued.burned.ensure_add_assign(amount))?;
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
