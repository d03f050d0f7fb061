//! Customers, and how they come back to what they had.

use super::{supervision, system as frame_system, world::*, Config};
use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{traits::OnIdle, weights::Weight};
use hanse_primitives::{asset_id, AssetId, DAY};
use pallet_customers::{Call, Predecessors, Recoveries, Registrations, RetentionQueue, MAX_PIECE};

pub struct Pallet<T: Config>(PhantomData<T>);

const BANK: u32 = 200;

/// A customer who has `vintages` vintages, of as many programs.
fn owner(vintages: u32) -> Prepared<(Wallet, Vec<AssetId>)> {
	begin()?;
	let who = Wallet::new(1);
	who.register(BANK, 1)?;
	let mut assets = Vec::new();
	for number in 0..vintages {
		let program = program(ISSUER + number, TERMS)?;
		issue(ISSUER + number, program, &[who.account.clone()], 10, number)?;
		assets.push(asset_id(program, 0));
	}
	Ok((who, assets))
}

fn recovery(old: &AccountId, new: &Wallet, vintages: &[AssetId]) -> Prepared<RuntimeCall> {
	let until = consent_ends();
	let acceptance = Customers::acceptance(BANK, old.clone(), new.account.clone(), until);
	let signature = new.sign(&acceptance)?;
	let vintages = frame_support::BoundedVec::truncate_from(vintages.to_vec());
	let (old, new) = (old.clone(), new.account.clone());
	Ok(Call::open_recovery { old, new, vintages, until, signature }.into())
}

fn recover(old: &AccountId, new: &Wallet, vintages: &[AssetId]) -> Prepared {
	send(&member(BANK), recovery(old, new, vintages)?)
}

/// An account that left other persons and took the place of as many accounts as can stand in a line.
fn well_travelled() -> Prepared<Wallet> {
	begin()?;
	let who = Wallet::new(1);
	for number in 0..pallet_customers::MAX_REMEMBERED - 1 {
		who.register(BANK + number, number)?;
		send(&member(BANK + number), Call::unregister { account: who.account.clone() })?;
	}
	who.register(BANK + 9, 9)?;
	let line = hanse_primitives::MAX_SUCCESSIONS;
	for number in 0..line {
		let new = if number + 1 == line { who.account.clone() } else { stranger(number + 1) };
		let account = stranger(number);
		pallet_customers::Successors::<Runtime>::insert(&account, &new);
		let since = 0;
		let predecessor = pallet_customers::Predecessor { account, line: number + 1, since };
		Predecessors::<Runtime>::insert(new, predecessor);
	}
	Ok(who)
}

#[benchmarks]
mod measured {
	use super::*;

	/// By an account that was a customer under the same tag before.
	#[benchmark]
	fn register() -> Result<(), BenchmarkError> {
		begin()?;
		let who = Wallet::new(1);
		who.register(BANK, 1)?;
		send(&member(BANK), Call::unregister { account: who.account.clone() })?;
		let call = who.registration(BANK, 1)?;
		let once = || send(&member(BANK), call.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(Registrations::<Runtime>::contains_key(&who.account), "registered")?;
		Ok(())
	}

	/// By itself, while its recovery is open.
	#[benchmark]
	fn unregister() -> Result<(), BenchmarkError> {
		let (who, assets) = owner(1)?;
		recover(&who.account, &Wallet::new(2), &assets)?;
		#[block]
		{
			send(&who.account, Call::unregister { account: who.account.clone() })?;
		}
		ensure(!Registrations::<Runtime>::contains_key(&who.account), "unregistered")?;
		Ok(())
	}

	#[benchmark]
	fn forget() -> Result<(), BenchmarkError> {
		let who = well_travelled()?;
		set_time(START + 500 * DAY);
		#[block]
		{
			send(&who.account, Call::forget {})?;
		}
		ensure(!Registrations::<Runtime>::contains_key(&who.account), "forgotten")?;
		ensure(!Predecessors::<Runtime>::contains_key(&who.account), "with its line")?;
		Ok(())
	}

	#[benchmark]
	fn join_accounts() -> Result<(), BenchmarkError> {
		begin()?;
		let (guest, host) = (Wallet::new(1), Wallet::new(2));
		guest.register(BANK, 1)?;
		host.register(BANK + 1, 1)?;
		let until = consent_ends();
		let with = host.account.clone();
		let signature = host.sign(&Customers::invitation(with.clone(), guest.account.clone(), until))?;
		#[block]
		{
			send(&guest.account, Call::join_accounts { with, until, signature })?;
		}
		let voucher = Registrations::<Runtime>::get(&guest.account).map(|it| it.voucher);
		ensure(voucher == Some(BANK + 1), "joined")?;
		Ok(())
	}

	#[benchmark]
	fn open_recovery(v: Linear<1, { MAX_PIECE }>) -> Result<(), BenchmarkError> {
		let (who, assets) = owner(v)?;
		let call = recovery(&who.account, &Wallet::new(2), &assets)?;
		#[block]
		{
			send(&member(BANK), call)?;
		}
		ensure(Recoveries::<Runtime>::contains_key(&who.account), "open")?;
		Ok(())
	}

	/// As large a piece as there can be, of a halted customer.
	#[benchmark]
	fn complete_recovery() -> Result<(), BenchmarkError> {
		let (who, assets) = owner(MAX_PIECE)?;
		let new = Wallet::new(2);
		recover(&who.account, &new, &assets)?;
		set_time(START + Rulebook::rules().recovery_delay);
		supervision::halted(pallet_supervision::Target::Customer(who.account.clone()))?;
		#[block]
		{
			send(&stranger(1), Call::complete_recovery { old: who.account.clone() })?;
		}
		ensure(Assets::balance(assets[MAX_PIECE as usize - 1], &new.account) == 10, "moved")?;
		Ok(())
	}

	#[benchmark]
	fn cancel() -> Result<(), BenchmarkError> {
		let (who, assets) = owner(MAX_PIECE)?;
		recover(&who.account, &Wallet::new(2), &assets)?;
		#[block]
		{
			send(&who.account, Call::object_to_recovery {})?;
		}
		ensure(!Recoveries::<Runtime>::contains_key(&who.account), "cancelled")?;
		Ok(())
	}

	/// `n` accounts that are not remembered any more.
	#[benchmark]
	fn sweep(n: Linear<0, 30>) -> Result<(), BenchmarkError> {
		begin()?;
		for number in 0..n {
			let who = Wallet::new(number);
			who.register(BANK, number)?;
			send(&member(BANK), Call::unregister { account: who.account })?;
		}
		set_time(START + 100 * DAY);
		#[block]
		{
			Customers::on_idle(System::block_number(), Weight::MAX);
		}
		ensure(RetentionQueue::<Runtime>::iter_keys().count() == 0, "swept")?;
		Ok(())
	}
}
