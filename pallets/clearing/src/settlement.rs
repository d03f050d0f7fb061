//! The end of a cycle: what is settled, booked and judged.
//!
//! The block in which a cycle is over reads all positions and the reserves behind them, finds what settles
//! (a few thousand numbers, see [`crate::cycle`]) and moves the money: at most one transfer a member. So no
//! payment can come between the snapshot and its money. What that takes off positions is written down as a
//! plan and booked page by page, as blocks have room; then debtors are judged. Until that is done `owe` is
//! gross, so that what is booked is exactly what was planned.

use crate::{
	cycle::{settle, spread, Obligation},
	pallet::*,
	types::*,
	weights::WeightInfo,
	DRAW_AT, PAUSE_AT, RUN_OFF_AT, SUSPEND_AT,
};
use alloc::{
	collections::{btree_map::BTreeMap, btree_set::BTreeSet},
	vec::Vec,
};
use frame_support::{
	defensive,
	storage::with_storage_layer,
	traits::Get,
	weights::{Weight, WeightMeter},
	BoundedVec,
};
use hanse_primitives::{
	Balance, Cause, Clock, Conduct, Deed, InstitutionId, Liabilities, Members, Pauses, Reserves, Standing,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// End the cycle if it is over, and go on with what is left of ending it, as far as `meter` allows.
	pub(crate) fn turn_cycle(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let mut cycle = CurrentCycle::<T>::get();
		if cycle.step == Step::Idle {
			let now = T::Clock::now();
			if now < cycle.began.saturating_add(T::Cycle::get()) {
				return;
			}
			// All of it in one block, so that nothing comes between the snapshot and the money.
			if meter.try_consume(T::WeightInfo::plan(Positions::<T>::count())).is_err() {
				return;
			}
			if with_storage_layer(|| Self::plan(cycle.index)).is_err() {
				defensive!("a cycle could not be settled", cycle.index);
			}
			// Even then: it must not be tried in every block. A chain that stood still settles once.
			cycle = Cycle { index: cycle.index.saturating_add(1), began: now, step: Step::Booking(0) };
		}
		while cycle.step != Step::Idle {
			let Some(step) = Self::proceed(&cycle, meter) else { break };
			cycle.step = step;
		}
		CurrentCycle::<T>::put(cycle);
	}

	/// Move the money of what settles, and write down what it is taken off.
	fn plan(index: CycleIndex) -> DispatchResult {
		let obligations = Self::obligations();
		let members: BTreeSet<_> = obligations.iter().flat_map(|o| [o.debtor, o.creditor]).collect();
		let payable = |id: &InstitutionId| T::Members::ensure_payable(*id).is_ok();
		let reserves: BTreeMap<_, _> =
			members.iter().map(|id| (*id, Self::available(*id, payable(id)))).collect();
		let paid = settle(&reserves, &obligations);

		// What everybody has afterwards, and what is then still owed.
		let mut sums =
			reserves.iter().map(|(id, has)| (*id, (*has, 0))).collect::<BTreeMap<_, (Balance, Balance)>>();
		let mut unpaid = BTreeMap::<InstitutionId, Vec<Obligation>>::new();
		for (obligation, paid) in obligations.iter().zip(&paid) {
			if let Some((has, _)) = sums.get_mut(&obligation.creditor) {
				*has = has.saturating_add(*paid);
			}
			if let Some((_, pays)) = sums.get_mut(&obligation.debtor) {
				*pays = pays.saturating_add(*paid);
			}
			let rest = Obligation { value: obligation.value.saturating_sub(*paid), ..*obligation };
			if rest.value > 0 {
				unpaid.entry(rest.debtor).or_default().push(rest);
			}
		}
		let after: BTreeMap<_, _> =
			sums.into_iter().map(|(id, (has, pays))| (id, has.saturating_sub(pays))).collect();

		let mut bookings = BTreeMap::<_, (Balance, Balance)>::new();
		for (obligation, paid) in obligations.iter().zip(&paid) {
			bookings.entry((obligation.debtor, obligation.creditor)).or_default().0 += paid;
		}
		let mut verdicts: BTreeMap<_, _> = Overdue::<T>::iter_keys().map(|id| (id, false)).collect();
		for (debtor, rest) in &unpaid {
			let owed = rest.iter().fold(0, |sum, o| Balance::saturating_add(sum, o.value));
			if after.get(debtor).is_some_and(|has| *has >= owed) {
				continue;
			}
			// The holders of the points of who is on its way out are not made to wait: its bond pays at once.
			let late = payable(debtor);
			let age = Overdue::<T>::get(debtor).unwrap_or_default().age.saturating_add(1);
			if late {
				verdicts.insert(*debtor, true);
			}
			if !late || age >= DRAW_AT {
				for (obligation, drawn) in rest.iter().zip(spread(T::Members::bond(*debtor), rest)) {
					bookings.entry((*debtor, obligation.creditor)).or_default().1 += drawn;
				}
			}
		}

		// What was found against somebody waits for no cycle, but its age is counted by cycles as that of any debt.
		verdicts.extend(Arrears::<T>::iter_keys().filter(|id| payable(id)).map(|id| (id, true)));

		let moved = Self::transfer(&reserves, &after)?;
		let bookings = Self::write_plan(bookings, verdicts);
		if bookings > 0 {
			Self::deposit_event(Event::CycleSettled { cycle: index, positions: bookings, moved });
		}
		Ok(())
	}

	/// What everybody owes, by cycle.
	fn obligations() -> Vec<Obligation> {
		let mut obligations = Vec::new();
		for ((low, high), position) in Positions::<T>::iter() {
			let (debtor, creditor) = if position.low_owes { (low, high) } else { (high, low) };
			obligations.extend(position.units.iter().map(|unit| Obligation {
				debtor,
				creditor,
				cycle: unit.cycle,
				value: unit.value,
			}));
		}
		obligations
	}

	/// What of a reserve may settle debts: all that is free; of who is on its way out only what it does not
	/// need for the holders of its points.
	pub(crate) fn available(id: InstitutionId, is_payable: bool) -> Balance {
		let free = <Self as Reserves>::free_reserve(id);
		match is_payable {
			true => free,
			false => free.saturating_sub(T::Liabilities::payable(id)),
		}
	}

	/// Move the net amounts, from those who have less afterwards to those who have more. Both are gone
	/// through once, so there are fewer transfers than members. Returns what moved.
	fn transfer(
		before: &BTreeMap<InstitutionId, Balance>,
		after: &BTreeMap<InstitutionId, Balance>,
	) -> Result<Balance, DispatchError> {
		let change = |id: &InstitutionId| {
			let (old, new) = (before.get(id).copied().unwrap_or(0), after.get(id).copied().unwrap_or(0));
			(old.saturating_sub(new), new.saturating_sub(old))
		};
		let mut payees = after.keys().map(|id| (*id, change(id).1)).filter(|(_, gets)| *gets > 0);
		let mut payee = payees.next();
		let mut moved: Balance = 0;
		for (payer, mut gives) in after.keys().map(|id| (*id, change(id).0)) {
			while gives > 0 {
				let Some((to, gets)) = payee.as_mut() else {
					defensive!("more is paid than is received");
					return Err(ArithmeticError::Overflow.into());
				};
				let value = gives.min(*gets);
				Self::pay(&T::Members::account(payer)?, &T::Members::account(*to)?, value)?;
				gives -= value;
				*gets -= value;
				moved = moved.saturating_add(value);
				if *gets == 0 {
					payee = payees.next();
				}
			}
		}
		Ok(moved)
	}

	fn write_plan(
		bookings: BTreeMap<(InstitutionId, InstitutionId), (Balance, Balance)>,
		verdicts: BTreeMap<InstitutionId, bool>,
	) -> u32 {
		let bookings: Vec<_> = bookings
			.into_iter()
			.filter(|(_, (settled, drawn))| *settled > 0 || *drawn > 0)
			.map(|((debtor, creditor), (settled, drawn))| Booking { debtor, creditor, settled, drawn })
			.collect();
		for (place, page) in bookings.chunks(crate::PAGE as usize).enumerate() {
			Plan::<T>::insert(place as u32, Page::truncate_from(page.to_vec()));
		}
		if !verdicts.is_empty() {
			let verdicts = verdicts.into_iter().map(|(debtor, late)| Verdict { debtor, late });
			Verdicts::<T>::put(BoundedVec::truncate_from(verdicts.collect()));
		}
		bookings.len() as u32
	}

	/// One piece of what is left to do; the step after it, or `None` if there is no room for it.
	fn proceed(cycle: &Cycle, meter: &mut WeightMeter) -> Option<Step> {
		meter.try_consume(T::DbWeight::get().reads(1)).ok()?;
		match cycle.step {
			Step::Idle => None,
			Step::Booking(page) => {
				let Some(bookings) = Plan::<T>::get(page) else { return Some(Step::Judging(0)) };
				meter.try_consume(Self::booking_weight(&bookings)).ok()?;
				Plan::<T>::remove(page);
				bookings.into_iter().for_each(Self::book);
				Some(Step::Booking(page.saturating_add(1)))
			},
			Step::Judging(place) => {
				let Some(verdict) = Verdicts::<T>::get().get(place as usize).copied() else {
					Verdicts::<T>::kill();
					return Some(Step::Idle);
				};
				meter.try_consume(Self::judging_weight(verdict)).ok()?;
				if with_storage_layer(|| Self::judge(verdict, cycle.index)).is_err() {
					defensive!("a debtor could not be judged", verdict.debtor);
				}
				Some(Step::Judging(place.saturating_add(1)))
			},
		}
	}

	fn booking_weight(bookings: &Page) -> Weight {
		let draws = bookings.iter().filter(|booking| booking.drawn > 0).count() as u64;
		T::WeightInfo::book(bookings.len() as u32)
			.saturating_add(T::WeightInfo::draw_bond().saturating_mul(draws))
	}

	fn judging_weight(Verdict { debtor, late }: Verdict) -> Weight {
		if !late {
			return T::WeightInfo::judge();
		}
		let judge = T::WeightInfo::judge().saturating_add(T::Conduct::weight());
		match Overdue::<T>::get(debtor).map_or(0, |state| state.age).saturating_add(1) {
			age if age >= RUN_OFF_AT => judge.saturating_add(T::WeightInfo::end_member()),
			_ => judge,
		}
	}

	/// Take what was paid off one position, after drawing the bond where that pays.
	fn book(booking: Booking) {
		let Booking { debtor, creditor, settled, drawn } = booking;
		let drawn = match drawn {
			0 => 0,
			_ => with_storage_layer(|| Self::draw_bond(debtor, creditor, drawn)).unwrap_or(0),
		};
		if drawn > 0 {
			Self::deposit_event(Event::BondDrawn { debtor, creditor, value: drawn });
		}
		Self::reduce(debtor, creditor, settled.saturating_add(drawn));
	}

	pub(crate) fn draw_bond(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
	) -> Result<Balance, DispatchError> {
		let drawn = T::Members::draw_bond(debtor, &T::Members::account(creditor)?, value)?;
		Self::count(debtor, |deposit| &mut deposit.bond_paid, drawn)?;
		Self::count(creditor, |deposit| &mut deposit.bond_received, drawn)?;
		// What comes to who is on its way out is for its holders first.
		if drawn > 0 && T::Members::ensure_payable(creditor).is_err() {
			Self::do_top_up(creditor, drawn)?;
		}
		Ok(drawn)
	}

	/// What follows for one debtor.
	fn judge(Verdict { debtor, late }: Verdict, index: CycleIndex) -> DispatchResult {
		let known = Overdue::<T>::get(debtor);
		let is_covered = || <Self as Reserves>::free_reserve(debtor) >= Debts::<T>::get(debtor).owed;
		let mut ends = !Arrears::<T>::contains_key(debtor) && (!late || is_covered());
		let mut state =
			known.unwrap_or(OverdueState { since: index.saturating_sub(1), ..Default::default() });
		if late {
			state.age = state.age.saturating_add(1);
			Self::deposit_event(Event::Overdue { institution: debtor, age: state.age });
			match state.age {
				PAUSE_AT => T::Conduct::record(debtor, Deed::OverdueFirst),
				DRAW_AT => T::Conduct::record(debtor, Deed::OverdueSecond),
				SUSPEND_AT => T::Conduct::record(debtor, Deed::OverdueThird),
				_ => {},
			}
		}
		if late && !ends {
			match state.age {
				// Whom a verdict made overdue is paused already.
				PAUSE_AT if known.is_none() => T::Pauses::pause(debtor)?,
				// Whoever is suspended already stays so, and is not reinstated from here.
				SUSPEND_AT => {
					state.suspended =
						with_storage_layer(|| T::Standing::suspend(debtor, Cause::Overdue)).is_ok()
				},
				// Holders of its points are served from now on, so they wait no longer.
				age if age >= RUN_OFF_AT => {
					ends = with_storage_layer(|| T::Standing::run_off(debtor)).is_ok()
				},
				_ => {},
			}
		}
		if !ends {
			Overdue::<T>::insert(debtor, state);
		} else if known.is_some() {
			Overdue::<T>::remove(debtor);
			T::Pauses::resume(debtor)?;
			if state.suspended {
				// In run-off there is nothing to reinstate.
				let _ = with_storage_layer(|| T::Standing::reinstate(debtor, Cause::Overdue));
			}
			Self::deposit_event(Event::OverdueEnded { institution: debtor });
		}
		Ok(())
	}

	/// How an institution stands with everybody; `None` for strangers.
	pub(crate) fn read_positions(id: InstitutionId) -> Option<Account> {
		T::Members::account(id).ok()?;
		let mut with = BTreeSet::new();
		for (creditor, debtor, _) in Lines::<T>::iter() {
			match id {
				_ if creditor == id => with.insert(debtor),
				_ if debtor == id => with.insert(creditor),
				_ => continue,
			};
		}
		let view = |with| {
			let (pair, low) = Position::pair(id, with);
			let position = Positions::<T>::get(pair).unwrap_or_default();
			let line = Lines::<T>::get(with, id).unwrap_or_default();
			let granted = Lines::<T>::get(id, with).unwrap_or_default();
			PositionView {
				with,
				owes: position.owed_by(low),
				is_owed: position.owed_by(!low),
				line: line.limit,
				accepted: line.accepted,
				granted: granted.limit,
				granted_accepted: granted.accepted,
				units: position.units.into_inner(),
			}
		};
		let (claim, debt) = (Claims::<T>::get(id), Debts::<T>::get(id));
		Some(Account {
			reserve: <Self as Reserves>::reserve(id),
			free_reserve: <Self as Reserves>::free_reserve(id),
			accrued: claim.accrued,
			earmarked: claim.earmarked,
			owed: debt.owed,
			earmarked_on_lines: debt.earmarked,
			arrears: Arrears::<T>::get(id).sum,
			positions: with.into_iter().map(view).collect(),
			overdue: Overdue::<T>::get(id),
		})
	}
}
