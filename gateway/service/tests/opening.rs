//! Opening balances by the real programs: what was changed is refused, and each line is issued once, whatever is lost.
//!
//! It takes a node: build it, and run
//! `HANSE_BIN=…/hanse cargo test -p hanse-gateway --test opening -- --ignored --nocapture`.

use serde_json::{Value, json};
use std::{
	env, fs,
	net::TcpListener,
	path::{Path, PathBuf},
	process::{Child, Command, Output, Stdio},
	time::Duration,
};
use tokio::time::{Instant, sleep};

const PATIENCE: Duration = Duration::from_secs(240);
const EVE: &str = "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw";
const FERDIE: &str = "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL";
/// Points of both.
const BALANCES: [(&str, u64); 2] = [(EVE, 15_000), (FERDIE, 2_500)];

struct Killed(Child);

impl Drop for Killed {
	fn drop(&mut self) {
		let _ = self.0.kill();
		let _ = self.0.wait();
	}
}

fn free_port() -> u16 {
	TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A shop's machine: a node, a folder, and a gateway that comes and goes.
struct Machine {
	folder: tempfile::TempDir,
	_node: Killed,
	node: String,
	api: String,
	gateway: Option<Killed>,
	key: String,
}

impl Machine {
	async fn start() -> Self {
		let _ = rustls::crypto::ring::default_provider().install_default();
		let folder = tempfile::tempdir().unwrap();
		let port = free_port().to_string();
		let chain = folder.path().join("chain");
		let binary = env::var("HANSE_BIN").expect("HANSE_BIN is the path of the built node");
		let process = Command::new(binary)
			.args(["--dev", "--port", "0", "--no-prometheus", "--rpc-rate-limit", "1000000"])
			.args(["--state-pruning", "archive", "--blocks-pruning", "archive", "--rpc-port", &port])
			.arg("--base-path")
			.arg(chain)
			.stdout(Stdio::null())
			.stderr(Stdio::null())
			.spawn()
			.unwrap();
		let node = format!("ws://127.0.0.1:{port}");
		let end = Instant::now() + PATIENCE;
		while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
			assert!(Instant::now() < end, "the node does not start");
			sleep(Duration::from_millis(200)).await;
		}
		let mut machine = Self {
			folder,
			_node: Killed(process),
			node,
			api: format!("127.0.0.1:{}", free_port()),
			gateway: None,
			key: String::new(),
		};
		machine.done(&["init", "--institution", "1", "--sign-with", "//Alice"]);
		machine.serve().await;
		machine
	}

	fn path(&self, name: &str) -> PathBuf {
		self.folder.path().join(name)
	}

	fn command(&self, words: &[&str]) -> Command {
		let mut command = Command::new(env!("CARGO_BIN_EXE_hanse-gateway"));
		command.args(words).current_dir(self.folder.path()).env_remove("DATABASE_URL");
		command.env("HANSE_GATEWAY_NODE", &self.node).env("HANSE_GATEWAY_LISTEN", &self.api);
		command.env("HANSE_GATEWAY_KEY", &self.key);
		command
	}

	fn run(&self, words: &[&str]) -> (Option<i32>, String) {
		let Output { status, stdout, stderr } = self.command(words).output().unwrap();
		(status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
	}

	fn done(&self, words: &[&str]) -> String {
		let (code, said) = self.run(words);
		assert_eq!(code, Some(0), "{words:?}: {said}");
		said
	}

	fn refused(&self, words: &[&str], code: i32, why: &str) {
		let (found, said) = self.run(words);
		assert_eq!(found, Some(code), "{words:?}: {said}");
		assert!(said.contains(why), "{words:?}: {said}");
	}

	/// Starts the gateway and waits until it is ready; its database is new if there is none, and so is its access key.
	async fn serve(&mut self) {
		let mut command = self.command(&["run"]);
		command.stdout(Stdio::null()).stderr(Stdio::null());
		self.gateway = Some(Killed(command.spawn().unwrap()));
		let (client, end) = (reqwest::Client::new(), Instant::now() + PATIENCE);
		let ready = || client.get(format!("http://{}/health/ready", self.api)).send();
		while !ready().await.is_ok_and(|answer| answer.status().is_success()) {
			assert!(Instant::now() < end, "the gateway is not ready");
			sleep(Duration::from_millis(200)).await;
		}
		let words = ["access", "create", "--institution", "1", "--role", "issuer", "--name", "opening"];
		let made = self.command(&words).output().unwrap();
		self.key = String::from_utf8(made.stdout).unwrap().trim().to_owned();
	}

	/// As if the disk had been lost, but for the keys.
	async fn lose_the_database(&mut self) {
		self.gateway = None;
		for name in ["gateway.db", "gateway.db-wal", "gateway.db-shm"] {
			let _ = fs::remove_file(self.path(name));
		}
		assert!(!self.path("gateway.db").exists());
		self.serve().await;
	}

	async fn ask(&self, path: &str, body: Option<Value>) -> Value {
		let (client, url) = (reqwest::Client::new(), format!("http://{}/v1/{path}", self.api));
		let request = match body {
			Some(body) => {
				client.post(url).json(&body).header("idempotency-key", uuid::Uuid::now_v7().to_string())
			},
			None => client.get(url),
		};
		let answer = request.bearer_auth(&self.key).header("prefer", "wait=60").send().await.unwrap();
		answer.json().await.unwrap()
	}

	async fn make_program(&self) {
		let terms = json!({ "decimals": 0, "face_value": 10_000, "period": { "quarters": 60 }, "validity": 31_622_400_000_u64, "pending": 0 });
		let body = json!({ "name": "Sky Miles", "symbol": "SKY", "terms": terms });
		let made = self.ask("programs", Some(body)).await;
		assert_eq!((&made["status"], &made["result"]["program"]), (&json!("final"), &json!(1)), "{made}");
	}

	/// What the chain says was issued of the program, ever.
	fn issued(&self) -> u64 {
		let events = self.done(&["export", "events"]);
		let events = events.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
		events
			.filter(|event| event["pallet"] == "Points" && event["name"] == "BatchIssued")
			.map(|event| event["data"]["amount"].as_str().unwrap().parse::<u64>().unwrap())
			.sum()
	}
}

fn edit(path: &Path, from: &str, to: &str) {
	let text = fs::read_to_string(path).unwrap();
	assert!(text.contains(from), "{text}");
	fs::write(path, text.replace(from, to)).unwrap();
}

#[tokio::test]
#[ignore = "it takes a node, and a minute"]
async fn opening_balances_are_issued_once_or_it_is_said_why_not() {
	let mut machine = Machine::start().await;
	machine.make_program().await;
	let rows = BALANCES.map(|(account, points)| format!("{account},{points},2027-06-30\n")).concat();
	fs::write(machine.path("balances.csv"), format!("account,points,expires\n{rows}")).unwrap();
	refusals(&machine).await;
	issuing(&mut machine).await;
	println!("{} points were issued: each line once, in six attempts", machine.issued());
}

const CHECK: [&str; 3] = ["opening", "check", "opening.json"];
const ISSUE: [&str; 3] = ["opening", "issue", "opening.json"];

fn prepare<'a>(csv: &'a str, out: &'a str) -> Vec<&'a str> {
	let of = ["--institution", "1", "--program", "1", "--day", "2026-11-26"];
	[&["opening", "prepare", csv, "--out", out][..], &of[..]].concat()
}

fn sign<'a>(party: &'a str, key: &'a str) -> [&'a str; 7] {
	["opening", "sign", "opening.json", "--as", party, "--key", key]
}

