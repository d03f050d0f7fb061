//! What the hooks of all pallets may take of a block, and in which order they take it.
//!
//! Work that has become due (settlements, expiries, awards that mature, authorisations, complaints, the end of an
//! era) is done in `on_poll`, in pieces. All pieces of a block together take at most [`HOOKS_SHARE`] of it, so that
//! no agenda, however full, keeps customers from spending. Each block another pallet is asked first, so that none
//! starves the others for ever: whatever fits the share is done within as many blocks as there are pallets.

use crate::*;
use frame_executive::OnInitializeWithWeightRegistration;
use frame_support::{
	traits::{
		BeforeAllRuntimeMigrations, OffchainWorker, OnFinalize, OnIdle, OnPoll, OnRuntimeUpgrade,
		PalletInfoAccess,
	},
	weights::{Weight, WeightMeter},
};
use frame_system::limits::BlockWeights;
use sp_runtime::Perbill;

/// The share of a block that hooks take at most, the end of a session apart: what the largest settlement needs to
/// be booked within five blocks.
pub const HOOKS_SHARE: Perbill = Perbill::from_percent(45);

/// What hooks take of a block at most.
pub fn most() -> Weight {
	let BlockWeights { max_block, .. } = <Runtime as frame_system::Config>::BlockWeights::get();
	Weight::from_parts(HOOKS_SHARE * max_block.ref_time(), HOOKS_SHARE * max_block.proof_size())
}

macro_rules! polled {
	($($pallet:ident),*) => {
		/// Every pallet that has work which becomes due.
		const POLLED: &[fn(BlockNumber, &mut WeightMeter)] = &[$( <$pallet as OnPoll<BlockNumber>>::on_poll ),*];

		/// Their names.
		pub fn polled() -> impl Iterator<Item = &'static str> {
			[$( <$pallet as PalletInfoAccess>::name() ),*].into_iter()
		}
	};
}

// Those that are asked before the rulebook in most blocks are those right before it: the end of an era, which it
// calls, is long and nobody waits for it; a settlement is long too, and everybody does.
polled!(Institutions, Points, Exchange, Conduct, Supervision, Clearing, Rulebook);

/// All pallets, as the executive runs their hooks: as they are, but for `on_poll`.
pub struct MeteredHooks;

impl OnPoll<BlockNumber> for MeteredHooks {
	fn on_poll(number: BlockNumber, meter: &mut WeightMeter) {
		let mut hooks = WeightMeter::with_limit(meter.remaining().min(most()));
		let (later, sooner) = POLLED.split_at(number as usize % POLLED.len());
		for poll in sooner.iter().chain(later) {
			poll(number, &mut hooks);
		}
		meter.consume(hooks.consumed());
	}
}

impl OnInitializeWithWeightRegistration<Runtime> for MeteredHooks {
	fn on_initialize_with_weight_registration(number: BlockNumber) -> Weight {
		<AllPalletsWithSystem as OnInitializeWithWeightRegistration<Runtime>>::on_initialize_with_weight_registration(number)
	}
}

impl OnIdle<BlockNumber> for MeteredHooks {
	fn on_idle(number: BlockNumber, remaining: Weight) -> Weight {
		<AllPalletsWithSystem as OnIdle<BlockNumber>>::on_idle(number, remaining)
	}
}

impl OnFinalize<BlockNumber> for MeteredHooks {
	fn on_finalize(number: BlockNumber) {
		<AllPalletsWithSystem as OnFinalize<BlockNumber>>::on_finalize(number)
	}
}

impl OffchainWorker<BlockNumber> for MeteredHooks {
	fn offchain_worker(number: BlockNumber) {
		<AllPalletsWithSystem as OffchainWorker<BlockNumber>>::offchain_worker(number)
	}
}

impl OnRuntimeUpgrade for MeteredHooks {
	fn on_runtime_upgrade() -> Weight {
		<AllPalletsWithSystem as OnRuntimeUpgrade>::on_runtime_upgrade()
	}
}

impl BeforeAllRuntimeMigrations for MeteredHooks {
	fn before_all_runtime_migrations() -> Weight {
		<AllPalletsWithSystem as BeforeAllRuntimeMigrations>::before_all_runtime_migrations()
	}
}

#[cfg(feature = "try-runtime")]
impl frame_support::traits::TryState<BlockNumber> for MeteredHooks {
	fn try_state(
		number: BlockNumber,
		targets: frame_support::traits::TryStateSelect,
	) -> Result<(), sp_runtime::TryRuntimeError> {
		<AllPalletsWithSystem as frame_support::traits::TryState<BlockNumber>>::try_state(number, targets)
	}
}

#[cfg(feature = "try-runtime")]
impl frame_support::traits::TryDecodeEntireStorage for MeteredHooks {
	fn try_decode_entire_state() -> Result<usize, Vec<frame_support::traits::TryDecodeEntireStorageError>> {
		<AllPalletsWithSystem as frame_support::traits::TryDecodeEntireStorage>::try_decode_entire_state()
	}
}
