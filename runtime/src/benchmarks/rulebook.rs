//! Decisions, motions and clocks.

use super::{system as frame_system, world::*, Config};
use crate::*;
use alloc::boxed::Box;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{OnInitialize, OnPoll},
	weights::WeightMeter,
};
use hanse_primitives::{DAY, MAX_MEMBERS, MAX_MOTIONS, UNIT};
use pallet_rulebook::{
	Call, CurrentRules, Decision, DecisionQueue, DecisionSubject, DefeatedMotions, FiledMotions,
	LastDecision, PendingDecisions, Rule, MAX_CALL_LEN, MAX_DECISIONS,
};
use sp_core::H256;
use sp_runtime::traits::{BlakeTwo256, Hash as _};

pub struct Pallet<T: Config>(PhantomData<T>);

/// As many decisions wait as can, but for `free`, each of a call that is as long as there can be.
pub fn fill_agenda(free: u32) -> Prepared {
	let due = START + 50 * DAY;
	for _ in 0..MAX_DECISIONS - free - waiting() {
		let id = LastDecision::<Runtime>::get() + 1;
		let call = frame_support::BoundedVec::truncate_from(alloc::vec![1; MAX_CALL_LEN as usize]);
		PendingDecisions::<Runtime>::insert(id, Decision { what: DecisionSubject::Enactment { call }, due });
		DecisionQueue::<Runtime>::try_append((due, id)).map_err(|()| "more than there can be")?;
		LastDecision::<Runtime>::put(id);
	}
	Ok(())
}

/// How many decisions wait.
pub fn waiting() -> u32 {
	DecisionQueue::<Runtime>::get().len() as u32
}

/// To raise a rule.
pub fn amendment(number: u32) -> RuntimeCall {
	let value = 1_000 * UNIT + u128::from(number);
	Call::amend { rule: Rule::CustomerLimit, value, charter: H256::zero() }.into()
}

/// Proposes it, as the `number`-th of members.
pub fn propose(number: u32, call: &RuntimeCall) -> Prepared {
	let proposal = Box::new(call.clone().into());
	let threshold = Rulebook::majority_for(call.clone()).map_or(0, |needed| needed.ayes);
	send(&member(number), pallet_collective::Call::propose { threshold, proposal, length_bound: 1_000 })
}

/// Somebody votes.
pub fn vote(who: u32, call: &RuntimeCall, approve: bool) -> Prepared {
	let proposal = BlakeTwo256::hash_of(call);
	let index = configs::motions::votes(&proposal).map_or(0, |votes| votes.index);
	send(&member(who), pallet_collective::Call::vote { proposal, index, approve })
}

/// As many motions as there can be but for `free`, for each of which everybody voted but the last `silent` members.
pub fn fill_motions(free: u32, silent: u32) -> Prepared {
	for number in 1..=MAX_MOTIONS - free {
		let call = amendment(number);
		propose(number, &call)?;
		let motion = BlakeTwo256::hash_of(&call);
		let votes = configs::motions::votes(&motion).ok_or("there is no such motion")?;
		let half = (MAX_MEMBERS - silent) / 2;
		let ayes: alloc::vec::Vec<_> = (1..=half).map(member).collect();
		let nays: alloc::vec::Vec<_> = (half + 1..=MAX_MEMBERS - silent).map(member).collect();
		let voted = (votes.index, votes.threshold, ayes, nays, votes.end);
		let key = pallet_collective::Voting::<Runtime>::hashed_key_for(motion);
		frame_support::storage::unhashed::put(&key, &voted);
	}
	Ok(())
}

fn poll() {
	Rulebook::on_poll(System::block_number(), &mut WeightMeter::new());
}

#[benchmarks]
mod measured {
	use super::*;

	/// While spending is stopped by pauses of as many calls as are looked at.
	#[benchmark]
	fn begin_block() -> Result<(), BenchmarkError> {
		begin()?;
		for number in 0..64u32 {
			let name = |what: &str| {
				let name = alloc::format!("{what}{number}").into_bytes();
				frame_support::BoundedVec::truncate_from(name)
			};
			pallet_tx_pause::PausedCalls::<Runtime>::insert((name("Nothing"), name("call")), ());
		}
		let now = Timestamp::get() + 1_000;
		#[block]
		{
			Rulebook::on_initialize(System::block_number());
			<Rulebook as frame_support::traits::OnTimestampSet<u64>>::on_timestamp_set(now);
		}
		Ok(())
	}

