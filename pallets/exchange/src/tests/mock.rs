//! The four pallets of the alliance together: what a payment really goes through.

use crate as pallet_exchange;
use crate::{Leg, PaymentRules, Slip};
use frame_support::PalletId;
use hanse_primitives::Eras;
pub use hanse_testing::*;
use pallet_institutions::EnsureMember;
use pallet_points::{Period, Terms};
pub use sp_runtime::Permill;
use sp_runtime::{testing::TestSignature, traits::Get, BoundedVec, Percent};

hanse_testing::runtime!(
	Timestamp: pallet_timestamp,
	Balances: pallet_balances,
	Assets: pallet_assets;
	Institutions: pallet_institutions,
	Clearing: pallet_clearing,
	Points: pallet_points,
	Exchange: pallet_exchange,
);

hanse_testing::money!(1);

hanse_testing::timestamp!();

hanse_testing::vintages!(());

hanse_testing::alliance!(
	AdmissionBond = ConstU128<1_000>,
	PendingClaims = (),
	Clearing = Clearing,
	Electorate = Voters,
	Eras = EraClock,
	Liabilities = Points,
	Programs = Points,
	RefundWindow = ConstU32<3>,
	RequiredBond = ConstU128<1_000>,
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

state! {
	/// Interchange, none unless a test is about it, and the last days of points.
	Interchange: Permill = Permill::zero();
	NoExchange: Moment = 0;
}

pub struct Agreed;
impl Get<PaymentRules> for Agreed {
	short! {
		fn get() -> PaymentRules = PaymentRules {
			interchange: Interchange::get(),
			authorisation: AUTHORISATION,
			no_exchange: NoExchange::get(),
			slip_lifetime: SLIP,
			refund_window: REFUND_WINDOW,
			order_eras: EraClock::order_eras(),
		};
	}
}

pub type EraClock = hanse_testing::TimedEras<Timestamp, 0, ERA, 1>;
/// The overdue debtors.
pub type Overdue = pallet_clearing::Overdue<Test>;

impl pallet_clearing::Config for Test {
	type AppointOrigin = frame_system::EnsureRoot<u64>;
	type Conduct = ();
	type Currency = Balances;
	type Cycle = ConstU64<CYCLE>;
	type DeadlineClock = NeverStops<Timestamp>;
	type DepositCap = ConstU128<1_000_000>;
	type Liabilities = Points;
	type MemberOrigin = EnsureMember<Test>;
	type MemberStatus = Institutions;
	type Members = Institutions;
	type Notice = ();
	type PartnerPauses = Points;
	type PayoutTimeout = ConstU64<1_000>;
	type Pot = ConstU64<POT>;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = ();
}

impl pallet_points::Config for Test {
	type Assets = Assets;
	type Clearing = Clearing;
	type Conduct = ();
	type Customers = People<Timestamp>;
	type DeadlineClock = NeverStops<Timestamp>;
	type Eras = EraClock;
	type Growth = NoGrowth;
	type GrowthFloor = ConstU128<{ Balance::MAX }>;
	type Halts = ();
	type LiabilityRatio = ConstU32<200>;
	type MaxPending = ConstU64<1_000>;
	type MaxValidity = ConstU64<1_000>;
	type MemberOrigin = EnsureMember<Test>;
	type MemberStatus = Institutions;
	type Members = Institutions;
	type MinPeriod = ConstU64<10>;
	type PalletId = PointsPalletId;
	type ReserveRatio = TenPercent;
	type Sanctions = ();
	type Time = Timestamp;
	type WeightInfo = ();
}

impl pallet_exchange::Config for Test {
	type Clearing = Clearing;
	type Customers = People<Timestamp>;
	type DeadlineClock = NeverStops<Timestamp>;
	type Eras = EraClock;
	type MemberOrigin = EnsureMember<Test>;
	type Members = Institutions;
	type MinPrice = ConstU128<5>;
	type OnInterchangeCollected = Taken;
	type Points = Points;
	type Rules = Agreed;
	type Signature = TestSignature;
	type Time = Timestamp;
	type WeightInfo = ();
}

/// An alliance of three, each with a reserve and a program, at `START`.
pub fn genesis() -> sp_io::TestExternalities {
	let balances = (1..=3).map(|account| (account, 2_000 + RESERVE)).chain([(POT, ENDOWMENT)]).collect();
	let founders = [(1, "Air"), (2, "Books"), (3, "Hotel")].map(|(id, name)| (id, name.into())).to_vec();
	let reserves = (1..=3).map(|account| (account, RESERVE)).collect();
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		institutions: pallet_institutions::GenesisConfig { founders },
		clearing: pallet_clearing::GenesisConfig { reserves, ..Default::default() },
		..Default::default()
	};
	chain(genesis, || {
		Timestamp::set_timestamp(START);
		for (account, face_value) in (1..).zip(FACES) {
			let period = Period::Milliseconds(PERIOD);
			let terms = Terms { face_value, decimals: 0, period, validity: 2 * PERIOD, pending: 0 };
			let (name, symbol) = (format!("Points {account}"), format!("PTS{account}"));
			let (name, symbol) = (name.into_bytes(), symbol.into_bytes());
			assert_ok!(Points::create_program(signed(account), name, symbol, terms));
		}
	})
}

