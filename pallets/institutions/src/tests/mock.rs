use crate as pallet_institutions;
use crate::ProfileDraft;
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, Hooks},
	weights::WeightMeter,
};
use hanse_primitives::{Balance, EraIndex, InstitutionId, Liabilities};
use sp_core::H256;
use sp_runtime::{BuildStorage, DispatchResult};
use std::collections::{BTreeMap, BTreeSet};

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		Alliance: pallet_collective,
		Institutions: pallet_institutions,
	}
);

/// Milliseconds after which an application lapses.
pub const LIFETIME: u64 = 1_000;
/// Milliseconds for which a member is awake after a sign of itself, and the time between two looks.
pub const AWAKE: u64 = 14 * LOOK;
pub const LOOK: u64 = 100;
/// Eras in which a receipt can be refunded.
pub const WINDOW: EraIndex = 3;
/// What accounts 1 to 20 start with.
pub const MONEY: Balance = 10_000;

parameter_types! {
	pub static Bond: Balance = 1_000;
	/// What members are held to: less while a raised bond has its grace.
	pub static RequiredBond: Balance = 1_000;
	pub static Era: EraIndex = 10;
	/// What institutions owe to holders, and their reserves, which other pallets know.
	pub static Outstanding: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
	pub static Reserves: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
	/// What bonds answer for on lines, and whose books were closed.
	pub static Debts: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
	pub static Closed: Vec<InstitutionId> = Vec::new();
	/// Authorities that cannot be done without, and those that were told to retire.
	pub static VoteRequirement: BTreeSet<InstitutionId> = BTreeSet::new();
	pub static Retired: Vec<InstitutionId> = Vec::new();
	/// Accounts whose votes stand, each with the number of the motion.
	pub static Voted: Vec<(u64, u32)> = Vec::new();
	/// Institutions whose rate was fixed, and those with an open case.
	pub static Fixed: Vec<InstitutionId> = Vec::new();
	pub static PendingClaims: Vec<InstitutionId> = Vec::new();
}

hanse_testing::money!(1);

hanse_testing::timestamp!();

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
	pub const MaxWeight: frame_support::weights::Weight = frame_support::weights::Weight::MAX;
}

pub struct Voters;
impl hanse_primitives::Electorate<u64> for Voters {
	fn members() -> Vec<u64> {
		pallet_collective::Members::<Test>::get()
	}

	fn set(sorted: Vec<u64>) {
		use frame_support::traits::ChangeMembers;
		Alliance::set_members_sorted(&sorted, &Self::members());
	}

	fn voted() -> Vec<(u64, u32)> {
		Voted::get()
	}
}

pub struct Eras;
impl hanse_primitives::Eras for Eras {
	fn current() -> EraIndex {
		Era::get()
	}

	fn order_eras() -> u32 {
		1
	}

	fn length() -> hanse_primitives::Moment {
		1_000
	}
}

pub struct Books;
impl Liabilities for Books {
	hanse_testing::unused! { "who leaves does not draw down";
		fn ensure_backed(_: InstitutionId, _: Balance, _: Balance) -> DispatchResult;
		fn required_backing(_: InstitutionId) -> hanse_primitives::Backing;
	}

	fn outstanding(id: InstitutionId) -> Balance {
		Outstanding::get().get(&id).copied().unwrap_or_default()
	}

	/// At the rate that was fixed, which nobody spends at in these tests.
	fn redeemable(id: InstitutionId) -> Balance {
		let most = if Fixed::get().contains(&id) {
			Reserves::get().get(&id).copied().unwrap_or_default()
		} else {
			Balance::MAX
		};
		Self::outstanding(id).min(most)
	}

	fn payable(id: InstitutionId) -> Balance {
		Self::outstanding(id)
	}

	fn fix_rate(id: InstitutionId) -> DispatchResult {
		Fixed::mutate(|fixed| fixed.push(id));
		Ok(())
	}
}
impl hanse_primitives::PendingClaims for Books {
	fn ensure_none(id: InstitutionId) -> DispatchResult {
		frame_support::ensure!(!PendingClaims::get().contains(&id), "CaseOpen");
		Ok(())
	}
}
impl hanse_primitives::Reserves for Books {
	fn reserve(id: InstitutionId) -> Balance {
		Reserves::get().get(&id).copied().unwrap_or_default()
	}

	fn free_reserve(id: InstitutionId) -> Balance {
		Reserves::get().get(&id).copied().unwrap_or_default()
	}

	hanse_testing::unused! { "membership looks at no authorisations";
		fn earmarked(_: InstitutionId) -> Balance;
	}

	hanse_testing::unused! { "membership refunds nothing";
		fn ensure_serves_holders(_: InstitutionId) -> DispatchResult;
	}

	fn close_books(id: InstitutionId) -> DispatchResult {
		Closed::mutate(|closed| closed.push(id));
		Ok(())
	}

	fn bond_debt(id: InstitutionId) -> Balance {
		Debts::get().get(&id).copied().unwrap_or_default()
	}

	fn add_to_reserve(id: InstitutionId, value: Balance) -> DispatchResult {
		Reserves::mutate(|reserves| *reserves.entry(id).or_default() += value);
		Ok(())
	}

