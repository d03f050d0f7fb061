use crate::{pallet::*, record::*, types::*, weights::WeightInfo, MAX_LISTED};
use frame_support::{ensure, weights::Weight};
use hanse_primitives::{
	Conduct, DeadlineClock, Eras, InstitutionId, Members, Money, OffenceKind, OnInterchangeCollected,
	PendingClaims, Sanctions, ServiceReports,
};
use sp_runtime::{traits::EnsureAddAssign, DispatchResult};

impl<T: Config> Conduct for Pallet<T> {
	fn record_offence(member: InstitutionId, offence: OffenceKind) {
		Self::apply_penalty(member, offence, None)
	}

	fn weight() -> Weight {
		T::WeightInfo::record_offence()
	}
}

impl<T: Config> Sanctions for Pallet<T> {
	fn ensure_may_issue(id: InstitutionId) -> DispatchResult {
		let stopped_until =
			ConductRecords::<T>::get(id).map_or(0, |record| record.sanctions.in_force.stopped_until);
		ensure!(stopped_until <= T::Eras::current(), Error::<T>::IssuingStopped);
		Ok(())
	}
}

impl<T: Config> OnInterchangeCollected for Pallet<T> {
	fn on_interchange_collected(merchant: InstitutionId, interchange: Money) -> DispatchResult {
		InterchangeOf::<T>::try_mutate(merchant, |total| Ok(total.ensure_add_assign(interchange)?))
	}
}

impl<T: Config> PendingClaims for Pallet<T> {
	/// A case against a member is of a complaint against it, so it needs no check of its own.
	fn ensure_none(id: InstitutionId) -> DispatchResult {
		ensure!(Escrows::<T>::get(id).fines == 0, Error::<T>::FineInEscrow);
		ensure!(Dockets::<T>::get(id).open == 0, Error::<T>::ComplaintOpen);
		ensure!(!CaseOf::<T>::contains_key(id), Error::<T>::CaseOpen);
		Ok(())
	}
}

impl<T: Config> Pallet<T> {
	/// A complaint with its deadlines as times.
	pub(crate) fn read_complaint(merchant: InstitutionId, number: u64) -> Option<Complaint<T::AccountId>> {
		let mut complaint = Complaints::<T>::get(merchant, number)?;
		for moment in [&mut complaint.deadline, &mut complaint.ends, &mut complaint.due] {
			*moment = T::DeadlineClock::wall_time(*moment);
		}
		Some(complaint)
	}

	/// Whether a member would share in the pot if the era ended now, or the first reason why not.
	pub(crate) fn read_share(id: InstitutionId) -> Result<(), NoShareReason> {
		let era = T::Eras::current();
		let record = ConductRecords::<T>::get(id).unwrap_or_default();
		let first = T::Eras::first_open();
		ensure!(T::Members::may_operate(id), NoShareReason::NotActive);
		ensure!(T::Members::ensure_active(id).is_ok(), NoShareReason::BondTooSmall);
		ensure!(T::ServiceReports::current_report(id).whole, NoShareReason::NoServiceWholeEra);
		ensure!(record.sanctions.in_force.stopped_until <= era, NoShareReason::IssuingStopped);
		ensure!(record.is_spotless(first, era.saturating_add(1)), NoShareReason::Demerits);
		ensure!(InterchangeOf::<T>::get(id) > 0, NoShareReason::NoInterchangeFromReceipts);
		Ok(())
	}

	pub(crate) fn read_standing(id: InstitutionId) -> Option<ConductReport> {
		T::Members::account(id).ok()?;
		let ConductRecord { demerits, sanctions, offline_eras, .. } =
			ConductRecords::<T>::get(id).unwrap_or_default();
		let Sanction { stopped_until, suspended_until } = sanctions.in_force;
		let fines = Fines::<T>::iter_prefix(id).take(MAX_LISTED as usize);
		let interchange = InterchangeOf::<T>::get(id);
		Some(ConductReport {
			demerits: demerits.balance,
			fines: fines
				.map(|(number, fine)| {
					(
						number,
						fine.offence,
						fine.amount.saturating_add(fine.owed),
						T::DeadlineClock::wall_time(fine.due),
					)
				})
				.collect(),
			stopped_until: Some(stopped_until).filter(|until| *until > T::Eras::current()),
			suspended_until: sanctions.suspended.then_some(suspended_until),
			offline_eras,
			offences: OffenceLog::<T>::get(id).into_inner(),
			complaints: Dockets::<T>::get(id),
			interchange,
			shares: Self::read_share(id),
			most_this_era: interchange.min(Self::distributable()),
		})
	}
}
