//! Many institutions in one process: none waits for another.
//!
//! The chain has as many founders (its specification is the development chain's, with more of them), and each its own
//! program, delegate and access key. One of them cannot pay its fees: its lane is paused, and its queue full. What
//! that costs the others is measured. `HANSE_MANY_INSTITUTIONS`, `HANSE_MANY_SECONDS`, `HANSE_MANY_AWARDS` a second each.

use crate::{
	ALONE, PATIENCE, chain,
	figures::{Times, not_final, now, to_final},
	gateway::Gateway,
	node::{NodeProcess, with_founders},
	setting,
	shop::{self, NDJSON, Shop, award_line},
};
use futures::{StreamExt, future::join_all, stream};
use hanse_chain::{AccountId, InstitutionId, Node, ProgramId};
use hanse_gateway::model::{Delegation, Role};
use std::{
	collections::BTreeMap,
	time::{Duration, Instant},
};
use tokio::time::{interval, sleep};

struct Many {
	node: Node,
	gateway: Gateway,
	shops: BTreeMap<InstitutionId, (Shop, ProgramId)>,
	/// Who cannot pay its fees.
	poor: InstitutionId,
	/// Awards of each institution a second.
	rate: u64,
	_node_process: NodeProcess,
	_folder: tempfile::TempDir,
}

impl Many {
	async fn open(count: u32, rate: u64) -> Self {
		let folder = tempfile::tempdir().unwrap();
		let founders = (5..=count).map(|one| {
			let account = chain::account(&chain::institution_key(one));
			(account.to_string(), format!("Member {one}"))
		});
		let spec = with_founders(folder.path(), founders);
		let node_process = NodeProcess::start(folder.path(), &spec);
		let node = node_process.connect().await;
		let programs = chain::found(&node, 1..=count, &[Delegation::Issue], Some(count)).await;
		let lanes = (1..=count).map(|one| (one, Delegation::Issue)).collect();
		let mut gateway = Gateway::prepare(folder.path(), &node_process.url(), lanes).await;
		let shops = stream::iter(programs)
			.then(|(one, program)| {
				let gateway = &gateway;
				async move { (one, (Shop::of(gateway, one, &[Role::Issuer]).await, program)) }
			})
			.collect()
			.await;
		gateway.start();
		gateway.answers().await;
		Self { node, gateway, shops, poor: count, rate, _node_process: node_process, _folder: folder }
	}

	/// Each of `who` awards for so many seconds. Answers when that began, once all that can be final is.
	async fn award(&self, phase: &str, who: impl Iterator<Item = InstitutionId>, seconds: u64) -> i64 {
		let began = now();
		join_all(who.map(|one| self.award_by(one, phase, seconds))).await;
		let end = Instant::now() + PATIENCE;
		while not_final(&self.gateway).await > self.held().await {
			assert!(Instant::now() < end, "not all is final");
			sleep(Duration::from_millis(100)).await;
		}
		began
	}

	/// One list a second.
	async fn award_by(&self, one: InstitutionId, phase: &str, seconds: u64) {
		let (shop, program) = &self.shops[&one];
		// Not all at the same moment.
		sleep(Duration::from_millis(u64::from(one) * 20 % 1_000)).await;
		let mut ticks = interval(Duration::from_secs(1));
		for second in 0..seconds {
			ticks.tick().await;
			let key = format!("{phase}-{second}");
			let line = |award| award_line(*program, &format!("{key}-{award}"), AccountId([1; 32]), 1);
			let lines: String = (0..self.rate).map(line).collect();
			assert_eq!(shop::award(shop, &key, &lines).await, 0);
		}
	}

	/// Operations of who cannot pay, none of which is final.
	async fn held(&self) -> u64 {
		let store = self.gateway.store().await;
		let held: i64 = sqlx::query_scalar(
			"SELECT COUNT(*) FROM operations WHERE institution = $1 AND status IN ('accepted', 'signed', 'sent')",
		)
		.bind(i64::from(self.poor))
		.fetch_one(store.read())
		.await
		.unwrap();
		held.unsigned_abs()
	}

	/// Fills the queue of who cannot pay, until nothing more is taken.
	async fn fill(&self) -> u64 {
		let (shop, program) = &self.shops[&self.poor];
		let mut taken = 0;
		for list in 0.. {
			let line = |award| award_line(*program, &format!("full-{list}-{award}"), AccountId([1; 32]), 1);
			let lines: String = (0..2_000).map(line).collect();
			let key = format!("full-{list}");
			match shop.try_post("/v1/awards", Role::Issuer, &key, NDJSON, &lines).await {
				Some(answer) => taken += answer["accepted"].as_u64().unwrap(),
				None => break,
			}
		}
		taken
	}

	/// The slowest institution's figures among the others.
	async fn slowest(&self, since: i64) -> (InstitutionId, Times) {
		let mut slowest: Option<(InstitutionId, Times)> = None;
		for one in self.shops.keys().filter(|one| **one != self.poor) {
			let times = to_final(&self.gateway, "award", since, Some(*one)).await;
			if slowest.as_ref().is_none_or(|(_, before)| before.at(500) < times.at(500)) {
				slowest = Some((*one, times));
			}
		}
		slowest.unwrap()
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a built node"]
async fn no_institution_waits_for_another_one() {
	let _alone = ALONE.lock().await;
	let count = u32::try_from(setting("HANSE_MANY_INSTITUTIONS", 6)).unwrap();
	let (seconds, rate) = (setting("HANSE_MANY_SECONDS", 4), setting("HANSE_MANY_AWARDS", 5));

	// GIVEN many institutions, of which all but one award
	let many = Many::open(count, rate).await;
	let since = many.award("before", 1..count, seconds).await;
	let before = to_final(&many.gateway, "award", since, None).await;
	let slowest_before = many.slowest(since).await;

	// WHEN the last one's lane is paused, and its queue is full
	let taken = many.fill().await;
	let since = many.award("beside", 1..count, seconds).await;
	let held = many.held().await;

	// THEN the others are as fast as they were
	let beside = to_final(&many.gateway, "award", since, None).await;
	let slowest = many.slowest(since).await;
	let each = seconds * rate * u64::from(count - 1);
	assert_eq!((before.count() as u64, beside.count() as u64), (each, each));
	println!("{count} institutions, {rate} awards a second each, one lane each");
	println!("  before: {before}; the slowest, institution {}: {}", slowest_before.0, slowest_before.1);
	println!("  beside one that is paused with {held} of {taken} waiting: {beside}");
	println!("  the slowest then, institution {}: {}", slowest.0, slowest.1);
	assert_eq!(held, taken, "it could pay for some");
	assert!(beside.at(500) < before.at(500) + Duration::from_secs(1), "they wait for it");
	assert!(beside.at(990) < before.at(990) + Duration::from_secs(2), "they wait for it");

	// AND what waited is done once there is money for it
	let poor = chain::delegate(count, Delegation::Issue);
	chain::Signing::of(&many.node, 1).await.pay(poor, 1_000_000_000).await;
	let (end, began) = (Instant::now() + PATIENCE, Instant::now());
	while not_final(&many.gateway).await > 0 {
		assert!(Instant::now() < end, "{} wait for ever", many.held().await);
		sleep(Duration::from_millis(200)).await;
	}
	let issued = chain::flows(&many.node, many.shops[&count].1).await.issued;
	assert_eq!(issued, u128::from(taken));
	println!("  its {held} awards were final {:.1?} after it had money", began.elapsed());
}
