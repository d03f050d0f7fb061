//! A chain whose institutions, persons and offers are what a test says.

use crate as pallet_sponsorship;
use crate::{
	BalancesPurse, Budgets, ChargeFee, DailySpending, Event, MemberCalls, Offer, Offers, Unsponsored,
};
use frame_support::{
	dispatch::{DispatchClass, DispatchInfo, PostDispatchInfo},
	storage::with_storage_layer,
	traits::{fungible::Mutate, tokens::imbalance::ResolveTo},
	weights::{ConstantMultiplier, FixedFee},
};
use frame_system::limits::BlockWeights;
use hanse_primitives::{Quotas, DAY};
pub use hanse_testing::*;
use pallet_transaction_payment::{ChargeTransactionPayment, FungibleAdapter};
use sp_runtime::{
	traits::{DispatchTransaction, Get},
	transaction_validity::{TransactionSource::External, TransactionValidityError},
	type_with_default::TypeWithDefault,
	Perbill,
};

hanse_testing::runtime!(
	Balances: pallet_balances,
	TransactionPayment: pallet_transaction_payment;
	Sponsorship: pallet_sponsorship,
);

hanse_testing::system!(
	AccountData = pallet_balances::AccountData<Balance>,
	BlockWeights = Weights,
	Nonce = TypeWithDefault<u32, FirstNonce>,
	OnKilledAccount = Sponsorship,
);

/// Institutions 1 and 2 are accounts 1 and 2; there is no third.
pub const AIR: InstitutionId = 1;
pub const BOOKS: InstitutionId = 2;
pub const NONE: InstitutionId = 3;
pub const POT: u64 = 9;
/// Registered, unless a test says otherwise.
pub const ANN: u64 = 11;
/// A stranger.
pub const BEN: u64 = 12;

pub const FUNDS: Balance = 10_000;
pub const DAILY: Balance = 1_000;
pub const MIN_VALUE: Balance = 50;
pub const ED: Balance = 10;
/// Computation of a block.
pub const BLOCK: u64 = 1_000_000_000_000;

parameter_types! {
	pub Weights: BlockWeights = BlockWeights::simple_max(Weight::from_parts(BLOCK, u64::MAX));
	pub const Pot: u64 = POT;
	pub const OpenShare: Perbill = Perbill::from_percent(50);
	pub const MemberShare: Perbill = Perbill::from_percent(75);
	pub static TheOffer: Option<Offer<u64>> = None;
}

state! {
	Budget: Balance = DAILY;
	/// For whom the signer acts, and how many members there are.
	Governs: bool = false;
	Acts: bool = false;
	SeatsTaken: u32 = 2;
	/// Whose transactions were noted as signs of members.
	Noted: Vec<u64> = Vec::new();
}

#[derive(Debug)]
pub struct FirstNonce;
impl Get<u32> for FirstNonce {
	short! { fn get() -> u32 = Sponsorship::first_nonce(); }
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type DustRemoval = ResolveTo<Pot, Balances>;
	type ExistentialDeposit = ConstU128<ED>;
}

/// One micro-unit for a picosecond, nothing for bytes.
#[derive_impl(pallet_transaction_payment::config_preludes::TestDefaultConfig)]
impl pallet_transaction_payment::Config for Test {
	type LengthToFee = FixedFee<0, Balance>;
	type OnChargeTransaction = Fees;
	type WeightToFee = ConstantMultiplier<Balance, ConstU128<1>>;
}

type Fees = FungibleAdapter<Balances, ResolveTo<Pot, Balances>>;

impl pallet_sponsorship::Config for Test {
	type Budget = Budget;
	type ExtensionWeight = ();
	type Fees = Fees;
	type MemberCalls = Governs;
	type MemberShare = MemberShare;
	type Members = Membership;
	type MinValue = ConstU128<MIN_VALUE>;
	type Offers = TheOffer;
	type OpenShare = OpenShare;
	type Purses = BalancesPurse<Test, Pot>;
	type Quotas = Left;
	type Time = Now;
}

impl MemberCalls<u64, RuntimeCall> for Governs {
	short! {
		fn member_count() -> u32 = SeatsTaken::get();
		fn is_member_call(_: &u64, _: &RuntimeCall) -> bool = Acts::get();
		fn is_governance_call(_: &u64, _: &RuntimeCall) -> bool = Governs::get();
		fn note_activity(who: &u64, _: &RuntimeCall) = Noted::mutate(|all| all.push(*who));
	}
}

impl Offers<u64, RuntimeCall> for TheOffer {
	short! {
		fn offer(_: &u64, _: &RuntimeCall) -> Result<Offer<u64>, Unsponsored> = {
			let offer = TheOffer::get().ok_or(Unsponsored::NotSponsored)?;
			Ok(Offer { quota: Left::quota(&offer.person), ..offer })
		};
		fn is_free(_: &u64, _: &RuntimeCall) -> bool = Free::get();
	}
}

