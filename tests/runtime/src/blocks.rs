//! Full blocks of each kind, carried out by the Wasm as a node carries them out: what they declare is at least what
//! they take.

use crate::{alliance::*, chain::*, wallet::*};
use codec::{Decode, Encode};
use hanse_primitives::Balance;
use hanse_runtime::{
	constants::{CENT, SLOT_DURATION, UNIT},
	AccountId, Exchange, Header, RuntimeCall, System, Timestamp, UncheckedExtrinsic,
};
use pallet_exchange::Slip;
use sc_executor::WasmExecutor;
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{
	traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
	H256,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave};
use sp_runtime::{
	traits::{BlakeTwo256, Hash as _, Header as _},
	ApplyExtrinsicResult, Digest, DigestItem,
};
use std::{borrow::Cow, time::Instant};

/// People who pay.
const PEOPLE: u32 = 1_200;
/// Slips that are presented together.
const SLIPS: usize = 64;
/// By how much a machine that is busy with other things may be slower than what was measured.
const TOLERANCE: f64 = 4.0;

/// What a block of one kind came to.
struct Block {
	transactions: usize,
	/// Milliseconds that it declares, after what was given back.
	declared: f64,
	/// Milliseconds that it took.
	taken: f64,
}

/// A runtime in Wasm on a state in memory.
struct Chain<'a> {
	executor: WasmExecutor,
	code: &'a [u8],
	ext: &'a mut sp_io::TestExternalities,
}

impl Chain<'_> {
	fn call(&mut self, method: &str, data: &[u8]) -> Vec<u8> {
		let fetcher = WrappedRuntimeCode(Cow::Borrowed(self.code));
		let hash = BlakeTwo256::hash(&self.code[..64]).as_bytes().to_vec();
		let code = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash };
		let context = CallContext::Onchain { import: false };
		let (result, _) = self.executor.call(&mut self.ext.ext(), &code, method, data, context);
		result.unwrap()
	}

	fn apply(&mut self, transaction: &[u8]) -> ApplyExtrinsicResult {
		self.ext.execute_with(sp_io::storage::start_transaction);
		let result = self.call("BlockBuilder_apply_extrinsic", transaction);
		let result = ApplyExtrinsicResult::decode(&mut &result[..]).unwrap();
		self.ext.execute_with(|| match result {
			Ok(_) => sp_io::storage::commit_transaction(),
			Err(_) => sp_io::storage::rollback_transaction(),
		});
		result
	}
}

/// Makes a block of as many of these transactions as fit.
fn fill(ext: &mut sp_io::TestExternalities, code: &[u8], transactions: Vec<UncheckedExtrinsic>) -> Block {
	ext.commit_all().unwrap();
	let (header, time) = ext.execute_with(|| {
		let now = Timestamp::get() + SLOT_DURATION;
		let slot = sp_consensus_aura::Slot::from(now / SLOT_DURATION);
		let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
		let number = System::block_number() + 1;
		let header = Header::new(number, H256::zero(), H256::zero(), System::parent_hash(), digest);
		let time = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
		(header, UncheckedExtrinsic::new_bare(time).encode())
	});
	let mut chain = Chain { executor: WasmExecutor::builder().build(), code, ext };
	// Compiles the Wasm.
	chain.call("Core_version", &[]);
	let transactions: Vec<_> = transactions.iter().map(Encode::encode).collect();
	let begun = Instant::now();
	chain.call("Core_initialize_block", &header.encode());
	chain.apply(&time).unwrap().unwrap();
	let mut included = 0;
	for transaction in &transactions {
		match chain.apply(transaction) {
			Ok(result) => result.unwrap(),
			Err(refused) if refused.exhausted_resources() => break,
			Err(refused) => panic!("{refused:?}"),
		}
		included += 1;
	}
	chain.call("BlockBuilder_finalize_block", &[]);
	let taken = begun.elapsed().as_secs_f64() * 1_000.0;
	let declared = chain.ext.execute_with(|| System::block_weight().total().ref_time() as f64 / 1e9);
	Block { transactions: included, declared, taken }
}

/// A customer of Alster Air pays at another's till.
fn payments(people: &[Wallet], sky: u16) -> Vec<UncheckedExtrinsic> {
	people.iter().map(|who| who.signs(payment(BOOKS, 1, UNIT / 4, &[(sky, 100)]))).collect()
}

fn slips(people: &[Wallet], sky: u16) -> Vec<UncheckedExtrinsic> {
	let until = Timestamp::get() + hanse_runtime::Rulebook::rules().slip_lifetime;
	let slip = |who: &Wallet| {
		let (payer, order, price, legs) = (who.account(), order(1), UNIT / 4, legs_of(&[(sky, 100)]));
		let bytes = Exchange::slip(BOOKS, payer.clone(), order, price, legs.clone(), until);
		Slip { payer, order, price, legs, until, signature: who.signs_bytes(&bytes) }
	};
	let merchant = Wallet::of(Bob);
	let first = *System::account_nonce(merchant.account());
	let batches = people.chunks(SLIPS).zip(first..);
	batches
		.map(|(some, nonce)| {
			let slips = some.iter().map(slip).collect::<Vec<_>>().try_into().unwrap();
			merchant.signs_at(nonce, 0, pallet_exchange::Call::present_slips { slips })
		})
		.collect()
}

