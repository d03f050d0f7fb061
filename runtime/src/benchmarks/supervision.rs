//! Supervisors, and what they stop.

use super::{system as frame_system, world::*, Config};
use crate::*;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{traits::OnPoll, weights::WeightMeter};
use hanse_primitives::DAY;
use pallet_supervision::{
	ActLog, ActiveHalts, Attestations, Call, DisclosureRequests, Finding, HaltRecord, HaltRecords, HaltSpan,
	Level, LoggedAct, Scope, Supervisor, SupervisorAct, Supervisors, Target, MAX_ATTESTATIONS, MAX_HALTS,
	MAX_LOG, MAX_SUPERVISORS,
};
use sp_core::H256;

pub struct Pallet<T: Config>(PhantomData<T>);

/// Who halts, the last of as many as there can be.
fn watch() -> AccountId {
	rich(0)
}

/// As many supervisors as there can be, and a full log.
fn watched() -> Prepared {
	begin()?;
	let until = START + 300 * DAY;
	for number in (0..MAX_SUPERVISORS).rev() {
		let supervisor = Supervisor { account: rich(number), level: Level::Halt, scope: Scope::All, until };
		Supervisors::<Runtime>::try_append(supervisor).map_err(|()| "more than there can be")?;
	}
	let act = SupervisorAct::DisclosureRequest { request: 0, institution: 1 };
	for _ in 0..MAX_LOG {
		let logged = LoggedAct { by: rich(9), at: START, act: act.clone() };
		ActLog::<Runtime>::try_append(logged).map_err(|()| "more than there can be")?;
	}
	Ok(())
}

/// Something is halted for a week.
pub fn halted(target: Target<AccountId>) -> Prepared {
	let since = Timestamp::get() - DAY;
	let until = Timestamp::get() + 6 * DAY;
	let length = 7 * DAY;
	let record = HaltRecord { by: watch(), since, until, length, reason: H256::zero(), may_repeat: true };
	HaltRecords::<Runtime>::insert(&target, record);
	ActiveHalts::<Runtime>::try_append(HaltSpan { target, since, until }).map_err(|()| "too many".into())
}

/// A program with as many open vintages as there can be, halted or not, beside as many others as there can be.
fn program_to_halt(is_halted: bool) -> Prepared<Target<AccountId>> {
	watched()?;
	let target = Target::Program(holdings(&[ISSUER], &[stranger(0)], 1)?[0]);
	for number in 0..MAX_HALTS - 1 {
		halted(Target::Customer(stranger(number)))?;
	}
	if is_halted {
		send(&watch(), halt(target.clone()))?;
	}
	Ok(target)
}

fn halt(target: Target<AccountId>) -> RuntimeCall {
	Call::halt { target, length: DAY, reason: H256::zero() }.into()
}

fn is_halted(target: &Target<AccountId>) -> bool {
	ActiveHalts::<Runtime>::get().iter().any(|span| span.target == *target)
}

fn ask() -> Prepared {
	send(&watch(), Call::request_disclosure { institution: ISSUER, question: H256::zero() })
}

#[benchmarks]
mod measured {
	use super::*;

	#[benchmark]
	fn appoint_supervisor() -> Result<(), BenchmarkError> {
		watched()?;
		let (account, level, scope) = (rich(0), Level::Attest, Scope::Institution(ISSUER));
		let until = START + 100 * DAY;
		#[block]
		{
			from(members(), Call::appoint_supervisor { account, level, scope, until })?;
		}
		let last = Supervisors::<Runtime>::get().into_iter().next_back().map(|it| it.level);
		ensure(last == Some(Level::Attest), "appointed")?;
		Ok(())
	}

	#[benchmark]
	fn request() -> Result<(), BenchmarkError> {
		watched()?;
		#[block]
		{
			ask()?;
		}
		ensure(DisclosureRequests::<Runtime>::contains_key(1), "asked")?;
		Ok(())
	}

	#[benchmark]
	fn disclose() -> Result<(), BenchmarkError> {
		watched()?;
		ask()?;
		#[block]
		{
			send(&member(ISSUER), Call::disclose { request: 1, document: H256::zero() })?;
		}
		ensure(!DisclosureRequests::<Runtime>::contains_key(1), "answered")?;
		Ok(())
	}

	/// With what follows for the institution.
	#[benchmark]
	fn end_unanswered() -> Result<(), BenchmarkError> {
		watched()?;
		ask()?;
		set_time(START + 30 * DAY);
		#[block]
		{
			Supervision::on_poll(System::block_number(), &mut WeightMeter::new());
		}
		ensure(!DisclosureRequests::<Runtime>::contains_key(1), "over")?;
		Ok(())
	}

	#[benchmark]
	fn attest_finding() -> Result<(), BenchmarkError> {
		watched()?;
		let attest = || {
			let document = H256::zero();
			send(&watch(), Call::attest_finding { institution: ISSUER, finding: Finding::Remark, document })
		};
		for _ in 0..MAX_ATTESTATIONS {
			attest()?;
		}
		#[block]
		{
			attest()?;
		}
		ensure(Attestations::<Runtime>::get(ISSUER).len() == MAX_ATTESTATIONS as usize, "attested")?;
		Ok(())
	}

	#[benchmark]
	fn halt() -> Result<(), BenchmarkError> {
		let target = program_to_halt(false)?;
		let call = super::halt(target.clone());
		#[block]
		{
			send(&watch(), call)?;
		}
		ensure(is_halted(&target), "halted")?;
		Ok(())
	}

	#[benchmark]
	fn ratify_halt() -> Result<(), BenchmarkError> {
		let target = program_to_halt(true)?;
		#[block]
		{
			from(members(), Call::ratify_halt { target: target.clone() })?;
		}
		let until = HaltRecords::<Runtime>::get(&target).map(|record| record.until);
		ensure(until == Some(Timestamp::get() + 2 * DAY), "prolonged")?;
		Ok(())
	}

	#[benchmark]
	fn end_halt() -> Result<(), BenchmarkError> {
		let target = program_to_halt(true)?;
		#[block]
		{
			from(members(), Call::lift_halt { target: target.clone() })?;
		}
		ensure(!is_halted(&target), "lifted")?;
		Ok(())
	}
}
