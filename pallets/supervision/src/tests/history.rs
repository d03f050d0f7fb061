//! Random histories: the invariants hold after each step, everybody who asks is told the same about halts, and
//! nothing is halted more often than once and once more for every vote.

use super::mock::*;
use crate::{Finding, Level, RequestId, Scope, Target};
use frame_support::traits::fungibles::Inspect;
use hanse_primitives::{Halts as _, InstitutionId, Moment, Sanctions as _};
use proptest::{prelude::*, test_runner::TestRunner};
use std::{cell::RefCell, collections::BTreeMap};

/// What happens.
#[derive(Clone, Copy, Debug)]
enum Step {
	Appoint(u64, Level, Scope, Moment),
	Dismiss(u64),
	DisclosureRequest(u64, InstitutionId),
	/// About the last request, or one so many before it.
	Disclose(InstitutionId, RequestId),
	Attest(u64, InstitutionId),
	Halt(u64, Target<u64>, Moment),
	Ratify(Target<u64>),
	Lift(Target<u64>),
	Follow(u64, u64),
	Transfer(u64, u64, u16),
	Pass(Moment, bool),
}

fn targets() -> impl Strategy<Value = Target<u64>> {
	prop_oneof![
		(1..=3u16).prop_map(Target::Program),
		(SHOP..=BANK).prop_map(Target::Institution),
		(ANN..=BEN + 1).prop_map(Target::Customer),
	]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let who = || EVE..=FAY;
	let institution = || SHOP..=BANK;
	let level = prop_oneof![Just(Level::Observe), Just(Level::Attest), Just(Level::Halt), Just(Level::Halt)];
	let scope = prop_oneof![
		3 => Just(Scope::All),
		1 => institution().prop_map(Scope::Institution),
		1 => (1..=3u16).prop_map(Scope::Program),
	];
	let step = prop_oneof![
		2 => (who(), level, scope, 1..=4 * LONG).prop_map(|(w, l, s, term)| Step::Appoint(w, l, s, term)),
		1 => who().prop_map(Step::Dismiss),
		6 => (who(), institution()).prop_map(|(w, i)| Step::DisclosureRequest(w, i)),
		4 => (institution(), 0..3u32).prop_map(|(i, back)| Step::Disclose(i, back)),
		2 => (who(), institution()).prop_map(|(w, i)| Step::Attest(w, i)),
		12 => (who(), targets(), 1..=LONG).prop_map(|(w, t, length)| Step::Halt(w, t, length)),
		6 => targets().prop_map(Step::Ratify),
		2 => targets().prop_map(Step::Lift),
		3 => (ANN..=BEN, ANN..=BEN + 1).prop_map(|(from, to)| Step::Follow(from, to)),
		4 => (ANN..=BEN, ANN..=BEN, 1..=3u16).prop_map(|(from, to, p)| Step::Transfer(from, to, p)),
		8 => (1..=LONG, any::<bool>()).prop_map(|(time, polled)| Step::Pass(time, polled)),
	];
	prop::collection::vec(step, 120)
}

/// Does it, if it can be done.
fn perform(step: Step) -> bool {
	let vote = signed(Appointing::get());
	match step {
		Step::Appoint(who, level, scope, term) => {
			Supervision::appoint_supervisor(vote, who, level, scope, Now::get() + term).is_ok()
		},
		Step::Dismiss(who) => Supervision::dismiss_supervisor(vote, who).is_ok(),
		Step::DisclosureRequest(by, institution) => request(by, institution).is_ok(),
		Step::Disclose(institution, back) => {
			let last = crate::LastRequestId::<Test>::get();
			disclose(institution, last.saturating_sub(back)).is_ok()
		},
		Step::Attest(by, institution) => {
			Supervision::attest_finding(signed(by), institution, Finding::InOrder, hash(1)).is_ok()
		},
		Step::Halt(by, target, length) => Supervision::halt(signed(by), target, length, hash(3)).is_ok(),
		Step::Ratify(target) => ratify(target).is_ok(),
		Step::Lift(target) => lift(target).is_ok(),
		Step::Follow(from, to) => {
			Supervision::copy_halt(&from, &to);
			true
		},
		Step::Transfer(from, to, program) => Assets::transfer(signed(from), vintage(program), to, 1).is_ok(),
		Step::Pass(time, true) => {
			block_at(Now::get() + time);
			true
		},
		Step::Pass(time, false) => {
			Now::set(Now::get() + time);
			true
		},
	}
}

