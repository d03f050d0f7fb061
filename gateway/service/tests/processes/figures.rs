//! What is measured: times, and what processes need.

use crate::gateway::Gateway;
use hanse_chain::InstitutionId;
use std::{
	fmt, fs,
	time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// How long things took.
pub struct Times(Vec<Duration>);

impl Times {
	pub fn of(mut times: Vec<Duration>) -> Self {
		assert!(!times.is_empty(), "nothing was measured");
		times.sort();
		Self(times)
	}

	pub fn count(&self) -> usize {
		self.0.len()
	}

	/// Within which so many of a thousand were done.
	pub fn at(&self, thousandth: usize) -> Duration {
		self.0[(self.0.len() * thousandth / 1_000).min(self.0.len() - 1)]
	}
}

impl fmt::Display for Times {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let [half, most, all] = [500, 990, 1_000].map(|thousandth| self.at(thousandth).as_secs_f64());
		write!(f, "p50 {half:.2} s, p99 {most:.2} s, longest {all:.2} s ({})", self.count())
	}
}

/// How long operations took from when they were accepted until they were final, of those accepted since `since`
/// (milliseconds since 1970) and of one institution, if it is named.
pub async fn to_final(gateway: &Gateway, kind: &str, since: i64, of: Option<InstitutionId>) -> Times {
	let store = gateway.store().await;
	let rows: Vec<(i64,)> = sqlx::query_as(
		"SELECT updated - created FROM operations WHERE kind = $1 AND created >= $2 AND status = 'final'
		AND ($3 IS NULL OR institution = $3)",
	)
	.bind(kind.to_owned())
	.bind(since)
	.bind(of.map(i64::from))
	.fetch_all(store.read())
	.await
	.unwrap();
	Times::of(rows.into_iter().map(|(time,)| Duration::from_millis(time.unsigned_abs())).collect())
}

/// How many operations are not final yet. None may have failed.
pub async fn not_final(gateway: &Gateway) -> u64 {
	let store = gateway.store().await;
	let (open, failed): (i64, Option<String>) = sqlx::query_as(
		"SELECT COUNT(*), MAX(error) FROM operations
		WHERE status IN ('accepted', 'signed', 'sent', 'in_block', 'failed', 'expired', 'stuck')",
	)
	.fetch_one(store.read())
	.await
	.unwrap();
	assert_eq!(failed, None);
	open.unsigned_abs()
}

/// What a process has and has used.
#[derive(Clone, Copy, Debug)]
struct Usage {
	/// In MiB.
	memory: f64,
	/// Time of processors, in seconds.
	time: f64,
}

impl Usage {
	fn of(id: u32) -> Self {
		let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
		let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
		let memory: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
		let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
		let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
		// Hundredths of a second, in user's and in the system's code.
		let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
		Self { memory: memory / 1024.0, time: ticks / 100.0 }
	}
}

/// Prints what gateway and node need, every 10 seconds.
pub struct Watch {
	task: JoinHandle<Vec<f64>>,
	stop: tokio::sync::watch::Sender<bool>,
}

impl Watch {
	pub fn start(gateway: u32, node: u32) -> Self {
		const EVERY: Duration = Duration::from_secs(10);
		let (stop, mut stopped) = tokio::sync::watch::channel(false);
		let task = tokio::spawn(async move {
			let began = Instant::now();
			let (mut last, mut memory) = ([gateway, node].map(Usage::of), Vec::new());
			while tokio::time::timeout(EVERY, stopped.changed()).await.is_err() {
				let now = [gateway, node].map(Usage::of);
				let share = |one: usize| (now[one].time - last[one].time) / EVERY.as_secs_f64() * 100.0;
				println!(
					"{:4.0} s  gateway {:5.0} MiB {:3.0} %  node {:5.0} MiB {:3.0} %  load {}",
					began.elapsed().as_secs_f64(),
					now[0].memory,
					share(0),
					now[1].memory,
					share(1),
					fs::read_to_string("/proc/loadavg").unwrap().split(' ').next().unwrap()
				);
				memory.push(now[0].memory);
				last = now;
			}
			memory
		});
		Self { task, stop }
	}

	/// The gateway's memory in MiB, every 10 seconds.
	pub async fn end(self) -> Vec<f64> {
		self.stop.send_replace(true);
		self.task.await.unwrap()
	}
}

/// Now, in milliseconds since 1970.
pub fn now() -> i64 {
	hanse_gateway::store::now()
}
