//! A real development chain into which the demonstration's player plays, followed from its first block: what the
//! index comes to is what the chain's own books say, and a new index of the same chain is the same to the byte.
//!
//! Needs a built node (`HANSE_BIN`) and the npm workspace of the repository: `cargo test -- --ignored`.

#[path = "../src/store/testing.rs"]
#[allow(dead_code, reason = "unit tests use the rest")]
mod testing;

use hanse_chain::{Blocks, Config};
use hanse_gateway::{
	export::{self, Place, Table},
	follow::{self, Heads},
	reconcile::reconcile,
	store::Store,
};
use std::{
	fs::{self, File},
	net::TcpListener,
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	time::{Duration, Instant},
};
use subxt::{OnlineClient, rpcs::RpcClient};
use testing::TestStore;

struct Node {
	process: Child,
	url: String,
	_data: tempfile::TempDir,
}

impl Drop for Node {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
	}
}

impl Node {
	/// A development chain of its own, whose node keeps everything.
	async fn start() -> (Self, Blocks) {
		let data = tempfile::tempdir().unwrap();
		let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
		let binary = std::env::var("HANSE_BIN").expect("HANSE_BIN is the path of the built node");
		let process = Command::new(binary)
			.args(["--dev", "--no-prometheus", "--port", "0", "--rpc-rate-limit", "1000000"])
			.args(["--state-pruning", "archive", "--blocks-pruning", "archive"])
			.args(["--rpc-port", &port.to_string()])
			.arg("--base-path")
			.arg(data.path())
			.stdout(Stdio::null())
			.stderr(Stdio::null())
			.spawn()
			.unwrap();
		let node = Self { process, url: format!("ws://127.0.0.1:{port}"), _data: data };
		let blocks = connect(&node.url).await;
		(node, blocks)
	}
}

async fn connect(url: &str) -> Blocks {
	for _ in 0..300 {
		if let Ok(rpc) = RpcClient::from_insecure_url(url).await {
			let client = OnlineClient::<Config>::from_rpc_client(rpc.clone()).await.unwrap();
			return Blocks::new(rpc, client);
		}
		tokio::time::sleep(Duration::from_millis(200)).await;
	}
	panic!("the node at {url} does not answer");
}

fn repository() -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The founders' gateway, by which the demonstration's shops do what they do.
struct Founders {
	process: Child,
	folder: PathBuf,
}

impl Drop for Founders {
	fn drop(&mut self) {
		// Not by force: it ends the gateway, too.
		let _ = Command::new("kill").arg(self.process.id().to_string()).status();
		let _ = self.process.wait();
	}
}

impl Founders {
	/// Serves, and answers.
	async fn serve(node: &str, folder: &Path) -> Self {
		let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
		let said = folder.join("serve.log");
		let process = Command::new("node")
			.current_dir(repository())
			.args(["--import", "tsx", "clients/demo/src/serve.ts", "--node", node, "--listen", &listen])
			.args(["--program", env!("CARGO_BIN_EXE_hanse-gateway"), "--folder"])
			.arg(folder.join("gateway"))
			.stdout(File::create(&said).unwrap())
			.spawn()
			.unwrap();
		let founders = Self { process, folder: folder.join("gateway") };
		for _ in 0..600 {
			if fs::read_to_string(&said).unwrap().contains("serves") {
				return founders;
			}
			tokio::time::sleep(Duration::from_millis(200)).await;
		}
		panic!("the founders' gateway does not serve: {}", fs::read_to_string(&said).unwrap());
	}
}

/// Plays the demonstration into the chain.
fn play(url: &str, founders: &Founders, journal: &Path) -> Child {
	let root = repository();
	Command::new(root.join("node_modules/.bin/tsx"))
		.current_dir(&root)
		.args(["clients/demo/src/main.ts", "--url", url, "--purchases", "tests/data/purchases.csv"])
		.arg("--gateway")
		.arg(&founders.folder)
		.arg("--journal")
		.arg(journal)
		.stdout(Stdio::null())
		.spawn()
		.unwrap()
}

/// Follows in the background until the index has a block.
async fn follow_to(store: &Store, blocks: &Blocks, number: u64) -> Duration {
	let (heads, began) = (Heads::default(), Instant::now());
	let mut last = heads.last_indexed();
	let until = last.wait_for(|block| block.is_some_and(|block| block.number >= number));
	tokio::select! {
		stopped = follow::run(store, blocks, &heads) => panic!("{}", stopped.unwrap_err()),
		reached = until => drop(reached.unwrap()),
	}
	began.elapsed()
}

/// All that can be exported up to a block, so that two indexes can be compared while the chain goes on.
async fn exported(store: &Store, number: u64) -> Vec<String> {
	let mut lines = Vec::new();
	for table in Table::ALL {
		let mut out = Vec::new();
		export::write(store, table, Place::START, &mut out).await.unwrap();
		lines.extend(String::from_utf8(out).unwrap().lines().map(str::to_owned));
	}
	assert!(follow::cursor(store.read()).await.unwrap().is_some_and(|cursor| cursor.number == number));
	lines
}

/// Follows up to exactly this block.
async fn index_of(blocks: &Blocks, number: u64) -> TestStore {
	use futures::StreamExt;
	let database = testing::chosen().await;
	let mut ready = std::pin::pin!(blocks.range(1..=number).ready_chunks(32));
	while let Some(some) = ready.next().await {
		let some = some.into_iter().collect::<Result<Vec<_>, _>>().unwrap();
		follow::index(&database.store, blocks, some).await.unwrap();
	}
	database
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a node and the player, and takes minutes"]
async fn a_played_chain_is_indexed_to_the_unit_and_again_to_the_byte() {
	let folder = tempfile::tempdir().unwrap();
	let (node, blocks) = Node::start().await;

	// GIVEN a gateway that follows while everything is played
	let live = testing::chosen().await;
	let founders = Founders::serve(&node.url, folder.path()).await;
	let mut player = play(&node.url, &founders, &folder.path().join("journal.jsonl"));
	let heads = Heads::default();
	let played = tokio::task::spawn_blocking(move || player.wait().unwrap());
	tokio::select! {
		stopped = follow::run(&live.store, &blocks, &heads) => panic!("{}", stopped.unwrap_err()),
		played = played => assert!(played.unwrap().success(), "the player says that the books differ"),
	}
	let (end, _) = blocks.final_head().await.unwrap();
	follow_to(&live.store, &blocks, end).await;

	// THEN its books are the chain's
	let result = reconcile(&live.store, &blocks).await.unwrap();
	println!("{result}");
	assert!(result.compared > 10_000, "only {} amounts were compared", result.compared);
	assert_eq!(result.differences, []);

	// WHEN the database is gone and made again
	let (end, _) = blocks.final_head().await.unwrap();
	let began = Instant::now();
	let first = index_of(&blocks, end).await;
	println!("{end} blocks in {:.1?}", began.elapsed());

	// THEN it is the same
	let second = index_of(&blocks, end).await;
	assert_eq!(exported(&first.store, end).await, exported(&second.store, end).await);
	assert_eq!(reconcile(&second.store, &blocks).await.unwrap().differences, []);
}
