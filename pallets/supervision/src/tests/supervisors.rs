use super::mock::*;
use crate::{Error, Event, Finding, Level, Scope, Supervisor, Supervisors, MAX_SUPERVISORS};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{
	traits::BadOrigin,
	DispatchError::{self, Other},
	DispatchResult,
};

fn attest(by: u64, institution: u32) -> DispatchResult {
	Supervision::attest_finding(signed(by), institution, Finding::InOrder, hash(1))
}

fn halt_by(by: u64, target: crate::Target<u64>) -> DispatchResult {
	Supervision::halt(signed(by), target, 1, hash(1))
}

fn dismiss(who: u64) -> DispatchResult {
	Supervision::dismiss_supervisor(signed(Appointing::get()), who)
}

#[test]
fn only_the_votes_appoint_dismiss_ratify_and_lift() {
	run(|| {
		let until = TERM;
		let appoint = |by| Supervision::appoint_supervisor(signed(by), FAY, Level::Halt, Scope::All, until);
		assert_ok!(halt(program(1), 10));
		for by in [EVE, 1, Lifting::get(), Ratifying::get()] {
			assert_noop!(appoint(by), BadOrigin);
			assert_noop!(Supervision::dismiss_supervisor(signed(by), EVE), BadOrigin);
		}
		for by in [EVE, 1, Appointing::get(), Lifting::get()] {
			assert_noop!(Supervision::ratify_halt(signed(by), program(1)), BadOrigin);
		}
		for by in [EVE, 1, Appointing::get(), Ratifying::get()] {
			assert_noop!(Supervision::lift_halt(signed(by), program(1)), BadOrigin);
		}
	});
}

#[test]
fn an_appointment_says_who_may_do_what_until_when() {
	run(|| {
		assert_ok!(appoint(FAY, Level::Attest, Scope::Institution(SHOP)));
		let (account, level, scope, until) = (FAY, Level::Attest, Scope::Institution(SHOP), TERM);
		last_event(Event::SupervisorAppointed { account, level, scope, until });
		let eve = Supervisor { account: EVE, level: Level::Halt, scope: Scope::All, until };
		let fay = Supervisor { account, level, scope, until };
		assert_eq!(Supervision::supervisors(), vec![eve, fay]);
		// Another appointment takes the place of the first.
		assert_ok!(appoint(FAY, Level::Observe, Scope::All));
		assert_eq!(
			Supervision::supervisors()[1],
			Supervisor { level: Level::Observe, scope: Scope::All, ..fay }
		);
	});
}

#[test]
fn an_institution_supervises_nobody() {
	run(|| {
		assert_noop!(appoint(1, Level::Observe, Scope::All), Error::<Test>::IsMember);
	});
}

#[test]
fn a_scope_names_something_that_exists() {
	run(|| {
		assert_noop!(appoint(FAY, Level::Halt, Scope::Institution(9)), Other("NotFound"));
		assert_noop!(appoint(FAY, Level::Halt, Scope::Program(9)), Other("NoProgram"));
	});
}

#[test]
fn a_term_ends_by_itself() {
	run(|| {
		let appoint = |until| {
			Supervision::appoint_supervisor(signed(Appointing::get()), FAY, Level::Halt, Scope::All, until)
		};
		assert_noop!(appoint(START), Error::<Test>::TermOver);
		assert_ok!(appoint(START + 10));
		Now::set(START + 9);
		assert_ok!(request(FAY, SHOP));
		Now::set(START + 10);
		assert_noop!(request(FAY, SHOP), Error::<Test>::TermOver);
		assert_noop!(attest(FAY, SHOP), Error::<Test>::TermOver);
		assert_noop!(halt_by(FAY, program(1)), Error::<Test>::TermOver);
		assert_eq!(Supervision::supervisors().len(), 1);
	});
}

