//! Accounts, blocks, and keys inside an institution.

use crate::{constants::*, *};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	derive_impl, parameter_types,
	traits::{Contains, InstanceFilter},
	weights::{
		constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_MILLIS},
		Weight,
	},
};
use frame_system::limits::{BlockLength, BlockWeights};
use scale_info::TypeInfo;
use sp_runtime::{traits::Get, type_with_default::TypeWithDefault, Perbill};

/// The share of a block that transactions may use; the rest is for hooks and operational calls.
const NORMAL_RATIO: Perbill = Perbill::from_percent(75);

parameter_types! {
	pub const BlockHashCount: BlockNumber = BLOCK_HASH_COUNT;
	pub const Version: RuntimeVersion = VERSION;
	/// 60 % of a slot, so that a block is through the network before the next one starts.
	pub Weights: BlockWeights = BlockWeights::with_sensible_defaults(
		Weight::from_parts(WEIGHT_REF_TIME_PER_MILLIS * SLOT_DURATION * 6 / 10, u64::MAX),
		NORMAL_RATIO,
	);
	pub Length: BlockLength = BlockLength::builder()
		.max_length(5 * 1024 * 1024)
		.modify_max_length_for_class(frame_support::dispatch::DispatchClass::Normal, |length| {
			*length = NORMAL_RATIO * *length
		})
		.build();
}

/// The nonce of an account that does not exist is the block number, so that an account which was
/// reaped and funded again does not take its old transactions.
#[derive(Debug)]
pub struct FirstNonce;
impl Get<u32> for FirstNonce {
	fn get() -> u32 {
		System::block_number()
	}
}

/// What signed accounts may call. Everything that is not named here is closed.
pub struct CallFilter;
impl Contains<RuntimeCall> for CallFilter {
	fn contains(call: &RuntimeCall) -> bool {
		match call {
			// Of the assets only what moves points from one holder to another: everything else could
			// change a supply behind the flow counters.
			RuntimeCall::Assets(call) => matches!(
				call,
				pallet_assets::Call::transfer { .. }
					| pallet_assets::Call::transfer_keep_alive { .. }
					| pallet_assets::Call::transfer_all { .. }
			),
			// `burn` would make settlement units vanish.
			RuntimeCall::Balances(call) => matches!(
				call,
				pallet_balances::Call::transfer_allow_death { .. }
					| pallet_balances::Call::transfer_keep_alive { .. }
					| pallet_balances::Call::transfer_all { .. }
			),
			RuntimeCall::System(call) => {
				matches!(
					call,
					frame_system::Call::remark { .. } | frame_system::Call::remark_with_event { .. }
				)
			},
			RuntimeCall::Timestamp(_)
			| RuntimeCall::Grandpa(_)
			| RuntimeCall::Clearing(_)
			| RuntimeCall::Points(_)
			| RuntimeCall::Exchange(_)
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
	type BaseCallFilter = CallFilter;
	type Block = Block;
	type BlockHashCount = BlockHashCount;
	type BlockLength = Length;
	type BlockWeights = Weights;
	type DbWeight = ParityDbWeight;
	type Hash = Hash;
	type Lookup = sp_runtime::traits::AccountIdLookup<AccountId, ()>;
	type MaxConsumers = frame_support::traits::ConstU32<16>;
	type Nonce = TypeWithDefault<u32, FirstNonce>;
	type SS58Prefix = frame_support::traits::ConstU16<42>;
	type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
	type Version = Version;
}

impl pallet_utility::Config for Runtime {
	type PalletsOrigin = OriginCaller;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
	/// One stored item, and each of its bytes.
	pub const ItemDeposit: Balance = 10 * CENT;
	pub const AccountDeposit: Balance = CENT;
}

impl pallet_multisig::Config for Runtime {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type DepositBase = ItemDeposit;
	type DepositFactor = AccountDeposit;
	type MaxSignatories = frame_support::traits::ConstU32<32>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
}

/// What a delegate may do for an account.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Default,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub enum ProxyType {
	/// Everything. The default, since pallet-proxy gives the default type rights of its own.
	#[default]
	Any,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, _: &RuntimeCall) -> bool {
		match self {
			ProxyType::Any => true,
		}
	}
}

impl pallet_proxy::Config for Runtime {
	type AnnouncementDepositBase = ItemDeposit;
	type AnnouncementDepositFactor = AccountDeposit;
	type BlockNumberProvider = System;
	type CallHasher = BlakeTwo256;
	type Currency = Balances;
	type MaxPending = frame_support::traits::ConstU32<32>;
	type MaxProxies = frame_support::traits::ConstU32<32>;
	type ProxyDepositBase = ItemDeposit;
	type ProxyDepositFactor = AccountDeposit;
	type ProxyType = ProxyType;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
}
