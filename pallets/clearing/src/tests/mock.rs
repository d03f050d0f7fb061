use crate as pallet_clearing;
use frame_support::weights::{constants::ParityDbWeight, Weight};
use hanse_primitives::{Earmark, Reserves as _};
pub use hanse_testing::*;

hanse_testing::runtime!(Balances: pallet_balances; Clearing: pallet_clearing);

hanse_testing::money!(1, DbWeight = ParityDbWeight);

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

frame_support::ord_parameter_types! {
	/// The members' vote.
	pub const Vote: u64 = 67;
}

pub type Alliance = hanse_testing::Membership<BondAccounts<Balances>>;
/// What the members decided and what has not taken effect.
pub type Announced = hanse_testing::Announced<crate::Call<Test>>;

impl pallet_clearing::Config for Test {
	type AppointOrigin = frame_system::EnsureSignedBy<Vote, u64>;
	type Conduct = SeenOffences;
	type Currency = Balances;
	type Cycle = ConstU64<CYCLE>;
	type DeadlineClock = NeverStops<Now>;
	type DepositCap = ConstU128<CAP>;
	type Liabilities = Books;
	type MemberOrigin = Alliance;
	type MemberStatus = Alliance;
	type Members = Alliance;
	type Notice = Announced;
	type PartnerPauses = Paused;
	type PayoutTimeout = ConstU64<TIMEOUT>;
	type Pot = ConstU64<POT>;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = Weights;
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
	let reserves = (1..=size).map(|id| (id.into(), reserve(id))).filter(|(_, amount)| *amount > 0).collect();
	let mut balances: Vec<_> = (1..=size).map(|id| (u64::from(id), FREE + reserve(id))).collect();
	balances.extend((1..=size).map(|id| (bond_account(id), bond + 1)));
	balances.push((POT, 1));
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		clearing: pallet_clearing::GenesisConfig { reserves, agent: Some(AGENT), auditor: Some(AUDITOR) },
		..Default::default()
	};
	chain(genesis, || {
		Size::set(size);
		poll();
	})
}

/// `creditor` lets `debtor` owe it up to `limit`, and that one accepts what is more than before.
pub fn grant(creditor: InstitutionId, debtor: InstitutionId, limit: Balance) {
	let old = crate::CreditLines::<Test>::get(creditor, debtor).unwrap_or_default().usable();
	assert_ok!(Clearing::grant_credit_line(by(creditor), debtor, limit));
	if limit > old {
		assert_ok!(Clearing::accept_credit_line(by(debtor), creditor, limit));
	}
}

short! {
	/// Runs `test` on such a chain.
	pub fn run(test: impl FnOnce()) = run_on(genesis(), test);
	/// What `debtor` owes `creditor`.
	pub fn owes(debtor: InstitutionId, creditor: InstitutionId) -> Balance = Clearing::position(debtor, creditor);
	/// What an institution holds for clearing, what of it is free, and what all hold.
	pub fn reserve(id: InstitutionId) -> Balance = Clearing::reserve(id);
	pub fn free_reserve(id: InstitutionId) -> Balance = Clearing::free_reserve(id);
	pub fn reserves() -> Vec<Balance> = (1..=Size::get()).map(reserve).collect();
	pub fn earmark(line: Balance, reserve: Balance) -> Earmark = Earmark { line, reserve };
	/// The hook of a block with room for everything.
	pub fn poll() = Clearing::on_poll(System::block_number(), &mut WeightMeter::new());
}

/// The end of the cycle.
pub fn turn() {
	Now::set(Now::get() + CYCLE);
	System::set_block_number(System::block_number() + 1);
	poll();
}

/// So heavy that what 256 members need fits into no block of these tests.
pub struct Weights;

macro_rules! weights {
	($( $name:ident ),* ; $( $each:ident ),*) => {
		impl crate::WeightInfo for Weights {
			$( fn $name() -> Weight {
				Weight::from_parts(3_000_000_000, 0)
			} )*
			$( fn $each(p: u32) -> Weight {
				Weight::from_parts(100_000_000 * u64::from(p), 0)
			} )*
		}
	};
}

weights!(
	top_up,
	draw_down,
	grant_credit_line,
	accept_credit_line,
	report_deposit,
	confirm_deposit,
	attest_deposits,
	request_payout,
	end_payout,
	appoint_deposit_role,
	escalate,
	end_member,
	fall_overdue,
	pay_arrears;
	plan,
	post,
	post_drawn
);
