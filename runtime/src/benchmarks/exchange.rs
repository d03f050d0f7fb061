//! Payments, exchanges and receipts.

use super::{fees, system as frame_system, world::*, Config};
use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{OnIdle, OnPoll},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{asset_id, Eras, Money, ProgramId, DAY, MAX_LEGS};
use pallet_exchange::{
	Authorisations, Call, KeptReceipts, Leg, Receipt, ReceiptClosings, ReceiptKey, Receipts, Slip,
	CLOSINGS_PER_PAGE, MAX_SLIPS,
};

pub struct Pallet<T: Config>(PhantomData<T>);

type SignedSlip = Slip<AccountId, Signature>;
type Legs = frame_support::BoundedVec<Leg, frame_support::traits::ConstU32<MAX_LEGS>>;

/// Burns of a payment at most.
const BURNS: u32 = MAX_LEGS * VINTAGES;

/// A customer of another institution than the merchant, with a point of each vintage of as many programs as a payment
/// takes, whose issuers all owe the merchant on a line what it lets them, and the rest in money.
pub struct Shopper {
	/// It.
	pub who: Wallet,
	/// The programs.
	pub programs: Vec<ProgramId>,
}

impl Shopper {
	/// With as many programs as a payment takes.
	pub fn new() -> Prepared<Self> {
		Self::of(MAX_LEGS)
	}

	fn of(programs: u32) -> Prepared<Self> {
		begin()?;
		let who = Wallet::new(1);
		who.register(200, 1)?;
		signs(&who.account);
		let issuers: Vec<_> = (ISSUER..ISSUER + programs).collect();
		let programs = holdings(&issuers, &[who.account.clone()], 1)?;
		for issuer in issuers {
			grant(MERCHANT, issuer, CENT / 2)?;
		}
		Ok(Self { who, programs })
	}

	/// Legs that burn so many vintages: all of the first programs.
	pub fn legs(&self, burns: u32) -> Legs {
		let leg = |(place, program): (u32, &ProgramId)| {
			let burned = burns.saturating_sub(place * VINTAGES).min(VINTAGES);
			(burned > 0).then_some(Leg { program: *program, max_points: burned.into() })
		};
		let legs: Vec<_> = (0..).zip(&self.programs).filter_map(leg).collect();
		Legs::truncate_from(legs)
	}

	/// Legs of all programs, each with one vintage, and so many vintages more.
	fn all_legs(&self, more: u32) -> Legs {
		let leg = |(place, program): (u32, &ProgramId)| {
			let more = more.saturating_sub(place * (VINTAGES - 1)).min(VINTAGES - 1);
			Leg { program: *program, max_points: (1 + more).into() }
		};
		let legs: Vec<_> = (0..).zip(&self.programs).map(leg).collect();
		Legs::truncate_from(legs)
	}

	/// A payment of so many burns.
	pub fn pay(&self, burns: u32, legs: Legs) -> RuntimeCall {
		let price = Money::from(burns) * CENT;
		Call::pay { merchant: MERCHANT, order: order(1), price, legs }.into()
	}

	fn authorize(&self, burns: u32, legs: Legs) -> RuntimeCall {
		let price = Money::from(burns) * CENT;
		Call::authorize { merchant: MERCHANT, order: order(1), price, legs }.into()
	}

	fn key(&self) -> ReceiptKey<AccountId> {
		ReceiptKey::of(MERCHANT, self.who.account.clone(), order(1))
	}

	fn burned(&self) -> u32 {
		Receipts::<Runtime>::get(self.key()).map_or(0, |receipt| receipt.parts.len() as u32)
	}

	/// Before its receipt, as many others are on its page of the list as there is room for, which cannot go yet.
	fn fill_page(&self) {
		let pages = ReceiptClosings::<Runtime>::iter().next().zip(Receipts::<Runtime>::get(self.key()));
		let Some(((closes, number, _), receipt)) = pages else { return };
		let other = |number: u32| ReceiptKey { commitment: order(1 + number).commitment, ..self.key() };
		let mut keys: Vec<_> = (1..CLOSINGS_PER_PAGE).map(other).collect();
		for key in &keys {
			let receipt = Receipt { paid: Rulebook::current(), ..receipt.clone() };
			Receipts::<Runtime>::insert(key, receipt);
		}
		keys.push(self.key());
		let keys = frame_support::BoundedVec::truncate_from(keys);
		ReceiptClosings::<Runtime>::insert(closes, number, keys);
	}

	fn held(&self) -> u32 {
		Authorisations::<Runtime>::get(self.key()).map_or(0, |it| it.burns.len() as u32)
	}
}

impl Wallet {
	/// A slip for the `number`-th order.
	fn slip(&self, number: u32, price: Money, legs: Legs) -> Prepared<SignedSlip> {
		let until = Timestamp::get() + Rulebook::rules().slip_lifetime;
		let (payer, order) = (self.account.clone(), order(number));
		let bytes = Exchange::slip(MERCHANT, payer.clone(), order, price, legs.clone(), until);
		Ok(Slip { payer, order, price, legs, until, signature: self.sign(&bytes)? })
	}
}

