//! Nodes as processes, on a chain of their own that is gone afterwards.

use crate::{Result, cpu::Usage};
use hanse_chain::Node;
use std::{
	collections::BTreeMap,
	fs::{self, File},
	net::TcpListener,
	os::unix::fs::MetadataExt,
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	time::{Duration, Instant},
};
use subxt::rpcs::rpc_params;
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::TcpStream,
	time::sleep,
};

/// How long a node may take to start: it compiles its runtime first.
const PATIENCE: Duration = Duration::from_secs(180);
/// The keys that a node has by a flag, as `hanse-population` gives them to authorities.
const AUTHORITIES: [&str; 7] = ["alice", "bob", "charlie", "dave", "eve", "ferdie", "one"];
/// How long nodes may write what is there when the chain begins.
const WRITING: Duration = Duration::from_secs(900);
/// A node that only makes empty blocks uses less of a processor than this.
const CALM: f64 = 0.2;
pub const MAX_AUTHORITIES: u32 = AUTHORITIES.len() as u32;
/// How often a node is asked what it has imported: far more often than it imports a full block.
const ASKED: Duration = Duration::from_millis(20);

/// The programs that were built.
#[derive(Clone, Debug, clap::Args)]
pub struct Programs {
	/// The built node; hanse-population lies beside it.
	#[arg(long, env = "HANSE_BIN", value_name = "FILE", global = true, default_value = "hanse")]
	node: PathBuf,

	/// The folder with the stock runtimes that `scripts/bench` builds, for what is compared with them.
	#[arg(long, env = "HANSE_STOCK", value_name = "FOLDER", global = true)]
	stock: Option<PathBuf>,
}

impl Programs {
	fn population(&self) -> PathBuf {
		self.node.with_file_name("hanse-population")
	}

	/// The Wasm of a stock runtime: `stock` or `tuned`.
	pub fn stock(&self, name: &str) -> Result<PathBuf> {
		let folder = self.stock.as_ref();
		let folder =
			folder.ok_or("--stock names the folder of the stock runtimes; scripts/bench builds them")?;
		Ok(match name {
			"stock" => folder.join("hanse-stock/hanse_stock.compact.compressed.wasm"),
			"tuned" => folder.join("hanse-stock-tuned/hanse_stock_tuned.compact.compressed.wasm"),
			other => return Err(format!("there is no stock runtime {other}, but `stock` and `tuned`").into()),
		})
	}

	/// What a command of the node prints.
	pub fn print(&self, arguments: &[&str]) -> Result<Vec<u8>> {
		output(Command::new(&self.node).args(arguments))
	}
}

