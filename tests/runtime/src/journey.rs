//! From a purchase to points in a wallet to a payment at another member, in executed blocks.

use crate::chain::*;
use frame_support::traits::fungibles::Inspect;
use hanse_primitives::{asset_id, Reserves as _};
use hanse_runtime::{constants::*, Assets, Clearing, Runtime, RuntimeCall, System};
use pallet_points::{FlowsOf, LiabilityOf, Terms};
use sp_keyring::Sr25519Keyring::Eve;
use sp_runtime::MultiAddress;

#[test]
fn points_are_earned_given_spent_elsewhere_exchanged_and_expire() {
	run(|| {
		let (before, ann) = (issuance(), stranger(1));
		let sky = program(AIR, TERMS);
		let read = program(BOOKS, Terms { face_value: 2_500, decimals: 2, ..TERMS });
		let asset = asset_id(sky, 0);

		// 15.00 in points for a purchase, to a customer; a third goes to somebody who owns nothing.
		enrol(AIR, Eve);
		issue(AIR, sky, &[account(Eve)], 1_500, 0);
		let gift = pallet_assets::Call::transfer {
			id: asset.into(),
			target: MultiAddress::Id(ann.clone()),
			amount: 500,
		};
		block_at(START + 1_000, vec![(account(Eve), gift.into())]);
		assert_eq!((Assets::balance(asset, account(Eve)), Assets::balance(asset, &ann)), (1_000, 500));
		assert!(System::account_exists(&ann));

		// 4.00 of it buy a book, 2.00 become points of the bookshop, half a per cent less.
		let swap = pallet_exchange::Call::exchange { from: sky, amount: 200, to: read, min_out: 796 };
		block_at(
			START + 2_000,
			vec![
				(account(Eve), payment(BOOKS, 1, 4 * UNIT, &[(sky, 400)])),
				(account(Eve), RuntimeCall::Exchange(swap)),
			],
		);
		assert_eq!(Assets::balance(asset, account(Eve)), 400);
		assert_eq!(Assets::balance(asset_id(read, 0), account(Eve)), 796);
		// 3.98 for the book and 1.99 for the points are the bookshop's; 0.01 went to the pot at once.
		assert_eq!(Clearing::reserve(BOOKS) - Clearing::reserve(AIR), 1_195 * CENT);
		assert_eq!(pallet_clearing::Encumbrances::<Runtime>::get(AIR).accrued, 2 * CENT);
		check();

		// What is left expires at the end of its month and half a year.
		block_at(START + 210 * DAY, vec![]);
		let flows = FlowsOf::<Runtime>::get(sky);
		assert_eq!(
			(flows.issued, flows.redeemed_at_partners, flows.exchanged_out, flows.expired),
			(1_500, 400, 200, 900)
		);
		assert_eq!(LiabilityOf::<Runtime>::get(AIR).outstanding, 0);
		assert_eq!(issuance(), before);
		next_block();
		// The window of the receipt has closed, and its interchange is the members'.
		assert_eq!(pallet_clearing::ReserveFlowsOf::<Runtime>::get(AIR).interchange, 3 * CENT);
		next_block();
		assert!(!Assets::asset_exists(asset) && !System::account_exists(&ann));
	});
}

#[test]
fn a_week_of_orders_and_a_month_of_receipts_are_remembered_and_then_forgotten() {
	run(|| {
		let sky = program(AIR, TERMS);
		enrol(AIR, Eve);
		issue(AIR, sky, &[account(Eve)], 1_500, 0);
		block_at(START + 1_000, vec![(account(Eve), payment(BOOKS, 1, UNIT, &[(sky, 400)]))]);
		let remembered = || {
			(
				pallet_points::AwardedOrders::<Runtime>::iter().count(),
				pallet_exchange::Receipts::<Runtime>::iter().count(),
			)
		};
		for (day, expected) in [(1, (1, 1)), (7, (1, 1)), (8, (0, 1)), (29, (0, 1)), (31, (0, 0))] {
			block_at(START + day * DAY, vec![]);
			assert_eq!(remembered(), expected, "on day {day}");
		}
	});
}
