//! The transaction extension in the place of the one that wallets know.

use crate::{pallet::*, types::*};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::fmt::{Debug, Formatter};
use frame_support::{
	dispatch::{DispatchClass, DispatchInfo, PostDispatchInfo},
	pallet_prelude::{
		InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction, Weight,
	},
};
use hanse_primitives::Balance;
use pallet_transaction_payment::{
	ChargeTransactionPayment, Config as PaymentConfig, OnChargeTransaction, WeightInfo,
};
use scale_info::{Type, TypeInfo};
use sp_runtime::{
	traits::{Dispatchable, SaturatedConversion, TransactionExtension},
	DispatchResult,
};

type CallOf<T> = <T as frame_system::Config>::RuntimeCall;
type OriginOf<T> = <CallOf<T> as Dispatchable>::RuntimeOrigin;
type CreditOf<T> = <<T as Config>::Fees as OnChargeTransaction<T>>::LiquidityInfo;

/// `ChargeTransactionPayment` to everybody outside: the same name, the same bytes and the same type in the
/// metadata. Inside, the fee is charged to whom it is due, and customers come first.
#[derive(Clone, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq)]
pub struct ChargeFee<T: Config>(ChargeTransactionPayment<T>);

/// One that offers this tip, in settlement micro-units.
impl<T: Config> From<ChargeTransactionPayment<T>> for ChargeFee<T> {
	fn from(stock: ChargeTransactionPayment<T>) -> Self {
		Self(stock)
	}
}

impl<T: Config> TypeInfo for ChargeFee<T> {
	type Identity = ChargeTransactionPayment<T>;

	fn type_info() -> Type {
		ChargeTransactionPayment::<T>::type_info()
	}
}

impl<T: Config> Debug for ChargeFee<T> {
	fn fmt(&self, formatter: &mut Formatter) -> core::fmt::Result {
		self.0.fmt(formatter)
	}
}

/// What was withdrawn before a transaction ran.
pub struct WithdrawnFee<T: Config> {
	charge: FeeCharge<T::AccountId>,
	tip: Balance,
	/// What is held of the signer's payment: fee and tip, or the tip alone.
	of_signer: CreditOf<T>,
}

impl<T: Config> ChargeFee<T> {
	fn tip(&self) -> Balance {
		self.0.tip().saturated_into()
	}
}

/// What the signer's own balance pays of `fee`, beside the tip.
fn share_of_signer<AccountId>(payer: &Payer<AccountId>, fee: Balance) -> Balance {
	match payer {
		Payer::Signer(_) => fee,
		Payer::Nobody | Payer::Sponsor(_) => 0,
	}
}

impl<T: Config> TransactionExtension<CallOf<T>> for ChargeFee<T> {
	const IDENTIFIER: &'static str = "ChargeTransactionPayment";
	type Implicit = ();
	type Pre = Option<WithdrawnFee<T>>;
	type Val = Option<FeeCharge<T::AccountId>>;

	fn weight(&self, _: &CallOf<T>) -> Weight {
		<T as PaymentConfig>::WeightInfo::charge_transaction_payment()
	}

	fn validate(
		&self,
		origin: OriginOf<T>,
		call: &CallOf<T>,
		info: &DispatchInfo,
		len: usize,
		_: (),
		_: &impl Encode,
		_: TransactionSource,
	) -> Result<(ValidTransaction, Self::Val, OriginOf<T>), TransactionValidityError> {
		let Ok(who) = frame_system::ensure_signed(origin.clone()) else {
			return Ok((ValidTransaction::default(), None, origin));
		};
		let charge = Pallet::<T>::charge(&who, call, info, len)?;
		let tip = self.tip();
		let due = share_of_signer(&charge.payer, charge.fee).saturating_add(tip);
		T::Fees::can_withdraw_fee(&who, call, info, due, tip)?;
		// Of a class that pays no virtual tip: what seems urgent is not, and what is has a lane of its own.
		let plain = DispatchInfo { class: DispatchClass::Normal, ..*info };
		let priority = ChargeTransactionPayment::<T>::get_priority(&plain, len, self.0.tip(), self.0.tip());
		let valid = ValidTransaction { priority: charge.lane.raise(priority), ..Default::default() };
		Ok((valid, Some(charge), origin))
	}

	fn prepare(
		self,
		charge: Self::Val,
		_: &OriginOf<T>,
		call: &CallOf<T>,
		info: &DispatchInfo,
		len: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		let Some(charge) = charge else { return Ok(None) };
		Pallet::<T>::reserve_space(charge.lane, info, len)?;
		if let Lane::Members | Lane::Governance = charge.lane {
			T::MemberCalls::note_activity(&charge.who, call);
		}
		let tip = self.tip();
		let due = share_of_signer(&charge.payer, charge.fee).saturating_add(tip);
		let of_signer = T::Fees::withdraw_fee(&charge.who, call, info, due, tip)?;
		if let Payer::Sponsor(taken) = &charge.payer {
			Pallet::<T>::take(taken, charge.fee).map_err(|_| InvalidTransaction::Payment)?;
		}
		Ok(Some(WithdrawnFee { charge, tip, of_signer }))
	}

	/// Never fails, since that would make the block invalid.
	fn post_dispatch_details(
		pre: Self::Pre,
		info: &DispatchInfo,
		post_info: &PostDispatchInfo,
		len: usize,
		_: &DispatchResult,
	) -> Result<Weight, TransactionValidityError> {
		let Some(WithdrawnFee { charge, tip, of_signer }) = pre else {
			return Ok(<T as PaymentConfig>::WeightInfo::charge_transaction_payment());
		};
		let FeeCharge { who, payer, lane, fee: declared } = charge;
		let weight = post_info.calc_actual_weight(info);
		Pallet::<T>::release_space(lane, info.total_weight().saturating_sub(weight).ref_time());
		let multiplier = Pallet::<T>::multiplier(lane);
		let fee = Pallet::<T>::fee(info, len, weight, post_info.pays_fee(info), multiplier);
		let withdrawn = share_of_signer(&payer, declared).saturating_add(tip);
		if withdrawn > 0 {
			let due = share_of_signer(&payer, fee).saturating_add(tip);
			T::Fees::correct_and_deposit_fee(&who, info, post_info, due, tip, of_signer)?;
		}
		if let Payer::Sponsor(taken) = payer {
			Pallet::<T>::settle(taken, who.clone(), declared, fee);
		}
		let paid = fee.saturating_add(tip).saturated_into();
		pallet_transaction_payment::Pallet::<T>::deposit_fee_paid_event(who, paid, tip.saturated_into());
		Ok(Weight::zero())
	}
}
