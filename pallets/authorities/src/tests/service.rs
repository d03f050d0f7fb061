//! Who is offline in a session, and what authorities did over an era.

use super::mock::*;
use crate::{plan::limit, service::offline, Attendances as Counted, Error, Event};
use frame_support::{assert_noop, assert_ok, assert_storage_noop};
use hanse_primitives::{Authorities as _, OffenceKind, ServiceReport, ServiceReports};
use proptest::{prelude::*, test_runner::TestRunner};
use std::cell::Cell;

fn whole(institution: u32) -> ServiceReport {
	ServiceReport { institution, whole: true, offline: false }
}

fn partly(institution: u32) -> ServiceReport {
	ServiceReport { institution, whole: false, offline: false }
}

/// Those that were offline in this order.
fn recorded() -> Vec<u32> {
	assert!(SeenOffences::get().iter().all(|(_, offence)| *offence == OffenceKind::Offline));
	SeenOffences::get().into_iter().map(|(id, _)| id).collect()
}

#[test]
fn too_few_blocks_are_found_at_the_end_of_the_session_and_recorded_once() {
	run(4, || {
		// An equal part is 8.5 blocks, and half of that 4.25.
		turn_with(|id| if id == 3 { 4 } else { 10 });
		assert_eq!(recorded(), [3]);
		System::assert_has_event(Event::WentOffline { institution: 3, session: 0, blocks: 4 }.into());
		turn_with(|_| 10);
		assert_eq!(recorded(), [3]);
		turn_with(|id| if id == 3 { 0 } else { 10 });
		assert_eq!(recorded(), [3, 3]);
	});
}

#[test]
fn exactly_the_share_is_enough_and_one_block_less_is_not() {
	run(4, || {
		turn_with(|id| [12, 12, 11, 5][id as usize - 1]);
		assert!(recorded().is_empty());
		turn_with(|id| [12, 12, 12, 4][id as usize - 1]);
		assert_eq!(recorded(), [4]);
		OfflineShare::set(40);
		turn_with(|id| [12, 12, 12, 4][id as usize - 1]);
		assert_eq!(recorded(), [4]);
	});
}

#[test]
fn a_session_in_which_everybody_is_slow_records_nobody() {
	run(4, || {
		turn_with(|_| 1);
		turn_with(|_| 0);
		assert!(recorded().is_empty());
		// Less than one block for each: it says nothing about the one that made none.
		turn(&[2]);
		assert!(recorded().is_empty());
		turn_with(|id| [2, 0, 1, 1][id as usize - 1]);
		assert_eq!(recorded(), [2]);
	});
}

#[test]
fn the_largest_numbers_do_not_overflow() {
	let roster: Vec<_> = (0..64).map(|id| (id, if id == 9 { 0 } else { u32::MAX })).collect();
	assert_eq!(offline(&roster, 90), [(9, 0)]);
	assert_eq!(offline(&roster, u32::MAX).len(), 64);
	assert!(offline(&[], 90).is_empty());
}

#[test]
fn an_institution_that_is_gone_is_neither_recorded_nor_reported() {
	run(6, || {
		turn_with(|_| 10);
		Authorities::retire(6, &6);
		Gone::set([6].into());
		assert!(!Counted::<Test>::contains_key(6));
		// Still in the set of this session, and of the next.
		turn_with(|id| if id == 6 { 0 } else { 10 });
		assert!(recorded().is_empty());
		assert_eq!(Authorities::take_reports(), (1..=5).map(whole).collect::<Vec<_>>());
	});
}

#[test]
fn an_authority_that_stopped_is_assessed_as_long_as_it_is_in_the_set() {
	run(6, || {
		assert_ok!(operate(6, false));
		turn_with(|id| if id == 6 { 0 } else { 10 });
		assert_eq!(recorded(), [6]);
		turn_with(|_| 10);
		assert_eq!(
			Authorities::take_reports().last(),
			Some(&ServiceReport { institution: 6, whole: false, offline: true })
		);
	});
}

