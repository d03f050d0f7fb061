//! Receipts: how they are found, kept for others, and dropped.

use crate::{
	pallet::*,
	pay::{Charge, Issuers, TakenOrder, Today},
	types::*,
	weights::WeightInfo,
	RETRY,
};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
	ensure,
	storage::with_storage_layer,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	due::{self, DueQueue},
	Clearing, DeadlineClock, Eras, InstitutionId, Moment, Money, OnInterchangeCollected, Order,
};
use sp_runtime::{traits::EnsureAddAssign, ArithmeticError, DispatchError, DispatchResult};

/// Receipts that one block drops at most.
const MAX_DROPPED_PER_BLOCK: u32 = 500;

impl<T: Config> Pallet<T> {
	/// A receipt by which something was paid.
	pub(crate) fn find_receipt(key: &ReceiptKey<T::AccountId>) -> Option<Receipt> {
		Receipts::<T>::get(key).filter(|receipt| receipt.price > 0)
	}

	/// A receipt of which something can be taken back: its time is not over, or it is kept.
	pub(crate) fn open_receipt(key: &ReceiptKey<T::AccountId>) -> Result<Receipt, DispatchError> {
		let receipt = Self::find_receipt(key).ok_or(Error::<T>::NotFound)?;
		ensure!(receipt.disputed || T::DeadlineClock::now() < receipt.closes, Error::<T>::RefundWindowClosed);
		Ok(receipt)
	}

	/// When what is paid now can no longer be refunded. Not before its order, of whatever era that is open now,
	/// can no longer be delivered: its receipt is what refuses to be paid twice.
	pub(crate) fn closing(Today { rules, eras }: &Today) -> Moment {
		let window = rules.refund_window.max(rules.order_eras.saturating_add(1));
		T::DeadlineClock::now().saturating_add(eras.length.saturating_mul(window.into()))
	}

	/// Store the receipt of a payment, to which nothing will be added.
	pub(crate) fn store_receipt(
		TakenOrder { key, window }: TakenOrder<T::AccountId>,
		order: Order,
		price: Money,
		parts: Vec<Part>,
		today: &Today,
	) -> DispatchResult {
		let parts = parts.try_into().map_err(|_| ArithmeticError::Overflow)?;
		let receipt = Receipt::new(order.era, today.eras.current, Self::closing(today), window);
		Self::list_closing(receipt.closes, &key);
		Receipts::<T>::insert(key, Receipt { price, parts, ..receipt });
		Ok(())
	}

	/// Put a receipt on the list of those that close, on the last page if it has room for it and closes then.
	pub(crate) fn list_closing(closes: Moment, key: &ReceiptKey<T::AccountId>) {
		let place = |number: u64| (closes.to_be_bytes(), number.to_be_bytes());
		let mut last = LastClosingPage::<T>::get();
		let (moment, number) = place(last.number);
		if last.closes == closes && ReceiptClosings::<T>::try_append(moment, number, key).is_ok() {
			return;
		}
		last = ClosingPage { closes, number: last.number.wrapping_add(1) };
		let (moment, number) = place(last.number);
		ReceiptClosings::<T>::insert(moment, number, Closings::truncate_from([key.clone()].to_vec()));
		LastClosingPage::<T>::put(last);
	}

	/// Drop receipts whose time is over, those first that were over first, and pay their interchange to the pot,
	/// as far as `meter` allows. Those that are kept leave the list once, so that they are in nobody's way.
	pub(crate) fn drop_past_receipts(meter: &mut WeightMeter) {
		due::serve(&mut PastReceipts::<T>(PhantomData), MAX_DROPPED_PER_BLOCK, meter);
	}

	/// Pay the interchange of a receipt to the pot.
	fn collect(merchant: InstitutionId, parts: &[Part]) -> DispatchResult {
		let mut collected: Money = 0;
		for Charge { issuer, interchange, .. } in Self::charges(merchant, parts, &mut Issuers::default())? {
			if interchange > 0 {
				T::Clearing::collect(issuer, interchange)?;
				collected.ensure_add_assign(interchange)?;
			}
		}
		match collected {
			0 => Ok(()),
			_ => T::OnInterchangeCollected::on_interchange_collected(merchant, collected),
		}
	}
}

impl<T: Config> hanse_primitives::Chargebacks<T::AccountId> for Pallet<T> {
	/// Of one that is kept as of any other: nothing once its time is over.
	fn refundable(merchant: InstitutionId, payer: &T::AccountId, order: Order) -> Option<Money> {
		Self::find_receipt(&ReceiptKey::of(merchant, payer.clone(), order))
			.filter(|receipt| T::DeadlineClock::now() < receipt.closes)
			.and_then(|receipt| receipt.left().ok())
	}

