//! Receipts: how they are found, kept for others, and dropped.

use crate::{pallet::*, types::*, weights::WeightInfo};
use alloc::vec::Vec;
use frame_support::{defensive, ensure, storage::with_storage_layer, traits::Get, weights::WeightMeter};
use hanse_primitives::{Balance, Clearing, Clock, Eras, InstitutionId, Moment, Order, Takings};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// Receipts that one block drops at most.
const MAX_DROPPED_PER_BLOCK: u32 = 500;

impl<T: Config> Pallet<T> {
	/// A receipt by which something was paid.
	pub(crate) fn find_receipt(key: &Key<T::AccountId>) -> Option<Receipt> {
		Receipts::<T>::get(key).filter(|receipt| receipt.price > 0)
	}

	/// A receipt of which something can be taken back: its time is not over, or it is kept.
	pub(crate) fn open_receipt(key: &Key<T::AccountId>) -> Result<Receipt, DispatchError> {
		let receipt = Self::find_receipt(key).ok_or(Error::<T>::NotFound)?;
		ensure!(receipt.kept || T::Clock::now() < receipt.closes, Error::<T>::RefundWindowClosed);
		Ok(receipt)
	}

	/// When what is paid now can no longer be refunded. Not before its order, of whatever era that is open now,
	/// can no longer be delivered: its receipt is what refuses to be paid twice.
	pub(crate) fn closing() -> Moment {
		let eras = T::RefundWindow::get().max(T::Eras::order_eras().saturating_add(1));
		T::Clock::now().saturating_add(T::Eras::length().saturating_mul(eras.into()))
	}

	/// Store a receipt to which nothing will be added.
	pub(crate) fn keep_receipt(
		key: Key<T::AccountId>,
		order: Order,
		price: Balance,
		window: Moment,
		parts: Vec<Part>,
	) -> DispatchResult {
		let parts = parts.try_into().map_err(|_| ArithmeticError::Overflow)?;
		let (era, paid, closes) = (order.era, T::Eras::current(), Self::closing());
		let (refunded, kept, authorised) = (0, false, false);
		Closings::<T>::insert(closes.to_be_bytes(), &key, ());
		let receipt = Receipt { price, refunded, era, paid, closes, window, kept, authorised, parts };
		Receipts::<T>::insert(key, receipt);
		Ok(())
	}

	/// Drop receipts whose time is over, those first that were over first, and pay their interchange to the pot,
	/// as far as `meter` allows. Those that are kept leave the list once, so that they are in nobody's way.
	pub(crate) fn drop_past_receipts(meter: &mut WeightMeter) {
		for _ in 0..MAX_DROPPED_PER_BLOCK {
			if meter.try_consume(T::WeightInfo::look_at_receipt()).is_err() {
				return;
			}
			let Some((closes, key, ())) = Closings::<T>::iter().next() else { return };
			if Moment::from_be_bytes(closes) > T::Clock::now() {
				return;
			}
			let Some(receipt) = Receipts::<T>::get(&key) else {
				defensive!("a receipt is gone before its time");
				Closings::<T>::remove(closes, &key);
				continue;
			};
			let weight = match receipt.kept {
				true => T::WeightInfo::set_receipt_aside(),
				false => T::WeightInfo::drop_receipt(receipt.parts.len() as u32),
			};
			// Eras that became longer meanwhile are waited for.
			if T::Eras::takes_orders(receipt.paid) || meter.try_consume(weight).is_err() {
				return;
			}
			Closings::<T>::remove(closes, &key);
			if receipt.kept {
				continue;
			}
			Receipts::<T>::remove(&key);
			if with_storage_layer(|| Self::collect(key.0, &receipt.parts)).is_err() {
				defensive!("the interchange of a receipt could not be collected");
			}
		}
	}

	fn collect(merchant: InstitutionId, parts: &[Part]) -> DispatchResult {
		let mut collected: Balance = 0;
		for owed in Self::owed(merchant, parts)? {
			if owed.interchange > 0 {
				T::Clearing::collect(owed.issuer, owed.interchange)?;
				collected = collected.saturating_add(owed.interchange);
			}
		}
		if collected > 0 {
			T::Takings::note(merchant, collected)?;
		}
		Ok(())
	}
}

impl<T: Config> hanse_primitives::Receipts<T::AccountId> for Pallet<T> {
	/// Of one that is kept as of any other: nothing once its time is over.
	fn refundable(merchant: InstitutionId, payer: &T::AccountId, order: Order) -> Option<Balance> {
		Self::find_receipt(&key_of(merchant, payer.clone(), order))
			.filter(|receipt| T::Clock::now() < receipt.closes)
			.map(|receipt| receipt.left())
	}

	/// Of one that is kept already nothing changes: it is kept once, and let go once.
	fn keep(merchant: InstitutionId, payer: &T::AccountId, order: Order) -> DispatchResult {
		let key = key_of(merchant, payer.clone(), order);
		let receipt = Self::open_receipt(&key)?;
		if !receipt.kept {
			Receipts::<T>::insert(key, Receipt { kept: true, ..receipt });
		}
		Ok(())
	}

	fn burns(merchant: InstitutionId, payer: &T::AccountId, order: Order) -> u32 {
		let receipt = Receipts::<T>::get(key_of(merchant, payer.clone(), order));
		receipt.map_or(0, |receipt| receipt.parts.len() as u32)
	}

	/// One whose time is over is back on the list, where it is among the next to be dropped.
	fn let_go(merchant: InstitutionId, payer: &T::AccountId, order: Order) {
		let key = key_of(merchant, payer.clone(), order);
		let Some(receipt) = Receipts::<T>::get(&key).filter(|receipt| receipt.kept) else { return };
		// What may still be captured is on the list when that has ended.
		if !receipt.authorised {
			Closings::<T>::insert(receipt.closes.to_be_bytes(), &key, ());
		}
		Receipts::<T>::insert(key, Receipt { kept: false, ..receipt });
	}

	/// Nothing if all was refunded. An error changes nothing.
	fn pay_back(
		merchant: InstitutionId,
		payer: &T::AccountId,
		order: Order,
	) -> Result<Balance, DispatchError> {
		// Hooks call this too, and those are no transactions.
		with_storage_layer(|| Self::take_back_by_verdict(merchant, payer, order))
	}
}
