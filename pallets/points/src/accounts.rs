//! Books of periods, and what can be read of holders and issuers.

use crate::{math, pallet::*, types::*, weights::WeightInfo};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
	traits::{fungibles::Inspect, ConstU32, Get, Time},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	due::{self, DueQueue},
	DeadlineClock, Holdings, InstitutionId, Liabilities, Members, Moment, Points, ProgramId, Reserves,
	MAX_OPEN_VINTAGES,
};
use sp_runtime::{traits::EnsureAdd, ArithmeticError, BoundedVec, DispatchError, DispatchResult};

type DueByExpiry = BoundedVec<ExpiryBucket, ConstU32<MAX_OPEN_VINTAGES>>;

/// Periods whose books are closed in one block at most.
const MAX_CLOSED_PER_BLOCK: u32 = 16;
/// Programs on one page of a portfolio.
const PROGRAMS_A_PAGE: ProgramId = 64;

impl<T: Config> Pallet<T> {
	/// Close the books of periods that have ended, as far as `meter` and the bound allow. What expires at the
	/// end of a period was booked before, so it belongs to the period that ends.
	pub(crate) fn close_periods(meter: &mut WeightMeter) {
		due::serve(&mut DuePeriods::<T>(PhantomData), MAX_CLOSED_PER_BLOCK, meter);
	}

	/// When the books of a program are closed next.
	fn schedule_closing(id: ProgramId, program: &Program) {
		let next = program.period_end(T::Time::now());
		PeriodEnds::<T>::insert((next.to_be_bytes(), id.to_be_bytes()), ());
	}

	fn close_period(id: ProgramId, ends: Moment, program: &Program) -> DispatchResult {
		let closing = PeriodClosing { ends, flows: FlowsOf::<T>::get(id), due: Self::due(program)? };
		PeriodClosings::<T>::try_mutate(id, |closings| {
			if closings.is_full() {
				closings.remove(0);
			}
			closings.try_push(closing)
		})
		.map_err(|_| Error::<T>::Inconsistent)?;
		Self::schedule_closing(id, program);
		Ok(())
	}

	/// What is owed for a program's points now, by expiry.
	fn due(program: &Program) -> Result<DueByExpiry, ArithmeticError> {
		let due = program.vintages.iter().map(|vintage| {
			let points = Self::in_circulation(vintage)?;
			let value = math::value_of(points, vintage.face_value)?;
			Ok(ExpiryBucket { expires: T::DeadlineClock::wall_time(vintage.expires), points, value })
		});
		due.collect::<Result<Vec<_>, _>>().map(BoundedVec::truncate_from)
	}

	/// Smallest units of a vintage, pending awards included.
	pub(crate) fn in_circulation(vintage: &Vintage) -> Result<Points, ArithmeticError> {
		T::Assets::total_issuance(vintage.asset).ensure_add(PendingTotal::<T>::get(vintage.asset))
	}

	/// What an account holds, programs from `from` on.
	pub(crate) fn read_portfolio(account: &T::AccountId, from: ProgramId) -> Portfolio {
		let last = LastProgram::<T>::get();
		let until = from.saturating_add(PROGRAMS_A_PAGE);
		let now = T::DeadlineClock::now();
		let holdings = (from..until.min(last.saturating_add(1)))
			.filter_map(|id| Programs::<T>::get(id).map(|program| (id, program)))
			.flat_map(|(id, program)| {
				program
					.unexpired(now)
					.map(|vintage| Holding {
						program: id,
						asset: vintage.asset,
						amount: T::Assets::balance(vintage.asset, account),
						pending: PendingOf::<T>::get(account, vintage.asset),
						expires: T::DeadlineClock::wall_time(vintage.expires),
						value: Self::value(account, vintage.asset),
					})
					.filter(|holding| holding.amount > 0 || holding.pending > 0)
					.collect::<Vec<_>>()
			})
			.collect();
		Portfolio { holdings, next: (until <= last).then_some(until) }
	}

	/// What the programs are, from `from` on.
	pub(crate) fn read_programs(from: ProgramId) -> ProgramPage {
		let (last, now) = (LastProgram::<T>::get(), T::Time::now());
		let until = from.saturating_add(PROGRAMS_A_PAGE);
		let shown =
			|vintage: &Vintage| Vintage { expires: T::DeadlineClock::wall_time(vintage.expires), ..*vintage };
		let programs = (from..until.min(last.saturating_add(1)))
			.filter_map(|id| {
				let program = Programs::<T>::get(id)?;
				let Label { name, symbol } = Labels::<T>::get(id)?;
				Some(ProgramInfo {
					program: id,
					issuer: program.issuer,
					name,
					symbol,
					terms: program.terms_at(now),
					begins: program.period_begin(now),
					ends: program.period_end(now),
					revision: program.next_terms(now),
					stands: program.stopped.is_some(),
					rate: LiabilityOf::<T>::get(program.issuer).rate(),
					vintages: program.unexpired(T::DeadlineClock::now()).map(shown).collect(),
				})
			})
			.collect();
		ProgramPage { programs, next: (until <= last).then_some(until) }
	}

