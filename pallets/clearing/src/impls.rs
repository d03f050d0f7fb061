use crate::pallet::*;
use frame_support::{
	ensure,
	traits::{
		fungible::{InspectHold, MutateHold},
		tokens::{Fortitude, Precision, Restriction},
	},
};
use hanse_primitives::{Balance, Clearing, InstitutionId, Liabilities, Members};
use sp_runtime::{ArithmeticError, DispatchResult};

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
		let left = Self::held(&account).checked_sub(amount).ok_or(Error::<T>::ReserveTooSmall)?;
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

impl<T: Config> Clearing for Pallet<T> {
	fn owe(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		// Nobody owes itself, and nothing is owed for points that were worth nothing.
		if debtor == creditor || value == 0 {
			return Ok(());
		}
		let payer = T::Members::account(debtor)?;
		let payee = T::Members::account(creditor)?;
		ensure!(Self::held(&payer) >= value, Error::<T>::ReserveTooSmall);

		T::Currency::transfer_on_hold(
			&HoldReason::Reserve.into(),
			&payer,
			&payee,
			value,
			Precision::Exact,
			Restriction::OnHold,
			Fortitude::Polite,
		)?;
		Turnover::<T>::try_mutate(debtor, creditor, |paid| {
			*paid = paid.checked_add(value).ok_or(ArithmeticError::Overflow)?;
			DispatchResult::Ok(())
		})?;
		Self::deposit_event(Event::ObligationSettled { debtor, creditor, value });
		Ok(())
	}

	fn reserve(id: InstitutionId) -> Balance {
		T::Members::account(id).map(|account| Self::held(&account)).unwrap_or_default()
	}

	fn release_reserve(id: InstitutionId) -> DispatchResult {
		let account = T::Members::account(id)?;
		match Self::held(&account) {
			0 => Ok(()),
			reserve => Self::withdraw(id, &account, reserve),
		}
	}

	fn paid(id: InstitutionId) -> Balance {
		Turnover::<T>::iter_prefix_values(id).sum()
	}
}
