//! What the shop does, spread over all kills.

use super::INSTITUTION;
use crate::{
	chain::{self, FACE_VALUE},
	receiver::Receiver,
	shop::{self, JSON, Shop},
};
use futures::{StreamExt, stream};
use hanse_chain::{AccountId, Node, ProgramId};
use hanse_gateway::model::Role;
use serde_json::{Value, json};
use std::{
	collections::BTreeMap,
	sync::{Arc, Mutex, atomic::Ordering},
};
use subxt_signer::sr25519::Keypair;
use tokio::sync::watch;

/// Lists into which the awards are cut.
const LISTS: u64 = 200;
/// Purchases at the same time.
const AT_ONCE: usize = 256;
pub const CUSTOMERS: u64 = 25;
/// What each customer has at the start.
const FUNDS: u64 = 100_000;
/// What each slip pays, in smallest units of points.
pub const PAID: u64 = 10;

#[derive(Clone, Copy)]
pub struct Sizes {
	pub awards: u64,
	pub slips: u64,
	/// The first so many slips are refunded.
	pub refunds: u64,
}

impl Sizes {
	/// All that is asked for, with what customers are given at the start.
	pub fn operations(&self) -> u64 {
		CUSTOMERS + self.awards + self.slips + self.refunds
	}
}

/// How far the kills are, from 0 to 1, so that the work is as long as they are.
pub struct Pace(watch::Receiver<f64>);

impl Pace {
	pub fn new() -> (Self, watch::Sender<f64>) {
		let (sender, receiver) = watch::channel(0.0);
		(Self(receiver), sender)
	}

	/// Waits until the kills have come as far.
	async fn reach(&self, place: u64, of: u64) {
		let share = place as f64 / of as f64;
		self.0.clone().wait_for(|done| *done >= share).await.unwrap();
	}
}

pub struct Player {
	pub shop: Shop,
	pub node: Node,
	receiver: Receiver,
	program: ProgramId,
	pub sizes: Sizes,
	/// As they were presented, by number.
	slips: Mutex<BTreeMap<u64, Value>>,
}

/// An endpoint for all that the shop is told: its name.
pub async fn be_told(shop: &Shop, receiver: &Receiver) -> String {
	let body = json!({ "url": receiver.url }).to_string();
	let created = shop.post("/v1/webhooks", Role::Admin, "webhook", JSON, &body).await;
	receiver.set_secret(created["secret"].as_str().unwrap());
	created["endpoint"]["id"].as_str().unwrap().to_owned()
}

/// Customers, who have points.
pub async fn welcome(shop: &Shop, program: ProgramId) {
	let customers: Vec<_> = (0..CUSTOMERS).map(customer).collect();
	shop::welcome(shop, program, &customers, FUNDS).await;
}

fn customer(number: u64) -> Keypair {
	chain::key(&format!("//Customer//{}", number % CUSTOMERS))
}

pub fn payer(number: u64) -> AccountId {
	chain::account(&customer(number))
}

fn points(number: u64) -> u64 {
	1 + number % 7
}

/// Some are refunded whole, and some by half.
pub fn refund(number: u64) -> u64 {
	PAID / (1 + number % 2)
}

impl Player {
	pub fn new(shop: Shop, node: Node, receiver: Receiver, program: ProgramId, sizes: Sizes) -> Arc<Self> {
		assert!(sizes.refunds <= sizes.slips, "only what was paid can be refunded");
		Arc::new(Self { shop, node, receiver, program, sizes, slips: Mutex::default() })
	}

	/// Who comes after a gateway whose database was deleted: with other keys.
	pub fn with(&self, shop: Shop) -> Self {
		let slips = Mutex::new(self.slips.lock().unwrap().clone());
		Self { shop, node: self.node.clone(), receiver: self.receiver.clone(), slips, ..*self }
	}

	pub fn repeated(&self) -> u64 {
		self.shop.repeated.load(Ordering::Relaxed)
	}

