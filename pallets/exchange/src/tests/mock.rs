//! The four pallets of the alliance together: what a payment really goes through.

use crate as pallet_exchange;
use crate::{Leg, Slip};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{ConstU128, ConstU32, ConstU64, Hooks},
	weights::{Weight, WeightMeter},
	PalletId,
};
use hanse_primitives::{
	Balance, Earmark, Encumbrance, EraIndex, Eras, InstitutionId, Moment, Order, ProgramId,
};
use pallet_institutions::EnsureMember;
use pallet_points::{Period, Terms};
use sp_core::H256;
pub use sp_runtime::Permill;
use sp_runtime::{testing::TestSignature, BoundedVec, BuildStorage, DispatchError, DispatchResult, Percent};

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		Assets: pallet_assets,
		Institutions: pallet_institutions,
		Clearing: pallet_clearing,
		Points: pallet_points,
		Exchange: pallet_exchange,
	}
);

/// Institutions 1 to 3 are accounts 1 to 3. Program n is institution n's.
pub const AIR: InstitutionId = 1;
pub const BOOKS: InstitutionId = 2;
pub const HOTEL: InstitutionId = 3;
pub const ANN: u64 = 11;
pub const BEN: u64 = 12;

/// Face values in micro-units: they divide each other on purpose in one direction only.
pub const FACES: [u32; 3] = [10, 7, 100];
pub const RESERVE: Balance = 10_000;
pub const PERIOD: Moment = 100;
pub const ERA: Moment = 1_000;
pub const START: Moment = 50_000;
pub const REFUND_WINDOW: EraIndex = 3;
pub const AUTHORISATION: Moment = 50;
/// The longest life of a slip.
pub const SLIP: Moment = 60;
/// Milliseconds of a clearing cycle.
pub const CYCLE: Moment = 400;
/// Where interchange goes, with what it was endowed with.
pub const POT: u64 = 99;
pub const ENDOWMENT: Balance = 1;

parameter_types! {
	pub const PointsPalletId: PalletId = PalletId(*b"test/poi");
	pub const NoGrowth: Percent = Percent::zero();
	pub const TenPercent: Percent = Percent::from_percent(10);
}

hanse_testing::money!(1);

hanse_testing::timestamp!();

hanse_testing::vintages!(());

hanse_testing::alliance!(
	AdmissionBond = ConstU128<1_000>,
	PendingClaims = (),
	Clearing = Clearing,
	Eras = EraClock,
	Liabilities = Points,
	Programs = Points,
	RefundWindow = ConstU32<3>,
	RequiredBond = ConstU128<1_000>,
);

impl pallet_clearing::Config for Test {
	type AppointOrigin = frame_system::EnsureRoot<u64>;
	type DeadlineClock = hanse_primitives::NeverStops<Timestamp>;
	type Conduct = ();
	type Currency = Balances;
	type Cycle = ConstU64<CYCLE>;
	type PayoutTimeout = ConstU64<1_000>;
	type DepositCap = ConstU128<1_000_000>;
	type Liabilities = Points;
	type MemberOrigin = EnsureMember<Test>;
	type Members = Institutions;
	type Notice = ();
	type PartnerPauses = Points;
	type Pot = ConstU64<POT>;
	type RuntimeHoldReason = RuntimeHoldReason;
	type MemberStatus = Institutions;
	type WeightInfo = ();
}

pub struct EraClock;
impl Eras for EraClock {
	fn current() -> EraIndex {
		(Timestamp::get() / ERA) as EraIndex
	}

	fn order_eras() -> u32 {
		1
	}

	fn length() -> Moment {
		ERA
	}
}

parameter_types! {
	/// Who is no registered customer, who is too young to exchange, and what each may still spend.
	pub static Strangers: Vec<u64> = Vec::new();
	pub static TooYoung: Vec<u64> = Vec::new();
	pub static Limit: Balance = Balance::MAX;
	/// What came back to their limits, and of which window; and who signed slips.
	pub static GivenBack: Vec<(u64, Balance, Moment)> = Vec::new();
	pub static Signed: Vec<u64> = Vec::new();
}
pub struct People;
impl hanse_primitives::Customers<u64> for People {
	fn spend(account: &u64, value: Balance) -> Result<Moment, DispatchError> {
		frame_support::ensure!(!Strangers::get().contains(account), "NotRegistered");
		frame_support::ensure!(value <= Limit::get(), "OverLimit");
		Ok(Timestamp::get())
	}

