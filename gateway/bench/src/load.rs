//! What is sent: signed before anything is measured.

use crate::{
	Result, keys,
	network::Population,
	wire::{self, Award, Envelope, Leg, Order, Pay, Slip},
};

use hanse_chain::{AtBlock, Node, hanse, reads::Reads, sign};
use subxt::{
	transactions::{TransactionInvalid, ValidationResult},
	utils::{AccountId32, H256},
};
use subxt_signer::sr25519::Keypair;

/// What one payment costs, in micro-units: the least that the chain takes.
pub const PRICE: u128 = 10_000;
/// What a smallest unit of every program is worth, in micro-units, as `hanse-population` has it.
pub const FACE_VALUE: u128 = 1_000;
/// The points of one award.
pub const AWARDED: u128 = 10;
/// How long a slip is good, in milliseconds.
const SLIP_TIME: u64 = 50 * 60 * 1_000;
/// Of ten payments so many are to the merchant whom everybody visits.
const HOT: usize = 9;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
	/// Payments, each signed and sent by its customer.
	Pay,
	/// Payments that customers signed for their merchants, who present them in lists.
	Slips,
	/// Awards that members issue in lists.
	Awards,
	/// `assets.transfer_keep_alive` on a chain with a stock runtime.
	Transfers,
}

/// The sizes of what is sent.
#[derive(Clone, Debug, clap::Args)]
pub struct Shape {
	/// Only so many customers send, or sign.
	#[arg(long)]
	pub senders: Option<u32>,

	/// Transactions of each of them, one after the other; the first of all of them come first.
	#[arg(long, default_value_t = 1)]
	pub rounds: u32,

	/// Programs with which each payment is paid.
	#[arg(long, default_value_t = 1)]
	pub legs: u32,

	/// Nine of ten payments are to one merchant.
	#[arg(long)]
	pub hot: bool,

	/// Slips in one list.
	#[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=128))]
	pub slips: u32,

	/// Awards in one list.
	#[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=500))]
	pub awards: u32,
}

impl Shape {
	/// How many of what is measured one transaction does.
	pub fn worth(&self, kind: Kind) -> u32 {
		match kind {
			Kind::Pay | Kind::Transfers => 1,
			Kind::Slips => self.slips,
			Kind::Awards => self.awards,
		}
	}
}

/// A transaction that is ready to be sent.
pub struct Prepared {
	pub bytes: Vec<u8>,
	/// What names it everywhere.
	pub hash: [u8; 32],
}

impl Prepared {
	pub fn new(bytes: Vec<u8>) -> Self {
		Self { hash: sp_crypto_hashing::blake2_256(&bytes), bytes }
	}
}

/// What makes transactions for one chain.
pub struct Maker {
	envelope: Envelope,
	population: Population,
	shape: Shape,
	customers: Vec<Keypair>,
	/// The next nonce of every customer, and of each member.
	customers_nonce: u32,
	members: Vec<(Keypair, u32)>,
	era: u32,
	/// The chain's clock, in milliseconds since 1970.
	time: u64,
	genesis: [u8; 32],
	calls: Calls,
}

struct Calls {
	pay: [u8; 2],
	present_slips: [u8; 2],
	issue_batch: [u8; 2],
}

impl Maker {
	/// For a chain of ours with these customers.
	pub async fn new(node: &Node, population: &Population, shape: &Shape) -> Result<Self> {
		if shape.legs > population.holdings || shape.legs >= population.members {
			return Err("more legs than programs that a customer holds, or no member left to be paid".into());
		}
		let at = node.at_final().await?;
		let calls = Calls {
			pay: wire::call_index(&at, "Exchange", "pay")?,
			present_slips: wire::call_index(&at, "Exchange", "present_slips")?,
			issue_batch: wire::call_index(&at, "Points", "issue_batch")?,
		};
		let senders = shape.senders.unwrap_or(population.customers);
		if senders > population.customers || !senders.is_multiple_of(population.members) {
			return Err(
				"senders are at most all customers, and as many of each member; give a multiple of --members"
					.into(),
			);
		}
		let customers = keys::all(senders as usize, |number| keys::customer(number as u32));
		let (first, last) = (customers.first(), customers.last());
		let (Some(first), Some(last)) = (first, last) else { return Err("there are no customers".into()) };
		let nonce = async |key: &Keypair| node.next_nonce(key.public_key().0.into_account()).await;
		let customers_nonce = nonce(first).await?;
		if nonce(last).await? != customers_nonce {
			return Err("customers do not begin with the same nonce".into());
		}
		let mut members = Vec::new();
		for number in 1..=population.members {
			let key = keys::member(number)?;
			let nonce = nonce(&key).await?;
			members.push((key, u32::try_from(nonce)?));
		}
		let time = at.storage().fetch(hanse::storage().timestamp().now(), ()).await?.decode()?;
		let maker = Self {
			envelope: Envelope::of(node).await?,
			population: population.clone(),
			shape: shape.clone(),
			customers,
			customers_nonce: u32::try_from(customers_nonce)?,
			members,
			era: Reads::new(at.clone()).era().await?,
			time,
			genesis: node.genesis(),
			calls,
		};
		maker.ensure_understood(&at).await?;
		Ok(maker)
	}

