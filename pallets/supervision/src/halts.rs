//! Halts: begun, prolonged, ended, and what others are told of them.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use hanse_primitives::{
	program_of, AssetId, Balance, ClockStop, DeadlineClock, Duration, Halts, InstitutionId, Moment,
	PointsLedger, ProgramClocks, ProgramId, Sanctions,
};
use pallet_assets::FrozenBalance;
use sp_core::H256;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_halt(
		by: T::AccountId,
		target: TargetOf<T>,
		length: Duration,
		reason: H256,
	) -> DispatchResult {
		Self::ensure_may(&by, Level::Halt, &target)?;
		ensure!(length > 0, Error::<T>::ZeroLength);
		ensure!(length <= T::MaxHalt::get(), Error::<T>::HaltTooLong);
		// What may be repeated is over.
		let may_begin = HaltRecords::<T>::get(&target).is_none_or(|record| record.may_repeat);
		ensure!(may_begin, Error::<T>::RatificationNeeded);
		let since = T::DeadlineClock::now();
		let until = since.saturating_add(length);

		// The last one, if no block had the weight to serve it: its clock runs, and stops anew.
		Self::end(&target)?;
		ActiveHalts::<T>::try_mutate(|running| {
			running.try_push(HaltSpan { target: target.clone(), since, until })
		})
		.map_err(|_| Error::<T>::MaxHaltsExceeded)?;
		if let Target::Program(id) = target {
			T::ProgramClocks::stop(id, ClockStop::Halt)?;
		}
		let record = HaltRecord { by: by.clone(), since, until, length, reason, may_repeat: false };
		HaltRecords::<T>::insert(&target, record);
		Self::log_act(&by, SupervisorAct::Halt { target: target.clone(), length });
		Self::deposit_event(Event::Halted { target, by, until: T::DeadlineClock::wall_time(until), reason });
		Ok(())
	}

	pub(crate) fn do_ratify_halt(target: TargetOf<T>) -> DispatchResult {
		let mut record = HaltRecords::<T>::get(&target).ok_or(Error::<T>::NotHalted)?;
		if T::DeadlineClock::now() < record.until {
			let (old, new) = (record.until, record.until.saturating_add(record.length));
			record.until = new;
			ActiveHalts::<T>::mutate(|running| {
				running.iter_mut().filter(|span| span.target == target).for_each(|span| span.until = new)
			});
			HaltRecords::<T>::insert(&target, record);
			let (old, new) = (T::DeadlineClock::wall_time(old), T::DeadlineClock::wall_time(new));
			Self::deposit_event(Event::HaltProlonged { target, old, new });
		} else {
			ensure!(!record.may_repeat, Error::<T>::AlreadyRatified);
			record.may_repeat = true;
			HaltRecords::<T>::insert(&target, record);
			Self::deposit_event(Event::HaltAllowed { target });
		}
		Ok(())
	}

	pub(crate) fn do_lift_halt(target: TargetOf<T>) -> DispatchResult {
		let now = T::DeadlineClock::now();
		let record = HaltRecords::<T>::get(&target).filter(|record| now < record.until);
		let mut record = record.ok_or(Error::<T>::NotHalted)?;
		record.until = now;
		HaltRecords::<T>::insert(&target, record);
		Self::end(&target)?;
		Self::deposit_event(Event::HaltLifted { target });
		Ok(())
	}

	/// End the halt of `target`, if one runs.
	fn end(target: &TargetOf<T>) -> DispatchResult {
		if Self::strike_off(target) {
			Self::resume_clock(target)?;
		}
		Ok(())
	}

	/// Forget that `target` is halted; says whether it was.
	pub(crate) fn strike_off(target: &TargetOf<T>) -> bool {
		let mut running = ActiveHalts::<T>::get();
		let Some(place) = running.iter().position(|span| span.target == *target) else { return false };
		running.remove(place);
		match running.is_empty() {
			true => ActiveHalts::<T>::kill(),
			false => ActiveHalts::<T>::put(running),
		}
		true
	}

	/// Let the clock run of what is not halted any more.
	pub(crate) fn resume_clock(target: &TargetOf<T>) -> DispatchResult {
		match target {
			Target::Program(id) => T::ProgramClocks::resume(*id, ClockStop::Halt),
			_ => Ok(()),
		}
	}

	/// Whether a halt runs of something that `is_meant`.
	fn is_halted(is_meant: impl Fn(&TargetOf<T>) -> bool) -> bool {
		// The clock is read only if there is something to compare with it.
		ActiveHalts::<T>::get()
			.iter()
			.any(|span| is_meant(&span.target) && T::DeadlineClock::now() < span.until)
	}

	fn may_not_leave(who: &T::AccountId, program: ProgramId) -> bool {
		Self::is_halted(|target| match target {
			Target::Program(id) => *id == program,
			Target::Customer(account) => account == who,
			Target::Institution(_) => false,
		})
	}

	pub(crate) fn read_halts() -> Vec<Halt<T::AccountId>> {
		let now = T::DeadlineClock::now();
		let running = ActiveHalts::<T>::get().into_iter().filter(|span| now < span.until);
		running
			.filter_map(|HaltSpan { target, since, until }| {
				let HaltRecord { by, reason, .. } = HaltRecords::<T>::get(&target)?;
				let (since, until) = (T::DeadlineClock::wall_time(since), T::DeadlineClock::wall_time(until));
				Some(Halt { target, by, since, until, reason })
			})
			.collect()
	}
}

