//! Awards: served once, taken back, found again; and the periods that they go into.

use crate::{chain::*, wallet::*};
use frame_support::{assert_noop, assert_ok};
use hanse_primitives::{asset_id, Balance, Order, ProgramId};
use hanse_runtime::{AccountId, Points, Rulebook, Runtime, RuntimeEvent, System, Timestamp};
use pallet_points::{AwardPlace, Call, Error, Event, OrderStatus, Period, Skipped, Terms};
use sp_core::H256;
use sp_runtime::DispatchResult;

const PENDING: Terms = Terms { pending: 14 * DAY, ..TERMS };

fn award(program: ProgramId, to: &AccountId, amount: Balance, order: Order) -> DispatchResult {
	dispatch(member(AIR), Call::issue { program, to: to.clone(), amount, order })
}

fn batch(program: ProgramId, awards: &[(AccountId, Balance, u64)]) -> DispatchResult {
	let awards: Vec<_> = awards
		.iter()
		.map(|(to, amount, number)| pallet_points::Award {
			to: to.clone(),
			amount: *amount,
			order: order(*number).commitment,
		})
		.collect();
	dispatch(member(AIR), Call::issue_batch { program, era: era(), awards: awards.try_into().unwrap() })
}

fn cancel(program: ProgramId, number: u64, total: Balance) -> DispatchResult {
	dispatch(member(AIR), Call::cancel_award { program, order: order(number).commitment, total })
}

fn awarded(program: ProgramId, number: u64) -> Option<OrderStatus> {
	Points::awarded(program, vec![order(number).commitment].try_into().unwrap())[0]
}

/// Usable and pending points of a program.
fn has(who: &AccountId, program: ProgramId) -> (Balance, Balance) {
	let holdings = Points::portfolio(who.clone(), program).holdings;
	let of = holdings.iter().filter(|holding| holding.program == program);
	of.fold((0, 0), |(usable, pending), holding| (usable + holding.amount, pending + holding.pending))
}

#[test]
fn an_award_sent_again_after_midnight_is_served_once() {
	run(|| {
		let (sky, ann) = (program(AIR, TERMS), stranger(1));
		// 33 seconds to midnight; the answer is lost.
		block_at(START + DAY - 33_000, vec![]);
		let before = order(7);
		assert_ok!(award(sky, &ann, 100, before));
		block_at(START + DAY + 1_000, vec![]);
		next_block();
		let after = order(7);
		assert_eq!(after.era, before.era + 1);
		for again in [before, after] {
			assert_noop!(award(sky, &ann, 100, again), Error::<Runtime>::AlreadyIssued);
		}
		assert_ok!(batch(sky, &[(ann.clone(), 100, 7)]));
		assert_eq!(has(&ann, sky), (100, 0));
		let status = OrderStatus { era: before.era, asset: asset_id(sky, 0), place: AwardPlace::Minted };
		assert_eq!(awarded(sky, 7), Some(status));
	});
}

#[test]
fn an_award_from_a_till_that_was_offline_is_taken_once_for_the_ruled_week() {
	run(|| {
		let (sky, ann) = (program(AIR, TERMS), stranger(1));
		let made = order(7);
		block_at(START + 2 * DAY, vec![]);
		next_block();
		assert_ok!(award(sky, &ann, 100, made));
		for day in 3..=7 {
			block_at(START + day * DAY, vec![]);
			next_block();
			for again in [made, order(7)] {
				assert_noop!(award(sky, &ann, 100, again), Error::<Runtime>::AlreadyIssued);
			}
		}
		let another = Order { era: made.era, ..order(8) };
		assert_ok!(award(sky, &ann, 1, another));
		block_at(START + 8 * DAY, vec![]);
		next_block();
		assert_noop!(award(sky, &ann, 1, Order { era: made.era, ..order(9) }), Error::<Runtime>::EraNotOpen);
	});
}

