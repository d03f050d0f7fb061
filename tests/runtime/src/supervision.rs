//! What a supervisor stops on the real runtime, and what goes on.

use crate::{alliance::*, chain::*, wallet::*};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{asset_id, Balance, ProgramId};
use hanse_runtime::{
	configs::CallFilter, constants::UNIT, Points, Rulebook, Runtime, RuntimeCall, Supervision, Timestamp,
};
use pallet_points::Terms;
use pallet_supervision::{Call, Error, Target};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::Eve;
use sp_runtime::{DispatchError, MultiAddress};
use std::collections::BTreeSet;

const REASON: H256 = H256::repeat_byte(7);
const HOUR: u64 = 60 * 60 * 1_000;

/// Every open call that can take points off the account that signs it.
fn debits(program: ProgramId, other: ProgramId) -> Vec<(&'static str, RuntimeCall)> {
	let (id, target) = (asset_id(program, 0).into(), MultiAddress::Id(stranger(1)));
	let leg = pallet_exchange::Leg { program, max_points: 100 };
	let authorize = pallet_exchange::Call::authorize {
		merchant: BOOKS,
		order: order(2),
		price: UNIT / 10,
		legs: vec![leg].try_into().unwrap(),
	};
	let amount: Balance = 10;
	vec![
		("Assets.transfer", pallet_assets::Call::transfer { id, target: target.clone(), amount }.into()),
		(
			"Assets.transfer_keep_alive",
			pallet_assets::Call::transfer_keep_alive { id, target: target.clone(), amount }.into(),
		),
		(
			"Assets.transfer_all",
			pallet_assets::Call::transfer_all { id, dest: target, keep_alive: false }.into(),
		),
		("Points.donate", pallet_points::Call::donate { program, to: stranger(1), amount }.into()),
		("Exchange.pay", payment(BOOKS, 1, UNIT / 10, &[(program, 100)])),
		("Exchange.authorize", authorize.into()),
		(
			"Exchange.exchange",
			pallet_exchange::Call::exchange { from: program, amount, to: other, min_out: 1 }.into(),
		),
		// Last, since it leaves nothing.
		("Points.donate_all", donate_all(program).into()),
	]
}

fn donate_all(program: hanse_primitives::ProgramId) -> pallet_points::Call<Runtime> {
	pallet_points::Call::donate_all { programs: vec![program].try_into().unwrap(), to: stranger(1) }
}

/// The others of the pallets that touch points: they make them, give them back or move nothing. That of a
/// recovery moves points of somebody else's, and the halt with them.
const HARMLESS: [&str; 14] = [
	"Points.create_program",
	"Points.revise_terms",
	"Points.issue",
	"Points.issue_batch",
	"Points.cancel_award",
	"Points.mature",
	"Exchange.refund",
	"Exchange.capture",
	"Exchange.void",
	"Customers.register",
	"Customers.unregister",
	"Customers.forget",
	"Customers.join_accounts",
	"Customers.complete_recovery",
];
/// What a customer signed for a merchant to present, which is refused slip by slip; see slips.rs.
const BY_SLIP: [&str; 1] = ["Exchange.present_slips"];
const ABOUT_RECOVERIES: [&str; 3] =
	["Customers.open_recovery", "Customers.object_to_recovery", "Customers.withdraw_recovery"];

#[test]
fn every_open_call_that_could_take_points_off_an_account_is_named_here() {
	run(|| {
		let open = crate::delegation::names(|call| {
			use frame_support::traits::Contains;
			CallFilter::contains(call)
		});
		let touches_points = |name: &&String| {
			["Assets.", "Points.", "Exchange.", "Customers."].iter().any(|p| name.starts_with(p))
		};
		let found: BTreeSet<&str> = open.iter().filter(touches_points).map(String::as_str).collect();
		let (sky, read) = (program(AIR, TERMS), program(BOOKS, TERMS));
		let named = debits(sky, read).into_iter().map(|(name, _)| name);
		assert_eq!(found, named.chain(HARMLESS).chain(BY_SLIP).chain(ABOUT_RECOVERIES).collect());
	});
}

#[test]
fn a_halt_on_a_customer_stops_every_way_its_points_can_leave_and_nothing_else() {
	run(|| {
		let (sky, read) = (program(AIR, TERMS), program(BOOKS, TERMS));
		let (eve, other) = (account(Eve), Wallet::new(1));
		enrol(AIR, Eve);
		register(AIR, &other, 1);
		issue(AIR, sky, &[eve.clone(), other.account()], 1_000, 1);
		let by = supervisor();
		let target = Target::Customer(eve.clone());
		assert_ok!(halt(&by, &target, DAY));

		for (name, call) in debits(sky, read) {
			let (before, count) = (points(sky, &eve), storage().len());
			let batched = pallet_utility::Call::batch_all { calls: vec![call.clone()] };
			for call in [call, batched.into()] {
				let result = dispatch(eve.clone(), call);
				assert!(result.is_err(), "{name} of a halted customer did something");
				assert_eq!((points(sky, &eve), storage().len()), (before, count), "{name}");
			}
		}
		// It is given points, by its issuer and by others, who go on, and gets back what it paid.
		issue(AIR, sky, core::slice::from_ref(&eve), 5, 10);
		assert_ok!(dispatch(other.account(), gift(sky, &eve, 7)));
		assert_eq!(points(sky, &eve), 1_012);
		for (name, call) in debits(sky, read) {
			if name != "Assets.transfer_all" {
				assert_ok!(dispatch(other.account(), call));
			}
		}
	});
}

