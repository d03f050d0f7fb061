use crate::{pallet::*, types::*, weights::WeightInfo, MAX_LISTED};
use frame_support::{ensure, weights::Weight};
use hanse_primitives::{
	Cases, Clock, Conduct, Deed, Eras, InstitutionId, Members, Money, Sanctions, Services, Takings,
};
use sp_runtime::{traits::EnsureAddAssign, DispatchResult};

impl<T: Config> Conduct for Pallet<T> {
	fn record(member: InstitutionId, deed: Deed) {
		Self::judge(member, deed, None)
	}

	fn weight() -> Weight {
		T::WeightInfo::record()
	}
}

impl<T: Config> Sanctions for Pallet<T> {
	fn ensure_may_issue(id: InstitutionId) -> DispatchResult {
		let stopped_until = Records::<T>::get(id).map_or(0, |record| record.sanction.stopped_until);
		ensure!(stopped_until <= T::Eras::current(), Error::<T>::IssuingStopped);
		Ok(())
	}
}

impl<T: Config> Takings for Pallet<T> {
	fn note(merchant: InstitutionId, interchange: Money) -> DispatchResult {
		TakingsOf::<T>::try_mutate(merchant, |takings| Ok(takings.ensure_add_assign(interchange)?))
	}
}

impl<T: Config> Cases for Pallet<T> {
	/// A case against a member is of a complaint against it, so that needs no look of its own.
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
			*moment = T::Clock::wall(*moment);
		}
		Some(complaint)
	}

	/// Whether a member would share in the pot if the era ended now, or the first reason why not.
	pub(crate) fn read_share(id: InstitutionId) -> Result<(), NoShare> {
		let era = T::Eras::current();
		let record = Records::<T>::get(id).unwrap_or_default();
		let last = LastTurn::<T>::get().unwrap_or(era);
		ensure!(T::Members::ensure_active(id).is_ok(), NoShare::NotActive);
		ensure!(T::Services::so_far(id).whole, NoShare::NoServiceWholeEra);
		ensure!(record.sanction.stopped_until <= era, NoShare::IssuingStopped);
		ensure!(record.is_spotless(last, era.saturating_add(1)), NoShare::Demerits);
		ensure!(TakingsOf::<T>::get(id) > 0, NoShare::NothingTaken);
		Ok(())
	}

	pub(crate) fn read_standing(id: InstitutionId) -> Option<Report> {
		T::Members::account(id).ok()?;
		let Record { demerits, sanction, suspended, offline, .. } = Records::<T>::get(id).unwrap_or_default();
		let fines = Fines::<T>::iter_prefix(id).take(MAX_LISTED as usize);
		let takings = TakingsOf::<T>::get(id);
		Some(Report {
			demerits,
			fines: fines
				.map(|(number, fine)| {
					(number, fine.deed, fine.amount.saturating_add(fine.owed), T::Clock::wall(fine.due))
				})
				.collect(),
			stopped_until: Some(sanction.stopped_until).filter(|until| *until > T::Eras::current()),
			suspended_until: suspended.then_some(sanction.suspended_until),
			offline_eras: offline,
			deeds: Deeds::<T>::get(id).into_inner(),
			complaints: Dockets::<T>::get(id),
			takings,
			shares: Self::read_share(id),
			most_this_era: takings.min(Self::distributable()),
		})
	}
}
