//! Settlement units, fees, and the assets that vintages are.

use crate::{constants::*, *};
use frame_support::{
	dispatch::DispatchClass,
	parameter_types,
	traits::{
		tokens::imbalance::ResolveTo, AsEnsureOriginWithArg, ConstU128, ConstU32, ConstU8, NeverEnsureOrigin,
	},
	weights::{ConstantMultiplier, Weight, WeightToFee},
};
use pallet_transaction_payment::{Multiplier, MultiplierUpdate};
use sp_runtime::{
	traits::{AccountIdConversion, Convert, One},
	FixedPointNumber, Perquintill, Saturating,
};

parameter_types! {
	/// Where fees, tips and dust go. Endowed at genesis, so that it can always receive.
	pub PotAccount: AccountId = POT_PALLET_ID.into_account_truncating();
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

/// What those pay who are neither customers nor members rises with every block that is fuller than a quarter, and
/// falls with every other, by a fifth of the difference: at most 15 % up and 5 % down. A flood fills its half of a
/// block at most, which raises it by 5 % a block: eighteen times in a minute, when it has cost 80 units, and a
/// thousand times in two and a half, when every block of it costs 225. Afterwards it falls as fast.
pub struct CongestionMultiplier;
impl MultiplierUpdate for CongestionMultiplier {
	/// The price list, which nothing is cheaper than.
	fn min() -> Multiplier {
		Multiplier::one()
	}

	fn max() -> Multiplier {
		Multiplier::saturating_from_integer(1_000)
	}

	fn target() -> Perquintill {
		Perquintill::from_percent(25)
	}

	fn variability() -> Multiplier {
		Multiplier::saturating_from_rational(1, 5)
	}
}
impl Convert<Multiplier, Multiplier> for CongestionMultiplier {
	/// As `TargetedFeeAdjustment`, but of the bytes of a block too, where those are scarcer.
	fn convert(previous: Multiplier) -> Multiplier {
		let class = DispatchClass::Normal;
		let (weights, lengths) = (configs::system::Weights::get(), configs::system::Length::get());
		let most = weights.get(class).max_total.unwrap_or(weights.max_block).ref_time();
		let full =
			Multiplier::saturating_from_rational(System::block_weight().get(class).ref_time(), most.max(1))
				.max(Multiplier::saturating_from_rational(
					System::block_size(),
					(*lengths.max.get(class)).max(1),
				))
				.min(Multiplier::one());
		let target = Multiplier::from(Self::target());
		let by =
			|difference: Multiplier| Self::variability().saturating_mul(difference).saturating_mul(previous);
		let next = if full > target {
			previous.saturating_add(by(full.saturating_sub(target)))
		} else {
			previous.saturating_sub(by(target.saturating_sub(full)))
		};
		next.clamp(Self::min(), Self::max())
	}
}

impl pallet_transaction_payment::Config for Runtime {
	type FeeMultiplierUpdate = CongestionMultiplier;
	/// One micro-unit a byte.
	type LengthToFee = ConstantMultiplier<Balance, ConstU128<1>>;
	type OnChargeTransaction = configs::Fees;
	// Operational calls have a lane of their own.
	type OperationalFeeMultiplier = ConstU8<0>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::Measured;
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
