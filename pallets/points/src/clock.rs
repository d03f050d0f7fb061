//! The clocks of programs, and the members whose reserve is below the minimum.

use crate::{pallet::*, types::*, weights::WeightInfo};
use frame_support::{storage::with_storage_layer, traits::Get, weights::WeightMeter};
use hanse_primitives::{
	Clock, Clocks, Conduct, Deed, EraIndex, Eras, InstitutionId, Liabilities, Members, Pauses, ProgramId,
	Reserves, Standing, Standstill,
};
use sp_runtime::DispatchResult;

/// Institutions that one block inspects at most.
const MAX_INSPECTED_PER_BLOCK: u32 = 8;

impl<T: Config> Clocks for Pallet<T> {
	fn stop(id: ProgramId, reason: Standstill) -> DispatchResult {
		let mut program = Self::program(id)?;
		if program.stop(reason, T::Clock::now()) {
			for vintage in &program.vintages {
				Agenda::<T>::remove(Self::place_on_agenda(vintage));
			}
			Self::deposit_event(Event::ClockStopped { program: id });
		}
		Programs::<T>::insert(id, program);
		Ok(())
	}

	fn resume(id: ProgramId, reason: Standstill) -> DispatchResult {
		let mut program = Self::program(id)?;
		if let Some(stood) = program.resume(reason, T::Clock::now()) {
			for vintage in &program.vintages {
				Agenda::<T>::insert(Self::place_on_agenda(vintage), ());
			}
			Self::deposit_event(Event::ClockResumed { program: id, stood });
		}
		Programs::<T>::insert(id, program);
		Ok(())
	}
}

impl<T: Config> Pauses for Pallet<T> {
	fn pause(id: InstitutionId) -> DispatchResult {
		Self::each_clock(id, |program| Self::stop(program, Standstill::Pause))
	}

	fn resume(id: InstitutionId) -> DispatchResult {
		Self::each_clock(id, |program| <Self as Clocks>::resume(program, Standstill::Pause))
	}
}

impl<T: Config> Pallet<T> {
	/// Change the clock of every program of an institution.
	fn each_clock(id: InstitutionId, change: impl Fn(ProgramId) -> DispatchResult) -> DispatchResult {
		ProgramsOf::<T>::get(id).into_iter().try_for_each(change)
	}

	/// Where a vintage stands on the agenda.
	pub(crate) fn place_on_agenda(vintage: &Vintage) -> ([u8; 8], [u8; 4]) {
		(vintage.expires.to_be_bytes(), vintage.asset.to_be_bytes())
	}

	/// Once an era, look at every institution that owes something to holders: if its reserve is below the
	/// minimum, its clocks stand; if it already was an era ago, it cannot go on.
	pub(crate) fn inspect(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let (mut round, era) = (Inspection::<T>::get(), T::Eras::current());
		if !round.runs {
			if round.era == era {
				return;
			}
			round = Round { era, last: None, runs: true };
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
			if meter.try_consume(T::WeightInfo::inspect().saturating_add(T::Conduct::weight())).is_err() {
				break;
			}
			if with_storage_layer(|| Self::inspect_member(id, era)).is_err() {
				Self::report(PointsInconsistency::Reserve { institution: id });
			}
			round.last = Some(id);
		}
		Inspection::<T>::put(round);
	}

	fn inspect_member(id: InstitutionId, era: EraIndex) -> DispatchResult {
		let least = Self::least_backing(id).reserve;
		let is_short = T::Members::ensure_payable(id).is_ok() && T::Clearing::free_reserve(id) < least;
		if !is_short {
			return Self::end_shortfall(id);
		}
		T::Conduct::record(id, Deed::UnderReserved);
		match Shortfalls::<T>::get(id) {
			None => {
				Self::each_clock(id, |program| Self::stop(program, Standstill::Shortfall))?;
				Self::deposit_event(Event::ReserveFellShort { institution: id });
			},
			Some(found) if found.checked_add(1) == Some(era) => return T::Standing::run_off(id),
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
		Self::each_clock(id, |program| <Self as Clocks>::resume(program, Standstill::Shortfall))
	}
}