fn presented(slips: Vec<SignedSlip>) -> RuntimeCall {
	Call::present_slips { slips: frame_support::BoundedVec::truncate_from(slips) }.into()
}

/// So many slips, each of another customer, who has points of each vintage of one of so many programs.
fn paying_slips(slips: u32, programs: u32) -> Prepared<RuntimeCall> {
	begin()?;
	let customers: Vec<_> = (0..slips).map(Wallet::new).collect();
	for (number, who) in (0..).zip(&customers) {
		who.register(200, number)?;
	}
	let programs = programs.min(slips);
	let issuers: Vec<_> = (ISSUER..ISSUER + programs).collect();
	let holders = |place: u32| {
		let of_it = (0..).zip(&customers).filter(move |(number, _)| number % programs == place);
		of_it.map(|(_, who)| who.account.clone()).collect::<Vec<_>>()
	};
	let held = holdings_of(&issuers, |place| holders(place as u32), 1)?;
	let mut all = Vec::new();
	for (number, who) in (0..).zip(&customers) {
		let program = held[(number % programs) as usize];
		all.push(who.slip(number, CENT, Legs::truncate_from([Leg { program, max_points: 1 }].to_vec()))?);
	}
	for issuer in issuers.into_iter().take(pallet_clearing::MAX_CREDIT_LINES as usize) {
		grant(MERCHANT, issuer, CENT / 2)?;
	}
	Ok(presented(all))
}

fn idle() {
	Exchange::on_idle(System::block_number(), Weight::MAX);
}

#[benchmarks]
mod measured {
	use super::*;

