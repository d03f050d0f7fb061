//! Lines, positions and obligations.

use crate::{pallet::*, types::*, MAX_LINES};
use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use frame_support::{defensive, ensure};
use hanse_primitives::{Balance, Clearing, Earmark, Encumbrance, InstitutionId, Members, Reserves};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_grant_line(
		creditor: InstitutionId,
		debtor: InstitutionId,
		limit: Balance,
	) -> DispatchResult {
		ensure!(creditor != debtor, Error::<T>::OwnLine);
		let known = Lines::<T>::get(creditor, debtor);
		let old = known.unwrap_or_default();
		// Nobody is kept from risking less.
		if limit > old.limit {
			T::Members::ensure_active(creditor)?;
			T::Members::ensure_payable(debtor)?;
		}
		if known.is_none() {
			let lines = Lines::<T>::iter_key_prefix(creditor).take(MAX_LINES as usize).count() as u32;
			ensure!(limit == 0 || lines < MAX_LINES, Error::<T>::MaxLinesExceeded);
		}
		let used = Self::position(debtor, creditor).saturating_add(old.earmarked);
		ensure!(old.earmarked == 0 || limit >= used, Error::<T>::LineEarmarked);

		Lines::<T>::insert(creditor, debtor, Line { limit, ..old });
		Self::prune_line(debtor, creditor);
		Self::deposit_event(Event::LineGranted { creditor, debtor, old: old.limit, new: limit });
		Ok(())
	}

	/// Whether a settlement is still to be booked.
	pub(crate) fn is_running() -> bool {
		matches!(CurrentCycle::<T>::get().step, Step::Booking(_))
	}

	/// What `debtor` owes `creditor` on its line.
	pub(crate) fn position(debtor: InstitutionId, creditor: InstitutionId) -> Balance {
		let (pair, low) = Position::pair(debtor, creditor);
		Positions::<T>::get(pair).map_or(0, |position| position.owed_by(low))
	}

	/// What `debtor` may still come to owe on the line of `creditor`, beside what it owes there. Nothing, if it
	/// is on its way out.
	fn room(debtor: InstitutionId, creditor: InstitutionId, owed: Balance) -> Balance {
		// Without a line, which is how most pairs are, nothing else is read.
		let Some(line) = Lines::<T>::get(creditor, debtor) else { return 0 };
		let on_line = line.limit.saturating_sub(owed).saturating_sub(line.earmarked);
		if on_line == 0 || T::Members::ensure_payable(debtor).is_err() {
			return 0;
		}
		on_line.min(T::Members::bond(debtor).saturating_sub(Debts::<T>::get(debtor).total()))
	}

	/// How an obligation would be met now, on the line too if `on_line`.
	fn split(debtor: InstitutionId, creditor: InstitutionId, value: Balance, on_line: bool) -> Split {
		if Self::is_running() {
			return Split { set_off: 0, line: 0, money: value };
		}
		let (pair, low) = Position::pair(debtor, creditor);
		let position = Positions::<T>::get(pair).unwrap_or_default();
		let set_off = position.owed_by(!low).min(value);
		let rest = value - set_off;
		let line = match rest {
			0 => 0,
			_ if !on_line => 0,
			_ => Self::room(debtor, creditor, position.owed_by(low)).min(rest),
		};
		Split { set_off, line, money: rest - line }
	}

	/// Take up to `value` off what `debtor` owes `creditor`, the oldest first.
	pub(crate) fn reduce(debtor: InstitutionId, creditor: InstitutionId, value: Balance) {
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
		if position.units.is_empty() {
			Positions::<T>::remove(pair);
			Self::prune_line(debtor, creditor);
		} else {
			Positions::<T>::insert(pair, position);
		}
	}

	/// `debtor` comes to owe `creditor` more on its line.
	fn enlarge(debtor: InstitutionId, creditor: InstitutionId, value: Balance) {
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

	fn change_debt(debtor: InstitutionId, change: impl FnOnce(&mut Debt)) {
		Debts::<T>::mutate_exists(debtor, |slot| {
			let mut debt = slot.unwrap_or_default();
			change(&mut debt);
			*slot = (debt.total() > 0).then_some(debt);
		});
	}

	/// A line that is not granted any more goes with the last that was owed or kept on it.
	fn prune_line(debtor: InstitutionId, creditor: InstitutionId) {
		let unused = Lines::<T>::get(creditor, debtor) == Some(Line::default());
		if unused && Self::position(debtor, creditor) == 0 {
			Lines::<T>::remove(creditor, debtor);
		}
	}

	/// Keep `value` on a line, or give it back.
	fn earmark_line(debtor: InstitutionId, creditor: InstitutionId, change: impl Fn(Balance) -> Balance) {
		Lines::<T>::mutate(creditor, debtor, |slot| {
			let mut line = slot.unwrap_or_default();
			line.earmarked = change(line.earmarked);
			*slot = Some(line);
		});
		Self::change_debt(debtor, |debt| {
			let before = debt.earmarked;
			debt.earmarked = change(before);
			if debt.earmarked > before {
				debt.bond = T::Members::bond(debtor);
			}
		});
		Self::prune_line(debtor, creditor);
	}
}

