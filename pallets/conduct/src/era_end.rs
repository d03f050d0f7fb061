//! The end of an era: every member is assessed once, and then settled one by one.

use crate::{pallet::*, types::*, weights::WeightInfo};
use alloc::{
	collections::{btree_map::BTreeMap, btree_set::BTreeSet},
	vec::Vec,
};
use core::cmp::Reverse;
use frame_support::{
	storage::{with_storage_layer, with_transaction},
	traits::{
		fungible::{Inspect, Mutate},
		tokens::Preservation,
		Get,
	},
	weights::WeightMeter,
};
use hanse_primitives::{
	Balance, Electorate, EraIndex, Eras, InstitutionId, Members, OffenceKind, ServiceReport, ServiceReports,
};
use sp_runtime::{BoundedVec, TransactionOutcome};

impl<T: Config> Pallet<T> {
	/// Process the end of an era in the first block with room, or continue it.
	pub(crate) fn process_era_end(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads_writes(4, 1)).is_err() {
			return;
		}
		let turn = match PendingEraEnd::<T>::get() {
			Some(turn) => turn,
			None => {
				let (era, last) = (T::Eras::current(), LastEraEnd::<T>::get());
				let Some(last) = last else {
					// The first block of a chain begins an era and ends none.
					LastEraEnd::<T>::put(era);
					return;
				};
				if last >= era || meter.try_consume(T::WeightInfo::start_era_end()).is_err() {
					return;
				}
				LastEraEnd::<T>::put(era);
				Self::start_era_end(last, era)
			},
		};
		Self::continue_era_end(turn, meter)
	}

	/// Look at everybody. What follows depends on this alone, and not on who is dealt with first.
	fn start_era_end(last: EraIndex, era: EraIndex) -> EraEnd {
		let services: BTreeMap<_, _> = T::ServiceReports::take_reports()
			.into_iter()
			.map(|service| (service.institution, service))
			.collect();
		let interchange: BTreeMap<InstitutionId, Balance> = InterchangeOf::<T>::drain().collect();
		let electorate = T::Electorate::members();
		let mut members: BTreeSet<_> = electorate.iter().filter_map(T::Members::id_of).collect();
		members.extend(services.keys().copied());
		// Beside them: institutions on their way out. Those that are gone are forgotten.
		let others: BTreeSet<_> =
			ConductRecords::<T>::iter_keys().filter(|id| !members.contains(id)).collect();
		let (others, gone): (Vec<_>, Vec<_>) = others.into_iter().partition(|id| Self::is_here(*id));
		gone.into_iter().for_each(ConductRecords::<T>::remove);

		let entry_of = |member: InstitutionId| {
			let interchange = interchange.get(&member).copied().unwrap_or_default();
			Self::assess(member, services.get(&member), interchange, last, era)
		};
		let assessments: Vec<_> = members.into_iter().chain(others).map(entry_of).collect();
		let assessments = BoundedVec::truncate_from(assessments);
		let good = assessments.iter().filter(|assessment| assessment.good).count() as u32;
		let share = Self::distributable().checked_div(good.into()).unwrap_or_default();
		EraEnd { era, share, good, paid: 0, next: 0, assessments }
	}

	pub(crate) fn is_here(member: InstitutionId) -> bool {
		T::Members::account(member).is_ok_and(|account| T::Members::id_of(&account) == Some(member))
	}

	fn assess(
		member: InstitutionId,
		service: Option<&ServiceReport>,
		interchange: Balance,
		last: EraIndex,
		era: EraIndex,
	) -> Assessment {
		let is_spotless =
			|| ConductRecords::<T>::get(member).is_none_or(|record| record.is_spotless(last, era));
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
	pub(crate) fn distributable() -> Balance {
		T::Currency::balance(&T::Pot::get()).saturating_sub(T::Currency::minimum_balance())
	}

	/// Deal with as many members as `meter` allows.
	fn continue_era_end(mut turn: EraEnd, meter: &mut WeightMeter) {
		while let Some(assessment) = turn.assessments.get(turn.next as usize).copied() {
			if meter.try_consume(T::WeightInfo::settle_member()).is_err() {
				PendingEraEnd::<T>::put(turn);
				return;
			}
			turn.next = turn.next.saturating_add(1);
			turn.paid = turn.paid.saturating_add(Self::settle_member(assessment, &turn));
		}
		let offline = turn.assessments.iter().filter(|assessment| assessment.offline).count() as u32;
		if meter.try_consume(T::WeightInfo::stop_offline(offline)).is_err() {
			PendingEraEnd::<T>::put(turn);
			return;
		}
		Self::stop_offline(&turn);
		PendingEraEnd::<T>::kill();
		let EraEnd { era, good, share, paid, .. } = turn;
		Self::deposit_event(Event::EraEnded { era, good, share, paid });
	}

	/// Deal with one member; returns what it was paid.
	fn settle_member(assessment: Assessment, turn: &EraEnd) -> Balance {
		let (member, era) = (assessment.member, turn.era);
		let mut record = Self::record_in(member, era);
		record.offline = if assessment.offline { record.offline.saturating_add(1) } else { 0 };
		Self::end_suspension(member, &mut record, era, assessment.meets_bond);
		if record.is_empty(era) {
			ConductRecords::<T>::remove(member);
		} else {
			ConductRecords::<T>::insert(member, record);
		}
		if assessment.under_bonded {
			Self::apply_penalty(member, OffenceKind::UnderBonded, None);
		}
		if assessment.good {
			Self::pay_share(member, turn.share.min(assessment.interchange))
		} else {
			0
		}
	}

	/// Pay a member what is its due; what cannot be paid stays in the pot.
	fn pay_share(member: InstitutionId, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		let paid = with_storage_layer(|| {
			let account = T::Members::account(member)?;
			T::Currency::transfer(&T::Pot::get(), &account, amount, Preservation::Preserve)
		});
		if paid.is_err() {
			return 0;
		}
		PotTotals::<T>::mutate(|flows| flows.paid_out = flows.paid_out.saturating_add(amount));
		Self::deposit_event(Event::SharePaid { member, amount });
		amount
	}

	/// Stop the authorities that were offline for too long, those first that were for longest. Those of equal
	/// length are stopped together: where there would be too few without all of them, none is, and the next
	/// turn tries again.
	fn stop_offline(turn: &EraEnd) {
		let mut groups = BTreeMap::<Reverse<u32>, Vec<InstitutionId>>::new();
		for Assessment { member, .. } in turn.assessments.iter().filter(|assessment| assessment.offline) {
			let eras = ConductRecords::<T>::get(member).map_or(0, |record| record.offline);
			if eras >= T::OfflineEras::get().max(1) {
				groups.entry(Reverse(eras)).or_default().push(*member);
			}
		}
		for (Reverse(eras), mut group) in groups {
			// Who cannot be stopped even alone must not keep the others.
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
				ConductRecords::<T>::mutate_extant(member, |record| record.offline = 0);
				Self::deposit_event(Event::AuthorityStopped { member, eras });
			}
		}
	}
}
