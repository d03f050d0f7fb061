//! Exchanging points of one program for points of another.

use crate::{math, pallet::*};
use frame_support::{ensure, storage::with_transaction, traits::Get};
use hanse_primitives::{Balance, Clearing, Customers, PointsLedger, ProgramId, Venue};
use sp_runtime::{DispatchError, TransactionOutcome};

impl<T: Config> Pallet<T> {
	/// Returns the number of burns, and the smallest units that came out.
	pub(crate) fn do_exchange(
		who: T::AccountId,
		from: ProgramId,
		amount: Balance,
		to: ProgramId,
		min_out: Balance,
	) -> Result<(u32, Balance), DispatchError> {
		ensure!(from != to, Error::<T>::SameProgram);
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let target = T::Points::issuer(to)?;
		T::Customers::ensure_may_exchange(&who)?;

		let last_days = T::NoExchange::get();
		let burned = T::Points::burn(&who, from, amount, Balance::MAX, Venue::Exchange, last_days)?;
		let points: Balance = burned.burns.iter().map(|burn| burn.points).sum();
		ensure!(points == amount, Error::<T>::PointsTooFew);
		let value: Balance = burned.burns.iter().map(|burn| burn.value).sum();
		T::Customers::spend(&who, value)?;

		let source = burned.issuer;
		let mut interchange = 0;
		if source != target {
			T::Clearing::ensure_on_time(source)?;
			interchange = math::interchange(value, T::Interchange::get());
		}
		let net = value.saturating_sub(interchange);
		// Paid before the points are minted, since the payment is part of what stands behind them; so a debt
		// will not do.
		T::Clearing::owe_now(source, target, net)?;
		if interchange > 0 {
			// No refund can reverse an exchange, so its interchange waits for nothing.
			T::Clearing::accrue(source, interchange)?;
			T::Clearing::collect(source, interchange)?;
		}
		let out = T::Points::exchange_in(&who, to, net)?;
		ensure!(out >= min_out, Error::<T>::BelowMinOut);
		Self::deposit_event(Event::Exchanged { who, from, amount, to, out, value });
		Ok((burned.burns.len() as u32, out))
	}

	/// What would come out of an exchange: the exchange itself, taken back.
	pub(crate) fn exchange_quote(
		who: T::AccountId,
		from: ProgramId,
		amount: Balance,
		to: ProgramId,
	) -> Result<Balance, DispatchError> {
		with_transaction(|| {
			let out = Self::do_exchange(who, from, amount, to, 0).map(|(_, out)| out);
			TransactionOutcome::Rollback(out)
		})
	}
}
