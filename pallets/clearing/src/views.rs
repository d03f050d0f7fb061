//! What can be asked.

use crate::{pallet::*, types::*};
use alloc::collections::btree_set::BTreeSet;
use hanse_primitives::{Encumbrance, InstitutionId, Members, Reserves};

impl<T: Config> Pallet<T> {
	/// How an institution stands with everybody; `None` for strangers.
	pub(crate) fn read_positions(id: InstitutionId) -> Option<ClearingStatement> {
		T::Members::account(id).ok()?;
		let Encumbrance { accrued, earmarked, from_lines, on_lines } = Encumbrances::<T>::get(id);
		Some(ClearingStatement {
			reserve: <Self as Reserves>::reserve(id),
			free_reserve: <Self as Reserves>::free_reserve(id),
			accrued,
			earmarked: earmarked.saturating_add(from_lines),
			owed: BondDebts::<T>::get(id),
			earmarked_on_lines: on_lines,
			arrears: Arrears::<T>::get(id).sum,
			positions: Self::partners(id).into_iter().map(|with| Self::read_position(id, with)).collect(),
			overdue: Overdue::<T>::get(id),
		})
	}

	/// With whom an institution has a line, and so a position at most.
	fn partners(id: InstitutionId) -> BTreeSet<InstitutionId> {
		CreditLines::<T>::iter_keys()
			.filter_map(|(creditor, debtor)| match id {
				_ if creditor == id => Some(debtor),
				_ if debtor == id => Some(creditor),
				_ => None,
			})
			.collect()
	}

	fn read_position(id: InstitutionId, with: InstitutionId) -> PositionView {
		let (pair, low) = Position::pair(id, with);
		let position = Positions::<T>::get(pair).unwrap_or_default();
		let line = CreditLines::<T>::get(with, id).unwrap_or_default();
		let granted = CreditLines::<T>::get(id, with).unwrap_or_default();
		PositionView {
			with,
			owes: position.owed_by(low),
			is_owed: position.owed_by(!low),
			line: line.limit,
			accepted: line.accepted,
			granted: granted.limit,
			granted_accepted: granted.accepted,
			debts: position.debts.into_inner(),
		}
	}
}
