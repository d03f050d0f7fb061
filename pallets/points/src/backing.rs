//! What stands behind points, and the rate that they pay when too little does.

use crate::{math, pallet::*, types::*};
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use hanse_primitives::{math::excess, Backing, InstitutionId, Liabilities, Members, Money, Reserves};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureSub, EnsureSubAssign},
	DispatchResult,
};

impl<T: Config> Pallet<T> {
	/// An institution owes `value` more, since points were made: issued, exchanged in or reinstated.
	pub(crate) fn book_made(issuer: InstitutionId, value: Money) -> DispatchResult {
		LiabilityOf::<T>::try_mutate(issuer, |liability| liability.outstanding.ensure_add_assign(value))?;
		LifetimeValueOf::<T>::try_mutate(issuer, |made| made.created.ensure_add_assign(value))?;
		Ok(())
	}

	/// An institution owes `value` less, since points lapsed.
	pub(crate) fn book_lapsed(issuer: InstitutionId, value: Money) -> DispatchResult {
		LiabilityOf::<T>::try_mutate(issuer, |liability| liability.outstanding.ensure_sub_assign(value))?;
		LifetimeValueOf::<T>::try_mutate(issuer, |made| made.lapsed.ensure_add_assign(value))?;
		Ok(())
	}

	/// Count what an institution issued, which has grown what it owes from `before` to what it owes now.
	pub(crate) fn count_growth(issuer: InstitutionId, before: Money) -> DispatchResult {
		let (now, share, floor) = (T::Time::now(), T::Growth::get(), T::GrowthFloor::get());
		let RecentIssuance { issued, at } = RecentIssuanceOf::<T>::get(issuer);
		let daily = math::daily(before, issued, share, floor)?;
		let issued = math::worn_off(issued, daily, now.saturating_sub(at));
		let most = math::daily(before, issued, share, floor)?;
		let value = Self::outstanding(issuer).ensure_sub(before)?;
		let issued = issued.ensure_add(value)?;
		ensure!(issued <= most, Error::<T>::OverDailyGrowth);
		RecentIssuanceOf::<T>::insert(issuer, RecentIssuance { issued, at: now });
		Ok(())
	}

	/// What of an institution's bond backs its points: nothing, if it answers for more than it is.
	pub(crate) fn backing_bond(id: InstitutionId) -> Money {
		excess(T::Members::bond(id), T::Clearing::bond_debt(id))
	}

	/// Fails by name unless bond and reserve are enough for `outstanding`.
	pub(crate) fn ensure_covered(outstanding: Money, bond: Money, reserve: Money) -> DispatchResult {
		let cap = math::liability_cap(bond.ensure_add(reserve)?, T::LiabilityRatio::get())?;
		ensure!(outstanding <= cap, Error::<T>::OverLiabilityCap);
		let least = T::ReserveRatio::get().mul_ceil(outstanding);
		ensure!(reserve >= least, Error::<T>::BelowMinimumReserve);
		Ok(())
	}

	/// What an institution owes, or may owe when what was authorised is given back, beyond what is kept of
	/// its reserve for that.
	fn exposed(id: InstitutionId, liability: &Liability) -> Money {
		let kept = liability.authorised.min(T::Clearing::earmarked(id));
		excess(liability.outstanding, kept)
	}
}

impl<T: Config> Liabilities for Pallet<T> {
	fn required_backing(id: InstitutionId) -> Backing {
		let outstanding = Self::outstanding(id);
		Backing {
			all: math::required_backing(outstanding, T::LiabilityRatio::get()),
			reserve: T::ReserveRatio::get().mul_ceil(outstanding),
		}
	}

	fn ensure_backed(id: InstitutionId, bond: Money, reserve: Money) -> DispatchResult {
		Self::ensure_covered(Self::outstanding(id), bond, reserve)
	}

	fn outstanding(id: InstitutionId) -> Money {
		LiabilityOf::<T>::get(id).outstanding
	}

	fn redeemable(id: InstitutionId) -> Money {
		let liability = LiabilityOf::<T>::get(id);
		liability.rate().mul_ceil(excess(liability.outstanding, liability.authorised))
	}

	fn payable(id: InstitutionId) -> Money {
		let liability = LiabilityOf::<T>::get(id);
		liability.rate().mul_ceil(Self::exposed(id, &liability))
	}

	fn fix_rate(id: InstitutionId) -> DispatchResult {
		let mut liability = LiabilityOf::<T>::get(id);
		let rate = math::rate_of(T::Clearing::free_reserve(id), Self::exposed(id, &liability));
		liability.run_off = Some(rate);
		LiabilityOf::<T>::insert(id, liability);
		// What its reserve lacks is in the rate now, and points expire again.
		Self::end_shortfall(id)?;
		Self::deposit_event(Event::RateFixed { institution: id, rate });
		Ok(())
	}
}
