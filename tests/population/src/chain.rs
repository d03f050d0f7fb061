//! The chain in memory: two blocks, of which the second holds everything that members did for their customers.

use crate::{genesis, Options};
use codec::Encode;
use frame_support::{
	genesis_builder_helper::build_state,
	storage::{storage_prefix, unhashed},
	traits::OnFinalize,
};
use hanse_primitives::{Eras as _, InstitutionId, Members as _, ProgramId, MAX_AWARDS};
use hanse_runtime::{
	constants::SLOT_DURATION, AccountId, AllPalletsWithSystem, Customers, Executive, Header, Institutions,
	Rulebook, RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, Signature, Timestamp, UncheckedExtrinsic,
};
use pallet_points::{Award, Period, Terms};
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::{sr25519, storage::Storage, Pair, H256};
use sp_runtime::{
	traits::{Dispatchable, Header as _},
	Digest, DigestItem,
};
use sp_state_machine::BasicExternalities;
use std::{
	thread,
	time::{SystemTime, UNIX_EPOCH},
};

const DAY: u64 = 24 * 60 * 60 * 1_000;
/// Customers whose signatures are made at once.
const AT_ONCE: usize = 10_000;

const TERMS: Terms = Terms {
	face_value: 1_000,
	decimals: 0,
	period: Period::Milliseconds(30 * DAY),
	validity: 180 * DAY,
	pending: 0,
};

type Done = Result<(), String>;

/// The state of the chain, as that of a block 0.
pub fn populated(options: &Options) -> Result<Storage, String> {
	let config = genesis::config(options)?;
	let mut ext = BasicExternalities::new_empty();
	ext.execute_with(|| build_state::<RuntimeGenesisConfig>(config.into_bytes()))
		.map_err(|error| format!("the runtime does not take the genesis: {error}"))?;
	let genesis = ext.into_storages();

	let mut ext = BasicExternalities::new(genesis.clone());
	ext.execute_with(|| {
		open_block(1, now()?)?;
		(1..=options.members).try_for_each(create_program)?;
		AllPalletsWithSystem::on_finalize(1);
		open_block(2, Timestamp::get() + SLOT_DURATION)?;
		let numbers: Vec<u32> = (0..options.customers).collect();
		numbers.chunks(AT_ONCE).try_for_each(|numbers| add(options, numbers))?;
		AllPalletsWithSystem::on_finalize(2);
		if options.check {
			check()?;
		}
		Ok::<_, String>(())
	})?;
	Ok(as_genesis(ext.into_storages(), &genesis))
}

/// Half a minute ago, at the begin of a slot, so that the node's first slot comes later.
fn now() -> Result<u64, String> {
	let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
	let now = u64::try_from(now.as_millis()).map_err(|error| error.to_string())?;
	Ok((now / SLOT_DURATION).saturating_sub(30) * SLOT_DURATION)
}

fn open_block(number: u32, now: u64) -> Done {
	let slot = sp_consensus_aura::Slot::from(now / SLOT_DURATION);
	let digest = Digest { logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, slot.encode())] };
	Executive::initialize_block(&Header::new(number, H256::zero(), H256::zero(), H256::zero(), digest));
	let set = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
	match Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(set)) {
		Ok(Ok(())) => Ok(()),
		other => Err(format!("the time of block {number}: {other:?}")),
	}
}

fn create_program(member: InstitutionId) -> Done {
	let (name, symbol) = (format!("Points {member}").into_bytes(), format!("PTS{member}").into_bytes());
	dispatch(member, pallet_points::Call::create_program { name, symbol, terms: TERMS })
}

/// Registers these customers and awards them points.
fn add(options: &Options, numbers: &[u32]) -> Done {
	let until = Timestamp::get() + 60_000;
	let registrar = |number: u32| 1 + number % options.members;
	let consents: Vec<_> = numbers
		.iter()
		.map(|&number| {
			let pair = customer(number);
			let account = AccountId::new(pair.public().0);
			let consent =
				Customers::consent(registrar(number), account, H256::zero(), tag(number), false, until);
			(pair, consent)
		})
		.collect();
	let signatures = signed(&consents);
	for (((pair, _), signature), &number) in consents.iter().zip(signatures).zip(numbers) {
		let call = pallet_customers::Call::register {
			account: AccountId::new(pair.public().0),
			commitment: H256::zero(),
			tag: tag(number),
			may_recover: false,
			until,
			signature: Signature::Sr25519(signature),
		};
		dispatch(registrar(number), call)?;
		forget_events();
	}
	let holders =
		consents.iter().zip(numbers).map(|((pair, _), &number)| (AccountId::new(pair.public().0), number));
	award(options, &holders.collect::<Vec<_>>())
}

