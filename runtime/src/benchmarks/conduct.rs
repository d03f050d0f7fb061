//! Offences, complaints and the end of an era.

use super::{exchange::Shopper, system as frame_system, world::*, Config};
use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{traits::OnPoll, weights::WeightMeter, BoundedVec};
use hanse_primitives::{
	Conduct as _, EndedEras, InstitutionId, OffenceKind, OnEraEnd, DAY, MAX_AUTHORITIES, MAX_MEMBERS, UNIT,
};
use pallet_conduct::{
	Assessed, AssessedEra, Assessment, Call, CaseOf, ConductRecords, Dockets, Escrows, FineId, Fines,
	InterchangeOf, OffenceLog, OpenCases, WeightInfo as _, MAX_LOGGED_OFFENCES,
};
use sp_core::H256;

pub struct Pallet<T: Config>(PhantomData<T>);

/// Burns of a payment at most.
const BURNS: u32 = 56;
/// Who brings a case.
const BY: InstitutionId = 50;

/// A member has done so much that its log is full.
fn with_record(member: InstitutionId) -> Prepared {
	for _ in 0..MAX_LOGGED_OFFENCES {
		Conduct::record_offence(member, OffenceKind::OverdueFirst);
	}
	ensure(OffenceLog::<Runtime>::get(member).is_full(), "the log is full")
}

/// A payment of so many burns at a merchant with a record, which is complained about.
fn complained(burns: u32) -> Prepared<Shopper> {
	let shopper = paid(burns)?;
	file(&shopper)?;
	Ok(shopper)
}

fn paid(burns: u32) -> Prepared<Shopper> {
	let shopper = Shopper::new()?;
	with_record(MERCHANT)?;
	send(&shopper.who.account, shopper.pay(burns, shopper.legs(burns)))?;
	Ok(shopper)
}

fn file(shopper: &Shopper) -> Prepared {
	let (payer, evidence) = (shopper.who.account.clone(), H256::zero());
	send(&payer.clone(), Call::file_complaint { merchant: MERCHANT, payer, order: order(1), evidence })
}

fn answer() -> Prepared {
	send(&member(MERCHANT), Call::answer_complaints { up_to: 1, document: H256::zero() })
}

fn in_case(burns: u32) -> Prepared<Shopper> {
	let shopper = complained(burns)?;
	answer()?;
	send(&member(BY), Call::open_case { merchant: MERCHANT, number: 1 })?;
	Ok(shopper)
}

fn poll() {
	Conduct::on_poll(System::block_number(), &mut WeightMeter::new());
}

/// All items that are due but this one are removed.
fn only(item: pallet_conduct::DueItem) {
	let others: Vec<_> = pallet_conduct::DueItems::<Runtime>::iter()
		.filter(|(_, _, scheduled)| scheduled.item != item)
		.map(|(due, index, _)| (due, index))
		.collect();
	others.into_iter().for_each(|(due, index)| pallet_conduct::DueItems::<Runtime>::remove(due, index));
}

/// What is found of as many members, from the last on: those that are offline are settled with already.
fn assessed(members: u32, offline: bool) {
	let assessment = |member| Assessment {
		member,
		offline,
		good: !offline,
		under_bonded: !offline,
		meets_bond: true,
		interchange: UNIT,
	};
	let members = (1..=members).map(assessment).collect::<Vec<_>>();
	let next = if offline { members.len() as u32 } else { 0 };
	let era = {
		use hanse_primitives::Eras;
		Rulebook::current()
	};
	let members = BoundedVec::truncate_from(members);
	Assessed::<Runtime>::put(AssessedEra { era, share: UNIT, good: 1, paid: 0, next, members });
}

fn end_era(meter: &mut WeightMeter) {
	Conduct::on_era_end(EndedEras { first: 1, next: 2 }, &mut 0, meter);
}

#[benchmarks]
mod measured {
	use super::*;

	#[benchmark]
	fn record_offence() -> Result<(), BenchmarkError> {
		begin()?;
		with_record(ISSUER)?;
		let before = Escrows::<Runtime>::get(ISSUER).fines;
		#[block]
		{
			Conduct::record_offence(ISSUER, OffenceKind::OverdueThird);
		}
		ensure(Escrows::<Runtime>::get(ISSUER).fines == before + 1, "fined")?;
		Ok(())
	}

	#[benchmark]
	fn file_complaint() -> Result<(), BenchmarkError> {
		let shopper = paid(BURNS)?;
		#[block]
		{
			file(&shopper)?;
		}
		ensure(Dockets::<Runtime>::get(MERCHANT).open == 1, "filed")?;
		Ok(())
	}

	#[benchmark]
	fn answer_complaints() -> Result<(), BenchmarkError> {
		complained(1)?;
		#[block]
		{
			answer()?;
		}
		ensure(Dockets::<Runtime>::get(MERCHANT).answered_to == 1, "answered")?;
		Ok(())
	}

	#[benchmark]
	fn open_case() -> Result<(), BenchmarkError> {
		complained(1)?;
		answer()?;
		#[block]
		{
			send(&member(BY), Call::open_case { merchant: MERCHANT, number: 1 })?;
		}
		ensure(CaseOf::<Runtime>::contains_key(BY), "open")?;
		Ok(())
	}

