//! Programs and their names.

use crate::{pallet::*, types::*};
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use hanse_primitives::{InstitutionId, Members, Names, ProgramId, Reading};
use sp_runtime::{DispatchError, DispatchResult};

/// How many periods the points of a program may live on after their own.
const MAX_PERIODS_VALID: u64 = 6;
/// The largest face value in micro-units: a smallest unit is worth a hundredth of a settlement unit.
const MAX_FACE_VALUE: u32 = 10_000;
/// The most decimals of points: those of the settlement unit.
const MAX_DECIMALS: u8 = 6;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_create_program(issuer: InstitutionId, label: Label, terms: Terms) -> DispatchResult {
		T::Members::ensure_active(issuer)?;
		Self::ensure_valid(&terms)?;
		let id = LastProgram::<T>::get().checked_add(1).ok_or(Error::<T>::MaxProgramsExceeded)?;
		ProgramsOf::<T>::try_mutate(issuer, |programs| programs.try_push(id))
			.map_err(|_| Error::<T>::MaxProgramsExceeded)?;
		for reading in label.readings() {
			let is_free = <Self as Names>::owner(&reading).is_none()
				&& T::Members::owner(&reading).is_none_or(|owner| owner == issuer);
			ensure!(is_free, Error::<T>::NameTaken);
			ProgramByReading::<T>::insert(reading, id);
		}
		LastProgram::<T>::put(id);
		Labels::<T>::insert(id, label);
		let created = T::Time::now();
		let program = Program {
			issuer,
			terms,
			revision: None,
			created,
			started: created,
			stopped: None,
			opened: 0,
			vintages: Default::default(),
		};
		PeriodEnds::<T>::insert((program.period_end(created).to_be_bytes(), id.to_be_bytes()), ());
		Programs::<T>::insert(id, program);
		Self::deposit_event(Event::ProgramCreated { institution: issuer, program: id, terms });
		Ok(())
	}

	pub(crate) fn do_revise_terms(issuer: InstitutionId, id: ProgramId, new: Terms) -> DispatchResult {
		T::Members::ensure_active(issuer)?;
		let mut program = Self::own(issuer, id)?;
		Self::ensure_valid(&new)?;
		let now = T::Time::now();
		let old = program.terms_at(now);
		ensure!(new.decimals == old.decimals, Error::<T>::InvalidDecimals);
		ensure!(new.period.is_named_as(old.period), Error::<T>::InvalidPeriod);
		let from = program.revise(new, now);
		Programs::<T>::insert(id, program);
		Self::deposit_event(Event::TermsRevised { program: id, old, new, from });
		Ok(())
	}

	fn ensure_valid(terms: &Terms) -> DispatchResult {
		ensure!((1..=MAX_FACE_VALUE).contains(&terms.face_value), Error::<T>::InvalidFaceValue);
		ensure!(terms.decimals <= MAX_DECIMALS, Error::<T>::InvalidDecimals);
		ensure!(terms.period.is_valid(), Error::<T>::InvalidPeriod);
		let period = terms.period.shortest();
		ensure!(period >= T::MinPeriod::get(), Error::<T>::PeriodTooShort);
		let longest = period.saturating_mul(MAX_PERIODS_VALID).min(T::MaxValidity::get());
		ensure!((1..=longest).contains(&terms.validity), Error::<T>::InvalidValidity);
		let longest = T::MaxPending::get().min(terms.validity / 2);
		ensure!(terms.pending <= longest, Error::<T>::InvalidPending);
		Ok(())
	}

	/// The program of `id`.
	pub(crate) fn program(id: ProgramId) -> Result<Program, DispatchError> {
		Programs::<T>::get(id).ok_or_else(|| Error::<T>::NotFound.into())
	}

	/// The program of `id`, which must be `issuer`'s.
	pub(crate) fn own(issuer: InstitutionId, id: ProgramId) -> Result<Program, DispatchError> {
		let program = Self::program(id)?;
		ensure!(program.issuer == issuer, Error::<T>::NotIssuer);
		Ok(program)
	}

	/// Whether an institution owes nothing to anybody any more.
	pub(crate) fn is_gone(issuer: InstitutionId) -> bool {
		T::Members::account(issuer).map(|account| T::Members::id_of(&account)) != Ok(Some(issuer))
	}
}

impl<T: Config> Names for Pallet<T> {
	fn owner(reading: &Reading) -> Option<InstitutionId> {
		let issuer = Programs::<T>::get(ProgramByReading::<T>::get(reading)?)?.issuer;
		(!Self::is_gone(issuer)).then_some(issuer)
	}
}
