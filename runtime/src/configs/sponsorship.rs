//! Which calls institutions pay for, and who pays for which.
//!
//! | call | sponsor |
//! |---|---|
//! | `exchange.pay`, `exchange.authorize` | the merchant |
//! | `assets.transfer`, `transfer_keep_alive`, `transfer_all` of a vintage | its issuer |
//! | `points.donate`, `exchange.exchange` | the issuer of the points that are given |
//! | `points.donate_all` | the issuer of those that are worth most |
//! | `customers.unregister` of oneself, `customers.join` | the registrar |
//! | `customers.forget`, `customers.object` against a recovery, `conduct.complain` about a payment | nobody: it is free |
//!
//! So are batches of the first rows that all have one sponsor, and what a proxy does of them for a customer.

use crate::{constants::*, *};
use frame_support::{
	dispatch::GetDispatchInfo,
	parameter_types,
	traits::{
		fungibles::Inspect,
		tokens::{imbalance::ResolveTo, Fortitude, Preservation},
		ConstU128, InstanceFilter,
	},
};
use hanse_primitives::{AssetId, Customers as _, InstitutionId, Members, Points as _, ProgramId, Quotas};
use pallet_exchange::Leg;
use pallet_sponsorship::{Offer, Offers, Payer};
use pallet_transaction_payment::FungibleAdapter;
use sp_runtime::{
	generic::Preamble,
	traits::{StaticLookup, Zero},
};

/// Calls of one batch at most that are looked at, since looking costs time before anybody has paid.
const MAX_BATCH: usize = 16;

parameter_types! {
	pub SponsorBudget: Balance = Rulebook::rules().sponsor_budget;
}

impl pallet_sponsorship::Config for Runtime {
	type Budget = SponsorBudget;
	type Fees = FungibleAdapter<Balances, ResolveTo<configs::PotAccount, Balances>>;
	type Members = Institutions;
	type MinValue = ConstU128<MIN_STRANGER_VALUE>;
	type Offers = SponsoredCalls;
	type Quotas = Customers;
	type Time = Timestamp;
}

/// The table above.
pub struct SponsoredCalls;

impl Offers<AccountId, RuntimeCall> for SponsoredCalls {
	fn offer(who: &AccountId, call: &RuntimeCall) -> Option<Offer<AccountId>> {
		use pallet_utility::Call::{batch, batch_all, force_batch};
		match call {
			RuntimeCall::Utility(batch { calls } | batch_all { calls } | force_batch { calls }) => {
				of_batch(who, calls)
			},
			RuntimeCall::Proxy(pallet_proxy::Call::proxy { real, force_proxy_type, call }) => {
				let (real, call): (_, &RuntimeCall) = (lookup(real)?, call);
				let proxy = Proxy::find_proxy(&real, who, *force_proxy_type).ok()?;
				let may = proxy.delay.is_zero() && proxy.proxy_type.filter(call);
				may.then(|| of_one(&real, call)).flatten()
			},
			_ => of_one(who, call),
		}
	}

	fn is_free(who: &AccountId, call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::Customers(pallet_customers::Call::object {}) => Customers::may_object(who),
			// Once for each registration, so that nobody keeps a customer from having everything deleted.
			RuntimeCall::Customers(pallet_customers::Call::forget {}) => Customers::may_forget(who),
			// Once for each payment, so that no merchant can keep its customers from it.
			RuntimeCall::Conduct(pallet_conduct::Call::complain { merchant, payer, order, .. }) => {
				Conduct::may_complain(who, *merchant, payer, *order)
			},
			_ => false,
		}
	}
}

fn of_one(who: &AccountId, call: &RuntimeCall) -> Option<Offer<AccountId>> {
	let (sponsor, value) = sponsor_and_value(who, call)?;
	Some(Offer { sponsor, person: who.clone(), calls: 1, value })
}

/// All calls of a batch have one sponsor, or it has none.
fn of_batch(who: &AccountId, calls: &[RuntimeCall]) -> Option<Offer<AccountId>> {
	if calls.len() > MAX_BATCH {
		return None;
	}
	let (first, rest) = calls.split_first()?;
	rest.iter().try_fold(of_one(who, first)?, |all, call| {
		let (sponsor, value) = sponsor_and_value(who, call)?;
		let calls = all.calls.saturating_add(1);
		(sponsor == all.sponsor).then(|| Offer { calls, value: all.value.min(value), ..all })
	})
}

