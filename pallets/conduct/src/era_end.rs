//! The end of an era: everybody is assessed once, and then settled with, member by member.

use crate::{pallet::*, types::*, weights::WeightInfo};
use alloc::{
	collections::{btree_map::BTreeMap, btree_set::BTreeSet},
	vec::Vec,
};
use core::cmp::Reverse;
use frame_support::{
	defensive,
	storage::{with_storage_layer, with_transaction},
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
		Get,
	},
	weights::WeightMeter,
};
use hanse_primitives::{
	Electorate, EndedEras, EraIndex, InstitutionId, Members, Money, OffenceKind, OnEraEnd, Progress,
	ServiceReport, ServiceReports,
};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign},
	BoundedVec, DispatchError, TransactionOutcome,
};

impl<T: Config> OnEraEnd for Pallet<T> {
	/// Assess everybody in one block; then settle with one member after the other; then stop authorities.
	fn on_era_end(ended: EndedEras, _: &mut u32, meter: &mut WeightMeter) -> Progress {
		if meter.try_consume(T::DbWeight::get().reads_writes(1, 1)).is_err() {
			return Progress::Unfinished;
		}
		let mut assessed = match Assessed::<T>::get() {
			Some(assessed) => assessed,
			None if meter.try_consume(T::WeightInfo::assess()).is_ok() => Self::assess_all(ended),
			None => return Progress::Unfinished,
		};
		if Self::settle(&mut assessed, meter) == Progress::Unfinished {
			Assessed::<T>::put(assessed);
			return Progress::Unfinished;
		}
		Assessed::<T>::kill();
		let AssessedEra { era, good, share, paid, .. } = assessed;
		Self::deposit_event(Event::EraEnded { era, good, share, paid });
		Progress::Done
	}
}

impl<T: Config> Pallet<T> {
	/// Assess everybody. What follows depends on this alone, and not on who is settled with first.
	fn assess_all(EndedEras { first, next: era }: EndedEras) -> AssessedEra {
		let services: BTreeMap<_, _> = T::ServiceReports::take_reports()
			.into_iter()
			.map(|service| (service.institution, service))
			.collect();
		let interchange: BTreeMap<InstitutionId, Money> = InterchangeOf::<T>::drain().collect();
		let assess = |member: InstitutionId| {
			let interchange = interchange.get(&member).copied().unwrap_or_default();
			Self::assess(member, services.get(&member), interchange, first, era)
		};
		let members: Vec<_> = Self::to_assess(services.keys().copied()).into_iter().map(assess).collect();
		if members.len() > MAX_ASSESSMENTS as usize {
			defensive!("more members than there can be");
			Self::deposit_event(Event::NotAssessed { members: members.len() as u32 });
		}
		let members = BoundedVec::truncate_from(members);
		let good = members.iter().filter(|member: &&Assessment| member.good).count() as u32;
		let share = Self::distributable().checked_div(good.into()).unwrap_or_default();
		AssessedEra { era, share, good, paid: 0, next: 0, members }
	}

	/// The electorate, who runs an authority, and an institution on its way out with something against it, which comes last.
	/// An institution that is gone is forgotten.
	fn to_assess(serving: impl Iterator<Item = InstitutionId>) -> Vec<InstitutionId> {
		let electorate = T::Electorate::members();
		let mut members: BTreeSet<_> = electorate.iter().filter_map(T::Members::id_of).collect();
		members.extend(serving);
		let others: BTreeSet<_> =
			ConductRecords::<T>::iter_keys().filter(|id| !members.contains(id)).collect();
		let (others, gone): (Vec<_>, Vec<_>) = others.into_iter().partition(|id| Self::is_here(*id));
		gone.into_iter().for_each(ConductRecords::<T>::remove);
		members.into_iter().chain(others).collect()
	}

	pub(crate) fn is_here(member: InstitutionId) -> bool {
		T::Members::account(member).is_ok_and(|account| T::Members::id_of(&account) == Some(member))
	}

	fn assess(
		member: InstitutionId,
		service: Option<&ServiceReport>,
		interchange: Money,
		first: EraIndex,
		era: EraIndex,
	) -> Assessment {
		let is_spotless =
			|| ConductRecords::<T>::get(member).is_none_or(|record| record.is_spotless(first, era));
		let good = service.is_some_and(|service| service.whole)
			&& T::Members::ensure_active(member).is_ok()
			&& is_spotless();
		let meets_bond = T::Members::bond(member) >= T::RequiredBond::get();
		Assessment {
			member,
			offline: service.is_some_and(|service| service.offline),
			good,
			under_bonded: !meets_bond && T::Members::may_operate(member),
			meets_bond,
			interchange,
		}
	}