	fn release_reserve(id: InstitutionId) -> DispatchResult {
		Reserves::mutate(|reserves| reserves.remove(&id));
		Ok(())
	}

	hanse_testing::unused! { "membership looks at no payments";
		fn net_paid(_: InstitutionId) -> Balance;
	}
}

pub struct Nodes;
impl hanse_primitives::Authorities<u64> for Nodes {
	fn ensure_dispensable(id: InstitutionId) -> DispatchResult {
		frame_support::ensure!(!VoteRequirement::get().contains(&id), "TooFewAuthorities");
		Ok(())
	}

	fn retire(id: InstitutionId, _: &u64) {
		Retired::mutate(|retired| retired.push(id));
	}
}

impl pallet_institutions::Config for Test {
	type AdmissionBond = Bond;
	type AdmitOrigin = frame_system::EnsureRoot<u64>;
	type ApplicationLifetime = ConstU64<LIFETIME>;
	type Authorities = Nodes;
	type Awake = ConstU64<AWAKE>;
	type PendingClaims = Books;
	type Clearing = Books;
	type DeadlineClock = hanse_primitives::NeverStops<Timestamp>;
	type Currency = Balances;
	type Electorate = Voters;
	type Eras = Eras;
	type ExpelOrigin = frame_system::EnsureRoot<u64>;
	type Liabilities = Books;
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
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: (1..=20).map(|account| (account, MONEY)).collect(),
			..Default::default()
		},
		institutions: pallet_institutions::GenesisConfig { founders },
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into();
	ext.execute_with(|| {
		Bond::set(1_000);
		RequiredBond::set(1_000);
		Era::set(10);
		Outstanding::set(BTreeMap::new());
		Reserves::set(BTreeMap::new());
		Debts::set(BTreeMap::new());
		Closed::set(Vec::new());
		VoteRequirement::set(BTreeSet::new());
		Retired::set(Vec::new());
		Fixed::set(Vec::new());
		PendingClaims::set(Vec::new());
		Voted::set(Vec::new());
		System::set_block_number(1);
		Timestamp::set_timestamp(5_000);
		poll();
	});
	ext
}

/// Runs `test` in an alliance of accounts 1 to 4, which are institutions 1 to 4, and checks the
/// invariants, and that money neither appeared nor vanished.
pub fn run(test: impl FnOnce()) {
	genesis(&[(1, "Alster Air"), (2, "Bergen Books"), (3, "Cog Hotels"), (4, "Danzig Store")]).execute_with(
		|| {
			let before = Balances::total_issuance();
			test();
			Institutions::do_try_state().unwrap();
			assert_eq!(Balances::total_issuance(), before);
		},
	);
}

pub fn profile(name: &str) -> ProfileDraft {
	ProfileDraft { name: name.as_bytes().to_vec(), document: H256::repeat_byte(7) }
}

pub fn apply(account: u64, name: &str) -> DispatchResult {
	Institutions::apply(RuntimeOrigin::signed(account), profile(name))
}

/// Applies and is admitted; returns the id.
pub fn join(account: u64, name: &str) -> InstitutionId {
	assert_ok!(apply(account, name));
	let id = crate::LastInstitutionId::<Test>::get();
	assert_ok!(Institutions::admit(RuntimeOrigin::root(), id));
	id
}

pub fn status(id: InstitutionId) -> crate::Status {
	crate::Institutions::<Test>::get(id).unwrap().status
}

pub fn bond_held(account: u64) -> Balance {
	use frame_support::traits::fungible::InspectHold;
	Balances::balance_on_hold(&crate::HoldReason::AdmissionBond.into(), &account)
}

pub fn electorate() -> Vec<u64> {
	<Voters as hanse_primitives::Electorate<u64>>::members()
}

/// The hook of a block with room for everything.
pub fn poll() {
	Institutions::on_poll(System::block_number(), &mut WeightMeter::new());
	let mut state = EraEnds::get().unwrap_or(hanse_primitives::EraEndState::new(Era::get()));
	state.advance::<Eras>(Era::get(), &mut WeightMeter::new());
	EraEnds::put(state);
}

/// How far the ends of eras are processed.
#[frame_support::storage_alias]
pub type EraEnds = StorageValue<Eras, hanse_primitives::EraEndState>;

impl hanse_primitives::EraEndList for Eras {
	const STEPS: &'static [hanse_primitives::EraEndStep] =
		&[<Institutions as hanse_primitives::OnEraEnd>::on_era_end];
}

/// The first block of the era after `eras` more.
pub fn turn(eras: EraIndex) {
	Era::set(Era::get() + eras);
	System::set_block_number(System::block_number() + 1);
	poll();
}

/// The first block so many milliseconds later.
pub fn pass(milliseconds: u64) {
	System::set_block_number(System::block_number() + 1);
	Timestamp::set_timestamp(Timestamp::get() + milliseconds);
	poll();
}

/// Those of accounts 1 to 20 who are awake.
pub fn awake() -> Vec<u64> {
	(1..=20).filter(Institutions::is_awake).collect()
}

/// What a signed transaction leaves behind, whatever it does.
pub fn signs(account: u64) {
	System::inc_account_nonce(account);
}
