//! The pallet as the runtime's `OnChargeTransaction`.

use crate::{pallet::*, types::*};
use hanse_primitives::Balance;
use pallet_transaction_payment::{OnChargeTransaction, TxCreditHold};
use sp_runtime::{
	traits::{DispatchInfoOf, PostDispatchInfoOf},
	transaction_validity::TransactionValidityError,
};

type CallOf<T> = <T as frame_system::Config>::RuntimeCall;
type CreditOf<T> = <<T as Config>::Fees as OnChargeTransaction<T>>::LiquidityInfo;

impl<T: Config> TxCreditHold<T> for Pallet<T> {
	type Credit = <T::Fees as TxCreditHold<T>>::Credit;
}

impl<T: Config> OnChargeTransaction<T> for Pallet<T> {
	type Balance = Balance;
	type LiquidityInfo = Withdrawn<T::AccountId, CreditOf<T>>;

	fn can_withdraw_fee(
		who: &T::AccountId,
		call: &CallOf<T>,
		info: &DispatchInfoOf<CallOf<T>>,
		fee_with_tip: Balance,
		tip: Balance,
	) -> Result<(), TransactionValidityError> {
		Self::ensure_never_again(who)?;
		let payer = Self::decide(who, call, info, fee_with_tip.saturating_sub(tip));
		T::Fees::can_withdraw_fee(who, call, info, share_of_signer(&payer, fee_with_tip, tip), tip)
	}

	fn withdraw_fee(
		who: &T::AccountId,
		call: &CallOf<T>,
		info: &DispatchInfoOf<CallOf<T>>,
		fee_with_tip: Balance,
		tip: Balance,
	) -> Result<Self::LiquidityInfo, TransactionValidityError> {
		let fee = fee_with_tip.saturating_sub(tip);
		let payer = Self::decide(who, call, info, fee);
		let of_signer =
			T::Fees::withdraw_fee(who, call, info, share_of_signer(&payer, fee_with_tip, tip), tip)?;
		let mut of_sponsor = CreditOf::<T>::default();
		if let Payer::Sponsor(taken) = &payer {
			of_sponsor = T::Fees::withdraw_fee(&taken.account, call, info, fee, 0)?;
			Self::count(taken, fee);
		}
		Ok(Withdrawn { payer, fee, of_sponsor, of_signer })
	}

	/// Never fails, since that would make the block invalid.
	fn correct_and_deposit_fee(
		who: &T::AccountId,
		info: &DispatchInfoOf<CallOf<T>>,
		post_info: &PostDispatchInfoOf<CallOf<T>>,
		corrected_fee_with_tip: Balance,
		tip: Balance,
		withdrawn: Self::LiquidityInfo,
	) -> Result<(), TransactionValidityError> {
		let Withdrawn { payer, fee: declared, of_sponsor, of_signer } = withdrawn;
		if let Payer::Sponsor(taken) = &payer {
			// First, since what was withdrawn as the fee is the sponsor's alone.
			let fee = corrected_fee_with_tip.saturating_sub(tip);
			T::Fees::correct_and_deposit_fee(&taken.account, info, post_info, fee, 0, of_sponsor)?;
			Self::uncount(taken, declared.saturating_sub(fee));
			Self::deposit_event(Event::FeeSponsored { sponsor: taken.sponsor, customer: who.clone(), fee });
		}
		let share = share_of_signer(&payer, corrected_fee_with_tip, tip);
		T::Fees::correct_and_deposit_fee(who, info, post_info, share, tip, of_signer)
	}
}

/// What the signer's own balance pays: all of it, or the tip alone.
fn share_of_signer<AccountId>(payer: &Payer<AccountId>, fee_with_tip: Balance, tip: Balance) -> Balance {
	match payer {
		Payer::Signer => fee_with_tip,
		Payer::Nobody | Payer::Sponsor(_) => tip,
	}
}