	/// What of the pot can be shared: all but what it needs to go on receiving.
	pub(crate) fn distributable() -> Money {
		T::Currency::reducible_balance(&T::Pot::get(), Preservation::Preserve, Fortitude::Polite)
	}

	/// Settle with as many members as `meter` allows, and stop authorities when that is done.
	fn settle(assessed: &mut AssessedEra, meter: &mut WeightMeter) -> Progress {
		while let Some(member) = assessed.members.get(assessed.next as usize).copied() {
			if meter.try_consume(T::WeightInfo::settle_member()).is_err() {
				return Progress::Unfinished;
			}
			assessed.next = assessed.next.saturating_add(1);
			Self::settle_member(member, assessed);
		}
		let offline = assessed.members.iter().filter(|member| member.offline).count() as u32;
		if meter.try_consume(T::WeightInfo::stop_offline(offline)).is_err() {
			return Progress::Unfinished;
		}
		Self::stop_offline(assessed);
		Progress::Done
	}

	/// Demerits decay, a suspension ends, a bond below the rule is recorded, and the share is paid.
	fn settle_member(assessment: Assessment, assessed: &mut AssessedEra) {
		let Assessment { member, offline, good, under_bonded, meets_bond, interchange } = assessment;
		let era = assessed.era;
		let mut record = Self::record_in(member, era);
		record.offline_eras = if offline { record.offline_eras.saturating_add(1) } else { 0 };
		Self::end_suspension(member, &mut record, era, meets_bond);
		if record.is_empty(era) {
			ConductRecords::<T>::remove(member);
		} else {
			ConductRecords::<T>::insert(member, record);
		}
		if under_bonded {
			Self::apply_penalty(member, OffenceKind::UnderBonded, None);
		}
		let amount = if good { interchange.min(assessed.share) } else { 0 };
		if amount == 0 {
			return;
		}
		// What cannot be paid stays in the pot.
		match with_storage_layer(|| Self::pay_share(member, amount, assessed.paid)) {
			Ok(paid) => assessed.paid = paid,
			Err(error) => Self::deposit_event(Event::ShareFailed { member, amount, error }),
		}
	}

	/// Pay a member its share; returns what was paid in all, which was `paid` before.
	fn pay_share(member: InstitutionId, amount: Money, paid: Money) -> Result<Money, DispatchError> {
		let account = T::Members::account(member)?;
		T::Currency::transfer(&T::Pot::get(), &account, amount, Preservation::Preserve)?;
		PotTotals::<T>::try_mutate(|flows| flows.paid_out.ensure_add_assign(amount))?;
		Self::deposit_event(Event::SharePaid { member, amount });
		Ok(paid.ensure_add(amount)?)
	}

	/// Stop the authorities that were offline for too long, those first that were for longest. Those of equal
	/// length are stopped together: where there would be too few without all of them, none is, and the
	/// end of the next era tries again.
	fn stop_offline(assessed: &AssessedEra) {
		let mut groups = BTreeMap::<Reverse<u32>, Vec<InstitutionId>>::new();
		for Assessment { member, .. } in assessed.members.iter().filter(|member| member.offline) {
			let eras = ConductRecords::<T>::get(member).map_or(0, |record| record.offline_eras);
			if eras >= T::OfflineEras::get().max(1) {
				groups.entry(Reverse(eras)).or_default().push(*member);
			}
		}
		for (Reverse(eras), mut group) in groups {
			// A member that cannot be stopped even alone must not keep the others.
			group.retain(|member| {
				with_transaction(|| TransactionOutcome::Rollback(T::ServiceReports::stop_authority(*member)))
					.is_ok()
			});
			if with_storage_layer(|| {
				group.iter().try_for_each(|member| T::ServiceReports::stop_authority(*member))
			})
			.is_err()
			{
				continue;
			}
			for member in group {
				ConductRecords::<T>::mutate_extant(member, |record| record.offline_eras = 0);
				Self::deposit_event(Event::AuthorityStopped { member, eras });
			}
		}
	}
}
