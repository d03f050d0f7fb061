//! Fees that institutions pay, in `pallet-balances`.

use crate::Purses;
use core::marker::PhantomData;
use frame_support::traits::{fungible::Balanced, Get};
use frame_system::Account;
use hanse_primitives::{math::excess, Balance};
use pallet_balances::AccountData;
use sp_runtime::{DispatchResult, TokenError};

/// The free balances of accounts, and `Pot`, where fees go and which always exists.
///
/// It writes the records itself, each once. The traits of `pallet-balances` read one five to ten times for a change,
/// mostly to find out whether the account begins or ends with it. Here it does neither: nothing is taken that keeps
/// an account, and nothing given to one that has ended.
pub struct BalancesPurse<T, Pot>(PhantomData<(T, Pot)>);

impl<T: pallet_balances::Config<Balance = Balance>, Pot> BalancesPurse<T, Pot> {
	/// What an account has left after `fee`, if it has that to spare.
	fn left(data: &AccountData<Balance>, fee: Balance) -> Option<Balance> {
		let least = T::ExistentialDeposit::get().max(excess(data.frozen, data.reserved));
		data.free.checked_sub(fee).filter(|left| *left >= least)
	}
}

impl<T, Pot> Purses<T::AccountId> for BalancesPurse<T, Pot>
where
	T: frame_system::Config<AccountData = AccountData<Balance>> + pallet_balances::Config<Balance = Balance>,
	Pot: Get<T::AccountId>,
{
	fn can_pay(account: &T::AccountId, fee: Balance) -> bool {
		Self::left(&Account::<T>::get(account).data, fee).is_some()
	}

	fn take(account: &T::AccountId, fee: Balance) -> DispatchResult {
		Account::<T>::try_mutate(account, |info| -> DispatchResult {
			info.data.free = Self::left(&info.data, fee).ok_or(TokenError::FundsUnavailable)?;
			Ok(())
		})?;
		pallet_balances::Pallet::<T>::done_withdraw(account, fee);
		Ok(())
	}

	fn settle(account: &T::AccountId, taken: Balance, due: Balance) {
		let back = excess(taken, due);
		let is_back = back > 0
			&& Account::<T>::mutate_exists(account, |info| {
				let keeps = |data: &AccountData<Balance>| data.free >= T::ExistentialDeposit::get();
				let Some(info) = info.as_mut().filter(|info| keeps(&info.data)) else { return false };
				info.data.free = info.data.free.saturating_add(back);
				true
			});
		let fee = if is_back { excess(taken, back) } else { taken };
		if fee > 0 {
			Account::<T>::mutate(Pot::get(), |pot| pot.data.free = pot.data.free.saturating_add(fee));
		}
	}
}
