//! Databases for tests: SQLite in a folder, and PostgreSQL from Debian's programs, started once for each process of tests.
//!
//! ```ignore
//! for TestStore { store, .. } in testing::stores().await { … }
//! ```

use hanse_gateway::store::{Engine, Store};
use sqlx::{AssertSqlSafe, Connection};
use std::{
	io::{BufRead, BufReader},
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	sync::{
		OnceLock,
		atomic::{AtomicU32, Ordering},
	},
};

/// An empty database, which is gone when this is.
pub struct TestStore {
	pub engine: Engine,
	pub store: Store,
	pub url: String,
	_folder: Option<tempfile::TempDir>,
}

/// One of each engine. Without PostgreSQL on this machine it says so, and there is SQLite alone.
pub async fn stores() -> Vec<TestStore> {
	let folder = tempfile::tempdir().expect("a temporary folder");
	let url = format!("sqlite://{}/gateway.db", folder.path().display());
	let mut stores = vec![open(url, Some(folder)).await];
	if let Some(url) = postgres().await {
		stores.push(open(url, None).await);
	}
	stores
}

/// One of the engine that `HANSE_TEST_DATABASE` names.
pub async fn chosen() -> TestStore {
	let folder = tempfile::tempdir().expect("a temporary folder");
	open(address(folder.path()).await, Some(folder)).await
}

/// Where a new database of the engine that `HANSE_TEST_DATABASE` names is: a file in `folder` unless it says `postgres`.
pub async fn address(folder: &Path) -> String {
	match std::env::var("HANSE_TEST_DATABASE").as_deref() {
		Ok("postgres") => postgres().await.expect("PostgreSQL is on this machine"),
		Ok("sqlite") | Err(_) => format!("sqlite://{}/gateway.db", folder.display()),
		Ok(other) => panic!("HANSE_TEST_DATABASE={other} is neither sqlite nor postgres"),
	}
}

async fn open(url: String, folder: Option<tempfile::TempDir>) -> TestStore {
	let store = Store::open(&url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
	TestStore { engine: store.engine(), store, url, _folder: folder }
}

/// A database of its own in the cluster of this process.
async fn postgres() -> Option<String> {
	static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
	static NUMBER: AtomicU32 = AtomicU32::new(0);
	let cluster = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(Cluster::start).as_ref())
		.await
		.expect("a cluster, or none")?;
	sqlx::any::install_default_drivers();
	let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
	let mut connection = sqlx::AnyConnection::connect(&cluster.url("postgres")).await.expect("a connection");
	let statement = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"));
	sqlx::query(statement).execute(&mut connection).await.expect("a database");
	Some(cluster.url(&name))
}

/// Stops by itself when its standard input ends: that is, when the process of the tests is gone, however that ended.
const SCRIPT: &str = r#"
set -e
dir=$(mktemp -d /tmp/hanse-postgres.XXXXXX)
cd "$dir"
pg=
trap 'if [ -n "$pg" ]; then kill -INT "$pg"; wait "$pg" || true; fi; rm -rf "$dir"' EXIT
"$BIN/initdb" -D "$dir/data" -U gateway -A trust --no-sync -E UTF8 --locale=C >"$dir/log" 2>&1
"$BIN/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c max_connections=400 \
	>>"$dir/log" 2>&1 </dev/null &
pg=$!
until "$BIN/pg_isready" -q -h "$dir"; do kill -0 "$pg"; sleep 0.05; done
echo "$dir"
exec >&-
read -r _ || true
"#;

struct Cluster {
	folder: String,
	/// Its standard input is what keeps it.
	_child: Child,
}

impl Cluster {
	fn start() -> Option<Self> {
		let Some(programs) = programs() else {
			eprintln!(
				"PostgreSQL is not tested: it is not in /usr/lib/postgresql (Debian: apt-get install postgresql)"
			);
			return None;
		};
		// PostgreSQL does not run as root; Debian's package made a user for it.
		let root =
			std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
		let mut command = match root {
			true => {
				let mut command = Command::new("setpriv");
				command.args([
					"--reuid=postgres",
					"--regid=postgres",
					"--clear-groups",
					"bash",
					"-c",
					SCRIPT,
				]);
				command
			},
			false => {
				let mut command = Command::new("bash");
				command.args(["-c", SCRIPT]);
				command
			},
		};
		command.env("BIN", programs).stdin(Stdio::piped()).stdout(Stdio::piped()).current_dir("/");
		let mut child = command.spawn().expect("PostgreSQL's own user may run it");
		let mut folder = String::new();
		let output = child.stdout.take().expect("its output");
		BufReader::new(output).read_line(&mut folder).expect("the folder");
		assert!(!folder.is_empty(), "PostgreSQL did not start");
		Some(Self { folder: folder.trim().to_owned(), _child: child })
	}

	fn url(&self, database: &str) -> String {
		format!("postgres://gateway@localhost/{database}?host={}", self.folder)
	}
}

/// Debian's newest version.
fn programs() -> Option<PathBuf> {
	let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
	let programs = versions.flatten().map(|version| version.path().join("bin"));
	programs.filter(|path| path.join("initdb").exists()).max()
}
