//! Settlement units, fees, and the assets that vintages are.

use crate::{constants::*, *};
use frame_support::{
	parameter_types,
	traits::{
		tokens::imbalance::ResolveTo, AsEnsureOriginWithArg, ConstU128, ConstU32, ConstU8, NeverEnsureOrigin,
	},
	weights::{ConstantMultiplier, Weight, WeightToFee},
};
use pallet_transaction_payment::{ConstFeeMultiplier, Multiplier};
use sp_runtime::traits::{AccountIdConversion, One};

parameter_types! {
	/// Where fees, tips and dust go. Endowed at genesis, so that it can always receive.
	pub PotAccount: AccountId = POT_PALLET_ID.into_account_truncating();
	pub FeeMultiplier: Multiplier = Multiplier::one();
}

impl pallet_balances::Config for Runtime {
	type AccountStore = System;
	type Balance = Balance;
	type DoneSlashHandler = ();
	type DustRemoval = ResolveTo<PotAccount, Balances>;
	type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxFreezes = ConstU32<0>;
	type MaxLocks = ConstU32<0>;
	type MaxReserves = ConstU32<0>;
	type ReserveIdentifier = [u8; 8];
	type RuntimeEvent = RuntimeEvent;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
}

/// One settlement unit for a second of computation, rounded up.
pub struct FeePerWeight;
impl WeightToFee for FeePerWeight {
	type Balance = Balance;

	fn weight_to_fee(weight: &Weight) -> Balance {
		const PICOSECONDS_PER_MICRO_UNIT: u64 = 1_000_000;
		weight.ref_time().div_ceil(PICOSECONDS_PER_MICRO_UNIT).into()
	}
}

impl pallet_transaction_payment::Config for Runtime {
	type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
	/// One micro-unit a byte.
	type LengthToFee = ConstantMultiplier<Balance, ConstU128<1>>;
	type OnChargeTransaction = Sponsorship;
	type OperationalFeeMultiplier = ConstU8<5>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_sponsorship::weights::ChargeWeight<Runtime>;
	type WeightToFee = FeePerWeight;
}

impl pallet_assets::Config for Runtime {
	type ApprovalDeposit = ConstU128<0>;
	type AssetAccountDeposit = ConstU128<0>;
	type AssetDeposit = ConstU128<0>;
	type AssetId = hanse_primitives::AssetId;
	type AssetIdAllocator = ();
	type AssetIdParameter = codec::Compact<hanse_primitives::AssetId>;
	type Balance = Balance;
	type CallbackHandle = ();
	// Vintages are created by the points pallet, through a trait; nobody else creates assets.
	type CreateOrigin = AsEnsureOriginWithArg<NeverEnsureOrigin<AccountId>>;
	type Currency = Balances;
	type Extra = ();
	type ForceOrigin = NeverEnsureOrigin<()>;
	// What a supervisor halted does not move.
	type Freezer = Supervision;
	type Holder = ();
	type MetadataDepositBase = ConstU128<0>;
	type MetadataDepositPerByte = ConstU128<0>;
	type RemoveItemsLimit = ConstU32<1_000>;
	type ReserveData = ();
	type RuntimeEvent = RuntimeEvent;
	type StringLimit = ConstU32<50>;
	type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
}
