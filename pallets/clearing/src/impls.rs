use crate::pallet::*;
use alloc::vec::Vec;
use frame_support::{
	ensure,
	traits::{
		fungible::{InspectHold, MutateHold},
		tokens::{Fortitude, Precision, Restriction},
		Get,
	},
};
use hanse_primitives::{Balance, Claim, Clearing, Earmark, InstitutionId, Liabilities, Members, Reserves};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_top_up(id: InstitutionId, amount: Balance) -> DispatchResult {
		let account = T::Members::account(id)?;
		Self::deposit(id, &account, amount)?;
		Self::deposit_event(Event::ReserveToppedUp { institution: id, amount });
		Ok(())
	}

	pub(crate) fn deposit(id: InstitutionId, account: &T::AccountId, amount: Balance) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let reason = HoldReason::Reserve.into();
		ensure!(T::Currency::can_hold(&reason, account, amount), Error::<T>::FundsTooSmall);
		T::Currency::hold(&reason, account, amount)?;
		Deposits::<T>::try_mutate(id, |deposit| {
			deposit.topped_up = deposit.topped_up.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
			Ok(())
		})
	}

	pub(crate) fn do_draw_down(id: InstitutionId, amount: Balance) -> DispatchResult {
		T::Members::ensure_active(id)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let account = T::Members::account(id)?;
		ensure!(Self::free_reserve(id) >= amount, Error::<T>::ReserveTooSmall);
		let left = Self::held(&account).saturating_sub(amount);
		T::Liabilities::ensure_backed(id, T::Members::bond(id), left)?;

		Self::withdraw(id, &account, amount)
	}

	/// Move `amount` of what is held to the free balance.
	fn withdraw(id: InstitutionId, account: &T::AccountId, amount: Balance) -> DispatchResult {
		T::Currency::release(&HoldReason::Reserve.into(), account, amount, Precision::Exact)?;
		Deposits::<T>::try_mutate(id, |deposit| {
			deposit.drawn_down = deposit.drawn_down.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
			DispatchResult::Ok(())
		})?;
		Self::deposit_event(Event::ReserveDrawnDown { institution: id, amount });
		Ok(())
	}

	pub(crate) fn held(account: &T::AccountId) -> Balance {
		T::Currency::balance_on_hold(&HoldReason::Reserve.into(), account)
	}
}

impl<T: Config> Pallet<T> {
	/// Move `value` from reserve to reserve; says whether there was anything to move.
	fn move_reserve(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
	) -> Result<bool, DispatchError> {
		// Nobody owes itself, and nothing is owed for points that were worth nothing.
		if debtor == creditor || value == 0 {
			return Ok(false);
		}
		let payer = T::Members::account(debtor)?;
		let payee = T::Members::account(creditor)?;
		ensure!(Self::free_reserve(debtor) >= value, Error::<T>::ReserveTooSmall);
		T::Currency::transfer_on_hold(
			&HoldReason::Reserve.into(),
			&payer,
			&payee,
			value,
			Precision::Exact,
			Restriction::OnHold,
			Fortitude::Polite,
		)?;
		Self::deposit_event(Event::ObligationSettled { debtor, creditor, value });
		Ok(true)
	}
}

impl<T: Config> Clearing for Pallet<T> {
	fn owe(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		if Self::move_reserve(debtor, creditor, value)? {
			Turnover::<T>::mutate(debtor, creditor, |paid| *paid = paid.saturating_add(value));
		}
		Ok(())
	}

	fn owe_back(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		if Self::move_reserve(debtor, creditor, value)? {
			Returned::<T>::mutate(creditor, debtor, |back| *back = back.saturating_add(value));
		}
		Ok(())
	}

	fn ensure_on_time(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn earmark(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
	) -> Result<Earmark, DispatchError> {
		if debtor == creditor || value == 0 {
			return Ok(Earmark::default());
		}
		ensure!(Self::free_reserve(debtor) >= value, Error::<T>::ReserveTooSmall);
		Claims::<T>::mutate(debtor, |claim| claim.earmarked = claim.earmarked.saturating_add(value));
		Ok(Earmark { line: 0, reserve: value })
	}

	fn release_earmark(debtor: InstitutionId, _: InstitutionId, earmark: Earmark) {
		Claims::<T>::mutate(debtor, |claim| {
			claim.earmarked = claim.earmarked.saturating_sub(earmark.reserve)
		});
	}

	fn accrue(issuer: InstitutionId, value: Balance) -> DispatchResult {
		ensure!(Self::free_reserve(issuer) >= value, Error::<T>::ReserveTooSmall);
		Claims::<T>::mutate(issuer, |claim| claim.accrued = claim.accrued.saturating_add(value));
		Ok(())
	}

	fn release_accrued(issuer: InstitutionId, value: Balance) {
		Claims::<T>::mutate(issuer, |claim| claim.accrued = claim.accrued.saturating_sub(value));
	}

	fn collect(issuer: InstitutionId, value: Balance) -> DispatchResult {
		let account = T::Members::account(issuer)?;
		Self::release_accrued(issuer, value);
		T::Currency::transfer_on_hold(
			&HoldReason::Reserve.into(),
			&account,
			&T::Pot::get(),
			value,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Polite,
		)?;
		Deposits::<T>::mutate(issuer, |deposit| {
			deposit.interchange = deposit.interchange.saturating_add(value)
		});
		Ok(())
	}

	fn claims() -> Vec<(InstitutionId, Claim)> {
		Claims::<T>::iter().filter(|(_, claim)| *claim != Claim::default()).collect()
	}
}

impl<T: Config> Reserves for Pallet<T> {
	fn reserve(id: InstitutionId) -> Balance {
		T::Members::account(id).map(|account| Self::held(&account)).unwrap_or_default()
	}

	fn free_reserve(id: InstitutionId) -> Balance {
		let Claim { accrued, earmarked } = Claims::<T>::get(id);
		Self::reserve(id).saturating_sub(accrued).saturating_sub(earmarked)
	}

	fn release_reserve(id: InstitutionId) -> DispatchResult {
		// Interchange of receipts that can still be refunded, and what was authorised at others.
		ensure!(Claims::<T>::get(id) == Claim::default(), Error::<T>::ReserveClaimed);
		let account = T::Members::account(id)?;
		match Self::held(&account) {
			0 => Ok(()),
			reserve => Self::withdraw(id, &account, reserve),
		}
	}

	fn paid(id: InstitutionId) -> Balance {
		let paid: Balance = Turnover::<T>::iter_prefix_values(id).sum();
		paid.saturating_sub(Returned::<T>::iter_prefix_values(id).sum())
	}
}
