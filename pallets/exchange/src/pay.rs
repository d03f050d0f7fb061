//! Paying: what is burned, who owes what for it, the receipt and its end.

use crate::{math, pallet::*, types::*, weights::WeightInfo};
use alloc::vec::Vec;
use frame_support::{
	defensive, ensure,
	storage::{with_storage_layer, with_transaction},
	traits::Get,
	weights::WeightMeter,
};
use hanse_primitives::{
	program_of, Balance, Burn, Clearing, Customers, Eras, InstitutionId, Members, Moment, Order, Points,
	Takings, Venue,
};
use sp_core::H256;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult, TransactionOutcome};

/// Receipts that one block drops at most.
const MAX_DROPPED_PER_BLOCK: u32 = 500;

/// What one issuer owes.
#[derive(Clone, Copy)]
pub(crate) struct Owed {
	pub issuer: InstitutionId,
	/// To the merchant.
	pub net: Balance,
	/// To the pot, later.
	pub interchange: Balance,
}

impl<T: Config> Pallet<T> {
	/// Returns what was burned.
	pub(crate) fn do_pay(
		payer: T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Balance,
		legs: &[Leg],
	) -> Result<Vec<Burn>, DispatchError> {
		let key = Self::ensure_payable(&payer, merchant, order, price)?;
		let burns = Self::draw(&payer, merchant, price, legs, 0)?;
		let parts = Self::split(merchant, price, &burns, T::Interchange::get())?;
		Self::settle(merchant, &parts)?;
		let paid = parts.iter().map(|part| part.burn).collect();
		Self::keep_receipt(key, order, price, parts)?;
		Self::deposit_event(Event::Paid { merchant, payer, order, price });
		Ok(paid)
	}

	/// Everything about an order but the points.
	pub(crate) fn ensure_payable(
		payer: &T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Balance,
	) -> Result<Key<T::AccountId>, DispatchError> {
		ensure!(price >= T::MinPrice::get(), Error::<T>::PriceTooLow);
		ensure!(T::Eras::takes_orders(order.era), Error::<T>::EraNotOpen);
		T::Members::ensure_payable(merchant)?;
		let key = key_of(merchant, payer.clone(), order);
		ensure!(!Receipts::<T>::contains_key(&key), Error::<T>::AlreadyPaid);
		ensure!(!Authorisations::<T>::contains_key(&key), Error::<T>::AlreadyAuthorised);
		T::Customers::spend(payer, price)?;
		Ok(key)
	}

	/// Fails by name if a payment would be refused whatever its points: for the merchant, the order, the price or
	/// the payer. Changes nothing.
	pub fn ensure_takes(
		payer: &T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Balance,
	) -> DispatchResult {
		let ask = || Self::ensure_payable(payer, merchant, order, price).map(drop);
		with_transaction(|| TransactionOutcome::Rollback(ask()))
	}

	/// Burn points of `legs` that pay at least `price`, of vintages that live for `lasting` milliseconds more.
	pub(crate) fn draw(
		payer: &T::AccountId,
		merchant: InstitutionId,
		price: Balance,
		legs: &[Leg],
		lasting: Moment,
	) -> Result<Vec<Burn>, DispatchError> {
		let (mut unpaid, mut burns) = (price, Vec::new());
		for leg in legs {
			if unpaid == 0 {
				break;
			}
			let venue = Venue::Merchant(merchant);
			let burned = T::Points::burn(payer, leg.program, leg.max_points, unpaid, venue, lasting)?;
			if burned.issuer != merchant {
				T::Clearing::ensure_on_time(burned.issuer)?;
			}
			for burn in burned.burns {
				unpaid = unpaid.saturating_sub(burn.value);
				burns.push(burn);
			}
		}
		ensure!(unpaid == 0, Error::<T>::PriceNotCovered);
		Ok(burns)
	}

