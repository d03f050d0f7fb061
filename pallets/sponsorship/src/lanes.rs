//! Customers first: where a transaction stands in the pool, and what of a block it may use.

use crate::{pallet::*, types::*};
use frame_support::{
	dispatch::{DispatchClass, DispatchInfo},
	storage::unhashed,
	traits::Get,
};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	Perbill, Saturating,
};

/// What the lanes that are limited use of this block, beside the other things that live for one block only.
const IN_BLOCK: &[u8] = b":hanse_lanes";

impl<T: Config> Pallet<T> {
	/// What the lanes that are limited use of this block so far.
	pub fn used() -> LaneUsage {
		unhashed::get_or_default(IN_BLOCK)
	}

	/// The block is over.
	pub(crate) fn clear_block() {
		unhashed::kill(IN_BLOCK);
	}

	/// Where `call` signed by `who` stands. Fails for what only seems operational: nobody but members uses the part
	/// of a block that is kept for that.
	pub(crate) fn lane(
		who: &T::AccountId,
		call: &<T as frame_system::Config>::RuntimeCall,
		class: DispatchClass,
		payer: &Payer<T::AccountId>,
	) -> Result<Lane, TransactionValidityError> {
		Ok(match payer {
			_ if class == DispatchClass::Operational => {
				if T::MemberCalls::is_governance_call(who, call) {
					Lane::Governance
				} else if T::MemberCalls::is_member_call(who, call) {
					Lane::Members
				} else {
					return Err(InvalidTransaction::Call.into());
				}
			},
			Payer::Nobody | Payer::Sponsor(_) => Lane::Customers,
			Payer::Signer(_) if T::MemberCalls::is_member_call(who, call) => Lane::Members,
			Payer::Signer(_) => Lane::Open,
		})
	}

	/// Fails for what would not even fit into an empty block.
	pub(crate) fn ensure_fits(
		lane: Lane,
		info: &DispatchInfo,
		len: usize,
	) -> Result<(), TransactionValidityError> {
		let fits = Self::after(LaneUsage::default(), lane, Self::share(info, len)).is_some();
		fits.then_some(()).ok_or_else(|| InvalidTransaction::ExhaustsResources.into())
	}

	/// Take the place of a transaction in this block, or fail for now if there is none.
	pub(crate) fn reserve_space(
		lane: Lane,
		info: &DispatchInfo,
		len: usize,
	) -> Result<(), TransactionValidityError> {
		if lane >= Lane::Customers {
			return Ok(());
		}
		let used = Self::after(Self::used(), lane, Self::share(info, len))
			.ok_or(InvalidTransaction::ExhaustsResources)?;
		unhashed::put(IN_BLOCK, &used);
		Ok(())
	}

	/// Computation that a transaction declared and did not need.
	pub(crate) fn release_space(lane: Lane, unspent: u64) {
		if lane >= Lane::Customers || unspent == 0 {
			return;
		}
		let mut used = Self::used();
		used.all.time.saturating_reduce(unspent);
		if lane == Lane::Open {
			used.open.time.saturating_reduce(unspent);
		}
		unhashed::put(IN_BLOCK, &used);
	}

	fn share(info: &DispatchInfo, len: usize) -> BlockShare {
		let base = T::BlockWeights::get().get(info.class).base_extrinsic;
		let time = info.total_weight().saturating_add(base).ref_time();
		BlockShare { time, length: u32::try_from(len).unwrap_or(u32::MAX) }
	}

	/// What is used after a transaction, if it may use that much.
	fn after(used: LaneUsage, lane: Lane, more: BlockShare) -> Option<LaneUsage> {
		let all = used.all.plus(more);
		match lane {
			Lane::Open => {
				let open = used.open.plus(more);
				let fits =
					open.fits(Self::most(T::OpenShare::get())) && all.fits(Self::most(T::MemberShare::get()));
				fits.then_some(LaneUsage { open, all })
			},
			Lane::Members => all.fits(Self::most(T::MemberShare::get())).then_some(LaneUsage { all, ..used }),
			Lane::Customers | Lane::Governance => Some(used),
		}
	}

	/// A part of what transactions may use of a block.
	fn most(part: Perbill) -> BlockShare {
		let weights = T::BlockWeights::get();
		let time = weights.get(DispatchClass::Normal).max_total.unwrap_or(weights.max_block).ref_time();
		let length = *T::BlockLength::get().max.get(DispatchClass::Normal);
		BlockShare { time: part * time, length: part * length }
	}
}
