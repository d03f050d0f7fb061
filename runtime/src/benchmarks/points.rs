//! Points: programs, awards and time.

use super::{fees, institutions, supervision, system as frame_system, world::*, Config};
use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{OnIdle, OnPoll},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{asset_id, DAY, MAX_AWARDS, MAX_LEGS, UNIT};
use pallet_points::{
	AwardBatchesByEra, AwardedOrders, Call, ExpiryQueue, LastProgram, PendingBatches, PeriodClosings,
	Programs, SweepQueue, Terms,
};

pub struct Pallet<T: Config>(PhantomData<T>);

fn strangers(count: u32) -> Vec<AccountId> {
	(0..count).map(stranger).collect()
}

fn poll() {
	Points::on_poll(System::block_number(), &mut WeightMeter::new());
}

fn idle() {
	Points::on_idle(System::block_number(), Weight::MAX);
}

/// A program with as many pending awards in one batch as there can be.
fn pending() -> Prepared<u16> {
	let program = program(ISSUER, Terms { pending: DAY, ..TERMS })?;
	issue(ISSUER, program, &strangers(MAX_AWARDS), 1, 0)?;
	ensure(PendingBatches::<Runtime>::iter_keys().count() == 1, "one batch is pending")?;
	Ok(program)
}

#[benchmarks]
mod measured {
	use super::*;

	#[benchmark]
	fn create_program() -> Result<(), BenchmarkError> {
		begin()?;
		let (name, symbol) = (b"The Oldest Miles of the North 10".to_vec(), b"MILES0O1".to_vec());
		let call = Call::create_program { name, symbol, terms: TERMS };
		#[block]
		{
			send(&member(ISSUER), call)?;
		}
		ensure(LastProgram::<Runtime>::get() == 1, "there is a program")?;
		Ok(())
	}