/// Nothing of it is issued.
async fn refusals(machine: &Machine) {
	// Lines that cannot be.
	fs::write(
		machine.path("bad.csv"),
		format!("account,points,expires\n{EVE},5,2046-12-31\n{FERDIE},5,2020-01-01\n"),
	)
	.unwrap();
	machine.refused(&prepare("bad.csv", "bad.json"), 2, "line 2: the points were promised until 2046-12-31");
	machine.refused(&prepare("bad.csv", "bad.json"), 2, "line 3: the points expired on 2020-01-01");
	fs::write(machine.path("bad.csv"), "customer,points\nC-1,5\n").unwrap();
	machine.refused(&prepare("bad.csv", "bad.json"), 2, "C-1 is no customer here");
	// The same file is the same document.
	machine.done(&prepare("balances.csv", "opening.json"));
	let first = fs::read(machine.path("opening.json")).unwrap();
	machine.done(&prepare("balances.csv", "opening.json"));
	assert_eq!(fs::read(machine.path("opening.json")).unwrap(), first);
	// Signatures that are missing, or somebody else's.
	machine.refused(&CHECK, 1, "the shop has not signed it");
	machine.done(&sign("shop", "//Bob"));
	machine.refused(&ISSUE, 1, "the auditor has not signed it");
	machine.done(&sign("auditor", "//Ferdie"));
	machine.refused(&ISSUE, 1, "signed as the shop, and is neither institution 1");
	machine.done(&sign("shop", "//Alice"));
	machine.refused(&ISSUE, 1, "signed as the auditor, and is neither the alliance's auditor");
	machine.done(&sign("auditor", "//Two"));
	assert!(machine.done(&CHECK).contains("issued   0 of 2 lines"));
	// What was signed and then changed.
	let (document, signatures) = (machine.path("opening.json"), machine.path("opening.signatures.json"));
	edit(&document, "\"2500\"", "\"2600\"");
	machine.refused(&ISSUE, 1, "its total is 17500 points, and its lines come to 17600");
	edit(&document, "\"17500\"", "\"17600\"");
	machine.refused(&ISSUE, 1, "opening.signatures.json is for the document");
	edit(&document, "\"17600\"", "\"17500\"");
	edit(&document, "\"2600\"", "\"2500\"");
	let kept = fs::read_to_string(&signatures).unwrap();
	let digits = kept.split("\"signature\": \"0x").nth(1).unwrap()[..8].to_owned();
	edit(&signatures, &digits, "00000000");
	machine.refused(&ISSUE, 1, "signature is not");
	fs::write(&signatures, kept).unwrap();
	// The auditor compares it with a file of its own.
	fs::write(machine.path("other.csv"), format!("account,points,expires\n{EVE},15000,2027-06-30\n"))
		.unwrap();
	let mut words = CHECK.to_vec();
	words.extend(["--csv", "balances.csv"]);
	assert!(machine.done(&words).contains("balances.csv has the same"));
	words[4] = "other.csv";
	machine.refused(&words, 3, &format!("{FERDIE} until 2027-06-30: the document has 2500, other.csv 0"));
	assert_eq!(machine.issued(), 0);
}

