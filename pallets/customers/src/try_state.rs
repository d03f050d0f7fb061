//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, types::*};
use alloc::collections::{btree_map::BTreeMap, btree_set::BTreeSet};
use frame_support::ensure;
use hanse_primitives::{InstitutionId, Tag};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_persons_have_their_accounts()?;
		Self::check_one_account_each()?;
		Self::check_stakes()?;
		Self::check_recoveries()?;
		Self::check_successions()
	}

	fn check_persons_have_their_accounts() -> Result<(), TryRuntimeError> {
		let mut accounts = BTreeMap::<Tag, u32>::new();
		for (_, registration) in Registrations::<T>::iter() {
			ensure!(Persons::<T>::contains_key(registration.tag), "a registration without its person");
			*accounts.entry(registration.tag).or_default() += 1;
		}
		for (tag, person) in Persons::<T>::iter() {
			let registered = accounts.get(&tag).copied().unwrap_or_default();
			ensure!(person.accounts == registered, "a person's accounts are not its registrations");
		}
		Ok(())
	}

	fn check_one_account_each() -> Result<(), TryRuntimeError> {
		for (account, Registration { tag, registrar, .. }) in Registrations::<T>::iter() {
			let listed = AccountOf::<T>::get(tag, registrar);
			ensure!(
				frame_system::Pallet::<T>::sufficients(&account) > 0,
				"a registration does not keep its account"
			);
			ensure!(listed == Some(account), "a registration is not listed under its person");
		}
		let (listed, registered) =
			(AccountOf::<T>::iter_keys().count(), Registrations::<T>::iter_keys().count());
		ensure!(listed == registered, "an account is listed that is not registered");
		Ok(())
	}

	fn check_stakes() -> Result<(), TryRuntimeError> {
		let mut stakes = BTreeMap::<InstitutionId, Stake>::new();
		for (_, recovery) in Recoveries::<T>::iter() {
			let stake = stakes.entry(recovery.institution).or_default();
			stake.recoveries += 1;
			stake.worth = stake.worth.saturating_add(recovery.worth());
		}
		let recorded: BTreeMap<_, _> = AtStake::<T>::iter().collect();
		ensure!(recorded == stakes, "what is at stake is not the recoveries");
		Ok(())
	}

	fn check_recoveries() -> Result<(), TryRuntimeError> {
		for (old, recovery) in Recoveries::<T>::iter() {
			let registration = Registrations::<T>::get(&old);
			let has_consent =
				registration.is_some_and(|r| r.registrar == recovery.institution && r.may_recover);
			ensure!(recovery.is_open() == has_consent, "a recovery is open without consent");
			let successor = Successors::<T>::get(&old);
			let expected = (!recovery.is_open()).then_some(&recovery.new);
			ensure!(successor.as_ref() == expected, "a recovery that moved left no successor");
			let vintages: BTreeSet<_> = recovery.claims.iter().map(|claim| claim.vintage).collect();
			ensure!(vintages.len() == recovery.claims.len(), "a recovery names a vintage twice");
			let moved = recovery.moved.unwrap_or_default() as usize;
			ensure!(moved <= recovery.claims.len(), "more has moved than was named");
		}
		Ok(())
	}

	fn check_successions() -> Result<(), TryRuntimeError> {
		for (old, new) in Successors::<T>::iter() {
			ensure!(!Registrations::<T>::contains_key(&old), "an account that was recovered is registered");
			let (mut seen, mut last) = (BTreeSet::from([old]), Some(new));
			while let Some(account) = last {
				last = Successors::<T>::get(&account);
				ensure!(seen.insert(account), "a succession comes back");
			}
		}
		Ok(())
	}
}
