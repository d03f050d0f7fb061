//! How institutions end: holders first, out of reserve and bond, whichever way it is; whoever ends gets back what
//! it put in, as soon as nobody is owed. Rules are the standard ones.

mod histories;
mod holders;
mod leaving;
mod run_off;

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::{assert_ok, storage::with_transaction, traits::fungible::Inspect as _};
use hanse_primitives::{
	Balance, InstitutionId, Liabilities as _, MemberStatus as _, Members as _, ProgramId, Reserves as _,
};
use hanse_runtime::{
	constants::{CENT, UNIT},
	AccountId, Balances, Clearing, Institutions, Points, Rulebook, Runtime,
};
use pallet_clearing::Call as Clear;
use pallet_institutions::{Call as Belong, Status};
use pallet_points::{LiabilityOf, RecentIssuanceOf};
use sp_runtime::{DispatchError, DispatchResult, TransactionOutcome};

const INN: InstitutionId = 3;
const STORE: InstitutionId = 4;

fn error<E: Into<DispatchError>>(error: E) -> DispatchResult {
	Err(error.into())
}

/// What `act` would say, which changes nothing.
fn what_if<R>(act: impl FnOnce() -> R) -> R {
	with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(act()))).unwrap()
}

fn status(id: InstitutionId) -> Status {
	pallet_institutions::Institutions::<Runtime>::get(id).unwrap().status
}

/// Whether the holders of the points of `id` can be paid all that these pay.
fn serves_holders(id: InstitutionId) -> bool {
	Points::redeemable(id) <= Clearing::free_reserve(id)
}

fn leave(id: InstitutionId) -> DispatchResult {
	dispatch(member(id), Belong::leave {})
}

fn close_by_anybody(id: InstitutionId) -> DispatchResult {
	dispatch(stranger(9), Belong::close { institution: id })
}

fn end_cycle() {
	wait(Rulebook::rules().cycle);
}

fn end_refund_window() {
	wait((u64::from(Rulebook::rules().refund_window) + 1) * DAY);
}

/// Books with points of 0.01 in the hands of an honest customer and of friends of its own.
struct Scene {
	read: ProgramId,
	honest: Wallet,
	friends: Vec<Wallet>,
	orders: u64,
}

impl Scene {
	/// Books keeps `reserve`, the honest customer holds points worth `honest`, and each of `friends` as much as a
	/// customer may spend.
	fn new(reserve: Balance, honest: Balance, friends: u32) -> Self {
		let read = program(BOOKS, TERMS);
		let mut scene = Scene {
			read,
			honest: Wallet::new(0),
			friends: (1..=friends).map(Wallet::new).collect(),
			orders: 0,
		};
		register(STORE, &scene.honest, 0);
		for (friend, tag) in scene.friends.iter().zip(1..) {
			register(BOOKS, friend, tag);
		}
		scene.issue(&scene.honest.account(), honest);
		for who in (0..friends as usize).map(|friend| scene.friends[friend].account()).collect::<Vec<_>>() {
			scene.issue(&who, 1_000 * UNIT);
		}
		if Clearing::free_reserve(BOOKS) > reserve {
			drain(BOOKS, reserve);
		}
		scene
	}

	/// As if it had been issued over so many days.
	fn issue(&mut self, to: &AccountId, value: Balance) {
		self.orders += 1;
		RecentIssuanceOf::<Runtime>::remove(BOOKS);
		let mut left = value / CENT;
		while left > 0 {
			let amount = left.min(100_000);
			issue(BOOKS, self.read, core::slice::from_ref(to), amount, 1_000_000 + self.orders);
			RecentIssuanceOf::<Runtime>::remove(BOOKS);
			self.orders += 1;
			left -= amount;
		}
	}

	fn next(&mut self) -> u64 {
		self.orders += 1;
		self.orders
	}

	/// Every friend pays `price` at `merchant`; the orders.
	fn friends_pay(&mut self, merchant: InstitutionId, price: Balance) -> Vec<(AccountId, u64)> {
		(0..self.friends.len())
			.map(|friend| {
				let (who, number) = (self.friends[friend].account(), self.next());
				let call = payment(merchant, number, price, &[(self.read, Balance::MAX)]);
				assert_ok!(dispatch(who.clone(), call));
				(who, number)
			})
			.collect()
	}

	fn friends_authorize(&mut self, merchant: InstitutionId, price: Balance) -> Vec<(AccountId, u64)> {
		(0..self.friends.len())
			.map(|friend| {
				let (who, number) = (self.friends[friend].account(), self.next());
				let call = authorization(merchant, number, price, &[(self.read, Balance::MAX)]);
				assert_ok!(dispatch(who.clone(), call));
				(who, number)
			})
			.collect()
	}

	/// What the honest customer's points pay.
	fn honest(&self) -> Balance {
		worth(&self.honest.account())
	}

	/// What they would if Books were expelled now.
	fn honest_if_expelled(&self) -> Balance {
		what_if(|| {
			Institutions::start_run_off(BOOKS).unwrap();
			assert!(serves_holders(BOOKS));
			self.honest()
		})
	}
}

fn void(merchant: InstitutionId, payer: &AccountId, number: u64) -> DispatchResult {
	let call = pallet_exchange::Call::void { merchant, payer: payer.clone(), order: order(number) };
	dispatch(member(merchant), call)
}

fn standard(test: impl FnOnce()) {
	run_on(alliance_of(6), test)
}
