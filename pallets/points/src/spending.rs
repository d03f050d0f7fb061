//! What neighbours do with points: burn them, bring them back, make them for others.

use crate::{math, minting::Minting, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{
	ensure,
	traits::{
		fungibles::{Inspect, Mutate, Unbalanced},
		tokens::{Fortitude, Precision, Preservation},
		Defensive, Time,
	},
};
use hanse_primitives::{
	program_of, AssetId, Burn, Burned, Customers, DeadlineClock, Duration, Funding, Halts, InstitutionId,
	Money, Points, PointsLedger, ProgramId, Venue,
};
use sp_runtime::{
	traits::{EnsureAddAssign, EnsureSub, EnsureSubAssign},
	ArithmeticError, DispatchError, DispatchResult, Perquintill,
};

/// How far a burn goes.
struct Reach {
	/// Smallest units at most.
	points: Points,
	/// Micro-units that are to be paid; the last smallest unit may pay more.
	value: Money,
	/// Only points that live for so long from now.
	lasting: Duration,
}

/// What a burn of several vintages adds up to.
#[derive(Default)]
struct BurnedOf {
	burns: Vec<Burn>,
	/// Smallest units.
	points: Points,
	/// What the issuer owes less.
	face_value: Money,
}

impl Flows {
	/// The counter of what `issuer`'s points are spent for.
	fn spent_at(&mut self, venue: Venue, issuer: InstitutionId) -> &mut Points {
		match venue {
			Venue::Merchant(merchant) if merchant == issuer => &mut self.redeemed_at_home,
			Venue::Merchant(_) => &mut self.redeemed_at_partners,
			Venue::Exchange => &mut self.exchanged_out,
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Burn what `from` has of a program, vintage by vintage, as far as `reach` goes.
	fn burn_vintages(
		from: &T::AccountId,
		program: &Program,
		rate: Perquintill,
		reach: Reach,
	) -> Result<BurnedOf, DispatchError> {
		let Reach { points: mut points_left, value: mut value_left, lasting } = reach;
		let mut burned = BurnedOf::default();
		for vintage in program.unexpired_for(lasting, T::DeadlineClock::now()) {
			if points_left == 0 || value_left == 0 {
				break;
			}
			let &Vintage { asset, face_value, .. } = vintage;
			let held = Self::spendable(from, vintage).min(points_left);
			let points =
				math::points_to_cover(value_left, face_value, rate).map_or(held, |enough| held.min(enough));
			let value = math::pays(points, face_value, rate)?;
			// Points that would pay nothing stay with their holder.
			if value == 0 {
				continue;
			}
			Self::burn_spendable(asset, from, points)?;
			burned.burns.push(Burn { asset, points, value });
			burned.points.ensure_add_assign(points)?;
			burned.face_value.ensure_add_assign(math::value_of(points, face_value)?)?;
			points_left.ensure_sub_assign(points)?;
			value_left.ensure_sub_assign(value.min(value_left))?;
		}
		Ok(burned)
	}

	/// Burn points that an account can use: what `burn_from` does, without asking again whether it can.
	fn burn_spendable(asset: AssetId, from: &T::AccountId, points: Points) -> DispatchResult {
		let (precision, keep, force) = (Precision::Exact, Preservation::Expendable, Fortitude::Polite);
		let burned = T::Assets::decrease_balance(asset, from, points, precision, keep, force)?;
		T::Assets::set_total_issuance(asset, T::Assets::total_issuance(asset).ensure_sub(burned)?);
		T::Assets::done_burn_from(asset, from, burned);
		Ok(())
	}

	/// The program of an open vintage, and the vintage.
	pub(crate) fn open(asset: AssetId) -> Result<(Program, Vintage), DispatchError> {
		let program = Self::program(program_of(asset))?;
		let vintage = program.find(asset, T::DeadlineClock::now()).copied().ok_or(Error::<T>::NotOpen)?;
		Ok((program, vintage))
	}

	/// What an account can use of a program, as far as `left` smallest units.
	fn usable_value(
		account: &T::AccountId,
		program: &Program,
		mut left: Points,
	) -> Result<Money, ArithmeticError> {
		let rate = LiabilityOf::<T>::get(program.issuer).rate();
		let mut sum: Money = 0;
		for vintage in program.unexpired(T::DeadlineClock::now()) {
			let points = Self::spendable(account, vintage).min(left);
			left.ensure_sub_assign(points)?;
			sum.ensure_add_assign(math::pays(points, vintage.face_value, rate)?)?;
			if left == 0 {
				break;
			}
		}
		Ok(sum)
	}
}

impl<T: Config> PointsLedger<T::AccountId> for Pallet<T> {
	fn burn(
		from: &T::AccountId,
		id: ProgramId,
		max_points: Points,
		max_value: Money,
		venue: Venue,
		lasting: Duration,
	) -> Result<Burned, DispatchError> {
		let program = Self::program(id)?;
		T::Halts::ensure_may_leave(from, id)?;
		let issuer = program.issuer;
		let mut liability = LiabilityOf::<T>::get(issuer);
		let reach = Reach { points: max_points, value: max_value, lasting };
		let BurnedOf { burns, points, face_value } =
			Self::burn_vintages(from, &program, liability.rate(), reach)?;
		liability.outstanding.ensure_sub_assign(face_value)?;
		LiabilityOf::<T>::insert(issuer, liability);
		FlowsOf::<T>::try_mutate(id, |flows| flows.spent_at(venue, issuer).ensure_add_assign(points))?;
		Ok(Burned { issuer, burns })
	}

	fn reinstate(to: &T::AccountId, asset: AssetId, points: Points, funding: Funding) -> DispatchResult {
		let (program, vintage) = Self::open(asset)?;
		let before = LiabilityOf::<T>::get(program.issuer).outstanding;
		Self::mint_reinstated(to, program.issuer, &vintage, points)?;
		match funding {
			Funding::Funded => Self::count_funded(program.issuer, before),
			Funding::Unfunded => Self::count_unfunded(program.issuer, before),
		}
	}

	fn reinstate_value(
		to: &T::AccountId,
		asset: AssetId,
		value: Money,
		funding: Funding,
	) -> Result<Points, DispatchError> {
		let (_, vintage) = Self::open(asset)?;
		let points = math::points_for(value, vintage.face_value);
		Self::reinstate(to, asset, points, funding)?;
		Ok(points)
	}

	fn authorise(asset: AssetId, points: Points) -> Result<Money, DispatchError> {
		let (program, vintage) = Self::open(asset)?;
		let value = math::value_of(points, vintage.face_value)?;
		LiabilityOf::<T>::try_mutate(program.issuer, |liability| {
			liability.authorised.ensure_add_assign(value)?;
			liability.outstanding.ensure_add_assign(value)
		})?;
		Ok(value)
	}

	fn unauthorise(issuer: InstitutionId, value: Money) -> DispatchResult {
		LiabilityOf::<T>::try_mutate(issuer, |liability| {
			liability.authorised.ensure_sub_assign(value)?;
			liability.outstanding.ensure_sub_assign(value)
		})?;
		Ok(())
	}

	fn authorised() -> Vec<(InstitutionId, Money)> {
		let authorised = LiabilityOf::<T>::iter().map(|(id, liability)| (id, liability.authorised));
		authorised.filter(|(_, value)| *value > 0).collect()
	}

	fn refund_vintage(asset: AssetId) -> Option<AssetId> {
		let program = Programs::<T>::get(program_of(asset))?;
		if LiabilityOf::<T>::get(program.issuer).run_off.is_some() || Self::is_gone(program.issuer) {
			return None;
		}
		let now = T::DeadlineClock::now();
		let place = program.find(asset, now).or_else(|| program.unexpired(now).next());
		place.map(|vintage| vintage.asset)
	}

	fn vintage_of(issuer: InstitutionId) -> Result<Option<AssetId>, DispatchError> {
		let (programs, now) = (ProgramsOf::<T>::get(issuer), T::DeadlineClock::now());
		let first = |id: &ProgramId| Programs::<T>::get(id)?.unexpired(now).next().map(|v| v.asset);
		if let Some(asset) = programs.iter().find_map(first) {
			return Ok(Some(asset));
		}
		let Some(id) = programs.first() else { return Ok(None) };
		let mut program = Self::own(issuer, *id)?;
		Self::current_vintage(*id, &mut program).map(|vintage| Some(vintage.asset))
	}

	fn issuer(program: ProgramId) -> Result<InstitutionId, DispatchError> {
		Self::program(program).map(|program| program.issuer)
	}

	fn open_vintage(asset: AssetId) -> Option<(InstitutionId, u32)> {
		let program = Programs::<T>::get(program_of(asset))?;
		program.find(asset, T::DeadlineClock::now()).map(|vintage| (program.issuer, vintage.face_value))
	}

	fn issuer_and_worth(
		account: &T::AccountId,
		id: ProgramId,
		max_points: Points,
	) -> Result<(InstitutionId, Money), DispatchError> {
		let program = Self::program(id)?;
		// What is worth more than a balance holds cannot be, and pays for nothing.
		let worth = Self::usable_value(account, &program, max_points).defensive_unwrap_or_default();
		Ok((program.issuer, worth))
	}

	fn exchange_in(to: &T::AccountId, id: ProgramId, value: Money) -> Result<Points, DispatchError> {
		let mut program = Self::program(id)?;
		Self::ensure_may_make(program.issuer, id)?;
		let total = math::points_for(value, program.terms_at(T::Time::now()).face_value);
		ensure!(total > 0, Error::<T>::ZeroAmount);
		// No order stands behind it, so nobody takes it back.
		let shares =
			[PendingAward { to: T::Customers::current_account(to), amount: total, cancelled: 0 }].to_vec();
		let (issuer, before) = (program.issuer, LiabilityOf::<T>::get(program.issuer).outstanding);
		Self::mint(id, Minting { shares, total, program: &mut program })?;
		Self::count_funded(issuer, before)?;
		FlowsOf::<T>::try_mutate(id, |flows| flows.exchanged_in.ensure_add_assign(total))?;
		Ok(total)
	}
}
