use crate as pallet_points;
use crate::{Award, Period, Terms};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{ConstU128, ConstU32, ConstU64, Hooks},
	weights::{Weight, WeightMeter},
	PalletId,
};
use hanse_primitives::{
	program_of, AssetId, Balance, EraIndex, Eras, InstitutionId, Moment, Order, PointsLedger as _, ProgramId,
};
use pallet_institutions::EnsureMember;
use sp_core::H256;
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, Percent};
use std::collections::{BTreeMap, BTreeSet};

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		Assets: pallet_assets,
		Institutions: pallet_institutions,
		Points: pallet_points,
	}
);

/// Institutions 1 and 2 are accounts 1 and 2; the rest are people.
pub const ISSUER: InstitutionId = 1;
pub const RIVAL: InstitutionId = 2;
/// What comes back with what it is worth.
pub const FUNDED: hanse_primitives::Funding = hanse_primitives::Funding::Funded;
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
	/// Reserves, which this pallet only reads; clearing moves them.
	pub static Reserves: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
	/// What bonds answer for on lines.
	pub static Owed: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
	/// What of reserves is kept for authorisations.
	pub static Earmarked: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
	/// What clearing says that institutions paid for their points.
	pub static Paid: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
	/// Who got what was somebody's whose key was lost.
	pub static Successors: BTreeMap<u64, u64> = BTreeMap::new();
	/// Who is halted, and what.
	pub static HaltedCustomers: BTreeSet<u64> = BTreeSet::new();
	pub static HaltedPrograms: BTreeSet<ProgramId> = BTreeSet::new();
	/// What may be issued in a day: per cent of what is outstanding, and micro-units beside that.
	pub static RecentIssuance: Percent = Percent::zero();
	pub const TenPercent: Percent = Percent::from_percent(10);
	pub static GrowthFloor: Balance = Balance::MAX;
	/// Institutions that may not issue.
	pub static Sanctioned: BTreeSet<InstitutionId> = BTreeSet::new();
	/// For how long the clock of deadlines stood.
	pub static Stood: Moment = 0;
}

hanse_testing::money!(1);

hanse_testing::timestamp!();

hanse_testing::vintages!(TestHalts);

hanse_testing::alliance!(
	AdmissionBond = ConstU128<BOND>,
	PendingClaims = (),
	Clearing = TestReserves,
	Eras = EraClock,
	Liabilities = Points,
	Programs = Points,
	RefundWindow = ConstU32<3>,
	RequiredBond = ConstU128<BOND>,
);

pub struct TestReserves;
impl hanse_primitives::Reserves for TestReserves {
	fn reserve(id: InstitutionId) -> Balance {
		Reserves::get().get(&id).copied().unwrap_or(RESERVE)
	}

	fn free_reserve(id: InstitutionId) -> Balance {
		<Self as hanse_primitives::Reserves>::reserve(id)
	}

	fn earmarked(id: InstitutionId) -> Balance {
		Earmarked::get().get(&id).copied().unwrap_or_default()
	}

	hanse_testing::unused! { "nothing is refunded in these tests";
		fn ensure_serves_holders(_: InstitutionId) -> DispatchResult;
	}

