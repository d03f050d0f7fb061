//! The gateway as a process.

use crate::{
	PATIENCE, chain,
	node::{Killed, free_port},
	testing,
};
use hanse_chain::InstitutionId;
use hanse_gateway::{
	api::access::{Access, NewKey},
	model::{Delegation, Role},
	store::Store,
};
use std::{
	env, fs,
	fs::{File, OpenOptions},
	os::unix::fs::PermissionsExt,
	path::{Path, PathBuf},
	process::{Command, Output},
	time::{Duration, Instant},
};
use tokio::time::sleep;

pub struct Gateway {
	folder: PathBuf,
	/// Where its database is.
	database: String,
	lanes: Vec<(InstitutionId, Delegation)>,
	pub base: String,
	process: Option<Killed>,
}

impl Gateway {
	/// Its configuration and secrets in `folder`; it does not run yet.
	pub async fn prepare(folder: &Path, node: &str, lanes: Vec<(InstitutionId, Delegation)>) -> Self {
		let folder = folder.join("gateway");
		fs::create_dir(&folder).unwrap();
		let secret = folder.join("order.key");
		fs::write(&secret, hex::encode([7; 32])).unwrap();
		fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
		let listen = format!("127.0.0.1:{}", free_port());
		let mut config =
			format!("node = \"{node}\"\nlisten = \"{listen}\"\n[webhooks]\nprivate_addresses = true\n");
		let mut last = None;
		for (institution, of) in &lanes {
			if last.replace(*institution) != Some(*institution) {
				config += &format!(
					"[[institutions]]\nid = {institution}\norder_key = \"order.key\"\ntag_key = \"order.key\"\n"
				);
			}
			let uri = chain::delegate_uri(*institution, *of);
			config += &format!("[institutions.keys.{}]\nuri = \"{uri}\"\n", of.name());
		}
		fs::write(folder.join("gateway.toml"), config).unwrap();
		let database = testing::address(&folder).await;
		Self { folder, database, lanes, base: format!("http://{listen}"), process: None }
	}

	fn command(&self, arguments: &[&str]) -> Command {
		let binary = env::var("HANSE_GATEWAY_BIN").unwrap_or(env!("CARGO_BIN_EXE_hanse-gateway").into());
		let mut command = Command::new(binary);
		command.args(arguments).arg("--config").arg(self.folder.join("gateway.toml"));
		command.env("HANSE_GATEWAY_DATABASE", &self.database);
		command.env("RUST_LOG", env::var("RUST_LOG").unwrap_or("warn".into()));
		command
	}

	pub fn start(&mut self) {
		self.start_with(&["run"]);
	}

	/// Of another node than its configuration says.
	pub fn follow(&mut self, node: &str) {
		self.start_with(&["run", "--node", node]);
	}

	fn start_with(&mut self, arguments: &[&str]) {
		let log = OpenOptions::new().create(true).append(true).open(self.log()).unwrap();
		self.process = Some(Killed(self.command(arguments).stderr(log).spawn().unwrap()));
	}

	/// SIGKILL.
	pub fn kill(&mut self) {
		self.process.take().unwrap().kill();
	}

	/// SIGTERM, upon which it ends well.
	pub async fn stop(&mut self) {
		let mut process = self.process.take().unwrap();
		let id = process.0.id().to_string();
		assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
		let end = Instant::now() + PATIENCE;
		loop {
			match process.0.try_wait().unwrap() {
				Some(status) => return assert!(status.success(), "{status}"),
				None => assert!(Instant::now() < end, "the gateway does not end"),
			}
			sleep(Duration::from_millis(50)).await;
		}
	}

	/// Another command of it, to its end.
	pub async fn run(&self, arguments: &[&str]) -> Output {
		let mut command = self.command(arguments);
		tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
	}

	pub fn id(&self) -> u32 {
		self.process.as_ref().unwrap().0.id()
	}

	pub async fn store(&self) -> Store {
		Store::open(&self.database).await.unwrap()
	}

	/// Deletes the database, so that there is an empty one in its place. It is not running.
	pub async fn forget(&mut self) {
		assert!(self.process.is_none());
		if !self.database.starts_with("sqlite:") {
			let before = std::mem::replace(&mut self.database, testing::address(&self.folder).await);
			assert_ne!(before, self.database);
			return;
		}
		for file in ["gateway.db", "gateway.db-wal", "gateway.db-shm"] {
			let removed = fs::remove_file(self.folder.join(file));
			assert!(removed.is_ok() || file != "gateway.db", "there was no database");
		}
	}

	/// A new key to the API.
	pub async fn key(&self, institution: InstitutionId, role: Role) -> String {
		let access = Access::new(self.store().await, self.lanes.iter().copied());
		let name = role.name().into();
		let key = NewKey { institution, role, till: None, name, account: None, expires: None };
		access.create(key).await.unwrap().0
	}

	/// Once it answers.
	pub async fn answers(&self) {
		let end = Instant::now() + PATIENCE;
		while reqwest::get(format!("{}/health/live", self.base)).await.is_err() {
			assert!(Instant::now() < end, "the gateway does not answer");
			sleep(Duration::from_millis(50)).await;
		}
	}

	fn log(&self) -> PathBuf {
		self.folder.join("gateway.log")
	}
}

impl Drop for Gateway {
	/// What it said last helps whoever looks why a test failed.
	fn drop(&mut self) {
		if std::thread::panicking() && File::open(self.log()).is_ok() {
			let log = fs::read_to_string(self.log()).unwrap_or_default();
			let lines: Vec<_> = log.lines().collect();
			eprintln!("{}", lines[lines.len().saturating_sub(40)..].join("\n"));
		}
	}
}