fn output(command: &mut Command) -> Result<Vec<u8>> {
	let program = command.get_program().to_string_lossy().into_owned();
	let output = command.output().map_err(|error| format!("{program}: {error}"))?;
	if !output.status.success() {
		return Err(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
	}
	Ok(output.stdout)
}

/// Who is there when a chain begins.
#[derive(Clone, Debug, PartialEq, clap::Args)]
pub struct Population {
	/// Customers that are registered and have points.
	#[arg(long, default_value_t = 50_000)]
	pub customers: u32,

	/// Members, each with a program.
	#[arg(long, default_value_t = 4)]
	pub members: u32,

	/// Of how many programs each customer holds points.
	#[arg(long, default_value_t = 1)]
	pub holdings: u32,

	/// Authorities, each a node on this machine.
	#[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_AUTHORITIES)))]
	pub authorities: u32,
}

impl Population {
	/// Writes the specification of a chain with them.
	pub fn specification(&self, programs: &Programs, folder: &Path) -> Result<PathBuf> {
		let Self { customers, members, holdings, authorities } = self;
		let (dev, path) = (
			folder.join("dev.json"),
			folder.join(format!("{customers}-{members}-{holdings}-{authorities}.json")),
		);
		fs::write(&dev, programs.print(&["build-spec", "--chain", "dev", "--raw"])?)?;
		let mut command = Command::new(programs.population());
		command.arg("--spec").arg(&dev).stdout(File::create(&path)?).stderr(Stdio::piped());
		for (option, value) in [
			("--customers", customers),
			("--members", members),
			("--holdings", holdings),
			("--authorities", authorities),
		] {
			command.arg(option).arg(value.to_string());
		}
		let program = programs.population();
		let ended = command.spawn().and_then(Child::wait_with_output);
		let ended = ended.map_err(|error| format!("{}: {error}", program.display()))?;
		if !ended.status.success() {
			return Err(
				format!("{} failed: {}", program.display(), String::from_utf8_lossy(&ended.stderr)).into()
			);
		}
		Ok(path)
	}
}

/// How long it took to make blocks, by number and how many transactions are in it: one may have been made again, after
/// another one of its number was too late.
pub type Built = BTreeMap<(u64, u64), Duration>;

/// How long it took to import blocks, by number.
pub type Imported = BTreeMap<u64, Duration>;

/// Running nodes of one chain. They are killed when nobody needs them any more.
pub struct Network {
	programs: Programs,
	specification: PathBuf,
	processes: Vec<Process>,
	/// Connected to the first.
	pub node: Node,
	logs: Vec<PathBuf>,
	folder: tempfile::TempDir,
}

struct Process(Child);

impl Process {
	fn start(mut command: Command, log: &Path) -> Result<Self> {
		let output = File::create(log)?;
		command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
		let program = command.get_program().to_string_lossy().into_owned();
		Ok(Self(command.spawn().map_err(|error| format!("{program}: {error}"))?))
	}
}

impl Drop for Process {
	fn drop(&mut self) {
		let _ = self.0.kill();
		let _ = self.0.wait();
	}
}

impl Network {
	/// Starts as many authorities, and waits until the chain has begun and is final, and all that was there when it began
	/// is in their databases.
	pub async fn start(programs: &Programs, specification: &Path, authorities: u32) -> Result<Self> {
		let folder = tempfile::Builder::new().prefix("hanse-bench").tempdir()?;
		let (mut processes, mut logs, mut first): (Vec<_>, Vec<_>, Option<Node>) =
			(Vec::new(), Vec::new(), None);
		let mut bootnode = None;
		for name in AUTHORITIES.iter().take(authorities as usize) {
			let port = free_port()?;
			let mut command = node(programs, specification, folder.path(), name, port);
			command.arg(format!("--{name}")).args(["--validator", "--no-prometheus"]);
			if authorities == 1 {
				command.arg("--force-authoring");
			}
			if let Some(bootnode) = &bootnode {
				command.arg("--bootnodes").arg(bootnode);
			}
			let log = folder.path().join(format!("{name}.log"));
			processes.push(Process::start(command, &log)?);
			logs.push(log.clone());
			if first.is_none() {
				let url = format!("ws://127.0.0.1:{port}");
				let node = Node::connect(&url, PATIENCE)
					.await
					.map_err(|error| with_log(&log, &error.to_string()))?;
				bootnode = Some(address(&node).await?);
				first = Some(node);
			}
		}
		let node = first.ok_or("a network of no node")?;
		let (programs, specification) = (programs.clone(), specification.to_owned());
		let network = Self { programs, specification, processes, node, logs, folder };
		network.begun().await?;
		network.written().await?;
		Ok(network)
	}

	async fn begun(&self) -> Result<()> {
		let end = Instant::now() + PATIENCE;
		while self.node.final_head().number < 2 {
			if Instant::now() > end {
				return Err("no block of the chain is final; is the machine too busy?".into());
			}
			sleep(Duration::from_millis(100)).await;
		}
		Ok(())
	}

	/// With a million customers a node writes its database for minutes after its first blocks.
	async fn written(&self) -> Result<()> {
		let used =
			|| self.processes().into_iter().map(|id| Ok(Usage::of(id)?.cpu)).collect::<Result<Vec<f64>>>();
		let (end, every) = (Instant::now() + WRITING, Duration::from_secs(2));
		let mut before = used()?;
		while Instant::now() < end {
			sleep(every).await;
			let now = used()?;
			let most = now.iter().zip(&before).map(|(now, before)| now - before).fold(0.0, f64::max);
			if most < CALM * every.as_secs_f64() {
				return Ok(());
			}
			before = now;
		}
		Err("nodes do not become calm; is the machine too busy?".into())
	}

	/// A further node imports the chain up to a block, and has seen nothing of it before. How long it takes for each block is
	/// what its own metrics say.
	pub async fn imported(&self, last: u64) -> Result<Imported> {
		const NAME: &str = "follower";
		let (port, metrics) = (free_port()?, free_port()?);
		let log = self.folder.path().join(format!("{NAME}.log"));
		let mut command = node(&self.programs, &self.specification, self.folder.path(), NAME, port);
		command.arg("--prometheus-port").arg(metrics.to_string());
		command.arg("--bootnodes").arg(address(&self.node).await?);
		let mut process = Process::start(command, &log)?;
		// Blocks so far, and the seconds that they took together.
		let (mut before, mut imported, mut since) = ((0, 0.0), BTreeMap::new(), Instant::now());
		while before.0 < last {
			if process.0.try_wait()?.is_some() || since.elapsed() > WRITING {
				return Err(with_log(&log, "the node that imports the chain ended, or does nothing").into());
			}
			sleep(ASKED).await;
			// Until it has begun it answers nothing.
			let Ok(text) = metrics_of(metrics).await else { continue };
			let Some(now) = blocks_imported(&text) else { continue };
			if now.0 == before.0 + 1 {
				imported.insert(now.0, Duration::from_secs_f64(now.1 - before.1));
			}
			if now != before {
				(before, since) = (now, Instant::now());
			}
		}
		Ok(imported)
	}

	/// The ids of the processes.
	pub fn processes(&self) -> Vec<u32> {
		self.processes.iter().map(|process| process.0.id()).collect()
	}

	/// MiB of disk that the first node's database takes.
	pub fn disk(&self) -> Result<f64> {
		let bytes = occupied(&self.folder.path().join(AUTHORITIES[0]))?;
		Ok(bytes as f64 / 1_048_576.0)
	}

	/// How long it took to make each block, by its number and how many transactions are in it: what authors
	/// say in their logs.
	pub fn built(&self) -> Result<Built> {
		let mut built = BTreeMap::new();
		for log in &self.logs {
			built.extend(fs::read_to_string(log)?.lines().filter_map(built_block));
		}
		Ok(built)
	}
}

/// A node of the chain, with what all nodes here have.
fn node(programs: &Programs, specification: &Path, folder: &Path, name: &str, port: u16) -> Command {
	let mut command = Command::new(&programs.node);
	command.arg("--chain").arg(specification).arg("--base-path").arg(folder.join(name));
	command.arg("--wasm-cache").arg(folder.join("wasm")).args(["--no-telemetry", "--no-mdns"]);
	command.args(["--unsafe-force-node-key-generation", "--listen-addr", "/ip4/127.0.0.1/tcp/0"]);
	// Enough for everything that is measured and read afterwards.
	command.args(["--rpc-rate-limit", "100000000", "--state-pruning", "4096"]);
	command.arg("--rpc-port").arg(port.to_string());
	command
}

async fn metrics_of(port: u16) -> Result<String> {
	let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
	stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await?;
	let mut text = String::new();
	stream.read_to_string(&mut text).await?;
	Ok(text)
}

/// How many blocks a node has imported, and in how many seconds.
fn blocks_imported(metrics: &str) -> Option<(u64, f64)> {
	let value = |name: &str| {
		let name = format!("substrate_block_verification_and_import_time_{name}{{");
		metrics.lines().find(|line| line.starts_with(&name))?.rsplit_once(' ')?.1.parse::<f64>().ok()
	};
	Some((value("count")? as u64, value("sum")?))
}

/// Bytes that the files in a folder, and in those in it, take on the disk.
fn occupied(folder: &Path) -> Result<u64> {
	let mut bytes = 0;
	for entry in fs::read_dir(folder)? {
		let entry = entry?;
		let about = entry.metadata()?;
		bytes += if about.is_dir() { occupied(&entry.path())? } else { about.blocks() * 512 };
	}
	Ok(bytes)
}

/// Reads `… 🎁 Block 12 (0x1234…cdef) with 600 transactions in 480 ms: …`.
fn built_block(line: &str) -> Option<((u64, u64), Duration)> {
	let (number, rest) = line.split_once("🎁 Block ")?.1.split_once(' ')?;
	let (transactions, rest) = rest.split_once(" with ")?.1.split_once(" transactions in ")?;
	let ms = rest.split_once(" ms")?.0;
	Some(((number.parse().ok()?, transactions.parse().ok()?), Duration::from_millis(ms.parse().ok()?)))
}

fn with_log(path: &Path, error: &str) -> String {
	let log = fs::read_to_string(path).unwrap_or_default();
	let last: Vec<&str> = log.lines().rev().take(10).collect();
	let last: Vec<&str> = last.into_iter().rev().collect();
	format!("{error}; the node's log ends:\n{}", last.join("\n"))
}

/// Where peers reach a node.
async fn address(node: &Node) -> Result<String> {
	let end = Instant::now() + PATIENCE;
	while Instant::now() < end {
		let addresses: Vec<String> = node.request("system_localListenAddresses", rpc_params![]).await?;
		let local =
			|address: &String| address.starts_with("/ip4/127.0.0.1/tcp/") && !address.contains("/tcp/0/");
		if let Some(address) = addresses.into_iter().find(local) {
			return Ok(address);
		}
		sleep(Duration::from_millis(100)).await;
	}
	Err("the node listens nowhere".into())
}

fn free_port() -> Result<u16> {
	Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_a_node_says_of_its_imports_is_read() {
		let metrics = "# TYPE substrate_block_verification_and_import_time histogram
substrate_block_verification_and_import_time_bucket{chain=\"dev\",le=\"0.005\"} 3
substrate_block_verification_and_import_time_sum{chain=\"dev\"} 1.25
substrate_block_verification_and_import_time_count{chain=\"dev\"} 7
";
		assert_eq!(blocks_imported(metrics), Some((7, 1.25)));
		assert_eq!(blocks_imported("substrate_other_sum{} 1"), None);
	}
}
