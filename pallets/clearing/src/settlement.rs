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
	DRAW_BOND_AT, PAUSE_AT, RUN_OFF_AT, SUSPEND_AT,
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
	Balance, Conduct, DeadlineClock, InstitutionId, Liabilities, MemberStatus, Members, OffenceKind,
	PartnerPauses, Reserves, SuspensionCause,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// End the cycle if it is over, and go on with what is left of ending it, as far as `meter` allows.
	pub(crate) fn process_cycle_end(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let mut cycle = CurrentCycle::<T>::get();
		if cycle.stage == SettlementStage::Idle {
			let now = T::DeadlineClock::now();
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
			cycle = Cycle {
				index: cycle.index.saturating_add(1),
				began: now,
				stage: SettlementStage::Posting(0),
			};
		}
		while cycle.stage != SettlementStage::Idle {
			let Some(stage) = Self::proceed(&cycle, meter) else { break };
			cycle.stage = stage;
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

		let mut postings = BTreeMap::<_, (Balance, Balance)>::new();
		for (obligation, paid) in obligations.iter().zip(&paid) {
			postings.entry((obligation.debtor, obligation.creditor)).or_default().0 += paid;
		}
		let mut updates: BTreeMap<_, _> = Overdue::<T>::iter_keys().map(|id| (id, false)).collect();
		for (debtor, rest) in &unpaid {
			let owed = rest.iter().fold(0, |sum, o| Balance::saturating_add(sum, o.value));
			if after.get(debtor).is_some_and(|has| *has >= owed) {
				continue;
			}
			// The holders of the points of an institution on its way out are not made to wait: its bond pays at once.
			let late = payable(debtor);
			let age = Overdue::<T>::get(debtor).unwrap_or_default().age.saturating_add(1);
			if late {
				updates.insert(*debtor, true);
			}
			if !late || age >= DRAW_BOND_AT {
				for (obligation, drawn) in rest.iter().zip(spread(T::Members::bond(*debtor), rest)) {
					postings.entry((*debtor, obligation.creditor)).or_default().1 += drawn;
				}
			}
		}

		// What was found against somebody waits for no cycle, but its age is counted by cycles as that of any debt.
		updates.extend(Arrears::<T>::iter_keys().filter(|id| payable(id)).map(|id| (id, true)));

		let moved = Self::transfer(&reserves, &after)?;
		let postings = Self::write_plan(postings, updates);
		if postings > 0 {
			Self::deposit_event(Event::CycleSettled { cycle: index, positions: postings, moved });
		}
		Ok(())
	}

	/// What everybody owes, by cycle.
	fn obligations() -> Vec<Obligation> {
		let mut obligations = Vec::new();
		for ((low, high), position) in Positions::<T>::iter() {
			let (debtor, creditor) = if position.low_owes { (low, high) } else { (high, low) };
			obligations.extend(position.debts.iter().map(|unit| Obligation {
				debtor,
				creditor,
				cycle: unit.cycle,
				value: unit.value,
			}));
		}
		obligations
	}

	/// What of a reserve may settle debts: all that is free; of an institution on its way out only what it does not
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
		postings: BTreeMap<(InstitutionId, InstitutionId), (Balance, Balance)>,
		updates: BTreeMap<InstitutionId, bool>,
	) -> u32 {
		let postings: Vec<_> = postings
			.into_iter()
			.filter(|(_, (settled, drawn))| *settled > 0 || *drawn > 0)
			.map(|((debtor, creditor), (settled, drawn))| Posting { debtor, creditor, settled, drawn })
			.collect();
		for (place, page) in postings.chunks(crate::POSTINGS_PER_PAGE as usize).enumerate() {
			SettlementPlan::<T>::insert(place as u32, PostingPage::truncate_from(page.to_vec()));
		}
		if !updates.is_empty() {
			let updates = updates.into_iter().map(|(debtor, late)| OverdueUpdate { debtor, late });
			OverdueUpdates::<T>::put(BoundedVec::truncate_from(updates.collect()));
		}
		postings.len() as u32
	}

	/// One piece of what is left to do; the step after it, or `None` if there is no room for it.
	fn proceed(cycle: &Cycle, meter: &mut WeightMeter) -> Option<SettlementStage> {
		meter.try_consume(T::DbWeight::get().reads(1)).ok()?;
		match cycle.stage {
			SettlementStage::Idle => None,
			SettlementStage::Posting(page) => {
				let Some(postings) = SettlementPlan::<T>::get(page) else {
					return Some(SettlementStage::Escalating(0));
				};
				meter.try_consume(Self::posting_weight(&postings)).ok()?;
				SettlementPlan::<T>::remove(page);
				postings.into_iter().for_each(Self::post);
				Some(SettlementStage::Posting(page.saturating_add(1)))
			},
			SettlementStage::Escalating(place) => {
				let Some(update) = OverdueUpdates::<T>::get().get(place as usize).copied() else {
					OverdueUpdates::<T>::kill();
					return Some(SettlementStage::Idle);
				};
				meter.try_consume(Self::escalation_weight(update)).ok()?;
				if with_storage_layer(|| Self::escalate(update, cycle.index)).is_err() {
					defensive!("a debtor could not be judgements_paid", update.debtor);
				}
				Some(SettlementStage::Escalating(place.saturating_add(1)))
			},
		}
	}

	fn posting_weight(postings: &PostingPage) -> Weight {
		let draws = postings.iter().filter(|posting| posting.drawn > 0).count() as u64;
		T::WeightInfo::post(postings.len() as u32)
			.saturating_add(T::WeightInfo::draw_bond().saturating_mul(draws))
	}

	fn escalation_weight(OverdueUpdate { debtor, late }: OverdueUpdate) -> Weight {
		if !late {
			return T::WeightInfo::escalate();
		}
		let judge = T::WeightInfo::escalate().saturating_add(T::Conduct::weight());
		match Overdue::<T>::get(debtor).map_or(0, |state| state.age).saturating_add(1) {
			age if age >= RUN_OFF_AT => judge.saturating_add(T::WeightInfo::end_member()),
			_ => judge,
		}
	}

	/// Take what was paid off one position, after drawing the bond where that pays.
	fn post(posting: Posting) {
		let Posting { debtor, creditor, settled, drawn } = posting;
		let drawn = match drawn {
			0 => 0,
			_ => with_storage_layer(|| Self::draw_bond(debtor, creditor, drawn)).unwrap_or(0),
		};
		if drawn > 0 {
			Self::deposit_event(Event::BondDrawn { debtor, creditor, value: drawn });
		}
		Self::reduce_debt(debtor, creditor, settled.saturating_add(drawn));
	}

	pub(crate) fn draw_bond(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
	) -> Result<Balance, DispatchError> {
		let drawn = T::Members::draw_bond(debtor, &T::Members::account(creditor)?, value)?;
		Self::count(debtor, |deposit| &mut deposit.bond_paid, drawn)?;
		Self::count(creditor, |deposit| &mut deposit.bond_received, drawn)?;
		// What comes to an institution on its way out is for its holders first.
		if drawn > 0 && T::Members::ensure_payable(creditor).is_err() {
			Self::do_top_up(creditor, drawn)?;
		}
		Ok(drawn)
	}

	/// What follows for one debtor.
	fn escalate(OverdueUpdate { debtor, late }: OverdueUpdate, index: CycleIndex) -> DispatchResult {
		let known = Overdue::<T>::get(debtor);
		let is_covered = || <Self as Reserves>::free_reserve(debtor) >= BondDebts::<T>::get(debtor).owed;
		let mut ends = !Arrears::<T>::contains_key(debtor) && (!late || is_covered());
		let mut state =
			known.unwrap_or(OverdueState { since: index.saturating_sub(1), ..Default::default() });
		if late {
			state.age = state.age.saturating_add(1);
			Self::deposit_event(Event::Overdue { institution: debtor, age: state.age });
			match state.age {
				PAUSE_AT => T::Conduct::record_offence(debtor, OffenceKind::OverdueFirst),
				DRAW_BOND_AT => T::Conduct::record_offence(debtor, OffenceKind::OverdueSecond),
				SUSPEND_AT => T::Conduct::record_offence(debtor, OffenceKind::OverdueThird),
				_ => {},
			}
		}
		if late && !ends {
			match state.age {
				// Whom a judgement made overdue is paused already.
				PAUSE_AT if known.is_none() => T::PartnerPauses::pause(debtor)?,
				// Whoever is suspended already stays so, and is not reinstated from here.
				SUSPEND_AT => {
					state.suspended =
						with_storage_layer(|| T::MemberStatus::suspend(debtor, SuspensionCause::Overdue))
							.is_ok()
				},
				// Holders of its points are served from now on, so they wait no longer.
				age if age >= RUN_OFF_AT => {
					ends = with_storage_layer(|| T::MemberStatus::start_run_off(debtor)).is_ok()
				},
				_ => {},
			}
		}
		if !ends {
			Overdue::<T>::insert(debtor, state);
		} else if known.is_some() {
			Overdue::<T>::remove(debtor);
			T::PartnerPauses::resume(debtor)?;
			if state.suspended {
				// In run-off there is nothing to reinstate.
				let _ = with_storage_layer(|| T::MemberStatus::reinstate(debtor, SuspensionCause::Overdue));
			}
			Self::deposit_event(Event::OverdueEnded { institution: debtor });
		}
		Ok(())
	}

	/// How an institution stands with everybody; `None` for strangers.
	pub(crate) fn read_positions(id: InstitutionId) -> Option<ClearingStatement> {
		T::Members::account(id).ok()?;
		let mut with = BTreeSet::new();
		for (creditor, debtor, _) in CreditLines::<T>::iter() {
			match id {
				_ if creditor == id => with.insert(debtor),
				_ if debtor == id => with.insert(creditor),
				_ => continue,
			};
		}
		let view = |with| {
			let (pair, low) = Position::pair(id, with);
			let position = Positions::<T>::get(pair).unwrap_or_default();
			let line = CreditLines::<T>::get(with, id).unwrap_or_default();
			let granted = CreditLines::<T>::get(id, with).unwrap_or_default();
			PositionView {
				with,
				owes: position.owed_by(low),
				is_owed: position.owed_by(!low),
				line: line.limit,
				accepted: line.accepted,
				granted: granted.limit,
				granted_accepted: granted.accepted,
				debts: position.debts.into_inner(),
			}
		};
		let (encumbrance, debt) = (Encumbrances::<T>::get(id), BondDebts::<T>::get(id));
		Some(ClearingStatement {
			reserve: <Self as Reserves>::reserve(id),
			free_reserve: <Self as Reserves>::free_reserve(id),
			accrued: encumbrance.accrued,
			earmarked: encumbrance.earmarked,
			owed: debt.owed,
			earmarked_on_lines: debt.earmarked,
			arrears: Arrears::<T>::get(id).sum,
			positions: with.into_iter().map(view).collect(),
			overdue: Overdue::<T>::get(id),
		})
	}
}
