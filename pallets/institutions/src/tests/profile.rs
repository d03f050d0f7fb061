use super::mock::*;
use crate::{Error, InstitutionByReading, Institutions as Stored, ProfileDraft, Status};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{MemberStatus, Members};
use sp_core::H256;

fn update(account: u64, profile: ProfileDraft) -> sp_runtime::DispatchResult {
	Institutions::update_profile(RuntimeOrigin::signed(account), profile)
}

#[test]
fn a_member_changes_its_name_and_document_and_the_old_name_is_free() {
	run(|| {
		assert_ok!(update(1, profile("Alster Airways")));
		assert_eq!(Stored::<Test>::get(1).unwrap().profile, profile("Alster Airways").accepted().unwrap());
		assert_noop!(update(2, profile("alster airways")), Error::<Test>::NameTaken);
		assert_ok!(update(2, profile("ALSTER AIR")));
	});
}

#[test]
fn a_member_may_spell_its_own_name_otherwise() {
	run(|| {
		assert_ok!(update(1, profile("ALSTER air")));
		assert_ok!(update(1, profile("AlsterAir")));
		assert_noop!(apply(5, "Alster Air"), Error::<Test>::NameTaken);
	});
}

#[test]
fn a_name_is_text_that_can_be_seen() {
	run(|| {
		let named = |bytes: &[u8]| ProfileDraft { name: bytes.to_vec(), document: H256::zero() };
		for bad in [
			&b""[..],
			b"   ",
			b"\xff\xfe",
			b"line\nbreak",
			b"\0",
			b" Elbe",
			b"Elbe  Bank",
			&[b'x'; 33],
			&[b'x'; 10_000],
			"\u{2003}".as_bytes(),
			"\u{200b}".as_bytes(),
			"Alster\u{200b} Air".as_bytes(),
			"\u{202e}knaB eblE".as_bytes(),
			"\u{410}lster Air".as_bytes(),
		] {
			assert_noop!(update(1, named(bad)), Error::<Test>::InvalidName);
			let apply = Institutions::apply(RuntimeOrigin::signed(5), named(bad));
			assert_noop!(apply, Error::<Test>::InvalidName);
		}
		assert_ok!(update(1, named("Lübecker Straße".as_bytes())));
		assert_noop!(apply(5, "LÜBECKER Straße"), Error::<Test>::NameTaken);
	});
}

#[test]
fn a_name_that_looks_like_another_is_taken() {
	run(|| {
		for alike in ["AIster Air", "A1ster A1r", "alsterair", "BERGEN B00KS", "bergenbooks"] {
			assert_noop!(apply(5, alike), Error::<Test>::NameTaken);
		}
		// Wholly Cyrillic.
		assert_ok!(update(1, profile("BOOKS")));
		assert_noop!(apply(5, "ВООК\u{405}"), Error::<Test>::NameTaken);
	});
}

#[test]
fn a_name_is_free_once_nobody_has_it_and_leaves_nothing_behind() {
	run(|| {
		let before = InstitutionByReading::<Test>::iter().count();
		assert_ok!(apply(5, "Mill Inn"));
		assert!(InstitutionByReading::<Test>::iter().count() > before);
		assert_ok!(Institutions::withdraw_application(RuntimeOrigin::signed(5)));
		assert_eq!(InstitutionByReading::<Test>::iter().count(), before);
		assert_ok!(apply(6, "MILL INN"));
	});
}

#[test]
fn an_institution_in_run_off_or_gone_changes_its_profile_no_more() {
	run(|| {
		assert_ok!(Institutions::start_run_off(1));
		assert_noop!(update(1, profile("Phoenix")), Error::<Test>::NotActive);
		assert_noop!(Institutions::top_up_bond(RuntimeOrigin::signed(1), 1), Error::<Test>::NotActive);
	});
}

#[test]
fn a_bond_is_topped_up_from_free_balance() {
	run(|| {
		let top_up = |amount| Institutions::top_up_bond(RuntimeOrigin::signed(1), amount);
		assert_noop!(top_up(0), Error::<Test>::ZeroAmount);
		assert_noop!(top_up(MONEY), Error::<Test>::FundsTooSmall);
		assert_ok!(top_up(500));
		assert_eq!(Institutions::bond(1), 1_500);
	});
}

#[test]
fn a_member_below_a_raised_bond_may_not_issue_once_its_grace_is_over() {
	run(|| {
		Bond::set(1_250);
		assert_ok!(Institutions::ensure_active(1));
		RequiredBond::set(1_250);
		assert_noop!(Institutions::ensure_active(1), Error::<Test>::BondTooSmall);
		// It is paid and votes all the same.
		assert_ok!(Institutions::ensure_payable(1));
		assert_eq!((status(1), electorate().len()), (Status::Active, 4));
		assert_ok!(Institutions::top_up_bond(RuntimeOrigin::signed(1), 250));
		assert_ok!(Institutions::ensure_active(1));
	});
}