	#[benchmark]
	fn amend() -> Result<(), BenchmarkError> {
		begin()?;
		fill_agenda(1)?;
		let call = amendment(1);
		#[block]
		{
			from(members(), call)?;
		}
		ensure(waiting() == MAX_DECISIONS, "scheduled")?;
		Ok(())
	}

	#[benchmark]
	fn retract() -> Result<(), BenchmarkError> {
		begin()?;
		fill_agenda(0)?;
		#[block]
		{
			from(members(), Call::retract { decision: 1 })?;
		}
		ensure(waiting() == MAX_DECISIONS - 1, "retracted")?;
		Ok(())
	}

	#[benchmark]
	fn enact() -> Result<(), BenchmarkError> {
		begin()?;
		fill_agenda(1)?;
		let call = frame_system::Call::authorize_upgrade { code_hash: H256::zero() };
		#[block]
		{
			from(members(), Call::enact { call: Box::new(call.into()) })?;
		}
		ensure(waiting() == MAX_DECISIONS, "scheduled")?;
		Ok(())
	}

	/// An amendment that is due.
	#[benchmark]
	fn apply_amendment() -> Result<(), BenchmarkError> {
		begin()?;
		from(members(), amendment(1))?;
		fill_agenda(1)?;
		set_time(START + 10 * DAY);
		#[block]
		{
			poll();
		}
		ensure(CurrentRules::<Runtime>::get().customer_limit == 1_000 * UNIT + 1, "in force")?;
		Ok(())
	}

	/// A call that is due, which cannot be enacted.
	#[benchmark]
	fn dispatch_call() -> Result<(), BenchmarkError> {
		begin()?;
		fill_agenda(0)?;
		let due = START + 10 * DAY;
		DecisionQueue::<Runtime>::mutate(|queue| queue.iter_mut().take(1).for_each(|entry| entry.0 = due));
		set_time(due);
		#[block]
		{
			poll();
		}
		ensure(waiting() == MAX_DECISIONS - 1, "enacted")?;
		Ok(())
	}

	/// Where all others were defeated in this block.
	#[benchmark]
	fn file() -> Result<(), BenchmarkError> {
		begin()?;
		fill_motions(0, MAX_MEMBERS)?;
		pallet_collective::Proposals::<Runtime>::kill();
		let motion = H256::repeat_byte(1);
		DefeatedMotions::<Runtime>::insert(motion, START - 1);
		#[block]
		{
			Rulebook::file(&member(1), motion, 100).map_err(|_| "not filed")?;
		}
		ensure(FiledMotions::<Runtime>::get().len() == 1, "filed")?;
		Ok(())
	}

	/// The same when a block begins.
	#[benchmark]
	fn watch_motions() -> Result<(), BenchmarkError> {
		begin()?;
		fill_motions(0, MAX_MEMBERS)?;
		pallet_collective::Proposals::<Runtime>::kill();
		#[block]
		{
			poll();
		}
		ensure(FiledMotions::<Runtime>::get().is_empty(), "defeated")?;
		Ok(())
	}

	/// A motion about which everybody voted.
	#[benchmark]
	fn lapse() -> Result<(), BenchmarkError> {
		begin()?;
		let call = amendment(1);
		propose(1, &call)?;
		(1..=MAX_MEMBERS).try_for_each(|who| vote(who, &call, who > 128))?;
		// Its time is up.
		let motion = BlakeTwo256::hash_of(&call);
		let votes = configs::motions::votes(&motion).ok_or("there is no such motion")?;
		let key = pallet_collective::Voting::<Runtime>::hashed_key_for(motion);
		let over = (votes.index, votes.threshold, votes.ayes, votes.nays, System::block_number());
		frame_support::storage::unhashed::put(&key, &over);
		FiledMotions::<Runtime>::mutate(|all| {
			all.iter_mut().for_each(|filed| filed.ends = Some(System::block_number()))
		});
		#[block]
		{
			poll();
		}
		ensure(pallet_collective::Proposals::<Runtime>::get().is_empty(), "ended")?;
		Ok(())
	}
}
