//! A development chain in memory.

use codec::Encode;
use frame_support::{
	dispatch::{DispatchInfo, GetDispatchInfo},
	genesis_builder_helper::build_state,
	weights::Weight,
};
use hanse_primitives::{Balance, EraIndex, Eras, InstitutionId, Order, ProgramId, Reserves as _};
use hanse_runtime::{
	configs::PotAccount,
	constants::{EXISTENTIAL_DEPOSIT, SLOT_DURATION},
	genesis_presets,
	reads::Legs,
	AccountId, Authorities, Balances, Clearing, Conduct, Customers, Exchange, Executive, Header,
	Institutions, Points, Rulebook, Runtime, RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, Signature,
	Sponsorship, Supervision, System, Timestamp, UncheckedExtrinsic,
};
use pallet_points::{Period, Terms};
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::H256;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	traits::{Dispatchable, Header as _},
	Digest, DigestItem, DispatchError, DispatchResult,
};
use std::{cell::RefCell, collections::BTreeMap, fmt::Debug};

/// Midnight of 1 January 2026, when the chain starts.
pub const START: u64 = 1_767_225_600_000;
/// A day.
pub const DAY: u64 = 24 * 60 * 60 * 1_000;

pub const AIR: InstitutionId = 1;
pub const BOOKS: InstitutionId = 2;

/// Points worth a hundredth of a settlement unit, in months, for half a year.
pub const TERMS: Terms = Terms {
	face_value: 10_000,
	decimals: 0,
	period: Period::Milliseconds(30 * DAY),
	validity: 180 * DAY,
	pending: 0,
};

/// The genesis of a preset, without a block.
pub fn genesis(preset: &str) -> sp_io::TestExternalities {
	from_patch(&genesis_presets::get_preset(&preset.into()).unwrap())
}

/// The genesis of a patch in JSON.
pub fn from_patch(patch: &[u8]) -> sp_io::TestExternalities {
	let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
	let patch: BTreeMap<String, BTreeMap<String, serde_json::Value>> = serde_json::from_slice(patch).unwrap();
	for (pallet, values) in patch {
		for (name, value) in values {
			config[&pallet][name] = value;
		}
	}
	let mut ext = sp_io::TestExternalities::new_empty();
	ext.execute_with(|| build_state::<RuntimeGenesisConfig>(config.to_string().into_bytes()).unwrap());
	ext.commit_all().unwrap();
	ext
}

/// Runs `test` on a development chain after its first block, and checks every invariant after it.
pub fn run(test: impl FnOnce()) {
	run_on(genesis(genesis_presets::DEVELOPMENT), test)
}

/// The same on another chain.
pub fn run_on(mut ext: sp_io::TestExternalities, test: impl FnOnce()) {
	ext.execute_with(|| {
		block_at(START, vec![]);
		test();
		check();
	});
}

/// Every invariant of every pallet of ours.
pub fn check() {
	Rulebook::do_try_state().unwrap();
	Institutions::do_try_state().unwrap();
	Authorities::do_try_state().unwrap();
	Clearing::do_try_state().unwrap();
	Points::do_try_state().unwrap();
	Exchange::do_try_state().unwrap();
	Customers::do_try_state().unwrap();
	Sponsorship::do_try_state().unwrap();
	Supervision::do_try_state().unwrap();
	Conduct::do_try_state().unwrap();
	assert!(Balances::free_balance(PotAccount::get()) >= pot_by_the_books(), "the pot lost something");
}

/// What the pot holds by the books of those who pay into it and out of it: its endowment, interchange, and what
/// conduct moved. Fees, tips and dust come on top, of which there is no book.
pub fn pot_by_the_books() -> Balance {
	let interchange: Balance =
		pallet_clearing::ReserveFlowsOf::<Runtime>::iter_values().map(|d| d.interchange).sum();
	let flows = pallet_conduct::PotTotals::<Runtime>::get();
	EXISTENTIAL_DEPOSIT + interchange + flows.paid_in - flows.paid_out
}

/// Opens a block of the slot of `now` and sets its time, as an author does. A block that turns a session
/// has no room for anything else, so then the one of the next slot is opened after it. Blocks in which nothing
/// happened are taken to lie between the last one and it, so the chain did not stand still.
pub fn open_block(now: u64) {
	let quiet = now.saturating_sub(SLOT_DURATION);
	if (1..quiet).contains(&Timestamp::get()) {
		set_time(quiet);
	}
	open_block_after_a_gap(now);
}

/// The same of a chain that made no block since the last one.
pub fn open_block_after_a_gap(now: u64) {
	let session = || pallet_session::CurrentIndex::<Runtime>::get();
	let before = session();
	open_just_one_block(now);
	if session() != before {
		Executive::finalize_block();
		open_just_one_block(now + SLOT_DURATION);
	}
}

