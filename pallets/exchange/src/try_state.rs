//! One function per invariant of the module's docs, in their order.

use crate::pallet::*;
use frame_support::ensure;
use hanse_primitives::{Balance, EraIndex, Eras};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_receipts_add_up()?;
		Self::check_no_receipt_of_the_future()
	}

	fn check_receipts_add_up() -> Result<(), TryRuntimeError> {
		for receipt in Receipts::<T>::iter_values() {
			let paid: Balance = receipt.burns.iter().map(|burn| burn.value).sum();
			ensure!(paid == receipt.price, "what a receipt's points paid is not its price");
		}
		Ok(())
	}

	fn check_no_receipt_of_the_future() -> Result<(), TryRuntimeError> {
		for (era, ..) in Receipts::<T>::iter_keys() {
			ensure!(
				EraIndex::from_be_bytes(era) <= T::Eras::current(),
				"a receipt of an era that has not begun"
			);
		}
		Ok(())
	}
}