	/// All points that are awarded.
	pub fn awarded(&self) -> u64 {
		CUSTOMERS * FUNDS + (0..self.sizes.awards).map(points).sum::<u64>()
	}

	/// How many orders are awarded.
	pub fn award_count(&self) -> u64 {
		CUSTOMERS + self.sizes.awards
	}

	pub fn slips(&self) -> BTreeMap<u64, Value> {
		self.slips.lock().unwrap().clone()
	}

	fn funds(&self) -> String {
		let line = |one| shop::award_line(self.program, &format!("F-{one}"), payer(one), FUNDS);
		(0..CUSTOMERS).map(line).collect()
	}

	/// Asks again for what customers were given to pay with.
	pub async fn fund(&self) {
		assert_eq!(shop::award(&self.shop, "funds", &self.funds()).await, 0);
	}

	pub async fn play(&self, pace: &Pace) {
		tokio::join!(self.awards(pace), self.purchases(pace));
	}

	fn lists(&self) -> Vec<String> {
		let size = self.sizes.awards.div_ceil(LISTS).max(1);
		let line = |one: u64| {
			let to = AccountId([u8::try_from(one % 50).unwrap() + 1; 32]);
			shop::award_line(self.program, &format!("A-{one}"), to, points(one))
		};
		let list = |first: u64| (first..self.sizes.awards.min(first + size)).map(line).collect();
		(0..self.sizes.awards).step_by(usize::try_from(size).unwrap()).map(list).collect()
	}

	async fn awards(&self, pace: &Pace) {
		let lists = self.lists();
		let of = lists.len() as u64;
		for (place, list) in (0..).zip(&lists) {
			pace.reach(place, of).await;
			shop::award(&self.shop, &format!("list-{place}"), list).await;
		}
	}

	async fn purchases(&self, pace: &Pace) {
		stream::iter(0..self.sizes.slips).for_each_concurrent(AT_ONCE, |one| self.purchase(pace, one)).await;
	}

	async fn purchase(&self, pace: &Pace, number: u64) {
		pace.reach(number, self.sizes.slips).await;
		let order = format!("P-{number}");
		let price = PAID * u64::from(FACE_VALUE);
		let by = customer(number);
		let of = (&by, self.program);
		let slip = shop::slip(&self.shop, &self.node, INSTITUTION, of, (&order, price)).await;
		self.slips.lock().unwrap().insert(number, slip.clone());
		self.present(number, &slip, "first").await;
		if number < self.sizes.refunds {
			self.receiver.paid(&order).await;
			self.refund(number, "first").await;
		}
	}

	async fn present(&self, number: u64, slip: &Value, key: &str) -> Value {
		let key = format!("slip-{number}-{key}");
		self.shop.post("/v1/payments/slips", Role::Till, &key, JSON, &slip.to_string()).await
	}

	async fn refund(&self, number: u64, key: &str) -> Value {
		let (path, key) = (format!("/v1/payments/P-{number}/refunds"), format!("refund-{number}-{key}"));
		let total = refund(number) * u64::from(FACE_VALUE);
		let body = json!({ "total": total.to_string() }).to_string();
		self.shop.post(&path, Role::Till, &key, JSON, &body).await
	}

	/// Asks for everything once more, as a shop that has forgotten how far it was. Answers how much of it was known and
	/// final already.
	pub async fn ask_again(&self, key: &str) -> u64 {
		let mut known = 0;
		for (place, list) in self.lists().iter().enumerate() {
			known += shop::award(&self.shop, &format!("list-{place}-{key}"), list).await;
		}
		let slips = self.slips();
		let count =
			|answers: Vec<Value>| answers.iter().filter(|answer| answer["status"] == "final").count() as u64;
		let presented = stream::iter(&slips).map(|(number, slip)| self.present(*number, slip, key));
		known += count(presented.buffered(AT_ONCE).collect().await);
		let refunded = stream::iter(0..self.sizes.refunds).map(|number| self.refund(number, key));
		known + count(refunded.buffered(AT_ONCE).collect().await)
	}
}
