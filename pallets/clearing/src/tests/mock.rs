use crate as pallet_clearing;
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU128, ConstU64, EnsureOrigin},
};
use hanse_primitives::{Balance, InstitutionId, Liabilities, Members};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Clearing: pallet_clearing,
	}
);

/// What every institution starts with, beside its reserve.
pub const FREE: Balance = 1_000;
/// The bond of every institution, which this pallet only reads.
pub const BOND: Balance = 50;

parameter_types! {
	/// What must stay behind the points of every institution.
	pub static Backing: Balance = 0;
	/// The member that may not do what needs an active one.
	pub static Inactive: Option<InstitutionId> = None;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<u128>;
	type Block = Block;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = u128;
	type ExistentialDeposit = ConstU128<1>;
}

/// Accounts 1 to 4 are institutions 1 to 4.
pub struct Alliance;
impl Members<u64> for Alliance {
	fn account(id: InstitutionId) -> Result<u64, DispatchError> {
		(1..=4).contains(&id).then_some(id.into()).ok_or(DispatchError::Other("NotFound"))
	}

	fn id_of(account: &u64) -> Option<InstitutionId> {
		(1..=4).contains(account).then_some(*account as InstitutionId)
	}

	fn ensure_active(id: InstitutionId) -> DispatchResult {
		frame_support::ensure!(Inactive::get() != Some(id), DispatchError::Other("NotActive"));
		Self::account(id).map(drop)
	}

	fn ensure_payable(id: InstitutionId) -> DispatchResult {
		Self::account(id).map(drop)
	}

	fn may_operate(_: InstitutionId) -> bool {
		unreachable!("clearing makes no blocks")
	}

	fn bond(_: InstitutionId) -> Balance {
		BOND
	}

	fn draw_bond(_: InstitutionId, _: &u64, _: Balance) -> Result<Balance, DispatchError> {
		unreachable!("nobody is overdue")
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
		frame_support::ensure!(bond + reserve >= Backing::get(), DispatchError::Other("OverLiabilityCap"));
		Ok(())
	}

	fn outstanding(_: InstitutionId) -> Balance {
		unreachable!("clearing asks only what must stay")
	}

	fn fix_rate(_: InstitutionId) {
		unreachable!("clearing ends nobody")
	}
}

impl pallet_clearing::Config for Test {
	type Currency = Balances;
	type Liabilities = Alliance;
	type MemberOrigin = Alliance;
	type Members = Alliance;
	type Pot = ConstU64<5>;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = ();
}

/// A chain on which institutions 1 to 3 start with a reserve of 100 and institution 4 with none.
pub fn genesis() -> sp_io::TestExternalities {
	let reserves: Vec<(u64, Balance)> = (1..=3).map(|account| (account, 100)).collect();
	let balances = (1..=5).map(|account| (account, FREE + if account < 4 { 100 } else { 0 })).collect();
	let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		clearing: pallet_clearing::GenesisConfig { reserves },
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into();
	ext.execute_with(|| System::set_block_number(1));
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
