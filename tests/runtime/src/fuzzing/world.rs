//! The alliance to which a history happens, and what is checked of each of its calls.

use super::{record::Record, tally::Tally};
use crate::{alliance::*, chain::*, wallet::*};
use codec::Encode;
use frame_support::{
	dispatch::GetDispatchInfo,
	storage::{with_storage_layer, with_transaction_unchecked},
	traits::GetCallMetadata,
};
use hanse_memory::Memory;
use hanse_primitives::{asset_id, AssetId, Balance, InstitutionId, Members as _, Order, ProgramId};
use hanse_runtime::{
	configs::ProxyType,
	constants::{SLOT_DURATION, UNIT},
	genesis_presets, AccountId, Executive, Institutions, Runtime, RuntimeCall, RuntimeOrigin, SessionKeys,
	Timestamp,
};
use pallet_clearing::{Issuance, IssuanceTotals};
use pallet_points::Terms;
use sp_core::storage::Storage;
use sp_externalities::{set_and_run_with_externalities, Extensions};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, One, Two};
use sp_keystore::{testing::MemoryKeystore, KeystoreExt};
use sp_runtime::{
	traits::{Dispatchable, OpaqueKeys},
	TransactionOutcome,
};
use sp_state_machine::{Ext, OverlayedChanges};
use std::collections::BTreeMap;

const FOUNDERS: [Sr25519Keyring; 4] = [Alice, Bob, Charlie, Dave];
/// Members and those who may become some.
const INSTITUTIONS: usize = 7;
const CUSTOMERS: u32 = 6;
/// The numbers of wallets: of customers from nought, of applicants from here.
const FIRST_APPLICANT: u32 = 10;
/// May do everything for the founders.
const DELEGATE: u32 = 20;
/// Somebody to whom the members may give a right.
const WATCH: u32 = 21;

/// Session keys of somebody, with the proof that they are theirs.
type Proven = (SessionKeys, Vec<u8>);

/// A chain from which each history starts, and the keys of everybody on it.
pub struct Start {
	state: Memory,
	extensions: Extensions,
	cast: Cast,
}

/// Everybody who acts.
pub struct Cast {
	institutions: Vec<AccountId>,
	customers: Vec<AccountId>,
	wallets: BTreeMap<AccountId, Wallet>,
	keys: BTreeMap<AccountId, Proven>,
	delegate: AccountId,
	watch: AccountId,
}

impl Start {
	/// Four founders, each with a program; customers of three of them with points; lines; a supervisor.
	pub fn new() -> Self {
		let mut chain = founded();
		chain.register_extension(KeystoreExt::new(MemoryKeystore::new()));
		let (cast, top) = chain.execute_with(|| {
			block_at(START, vec![]);
			let cast = Cast::new();
			cast.prepare();
			(cast, all_items())
		});
		let state = Memory::new(Storage { top, children_default: Default::default() });
		Self { state, extensions: chain.extensions, cast }
	}

	/// Runs `what` on the chain, and forgets what it changed.
	pub fn on_chain<R>(&mut self, what: impl FnOnce(&Cast) -> R) -> R {
		let mut changes = OverlayedChanges::default();
		let mut chain = Ext::new(&mut changes, &self.state, Some(&mut self.extensions));
		set_and_run_with_externalities(&mut chain, || what(&self.cast))
	}

	/// Lets `history` happen in an open block, and takes it back.
	pub fn play(&mut self, history: impl FnOnce(&mut World)) -> Tally {
		self.on_chain(|cast| {
			let mut world = World { cast, orders: 0, tally: Tally::default() };
			open_block(Timestamp::get() + SLOT_DURATION);
			history(&mut world);
			world.tally
		})
	}
}

/// Everything that is stored.
fn all_items() -> BTreeMap<Vec<u8>, Vec<u8>> {
	let keys = std::iter::successors(sp_io::storage::next_key(&[]), |key| sp_io::storage::next_key(key));
	keys.filter_map(|key| Some((key.clone(), sp_io::storage::get(&key)?.into()))).collect()
}

/// The genesis of the local chain, on which some more have money.
fn founded() -> sp_io::TestExternalities {
	let preset = genesis_presets::get_preset(&genesis_presets::LOCAL.into()).unwrap();
	let mut patch: serde_json::Value = serde_json::from_slice(&preset).unwrap();
	let balances = patch["balances"]["balances"].as_array_mut().unwrap();
	for number in 0..INSTITUTIONS - FOUNDERS.len() {
		let rich = Wallet::new(FIRST_APPLICANT + number as u32).account();
		balances.push(serde_json::to_value((rich, 100_000 * UNIT)).unwrap());
	}
	from_patch(patch.to_string().as_bytes())
}

