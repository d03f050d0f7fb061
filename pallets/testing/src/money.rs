//! What institutions hold, and what they owe to the holders of their points.

use crate::{done, of, refuse, short, state};
use core::marker::PhantomData;
use frame_support::{
	pallet_prelude::ValueQuery,
	storage_alias,
	traits::{fungible::Mutate, tokens::Preservation},
	weights::Weight,
	Twox64Concat,
};
use hanse_primitives::{Backing, InstitutionId, JudgementDebts, Liabilities, Money};
use sp_runtime::{traits::Convert, DispatchError, DispatchResult};
use std::collections::BTreeMap;

state! {
	/// Reserves, and what those have of whom a test says nothing.
	Reserves: BTreeMap<InstitutionId, Money> = BTreeMap::new();
	UsualReserve: Money = 0;
	/// What of reserves is kept for authorisations.
	Earmarked: BTreeMap<InstitutionId, Money> = BTreeMap::new();
	/// What bonds answer for on lines, and whose books were closed.
	BondDebts: BTreeMap<InstitutionId, Money> = BTreeMap::new();
	Closed: Vec<InstitutionId> = Vec::new();
	/// What institutions paid for their points.
	Paid: BTreeMap<InstitutionId, Money> = BTreeMap::new();
	/// What they owe to the holders of their points, and those whose rate was fixed.
	Outstanding: BTreeMap<InstitutionId, Money> = BTreeMap::new();
	Fixed: Vec<InstitutionId> = Vec::new();
	/// What must stay behind the points of every institution, and what of that must be free reserve.
	LeastBacking: Money = 0;
	LeastReserve: Money = 0;
	/// What came with money of late, which is in neither.
	FundedLately: Money = 0;
	/// Who cannot pay what is found against it.
	Short: Vec<InstitutionId> = Vec::new();
	/// What the chain takes for its work, whatever it weighs.
	Fee: Money = 0;
}

/// What members owe by judgements and could not pay.
#[storage_alias]
pub type Unpaid = StorageMap<Books, Twox64Concat, InstitutionId, Money, ValueQuery>;

/// What other pallets know of an institution's money.
pub struct Books;
impl hanse_primitives::Reserves for Books {
	short! {
		fn reserve(id: InstitutionId) -> Money =
			Reserves::get().get(&id).copied().unwrap_or_else(UsualReserve::get);
		fn free_reserve(id: InstitutionId) -> Money = Self::reserve(id);
		fn earmarked(id: InstitutionId) -> Money = of(Earmarked::get(), id);
		fn bond_debt(id: InstitutionId) -> Money = of(BondDebts::get(), id);
		fn ensure_serves_holders(_: InstitutionId) -> DispatchResult = unreachable!("nothing is refunded");
		fn close_books(id: InstitutionId) -> DispatchResult = done(Closed::mutate(|all| all.push(id)));
		fn add_to_reserve(id: InstitutionId, value: Money) -> DispatchResult = {
			let reserve = Self::reserve(id);
			Reserves::mutate(|all| all.insert(id, reserve + value));
			Ok(())
		};
		fn release_reserve(id: InstitutionId) -> DispatchResult = done(Reserves::mutate(|all| all.remove(&id)));
		fn net_paid(id: InstitutionId) -> Money = of(Paid::get(), id);
	}
}

impl Liabilities for Books {
	short! {
		fn required_backing(_: InstitutionId) -> Backing =
			Backing { all: LeastBacking::get(), reserve: LeastReserve::get() };
		fn funded(_: InstitutionId) -> Money = FundedLately::get();
		fn least_left(id: InstitutionId) -> Backing = {
			let Backing { all, reserve } = Self::required_backing(id);
			Backing { all: all + Self::funded(id), reserve: reserve + Self::funded(id) }
		};
		fn ensure_backed(id: InstitutionId, bond: Money, reserve: Money) -> DispatchResult = {
			let least = Self::least_left(id);
			refuse(bond + reserve < least.all, "OverLiabilityCap")?;
			refuse(reserve < least.reserve, "BelowMinimumReserve")
		};
		fn outstanding(id: InstitutionId) -> Money = of(Outstanding::get(), id);
		// At the rate that was fixed, at which nobody spends.
		fn redeemable(id: InstitutionId) -> Money = match Fixed::get().contains(&id) {
			true => of(Outstanding::get(), id).min(<Self as hanse_primitives::Reserves>::reserve(id)),
			false => of(Outstanding::get(), id),
		};
		fn payable(id: InstitutionId) -> Money = of(Outstanding::get(), id);
		fn fix_rate(id: InstitutionId) -> DispatchResult = done(Fixed::mutate(|all| all.push(id)));
	}
}

/// Judgements are paid from the free balance of members, and what is left is written down.
pub struct PaidJudgements<C>(PhantomData<C>);
impl<C: Mutate<u64, Balance = Money>> JudgementDebts<u64> for PaidJudgements<C> {
	short! {
		fn owe_judgement(debtor: InstitutionId, creditor: &u64, value: Money) -> DispatchResult = {
			let from = u64::from(debtor);
			let has = if Short::get().contains(&debtor) { 0 } else { C::balance(&from).min(value) };
			let paid = C::transfer(&from, creditor, has, Preservation::Expendable).map_or(0, |_| has);
			Unpaid::mutate(debtor, |arrears| *arrears += value - paid);
			Ok(())
		};
		fn owe_refund_by_judgement(_: InstitutionId, _: InstitutionId, _: Money) -> DispatchResult =
			Err(DispatchError::Unavailable);
		fn weight(_: InstitutionId) -> Weight = Weight::zero();
	}
}

impl Convert<Weight, Money> for Fee {
	short! { fn convert(_: Weight) -> Money = Fee::get(); }
}
