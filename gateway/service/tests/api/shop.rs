//! A node, the gateway's inside behind a port, and a client of it.

use crate::testing::{self, TestStore};
use hanse_chain::{AccountId, Blocks, Node, hanse, sign};
use hanse_gateway::{
	api::{self, App, Parts, Rates, access::NewKey, metrics},
	follow::{self, Heads},
	hooks::Endpoints,
	keys::Keys,
	model::{Delegation, Role},
	orders::Orders,
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::{
	collections::HashMap,
	env,
	num::NonZeroU32,
	process::{Child, Command, Stdio},
	sync::Arc,
	time::Duration,
};
use subxt::utils::{AccountId32, MultiAddress};
use subxt_signer::sr25519::{Keypair, dev};
use tokio::time::sleep;

pub struct Shop {
	_node: Killed,
	_folder: tempfile::TempDir,
	_database: TestStore,
	pub node: Node,
	base: String,
	client: Client,
	/// Access keys by role.
	pub keys: HashMap<&'static str, String>,
}

struct Killed(Child);

impl Drop for Killed {
	fn drop(&mut self) {
		let _ = self.0.kill();
		let _ = self.0.wait();
	}
}

/// A port that nobody listens on.
fn free_port() -> u16 {
	std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start_node(folder: &str, port: u16) -> Killed {
	let home = env::var("HOME").unwrap();
	let binary = env::var("HANSE_BIN").unwrap_or(format!("{home}/.cache/hanse/target/release/hanse"));
	let child = Command::new(binary)
		.args([
			"--dev",
			"--base-path",
			folder,
			"--rpc-port",
			&port.to_string(),
			"--port",
			&free_port().to_string(),
			"--no-prometheus",
		])
		.args(["--rpc-rate-limit", "1000000", "--state-pruning", "archive", "--blocks-pruning", "archive"])
		.stdout(Stdio::null())
		.stderr(Stdio::null())
		.spawn()
		.unwrap();
	Killed(child)
}

/// The delegate's key of the first institution for one purpose.
pub fn delegate(of: Delegation) -> Keypair {
	Keypair::from_secret_key([10 + of as u8; 32]).unwrap()
}

/// `//Alice`, who is the first institution, makes them delegates and gives them what they pay fees with.
async fn set_up(node: &Node) {
	use hanse::runtime_types::hanse_runtime::configs::delegation::ProxyType;
	let alice = dev::alice();
	let mut nonce = node.next_nonce(AccountId(alice.public_key().0)).await.unwrap();
	let at = node.at_best().await.unwrap();
	for of in Delegation::ALL {
		let account = || MultiAddress::Id(AccountId32(delegate(of).public_key().0));
		let kind = match of {
			Delegation::Issue => ProxyType::Issue,
			Delegation::Cashier => ProxyType::Cashier,
			Delegation::Registrar => ProxyType::Registrar,
			Delegation::Treasury => ProxyType::Treasury,
			Delegation::Governance => ProxyType::Governance,
		};
		for call in [
			sign::call_data(&at, &hanse::tx().balances().transfer_keep_alive(account(), 100_000_000))
				.unwrap(),
			sign::call_data(&at, &hanse::tx().proxy().add_proxy(account(), kind, 0)).unwrap(),
		] {
			let signed = sign::sign(&at, &call, &alice, nonce, node.final_head()).unwrap();
			node.submit(&signed.bytes).await.unwrap();
			nonce += 1;
		}
	}
}

impl Shop {
	pub async fn open() -> Self {
		let _ = rustls::crypto::ring::default_provider().install_default();
		let folder = tempfile::tempdir().unwrap();
		let port = free_port();
		let process = start_node(&folder.path().join("chain").to_string_lossy(), port);
		let node = Node::connect(&format!("ws://127.0.0.1:{port}"), Duration::from_secs(240)).await.unwrap();
		while node.final_head().number < 2 {
			sleep(Duration::from_millis(200)).await;
		}
		set_up(&node).await;
		sleep(Duration::from_secs(4)).await;
		let database = testing::chosen().await;
		let store = database.store.clone();
		let mut keys = Keys::default();
		for of in Delegation::ALL {
			keys.insert(1, of, delegate(of));
		}
		keys.insert_secrets(1, [7; 32], Some([8; 32]));
		let keys = Arc::new(keys);
		let orders = Orders::start(store.clone(), node.clone(), keys.clone()).await.unwrap();
		let (heads, blocks) = (Heads::default(), Blocks::new(node.rpc().clone(), node.client().clone()));
		let mut indexed = heads.last_indexed();
		let (told, followed, seen) = (orders.clone(), store.clone(), heads.clone());
		tokio::spawn(async move {
			let ended = follow::run(&followed, &blocks, &seen).await;
			panic!("the follower has ended: {ended:?}");
		});
		tokio::spawn(async move {
			while indexed.changed().await.is_ok() {
				told.indexed();
			}
		});
		let many = NonZeroU32::new(1_000_000).unwrap();
		let app = App::new(Parts {
			endpoints: Endpoints::new(store.clone(), true),
			rates: Rates { per_key: many, per_address: many },
			proxies: Vec::new(),
			metrics: metrics::install().unwrap(),
			store,
			orders,
			node: node.clone(),
			heads,
			keys,
			site: api::Site::open(None, &[]).unwrap(),
			nodes: vec![format!("ws://127.0.0.1:{port}")],
		});
		let mut by_role = HashMap::new();
		for role in Role::ALL {
			let key = NewKey {
				institution: 1,
				role,
				till: None,
				name: role.name().into(),
				account: None,
				expires: None,
			};
			by_role.insert(role.name(), app.access().create(key).await.unwrap().0);
		}
		for till in ["till one", "till two"] {
			let key = NewKey {
				institution: 1,
				role: Role::Till,
				till: Some(till.into()),
				name: till.into(),
				account: None,
				expires: None,
			};
			by_role.insert(till, app.access().create(key).await.unwrap().0);
		}
		let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
		let base = format!("http://{}", listener.local_addr().unwrap());
		tokio::spawn(api::serve(app, listener, std::future::pending()));
		Self {
			_node: process,
			_folder: folder,
			_database: database,
			node,
			base,
			client: Client::new(),
			keys: by_role,
		}
	}

	pub fn customer(&self) -> String {
		AccountId(dev::eve().public_key().0).to_string()
	}

	pub fn request(&self, method: Method, path: &str, key: Option<&str>) -> RequestBuilder {
		let request =
			self.client.request(method, format!("{}{path}", self.base)).timeout(Duration::from_secs(70));
		match key {
			Some(key) => request.bearer_auth(key),
			None => request,
		}
	}

	/// As anybody might, with a new Idempotency-Key.
	pub async fn send(&self, method: Method, path: &str, key: Option<&str>, body: &str) -> Response {
		self.request(method, path, key)
			.header("idempotency-key", uuid::Uuid::now_v7().to_string())
			.header("content-type", "application/json")
			.body(body.to_owned())
			.send()
			.await
			.unwrap()
	}

	pub async fn get(&self, path: &str, role: Option<&str>) -> (StatusCode, Value) {
		let key = role.map(|role| self.keys[role].as_str());
		let answer = self.request(Method::GET, path, key).send().await.unwrap();
		(answer.status(), answer.json().await.unwrap_or_default())
	}

	pub async fn post(&self, path: &str, role: &str, body: &Value) -> (StatusCode, Value) {
		let answer = self.send(Method::POST, path, Some(&self.keys[role]), &body.to_string()).await;
		(answer.status(), answer.json().await.unwrap())
	}

	pub async fn keyed(&self, path: &str, role: &str, key: &str, body: &str, media: &str) -> Response {
		self.request(Method::POST, path, Some(&self.keys[role]))
			.header("idempotency-key", key)
			.header("content-type", media)
			.body(body.to_owned())
			.send()
			.await
			.unwrap()
	}

	/// Posts, waits for the end, which is to be good.
	pub async fn done(&self, path: &str, role: &str, body: &Value) -> Value {
		let answer = self
			.request(Method::POST, path, Some(&self.keys[role]))
			.header("idempotency-key", uuid::Uuid::now_v7().to_string())
			.header("prefer", "wait=30")
			.json(body)
			.send()
			.await
			.unwrap();
		let operation: Value = answer.json().await.unwrap();
		assert_eq!(operation["status"], "final", "{path}: {operation}");
		operation
	}

	pub async fn finished(&self, operation: &str) -> Value {
		for _ in 0..150 {
			let found = self.get(&format!("/v1/operations/{operation}"), Some("reader")).await.1;
			if ["final", "failed", "expired", "stuck"].iter().any(|status| found["status"] == *status) {
				return found;
			}
			sleep(Duration::from_millis(200)).await;
		}
		panic!("{operation} does not end");
	}

	/// Until the programs that the test made are known.
	pub async fn programs_are_known(&self, count: usize) {
		for _ in 0..100 {
			let programs = self.get("/v1/programs", None).await.1;
			if programs["items"].as_array().is_some_and(|items| items.len() >= count) {
				return;
			}
			sleep(Duration::from_millis(100)).await;
		}
		panic!("the programs are not known");
	}
}
