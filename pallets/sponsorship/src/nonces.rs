//! Nothing is taken twice after an account was emptied and funded again.

use crate::pallet::*;
use frame_support::traits::OnKilledAccount;
use sp_runtime::traits::SaturatedConversion;

impl<T: Config> Pallet<T> {
	/// The nonce of an account that comes into being now.
	pub fn first_nonce() -> u32 {
		let block: u32 = frame_system::Pallet::<T>::block_number().saturated_into();
		block.max(FirstNonce::<T>::get())
	}
}

/// The account is still there while it is killed, and with it its nonce. One that is not above the block number
/// needs no place: the block number never falls.
impl<T: Config> OnKilledAccount<T::AccountId> for Pallet<T> {
	fn on_killed_account(who: &T::AccountId) {
		let nonce: u32 = frame_system::Pallet::<T>::account_nonce(who).saturated_into();
		let block: u32 = frame_system::Pallet::<T>::block_number().saturated_into();
		if nonce > block && nonce > FirstNonce::<T>::get() {
			FirstNonce::<T>::put(nonce);
		}
	}
}
