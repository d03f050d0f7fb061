//! What members decide, as `pallet-collective` does it and as it is checked here.

use super::{rulebook::*, system as frame_system, world::*, Config};
use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::GetDispatchInfo,
	traits::OnPoll,
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{MAX_MEMBERS, MAX_MOTIONS};
use pallet_collective::{Call, Proposals};
use sp_runtime::traits::{BlakeTwo256, Hash as _};

pub struct Pallet<T: Config>(PhantomData<T>);

/// The motion in question.
fn motion() -> RuntimeCall {
	amendment(1_000)
}

/// As many motions as there can be but one, of an alliance of so many members.
fn seated(members: u32) -> Prepared<Vec<AccountId>> {
	begin()?;
	fill_motions(1, 0)?;
	pallet_collective::Members::<Runtime>::mutate(|all| all.truncate(members as usize));
	Ok(pallet_collective::Members::<Runtime>::get().to_vec())
}

fn moved() -> RuntimeCall {
	let call = motion();
	let threshold = Rulebook::majority_for(call.clone()).map_or(0, |needed| needed.ayes);
	Call::propose { threshold, proposal: alloc::boxed::Box::new(call.into()), length_bound: 1_000 }.into()
}

/// The motion is made and these voted about it.
fn voted(members: &[AccountId], ayes: usize, nays: usize) -> Prepared<Hash> {
	send(&members[members.len() - 1], moved())?;
	let hash = BlakeTwo256::hash_of(&motion());
	let votes = configs::motions::votes(&hash).ok_or("there is no such motion")?;
	let (ayes, nays) = (members[..ayes].to_vec(), members[ayes..ayes + nays].to_vec());
	let key = pallet_collective::Voting::<Runtime>::hashed_key_for(hash);
	let voted = (votes.index, votes.threshold, ayes, nays, votes.end);
	frame_support::storage::unhashed::put(&key, &voted);
	Ok(hash)
}

fn index(hash: &Hash) -> u32 {
	configs::motions::votes(hash).map_or(0, |votes| votes.index)
}

fn close(proposal_hash: Hash) -> Prepared {
	let proposal_weight_bound =
		motion().get_dispatch_info().call_weight.saturating_add(Weight::from_parts(1, 0));
	let index = index(&proposal_hash);
	send(&rich(0), Call::close { proposal_hash, index, proposal_weight_bound, length_bound: 1_000 })
}

fn open() -> u32 {
	Proposals::<Runtime>::get().len() as u32
}

#[benchmarks]
mod measured {
	use super::*;

	#[benchmark]
	fn propose(m: Linear<4, { MAX_MEMBERS }>) -> Result<(), BenchmarkError> {
		let members = seated(m)?;
		let call = moved();
		#[block]
		{
			send(&members[m as usize - 1], call)?;
		}
		ensure(open() == MAX_MOTIONS, "proposed")?;
		Ok(())
	}

	/// After everybody else.
	#[benchmark]
	fn vote(m: Linear<4, { MAX_MEMBERS }>) -> Result<(), BenchmarkError> {
		let members = seated(m)?;
		let others = m as usize - 1;
		let proposal = voted(&members, 0, others)?;
		let index = index(&proposal);
		let once = || send(&members[others], Call::vote { proposal, index, approve: false });
		warm(&once);
		#[block]
		{
			once()?;
		}
		let nays = configs::motions::votes(&proposal).map(|votes| votes.nays.len());
		ensure(nays == Some(m as usize), "voted")?;
		Ok(())
	}

	/// By everybody, with what was decided: an amendment.
	#[benchmark]
	fn close_approved(m: Linear<4, { MAX_MEMBERS }>) -> Result<(), BenchmarkError> {
		let members = seated(m)?;
		let hash = voted(&members, m as usize, 0)?;
		#[block]
		{
			close(hash)?;
		}
		ensure(open() == MAX_MOTIONS - 1 && waiting() == 1, "decided")?;
		Ok(())
	}

	#[benchmark]
	fn close_disapproved(m: Linear<4, { MAX_MEMBERS }>) -> Result<(), BenchmarkError> {
		let members = seated(m)?;
		let hash = voted(&members, 0, m as usize)?;
		#[block]
		{
			close(hash)?;
		}
		ensure(open() == MAX_MOTIONS - 1 && waiting() == 0, "defeated")?;
		Ok(())
	}

	/// The deposit of a motion that was defeated long ago.
	#[benchmark]
	fn release_proposal_cost() -> Result<(), BenchmarkError> {
		let members = seated(MAX_MEMBERS)?;
		let hash = voted(&members, 0, MAX_MEMBERS as usize)?;
		close(hash)?;
		// Which remembers its defeat.
		Rulebook::on_poll(System::block_number(), &mut WeightMeter::new());
		set_time(START + 10 * hanse_primitives::DAY);
		#[block]
		{
			send(&rich(0), Call::release_proposal_cost { proposal_hash: hash })?;
		}
		ensure(!pallet_collective::CostOf::<Runtime>::contains_key(hash), "released")?;
		Ok(())
	}
}