	/// One vintage of each leg.
	#[benchmark]
	fn pay_legs(l: Linear<1, { MAX_LEGS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::of(l)?;
		let call = shopper.pay(l, shopper.all_legs(0));
		let once = || send(&shopper.who.account, call.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(shopper.burned() == l, "paid")?;
		Ok(())
	}

	/// As many legs as there can be, and `b` vintages more than one of each.
	#[benchmark]
	fn pay_burns(b: Linear<0, { BURNS - MAX_LEGS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::new()?;
		let call = shopper.pay(MAX_LEGS + b, shopper.all_legs(b));
		let once = || send(&shopper.who.account, call.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(shopper.burned() == MAX_LEGS + b, "paid")?;
		Ok(())
	}

	/// As [`pay_legs`], by a transaction of the payer.
	#[benchmark]
	fn pay_charged(l: Linear<1, { MAX_LEGS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::of(l)?;
		is_charged(&shopper.who.account, MERCHANT);
		let call = shopper.pay(l, shopper.all_legs(0));
		let once = || {
			fees::decide(&shopper.who.account, &call);
			send(&shopper.who.account, call.clone())
		};
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(shopper.burned() == l, "paid")?;
		Ok(())
	}

	#[benchmark]
	fn exchange(b: Linear<1, { VINTAGES }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::of(2)?;
		is_charged(&shopper.who.account, ISSUER);
		let from = shopper.programs[0];
		// Of which a point is worth so little that some come out whatever comes in.
		let to = program(ISSUER + 1, pallet_points::Terms { face_value: 1, ..TERMS })?;
		let call = RuntimeCall::from(Call::exchange { from, amount: b.into(), to, min_out: 0 });
		let once = || {
			fees::decide(&shopper.who.account, &call);
			send(&shopper.who.account, call.clone())
		};
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(Assets::balance(asset_id(from, 0), &shopper.who.account) == 0, "exchanged")?;
		Ok(())
	}

	#[benchmark]
	fn refund(b: Linear<1, { BURNS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::new()?;
		let payer = shopper.who.account.clone();
		send(&payer, shopper.pay(b, shopper.legs(b)))?;
		let call = Call::refund { payer, order: order(1), total: Money::from(b) * CENT };
		let once = || send(&member(MERCHANT), call.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		let is_refunded = Receipts::<Runtime>::get(shopper.key()).is_some_and(|it| it.refunded == it.price);
		ensure(is_refunded, "refunded")?;
		Ok(())
	}

	/// As [`pay_charged`].
	#[benchmark]
	fn authorize_legs(l: Linear<1, { MAX_LEGS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::of(l)?;
		is_charged(&shopper.who.account, MERCHANT);
		let call = shopper.authorize(l, shopper.all_legs(0));
		let once = || {
			fees::decide(&shopper.who.account, &call);
			send(&shopper.who.account, call.clone())
		};
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(shopper.held() == l, "authorised")?;
		Ok(())
	}

	/// As [`pay_burns`].
	#[benchmark]
	fn authorize_burns(b: Linear<0, { BURNS - MAX_LEGS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::new()?;
		let call = shopper.authorize(MAX_LEGS + b, shopper.all_legs(b));
		let once = || send(&shopper.who.account, call.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(shopper.held() == MAX_LEGS + b, "authorised")?;
		Ok(())
	}

	/// All but a point, which comes back.
	#[benchmark]
	fn capture(b: Linear<2, { BURNS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::new()?;
		let payer = shopper.who.account.clone();
		send(&payer, shopper.authorize(b, shopper.legs(b)))?;
		let call = Call::capture { payer, order: order(1), value: Money::from(b - 1) * CENT, last: true };
		let once = || send(&member(MERCHANT), call.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(shopper.burned() == b - 1 && shopper.held() == 0, "captured")?;
		Ok(())
	}

	/// At its deadline, after a part of it was captured.
	#[benchmark]
	fn void(b: Linear<1, { BURNS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::new()?;
		let payer = shopper.who.account.clone();
		send(&payer, shopper.authorize(b, shopper.legs(b)))?;
		send(&member(MERCHANT), Call::capture { payer, order: order(1), value: CENT / 2, last: false })?;
		set_time(Timestamp::get() + Rulebook::rules().authorisation);
		#[block]
		{
			Exchange::on_poll(System::block_number(), &mut WeightMeter::new());
		}
		ensure(shopper.held() == 0, "ended")?;
		Ok(())
	}

	/// Of different customers, who all have points of one program.
	#[benchmark]
	fn present_slips(s: Linear<1, { MAX_SLIPS }>) -> Result<(), BenchmarkError> {
		let slips = paying_slips(s, 1)?;
		let once = || send(&member(MERCHANT), slips.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(Receipts::<Runtime>::iter_keys().count() as u32 == s, "all were paid")?;
		Ok(())
	}

	/// Of different customers, who have points of so many programs.
	#[benchmark]
	fn present_programs(p: Linear<1, { MAX_SLIPS }>) -> Result<(), BenchmarkError> {
		let slips = paying_slips(MAX_SLIPS, p)?;
		let once = || send(&member(MERCHANT), slips.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(Receipts::<Runtime>::iter_keys().count() as u32 == MAX_SLIPS, "all were paid")?;
		Ok(())
	}

	/// Of different customers, of whom so many have a recovery that the slip cancels. They are refused for their price,
	/// which is seen after that.
	#[benchmark]
	fn present_recoveries(r: Linear<0, { MAX_SLIPS }>) -> Result<(), BenchmarkError> {
		begin()?;
		let until = Timestamp::get() + Rulebook::rules().slip_lifetime;
		let mut slips = Vec::new();
		for number in 0..MAX_SLIPS {
			let who = Wallet::new(number);
			let new = stranger(number);
			let recovery = pallet_customers::Recovery {
				institution: 200,
				new,
				nonce: System::account_nonce(&who.account),
				due: until,
				ends: until,
				items: Default::default(),
				moved: None,
			};
			if number < r {
				pallet_customers::Recoveries::<Runtime>::insert(&who.account, recovery);
			}
			slips.push(who.slip(number, 0, Legs::default())?);
		}
		pallet_customers::RecoveryExposures::<Runtime>::mutate(200, |it| it.recoveries = r + 1);
		let slips = presented(slips);
		let once = || send(&member(MERCHANT), slips.clone());
		warm(&once);
		#[block]
		{
			once()?;
		}
		ensure(pallet_customers::RecoveryExposures::<Runtime>::get(200).recoveries == 1, "all were good")?;
		Ok(())
	}

	/// Of a receipt whose time is not over.
	#[benchmark]
	fn check_receipt() -> Result<(), BenchmarkError> {
		let shopper = Shopper::new()?;
		send(&shopper.who.account, shopper.pay(BURNS, shopper.legs(BURNS)))?;
		set_time(Timestamp::get() + 25 * DAY);
		shopper.fill_page();
		#[block]
		{
			idle();
		}
		ensure(shopper.burned() == BURNS, "it is kept")?;
		Ok(())
	}

	#[benchmark]
	fn drop_receipt(b: Linear<1, { BURNS }>) -> Result<(), BenchmarkError> {
		let shopper = Shopper::new()?;
		send(&shopper.who.account, shopper.pay(b, shopper.legs(b)))?;
		set_time(Timestamp::get() + 60 * DAY);
		shopper.fill_page();
		#[block]
		{
			idle();
		}
		ensure(shopper.burned() == 0, "it is gone")?;
		Ok(())
	}

	#[benchmark]
	fn unlist_receipt() -> Result<(), BenchmarkError> {
		let shopper = Shopper::new()?;
		send(&shopper.who.account, shopper.pay(BURNS, shopper.legs(BURNS)))?;
		Receipts::<Runtime>::mutate_extant(shopper.key(), |receipt| receipt.disputed = true);
		set_time(Timestamp::get() + 60 * DAY);
		shopper.fill_page();
		#[block]
		{
			idle();
		}
		ensure(KeptReceipts::<Runtime>::contains_key(shopper.key()), "it is off the list")?;
		Ok(())
	}
}