	/// The first of a period, to accounts that do not exist yet.
	#[benchmark]
	fn issue_batch(n: Linear<1, { MAX_AWARDS }>) -> Result<(), BenchmarkError> {
		begin()?;
		let program = holdings(&[ISSUER], &[stranger(0)], 1)?[0];
		set_time(START + 6 * 30 * DAY + 29 * DAY);
		let holders: Vec<_> = (1..=n).map(stranger).collect();
		let call = issuance(program, awards(&holders, 10, 1_000_000));
		let once = || send(&member(ISSUER), call.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		let held = Assets::balance(asset_id(program, 6), &holders[n as usize - 1]);
		ensure(held == 10, "the last of them has its points")?;
		Ok(())
	}

	#[benchmark]
	fn revise_terms() -> Result<(), BenchmarkError> {
		begin()?;
		let program = holdings(&[ISSUER], &[stranger(0)], 1)?[0];
		let terms = Terms { pending: DAY, ..TERMS };
		#[block]
		{
			send(&member(ISSUER), Call::revise_terms { program, terms })?;
		}
		ensure(Programs::<Runtime>::get(program).is_some_and(|it| it.revision.is_some()), "revised")?;
		Ok(())
	}

	/// Of as many as are awarded together.
	#[benchmark]
	fn cancel_award() -> Result<(), BenchmarkError> {
		begin()?;
		let program = pending()?;
		let order = order(0).commitment;
		#[block]
		{
			send(&member(ISSUER), Call::cancel_award { program, order, total: 1 })?;
		}
		let stage = AwardedOrders::<Runtime>::get(program, order).map(|it| it.stage);
		ensure(stage == Some(pallet_points::AwardStage::Cancelled), "cancelled")?;
		Ok(())
	}

	/// Some of as many as are awarded together.
	#[benchmark]
	fn mature(n: Linear<1, { MAX_AWARDS }>) -> Result<(), BenchmarkError> {
		begin()?;
		let program = pending()?;
		set_time(START + 2 * DAY);
		#[block]
		{
			send(&stranger(0), Call::mature { limit: n })?;
		}
		let usable = (0..MAX_AWARDS).filter(|i| Assets::balance(asset_id(program, 0), &stranger(*i)) == 1);
		ensure(usable.count() == n as usize, "as many are usable")?;
		Ok(())
	}

	/// One vintage of each of `p` programs of which others are open, with deciding who pays the fee.
	#[benchmark]
	fn donate_programs(p: Linear<1, { MAX_LEGS }>) -> Result<(), BenchmarkError> {
		begin()?;
		let giver = stranger(0);
		let issuers: Vec<_> = (ISSUER..ISSUER + p).collect();
		let programs = issuers.iter().map(|it| program(*it, TERMS)).collect::<Prepared<Vec<_>>>()?;
		for month in 0..VINTAGES {
			set_time(START + u64::from(month) * 30 * DAY);
			for (issuer, program) in issuers.iter().zip(&programs) {
				let holder = if month == 6 { giver.clone() } else { stranger(1) };
				issue(*issuer, *program, &[holder], 10, month)?;
			}
		}
		let call =
			Call::donate_all { programs: programs.clone().try_into().unwrap_or_default(), to: stranger(2) };
		let call = RuntimeCall::from(call);
		let once = || {
			fees::decide(&giver, &call);
			send(&giver, call.clone())
		};
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(Assets::balance(asset_id(programs[p as usize - 1], 6), &stranger(2)) == 10, "given")?;
		Ok(())
	}

	/// As many programs as there can be, and `v` vintages more than one of each.
	#[benchmark]
	fn donate_vintages(v: Linear<0, 48>) -> Result<(), BenchmarkError> {
		begin()?;
		let giver = stranger(0);
		let issuers: Vec<_> = (ISSUER..ISSUER + MAX_LEGS).collect();
		let programs = issuers.iter().map(|it| program(*it, TERMS)).collect::<Prepared<Vec<_>>>()?;
		let mut more = v;
		for month in 0..VINTAGES {
			set_time(START + u64::from(month) * 30 * DAY);
			for (issuer, program) in issuers.iter().zip(&programs) {
				let is_held = month == 0 || more > 0;
				more = if month > 0 { more.saturating_sub(1) } else { more };
				let holder = if is_held { giver.clone() } else { stranger(1) };
				issue(*issuer, *program, &[holder], 10, month)?;
			}
		}
		let call =
			Call::donate_all { programs: programs.clone().try_into().unwrap_or_default(), to: stranger(2) };
		let call = RuntimeCall::from(call);
		let once = || {
			fees::decide(&giver, &call);
			send(&giver, call.clone())
		};
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(Assets::balance(asset_id(programs[7], 0), &stranger(2)) == 10, "given")?;
		Ok(())
	}

	#[benchmark]
	fn close_period() -> Result<(), BenchmarkError> {
		begin()?;
		let program = program(ISSUER, TERMS)?;
		for month in 0..VINTAGES {
			set_time(START + u64::from(month) * 30 * DAY);
			poll();
			issue(ISSUER, program, &[stranger(0)], 1, month)?;
		}
		ExpiryQueue::<Runtime>::remove(ExpiryQueue::<Runtime>::iter_keys().next().unwrap_or_default());
		set_time(START + 7 * 30 * DAY);
		let before = PeriodClosings::<Runtime>::get(program).len();
		#[block]
		{
			poll();
		}
		ensure(PeriodClosings::<Runtime>::get(program).len() > before, "closed")?;
		Ok(())
	}

	/// The breakage of one vintage of which `h` holders are halted, with the books of the period that ends with it.
	#[benchmark]
	fn expire(h: Linear<0, 64>) -> Result<(), BenchmarkError> {
		begin()?;
		let program = holdings(&[ISSUER], &strangers(MAX_AWARDS), 1)?[0];
		set_time(START + 7 * 30 * DAY - 1);
		poll();
		set_time(START + 7 * 30 * DAY);
		for holder in (0..h).map(stranger) {
			supervision::halted(pallet_supervision::Target::Customer(holder))?;
		}
		#[block]
		{
			poll();
		}
		ensure(h == 0 || Assets::balance(asset_id(program, 6), &stranger(0)) == 2, "carried")?;
		Ok(())
	}

	/// A member with as many programs as it can have whose reserve is below the minimum for the first time.
	#[benchmark]
	fn review_reserves() -> Result<(), BenchmarkError> {
		use hanse_primitives::{OnEraEnd, MAX_MEMBERS};
		institutions::issued()?;
		pallet_points::LiabilityOf::<Runtime>::mutate(MAX_MEMBERS, |it| it.outstanding = 1_000_000 * UNIT);
		let ended = hanse_primitives::EndedEras { first: 1, next: 2 };
		#[block]
		{
			Points::on_era_end(ended, &mut 0, &mut WeightMeter::new());
		}
		ensure(pallet_points::Shortfalls::<Runtime>::contains_key(MAX_MEMBERS), "its clocks stand")?;
		Ok(())
	}

	/// The end of a vintage that had `n` holders.
	#[benchmark]
	fn sweep(n: Linear<0, 400>) -> Result<(), BenchmarkError> {
		begin()?;
		let program = program(ISSUER, TERMS)?;
		issue(ISSUER, program, &[member(3)], 1, 0)?;
		issue(ISSUER, program, &strangers(n), 1, 1)?;
		// What their orders are for stays for longer.
		set_time(START + 7 * 30 * DAY);
		poll();
		let lists: Vec<_> = AwardBatchesByEra::<Runtime>::iter_keys().collect();
		lists.into_iter().for_each(AwardBatchesByEra::<Runtime>::remove);
		ensure(SweepQueue::<Runtime>::contains_key(asset_id(program, 0)), "it expired")?;
		#[block]
		{
			idle();
		}
		ensure(!SweepQueue::<Runtime>::contains_key(asset_id(program, 0)), "it is swept")?;
		Ok(())
	}

	/// Forgetting `n` orders of one list.
	#[benchmark]
	fn forget_orders(n: Linear<1, { MAX_AWARDS }>) -> Result<(), BenchmarkError> {
		begin()?;
		let program = program(ISSUER, TERMS)?;
		issue(ISSUER, program, &strangers(n), 1, 0)?;
		set_time(START + 40 * DAY);
		let order = order(0).commitment;
		ensure(AwardedOrders::<Runtime>::contains_key(program, order), "it is known")?;
		#[block]
		{
			idle();
		}
		ensure(!AwardedOrders::<Runtime>::contains_key(program, order), "it is forgotten")?;
		Ok(())
	}
}
