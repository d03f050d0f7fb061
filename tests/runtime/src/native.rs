//! What the node answers natively is what the Wasm answers, byte for byte.

use crate::{alliance::*, chain::*, wallet::*};
use codec::{Decode, Encode};
use hanse_primitives::{Balance, ProgramId};
use hanse_runtime::{
	configs::extensions,
	constants::{CENT, UNIT},
	native, Runtime, RuntimeCall, System, Timestamp, TxExtension, UncheckedExtrinsic, VERSION,
};
use proptest::{
	prelude::{ProptestConfig, Rng},
	test_runner::{TestRng, TestRunner},
};
use sc_executor::WasmExecutor;
use sp_core::{
	traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
	H256,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Eve};
use sp_runtime::{
	generic::{Era, SignedPayload},
	traits::{BlakeTwo256, Hash as _},
	transaction_validity::{
		InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError,
	},
	MultiAddress,
};
use std::{
	borrow::Cow,
	collections::BTreeMap,
	time::{Duration, Instant},
};

const VALIDATE: &str = "TaggedTransactionQueue_validate_transaction";
/// The people of the test: a third of them are customers with points, a third have points, and the others nothing.
const PEOPLE: u32 = 60;

/// Transactions on one chain.
const PER_WORLD: u32 = 3_000;

/// Both ways to run the runtime, on one state.
struct Both<'a> {
	executor: WasmExecutor,
	code: &'a [u8],
	ext: sp_io::TestExternalities,
	/// In each way, for what is answered natively.
	taken: [Duration; 2],
	answered: u32,
}

impl<'a> Both<'a> {
	fn new(code: &'a [u8], mut ext: sp_io::TestExternalities) -> Self {
		ext.commit_all().unwrap();
		let executor = WasmExecutor::builder().build();
		let mut both = Self { executor, code, ext, taken: Default::default(), answered: 0 };
		// Compiles it.
		both.in_wasm("Core_version", &[]).unwrap();
		both
	}

	/// Asks in Wasm; leaves no trace.
	fn in_wasm(&mut self, method: &str, data: &[u8]) -> Result<Vec<u8>, String> {
		let fetcher = WrappedRuntimeCode(Cow::Borrowed(self.code));
		let hash = BlakeTwo256::hash(&self.code[..64]).as_bytes().to_vec();
		let code = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash };
		self.ext.execute_with(sp_io::storage::start_transaction);
		let (result, _) = self.executor.call(&mut self.ext.ext(), &code, method, data, CallContext::Offchain);
		self.ext.execute_with(sp_io::storage::rollback_transaction);
		result.map_err(|error| error.to_string())
	}

	/// Asks natively; leaves no trace.
	fn natively(&mut self, method: &str, data: &[u8]) -> Option<Vec<u8>> {
		self.ext.execute_with(|| {
			sp_io::storage::start_transaction();
			let answer = native::answer(method, data);
			sp_io::storage::rollback_transaction();
			answer
		})
	}

	/// Asks both. `Err` where only the Wasm answers.
	fn ask(&mut self, method: &str, data: &[u8]) -> Result<Vec<u8>, Result<Vec<u8>, String>> {
		let begun = Instant::now();
		let natively = self.natively(method, data);
		let between = Instant::now();
		let in_wasm = self.in_wasm(method, data);
		let Some(answer) = natively else { return Err(in_wasm) };
		assert_eq!(Ok(&answer), in_wasm.as_ref(), "{method}({data:02x?})");
		self.taken[0] += between - begun;
		self.taken[1] += between.elapsed();
		self.answered += 1;
		Ok(answer)
	}

	/// Microseconds for each question that was answered natively: so, and in Wasm.
	fn times(&self) -> [f64; 2] {
		self.taken.map(|taken| taken.as_secs_f64() * 1e6 / f64::from(self.answered.max(1)))
	}
}

/// The Wasm of this build; `None` where it was left out, and nothing can be compared.
fn code() -> Option<&'static [u8]> {
	if hanse_runtime::WASM_BINARY.is_none() {
		assert!(std::env::var("SKIP_WASM_BUILD").is_ok(), "the Wasm was not built");
	}
	hanse_runtime::WASM_BINARY
}

struct Dice(TestRng);

impl Dice {
	/// The same in each run; another seed in the environment throws others.
	fn new() -> Self {
		Self(TestRunner::new(ProptestConfig::default()).rng().clone())
	}

	/// One of `0..sides`.
	fn below(&mut self, sides: u32) -> u32 {
		self.0.next_u32() % sides
	}

