//! Lines, positions and obligations.

use crate::{pallet::*, types::*, MAX_CREDIT_LINES};
use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use frame_support::{defensive, ensure};
use hanse_primitives::{
	Balance, Clearing, Earmark, Encumbrance, InstitutionId, Liabilities, Members, Reserves,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_grant_credit_line(
		creditor: InstitutionId,
		debtor: InstitutionId,
		limit: Balance,
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
		let used = Self::position(debtor, creditor).saturating_add(old.earmarked);
		ensure!(old.earmarked == 0 || limit >= used, Error::<T>::CreditLineEarmarked);

		CreditLines::<T>::insert(creditor, debtor, CreditLine { limit, ..old });
		Self::prune_credit_line(debtor, creditor);
		Self::deposit_event(Event::CreditLineGranted { creditor, debtor, old: old.limit, new: limit });
		Ok(())
	}

	pub(crate) fn do_accept_credit_line(
		debtor: InstitutionId,
		creditor: InstitutionId,
		limit: Balance,
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

	/// Whether a settlement is still to be booked.
	pub(crate) fn is_running() -> bool {
		matches!(CurrentCycle::<T>::get().stage, SettlementStage::Posting(_))
	}

	/// What `debtor` owes `creditor` on its line.
	pub(crate) fn position(debtor: InstitutionId, creditor: InstitutionId) -> Balance {
		let (pair, low) = Position::pair(debtor, creditor);
		Positions::<T>::get(pair).map_or(0, |position| position.owed_by(low))
	}

	/// How much more `debtor` may owe on the line of `creditor`. Nothing, if it
	/// is on its way out. A debt takes from what the bond answers for behind the debtor's points, so it must leave
	/// there what a draw-down would have to; what does not is paid in money.
	fn available_credit(debtor: InstitutionId, creditor: InstitutionId, owed: Balance) -> Balance {
		// Without a line, which is how most pairs are, nothing else is read.
		let Some(line) = CreditLines::<T>::get(creditor, debtor) else { return 0 };
		let on_line = line.usable().saturating_sub(owed).saturating_sub(line.earmarked);
		if on_line == 0 || T::Members::ensure_payable(debtor).is_err() {
			return 0;
		}
		let (free, least) =
			(<Self as Reserves>::free_reserve(debtor), T::Liabilities::required_backing(debtor));
		if free < least.reserve {
			return 0;
		}
		let bond = T::Members::bond(debtor).saturating_sub(BondDebts::<T>::get(debtor).total());
		let spare = bond.saturating_add(free).saturating_sub(least.all);
		on_line.min(bond).min(spare)
	}

	/// How an obligation would be met now, on the line too if `on_line`.
	pub(crate) fn allocate(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
		on_line: bool,
	) -> Allocation {
		// Whoever is on its way out is paid in money, which its holders need: it is its bond that answers for what
		// it owes itself.
		if Self::is_running() || T::Members::ensure_payable(creditor).is_err() {
			return Allocation { set_off: 0, line: 0, money: value };
		}
		let (pair, low) = Position::pair(debtor, creditor);
		let position = Positions::<T>::get(pair).unwrap_or_default();
		let set_off = position.owed_by(!low).min(value);
		let rest = value - set_off;
		let line = match rest {
			0 => 0,
			_ if !on_line => 0,
			_ => Self::available_credit(debtor, creditor, position.owed_by(low)).min(rest),
		};
		Allocation { set_off, line, money: rest - line }
	}

	/// Take up to `value` off what `debtor` owes `creditor`, the oldest first.
	pub(crate) fn reduce_debt(debtor: InstitutionId, creditor: InstitutionId, value: Balance) {
		if value == 0 {
			return;
		}
		let (pair, low) = Position::pair(debtor, creditor);
		let Some(mut position) = Positions::<T>::get(pair).filter(|position| position.low_owes == low) else {
			defensive!("something is paid that is not owed", pair);
			return;
		};
		let taken = position.take(value);
		Self::change_debt(debtor, |debt| debt.owed = debt.owed.saturating_sub(taken));
		if position.debts.is_empty() {
			Positions::<T>::remove(pair);
			Self::prune_credit_line(debtor, creditor);
		} else {
			Positions::<T>::insert(pair, position);
		}
	}

	/// Increase what `debtor` owes `creditor` on its line.
	pub(crate) fn increase_debt(debtor: InstitutionId, creditor: InstitutionId, value: Balance) {
		if value == 0 {
			return;
		}
		let (pair, low) = Position::pair(debtor, creditor);
		let mut position = Positions::<T>::get(pair).unwrap_or_default();
		position.add(low, CurrentCycle::<T>::get().index, value);
		Positions::<T>::insert(pair, position);
		Self::change_debt(debtor, |debt| {
			debt.owed = debt.owed.saturating_add(value);
			debt.bond = T::Members::bond(debtor);
		});
	}

	fn change_debt(debtor: InstitutionId, change: impl FnOnce(&mut BondDebt)) {
		BondDebts::<T>::mutate_exists(debtor, |slot| {
			let mut debt = slot.unwrap_or_default();
			change(&mut debt);
			*slot = (debt.total() > 0).then_some(debt);
		});
	}

	/// A line that is not granted any more goes with the last that was owed or kept on it.
	fn prune_credit_line(debtor: InstitutionId, creditor: InstitutionId) {
		let unused =
			CreditLines::<T>::get(creditor, debtor).is_some_and(|l| l.limit == 0 && l.earmarked == 0);
		if unused && Self::position(debtor, creditor) == 0 {
			CreditLines::<T>::remove(creditor, debtor);
		}
	}

	/// Keep `value` on a line.
	fn earmark_credit(debtor: InstitutionId, creditor: InstitutionId, value: Balance) {
		CreditLines::<T>::mutate(creditor, debtor, |slot| {
			let mut line = slot.unwrap_or_default();
			line.earmarked = line.earmarked.saturating_add(value);
			*slot = Some(line);
		});
		Self::change_debt(debtor, |debt| {
			debt.earmarked = debt.earmarked.saturating_add(value);
			debt.bond = T::Members::bond(debtor);
		});
	}

	/// Give back what was kept on a line: of the reserve, as far as it is kept there since the debtor's books were
	/// closed.
	fn release_credit(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		let line = CreditLines::<T>::get(creditor, debtor).unwrap_or_default();
		let Some(earmarked) = line.earmarked.checked_sub(value) else {
			defensive!("more is released than was kept on a line", (creditor, debtor));
			return Err(Error::<T>::Inconsistent.into());
		};
		CreditLines::<T>::insert(creditor, debtor, CreditLine { earmarked, ..line });
		let moved = Encumbrances::<T>::get(debtor).from_lines.min(value);
		Self::release_encumbrance(debtor, |encumbrance| &mut encumbrance.from_lines, moved)?;
		Self::release_encumbrance(debtor, |encumbrance| &mut encumbrance.earmarked, moved)?;
		if value > moved {
			Self::change_debt(debtor, |debt| {
				debt.earmarked = debt.earmarked.saturating_sub(value.saturating_sub(moved))
			});
		}
		Self::prune_credit_line(debtor, creditor);
		Ok(())
	}
}

impl<T: Config> Pallet<T> {
	/// Meet an obligation, on the line too if `on_line`; says whether there was anything to meet.
	fn settle_obligation(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
		on_line: bool,
	) -> Result<bool, DispatchError> {
		// Nobody owes itself, and nothing is owed for points that were worth nothing.
		if debtor == creditor || value == 0 {
			return Ok(false);
		}
		let payer = T::Members::account(debtor)?;
		let payee = T::Members::account(creditor)?;
		let Allocation { set_off, line, money } = Self::allocate(debtor, creditor, value, on_line);
		if money > 0 {
			let left = Self::free_on(&payer, debtor).checked_sub(money).ok_or(Error::<T>::ReserveTooSmall)?;
			let for_holders = match T::Members::ensure_payable(debtor) {
				Ok(()) => 0,
				Err(_) => T::Liabilities::redeemable(debtor),
			};
			ensure!(left >= for_holders, Error::<T>::ReserveTooSmall);
			Self::pay(&payer, &payee, money)?;
		}
		Self::reduce_debt(creditor, debtor, set_off);
		Self::increase_debt(debtor, creditor, line);
		Self::deposit_event(Event::ObligationSettled { debtor, creditor, value, set_off, line });
		Ok(true)
	}

	/// Fails by name if `debtor` could not owe `creditor` as much for its points now. Changes nothing.
	pub fn ensure_can_owe(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		let money = Self::allocate(debtor, creditor, value, true).money;
		let payer = T::Members::account(debtor)?;
		ensure!(money == 0 || Self::free_on(&payer, debtor) >= money, Error::<T>::ReserveTooSmall);
		Ok(())
	}

	/// Count a refund of what `debtor` owed for its points.
	pub(crate) fn record_refund(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
	) -> DispatchResult {
		RefundTurnover::<T>::try_mutate(debtor, creditor, |back| grow(back, value))
	}

	/// Increase what `debtor` owes `creditor` for its points.
	fn owe_for_points(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
		on_line: bool,
	) -> DispatchResult {
		if Self::settle_obligation(debtor, creditor, value, on_line)? {
			Turnover::<T>::try_mutate(debtor, creditor, |owed| grow(owed, value))?;
		}
		Ok(())
	}
}

fn grow(counter: &mut Balance, value: Balance) -> DispatchResult {
	*counter = counter.checked_add(value).ok_or(ArithmeticError::Overflow)?;
	Ok(())
}

impl<T: Config> Clearing for Pallet<T> {
	fn owe(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		Self::owe_for_points(debtor, creditor, value, true)
	}

	fn owe_gross(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		Self::owe_for_points(debtor, creditor, value, false)
	}

	fn owe_refund(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		let money = Self::allocate(debtor, creditor, value, false).money;
		// Of who is on its way out the holders come first, as with all that it owes.
		if debtor != creditor && money > 0 && T::Members::ensure_payable(debtor).is_ok() {
			Self::ensure_may_leave(debtor, money)?;
		}
		if Self::settle_obligation(debtor, creditor, value, false)? {
			Self::record_refund(creditor, debtor, value)?;
		}
		Ok(())
	}

	fn ensure_not_overdue(debtor: InstitutionId) -> DispatchResult {
		ensure!(!Overdue::<T>::contains_key(debtor), Error::<T>::Overdue);
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
		T::Members::account(creditor)?;
		let line = match Self::is_running() {
			true => 0,
			false => Self::available_credit(debtor, creditor, Self::position(debtor, creditor)).min(value),
		};
		Self::encumber(debtor, |encumbrance| &mut encumbrance.earmarked, value - line)?;
		if line > 0 {
			Self::earmark_credit(debtor, creditor, line);
		}
		Ok(Earmark { line, reserve: value - line })
	}

	fn release_earmark(debtor: InstitutionId, creditor: InstitutionId, earmark: Earmark) -> DispatchResult {
		Self::release_encumbrance(debtor, |encumbrance| &mut encumbrance.earmarked, earmark.reserve)?;
		match earmark.line {
			0 => Ok(()),
			line => Self::release_credit(debtor, creditor, line),
		}
	}

	fn accrue(issuer: InstitutionId, value: Balance) -> DispatchResult {
		Self::encumber(issuer, |encumbrance| &mut encumbrance.accrued, value)
	}

	fn release_accrued(issuer: InstitutionId, value: Balance) -> DispatchResult {
		Self::release_encumbrance(issuer, |encumbrance| &mut encumbrance.accrued, value)
	}

	fn collect(issuer: InstitutionId, value: Balance) -> DispatchResult {
		Self::do_collect(issuer, value)
	}

	fn encumbrances() -> Vec<(InstitutionId, Encumbrance)> {
		let mut all = BTreeMap::<InstitutionId, Encumbrance>::new();
		for (id, ReserveEncumbrance { accrued, earmarked, from_lines }) in Encumbrances::<T>::iter() {
			let earmarked = earmarked.saturating_sub(from_lines);
			all.insert(id, Encumbrance { accrued, earmarked, on_lines: from_lines });
		}
		for (id, debt) in BondDebts::<T>::iter().filter(|(_, debt)| debt.earmarked > 0) {
			let on_lines = &mut all.entry(id).or_default().on_lines;
			*on_lines = on_lines.saturating_add(debt.earmarked);
		}
		all.into_iter().collect()
	}
}

impl<T: Config> Reserves for Pallet<T> {
	fn reserve(id: InstitutionId) -> Balance {
		T::Members::account(id).map(|account| Self::held(&account)).unwrap_or_default()
	}

	fn free_reserve(id: InstitutionId) -> Balance {
		T::Members::account(id).map(|account| Self::free_on(&account, id)).unwrap_or_default()
	}

	fn earmarked(id: InstitutionId) -> Balance {
		Encumbrances::<T>::get(id).earmarked
	}

	fn bond_debt(id: InstitutionId) -> Balance {
		BondDebts::<T>::get(id).total()
	}

	fn ensure_serves_holders(id: InstitutionId) -> DispatchResult {
		if T::Members::ensure_payable(id).is_err() {
			let free = <Self as Reserves>::free_reserve(id);
			ensure!(free >= T::Liabilities::payable(id), Error::<T>::ReserveTooSmall);
		}
		Ok(())
	}

	fn close_books(id: InstitutionId) -> DispatchResult {
		let BondDebt { owed, earmarked, .. } = BondDebts::<T>::get(id);
		// What is owed already comes first, if fines have left too little.
		let moved = earmarked.min(T::Members::bond(id).saturating_sub(owed));
		if moved == 0 {
			return Ok(());
		}
		let account = T::Members::account(id)?;
		let moved = T::Members::draw_bond(id, &account, moved)?;
		Self::do_top_up(id, moved)?;
		Self::encumber(id, |encumbrance| &mut encumbrance.earmarked, moved)?;
		Encumbrances::<T>::mutate(id, |encumbrance| {
			encumbrance.from_lines = encumbrance.from_lines.saturating_add(moved)
		});
		Self::change_debt(id, |debt| debt.earmarked = debt.earmarked.saturating_sub(moved));
		Ok(())
	}

	fn add_to_reserve(id: InstitutionId, value: Balance) -> DispatchResult {
		Self::do_top_up(id, value)
	}

	fn release_reserve(id: InstitutionId) -> DispatchResult {
		let account = T::Members::account(id)?;
		let is_free = Encumbrances::<T>::get(id) == ReserveEncumbrance::default()
			&& BondDebts::<T>::get(id) == BondDebt::default()
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

	fn net_paid(id: InstitutionId) -> Balance {
		let owed: Balance = Turnover::<T>::iter_prefix_values(id).sum();
		owed.saturating_sub(RefundTurnover::<T>::iter_prefix_values(id).sum())
	}
}