	/// Whether what is written here is what the chain reads.
	async fn ensure_understood(&self, at: &AtBlock) -> Result<()> {
		let Pay { merchant, order, price, legs } = self.payment(7);
		let theirs = legs.iter().map(|leg| hanse::runtime_types::pallet_exchange::types::Leg {
			program: leg.program,
			max_points: leg.max_points,
		});
		let theirs = hanse::tx().exchange().pay(
			merchant,
			hanse::runtime_types::hanse_primitives::Order {
				era: order.era,
				commitment: H256(order.commitment),
			},
			price,
			hanse::runtime_types::bounded_collections::bounded_vec::BoundedVec(theirs.collect()),
		);
		let payer = self.customers[7 % self.customers.len()].public_key().0;
		let legs: Vec<_> = legs.iter().map(|leg| (leg.program, leg.max_points as u64)).collect();
		let of = hanse_chain::reads::OrderId { era: order.era, commitment: order.commitment };
		let slip = Reads::new(at.clone())
			.slip(merchant, payer.into_account(), of, price as u64, &legs, self.time)
			.await?;
		let is_same = sign::call_data(at, &theirs)?.0 == wire::call(self.calls.pay, self.payment(7))
			&& slip == Slip::bytes(&self.genesis, &self.payment(7), payer, self.time);
		let pay = self.envelope.sign(
			&wire::call(self.calls.pay, self.payment(7)),
			&self.customers[0],
			self.customers_nonce,
		);
		match at.tx().from_bytes(pay).validate().await? {
			ValidationResult::Invalid(TransactionInvalid::BadProof) => {
				Err("the chain does not take these signatures".into())
			},
			_ if is_same => Ok(()),
			_ => Err("the chain writes payments otherwise than this program".into()),
		}
	}

	/// At most so many transactions of a kind.
	pub fn make(&self, kind: Kind, most: usize) -> Vec<Prepared> {
		match kind {
			Kind::Pay => self.payments(most),
			Kind::Slips => self.slips(most),
			Kind::Awards => self.awards(most),
			Kind::Transfers => Vec::new(),
		}
	}

	/// The payment of this number: of the customer of this number, again and again.
	fn payment(&self, number: usize) -> Pay {
		let (members, customer) = (self.population.members, (number % self.customers.len()) as u32);
		let legs = (0..self.shape.legs).map(|leg| 1 + (customer + leg) % members);
		let legs = legs.map(|program| Leg { program: program as u16, max_points: PRICE / FACE_VALUE });
		// Of the price each leg pays its part, so that all of them are needed.
		let mut legs: Vec<Leg> = legs.collect();
		let share = PRICE / FACE_VALUE / legs.len() as u128;
		legs.iter_mut().for_each(|leg| leg.max_points = share);
		let rest = PRICE / FACE_VALUE - share * legs.len() as u128;
		if let Some(first) = legs.first_mut() {
			first.max_points += rest;
		}
		let merchant = match self.shape.hot && number % 10 < HOT {
			true => self.hot_merchant(customer),
			false => 1 + (customer + self.shape.legs) % members,
		};
		let order = Order { era: self.era, commitment: keys::name("payment", number as u64) };
		Pay { merchant, order, price: PRICE, legs }
	}

	/// The first member, unless that is its own points: those are not owed to it.
	fn hot_merchant(&self, customer: u32) -> u32 {
		let members = self.population.members;
		let holds_its_own = (0..self.shape.legs).any(|leg| (customer + leg).is_multiple_of(members));
		if holds_its_own { 1 + (customer + self.shape.legs) % members } else { 1 }
	}

