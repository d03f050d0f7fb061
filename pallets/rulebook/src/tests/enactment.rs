//! What happens to decisions that are due.

use super::mock::*;
use crate::{DecisionQueue, Error, Event, LatestVersion, PendingDecisions, Rule, Rules};
use frame_support::{
	assert_ok,
	dispatch::GetDispatchInfo,
	weights::{Weight, WeightMeter},
};
use sp_runtime::DispatchError;

/// A meter with room for `steps`: reading the agenda (once for each decision, and once more), looking at a
/// decision, applying an amendment and dispatching a call (without the call itself) weigh 1 each in this runtime.
fn meter(steps: u64) -> WeightMeter {
	WeightMeter::with_limit(Weight::from_parts(steps, 0))
}

#[test]
fn an_enacted_call_that_fails_changes_nothing_and_says_why() {
	run(|| {
		// Only a signed account may make a remark with an event.
		assert_ok!(enact(remark(1)));
		block_at(START + NOTICE);
		let result = Err(DispatchError::BadOrigin);
		System::assert_last_event(Event::Enacted { decision: 1, result }.into());
		assert_eq!(PendingDecisions::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_call_that_has_left_the_list_since_its_vote_is_not_dispatched() {
	run(|| {
		assert_ok!(enact(frame_system::Call::set_heap_pages { pages: 64 }));
		NothingEnactable::set(true);
		block_at(START + NOTICE);
		let result = Err(Error::<Test>::NotEnactable.into());
		System::assert_last_event(Event::Enacted { decision: 1, result }.into());
		assert!(!sp_io::storage::exists(sp_core::storage::well_known_keys::HEAP_PAGES));
	});
}

#[test]
fn a_call_that_no_longer_decodes_is_not_dispatched() {
	run(|| {
		assert_ok!(enact(frame_system::Call::remark { remark: vec![] }));
		PendingDecisions::<Test>::mutate(1, |decision| {
			let what = crate::DecisionSubject::Enactment { call: vec![255, 255].try_into().unwrap() };
			decision.as_mut().unwrap().what = what;
		});
		block_at(START + NOTICE);
		let result = Err(Error::<Test>::NotEnactable.into());
		System::assert_last_event(Event::Enacted { decision: 1, result }.into());
	});
}

#[test]
fn an_amendment_that_no_longer_works_with_the_others_is_dropped() {
	run_with(Rules { session: 20 * MINUTE, era: 24 * MINUTE, ..Rules::default() }, || {
		// Each would do alone.
		assert_ok!(amend(Rule::Session, (22 * MINUTE).into()));
		assert_ok!(amend(Rule::Era, (21 * MINUTE).into()));
		block_at(START + NOTICE);
		let reason = Error::<Test>::RulesConflict.into();
		System::assert_last_event(Event::AmendmentDropped { decision: 2, rule: Rule::Era, reason }.into());
		assert_eq!(Rulebook::rules().session, 22 * MINUTE);
		assert_eq!(Rulebook::rules().era, 24 * MINUTE);
		assert_eq!(LatestVersion::<Test>::get(), 1);
		assert_eq!(PendingDecisions::<Test>::iter().count(), 0);

		// It was never enacted, so the number can be amended in this era.
		assert_ok!(amend(Rule::Era, (23 * MINUTE).into()));
	});
}

#[test]
fn what_does_not_fit_waits_for_the_next_block() {
	run(|| {
		assert_ok!(amend(Rule::Interchange, 6_000));
		assert_ok!(amend(Rule::ReserveRatio, 11));
		// From nothing at all to looking at the first decision.
		for steps in 0..4 {
			block_with(START + NOTICE, &mut meter(steps));
			assert_eq!(DecisionQueue::<Test>::get().len(), 2);
		}
		block_with(START + NOTICE, &mut meter(5));
		assert_eq!(Rulebook::rules().interchange, 6_000);
		assert_eq!(Rulebook::rules().reserve_ratio, 10);
		block_with(START + NOTICE, &mut meter(4));
		assert_eq!(Rulebook::rules().reserve_ratio, 11);
	});
}

#[test]
fn a_call_too_heavy_for_the_block_waits_and_keeps_no_other_decision_waiting() {
	run(|| {
		let heavy = frame_system::Call::<Test>::set_heap_pages { pages: 64 };
		let weight = heavy.get_dispatch_info().call_weight;
		assert!(weight.ref_time() > 100);
		assert_ok!(enact(heavy));
		assert_ok!(amend(Rule::Interchange, 6_000));
		block_with(START + NOTICE, &mut meter(100));
		assert_eq!(Rulebook::rules().interchange, 6_000);
		assert_eq!(DecisionQueue::<Test>::get().to_vec(), vec![(START + NOTICE, 1)]);

		let mut enough = WeightMeter::with_limit(weight.saturating_add(meter(4).limit()));
		block_with(START + NOTICE, &mut enough);
		System::assert_last_event(Event::Enacted { decision: 1, result: Ok(()) }.into());
		assert_eq!(enough.remaining(), Weight::zero());
	});
}

#[test]
fn decisions_that_are_due_together_are_enacted_in_the_order_of_their_votes() {
	run(|| {
		for rule in [Rule::ReserveRatio, Rule::OfflineShare, Rule::RefundWindow] {
			assert_ok!(amend(rule, Rulebook::rules().get(rule) + 1));
		}
		System::reset_events();
		block_at(START + 10 * NOTICE);
		let rules: Vec<_> = System::events()
			.into_iter()
			.filter_map(|record| match record.event {
				RuntimeEvent::Rulebook(Event::RuleAmended { version, rule, .. }) => Some((version, rule)),
				_ => None,
			})
			.collect();
		assert_eq!(rules, vec![(1, Rule::ReserveRatio), (2, Rule::OfflineShare), (3, Rule::RefundWindow)]);
	});
}

#[test]
fn a_block_in_which_nothing_is_due_consumes_five_reads() {
	run(|| {
		block_at(START);
		assert_ok!(amend(Rule::Interchange, 6_000));
		// No era ends before that.
		let mut meter = WeightMeter::new();
		block_with(START + 1, &mut meter);
		assert_eq!(meter.consumed(), Weight::from_parts(5, 0));
	});
}
