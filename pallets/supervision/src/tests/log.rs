use super::mock::*;
use crate::{ActCounts, ActCountsOf, Finding, Level, LoggedAct, Scope, SupervisorAct, MAX_LOG};
use frame_support::assert_ok;

#[test]
fn every_use_is_counted_for_its_supervisor_and_logged() {
	run(|| {
		assert_ok!(appoint(FAY, Level::Halt, Scope::All));
		assert_ok!(request(FAY, SHOP));
		Now::set(START + 1);
		assert_ok!(Supervision::attest_finding(signed(EVE), BANK, Finding::Deficient, hash(1)));
		assert_ok!(halt(program(1), 10));
		assert_ok!(Supervision::halt(signed(FAY), customer(ANN), 7, hash(1)));
		// What fails, and what the members do, is no use.
		assert!(halt(program(1), 10).is_err());
		assert_ok!(ratify(program(1)));
		assert_ok!(lift(program(1)));
		assert_ok!(disclose(SHOP, 1));

		assert_eq!(ActCountsOf::<Test>::get(EVE), ActCounts { requests: 0, attestations: 1, halts: 1 });
		assert_eq!(ActCountsOf::<Test>::get(FAY), ActCounts { requests: 1, attestations: 0, halts: 1 });
		let (institution, finding) = (BANK, Finding::Deficient);
		let at = START + 1;
		assert_eq!(
			Supervision::log(),
			vec![
				LoggedAct {
					by: FAY,
					at: START,
					act: SupervisorAct::DisclosureRequest { request: 1, institution: SHOP }
				},
				LoggedAct { by: EVE, at, act: SupervisorAct::Attestation { institution, finding } },
				LoggedAct { by: EVE, at, act: SupervisorAct::Halt { target: program(1), length: 10 } },
				LoggedAct { by: FAY, at, act: SupervisorAct::Halt { target: customer(ANN), length: 7 } },
			]
		);
	});
}

#[test]
fn the_last_uses_are_remembered_and_all_are_counted() {
	run(|| {
		for n in 0..100 {
			Now::set(START + n);
			assert_ok!(Supervision::attest_finding(signed(EVE), SHOP, Finding::InOrder, hash(n as u8)));
		}
		let log = Supervision::log();
		assert_eq!((log.len() as u32, log[0].at, log[63].at), (MAX_LOG, START + 36, START + 99));
		assert_eq!(ActCountsOf::<Test>::get(EVE).attestations, 100);
	});
}