	fn restore_limit(account: &u64, value: Balance, window: Moment) {
		if value > 0 {
			GivenBack::mutate(|all| all.push((*account, value, window)));
		}
	}

	fn note_signature(account: &u64) {
		Signed::mutate(|all| all.push(*account));
	}

	fn ensure_may_exchange(account: &u64) -> DispatchResult {
		frame_support::ensure!(!TooYoung::get().contains(account), "TooYoung");
		Ok(())
	}

	fn successor(_: &u64) -> Option<u64> {
		None
	}
}

impl pallet_points::Config for Test {
	type Assets = Assets;
	type Clearing = Clearing;
	type DeadlineClock = hanse_primitives::NeverStops<Timestamp>;
	type Conduct = ();
	type Customers = People;
	type Eras = EraClock;
	type Growth = NoGrowth;
	type GrowthFloor = ConstU128<{ Balance::MAX }>;
	type Halts = ();
	type LiabilityRatio = ConstU32<200>;
	type MaxPending = ConstU64<1_000>;
	type MaxValidity = ConstU64<1_000>;
	type MemberOrigin = EnsureMember<Test>;
	type Members = Institutions;
	type MinPeriod = ConstU64<10>;
	type PalletId = PointsPalletId;
	type ReserveRatio = TenPercent;
	type Sanctions = ();
	type MemberStatus = Institutions;
	type Time = Timestamp;
	type WeightInfo = ();
}

parameter_types! {
	/// Interchange, none unless a test is about it, and the last days of points.
	pub static Interchange: Permill = Permill::zero();
	pub static NoExchange: Moment = 0;
	/// The overdue debtors.
	pub static Overdue: Vec<InstitutionId> = Vec::new();
	/// What was taken of the receipts of merchants.
	pub static Taken: Vec<(InstitutionId, Balance)> = Vec::new();
}

impl hanse_primitives::OnInterchangeCollected for Taken {
	fn on_interchange_collected(merchant: InstitutionId, interchange: Balance) -> DispatchResult {
		Taken::mutate(|taken| taken.push((merchant, interchange)));
		Ok(())
	}
}

