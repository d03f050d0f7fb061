//! The rule for the next set against every situation that chance makes.

use crate::plan::{limit, next_set, survivors, SelectionInput, SetChange};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[test]
fn the_limit_is_what_grandpa_bears() {
	for (n, expected) in [(0, 1), (1, 1), (3, 1), (4, 1), (6, 1), (7, 2), (10, 3), (64, 21)] {
		assert_eq!(limit(n), expected, "of {n}");
	}
}

/// Institutions in the set, whether each may serve and is silent; how many more wait; an order of tickets.
#[derive(Clone, Debug)]
struct Case {
	set: Vec<(bool, bool)>,
	waiting: usize,
	order: Vec<usize>,
	places: usize,
}

fn cases() -> impl Strategy<Value = Case> {
	(1usize..12, 0usize..8).prop_flat_map(|(n, waiting)| {
		let member = (prop::bool::weighted(0.8), prop::bool::weighted(0.3));
		(
			prop::collection::vec(member, n),
			Just((0..n + waiting).collect::<Vec<_>>()).prop_shuffle(),
			n..n + 3,
		)
			.prop_map(move |(set, order, places)| Case { set, waiting, order, places })
	})
}

/// The case with institution `i` called `names[i]`.
fn selection_input(case: &Case, names: &[u32]) -> SelectionInput {
	let n = case.set.len();
	let may_serve = |i: usize| i >= n || case.set[i].0;
	let mut candidates: Vec<_> =
		(0..n + case.waiting).filter(|i| may_serve(*i)).map(|i| (case.order[i] as u64, names[i])).collect();
	candidates.sort();
	SelectionInput {
		planned: names[..n].to_vec(),
		candidates,
		silent: (0..n).filter(|i| case.set[*i].1).map(|i| names[i]).collect(),
		places: case.places,
	}
}

fn plain_names(case: &Case) -> Vec<u32> {
	(0..(case.set.len() + case.waiting) as u32).collect()
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

	#[test]
	fn grandpa_can_always_finalise_the_next_set(case in cases()) {
		let before = selection_input(&case, &plain_names(&case));
		let SetChange { leaving, joining } = next_set(&before);
		let limit = limit(before.planned.len());
		prop_assert!(leaving.len() <= limit && joining.len() <= limit);

		let silent_that_stay = before.silent.iter().filter(|id| !leaving.contains(id)).count();
		prop_assert!(joining.is_empty() || joining.len() + silent_that_stay <= limit);
		let size = before.planned.len() - leaving.len() + joining.len();
		prop_assert!(size <= case.places.max(before.planned.len()));

		// Who leaves was there, who joins was not and may serve; nobody twice.
		prop_assert!(leaving.iter().all(|id| before.planned.contains(id)));
		prop_assert!(joining.iter().all(|id| !before.planned.contains(id)));
		let may_serve: BTreeSet<_> = before.candidates.iter().map(|(_, id)| *id).collect();
		prop_assert!(joining.iter().all(|id| may_serve.contains(id)));
		let distinct: BTreeSet<_> = leaving.iter().chain(&joining).collect();
		prop_assert_eq!(distinct.len(), leaving.len() + joining.len());
	}

	#[test]
	fn a_member_that_may_not_serve_leaves_as_soon_as_limit_and_finality_allow(case in cases()) {
		let before = selection_input(&case, &plain_names(&case));
		let barred = case.set.iter().filter(|(may_serve, _)| !may_serve).count();
		let leaving = next_set(&before).leaving;
		let may_serve: BTreeSet<_> = before.candidates.iter().map(|(_, id)| *id).collect();
		let gone: BTreeSet<_> = leaving.iter().filter(|id| !may_serve.contains(id)).collect();
		let most = barred.min(limit(case.set.len()));
		prop_assert!(gone.len() <= most);
		if gone.len() < most {
			// With one more, whose node is there, those who stay could not finalise, or there would be none.
			let left = case.set.len() - gone.len() - 1;
			let silent = before.silent.iter().filter(|id| !gone.contains(id)).count();
			prop_assert!(left == 0 || silent > (left - 1) / 3);
		}
	}

	#[test]
	fn no_penalty_costs_finality(case in cases()) {
		let case = Case { waiting: 0, order: (0..case.set.len()).collect(), ..case };
		let before = selection_input(&case, &plain_names(&case));
		let bears = |n: usize, silent: usize| n > 0 && silent <= (n - 1) / 3;
		if !bears(case.set.len(), before.silent.len()) {
			return Ok(());
		}
		let leaving = next_set(&before).leaving;
		let silent = before.silent.iter().filter(|id| !leaving.contains(id)).count();
		prop_assert!(bears(case.set.len() - leaving.len(), silent));
	}

	#[test]
	fn the_longest_out_join_first_and_the_longest_in_make_room_first(case in cases()) {
		let before = selection_input(&case, &plain_names(&case));
		let SetChange { leaving, joining } = next_set(&before);
		let queue_position = |id: &u32| before.candidates.iter().find(|(_, other)| other == id).map(|(queue_position, _)| *queue_position);
		for (_, id) in before.candidates.iter().filter(|(_, id)| !joining.contains(id)) {
			let waits = !before.planned.contains(id);
			prop_assert!(!waits || joining.iter().all(|joined| queue_position(joined) < queue_position(id)));
			let stays = !waits && !leaving.contains(id);
			prop_assert!(!stays || leaving.iter().filter_map(queue_position).all(|left| Some(left) < queue_position(id)));
		}
	}

	#[test]
	fn renaming_the_members_permutes_the_set(
		(case, names) in cases().prop_flat_map(|case| {
			let names = plain_names(&case);
			(Just(case), Just(names).prop_shuffle())
		}),
	) {
		let rename = |change: SetChange| SetChange {
			leaving: change.leaving.iter().map(|id| names[*id as usize]).collect(),
			joining: change.joining.iter().map(|id| names[*id as usize]).collect(),
		};
		let plain = plain_names(&case);
		prop_assert_eq!(rename(next_set(&selection_input(&case, &plain))), next_set(&selection_input(&case, &names)));
		prop_assert_eq!(rename(survivors(&selection_input(&case, &plain))), survivors(&selection_input(&case, &names)));
	}

	#[test]
	fn the_survivors_are_those_who_made_blocks_and_may_serve(case in cases()) {
		let before = selection_input(&case, &plain_names(&case));
		let SetChange { leaving, joining } = survivors(&before);
		let lost = case.set.iter().filter(|(may_serve, silent)| *silent || !may_serve).count();
		prop_assert!(joining.is_empty());
		prop_assert_eq!(leaving.len(), if lost == case.set.len() { 0 } else { lost });
	}
}