#[test]
fn a_halt_ends_at_its_time_by_itself_and_another_one_needs_a_vote() {
	run(|| {
		let sky = program(AIR, TERMS);
		enrol(AIR, Eve);
		issue(AIR, sky, &[account(Eve)], 1_000, 1);
		let (by, target) = (supervisor(), Target::Customer(account(Eve)));
		let gives = || dispatch(account(Eve), gift(sky, &stranger(1), 1));
		assert_ok!(halt(&by, &target, HOUR));
		let began = Timestamp::get();
		// A block that turns a session has another one after it.
		block_at(began + HOUR - 3_000, vec![]);
		assert!(gives().is_err());
		block_at(began + HOUR, vec![]);
		assert_ok!(gives());

		assert_noop!(halt(&by, &target, HOUR), Error::<Runtime>::RatificationNeeded);
		assert_ok!(decide(&Call::ratify_halt { target: target.clone() }.into(), &[1, 2, 3]));
		assert_ok!(halt(&by, &target, HOUR));
		assert!(gives().is_err());
		// More than half of four.
		assert_ok!(decide(&Call::lift_halt { target: target.clone() }.into(), &[1, 2, 4]));
		assert_ok!(gives());
		assert_eq!(Supervision::halts(), []);
	});
}

#[test]
fn a_halted_program_moves_nowhere_and_its_points_live_longer_by_as_much() {
	run(|| {
		let (sky, star) = (program(AIR, TERMS), program(AIR, Terms { face_value: 7, ..TERMS }));
		enrol(AIR, Eve);
		issue(AIR, sky, &[account(Eve)], 1_000, 1);
		issue(AIR, star, &[account(Eve)], 1_000, 2);
		let expires = |program| pallet_points::Programs::<Runtime>::get(program).unwrap().vintages[0].expires;
		let before = (expires(sky), expires(star));
		let by = supervisor();
		assert_ok!(halt(&by, &Target::Program(sky), 2 * DAY));
		assert!(dispatch(account(Eve), gift(sky, &stranger(1), 1)).is_err());
		let paid = dispatch(account(Eve), payment(BOOKS, 1, UNIT / 10, &[(sky, 100)]));
		assert_eq!(paid, Err(Error::<Runtime>::PointsHalted.into()));
		let award = pallet_points::Call::issue { program: sky, to: stranger(1), amount: 1, order: order(9) };
		assert_eq!(dispatch(member(AIR), award), Err(Error::<Runtime>::ProgramHalted.into()));
		// The other program of the same issuer goes on.
		assert_ok!(dispatch(account(Eve), gift(star, &stranger(1), 1)));

		block_at(Timestamp::get() + 2 * DAY, vec![]);
		next_block();
		assert_ok!(dispatch(account(Eve), gift(sky, &stranger(1), 1)));
		let moved = expires(sky) - before.0;
		// The clock runs again in the first block after it.
		assert!((2 * DAY..2 * DAY + 2_000).contains(&moved), "{moved}");
		assert_eq!(expires(star), before.1);
	});
}

#[test]
fn what_a_halted_customer_held_of_a_vintage_that_expired_lives_on_in_the_next() {
	run(|| {
		// In a program of one period a month, with two vintages open.
		let sky = program(AIR, TERMS);
		issue(AIR, sky, &[account(Eve), stranger(1)], 1_000, 1);
		block_at(START + 30 * DAY, vec![]);
		issue(AIR, sky, &[stranger(1)], 1, 3);
		let by = supervisor();
		block_at(START + 209 * DAY, vec![]);
		assert_ok!(halt(&by, &Target::Customer(account(Eve)), 3 * DAY));
		block_at(START + 210 * DAY, vec![]);
		next_block();
		assert!(Points::portfolio(stranger(1), 1).holdings.iter().all(|held| held.amount == 1));
		let held = Points::portfolio(account(Eve), 1).holdings;
		assert_eq!((held[0].asset, held[0].amount), (asset_id(sky, 1), 1_000));
	});
}

#[test]
fn a_halted_institution_makes_no_points_and_its_customers_spend_on() {
	run(|| {
		let (sky, read) = (program(AIR, TERMS), program(BOOKS, TERMS));
		enrol(AIR, Eve);
		issue(AIR, sky, &[account(Eve)], 1_000, 1);
		issue(BOOKS, read, &[account(Eve)], 1_000, 2);
		let by = supervisor();
		assert_ok!(halt(&by, &Target::Institution(AIR), DAY));
		let halted: DispatchError = Error::<Runtime>::IssuingHalted.into();
		let award = pallet_points::Call::issue { program: sky, to: stranger(1), amount: 1, order: order(9) };
		assert_eq!(dispatch(member(AIR), award), Err(halted));
		let swap = pallet_exchange::Call::exchange { from: read, amount: 10, to: sky, min_out: 1 };
		assert_eq!(dispatch(account(Eve), swap), Err(halted));
		assert_ok!(dispatch(account(Eve), payment(BOOKS, 1, UNIT / 10, &[(sky, 100)])));
		assert_ok!(dispatch(account(Eve), payment(AIR, 1, UNIT / 10, &[(read, 100)])));
	});
}

#[test]
fn a_disclosure_that_is_not_made_in_time_is_an_offence() {
	run(|| {
		let by = supervisor();
		let ask = Call::request_disclosure { institution: AIR, question: REASON };
		assert_ok!(dispatch(by.clone(), ask));
		block_at(Timestamp::get() + Rulebook::rules().answer, vec![]);
		next_block();
		let standing = hanse_runtime::Conduct::standing(AIR).unwrap();
		assert_eq!(standing.offences[0].offence, hanse_primitives::OffenceKind::UnansweredDisclosure);
		assert_eq!(standing.demerits, Rulebook::rules().consequences.unanswered_disclosure.demerits);
		assert_eq!(Supervision::log().len(), 1);
	});
}
