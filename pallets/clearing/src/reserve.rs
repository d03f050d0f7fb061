//! Reserves: what is held, what of it is free, and money that moves.

use crate::{pallet::*, types::*};
use frame_support::{
	defensive, ensure,
	traits::{
		fungible::{InspectHold, MutateHold},
		tokens::{Fortitude, Precision, Restriction},
		Get,
	},
};
use hanse_primitives::{Balance, InstitutionId, Liabilities, Members, Reserves};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_top_up(id: InstitutionId, amount: Balance) -> DispatchResult {
		let account = T::Members::account(id)?;
		Self::add_to_reserve_of(id, &account, amount)?;
		Self::deposit_event(Event::ReserveToppedUp { institution: id, amount });
		Ok(())
	}

	pub(crate) fn add_to_reserve_of(
		id: InstitutionId,
		account: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let reason = HoldReason::Reserve.into();
		ensure!(T::Currency::can_hold(&reason, account, amount), Error::<T>::FundsTooSmall);
		T::Currency::hold(&reason, account, amount)?;
		Self::count(id, |deposit| &mut deposit.topped_up, amount)
	}

	pub(crate) fn do_draw_down(id: InstitutionId, amount: Balance) -> DispatchResult {
		let account = Self::ensure_may_draw(id, amount)?;
		Self::take_from_reserve_of(id, &account, amount)?;
		Self::deposit_event(Event::ReserveDrawnDown { institution: id, amount });
		Ok(())
	}

	/// Whether an institution may take `amount` of its reserve; returns the account.
	pub(crate) fn ensure_may_draw(id: InstitutionId, amount: Balance) -> Result<T::AccountId, DispatchError> {
		T::Members::ensure_active(id)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		ensure!(!Self::is_running(), Error::<T>::CycleRunning);
		Self::ensure_may_leave(id, amount)
	}

	/// Fails by name unless `amount` of a member's reserve may leave it for anything but its points: for itself, or
	/// for what it gives back or is found to owe; returns the account.
	pub(crate) fn ensure_may_leave(
		id: InstitutionId,
		amount: Balance,
	) -> Result<T::AccountId, DispatchError> {
		let account = T::Members::account(id)?;
		// What is accrued or kept is somebody else's already, so it backs nothing.
		let left = Self::free_on(&account, id).checked_sub(amount).ok_or(Error::<T>::ReserveTooSmall)?;
		let (debt, arrears) = (BondDebts::<T>::get(id).total(), Arrears::<T>::get(id).sum);
		let kept = debt.saturating_add(arrears).saturating_add(T::Liabilities::funded(id));
		ensure!(left >= kept, Error::<T>::ReserveTooSmall);
		T::Liabilities::ensure_backed(id, T::Members::bond(id).saturating_sub(debt), left)?;
		Ok(account)
	}

	/// The most for which [`Self::ensure_may_leave`] succeeds, if nothing were found against the member.
	pub(crate) fn may_leave(id: InstitutionId) -> Balance {
		let (free, debt) = (<Self as Reserves>::free_reserve(id), BondDebts::<T>::get(id).total());
		let least = T::Liabilities::least_left(id);
		let all = T::Members::bond(id).saturating_sub(debt).saturating_add(free);
		let kept = least.reserve.max(debt.saturating_add(T::Liabilities::funded(id)));
		free.saturating_sub(kept).min(all.saturating_sub(least.all))
	}

	/// Move `amount` of what is held to the free balance.
	pub(crate) fn take_from_reserve_of(
		id: InstitutionId,
		account: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		T::Currency::release(&HoldReason::Reserve.into(), account, amount, Precision::Exact)?;
		Self::count(id, |deposit| &mut deposit.drawn_down, amount)
	}

	/// Move money from reserve to reserve.
	pub(crate) fn pay(payer: &T::AccountId, payee: &T::AccountId, value: Balance) -> DispatchResult {
		T::Currency::transfer_on_hold(
			&HoldReason::Reserve.into(),
			payer,
			payee,
			value,
			Precision::Exact,
			Restriction::OnHold,
			Fortitude::Polite,
		)
		.map(drop)
	}

	pub(crate) fn do_collect(issuer: InstitutionId, value: Balance) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		ensure!(Encumbrances::<T>::get(issuer).accrued >= value, Error::<T>::AccruedTooSmall);
		T::Currency::transfer_on_hold(
			&HoldReason::Reserve.into(),
			&T::Members::account(issuer)?,
			&T::Pot::get(),
			value,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Polite,
		)?;
		Self::release_encumbrance(issuer, |encumbrance| &mut encumbrance.accrued, value)?;
		Self::count(issuer, |deposit| &mut deposit.interchange, value)?;
		Self::deposit_event(Event::InterchangeCollected { issuer, value });
		Ok(())
	}

	pub(crate) fn count(
		id: InstitutionId,
		of: impl Fn(&mut ReserveFlows) -> &mut Balance,
		amount: Balance,
	) -> DispatchResult {
		ReserveFlowsOf::<T>::try_mutate(id, |deposit| {
			let counter = of(deposit);
			*counter = counter.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
			Ok(())
		})
	}

	/// Keep `value` of the free reserve for one of the two claims.
	pub(crate) fn encumber(
		id: InstitutionId,
		of: impl Fn(&mut ReserveEncumbrance) -> &mut Balance,
		value: Balance,
	) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		let account = T::Members::account(id)?;
		let mut encumbrance = Encumbrances::<T>::get(id);
		let free = Self::held(&account).saturating_sub(encumbrance.total());
		ensure!(free >= value, Error::<T>::ReserveTooSmall);
		let counter = of(&mut encumbrance);
		*counter = counter.saturating_add(value);
		Encumbrances::<T>::insert(id, encumbrance);
		Ok(())
	}

	/// Return it.
	pub(crate) fn release_encumbrance(
		id: InstitutionId,
		of: impl Fn(&mut ReserveEncumbrance) -> &mut Balance,
		value: Balance,
	) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		Encumbrances::<T>::try_mutate_exists(id, |slot| {
			let mut encumbrance = slot.unwrap_or_default();
			let counter = of(&mut encumbrance);
			let Some(left) = counter.checked_sub(value) else {
				defensive!("more is released than was claimed", id);
				return Err(Error::<T>::Inconsistent.into());
			};
			*counter = left;
			*slot = (encumbrance != ReserveEncumbrance::default()).then_some(encumbrance);
			Ok(())
		})
	}

	pub(crate) fn held(account: &T::AccountId) -> Balance {
		T::Currency::balance_on_hold(&HoldReason::Reserve.into(), account)
	}

	/// What of the reserve on an institution's account is neither accrued nor earmarked.
	pub(crate) fn free_on(account: &T::AccountId, id: InstitutionId) -> Balance {
		Self::held(account).saturating_sub(Encumbrances::<T>::get(id).total())
	}
}
