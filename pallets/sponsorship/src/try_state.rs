//! One function per invariant of the module's docs, in their order.

use crate::pallet::*;
use frame_support::{ensure, traits::Time};
use hanse_primitives::DAY;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_strangers_are_part_of_all()?;
		Self::check_no_day_of_the_future()
	}

	fn check_strangers_are_part_of_all() -> Result<(), TryRuntimeError> {
		for spent in Budgets::<T>::iter_values() {
			ensure!(spent.strangers <= spent.all, "strangers took more of a budget than was taken");
		}
		Ok(())
	}

	fn check_no_day_of_the_future() -> Result<(), TryRuntimeError> {
		let today = T::Time::now() / DAY;
		for spent in Budgets::<T>::iter_values() {
			ensure!(u64::from(spent.day) <= today, "spent on a day that has not come");
		}
		Ok(())
	}
}