#[test]
fn where_all_places_are_taken_everybody_serves_in_turn() {
	// Seven operators, four places: in as many turns as it takes, everybody has served and rested.
	let mut planned: Vec<u32> = (0..4).collect();
	let mut queue_positions: Vec<u64> = (0..7).collect();
	let mut served: BTreeSet<u32> = planned.iter().copied().collect();
	for turn in 0..4 {
		let mut candidates: Vec<_> = (0..7).map(|id| (queue_positions[id as usize], id)).collect();
		candidates.sort();
		let change = next_set(&SelectionInput {
			planned: planned.clone(),
			candidates,
			silent: BTreeSet::new(),
			places: 4,
		});
		assert_eq!((change.leaving.len(), change.joining.len()), (1, 1), "turn {turn}");
		planned.retain(|id| !change.leaving.contains(id));
		planned.extend(&change.joining);
		served.extend(&change.joining);
		for (later, id) in change.leaving.iter().chain(&change.joining).enumerate() {
			queue_positions[*id as usize] = 100 + 10 * turn + later as u64;
		}
	}
	assert_eq!(served.len(), 7);
}

#[test]
fn a_penalised_authority_stays_while_another_one_is_silent() {
	let with = |silent: &[u32]| SelectionInput {
		planned: vec![1, 2, 3, 4],
		candidates: vec![(2, 2), (3, 3), (4, 4)],
		silent: silent.iter().copied().collect(),
		places: 64,
	};
	assert_eq!(next_set(&with(&[])).leaving, [1]);
	assert_eq!(next_set(&with(&[4])).leaving, [0; 0]);
	assert_eq!(next_set(&with(&[1])).leaving, [1]);
	// Nor does the last one leave.
	let alone = SelectionInput { planned: vec![1], candidates: vec![], silent: BTreeSet::new(), places: 64 };
	assert_eq!(next_set(&alone).leaving, [0; 0]);
}
