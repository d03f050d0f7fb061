//! Who makes blocks.

use super::{system as frame_system, world::*, Config};
use crate::*;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use hanse_primitives::{InstitutionId, MAX_AUTHORITIES, MAX_MEMBERS};
use pallet_authorities::{Call, LastRoster, Operators, PendingRestart, Roster, SessionsCounted};
use pallet_session::SessionManager;

pub struct Pallet<T: Config>(PhantomData<T>);

fn roster(blocks: impl Fn(InstitutionId) -> u32) -> pallet_authorities::BlocksMade {
	let all = (1..=MAX_AUTHORITIES).map(|id| (id, blocks(id))).collect::<alloc::vec::Vec<_>>();
	frame_support::BoundedVec::truncate_from(all)
}

#[benchmarks]
mod measured {
	use super::*;

	/// No more.
	#[benchmark]
	fn operate() -> Result<(), BenchmarkError> {
		begin()?;
		#[block]
		{
			send(&member(1), Call::operate { on: false })?;
		}
		ensure(!Operators::<Runtime>::contains_key(1), "stopped")?;
		Ok(())
	}

	#[benchmark]
	fn restart_finality() -> Result<(), BenchmarkError> {
		begin()?;
		LastRoster::<Runtime>::put(roster(|id| id % 2));
		#[block]
		{
			from(members(), Call::restart_finality { best_finalised: 0, set_id: 0 })?;
		}
		ensure(PendingRestart::<Runtime>::exists(), "voted")?;
		Ok(())
	}

	/// Of `p` that wanted to serve, and as many authorities as there can be.
	#[benchmark]
	fn end_session(p: Linear<{ MAX_AUTHORITIES }, { MAX_MEMBERS }>) -> Result<(), BenchmarkError> {
		begin()?;
		for id in MAX_AUTHORITIES + 1..=p {
			Operators::<Runtime>::insert(id, u64::from(id));
		}
		Roster::<Runtime>::put(roster(|_| 10));
		#[block]
		{
			Authorities::end_session(1);
		}
		ensure(SessionsCounted::<Runtime>::get() == 1, "counted")?;
		Ok(())
	}
}