/// Who pays for one call, and the settlement micro-units that it moves.
fn sponsor_and_value(who: &AccountId, call: &RuntimeCall) -> Option<(InstitutionId, Balance)> {
	use pallet_assets::Call as AssetsCall;
	use pallet_customers::Call as CustomerCall;
	match call {
		RuntimeCall::Assets(AssetsCall::transfer { id, target, amount }) => {
			of_transfer(who, id.0, &lookup(target)?, Some(*amount), Preservation::Expendable)
		},
		RuntimeCall::Assets(AssetsCall::transfer_keep_alive { id, target, amount }) => {
			of_transfer(who, id.0, &lookup(target)?, Some(*amount), Preservation::Preserve)
		},
		RuntimeCall::Assets(AssetsCall::transfer_all { id, dest, keep_alive }) => {
			let rest = if *keep_alive { Preservation::Preserve } else { Preservation::Expendable };
			of_transfer(who, id.0, &lookup(dest)?, None, rest)
		},
		RuntimeCall::Exchange(
			pallet_exchange::Call::pay { merchant, price, legs, .. }
			| pallet_exchange::Call::authorize { merchant, price, legs, .. },
		) => of_payment(who, *merchant, *price, legs),
		RuntimeCall::Exchange(pallet_exchange::Call::exchange { from, amount, to, .. }) if from != to => {
			// A stranger cannot exchange.
			Customers::registrar(who)?;
			of_points(who, *from, *amount)
		},
		RuntimeCall::Points(pallet_points::Call::donate { program, to, amount }) if to != who => {
			of_points(who, *program, *amount)
		},
		RuntimeCall::Points(pallet_points::Call::donate_all { programs, to }) if to != who => {
			// Not of who is named first, so that nobody is made to pay for what others issued.
			let held = programs.iter().map(|program| (Points::worth(who, *program, Balance::MAX), *program));
			let (worth, program) = held.max().filter(|(worth, _)| *worth > 0)?;
			Some((Points::issuer(program).ok()?, worth))
		},
		// Worth nothing, so that no stranger is sponsored; a customer has its quota.
		RuntimeCall::Customers(CustomerCall::unregister { account }) if account == who => {
			Some((Customers::registrar(who)?, 0))
		},
		RuntimeCall::Customers(CustomerCall::join { .. }) => Some((Customers::registrar(who)?, 0)),
		_ => None,
	}
}

/// `amount`, or all, of a vintage, to somebody else.
fn of_transfer(
	who: &AccountId,
	vintage: AssetId,
	to: &AccountId,
	amount: Option<Balance>,
	rest: Preservation,
) -> Option<(InstitutionId, Balance)> {
	let (issuer, face_value) = Points::open_vintage(vintage)?;
	let held = Assets::reducible_balance(vintage, who, rest, Fortitude::Polite);
	let amount = amount.unwrap_or(held);
	// Nor does it arrive where the key was lost.
	let moves = to != who && (1..=held).contains(&amount) && Customers::successor(to).is_none();
	moves.then(|| (issuer, amount.saturating_mul(face_value.into())))
}

/// `price` at a merchant that can be paid, by a customer whose legs cover it.
fn of_payment(
	who: &AccountId,
	merchant: InstitutionId,
	price: Balance,
	legs: &[Leg],
) -> Option<(InstitutionId, Balance)> {
	// A stranger cannot pay.
	Customers::registrar(who)?;
	Institutions::ensure_payable(merchant).ok()?;
	let worth = legs
		.iter()
		.enumerate()
		// What several legs may take of one program is one sum.
		.filter(|(n, leg)| legs[..*n].iter().all(|earlier| earlier.program != leg.program))
		.map(|(_, leg)| {
			let of_program = legs.iter().filter(|other| other.program == leg.program);
			let most = of_program.fold(0, |sum: Balance, other| sum.saturating_add(other.max_points));
			Points::worth(who, leg.program, most)
		})
		.fold(0, Balance::saturating_add);
	(price >= MIN_PRICE && worth >= price).then_some((merchant, price))
}

/// `amount` unexpired points of a program. Whether the signer holds as many shows in the worth of the last.
fn of_points(who: &AccountId, program: ProgramId, amount: Balance) -> Option<(InstitutionId, Balance)> {
	let worth = Points::worth(who, program, amount);
	let holds = worth > Points::worth(who, program, amount.checked_sub(1)?);
	let issuer = Points::issuer(program).ok()?;
	holds.then_some((issuer, worth))
}

/// Whether the fee of a transaction, as bytes of this length, would be paid by its signer in this state. A
/// query, not part of executing blocks.
pub fn signer_pays(transaction: &UncheckedExtrinsic, len: u32) -> bool {
	let Preamble::Signed(address, ..) = &transaction.preamble else { return true };
	let Some(who) = lookup(address) else { return true };
	let info = transaction.get_dispatch_info();
	let fee = TransactionPayment::compute_fee(len, &info, 0);
	Sponsorship::decide(&who, &transaction.function, &info, fee) == Payer::Signer
}

/// Whether the key of an account was lost, so that what is sent to it would be anybody's.
pub fn is_lost(address: &Address) -> bool {
	lookup(address).is_some_and(|account| Customers::successor(&account).is_some())
}

fn lookup(address: &Address) -> Option<AccountId> {
	<Runtime as frame_system::Config>::Lookup::lookup(address.clone()).ok()
}
