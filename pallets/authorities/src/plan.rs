//! The rule for the next set of authorities. Pure, so that it can be tried against every situation.

use crate::Ticket;
use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use hanse_primitives::InstitutionId;

/// An operator that may be an authority: active, with keys.
pub type Candidate = (Ticket, InstitutionId);

/// How many of `n` authorities may be exchanged, or silent, at the same time.
pub fn limit(n: usize) -> usize {
	(n.saturating_sub(1) / 3).max(1)
}

/// What the next set is made from.
pub struct Situation {
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
pub struct Change {
	/// Who leaves.
	pub leaving: Vec<InstitutionId>,
	/// Who joins, in the order in which they have waited.
	pub joining: Vec<InstitutionId>,
}

/// The rule in ordinary times. Whoever stays keeps its place among the slots.
pub fn next_set(situation: &Situation) -> Change {
	let Situation { planned, candidates, silent, places } = situation;
	let limit = limit(planned.len());
	let may_serve: BTreeSet<_> = candidates.iter().map(|(_, id)| *id).collect();
	let serving: BTreeSet<_> = planned.iter().copied().collect();

	// Who must leave goes first. Nobody is preferred among more than the limit: the others are next, and
	// the order of slots is that of joining the set.
	let mut leaving: Vec<_> =
		planned.iter().copied().filter(|id| !may_serve.contains(id)).take(limit).collect();
	let silent = planned.iter().filter(|id| silent.contains(id) && !leaving.contains(id)).count();
	let waiting: Vec<_> = candidates.iter().map(|(_, id)| *id).filter(|id| !serving.contains(id)).collect();
	let may_join = limit.saturating_sub(silent).min(waiting.len());

	// Where too few places are free, those that served longest make room.
	let free = places.saturating_sub(planned.len() - leaving.len());
	let make_room = may_join.saturating_sub(free).min(limit - leaving.len());
	let longest = candidates.iter().map(|(_, id)| *id).filter(|id| serving.contains(id));
	leaving.extend(longest.take(make_room));

	let joining = waiting.into_iter().take(may_join.min(free + make_room)).collect();
	Change { leaving, joining }
}

/// The rule when finality is restarted: everybody who is silent leaves, and nobody joins, whatever the
/// limit. Without any survivor it would leave the set as it is.
pub fn survivors(situation: &Situation) -> Change {
	let may_serve: BTreeSet<_> = situation.candidates.iter().map(|(_, id)| *id).collect();
	let lost = |id: &InstitutionId| situation.silent.contains(id) || !may_serve.contains(id);
	let leaving: Vec<_> = situation.planned.iter().copied().filter(lost).collect();
	if leaving.len() == situation.planned.len() {
		return Change::default();
	}
	Change { leaving, joining: Vec::new() }
}
