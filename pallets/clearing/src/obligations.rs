//! Obligations: how one is met, and what is kept for one that may come.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::ensure;
use hanse_primitives::{
	math::excess, Clearing, Earmark, Encumbrance, InstitutionId, Liabilities, Members, Money, Party,
};
use sp_runtime::{traits::EnsureAddAssign, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Whether a settlement is still to be posted.
	pub(crate) fn is_running() -> bool {
		matches!(CurrentCycle::<T>::get().stage, SettlementStage::Posting(_))
	}

	/// How an obligation would be met now to a creditor that `is_payable` or not, on the line too if `on_line`.
	pub(crate) fn allocate(
		debtor: InstitutionId,
		creditor: InstitutionId,
		is_payable: bool,
		value: Money,
		on_line: bool,
	) -> Result<Allocation, DispatchError> {
		// Whoever is on its way out is paid in money, which its holders need: it is its bond that answers for what
		// it owes itself.
		if !is_payable || Self::is_running() {
			return Ok(Allocation { set_off: 0, line: 0, money: value });
		}
		let (pair, low) = Position::pair(debtor, creditor);
		let position = Positions::<T>::get(pair).unwrap_or_default();
		let set_off = position.owed_by(!low).min(value);
		let rest = excess(value, set_off);
		let line = match rest {
			0 => 0,
			_ if !on_line => 0,
			_ => Self::available_credit(debtor, creditor, position.owed_by(low))?.min(rest),
		};
		Ok(Allocation { set_off, line, money: excess(rest, line) })
	}

	/// Nobody owes itself, and nothing is owed for points that were worth nothing.
	pub(crate) fn owes_nothing(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> bool {
		debtor == creditor || value == 0
	}

	/// Meet an obligation as it was allocated, and accrue `interchange` on the debtor.
	fn settle_obligation(
		debtor: InstitutionId,
		creditor: InstitutionId,
		payee: &T::AccountId,
		value: Money,
		interchange: Money,
		Allocation { set_off, line, money }: Allocation,
	) -> DispatchResult {
		let payer = T::Members::party(debtor)?;
		if money > 0 || interchange > 0 {
			let (held, mut all) = (Self::held(&payer.account), Encumbrances::<T>::get(debtor));
			let free = excess(held, all.of_reserve());
			let left = free.checked_sub(money).ok_or(Error::<T>::ReserveTooSmall)?;
			if money > 0 {
				let for_holders = if payer.is_payable { 0 } else { T::Liabilities::redeemable(debtor) };
				ensure!(left >= for_holders, Error::<T>::ReserveTooSmall);
				Self::pay_of(held, &payer.account, payee, money)?;
			}
			if interchange > 0 {
				ensure!(left >= interchange, Error::<T>::ReserveTooSmall);
				all.accrued.ensure_add_assign(interchange)?;
				Encumbrances::<T>::insert(debtor, all);
			}
		}
		Self::reduce_debt(creditor, debtor, set_off)?;
		Self::increase_debt(debtor, creditor, line)?;
		Self::deposit_event(Event::ObligationSettled { debtor, creditor, value, set_off, line });
		Ok(())
	}

	/// Fails by name if `debtor` could not owe `creditor`, which is payable, as much for its points now. Changes
	/// nothing.
	pub fn ensure_can_owe(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> DispatchResult {
		let money = Self::allocate(debtor, creditor, true, value, true)?.money;
		let payer = T::Members::account(debtor)?;
		ensure!(money == 0 || Self::free_on(&payer, debtor) >= money, Error::<T>::ReserveTooSmall);
		Ok(())
	}

	/// Count a refund of what `debtor` owed for its points.
	pub(crate) fn record_refund(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> DispatchResult {
		RefundTurnover::<T>::try_mutate(debtor, creditor, |back| Ok(back.ensure_add_assign(value)?))
	}

	/// Increase what `debtor` owes `creditor` for its points, and accrue `interchange`.
	fn owe_for_points(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
		interchange: Money,
		on_line: bool,
	) -> DispatchResult {
		if Self::owes_nothing(debtor, creditor, value) {
			return Self::accrue(debtor, interchange);
		}
		let Party { account: payee, is_payable } = T::Members::party(creditor)?;
		let allocation = Self::allocate(debtor, creditor, is_payable, value, on_line)?;
		Self::settle_obligation(debtor, creditor, &payee, value, interchange, allocation)?;
		Turnover::<T>::try_mutate(debtor, creditor, |owed| Ok(owed.ensure_add_assign(value)?))
	}
}

impl<T: Config> Clearing for Pallet<T> {
	fn owe(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> DispatchResult {
		Self::owe_for_points(debtor, creditor, value, 0, true)
	}

	fn owe_and_accrue(
		debtor: InstitutionId,
		creditor: InstitutionId,
		net: Money,
		interchange: Money,
	) -> DispatchResult {
		Self::owe_for_points(debtor, creditor, net, interchange, true)
	}

	fn owe_gross(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> DispatchResult {
		Self::owe_for_points(debtor, creditor, value, 0, false)
	}

	fn owe_refund(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> DispatchResult {
		if Self::owes_nothing(debtor, creditor, value) {
			return Ok(());
		}
		let Party { account: payee, is_payable } = T::Members::party(creditor)?;
		let allocation = Self::allocate(debtor, creditor, is_payable, value, false)?;
		// Of an institution on its way out the holders come first, as with all that it owes.
		if allocation.money > 0 && T::Members::ensure_payable(debtor).is_ok() {
			Self::ensure_may_leave(debtor, allocation.money)?;
		}
		Self::settle_obligation(debtor, creditor, &payee, value, 0, allocation)?;
		Self::record_refund(creditor, debtor, value)
	}

	fn ensure_not_overdue(debtor: InstitutionId) -> DispatchResult {
		ensure!(!Overdue::<T>::contains_key(debtor), Error::<T>::Overdue);
		Ok(())
	}

	fn earmark(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> Result<Earmark, DispatchError> {
		if debtor == creditor || value == 0 {
			return Ok(Earmark::default());
		}
		T::Members::account(creditor)?;
		let line = match Self::is_running() {
			true => 0,
			false => Self::available_credit(debtor, creditor, Self::position(debtor, creditor))?.min(value),
		};
		let reserve = excess(value, line);
		Self::encumber(debtor, |all| &mut all.earmarked, reserve)?;
		if line > 0 {
			Self::earmark_credit(debtor, creditor, line)?;
		}
		Ok(Earmark { line, reserve })
	}

	fn release_earmark(debtor: InstitutionId, creditor: InstitutionId, earmark: Earmark) -> DispatchResult {
		Self::release_encumbrance(debtor, |all| &mut all.earmarked, earmark.reserve)?;
		match earmark.line {
			0 => Ok(()),
			line => Self::release_credit(debtor, creditor, line),
		}
	}

	fn accrue(issuer: InstitutionId, value: Money) -> DispatchResult {
		Self::encumber(issuer, |all| &mut all.accrued, value)
	}

	fn release_accrued(issuer: InstitutionId, value: Money) -> DispatchResult {
		Self::release_encumbrance(issuer, |all| &mut all.accrued, value)
	}

	fn collect(issuer: InstitutionId, value: Money) -> DispatchResult {
		Self::do_collect(issuer, value)
	}

	fn encumbrances() -> Vec<(InstitutionId, Encumbrance)> {
		Encumbrances::<T>::iter().collect()
	}
}