impl<T: Config> Halts<T::AccountId> for Pallet<T> {
	fn ensure_may_leave(who: &T::AccountId, program: ProgramId) -> DispatchResult {
		ensure!(!Self::may_not_leave(who, program), Error::<T>::PointsHalted);
		Ok(())
	}

	fn ensure_may_make(program: ProgramId) -> DispatchResult {
		let is_halted = Self::is_halted(|target| matches!(target, Target::Program(id) if *id == program));
		ensure!(!is_halted, Error::<T>::ProgramHalted);
		Ok(())
	}

	fn copy_halt(from: &T::AccountId, to: &T::AccountId) {
		let old = Target::Customer(from.clone());
		let Some(record) = HaltRecords::<T>::get(&old) else { return };
		let (new, now) = (Target::Customer(to.clone()), T::DeadlineClock::now());
		let (until, other) = (record.until, HaltRecords::<T>::get(&new));
		if now >= until {
			// What is over only leaves its mark.
			if other.is_none() {
				HaltRecords::<T>::insert(&new, record);
			}
			return;
		}
		if other.is_some_and(|other| other.until >= until) {
			return;
		}
		let span = HaltSpan { target: new.clone(), since: record.since, until };
		ActiveHalts::<T>::mutate(|running| {
			// A halt of its own that ends sooner gives way.
			running.retain(|other| other.target != new);
			if running.try_push(span.clone()).is_ok() {
				return;
			}
			// Where there is no room for both, the account to which the points go is halted.
			running.iter_mut().filter(|span| span.target == old).for_each(|place| *place = span.clone());
			HaltRecords::<T>::insert(&old, HaltRecord { until: now, ..record.clone() });
		});
		HaltRecords::<T>::insert(&new, record);
		let until = T::DeadlineClock::wall_time(until);
		Self::deposit_event(Event::HaltCopied { from: from.clone(), to: to.clone(), until });
	}

	fn halted_at(at: Moment) -> Vec<T::AccountId> {
		let halted =
			ActiveHalts::<T>::get().into_iter().filter(|span| (span.since..span.until).contains(&at));
		halted
			.filter_map(|span| match span.target {
				Target::Customer(account) => Some(account),
				_ => None,
			})
			.collect()
	}

	fn without_halts<R>(act: impl FnOnce() -> R) -> R {
		let running = ActiveHalts::<T>::take();
		let done = act();
		if !running.is_empty() {
			ActiveHalts::<T>::put(running);
		}
		done
	}
}

impl<T: Config> Sanctions for Pallet<T> {
	fn ensure_may_issue(id: InstitutionId) -> DispatchResult {
		let is_halted =
			Self::is_halted(|target| matches!(target, Target::Institution(other) if *other == id));
		ensure!(!is_halted, Error::<T>::IssuingHalted);
		Ok(())
	}
}

/// What may not leave an account is all that it holds, and all that it will. The assets pallet only ever
/// subtracts it, with saturation.
impl<T: Config> FrozenBalance<AssetId, T::AccountId, Balance> for Pallet<T> {
	fn frozen_balance(asset: AssetId, who: &T::AccountId) -> Option<Balance> {
		// An account that is frozen is not swept, so none is of a vintage that is closed.
		let is_frozen =
			Self::may_not_leave(who, program_of(asset)) && T::Points::open_vintage(asset).is_some();
		is_frozen.then_some(Balance::MAX)
	}

	fn died(_: AssetId, _: &T::AccountId) {}

	/// Nothing that would keep a vintage from being closed.
	fn contains_freezes(_: AssetId) -> bool {
		false
	}
}
