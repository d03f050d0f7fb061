//! The same payments in PostgreSQL as Debian ships it: double entry with a journal, each payment durable before it is
//! answered.
//!
//! A payment is one call of a function in the database, so one round trip: it writes the order, which is paid once,
//! two lines of the journal, and the balances of payer and merchant. What the chain does beside that, limits,
//! several issuers, sponsored fees and agreement between authorities, it does not.

use crate::{Result, cpu::Usage, load::PRICE};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
	fs,
	io::{BufRead, BufReader},
	os::unix::fs::MetadataExt,
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	sync::atomic::{AtomicU64, Ordering},
	time::{Duration, Instant},
};

/// The accounts of merchants; the first is the one whom everybody visits, if there is one.
const MERCHANTS: u64 = 1_000;

#[derive(Clone, Debug, clap::Args)]
pub struct Options {
	/// Connections that pay at once. More of them share a write to the disk.
	#[arg(long, default_value_t = 16)]
	pub clients: u32,

	/// Accounts of customers.
	#[arg(long, default_value_t = 50_000)]
	pub accounts: u64,

	/// Nine of ten payments are to one merchant.
	#[arg(long)]
	pub hot: bool,

	/// Where the database lies, on a disk; it is gone afterwards.
	#[arg(long, value_name = "FOLDER", default_value = "/var/tmp")]
	pub folder: PathBuf,
}

/// What was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Paid {
	pub clients: u32,
	pub per_second: f64,
	/// Milliseconds of processors for each payment: the database, and this program.
	pub database_ms: f64,
	pub bench_ms: f64,
}

