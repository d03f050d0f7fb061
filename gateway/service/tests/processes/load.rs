//! How many, how fast, and in how much memory.
//!
//! | figure | at full size | in the gate |
//! |---|---|---|
//! | awards a second, in lists | `HANSE_LOAD_AWARDS=1500` | 100 |
//! | for so many seconds | `HANSE_LOAD_SECONDS=300` | 5 |
//! | slips a second, one request each | `HANSE_LOAD_SLIPS=300` | 20 |
//! | a chain to catch up with | `HANSE_LOAD_CHAIN=ws://…` | its own |
//!
//! With `HANSE_LOAD_LIMITS=1` a figure that is not reached is a failure.

use crate::{
	ALONE, PATIENCE, chain,
	figures::{Times, Watch, not_final, now, to_final},
	gateway::Gateway,
	node::NodeProcess,
	setting,
	shop::{self, JSON, Shop, award_line},
};
use futures::{StreamExt, stream};
use hanse_chain::{AccountId, Node, ProgramId};
use hanse_gateway::model::{Delegation, Role};
use serde_json::Value;
use std::{
	sync::{Arc, atomic::Ordering},
	time::{Duration, Instant},
};
use tokio::time::{MissedTickBehavior, interval, sleep};

const INSTITUTION: u32 = 1;
/// Lists a second.
const LISTS: u64 = 5;
const CUSTOMERS: u64 = 50;
/// What each customer gets to pay with.
const FUNDS: u64 = 100_000;
/// What each slip pays, in smallest units of points.
const PAID: u64 = 10;
const FASTEST: Duration = Duration::from_secs(3);

struct Load {
	program: ProgramId,
	node: Node,
	node_process: NodeProcess,
	gateway: Gateway,
	shop: Arc<Shop>,
	_folder: tempfile::TempDir,
}

/// Fails if a figure is not reached, where figures are asked for.
fn limit(reached: bool, what: &str) {
	if !reached {
		println!("NOT REACHED: {what}");
	}
	assert!(reached || setting("HANSE_LOAD_LIMITS", 0) == 0, "{what}");
}

impl Load {
	async fn open() -> Self {
		let folder = tempfile::tempdir().unwrap();
		let node_process = NodeProcess::start(folder.path(), "dev");
		let node = node_process.connect().await;
		let delegations = [Delegation::Issue, Delegation::Cashier, Delegation::Registrar];
		let programs = chain::found(&node, [INSTITUTION].into_iter(), &delegations, None).await;
		let lanes = delegations.map(|of| (INSTITUTION, of)).to_vec();
		let mut gateway = Gateway::prepare(folder.path(), &node_process.url(), lanes).await;
		let roles = [Role::Issuer, Role::Till, Role::Registrar, Role::Admin];
		let shop = Arc::new(Shop::of(&gateway, INSTITUTION, &roles).await);
		gateway.start();
		gateway.answers().await;
		let program = programs[&INSTITUTION];
		Self { program, node, node_process, gateway, shop, _folder: folder }
	}

	fn customer(number: u64) -> subxt_signer::sr25519::Keypair {
		chain::key(&format!("//Customer//{}", number % CUSTOMERS))
	}

	async fn all_final(&self) {
		let end = Instant::now() + PATIENCE;
		while not_final(&self.gateway).await > 0 {
			assert!(Instant::now() < end, "not all is final");
			sleep(Duration::from_millis(100)).await;
		}
	}

	/// So many awards a second for so many seconds, in lists; and beside them single ones that are waited for.
	async fn awards(&self, rate: u64, seconds: u64) {
		let began = (now(), Instant::now());
		let watch = Watch::start(self.gateway.id(), self.node_process.id());
		let size = rate / LISTS;
		let mut ticks = interval(Duration::from_millis(1_000 / LISTS));
		ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
		let (mut lists, mut probes) = (Vec::new(), Vec::new());
		for list in 0..seconds * LISTS {
			ticks.tick().await;
			let to = AccountId([u8::try_from(list % 200).unwrap() + 1; 32]);
			let line = |one| award_line(self.program, &format!("L-{list}-{one}"), to, 1);
			let (lines, shop): (String, _) = ((0..size).map(line).collect(), self.shop.clone());
			lists.push(tokio::spawn(async move {
				let began = Instant::now();
				assert_eq!(shop::award(&shop, &format!("list-{list}"), &lines).await, 0);
				began.elapsed()
			}));
			let (program, shop) = (self.program, self.shop.clone());
			probes.push(tokio::spawn(async move { probe(&shop, program, list).await }));
		}
		let answered = Times::of(joined(lists).await);
		let accepted = began.1.elapsed();
		let seen = Times::of(joined(probes).await);
		self.all_final().await;
		let (total, all) = (seconds * LISTS * size, began.1.elapsed());
		let memory = watch.end().await;
		let times = to_final(&self.gateway, "award", began.0, None).await;
		assert_eq!(times.count() as u64, total + seconds * LISTS);
		let rate_reached = total as f64 / accepted.as_secs_f64();
		println!("awards: {total} in {accepted:.1?} ({rate_reached:.0} a second), all final after {all:.1?}");
		println!("  a list of {size} is answered: {answered}");
		println!("  from accepted to final, by the gateway: {times}");
		println!("  from asked to answered as final, by the shop: {seen}");
		println!("  turned away or not answered: {}", self.shop.repeated.load(Ordering::Relaxed));
		limit(rate_reached >= 0.98 * rate as f64, "that many awards a second");
		limit(times.at(990) < FASTEST && seen.at(990) < FASTEST, "p99 from accepted to final below 3 s");
		if let [.., last] = memory[..] {
			let first = memory[memory.len() / 4];
			println!("  memory: {first:.0} MiB after a quarter, {last:.0} MiB at the end");
			limit(last < first * 1.2 + 16.0, "memory is flat");
		}
	}

