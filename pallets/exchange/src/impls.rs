use crate::{pallet::*, types::*, weights::WeightInfo};
use alloc::vec::Vec;
use frame_support::{
	ensure,
	storage::with_transaction,
	traits::{ConstU32, Get},
	weights::WeightMeter,
};
use hanse_primitives::{
	Balance, Burn, Clearing, Customers, Eras, InstitutionId, Members, Order, Points, ProgramId, Venue,
	MAX_BURNS,
};
use sp_core::H256;
use sp_runtime::{ArithmeticError, BoundedVec, DispatchError, TransactionOutcome};

/// Receipts that one block drops at most.
const MAX_DROPPED_PER_BLOCK: u64 = 500;

impl<T: Config> Pallet<T> {
	/// Returns what was burned.
	pub(crate) fn do_pay(
		payer: T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Balance,
		legs: &[Leg],
	) -> Result<BoundedVec<Burn, ConstU32<MAX_BURNS>>, DispatchError> {
		ensure!(price >= T::MinPrice::get(), Error::<T>::PriceTooLow);
		ensure!(T::Eras::takes_orders(order.era), Error::<T>::EraNotOpen);
		T::Members::ensure_payable(merchant)?;
		let key = (order.era.to_be_bytes(), merchant, payer.clone(), order.commitment);
		ensure!(!Receipts::<T>::contains_key(&key), Error::<T>::AlreadyPaid);
		T::Customers::spend(&payer, price)?;

		let mut unpaid = price;
		let mut paid = BoundedVec::new();
		for leg in legs {
			if unpaid == 0 {
				break;
			}
			let burned =
				T::Points::burn(&payer, leg.program, leg.max_points, unpaid, Venue::Merchant(merchant))?;
			let before = unpaid;
			for burn in burned.burns {
				// The last smallest unit may be worth more than is still to pay: the merchant gets the
				// price, not more.
				let value = burn.value.min(unpaid);
				unpaid -= value;
				paid.try_push(Burn { value, ..burn }).map_err(|_| ArithmeticError::Overflow)?;
			}
			T::Clearing::owe(burned.issuer, merchant, before - unpaid)?;
		}
		ensure!(unpaid == 0, Error::<T>::PriceNotCovered);

		let closes = order.era.saturating_add(T::RefundWindow::get());
		Receipts::<T>::insert(key, Receipt { price, closes, burns: paid.clone() });
		Self::deposit_event(Event::Paid { merchant, payer, order, price });
		Ok(paid)
	}

	/// What a payment would burn: the payment itself, taken back.
	pub(crate) fn quote(
		payer: T::AccountId,
		merchant: InstitutionId,
		price: Balance,
		legs: &[Leg],
	) -> Result<Vec<Burn>, DispatchError> {
		// A commitment that is nobody's: a salted hash is not made of ones.
		let order = Order { era: T::Eras::current(), commitment: H256::repeat_byte(u8::MAX) };
		with_transaction(|| {
			TransactionOutcome::Rollback(
				Self::do_pay(payer, merchant, order, price, legs).map(BoundedVec::into_inner),
			)
		})
	}

	/// Returns the number of burns.
	pub(crate) fn do_exchange(
		who: T::AccountId,
		from: ProgramId,
		amount: Balance,
		to: ProgramId,
		min_out: Balance,
	) -> Result<u32, DispatchError> {
		ensure!(from != to, Error::<T>::SameProgram);
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let target = T::Points::issuer(to)?;
		T::Customers::ensure_may_exchange(&who)?;

		let burned = T::Points::burn(&who, from, amount, Balance::MAX, Venue::Exchange)?;
		let points: Balance = burned.burns.iter().map(|burn| burn.points).sum();
		ensure!(points == amount, Error::<T>::PointsTooFew);
		let value: Balance = burned.burns.iter().map(|burn| burn.value).sum();
		T::Customers::spend(&who, value)?;

		// Paid before the points are minted, since the payment is part of what stands behind them.
		T::Clearing::owe(burned.issuer, target, value)?;
		let out = T::Points::exchange_in(&who, to, value)?;
		ensure!(out >= min_out, Error::<T>::BelowMinOut);
		Self::deposit_event(Event::Exchanged { who, from, amount, to, out, value });
		Ok(burned.burns.len() as u32)
	}

	/// Drop the oldest receipts once their refund window has closed, as far as `meter` allows.
	pub(crate) fn drop_past_receipts(meter: &mut WeightMeter) {
		let each = T::WeightInfo::drop_receipt();
		let most = meter.remaining().checked_div_per_component(&each).unwrap_or(0).min(MAX_DROPPED_PER_BLOCK);
		for (key, receipt) in Receipts::<T>::iter().take(most as usize) {
			meter.consume(each);
			if receipt.closes >= T::Eras::current() {
				return;
			}
			Receipts::<T>::remove(key);
		}
	}
}
