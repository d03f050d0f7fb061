//! When a message is sent again that was not taken.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// Seconds between an attempt and the next: three days and some hours in all.
const WAITS: [u64; 9] =
	[5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/// No receiver can put a message off for longer.
const LONGEST: Duration = Duration::from_secs(24 * HOUR);

/// What is to wait for longer than that was written down while the clock was wrong, and is due.
pub const BEYOND: i64 = 27 * 3_600_000;

/// How long to wait after so many `attempts`; nothing if there were enough. `asked` is the receiver's `Retry-After`,
/// `random` is 0 to 255: up to a tenth is added, so that what failed together does not come back together.
pub fn wait(attempts: i64, asked: Option<Duration>, random: u8) -> Option<Duration> {
	let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
	let wait = Duration::from_secs(*WAITS.get(index)?);
	let wait = wait.max(asked.unwrap_or_default().min(LONGEST));
	Some(wait + wait.mul_f64(f64::from(random) / 2560.0))
}

/// The seconds of a `Retry-After`, or the time until its date.
pub fn asked(header: &str, now: jiff::Timestamp) -> Option<Duration> {
	if let Ok(seconds) = header.trim().parse() {
		return Some(Duration::from_secs(seconds));
	}
	let date = jiff::fmt::rfc2822::parse(header.trim()).ok()?.timestamp();
	Duration::try_from(date.duration_since(now)).ok()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn there_are_ten_attempts_by_the_schedule_of_the_standard() {
		let waits: Vec<u64> = (1..=9).map(|n| wait(n, None, 0).unwrap().as_secs()).collect();
		assert_eq!(waits, [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
		assert_eq!(wait(10, None, 0), None);
		assert_eq!(wait(10, Some(Duration::from_secs(1)), 0), None);
	}

	#[test]
	fn a_receiver_may_ask_for_more_time_but_not_for_ever() {
		assert_eq!(wait(1, Some(Duration::from_secs(120)), 0), Some(Duration::from_secs(120)));
		assert_eq!(wait(2, Some(Duration::from_secs(1)), 0), Some(Duration::from_secs(300)));
		assert_eq!(wait(1, Some(Duration::MAX), 0), Some(LONGEST));
	}

	#[test]
	fn jitter_adds_a_tenth_at_most() {
		assert!(wait(9, Some(Duration::MAX), 255).unwrap().as_millis() < BEYOND.unsigned_abs().into());
		let longest = wait(2, None, 255).unwrap();
		assert!(longest > Duration::from_secs(329) && longest < Duration::from_secs(330), "{longest:?}");
	}

	#[test]
	fn retry_after_is_seconds_or_a_date() {
		let now = "1994-11-06T08:49:00Z".parse().unwrap();
		assert_eq!(asked("120", now), Some(Duration::from_secs(120)));
		assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(Duration::from_secs(37)));
		assert_eq!(asked("Sun, 06 Nov 1994 08:48:37 GMT", now), None);
		assert_eq!(asked("soon", now), None);
	}
}
