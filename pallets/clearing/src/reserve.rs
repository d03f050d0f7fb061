//! Reserves: what is held, what of it is free, and money that moves.

use crate::{pallet::*, types::*, MAX_CREDIT_LINES};
use alloc::vec::Vec;
use frame_support::{
	ensure,
	traits::{
		fungible::{InspectHold, MutateHold, UnbalancedHold},
		tokens::{Fortitude, Precision, Restriction},
		DefensiveOption, Get,
	},
};
use hanse_primitives::{math::excess, Encumbrance, InstitutionId, Liabilities, Members, Money, Reserves};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureSub, EnsureSubAssign},
	DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_top_up(id: InstitutionId, amount: Money) -> DispatchResult {
		let account = T::Members::account(id)?;
		Self::add_to_reserve_of(id, &account, amount)?;
		Self::deposit_event(Event::ReserveToppedUp { institution: id, amount });
		Ok(())
	}

	pub(crate) fn add_to_reserve_of(
		id: InstitutionId,
		account: &T::AccountId,
		amount: Money,
	) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let reason = HoldReason::Reserve.into();
		ensure!(T::Currency::can_hold(&reason, account, amount), Error::<T>::FundsTooSmall);
		T::Currency::hold(&reason, account, amount)?;
		Self::count(id, |flows| &mut flows.topped_up, amount)
	}

	pub(crate) fn do_draw_down(id: InstitutionId, amount: Money) -> DispatchResult {
		let account = Self::ensure_may_draw(id, amount)?;
		Self::take_from_reserve_of(id, &account, amount)?;
		Self::deposit_event(Event::ReserveDrawnDown { institution: id, amount });
		Ok(())
	}

	/// Whether an institution may take `amount` of its reserve; returns the account.
	pub(crate) fn ensure_may_draw(id: InstitutionId, amount: Money) -> Result<T::AccountId, DispatchError> {
		T::Members::ensure_active(id)?;
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		ensure!(!Self::is_running(), Error::<T>::CycleRunning);
		Self::ensure_may_leave(id, amount)
	}

	/// Fails by name unless `amount` of a member's reserve may leave it for anything but its points: for itself, or
	/// for what it gives back or is found to owe; returns the account.
	pub(crate) fn ensure_may_leave(id: InstitutionId, amount: Money) -> Result<T::AccountId, DispatchError> {
		let account = T::Members::account(id)?;
		// What is accrued or kept is somebody else's already, so it backs nothing.
		let left = Self::free_on(&account, id).checked_sub(amount).ok_or(Error::<T>::ReserveTooSmall)?;
		let owed = <Self as Reserves>::bond_debt(id).ensure_add(Arrears::<T>::get(id).sum)?;
		ensure!(left >= owed.ensure_add(T::Liabilities::funded(id))?, Error::<T>::ReserveTooSmall);
		T::Liabilities::ensure_backed(id, Self::free_bond(id), left)?;
		Ok(account)
	}

	/// The most for which [`Self::ensure_may_leave`] succeeds, if nothing were found against the member.
	pub(crate) fn may_leave(id: InstitutionId) -> Result<Money, DispatchError> {
		let free = <Self as Reserves>::free_reserve(id);
		let least = T::Liabilities::least_left(id);
		let all = Self::free_bond(id).ensure_add(free)?;
		let owed = <Self as Reserves>::bond_debt(id).ensure_add(T::Liabilities::funded(id))?;
		Ok(excess(free, least.reserve.max(owed)).min(excess(all, least.all)))
	}

	/// Move `amount` of what is held to the free balance.
	pub(crate) fn take_from_reserve_of(
		id: InstitutionId,
		account: &T::AccountId,
		amount: Money,
	) -> DispatchResult {
		T::Currency::release(&HoldReason::Reserve.into(), account, amount, Precision::Exact)?;
		Self::count(id, |flows| &mut flows.drawn_down, amount)
	}

	/// Move money from reserve to reserve.
	pub(crate) fn pay(payer: &T::AccountId, payee: &T::AccountId, value: Money) -> DispatchResult {
		let reason = HoldReason::Reserve.into();
		let (precision, restriction) = (Precision::Exact, Restriction::OnHold);
		T::Currency::transfer_on_hold(&reason, payer, payee, value, precision, restriction, Fortitude::Polite)
			.map(drop)
	}

	/// As [`Self::pay`], of the `held` of the payer that was read before. What is moved stays held, so no account
	/// begins or ends by it, and an obligation has an event of its own: so what `transfer_on_hold` asks and tells about
	/// both accounts is left out.
	pub(crate) fn pay_of(
		held: Money,
		payer: &T::AccountId,
		payee: &T::AccountId,
		value: Money,
	) -> DispatchResult {
		let reason = HoldReason::Reserve.into();
		T::Currency::set_balance_on_hold(&reason, payer, held.ensure_sub(value)?)?;
		T::Currency::increase_balance_on_hold(&reason, payee, value, Precision::Exact).map(drop)
	}

	pub(crate) fn do_collect(issuer: InstitutionId, value: Money) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		ensure!(Encumbrances::<T>::get(issuer).accrued >= value, Error::<T>::AccruedTooSmall);
		let (account, reason) = (T::Members::account(issuer)?, HoldReason::Reserve.into());
		let (pot, precision, restriction) = (T::Pot::get(), Precision::Exact, Restriction::Free);
		T::Currency::transfer_on_hold(
			&reason,
			&account,
			&pot,
			value,
			precision,
			restriction,
			Fortitude::Polite,
		)?;
		Self::release_encumbrance(issuer, |all| &mut all.accrued, value)?;
		Self::count(issuer, |flows| &mut flows.interchange, value)?;
		Self::deposit_event(Event::InterchangeCollected { issuer, value });
		Ok(())
	}

	/// Let the bond of a debtor pay up to `value` to a creditor; returns how much there was.
	pub(crate) fn draw_bond(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> Result<Money, DispatchError> {
		let drawn = T::Members::draw_bond(debtor, &T::Members::account(creditor)?, value)?;
		Self::count(debtor, |flows| &mut flows.bond_paid, drawn)?;
		Self::count(creditor, |flows| &mut flows.bond_received, drawn)?;
		// What comes to an institution on its way out is for its holders first.
		if drawn > 0 && T::Members::ensure_payable(creditor).is_err() {
			Self::do_top_up(creditor, drawn)?;
		}
		Ok(drawn)
	}

	pub(crate) fn count(
		id: InstitutionId,
		of: impl Fn(&mut ReserveFlows) -> &mut Money,
		amount: Money,
	) -> DispatchResult {
		ReserveFlowsOf::<T>::try_mutate(id, |flows| Ok(of(flows).ensure_add_assign(amount)?))
	}

	/// Hold `value` of the free reserve back for something.
	pub(crate) fn encumber(
		id: InstitutionId,
		of: impl Fn(&mut Encumbrance) -> &mut Money,
		value: Money,
	) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		let account = T::Members::account(id)?;
		let mut all = Encumbrances::<T>::get(id);
		ensure!(excess(Self::held(&account), all.of_reserve()) >= value, Error::<T>::ReserveTooSmall);
		of(&mut all).ensure_add_assign(value)?;
		Encumbrances::<T>::insert(id, all);
		Ok(())
	}

	/// What was held back for something is not any more.
	pub(crate) fn release_encumbrance(
		id: InstitutionId,
		of: impl Fn(&mut Encumbrance) -> &mut Money,
		value: Money,
	) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		let mut all = Encumbrances::<T>::get(id);
		let counter = of(&mut all);
		*counter = counter.checked_sub(value).defensive_ok_or(Error::<T>::Inconsistent)?;
		if all == Encumbrance::default() {
			Encumbrances::<T>::remove(id);
		} else {
			Encumbrances::<T>::insert(id, all);
		}
		Ok(())
	}

	pub(crate) fn held(account: &T::AccountId) -> Money {
		T::Currency::balance_on_hold(&HoldReason::Reserve.into(), account)
	}

	/// What of the reserve on an institution's account nothing is held back of.
	pub(crate) fn free_on(account: &T::AccountId, id: InstitutionId) -> Money {
		excess(Self::held(account), Encumbrances::<T>::get(id).of_reserve())
	}
}

