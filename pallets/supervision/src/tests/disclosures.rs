use super::mock::*;
use crate::{
	DisclosureRequest, DisclosureRequests, Error, Event, OpenRequests, RequestDeadlines, MAX_REQUESTS,
};
use frame_support::{assert_noop, assert_ok, weights::WeightMeter};
use hanse_primitives::OffenceKind;
use sp_runtime::traits::BadOrigin;

#[test]
fn a_request_is_numbered_and_has_a_deadline_that_stays() {
	run(|| {
		assert_ok!(request(EVE, SHOP));
		let deadline = START + ANSWER;
		last_event(Event::DisclosureRequested {
			request: 1,
			by: EVE,
			institution: SHOP,
			question: hash(1),
			deadline,
		});
		AnswerTime::set(1);
		assert_ok!(request(EVE, BANK));
		let asked = |id| DisclosureRequests::<Test>::get(id).unwrap();
		assert_eq!(asked(1), DisclosureRequest { by: EVE, institution: SHOP, question: hash(1), deadline });
		assert_eq!((asked(2).institution, asked(2).deadline), (BANK, START + 1));
		block_at(START + 1);
		assert_eq!(SeenOffences::get(), vec![(BANK, OffenceKind::UnansweredDisclosure)]);
	});
}

#[test]
fn an_answer_in_time_ends_a_request() {
	run(|| {
		assert_ok!(request(EVE, SHOP));
		Now::set(START + ANSWER - 1);
		assert_ok!(disclose(SHOP, 1));
		last_event(Event::Disclosed { request: 1, institution: SHOP, document: hash(2) });
		assert_noop!(disclose(SHOP, 1), Error::<Test>::NotFound);
		block_at(START + 10 * ANSWER);
		assert_eq!((SeenOffences::get(), OpenRequests::<Test>::iter().count()), (vec![], 0));
	});
}

#[test]
fn only_who_was_asked_answers() {
	run(|| {
		assert_ok!(request(EVE, SHOP));
		assert_noop!(disclose(BANK, 1), Error::<Test>::NotAsked);
		assert_noop!(disclose(SHOP, 2), Error::<Test>::NotFound);
		assert_noop!(Supervision::disclose(signed(EVE), 1, hash(2)), BadOrigin);
	});
}

#[test]
fn what_is_not_answered_at_the_deadline_is_recorded_once() {
	run(|| {
		assert_ok!(request(EVE, SHOP));
		block_at(START + ANSWER - 1);
		assert_eq!(SeenOffences::get(), vec![]);
		// Too late by date, even before the chain has looked.
		Now::set(START + ANSWER);
		assert_noop!(disclose(SHOP, 1), Error::<Test>::TooLate);
		block_at(START + ANSWER);
		last_event(Event::DisclosureMissed { request: 1, institution: SHOP });
		for later in 1..5 {
			block_at(START + ANSWER + later);
		}
		assert_eq!(SeenOffences::get(), vec![(SHOP, OffenceKind::UnansweredDisclosure)]);
		assert_noop!(disclose(SHOP, 1), Error::<Test>::NotFound);
	});
}

#[test]
fn a_supervisor_has_so_many_open_requests() {
	run(|| {
		assert_ok!(appoint(FAY, crate::Level::Observe, crate::Scope::All));
		for _ in 0..MAX_REQUESTS {
			assert_ok!(request(EVE, SHOP));
		}
		assert_noop!(request(EVE, BANK), Error::<Test>::MaxRequestsExceeded);
		assert_ok!(request(FAY, BANK));
		assert_ok!(disclose(SHOP, 3));
		assert_ok!(request(EVE, BANK));
		// What is missed makes room as well.
		assert_noop!(request(EVE, BANK), Error::<Test>::MaxRequestsExceeded);
		block_at(START + ANSWER);
		assert_ok!(request(EVE, BANK));
	});
}

#[test]
fn a_block_ends_a_bounded_number_and_the_next_goes_on() {
	run(|| {
		assert_ok!(appoint(FAY, crate::Level::Observe, crate::Scope::All));
		for _ in 0..10 {
			assert_ok!(request(EVE, SHOP));
			assert_ok!(request(FAY, SHOP));
		}
		Now::set(START + ANSWER);
		Supervision::end_unanswered(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(SeenOffences::get().len(), 0);
		block_at(START + ANSWER);
		assert_eq!(SeenOffences::get().len(), 16);
		check();
		block_at(START + ANSWER);
		assert_eq!(SeenOffences::get().len(), 20);
	});
}

#[test]
fn an_institution_that_is_gone_has_done_nothing() {
	run(|| {
		assert_ok!(request(EVE, SHOP));
		assert_ok!(request(EVE, BANK));
		Gone::set([SHOP].into());
		block_at(START + ANSWER);
		assert_eq!(SeenOffences::get(), vec![(BANK, OffenceKind::UnansweredDisclosure)]);
	});
}

#[test]
fn one_bad_deadline_is_reported_and_does_not_stop_the_others() {
	run(|| {
		RequestDeadlines::<Test>::insert(START.to_be_bytes(), 7, ());
		assert_ok!(request(EVE, SHOP));
		block_at(START + ANSWER);
		let item = crate::DueItem::DisclosureRequest(7);
		let error = sp_runtime::DispatchError::Corruption;
		System::assert_has_event(Event::DueItemFailed { item, error }.into());
		assert_eq!(SeenOffences::get().len(), 1);
		assert_eq!(RequestDeadlines::<Test>::iter().count(), 0);
	});
}
