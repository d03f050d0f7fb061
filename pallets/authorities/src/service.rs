//! What authorities did: who was offline in a session, and how everybody served over an era.

use crate::{pallet::*, types::*, weights::WeightInfo};
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use frame_support::{dispatch::DispatchClass, traits::Get};
use hanse_primitives::{Activity, Conduct, InstitutionId, Members, OffenceKind, ServiceReport};
use sp_runtime::DispatchResult;
use sp_staking::SessionIndex;

/// Those of `roster` that made less than `share` per cent of an equal part of the blocks that were made; nobody
/// if that part is less than one block. A measure of blocks and never of slots: when the whole chain is slow,
/// nobody in particular is.
pub fn offline(roster: &[(InstitutionId, u32)], share: u32) -> Vec<(InstitutionId, u32)> {
	let n = roster.len() as u128;
	let made: u128 = roster.iter().map(|(_, blocks)| u128::from(*blocks)).sum();
	if made < n {
		return Vec::new();
	}
	let too_few = |blocks: u32| u128::from(blocks) * n * 100 < made * u128::from(share);
	roster.iter().copied().filter(|(_, blocks)| too_few(*blocks)).collect()
}

impl<T: Config> Pallet<T> {
	/// Count the session that ends with the blocks of `roster`, and record who was offline in it.
	pub(crate) fn count_session(session: SessionIndex, roster: &BlocksMade) {
		let operators: BTreeSet<_> = Operators::<T>::iter_keys().collect();
		let stopped: Vec<_> = roster.iter().map(|(id, _)| *id).filter(|id| !operators.contains(id)).collect();
		let people = operators.len().saturating_add(stopped.len()) as u32;
		// The authority of an institution that is gone is not assessed.
		let gone: BTreeSet<_> =
			stopped.iter().copied().filter(|id| T::Members::account(*id).is_err()).collect();
		let mut offline = offline(roster, T::OfflineShare::get());
		offline.retain(|(id, _)| !gone.contains(id));

		for id in operators.iter().chain(&stopped).filter(|id| !gone.contains(id)) {
			Attendances::<T>::mutate(id, |attendance| {
				let wanted = u32::from(operators.contains(id));
				let served = u32::from(roster.iter().any(|(other, _)| other == id));
				attendance.wanted = attendance.wanted.saturating_add(wanted);
				attendance.served = attendance.served.saturating_add(served);
				attendance.offline |= offline.iter().any(|(other, _)| other == id);
			});
		}
		for (id, _) in roster.iter().filter(|(_, blocks)| *blocks > 0) {
			if let Ok(account) = T::Members::account(*id) {
				T::Activity::note_activity(&account);
			}
		}
		SessionsCounted::<T>::mutate(|sessions| *sessions = sessions.saturating_add(1));
		frame_system::Pallet::<T>::register_extra_weight_unchecked(
			T::WeightInfo::end_session(people)
				.saturating_add(T::Conduct::weight().saturating_mul(offline.len() as u64)),
			DispatchClass::Mandatory,
		);
		// Counted already, since a consequence may be that somebody is stopped.
		for (institution, blocks) in offline {
			Self::deposit_event(Event::WentOffline { institution, session, blocks });
			T::Conduct::record_offence(institution, OffenceKind::Offline);
		}
	}
}

impl<T: Config> hanse_primitives::ServiceReports for Pallet<T> {
	/// By whole sessions: one that ends after the turn counts for what comes then. Without any that ended there
	/// is nobody to tell of. Sorted by institution; reads and removes at most one item for each member.
	fn take_reports() -> Vec<ServiceReport> {
		let sessions = SessionsCounted::<T>::take();
		let mut services: Vec<_> = Attendances::<T>::drain()
			.map(|(institution, Attendance { wanted, served, offline })| {
				let whole = wanted == sessions && served > 0 && !offline;
				ServiceReport { institution, whole, offline }
			})
			.collect();
		services.sort_by_key(|service| service.institution);
		services
	}

	/// Before a session has ended, who wants to operate is taken to go on wanting it.
	fn current_report(institution: InstitutionId) -> ServiceReport {
		let Attendance { wanted, served, offline } = Attendances::<T>::get(institution);
		let sessions = SessionsCounted::<T>::get();
		let whole = Operators::<T>::contains_key(institution)
			&& wanted == sessions
			&& (served > 0 || sessions == 0)
			&& !offline;
		ServiceReport { institution, whole, offline }
	}

	/// It leaves by the rule for all, never more than the limit at once, and comes back by
	/// [`Pallet::operate`]. Of one that does not want to operate nothing changes.
	fn stop_authority(id: InstitutionId) -> DispatchResult {
		if Operators::<T>::contains_key(id) {
			Self::do_operate(id, false)?;
		}
		Ok(())
	}
}
