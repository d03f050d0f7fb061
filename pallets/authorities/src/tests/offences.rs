use super::mock::*;
use crate::{Equivocations, Event, OncePerSession};
use frame_support::parameter_types;
use hanse_primitives::{InstitutionId, OffenceKind};
use sp_runtime::Perbill;
use sp_staking::{
	offence::{Kind, Offence, OffenceDetails, OffenceError, OnOffenceHandler, ReportOffence},
	SessionIndex,
};

/// An equivocation in a round.
struct Equivocation {
	offender: u64,
	session: SessionIndex,
	round: u64,
}

impl Offence<(u64, ())> for Equivocation {
	const ID: Kind = *b"test:equivocatio";
	type Slot = u64;

	fn offenders(&self) -> Vec<(u64, ())> {
		vec![(self.offender, ())]
	}

	fn session_index(&self) -> SessionIndex {
		self.session
	}

	fn validator_set_count(&self) -> u32 {
		4
	}

	fn slot(&self) -> u64 {
		self.round
	}

	fn slash_fraction(&self, _: u32) -> Perbill {
		Perbill::one()
	}
}

parameter_types! {
	/// What reached pallet-offences, as (offender, round).
	pub static Reported: Vec<(u64, u64)> = Vec::new();
}

/// Stands for pallet-offences: keeps the report and tells the handler.
impl ReportOffence<u64, (u64, ()), Equivocation> for Reported {
	fn report_offence(_: Vec<u64>, offence: Equivocation) -> Result<(), OffenceError> {
		Reported::mutate(|reported| reported.push((offence.offender, offence.round)));
		let details = OffenceDetails { offender: (offence.offender, ()), reporters: vec![] };
		Authorities::on_offence(&[details], &[Perbill::one()], offence.session);
		Ok(())
	}

	fn is_known_offence(offenders: &[(u64, ())], round: &u64) -> bool {
		offenders.iter().all(|(offender, ())| Reported::get().contains(&(*offender, *round)))
	}
}

type Reports = OncePerSession<Test, Reported>;

fn report(offender: u64, session: SessionIndex, round: u64) -> Result<(), OffenceError> {
	Reports::report_offence(vec![], Equivocation { offender, session, round })
}

fn is_known(offender: u64, round: u64) -> bool {
	<Reports as ReportOffence<u64, (u64, ()), Equivocation>>::is_known_offence(&[(offender, ())], &round)
}

fn equivocations(members: &[InstitutionId]) -> Vec<(InstitutionId, OffenceKind)> {
	members.iter().map(|id| (*id, OffenceKind::Equivocation)).collect()
}

#[test]
fn an_equivocation_is_one_offence_in_a_session_however_often_it_is_reported() {
	run(4, || {
		Reported::set(Vec::new());
		assert!(!is_known(2, 1));
		assert_eq!(report(2, 0, 1), Ok(()));
		for round in 1..50 {
			assert!(is_known(2, round));
			assert_eq!(report(2, 0, round), Err(OffenceError::DuplicateReport));
		}
		assert_eq!((Reported::get(), SeenOffences::get()), (vec![(2, 1)], equivocations(&[2])));
		System::assert_last_event(Event::Equivocated { institution: 2, session: 0 }.into());

		assert!(!is_known(3, 1));
		assert_eq!(report(3, 0, 1), Ok(()));
		turn(&[]);
		assert!(!is_known(2, 60));
		assert_eq!(report(2, 1, 60), Ok(()));
		assert_eq!(SeenOffences::get(), equivocations(&[2, 3, 2]));
		assert_eq!(Equivocations::<Test>::iter().count(), 3);
	});
}

#[test]
fn a_late_report_of_a_session_past_is_an_offence_of_that_session() {
	run(4, || {
		Reported::set(Vec::new());
		turn(&[]);
		assert_eq!(report(2, 0, 5), Ok(()));
		assert_eq!(report(2, 0, 6), Err(OffenceError::DuplicateReport));
		assert!(Equivocations::<Test>::contains_key(0, 2));
	});
}

#[test]
fn the_handler_does_not_count_again_whom_it_is_told_of_again() {
	run(4, || {
		let details = |offender| OffenceDetails { offender: (offender, ()), reporters: vec![] };
		Authorities::on_offence(&[details(1)], &[Perbill::one()], 7);
		Authorities::on_offence(&[details(1), details(2)], &[Perbill::one(); 2], 7);
		assert_eq!(SeenOffences::get(), equivocations(&[1, 2]));
	});
}

#[test]
fn a_report_about_an_institution_that_is_gone_is_not_recorded() {
	run(4, || {
		Reported::set(Vec::new());
		assert!(is_known(1_000, 1));
		assert_eq!(report(1_000, 0, 1), Err(OffenceError::DuplicateReport));
		assert!(SeenOffences::get().is_empty() && Reported::get().is_empty());
	});
}
