//! The end of a cycle: what is settled, posted and escalated.
//!
//! The block in which a cycle is over reads all positions and the reserves behind them, decides what settles (see
//! [`crate::plan`]) and moves the money: at most one transfer a member. So no payment can come between the snapshot
//! and its money. What that takes off positions is written down and posted page by page, as blocks have room; then
//! comes what follows for debtors (see [`crate::ESCALATION`]). Until all is posted `owe` is gross, so that what is
//! posted is exactly what was planned.

use crate::{
	cycle::Obligation,
	pallet::*,
	plan::{Participant, SettlementPlan, Transfer},
	types::*,
	weights::WeightInfo,
	Effect, POSTINGS_PER_PAGE,
};
use alloc::{
	collections::{btree_map::BTreeMap, btree_set::BTreeSet},
	vec::Vec,
};
use frame_support::{
	defensive,
	storage::with_storage_layer,
	traits::{DefensiveOption, Get},
	weights::{Weight, WeightMeter},
	BoundedVec,
};
use hanse_primitives::{math::excess, DeadlineClock, InstitutionId, Liabilities, Members, Money, Reserves};
use sp_runtime::{traits::EnsureAddAssign, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// End the cycle if it is over, and go on with what is left of ending it, as far as `meter` allows.
	pub(crate) fn process_cycle_end(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let mut cycle = CurrentCycle::<T>::get();
		if cycle.stage == SettlementStage::Idle {
			let Some(next) = Self::end_cycle(cycle, meter) else { return };
			cycle = next;
		}
		while cycle.stage != SettlementStage::Idle {
			let Some(stage) = Self::proceed(&cycle, meter) else { break };
			cycle.stage = stage;
		}
		CurrentCycle::<T>::put(cycle);
	}

	/// Settle, if the cycle is over and there is room for all of it, so that nothing comes between the snapshot and
	/// the money. The next cycle begins even if that fails: it must not be tried in every block. A chain that stood
	/// still settles once.
	fn end_cycle(cycle: Cycle, meter: &mut WeightMeter) -> Option<Cycle> {
		let now = T::DeadlineClock::now();
		if now < cycle.began.saturating_add(T::Cycle::get()) {
			return None;
		}
		meter.try_consume(T::WeightInfo::plan(Positions::<T>::count())).ok()?;
		Self::attempt(Inconsistency::Settlement { cycle: cycle.index }, || Self::settle_cycle(cycle.index));
		Some(Cycle { index: cycle.index.saturating_add(1), began: now, stage: SettlementStage::Posting(0) })
	}

	/// Do a piece of a hook's work. If it fails, nothing of it has happened, and an event says so: the books
	/// contradict each other.
	pub(crate) fn attempt(what: Inconsistency, act: impl FnOnce() -> DispatchResult) {
		if let Err(reason) = with_storage_layer(act) {
			defensive!("the books contradict each other", (what, reason));
			Self::deposit_event(Event::Inconsistent { what });
		}
	}

	/// Move the money of what settles, and write down what is to be posted and what follows for debtors.
	fn settle_cycle(index: CycleIndex) -> DispatchResult {
		let obligations = Self::obligations();
		let participants = Self::participants(&obligations);
		let plan = SettlementPlan::new(&participants, &obligations)?;
		let transfers = plan.transfers(&participants).defensive_ok_or(Error::<T>::Inconsistent)?;
		let moved = Self::move_money(transfers)?;
		let positions = plan.postings.len() as u32;
		Self::write_postings(&plan.postings)?;
		Self::write_updates(plan.overdue)?;
		if positions > 0 {
			Self::deposit_event(Event::CycleSettled { cycle: index, positions, moved });
		}
		Ok(())
	}

	/// What everybody owes, by cycle.
	fn obligations() -> Vec<Obligation> {
		let mut obligations = Vec::new();
		for (pair, position) in Positions::<T>::iter() {
			let (debtor, creditor) = position.parties(pair);
			let of_cycle =
				|debt: &CycleDebt| Obligation { debtor, creditor, cycle: debt.cycle, value: debt.value };
			obligations.extend(position.debts.iter().map(of_cycle));
		}
		obligations
	}

	/// Those who owe or are owed something. The bond of an institution on its way out pays at once, since the holders of its
	/// points are not made to wait.
	fn participants(obligations: &[Obligation]) -> BTreeMap<InstitutionId, Participant> {
		let ids: BTreeSet<_> = obligations.iter().flat_map(|o| [o.debtor, o.creditor]).collect();
		let participant = |id| {
			let is_leaving = T::Members::ensure_payable(id).is_err();
			let draws = is_leaving || Effect::DrawBond.follows_at(Self::cycles_overdue(id).saturating_add(1));
			let bond = if draws { T::Members::bond(id) } else { 0 };
			Participant { available: Self::available(id, is_leaving), bond, is_leaving }
		};
		ids.into_iter().map(|id| (id, participant(id))).collect()
	}

	/// What of a reserve may settle debts: all that is free; of an institution on its way out only what it does not
	/// need for the holders of its points.
	pub(crate) fn available(id: InstitutionId, is_leaving: bool) -> Money {
		let free = <Self as Reserves>::free_reserve(id);
		match is_leaving {
			true => excess(free, T::Liabilities::payable(id)),
			false => free,
		}
	}

	/// Returns how much moved.
	fn move_money(transfers: Vec<Transfer>) -> Result<Money, DispatchError> {
		let mut moved: Money = 0;
		for Transfer { payer, payee, value } in transfers {
			Self::pay(&T::Members::account(payer)?, &T::Members::account(payee)?, value)?;
			moved.ensure_add_assign(value)?;
		}
		Ok(moved)
	}

	fn write_postings(postings: &[Posting]) -> DispatchResult {
		for (number, postings) in (0..).zip(postings.chunks(POSTINGS_PER_PAGE as usize)) {
			let page = PostingPage::try_from(postings.to_vec()).ok();
			Postings::<T>::insert(number, page.defensive_ok_or(Error::<T>::Inconsistent)?);
		}
		Ok(())
	}

	/// Write down for whom something follows: those whose reserves did not cover what they owe, or who did not pay
	/// what was found against them, which waits for no cycle, but is counted by cycles as any debt; and those who
	/// were overdue before.
	fn write_updates(late: BTreeSet<InstitutionId>) -> DispatchResult {
		let mut updates: BTreeMap<_, _> = Overdue::<T>::iter_keys().map(|debtor| (debtor, false)).collect();
		let in_arrears = Arrears::<T>::iter_keys().filter(|id| T::Members::ensure_payable(*id).is_ok());
		updates.extend(late.into_iter().chain(in_arrears).map(|debtor| (debtor, true)));
		if !updates.is_empty() {
			let updates: Vec<_> =
				updates.into_iter().map(|(debtor, late)| OverdueUpdate { debtor, late }).collect();
			OverdueUpdates::<T>::put(
				BoundedVec::try_from(updates).ok().defensive_ok_or(Error::<T>::Inconsistent)?,
			);
		}
		Ok(())
	}

	/// One piece of what is left to do; the stage after it, or `None` if there is no room for it.
	fn proceed(cycle: &Cycle, meter: &mut WeightMeter) -> Option<SettlementStage> {
		meter.try_consume(T::DbWeight::get().reads(1)).ok()?;
		match cycle.stage {
			SettlementStage::Idle => None,
			SettlementStage::Posting(number) => {
				let Some(page) = Postings::<T>::get(number) else {
					return Some(SettlementStage::Escalating(0));
				};
				meter.try_consume(Self::posting_weight(&page)).ok()?;
				Postings::<T>::remove(number);
				page.into_iter().for_each(Self::post);
				Some(SettlementStage::Posting(number.saturating_add(1)))
			},
			SettlementStage::Escalating(place) => {
				let Some(update) = OverdueUpdates::<T>::get().get(place as usize).copied() else {
					OverdueUpdates::<T>::kill();
					return Some(SettlementStage::Idle);
				};
				meter.try_consume(Self::escalation_weight(update)).ok()?;
				let what = Inconsistency::Escalation { debtor: update.debtor };
				Self::attempt(what, || Self::escalate(update, cycle.index));
				Some(SettlementStage::Escalating(place.saturating_add(1)))
			},
		}
	}

	fn posting_weight(page: &PostingPage) -> Weight {
		let draws = page.iter().filter(|posting| posting.drawn > 0).count() as u64;
		T::WeightInfo::post(page.len() as u32)
			.saturating_add(T::WeightInfo::draw_bond().saturating_mul(draws))
	}

	/// Take what was paid off one position, and let the bond pay.
	fn post(posting: Posting) {
		let Posting { debtor, creditor, settled, drawn } = posting;
		Self::attempt(Inconsistency::Posting { debtor, creditor }, || {
			Self::reduce_debt(debtor, creditor, settled)
		});
		if drawn > 0 {
			Self::attempt(Inconsistency::BondDraw { debtor, creditor }, || {
				Self::pay_from_bond(debtor, creditor, drawn)
			});
		}
	}

	/// The bond may have fallen since the plan was made.
	fn pay_from_bond(debtor: InstitutionId, creditor: InstitutionId, value: Money) -> DispatchResult {
		let value = Self::draw_bond(debtor, creditor, value)?;
		Self::reduce_debt(debtor, creditor, value)?;
		if value > 0 {
			Self::deposit_event(Event::BondDrawn { debtor, creditor, value });
		}
		Ok(())
	}
}