	#[benchmark]
	fn uphold_complaint() -> Result<(), BenchmarkError> {
		in_case(BURNS)?;
		#[block]
		{
			from(members(), Call::uphold_complaint { merchant: MERCHANT, number: 1 })?;
		}
		ensure(!CaseOf::<Runtime>::contains_key(BY), "decided")?;
		Ok(())
	}

	/// Of as many as are listed.
	#[benchmark]
	fn reverse_fine() -> Result<(), BenchmarkError> {
		begin()?;
		for _ in 0..2 {
			with_record(ISSUER)?;
		}
		let fine = FineId { member: ISSUER, number: 1 };
		#[block]
		{
			from(members(), Call::reverse_fine { fine })?;
		}
		ensure(!Fines::<Runtime>::contains_key(ISSUER, 1), "reversed")?;
		Ok(())
	}

	#[benchmark]
	fn end_fine() -> Result<(), BenchmarkError> {
		begin()?;
		with_record(ISSUER)?;
		only(pallet_conduct::DueItem::Fine(ISSUER, 1));
		set_time(START + 8 * DAY);
		#[block]
		{
			poll();
		}
		ensure(!Fines::<Runtime>::contains_key(ISSUER, 1), "final")?;
		Ok(())
	}

	#[benchmark]
	fn end_case() -> Result<(), BenchmarkError> {
		in_case(1)?;
		only(pallet_conduct::DueItem::Case(MERCHANT, 1));
		set_time(Timestamp::get() + 20 * DAY);
		#[block]
		{
			poll();
		}
		ensure(!OpenCases::<Runtime>::contains_key(MERCHANT, 1), "over")?;
		Ok(())
	}

	/// That was answered, and that nobody brought before the members.
	#[benchmark]
	fn step_of_complaint() -> Result<(), BenchmarkError> {
		complained(BURNS)?;
		answer()?;
		only(pallet_conduct::DueItem::Complaint(MERCHANT, 1));
		set_time(Timestamp::get() + 40 * DAY);
		#[block]
		{
			poll();
		}
		ensure(Dockets::<Runtime>::get(MERCHANT).open == 0, "closed")?;
		Ok(())
	}

	#[benchmark]
	fn default_judgement(b: Linear<1, { BURNS }>) -> Result<(), BenchmarkError> {
		let shopper = complained(b)?;
		only(pallet_conduct::DueItem::Complaint(MERCHANT, 1));
		set_time(Timestamp::get() + 15 * DAY);
		#[block]
		{
			poll();
		}
		ensure(Dockets::<Runtime>::get(MERCHANT).open == 0, "judged")?;
		ensure(
			Assets::balance(hanse_primitives::asset_id(shopper.programs[0], 6), &shopper.who.account) > 0
				|| b < 7,
			"back",
		)?;
		Ok(())
	}

	/// As many members as there can be, of whom all have a record and something was taken for all.
	#[benchmark]
	fn assess() -> Result<(), BenchmarkError> {
		begin()?;
		for member in 1..=MAX_MEMBERS {
			Conduct::record_offence(member, OffenceKind::Offline);
			InterchangeOf::<Runtime>::insert(member, UNIT);
		}
		// Room for nothing else.
		let once = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(1, 1);
		let most = <Runtime as pallet_conduct::Config>::WeightInfo::assess();
		let mut meter = WeightMeter::with_limit(once.saturating_add(most));
		#[block]
		{
			end_era(&mut meter);
		}
		let members = Assessed::<Runtime>::get().map(|it| it.members.len());
		ensure(members == Some(MAX_MEMBERS as usize), "assessed")?;
		Ok(())
	}

	/// `m` members, each of which has too small a bond and gets a share.
	#[benchmark]
	fn settle_members(m: Linear<1, { MAX_MEMBERS }>) -> Result<(), BenchmarkError> {
		begin()?;
		let pot = sp_runtime::MultiAddress::Id(configs::PotAccount::get());
		let value = 1_000 * UNIT;
		send(&rich(0), pallet_balances::Call::transfer_allow_death { dest: pot, value })?;
		for member in 1..=m {
			Conduct::record_offence(member, OffenceKind::Offline);
		}
		assessed(m, false);
		#[block]
		{
			end_era(&mut WeightMeter::new());
		}
		ensure(pallet_conduct::PotTotals::<Runtime>::get().paid_out == u128::from(m) * UNIT, "paid")?;
		Ok(())
	}

	/// The authorities of `n` members that were offline for equally long.
	#[benchmark]
	fn stop_offline(n: Linear<0, { MAX_AUTHORITIES - 4 }>) -> Result<(), BenchmarkError> {
		begin()?;
		for member in 1..=n {
			Conduct::record_offence(member, OffenceKind::Offline);
			ConductRecords::<Runtime>::mutate_extant(member, |record| record.offline_eras = 3);
		}
		assessed(n, true);
		#[block]
		{
			end_era(&mut WeightMeter::new());
		}
		let left = pallet_authorities::Operators::<Runtime>::iter_keys().count() as u32;
		ensure(left == MAX_AUTHORITIES - n, "stopped")?;
		Ok(())
	}
}
