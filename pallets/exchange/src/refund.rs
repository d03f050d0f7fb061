//! Refunds: a payment taken back, whole or in parts.

use crate::{pallet::*, types::*};
use alloc::vec::Vec;
use frame_support::{ensure, storage::with_storage_layer, traits::ConstU32};
use hanse_primitives::{
	math::excess, program_of, AssetId, Clearing, Customers, Funding, InstitutionId, JudgementDebts, Members,
	Money, Order, PointsLedger, Reserves, MAX_PARTS,
};
use sp_runtime::{
	traits::{EnsureAdd, EnsureAddAssign, EnsureMul, EnsureSub},
	BoundedVec, DispatchError, DispatchResult,
};

/// How a merchant, the first, owes an issuer, the second, what comes back to it.
pub(crate) type OweBack = fn(InstitutionId, InstitutionId, Money) -> DispatchResult;

/// A receipt's parts after a refund.
struct Reversed {
	parts: BoundedVec<Part, ConstU32<MAX_PARTS>>,
	/// Of how many of them something came back.
	count: u32,
}

/// What comes back in another vintage than it came from.
struct Elsewhere {
	vintage: AssetId,
	value: Money,
	/// The part that carries what is too little for a smallest unit.
	place: usize,
}

impl<T: Config> Pallet<T> {
	/// Refund until `total` of the price is refunded. Returns the number of burns that were reversed: none if as
	/// much was refunded before.
	pub(crate) fn do_refund(
		merchant: InstitutionId,
		payer: T::AccountId,
		order: Order,
		total: Money,
	) -> Result<u32, DispatchError> {
		Self::take_back(merchant, payer, order, total, <T::Clearing as Clearing>::owe_refund)
	}

	/// Take a payment back, where the merchant owes the issuers what comes back to them by `owe_refund`.
	fn take_back(
		merchant: InstitutionId,
		payer: T::AccountId,
		order: Order,
		total: Money,
		owe_refund: OweBack,
	) -> Result<u32, DispatchError> {
		ensure!(total > 0, Error::<T>::ZeroAmount);
		let key = ReceiptKey::of(merchant, payer.clone(), order);
		let mut receipt = Self::open_receipt(&key)?;
		ensure!(total <= receipt.price, Error::<T>::RefundTooLarge);
		// A repeat of less takes nothing back.
		let value = excess(total, receipt.refunded);
		if value == 0 {
			return Ok(0);
		}
		T::Members::ensure_books_open(merchant)?;

		let Reversed { parts, count } = Self::reverse_parts(&key, &receipt, total, owe_refund)?;
		// Of a merchant that is leaving, nothing that its holders need goes to others, nor to new holders.
		T::Clearing::ensure_serves_holders(merchant)?;
		T::Customers::restore_limit(&payer, value, receipt.window);
		(receipt.parts, receipt.refunded) = (parts, total);
		let order = key.order(receipt.era);
		Receipts::<T>::insert(key, receipt);
		Self::deposit_event(Event::Refunded { merchant, payer, order, value, total });
		Ok(count)
	}

	/// Take everything back of a receipt that is not refunded yet of `total`.
	fn reverse_parts(
		key: &ReceiptKey<T::AccountId>,
		receipt: &Receipt,
		total: Money,
		owe_refund: OweBack,
	) -> Result<Reversed, DispatchError> {
		let mut reversed = Reversed { parts: receipt.parts.clone(), count: 0 };
		let mut elsewhere = Vec::<Elsewhere>::new();
		for (place, part) in reversed.parts.iter_mut().enumerate() {
			let due = receipt.due(part, total)?;
			if due.points == 0 && due.value == 0 && part.carried == 0 {
				continue;
			}
			reversed.count.ensure_add_assign(1)?;
			part.returned.ensure_add_assign(due.points)?;
			let Some(vintage) = Self::reverse(key, part, due, owe_refund)? else { continue };
			let value = due.value.ensure_add(core::mem::take(&mut part.carried))?;
			match elsewhere.iter_mut().find(|other| other.vintage == vintage) {
				Some(other) => other.value.ensure_add_assign(value)?,
				None => elsewhere.push(Elsewhere { vintage, value, place }),
			}
		}
		// Rounded down once, over everything that was ever refunded there.
		for Elsewhere { vintage, value, place } in elsewhere {
			let carried = Self::reinstate_value(key, vintage, value)?;
			if let Some(part) = reversed.parts.get_mut(place) {
				part.carried = carried;
			}
		}
		Ok(reversed)
	}

