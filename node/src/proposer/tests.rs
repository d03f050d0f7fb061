//! The blocks of this proposer are those that the SDK's block builder makes of the same transactions, and nothing that the
//! pool has accepted is lost by them.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::world::{account, transfer, World};
use codec::Encode;
use hanse_runtime::{constants::UNIT, opaque::UncheckedExtrinsic as Opaque, RuntimeCall};
use sc_block_builder::BlockBuilderBuilder;
use sp_consensus::Proposer as _;
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_inherents::InherentData;
use sp_runtime::{Digest, DigestItem, MultiAddress};
use std::collections::BTreeMap;

/// The slot of the blocks: somewhen in 2026.
const SLOT: u64 = 1_767_225_600;
const MINUTE: Duration = Duration::from_secs(60);

impl World {
	/// The state of the first block, with this executor or with that of the client.
	fn state(&self, executor: Option<Executor>) -> Parent {
		Parent::open(&self.parts.client, &self.parts.backend, executor, self.parent.hash()).unwrap()
	}

	fn block<'a>(&self, state: &'a Parent) -> UnfinishedBlock<'a> {
		let ProposeArgs { inherent_digests, inherent_data, .. } = args();
		let mut block =
			UnfinishedBlock::new(state, &self.parent, inherent_digests, Default::default()).unwrap();
		block.take_inherents(inherent_data).unwrap();
		block
	}

	/// What the SDK's builder answers to each of these, and the header of the block.
	fn stock(&self, transactions: &[Opaque]) -> (Vec<bool>, Header) {
		let ProposeArgs { inherent_digests, inherent_data, .. } = args();
		let mut builder = BlockBuilderBuilder::new(&*self.parts.client)
			.on_parent_block(self.parent.hash())
			.with_parent_block_number(0)
			.with_inherent_digests(inherent_digests)
			.build()
			.unwrap();
		for inherent in builder.create_inherents(inherent_data).unwrap() {
			builder.push(inherent).unwrap();
		}
		let taken = transactions.iter().map(|it| builder.push(it.clone()).is_ok()).collect();
		(taken, builder.build().unwrap().block.header)
	}

	/// What makes blocks in such slots.
	fn factory(&self, slot: Duration) -> Factory {
		Factory::new(&self.parts, Arc::new(Pace::new(slot)), None)
	}

	/// A block of what is in the pool.
	fn propose(&self, mut factory: Factory, args: ProposeArgs<Block>) -> Block {
		let proposer = futures::executor::block_on(factory.init(&self.parent)).unwrap();
		futures::executor::block_on(proposer.propose(args)).unwrap().block
	}
}

fn args() -> ProposeArgs<Block> {
	let mut inherent_data = InherentData::new();
	inherent_data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &(SLOT * 1_000)).unwrap();
	let slot = DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(SLOT).encode());
	let inherent_digests = Digest { logs: vec![slot] };
	ProposeArgs { inherent_data, inherent_digests, max_duration: MINUTE, ..Default::default() }
}

/// So long that two fill what strangers get of a block.
fn long() -> RuntimeCall {
	frame_system::Call::remark { remark: vec![0; 1024 * 1024] }.into()
}

/// Numbers without a pattern, the same each time.
struct Numbers(u64);

impl Numbers {
	fn below(&mut self, end: u64) -> u64 {
		self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
		(self.0 >> 33) % end
	}
}

#[test]
fn a_block_of_batches_is_the_block_that_the_sdk_makes_of_the_same_transactions() {
	let world = World::new();
	let mut answers = BTreeMap::<String, u32>::new();
	for seed in 0..12 {
		let mut numbers = Numbers(seed);
		let mut nonces = [0; 4];
		let transactions: Vec<_> = (0..60)
			.map(|_| {
				let who = numbers.below(4) as u32;
				let next = &mut nonces[who as usize];
				match numbers.below(12) {
					// Too early, and too late.
					0 => return world.signed(who, *next + 1, transfer(9, UNIT)),
					1 => return world.signed(who, next.saturating_sub(1), transfer(9, UNIT)),
					// From nobody, who cannot pay.
					2 => return world.signed(20 + who, 0, transfer(9, UNIT)),
					_ => *next += 1,
				}
				let call = match numbers.below(8) {
					0 => long(),
					// Fails, and is charged for.
					1 => transfer(9, u128::MAX / 2),
					_ => transfer(4 + numbers.below(20) as u32, UNIT),
				};
				world.signed(who, *next - 1, call)
			})
			.collect();

		// By turns on one state, and on one that the client opens for each call.
		let executor = world.parts.executor.clone().expect("the runtime is the chain's");
		let state = world.state((seed % 2 == 0).then_some(executor));
		let mut block = world.block(&state);
		let (mut rest, mut refusals) = (&transactions[..], Vec::new());
		while !rest.is_empty() {
			let (batch, later) = rest.split_at((1 + numbers.below(BATCH as u64) as usize).min(rest.len()));
			refusals.extend(block.apply(batch.to_vec()));
			rest = later;
		}
		let (taken, header) = world.stock(&transactions);
		assert_eq!(refusals.iter().map(Option::is_none).collect::<Vec<_>>(), taken);
		assert_eq!(block.finish().unwrap().block.header, header);
		for refusal in refusals {
			*answers.entry(format!("{refusal:?}")).or_default() += 1;
		}
	}
	println!("{answers:#?}");
	for kind in ["None", "Future", "Stale", "Payment", "ExhaustsResources"] {
		let found =
			answers.iter().filter(|(answer, _)| answer.contains(kind)).map(|(_, count)| count).sum::<u32>();
		assert!(found >= 10, "{kind}: {found}");
	}
}