/// What one institution signs, one after the other.
fn all_by(who: &Wallet, calls: impl Iterator<Item = RuntimeCall>) -> Vec<UncheckedExtrinsic> {
	let first = *System::account_nonce(who.account());
	calls.zip(first..).map(|(call, nonce)| who.signs_at(nonce, 0, call)).collect()
}

fn batches(sky: u16) -> Vec<UncheckedExtrinsic> {
	let batch = |number: u32| {
		let award = |n: u32| pallet_points::Award {
			to: stranger(1_000 * number + n),
			amount: 10,
			order: order((1_000_000 * u64::from(number)) + u64::from(n)).commitment,
		};
		let awards = (0..500).map(award).collect::<Vec<_>>().try_into().unwrap();
		pallet_points::Call::issue_batch { program: sky, era: era(), awards }.into()
	};
	all_by(&Wallet::of(Alice), (1..40).map(batch))
}

fn exchanges(people: &[Wallet], sky: u16, read: u16) -> Vec<UncheckedExtrinsic> {
	people.iter().map(|who| who.signs(exchange(sky, 10, read))).collect()
}

fn refunds(people: &[Wallet], sky: u16) -> Vec<UncheckedExtrinsic> {
	for who in people {
		dispatch(who.account(), payment(BOOKS, 1, UNIT / 4, &[(sky, 100)])).unwrap();
	}
	all_by(&Wallet::of(Bob), people.iter().map(|who| refund(&who.account(), order(1), UNIT / 4)))
}

fn registrations() -> Vec<UncheckedExtrinsic> {
	let newcomers: Vec<_> = (100_000..100_000 + PEOPLE).map(Wallet::new).collect();
	let calls = newcomers.iter().zip(100_000..).map(|(who, tag)| who.consents(AIR, tag));
	all_by(&Wallet::of(Alice), calls)
}

fn ballots() -> Vec<UncheckedExtrinsic> {
	let members = [Alice, Bob, Charlie, Dave].map(Wallet::of);
	let calls: Vec<_> = (1..=8).map(|n| amend_limit(1_000 + n)).collect();
	for (place, call) in calls.iter().enumerate() {
		propose(place as u32 / 2 + 1, needed(call), call).unwrap();
	}
	let vote = |call: &RuntimeCall| {
		let (proposal, approve) = (hash_of(call), false);
		let index = hanse_runtime::configs::motions::votes(&proposal).unwrap().index;
		pallet_collective::Call::vote { proposal, index, approve }.into()
	};
	members.iter().flat_map(|who| all_by(who, calls.iter().map(vote))).collect()
}

/// A chain with customers who have points, and a full block of one kind on it.
fn block_of(code: &[u8], kind: &str) -> Block {
	let mut ext = genesis(hanse_runtime::genesis_presets::DEVELOPMENT);
	let transactions = ext.execute_with(|| {
		block_at(START, vec![]);
		let (sky, read) = (program(AIR, TERMS), program(BOOKS, TERMS));
		let people: Vec<_> = (1..=PEOPLE).map(Wallet::new).collect();
		(1..).zip(&people).for_each(|(tag, who)| register(AIR, who, tag));
		let accounts: Vec<AccountId> = people.iter().map(Wallet::account).collect();
		issue(AIR, sky, &accounts, (UNIT / CENT) as Balance, 1);
		let transactions = match kind {
			"pay" => payments(&people, sky),
			"slips" => slips(&people, sky),
			"issue_batch" => batches(sky),
			"exchange" => exchanges(&people, sky, read),
			"refund" => refunds(&people, sky),
			"register" => registrations(),
			_ => ballots(),
		};
		next_block();
		transactions
	});
	fill(&mut ext, code, transactions)
}

#[test]
fn a_full_block_of_each_kind_takes_no_longer_than_it_declares() {
	let Some(code) = hanse_runtime::WASM_BINARY else {
		assert!(std::env::var("SKIP_WASM_BUILD").is_ok(), "the Wasm was not built");
		return;
	};
	let mut kinds = 0;
	for kind in ["pay", "slips", "issue_batch", "exchange", "refund", "register", "vote"] {
		let Block { transactions, declared, taken } = block_of(code, kind);
		let ratio = declared / taken;
		println!("{kind:>12}: {transactions:>5} transactions, {declared:>6.1} ms declared, {taken:>6.1} ms taken: {ratio:.2}");
		assert!(transactions > 10 || kind != "pay", "{kind}");
		assert!(ratio * TOLERANCE > 1.0, "{kind}: {declared:.1} ms are declared and {taken:.1} taken");
		kinds += 1;
	}
	assert_eq!(kinds, 7);
}
