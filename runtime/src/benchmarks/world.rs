//! The chain that benchmarks begin with, and what they have in common.

use crate::{
	constants::{POINTS_PALLET_ID, POT_PALLET_ID, SLOT_DURATION},
	genesis_presets::{self, Founder},
	hooks::MeteredHooks,
	*,
};
use alloc::{format, vec::Vec};
use codec::Encode;
use frame_benchmarking::BenchmarkError;
use frame_support::{
	traits::{OnFinalize, OnInitialize, OnPoll},
	weights::WeightMeter,
};
use hanse_primitives::{
	InstitutionId, Moment, Money, Order, Points as Amount, ProgramId, DAY, MAX_AUTHORITIES, MAX_AWARDS,
	MAX_MEMBERS, UNIT,
};
use pallet_points::{Award, Period, Terms};
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_core::{crypto::KeyTypeId, ecdsa, ed25519, sr25519, storage::TrackedStorageKey, H256};
use sp_runtime::{
	traits::{AccountIdConversion, Dispatchable},
	Digest, DigestItem,
};

/// The name of the genesis that benchmarks begin with.
pub const PRESET: &str = "benchmarks";
/// Midnight of 1 January 2026, when the chain starts.
pub const START: Moment = 1_767_225_600_000;
/// A merchant, which issues nothing.
pub const MERCHANT: InstitutionId = 1;
/// The first of those that issue.
pub const ISSUER: InstitutionId = 2;
/// Monthly points of a hundredth of a settlement unit, of which as many vintages are open together as there can be.
pub const TERMS: Terms = Terms {
	face_value: 10_000,
	decimals: 0,
	period: Period::Milliseconds(30 * DAY),
	validity: 180 * DAY,
	pending: 0,
};
/// Vintages of such a program that are open together: six months and the one that is being issued.
pub const VINTAGES: u32 = 7;
/// The value of one of its points.
pub const CENT: Money = UNIT / 100;
const KEYS: KeyTypeId = KeyTypeId(*b"bnch");

/// What a benchmark's preparation answers.
pub type Prepared<T = ()> = Result<T, BenchmarkError>;

fn key(what: &str, number: u32) -> [u8; 32] {
	(what, number).using_encoded(sp_io::hashing::blake2_256)
}

/// The most members that there can be, of whom the first are as many authorities as there can be.
pub fn genesis() -> serde_json::Value {
	let founder = |i: u32| Founder {
		name: format!("Founder {i}"),
		account: key("account", i).into(),
		reserve: 25_000 * UNIT,
		aura: sr25519::Public::from(key("aura", i)).into(),
		grandpa: ed25519::Public::from(key("grandpa", i)).into(),
	};
	let endowed = (0..100).map(|i| (rich(i), 100_000 * UNIT)).collect();
	let mut patch = genesis_presets::alliance((1..=MAX_MEMBERS).map(founder).collect(), endowed);
	for (pallet, authorities) in [("authorities", "operators"), ("session", "keys")] {
		if let Some(all) = patch[pallet][authorities].as_array_mut() {
			all.truncate(MAX_AUTHORITIES as usize);
		}
	}
	patch
}

/// Somebody with money and without a role.
pub fn rich(number: u32) -> AccountId {
	key("rich", number).into()
}

/// Somebody without anything.
pub fn stranger(number: u32) -> AccountId {
	key("stranger", number).into()
}

/// The account of a founder.
pub fn member(id: InstitutionId) -> AccountId {
	key("account", id).into()
}

/// Where the accounts of members, of the pot and of the points are kept.
pub fn accounts_of_members() -> impl Iterator<Item = TrackedStorageKey> {
	let alliance = [POT_PALLET_ID, POINTS_PALLET_ID].map(|id| id.into_account_truncating());
	let all = (1..=MAX_MEMBERS).map(member).chain(alliance);
	all.flat_map(|who| {
		let account = frame_system::Account::<Runtime>::hashed_key_for(&who);
		[account, pallet_balances::Holds::<Runtime>::hashed_key_for(&who)].map(TrackedStorageKey::from)
	})
}

