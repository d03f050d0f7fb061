//! One function per invariant of the module's docs, in their order.

use crate::pallet::*;
use alloc::collections::{btree_map::BTreeMap, btree_set::BTreeSet};
use frame_support::ensure;
use hanse_primitives::{Balance, InstitutionId, Members, Reserves};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_reserves_equal_their_flows()?;
		Self::check_pairs_are_members()
	}

	fn check_reserves_equal_their_flows() -> Result<(), TryRuntimeError> {
		let mut incoming = BTreeMap::<InstitutionId, Balance>::new();
		let mut outgoing = BTreeMap::<InstitutionId, Balance>::new();
		for (id, deposit) in Deposits::<T>::iter() {
			*incoming.entry(id).or_default() += deposit.topped_up;
			*outgoing.entry(id).or_default() += deposit.drawn_down + deposit.interchange;
		}
		for (debtor, creditor, paid) in Turnover::<T>::iter() {
			*outgoing.entry(debtor).or_default() += paid;
			*incoming.entry(creditor).or_default() += paid;
		}
		for (creditor, debtor, back) in Returned::<T>::iter() {
			*outgoing.entry(debtor).or_default() += back;
			*incoming.entry(creditor).or_default() += back;
		}
		let ids: BTreeSet<_> = incoming.keys().chain(outgoing.keys()).copied().collect();
		for id in ids {
			let flows = incoming
				.get(&id)
				.copied()
				.unwrap_or_default()
				.checked_sub(outgoing.get(&id).copied().unwrap_or_default());
			ensure!(flows == Some(Self::reserve(id)), "a reserve is not the sum of its flows");
		}
		Ok(())
	}

	fn check_pairs_are_members() -> Result<(), TryRuntimeError> {
		for (debtor, creditor, _) in Turnover::<T>::iter() {
			ensure!(debtor != creditor, "a member paid itself");
			ensure!(
				T::Members::account(debtor).is_ok() && T::Members::account(creditor).is_ok(),
				"an obligation of somebody who is no member"
			);
		}
		Ok(())
	}
}