/// Clearing, and a day on which somebody is overdue.
pub struct Books;
impl hanse_primitives::Clearing for Books {
	hanse_testing::delegate! { Clearing as hanse_primitives::Clearing;
		fn owe(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult;
		fn owe_gross(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult;
		fn owe_refund(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult;
	}

	fn ensure_not_overdue(debtor: InstitutionId) -> DispatchResult {
		frame_support::ensure!(!Overdue::get().contains(&debtor), "Overdue");
		Ok(())
	}

	hanse_testing::delegate! { Clearing as hanse_primitives::Clearing;
		fn earmark(a: InstitutionId, b: InstitutionId, value: Balance) -> Result<Earmark, DispatchError>;
		fn release_earmark(debtor: InstitutionId, creditor: InstitutionId, earmark: Earmark) -> DispatchResult;
		fn accrue(issuer: InstitutionId, value: Balance) -> DispatchResult;
		fn release_accrued(issuer: InstitutionId, value: Balance) -> DispatchResult;
		fn collect(issuer: InstitutionId, value: Balance) -> DispatchResult;
		fn encumbrances() -> Vec<(InstitutionId, Encumbrance)>;
	}
}

impl hanse_primitives::JudgementDebts<u64> for Books {
	hanse_testing::delegate! { Clearing as hanse_primitives::JudgementDebts<u64>;
		fn owe_judgement(debtor: InstitutionId, creditor: &u64, value: Balance) -> DispatchResult;
		fn owe_refund_by_judgement(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult;
		fn weight(debtor: InstitutionId) -> frame_support::weights::Weight;
	}
}

impl hanse_primitives::Reserves for Books {
	hanse_testing::delegate! { Clearing as hanse_primitives::Reserves;
		fn reserve(id: InstitutionId) -> Balance;
		fn free_reserve(id: InstitutionId) -> Balance;
		fn earmarked(id: InstitutionId) -> Balance;
		fn ensure_serves_holders(id: InstitutionId) -> DispatchResult;
		fn close_books(id: InstitutionId) -> DispatchResult;
		fn bond_debt(id: InstitutionId) -> Balance;
		fn add_to_reserve(id: InstitutionId, value: Balance) -> DispatchResult;
		fn release_reserve(id: InstitutionId) -> DispatchResult;
		fn net_paid(id: InstitutionId) -> Balance;
	}
}

impl pallet_exchange::Config for Test {
	type AuthorisationTime = ConstU64<AUTHORISATION>;
	type Clearing = Books;
	type DeadlineClock = hanse_primitives::NeverStops<Timestamp>;
	type Customers = People;
	type Eras = EraClock;
	type Interchange = Interchange;
	type MemberOrigin = EnsureMember<Test>;
	type Members = Institutions;
	type MinPrice = ConstU128<5>;
	type NoExchange = NoExchange;
	type Points = Points;
	type RefundWindow = ConstU32<REFUND_WINDOW>;
	type Signature = TestSignature;
	type SlipLifetime = ConstU64<SLIP>;
	type OnInterchangeCollected = Taken;
	type Time = Timestamp;
	type WeightInfo = ();
}

/// An alliance of three, each with a reserve and a program, at `START`.
pub fn genesis() -> sp_io::TestExternalities {
	Voters::set(Vec::new());
	Strangers::set(Vec::new());
	TooYoung::set(Vec::new());
	Limit::set(Balance::MAX);
	GivenBack::set(Vec::new());
	Signed::set(Vec::new());
	Interchange::set(Permill::zero());
	NoExchange::set(0);
	Overdue::set(Vec::new());
	Taken::set(Vec::new());
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: (1..=3).map(|account| (account, 2_000 + RESERVE)).chain([(POT, ENDOWMENT)]).collect(),
			..Default::default()
		},
		institutions: pallet_institutions::GenesisConfig {
			founders: [(1, "Air"), (2, "Books"), (3, "Hotel")].map(|(id, name)| (id, name.into())).to_vec(),
		},
		clearing: pallet_clearing::GenesisConfig {
			reserves: (1..=3).map(|account| (account, RESERVE)).collect(),
			..Default::default()
		},
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into();
	ext.execute_with(|| {
		System::set_block_number(1);
		Timestamp::set_timestamp(START);
		for (account, face_value) in (1..).zip(FACES) {
			let terms = Terms {
				face_value,
				decimals: 0,
				period: Period::Milliseconds(PERIOD),
				validity: 2 * PERIOD,
				pending: 0,
			};
			let (name, symbol) = (format!("Points {account}"), format!("PTS{account}"));
			let (name, symbol) = (name.into_bytes(), symbol.into_bytes());
			assert_ok!(Points::create_program(RuntimeOrigin::signed(account), name, symbol, terms));
		}
	});
	ext
}

/// Checks the invariants of every pallet, and that settlement units neither appeared nor vanished.
pub fn check() {
	Institutions::do_try_state().unwrap();
	Clearing::do_try_state().unwrap();
	Points::do_try_state().unwrap();
	Exchange::do_try_state().unwrap();
	assert_eq!(Balances::total_issuance(), 3 * (2_000 + RESERVE) + ENDOWMENT);
}

/// Runs `test` in such an alliance and checks everything after it.
pub fn run(test: impl FnOnce()) {
	genesis().execute_with(|| {
		test();
		check();
	});
}

/// An order of the current era.
pub fn order(number: u64) -> Order {
	Order { era: EraClock::current(), commitment: H256::from_low_u64_be(number) }
}

/// Issues points of program `n` for a new order.
pub fn issue(n: ProgramId, to: u64, amount: Balance) -> DispatchResult {
	let number = pallet_points::AwardedOrders::<Test>::iter_keys().count() as u64;
	Points::issue(RuntimeOrigin::signed(n.into()), n, to, amount, order(number))
}

/// Pays order `number`; `legs` are (program, at most so many points).
pub fn pay(
	payer: u64,
	merchant: InstitutionId,
	number: u64,
	price: Balance,
	legs: &[(ProgramId, Balance)],
) -> DispatchResult {
	let legs: Vec<_> = legs.iter().map(|&(program, max_points)| Leg { program, max_points }).collect();
	Exchange::pay(RuntimeOrigin::signed(payer), merchant, order(number), price, legs.try_into().unwrap())
		.map(drop)
		.map_err(|failed| failed.error)
}

/// Authorises order `number`.
pub fn authorize(
	payer: u64,
	merchant: InstitutionId,
	number: u64,
	price: Balance,
	legs: &[(ProgramId, Balance)],
) -> DispatchResult {
	let legs: Vec<_> = legs.iter().map(|&(program, max_points)| Leg { program, max_points }).collect();
	let legs = legs.try_into().unwrap();
	Exchange::authorize(RuntimeOrigin::signed(payer), merchant, order(number), price, legs)
		.map(drop)
		.map_err(|failed| failed.error)
}

/// Captures part of order `number` of the first era, for the last time.
pub fn capture(merchant: u64, payer: u64, number: u64, value: Balance) -> DispatchResult {
	Exchange::capture(RuntimeOrigin::signed(merchant), payer, first_order(number), value, true)
		.map(drop)
		.map_err(|failed| failed.error)
}

/// Captures part of order `number` of the first era; more may follow.
pub fn capture_part(merchant: u64, payer: u64, number: u64, value: Balance) -> DispatchResult {
	Exchange::capture(RuntimeOrigin::signed(merchant), payer, first_order(number), value, false)
		.map(drop)
		.map_err(|failed| failed.error)
}

/// A slip for order `number`, good for as long as one may be, and signed by its payer.
pub fn slip(
	payer: u64,
	merchant: InstitutionId,
	number: u64,
	price: Balance,
	legs: &[(ProgramId, Balance)],
) -> Slip<u64, TestSignature> {
	let legs: Vec<_> = legs.iter().map(|&(program, max_points)| Leg { program, max_points }).collect();
	let legs: BoundedVec<_, _> = legs.try_into().unwrap();
	let (order, until) = (order(number), Timestamp::get() + SLIP);
	let bytes = Exchange::slip(merchant, payer, order, price, legs.clone(), until);
	Slip { payer, order, price, legs, until, signature: TestSignature(payer, bytes) }
}

/// Presents slips.
pub fn present(merchant: u64, slips: Vec<Slip<u64, TestSignature>>) -> DispatchResult {
	Exchange::present_slips(RuntimeOrigin::signed(merchant), slips.try_into().unwrap())
		.map(drop)
		.map_err(|failed| failed.error)
}

/// Ends order `number` of the first era.
pub fn void(who: u64, merchant: InstitutionId, payer: u64, number: u64) -> DispatchResult {
	Exchange::void(RuntimeOrigin::signed(who), merchant, payer, first_order(number))
		.map(drop)
		.map_err(|failed| failed.error)
}

/// Refunds of order `number` of the first era, until `total` of it is refunded.
pub fn refund(merchant: u64, payer: u64, number: u64, total: Balance) -> DispatchResult {
	Exchange::refund(RuntimeOrigin::signed(merchant), payer, first_order(number), total)
		.map(drop)
		.map_err(|failed| failed.error)
}

/// An order of the era at `START`.
pub fn first_order(number: u64) -> Order {
	Order { era: (START / ERA) as EraIndex, ..order(number) }
}

/// The receipt of order `number` of the first era.
pub fn receipt(merchant: InstitutionId, payer: u64, number: u64) -> crate::Receipt {
	Exchange::receipt(merchant, payer, first_order(number)).unwrap()
}

/// What the pot got.
pub fn pot() -> Balance {
	Balances::free_balance(POT) - ENDOWMENT
}

/// Interchange that is accrued on an institution.
pub fn accrued(id: InstitutionId) -> Balance {
	pallet_clearing::Encumbrances::<Test>::get(id).accrued
}

/// Exchanges points.
pub fn exchange(
	who: u64,
	from: ProgramId,
	amount: Balance,
	to: ProgramId,
	min_out: Balance,
) -> DispatchResult {
	Exchange::exchange(RuntimeOrigin::signed(who), from, amount, to, min_out)
		.map(drop)
		.map_err(|failed| failed.error)
}

/// What somebody holds of the first vintage of program `n`.
pub fn points(n: ProgramId, who: u64) -> Balance {
	Assets::balance(hanse_primitives::asset_id(n, 0), who)
}

/// The next block at `now`, with as much weight as there is.
pub fn block_at(now: Moment) {
	let number = System::block_number() + 1;
	System::set_block_number(number);
	Timestamp::set_timestamp(now);
	Points::on_poll(number, &mut WeightMeter::new());
	Exchange::on_poll(number, &mut WeightMeter::new());
	Points::on_idle(number, Weight::MAX);
	Exchange::on_idle(number, Weight::MAX);
}