impl Cast {
	fn new() -> Self {
		let applicants = (FOUNDERS.len()..INSTITUTIONS).zip(FIRST_APPLICANT..);
		let members = FOUNDERS.map(Wallet::of).into_iter();
		let members: Vec<_> = members.chain(applicants.map(|(_, number)| Wallet::new(number))).collect();
		let customers: Vec<_> = (0..CUSTOMERS).map(Wallet::new).collect();
		let institutions: Vec<_> = members.iter().map(Wallet::account).collect();
		let keys = institutions.iter().map(|account| (account.clone(), proven(account))).collect();
		let accounts = customers.iter().map(Wallet::account).collect();
		let [delegate, watch] = [DELEGATE, WATCH].map(|number| Wallet::new(number).account());
		let others = [One, Two].map(Wallet::of).into_iter().chain([DELEGATE, WATCH].map(Wallet::new));
		let all = members.into_iter().chain(customers).chain(others);
		let wallets = all.map(|wallet| (wallet.account(), wallet)).collect();
		Self { institutions, customers: accounts, wallets, keys, delegate, watch }
	}

	fn prepare(&self) {
		for (institution, face_value, pending) in [(1, 10_000, 0), (2, 2_500, 5), (3, 7, 0), (4, 1, 20)] {
			let program = program(institution, Terms { face_value, pending: pending * DAY, ..TERMS });
			// Orders that no history has.
			let first = 1_000_000 + 100 * u64::from(program);
			issue(institution, program, &self.customers, 1_000_000 / Balance::from(face_value), first);
			let (delegate, proxy_type) = (self.delegate.clone().into(), ProxyType::Any);
			let call = pallet_proxy::Call::add_proxy { delegate, proxy_type, delay: 0 };
			dispatch(member(institution), call).unwrap();
		}
		// The last one is a stranger to begin with.
		for (tag, number) in (0..CUSTOMERS - 1).enumerate() {
			let institution = 1 + number % 3;
			let consent = Wallet::new(number).consents_to_recovery(institution, tag as u64);
			dispatch(member(institution), consent).unwrap();
		}
		grant(1, 2, 100 * UNIT);
		grant(2, 3, UNIT);
		supervisor();
	}
}

/// Keys that are somebody's in every run.
fn proven(account: &AccountId) -> Proven {
	let seed = format!("//{account}").into_bytes();
	let generated = SessionKeys::generate(&account.encode(), Some(seed));
	assert!(generated.keys.ownership_proof_is_valid(&account.encode(), &generated.proof.encode()));
	(generated.keys, generated.proof.encode())
}

/// An alliance to which a history happens.
pub struct World<'a> {
	cast: &'a Cast,
	orders: u64,
	tally: Tally,
}

