//! The turn of an era: what everybody did is looked at once, and then dealt with member by member.

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
	Balance, Deed, Electorate, EraIndex, Eras, InstitutionId, Members, Service, Services,
};
use sp_runtime::{BoundedVec, TransactionOutcome};

impl<T: Config> Pallet<T> {
	/// Begin the turn of an era in the first block of it that has room, or go on with it.
	pub(crate) fn turn_era(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads_writes(4, 1)).is_err() {
			return;
		}
		let turn = match CurrentTurn::<T>::get() {
			Some(turn) => turn,
			None => {
				let (era, last) = (T::Eras::current(), LastTurn::<T>::get());
				let Some(last) = last else {
					// The first block of a chain begins an era and ends none.
					LastTurn::<T>::put(era);
					return;
				};
				if last >= era || meter.try_consume(T::WeightInfo::begin_turn()).is_err() {
					return;
				}
				LastTurn::<T>::put(era);
				Self::begin(last, era)
			},
		};
		Self::go_on(turn, meter)
	}

	/// Look at everybody. What follows depends on this alone, and not on who is dealt with first.
	fn begin(last: EraIndex, era: EraIndex) -> Turn {
		let services: BTreeMap<_, _> =
			T::Services::turn().into_iter().map(|service| (service.institution, service)).collect();
		let takings: BTreeMap<InstitutionId, Balance> = TakingsOf::<T>::drain().collect();
		let electorate = T::Electorate::members();
		let mut members: BTreeSet<_> = electorate.iter().filter_map(T::Members::id_of).collect();
		members.extend(services.keys().copied());
		// Beside them: who is on its way out. Who is gone is forgotten.
		let others: BTreeSet<_> = Records::<T>::iter_keys().filter(|id| !members.contains(id)).collect();
		let (others, gone): (Vec<_>, Vec<_>) = others.into_iter().partition(|id| Self::is_here(*id));
		gone.into_iter().for_each(Records::<T>::remove);

		let entry_of = |member: InstitutionId| {
			let takings = takings.get(&member).copied().unwrap_or_default();
			Self::look_at(member, services.get(&member), takings, last, era)
		};
		let entries: Vec<_> = members.into_iter().chain(others).map(entry_of).collect();
		let entries = BoundedVec::truncate_from(entries);
		let good = entries.iter().filter(|entry| entry.good).count() as u32;
		let share = Self::distributable().checked_div(good.into()).unwrap_or_default();
		Turn { era, share, good, paid: 0, next: 0, entries }
	}

	pub(crate) fn is_here(member: InstitutionId) -> bool {
		T::Members::account(member).is_ok_and(|account| T::Members::id_of(&account) == Some(member))
	}

	fn look_at(
		member: InstitutionId,
		service: Option<&Service>,
		takings: Balance,
		last: EraIndex,
		era: EraIndex,
	) -> Entry {
		let is_spotless = || Records::<T>::get(member).is_none_or(|record| record.is_spotless(last, era));
		let good = service.is_some_and(|service| service.whole)
			&& T::Members::ensure_active(member).is_ok()
			&& is_spotless();
		let meets_bond = T::Members::bond(member) >= T::RequiredBond::get();
		Entry {
			member,
			offline: service.is_some_and(|service| service.offline),
			good,
			under_bonded: !meets_bond && T::Members::may_operate(member),
			meets_bond,
			takings,
		}
	}

	/// What of the pot can be shared: all but what it needs to go on receiving.
	pub(crate) fn distributable() -> Balance {
		T::Currency::balance(&T::Pot::get()).saturating_sub(T::Currency::minimum_balance())
	}

	/// Deal with as many members as `meter` allows.
	fn go_on(mut turn: Turn, meter: &mut WeightMeter) {
		while let Some(entry) = turn.entries.get(turn.next as usize).copied() {
			if meter.try_consume(T::WeightInfo::visit()).is_err() {
				CurrentTurn::<T>::put(turn);
				return;
			}
			turn.next = turn.next.saturating_add(1);
			turn.paid = turn.paid.saturating_add(Self::visit(entry, &turn));
		}
		let offline = turn.entries.iter().filter(|entry| entry.offline).count() as u32;
		if meter.try_consume(T::WeightInfo::stop_offline(offline)).is_err() {
			CurrentTurn::<T>::put(turn);
			return;
		}
		Self::stop_offline(&turn);
		CurrentTurn::<T>::kill();
		let Turn { era, good, share, paid, .. } = turn;
		Self::deposit_event(Event::EraTurned { era, good, share, paid });
	}

	/// Deal with one member; returns what it was paid.
	fn visit(entry: Entry, turn: &Turn) -> Balance {
		let (member, era) = (entry.member, turn.era);
		let mut record = Self::record_in(member, era);
		record.offline = if entry.offline { record.offline.saturating_add(1) } else { 0 };
		Self::end_suspension(member, &mut record, era, entry.meets_bond);
		if record.is_blank(era) {
			Records::<T>::remove(member);
		} else {
			Records::<T>::insert(member, record);
		}
		if entry.under_bonded {
			Self::judge(member, Deed::UnderBonded, None);
		}
		if entry.good {
			Self::pay_share(member, turn.share.min(entry.takings))
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
		Flows::<T>::mutate(|flows| flows.paid_out = flows.paid_out.saturating_add(amount));
		Self::deposit_event(Event::SharePaid { member, amount });
		amount
	}

	/// Stop the authorities that were offline for too long, those first that were for longest. Those of equal
	/// length are stopped together: where there would be too few without all of them, none is, and the next
	/// turn tries again.
	fn stop_offline(turn: &Turn) {
		let mut groups = BTreeMap::<Reverse<u32>, Vec<InstitutionId>>::new();
		for Entry { member, .. } in turn.entries.iter().filter(|entry| entry.offline) {
			let eras = Records::<T>::get(member).map_or(0, |record| record.offline);
			if eras >= T::OfflineEras::get().max(1) {
				groups.entry(Reverse(eras)).or_default().push(*member);
			}
		}
		for (Reverse(eras), mut group) in groups {
			// Who cannot be stopped even alone must not keep the others.
			group.retain(|member| {
				with_transaction(|| TransactionOutcome::Rollback(T::Services::stop(*member))).is_ok()
			});
			if with_storage_layer(|| group.iter().try_for_each(|member| T::Services::stop(*member))).is_err()
			{
				continue;
			}
			for member in group {
				Records::<T>::mutate_extant(member, |record| record.offline = 0);
				Self::deposit_event(Event::AuthorityStopped { member, eras });
			}
		}
	}
}
