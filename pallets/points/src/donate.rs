//! Giving points away.

use crate::{pallet::*, types::Vintage};
use frame_support::{
	ensure,
	traits::{
		fungibles::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
	},
};
use hanse_primitives::{Customers, DeadlineClock, Halts, Points, ProgramId};
use sp_runtime::{
	traits::{EnsureAddAssign, EnsureSubAssign},
	DispatchError,
};

/// What was given.
struct Given {
	/// Smallest units.
	points: Points,
	/// Of so many vintages.
	vintages: u32,
}

impl<T: Config> Pallet<T> {
	/// Returns of how many vintages points were given.
	pub(crate) fn do_donate(
		from: T::AccountId,
		id: ProgramId,
		to: T::AccountId,
		amount: Points,
	) -> Result<u32, DispatchError> {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let given = Self::give(&from, id, &T::Customers::current_account(&to), amount)?;
		ensure!(given.points == amount, Error::<T>::PointsTooFew);
		Ok(given.vintages)
	}

	/// Returns of how many vintages points were given.
	pub(crate) fn do_donate_all(
		from: T::AccountId,
		programs: &[ProgramId],
		to: T::AccountId,
	) -> Result<u32, DispatchError> {
		let (to, mut vintages) = (T::Customers::current_account(&to), 0u32);
		for id in programs {
			vintages.ensure_add_assign(Self::give(&from, *id, &to, Points::MAX)?.vintages)?;
		}
		ensure!(vintages > 0, Error::<T>::PointsTooFew);
		Ok(vintages)
	}

	/// Give up to `most` smallest units, those that expire first first.
	fn give(
		from: &T::AccountId,
		id: ProgramId,
		to: &T::AccountId,
		most: Points,
	) -> Result<Given, DispatchError> {
		let program = Self::program(id)?;
		T::Halts::ensure_may_leave(from, id)?;
		let (mut left, mut given) = (most, Given { points: 0, vintages: 0 });
		for vintage in program.unexpired(T::DeadlineClock::now()) {
			if left == 0 {
				break;
			}
			let points = Self::spendable(from, vintage).min(left);
			if points > 0 {
				T::Assets::transfer(vintage.asset, from, to, points, Preservation::Expendable)?;
				left.ensure_sub_assign(points)?;
				given.points.ensure_add_assign(points)?;
				given.vintages.ensure_add_assign(1)?;
			}
		}
		if given.points > 0 {
			let (from, to) = (from.clone(), to.clone());
			Self::deposit_event(Event::PointsDonated { program: id, from, to, amount: given.points });
		}
		Ok(given)
	}

	/// What an account can use of a vintage now.
	pub(crate) fn spendable(account: &T::AccountId, vintage: &Vintage) -> Points {
		T::Assets::reducible_balance(vintage.asset, account, Preservation::Expendable, Fortitude::Polite)
	}
}