impl World<'_> {
	/// The account of a member or of one who may become it.
	pub fn institution(&self, number: usize) -> AccountId {
		self.cast.institutions[number % INSTITUTIONS].clone()
	}

	/// Its id; one that is nobody's as long as it did not apply.
	pub fn id(&self, number: usize) -> InstitutionId {
		Institutions::id_of(&self.institution(number)).unwrap_or(InstitutionId::MAX)
	}

	/// The account of a customer.
	pub fn customer(&self, number: usize) -> AccountId {
		self.cast.customers[number % self.cast.customers.len()].clone()
	}

	/// Anybody: mostly customers, and one member, the agent, the delegate.
	pub fn anybody(&self, number: usize) -> AccountId {
		let all = self.cast.wallets.keys().nth(number / 2 % self.cast.wallets.len());
		all.filter(|_| number % 2 == 1).cloned().unwrap_or_else(|| self.customer(number / 2))
	}

	/// The keys of a customer.
	pub fn wallet(&self, number: usize) -> &Wallet {
		&self.cast.wallets[&self.customer(number)]
	}

	/// Session keys of an institution.
	pub fn session_keys(&self, number: usize) -> Proven {
		self.cast.keys[&self.institution(number)].clone()
	}

	/// Who got a right from the members, if anybody did.
	pub fn watch(&self) -> AccountId {
		self.cast.watch.clone()
	}

	/// An order that nobody had, or now and then the last one once more.
	pub fn order(&mut self, record: Record) -> Order {
		if record.way() < 250 {
			self.orders += 1;
		}
		order(self.orders)
	}

	/// A program, of those that there are.
	pub fn program(&self, number: usize) -> ProgramId {
		1 + (number % usize::from(pallet_points::LastProgram::<Runtime>::get())) as ProgramId
	}

	/// The account of its issuer.
	pub fn issuer(&self, program: ProgramId) -> AccountId {
		let program = pallet_points::Programs::<Runtime>::get(program);
		let issuer = program.and_then(|program| Institutions::account(program.issuer).ok());
		issuer.unwrap_or_else(|| self.institution(0))
	}

	/// An open vintage of a program.
	pub fn vintage(&self, program: ProgramId, number: usize) -> AssetId {
		let open = pallet_points::Programs::<Runtime>::get(program).map(|program| program.vintages);
		let nth = open.and_then(|open| open.get(number % open.len().max(1)).copied());
		nth.map_or(asset_id(program, 0), |vintage| vintage.asset)
	}

	/// A call reaches the chain: by itself, signed, in a batch, or through a delegate.
	pub fn call(&mut self, record: Record, who: AccountId, call: impl Into<RuntimeCall>) {
		let call: RuntimeCall = call.into();
		match record.way() % 8 {
			5 if self.cast.wallets.contains_key(&who) => self.send(&who, call),
			6 => {
				let calls = vec![call; 1 + usize::from(record.way() > 200)];
				self.dispatch(who, pallet_utility::Call::batch_all { calls });
			},
			7 => {
				let (delegate, real) = (self.cast.delegate.clone(), who.into());
				let call = Box::new(call);
				self.dispatch(delegate, pallet_proxy::Call::proxy { real, force_proxy_type: None, call });
			},
			_ => self.dispatch(who, call),
		}
	}

	/// Dispatches a call as a transaction does, and compares its weights.
	pub fn dispatch(&mut self, who: AccountId, call: impl Into<RuntimeCall>) {
		let call: RuntimeCall = call.into();
		let declared = call.get_dispatch_info().call_weight;
		let name = name_of(&call);
		let done = with_storage_layer(|| call.dispatch(RuntimeOrigin::signed(who)));
		self.tally.count(name, done.is_ok());
		let actual = done.unwrap_or_else(|failed| failed.post_info).actual_weight.unwrap_or(declared);
		assert!(actual.all_lte(declared), "{name:?} weighed {actual}, and declared {declared}");
	}

	/// Signs a call, and puts it into the open block as an author does.
	fn send(&mut self, who: &AccountId, call: RuntimeCall) {
		let name = name_of(&call);
		let transaction = self.cast.wallets[who].signs(call);
		let done = with_transaction_unchecked(|| match Executive::apply_extrinsic(transaction) {
			Ok(result) => TransactionOutcome::Commit(result.is_ok()),
			Err(_) => TransactionOutcome::Rollback(false),
		});
		self.tally.count(name, done);
	}

	/// Ends the block, and opens one that is so much later.
	pub fn advance(&mut self, milliseconds: u64) {
		Executive::finalize_block();
		open_block(Timestamp::get() + SLOT_DURATION + milliseconds);
	}

	/// Ends the last block, and compares all books.
	pub fn end(&self) {
		Executive::finalize_block();
		check();
		let Issuance { genesis, minted, burned } = IssuanceTotals::<Runtime>::get();
		assert_eq!(issuance(), genesis + minted - burned);
		let accounts = frame_system::Account::<Runtime>::iter_values();
		let balances = accounts.map(|account| account.data.free + account.data.reserved);
		assert_eq!(balances.sum::<Balance>(), issuance());
		check_others();
	}
}

/// The invariants of the pallets that are not ours, and have some.
#[cfg(feature = "try-runtime")]
fn check_others() {
	use frame_support::traits::{TryState, TryStateSelect};
	use hanse_runtime::{Alliance, Assets, Aura, Balances, BlockNumber, Session, System};
	type Check = fn(BlockNumber, TryStateSelect) -> Result<(), sp_runtime::TryRuntimeError>;
	let all: [Check; 5] =
		[Alliance::try_state, Assets::try_state, Aura::try_state, Balances::try_state, Session::try_state];
	all.into_iter().for_each(|check| check(System::block_number(), TryStateSelect::All).unwrap());
}

#[cfg(not(feature = "try-runtime"))]
fn check_others() {}

fn name_of(call: &RuntimeCall) -> super::tally::Name {
	let metadata = call.get_call_metadata();
	(metadata.pallet_name, metadata.function_name)
}
