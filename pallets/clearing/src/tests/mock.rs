use crate as pallet_clearing;
use crate::weights::CountedWeight;
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
		ConstU128, ConstU64, EnsureOrigin, Hooks, Time,
	},
	weights::{constants::ParityDbWeight, WeightMeter},
};
use hanse_primitives::{
	Backing, Balance, Conduct, Earmark, InstitutionId, Liabilities, MemberStatus, Members, Moment,
	OffenceKind, PartnerPauses, SuspensionCause,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::collections::{BTreeMap, BTreeSet};

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Clearing: pallet_clearing,
	}
);

/// What every institution starts with, beside its reserve.
pub const FREE: Balance = 1_000;
/// The bond of every institution, on an account of its own here.
pub const BOND: Balance = 50;
/// Milliseconds of a cycle.
pub const CYCLE: Moment = 1_000;
/// Milliseconds after which what was to leave can be unlocked.
pub const TIMEOUT: Moment = 5_000;
/// What may be minted in one cycle.
pub const CAP: Balance = 500;
/// Who looks after the deposits, and who gets interchange.
pub const AGENT: u64 = 901;
pub const AUDITOR: u64 = 902;
pub const POT: u64 = 903;

parameter_types! {
	/// What must stay behind the points of every institution.
	pub static LeastBacking: Balance = 0;
	/// What of that must be free reserve.
	pub static LeastReserve: Balance = 0;
	/// What came with money of late, which is in neither.
	pub static FundedLately: Balance = 0;
	/// What institutions owe to the holders of their points.
	pub static Outstanding: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
	/// The member that may not do what needs an active one.
	pub static Inactive: Option<InstitutionId> = None;
	/// Institutions 1 to this.
	pub static Size: InstitutionId = 4;
	pub static Now: Moment = 5_000;
	pub static Suspended: BTreeSet<InstitutionId> = BTreeSet::new();
	pub static InRunOff: BTreeSet<InstitutionId> = BTreeSet::new();
	/// The member whose points cannot be paused.
	pub static Unpausable: Option<InstitutionId> = None;
	pub static Paused: BTreeSet<InstitutionId> = BTreeSet::new();
	pub static SeenOffences: Vec<(InstitutionId, OffenceKind)> = Vec::new();
}

hanse_testing::money!(1, DbWeight = ParityDbWeight);

/// Where the bond of an institution is.
pub fn bond_account(id: InstitutionId) -> u64 {
	1_000 + u64::from(id)
}

/// Accounts 1 to `Size` are institutions 1 to `Size`.
pub struct Alliance;
impl Members<u64> for Alliance {
	fn account(id: InstitutionId) -> Result<u64, DispatchError> {
		(1..=Size::get()).contains(&id).then_some(id.into()).ok_or(DispatchError::Other("NotFound"))
	}

	fn id_of(account: &u64) -> Option<InstitutionId> {
		let id = *account as InstitutionId;
		(1..=Size::get()).contains(&id).then_some(id)
	}

	fn ensure_active(id: InstitutionId) -> DispatchResult {
		let stopped = Inactive::get() == Some(id) || Suspended::get().contains(&id);
		frame_support::ensure!(!stopped, DispatchError::Other("NotActive"));
		Self::ensure_payable(id)
	}

	fn ensure_payable(id: InstitutionId) -> DispatchResult {
		frame_support::ensure!(!InRunOff::get().contains(&id), DispatchError::Other("NotActive"));
		Self::account(id).map(drop)
	}

	hanse_testing::unused! { "clearing makes no blocks";
		fn may_operate(_: InstitutionId) -> bool;
	}

	fn bond(id: InstitutionId) -> Balance {
		Balances::reducible_balance(&bond_account(id), Preservation::Preserve, Fortitude::Polite)
	}

	fn draw_bond(id: InstitutionId, creditor: &u64, value: Balance) -> Result<Balance, DispatchError> {
		let drawn = Self::bond(id).min(value);
		Balances::transfer(&bond_account(id), creditor, drawn, Preservation::Preserve)
	}
}

