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
//! A sponsor offers that only for a call that would succeed as far as few reads can tell.

use crate::{constants::*, *};
use core::cell::OnceCell;
use frame_support::{
	dispatch::GetDispatchInfo,
	parameter_types,
	traits::{
		fungibles::Inspect,
		tokens::{imbalance::ResolveTo, Fortitude, Preservation},
		ConstU128, Contains,
	},
	weights::Weight,
};
use hanse_primitives::{
	AssetId, Clearing as _, Customers as _, InstitutionId, Members, Order, PointsLedger as _, ProgramId,
	Quota, Quotas,
};
use pallet_customers::Customer;
use pallet_exchange::Leg;
use pallet_sponsorship::{BalancesPurse, ChargeFee, FeeCharge, Offer, Offers, Payer, Unsponsored};
use pallet_transaction_payment::{ChargeTransactionPayment, FungibleAdapter};
use sp_runtime::{
	generic::{Era, Preamble},
	traits::{StaticLookup, TransactionExtension},
	DispatchError, DispatchResult, Perbill,
};

/// Calls of one batch at most that are checked, since looking costs time before anybody has paid.
const MAX_BATCH: usize = 16;

/// What moves the money of the fees and tips that signers pay: to the pot.
pub type Fees = FungibleAdapter<Balances, ResolveTo<configs::PotAccount, Balances>>;

parameter_types! {
	pub SponsorBudget: Balance = Rulebook::rules().sponsor_budget;
	/// At least half of a block is kept for members and customers, and at least a tenth for customers alone.
	pub const OpenShare: Perbill = Perbill::from_percent(50);
	pub const MemberShare: Perbill = Perbill::from_percent(90);
	/// No part of a transaction's extensions weighs more for one call than for another.
	pub ExtensionWeight: Weight = extensions(0, 0).weight(&frame_system::Call::remark { remark: Vec::new() }.into());
}

impl pallet_sponsorship::Config for Runtime {
	type Budget = SponsorBudget;
	type ExtensionWeight = ExtensionWeight;
	type Fees = Fees;
	type MemberShare = MemberShare;
	type Members = Institutions;
	type MinValue = ConstU128<MIN_STRANGER_VALUE>;
	type Offers = SponsoredCalls;
	type OpenShare = OpenShare;
	type Purses = BalancesPurse<Runtime, configs::PotAccount>;
	type Quotas = Customers;
	type MemberCalls = configs::AllianceCalls;
	type Time = Timestamp;
}

/// The extensions of a transaction that is good for ever, with this nonce and tip.
pub fn extensions(nonce: Nonce, tip: Balance) -> TxExtension {
	(
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckMortality::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce.into()),
		frame_system::CheckWeight::new(),
		ChargeFee::from(ChargeTransactionPayment::from(tip)),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
		frame_system::WeightReclaim::new(),
	)
}

/// The table above.
pub struct SponsoredCalls;

/// Who pays for one call, and the settlement micro-units that it moves.
type Found = Result<(InstitutionId, Balance), Unsponsored>;

impl Offers<AccountId, RuntimeCall> for SponsoredCalls {
	fn offer(who: &AccountId, call: &RuntimeCall) -> Result<Offer<AccountId>, Unsponsored> {
		use pallet_utility::Call::{batch, batch_all, force_batch};
		match call {
			RuntimeCall::Utility(batch { calls } | batch_all { calls } | force_batch { calls }) => {
				of_batch(Person::new(who), calls)
			},
			RuntimeCall::Proxy(pallet_proxy::Call::proxy { real, force_proxy_type, call }) => {
				let real = configs::delegation::proxied(who, real, *force_proxy_type, call);
				of_one(Person::new(&real.ok_or(Unsponsored::NotSponsored)?), call)
			},
			_ => of_one(Person::new(who), call),
		}
	}

	fn is_free(who: &AccountId, call: &RuntimeCall) -> bool {
		let is_due = match call {
			RuntimeCall::Customers(pallet_customers::Call::object_to_recovery {}) => {
				Customers::may_object(who)
			},
			// Once for each registration, so that nobody keeps a customer from having everything deleted.
			RuntimeCall::Customers(pallet_customers::Call::forget {}) => Customers::may_forget(who),
			// Once for each payment, so that no merchant can keep its customers from it.
			RuntimeCall::Conduct(pallet_conduct::Call::file_complaint { merchant, payer, order, .. }) => {
				Conduct::may_complain(who, *merchant, payer, *order)
			},
			_ => false,
		};
		// What is paused would fail, and stay free, again and again.
		is_due && <Runtime as frame_system::Config>::BaseCallFilter::contains(call)
	}
}

/// For whom calls are made, and what is known of that customer, which is read once.
struct Person<'a> {
	account: &'a AccountId,
	known: OnceCell<Option<Customer>>,
}

impl<'a> Person<'a> {
	fn new(account: &'a AccountId) -> Self {
		Self { account, known: OnceCell::new() }
	}