	/// Whether it is one of so many.
	fn one_in(&mut self, many: u32) -> bool {
		self.below(many) == 0
	}

	fn of<T: Clone>(&mut self, all: &[T]) -> T {
		all[self.below(all.len() as u32) as usize].clone()
	}
}

/// Who signs: people, and members, who have money.
fn signers() -> Vec<Wallet> {
	(1..=PEOPLE).map(Wallet::new).chain([Alice, Bob, Eve].map(Wallet::of)).collect()
}

/// One of them: a customer as often as anybody else.
fn anybody<'a>(dice: &mut Dice, signers: &'a [Wallet]) -> &'a Wallet {
	let place = match dice.below(4) {
		0 | 1 => 3 * dice.below(PEOPLE / 3),
		2 => PEOPLE + dice.below(3),
		_ => dice.below(PEOPLE),
	};
	&signers[place as usize]
}

/// A chain with customers of all kinds, after some blocks.
fn world() -> (sp_io::TestExternalities, [ProgramId; 2]) {
	let mut ext = genesis(hanse_runtime::genesis_presets::DEVELOPMENT);
	let programs = ext.execute_with(|| {
		block_at(START, vec![]);
		let programs = [program(AIR, TERMS), program(BOOKS, TERMS)];
		for number in 1..=PEOPLE {
			let wallet = Wallet::new(number);
			if number % 3 != 0 {
				issue(AIR, programs[0], &[wallet.account()], 1_000, u64::from(number));
			}
			if number % 3 == 1 {
				register(AIR, &wallet, u64::from(number));
			}
		}
		(0..5).for_each(|_| next_block());
		programs
	});
	(ext, programs)
}

fn call(dice: &mut Dice, programs: &[ProgramId; 2], number: u64) -> RuntimeCall {
	let amount = dice.of(&[1, 1, 7, 7, 20, 100, 0, 5_000]);
	let to = stranger(dice.below(100));
	let program = if dice.one_in(8) { dice.of(&[programs[1], 77]) } else { programs[0] };
	match dice.below(12) {
		0..=3 => {
			let merchant = dice.of(&[AIR, AIR, AIR, BOOKS, BOOKS, BOOKS, BOOKS, 77]);
			payment(merchant, number, CENT * amount, &[(program, amount)])
		},
		4 | 5 => gift(program, &to, amount),
		6 => pallet_points::Call::donate { program, to, amount }.into(),
		7 => exchange(program, amount, programs[1]),
		8 => pallet_balances::Call::transfer_keep_alive { dest: MultiAddress::Id(to), value: UNIT * amount }
			.into(),
		9 => frame_system::Call::remark { remark: vec![7; dice.below(300) as usize] }.into(),
		10 => {
			let calls = (0..dice.below(4)).map(|_| call(dice, programs, number)).collect();
			pallet_utility::Call::batch { calls }.into()
		},
		_ => authorization(BOOKS, number, CENT * amount, &[(program, amount)]),
	}
}

/// What a signature is for, beside the transaction itself.
type Implicit = <TxExtension as sp_runtime::traits::TransactionExtension<RuntimeCall>>::Implicit;

/// A transaction as it comes from outside.
fn transaction(dice: &mut Dice, programs: &[ProgramId; 2], signers: &[Wallet], number: u64) -> Vec<u8> {
	let who = anybody(dice, signers);
	let next = *System::account_nonce(who.account());
	let nonce = match dice.below(12) {
		0 => next.saturating_sub(1 + dice.below(3)),
		1 => next + 1 + dice.below(3),
		_ => next,
	};
	let tip = if dice.one_in(8) { UNIT * Balance::from(dice.below(3)) } else { 0 };
	let mut extension = extensions(nonce, tip);
	let height = u64::from(System::block_number());
	let genesis = System::block_hash(0);
	// What the bytes are to be signed with: version, genesis, the block of the era, the digest of the metadata.
	let (mut version, mut on, mut birth) = (VERSION.spec_version, genesis, genesis);
	if dice.one_in(3) {
		// Good for 4 blocks or 64, from this one or earlier: some are over.
		let era = Era::mortal(dice.of(&[4, 64]), height.saturating_sub(u64::from(dice.below(6))));
		birth = System::block_hash(era.birth(height) as u32);
		extension.4 = frame_system::CheckMortality::from(era);
	}
	match dice.below(24) {
		0 => version += 1,
		1 => on = H256::repeat_byte(1),
		2 => birth = H256::repeat_byte(2),
		_ => {},
	}
	let digest = dice.one_in(12).then(metadata_hash);
	if digest.is_some() {
		extension.8 = frame_metadata_hash_extension::CheckMetadataHash::new(true);
	}
	let implicit: Implicit =
		((), version, VERSION.transaction_version, on, birth, (), (), Default::default(), digest, ());
	let call = call(dice, programs, number);
	let payload = SignedPayload::<RuntimeCall, TxExtension>::from_raw(call, extension, implicit);
	let mut signature = payload.using_encoded(|payload| who.signs_bytes(payload));
	if dice.one_in(24) {
		signature = who.signs_bytes(b"something else");
	}
	let (call, extension, _) = payload.deconstruct();
	let address = match dice.one_in(40) {
		true => MultiAddress::Index(()),
		false => MultiAddress::Id(who.account()),
	};
	let mut bytes = UncheckedExtrinsic::new_signed(call, address, signature, extension).encode();
	// Bytes that somebody spoiled.
	if dice.one_in(16) {
		let place = dice.below(bytes.len() as u32) as usize;
		match dice.below(3) {
			0 => bytes.truncate(place),
			1 => bytes[place] ^= 1 << dice.below(8),
			_ => bytes.insert(place, dice.below(256) as u8),
		}
	}
	bytes
}

