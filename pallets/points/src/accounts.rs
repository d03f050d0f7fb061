//! Books of periods, and what can be read of holders and issuers.

use crate::{math, pallet::*, types::*, weights::WeightInfo};
use alloc::vec::Vec;
use frame_support::{
	defensive,
	traits::{fungibles::Inspect, ConstU32, Get, Time},
	weights::WeightMeter,
};
use hanse_primitives::{
	Balance, Clock, Holdings, InstitutionId, Members, Moment, ProgramId, Reserves, MAX_OPEN_VINTAGES,
};
use sp_runtime::BoundedVec;

type DueByExpiry = BoundedVec<Due, ConstU32<MAX_OPEN_VINTAGES>>;

/// Periods whose books are closed in one block at most.
const MAX_CLOSED_PER_BLOCK: u32 = 16;
/// Programs on one page of a portfolio.
const PROGRAMS_A_PAGE: ProgramId = 64;

impl<T: Config> Pallet<T> {
	/// Close the books of periods that have ended, as far as `meter` and the bound allow. What expires at the
	/// end of a period was booked before, so it belongs to the period that ends.
	pub(crate) fn close_periods(meter: &mut WeightMeter) {
		let now = T::Time::now();
		for _ in 0..MAX_CLOSED_PER_BLOCK {
			if meter.try_consume(T::DbWeight::get().reads(1)).is_err() {
				return;
			}
			let Some((ends, id)) = Periods::<T>::iter_keys().next() else { return };
			if Moment::from_be_bytes(ends) > now || meter.try_consume(T::WeightInfo::close_period()).is_err()
			{
				return;
			}
			Periods::<T>::remove((ends, id));
			Self::close_period(ProgramId::from_be_bytes(id), Moment::from_be_bytes(ends), now);
		}
	}

	fn close_period(id: ProgramId, ends: Moment, now: Moment) {
		let Some(mut program) = Programs::<T>::get(id) else {
			defensive!("a period of a program that does not exist", id);
			return;
		};
		let closing = Closing { ends, flows: FlowsOf::<T>::get(id), due: Self::due(&program) };
		Closings::<T>::mutate(id, |closings| {
			if closings.is_full() {
				closings.remove(0);
			}
			if closings.try_push(closing).is_err() {
				defensive!("there is no room for a closing", id);
			}
		});
		program.take_up_revision(now);
		let next = program.period_end(now);
		Periods::<T>::insert((next.to_be_bytes(), id.to_be_bytes()), ());
	}

	/// What is owed for a program's points now, by expiry.
	fn due(program: &Program) -> DueByExpiry {
		let due = program.vintages.iter().map(|vintage| {
			let points = Self::in_circulation(vintage);
			let value = math::value_of(points, vintage.face_value).unwrap_or(Balance::MAX);
			Due { expires: T::Clock::wall(vintage.expires), points, value }
		});
		BoundedVec::truncate_from(due.collect())
	}

	/// Smallest units of a vintage, pending awards included.
	pub(crate) fn in_circulation(vintage: &Vintage) -> Balance {
		T::Assets::total_issuance(vintage.asset).saturating_add(PendingTotal::<T>::get(vintage.asset))
	}

	/// What an account holds, programs from `from` on.
	pub(crate) fn read_portfolio(account: &T::AccountId, from: ProgramId) -> Portfolio {
		let last = LastProgram::<T>::get();
		let until = from.saturating_add(PROGRAMS_A_PAGE);
		let now = T::Clock::now();
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
						expires: T::Clock::wall(vintage.expires),
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
		let shown = |vintage: &Vintage| Vintage { expires: T::Clock::wall(vintage.expires), ..*vintage };
		let programs = (from..until.min(last.saturating_add(1)))
			.filter_map(|id| {
				let mut program = Programs::<T>::get(id)?;
				let Label { name, symbol } = Labels::<T>::get(id)?;
				program.take_up_revision(now);
				Some(ProgramInfo {
					program: id,
					issuer: program.issuer,
					name,
					symbol,
					terms: program.terms,
					begins: program.period_begin(now),
					ends: program.period_end(now),
					revision: program.revision,
					stands: program.stopped.is_some(),
					rate: program.rate(),
					vintages: program.unexpired(T::Clock::now()).map(shown).collect(),
				})
			})
			.collect();
		ProgramPage { programs, next: (until <= last).then_some(until) }
	}

	/// What stands behind an institution's points and what it owes for them.
	pub(crate) fn read_statement(id: InstitutionId) -> Option<Statement> {
		T::Members::account(id).ok()?;
		let (bond, reserve) = (T::Members::bond(id), T::Clearing::reserve(id));
		let free = T::Clearing::free_reserve(id);
		let backing = bond.saturating_sub(T::Clearing::debt(id)).saturating_add(free);
		let outstanding = Outstanding::<T>::get(id);
		let programs = ProgramsOf::<T>::get(id)
			.into_iter()
			.filter_map(|program| {
				let due = Self::due(&Programs::<T>::get(program)?).into_inner();
				Some(ProgramStatement { program, flows: FlowsOf::<T>::get(program), due })
			})
			.collect();
		Some(Statement {
			bond,
			reserve,
			outstanding,
			authorised: Authorised::<T>::get(id),
			cap: math::liability_cap(backing, T::LiabilityRatio::get()),
			minimum_reserve: math::minimum_reserve(outstanding, T::ReserveRatio::get()),
			programs,
		})
	}

	/// The books of the period of `id` in which `at` lies; `None` if they are not remembered.
	pub(crate) fn read_roll_forward(id: ProgramId, at: Moment) -> Option<RollForward> {
		let program = Programs::<T>::get(id)?;
		let closings = Closings::<T>::get(id);
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
			None => (T::Time::now(), FlowsOf::<T>::get(id), Self::due(&program)),
		};
		(from <= at).then_some(RollForward {
			from,
			until,
			opening: opening.in_circulation()?,
			flows: flows.since(&opening),
			closing: flows.in_circulation()?,
			due: due.into_inner(),
		})
	}
}
