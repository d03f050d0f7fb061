use super::mock::*;
use crate::{Error, Event, LastProgram, Period, Programs, ProgramsOf, Terms};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{MemberStatus as _, SuspensionCause};
use sp_core::H256;
use sp_runtime::DispatchError;

fn create(who: u64, name: &[u8], symbol: &[u8], terms: Terms) -> sp_runtime::DispatchResult {
	Points::create_program(RuntimeOrigin::signed(who), name.to_vec(), symbol.to_vec(), terms)
}

#[test]
fn an_institution_creates_a_program_without_opening_a_vintage() {
	run(|| {
		assert_ok!(create(1, b"Sky Miles", b"SKY", TERMS));
		let program = Programs::<Test>::get(1).unwrap();
		assert_eq!((program.issuer, program.terms, program.started), (ISSUER, TERMS, START));
		assert!(program.vintages.is_empty());
		assert_eq!(ProgramsOf::<Test>::get(ISSUER).to_vec(), vec![1]);
		System::assert_last_event(
			Event::ProgramCreated { institution: ISSUER, program: 1, terms: TERMS }.into(),
		);
	});
}

#[test]
fn terms_outside_their_bounds_are_refused_by_name() {
	run(|| {
		let refused = |terms, error: Error<Test>| {
			assert_noop!(create(1, b"Sky", b"SKY", terms), error);
		};
		refused(Terms { face_value: 0, ..TERMS }, Error::InvalidFaceValue);
		refused(Terms { face_value: 10_001, ..TERMS }, Error::InvalidFaceValue);
		refused(Terms { decimals: 7, ..TERMS }, Error::InvalidDecimals);
		refused(Terms { period: Period::Milliseconds(9), ..TERMS }, Error::PeriodTooShort);
		refused(Terms { validity: 0, ..TERMS }, Error::InvalidValidity);
		refused(Terms { validity: 6 * PERIOD + 1, ..TERMS }, Error::InvalidValidity);
		refused(
			Terms { period: Period::Milliseconds(500), validity: 1_001, ..TERMS },
			Error::InvalidValidity,
		);
		refused(
			Terms { period: Period::Milliseconds(u64::MAX), validity: u64::MAX, ..TERMS },
			Error::InvalidValidity,
		);
		refused(Terms { pending: PERIOD + 1, ..TERMS }, Error::InvalidPending);
		refused(
			Terms { period: Period::Milliseconds(500), validity: 1_000, pending: 501, ..TERMS },
			Error::InvalidPending,
		);

		assert_ok!(create(
			1,
			b"Sky",
			b"SKY",
			Terms {
				face_value: 10_000,
				decimals: 6,
				period: Period::Milliseconds(10),
				validity: 60,
				pending: 30
			}
		));
	});
}

#[test]
fn names_and_symbols_outside_their_alphabet_are_refused() {
	run(|| {
		for (name, symbol) in [
			(&b""[..], &b"SKY"[..]),
			(b"Sky", b""),
			(b"Sky", b"sky"),
			(b"Sky", b"S-Y"),
			(b"Sky", b"ABCDEFGHI"),
			(b"\xff\xfe", b"SKY"),
			(&[b'x'; 33], b"SKY"),
			(b"Sky\x1b[31m", b"SKY"),
			(b"Sky\nMiles", b"SKY"),
			(" Sky".as_bytes(), b"SKY"),
			("Sky\u{200b}".as_bytes(), b"SKY"),
			("\u{202e}ykS".as_bytes(), b"SKY"),
			("S\u{43a}y".as_bytes(), b"SKY"),
		] {
			assert_noop!(create(1, name, symbol, TERMS), Error::<Test>::InvalidLabel);
		}
	});
}

#[test]
fn a_name_or_symbol_that_looks_like_anothers_is_taken() {
	run(|| {
		assert_ok!(create(1, b"Sky Miles", b"SKY", TERMS));
		for (who, name, symbol) in [
			(2, "Sky Miles", "FLY"),
			(2, "Fly", "SKY"),
			(1, "Fly", "SKY"),
			(1, "Sky Miles", "FLY"),
			(2, "SKYMILES", "FLY"),
			(2, "Sky MiIes", "FLY"),
			(2, "Sky M1les", "FLY"),
			(2, "Sky", "FLY"),
			// The name of another institution, but not of one's own.
			(2, "Alster Air", "FLY"),
			(2, "AlsterAir", "FLY"),
		] {
			assert_noop!(create(who, name.as_bytes(), symbol.as_bytes(), TERMS), Error::<Test>::NameTaken);
		}
		assert_ok!(create(1, b"Alster Air", b"AIR", TERMS));
		// And no institution is called like another's program.
		let renamed = |who, name: &str| {
			let profile = pallet_institutions::ProfileDraft { name: name.into(), document: H256::zero() };
			Institutions::update_profile(RuntimeOrigin::signed(who), profile)
		};
		assert_noop!(renamed(2, "sky miles"), pallet_institutions::Error::<Test>::NameTaken);
		assert_ok!(renamed(1, "Sky Miles"));
	});
}