#[test]
fn the_end_of_a_session_weighs_who_is_counted() {
	use frame_support::dispatch::DispatchClass;
	run(4, || {
		operate_all([5]);
		let weight = || System::block_weight().get(DispatchClass::Mandatory).ref_time();
		let before = weight();
		turn_with(|id| if id == 3 { 4 } else { 10 });
		// Five that wanted to serve, one of them offline.
		assert_eq!(weight() - before, 6);
	});
}

#[test]
fn an_era_tells_who_ran_an_authority_all_along_and_the_next_begins_anew() {
	run(4, || {
		turn_with(|_| 10);
		turn_with(|_| 10);
		assert_eq!(Authorities::take_reports(), (1..=4).map(whole).collect::<Vec<_>>());
		turn_with(|id| if id == 3 { 0 } else { 10 });
		turn_with(|_| 10);
		let third = ServiceReport { institution: 3, whole: false, offline: true };
		assert_eq!(Authorities::take_reports(), [whole(1), whole(2), third, whole(4)]);
		turn_with(|_| 10);
		assert_eq!(Authorities::take_reports(), (1..=4).map(whole).collect::<Vec<_>>());
	});
}

#[test]
fn without_a_session_that_ended_there_is_nobody_to_tell_of() {
	run(4, || {
		assert!(Authorities::take_reports().is_empty());
		turn(&[]);
		assert_eq!(Authorities::take_reports().len(), 4);
		assert!(Authorities::take_reports().is_empty());
	});
}

#[test]
fn an_authority_that_joined_or_stopped_in_the_middle_of_an_era_did_not_serve_all_of_it() {
	run(5, || {
		turn(&[]);
		operate_all([6]);
		turn(&[]);
		turn(&[]);
		assert_ok!(operate(5, false));
		turn(&[]);
		turn(&[]);
		// Both have served.
		let services = Authorities::take_reports();
		assert_eq!(services, [whole(1), whole(2), whole(3), whole(4), partly(5), partly(6)]);
		turn(&[]);
		let services = Authorities::take_reports();
		assert_eq!(services, [whole(1), whole(2), whole(3), whole(4), whole(6)]);
	});
}

#[test]
fn of_more_operators_than_places_who_waited_all_era_is_not_whole_and_who_served_in_turn_is() {
	run(64, || {
		operate_all([65]);
		turn(&[]);
		let services = Authorities::take_reports();
		assert_eq!(services, (1..=64).map(whole).chain([partly(65)]).collect::<Vec<_>>());
		// The next session is without it, the one after with it in the place of the first.
		turn(&[]);
		assert_eq!((current().contains(&1), current().contains(&65)), (false, true));
		turn(&[]);
		assert_eq!(Authorities::take_reports(), (1..=65).map(whole).collect::<Vec<_>>());
	});
}

#[test]
fn more_than_the_limit_that_are_stopped_at_once_leave_by_the_limit() {
	run(10, || {
		for id in 1..=6 {
			assert_ok!(Authorities::stop_authority(id));
			System::assert_last_event(Event::OperationChanged { institution: id, on: false }.into());
		}
		assert_noop!(Authorities::stop_authority(7), Error::<Test>::TooFewAuthorities);
		let mut left = 10;
		for expected in [7, 5, 4, 4] {
			turn(&[]);
			let planned = planned().len();
			assert!(left - planned <= limit(left));
			assert_eq!(planned, expected);
			left = planned;
		}
		assert_eq!(planned(), [7, 8, 9, 10]);
	});
}

#[test]
fn an_authority_that_was_stopped_comes_back_when_it_says_so_and_not_before() {
	run(5, || {
		assert_ok!(Authorities::stop_authority(5));
		assert_storage_noop!(Authorities::stop_authority(5).unwrap());
		assert_storage_noop!(Authorities::stop_authority(9).unwrap());
		(0..4).for_each(|_| drop(turn(&[])));
		assert_eq!(current(), [1, 2, 3, 4]);
		operate_all([5]);
		turn(&[]);
		turn(&[]);
		assert_eq!(current(), [1, 2, 3, 4, 5]);
	});
}

