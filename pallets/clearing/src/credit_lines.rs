//! Credit lines, and positions on them.
//!
//! Lines between two members, and that the sum of them is bounded: Bank of Canada, Large Value Transfer System,
//! Tranche 2 (bilateral credit limits, collateral for what they may come to).

use crate::{pallet::*, types::*, MAX_CREDIT_LINES};
use frame_support::{ensure, traits::DefensiveOption};
use hanse_primitives::{math::excess, InstitutionId, Liabilities, Members, Money, Reserves};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign},
	DispatchError, DispatchResult,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_grant_credit_line(
		creditor: InstitutionId,
		debtor: InstitutionId,
		limit: Money,
	) -> DispatchResult {
		ensure!(creditor != debtor, Error::<T>::OwnCreditLine);
		let known = CreditLines::<T>::get(creditor, debtor);
		let old = known.unwrap_or_default();
		// Nobody is kept from risking less.
		if limit > old.limit {
			T::Members::ensure_active(creditor)?;
			T::Members::ensure_payable(debtor)?;
		}
		if known.is_none() {
			let lines =
				CreditLines::<T>::iter_key_prefix(creditor).take(MAX_CREDIT_LINES as usize).count() as u32;
			ensure!(limit == 0 || lines < MAX_CREDIT_LINES, Error::<T>::MaxCreditLinesExceeded);
		}
		let used = Self::position(debtor, creditor).ensure_add(old.earmarked)?;
		ensure!(old.earmarked == 0 || limit >= used, Error::<T>::CreditLineEarmarked);

		CreditLines::<T>::insert(creditor, debtor, CreditLine { limit, ..old });
		Self::prune_credit_line(debtor, creditor);
		Self::deposit_event(Event::CreditLineGranted { creditor, debtor, old: old.limit, new: limit });
		Ok(())
	}

	pub(crate) fn do_accept_credit_line(
		debtor: InstitutionId,
		creditor: InstitutionId,
		limit: Money,
	) -> DispatchResult {
		let line = CreditLines::<T>::get(creditor, debtor).ok_or(Error::<T>::NotFound)?;
		let old = line.accepted;
		// Nobody is kept from owing less.
		if limit > old {
			T::Members::ensure_payable(debtor)?;
		}
		CreditLines::<T>::insert(creditor, debtor, CreditLine { accepted: limit, ..line });
		Self::deposit_event(Event::CreditLineAccepted { creditor, debtor, old, new: limit });
		Ok(())
	}

	/// What `debtor` owes `creditor` on its line.
	pub(crate) fn position(debtor: InstitutionId, creditor: InstitutionId) -> Money {
		let (pair, low) = Position::pair(debtor, creditor);
		Positions::<T>::get(pair).map_or(0, |position| position.owed_by(low))
	}

	/// How much more `debtor` may owe on the line of `creditor`. Nothing, if it
	/// is on its way out. A debt takes from what the bond answers for behind the debtor's points, so it must leave
	/// there what a draw-down would have to; what does not is paid in money.
	pub(crate) fn available_credit(
		debtor: InstitutionId,
		creditor: InstitutionId,
		owed: Money,
	) -> Result<Money, DispatchError> {
		// Without a line, which is how most pairs are, nothing else is read.
		let Some(line) = CreditLines::<T>::get(creditor, debtor) else { return Ok(0) };
		let on_line = excess(line.usable(), owed.ensure_add(line.earmarked)?);
		if on_line == 0 || T::Members::ensure_payable(debtor).is_err() {
			return Ok(0);
		}
		let free = <Self as Reserves>::free_reserve(debtor);
		let least = T::Liabilities::required_backing(debtor);
		if free < least.reserve {
			return Ok(0);
		}
		let bond = Self::free_bond(debtor);
		let spare = excess(bond.ensure_add(free)?, least.all);
		Ok(on_line.min(bond).min(spare))
	}

	/// What an institution's bond does not answer for already.
	pub(crate) fn free_bond(id: InstitutionId) -> Money {
		excess(T::Members::bond(id), <Self as Reserves>::bond_debt(id))
	}

	/// Take `value` off what `debtor` owes `creditor`, the oldest first.
	pub(crate) fn reduce_debt(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		let (pair, low) = Position::pair(debtor, creditor);
		let mut position = Positions::<T>::get(pair)
			.filter(|position| position.low_owes == low)
			.defensive_ok_or(Error::<T>::Inconsistent)?;
		position.take(value).defensive_ok_or(Error::<T>::Inconsistent)?;
		let owed = BondDebts::<T>::get(debtor);
		let owed = owed.checked_sub(value).defensive_ok_or(Error::<T>::Inconsistent)?;
		match owed {
			0 => BondDebts::<T>::remove(debtor),
			_ => BondDebts::<T>::insert(debtor, owed),
		}
		if position.debts.is_empty() {
			Positions::<T>::remove(pair);
			Self::prune_credit_line(debtor, creditor);
		} else {
			Positions::<T>::insert(pair, position);
		}
		Ok(())
	}

	/// Increase what `debtor` owes `creditor` on its line.
	pub(crate) fn increase_debt(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		let (pair, low) = Position::pair(debtor, creditor);
		let mut position = Positions::<T>::get(pair).unwrap_or_default();
		let cycle = CurrentCycle::<T>::get().index;
		position.add(low, cycle, value).defensive_ok_or(Error::<T>::Inconsistent)?;
		Positions::<T>::insert(pair, position);
		BondDebts::<T>::try_mutate(debtor, |owed| Ok(owed.ensure_add_assign(value)?))
	}

	/// A line that is not granted any more goes with the last that was owed or kept on it.
	fn prune_credit_line(debtor: InstitutionId, creditor: InstitutionId) {
		let unused = CreditLines::<T>::get(creditor, debtor)
			.is_some_and(|line| line.limit == 0 && line.earmarked == 0);
		if unused && Self::position(debtor, creditor) == 0 {
			CreditLines::<T>::remove(creditor, debtor);
		}
	}

	/// Keep `value` on a line.
	pub(crate) fn earmark_credit(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> DispatchResult {
		let mut line = CreditLines::<T>::get(creditor, debtor).defensive_ok_or(Error::<T>::Inconsistent)?;
		line.earmarked.ensure_add_assign(value)?;
		CreditLines::<T>::insert(creditor, debtor, line);
		Encumbrances::<T>::try_mutate(debtor, |all| Ok(all.on_lines.ensure_add_assign(value)?))
	}

	/// Give back what was kept on a line: of the reserve, as far as it is kept there since the debtor's books were
	/// closed.
	pub(crate) fn release_credit(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Money,
	) -> DispatchResult {
		let line = CreditLines::<T>::get(creditor, debtor).unwrap_or_default();
		let earmarked = line.earmarked.checked_sub(value).defensive_ok_or(Error::<T>::Inconsistent)?;
		CreditLines::<T>::insert(creditor, debtor, CreditLine { earmarked, ..line });
		let moved = Encumbrances::<T>::get(debtor).from_lines.min(value);
		Self::release_encumbrance(debtor, |all| &mut all.from_lines, moved)?;
		Self::release_encumbrance(debtor, |all| &mut all.on_lines, excess(value, moved))?;
		Self::prune_credit_line(debtor, creditor);
		Ok(())
	}
}
