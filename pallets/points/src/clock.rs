//! The clocks of programs, and the members whose reserve is below the minimum.

use crate::{pallet::*, types::*, weights::WeightInfo};
use frame_support::{storage::with_storage_layer, traits::Get, weights::WeightMeter};
use hanse_primitives::{
	ClockStop, Conduct, DeadlineClock, EndedEras, EraIndex, Eras, InstitutionId, Liabilities, MemberStatus,
	Members, OffenceKind, OnEraEnd, PartnerPauses, ProgramClocks, ProgramId, Progress, Reserves,
};
use sp_runtime::DispatchResult;

/// Institutions that one block inspects at most.
const MAX_INSPECTED_PER_BLOCK: u32 = 8;

impl<T: Config> ProgramClocks for Pallet<T> {
	fn stop(id: ProgramId, reason: ClockStop) -> DispatchResult {
		let mut program = Self::program(id)?;
		if program.stop(reason, T::DeadlineClock::now()) {
			for vintage in &program.vintages {
				ExpiryQueue::<T>::remove(Self::expiry_key(vintage));
			}
			Self::deposit_event(Event::ClockStopped { program: id });
		}
		Programs::<T>::insert(id, program);
		Ok(())
	}

	fn resume(id: ProgramId, reason: ClockStop) -> DispatchResult {
		let mut program = Self::program(id)?;
		if let Some(stood) = program.resume(reason, T::DeadlineClock::now()) {
			for vintage in &program.vintages {
				ExpiryQueue::<T>::insert(Self::expiry_key(vintage), ());
			}
			Self::deposit_event(Event::ClockResumed { program: id, stood });
		}
		Programs::<T>::insert(id, program);
		Ok(())
	}
}

impl<T: Config> PartnerPauses for Pallet<T> {
	fn pause(id: InstitutionId) -> DispatchResult {
		Self::each_clock(id, |program| Self::stop(program, ClockStop::Pause))
	}

	fn resume(id: InstitutionId) -> DispatchResult {
		Self::each_clock(id, |program| <Self as ProgramClocks>::resume(program, ClockStop::Pause))
	}
}

impl<T: Config> OnEraEnd for Pallet<T> {
	/// Check every institution that owes something to holders: if its reserve is below the minimum, its clocks
	/// stand; if it already was an era ago, it cannot go on. The cursor is the one that was checked last.
	fn on_era_end(ended: EndedEras, cursor: &mut u32, meter: &mut WeightMeter) -> Progress {
		for _ in 0..MAX_INSPECTED_PER_BLOCK {
			if meter.try_consume(T::DbWeight::get().reads(1)).is_err() {
				return Progress::Unfinished;
			}
			let mut ids = match *cursor {
				0 => LiabilityOf::<T>::iter_keys(),
				last => LiabilityOf::<T>::iter_keys_from(LiabilityOf::<T>::hashed_key_for(last)),
			};
			let Some(id) = ids.next() else { return Progress::Done };
			if meter
				.try_consume(T::WeightInfo::review_reserves().saturating_add(T::Conduct::weight()))
				.is_err()
			{
				return Progress::Unfinished;
			}
			if with_storage_layer(|| Self::review_reserve_of(id, ended.next)).is_err() {
				Self::report(PointsInconsistency::Reserve { institution: id });
			}
			*cursor = id;
		}
		Progress::Unfinished
	}
}

impl<T: Config> Pallet<T> {
	/// Change the clock of every program of an institution.
	fn each_clock(id: InstitutionId, change: impl Fn(ProgramId) -> DispatchResult) -> DispatchResult {
		ProgramsOf::<T>::get(id).into_iter().try_for_each(change)
	}

	/// Where a vintage stands on the agenda.
	pub(crate) fn expiry_key(vintage: &Vintage) -> ([u8; 8], [u8; 4]) {
		(vintage.expires.to_be_bytes(), vintage.asset.to_be_bytes())
	}

	fn review_reserve_of(id: InstitutionId, era: EraIndex) -> DispatchResult {
		let least = Self::required_backing(id).reserve;
		let is_short = T::Members::ensure_payable(id).is_ok() && T::Clearing::free_reserve(id) < least;
		if !is_short {
			return Self::end_shortfall(id);
		}
		T::Conduct::record_offence(id, OffenceKind::UnderReserved);
		match Shortfalls::<T>::get(id) {
			None => {
				Self::each_clock(id, |program| Self::stop(program, ClockStop::Shortfall))?;
				Shortfalls::<T>::insert(id, Shortfall { era, stood: T::DeadlineClock::stopped_for() });
				Self::deposit_event(Event::ReserveFellShort { institution: id });
				Ok(())
			},
			Some(found) if Self::has_lasted_an_era(found, era) => T::MemberStatus::start_run_off(id),
			Some(_) => Ok(()),
		}
	}

	/// Whether members could act for an era since a shortfall was found, at the end of the era before `era`. Counted
	/// from one end of an era to the other, so that it does not depend on the block in which it is checked.
	fn has_lasted_an_era(found: Shortfall, era: EraIndex) -> bool {
		let length = T::Eras::length();
		let passed = length.saturating_mul(era.saturating_sub(found.era).into());
		let stood = T::DeadlineClock::stopped_for().saturating_sub(found.stood);
		passed >= length.saturating_add(stood)
	}

	/// The clocks that stood for a reserve below the minimum run again.
	pub(crate) fn end_shortfall(id: InstitutionId) -> DispatchResult {
		if Shortfalls::<T>::take(id).is_none() {
			return Ok(());
		}
		Self::each_clock(id, |program| <Self as ProgramClocks>::resume(program, ClockStop::Shortfall))
	}
}