#[test]
fn what_stops_the_runtime_takes_nothing_else_with_it() {
	let world = World::new();
	let bad = Opaque::from_blob(vec![255; 40]);
	let good = [world.signed(0, 0, transfer(9, UNIT)), world.signed(0, 1, transfer(9, UNIT))];
	let state = world.state(world.parts.executor.clone());
	let mut block = world.block(&state);
	let refusals = block.apply(vec![good[0].clone(), bad, good[1].clone()]);
	assert_eq!(refusals, [None, Some(None), None]);
	assert_eq!(block.finish().unwrap().block.header, world.stock(&good).1);
}

#[test]
fn a_block_takes_what_the_pool_has_and_loses_nothing_that_does_not_fit() {
	let world = World::new();
	let small = (0..100).map(|nonce| world.signed(0, nonce, transfer(9, UNIT))).collect();
	world.submit(small);
	// The third does not fit, since strangers get half of a block, nor what comes after it.
	world.submit((0..6).map(|nonce| world.signed(1, nonce, long())).collect());
	world.submit(vec![world.signed(1, 6, transfer(9, UNIT))]);
	// The second cannot pay once the first has taken everything.
	let all = pallet_balances::Call::transfer_all { dest: MultiAddress::Id(account(9)), keep_alive: false };
	let poor = world.submit(vec![world.signed(2, 0, all), world.signed(2, 1, transfer(9, UNIT))]);

	let block = world.propose(world.factory(MINUTE), args());
	let inherents = 1;
	let taken = block.extrinsics.len() - inherents;
	let of_first = block.extrinsics.iter().filter(|it| it.encoded_size() < 1_000).count() - inherents;
	// The hundred, and what takes everything.
	assert_eq!(of_first, 101, "{taken} are taken");
	assert_eq!(taken - of_first, 2, "as many long ones as there are bytes for strangers");
	// All but the one that cannot pay are still there until their block is imported.
	let left: Vec<_> = world.parts.pool.ready().map(|it| *it.hash()).collect();
	assert_eq!(left.len(), 100 + 7 + 1);
	assert!(left.contains(&poor[0]) && !left.contains(&poor[1]));
}

#[test]
fn a_block_ends_with_its_time() {
	let world = World::new();
	world.submit((0..50).map(|nonce| world.signed(0, nonce, transfer(9, UNIT))).collect());
	let block = world.propose(world.factory(MINUTE), ProposeArgs { max_duration: Duration::ZERO, ..args() });
	assert_eq!(block.extrinsics.len(), 1, "nothing but the time");
	// After slots without a block there is more time to close it, but not for transactions.
	let block = world.propose(world.factory(Duration::ZERO), args());
	assert_eq!(block.extrinsics.len(), 1, "nothing but the time");
	assert_eq!(world.parts.pool.status().ready, 50);
}

#[test]
fn a_block_leaves_the_time_that_it_takes_to_close_it() {
	let (second, begun) = (Duration::from_secs(1), Instant::now());
	let left = |pace: &Pace, most: u32, after: f64| {
		Time::new(begun, most * second, pace).left(begun + second.mul_f64(after)).as_secs_f64()
	};
	// Transactions are taken for 27 seconds of such a slot, and closing takes half as long. Twice that is kept, so in
	// eight seconds there are four for transactions, also if some of them are over.
	let pace = Pace::new(60 * second);
	pace.made(second, second / 2, second);
	for after in [0.0, 1.0, 3.0, 4.0, 20.0] {
		let expected = f64::max(4.0 - after, 0.0);
		assert!((left(&pace, 8, after) - expected).abs() < 0.001, "after {after} s");
	}
	assert_eq!(left(&pace, 600, 0.0), pace.filling().as_secs_f64());

	// What a full block took is known for the next one.
	let world = World::new();
	world.submit((0..300).map(|nonce| world.signed(0, nonce, transfer(9, UNIT))).collect());
	let factory = world.factory(MINUTE);
	let (pace, before) = (factory.0.pace.clone(), factory.0.pace.closing());
	assert_eq!(world.propose(factory, args()).extrinsics.len(), 301);
	assert_ne!(pace.closing(), before);
}

#[test]
fn long_transactions_have_calls_of_their_own_and_none_is_left_out() {
	let world = World::new();
	let lengths = [100, 100, 20_000, 100, 5_000, 5_000, 100];
	let remark = |length| frame_system::Call::remark { remark: vec![0; length] };
	for (nonce, length) in (0..).zip(lengths) {
		world.submit(vec![world.signed(0, nonce, remark(length))]);
	}
	let (mut ready, mut then) = (world.parts.pool.ready(), None);
	let mut batches = Vec::new();
	loop {
		let batch = next(&mut ready, &mut then, 3);
		if batch.is_empty() {
			break;
		}
		batches.push(batch.iter().map(|it| it.data().encoded_size() / 100).collect::<Vec<_>>());
	}
	let hundreds = |lengths: &[usize]| lengths.iter().map(|length| length / 100 + 1).collect::<Vec<_>>();
	let expected: [&[usize]; 4] = [&lengths[..2], &lengths[2..3], &lengths[3..5], &lengths[5..]];
	assert_eq!(batches, expected.map(hundreds));
}
