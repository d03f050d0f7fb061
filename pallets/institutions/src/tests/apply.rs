use super::mock::*;
use crate::{ApplicationEnd, Applications, Error, Event, Status, MAX_APPLICATIONS};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{Members, MAX_MEMBERS};

fn admit(id: u32) -> sp_runtime::DispatchResult {
	Institutions::admit(RuntimeOrigin::root(), id)
}

#[test]
fn an_applicant_holds_the_bond_and_waits() {
	run(|| {
		assert_ok!(apply(5, "Elbe Bank"));
		assert_eq!((status(5), bond_held(5)), (Status::Applied, 1_000));
		assert_eq!(Applications::<Test>::get(5), Some(5_000 + LIFETIME));
		assert_eq!(electorate(), [1, 2, 3, 4]);
		assert_noop!(Institutions::ensure_active(5), Error::<Test>::NotActive);
		assert_noop!(Institutions::ensure_payable(5), Error::<Test>::NotActive);
		System::assert_last_event(
			Event::Applied { institution: 5, account: 5, lapses: 5_000 + LIFETIME }.into(),
		);
	});
}

#[test]
fn an_admitted_applicant_is_a_member_with_a_vote() {
	run(|| {
		assert_eq!(join(5, "Elbe Bank"), 5);
		assert_eq!((status(5), bond_held(5)), (Status::Active, 1_000));
		assert_eq!(electorate(), [1, 2, 3, 4, 5]);
		assert_ok!(Institutions::ensure_active(5));
		assert_eq!(Applications::<Test>::count(), 0);
	});
}

#[test]
fn only_a_vote_admits_and_rejects() {
	run(|| {
		assert_ok!(apply(5, "Elbe Bank"));
		let one = || RuntimeOrigin::signed(1);
		assert_noop!(Institutions::admit(one(), 5), sp_runtime::DispatchError::BadOrigin);
		assert_noop!(Institutions::reject(one(), 5), sp_runtime::DispatchError::BadOrigin);
		assert_noop!(Institutions::expel(one(), 1), sp_runtime::DispatchError::BadOrigin);
	});
}

#[test]
fn an_application_that_ends_gives_the_bond_the_name_and_the_account_back() {
	run(|| {
		for end in [ApplicationEnd::Withdrawn, ApplicationEnd::Rejected, ApplicationEnd::Lapsed] {
			assert_ok!(apply(5, "Elbe Bank"));
			let id = crate::LastInstitutionId::<Test>::get();
			match end {
				ApplicationEnd::Withdrawn => {
					assert_ok!(Institutions::withdraw_application(RuntimeOrigin::signed(5)));
				},
				ApplicationEnd::Rejected => {
					assert_ok!(Institutions::reject(RuntimeOrigin::root(), id));
				},
				ApplicationEnd::Lapsed => {
					Timestamp::set_timestamp(5_000 + LIFETIME);
					turn(1);
				},
			}
			System::assert_has_event(Event::ApplicationEnded { institution: id, end }.into());
			assert_eq!((bond_held(5), Balances::free_balance(5)), (0, MONEY));
			assert_eq!(Institutions::id_of(&5), None);
			assert!(crate::Institutions::<Test>::get(id).is_none());
			assert_noop!(admit(id), Error::<Test>::NotApplicant);
		}
		// Three applications, three ids: none is used twice.
		assert_eq!(crate::LastInstitutionId::<Test>::get(), 7);
	});
}

#[test]
fn an_application_that_was_not_decided_in_time_cannot_be_admitted_even_before_it_is_swept() {
	run(|| {
		assert_ok!(apply(5, "Elbe Bank"));
		Timestamp::set_timestamp(5_000 + LIFETIME - 1);
		turn(1);
		assert_eq!(status(5), Status::Applied);
		Timestamp::set_timestamp(5_000 + LIFETIME);
		assert_noop!(admit(5), Error::<Test>::ApplicationLapsed);
	});
}

#[test]
fn a_bond_below_the_rule_is_not_taken() {
	run(|| {
		Bond::set(MONEY);
		assert_noop!(apply(5, "Elbe Bank"), Error::<Test>::FundsTooSmall);
		Bond::set(1_000);
		assert_ok!(apply(5, "Elbe Bank"));
		Bond::set(1_200);
		assert_noop!(admit(5), Error::<Test>::BondTooSmall);
		assert_ok!(Institutions::top_up_bond(RuntimeOrigin::signed(5), 200));
		assert_ok!(admit(5));
	});
}

