//! Equivocations: many reports, one offence.

use crate::pallet::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use hanse_primitives::{Conduct, InstitutionId, Members, OffenceKind};
use sp_runtime::Perbill;
use sp_staking::{
	offence::{Offence, OffenceDetails, OffenceError, OnOffenceHandler, ReportOffence},
	SessionIndex,
};

/// An authority as offences name it.
type Offender<T> = (<T as frame_system::Config>::AccountId, ());

/// Passes to `Reports` only what says something new: one report for each offender and session. One
/// machine too many with the same keys equivocates in every round, each round differs, and pallet-offences
/// would keep a record of each for ever.
pub struct OncePerSession<T, Reports>(PhantomData<(T, Reports)>);

impl<T, Reports, O> ReportOffence<T::AccountId, Offender<T>, O> for OncePerSession<T, Reports>
where
	T: Config,
	Reports: ReportOffence<T::AccountId, Offender<T>, O>,
	O: Offence<Offender<T>>,
{
	fn report_offence(reporters: Vec<T::AccountId>, offence: O) -> Result<(), OffenceError> {
		if Pallet::<T>::all_recorded(&offence.offenders(), offence.session_index()) {
			return Err(OffenceError::DuplicateReport);
		}
		Reports::report_offence(reporters, offence)
	}

	/// What the pool asks. It does not say of which session: nodes prove keys for the current one.
	fn is_known_offence(offenders: &[Offender<T>], slot: &O::Slot) -> bool {
		let session = CurrentSession::<T>::get().map(|session| session.index).unwrap_or_default();
		Pallet::<T>::all_recorded(offenders, session) || Reports::is_known_offence(offenders, slot)
	}
}

impl<T: Config> OnOffenceHandler<T::AccountId, Offender<T>, Weight> for Pallet<T> {
	/// pallet-offences names all who offended in the same round, those that are recorded already too.
	fn on_offence(
		offenders: &[OffenceDetails<T::AccountId, Offender<T>>],
		_slash_fraction: &[Perbill],
		session: SessionIndex,
	) -> Weight {
		for OffenceDetails { offender: (account, ()), .. } in offenders {
			let Some(institution) = T::Members::id_of(account) else { continue };
			if Self::is_recorded(institution, session) {
				continue;
			}
			Equivocations::<T>::insert(session, institution, ());
			Self::deposit_event(Event::Equivocated { institution, session });
			T::Conduct::record_offence(institution, OffenceKind::Equivocation);
		}
		let each = T::DbWeight::get().reads_writes(2, 1).saturating_add(T::Conduct::weight());
		each.saturating_mul(offenders.len() as u64)
	}
}

impl<T: Config> Pallet<T> {
	fn is_recorded(id: InstitutionId, session: SessionIndex) -> bool {
		Equivocations::<T>::contains_key(session, id)
	}

	/// Whether nothing is left to record of any of them; who is no institution any more counts as that.
	fn all_recorded(offenders: &[Offender<T>], session: SessionIndex) -> bool {
		offenders
			.iter()
			.all(|(account, ())| T::Members::id_of(account).is_none_or(|id| Self::is_recorded(id, session)))
	}
}
