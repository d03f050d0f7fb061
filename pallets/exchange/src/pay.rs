//! Paying: what is burned, and who owes what for it.

use crate::{math, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{ensure, storage::with_transaction, traits::Get};
use hanse_primitives::{
	program_of, Balance, Burn, Clearing, Customers, Eras, InstitutionId, Members, Moment, Order,
	PointsLedger, Venue,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult, TransactionOutcome};

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
		let (key, window) = Self::ensure_payable(&payer, merchant, order, price)?;
		let burns = Self::draw(&payer, merchant, price, legs, 0)?;
		let parts = Self::slice(merchant, burns.iter(), (0, price), T::Interchange::get(), 0, true)?;
		for Owed { issuer, net, interchange } in Self::owed(merchant, &parts)? {
			T::Clearing::owe(issuer, merchant, net)?;
			T::Clearing::accrue(issuer, interchange)?;
		}
		let paid = parts.iter().map(|part| part.burn).collect();
		Self::keep_receipt(key, order, price, window, parts)?;
		Self::deposit_event(Event::Paid { merchant, payer, order, price });
		Ok(paid)
	}

	/// Everything about an order but the points; returns what names it, and the window of the payer's limit in which
	/// it is counted.
	pub(crate) fn ensure_payable(
		payer: &T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Balance,
	) -> Result<(Key<T::AccountId>, Moment), DispatchError> {
		ensure!(price >= T::MinPrice::get(), Error::<T>::PriceTooLow);
		ensure!(T::Eras::takes_orders(order.era), Error::<T>::EraNotOpen);
		T::Members::ensure_payable(merchant)?;
		let key = key_of(merchant, payer.clone(), order);
		// One read: what is authorised has a receipt too.
		if let Some(receipt) = Receipts::<T>::get(&key) {
			let is_open = receipt.authorised;
			return Err(if is_open { Error::<T>::AlreadyAuthorised } else { Error::<T>::AlreadyPaid }.into());
		}
		let window = T::Customers::spend(payer, price)?;
		Ok((key, window))
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

	/// Which part of a price from `from` to `to` micro-units each of `burns` pays, the first ones first, and the
	/// interchange of it. Consecutive slices, of which one is the `last`, add up to what one slice of all would be;
	/// the points that no price needs are in none.
	pub(crate) fn slice<'a>(
		merchant: InstitutionId,
		burns: impl Iterator<Item = &'a Burn>,
		(from, to): (Balance, Balance),
		rate: u32,
		capture: u8,
		last: bool,
	) -> Result<Vec<Part>, DispatchError> {
		let (mut begins, mut parts) = (0, Vec::<Part>::new());
		for &Burn { asset, points, value } in burns {
			// The last smallest unit may be worth more than is still to pay: the merchant gets the price, not
			// more.
			let within = |price: Balance| price.saturating_sub(begins).min(value);
			let (before, after) = (within(from), within(to));
			begins = Balance::saturating_add(begins, value);
			if before == after {
				continue;
			}
			let is_home = T::Points::issuer(program_of(asset))? == merchant;
			let beyond = |share: &dyn Fn(Balance) -> Balance| share(after).saturating_sub(share(before));
			let up_to = if last { math::share_up } else { math::share };
			let points = up_to(points, after, value).saturating_sub(math::share(points, before, value));
			let interchange = if is_home { 0 } else { beyond(&|paid| math::interchange(paid, rate)) };
			let burn = Burn { asset, points, value: after.saturating_sub(before) };
			parts.push(Part { burn, interchange, returned: 0, released: 0, carried: 0, capture });
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

	/// What a payment would burn: the payment itself, taken back.
	pub(crate) fn quote(
		payer: T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Balance,
		legs: &[Leg],
	) -> Result<Vec<Burn>, DispatchError> {
		with_transaction(|| TransactionOutcome::Rollback(Self::do_pay(payer, merchant, order, price, legs)))
	}
}
