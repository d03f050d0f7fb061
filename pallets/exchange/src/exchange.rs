//! Exchanging points of one program for points of another.

use crate::pallet::*;
use frame_support::{ensure, storage::with_transaction, traits::Get};
use hanse_primitives::{
	Burned, Clearing, Customers, InstitutionId, Money, Points, PointsLedger, ProgramId, Venue,
};
use sp_runtime::{
	traits::{EnsureAddAssign, EnsureSub},
	DispatchError, TransactionOutcome,
};

/// What came of an exchange.
pub(crate) struct Exchanged {
	/// Of so many vintages points were burned.
	pub burns: u32,
	/// Smallest units that came out.
	pub out: Points,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_exchange(
		who: T::AccountId,
		from: ProgramId,
		amount: Points,
		to: ProgramId,
		min_out: Points,
	) -> Result<Exchanged, DispatchError> {
		ensure!(from != to, Error::<T>::SameProgram);
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let target = T::Points::issuer(to)?;
		T::Customers::ensure_may_exchange(&who)?;

		let last_days = T::Rules::get().no_exchange;
		let Burned { issuer: source, burns } =
			T::Points::burn(&who, from, amount, Money::MAX, Venue::Exchange, last_days)?;
		let (mut points, mut value): (Points, Money) = (0, 0);
		for burn in &burns {
			points.ensure_add_assign(burn.points)?;
			value.ensure_add_assign(burn.value)?;
		}
		ensure!(points == amount, Error::<T>::PointsTooFew);
		T::Customers::spend(&who, value)?;

		// Paid before the points are minted, since the payment is part of what stands behind them; so a debt
		// will not do.
		let net = Self::pay_for_exchange(source, target, value)?;
		let out = T::Points::exchange_in(&who, to, net)?;
		ensure!(out >= min_out, Error::<T>::BelowMinOut);
		Self::deposit_event(Event::Exchanged { who, from, amount, to, out, value });
		Ok(Exchanged { burns: burns.len() as u32, out })
	}

	/// The issuer of points worth `value` that are burned pays it to the one whose points are made, less interchange.
	/// Returns what that one gets.
	fn pay_for_exchange(
		source: InstitutionId,
		target: InstitutionId,
		value: Money,
	) -> Result<Money, DispatchError> {
		let mut interchange = 0;
		if source != target {
			T::Clearing::ensure_not_overdue(source)?;
			interchange = T::Rules::get().interchange.mul_ceil(value);
		}
		let net = value.ensure_sub(interchange)?;
		T::Clearing::owe_gross(source, target, net)?;
		if interchange > 0 {
			// No refund can reverse an exchange, so its interchange waits for nothing.
			T::Clearing::accrue(source, interchange)?;
			T::Clearing::collect(source, interchange)?;
		}
		Ok(net)
	}

	/// What would come out of an exchange: the exchange itself, taken back.
	pub(crate) fn exchange_quote(
		who: T::AccountId,
		from: ProgramId,
		amount: Points,
		to: ProgramId,
	) -> Result<Points, DispatchError> {
		with_transaction(|| {
			let out = Self::do_exchange(who, from, amount, to, 0).map(|exchanged| exchanged.out);
			TransactionOutcome::Rollback(out)
		})
	}
}
