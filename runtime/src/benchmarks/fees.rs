//! Charging for a transaction.

use super::{system as frame_system, world::*, Config};
use crate::*;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::{GetDispatchInfo, PostDispatchInfo},
	pallet_prelude::TransactionSource,
};
use hanse_primitives::asset_id;
use pallet_sponsorship::{ChargeFee, Offers};
use pallet_transaction_payment::ChargeTransactionPayment;
use sp_runtime::traits::{TransactionExtension, TxBaseImplication};

pub struct Pallet<T: Config>(PhantomData<T>);

/// Finds out who pays, which the extension does for every transaction. What it reads of what a call moves is measured
/// with that call.
pub fn decide(who: &AccountId, call: &RuntimeCall) {
	let _ = <Runtime as pallet_sponsorship::Config>::Offers::offer(who, call);
}

#[benchmarks]
mod measured {
	use super::*;

	/// What an institution sponsors, for a customer of another one.
	#[benchmark]
	fn charge_transaction_payment() -> Result<(), BenchmarkError> {
		begin()?;
		let customer = Wallet::new(1);
		customer.register(MERCHANT, 1)?;
		signs(&customer.account);
		let program = holdings(&[ISSUER], &[customer.account.clone()], 10)?[0];
		let vintage = asset_id(program, 6);
		// What is moved is counted with each call that moves it.
		leave_out(pallet_assets::Asset::<Runtime>::hashed_key_for(vintage));
		leave_out(pallet_assets::Account::<Runtime>::hashed_key_for(vintage, &customer.account));
		let call: RuntimeCall = pallet_assets::Call::transfer {
			id: codec::Compact(vintage),
			target: stranger(1).into(),
			amount: 5,
		}
		.into();
		let extension: ChargeFee<Runtime> = ChargeTransactionPayment::<Runtime>::from(0).into();
		let (info, len, who) =
			(call.get_dispatch_info(), 200, RuntimeOrigin::signed(customer.account.clone()));
		let implication = TxBaseImplication(());
		let post = PostDispatchInfo { actual_weight: Some(info.call_weight / 2), pays_fee: info.pays_fee };
		let once = || {
			let (extension, who) = (extension.clone(), who.clone());
			let (_, charge, origin) =
				extension.validate(who, &call, &info, len, (), &implication, TransactionSource::InBlock)?;
			let paid = extension.prepare(charge, &origin, &call, &info, len)?;
			ChargeFee::<Runtime>::post_dispatch_details(paid, &info, &post, len, &Ok(()))
		};
		warm(&once);
		#[block]
		{
			once()?;
		}
		let spent = Sponsorship::spent_today(ISSUER);
		ensure(spent.all > 0, "its sponsor paid")?;
		Ok(())
	}
}