	/// Slips of many customers, one request each.
	async fn slips(&self, rate: u64, seconds: u64) {
		let count = rate * seconds;
		let customers: Vec<_> = (0..CUSTOMERS).map(Self::customer).collect();
		shop::welcome(&self.shop, self.program, &customers, FUNDS).await;
		let prepared = Instant::now();
		let slips: Vec<(u64, Value)> = stream::iter(0..count)
			.map(|one| async move { (one, self.slip(one).await) })
			.buffered(64)
			.collect()
			.await;
		let prepared = prepared.elapsed();
		let began = (now(), Instant::now());
		let watch = Watch::start(self.gateway.id(), self.node_process.id());
		let mut presented = Vec::new();
		let mut ticks = interval(Duration::from_millis(10));
		ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
		let mut slips = slips.into_iter();
		let mut due = 0.0;
		while slips.len() > 0 {
			ticks.tick().await;
			due += rate as f64 / 100.0;
			while due >= 1.0 {
				due -= 1.0;
				let Some((number, slip)) = slips.next() else { break };
				let shop = self.shop.clone();
				presented.push(tokio::spawn(async move {
					let (began, key) = (Instant::now(), format!("slip-{number}"));
					shop.post("/v1/payments/slips", Role::Till, &key, JSON, &slip.to_string()).await;
					began.elapsed()
				}));
			}
		}
		let answered = Times::of(joined(presented).await);
		let accepted = began.1.elapsed();
		self.all_final().await;
		let all = began.1.elapsed();
		watch.end().await;
		let times = to_final(&self.gateway, "present_slip", began.0, None).await;
		assert_eq!(times.count() as u64, count);
		assert_eq!(chain::flows(&self.node, self.program).await.redeemed, u128::from(count * PAID));
		let reached = count as f64 / accepted.as_secs_f64();
		println!("slips: {count} in {accepted:.1?} ({reached:.0} a second), all final after {all:.1?}");
		println!(
			"  requests for payment, and signing, before: {:.0} a second",
			count as f64 / prepared.as_secs_f64()
		);
		println!("  a slip is answered: {answered}");
		println!("  from accepted to final, by the gateway: {times}");
		limit(reached >= 0.98 * rate as f64, "that many slips a second");
	}

	async fn slip(&self, number: u64) -> Value {
		let (order, price) = (format!("P-{number}"), PAID * u64::from(chain::FACE_VALUE));
		let payer = Self::customer(number);
		shop::slip(&self.shop, &self.node, INSTITUTION, (&payer, self.program), (&order, price)).await
	}
}

/// One award that is waited for: how long that takes.
async fn probe(shop: &Shop, program: ProgramId, number: u64) -> Duration {
	let line = award_line(program, &format!("probe-{number}"), AccountId([250; 32]), 1);
	let (began, key) = (Instant::now(), format!("probe-{number}"));
	let answer = shop.post_and("/v1/awards", Role::Issuer, &key, JSON, &line, "wait=60").await;
	assert_eq!(answer["status"], "final", "{answer}");
	began.elapsed()
}

async fn joined(tasks: Vec<tokio::task::JoinHandle<Duration>>) -> Vec<Duration> {
	let mut times = Vec::with_capacity(tasks.len());
	for task in tasks {
		times.push(task.await.unwrap());
	}
	times
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a built node"]
async fn awards_and_slips_are_final_soon_and_a_new_index_catches_up() {
	let _alone = ALONE.lock().await;
	let seconds = setting("HANSE_LOAD_SECONDS", 5);
	let mut load = Load::open().await;
	load.awards(setting("HANSE_LOAD_AWARDS", 100), seconds).await;
	load.slips(setting("HANSE_LOAD_SLIPS", 20), seconds.min(60)).await;
	let own = load.node_process.url();
	catch_up(&mut load.gateway, &own, "its own").await;
	if let Ok(other) = std::env::var("HANSE_LOAD_CHAIN") {
		let blocks = catch_up(&mut load.gateway, &other, "the other").await;
		limit(blocks >= 150.0, "150 blocks a second");
	}
}

/// The database is deleted, and built again from a chain: blocks a second.
async fn catch_up(gateway: &mut Gateway, node: &str, which: &str) -> f64 {
	gateway.stop().await;
	gateway.forget().await;
	let head = Node::connect(node, PATIENCE).await.unwrap().final_head().number;
	gateway.follow(node);
	gateway.answers().await;
	let store = gateway.store().await;
	let (began, first) = (Instant::now(), indexed(&store).await);
	loop {
		let at = indexed(&store).await;
		if at >= head {
			let rate = (at - first) as f64 / began.elapsed().as_secs_f64();
			println!("catching up with {which} chain: {} blocks, {rate:.0} a second", at - first);
			return rate;
		}
		assert!(began.elapsed() < PATIENCE, "the index is at block {at} of {head}");
		sleep(Duration::from_millis(20)).await;
	}
}

async fn indexed(store: &hanse_gateway::store::Store) -> u64 {
	hanse_gateway::follow::cursor(store.read()).await.unwrap().map_or(0, |cursor| cursor.number)
}