	/// It as a customer; strangers can neither pay nor exchange.
	fn customer(&self) -> Result<&Customer, Unsponsored> {
		let known = self.known.get_or_init(|| Customers::customer(self.account.clone()));
		known.as_ref().ok_or(Unsponsored::NotRegistered)
	}

	fn quota(&self) -> Option<Quota> {
		let Customer { registrar, sponsored_left: left, .. } = *self.customer().ok()?;
		Some(Quota { registrar, left })
	}
}

fn of_one(person: Person, call: &RuntimeCall) -> Result<Offer<AccountId>, Unsponsored> {
	let (sponsor, value) = sponsor_and_value(&person, call)?;
	Ok(Offer { sponsor, person: person.account.clone(), calls: 1, value, quota: person.quota() })
}

/// All calls of a batch have one sponsor, or it has none.
fn of_batch(person: Person, calls: &[RuntimeCall]) -> Result<Offer<AccountId>, Unsponsored> {
	let (first, rest) = calls.split_first().ok_or(Unsponsored::NotSponsored)?;
	if rest.len() >= MAX_BATCH {
		return Err(Unsponsored::NotSponsored);
	}
	if repeats_an_order(calls) {
		return Err(Unsponsored::WouldFail(pallet_exchange::Error::<Runtime>::AlreadyPaid.into()));
	}
	let (sponsor, mut least) = sponsor_and_value(&person, first)?;
	for call in rest {
		let (other, value) = sponsor_and_value(&person, call)?;
		if other != sponsor {
			return Err(Unsponsored::NotSponsored);
		}
		least = least.min(value);
	}
	let (account, count) = (person.account.clone(), calls.len() as u32);
	Ok(Offer { sponsor, person: account, calls: count, value: least, quota: person.quota() })
}

/// Whether the calls name an order of one merchant twice, which is paid once.
fn repeats_an_order(calls: &[RuntimeCall]) -> bool {
	use pallet_exchange::Call::{authorize, pay};
	let order_of = |call: &RuntimeCall| match call {
		RuntimeCall::Exchange(pay { merchant, order, .. } | authorize { merchant, order, .. }) => {
			Some((*merchant, order.commitment))
		},
		_ => None,
	};
	let mut orders = calls.iter().filter_map(order_of).collect::<Vec<_>>();
	let named = orders.len();
	orders.sort();
	orders.dedup();
	orders.len() < named
}

fn sponsor_and_value(person: &Person, call: &RuntimeCall) -> Found {
	let found = of_call(person, call)?;
	// Last, since for most calls the answer is no before.
	if <Runtime as frame_system::Config>::BaseCallFilter::contains(call) {
		Ok(found)
	} else {
		Err(Unsponsored::WouldFail(frame_system::Error::<Runtime>::CallFiltered.into()))
	}
}

/// The same, whether or not the call is open.
fn of_call(person: &Person, call: &RuntimeCall) -> Found {
	use pallet_assets::Call as AssetsCall;
	use pallet_customers::Call as CustomerCall;
	use pallet_exchange::Call as ExchangeCall;
	let who = person.account;
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
			ExchangeCall::pay { merchant, order, price, legs }
			| ExchangeCall::authorize { merchant, order, price, legs },
		) => of_payment(person, *merchant, *order, *price, legs),
		RuntimeCall::Exchange(ExchangeCall::exchange { from, amount, to, .. }) => {
			of_exchange(person, *from, *amount, *to)
		},
		RuntimeCall::Points(pallet_points::Call::donate { program, to, amount }) if to != who => {
			of_points(who, *program, *amount)
		},
		RuntimeCall::Points(pallet_points::Call::donate_all { programs, to }) if to != who => {
			// Not of the program that is named first, so that nobody is made to pay for what others issued.
			let held = programs.iter().map(|program| (Points::worth(who, *program, Balance::MAX), *program));
			let (worth, program) = held.max().filter(|(worth, _)| *worth > 0).ok_or(Unsponsored::NotHeld)?;
			Ok((Points::issuer(program).map_err(Unsponsored::WouldFail)?, worth))
		},
		// Worth nothing, so that no stranger is sponsored; a customer has its quota.
		RuntimeCall::Customers(CustomerCall::unregister { account }) if account == who => {
			Ok((present_registrar(person)?, 0))
		},
		RuntimeCall::Customers(CustomerCall::join_accounts { .. }) => Ok((present_registrar(person)?, 0)),
		_ => Err(Unsponsored::NotSponsored),
	}
}

/// Who vouches for a customer, unless it is on its way out: it pays for nobody any more.
fn present_registrar(person: &Person) -> Result<InstitutionId, Unsponsored> {
	let registrar = person.customer()?.registrar;
	Institutions::ensure_payable(registrar).map_err(|_| Unsponsored::SponsorShort(registrar))?;
	Ok(registrar)
}

