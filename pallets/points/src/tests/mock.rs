use crate as pallet_points;
use crate::{Award, Period, Terms};
use frame_support::PalletId;
use hanse_primitives::{program_of, Eras, Funding, PointsLedger as _};
pub use hanse_testing::*;
use pallet_institutions::EnsureMember;
use sp_runtime::Percent;

hanse_testing::runtime!(
	Timestamp: pallet_timestamp,
	Balances: pallet_balances,
	Assets: pallet_assets;
	Institutions: pallet_institutions,
	Points: pallet_points,
);

hanse_testing::money!(1);

hanse_testing::timestamp!();

hanse_testing::vintages!(Frozen);

hanse_testing::alliance!(
	AdmissionBond = ConstU128<BOND>,
	PendingClaims = (),
	Clearing = Books,
	Electorate = Voters,
	Eras = EraClock,
	Liabilities = Points,
	Programs = Points,
	RefundWindow = ConstU32<3>,
	RequiredBond = ConstU128<BOND>,
);

/// Institutions 1 and 2 are accounts 1 and 2; the rest are people.
pub const ISSUER: InstitutionId = 1;
pub const RIVAL: InstitutionId = 2;
/// What comes back with what it is worth.
pub const FUNDED: Funding = Funding::Funded;
pub const ANN: u64 = 11;
pub const BEN: u64 = 12;

pub const BOND: Balance = 1_000;
pub const RESERVE: Balance = 500;
/// Two times bond and reserve.
pub const CAP: Balance = 3_000;
pub const PERIOD: Moment = 100;
pub const ERA: Moment = 1_000;
pub const START: Moment = 12_000;
/// Eras for which orders are taken.
pub const ORDER_ERAS: EraIndex = 7;

pub const TERMS: Terms = Terms {
	face_value: 10,
	decimals: 2,
	period: Period::Milliseconds(PERIOD),
	validity: 2 * PERIOD,
	pending: 0,
};

parameter_types! {
	pub const PointsPalletId: PalletId = PalletId(*b"test/poi");
	pub const TenPercent: Percent = Percent::from_percent(10);
}

state! {
	/// What may be issued in a day: per cent of what is outstanding, and micro-units beside that.
	RecentIssuance: Percent = Percent::zero();
	GrowthFloor: Balance = Balance::MAX;
}

pub type Deadlines = hanse_testing::Deadlines<Timestamp>;
pub type EraClock = hanse_testing::TimedEras<Timestamp, 0, ERA, ORDER_ERAS>;

/// What supervisors stopped, as they would freeze it.
pub struct Frozen;
impl pallet_assets::FrozenBalance<AssetId, u64, Balance> for Frozen {
	short! {
		fn frozen_balance(asset: AssetId, who: &u64) -> Option<Balance> =
			Points::open_vintage(asset).filter(|_| HaltedPoints::stops(who, program_of(asset))).map(|_| Balance::MAX);
		fn died(_: AssetId, _: &u64) = ();
		fn contains_freezes(_: AssetId) -> bool = false;
	}
}

impl pallet_points::Config for Test {
	type Assets = Assets;
	type Clearing = Books;
	type Conduct = SeenOffences;
	type Customers = People<Timestamp>;
	type DeadlineClock = Deadlines;
	type Eras = EraClock;
	type Growth = RecentIssuance;
	type GrowthFloor = GrowthFloor;
	type Halts = HaltedPoints;
	type LiabilityRatio = ConstU32<200>;
	type MaxPending = ConstU64<500>;
	type MaxValidity = ConstU64<1_000>;
	type MemberOrigin = EnsureMember<Test>;
	type MemberStatus = Institutions;
	type Members = Institutions;
	type MinPeriod = ConstU64<10>;
	type PalletId = PointsPalletId;
	type ReserveRatio = TenPercent;
	type Sanctions = Sanctioned;
	type Time = Timestamp;
	type WeightInfo = ();
}

/// An alliance of two at `START`.
pub fn genesis() -> sp_io::TestExternalities {
	let balances = vec![(1, 2 * BOND), (2, 2 * BOND)];
	let founders = vec![(1, "Alster Air".into()), (2, "Bergen Books".into())];
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		institutions: pallet_institutions::GenesisConfig { founders },
		..Default::default()
	};
	chain(genesis, || {
		Timestamp::set_timestamp(START);
		UsualReserve::set(RESERVE);
		end_eras::<EraClock, Points>(&mut WeightMeter::new());
	})
}

/// Creates a program of `issuer`.
pub fn program(issuer: InstitutionId, terms: Terms) -> ProgramId {
	let (name, symbol) = match crate::LastProgram::<Test>::get() {
		0 => ("Sky Miles".into(), "SKY".into()),
		last => (format!("Miles {last}"), format!("MILES{last}")),
	};
	assert_ok!(Points::create_program(by(issuer), name.into_bytes(), symbol.into_bytes(), terms));
	crate::LastProgram::<Test>::get()
}

short! {
	/// Runs `test` in such an alliance.
	pub fn run(test: impl FnOnce()) = run_on(genesis(), test);
	/// An order of the current era, and a new one every time.
	pub fn order(number: u64) -> Order =
		Order { era: EraClock::current(), commitment: H256::from_low_u64_be(number) };
	fn fresh_order() -> Order = order(1_000_000 + crate::AwardedOrders::<Test>::iter_keys().count() as u64);
	/// Issues for a new order.
	pub fn issue(issuer: InstitutionId, program: ProgramId, to: u64, amount: Balance) -> DispatchResult =
		Points::issue(by(issuer), program, to, amount, fresh_order());
	pub fn award(to: u64, amount: Balance, number: u64) -> Award<u64> =
		Award { to, amount, order: order(number).commitment };
	/// The `n`-th vintage of a program.
	pub fn vintage(program: ProgramId, n: u16) -> AssetId = hanse_primitives::asset_id(program, n);
}

/// The next block, at `now`, with as much weight as there is; idle afterwards if `idle`.
pub fn block_at(now: Moment, idle: bool) {
	let number = System::block_number() + 1;
	System::set_block_number(number);
	Timestamp::set_timestamp(now);
	Points::on_poll(number, &mut WeightMeter::new());
	end_eras::<EraClock, Points>(&mut WeightMeter::new());
	if idle {
		Points::on_idle(number, Weight::MAX);
	}
}