/// A chain on which the institutions and the pot have funds, and nobody else has any.
pub fn genesis() -> sp_io::TestExternalities {
	let balances = [1, 2, POT].map(|account| (account, FUNDS)).to_vec();
	let balances = pallet_balances::GenesisConfig { balances, ..Default::default() };
	chain(RuntimeGenesisConfig { balances, ..Default::default() }, || {
		System::set_block_number(10);
		Now::set(20_000 * DAY);
		Size::set(2);
		Left::set([(ANN, 5)].into());
		TheOffer::set(None);
	})
}

/// Runs `test` on such a chain and checks everything after it; `give` is the only source of more units.
pub fn run(test: impl FnOnce()) {
	genesis().execute_with(|| {
		test();
		check_invariants();
		let everything: Balance = frame_system::Account::<Test>::iter_values().map(|a| a.data.free).sum();
		assert_eq!(Balances::total_issuance(), everything);
	});
}

short! {
	/// Gives somebody settlement units of their own.
	pub fn give(who: u64, amount: Balance) = assert_eq!(Balances::mint_into(&who, amount), Ok(amount));
	/// An institution offers to sponsor calls of somebody.
	pub fn offer(sponsor: InstitutionId, person: u64, calls: u32, value: Balance) =
		TheOffer::set(Some(Offer { sponsor, person, calls, value, quota: None }));
	/// What an institution has lost, and what the pot has gained.
	pub fn lost(id: InstitutionId) -> Balance = FUNDS - Balances::free_balance(u64::from(id));
	pub fn gained() -> Balance = Balances::free_balance(POT) - FUNDS;
	/// What of an institution's budget strangers took before.
	pub fn spend(id: InstitutionId, all: Balance, strangers: Balance) =
		Budgets::<Test>::insert(id, DailySpending { all, strangers, ..Sponsorship::spent_today(id) });
	pub fn call() -> RuntimeCall = frame_system::Call::remark { remark: vec![] }.into();
	fn info(fee: Fee) -> DispatchInfo =
		DispatchInfo { call_weight: Weight::from_parts(fee.declared, 0), ..Default::default() };
	fn extension(tip: Balance) -> ChargeFee<Test> = ChargeTransactionPayment::<Test>::from(tip).into();
	/// Whether the pool would take the transaction.
	pub fn validate(who: u64, fee: impl Into<Fee>) -> Result<(), TransactionValidityError> =
		priority(who, fee, DispatchClass::Normal).map(drop);
	/// Includes a transaction whose call does nothing.
	pub fn charge(who: u64, fee: impl Into<Fee>) -> Result<DispatchResult, TransactionValidityError> =
		charge_for(who, fee, || Ok(()));
}

/// What was spent of a budget today, for all and of that for strangers.
pub fn spent(id: InstitutionId) -> (Balance, Balance) {
	let DailySpending { all, strangers, .. } = Sponsorship::spent_today(id);
	(all, strangers)
}

/// What a transaction declares to cost, really costs and gives on top.
#[derive(Clone, Copy, Debug)]
pub struct Fee {
	pub declared: u64,
	pub actual: u64,
	pub tip: Balance,
}

impl From<u64> for Fee {
	fn from(fee: u64) -> Self {
		Fee { declared: fee, actual: fee, tip: 0 }
	}
}

/// Its priority in the pool, if it is of this class.
pub fn priority(
	who: u64,
	fee: impl Into<Fee>,
	class: DispatchClass,
) -> Result<u64, TransactionValidityError> {
	let fee = fee.into();
	let info = DispatchInfo { class, ..info(fee) };
	extension(fee.tip)
		.validate_only(RuntimeOrigin::signed(who), &call(), &info, 0, External, 0)
		.map(|(valid, ..)| valid.priority)
}

/// Includes a transaction whose call does `what`, through the real extension.
pub fn charge_for(
	who: u64,
	fee: impl Into<Fee>,
	what: impl FnOnce() -> DispatchResult,
) -> Result<DispatchResult, TransactionValidityError> {
	let fee = fee.into();
	let post = PostDispatchInfo {
		actual_weight: Some(Weight::from_parts(fee.actual, 0)),
		pays_fee: Default::default(),
	};
	// A transaction that is not included leaves nothing behind.
	frame_support::storage::with_transaction_unchecked(|| {
		let result = extension(fee.tip)
			.test_run(RuntimeOrigin::signed(who), &call(), &info(fee), 0, 0, |_| {
				with_storage_layer(what)
					.map(|()| post)
					.map_err(|error| sp_runtime::DispatchErrorWithPostInfo { error, post_info: post })
			})
			.map(|result| result.map(drop).map_err(|failed| failed.error));
		match result {
			Ok(_) => sp_runtime::TransactionOutcome::Commit(result),
			Err(_) => sp_runtime::TransactionOutcome::Rollback(result),
		}
	})
}

/// The fees that were sponsored: by whom, for whom, how much.
pub fn sponsored() -> Vec<(InstitutionId, u64, Balance)> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Sponsorship(Event::FeeSponsored { sponsor, customer, fee }) => {
				Some((sponsor, customer, fee))
			},
			_ => None,
		})
		.collect()
}