fn open_just_one_block(now: u64) {
	let slot = sp_consensus_aura::Slot::from(now / SLOT_DURATION);
	let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
	let number = System::block_number() + 1;
	let parent = System::parent_hash();
	Executive::initialize_block(&Header::new(number, H256::zero(), H256::zero(), parent, digest));
	apply(UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set { now })));
}

fn apply(extrinsic: UncheckedExtrinsic) {
	Executive::apply_extrinsic(extrinsic).unwrap().unwrap();
}

/// A whole block at `now`: hooks, inherent, `calls` as (signer, call), idle time.
pub fn block_at(now: u64, calls: Vec<(AccountId, RuntimeCall)>) {
	open_block(now);
	for (who, call) in calls {
		dispatch(who, call).unwrap();
	}
	Executive::finalize_block();
}

/// The block after the last one.
pub fn next_block() {
	block_at(Timestamp::get() + SLOT_DURATION, vec![]);
}

/// Sets the time without a block, for calls that are dispatched outside of one.
pub fn set_time(now: u64) {
	pallet_timestamp::Now::<Runtime>::put(now);
}

/// Dispatches a call through the base call filter and in a storage layer, without a fee.
pub fn dispatch(who: AccountId, call: impl Into<RuntimeCall>) -> DispatchResult {
	let call: RuntimeCall = call.into();
	let done = frame_support::storage::with_storage_layer(|| call.dispatch(RuntimeOrigin::signed(who)));
	done.map(drop).map_err(|failed| failed.error)
}

/// What the base call filter answers.
pub fn filtered() -> DispatchError {
	frame_system::Error::<Runtime>::CallFiltered.into()
}

/// Dispatches a call and returns its weights before and after.
pub fn weigh(origin: RuntimeOrigin, call: RuntimeCall) -> (Weight, Weight) {
	let info: DispatchInfo = call.get_dispatch_info();
	let post = frame_support::storage::with_storage_layer(|| call.dispatch(origin)).unwrap();
	(info.call_weight, post.calc_actual_weight(&info))
}

/// The account of an institution or a person.
pub fn account(who: Sr25519Keyring) -> AccountId {
	who.to_account_id()
}

/// Registers a person of the development chain as a customer of an institution, by its own consent.
pub fn enrol(institution: InstitutionId, who: Sr25519Keyring) {
	let (account, commitment, until) = (account(who), H256::zero(), Timestamp::get() + 60_000);
	let tag = H256::repeat_byte(who as u8);
	let consent = Customers::consent(institution, account.clone(), commitment, tag, true, until);
	let signature = Signature::Sr25519(who.sign(&consent));
	let call =
		pallet_customers::Call::register { account, commitment, tag, may_recover: true, until, signature };
	dispatch(member(institution), call).unwrap();
}

/// Somebody without any possession.
pub fn stranger(number: u32) -> AccountId {
	AccountId::new(sp_io::hashing::blake2_256(&number.encode()))
}

/// The account of an institution.
pub fn member(id: InstitutionId) -> AccountId {
	use hanse_primitives::Members;
	Institutions::account(id).unwrap()
}

/// Creates a program of `issuer` and returns its id.
pub fn program(issuer: InstitutionId, terms: Terms) -> ProgramId {
	let last = pallet_points::LastProgram::<Runtime>::get();
	let (name, symbol) = (format!("Miles {last}").into_bytes(), format!("MILES{last}").into_bytes());
	dispatch(
		member(issuer),
		RuntimeCall::Points(pallet_points::Call::create_program { name, symbol, terms }),
	)
	.unwrap();
	pallet_points::LastProgram::<Runtime>::get()
}

/// An order of the current era.
pub fn order(number: u64) -> Order {
	Order { era: era(), commitment: H256::from_low_u64_be(number) }
}

pub fn era() -> EraIndex {
	Rulebook::current()
}

/// Points of `program` to each of `holders`, in batches as a till sends them; orders from `first` on.
pub fn issue(issuer: InstitutionId, program: ProgramId, holders: &[AccountId], amount: Balance, first: u64) {
	let awards: Vec<_> = (first..)
		.zip(holders)
		.map(|(number, to)| pallet_points::Award { to: to.clone(), amount, order: order(number).commitment })
		.collect();
	for batch in awards.chunks(hanse_primitives::MAX_AWARDS as usize) {
		let awards = batch.to_vec().try_into().unwrap();
		let call = pallet_points::Call::issue_batch { program, era: era(), awards };
		dispatch(member(issuer), RuntimeCall::Points(call)).unwrap();
	}
}

