use super::mock::*;
use crate::{Error, Event, PendingDecisions, MAX_CALL_LEN};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use sp_core::H256;
use sp_runtime::DispatchError;

#[test]
fn a_listed_call_is_dispatched_as_root_when_its_notice_is_over() {
	run(|| {
		let code_hash = H256::repeat_byte(9);
		assert_ok!(enact(frame_system::Call::authorize_upgrade { code_hash }));
		System::assert_last_event(Event::EnactmentScheduled { decision: 1, due: START + NOTICE }.into());
		block_at(START + NOTICE - 1);
		assert!(System::authorized_upgrade().is_none());
		block_at(START + NOTICE);
		assert_eq!(System::authorized_upgrade().map(|upgrade| *upgrade.code_hash()), Some(code_hash));
		System::assert_last_event(Event::Enacted { decision: 1, result: Ok(()) }.into());
		assert_eq!(PendingDecisions::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_call_that_is_not_listed_is_refused() {
	run(|| {
		let items = vec![(b"key".to_vec(), b"value".to_vec())];
		assert_noop!(enact(frame_system::Call::set_storage { items }), Error::<Test>::NotEnactable);
		assert_noop!(enact(pallet_timestamp::Call::set { now: 0 }), Error::<Test>::NotEnactable);
	});
}

#[test]
fn only_a_vote_to_enact_enacts() {
	run(|| {
		for origin in [RuntimeOrigin::signed(67), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			let call = Box::new(remark(1).into());
			assert_noop!(Rulebook::enact(origin, call), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn a_call_longer_than_its_bound_is_refused() {
	run(|| {
		// Pallet, call and two bytes of length come before the remark.
		let longest = MAX_CALL_LEN as usize - 4;
		assert_eq!(RuntimeCall::from(remark(longest)).encoded_size(), MAX_CALL_LEN as usize);
		assert_noop!(enact(remark(longest + 1)), Error::<Test>::CallTooLarge);
		assert_ok!(enact(remark(longest)));
	});
}
