//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, types::*, MAX_CREDIT_LINES};
use alloc::collections::btree_map::BTreeMap;
use frame_support::{
	ensure,
	traits::fungible::{Inspect, InspectHold},
};
use hanse_primitives::{Balance, InstitutionId, Members, Reserves};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_2_pairs()?;
		Self::invariant_3_debts_are_positions()?;
		Self::invariant_4_bonds_answer()?;
		Self::invariant_5_issuance()?;
		Self::invariant_6_encumbrances_are_held()?;
		Self::invariant_7_plan()?;
		Self::invariant_8_arrears()?;
		// The last, since it says least about what is wrong.
		Self::invariant_1_reserves_equal_their_flows()
	}

	fn invariant_1_reserves_equal_their_flows() -> Result<(), TryRuntimeError> {
		// What came in and what went out, of each.
		let mut sides = BTreeMap::<InstitutionId, (Balance, Balance)>::new();
		for (id, deposit) in ReserveFlowsOf::<T>::iter() {
			let (incoming, outgoing) = sides.entry(id).or_default();
			*incoming += deposit.topped_up + deposit.bond_paid;
			*outgoing +=
				deposit.drawn_down + deposit.interchange + deposit.bond_received + deposit.judgements_paid;
		}
		let mut moves = |from, to, value| {
			sides.entry(from).or_default().1 += value;
			sides.entry(to).or_default().0 += value;
		};
		Turnover::<T>::iter().for_each(|(debtor, creditor, owed)| moves(debtor, creditor, owed));
		RefundTurnover::<T>::iter().for_each(|(creditor, debtor, back)| moves(debtor, creditor, back));
		// The money of what is still owed has not moved, but that of what is only still to be booked has.
		for ((low, high), position) in Positions::<T>::iter() {
			let (debtor, creditor) = if position.low_owes { (low, high) } else { (high, low) };
			moves(creditor, debtor, position.owed_by(position.low_owes));
		}
		for posting in SettlementPlan::<T>::iter_values().flatten() {
			moves(posting.debtor, posting.creditor, posting.settled);
		}
		for (id, (incoming, outgoing)) in sides {
			// The account of one that is gone may be that of a later institution.
			let is_its_own = T::Members::account(id).is_ok_and(|it| T::Members::id_of(&it) == Some(id));
			let reserve = if is_its_own { Self::reserve(id) } else { 0 };
			ensure!(incoming.checked_sub(outgoing) == Some(reserve), "a reserve is not the sum of its flows");
		}
		Ok(())
	}

	fn invariant_2_pairs() -> Result<(), TryRuntimeError> {
		let ensure_members = |one, other| {
			ensure!(one != other, "a member owes itself");
			ensure!(
				T::Members::account(one).is_ok() && T::Members::account(other).is_ok(),
				"an obligation of somebody who is no member"
			);
			Ok::<_, TryRuntimeError>(())
		};
		for (debtor, creditor, _) in Turnover::<T>::iter().chain(RefundTurnover::<T>::iter()) {
			ensure_members(debtor, creditor)?;
		}
		for ((low, high), Position { debts, .. }) in Positions::<T>::iter() {
			ensure_members(low, high)?;
			ensure!(low < high, "a pair is stored the wrong way round");
			ensure!(!debts.is_empty(), "a position is zero");
			ensure!(debts.iter().all(|unit| unit.value > 0), "a unit is zero");
			ensure!(debts.windows(2).all(|two| two[0].cycle < two[1].cycle), "debts are not in order");
		}
		Ok(())
	}

	fn invariant_3_debts_are_positions() -> Result<(), TryRuntimeError> {
		let mut debts = BTreeMap::<InstitutionId, BondDebt>::new();
		for ((low, high), position) in Positions::<T>::iter() {
			let (debtor, creditor) = if position.low_owes { (low, high) } else { (high, low) };
			debts.entry(debtor).or_default().owed += position.owed_by(position.low_owes);
			ensure!(CreditLines::<T>::contains_key(creditor, debtor), "a position is on no line");
		}
		let mut granted = BTreeMap::<InstitutionId, u32>::new();
		for (creditor, debtor, line) in CreditLines::<T>::iter() {
			*granted.entry(creditor).or_default() += 1;
			if line.earmarked > 0 {
				debts.entry(debtor).or_default().earmarked += line.earmarked;
			}
		}
		// What was moved to the reserve when its books were closed is no debt any more.
		for (id, encumbrance) in
			Encumbrances::<T>::iter().filter(|(_, encumbrance)| encumbrance.from_lines > 0)
		{
			let debt = debts.entry(id).or_default();
			let earmarked = debt.earmarked.checked_sub(encumbrance.from_lines);
			debt.earmarked = earmarked.ok_or("more was moved to a reserve than is kept on lines")?;
		}
		debts.retain(|_, debt| debt.total() > 0);
		ensure!(granted.values().all(|lines| *lines <= MAX_CREDIT_LINES), "a member granted too many lines");
		let stored: BTreeMap<_, _> =
			BondDebts::<T>::iter().map(|(id, debt)| (id, BondDebt { bond: 0, ..debt })).collect();
		ensure!(stored == debts, "a debt is not the sum of its positions and earmarks");
		Ok(())
	}

	fn invariant_4_bonds_answer() -> Result<(), TryRuntimeError> {
		for debt in BondDebts::<T>::iter_values() {
			ensure!(debt.total() <= debt.bond, "a bond did not cover the debts when they were taken");
		}
		Ok(())
	}

	fn invariant_5_issuance() -> Result<(), TryRuntimeError> {
		let Issuance { genesis, minted, burned } = IssuanceTotals::<T>::get();
		let issuance = genesis.checked_add(minted).and_then(|made| made.checked_sub(burned));
		ensure!(issuance == Some(T::Currency::total_issuance()), "issuance is not minted less burned");
		let confirmed = DepositReports::<T>::iter_values().filter(|f| f.confirmed).map(|f| f.amount).sum();
		ensure!(minted == confirmed, "something was minted for no deposit");
		for (id, payouts) in Payouts::<T>::iter() {
			let held = T::Members::account(id)
				.map(|account| T::Currency::balance_on_hold(&HoldReason::Payout.into(), &account));
			ensure!(held == Ok(payouts.amount), "what is to be paid out is not held");
		}
		Ok(())
	}

	fn invariant_6_encumbrances_are_held() -> Result<(), TryRuntimeError> {
		for (id, encumbrance) in Encumbrances::<T>::iter() {
			ensure!(encumbrance != ReserveEncumbrance::default(), "a encumbrance is zero");
			ensure!(encumbrance.total() <= Self::reserve(id), "more of a reserve is claimed than is held");
			ensure!(encumbrance.from_lines <= encumbrance.earmarked, "more was kept on lines than is kept");
		}
		Ok(())
	}

	fn invariant_8_arrears() -> Result<(), TryRuntimeError> {
		let mut sums = BTreeMap::<InstitutionId, Balance>::new();
		for (debtor, number, Judgement { value, .. }) in Judgements::<T>::iter() {
			ensure!(value > 0, "nothing was found against a member");
			let last = Arrears::<T>::get(debtor).last;
			ensure!(
				(1..=last).contains(&u32::from_be_bytes(number)),
				"a finding has a number that was not given"
			);
			*sums.entry(debtor).or_default() += value;
		}
		let stored: BTreeMap<_, _> = Arrears::<T>::iter().map(|(id, arrears)| (id, arrears.sum)).collect();
		ensure!(stored == sums, "arrears are not the sum of what was found");
		Ok(())
	}

	fn invariant_7_plan() -> Result<(), TryRuntimeError> {
		let is_booked = SettlementPlan::<T>::iter_keys().next().is_none();
		let is_judged = OverdueUpdates::<T>::get().is_empty();
		let is_right = match CurrentCycle::<T>::get().stage {
			SettlementStage::Idle => is_booked && is_judged,
			SettlementStage::Escalating(_) => is_booked,
			SettlementStage::Posting(_) => true,
		};
		ensure!(is_right, "a plan is left over");
		Ok(())
	}
}
