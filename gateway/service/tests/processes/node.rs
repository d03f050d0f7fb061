//! A node as a process, on a development chain of its own.

use hanse_chain::Node;
use serde_json::{Value, json};
use std::{
	env, fs,
	net::TcpListener,
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	time::Duration,
};

/// A process that is killed when nobody needs it any more.
pub struct Killed(pub Child);

impl Killed {
	/// SIGKILL.
	pub fn kill(&mut self) {
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

/// A port that nobody has.
pub fn free_port() -> u16 {
	TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn binary() -> String {
	env::var("HANSE_BIN").expect("HANSE_BIN is the path of the built node")
}

pub struct NodeProcess {
	folder: PathBuf,
	chain: String,
	port: u16,
	process: Killed,
}

impl NodeProcess {
	/// A chain in `folder`: `dev`, or the specification in a file.
	pub fn start(folder: &Path, chain: &str) -> Self {
		let (folder, chain, port) = (folder.join("chain"), chain.to_owned(), free_port());
		let process = spawn(&folder, &chain, port);
		Self { folder, chain, port, process }
	}

	/// SIGKILL.
	pub fn kill(&mut self) {
		self.process.kill();
	}

	pub fn start_again(&mut self) {
		self.process = spawn(&self.folder, &self.chain, self.port);
	}

	pub fn url(&self) -> String {
		format!("ws://127.0.0.1:{}", self.port)
	}

	pub fn id(&self) -> u32 {
		self.process.0.id()
	}

	/// Connected, once the chain has begun.
	pub async fn connect(&self) -> Node {
		let node = Node::connect(&self.url(), crate::PATIENCE).await.unwrap();
		while node.final_head().number < 2 {
			tokio::time::sleep(Duration::from_millis(200)).await;
		}
		node
	}
}

fn spawn(folder: &Path, chain: &str, port: u16) -> Killed {
	let child = Command::new(binary())
		.args(["--dev", "--chain", chain, "--rpc-port", &port.to_string(), "--port", "0", "--no-prometheus"])
		.args(["--rpc-rate-limit", "1000000", "--state-pruning", "archive", "--blocks-pruning", "archive"])
		.arg("--base-path")
		.arg(folder)
		.stdout(Stdio::null())
		.stderr(Stdio::null())
		.spawn()
		.unwrap();
	Killed(child)
}

/// A development chain with more founders than it has otherwise: its specification, in a file.
pub fn with_founders(folder: &Path, accounts: impl Iterator<Item = (String, String)>) -> String {
	let output = Command::new(binary()).args(["export-chain-spec", "--chain", "dev"]).output().unwrap();
	assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
	let mut spec: Value = serde_json::from_slice(&output.stdout).unwrap();
	let genesis = &mut spec["genesis"]["runtimeGenesis"]["patch"];
	let first = |list: &Value| list[0][1].as_u64().unwrap();
	let balance = first(&genesis["balances"]["balances"]);
	let reserve = first(&genesis["clearing"]["reserves"]);
	for (account, name) in accounts {
		for (pallet, list, value) in [
			("balances", "balances", json!([account, balance])),
			("clearing", "reserves", json!([account, reserve])),
			("institutions", "founders", json!([account, name])),
		] {
			genesis[pallet][list].as_array_mut().unwrap().push(value);
		}
	}
	let path = folder.join("chain.json");
	fs::write(&path, spec.to_string()).unwrap();
	path.to_string_lossy().into_owned()
}