	/// What stands behind an institution's points and what it owes for them.
	pub(crate) fn read_statement(id: InstitutionId) -> Option<LiabilityStatement> {
		T::Members::account(id).ok()?;
		let backing = Self::backing_bond(id).checked_add(T::Clearing::free_reserve(id))?;
		let Liability { outstanding, authorised, .. } = LiabilityOf::<T>::get(id);
		let programs = ProgramsOf::<T>::get(id)
			.into_iter()
			.filter_map(|program| {
				let due = Self::due(&Programs::<T>::get(program)?).ok()?.into_inner();
				Some(ProgramStatement { program, flows: FlowsOf::<T>::get(program), due })
			})
			.collect();
		Some(LiabilityStatement {
			bond: T::Members::bond(id),
			reserve: T::Clearing::reserve(id),
			outstanding,
			authorised,
			cap: math::liability_cap(backing, T::LiabilityRatio::get()).ok()?,
			minimum_reserve: Self::required_backing(id).reserve,
			programs,
		})
	}

	/// The books of the period of `id` in which `at` lies; `None` if they are not remembered, or
	/// contradict each other.
	pub(crate) fn read_roll_forward(id: ProgramId, at: Moment) -> Option<RollForward> {
		let program = Programs::<T>::get(id)?;
		let closings = PeriodClosings::<T>::get(id);
		let place = closings.partition_point(|closing| closing.ends <= at);
		let before = place.checked_sub(1).and_then(|before| closings.get(before));
		let opening = match before {
			Some(closing) => closing.flows,
			// The first period of all has nothing before it; what was before the others is forgotten.
			None if closings.len() < MAX_CLOSINGS as usize => Flows::default(),
			None => return None,
		};
		let from = before.map_or(program.created, |closing| closing.ends);
		let (until, flows, due) = match closings.get(place) {
			Some(closing) => (closing.ends, closing.flows, closing.due.clone()),
			None => (T::Time::now(), FlowsOf::<T>::get(id), Self::due(&program).ok()?),
		};
		(from <= at).then_some(RollForward {
			from,
			until,
			opening: opening.in_circulation().ok()?,
			flows: flows.since(&opening).ok()?,
			closing: flows.in_circulation().ok()?,
			due: due.into_inner(),
		})
	}
}

/// Programs of which a period has ended.
struct DuePeriods<T>(PhantomData<T>);

impl<T: Config> DueQueue for DuePeriods<T> {
	type Entry = ([u8; 8], [u8; 2]);
	type Item = Program;

	fn peek_weight(&self) -> Weight {
		T::DbWeight::get().reads(1)
	}

	fn peek(&mut self) -> Option<Self::Entry> {
		let (ends, id) = PeriodEnds::<T>::iter_keys().next()?;
		(Moment::from_be_bytes(ends) <= T::Time::now()).then_some((ends, id))
	}

	fn load_weight(&self) -> Weight {
		T::WeightInfo::close_period()
	}

	fn load(&self, (_, id): &Self::Entry) -> Option<Self::Item> {
		Programs::<T>::get(ProgramId::from_be_bytes(*id))
	}

	fn weigh(&self, _: &Self::Item) -> Weight {
		Weight::zero()
	}

	fn remove(&mut self, entry: &Self::Entry) {
		PeriodEnds::<T>::remove(entry);
	}

	fn serve(
		&mut self,
		(ends, id): &Self::Entry,
		program: &mut Self::Item,
		_: &mut WeightMeter,
	) -> DispatchResult {
		Pallet::<T>::close_period(ProgramId::from_be_bytes(*id), Moment::from_be_bytes(*ends), program)
	}

	/// The books of this period stay open, and are a part of the next one's.
	fn failed(&mut self, (_, id): Self::Entry, program: Option<Self::Item>, _: DispatchError) {
		let id = ProgramId::from_be_bytes(id);
		if let Some(program) = program {
			Pallet::<T>::schedule_closing(id, &program);
		}
		Pallet::<T>::report(PointsInconsistency::Period { program: id });
	}
}
