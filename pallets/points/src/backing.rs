//! What stands behind points, and the rate that they pay when too little does.

use crate::{math, pallet::*, types::*};
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use hanse_primitives::{math::excess, Backing, InstitutionId, Liabilities, Members, Money, Reserves, DAY};
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

	/// Count what was just made again with nothing that came for it as issued: what is owed has grown from `before`.
	pub(crate) fn count_unfunded(issuer: InstitutionId, before: Money) -> DispatchResult {
		let outstanding = Self::outstanding(issuer);
		if outstanding == before {
			return Ok(());
		}
		Self::ensure_issuable(issuer, outstanding)?;
		Self::count_growth(issuer, before)
	}

	/// Count what was just made with money that came for it, which stays behind it: what is owed has grown from
	/// `before`.
	pub(crate) fn count_funded(issuer: InstitutionId, before: Money) -> DispatchResult {
		let value = Self::outstanding(issuer).ensure_sub(before)?;
		if value == 0 {
			return Ok(());
		}
		let mut funded = Self::funded_lately(issuer);
		funded.value.ensure_add_assign(value)?;
		FundedOf::<T>::insert(issuer, funded);
		Ok(())
	}

	/// What came with money in the day that runs, and what of the days before did not wear off yet: as much in a day
	/// as may be issued in it.
	fn funded_lately(issuer: InstitutionId) -> Funded {
		let (now, spent) = (T::Time::now(), Self::spent(issuer));
		let known = FundedOf::<T>::get(issuer).unwrap_or(Funded { value: 0, spent, since: now });
		let elapsed = now.saturating_sub(known.since);
		if elapsed < DAY {
			return known;
		}
		let left = known.left(spent);
		let daily = math::daily(Self::outstanding(issuer), left, T::Growth::get(), T::GrowthFloor::get());
		// Of more than a balance holds all has worn off.
		let value = daily.map_or(0, |daily| math::worn_off(left, daily, elapsed));
		Funded { value, spent, since: now }
	}

	/// The value of all that was ever spent of an institution's points.
	pub(crate) fn spent(issuer: InstitutionId) -> Money {
		let LifetimeValue { created, lapsed } = LifetimeValueOf::<T>::get(issuer);
		excess(excess(created, lapsed), Self::outstanding(issuer))
	}

	/// Fails by name unless an issuer's bond and reserve are enough for `outstanding`.
	pub(crate) fn ensure_issuable(issuer: InstitutionId, outstanding: Money) -> DispatchResult {
		let (bond, reserve) = (Self::backing_bond(issuer), T::Clearing::free_reserve(issuer));
		Self::ensure_covers(Self::backing_of(outstanding), bond, reserve)
	}

	fn ensure_covers(least: Backing, bond: Money, reserve: Money) -> DispatchResult {
		ensure!(bond.ensure_add(reserve)? >= least.all, Error::<T>::OverLiabilityCap);
		ensure!(reserve >= least.reserve, Error::<T>::BelowMinimumReserve);
		Ok(())
	}

	/// What must stand behind points of `outstanding` micro-units.
	fn backing_of(outstanding: Money) -> Backing {
		Backing {
			all: math::required_backing(outstanding, T::LiabilityRatio::get()),
			reserve: T::ReserveRatio::get().mul_ceil(outstanding),
		}
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
		Self::backing_of(Self::outstanding(id))
	}

	fn funded(id: InstitutionId) -> Money {
		Self::funded_lately(id).left(Self::spent(id)).min(Self::outstanding(id))
	}

	fn least_left(id: InstitutionId) -> Backing {
		let funded = <Self as Liabilities>::funded(id);
		let Backing { all, reserve } = Self::backing_of(excess(Self::outstanding(id), funded));
		Backing { all: all.saturating_add(funded), reserve: reserve.saturating_add(funded) }
	}

	fn ensure_backed(id: InstitutionId, bond: Money, reserve: Money) -> DispatchResult {
		Self::ensure_covers(Self::least_left(id), bond, reserve)
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