#[test]
fn the_names_of_an_institution_that_is_gone_are_free() {
	run(|| {
		for member in [1, 2] {
			assert_ok!(Balances::transfer_allow_death(signed(member), 3, BOND / 2 + 1));
		}
		let profile = pallet_institutions::ProfileDraft { name: "Mill Inn".into(), document: H256::zero() };
		assert_ok!(Institutions::apply(RuntimeOrigin::signed(3), profile));
		assert_ok!(Institutions::admit(RuntimeOrigin::root(), 3));
		assert_ok!(create(3, b"Inn Points", b"INN", TERMS));
		assert_noop!(create(2, b"Inn Points", b"FLY", TERMS), Error::<Test>::NameTaken);
		assert_ok!(Institutions::expel(RuntimeOrigin::root(), 3));
		assert_noop!(create(2, b"Inn Points", b"FLY", TERMS), Error::<Test>::NameTaken);
		Timestamp::set_timestamp(START + 10 * ERA);
		assert_ok!(Institutions::close(RuntimeOrigin::signed(3), 3));
		assert_ok!(create(2, b"Inn Points", b"INN", TERMS));
		assert_noop!(create(1, b"Inn Points", b"FLY", TERMS), Error::<Test>::NameTaken);
	});
}

#[test]
fn only_an_active_institution_creates_programs() {
	run(|| {
		assert_noop!(create(ANN, b"Sky", b"SKY", TERMS), DispatchError::BadOrigin);
		assert_ok!(Institutions::suspend(1, SuspensionCause::Conduct));
		assert_noop!(create(1, b"Sky", b"SKY", TERMS), pallet_institutions::Error::<Test>::NotActive);
	});
}

#[test]
fn the_seventeenth_program_of_an_institution_is_refused() {
	run(|| {
		for _ in 0..16 {
			program(ISSUER, TERMS);
		}
		assert_noop!(create(1, b"Sky", b"FLY", TERMS), Error::<Test>::MaxProgramsExceeded);
		assert_ok!(create(2, b"Fly", b"FLY", TERMS));
	});
}

#[test]
fn program_ids_are_never_used_again() {
	run(|| {
		LastProgram::<Test>::put(u16::MAX);
		assert_noop!(create(1, b"Sky", b"SKY", TERMS), Error::<Test>::MaxProgramsExceeded);
	});
}

#[test]
fn a_calendar_program_is_bounded_by_its_shortest_period() {
	run(|| {
		let create = |period, validity| create(1, b"Sky", b"SKY", Terms { period, validity, ..TERMS });
		for bad in [Period::Months(841), Period::Quarters(-841), Period::Years(i16::MAX)] {
			assert_noop!(create(bad, 1_000), Error::<Test>::InvalidPeriod);
		}
		assert_noop!(create(Period::Months(0), 1_001), Error::<Test>::InvalidValidity);
		assert_ok!(create(Period::Months(840), 1_000));
		// It keeps its place, and that it goes by the calendar; not the length of its periods.
		let revise = |period| {
			let terms = Terms { period, validity: 1_000, ..TERMS };
			Points::revise_terms(RuntimeOrigin::signed(1), 1, terms)
		};
		for other in [Period::Months(0), Period::Years(839), Period::Milliseconds(1_000)] {
			assert_noop!(revise(other), Error::<Test>::InvalidPeriod);
		}
		assert_ok!(revise(Period::Years(840)));
	});
}

#[test]
fn programs_are_read_page_by_page_with_their_names_terms_and_dates() {
	run(|| {
		assert_ok!(create(1, b"Sky Miles", b"SKY", TERMS));
		assert_ok!(create(2, b"Pages", b"PAGE", Terms { period: Period::Years(60), ..TERMS }));
		assert_ok!(issue(ISSUER, 1, ANN, 5));
		let revised = Terms { face_value: 3, ..TERMS };
		assert_ok!(Points::revise_terms(RuntimeOrigin::signed(1), 1, revised));
		Timestamp::set_timestamp(START + 30);
		let page = Points::programs(1);
		assert_eq!((page.programs.len(), page.next), (2, None));
		let sky = &page.programs[0];
		assert_eq!(
			(sky.program, sky.issuer, &sky.name[..], &sky.symbol[..]),
			(1, 1, &b"Sky Miles"[..], &b"SKY"[..])
		);
		assert_eq!((sky.begins, sky.ends, sky.terms), (START, START + PERIOD, TERMS));
		assert_eq!((sky.vintages.len(), sky.vintages[0].closes), (1, sky.ends));
		assert_eq!(sky.revision.map(|revision| (revision.terms, revision.from)), Some((revised, sky.ends)));
		// The year 1970 in UTC+1.
		assert_eq!((page.programs[1].begins, page.programs[1].ends), (START, 365 * 86_400_000 - 3_600_000));
		assert_eq!(Points::programs(2).programs.len(), 1);
		// As of the next period the revision is in force.
		Timestamp::set_timestamp(START + PERIOD);
		assert_eq!(
			(Points::programs(1).programs[0].terms, Points::programs(1).programs[0].revision),
			(revised, None)
		);
		assert_eq!(Points::programs(3).programs.len(), 0);
	});
}
