//! One function per invariant of the module's docs, in their order.

use crate::{pallet::*, types::*, MAX_CREDIT_LINES};
use alloc::collections::btree_map::BTreeMap;
use frame_support::{
	ensure,
	traits::fungible::{Inspect, InspectHold},
};
use hanse_primitives::{Encumbrance, InstitutionId, Members, Money, Reserves};
use sp_runtime::TryRuntimeError;

/// What came into a reserve and what went out of it.
#[derive(Default)]
struct Sides {
	incoming: Money,
	outgoing: Money,
}

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_2_pairs()?;
		Self::invariant_3_debts_are_positions()?;
		Self::invariant_4_issuance()?;
		Self::invariant_5_encumbrances_are_held()?;
		Self::invariant_6_postings()?;
		Self::invariant_7_arrears()?;
		// The last, since it says least about what is wrong.
		Self::invariant_1_reserves_equal_their_flows()
	}

	fn invariant_1_reserves_equal_their_flows() -> Result<(), TryRuntimeError> {
		// What came in and what went out, of each.
		let mut sides = BTreeMap::<InstitutionId, Sides>::new();
		for (id, flows) in ReserveFlowsOf::<T>::iter() {
			let sides = sides.entry(id).or_default();
			sides.incoming += flows.topped_up + flows.bond_paid;
			sides.outgoing +=
				flows.drawn_down + flows.interchange + flows.bond_received + flows.judgements_paid;
		}
		let mut moves = |from, to, value| {
			sides.entry(from).or_default().outgoing += value;
			sides.entry(to).or_default().incoming += value;
		};
		Turnover::<T>::iter().for_each(|(debtor, creditor, owed)| moves(debtor, creditor, owed));
		RefundTurnover::<T>::iter().for_each(|(creditor, debtor, back)| moves(debtor, creditor, back));
		// The money of what is still owed has not moved, but that of what is only still to be posted has.
		for (pair, position) in Positions::<T>::iter() {
			let (debtor, creditor) = position.parties(pair);
			moves(creditor, debtor, position.owed());
		}
		for posting in Postings::<T>::iter_values().flatten() {
			moves(posting.debtor, posting.creditor, posting.settled);
		}
		for (id, Sides { incoming, outgoing }) in sides {
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
			ensure!(debts.iter().all(|debt| debt.value > 0), "a unit is zero");
			ensure!(debts.windows(2).all(|two| two[0].cycle < two[1].cycle), "debts are not in order");
		}
		Ok(())
	}

	fn invariant_3_debts_are_positions() -> Result<(), TryRuntimeError> {
		let mut debts = BTreeMap::<InstitutionId, Money>::new();
		for (pair, position) in Positions::<T>::iter() {
			let (debtor, creditor) = position.parties(pair);
			*debts.entry(debtor).or_default() += position.owed();
			ensure!(CreditLines::<T>::contains_key(creditor, debtor), "a position is on no line");
		}
		let stored: BTreeMap<_, _> = BondDebts::<T>::iter().collect();
		ensure!(stored == debts, "a debt is not the sum of its positions");
		let mut granted = BTreeMap::<InstitutionId, u32>::new();
		let mut earmarked = BTreeMap::<InstitutionId, Money>::new();
		for (creditor, debtor, line) in CreditLines::<T>::iter() {
			*granted.entry(creditor).or_default() += 1;
			*earmarked.entry(debtor).or_default() += line.earmarked;
		}
		ensure!(granted.values().all(|lines| *lines <= MAX_CREDIT_LINES), "a member granted too many lines");
		earmarked.retain(|_, value| *value > 0);
		let kept = |it: Encumbrance| it.on_lines + it.from_lines;
		let counted = Encumbrances::<T>::iter().map(|(id, it)| (id, kept(it))).filter(|(_, kept)| *kept > 0);
		ensure!(counted.collect::<BTreeMap<_, _>>() == earmarked, "what is kept on lines is not held back");
		Ok(())
	}

	fn invariant_4_issuance() -> Result<(), TryRuntimeError> {
		let Issuance { genesis, minted, burned } = IssuanceTotals::<T>::get();
		let issuance = genesis.checked_add(minted).and_then(|made| made.checked_sub(burned));
		ensure!(issuance == Some(T::Currency::total_issuance()), "issuance is not minted less burned");
		let confirmed = DepositReports::<T>::iter_values().filter(|f| f.confirmed).map(|f| f.amount).sum();
		ensure!(minted == confirmed, "something was minted for no deposit");
		for (id, payout) in Payouts::<T>::iter() {
			let held = T::Members::account(id)
				.map(|account| T::Currency::balance_on_hold(&HoldReason::Payout.into(), &account));
			ensure!(held == Ok(payout.amount), "what is to be paid out is not held");
		}
		Ok(())
	}

	fn invariant_5_encumbrances_are_held() -> Result<(), TryRuntimeError> {
		for (id, encumbrance) in Encumbrances::<T>::iter() {
			ensure!(encumbrance != Encumbrance::default(), "an encumbrance is zero");
			ensure!(
				encumbrance.of_reserve() <= Self::reserve(id),
				"more of a reserve is held back than is held"
			);
		}
		Ok(())
	}

	fn invariant_6_postings() -> Result<(), TryRuntimeError> {
		let is_posted = Postings::<T>::iter_keys().next().is_none();
		let is_escalated = OverdueUpdates::<T>::get().is_empty();
		let is_right = match CurrentCycle::<T>::get().stage {
			SettlementStage::Idle => is_posted && is_escalated,
			SettlementStage::Escalating(_) => is_posted,
			SettlementStage::Posting(_) => true,
		};
		ensure!(is_right, "a settlement is left over");
		Ok(())
	}

	fn invariant_7_arrears() -> Result<(), TryRuntimeError> {
		let mut sums = BTreeMap::<InstitutionId, Money>::new();
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
}