	/// Of one that is kept already nothing changes: it is kept once, and released once.
	fn hold_for_dispute(merchant: InstitutionId, payer: &T::AccountId, order: Order) -> DispatchResult {
		let key = ReceiptKey::of(merchant, payer.clone(), order);
		let receipt = Self::open_receipt(&key)?;
		if !receipt.disputed {
			Receipts::<T>::insert(key, Receipt { disputed: true, ..receipt });
		}
		Ok(())
	}

	fn burn_count(merchant: InstitutionId, payer: &T::AccountId, order: Order) -> u32 {
		let receipt = Receipts::<T>::get(ReceiptKey::of(merchant, payer.clone(), order));
		receipt.map_or(0, |receipt| receipt.parts.len() as u32)
	}

	/// One whose time is over is back on the list, where it is among the next to be dropped.
	fn release_from_dispute(merchant: InstitutionId, payer: &T::AccountId, order: Order) {
		let key = ReceiptKey::of(merchant, payer.clone(), order);
		let Some(receipt) = Receipts::<T>::get(&key).filter(|receipt| receipt.disputed) else { return };
		if KeptReceipts::<T>::take(&key).is_some() {
			Self::list_closing(receipt.closes, &key);
		}
		Receipts::<T>::insert(key, Receipt { disputed: false, ..receipt });
	}

	/// Nothing if all was refunded. An error changes nothing.
	fn charge_back(
		merchant: InstitutionId,
		payer: &T::AccountId,
		order: Order,
	) -> Result<Money, DispatchError> {
		// Hooks call this too, and those are no transactions.
		with_storage_layer(|| Self::charge_back_parts(merchant, payer, order))
	}
}

/// Receipts whose time is over, by the moment at which they closed.
struct PastReceipts<T>(PhantomData<T>);

impl<T: Config> DueQueue for PastReceipts<T> {
	type Entry = (ClosingPage, ReceiptKey<T::AccountId>);
	type Item = Receipt;

	fn peek_weight(&self) -> Weight {
		T::WeightInfo::check_receipt()
	}

	/// The last one of the first page. Eras that became longer meanwhile are waited for.
	fn peek(&mut self) -> Option<Self::Entry> {
		let (closes, number, keys) = ReceiptClosings::<T>::iter().next()?;
		let page = ClosingPage { closes: Moment::from_be_bytes(closes), number: u64::from_be_bytes(number) };
		let is_due = page.closes <= T::DeadlineClock::now();
		let entry = (page, keys.last().filter(|_| is_due)?.clone());
		let can_still_come = self.load(&entry).is_some_and(|receipt| T::Eras::takes_orders(receipt.paid));
		(!can_still_come).then_some(entry)
	}

	/// `peek` weighs it.
	fn load_weight(&self) -> Weight {
		Weight::zero()
	}

	fn load(&self, (_, key): &Self::Entry) -> Option<Self::Item> {
		Receipts::<T>::get(key)
	}

	fn weigh(&self, receipt: &Self::Item) -> Weight {
		match receipt.disputed {
			true => T::WeightInfo::unlist_receipt(),
			false => T::WeightInfo::drop_receipt(receipt.parts.len() as u32),
		}
	}

	fn remove(&mut self, (page, key): &Self::Entry) {
		let ClosingPage { closes, number } = page;
		ReceiptClosings::<T>::mutate_exists(closes.to_be_bytes(), number.to_be_bytes(), |keys| {
			if let Some(all) = keys {
				all.retain(|listed| listed != key);
			}
			*keys = keys.take().filter(|all| !all.is_empty());
		});
	}

	fn serve(
		&mut self,
		(_, key): &Self::Entry,
		receipt: &mut Self::Item,
		_: &mut WeightMeter,
	) -> DispatchResult {
		if receipt.disputed {
			KeptReceipts::<T>::insert(key, ());
			return Ok(());
		}
		Pallet::<T>::collect(key.merchant, &receipt.parts)?;
		Receipts::<T>::remove(key);
		Ok(())
	}

	/// Its interchange is owed to the pot: so it closes later, and is tried again.
	fn failed(&mut self, (_, key): Self::Entry, _: Option<Self::Item>, _: DispatchError) {
		let again = T::DeadlineClock::now().saturating_add(RETRY);
		Receipts::<T>::mutate_extant(&key, |receipt| {
			receipt.closes = again;
			Pallet::<T>::list_closing(again, &key);
		});
		Pallet::<T>::report(PaymentInconsistency::Receipt { receipt: key });
	}
}
