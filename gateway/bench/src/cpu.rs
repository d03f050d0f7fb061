//! What processes use, from /proc.

use crate::Result;
use serde::{Deserialize, Serialize};
use std::{
	fs,
	time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{sync::watch, task::JoinHandle};

/// Clock ticks of /proc in a second, on every Linux.
const TICKS: f64 = 100.0;
const EVERY: Duration = Duration::from_millis(250);

/// What a process has and has used so far.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Usage {
	/// Seconds of processors.
	pub cpu: f64,
	/// MiB of memory of its own: without files that it has mapped.
	pub memory: f64,
}

impl Usage {
	pub fn of(id: u32) -> Result<Self> {
		let status = fs::read_to_string(format!("/proc/{id}/status"))?;
		let memory = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or("0 kB");
		let memory: f64 = memory.trim().trim_end_matches(" kB").parse()?;
		let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
		let (_, fields) = stat.rsplit_once(')').ok_or("/proc has another format")?;
		let fields: Vec<&str> = fields.split_whitespace().collect();
		let ticks: f64 = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
		Ok(Self { cpu: ticks / TICKS, memory: memory / 1_024.0 })
	}
}

/// Now, in milliseconds since 1970.
pub fn now() -> u64 {
	SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// What all of some processes used, as time went on.
pub struct Watch {
	task: JoinHandle<Samples>,
	stop: watch::Sender<bool>,
}

/// Each with the time at which it was taken; the processes in their order.
pub struct Samples(Vec<(u64, Vec<Usage>)>);

impl Watch {
	pub fn start(processes: Vec<u32>) -> Self {
		let (stop, mut stopped) = watch::channel(false);
		let task = tokio::spawn(async move {
			let mut samples = Vec::new();
			loop {
				let usages = processes.iter().map(|id| Usage::of(*id).unwrap_or_default()).collect();
				samples.push((now(), usages));
				if tokio::time::timeout(EVERY, stopped.changed()).await.is_ok() {
					return Samples(samples);
				}
			}
		});
		Self { task, stop }
	}

	pub async fn end(self) -> Result<Samples> {
		self.stop.send_replace(true);
		Ok(self.task.await?)
	}
}

impl Samples {
	/// Seconds of processors that each process used between two times, and its memory at the end of that.
	pub fn between(&self, from: u64, to: u64) -> Vec<Usage> {
		let nearest = |time: u64| self.0.iter().min_by_key(|(taken, _)| taken.abs_diff(time));
		let (Some((began, before)), Some((ended, after))) = (nearest(from), nearest(to)) else {
			return Vec::new();
		};
		// To the whole time, which samples do not meet exactly.
		let stretch = (to.saturating_sub(from)) as f64 / (ended.saturating_sub(*began)).max(1) as f64;
		let used = before.iter().zip(after);
		used.map(|(before, after)| Usage { cpu: (after.cpu - before.cpu) * stretch, memory: after.memory })
			.collect()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_was_used_is_stretched_to_the_time_asked_for() {
		let usage = |cpu| vec![Usage { cpu, memory: 1.0 }];
		let samples = Samples(vec![(0, usage(0.0)), (1_000, usage(1.0)), (2_000, usage(3.0))]);
		let used = samples.between(900, 2_100);
		assert_eq!(used.len(), 1);
		assert!((used[0].cpu - 2.4).abs() < 1e-9, "{used:?}");
	}

	#[test]
	fn this_process_uses_memory() {
		let held = std::hint::black_box(vec![1_u8; 8 << 20]);
		assert!(Usage::of(std::process::id()).is_ok_and(|usage| usage.memory >= 8.0), "{}", held.len());
	}
}