async fn issuing(machine: &mut Machine) {
	let first = machine.done(&ISSUE);
	assert!(first.contains("before   0 of 2 lines") && first.contains("issued   2 of 2 lines"), "{first}");
	assert_eq!(machine.issued(), 17_500);
	let second = machine.done(&ISSUE);
	assert!(second.contains("before   2 of 2 lines") && second.contains("issued   0 of 0 lines"), "{second}");
	// Whoever asks the API itself gets no more either: the order is the line.
	machine.lose_the_database().await;
	let third = machine.done(&ISSUE);
	assert!(third.contains("before   2 of 2 lines"), "{third}");
	let hash = third.split("hash     ").nth(1).unwrap()[..66].to_owned();
	let award = json!({ "program": 1, "order": "1", "to": EVE, "points": "15000", "document": hash });
	let again = machine.ask("awards", Some(award)).await;
	assert_eq!(again["result"]["served_before"], true, "{again}");
	assert_eq!(machine.issued(), 17_500);
	assert!(machine.done(&CHECK).contains("issued   2 of 2 lines"));
	// More than the institution may owe: that line says so, and the other is issued.
	fs::write(machine.path("large.csv"), format!("account,points\n{FERDIE},20000000\n{EVE},10\n")).unwrap();
	fs::remove_file(machine.path("opening.json")).unwrap();
	machine.refused(&ISSUE, 2, "opening.json cannot be read");
	machine.done(&prepare("large.csv", "opening.json"));
	fs::remove_file(machine.path("opening.signatures.json")).unwrap();
	machine.done(&sign("shop", "//Alice"));
	machine.done(&sign("auditor", "//Two"));
	let why = format!("line 1, 20000000 points to {FERDIE}: ");
	machine.refused(&ISSUE, 1, &why);
	machine.refused(&ISSUE, 1, "before   1 of 2 lines");
	assert_eq!(machine.issued(), 17_510);
}
