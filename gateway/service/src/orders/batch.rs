//! Which operations share a transaction.

use crate::{
	model::Action,
	store::{Moment, Operation},
};
use hanse_chain::{EraIndex, ProgramId};

/// Awards in a call at most. The chain takes 500, and a block has room for about 1,600: of pieces that are smaller more of
/// it is filled, and a call more costs what two awards do.
const AWARDS: usize = 250;
/// Slips in a call at most. The chain takes 128, and sets aside for each what it may need, which is twice what it needs.
const SLIPS: usize = 32;

/// Why operations can share a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
	/// One call for all awards of a program and an era; with no more than `most`, if larger ones were refused or too
	/// much for a block.
	Awards { program: ProgramId, era: EraIndex, most: Option<usize> },
	/// One call for all slips; no more than `most`, if more were too much for a block.
	Slips { most: Option<usize> },
	/// A call each, one after the other; no more than `most`, if more were too much for a block.
	Others { most: Option<usize> },
}

impl Kind {
	fn of(operation: &Operation, most: Option<usize>) -> Self {
		match &operation.action {
			Action::Award { program, order, .. } => Self::Awards { program: *program, era: order.era, most },
			Action::PresentSlip { .. } => Self::Slips { most },
			_ => Self::Others { most },
		}
	}

	/// How many there are at most.
	fn capacity(self) -> usize {
		match self {
			Self::Awards { most, .. } => most.unwrap_or(AWARDS).clamp(1, AWARDS),
			Self::Slips { most } => most.unwrap_or(SLIPS).clamp(1, SLIPS),
			Self::Others { most } => most.unwrap_or(16).clamp(1, 16),
		}
	}

	/// How long the first waits for others, in milliseconds.
	fn window(self) -> Moment {
		match self {
			Self::Awards { most: None, .. } => 250,
			Self::Awards { most: Some(_), .. } | Self::Slips { most: Some(_) } => 0,
			Self::Slips { most: None } => 100,
			Self::Others { .. } => 20,
		}
	}
}

/// What goes into one transaction, in this order.
#[derive(Clone, Debug)]
pub(super) struct Batch {
	pub kind: Kind,
	pub operations: Vec<Operation>,
}

impl Batch {
	/// Whether it is full.
	fn is_full(&self) -> bool {
		self.operations.len() >= self.kind.capacity()
	}

	/// When it goes, full or not. What comes from the future was accepted before the clock was set back: it goes at once.
	fn due(&self, now: Moment) -> Moment {
		let first = self.operations.iter().map(|operation| operation.updated).min().unwrap_or(0);
		if first > now { now } else { first.saturating_add(self.kind.window()) }
	}
}

/// Puts operations, in the order in which they were accepted, into batches: those that go now, and when the next goes.
pub(super) fn batches(
	operations: Vec<(Operation, Option<usize>)>,
	now: Moment,
) -> (Vec<Batch>, Option<Moment>) {
	let mut all: Vec<Batch> = Vec::new();
	for (operation, most) in operations {
		let kind = Kind::of(&operation, most);
		// The last of its kind is the only one that may have room.
		match all.iter_mut().rev().find(|batch| batch.kind == kind) {
			Some(batch) if !batch.is_full() => batch.operations.push(operation),
			_ => all.push(Batch { kind, operations: vec![operation] }),
		}
	}
	let (ripe, waiting): (Vec<_>, Vec<_>) =
		all.into_iter().partition(|batch| batch.is_full() || batch.due(now) <= now);
	(ripe, waiting.iter().map(|batch| batch.due(now)).min())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		model::{Hash, Order},
		store::Status,
	};
	use hanse_chain::AccountId;

	fn award(program: u16, era: u32, updated: Moment) -> (Operation, Option<usize>) {
		let order = Order { era, commitment: Hash([1; 32]) };
		let action = Action::Award { program, order, to: AccountId([2; 32]), points: 1 };
		let operation = Operation {
			id: String::new(),
			institution: 1,
			lane: String::new(),
			once: None,
			reference: None,
			action,
			status: Status::Accepted,
			tx: None,
			place: None,
			block: None,
			extrinsic: None,
			result: None,
			error: None,
			created: updated,
			updated,
		};
		(operation, None)
	}

	#[test]
	fn awards_share_a_transaction_by_program_and_era() {
		let (ripe, next) = batches(vec![award(1, 1, 0), award(2, 1, 0), award(1, 1, 0), award(1, 2, 0)], 250);
		let sizes: Vec<_> = ripe.iter().map(|batch| batch.operations.len()).collect();
		assert_eq!((sizes, next), (vec![2, 1, 1], None));
	}

	#[test]
	fn a_batch_waits_for_others_unless_it_is_full() {
		let (ripe, next) = batches(vec![award(1, 1, 100)], 200);
		assert_eq!((ripe.len(), next), (0, Some(350)));
		let (ripe, next) = batches((0..AWARDS + 1).map(|_| award(1, 1, 100)).collect(), 200);
		assert_eq!((ripe.len(), ripe[0].operations.len(), next), (1, AWARDS, Some(350)));
	}

	#[test]
	fn a_batch_does_not_wait_for_a_clock_that_was_set_back() {
		assert_eq!(batches(vec![award(1, 1, 3_600_000)], 200).0.len(), 1);
	}

	#[test]
	fn what_was_refused_together_goes_in_smaller_pieces() {
		let halves = (0..4).map(|_| (award(1, 1, 100).0, Some(2))).collect();
		assert_eq!(batches(halves, 100).0.len(), 2);
	}
}
