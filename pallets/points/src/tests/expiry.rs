use super::mock::*;
use crate::{
	expiry::MAX_EXPIRIES_PER_BLOCK, AwardedOrders, Event, ExpiryQueue, FlowsOf, LiabilityOf, Programs,
	SweepQueue,
};
use frame_support::{assert_noop, assert_ok, traits::fungibles::Inspect, weights::WeightMeter};

#[test]
fn the_first_block_at_the_moment_of_expiry_books_the_breakage() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		block_at(START + 3 * PERIOD - 1, false);
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 300);
		block_at(START + 3 * PERIOD, false);
		assert_eq!(LiabilityOf::<Test>::get(ISSUER).outstanding, 0);
		assert_eq!(FlowsOf::<Test>::get(1).expired, 30);
		let event = Event::VintageExpired { program: 1, asset: vintage(1, 0), amount: 30, value: 300 };
		System::assert_last_event(event.into());
	});
}

#[test]
fn a_closed_vintage_is_neither_given_nor_issued_into() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 30));
		block_at(START + 3 * PERIOD, false);
		assert_noop!(
			Assets::transfer(RuntimeOrigin::signed(ANN), vintage(1, 0), BEN, 1),
			pallet_assets::Error::<Test>::AssetNotLive
		);
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		assert_eq!(Assets::balance(vintage(1, 1), ANN), 1);
	});
}

#[test]
fn a_block_books_a_bounded_number_of_vintages_in_the_order_of_expiry() {
	run(|| {
		// No institution has so many programs alone.
		let last = MAX_EXPIRIES_PER_BLOCK as u16 + 1;
		for n in 1..=last {
			let issuer = if n == 1 { RIVAL } else { ISSUER };
			let id = program(issuer, TERMS);
			assert_ok!(issue(issuer, id, ANN, 1));
		}
		let open = || {
			let is_open = |id: &u16| !Programs::<Test>::get(id).unwrap().vintages.is_empty();
			(1..=last).filter(is_open).collect::<Vec<_>>()
		};
		block_at(START + 3 * PERIOD, false);
		assert_eq!(open(), vec![last]);
		block_at(START + 3 * PERIOD, false);
		assert_eq!(open(), Vec::<u16>::new());
	});
}

#[test]
fn a_block_without_weight_books_nothing() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		Timestamp::set_timestamp(START + 3 * PERIOD);
		// The test runtime's reads cost nothing, so that this is just too little for one booking.
		Points::book_expiries(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(ExpiryQueue::<Test>::iter().count(), 1);
		Points::book_expiries(&mut WeightMeter::new());
		assert_eq!(ExpiryQueue::<Test>::iter().count(), 0);
	});
}

#[test]
fn idle_blocks_sweep_what_an_expired_vintage_leaves() {
	run(|| {
		Reserves::set([(ISSUER, 1_000_000)].into());
		program(ISSUER, TERMS);
		for holder in 0..1_200 {
			assert_ok!(issue(ISSUER, 1, 1_000 + holder, 1));
		}
		let vintage = vintage(1, 0);
		// 500 accounts a block; the block that finds nothing more closes the asset.
		for left in [700, 200] {
			block_at(START + 3 * PERIOD, true);
			assert_eq!(pallet_assets::Account::<Test>::iter_prefix(vintage).count(), left);
		}
		block_at(START + 3 * PERIOD, true);
		System::assert_has_event(Event::VintageSwept { asset: vintage }.into());
		assert!(!Assets::asset_exists(vintage));
		assert_eq!(SweepQueue::<Test>::iter().count(), 0);
		assert!(!System::account_exists(&1_000));

		// When no order of that era is taken any more, those that were served in it are forgotten as well.
		let served = AwardedOrders::<Test>::iter().count();
		assert_eq!(served, 1_200);
		block_at(START + 7 * ERA, true);
		assert_eq!(AwardedOrders::<Test>::iter().count(), served);
		for left in [700, 200, 0] {
			block_at(START + 8 * ERA, true);
			assert_eq!(AwardedOrders::<Test>::iter().count(), left);
			Points::do_try_state().unwrap();
		}
		assert_eq!(AwardedOrders::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_busy_block_sweeps_nothing() {
	run(|| {
		program(ISSUER, TERMS);
		assert_ok!(issue(ISSUER, 1, ANN, 1));
		block_at(START + 3 * PERIOD, false);
		Points::sweep(&mut WeightMeter::with_limit(Default::default()));
		assert_eq!(SweepQueue::<Test>::iter().count(), 1);
	});
}