impl<T: Config> Reserves for Pallet<T> {
	fn reserve(id: InstitutionId) -> Money {
		T::Members::account(id).map(|account| Self::held(&account)).unwrap_or_default()
	}

	fn free_reserve(id: InstitutionId) -> Money {
		T::Members::account(id).map(|account| Self::free_on(&account, id)).unwrap_or_default()
	}

	fn earmarked(id: InstitutionId) -> Money {
		let Encumbrance { earmarked, from_lines, .. } = Encumbrances::<T>::get(id);
		earmarked.saturating_add(from_lines)
	}

	/// Saturated, so that of a broken book nothing of the bond is free.
	fn bond_debt(id: InstitutionId) -> Money {
		BondDebts::<T>::get(id).saturating_add(Encumbrances::<T>::get(id).on_lines)
	}

	fn ensure_serves_holders(id: InstitutionId) -> DispatchResult {
		if T::Members::ensure_payable(id).is_err() {
			let free = <Self as Reserves>::free_reserve(id);
			ensure!(free >= T::Liabilities::payable(id), Error::<T>::ReserveTooSmall);
		}
		Ok(())
	}

	fn close_books(id: InstitutionId) -> DispatchResult {
		// What is owed already comes first, if fines have left too little.
		let spare = excess(T::Members::bond(id), BondDebts::<T>::get(id));
		let moved = Encumbrances::<T>::get(id).on_lines.min(spare);
		if moved == 0 {
			return Ok(());
		}
		let account = T::Members::account(id)?;
		let moved = T::Members::draw_bond(id, &account, moved)?;
		Self::do_top_up(id, moved)?;
		Encumbrances::<T>::try_mutate(id, |all| {
			all.on_lines.ensure_sub_assign(moved)?;
			Ok(all.from_lines.ensure_add_assign(moved)?)
		})
	}