/// The digest of the metadata that the Wasm was built with.
fn metadata_hash() -> [u8; 32] {
	let text = include_str!("../../../runtime/metadata-hash").trim();
	sp_core::bytes::from_hex(text).unwrap().try_into().unwrap()
}

/// What became of a transaction, in a word.
fn word(validity: &TransactionValidity) -> String {
	match validity {
		Ok(valid) if valid.requires.is_empty() => "valid".into(),
		Ok(_) => "valid after another".into(),
		Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(code))) => format!("custom {code}"),
		Err(TransactionValidityError::Invalid(why)) => format!("{why:?}"),
		Err(TransactionValidityError::Unknown(why)) => format!("{why:?}"),
	}
}

/// Asks for the validity of so many random transactions on a chain that goes on meanwhile, and counts the answers.
fn compare(transactions: u32) -> Option<BTreeMap<String, u32>> {
	let (ext, programs) = world();
	let mut both = Both::new(code()?, ext);
	let (mut dice, signers) = (Dice::new(), signers());
	let mut words = BTreeMap::new();
	let mut taken = Vec::new();
	for number in 0..transactions {
		// Points, quotas and budgets come to an end, so another chain begins.
		if number > 0 && number % PER_WORLD == 0 {
			both.ext = world().0;
			both.ext.commit_all().unwrap();
			taken.clear();
		}
		let at = both.ext.execute_with(System::parent_hash);
		let bytes =
			both.ext.execute_with(|| transaction(&mut dice, &programs, &signers, 1_000 + u64::from(number)));
		let source =
			dice.of(&[TransactionSource::External, TransactionSource::Local, TransactionSource::InBlock]);
		let data = [source.encode(), bytes.clone(), at.encode()].concat();
		let word = match both.ask(VALIDATE, &data) {
			Ok(answer) => {
				let validity = TransactionValidity::decode(&mut &answer[..]).unwrap();
				if validity.is_ok() {
					taken.push(bytes);
				}
				word(&validity)
			},
			Err(Ok(answer)) => {
				format!("in Wasm {}", word(&TransactionValidity::decode(&mut &answer[..]).unwrap()))
			},
			Err(Err(_)) => "in Wasm an error".into(),
		};
		*words.entry(word).or_insert(0) += 1;
		// A block now and then, of some of what would be valid: quotas are used up, nonces are taken.
		if number % 100 == 99 {
			both.ext.execute_with(|| {
				let some = taken.drain(..).step_by(3);
				block(some.map(|bytes| UncheckedExtrinsic::decode(&mut &bytes[..]).unwrap()).collect());
				// Nobody pays for what is paused.
				let name = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
				let paused: pallet_tx_pause::RuntimeCallNameOf<Runtime> = (name("Points"), name("donate"));
				match number % 400 < 200 {
					true => pallet_tx_pause::PausedCalls::<Runtime>::insert(paused, ()),
					false => pallet_tx_pause::PausedCalls::<Runtime>::remove(paused),
				}
			});
			both.ext.commit_all().unwrap();
		}
	}
	let [native, wasm] = both.times();
	println!("{transactions} transactions: {words:#?}");
	println!("validate_transaction takes {native:.1} µs natively and {wasm:.1} µs in Wasm");
	Some(words)
}

