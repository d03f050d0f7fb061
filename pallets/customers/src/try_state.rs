//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, types::*};
use alloc::collections::{btree_map::BTreeMap, btree_set::BTreeSet};
use frame_support::ensure;
use hanse_primitives::{InstitutionId, MAX_SUCCESSIONS};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_persons_have_their_accounts()?;
		Self::invariant_2_one_account_each()?;
		Self::invariant_3_exposures()?;
		Self::invariant_4_recoveries()?;
		Self::invariant_5_successions()?;
		Self::invariant_6_retention()
	}

	fn invariant_1_persons_have_their_accounts() -> Result<(), TryRuntimeError> {
		#[derive(Debug, Default, PartialEq)]
		struct Accounts {
			registered: u32,
			former: u32,
		}
		let mut accounts = BTreeMap::<PersonId, Accounts>::new();
		for (account, registration) in Registrations::<T>::iter() {
			let id = registration.person();
			ensure!(!FormerAccounts::<T>::contains_key(account, id), "a former account is registered");
			accounts.entry(id).or_default().registered += 1;
		}
		for (account, id, _) in FormerAccounts::<T>::iter() {
			let keeps = frame_system::Pallet::<T>::sufficients(&account) > 0;
			ensure!(keeps, "what is remembered does not keep its account");
			accounts.entry(id).or_default().former += 1;
		}
		let of = |person: Person| Accounts { registered: person.accounts, former: person.former };
		let recorded: BTreeMap<_, _> = Persons::<T>::iter().map(|(id, person)| (id, of(person))).collect();
		ensure!(recorded == accounts, "a person's accounts are not those that count for it");
		Ok(())
	}

	fn invariant_2_one_account_each() -> Result<(), TryRuntimeError> {
		for (account, Registration { tag, registrar, .. }) in Registrations::<T>::iter() {
			let listed = AccountOf::<T>::get(tag, registrar);
			let kept = 1 + FormerAccounts::<T>::iter_prefix(&account).count() as u32;
			ensure!(
				frame_system::Pallet::<T>::sufficients(&account) >= kept,
				"a registration does not keep its account"
			);
			ensure!(listed == Some(account), "a registration is not listed under its person");
		}
		let (listed, registered) =
			(AccountOf::<T>::iter_keys().count(), Registrations::<T>::iter_keys().count());
		ensure!(listed == registered, "an account is listed that is not registered");
		Ok(())
	}

	fn invariant_3_exposures() -> Result<(), TryRuntimeError> {
		let mut stakes = BTreeMap::<InstitutionId, RecoveryExposure>::new();
		for (_, recovery) in Recoveries::<T>::iter() {
			let stake = stakes.entry(recovery.institution).or_default();
			stake.recoveries += 1;
			stake.worth += recovery.worth()?;
		}
		let recorded: BTreeMap<_, _> = RecoveryExposures::<T>::iter().collect();
		ensure!(recorded == stakes, "what is at stake is not the recoveries");
		Ok(())
	}

	fn invariant_4_recoveries() -> Result<(), TryRuntimeError> {
		for (old, recovery) in Recoveries::<T>::iter() {
			let registration = Registrations::<T>::get(&old);
			let has_consent =
				registration.is_some_and(|r| r.registrar == recovery.institution && r.may_recover);
			ensure!(recovery.is_open() == has_consent, "a recovery is open without consent");
			let successor = Successors::<T>::get(&old);
			let expected = (!recovery.is_open()).then_some(&recovery.new);
			ensure!(successor.as_ref() == expected, "a recovery that moved left no successor");
			let vintages: BTreeSet<_> = recovery.items.iter().map(|claim| claim.vintage).collect();
			ensure!(vintages.len() == recovery.items.len(), "a recovery names a vintage twice");
			let moved = recovery.moved.unwrap_or_default() as usize;
			ensure!(moved <= recovery.items.len(), "more has moved than was named");
		}
		Ok(())
	}

	/// Lines that grow by one from each account to the next cannot come back to where they began.
	fn invariant_5_successions() -> Result<(), TryRuntimeError> {
		for (old, new) in Successors::<T>::iter() {
			ensure!(!Registrations::<T>::contains_key(&old), "an account that was recovered is registered");
			let line = Predecessors::<T>::get(&old).map(|behind| behind.line).unwrap_or_default() + 1;
			let behind = Predecessors::<T>::get(&new);
			let knows = behind.is_some_and(|behind| (&behind.account, behind.line) == (&old, line));
			ensure!(knows, "a successor does not know whose place it took");
			ensure!(line <= MAX_SUCCESSIONS, "a line is too long to be followed");
		}
		let (forth, back) = (Successors::<T>::iter_keys().count(), Predecessors::<T>::iter_keys().count());
		ensure!(forth == back, "an account took the place of one that has no successor");
		Ok(())
	}

	fn invariant_6_retention() -> Result<(), TryRuntimeError> {
		let former = FormerAccounts::<T>::iter()
			.map(|(account, id, until)| (until, RetainedItem::FormerAccounts(account, id)));
		let withdrawn = WithdrawnConsents::<T>::iter()
			.map(|(account, until)| (until, RetainedItem::WithdrawnConsents(account)));
		let mut kept = 0;
		for (until, leftover) in former.chain(withdrawn) {
			let is_listed = RetentionQueue::<T>::contains_key(Self::day_after(until), leftover);
			ensure!(is_listed, "something is kept for ever");
			kept += 1;
		}
		ensure!(RetentionQueue::<T>::iter_keys().count() == kept, "something is to go that is not there");
		Ok(())
	}
}
