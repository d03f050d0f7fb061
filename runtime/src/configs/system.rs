//! Accounts, blocks, and which calls are open.

use crate::{constants::*, *};
use frame_support::{
	derive_impl,
	dispatch::DispatchClass,
	parameter_types,
	traits::{Contains, InsideBoth},
	weights::{
		constants::{BlockExecutionWeight, WEIGHT_REF_TIME_PER_MILLIS},
		Weight,
	},
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{traits::Get, type_with_default::TypeWithDefault, Perbill};
use spin::LazyLock;

/// The share of a block that transactions may use; the rest is for operational calls. What hooks need comes first.
const NORMAL_RATIO: Perbill = Perbill::from_percent(85);

parameter_types! {
	pub const BlockHashCount: BlockNumber = BLOCK_HASH_COUNT;
	pub const CurrentVersion: RuntimeVersion = VERSION;
	/// Three quarters of a slot, so that whoever is behind catches up, however full blocks are. Authors end a block earlier where
	/// others would not have imported it before the next one starts (`node/src/proposer/pace.rs`).
	pub Weights: BlockWeights = LIMITS.clone();
	pub Length: BlockLength = BlockLength::builder()
		.max_length(5 * 1024 * 1024)
		.modify_max_length_for_class(DispatchClass::Normal, |length| {
			*length = NORMAL_RATIO * *length
		})
		.build();
}

/// Put together once, as FRAME asks for them several times for each transaction.
static LIMITS: LazyLock<BlockWeights> = LazyLock::new(|| {
	limits(Weight::from_parts(WEIGHT_REF_TIME_PER_MILLIS * SLOT_DURATION * 3 / 4, u64::MAX))
});

/// What is measured of any transaction.
pub trait BaseCosts {
	/// To read it, to verify its signature and to record what became of it.
	fn base_extrinsic() -> Weight;
}

/// The limits of the SDK's `with_sensible_defaults`, with the base of a transaction, and what a block itself takes of the
/// database, as they were measured here.
fn limits(most: Weight) -> BlockWeights {
	let base = <weights::Measured as BaseCosts>::base_extrinsic();
	let normal = NORMAL_RATIO * most;
	BlockWeights::builder()
		.base_block(BlockExecutionWeight::get().saturating_add(weights::Values::get()))
		.for_class(DispatchClass::all(), |class| class.base_extrinsic = base)
		.for_class(DispatchClass::Normal, |class| class.max_total = Some(normal))
		.for_class(DispatchClass::Operational, |class| {
			class.max_total = Some(most);
			class.reserved = Some(most.saturating_sub(normal));
		})
		.avg_block_initialization(Perbill::from_percent(10))
		.build_or_panic()
}

/// The nonce of an account that does not exist, so that one which was reaped and funded again does not take its
/// old transactions.
#[derive(Debug)]
pub struct DefaultNonce;
impl Get<u32> for DefaultNonce {
	fn get() -> u32 {
		Sponsorship::first_nonce()
	}
}

/// What signed accounts may call. Everything that is not named here is closed.
pub struct CallFilter;
impl Contains<RuntimeCall> for CallFilter {
	fn contains(call: &RuntimeCall) -> bool {
		match call {
			// Of the assets only what moves points from one holder to another: everything else could
			// change a supply behind the flow counters. Nothing to an account whose key was lost.
			RuntimeCall::Assets(
				pallet_assets::Call::transfer { target: to, .. }
				| pallet_assets::Call::transfer_keep_alive { target: to, .. }
				| pallet_assets::Call::transfer_all { dest: to, .. },
			) => !configs::sponsorship::is_lost(to),
			RuntimeCall::Assets(_) => false,
			// `burn` would make settlement units vanish.
			RuntimeCall::Balances(call) => matches!(
				call,
				pallet_balances::Call::transfer_allow_death { .. }
					| pallet_balances::Call::transfer_keep_alive { .. }
					| pallet_balances::Call::transfer_all { .. }
			),
			// A new runtime is taken from anybody, once the members have authorised its hash.
			RuntimeCall::System(call) => matches!(
				call,
				frame_system::Call::remark { .. }
					| frame_system::Call::remark_with_event { .. }
					| frame_system::Call::apply_authorized_upgrade { .. }
			),
			RuntimeCall::Alliance(call) => configs::motions::AllianceFilter::contains(call),
			// Keys go when an institution has gone: an authority without keys would be a gap in the set.
			RuntimeCall::Session(call) => matches!(call, pallet_session::Call::set_keys { .. }),
			// Reports of equivocations, but not `note_stalled`: that is the members' `restart_finality`.
			RuntimeCall::Grandpa(call) => matches!(
				call,
				pallet_grandpa::Call::report_equivocation { .. }
					| pallet_grandpa::Call::report_equivocation_unsigned { .. }
			),
			RuntimeCall::SafeMode(call) => matches!(
				call,
				pallet_safe_mode::Call::force_enter {}
					| pallet_safe_mode::Call::force_extend {}
					| pallet_safe_mode::Call::force_exit {}
			),
			// By the members' enactment alone, which comes as Root and past this filter.
			RuntimeCall::TxPause(_) => false,
			RuntimeCall::Timestamp(_)
			| RuntimeCall::Rulebook(_)
			| RuntimeCall::Institutions(_)
			| RuntimeCall::Authorities(_)
			| RuntimeCall::Clearing(_)
			| RuntimeCall::Points(_)
			| RuntimeCall::Exchange(_)
			| RuntimeCall::Customers(_)
			| RuntimeCall::Conduct(_)
			| RuntimeCall::Supervision(_)
			| RuntimeCall::Utility(_)
			| RuntimeCall::Multisig(_)
			| RuntimeCall::Proxy(_) => true,
		}
	}
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
	type AccountData = pallet_balances::AccountData<Balance>;
	type AccountId = AccountId;
	type BaseCallFilter = InsideBoth<CallFilter, InsideBoth<SafeMode, TxPause>>;
	type Block = Block;
	type BlockHashCount = BlockHashCount;
	type BlockLength = Length;
	type BlockWeights = Weights;
	type DbWeight = weights::Many;
	type ExtensionsWeightInfo = weights::Measured;
	type Hash = Hash;
	type Lookup = sp_runtime::traits::AccountIdLookup<AccountId, ()>;
	type MaxConsumers = frame_support::traits::ConstU32<16>;
	type Nonce = TypeWithDefault<u32, DefaultNonce>;
	type OnKilledAccount = Sponsorship;
	type SS58Prefix = frame_support::traits::ConstU16<42>;
	type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
	type Version = CurrentVersion;
}
