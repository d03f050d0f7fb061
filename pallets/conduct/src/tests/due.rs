use super::mock::*;
use crate::{DueItem, DueItems, Event, Scheduled};
use hanse_primitives::OffenceKind;
use sp_runtime::DispatchError;

fn on_agenda() -> usize {
	DueItems::<Test>::iter().count()
}

#[test]
fn what_is_due_is_done_in_its_order_as_far_as_there_is_room() {
	run(|| {
		price(OffenceKind::Offline, fine_of(10_000));
		does(HOTEL, OffenceKind::Offline);
		does(SHOP, OffenceKind::Offline);
		Timestamp::set_timestamp(now() + 1);
		does(CAFE, OffenceKind::Offline);
		Timestamp::set_timestamp(now() + APPEAL);
		poll();
		assert_eq!(on_agenda(), 0);

		(SHOP..=BANK).for_each(|member| does(member, OffenceKind::Offline));
		Timestamp::set_timestamp(now() + APPEAL);
		skip_era_end();
		for left in [2, 1, 0] {
			poll_with(1);
			assert_eq!(on_agenda(), left);
		}
	});
}

#[test]
fn of_one_moment_comes_first_what_came_first_whoever_it_is_about() {
	run(|| {
		price(OffenceKind::Offline, fine_of(10_000));
		for member in [HOTEL, SHOP, BANK] {
			does(member, OffenceKind::Offline);
		}
		Timestamp::set_timestamp(now() + APPEAL);
		skip_era_end();
		for member in [HOTEL, SHOP, BANK] {
			poll_with(1);
			assert_eq!(escrow(member), 0);
			assert_eq!(fine(member, 1), None);
		}
	});
}

#[test]
fn one_step_that_fails_is_reported_neither_stops_the_others_nor_is_lost() {
	run(|| {
		price(OffenceKind::Offline, fine_of(10_000));
		does(SHOP, OffenceKind::Offline);
		does(CAFE, OffenceKind::Offline);
		let shop = pallet_institutions::Institutions::<Test>::take(SHOP).unwrap();
		pass(APPEAL);
		let failed = |retry| Event::DueItemFailed {
			item: DueItem::Fine(SHOP, 1),
			error: pallet_institutions::Error::<Test>::NotFound.into(),
			retry: Some(retry),
		};
		System::assert_has_event(failed(now() + APPEAL).into());
		assert_eq!(escrow(CAFE), 0);
		// Each time it waits twice as long.
		for times in [1, 2, 4, 8] {
			let blocks = System::block_number();
			pass(times * APPEAL - 1);
			assert_eq!(System::block_number(), blocks + 1);
			pass(1);
			System::assert_has_event(failed(now() + 2 * times * APPEAL).into());
		}
		pallet_institutions::Institutions::<Test>::insert(SHOP, shop);
		assert_eq!((escrow(SHOP), pot()), (100, 100));
		pass(16 * APPEAL);
		assert_eq!((escrow(SHOP), pot()), (0, 200));
		assert_eq!(on_agenda(), 0);
	});
}

#[test]
fn a_step_of_nothing_is_reported_and_dropped() {
	run(|| {
		let scheduled = Scheduled { item: DueItem::Complaint(SHOP, 7), failures: 0 };
		DueItems::<Test>::insert(now().to_be_bytes(), [9; 8], scheduled);
		poll();
		let error = DispatchError::Corruption;
		System::assert_last_event(Event::DueItemFailed { item: scheduled.item, error, retry: None }.into());
		assert_eq!(on_agenda(), 0);
	});
}