#[test]
fn one_award_of_a_batch_is_taken_back_and_a_part_of_another() {
	run(|| {
		let (sky, ann, ben) = (program(AIR, PENDING), stranger(1), stranger(2));
		assert_ok!(batch(sky, &[(ann.clone(), 300, 1), (ben.clone(), 50, 2)]));
		block_at(START + 7 * DAY, vec![]);
		next_block();
		assert_ok!(cancel(sky, 2, 50));
		assert_ok!(cancel(sky, 1, 100));
		assert_ok!(cancel(sky, 1, 100));
		assert_eq!((has(&ann, sky), has(&ben, sky)), ((0, 200), (0, 0)));
		let place = AwardPlace::Pending { amount: 200, until: START + 14 * DAY };
		assert_eq!(awarded(sky, 1).map(|status| status.place), Some(place));
		assert_eq!(awarded(sky, 2).map(|status| status.place), Some(AwardPlace::Cancelled));
		// The window of the rest did not start anew.
		block_at(START + 14 * DAY, vec![]);
		next_block();
		assert_eq!((has(&ann, sky), has(&ben, sky)), ((200, 0), (0, 0)));
		assert_noop!(cancel(sky, 1, 300), Error::<Runtime>::NotPending);
	});
}

#[test]
fn a_batch_skips_served_orders_by_name_and_names_the_place_of_a_bad_line() {
	run(|| {
		let sky = program(AIR, TERMS);
		assert_ok!(award(sky, &stranger(250), 1, order(250)));
		let mut awards: Vec<_> = (0..500).map(|n| (stranger(n), 1, u64::from(n))).collect();
		awards[17].1 = 0;
		assert_noop!(batch(sky, &awards), Error::<Runtime>::BadAward(17));
		awards[17].1 = 1;
		assert_ok!(batch(sky, &awards));
		assert_eq!(has(&stranger(17), sky), (1, 0));
		assert_eq!(has(&stranger(250), sky), (1, 0));
		let named = System::events().into_iter().find_map(|record| match record.event {
			RuntimeEvent::Points(Event::AwardsSkipped { skipped, .. }) => Some(skipped),
			_ => None,
		});
		assert_eq!(named, Some(vec![Skipped { place: 250, order: order(250).commitment }]));
		assert_eq!(pallet_points::FlowsOf::<Runtime>::get(sky).issued, 500);
	});
}

#[test]
fn what_is_awarded_or_given_to_a_lost_account_reaches_its_successor() {
	run(|| {
		let (sky, star) = (program(AIR, TERMS), program(AIR, PENDING));
		let (lost, new) = (Wallet::new(1), Wallet::new(2));
		let (commitment, tag, until) = (H256::zero(), H256::repeat_byte(1), Timestamp::get() + 60_000);
		let account = lost.account();
		let consent = hanse_runtime::Customers::consent(AIR, account.clone(), commitment, tag, true, until);
		let signature = lost.signs_bytes(&consent);
		let register = pallet_customers::Call::register {
			account,
			commitment,
			tag,
			may_recover: true,
			until,
			signature,
		};
		assert_ok!(dispatch(member(AIR), register));
		issue(AIR, sky, &[lost.account(), stranger(1)], 100, 1);
		let vintages = vec![asset_id(sky, 0)].try_into().unwrap();
		let accepted = hanse_runtime::Customers::acceptance(AIR, lost.account(), new.account(), until);
		let recover = pallet_customers::Call::open_recovery {
			old: lost.account(),
			new: new.account(),
			vintages,
			until,
			signature: new.signs_bytes(&accepted),
		};
		assert_ok!(dispatch(member(AIR), recover));
		block_at(Timestamp::get() + Rulebook::rules().recovery_delay, vec![]);
		next_block();
		assert_ok!(dispatch(stranger(1), pallet_customers::Call::complete_recovery { old: lost.account() }));
		assert_eq!((has(&lost.account(), sky), has(&new.account(), sky)), ((0, 0), (100, 0)));

		// The shop awards to the old address, alone and in a batch, at once and later; a friend gives to it.
		assert_ok!(award(sky, &lost.account(), 111, order(10)));
		assert_ok!(batch(sky, &[(lost.account(), 7, 11)]));
		assert_ok!(award(star, &lost.account(), 20, order(12)));
		assert_ok!(batch(star, &[(lost.account(), 3, 13)]));
		let (to, amount) = (lost.account(), 50);
		assert_ok!(dispatch(stranger(1), Call::donate { program: sky, to: to.clone(), amount }));
		assert_ok!(dispatch(stranger(1), Call::donate_all { programs: vec![sky].try_into().unwrap(), to }));
		assert_eq!((has(&lost.account(), sky), has(&new.account(), sky)), ((0, 0), (318, 0)));
		assert_eq!((has(&lost.account(), star), has(&new.account(), star)), ((0, 0), (0, 23)));
		// A transfer, which finds nobody by itself, is refused.
		issue(AIR, sky, &[stranger(1)], 50, 20);
		for call in [
			gift(sky, &lost.account(), 50),
			pallet_assets::Call::transfer_all {
				id: asset_id(sky, 0).into(),
				dest: lost.account().into(),
				keep_alive: false,
			}
			.into(),
		] {
			assert_noop!(dispatch(stranger(1), call), filtered());
		}
		assert_ok!(dispatch(stranger(1), gift(sky, &new.account(), 50)));
		assert_ok!(cancel(star, 13, 3));
		block_at(Timestamp::get() + 14 * DAY, vec![]);
		next_block();
		assert_eq!((has(&lost.account(), star), has(&new.account(), star)), ((0, 0), (20, 0)));
	});
}

