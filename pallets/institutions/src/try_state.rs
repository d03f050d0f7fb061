//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, Status, MAX_APPLICATIONS};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use frame_support::ensure;
use hanse_primitives::{names, Electorate, Liabilities, Members, Reserves, MAX_MEMBERS};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_one_account_each()?;
		Self::invariant_2_bonds()?;
		Self::invariant_3_counts()?;
		Self::invariant_4_names()?;
		Self::invariant_5_the_electorate()?;
		Self::invariant_6_suspensions()?;
		Self::invariant_7_holders_are_served()
	}

	fn invariant_1_one_account_each() -> Result<(), TryRuntimeError> {
		for (id, institution) in Institutions::<T>::iter() {
			let owner = InstitutionOf::<T>::get(institution.account);
			ensure!(
				institution.status == Status::Left || owner == Some(id),
				"an institution's account is not its own"
			);
			ensure!(id <= LastInstitutionId::<T>::get(), "an id that was never given out");
		}
		for (account, id) in InstitutionOf::<T>::iter() {
			let institution = Institutions::<T>::get(id);
			ensure!(
				institution.is_some_and(|institution| institution.account == account),
				"an account belongs to an institution that is not its own"
			);
		}
		Ok(())
	}

	fn invariant_2_bonds() -> Result<(), TryRuntimeError> {
		for (id, institution) in Institutions::<T>::iter() {
			// The account of one that left may be that of a later applicant.
			let holds = Self::bond(id) > 0;
			let is_others = InstitutionOf::<T>::get(institution.account) != Some(id);
			// What a member owed may have taken all of its bond.
			let is_right = match institution.status {
				Status::Applied => holds,
				Status::Left => !holds,
				_ => true,
			};
			ensure!(
				is_others || is_right,
				"a bond is held for somebody who is gone, or not held for somebody who applies"
			);
		}
		Ok(())
	}

	fn invariant_3_counts() -> Result<(), TryRuntimeError> {
		let (mut members, mut applicants) = (0, BTreeSet::new());
		for (id, institution) in Institutions::<T>::iter() {
			members += u32::from(institution.status.is_member());
			if institution.status == Status::Applied {
				applicants.insert(id);
			}
		}
		ensure!(
			members == MemberCount::<T>::get() && members <= MAX_MEMBERS,
			"members are miscounted or too many"
		);
		let applications: BTreeSet<_> = Applications::<T>::iter_keys().collect();
		ensure!(
			applications == applicants
				&& Applications::<T>::count() == applicants.len() as u32
				&& Applications::<T>::count() <= MAX_APPLICATIONS,
			"the applications are not those of the applicants, or too many"
		);
		Ok(())
	}

	fn invariant_4_names() -> Result<(), TryRuntimeError> {
		let mut named = 0;
		for (id, institution) in Institutions::<T>::iter().filter(|(_, i)| i.status != Status::Left) {
			let readings = names::readings(&institution.profile.name);
			let is_own = readings.iter().all(|reading| InstitutionByReading::<T>::get(reading) == Some(id));
			ensure!(is_own, "an institution's name is not its own");
			named += readings.len();
		}
		ensure!(InstitutionByReading::<T>::iter().count() == named, "a name of nobody");
		Ok(())
	}

	fn invariant_5_the_electorate() -> Result<(), TryRuntimeError> {
		let mut electorate = Vec::new();
		for institution in Institutions::<T>::iter_values().filter(|i| i.status.votes()) {
			ensure!(LastSeen::<T>::contains_key(&institution.account), "nobody listens to a member");
			electorate.push(institution.account);
		}
		electorate.sort();
		ensure!(electorate == T::Electorate::members(), "the electorate is not the members that vote");
		ensure!(LastSeen::<T>::iter().count() == electorate.len(), "somebody is last_seen who does not vote");
		Ok(())
	}

	fn invariant_7_holders_are_served() -> Result<(), TryRuntimeError> {
		for (id, _) in Institutions::<T>::iter().filter(|(_, i)| i.status.serves_holders()) {
			let (owed, free) = (T::Liabilities::redeemable(id), T::Clearing::free_reserve(id));
			ensure!(
				owed <= free,
				"the free reserve of a member on its way out does not cover what its points pay"
			);
		}
		Ok(())
	}

	fn invariant_6_suspensions() -> Result<(), TryRuntimeError> {
		for (id, institution) in Institutions::<T>::iter() {
			let is_suspended = institution.status == Status::Suspended;
			let has_cause = !Suspensions::<T>::get(id).is_empty();
			ensure!(is_suspended == has_cause, "a suspension without a cause, or a cause without it");
		}
		Ok(())
	}
}