/// Fails unless there was some of each.
fn assert_some_of_each(words: &BTreeMap<String, u32>) {
	assert!(5 * words["valid"] > words.values().sum(), "less than a fifth is valid: {words:#?}");
	for word in [
		"valid",
		"valid after another",
		"BadProof",
		"Stale",
		"AncientBirthBlock",
		"Payment",
		"CannotLookup",
		"in Wasm valid",
		"in Wasm Payment",
		"in Wasm BadProof",
		"in Wasm an error",
	] {
		assert!(words.contains_key(word), "none was {word}: {words:#?}");
	}
}

#[test]
fn transactions_are_natively_as_valid_as_in_wasm() {
	if let Some(words) = compare(3_000) {
		assert_some_of_each(&words);
	}
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_transactions_are_natively_as_valid_as_in_wasm() {
	if let Some(words) = compare(100_000) {
		assert_some_of_each(&words);
	}
}

/// A method with arguments that are not always good ones.
fn question(dice: &mut Dice, programs: &[ProgramId; 2], signers: &[Wallet]) -> (&'static str, Vec<u8>) {
	let who = anybody(dice, signers).account();
	let other = stranger(dice.below(10));
	let institution = dice.of(&[AIR, BOOKS, 3, 4, 77]);
	let program = dice.of(&[programs[0], programs[1], 77]);
	let amount = dice.of(&[0, 1, 100, 2_000]);
	let order = order(u64::from(dice.below(2)));
	let legs = legs_of(&[(program, amount)]);
	let moment = Timestamp::get() + u64::from(dice.below(100_000));
	let orders = commitments(dice);
	let (tag, commitment) = (H256::repeat_byte(3), H256::repeat_byte(4));
	let call = call(dice, programs, 1);
	let transaction = signers[0].signs(call.clone());
	let len = transaction.encoded_size() as u32;
	let weight = frame_support::weights::Weight::from_parts(u64::from(dice.below(1_000_000_000)), 7);
	match dice.below(QUESTIONS) {
		0 => ("AccountNonceApi_account_nonce", who.encode()),
		1 => ("TransactionPaymentApi_query_info", (transaction, len).encode()),
		2 => ("TransactionPaymentApi_query_fee_details", (transaction, len).encode()),
		3 => ("TransactionPaymentApi_query_weight_to_fee", weight.encode()),
		4 => ("TransactionPaymentApi_query_length_to_fee", len.encode()),
		5 => ("TransactionPaymentCallApi_query_call_info", (call, len).encode()),
		6 => ("TransactionPaymentCallApi_query_call_fee_details", (call, len).encode()),
		7 => ("TransactionPaymentCallApi_query_weight_to_fee", weight.encode()),
		8 => ("TransactionPaymentCallApi_query_length_to_fee", len.encode()),
		9 => ("HanseApi_portfolio", (who, 1 as ProgramId).encode()),
		10 => ("HanseApi_programs", program.encode()),
		11 => ("HanseApi_awarded", (program, orders).encode()),
		12 => ("HanseApi_quote_pay", (who, institution, order, CENT * amount, legs).encode()),
		13 => ("HanseApi_slip", (institution, who, order, amount, legs, moment).encode()),
		14 => ("HanseApi_quote_exchange", (who, program, amount, programs[1]).encode()),
		15 => ("HanseApi_receipt", (BOOKS, who, order).encode()),
		16 => ("HanseApi_statement", institution.encode()),
		17 => ("HanseApi_standing", institution.encode()),
		18 => ("HanseApi_shares_this_era", institution.encode()),
		19 => ("HanseApi_roll_forward", (program, moment).encode()),
		20 => ("HanseApi_customer", who.encode()),
		21 => ("HanseApi_consent", (institution, who, commitment, tag, true, moment).encode()),
		22 => ("HanseApi_invitation", (who, other, moment).encode()),
		23 => ("HanseApi_acceptance", (institution, who, other, moment).encode()),
		24 => ("HanseApi_who_pays", (call, who).encode()),
		25 => ("HanseApi_rules", Vec::new()),
		26 => ("HanseApi_rule_table", Vec::new()),
		_ => {
			let call = dice.of(&[call, amend_limit(1_001)]);
			("HanseApi_majority_for", call.encode())
		},
	}
}

/// How many methods are in it.
const QUESTIONS: u32 = 28;

fn commitments(dice: &mut Dice) -> Vec<H256> {
	(0..dice.below(5)).map(|_| order(u64::from(dice.below(80))).commitment).collect()
}

#[test]
fn what_clients_read_is_natively_what_it_is_in_wasm() {
	let Some(code) = code() else { return };
	let (ext, programs) = world();
	let mut both = Both::new(code, ext);
	let (mut dice, signers) = (Dice::new(), signers());
	both.ext.execute_with(|| {
		let pay = |who: &Wallet| who.signs(payment(BOOKS, 1, CENT, &[(programs[0], 10)]));
		let customers = signers.iter().step_by(3).take(15);
		let outcomes = block(customers.map(pay).collect());
		assert!(outcomes.iter().all(|outcome| *outcome == Ok(Ok(()))), "{outcomes:?}");
	});
	both.ext.commit_all().unwrap();
	let mut answers = BTreeMap::<_, std::collections::BTreeSet<Vec<u8>>>::new();
	for _ in 0..1_500 {
		let (method, data) = both.ext.execute_with(|| question(&mut dice, &programs, &signers));
		let answer = both.ask(method, &data).unwrap_or_else(|_| panic!("{method} is not answered natively"));
		answers.entry(method).or_default().insert(answer);
		// Too long, and too short if there is something to cut off.
		assert_eq!(both.natively(method, &[&data[..], &[0]].concat()), None, "{method}");
		if let Some((_, short)) = data.split_last() {
			assert_eq!(both.natively(method, &data[..short.len()]), None, "{method}");
		}
	}
	let [native, wasm] = both.times();
	println!("a read takes {native:.1} µs natively and {wasm:.1} µs in Wasm");
	assert_eq!(answers.len(), QUESTIONS as usize, "{:?}", answers.keys());
	// Those that depend on what is asked do not always answer the same.
	let same: Vec<_> = answers.iter().filter(|(_, all)| all.len() == 1).map(|(method, _)| *method).collect();
	assert_eq!(same, ["HanseApi_rule_table", "HanseApi_rules"]);
}

#[test]
fn what_blocks_depend_on_is_not_answered_natively() {
	let (mut ext, _) = world();
	ext.execute_with(|| {
		for method in [
			"Core_version",
			"Core_initialize_block",
			"Core_execute_block",
			"BlockBuilder_apply_extrinsic",
			"BlockBuilder_finalize_block",
			"BlockBuilder_inherent_extrinsics",
			"BlockBuilder_check_inherents",
			"AuraApi_authorities",
			"AuraApi_slot_duration",
			"GrandpaApi_grandpa_authorities",
			"GenesisBuilder_get_preset",
			"Metadata_metadata",
			"HanseApi_nothing",
			"",
		] {
			assert_eq!(native::answer(method, &[]), None, "{method}");
		}
	});
}

/// A call in `depth` others.
fn nested(depth: u32, within: fn(RuntimeCall) -> RuntimeCall) -> RuntimeCall {
	(0..depth).fold(frame_system::Call::remark { remark: vec![] }.into(), |call, _| within(call))
}

#[test]
fn calls_in_calls_are_answered_natively_only_as_far_as_any_thread_has_room() {
	let Some(code) = code() else { return };
	let (ext, _) = world();
	let mut both = Both::new(code, ext);
	let ways: [fn(RuntimeCall) -> RuntimeCall; 4] = [
		|call| pallet_utility::Call::batch_all { calls: vec![call] }.into(),
		|call| {
			let (real, force_proxy_type) = (MultiAddress::Id(stranger(1)), None);
			pallet_proxy::Call::proxy { real, force_proxy_type, call: Box::new(call) }.into()
		},
		|call| {
			let other_signatories = vec![stranger(1)];
			pallet_multisig::Call::as_multi_threshold_1 { other_signatories, call: Box::new(call) }.into()
		},
		|call| pallet_rulebook::Call::enact { call: Box::new(call) }.into(),
	];
	for within in ways {
		let mut deepest = 0;
		for depth in 0..300 {
			let data = both.ext.execute_with(|| {
				let transaction = Wallet::of(Alice).signs(nested(depth, within));
				(TransactionSource::External, transaction, System::parent_hash()).encode()
			});
			// On a quarter of the stack that a thread of the node has.
			let answer = std::thread::scope(|scope| {
				let thread = std::thread::Builder::new().stack_size(512 * 1024);
				let ask = || both.natively(VALIDATE, &data);
				thread.spawn_scoped(scope, ask).unwrap().join().unwrap()
			});
			if answer.is_some() {
				assert_eq!(answer, both.in_wasm(VALIDATE, &data).ok());
				deepest = depth;
			}
		}
		assert!((12..=native::MAX_DEPTH).contains(&deepest), "{deepest}");
	}
}