/// Makes the first block, after which members issue as much as they like in a day.
pub fn begin() -> Prepared {
	use pallet_rulebook::{CurrentRules, LatestVersion, Versions};
	block_at(START)?;
	CurrentRules::<Runtime>::mutate(|rules| rules.growth_floor = 1_000_000 * UNIT);
	let rules = CurrentRules::<Runtime>::get();
	Versions::<Runtime>::mutate_extant(LatestVersion::<Runtime>::get(), |version| version.rules = rules);
	Ok(())
}

/// A block without transactions.
pub fn block_at(now: Moment) -> Prepared {
	let number = System::block_number() + 1;
	open_block(number, now)?;
	MeteredHooks::on_poll(number, &mut WeightMeter::new());
	AllPalletsWithSystem::on_finalize(number);
	Ok(())
}

/// A block up to its time.
pub fn open_block(number: BlockNumber, now: Moment) -> Prepared {
	let slot = Slot::from(now / SLOT_DURATION);
	let digest = Digest { logs: alloc::vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
	System::initialize(&number, &Default::default(), &digest);
	AllPalletsWithSystem::on_initialize(number);
	let time = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
	from(RuntimeOrigin::none(), time)
}

/// The time, without a block.
pub fn set_time(now: Moment) {
	pallet_timestamp::Now::<Runtime>::put(now);
}

/// Leaves an item out of the counts.
pub fn leave_out(key: Vec<u8>) {
	frame_benchmarking::benchmarking::add_to_whitelist(key.into());
}

/// Leaves out of the counts the account of who signs, which his nonce is paid for.
pub fn signs(who: &AccountId) {
	leave_out(frame_system::Account::<Runtime>::hashed_key_for(who));
}

/// Leaves out of the counts what charging for a transaction of `who` reads and writes of it, and the account of its
/// sponsor. Where `who` pays, charging for it writes no other account than the nonce, and what is paid for the sponsor's
/// is for this one.
pub fn is_charged(who: &AccountId, sponsor: InstitutionId) {
	use pallet_customers::{Persons, Registrations};
	leave_out(Registrations::<Runtime>::hashed_key_for(who));
	if let Some(registration) = Registrations::<Runtime>::get(who) {
		leave_out(Persons::<Runtime>::hashed_key_for(registration.person()));
	}
	signs(&member(sponsor));
}

/// Signs and sends a call.
pub fn send(who: &AccountId, call: impl Into<RuntimeCall>) -> Prepared {
	from(RuntimeOrigin::signed(who.clone()), call)
}

/// Sends a call from anywhere.
pub fn from(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> Prepared {
	let call: RuntimeCall = call.into();
	call.dispatch(origin).map(drop).map_err(|failed| {
		frame_benchmarking::__private::log::error!(target: "benchmark", "{:?}", failed.error);
		failed.error.into()
	})
}

/// All members, as one.
pub fn members() -> RuntimeOrigin {
	pallet_collective::RawOrigin::Members(MAX_MEMBERS, MAX_MEMBERS).into()
}

/// A number that names an order.
pub fn order(number: u32) -> Order {
	use hanse_primitives::Eras;
	Order { era: Rulebook::current(), commitment: H256::from(key("order", number)) }
}

/// A new program.
pub fn program(issuer: InstitutionId, terms: Terms) -> Prepared<ProgramId> {
	let last = pallet_points::LastProgram::<Runtime>::get();
	let (name, symbol) = (format!("Miles {last}").into_bytes(), format!("MILES{last}").into_bytes());
	send(&member(issuer), pallet_points::Call::create_program { name, symbol, terms })?;
	Ok(last + 1)
}

/// Awards for orders from `first` on.
pub fn awards(holders: &[AccountId], amount: Amount, first: u32) -> Vec<Award<AccountId>> {
	let award =
		|(number, to): (u32, &AccountId)| Award { to: to.clone(), amount, order: order(number).commitment };
	(first..).zip(holders).map(award).collect()
}

/// A call that issues these.
pub fn issuance(program: ProgramId, awards: Vec<Award<AccountId>>) -> RuntimeCall {
	use hanse_primitives::Eras;
	let awards = frame_support::BoundedVec::truncate_from(awards);
	pallet_points::Call::issue_batch { program, era: Rulebook::current(), awards }.into()
}

/// `amount` to each of `holders`.
pub fn issue(
	issuer: InstitutionId,
	program: ProgramId,
	holders: &[AccountId],
	amount: Amount,
	first: u32,
) -> Prepared {
	awards(holders, amount, first)
		.chunks(MAX_AWARDS as usize)
		.try_for_each(|batch| send(&member(issuer), issuance(program, batch.to_vec())))
}

/// One program of each of these, and `amount` of each of their open vintages for each of `holders`. It takes half a
/// year.
pub fn holdings(
	issuers: &[InstitutionId],
	holders: &[AccountId],
	amount: Amount,
) -> Prepared<Vec<ProgramId>> {
	holdings_of(issuers, |_| holders.to_vec(), amount)
}

/// The same, with holders for each by its place.
pub fn holdings_of(
	issuers: &[InstitutionId],
	holders: impl Fn(usize) -> Vec<AccountId>,
	amount: Amount,
) -> Prepared<Vec<ProgramId>> {
	let programs = issuers.iter().map(|issuer| program(*issuer, TERMS)).collect::<Prepared<Vec<_>>>()?;
	for month in 0..VINTAGES {
		set_time(START + Moment::from(month) * 30 * DAY);
		for (place, (issuer, program)) in issuers.iter().zip(&programs).enumerate() {
			issue(*issuer, *program, &holders(place), amount, month * MAX_AWARDS)?;
		}
	}
	Ok(programs)
}

/// One member lets another owe it so much.
pub fn grant(creditor: InstitutionId, debtor: InstitutionId, limit: Money) -> Prepared {
	use pallet_clearing::Call;
	send(&member(creditor), Call::grant_credit_line { debtor, limit })?;
	send(&member(debtor), Call::accept_credit_line { creditor, limit })
}

/// Somebody with a key, of the kind that takes longest to verify.
pub struct Wallet {
	public: ecdsa::Public,
	/// Its account.
	pub account: AccountId,
}

impl Wallet {
	/// The `number`-th.
	pub fn new(number: u32) -> Self {
		let public = sp_io::crypto::ecdsa_generate(KEYS, Some(format!("//{number}").into_bytes()));
		Self { public, account: sp_io::hashing::blake2_256(&public.0).into() }
	}

	/// Its signature.
	pub fn sign(&self, bytes: &[u8]) -> Prepared<Signature> {
		let signature = sp_io::crypto::ecdsa_sign(KEYS, &self.public, bytes);
		signature.map(Signature::Ecdsa).ok_or(BenchmarkError::Stop("there is no keystore"))
	}

	/// Its consent to be registered.
	pub fn registration(&self, institution: InstitutionId, tag: u32) -> Prepared<RuntimeCall> {
		let (account, commitment, tag) = (self.account.clone(), H256::zero(), H256::from(key("tag", tag)));
		let until = consent_ends();
		let consent = Customers::consent(institution, account.clone(), commitment, tag, true, until);
		let signature = self.sign(&consent)?;
		let may_recover = true;
		let call =
			pallet_customers::Call::register { account, commitment, tag, may_recover, until, signature };
		Ok(call.into())
	}

	/// Becomes a customer.
	pub fn register(&self, institution: InstitutionId, tag: u32) -> Prepared {
		send(&member(institution), self.registration(institution, tag)?)
	}
}

/// Until when a consent of now is good at most.
pub fn consent_ends() -> Moment {
	Timestamp::get() + pallet_customers::CONSENT_LIFETIME
}

/// Does something, and takes it back: what comes by the hundred in a block finds code and memory in the processor's
/// caches, and is measured like that.
pub fn warm<T, E>(once: impl FnOnce() -> Result<T, E>) {
	use frame_support::storage::{with_transaction_unchecked, TransactionOutcome};
	with_transaction_unchecked(|| TransactionOutcome::Rollback(once().is_ok()));
}

/// Fails unless something holds.
pub fn ensure(holds: bool, what: &'static str) -> Prepared {
	holds.then_some(()).ok_or(BenchmarkError::Stop(what))
}