/// `amount`, or all, of a vintage, to somebody else.
fn of_transfer(
	who: &AccountId,
	vintage: AssetId,
	to: &AccountId,
	amount: Option<Balance>,
	rest: Preservation,
) -> Found {
	let (issuer, face_value) = Points::open_vintage(vintage).ok_or(Unsponsored::NotHeld)?;
	let held = Assets::reducible_balance(vintage, who, rest, Fortitude::Polite);
	let amount = amount.unwrap_or(held);
	if !(1..=held).contains(&amount) {
		return Err(Unsponsored::NotHeld);
	}
	if to == who {
		return Err(Unsponsored::NotSponsored);
	}
	Ok((issuer, amount.saturating_mul(face_value.into())))
}

/// `price` at a merchant, for an order that it takes, by a customer whose legs cover it, at the cost of issuers
/// that can owe it.
fn of_payment(person: &Person, merchant: InstitutionId, order: Order, price: Balance, legs: &[Leg]) -> Found {
	let (who, customer) = (person.account, person.customer()?);
	let rules = Exchange::ensure_takes_order(who, merchant, order, price).map_err(Unsponsored::WouldFail)?;
	if price > customer.left {
		return Err(Unsponsored::WouldFail(pallet_customers::Error::<Runtime>::OverLimit.into()));
	}
	let mut unpaid = price;
	for (place, leg) in legs.iter().enumerate() {
		if unpaid == 0 {
			break;
		}
		// What several legs may take of one program is one sum.
		let before = legs[..place].iter().filter(|earlier| earlier.program == leg.program);
		let taken = before.fold(0, |sum: Balance, earlier| sum.saturating_add(earlier.max_points));
		let most = taken.saturating_add(leg.max_points);
		let Ok((issuer, all)) = Points::issuer_and_worth(who, leg.program, most) else { continue };
		let before = if taken > 0 { Points::worth(who, leg.program, taken) } else { 0 };
		let value = all.saturating_sub(before).min(unpaid);
		if value > 0 && issuer != merchant {
			let net = value.saturating_sub(rules.interchange.mul_ceil(value));
			ensure_can_owe(issuer, merchant, net).map_err(Unsponsored::WouldFail)?;
		}
		unpaid = unpaid.saturating_sub(value);
	}
	if unpaid > 0 {
		return Err(Unsponsored::NotHeld);
	}
	Ok((merchant, price))
}

/// Whether an issuer is on time and can owe a merchant `value`.
fn ensure_can_owe(issuer: InstitutionId, merchant: InstitutionId, value: Balance) -> DispatchResult {
	Clearing::ensure_not_overdue(issuer)?;
	Clearing::ensure_can_owe(issuer, merchant, value)
}

/// Points of one program for those of another, by a customer who is known for long enough.
fn of_exchange(person: &Person, from: ProgramId, amount: Balance, to: ProgramId) -> Found {
	let who = person.account;
	person.customer()?;
	if from == to {
		return Err(Unsponsored::NotSponsored);
	}
	let found = of_points(who, from, amount)?;
	let would_succeed = || -> Result<(), DispatchError> {
		Customers::ensure_may_exchange(who)?;
		Clearing::ensure_not_overdue(Points::issuer(from)?)?;
		Institutions::ensure_active(Points::issuer(to)?)
	};
	would_succeed().map_err(Unsponsored::WouldFail)?;
	Ok(found)
}

/// `amount` unexpired points of a program. Whether the signer holds as many shows in the worth of the last.
fn of_points(who: &AccountId, program: ProgramId, amount: Balance) -> Found {
	let last = amount.checked_sub(1).ok_or(Unsponsored::NotHeld)?;
	let (issuer, worth) = Points::issuer_and_worth(who, program, amount).map_err(Unsponsored::WouldFail)?;
	let holds = worth > Points::worth(who, program, last);
	holds.then_some((issuer, worth)).ok_or(Unsponsored::NotHeld)
}

/// What the signer of a transaction, as bytes of this length, would pay in this state beside the tip; `None` for
/// what is not signed or not taken. A query, not part of executing blocks.
pub fn fee_of_signer(transaction: &UncheckedExtrinsic, len: u32) -> Option<Balance> {
	let Preamble::Signed(address, ..) = &transaction.preamble else { return None };
	let who = lookup(address).ok()?;
	let info = transaction.get_dispatch_info();
	let charge = Sponsorship::charge(&who, &transaction.function, &info, len as usize).ok()?;
	let FeeCharge { payer, fee, .. } = charge;
	Some(if let Payer::Signer(_) = payer { fee } else { 0 })
}

/// Whether the key of an account was lost, so that what is sent to it would be anybody's.
pub fn is_lost(address: &Address) -> bool {
	lookup(address).is_ok_and(|account| Customers::successor(&account).is_some())
}

fn lookup(address: &Address) -> Result<AccountId, Unsponsored> {
	<Runtime as frame_system::Config>::Lookup::lookup(address.clone()).map_err(|_| Unsponsored::NotSponsored)
}
