//! Receipts for others: what can be refunded, what is kept meanwhile, and what is paid back.

use crate::{pallet::*, types::*};
use frame_support::{ensure, storage::with_storage_layer};
use hanse_primitives::{Balance, Eras, InstitutionId, Order};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// A receipt, whether among all or set aside.
	pub(crate) fn find_receipt(key: &Key<T::AccountId>) -> Option<Receipt> {
		Receipts::<T>::get(key).or_else(|| KeptReceipts::<T>::get(key))
	}

	/// A receipt of which something can be taken back: its window is open, or it is kept.
	pub(crate) fn open_receipt(key: &Key<T::AccountId>) -> Result<Receipt, DispatchError> {
		let receipt = Self::find_receipt(key).ok_or(Error::<T>::NotFound)?;
		let is_open = receipt.kept || receipt.closes >= T::Eras::current();
		ensure!(is_open, Error::<T>::RefundWindowClosed);
		Ok(receipt)
	}

	/// Store a receipt that changed where it was.
	pub(crate) fn put_receipt(key: Key<T::AccountId>, receipt: Receipt) {
		if receipt.kept && KeptReceipts::<T>::contains_key(&key) {
			KeptReceipts::<T>::insert(key, receipt);
		} else {
			Receipts::<T>::insert(key, receipt);
		}
	}
}

impl<T: Config> hanse_primitives::Receipts<T::AccountId> for Pallet<T> {
	/// Of one that is kept as of any other: nothing once its window has closed.
	fn refundable(merchant: InstitutionId, payer: &T::AccountId, order: Order) -> Option<Balance> {
		// All that are set aside are closed.
		Receipts::<T>::get(key_of(merchant, payer.clone(), order))
			.filter(|receipt| receipt.closes >= T::Eras::current())
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

	/// One whose window has closed is back among all, where it is among the next to be dropped.
	fn let_go(merchant: InstitutionId, payer: &T::AccountId, order: Order) {
		let key = key_of(merchant, payer.clone(), order);
		let receipt = KeptReceipts::<T>::take(&key).or_else(|| Receipts::<T>::get(&key));
		if let Some(receipt) = receipt.filter(|receipt| receipt.kept) {
			Receipts::<T>::insert(key, Receipt { kept: false, ..receipt });
		}
	}

	/// Nothing if all was refunded. An error changes nothing.
	fn pay_back(
		merchant: InstitutionId,
		payer: &T::AccountId,
		order: Order,
	) -> Result<Balance, DispatchError> {
		let left = Self::open_receipt(&key_of(merchant, payer.clone(), order))?.left();
		if left > 0 {
			// Hooks call this too, and those are no transactions.
			with_storage_layer(|| Self::do_refund(merchant, payer.clone(), order, left))?;
		}
		Ok(left)
	}
}