const TABLES: &str = "
CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
CREATE TABLE payment (commitment bytea PRIMARY KEY, payer bigint NOT NULL, merchant bigint NOT NULL,
	price bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE journal (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, commitment bytea NOT NULL,
	account bigint NOT NULL, amount bigint NOT NULL);
CREATE FUNCTION pay(c bytea, payer bigint, merchant bigint, price bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO payment (commitment, payer, merchant, price) VALUES (c, payer, merchant, price);
	INSERT INTO journal (commitment, account, amount) VALUES (c, payer, -price), (c, merchant, price);
	UPDATE account SET balance = balance - price WHERE id = payer;
	UPDATE account SET balance = balance + price WHERE id = merchant;
END $$";

/// Pays for so long, and checks the books afterwards.
pub async fn pay(options: &Options, length: Duration) -> Result<Paid> {
	let cluster = Cluster::start(&options.folder)?;
	let mut connection = cluster.connect().await?;
	sqlx::raw_sql(TABLES).execute(&mut connection).await?;
	let accounts = options.accounts;
	let fill = format!(
		"INSERT INTO account SELECT n, 0 FROM generate_series(1, {MERCHANTS}) n;
		INSERT INTO account SELECT n, 1000000000000 FROM generate_series({}, {}) n; ANALYZE",
		MERCHANTS + 1,
		MERCHANTS + accounts
	);
	sqlx::raw_sql(AssertSqlSafe(fill)).execute(&mut connection).await?;
	let mut clients = Vec::new();
	for _ in 0..options.clients {
		clients.push(cluster.connect().await?);
	}
	let next = AtomicU64::new(0);
	let before = (cluster.usage()?, Usage::of(std::process::id())?);
	let began = Instant::now();
	let paying = clients.iter_mut().map(|client| client_pays(client, options, &next, began + length));
	let paid: u64 = futures::future::try_join_all(paying).await?.into_iter().sum();
	let seconds = began.elapsed().as_secs_f64();
	let after = (cluster.usage()?, Usage::of(std::process::id())?);
	check(&mut connection, paid).await?;
	let ms = |before: Usage, after: Usage| (after.cpu - before.cpu) * 1_000.0 / paid.max(1) as f64;
	Ok(Paid {
		clients: options.clients,
		per_second: paid as f64 / seconds,
		database_ms: ms(before.0, after.0),
		bench_ms: ms(before.1, after.1),
	})
}

async fn client_pays(
	client: &mut PgConnection,
	options: &Options,
	next: &AtomicU64,
	end: Instant,
) -> Result<u64> {
	let mut paid = 0;
	while Instant::now() < end {
		let number = next.fetch_add(1, Ordering::Relaxed);
		let payer = MERCHANTS + 1 + number % options.accounts;
		let merchant = if options.hot && number % 10 < 9 { 1 } else { 1 + number * 7_919 % MERCHANTS };
		let statement = sqlx::query("SELECT pay($1, $2, $3, $4)");
		let statement = statement.bind(crate::keys::name("payment", number).to_vec());
		statement.bind(payer as i64).bind(merchant as i64).bind(PRICE as i64).execute(&mut *client).await?;
		paid += 1;
	}
	Ok(paid)
}

/// Money neither comes nor goes, and each payment is there with both of its lines.
async fn check(connection: &mut PgConnection, paid: u64) -> Result<()> {
	let sums = "SELECT (SELECT count(*) FROM payment), (SELECT count(*) FROM journal),
		(SELECT coalesce(sum(amount), 0)::bigint FROM journal),
		(SELECT coalesce(sum(balance), 0)::bigint FROM account WHERE id <= $1)";
	let (payments, lines, sum, received): (i64, i64, i64, i64) =
		sqlx::query_as(sums).bind(MERCHANTS as i64).fetch_one(connection).await?;
	let paid = paid as i64;
	if (payments, lines, sum, received) != (paid, 2 * paid, 0, paid * PRICE as i64) {
		return Err(format!(
			"of {paid} payments {payments} are in the database, with {lines} lines that sum to {sum}"
		)
		.into());
	}
	Ok(())
}

/// Stops by itself when its standard input ends: that is, when this program is gone, however that ended.
const SCRIPT: &str = r#"
set -e
dir=$(mktemp -d "$FOLDER/hanse-bench-postgres.XXXXXX")
cd "$dir"
pg=
trap 'if [ -n "$pg" ]; then kill -INT "$pg"; wait "$pg" || true; fi; rm -rf "$dir"' EXIT
"$BIN/initdb" -D "$dir/data" -U bench -A trust -E UTF8 --locale=C >"$dir/log" 2>&1
"$BIN/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c synchronous_commit=on -c shared_buffers=512MB \
	-c max_wal_size=4GB >>"$dir/log" 2>&1 </dev/null &
pg=$!
until "$BIN/pg_isready" -q -h "$dir"; do kill -0 "$pg"; sleep 0.05; done
echo "$pg $dir"
exec >&-
read -r _ || true
"#;

struct Cluster {
	id: u32,
	folder: String,
	child: Child,
}

impl Cluster {
	fn start(folder: &Path) -> Result<Self> {
		let programs = programs()
			.ok_or("PostgreSQL is not in /usr/lib/postgresql; Debian: apt-get install postgresql")?;
		// PostgreSQL does not run as root; Debian's package made a user for it.
		let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
		let mut command = Command::new(if is_root { "setpriv" } else { "bash" });
		if is_root {
			command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "bash"]);
		}
		command.args(["-c", SCRIPT]).env("BIN", programs).env("FOLDER", folder).current_dir("/");
		let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
		let mut line = String::new();
		BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
		let (id, folder) = line.trim().split_once(' ').ok_or("PostgreSQL did not start")?;
		Ok(Self { id: id.parse()?, folder: folder.to_owned(), child })
	}

	async fn connect(&self) -> Result<PgConnection> {
		Ok(PgConnection::connect(&format!("postgres://bench@localhost/postgres?host={}", self.folder))
			.await?)
	}

	/// What all processes of the database used together.
	fn usage(&self) -> Result<Usage> {
		let mut sum = Usage::of(self.id)?;
		let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.id))?;
		for id in children.split_whitespace() {
			let usage = Usage::of(id.parse()?)?;
			sum.cpu += usage.cpu;
		}
		Ok(sum)
	}
}

impl Drop for Cluster {
	fn drop(&mut self) {
		drop(self.child.stdin.take());
		let _ = self.child.wait();
	}
}

/// Debian's newest version.
fn programs() -> Option<PathBuf> {
	let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
	let programs = versions.flatten().map(|version| version.path().join("bin"));
	programs.filter(|path| path.join("initdb").exists()).max()
}
