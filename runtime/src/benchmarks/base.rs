//! What is done around the call of any transaction, but for its extensions.

use super::{system as frame_system, world::*, Config};
use crate::*;
use alloc::vec::Vec;
use codec::{DecodeLimit, Encode};
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::GetDispatchInfo, pallet_prelude::TransactionValidityError, MAX_EXTRINSIC_DEPTH,
};
use sp_runtime::{
	generic::SignedPayload,
	traits::{Applyable, Checkable},
	transaction_validity::InvalidTransaction,
};

pub struct Pallet<T: Config>(PhantomData<T>);

/// A transaction without extensions.
type Bare = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, ()>;

/// The bytes of one that does nothing, signed with a key of the kind that takes longest to verify.
fn nothing() -> Prepared<Vec<u8>> {
	let (wallet, call) =
		(Wallet::new(1), || RuntimeCall::from(::frame_system::Call::remark { remark: Vec::new() }));
	let payload = SignedPayload::from_raw(call(), (), ());
	let signature = payload.using_encoded(|bytes| wallet.sign(bytes))?;
	Ok(Bare::new_signed(call(), wallet.account.into(), signature, ()).encode())
}

/// What `frame-executive` does with them.
fn apply(bytes: Vec<u8>) -> Result<(), TransactionValidityError> {
	let length = bytes.len();
	let transaction = Bare::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &bytes[..])
		.map_err(|_| InvalidTransaction::Call)?;
	let checked = transaction.check(&::frame_system::ChainContext::<Runtime>::default())?;
	let info = checked.get_dispatch_info();
	System::note_extrinsic(bytes);
	let applied = checked.apply::<Runtime>(&info, length)?;
	System::note_applied_extrinsic(&applied, info);
	Ok(())
}

#[benchmarks]
mod measured {
	use super::*;

	#[benchmark]
	fn base_extrinsic() -> Result<(), BenchmarkError> {
		begin()?;
		let bytes = nothing()?;
		let before = System::extrinsic_index();
		let once = || apply(bytes.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(System::extrinsic_index() > before, "it is counted")?;
		Ok(())
	}
}