	fn close_books(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn bond_debt(id: InstitutionId) -> Balance {
		Owed::get().get(&id).copied().unwrap_or_default()
	}

	fn add_to_reserve(id: InstitutionId, value: Balance) -> DispatchResult {
		Reserves::mutate(|reserves| *reserves.entry(id).or_insert(RESERVE) += value);
		Ok(())
	}

	fn release_reserve(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn net_paid(id: InstitutionId) -> Balance {
		Paid::get().get(&id).copied().unwrap_or_default()
	}
}

pub struct Deadlines;
impl hanse_primitives::DeadlineClock for Deadlines {
	fn now() -> Moment {
		Timestamp::get() - Stood::get()
	}

	fn stopped_for() -> Moment {
		Stood::get()
	}
}

pub struct EraClock;
impl Eras for EraClock {
	fn current() -> EraIndex {
		(Timestamp::get() / ERA) as EraIndex
	}

	fn order_eras() -> u32 {
		ORDER_ERAS
	}

	fn length() -> Moment {
		ERA
	}
}

pub struct People;
impl hanse_primitives::Customers<u64> for People {
	hanse_testing::unused! { "points are not spent by this pallet";
		fn spend(_: &u64, _: Balance) -> Result<Moment, DispatchError>;
		fn restore_limit(_: &u64, _: Balance, _: Moment);
	}

	hanse_testing::unused! { "points are not exchanged by this pallet";
		fn ensure_may_exchange(_: &u64) -> DispatchResult;
	}

	fn successor(account: &u64) -> Option<u64> {
		Successors::get().get(account).copied()
	}

	hanse_testing::unused! { "this pallet takes nothing but transactions";
		fn note_signature(_: &u64);
	}
}

/// What supervisors stopped, as they would freeze it.
pub struct TestHalts;
impl TestHalts {
	fn is_halted(who: &u64, program: ProgramId) -> bool {
		HaltedPrograms::get().contains(&program) || HaltedCustomers::get().contains(who)
	}
}
impl hanse_primitives::Halts<u64> for TestHalts {
	fn ensure_may_leave(who: &u64, program: ProgramId) -> DispatchResult {
		frame_support::ensure!(!Self::is_halted(who, program), "PointsHalted");
		Ok(())
	}

	fn ensure_may_make(program: ProgramId) -> DispatchResult {
		frame_support::ensure!(!HaltedPrograms::get().contains(&program), "ProgramHalted");
		Ok(())
	}

	hanse_testing::unused! { "customers say when an account is recovered";
		fn copy_halt(_: &u64, _: &u64);
	}

	fn halted_at(_: Moment) -> Vec<u64> {
		HaltedCustomers::get().into_iter().collect()
	}

	fn without_halts<R>(act: impl FnOnce() -> R) -> R {
		let (customers, programs) = (HaltedCustomers::take(), HaltedPrograms::take());
		let result = act();
		HaltedCustomers::set(customers);
		HaltedPrograms::set(programs);
		result
	}
}
impl pallet_assets::FrozenBalance<AssetId, u64, Balance> for TestHalts {
	fn frozen_balance(asset: AssetId, who: &u64) -> Option<Balance> {
		Self::is_halted(who, program_of(asset))
			.then(|| Points::open_vintage(asset))
			.flatten()
			.map(|_| Balance::MAX)
	}

	fn died(_: AssetId, _: &u64) {}

	fn contains_freezes(_: AssetId) -> bool {
		false
	}
}
impl hanse_primitives::Sanctions for TestHalts {
	fn ensure_may_issue(id: InstitutionId) -> DispatchResult {
		frame_support::ensure!(!Sanctioned::get().contains(&id), "IssuingHalted");
		Ok(())
	}
}

parameter_types! {
	/// What was recorded of members.
	pub static SeenOffences: Vec<(InstitutionId, hanse_primitives::OffenceKind)> = Vec::new();
}
pub struct TestConduct;
impl hanse_primitives::Conduct for TestConduct {
	fn record_offence(member: InstitutionId, offence: hanse_primitives::OffenceKind) {
		SeenOffences::mutate(|offences| offences.push((member, offence)));
	}
}

impl pallet_points::Config for Test {
	type Assets = Assets;
	type Clearing = TestReserves;
	type DeadlineClock = Deadlines;
	type Conduct = TestConduct;
	type Customers = People;
	type Eras = EraClock;
	type Growth = RecentIssuance;
	type GrowthFloor = GrowthFloor;
	type Halts = TestHalts;
	type LiabilityRatio = ConstU32<200>;
	type MaxPending = ConstU64<500>;
	type MaxValidity = ConstU64<1_000>;
	type MemberOrigin = EnsureMember<Test>;
	type Members = Institutions;
	type MinPeriod = ConstU64<10>;
	type PalletId = PointsPalletId;
	type ReserveRatio = TenPercent;
	type Sanctions = TestHalts;
	type MemberStatus = Institutions;
	type Time = Timestamp;
	type WeightInfo = ();
}

/// An alliance of two at `START`.
pub fn genesis() -> sp_io::TestExternalities {
	Voters::set(Vec::new());
	Reserves::set(BTreeMap::new());
	Owed::set(BTreeMap::new());
	Earmarked::set(BTreeMap::new());
	Paid::set(BTreeMap::new());
	Successors::set(BTreeMap::new());
	HaltedCustomers::set(BTreeSet::new());
	HaltedPrograms::set(BTreeSet::new());
	Sanctioned::set(BTreeSet::new());
	RecentIssuance::set(Percent::zero());
	GrowthFloor::set(Balance::MAX);
	Stood::set(0);
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: vec![(1, 2 * BOND), (2, 2 * BOND)],
			..Default::default()
		},
		institutions: pallet_institutions::GenesisConfig {
			founders: vec![(1, "Alster Air".into()), (2, "Bergen Books".into())],
		},
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into();
	ext.execute_with(|| {
		System::set_block_number(1);
		Timestamp::set_timestamp(START);
	});
	ext
}

/// Runs `test` in an alliance of two and checks the invariants after it.
pub fn run(test: impl FnOnce()) {
	genesis().execute_with(|| {
		test();
		Points::do_try_state().unwrap();
		Institutions::do_try_state().unwrap();
	});
}

/// Creates a program of `issuer`.
pub fn program(issuer: InstitutionId, terms: Terms) -> ProgramId {
	let (name, symbol) = match crate::LastProgram::<Test>::get() {
		0 => ("Sky Miles".into(), "SKY".into()),
		last => (format!("Miles {last}"), format!("MILES{last}")),
	};
	let (name, symbol) = (name.into_bytes(), symbol.into_bytes());
	assert_ok!(Points::create_program(RuntimeOrigin::signed(issuer.into()), name, symbol, terms));
	crate::LastProgram::<Test>::get()
}

/// An order of the current era.
pub fn order(number: u64) -> Order {
	Order { era: EraClock::current(), commitment: H256::from_low_u64_be(number) }
}

/// A new order every time.
pub fn fresh_order() -> Order {
	order(1_000_000 + crate::AwardedOrders::<Test>::iter_keys().count() as u64)
}

/// Issues for a new order.
pub fn issue(issuer: InstitutionId, program: ProgramId, to: u64, amount: Balance) -> DispatchResult {
	Points::issue(RuntimeOrigin::signed(issuer.into()), program, to, amount, fresh_order())
}

pub fn award(to: u64, amount: Balance, number: u64) -> Award<u64> {
	Award { to, amount, order: order(number).commitment }
}

/// The `n`-th vintage of a program.
pub fn vintage(program: ProgramId, n: u16) -> AssetId {
	hanse_primitives::asset_id(program, n)
}

/// How far the ends of eras are processed.
#[frame_support::storage_alias]
pub type EraEnds = StorageValue<EraClock, hanse_primitives::EraEndState>;

impl hanse_primitives::EraEndList for EraClock {
	const STEPS: &'static [hanse_primitives::EraEndStep] =
		&[<Points as hanse_primitives::OnEraEnd>::on_era_end];
}

/// Process the end of eras that are over, as the rulebook does.
fn end_eras() {
	let era = EraClock::current();
	let first = (START / ERA) as EraIndex;
	let mut state = EraEnds::get().unwrap_or(hanse_primitives::EraEndState::new(first));
	state.advance::<EraClock>(era, &mut WeightMeter::new());
	EraEnds::put(state);
}

/// The next block, at `now`, with as much weight as there is; idle afterwards if `idle`.
pub fn block_at(now: Moment, idle: bool) {
	let number = System::block_number() + 1;
	System::set_block_number(number);
	Timestamp::set_timestamp(now);
	Points::on_poll(number, &mut WeightMeter::new());
	end_eras();
	if idle {
		Points::on_idle(number, Weight::MAX);
	}
}