#[test]
fn an_account_or_a_name_applies_once() {
	run(|| {
		assert_noop!(apply(1, "Elbe Bank"), Error::<Test>::AlreadyExists);
		assert_ok!(apply(5, "Elbe Bank"));
		assert_noop!(apply(5, "Elbe Bank Two"), Error::<Test>::AlreadyExists);
		for taken in ["Elbe Bank", "ELBE bank", "ElbeBank", "E1be Bank", "Alster Air"] {
			assert_noop!(apply(6, taken), Error::<Test>::NameTaken);
		}
	});
}

#[test]
fn an_institution_that_is_no_applicant_cannot_be_admitted_or_withdraw() {
	run(|| {
		for id in [1, 99] {
			assert_noop!(admit(id), Error::<Test>::NotApplicant);
			assert_noop!(Institutions::reject(RuntimeOrigin::root(), id), Error::<Test>::NotApplicant);
		}
		assert_noop!(
			Institutions::withdraw_application(RuntimeOrigin::signed(1)),
			Error::<Test>::NotApplicant
		);
		let stranger = Institutions::withdraw_application(RuntimeOrigin::signed(9));
		assert_eq!(stranger, Err(sp_runtime::DispatchError::BadOrigin));
	});
}

/// Rich accounts from 100 on.
fn rich(number: u32) -> u64 {
	let account = 100 + u64::from(number);
	Balances::force_set_balance(RuntimeOrigin::root(), account, MONEY).unwrap();
	account
}

#[test]
fn sixty_four_applications_are_open_at_most() {
	genesis(&[(1, "Alster Air")]).execute_with(|| {
		for n in 0..MAX_APPLICATIONS {
			assert_ok!(apply(rich(n), &format!("Applicant {n}")));
		}
		let one_more = rich(MAX_APPLICATIONS);
		assert_noop!(apply(one_more, "One More"), Error::<Test>::MaxApplicationsExceeded);
		assert_ok!(Institutions::withdraw_application(RuntimeOrigin::signed(100)));
		assert_ok!(apply(one_more, "One More"));
		Institutions::do_try_state().unwrap();
	});
}

#[test]
fn there_are_256_members_at_most() {
	genesis(&[(1, "Alster Air")]).execute_with(|| {
		for n in 1..MAX_MEMBERS {
			join(rich(n), &format!("Member {n}"));
		}
		assert_eq!(electorate().len(), MAX_MEMBERS as usize);
		assert_ok!(apply(rich(MAX_MEMBERS), "One More"));
		assert_noop!(admit(MAX_MEMBERS + 1), Error::<Test>::MaxMembersExceeded);
		Institutions::do_try_state().unwrap();
	});
}

#[test]
fn an_application_that_ends_in_any_way_gives_bond_and_reserve_back() {
	run(|| {
		for account in [5, 6, 7] {
			assert_ok!(apply(account, &format!("Applicant {account}")));
		}
		Reserves::set([(5, 10), (6, 20), (7, 30)].into());
		assert_ok!(Institutions::withdraw_application(RuntimeOrigin::signed(5)));
		assert_ok!(Institutions::reject(RuntimeOrigin::root(), 6));
		Timestamp::set_timestamp(5_000 + LIFETIME);
		turn(1);
		assert_eq!(Reserves::get(), [].into());
		for account in [5, 6, 7] {
			assert_eq!(Balances::free_balance(account), MONEY);
		}
	});
}

#[test]
fn an_application_that_cannot_lapse_is_reported_and_stops_no_other() {
	genesis(&[(1, "Alster Air")]).execute_with(|| {
		for account in [5, 6] {
			assert_ok!(apply(account, &format!("Applicant {account}")));
		}
		crate::Institutions::<Test>::remove(2);
		pass(LIFETIME);
		turn(1);
		assert_eq!(Applications::<Test>::iter_keys().collect::<Vec<_>>(), [2]);
		System::assert_has_event(Event::Inconsistent { institution: 2 }.into());
		assert_eq!((bond_held(5), bond_held(6)), (1_000, 0));
	});
}