	/// Take `due` back of one part of a receipt. Returns the vintage in which it comes back by its value, if it does
	/// not come back point by point.
	fn reverse(
		key: &ReceiptKey<T::AccountId>,
		part: &mut Part,
		due: RefundPart,
		owe_refund: OweBack,
	) -> Result<Option<AssetId>, DispatchError> {
		let (merchant, asset) = (key.merchant, part.burn.asset);
		let issuer = T::Points::issuer(program_of(asset))?;
		let is_open = T::Points::open_vintage(asset).is_some();
		let place =
			if issuer == merchant && is_open { Some(asset) } else { T::Points::refund_vintage(asset) };
		match place {
			Some(place) if place == asset => {
				T::Clearing::release_accrued(issuer, due.interchange)?;
				part.released.ensure_add_assign(due.interchange)?;
				owe_refund(merchant, issuer, due.net)?;
				// An issuer on its way out covers its points exactly, so what comes back is worth no more than it got:
				// the part of a point that the payment did not need stays behind.
				if T::Members::ensure_payable(issuer).is_err() {
					return Ok(Some(place));
				}
				T::Points::reinstate(&key.payer, asset, due.points, Self::funding(merchant, issuer))?;
				Ok(None)
			},
			// The interchange stays due, and the issuer owes all of the value again: so it is the merchant that
			// bears it, as where it gives its own points.
			Some(place) => {
				owe_refund(merchant, issuer, due.value)?;
				Ok(Some(place))
			},
			// Nobody else can take the points back, so the merchant keeps what it got for them and gives its
			// own.
			None => Ok(Some(T::Points::vintage_of(merchant)?.ok_or(Error::<T>::NoProgram)?)),
		}
	}

	/// What comes to the issuer of points that a merchant refunds: nothing, if that is the merchant itself.
	fn funding(merchant: InstitutionId, issuer: InstitutionId) -> Funding {
		match merchant == issuer {
			true => Funding::Unfunded,
			false => Funding::Funded,
		}
	}

	/// Mint points worth `value` micro-units, and return what is too little for one more.
	fn reinstate_value(
		key: &ReceiptKey<T::AccountId>,
		vintage: AssetId,
		value: Money,
	) -> Result<Money, DispatchError> {
		let (issuer, face_value) = T::Points::open_vintage(vintage).ok_or(Error::<T>::NotFound)?;
		let funding = Self::funding(key.merchant, issuer);
		let points = T::Points::reinstate_value(&key.payer, vintage, value, funding)?;
		Ok(value.ensure_sub(points.ensure_mul(face_value.into())?)?)
	}

	/// Take all that is left of a payment back by a judgement against the merchant, whatever it has. Points come
	/// back if their issuers get the money for them, and if the merchant still makes any where they cannot; else
	/// the merchant owes the payer what is left of the price as money.
	pub(crate) fn charge_back_parts(
		merchant: InstitutionId,
		payer: &T::AccountId,
		order: Order,
	) -> Result<Money, DispatchError> {
		let key = ReceiptKey::of(merchant, payer.clone(), order);
		let mut receipt = Self::open_receipt(&key)?;
		let (left, total) = (receipt.left()?, receipt.price);
		if left == 0 {
			return Ok(0);
		}
		let by_judgement = <T::Clearing as JudgementDebts<T::AccountId>>::owe_refund_by_judgement;
		let done =
			with_storage_layer(|| Self::take_back(merchant, payer.clone(), order, total, by_judgement));
		if done.is_ok() {
			return Ok(left);
		}
		let mut parts = receipt.parts.clone();
		for part in parts.iter_mut() {
			part.returned.ensure_add_assign(receipt.due(part, total)?.points)?;
		}
		T::Customers::restore_limit(payer, left, receipt.window);
		(receipt.parts, receipt.refunded) = (parts, total);
		let order = key.order(receipt.era);
		Receipts::<T>::insert(key, receipt);
		T::Clearing::owe_judgement(merchant, &T::Customers::current_account(payer), left)?;
		Self::deposit_event(Event::Refunded { merchant, payer: payer.clone(), order, value: left, total });
		Ok(left)
	}
}
