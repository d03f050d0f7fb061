//! The end of a clearing cycle, and what follows for debtors.

use super::{institutions, rulebook, system as frame_system, world::*, Config};
use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{traits::OnPoll, weights::WeightMeter, BoundedVec};
use hanse_primitives::{InstitutionId, JudgementDebts, DAY, MAX_MEMBERS, UNIT};
use pallet_clearing::{
	Arrears, ArrearsOfDebtor, BondDebts, CreditLine, CreditLines, CurrentCycle, CycleDebt, Judgement,
	Judgements, Overdue, OverdueState, OverdueUpdate, OverdueUpdates, Position, Positions, Posting, Postings,
	SettlementStage, WeightInfo as _, MAX_CREDIT_LINES, MAX_CYCLE_DEBTS, POSTINGS_PER_PAGE,
};

pub struct Pallet<T: Config>(PhantomData<T>);

/// A member that owes much.
const DEBTOR: InstitutionId = MAX_MEMBERS;

fn poll() {
	Clearing::on_poll(System::block_number(), &mut WeightMeter::new());
}

/// So many positions, each of as many cycles as are kept apart.
fn owed(positions: u32) -> Vec<(InstitutionId, InstitutionId)> {
	let mut made = Vec::new();
	'all: for stage in 1..=MAX_CREDIT_LINES {
		for debtor in 1..=MAX_MEMBERS {
			if made.len() as u32 == positions {
				break 'all;
			}
			let creditor = (debtor + stage * 7 - 1) % MAX_MEMBERS + 1;
			let (pair, low_owes) = Position::pair(debtor, creditor);
			let debt = |cycle| CycleDebt { cycle, value: UNIT };
			let debts = BoundedVec::truncate_from((0..MAX_CYCLE_DEBTS).map(debt).collect::<Vec<_>>());
			let value = UNIT * u128::from(MAX_CYCLE_DEBTS);
			Positions::<Runtime>::insert(pair, Position { low_owes, debts });
			BondDebts::<Runtime>::mutate(debtor, |sum| *sum += value);
			// Nothing will be left of it.
			let line = CreditLine { limit: 0, accepted: value, earmarked: 0 };
			CreditLines::<Runtime>::insert(creditor, debtor, line);
			made.push((debtor, creditor));
		}
	}
	made
}

fn posted(positions: u32, drawn: u128) -> Prepared {
	begin()?;
	let posting = |(debtor, creditor)| {
		let settled = UNIT * u128::from(MAX_CYCLE_DEBTS) - drawn;
		Posting { debtor, creditor, settled, drawn }
	};
	let page = owed(positions).into_iter().map(posting).collect::<Vec<_>>();
	Postings::<Runtime>::insert(0, BoundedVec::truncate_from(page));
	CurrentCycle::<Runtime>::mutate(|cycle| cycle.stage = SettlementStage::Posting(0));
	Ok(())
}

/// Something follows for a debtor that was late for the `age`-th time in a row.
fn late(age: u32) {
	if age > 0 {
		let state = OverdueState { since: 0, age, suspended: false };
		Overdue::<Runtime>::insert(DEBTOR, state);
	}
	BondDebts::<Runtime>::insert(DEBTOR, 1_000_000 * UNIT);
	let update = OverdueUpdate { debtor: DEBTOR, late: true };
	OverdueUpdates::<Runtime>::put(BoundedVec::truncate_from(alloc::vec![update]));
	CurrentCycle::<Runtime>::mutate(|cycle| cycle.stage = SettlementStage::Escalating(0));
}

fn idle() -> bool {
	CurrentCycle::<Runtime>::get().stage == SettlementStage::Idle
}

#[benchmarks]
mod measured {
	use super::*;

	/// Finding what settles, and moving the money.
	#[benchmark]
	fn plan(p: Linear<1, { MAX_MEMBERS * MAX_CREDIT_LINES }>) -> Result<(), BenchmarkError> {
		begin()?;
		owed(p);
		set_time(START + 2 * DAY);
		// Room for nothing else.
		let once = <Runtime as frame_system::Config>::DbWeight::get().reads(4);
		let most = <Runtime as pallet_clearing::Config>::WeightInfo::plan(p);
		let mut meter = WeightMeter::with_limit(once.saturating_add(most));
		#[block]
		{
			Clearing::on_poll(System::block_number(), &mut meter);
		}
		ensure(CurrentCycle::<Runtime>::get().stage == SettlementStage::Posting(0), "planned")?;
		Ok(())
	}

	#[benchmark]
	fn post(p: Linear<1, { POSTINGS_PER_PAGE }>) -> Result<(), BenchmarkError> {
		posted(p, 0)?;
		#[block]
		{
			poll();
		}
		ensure(idle() && Positions::<Runtime>::count() == 0, "posted")?;
		Ok(())
	}

	/// Where the bond pays a part of each.
	#[benchmark]
	fn post_drawn(p: Linear<1, { POSTINGS_PER_PAGE }>) -> Result<(), BenchmarkError> {
		posted(p, UNIT)?;
		#[block]
		{
			poll();
		}
		ensure(idle() && Positions::<Runtime>::count() == 0, "posted")?;
		Ok(())
	}

	/// A debtor with as many programs as it can have is late for the first time.
	#[benchmark]
	fn escalate() -> Result<(), BenchmarkError> {
		institutions::issued()?;
		late(0);
		#[block]
		{
			poll();
		}
		ensure(Overdue::<Runtime>::get(DEBTOR).is_some_and(|it| it.age == 1), "overdue")?;
		Ok(())
	}

	/// The run-off of such a debtor, where everybody has voted about as much as can be voted about.
	#[benchmark]
	fn end_member() -> Result<(), BenchmarkError> {
		institutions::issued()?;
		rulebook::fill_motions(0, 0)?;
		late(3);
		#[block]
		{
			poll();
		}
		ensure(!Overdue::<Runtime>::contains_key(DEBTOR), "in run-off")?;
		Ok(())
	}

	/// Such a member owes by a judgement more than it has.
	#[benchmark]
	fn fall_overdue() -> Result<(), BenchmarkError> {
		institutions::issued()?;
		#[block]
		{
			Clearing::owe_judgement(DEBTOR, &rich(0), 1_000_000 * UNIT).map_err(|_| "not owed")?;
		}
		ensure(Overdue::<Runtime>::contains_key(DEBTOR), "overdue")?;
		Ok(())
	}

	#[benchmark]
	fn pay_arrears() -> Result<(), BenchmarkError> {
		institutions::issued()?;
		let judgement = Judgement { to: rich(0), value: UNIT };
		Judgements::<Runtime>::insert(DEBTOR, 1u32.to_be_bytes(), judgement);
		Arrears::<Runtime>::insert(DEBTOR, ArrearsOfDebtor { last: 1, sum: UNIT });
		CurrentCycle::<Runtime>::mutate(|cycle| cycle.began = Timestamp::get());
		#[block]
		{
			poll();
		}
		ensure(!Arrears::<Runtime>::contains_key(DEBTOR), "paid")?;
		Ok(())
	}
}