impl MemberStatus for Alliance {
	fn suspend(id: InstitutionId, _: SuspensionCause) -> DispatchResult {
		Suspended::mutate(|all| all.insert(id)).then_some(()).ok_or(DispatchError::Other("WrongStatus"))
	}

	fn reinstate(id: InstitutionId, _: SuspensionCause) -> DispatchResult {
		Suspended::mutate(|all| all.remove(&id)).then_some(()).ok_or(DispatchError::Other("WrongStatus"))
	}

	fn start_run_off(id: InstitutionId) -> DispatchResult {
		Suspended::mutate(|all| all.remove(&id));
		InRunOff::mutate(|all| all.insert(id)).then_some(()).ok_or(DispatchError::Other("WrongStatus"))
	}
}

impl PartnerPauses for Alliance {
	fn pause(id: InstitutionId) -> DispatchResult {
		frame_support::ensure!(Unpausable::get() != Some(id), DispatchError::Other("NotFound"));
		assert!(Paused::mutate(|all| all.insert(id)), "paused twice");
		Ok(())
	}

	fn resume(id: InstitutionId) -> DispatchResult {
		Paused::mutate(|all| all.remove(&id));
		Ok(())
	}
}

impl Conduct for Alliance {
	fn record_offence(member: InstitutionId, offence: OffenceKind) {
		SeenOffences::mutate(|offences| offences.push((member, offence)));
	}
}

impl Time for Alliance {
	type Moment = Moment;

	fn now() -> Moment {
		Now::get()
	}
}

impl EnsureOrigin<RuntimeOrigin> for Alliance {
	type Success = InstitutionId;

	fn try_origin(origin: RuntimeOrigin) -> Result<InstitutionId, RuntimeOrigin> {
		match origin.clone().into() {
			Ok(frame_system::RawOrigin::Signed(account)) => Self::id_of(&account).ok_or(origin),
			_ => Err(origin),
		}
	}
}

impl Liabilities for Alliance {
	fn ensure_backed(_: InstitutionId, bond: Balance, reserve: Balance) -> DispatchResult {
		let Backing { all, reserve: least } = Self::least_left(1);
		frame_support::ensure!(bond + reserve >= all, DispatchError::Other("OverLiabilityCap"));
		frame_support::ensure!(reserve >= least, DispatchError::Other("BelowMinimumReserve"));
		Ok(())
	}

	fn funded(_: InstitutionId) -> Balance {
		FundedLately::get()
	}

	fn least_left(_: InstitutionId) -> Backing {
		let funded = FundedLately::get();
		Backing { all: LeastBacking::get() + funded, reserve: LeastReserve::get() + funded }
	}

	fn required_backing(_: InstitutionId) -> Backing {
		Backing { all: LeastBacking::get(), reserve: LeastReserve::get() }
	}

	fn outstanding(id: InstitutionId) -> Balance {
		Outstanding::get().get(&id).copied().unwrap_or_default()
	}

	fn redeemable(id: InstitutionId) -> Balance {
		Self::outstanding(id)
	}

	fn payable(id: InstitutionId) -> Balance {
		Self::outstanding(id)
	}

	hanse_testing::unused! { "clearing ends nobody";
		fn fix_rate(_: InstitutionId) -> DispatchResult;
	}
}

impl pallet_clearing::Config for Test {
	type AppointOrigin = frame_system::EnsureSignedBy<Vote, u64>;
	type DeadlineClock = hanse_primitives::NeverStops<Alliance>;
	type Conduct = Alliance;
	type Currency = Balances;
	type Cycle = ConstU64<CYCLE>;
	type PayoutTimeout = ConstU64<TIMEOUT>;
	type DepositCap = ConstU128<CAP>;
	type Liabilities = Alliance;
	type MemberOrigin = Alliance;
	type Members = Alliance;
	type Notice = Alliance;
	type PartnerPauses = Alliance;
	type Pot = ConstU64<POT>;
	type RuntimeHoldReason = RuntimeHoldReason;
	type MemberStatus = Alliance;
	type WeightInfo = CountedWeight<Test>;
}

frame_support::ord_parameter_types! {
	/// The members' vote.
	pub const Vote: u64 = 67;
}

