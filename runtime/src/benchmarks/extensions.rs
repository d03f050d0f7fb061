//! What the SDK's extensions check before and after any call; each is measured with a call that does nothing. What
//! charges for the call is in [`super::fees`].

use super::{system as frame_system, world::*, Config};
use crate::*;
use ::frame_system::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::{GetDispatchInfo, PostDispatchInfo},
	pallet_prelude::{TransactionSource, TransactionValidityError},
};
use sp_runtime::{
	generic::Era,
	traits::{TransactionExtension, TxBaseImplication},
};

pub struct Pallet<T: Config>(PhantomData<T>);

/// A customer who signs.
fn customer() -> Prepared<AccountId> {
	begin()?;
	let wallet = Wallet::new(1);
	wallet.register(1, 1)?;
	Ok(wallet.account)
}

/// One extension, before and after the call of `by`.
fn run<E: TransactionExtension<RuntimeCall>>(
	extension: E,
	by: AccountId,
) -> Result<(), TransactionValidityError> {
	let call: RuntimeCall = ::frame_system::Call::remark { remark: Vec::new() }.into();
	let (info, length) = (call.get_dispatch_info(), 100);
	let (origin, implicit) = (RuntimeOrigin::signed(by), extension.implicit()?);
	let (_, value, origin) = extension.validate(
		origin,
		&call,
		&info,
		length,
		implicit,
		&TxBaseImplication(()),
		TransactionSource::InBlock,
	)?;
	let prepared = extension.prepare(value, &origin, &call, &info, length)?;
	let mut post = PostDispatchInfo { actual_weight: Some(info.call_weight / 2), pays_fee: info.pays_fee };
	E::post_dispatch(prepared, &info, &mut post, length, &Ok(()))
}

#[benchmarks]
mod measured {
	use super::*;

	#[benchmark]
	fn check_genesis() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let once = || run(CheckGenesis::<Runtime>::new(), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		Ok(())
	}

	#[benchmark]
	fn check_mortality_mortal_transaction() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let once = || run(CheckMortality::<Runtime>::from(Era::mortal(64, 0)), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		Ok(())
	}

	#[benchmark]
	fn check_mortality_immortal_transaction() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let once = || run(CheckMortality::<Runtime>::from(Era::Immortal), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		Ok(())
	}

	#[benchmark]
	fn check_non_zero_sender() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let once = || run(CheckNonZeroSender::<Runtime>::new(), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		Ok(())
	}

	#[benchmark]
	fn check_nonce() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let nonce = System::account_nonce(&by);
		let once = || run(CheckNonce::<Runtime>::from(nonce), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(System::account_nonce(&by) > nonce, "it is used")?;
		Ok(())
	}

	#[benchmark]
	fn check_spec_version() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let once = || run(CheckSpecVersion::<Runtime>::new(), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		Ok(())
	}

	#[benchmark]
	fn check_tx_version() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let once = || run(CheckTxVersion::<Runtime>::new(), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		Ok(())
	}

	#[benchmark]
	fn check_weight() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let before = System::block_weight().total();
		let once = || run(CheckWeight::<Runtime>::new(), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(System::block_weight().total() != before, "it is counted")?;
		Ok(())
	}

	#[benchmark]
	fn weight_reclaim() -> Result<(), BenchmarkError> {
		let by = customer()?;
		let once = || run(WeightReclaim::<Runtime>::new(), by.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		Ok(())
	}
}
