//! Whatever is killed when, each order is served once.
//!
//! A node and a gateway's inside run as processes of their own; both are killed with SIGKILL at random, and whoever
//! asks starts from the beginning each time, as a shop does that got no answer. It takes a node: build it, and run
//! `HANSE_BIN=…/hanse cargo test -p hanse-gateway --test crash -- --ignored --nocapture`. More of everything:
//! `HANSE_CRASH_AWARDS=1000 HANSE_CRASH_KILLS=40 HANSE_CRASH_NODE_KILLS=4`.

use hanse_chain::{
	AccountId, Blocks, Node, Submitted,
	hanse::{self, runtime_types as types},
	sign,
};
use hanse_gateway::{
	follow::{self, Heads},
	keys::Keys,
	model::{Action, Delegation, Hash, Order},
	orders::{
		NewOperation, Orders,
		commitment::{Scope, commitment},
	},
	store::{Status, Store},
};
use std::{
	env,
	net::TcpListener,
	process::{Child, Command, Stdio},
	sync::Arc,
	time::{Duration, Instant},
};
use subxt_signer::sr25519::{Keypair, dev};
use tokio::time::sleep;

const SEED: [u8; 32] = [7; 32];
const INSTITUTION: u32 = 1;
/// So many are asked for, unless the environment says otherwise.
const AWARDS: u64 = 200;
/// In so many requests.
const STEPS: u64 = 40;
/// How long a node may take to answer, and the last start until all is final, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