/// What happens before a session ends, and who makes how many blocks in it.
#[derive(Clone, Debug)]
struct Step {
	toggled: Option<usize>,
	stopped: Option<usize>,
	blocks: Vec<u32>,
	era_ends: bool,
}

/// Institutions of which the first are authorities at the start.
const PEOPLE: usize = 9;

fn step() -> impl Strategy<Value = Step> {
	(
		prop::option::weighted(0.4, 0..PEOPLE),
		prop::option::weighted(0.2, 0..PEOPLE),
		prop::collection::vec(prop_oneof![3 => 8..12u32, 1 => 0..6u32], PEOPLE),
		prop::bool::weighted(0.3),
	)
		.prop_map(|(toggled, stopped, blocks, era_ends)| Step { toggled, stopped, blocks, era_ends })
}

/// What comes of one step: the set that is planned, everybody that was ever offline, and, as (who, whole, offline),
/// what the end of an era says.
#[derive(Debug, Eq, PartialEq)]
struct Outcome {
	planned: Vec<usize>,
	offline: Vec<usize>,
	services: Vec<(usize, bool, bool)>,
}

/// All that comes of a history in which the `i`-th institution is called `names[i]`, by positions in `names`.
fn outcomes(names: &[u32], steps: &[Step]) -> Vec<Outcome> {
	let place = |id: u32| names.iter().position(|name| *name == id).unwrap();
	let mut told = Vec::new();
	genesis_of(names[..6].iter().map(|id| (*id).into()).collect()).execute_with(|| {
		for step in steps {
			if let Some(who) = step.toggled {
				let on = !crate::Operators::<Test>::contains_key(names[who]);
				let _ = operate(names[who], on);
			}
			let _ = step.stopped.map(|who| Authorities::stop_authority(names[who]));
			turn_with(|id| step.blocks[place(id)]);
			let services = if step.era_ends { Authorities::take_reports() } else { vec![] };
			let mut services: Vec<_> =
				services.iter().map(|s| (place(s.institution), s.whole, s.offline)).collect();
			services.sort();
			let mut offline: Vec<_> = recorded().into_iter().map(place).collect();
			offline.sort();
			let planned = planned().into_iter().map(place).collect();
			told.push(Outcome { planned, offline, services });
			Authorities::do_try_state().unwrap();
		}
	});
	told
}

#[test]
fn renaming_the_members_permutes_what_comes_of_every_history() {
	let plain: Vec<_> = (1..=PEOPLE as u32).collect();
	let steps = prop::collection::vec(step(), 1..20);
	// Sets that differ from the one before, authorities found offline, and eras that one did not serve in whole.
	let (changed, offline, partly) = (Cell::new(0), Cell::new(0), Cell::new(0));
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) };
	TestRunner::new(config)
		.run(&(steps, Just(plain.clone()).prop_shuffle()), |(steps, names)| {
			let told = outcomes(&plain, &steps);
			let changes = told.windows(2).filter(|pair| pair[0].planned != pair[1].planned);
			changed.set(changed.get() + changes.count());
			offline.set(offline.get() + told.last().map_or(0, |outcome| outcome.offline.len()));
			let services = told.iter().flat_map(|outcome| &outcome.services);
			partly.set(partly.get() + services.filter(|(_, whole, _)| !whole).count());
			prop_assert_eq!(told, outcomes(&names, &steps));
			Ok(())
		})
		.unwrap();
	// Histories in which nothing happens prove nothing.
	let often = [changed.get(), offline.get(), partly.get()];
	assert!(often.into_iter().all(|times| times >= 50), "{often:?}");
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

	#[test]
	fn somebody_is_always_online_and_whoever_makes_more_is_too(
		blocks in prop::collection::vec(0..50u32, 1..64), share in 0..=100u32,
	) {
		let roster: Vec<_> = (0..).zip(blocks).collect();
		let offline = offline(&roster, share);
		prop_assert!(offline.len() < roster.len());
		let most = offline.iter().map(|(_, blocks)| *blocks).max();
		for (id, blocks) in roster {
			prop_assert!(offline.contains(&(id, blocks)) == most.is_some_and(|most| blocks <= most));
		}
	}
}
