use crate as pallet_institutions;
use crate::ProfileDraft;
use frame_support::traits::{fungible::InspectHold, ChangeMembers};
use hanse_primitives::Electorate;
pub use hanse_testing::*;

hanse_testing::runtime!(
	Timestamp: pallet_timestamp,
	Balances: pallet_balances,
	Alliance: pallet_collective;
	Institutions: pallet_institutions,
);

hanse_testing::money!(1);

hanse_testing::timestamp!();

/// Milliseconds after which an application lapses.
pub const LIFETIME: u64 = 1_000;
/// Milliseconds for which a member is awake after a sign of itself, and the time between two looks.
pub const AWAKE: u64 = 14 * LOOK;
pub const LOOK: u64 = 100;
/// Eras in which a receipt can be refunded.
pub const WINDOW: EraIndex = 3;
/// What accounts 1 to 20 start with.
pub const MONEY: Balance = 10_000;

state! {
	Bond: Balance = 1_000;
	/// What members are held to: less while a raised bond has its grace.
	RequiredBond: Balance = 1_000;
}

impl pallet_collective::Config for Test {
	type Consideration = ();
	type DefaultVote = pallet_collective::PrimeDefaultVote;
	type DisapproveOrigin = frame_system::EnsureRoot<u64>;
	type KillOrigin = frame_system::EnsureRoot<u64>;
	type MaxMembers = ConstU32<{ hanse_primitives::MAX_MEMBERS }>;
	type MaxProposalWeight = MaxWeight;
	type MaxProposals = ConstU32<32>;
	type MotionDuration = ConstU64<100>;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type SetMembersOrigin = frame_system::EnsureRoot<u64>;
	type WeightInfo = ();
}

parameter_types! {
	pub const MaxWeight: Weight = Weight::MAX;
}

/// The real electorate, with the votes that a test says.
pub struct Voters;
impl Electorate<u64> for Voters {
	short! {
		fn members() -> Vec<u64> = pallet_collective::Members::<Test>::get();
		fn set(sorted: Vec<u64>) = Alliance::set_members_sorted(&sorted, &Self::members());
		fn voted() -> Vec<(u64, u32)> = Voted::get();
	}
}

impl pallet_institutions::Config for Test {
	type AdmissionBond = Bond;
	type AdmitOrigin = frame_system::EnsureRoot<u64>;
	type ApplicationLifetime = ConstU64<LIFETIME>;
	type Authorities = Nodes;
	type Awake = ConstU64<AWAKE>;
	type Clearing = Books;
	type Currency = Balances;
	type DeadlineClock = NeverStops<Timestamp>;
	type Electorate = Voters;
	type Eras = Era;
	type ExpelOrigin = frame_system::EnsureRoot<u64>;
	type Liabilities = Books;
	type PendingClaims = Accused;
	type Programs = ();
	type RefundWindow = ConstU32<WINDOW>;
	type RejectOrigin = frame_system::EnsureRoot<u64>;
	type RequiredBond = RequiredBond;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Time = Timestamp;
	type WeightInfo = ();
}

/// Accounts 1 to 20 have money; `founders` found the alliance.
pub fn genesis(founders: &[(u64, &str)]) -> sp_io::TestExternalities {
	let founders = founders.iter().map(|(account, name)| (*account, name.to_string())).collect();
	let balances = (1..=20).map(|account| (account, MONEY)).collect();
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		institutions: pallet_institutions::GenesisConfig { founders },
		..Default::default()
	};
	chain(genesis, || {
		Timestamp::set_timestamp(5_000);
		poll();
	})
}

/// Runs `test` in an alliance of accounts 1 to 4, which are institutions 1 to 4.
pub fn run(test: impl FnOnce()) {
	let founders = [(1, "Alster Air"), (2, "Bergen Books"), (3, "Cog Hotels"), (4, "Danzig Store")];
	run_on(genesis(&founders), test);
}

short! {
	pub fn profile(name: &str) -> ProfileDraft =
		ProfileDraft { name: name.as_bytes().to_vec(), document: H256::repeat_byte(7) };
	pub fn apply(account: u64, name: &str) -> DispatchResult = Institutions::apply(signed(account), profile(name));
	pub fn status(id: InstitutionId) -> crate::Status = crate::Institutions::<Test>::get(id).unwrap().status;
	pub fn bond_held(account: u64) -> Balance =
		Balances::balance_on_hold(&crate::HoldReason::AdmissionBond.into(), &account);
	pub fn electorate() -> Vec<u64> = Voters::members();
	/// Those of accounts 1 to 20 who are awake.
	pub fn awake() -> Vec<u64> = (1..=20).filter(Institutions::is_awake).collect();
	/// What a signed transaction leaves behind, whatever it does.
	pub fn signs(account: u64) = System::inc_account_nonce(account);
}

/// Applies and is admitted; returns the id.
pub fn join(account: u64, name: &str) -> InstitutionId {
	assert_ok!(apply(account, name));
	let id = crate::LastInstitutionId::<Test>::get();
	assert_ok!(Institutions::admit(RuntimeOrigin::root(), id));
	id
}

/// The hook of a block with room for everything.
pub fn poll() {
	Institutions::on_poll(System::block_number(), &mut WeightMeter::new());
	end_eras::<Era, Institutions>(&mut WeightMeter::new());
}

/// The first block of the era after `eras` more.
pub fn turn(eras: EraIndex) {
	Era::set(Era::get() + eras);
	pass(0);
}

/// The first block so many milliseconds later.
pub fn pass(milliseconds: u64) {
	System::set_block_number(System::block_number() + 1);
	Timestamp::set_timestamp(Timestamp::get() + milliseconds);
	poll();
}
