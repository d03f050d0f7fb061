use super::mock::*;
use crate::{Error, Event, LastProgram, Programs, ProgramsOf, Terms};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Cause, Standing as _};
use sp_runtime::{BoundedVec, DispatchError};

fn create(who: u64, name: &[u8], symbol: &[u8], terms: Terms) -> sp_runtime::DispatchResult {
	let (name, symbol) =
		(BoundedVec::truncate_from(name.to_vec()), BoundedVec::truncate_from(symbol.to_vec()));
	Points::create_program(RuntimeOrigin::signed(who), name, symbol, terms)
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
		refused(Terms { period: 9, ..TERMS }, Error::PeriodTooShort);
		refused(Terms { validity: 0, ..TERMS }, Error::InvalidValidity);
		refused(Terms { validity: 6 * PERIOD + 1, ..TERMS }, Error::InvalidValidity);
		refused(Terms { period: 500, validity: 1_001, ..TERMS }, Error::InvalidValidity);
		refused(Terms { period: u64::MAX, validity: u64::MAX, ..TERMS }, Error::InvalidValidity);
		refused(Terms { pending: PERIOD + 1, ..TERMS }, Error::InvalidPending);
		refused(Terms { period: 500, validity: 1_000, pending: 501, ..TERMS }, Error::InvalidPending);

		assert_ok!(create(
			1,
			b"Sky",
			b"SKY",
			Terms { face_value: 10_000, decimals: 6, period: 10, validity: 60, pending: 30 }
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
			(b"\xff\xfe", b"SKY"),
		] {
			assert_noop!(create(1, name, symbol, TERMS), Error::<Test>::InvalidLabel);
		}
	});
}

#[test]
fn only_an_active_institution_creates_programs() {
	run(|| {
		assert_noop!(create(ANN, b"Sky", b"SKY", TERMS), DispatchError::BadOrigin);
		assert_ok!(Institutions::suspend(1, Cause::Conduct));
		assert_noop!(create(1, b"Sky", b"SKY", TERMS), pallet_institutions::Error::<Test>::NotActive);
	});
}

#[test]
fn the_seventeenth_program_of_an_institution_is_refused() {
	run(|| {
		for _ in 0..16 {
			assert_ok!(create(1, b"Sky", b"SKY", TERMS));
		}
		assert_noop!(create(1, b"Sky", b"SKY", TERMS), Error::<Test>::MaxProgramsExceeded);
		assert_ok!(create(2, b"Sky", b"SKY", TERMS));
	});
}

#[test]
fn program_ids_are_never_used_again() {
	run(|| {
		LastProgram::<Test>::put(u16::MAX);
		assert_noop!(create(1, b"Sky", b"SKY", TERMS), Error::<Test>::MaxProgramsExceeded);
	});
}