	fn payments(&self, most: usize) -> Vec<Prepared> {
		let count = most.min(self.customers.len() * self.shape.rounds as usize);
		keys::all(count, |number| {
			let (place, round) = (number % self.customers.len(), number / self.customers.len());
			let call = wire::call(self.calls.pay, self.payment(number));
			Prepared::new(self.envelope.sign(
				&call,
				&self.customers[place],
				self.customers_nonce + round as u32,
			))
		})
	}

	/// Lists of slips of the customers of each merchant, the merchants in turn.
	fn slips(&self, most: usize) -> Vec<Prepared> {
		let (members, size) = (self.members.len(), self.shape.slips as usize);
		let lists = self.customers.len() * self.shape.rounds as usize / (members * size) * members;
		keys::all(most.min(lists), |list| {
			let (merchant, turn) = (list % members, list / members);
			// Whose points are not this merchant's: see `payment`.
			let payer = |place: usize| {
				let numbers = (turn * size + place) * members;
				numbers + (merchant + members - self.shape.legs as usize % members) % members
			};
			let slips: Vec<Slip> = (0..size)
				.map(|place| {
					let (number, pay) = (payer(place), self.payment(payer(place)));
					let key = &self.customers[number % self.customers.len()];
					Slip::sign(&self.genesis, pay, self.time + SLIP_TIME, key)
				})
				.collect();
			let (key, nonce) = &self.members[merchant];
			Prepared::new(self.envelope.sign(
				&wire::call(self.calls.present_slips, slips),
				key,
				nonce + turn as u32,
			))
		})
	}

	/// Lists of awards to the customers, the members in turn.
	fn awards(&self, most: usize) -> Vec<Prepared> {
		let (members, size) = (self.members.len(), self.shape.awards as usize);
		let lists = (self.customers.len() * self.shape.rounds as usize).div_ceil(size);
		keys::all(most.min(lists), |list| {
			let (member, turn) = (list % members, list / members);
			let awards: Vec<Award> = (0..size)
				.map(|place| {
					let number = list * size + place;
					let to = self.customers[number % self.customers.len()].public_key().0;
					Award { to, amount: AWARDED, order: keys::name("award", number as u64) }
				})
				.collect();
			let (key, nonce) = &self.members[member];
			let call = wire::call(self.calls.issue_batch, (1 + member as u16, self.era, awards));
			Prepared::new(self.envelope.sign(&call, key, nonce + turn as u32))
		})
	}
}

/// Bytes that are an account.
pub trait IntoAccount {
	fn into_account(self) -> hanse_chain::AccountId;
}

impl IntoAccount for [u8; 32] {
	fn into_account(self) -> hanse_chain::AccountId {
		AccountId32(self).into()
	}
}

/// Transfers of an asset between accounts of a chain with a stock runtime.
pub mod transfers {
	use super::*;
	use codec::Compact;

	/// The asset that everybody has.
	pub const ASSET: u32 = 1;
	/// What each transfer moves.
	pub const AMOUNT: u128 = 10;

	/// One transfer of each account, to one that is there too, round after round.
	pub async fn make(node: &Node, accounts: u32, rounds: u32, most: usize) -> Result<Vec<Prepared>> {
		let at = node.at_final().await?;
		let (envelope, index) =
			(Envelope::of(node).await?, wire::call_index(&at, "Assets", "transfer_keep_alive")?);
		let keys = keys::all(accounts as usize, |number| keys::customer(number as u32));
		let nonce = u32::try_from(node.next_nonce(keys[0].public_key().0.into_account()).await?)?;
		let count = most.min(keys.len() * rounds as usize);
		Ok(keys::all(count, |number| {
			let (from, round) = (number % keys.len(), number / keys.len());
			let to = keys[(from + 1 + round) % keys.len()].public_key().0;
			let call = wire::call(index, (Compact(ASSET), 0u8, to, Compact(AMOUNT)));
			Prepared::new(envelope.sign(&call, &keys[from], nonce + round as u32))
		}))
	}

	/// An account of such a chain, by its address.
	pub fn account(number: u32) -> String {
		keys::customer(number).public_key().0.into_account().to_string()
	}
}