	fn add_to_reserve(id: InstitutionId, value: Money) -> DispatchResult {
		Self::do_top_up(id, value)
	}

	fn release_reserve(id: InstitutionId) -> DispatchResult {
		let account = T::Members::account(id)?;
		let is_free = !Encumbrances::<T>::contains_key(id)
			&& !BondDebts::<T>::contains_key(id)
			&& !Arrears::<T>::contains_key(id)
			&& !Payouts::<T>::contains_key(id);
		// What it is owed is on the lines that it granted, which end with it.
		let lines = CreditLines::<T>::iter_prefix(id).take(MAX_CREDIT_LINES as usize).collect::<Vec<_>>();
		let is_unused =
			|(debtor, line): &(_, CreditLine)| line.earmarked == 0 && Self::position(*debtor, id) == 0;
		ensure!(is_free && lines.iter().all(is_unused), Error::<T>::PositionOpen);
		lines.iter().for_each(|(debtor, _)| CreditLines::<T>::remove(id, debtor));
		let amount = Self::held(&account);
		if amount > 0 {
			Self::take_from_reserve_of(id, &account, amount)?;
			Self::deposit_event(Event::ReserveDrawnDown { institution: id, amount });
		}
		// Of who only ever put in and took out, nothing is left to know.
		if ReserveFlowsOf::<T>::get(id).is_even() {
			ReserveFlowsOf::<T>::remove(id);
		}
		Ok(())
	}

	fn net_paid(id: InstitutionId) -> Money {
		let owed = Turnover::<T>::iter_prefix_values(id).sum();
		excess(owed, RefundTurnover::<T>::iter_prefix_values(id).sum())
	}
}