#[test]
fn a_dismissed_supervisor_may_nothing_and_what_it_halted_stays() {
	run(|| {
		assert_ok!(request(EVE, SHOP));
		assert_ok!(halt(program(1), 10));
		assert_ok!(dismiss(EVE));
		last_event(Event::SupervisorDismissed { account: EVE });
		assert_noop!(dismiss(EVE), Error::<Test>::NotSupervisor);
		assert_noop!(request(EVE, SHOP), Error::<Test>::NotSupervisor);
		assert_noop!(attest(EVE, SHOP), Error::<Test>::NotSupervisor);
		assert_noop!(halt(program(2), 10), Error::<Test>::NotSupervisor);
		assert_eq!(Supervision::halts().len(), 1);
		assert_ok!(disclose(SHOP, 1));
	});
}

#[test]
fn there_are_so_many_supervisors_and_those_whose_term_is_over_do_not_count() {
	run(|| {
		for who in 0..u64::from(MAX_SUPERVISORS) - 1 {
			let until = START + 10 + who;
			let by = signed(Appointing::get());
			assert_ok!(Supervision::appoint_supervisor(by, 100 + who, Level::Observe, Scope::All, until));
		}
		assert_noop!(appoint(FAY, Level::Halt, Scope::All), Error::<Test>::MaxSupervisorsExceeded);
		// Other rights for one of them need no place.
		assert_ok!(appoint(100, Level::Attest, Scope::All));
		assert_ok!(appoint(EVE, Level::Halt, Scope::All));
		Now::set(START + 11);
		assert_ok!(appoint(FAY, Level::Halt, Scope::All));
		assert_eq!(Supervisors::<Test>::get().len() as u32, MAX_SUPERVISORS);
	});
}

#[test]
fn each_level_includes_those_below_it() {
	run(|| {
		let low: DispatchResult = Err(Error::<Test>::LevelTooLow.into());
		for (level, attests, halts) in
			[(Level::Observe, low, low), (Level::Attest, Ok(()), low), (Level::Halt, Ok(()), Ok(()))]
		{
			assert_ok!(appoint(FAY, level, Scope::All));
			assert_ok!(request(FAY, SHOP));
			assert_eq!(attest(FAY, SHOP), attests);
			assert_eq!(halt_by(FAY, program(1)), halts);
		}
	});
}

#[test]
fn each_scope_covers_what_it_says_and_nothing_else() {
	let out: DispatchResult = Err(Error::<Test>::OutOfScope.into());
	let all = [institution(SHOP), program(1), program(2), institution(BANK), program(3), customer(ANN)];
	for (scope, covered) in [
		(Scope::All, vec![0, 1, 2, 3, 4, 5]),
		(Scope::Institution(SHOP), vec![0, 1, 2]),
		(Scope::Institution(BANK), vec![3, 4]),
		(Scope::Program(2), vec![2]),
	] {
		run(|| {
			assert_ok!(appoint(FAY, Level::Halt, scope));
			for (place, target) in all.into_iter().enumerate() {
				let expected = if covered.contains(&place) { Ok(()) } else { out };
				assert_eq!(halt_by(FAY, target), expected, "{scope:?} and {target:?}");
				if let crate::Target::Institution(id) = target {
					assert_eq!(request(FAY, id), expected, "{scope:?} and {id}");
					assert_eq!(attest(FAY, id), expected, "{scope:?} and {id}");
				}
			}
		});
	}
}

#[test]
fn what_does_not_exist_is_named_by_the_pallet_that_would_have_it() {
	run(|| {
		let nothing: [(DispatchResult, DispatchError); 4] = [
			(request(EVE, 9), Other("NotFound")),
			(attest(EVE, 9), Other("NotFound")),
			(halt(institution(9), 1), Other("NotFound")),
			(halt(program(9), 1), Other("NoProgram")),
		];
		for (result, expected) in nothing {
			assert_eq!(result, Err(expected));
		}
		assert_ok!(appoint(FAY, Level::Halt, Scope::Institution(SHOP)));
		assert_noop!(halt_by(FAY, program(9)), Other("NoProgram"));
	});
}