/// Checks the invariants of every pallet, and that settlement units neither appeared nor vanished.
pub fn check() {
	check_invariants();
	assert_eq!(Balances::total_issuance(), 3 * (2_000 + RESERVE) + ENDOWMENT);
}

/// Programs, and at most so many points of each.
type Legs<'a> = &'a [(ProgramId, Balance)];

fn legs<S: Get<u32>>(legs: Legs) -> BoundedVec<Leg, S> {
	let legs: Vec<_> = legs.iter().map(|&(program, max_points)| Leg { program, max_points }).collect();
	legs.try_into().unwrap()
}

short! {
	/// Runs `test` in such an alliance.
	pub fn run(test: impl FnOnce()) = run_on(genesis(), test);
	/// An order of the current era, and of the era at `START`.
	pub fn order(number: u64) -> Order =
		Order { era: EraClock::current(), commitment: H256::from_low_u64_be(number) };
	pub fn first_order(number: u64) -> Order = Order { era: (START / ERA) as EraIndex, ..order(number) };
	/// Issues points of program `n` for a new order.
	pub fn issue(n: ProgramId, to: u64, amount: Balance) -> DispatchResult = {
		let number = pallet_points::AwardedOrders::<Test>::iter_keys().count() as u64;
		Points::issue(signed(n.into()), n, to, amount, order(number))
	};
	/// Pays, or authorises, order `number`.
	pub fn pay(payer: u64, at: InstitutionId, number: u64, price: Balance, with: Legs) -> DispatchResult =
		plain(Exchange::pay(signed(payer), at, order(number), price, legs(with)));
	pub fn authorize(payer: u64, at: InstitutionId, number: u64, price: Balance, with: Legs) -> DispatchResult =
		plain(Exchange::authorize(signed(payer), at, order(number), price, legs(with)));
	/// Captures part of order `number` of the first era, for the last time; or, in part, so that more may follow.
	pub fn capture(merchant: u64, payer: u64, number: u64, value: Balance) -> DispatchResult =
		plain(Exchange::capture(signed(merchant), payer, first_order(number), value, true));
	pub fn capture_part(merchant: u64, payer: u64, number: u64, value: Balance) -> DispatchResult =
		plain(Exchange::capture(signed(merchant), payer, first_order(number), value, false));
	/// Presents slips.
	pub fn present(merchant: u64, slips: Vec<Slip<u64, TestSignature>>) -> DispatchResult =
		plain(Exchange::present_slips(signed(merchant), slips.try_into().unwrap()));
	/// Ends order `number` of the first era.
	pub fn void(who: u64, merchant: InstitutionId, payer: u64, number: u64) -> DispatchResult =
		plain(Exchange::void(signed(who), merchant, payer, first_order(number)));
	/// Refunds of order `number` of the first era, until `total` of it is refunded.
	pub fn refund(merchant: u64, payer: u64, number: u64, total: Balance) -> DispatchResult =
		plain(Exchange::refund(signed(merchant), payer, first_order(number), total));
	/// Exchanges points.
	pub fn exchange(who: u64, from: ProgramId, amount: Balance, to: ProgramId, min_out: Balance) -> DispatchResult =
		plain(Exchange::exchange(signed(who), from, amount, to, min_out));
	/// The receipt of order `number` of the first era.
	pub fn receipt(merchant: InstitutionId, payer: u64, number: u64) -> crate::Receipt =
		Exchange::receipt(merchant, payer, first_order(number)).unwrap();
	/// How many receipts are on the list of those that close.
	pub fn listed() -> usize =
		crate::ReceiptClosings::<Test>::iter_values().map(|page| page.len()).sum();
	/// What the pot got, and interchange that is accrued on an institution.
	pub fn pot() -> Balance = Balances::free_balance(POT) - ENDOWMENT;
	pub fn accrued(id: InstitutionId) -> Balance = pallet_clearing::Encumbrances::<Test>::get(id).accrued;
	/// What somebody holds of the first vintage of program `n`.
	pub fn points(n: ProgramId, who: u64) -> Balance = Assets::balance(hanse_primitives::asset_id(n, 0), who);
	/// An institution is overdue from now on.
	pub fn fall_overdue(id: InstitutionId) = Overdue::insert(id, pallet_clearing::OverdueState::default());
}

/// A slip for order `number`, good for as long as one may be, and signed by its payer.
pub fn slip(
	payer: u64,
	merchant: InstitutionId,
	number: u64,
	price: Balance,
	with: Legs,
) -> Slip<u64, TestSignature> {
	let (order, until, legs) = (order(number), Timestamp::get() + SLIP, legs(with));
	let bytes = Exchange::slip(merchant, payer, order, price, legs.clone(), until);
	Slip { payer, order, price, legs, until, signature: TestSignature(payer, bytes) }
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
