//! A state with a cache beside one without: both answer the same, and are the same.

use crate::{size, Cache, Host, LARGEST};
use bytes::Bytes;
use codec::Encode;
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use sp_io::storage;
use sp_state_machine::BasicExternalities;
use std::cell::Cell;

/// As many bytes as many histories go beyond.
const MOST: usize = LARGEST + 1024;

thread_local! {
	/// How often the host was asked for an item.
	static ASKED: Cell<usize> = const { Cell::new(0) };
}

fn get(key: &[u8]) -> Option<Bytes> {
	ASKED.set(ASKED.get() + 1);
	storage::get(key)
}

fn cache() -> Cache<MOST> {
	Cache::new(Host {
		get,
		set: storage::set,
		clear: storage::clear,
		clear_prefix: storage::clear_prefix,
		append: storage::append,
		rollback: storage::rollback_transaction,
	})
}

#[derive(Clone, Debug)]
enum Step {
	Get(Vec<u8>),
	Read { key: Vec<u8>, room: usize, offset: u32 },
	Exists(Vec<u8>),
	Set(Vec<u8>, Vec<u8>),
	Clear(Vec<u8>),
	ClearPrefix(Vec<u8>, Option<u32>),
	Append(Vec<u8>, u8),
	Begin,
	Commit,
	Rollback,
}

/// What a step answers.
#[derive(Debug, PartialEq)]
enum Answer {
	Value(Option<Bytes>),
	Bytes(Option<u32>, Vec<u8>),
	Exists(bool),
	/// What the host says, encoded.
	Removed(Vec<u8>),
	Nothing,
}

/// Few keys, so that many steps are about the same; one of a child trie.
fn key() -> impl Strategy<Value = Vec<u8>> {
	prop_oneof![12 => vec(0u8..2, 1..4), 1 => Just(b":child_storage:default:x".to_vec())]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
	prop_oneof![3 => vec(any::<u8>(), 0..64), 1 => (0..2 * LARGEST).prop_map(|size| vec![7; size])]
}

fn step() -> impl Strategy<Value = Step> {
	prop_oneof![
		24 => key().prop_map(Step::Get),
		6 => (key(), 0usize..48, 0u32..80).prop_map(|(key, room, offset)| Step::Read { key, room, offset }),
		6 => key().prop_map(Step::Exists),
		10 => (key(), value()).prop_map(|(key, value)| Step::Set(key, value)),
		4 => key().prop_map(Step::Clear),
		1 => (vec(0u8..2, 1..3), proptest::option::of(0u32..4)).prop_map(|(key, most)| Step::ClearPrefix(key, most)),
		4 => (key(), any::<u8>()).prop_map(|(key, byte)| Step::Append(key, byte)),
		2 => Just(Step::Begin),
		1 => Just(Step::Commit),
		1 => Just(Step::Rollback),
	]
}

/// A step with the cache.
fn take(cache: &mut Cache<MOST>, step: Step) -> Answer {
	match step {
		Step::Get(key) => return Answer::Value(cache.get(&key)),
		Step::Read { key, room, offset } => {
			let mut out = vec![0; room];
			return Answer::Bytes(cache.read(&key, &mut out, offset), out);
		},
		Step::Exists(key) => return Answer::Exists(cache.exists(&key)),
		Step::ClearPrefix(prefix, most) => {
			return Answer::Removed(cache.clear_prefix(&prefix, most).encode())
		},
		Step::Set(key, value) => cache.set(&key, &value),
		Step::Clear(key) => cache.clear(&key),
		Step::Append(key, byte) => cache.append(&key, vec![byte]),
		Step::Begin => storage::start_transaction(),
		Step::Commit => storage::commit_transaction(),
		Step::Rollback => cache.rollback(),
	}
	Answer::Nothing
}