fn setting(name: &str, default: u64) -> u64 {
	env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn delegate() -> Keypair {
	Keypair::from_secret_key(SEED).unwrap()
}

fn order(number: u64) -> Hash {
	commitment(&SEED, Scope::Award(1), &format!("order {number}"))
}

fn points(number: u64) -> u64 {
	1 + number % 7
}

fn award(number: u64, era: u32) -> NewOperation {
	NewOperation {
		institution: INSTITUTION,
		action: Action::Award {
			program: 1,
			order: Order { era, commitment: order(number) },
			to: AccountId([(number % 50) as u8 + 1; 32]),
			points: points(number),
		},
		reference: Some(format!("order {number}")),
		once: None,
		access_key: None,
	}
}

/// The gateway's inside: what is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process of the test below"]
async fn inside() {
	let (Ok(database), Ok(url)) = (env::var("HANSE_CRASH_DATABASE"), env::var("HANSE_CRASH_URL")) else {
		return;
	};
	let awards = setting("HANSE_CRASH_AWARDS", AWARDS);
	let store = Store::open(&format!("sqlite://{database}")).await.unwrap();
	let node = Node::connect(&url, PATIENCE).await.unwrap();
	let mut keys = Keys::default();
	keys.insert(INSTITUTION, Delegation::Issue, delegate());
	let orders = Orders::start(store.clone(), node.clone(), Arc::new(keys)).await.unwrap();
	let (heads, blocks) = (Heads::default(), Blocks::new(node.rpc().clone(), node.client().clone()));
	let follower = {
		let (store, orders) = (store.clone(), orders.clone());
		tokio::spawn(async move {
			let mut indexed = heads.last_indexed();
			let tell = async {
				while indexed.changed().await.is_ok() {
					orders.indexed();
				}
			};
			tokio::select! {
				ended = follow::run(&store, &blocks, &heads) => panic!("the follower has ended: {ended:?}"),
				() = tell => {},
			}
		})
	};
	while !orders.lease().is_held() {
		sleep(Duration::from_millis(200)).await;
	}
	// The shop has forgotten how far it was.
	let at = node.at_final().await.unwrap();
	let clock = at.storage().fetch(hanse::storage().rulebook().current_era_clock(), ()).await.unwrap();
	let clock = clock.decode().unwrap();
	let now = at.storage().fetch(hanse::storage().timestamp().now(), ()).await.unwrap().decode().unwrap();
	let era = clock.index + u32::try_from((now - clock.started) / clock.length).unwrap();
	let mut ids = Vec::new();
	let some = awards.div_ceil(STEPS).max(1);
	for first in (0..awards).step_by(usize::try_from(some).unwrap()) {
		let asked = (first..(first + some).min(awards)).map(|number| award(number, era)).collect();
		let mut is_new = false;
		for accepted in orders.accept(asked).await.unwrap() {
			let accepted = accepted.unwrap();
			is_new |= !accepted.existed;
			ids.push(accepted.operation.id);
		}
		// So that many a start has something to sign, and is killed at it.
		if is_new {
			sleep(Duration::from_millis(150)).await;
		}
	}
	for id in ids {
		let operation = loop {
			let found = orders.wait(&id, Status::Final, Duration::from_secs(60)).await.unwrap().unwrap();
			if found.status.is_over() {
				break found;
			}
		};
		assert_eq!(operation.status, Status::Final, "{operation:?}");
	}
	follower.abort();
	println!("all are final");
}

struct Killed(Child);

impl Killed {
	fn kill(&mut self) {
		self.0.kill().unwrap();
		self.0.wait().unwrap();
	}
}

impl Drop for Killed {
	fn drop(&mut self) {
		let _ = self.0.kill();
		let _ = self.0.wait();
	}
}

fn start_node(folder: &str, port: u16) -> Killed {
	let binary = env::var("HANSE_BIN").expect("HANSE_BIN is the path of the built node");
	let port = port.to_string();
	let child = Command::new(binary)
		.args(["--dev", "--base-path", folder, "--rpc-port", &port, "--port", "0", "--no-prometheus"])
		.args(["--rpc-rate-limit", "1000000", "--state-pruning", "archive", "--blocks-pruning", "archive"])
		.stdout(Stdio::null())
		.stderr(Stdio::null())
		.spawn()
		.unwrap();
	Killed(child)
}

fn start_inside(database: &str, url: &str) -> Killed {
	let child = Command::new(env::current_exe().unwrap())
		.args(["inside", "--exact", "--ignored", "--nocapture"])
		.env("HANSE_CRASH_DATABASE", database)
		.env("HANSE_CRASH_URL", url)
		.spawn()
		.unwrap();
	Killed(child)
}

/// A program of the first institution, and a delegate who issues for it.
async fn set_up(node: &Node) {
	let alice = dev::alice();
	let delegate = AccountId(delegate().public_key().0);
	let nonce = node.next_nonce(AccountId(alice.public_key().0)).await.unwrap();
	let at = node.at_best().await.unwrap();
	let terms = types::pallet_points::types::Terms {
		face_value: 1_000,
		decimals: 0,
		period: types::pallet_points::calendar::Period::Milliseconds(30 * 86_400_000),
		validity: 60 * 86_400_000,
		pending: 0,
	};
	let calls = [
		sign::call_data(
			&at,
			&hanse::tx()
				.balances()
				.transfer_keep_alive(subxt::utils::MultiAddress::Id(delegate.into()), 10_000_000_000),
		),
		sign::call_data(
			&at,
			&hanse::tx().proxy().add_proxy(
				subxt::utils::MultiAddress::Id(delegate.into()),
				types::hanse_runtime::configs::delegation::ProxyType::Issue,
				0,
			),
		),
		sign::call_data(
			&at,
			&hanse::tx().points().create_program(b"Crash".to_vec(), b"CRASH".to_vec(), terms),
		),
	];
	for (nonce, call) in (nonce..).zip(calls) {
		let signed = sign::sign(&at, &call.unwrap(), &alice, nonce, node.final_head()).unwrap();
		assert_eq!(node.submit(&signed.bytes).await.unwrap(), Submitted::Taken);
	}
	while node.balance(delegate).await.unwrap() == 0 {
		sleep(Duration::from_millis(200)).await;
	}
}

/// Small random numbers, the same again for the same seed.
struct Dice(u64);

impl Dice {
	fn up_to(&mut self, most: u64) -> u64 {
		self.0 ^= self.0 << 13;
		self.0 ^= self.0 >> 7;
		self.0 ^= self.0 << 17;
		self.0 % most
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a built node"]
async fn each_order_is_served_once_whatever_is_killed() {
	let folder = tempfile::tempdir().unwrap();
	let chain = folder.path().join("chain").to_string_lossy().into_owned();
	let database = folder.path().join("gateway.sqlite").to_string_lossy().into_owned();
	let (kills, node_kills) = (setting("HANSE_CRASH_KILLS", 5), setting("HANSE_CRASH_NODE_KILLS", 1));
	let awards = setting("HANSE_CRASH_AWARDS", AWARDS);
	let mut dice = Dice(setting("HANSE_CRASH_SEED", 42));
	let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
	let url = format!("ws://127.0.0.1:{port}");
	let mut node_process = start_node(&chain, port);
	let node = Node::connect(&url, PATIENCE).await.unwrap();
	while node.final_head().number < 2 {
		sleep(Duration::from_millis(200)).await;
	}
	set_up(&node).await;
	let started = Instant::now();
	for kill in 0..kills {
		let mut inside = start_inside(&database, &url);
		sleep(Duration::from_millis(300 + dice.up_to(1_500))).await;
		if node_kills > 0 && kill % (kills / node_kills).max(1) == 1 {
			node_process.kill();
			sleep(Duration::from_millis(dice.up_to(1_000))).await;
			node_process = start_node(&chain, port);
		}
		inside.kill();
	}
	let mut last = start_inside(&database, &url);
	let end = Instant::now() + PATIENCE;
	let ended = loop {
		match last.0.try_wait().unwrap() {
			Some(ended) => break ended,
			None => assert!(Instant::now() < end, "not all is final after {PATIENCE:?}"),
		}
		sleep(Duration::from_millis(100)).await;
	};
	assert!(ended.success());
	println!("{awards} awards, {kills} kills, {node_kills} of the node: {:?}", started.elapsed());

	let store = Store::open(&format!("sqlite://{database}")).await.unwrap();
	let finals: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM operations WHERE status = 'final'")
		.fetch_one(store.read())
		.await
		.unwrap();
	let sent: i64 =
		sqlx::query_scalar("SELECT COUNT(*) FROM transactions").fetch_one(store.read()).await.unwrap();
	println!("{finals} operations are final, in {sent} transactions");
	assert_eq!(finals.unsigned_abs(), awards);

	let at = node.at_final().await.unwrap();
	let entry = at.storage().entry(hanse::storage().points().flows_of()).unwrap();
	let flows = entry.fetch((1,)).await.unwrap().decode().unwrap();
	let asked: u64 = (0..awards).map(points).sum();
	assert_eq!(flows.issued, u128::from(asked), "{flows:?}");
	for first in (0..awards).step_by(500) {
		let orders: Vec<_> =
			(first..(first + 500).min(awards)).map(|one| subxt::utils::H256(order(one).0)).collect();
		let orders = types::bounded_collections::bounded_vec::BoundedVec(orders);
		let call = hanse::runtime_apis().hanse_api().awarded(1, orders);
		let found = at.runtime_apis().call(call).await.unwrap();
		assert!(found.iter().all(Option::is_some));
	}
}