impl<T: Config> Pallet<T> {
	/// Meet an obligation, on the line too if `on_line`; says whether there was anything to meet.
	fn meet(
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
		let Split { set_off, line, money } = Self::split(debtor, creditor, value, on_line);
		if money > 0 {
			ensure!(Self::free_on(&payer, debtor) >= money, Error::<T>::ReserveTooSmall);
			Self::pay(&payer, &payee, money)?;
		}
		Self::reduce(creditor, debtor, set_off);
		Self::enlarge(debtor, creditor, line);
		Self::deposit_event(Event::ObligationSettled { debtor, creditor, value, set_off, line });
		Ok(true)
	}

	/// `debtor` comes to owe more for its points.
	fn come_to_owe(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
		on_line: bool,
	) -> DispatchResult {
		if Self::meet(debtor, creditor, value, on_line)? {
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
		Self::come_to_owe(debtor, creditor, value, true)
	}

	fn owe_now(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		Self::come_to_owe(debtor, creditor, value, false)
	}

	fn owe_back(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult {
		if Self::meet(debtor, creditor, value, true)? {
			Returned::<T>::try_mutate(creditor, debtor, |back| grow(back, value))?;
		}
		Ok(())
	}

	fn ensure_on_time(debtor: InstitutionId) -> DispatchResult {
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
			false => Self::room(debtor, creditor, Self::position(debtor, creditor)).min(value),
		};
		Self::claim(debtor, |claim| &mut claim.earmarked, value - line)?;
		if line > 0 {
			Self::earmark_line(debtor, creditor, |earmarked| earmarked.saturating_add(line));
		}
		Ok(Earmark { line, reserve: value - line })
	}

	fn release_earmark(debtor: InstitutionId, creditor: InstitutionId, earmark: Earmark) {
		Self::release_claim(debtor, |claim| &mut claim.earmarked, earmark.reserve);
		if earmark.line > 0 {
			if Lines::<T>::get(creditor, debtor).is_none_or(|line| line.earmarked < earmark.line) {
				defensive!("more is released than was kept on a line", (creditor, debtor));
				return;
			}
			Self::earmark_line(debtor, creditor, |earmarked| earmarked.saturating_sub(earmark.line));
		}
	}

	fn accrue(issuer: InstitutionId, value: Balance) -> DispatchResult {
		Self::claim(issuer, |claim| &mut claim.accrued, value)
	}

	fn release_accrued(issuer: InstitutionId, value: Balance) {
		Self::release_claim(issuer, |claim| &mut claim.accrued, value)
	}

	fn collect(issuer: InstitutionId, value: Balance) -> DispatchResult {
		Self::do_collect(issuer, value)
	}

	fn encumbrances() -> Vec<(InstitutionId, Encumbrance)> {
		let mut all = BTreeMap::<InstitutionId, Encumbrance>::new();
		for (id, Claim { accrued, earmarked }) in Claims::<T>::iter() {
			all.insert(id, Encumbrance { accrued, earmarked, on_lines: 0 });
		}
		for (id, debt) in Debts::<T>::iter().filter(|(_, debt)| debt.earmarked > 0) {
			all.entry(id).or_default().on_lines = debt.earmarked;
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

	fn debt(id: InstitutionId) -> Balance {
		Debts::<T>::get(id).total()
	}

	fn add(id: InstitutionId, value: Balance) -> DispatchResult {
		Self::do_top_up(id, value)
	}

	fn release_reserve(id: InstitutionId) -> DispatchResult {
		let account = T::Members::account(id)?;
		let is_free = Claims::<T>::get(id) == Claim::default() && Debts::<T>::get(id) == Debt::default();
		// What it is owed is on the lines that it granted, which end with it.
		let lines = Lines::<T>::iter_prefix(id).take(MAX_LINES as usize).collect::<Vec<_>>();
		let is_unused = |(debtor, line): &(_, Line)| line.earmarked == 0 && Self::position(*debtor, id) == 0;
		ensure!(is_free && lines.iter().all(is_unused), Error::<T>::PositionOpen);
		lines.iter().for_each(|(debtor, _)| Lines::<T>::remove(id, debtor));
		match Self::held(&account) {
			0 => Ok(()),
			amount => {
				Self::withdraw(id, &account, amount)?;
				Self::deposit_event(Event::ReserveDrawnDown { institution: id, amount });
				Ok(())
			},
		}
	}

	fn paid(id: InstitutionId) -> Balance {
		let owed: Balance = Turnover::<T>::iter_prefix_values(id).sum();
		owed.saturating_sub(Returned::<T>::iter_prefix_values(id).sum())
	}
}