/// The same without it.
fn take_directly(step: Step) -> Answer {
	match step {
		Step::Get(key) => return Answer::Value(storage::get(&key)),
		Step::Read { key, room, offset } => {
			let mut out = vec![0; room];
			return Answer::Bytes(storage::read(&key, &mut out, offset), out);
		},
		Step::Exists(key) => return Answer::Exists(storage::exists(&key)),
		Step::ClearPrefix(prefix, most) => {
			return Answer::Removed(storage::clear_prefix(&prefix, most).encode())
		},
		Step::Set(key, value) => storage::set(&key, &value),
		Step::Clear(key) => storage::clear(&key),
		Step::Append(key, byte) => storage::append(&key, vec![byte]),
		Step::Begin => storage::start_transaction(),
		Step::Commit => storage::commit_transaction(),
		Step::Rollback => storage::rollback_transaction(),
	}
	Answer::Nothing
}

#[test]
fn answers_and_state_are_those_without_it() {
	let (asked, reads, let_go) = (Cell::new(0), Cell::new(0), Cell::new(0));
	TestRunner::default()
		.run(&vec(step(), 1..300), |steps| {
			let (mut with, mut without) = (BasicExternalities::default(), BasicExternalities::default());
			let (mut cache, mut open) = (cache(), 0);
			ASKED.set(0);
			for step in steps {
				match step {
					Step::Begin => open += 1,
					// There is none that could end.
					Step::Commit | Step::Rollback if open == 0 => continue,
					Step::Commit | Step::Rollback => open -= 1,
					Step::Get(_) | Step::Read { .. } | Step::Exists(_) => reads.set(reads.get() + 1),
					_ => (),
				}
				let kept = cache.kept.len();
				let answer = with.execute_with(|| take(&mut cache, step.clone()));
				prop_assert_eq!(&answer, &without.execute_with(|| take_directly(step.clone())), "{:?}", step);
				let bytes: usize = cache.kept.iter().map(|(key, value)| size(key, value)).sum();
				prop_assert!(bytes == cache.bytes && bytes <= MOST, "{} of {} bytes", bytes, cache.bytes);
				// One step lets go of one item at most, unless it is of all.
				if matches!(step, Step::Get(_) | Step::Set(..)) && cache.kept.len() + 1 < kept {
					let_go.set(let_go.get() + 1);
				}
			}
			asked.set(asked.get() + ASKED.get());
			for _ in 0..open {
				with.execute_with(storage::commit_transaction);
				without.execute_with(storage::commit_transaction);
			}
			prop_assert_eq!(with.into_storages().top, without.into_storages().top);
			Ok(())
		})
		.unwrap();
	let (asked, reads, let_go) = (asked.get(), reads.get(), let_go.get());
	println!("{reads} reads, for {asked} of which the host was asked; {let_go} times there was too much");
	assert!(asked < reads * 3 / 4 && let_go > 100);
}

#[test]
fn an_item_is_asked_for_once() {
	BasicExternalities::default().execute_with(|| {
		storage::set(b"here", b"value");
		let mut cache = cache();
		ASKED.set(0);
		for _ in 0..3 {
			assert_eq!(cache.get(b"here").as_deref(), Some(&b"value"[..]));
			assert_eq!(cache.get(b"nowhere"), None);
			assert!(cache.exists(b"here") && !cache.exists(b"nowhere"));
			assert_eq!(cache.read(b"here", &mut [0; 2], 1), Some(4));
		}
		assert_eq!(ASKED.get(), 2);
		// What was written is known.
		cache.set(b"written", b"too");
		assert_eq!((cache.get(b"written").as_deref(), ASKED.get()), (Some(&b"too"[..]), 2));
		// What is large is not kept, nor what the host writes by itself.
		cache.set(b"large", &[1; LARGEST]);
		for key in [&b"large"[..], b":child_storage:default:x"] {
			let before = ASKED.get();
			assert_eq!(cache.exists(key), cache.exists(key));
			assert_eq!(ASKED.get() - before, 2);
		}
	});
}

#[test]
fn what_changes_without_it_is_seen_once_it_has_let_go() {
	BasicExternalities::default().execute_with(|| {
		let mut cache = cache();
		cache.set(b"key", b"old");
		storage::set(b"key", b"new");
		assert_eq!(cache.get(b"key").as_deref(), Some(&b"old"[..]));
		cache.forget();
		assert_eq!(cache.get(b"key").as_deref(), Some(&b"new"[..]));
	});
}
