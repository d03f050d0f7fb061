//! Hanse's own pallets, wired to each other by traits.

use crate::{
	constants::{rules::*, *},
	*,
};
use frame_support::{
	parameter_types,
	traits::{ConstU128, ConstU32, ConstU64},
	PalletId,
};
use hanse_primitives::{EraIndex, Eras};
use pallet_institutions::EnsureMember;

parameter_types! {
	pub const PointsPalletId: PalletId = POINTS_PALLET_ID;
}

/// Eras are counted in time, not in blocks, so that a slow chain does not stretch them.
pub struct EraClock;
impl Eras for EraClock {
	fn current() -> EraIndex {
		(Timestamp::get() / ERA) as EraIndex
	}
}

impl pallet_institutions::Config for Runtime {
	type AdmissionBond = ConstU128<ADMISSION_BOND>;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
}

impl pallet_clearing::Config for Runtime {
	type Currency = Balances;
	type Liabilities = Points;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = pallet_clearing::weights::CountedWeight<Runtime>;
}

impl pallet_points::Config for Runtime {
	type Assets = Assets;
	type Clearing = Clearing;
	type Eras = EraClock;
	type LiabilityRatio = ConstU32<LIABILITY_RATIO>;
	type MaxExpiriesPerBlock = ConstU32<16>;
	type MaxValidity = ConstU64<MAX_VALIDITY>;
	type MemberOrigin = EnsureMember<Runtime>;
	type Members = Institutions;
	type MinPeriod = ConstU64<MIN_PERIOD>;
	type PalletId = PointsPalletId;
	type Time = Timestamp;
	type WeightInfo = pallet_points::weights::CountedWeight<Runtime>;
}

impl pallet_exchange::Config for Runtime {
	type Clearing = Clearing;
	type Eras = EraClock;
	type Members = Institutions;
	type MinPrice = ConstU128<MIN_PRICE>;
	type Points = Points;
	type RefundWindow = ConstU32<REFUND_WINDOW>;
	type WeightInfo = pallet_exchange::weights::CountedWeight<Runtime>;
}