/// A payment of order `number`.
pub fn payment(
	merchant: InstitutionId,
	number: u64,
	price: Balance,
	legs: &[(ProgramId, Balance)],
) -> RuntimeCall {
	pallet_exchange::Call::pay { merchant, order: order(number), price, legs: legs_of(legs) }.into()
}

/// An authorisation of order `number`.
pub fn authorization(
	merchant: InstitutionId,
	number: u64,
	price: Balance,
	legs: &[(ProgramId, Balance)],
) -> RuntimeCall {
	pallet_exchange::Call::authorize { merchant, order: order(number), price, legs: legs_of(legs) }.into()
}

/// Programs, and so many points of each at most, as calls name them.
pub fn legs_of(legs: &[(ProgramId, Balance)]) -> Legs {
	let legs: Vec<_> =
		legs.iter().map(|&(program, max_points)| pallet_exchange::Leg { program, max_points }).collect();
	legs.try_into().unwrap()
}

/// A refund of an order, until `total` of it is refunded.
pub fn refund(payer: &AccountId, order: Order, total: Balance) -> RuntimeCall {
	pallet_exchange::Call::refund { payer: payer.clone(), order, total }.into()
}

/// An exchange for whatever comes out.
pub fn exchange(from: ProgramId, amount: Balance, to: ProgramId) -> RuntimeCall {
	pallet_exchange::Call::exchange { from, amount, to, min_out: 1 }.into()
}

/// One member lets another owe it so much, and that one accepts.
pub fn grant(creditor: InstitutionId, debtor: InstitutionId, limit: Balance) {
	dispatch(member(creditor), pallet_clearing::Call::grant_credit_line { debtor, limit }).unwrap();
	if limit > 0 {
		dispatch(member(debtor), pallet_clearing::Call::accept_credit_line { creditor, limit }).unwrap();
	}
}

/// A member draws its free reserve down to `left`.
pub fn drain(institution: InstitutionId, left: Balance) {
	let amount = Clearing::free_reserve(institution) - left;
	dispatch(member(institution), pallet_clearing::Call::draw_down { amount }).unwrap();
}

/// Everything that is stored.
pub fn storage() -> BTreeMap<Vec<u8>, Vec<u8>> {
	let (mut all, mut key) = (BTreeMap::new(), Vec::new());
	while let Some(next) = sp_io::storage::next_key(&key) {
		all.insert(next.clone(), sp_io::storage::get(&next).unwrap().to_vec());
		key = next;
	}
	all
}

/// How many keys were written between the two, see [`changes`].
pub fn changed(before: &BTreeMap<Vec<u8>, Vec<u8>>, after: &BTreeMap<Vec<u8>, Vec<u8>>) -> u64 {
	changes(before, after).len() as u64
}

/// The keys that were written between the two, but for the block's own bookkeeping, which every block
/// pays for in its base weight.
pub fn changes(before: &BTreeMap<Vec<u8>, Vec<u8>>, after: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<Vec<u8>> {
	let system_accounts = frame_support::storage::storage_prefix(b"System", b"Account");
	let of_the_block = |key: &[u8]| {
		let of = |pallet: &&[u8]| key.starts_with(&sp_io::hashing::twox_128(pallet));
		// Well-known keys such as `:extrinsic_index` live for one block only.
		key.starts_with(b":")
			|| [&b"System"[..], b"Timestamp", b"Aura", b"TransactionPayment"].iter().any(of)
				&& !key.starts_with(&system_accounts)
	};
	before
		.keys()
		.chain(after.keys().filter(|key| !before.contains_key(*key)))
		.filter(|key| !of_the_block(key) && before.get(*key) != after.get(*key))
		.cloned()
		.collect()
}

/// How many units of settlement there are.
pub fn issuance() -> Balance {
	Balances::total_issuance()
}

/// How often each kind of act succeeded, over all histories of a test.
#[derive(Default)]
pub struct Tally(RefCell<BTreeMap<String, u32>>);

impl Tally {
	/// Count those of `acts` of which the result is `Ok`.
	pub fn count<A: Debug>(&self, acts: &[A], results: &[DispatchResult]) {
		for (act, _) in acts.iter().zip(results).filter(|(_, result)| result.is_ok()) {
			let text = format!("{act:?}");
			let kind = text.split('(').next().unwrap_or_default();
			*self.0.borrow_mut().entry(kind.into()).or_default() += 1;
		}
	}

	/// Fails unless each kind succeeded so often: histories in which nothing happens prove nothing.
	pub fn assert_at_least(&self, least: &[(&str, u32)]) {
		for (kind, least) in least {
			let times = self.0.borrow().get(*kind).copied().unwrap_or_default();
			assert!(times >= *least, "{kind} succeeded {times} times only");
		}
	}
}
