use crate as pallet_institutions;
use frame_support::{derive_impl, parameter_types, traits::ConstU128};
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Institutions: pallet_institutions,
	}
);

parameter_types! {
	pub const Bond: u128 = 1_000;
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

impl pallet_institutions::Config for Test {
	type AdmissionBond = Bond;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
}

/// Accounts 1 to 4 have money; `founders` found the alliance.
pub fn genesis(founders: &[(u64, &str)]) -> sp_io::TestExternalities {
	let founders = founders.iter().map(|(account, name)| (*account, name.to_string())).collect();
	RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: (1..=4).map(|account| (account, 2 * Bond::get())).collect(),
			..Default::default()
		},
		institutions: pallet_institutions::GenesisConfig { founders },
		..Default::default()
	}
	.build_storage()
	.unwrap()
	.into()
}

/// Runs `test` in an alliance of accounts 1 and 2, which are institutions 1 and 2, and checks the
/// invariants after it.
pub fn run(test: impl FnOnce()) {
	genesis(&[(1, "Alster Air"), (2, "Bergen Books")]).execute_with(|| {
		test();
		Institutions::do_try_state().unwrap();
	});
}
