//! Paying: what is burned, and what its issuers owe for it.

use crate::{math, pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{ensure, storage::with_transaction, traits::Get};
use hanse_primitives::{
	math::excess, program_of, AssetId, Burn, Clearing, Customers, Duration, EraTime, Eras, InstitutionId,
	Members, Moment, Money, Order, PointsLedger, ProgramId, Venue,
};
use sp_runtime::{
	traits::{EnsureAddAssign, EnsureSub},
	DispatchError, Permill, TransactionOutcome,
};

/// An order that a merchant may be paid for.
pub(crate) struct TakenOrder<AccountId> {
	/// What names it.
	pub key: ReceiptKey<AccountId>,
	/// The window of the payer's limit in which it is counted.
	pub window: Moment,
}

/// A piece of a price, from so many micro-units of it on to so many.
pub(crate) struct Slice {
	pub from: Money,
	pub to: Money,
	/// The part that is interchange.
	pub interchange: Permill,
	/// The capture that takes it, from 0.
	pub capture: u8,
	/// Whether no slice follows, so that all of a smallest unit is taken of which it needs a part.
	pub is_last: bool,
}

impl Slice {
	/// All of a price.
	pub fn whole(price: Money, interchange: Permill) -> Self {
		Self { from: 0, to: price, interchange, capture: 0, is_last: true }
	}
}

/// What payments of a block go by, read once for each.
pub(crate) struct Today {
	pub rules: PaymentRules,
	pub eras: EraTime,
}

/// Who issues the programs of one payment, each read once.
#[derive(Default)]
pub(crate) struct Issuers(Vec<(ProgramId, InstitutionId)>);

impl Issuers {
	/// The issuer of a vintage.
	fn of<T: Config>(&mut self, asset: AssetId) -> Result<InstitutionId, DispatchError> {
		let program = program_of(asset);
		if let Some((_, issuer)) = self.0.iter().find(|(known, _)| *known == program) {
			return Ok(*issuer);
		}
		let issuer = T::Points::issuer(program)?;
		self.0.push((program, issuer));
		Ok(issuer)
	}
}

/// What is burned for a payment.
pub(crate) struct BurnedLegs {
	pub burns: Vec<Burn>,
	pub issuers: Issuers,
}

/// What one issuer owes for its points.
#[derive(Clone, Copy)]
pub(crate) struct Charge {
	pub issuer: InstitutionId,
	/// To the merchant.
	pub net: Money,
	/// To the pot, later.
	pub interchange: Money,
}

impl<T: Config> Pallet<T> {
	/// Returns what was burned.
	pub(crate) fn do_pay(
		payer: T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Money,
		legs: &[Leg],
		today: &Today,
	) -> Result<Vec<Burn>, DispatchError> {
		let taken = Self::take_order(&payer, merchant, order, price, today)?;
		let BurnedLegs { burns, mut issuers } = Self::burn_legs(&payer, merchant, price, legs, 0)?;
		let slice = Slice::whole(price, today.rules.interchange);
		let parts = Self::allocate(merchant, burns.iter(), slice, &mut issuers)?;
		for Charge { issuer, net, interchange } in Self::charges(merchant, &parts, &mut issuers)? {
			T::Clearing::owe_and_accrue(issuer, merchant, net, interchange)?;
		}
		let paid = parts.iter().map(|part| part.burn).collect();
		Self::store_receipt(taken, order, price, parts, today)?;
		Self::deposit_event(Event::Paid { merchant, payer, order, price });
		Ok(paid)
	}

	pub(crate) fn today() -> Today {
		Today { rules: T::Rules::get(), eras: T::Eras::time() }
	}

	/// Check everything about an order but its points, and count it in the payer's limit.
	pub(crate) fn take_order(
		payer: &T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Money,
		today: &Today,
	) -> Result<TakenOrder<T::AccountId>, DispatchError> {
		let key = Self::check_order(payer, merchant, order, price, today)?;
		let window = T::Customers::spend(payer, price)?;
		Ok(TakenOrder { key, window })
	}

	/// Check everything about an order but its points and the payer's limit; returns what names it.
	fn check_order(
		payer: &T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Money,
		Today { rules, eras }: &Today,
	) -> Result<ReceiptKey<T::AccountId>, DispatchError> {
		ensure!(price >= T::MinPrice::get(), Error::<T>::PriceTooLow);
		ensure!(eras.takes_orders(order.era, rules.order_eras), Error::<T>::EraNotOpen);
		T::Members::ensure_payable(merchant)?;
		let key = ReceiptKey::of(merchant, payer.clone(), order);
		// One read: what is authorised has a receipt too.
		if let Some(receipt) = Receipts::<T>::get(&key) {
			let is_open = receipt.authorised;
			return Err(if is_open { Error::<T>::AlreadyAuthorised } else { Error::<T>::AlreadyPaid }.into());
		}
		Ok(key)
	}

	/// Fails by name if a payment would be refused whatever its points and the payer's limit: for the merchant, the
	/// order or the price. Changes nothing; returns the rules that it would go by.
	pub fn ensure_takes_order(
		payer: &T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Money,
	) -> Result<PaymentRules, DispatchError> {
		let today = Self::today();
		Self::check_order(payer, merchant, order, price, &today)?;
		Ok(today.rules)
	}

	/// Burn points of `legs` that pay at least `price`, of vintages that live for `lasting` more.
	pub(crate) fn burn_legs(
		payer: &T::AccountId,
		merchant: InstitutionId,
		price: Money,
		legs: &[Leg],
		lasting: Duration,
	) -> Result<BurnedLegs, DispatchError> {
		let (mut unpaid, mut burns, mut issuers) = (price, Vec::new(), Issuers::default());
		for leg in legs {
			if unpaid == 0 {
				break;
			}
			let venue = Venue::Merchant(merchant);
			let burned = T::Points::burn(payer, leg.program, leg.max_points, unpaid, venue, lasting)?;
			issuers.0.push((leg.program, burned.issuer));
			if burned.issuer != merchant {
				T::Clearing::ensure_not_overdue(burned.issuer)?;
			}
			for burn in burned.burns {
				// The last smallest unit may be worth more than is still to pay.
				unpaid = excess(unpaid, burn.value);
				burns.push(burn);
			}
		}
		ensure!(unpaid == 0, Error::<T>::PriceNotCovered);
		Ok(BurnedLegs { burns, issuers })
	}

	/// Which part of a slice of the price each of `burns` pays, the first ones first, and the interchange of it.
	/// Consecutive slices, of which one is the last, add up to what one slice of all would be; the points that no
	/// price needs are in none.
	pub(crate) fn allocate<'a>(
		merchant: InstitutionId,
		burns: impl Iterator<Item = &'a Burn>,
		slice: Slice,
		issuers: &mut Issuers,
	) -> Result<Vec<Part>, DispatchError> {
		let Slice { from: mut paid_before, to: mut paid_after, interchange: rate, capture, is_last } = slice;
		let share_after = if is_last { math::share_up } else { math::share };
		let mut parts = Vec::<Part>::new();
		for &Burn { asset, points, value } in burns {
			// The last smallest unit may be worth more than is still to pay: the merchant gets the price, not
			// more.
			let (before, after) = (paid_before.min(value), paid_after.min(value));
			(paid_before, paid_after) = (excess(paid_before, before), excess(paid_after, after));
			if before == after {
				continue;
			}
			let is_home = issuers.of::<T>(asset)? == merchant;
			let points = share_after(points, after, value).ensure_sub(math::share(points, before, value))?;
			let interchange = match is_home {
				true => 0,
				false => rate.mul_ceil(after).ensure_sub(rate.mul_ceil(before))?,
			};
			let burn = Burn { asset, points, value: after.ensure_sub(before)? };
			parts.push(Part::new(burn, interchange, capture));
		}
		Ok(parts)
	}

	/// What each foreign issuer owes for `parts`.
	pub(crate) fn charges(
		merchant: InstitutionId,
		parts: &[Part],
		issuers: &mut Issuers,
	) -> Result<Vec<Charge>, DispatchError> {
		let mut charges = Vec::<Charge>::new();
		for part in parts {
			let issuer = issuers.of::<T>(part.burn.asset)?;
			if issuer == merchant {
				continue;
			}
			let (net, interchange) = (part.net()?, part.accrued()?);
			match charges.iter_mut().find(|charge| charge.issuer == issuer) {
				None => charges.push(Charge { issuer, net, interchange }),
				Some(charge) => {
					charge.net.ensure_add_assign(net)?;
					charge.interchange.ensure_add_assign(interchange)?;
				},
			}
		}
		Ok(charges)
	}

	/// What a payment would burn: the payment itself, taken back.
	pub(crate) fn quote(
		payer: T::AccountId,
		merchant: InstitutionId,
		order: Order,
		price: Money,
		legs: &[Leg],
	) -> Result<Vec<Burn>, DispatchError> {
		let paid = || Self::do_pay(payer, merchant, order, price, legs, &Self::today());
		with_transaction(|| TransactionOutcome::Rollback(paid()))
	}
}
