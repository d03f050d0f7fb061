//! What an authority does whose machine's clock is wrong: it waits, and says so.
//!
//! The runtime refuses a block whose slot is not later than its parent's. An authority whose clock is behind
//! the chain would make one in each of its slots and see each of them refused, so it is not asked to.

use sc_consensus_slots::BackoffAuthoringBlocksStrategy;
use sp_consensus_aura::{Slot, SlotDuration};
use std::{
	sync::Mutex,
	time::{Duration, Instant},
};

/// At most one line in the log in so much time.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(60);
/// The newest block may be so many slots ahead of this machine before that is worth a word: other clocks
/// are not quite right either, and a node that starts again may be in the slot of its own last block.
const TOLERANCE: u64 = 1;

/// Makes no block until this machine's clock is past the newest one, and then follows `inner`.
pub struct WaitForClock<S> {
	inner: S,
	slot_duration: SlotDuration,
	warned: Mutex<Option<Instant>>,
}

impl<S> WaitForClock<S> {
	pub fn new(inner: S, slot_duration: SlotDuration) -> Self {
		Self { inner, slot_duration, warned: Mutex::new(None) }
	}

	/// Whether it is time for another line in the log.
	fn may_warn(&self, now: Instant) -> bool {
		let Ok(mut warned) = self.warned.lock() else { return false };
		let may = warned.is_none_or(|last| now.saturating_duration_since(last) >= BETWEEN_WARNINGS);
		if may {
			*warned = Some(now);
		}
		may
	}
}

impl<N, S: BackoffAuthoringBlocksStrategy<N>> BackoffAuthoringBlocksStrategy<N> for WaitForClock<S> {
	fn should_backoff(&self, head: N, head_slot: Slot, finalised: N, slot_now: Slot, target: &str) -> bool {
		if slot_now > head_slot {
			return self.inner.should_backoff(head, head_slot, finalised, slot_now, target);
		}
		let behind = *head_slot - *slot_now;
		if behind > TOLERANCE && self.may_warn(Instant::now()) {
			let seconds = behind.saturating_mul(self.slot_duration.as_millis()) / 1_000;
			log::warn!(
				target: target,
				"This machine's clock is {seconds} s behind the newest block: no blocks are made here until it is \
				right. Is its time synchronised (chronyc tracking, timedatectl)?",
			);
		}
		true
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Backs off where the newest block is final.
	struct Inner;
	impl BackoffAuthoringBlocksStrategy<u32> for Inner {
		fn should_backoff(&self, head: u32, _: Slot, finalised: u32, _: Slot, _: &str) -> bool {
			head == finalised
		}
	}

	fn strategy() -> WaitForClock<Inner> {
		WaitForClock::new(Inner, SlotDuration::from_millis(1_000))
	}

	#[test]
	fn no_block_is_made_in_a_slot_that_is_not_later_than_the_newest_block() {
		let strategy = strategy();
		for (head, now) in [(200, 20), (200, 199), (200, 200)] {
			assert!(strategy.should_backoff(8, head.into(), 7, now.into(), "aura"), "{head}, {now}");
		}
		assert!(!strategy.should_backoff(8, 200.into(), 7, 201.into(), "aura"));
	}

	#[test]
	fn with_a_clock_that_is_right_the_other_strategy_decides() {
		assert!(strategy().should_backoff(8, 200.into(), 8, 201.into(), "aura"));
	}

	#[test]
	fn a_wrong_clock_is_a_line_a_minute_and_the_same_second_is_none() {
		let strategy = strategy();
		strategy.should_backoff(8, 200.into(), 7, 200.into(), "aura");
		strategy.should_backoff(8, 200.into(), 7, 199.into(), "aura");
		assert!(strategy.warned.lock().is_ok_and(|warned| warned.is_none()));
		strategy.should_backoff(8, 200.into(), 7, 20.into(), "aura");
		let first = strategy.warned.lock().ok().and_then(|warned| *warned).expect("it warned");
		assert!(!strategy.may_warn(first + Duration::from_secs(59)));
		assert!(strategy.may_warn(first + Duration::from_secs(60)));
		assert!(!strategy.may_warn(first + Duration::from_secs(61)));
	}
}