	/// Which part of `price` each of `burns` pays, the first ones first, and the interchange of it. The points
	/// that are not needed for `price` are in no part.
	pub(crate) fn split(
		merchant: InstitutionId,
		price: Balance,
		burns: &[Burn],
		rate: u32,
	) -> Result<Vec<Part>, DispatchError> {
		let (mut unpaid, mut parts) = (price, Vec::with_capacity(burns.len()));
		for burn in burns {
			if unpaid == 0 {
				break;
			}
			// The last smallest unit may be worth more than is still to pay: the merchant gets the price, not
			// more.
			let value = burn.value.min(unpaid);
			let points = math::share_up(burn.points, value, burn.value);
			unpaid -= value;
			let is_home = T::Points::issuer(program_of(burn.asset))? == merchant;
			let interchange = if is_home { 0 } else { math::interchange(value, rate) };
			let burn = Burn { asset: burn.asset, points, value };
			parts.push(Part { burn, interchange, returned: 0, released: 0 });
		}
		Ok(parts)
	}

	/// What each foreign issuer owes for `parts`.
	pub(crate) fn owed(merchant: InstitutionId, parts: &[Part]) -> Result<Vec<Owed>, DispatchError> {
		let mut owed = Vec::<Owed>::new();
		for part in parts {
			let issuer = T::Points::issuer(program_of(part.burn.asset))?;
			if issuer == merchant {
				continue;
			}
			let (net, interchange) = (part.net(), part.accrued());
			match owed.iter_mut().find(|owed| owed.issuer == issuer) {
				None => owed.push(Owed { issuer, net, interchange }),
				Some(owed) => {
					owed.net = owed.net.checked_add(net).ok_or(ArithmeticError::Overflow)?;
					owed.interchange =
						owed.interchange.checked_add(interchange).ok_or(ArithmeticError::Overflow)?;
				},
			}
		}
		Ok(owed)
	}

	/// Let every foreign issuer owe the merchant what its points paid, less interchange.
	pub(crate) fn settle(merchant: InstitutionId, parts: &[Part]) -> DispatchResult {
		for Owed { issuer, net, interchange } in Self::owed(merchant, parts)? {
			T::Clearing::owe(issuer, merchant, net)?;
			T::Clearing::accrue(issuer, interchange)?;
		}
		Ok(())
	}

	pub(crate) fn keep_receipt(
		key: Key<T::AccountId>,
		order: Order,
		price: Balance,
		parts: Vec<Part>,
	) -> DispatchResult {
		// An order is taken in its era and the next, so its receipt is kept at least as long, whatever the
		// rule: it is what refuses to be paid twice.
		let closes = order.era.saturating_add(T::RefundWindow::get().max(1));
		let parts = parts.try_into().map_err(|_| ArithmeticError::Overflow)?;
		Receipts::<T>::insert(key, Receipt { price, refunded: 0, closes, kept: false, parts });
		Ok(())
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
		with_transaction(|| TransactionOutcome::Rollback(Self::do_pay(payer, merchant, order, price, legs)))
	}

	/// Drop the oldest receipts once their refund window has closed, and pay their interchange to the pot, as
	/// far as `meter` allows. Those that are kept are set aside once, so that they are in nobody's way.
	pub(crate) fn drop_past_receipts(meter: &mut WeightMeter) {
		for _ in 0..MAX_DROPPED_PER_BLOCK {
			if meter.try_consume(T::WeightInfo::look_at_receipt()).is_err() {
				return;
			}
			let Some((key, receipt)) = Receipts::<T>::iter().next() else { return };
			let weight = match receipt.kept {
				true => T::WeightInfo::set_receipt_aside(),
				false => T::WeightInfo::drop_receipt(receipt.parts.len() as u32),
			};
			if receipt.closes >= T::Eras::current() || meter.try_consume(weight).is_err() {
				return;
			}
			let merchant = key.1;
			Receipts::<T>::remove(&key);
			if receipt.kept {
				KeptReceipts::<T>::insert(key, receipt);
				continue;
			}
			if with_storage_layer(|| Self::collect(merchant, &receipt.parts)).is_err() {
				defensive!("the interchange of a receipt could not be collected");
			}
		}
	}

	fn collect(merchant: InstitutionId, parts: &[Part]) -> DispatchResult {
		let mut collected: Balance = 0;
		for Owed { issuer, interchange, .. } in Self::owed(merchant, parts)? {
			if interchange > 0 {
				T::Clearing::collect(issuer, interchange)?;
				collected = collected.saturating_add(interchange);
			}
		}
		if collected > 0 {
			T::Takings::note(merchant, collected);
		}
		Ok(())
	}
}