/// What the members decided and what has not taken effect.
#[frame_support::storage_alias]
pub type Announced = StorageValue<Test, Vec<RuntimeCall>, frame_support::pallet_prelude::ValueQuery>;

impl hanse_primitives::Notice<crate::Call<Test>> for Alliance {
	fn announce(call: crate::Call<Test>) -> DispatchResult {
		Announced::mutate(|calls| calls.push(call.into()));
		Ok(())
	}
}

/// A chain on which institutions 1 to 3 start with a reserve of 100 and institution 4 with none.
pub fn genesis() -> sp_io::TestExternalities {
	genesis_of(4, |id| if id < 4 { 100 } else { 0 }, BOND)
}

/// A chain of so many institutions with such reserves and bonds, in cycle 1.
pub fn genesis_of(
	size: InstitutionId,
	reserve: impl Fn(InstitutionId) -> Balance,
	bond: Balance,
) -> sp_io::TestExternalities {
	let reserves = (1..=size).map(|id| (id.into(), reserve(id))).filter(|(_, amount)| *amount > 0);
	let mut balances: Vec<_> = (1..=size).map(|id| (u64::from(id), FREE + reserve(id))).collect();
	balances.extend((1..=size).map(|id| (bond_account(id), bond + 1)));
	balances.push((POT, 1));
	Size::set(size);
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		clearing: pallet_clearing::GenesisConfig {
			reserves: reserves.collect(),
			agent: Some(AGENT),
			auditor: Some(AUDITOR),
		},
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into();
	ext.execute_with(|| {
		LeastBacking::set(0);
		LeastReserve::set(0);
		FundedLately::set(0);
		Outstanding::set(BTreeMap::new());
		Inactive::set(None);
		Now::set(5_000);
		Suspended::set(BTreeSet::new());
		InRunOff::set(BTreeSet::new());
		Unpausable::set(None);
		Paused::set(BTreeSet::new());
		SeenOffences::set(Vec::new());
		System::set_block_number(1);
		poll();
	});
	ext
}

/// Runs `test` on such a chain, and checks the invariants and that money neither appeared nor vanished.
pub fn run(test: impl FnOnce()) {
	genesis().execute_with(|| {
		let before = Balances::total_issuance();
		test();
		Clearing::do_try_state().unwrap();
		assert_eq!(Balances::total_issuance(), before);
	});
}

pub fn by(id: InstitutionId) -> RuntimeOrigin {
	RuntimeOrigin::signed(id.into())
}

/// `creditor` lets `debtor` owe it up to `limit`, and that one accepts what is more than before.
pub fn grant(creditor: InstitutionId, debtor: InstitutionId, limit: Balance) {
	let old = crate::CreditLines::<Test>::get(creditor, debtor).unwrap_or_default().usable();
	frame_support::assert_ok!(Clearing::grant_credit_line(by(creditor), debtor, limit));
	if limit > old {
		frame_support::assert_ok!(Clearing::accept_credit_line(by(debtor), creditor, limit));
	}
}

/// What `debtor` owes `creditor`.
pub fn owes(debtor: InstitutionId, creditor: InstitutionId) -> Balance {
	Clearing::position(debtor, creditor)
}

/// What an institution holds for clearing, and what of it is free.
pub fn reserve(id: InstitutionId) -> Balance {
	<Clearing as hanse_primitives::Reserves>::reserve(id)
}

pub fn free_reserve(id: InstitutionId) -> Balance {
	<Clearing as hanse_primitives::Reserves>::free_reserve(id)
}

/// The reserves of the institutions.
pub fn reserves() -> Vec<Balance> {
	(1..=Size::get()).map(reserve).collect()
}

pub fn earmark(line: Balance, reserve: Balance) -> Earmark {
	Earmark { line, reserve }
}

/// The hook of a block with room for everything.
pub fn poll() {
	Clearing::on_poll(System::block_number(), &mut WeightMeter::new());
}

/// The end of the cycle.
pub fn turn() {
	Now::set(Now::get() + CYCLE);
	System::set_block_number(System::block_number() + 1);
	poll();
}