/// Everybody who asks is told what the list of halts says.
fn all_agree() {
	let halted: Vec<_> = Supervision::halts().into_iter().map(|halt| halt.target).collect();
	for id in SHOP..=BANK {
		assert_eq!(Supervision::ensure_may_issue(id).is_err(), halted.contains(&institution(id)));
	}
	for id in 1..=3 {
		let program = halted.contains(&program(id));
		assert_eq!(Supervision::ensure_may_make(id).is_err(), program);
		for who in ANN..=BEN {
			let is_halted = program || halted.contains(&customer(who));
			assert_eq!(Supervision::ensure_may_leave(&who, id).is_err(), is_halted);
			let usable = Assets::reducible_balance(
				vintage(id),
				&who,
				frame_support::traits::tokens::Preservation::Expendable,
				frame_support::traits::tokens::Fortitude::Polite,
			);
			assert_eq!(usable > 0, !is_halted && Assets::balance(vintage(id), who) > 0);
		}
	}
}

/// Performs a step, and whatever it was, the invariants hold and everybody agrees; says whether it was done.
fn perform_and_check(step: Step, history: &mut History) -> bool {
	let key = |target: &Target<u64>| codec::Encode::encode(target);
	let before = Supervision::halts();
	let done = perform(step);
	check();
	all_agree();
	match step {
		Step::Ratify(target) if done => *history.votes.entry(key(&target)).or_default() += 1,
		Step::Halt(_, target, _) if done => {
			let count = history.halts.entry(key(&target)).or_default();
			*count += 1;
			assert!(*count <= 1 + history.votes.get(&key(&target)).copied().unwrap_or_default());
		},
		Step::Transfer(from, _, id) if done => {
			let stops_it = |halt: &crate::Halt<u64>| [program(id), customer(from)].contains(&halt.target);
			assert!(!before.iter().any(stops_it), "points left although they were halted");
		},
		_ => {},
	}
	done
}

/// Votes of each target, and halts that need one.
#[derive(Default)]
struct History {
	votes: BTreeMap<Vec<u8>, u32>,
	halts: BTreeMap<Vec<u8>, u32>,
}

/// What kind of step it is.
fn kind(step: &Step) -> String {
	let text = format!("{step:?}");
	text.split('(').next().unwrap_or_default().into()
}

#[test]
fn no_history_breaks_a_rule() {
	let done = RefCell::new(BTreeMap::<String, u32>::new());
	let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) };
	TestRunner::new(config)
		.run(&steps(), |steps| {
			run(|| {
				let mut history = History::default();
				for step in steps {
					if perform_and_check(step, &mut history) {
						*done.borrow_mut().entry(kind(&step)).or_default() += 1;
					}
				}
				// Whatever happened, time ends it.
				block_at(Now::get() + 1_000 * LONG);
				block_at(Now::get() + 1);
				block_at(Now::get() + 1);
				assert!(!crate::ActiveHalts::<Test>::exists());
				assert_eq!(crate::DisclosureRequests::<Test>::iter().count(), 0);
			});
			Ok(())
		})
		.unwrap();
	// A history in which nothing succeeds proves nothing.
	for (kind, least) in [
		("Appoint", 100),
		("Dismiss", 30),
		("DisclosureRequest", 100),
		("Disclose", 10),
		("Attest", 30),
		("Halt", 100),
		("Ratify", 30),
		("Lift", 10),
		("Transfer", 50),
	] {
		let times = done.borrow().get(kind).copied().unwrap_or_default();
		assert!(times >= least, "{kind} was done {times} times only");
	}
}
