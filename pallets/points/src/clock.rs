//! The clocks of programs, and the members whose reserve is below the minimum.

use crate::{pallet::*, types::*, weights::WeightInfo};
use frame_support::{storage::with_storage_layer, traits::Get, weights::WeightMeter};
use hanse_primitives::{
	ClockStop, Conduct, DeadlineClock, EraIndex, Eras, InstitutionId, Liabilities, MemberStatus, Members,
	OffenceKind, PartnerPauses, ProgramClocks, ProgramId, Reserves,
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

impl<T: Config> Pallet<T> {
	/// Change the clock of every program of an institution.
	fn each_clock(id: InstitutionId, change: impl Fn(ProgramId) -> DispatchResult) -> DispatchResult {
		ProgramsOf::<T>::get(id).into_iter().try_for_each(change)
	}

	/// Where a vintage stands on the agenda.
	pub(crate) fn expiry_key(vintage: &Vintage) -> ([u8; 8], [u8; 4]) {
		(vintage.expires.to_be_bytes(), vintage.asset.to_be_bytes())
	}

	/// Once an era, look at every institution that owes something to holders: if its reserve is below the
	/// minimum, its clocks stand; if it already was an era ago, it cannot go on.
	pub(crate) fn review_reserves(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let (mut round, era) = (ReserveReviewState::<T>::get(), T::Eras::current());
		if !round.runs {
			if round.era == era {
				return;
			}
			round = ReserveReview { era, last: None, runs: true };
		}
		for _ in 0..MAX_INSPECTED_PER_BLOCK {
			if meter.try_consume(T::DbWeight::get().reads(1)).is_err() {
				break;
			}
			let mut ids = match round.last {
				None => LiabilityOf::<T>::iter_keys(),
				Some(id) => LiabilityOf::<T>::iter_keys_from(LiabilityOf::<T>::hashed_key_for(id)),
			};
			let Some(id) = ids.next() else {
				round.runs = false;
				break;
			};
			if meter
				.try_consume(T::WeightInfo::review_reserves().saturating_add(T::Conduct::weight()))
				.is_err()
			{
				break;
			}
			if with_storage_layer(|| Self::review_reserve_of(id, era)).is_err() {
				Self::report(PointsInconsistency::Reserve { institution: id });
			}
			round.last = Some(id);
		}
		ReserveReviewState::<T>::put(round);
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
				Self::deposit_event(Event::ReserveFellShort { institution: id });
			},
			Some(found) if found.checked_add(1) == Some(era) => return T::MemberStatus::start_run_off(id),
			// The chain stood still for an era, in which nobody could top up: it counts anew.
			Some(_) => {},
		}
		Shortfalls::<T>::insert(id, era);
		Ok(())
	}

	/// The clocks that stood for a reserve below the minimum run again.
	pub(crate) fn end_shortfall(id: InstitutionId) -> DispatchResult {
		if Shortfalls::<T>::take(id).is_none() {
			return Ok(());
		}
		Self::each_clock(id, |program| <Self as ProgramClocks>::resume(program, ClockStop::Shortfall))
	}
}
