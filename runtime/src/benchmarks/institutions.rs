//! Who belongs to the alliance.

use super::{rulebook, system as frame_system, world::*, Config};
use crate::*;
use alloc::{format, vec::Vec};
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{traits::OnPoll, weights::WeightMeter};
use hanse_primitives::{InstitutionId, Members, DAY, MAX_MEMBERS, UNIT};
use pallet_institutions::{
	Applications, Call, InstitutionOf, Institutions as Known, LastSeen, NextActivityScan, ProfileDraft,
	Status, MAX_APPLICATIONS,
};
use sp_core::H256;

pub struct Pallet<T: Config>(PhantomData<T>);

/// The last of the members.
const LAST: InstitutionId = MAX_MEMBERS;

fn profile(number: u32) -> ProfileDraft {
	// It has as many readings as a name can have.
	let name = format!("The 0ldest llne of the North {number:02}").into_bytes();
	ProfileDraft { name, document: H256::zero() }
}

fn apply(number: u32) -> Prepared {
	send(&rich(number), Call::apply { profile: profile(number) })
}

/// As many applicants as there can be but for `free`.
fn applied(free: u32) -> Prepared {
	begin()?;
	(0..MAX_APPLICATIONS - free).try_for_each(apply)
}

fn ended(id: InstitutionId) -> bool {
	Known::<Runtime>::get(id).is_none_or(|it| matches!(it.status, Status::Left | Status::RunOff { .. }))
}

/// The last member issued as many programs as it can, with as many vintages of each as there can be.
pub fn issued() -> Prepared {
	begin()?;
	let programs = hanse_primitives::MAX_PROGRAMS as usize;
	holdings(&alloc::vec![LAST; programs], &[stranger(0)], 1)?;
	Ok(())
}

#[benchmarks]
mod measured {
	use super::*;

	#[benchmark]
	fn apply() -> Result<(), BenchmarkError> {
		applied(1)?;
		#[block]
		{
			super::apply(99)?;
		}
		ensure(Applications::<Runtime>::count() == MAX_APPLICATIONS, "applied")?;
		Ok(())
	}

	#[benchmark]
	fn end_application() -> Result<(), BenchmarkError> {
		applied(0)?;
		#[block]
		{
			send(&rich(0), Call::withdraw_application {})?;
		}
		ensure(Applications::<Runtime>::count() == MAX_APPLICATIONS - 1, "ended")?;
		Ok(())
	}

	/// A member that issued much is expelled, and everybody has voted about as much as can be voted about.
	#[benchmark]
	fn change_electorate() -> Result<(), BenchmarkError> {
		issued()?;
		rulebook::fill_motions(0, 0)?;
		#[block]
		{
			from(members(), Call::expel { institution: LAST })?;
		}
		ensure(ended(LAST), "expelled")?;
		Ok(())
	}

	#[benchmark]
	fn update_profile() -> Result<(), BenchmarkError> {
		begin()?;
		#[block]
		{
			send(&member(LAST), Call::update_profile { profile: profile(1) })?;
		}
		let name = Known::<Runtime>::get(LAST).map(|it| it.profile.name.to_vec());
		ensure(name == Some(profile(1).name), "updated")?;
		Ok(())
	}

	#[benchmark]
	fn top_up_bond() -> Result<(), BenchmarkError> {
		begin()?;
		#[block]
		{
			send(&member(LAST), Call::top_up_bond { amount: UNIT })?;
		}
		ensure(Institutions::bond(LAST) == 10_001 * UNIT, "topped up")?;
		Ok(())
	}

	/// Of one that granted as many lines as it can.
	#[benchmark]
	fn close() -> Result<(), BenchmarkError> {
		begin()?;
		for debtor in 0..pallet_clearing::MAX_CREDIT_LINES {
			grant(LAST, 10 + debtor, UNIT)?;
		}
		send(&member(LAST), Call::leave {})?;
		set_time(START + 100 * DAY);
		#[block]
		{
			send(&rich(0), Call::close { institution: LAST })?;
		}
		ensure(!InstitutionOf::<Runtime>::contains_key(member(LAST)), "closed")?;
		Ok(())
	}

	/// Everybody has voted about as much as can be voted about.
	#[benchmark]
	fn scan_activity() -> Result<(), BenchmarkError> {
		begin()?;
		rulebook::fill_motions(0, 0)?;
		NextActivityScan::<Runtime>::put(0);
		#[block]
		{
			Institutions::on_poll(System::block_number(), &mut WeightMeter::new());
		}
		let seen: Vec<_> = LastSeen::<Runtime>::iter_values().filter(|it| it.motion > 0).collect();
		ensure(seen.len() == MAX_MEMBERS as usize, "all were heard")?;
		Ok(())
	}

	/// The end of an era with as many applications as there can be.
	#[benchmark]
	fn lapse_applications() -> Result<(), BenchmarkError> {
		applied(0)?;
		set_time(START + 60 * DAY);
		let ended = hanse_primitives::EndedEras { first: 1, next: 2 };
		#[block]
		{
			use hanse_primitives::OnEraEnd;
			Institutions::on_era_end(ended, &mut 0, &mut WeightMeter::new());
		}
		ensure(Applications::<Runtime>::count() == 0, "all lapsed")?;
		Ok(())
	}
}
