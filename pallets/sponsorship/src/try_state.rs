//! One function per invariant of the module's docs, in their order.

use crate::pallet::*;
use frame_support::{ensure, traits::Time};
use hanse_primitives::{day_of, Balance};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_the_parts_of_a_budget()?;
		Self::invariant_2_no_day_of_the_future()
	}

	fn invariant_1_the_parts_of_a_budget() -> Result<(), TryRuntimeError> {
		for spent in Budgets::<T>::iter_values() {
			let vouched: Balance = spent.vouched.iter().map(|vouched| vouched.fees).sum();
			ensure!(
				spent.strangers.saturating_add(vouched) <= spent.all,
				"a part of a budget is more than all"
			);
			let times = |by| spent.vouched.iter().filter(|vouched| vouched.by == by).count();
			ensure!(spent.vouched.iter().all(|vouched| times(vouched.by) == 1), "a voucher is there twice");
		}
		Ok(())
	}

	fn invariant_2_no_day_of_the_future() -> Result<(), TryRuntimeError> {
		let today = day_of(T::Time::now());
		for spent in Budgets::<T>::iter_values() {
			ensure!(spent.day <= today, "spent on a day that has not come");
		}
		Ok(())
	}
}