/// What `consents` sign, on all processors.
fn signed(consents: &[(sr25519::Pair, Vec<u8>)]) -> Vec<sr25519::Signature> {
	let parts = thread::available_parallelism().map_or(1, usize::from);
	let sign = |part: &[(sr25519::Pair, Vec<u8>)]| {
		part.iter().map(|(pair, bytes)| pair.sign(bytes)).collect::<Vec<_>>()
	};
	thread::scope(|scope| {
		let chunks = consents.chunks(consents.len().div_ceil(parts).max(1));
		let workers: Vec<_> = chunks.map(|part| scope.spawn(move || sign(part))).collect();
		workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
	})
}

/// Points of each program that these customers hold.
fn award(options: &Options, holders: &[(AccountId, u32)]) -> Done {
	let era = Rulebook::current();
	for member in 1..=options.members {
		let place = |number: u32| (member + options.members - 1 - number % options.members) % options.members;
		let awards: Vec<_> = holders
			.iter()
			.filter(|(_, number)| place(*number) < options.holdings)
			.map(|(to, number)| Award {
				to: to.clone(),
				amount: options.points,
				order: order(member, *number),
			})
			.collect();
		for batch in awards.chunks(MAX_AWARDS as usize) {
			let awards = batch.to_vec().try_into().map_err(|_| "a batch is too long")?;
			let program = ProgramId::try_from(member).map_err(|error| error.to_string())?;
			dispatch(member, pallet_points::Call::issue_batch { program, era, awards })?;
			forget_events();
		}
	}
	Ok(())
}

/// What `System::reset_events` does, but for topics, of which there are none: to look for them is to go through all that was
/// written.
fn forget_events() {
	for item in [b"Events".as_slice(), b"EventCount"] {
		unhashed::kill(&storage_prefix(b"System", item));
	}
}

fn dispatch(member: InstitutionId, call: impl Into<RuntimeCall>) -> Done {
	let account = Institutions::account(member).map_err(|error| format!("member {member}: {error:?}"))?;
	let call: RuntimeCall = call.into();
	match call.dispatch(RuntimeOrigin::signed(account)) {
		Ok(_) => Ok(()),
		Err(failed) => Err(format!("member {member}: {:?}", failed.error)),
	}
}

fn customer(number: u32) -> sr25519::Pair {
	sr25519::Pair::from_seed(&sp_io::hashing::blake2_256(&(b"customer", number).encode()))
}

fn tag(number: u32) -> H256 {
	H256(sp_io::hashing::blake2_256(&(b"person", number).encode()))
}

fn order(member: InstitutionId, number: u32) -> H256 {
	H256(sp_io::hashing::blake2_256(&(b"welcome", member, number).encode()))
}

fn check() -> Done {
	use hanse_runtime::{Authorities, Clearing, Conduct, Exchange, Points, Sponsorship, Supervision};
	let all = || {
		Rulebook::do_try_state()?;
		Institutions::do_try_state()?;
		Authorities::do_try_state()?;
		Clearing::do_try_state()?;
		Points::do_try_state()?;
		Exchange::do_try_state()?;
		Customers::do_try_state()?;
		Sponsorship::do_try_state()?;
		Supervision::do_try_state()?;
		Conduct::do_try_state()
	};
	all().map_err(|error| format!("the books are not in order: {error:?}"))
}

/// What blocks leave behind is as at genesis again, but for accounts: the node's first block has the number 1.
fn as_genesis(mut storage: Storage, genesis: &Storage) -> Storage {
	let accounts = storage_prefix(b"System", b"Account");
	let of = |key: &[u8], pallet: &[u8]| key.starts_with(&sp_io::hashing::twox_128(pallet));
	let passes = |key: &[u8]| {
		key.starts_with(b":")
			|| of(key, b"Authorship")
			|| of(key, b"System") && !key.starts_with(&accounts)
			|| key == storage_prefix(b"Timestamp", b"DidUpdate")
	};
	storage.top.retain(|key, _| !passes(key));
	storage
		.top
		.extend(genesis.top.iter().filter(|(key, _)| passes(key)).map(|(k, v)| (k.clone(), v.clone())));
	storage
}

#[cfg(test)]
mod tests {
	use super::*;
	use hanse_runtime::{Points, Runtime, System};

	#[test]
	fn customers_are_registered_and_hold_points_and_the_books_are_in_order() {
		let options = Options {
			spec: Default::default(),
			customers: 1_200,
			members: 5,
			authorities: 2,
			holdings: 2,
			points: 7,
			check: true,
		};
		let storage = populated(&options).expect("a populated chain");
		BasicExternalities::new(storage).execute_with(|| {
			assert_eq!((System::block_number(), System::events().len()), (0, 0));
			let account = AccountId::new(customer(1_199).public().0);
			assert_eq!(pallet_customers::Registrations::<Runtime>::iter_keys().count(), 1_200);
			let held = Points::portfolio(account, 1).holdings;
			assert_eq!(
				held.iter().map(|one| (one.program, one.amount)).collect::<Vec<_>>(),
				[(1, 7), (5, 7)]
			);
			let issued: u128 =
				pallet_points::FlowsOf::<Runtime>::iter_values().map(|flows| flows.issued).sum();
			assert_eq!(issued, 1_200 * 2 * 7);
		});
	}
}