#[test]
fn periods_are_calendar_months_quarters_and_years_of_a_place() {
	run(|| {
		const HOUR: u64 = 60 * 60 * 1_000;
		// 11:48:58 on 16 November 2026; the place is an hour ahead.
		block_at(START + 319 * DAY + 42_538_000, vec![]);
		next_block();
		let turn = START + 334 * DAY - HOUR;
		let year_end = START + 365 * DAY - HOUR;
		for (period, ends) in
			[(Period::Months(60), turn), (Period::Quarters(60), year_end), (Period::Years(60), year_end)]
		{
			let program = program(AIR, Terms { period, validity: 90 * DAY, ..TERMS });
			let read = || Points::programs(program).programs.remove(0);
			assert_eq!(read().ends, ends);
			assert_ok!(award(program, &stranger(1), 1, order(1)));
			let vintage = read().vintages[0];
			assert_eq!((vintage.closes, vintage.expires), (ends, ends + 90 * DAY));
			assert_eq!(has(&stranger(1), program), (1, 0));
		}
		// At midnight of the place the next month begins, with a vintage of its own.
		let months = pallet_points::LastProgram::<Runtime>::get() - 2;
		block_at(turn - 1_000, vec![]);
		next_block();
		assert_ok!(award(months, &stranger(1), 1, order(2)));
		let read = || Points::programs(months).programs.remove(0);
		assert_eq!((read().begins, read().ends, read().vintages.len()), (turn, year_end, 2));
	});
}

#[test]
fn an_account_is_emptied_in_one_transaction_that_one_issuer_pays_for() {
	run(|| {
		let (sky, read) = (program(AIR, TERMS), program(BOOKS, TERMS));
		let (ann, ben) = (Wallet::new(1), stranger(2));
		register(AIR, &ann, 1);
		issue(AIR, sky, &[ann.account()], 100, 1);
		issue(BOOKS, read, &[ann.account()], 900, 1);
		next_block();
		let programs: sp_runtime::BoundedVec<_, _> = vec![sky, read, 3].try_into().unwrap();
		let unknown =
			dispatch(ann.account(), Call::donate_all { programs: programs.clone(), to: ben.clone() });
		assert_eq!(unknown, Err(Error::<Runtime>::NotFound.into()));
		let programs: sp_runtime::BoundedVec<_, _> = vec![sky, read].try_into().unwrap();
		let call = || Call::donate_all { programs: programs.clone(), to: ben.clone() };
		assert_eq!(send(ann.signs(call())), Ok(Ok(())));
		// Whose points are worth most.
		assert_eq!(sponsored().iter().map(|(sponsor, ..)| *sponsor).collect::<Vec<_>>(), vec![BOOKS]);
		assert_eq!((has(&ann.account(), sky), has(&ann.account(), read)), ((0, 0), (0, 0)));
		assert_eq!((has(&ben, sky), has(&ben, read)), ((100, 0), (900, 0)));
		assert_eq!(dispatch(ann.account(), call()), Err(Error::<Runtime>::PointsTooFew.into()));
		// Nobody pays for a call that gives nothing.
		assert_eq!(send(ann.signs(call())), Err(UNPAID));
	});
}
