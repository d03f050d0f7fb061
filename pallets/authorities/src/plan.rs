//! The rule for the next set of authorities. Pure, so that it can be tried against every situation.

use crate::QueuePosition;
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use hanse_primitives::InstitutionId;

/// An operator that may be an authority: active, with keys.
pub type Candidate = (QueuePosition, InstitutionId);

/// How many of `n` authorities may be exchanged, or silent, at the same time.
pub fn limit(n: usize) -> usize {
	(n.saturating_sub(1) / 3).max(1)
}

/// What the next set is made from.
pub struct SelectionInput {
	/// The set that was planned last, in the order of its slots.
	pub planned: Vec<InstitutionId>,
	/// All operators that may be authorities, the lowest ticket first.
	pub candidates: Vec<Candidate>,
	/// Those of `planned` that made no block in the session that ended last.
	pub silent: BTreeSet<InstitutionId>,
	/// Authorities at most.
	pub places: usize,
}

/// How the next set differs from the one that was planned last.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct SetChange {
	/// Who leaves.
	pub leaving: Vec<InstitutionId>,
	/// Who joins, in the order in which they have waited.
	pub joining: Vec<InstitutionId>,
}

/// The rule in ordinary times. Whoever stays keeps its place among the slots.
pub fn next_set(selection_input: &SelectionInput) -> SetChange {
	let SelectionInput { planned, candidates, silent, places } = selection_input;
	let limit = limit(planned.len());
	let may_serve: BTreeSet<_> = candidates.iter().map(|(_, id)| *id).collect();
	let serving: BTreeSet<_> = planned.iter().copied().collect();

	let mut leaving = must_leave(selection_input, &may_serve, limit);
	let silent = planned.iter().filter(|id| silent.contains(id) && !leaving.contains(id)).count();
	let waiting: Vec<_> = candidates.iter().map(|(_, id)| *id).filter(|id| !serving.contains(id)).collect();
	let may_join = limit.saturating_sub(silent).min(waiting.len());

	// Where too few places are free, those that served longest make room.
	let free = places.saturating_sub(planned.len() - leaving.len());
	let make_room = may_join.saturating_sub(free).min(limit - leaving.len());
	let longest = candidates.iter().map(|(_, id)| *id).filter(|id| serving.contains(id));
	let longest: Vec<_> = longest.take(make_room).collect();

	let joining = waiting.into_iter().take(may_join.min(free + longest.len())).collect();
	leaving.extend(longest);
	SetChange { leaving, joining }
}

/// A member that may not serve leaves first, but never so that those who stay could not finalise: the silent ones among
/// them are not taken out by a penalty of somebody else. Nobody is preferred among more than the limit: the
/// others are next, and the order of slots is that of joining the set.
fn must_leave(
	SelectionInput { planned, silent, .. }: &SelectionInput,
	may_serve: &BTreeSet<InstitutionId>,
	limit: usize,
) -> Vec<InstitutionId> {
	let barred = |is_silent: bool| {
		planned.iter().copied().filter(move |id| !may_serve.contains(id) && silent.contains(id) == is_silent)
	};
	// Whose node is gone is no loss.
	let mut leaving: Vec<_> = barred(true).take(limit).collect();
	for id in barred(false) {
		let left = planned.len() - leaving.len() - 1;
		let silent = planned.iter().filter(|id| silent.contains(id) && !leaving.contains(id)).count();
		if leaving.len() == limit || left == 0 || silent > (left - 1) / 3 {
			break;
		}
		leaving.push(id);
	}
	// A set is never empty.
	leaving.truncate(planned.len().saturating_sub(1));
	leaving
}

/// The rule when finality is restarted: everybody who is silent leaves, and nobody joins, whatever the
/// limit. Without any survivor it would leave the set as it is.
pub fn survivors(selection_input: &SelectionInput) -> SetChange {
	let may_serve: BTreeSet<_> = selection_input.candidates.iter().map(|(_, id)| *id).collect();
	let lost = |id: &InstitutionId| selection_input.silent.contains(id) || !may_serve.contains(id);
	let leaving: Vec<_> = selection_input.planned.iter().copied().filter(lost).collect();
	if leaving.len() == selection_input.planned.len() {
		return SetChange::default();
	}
	SetChange { leaving, joining: Vec::new() }
}
